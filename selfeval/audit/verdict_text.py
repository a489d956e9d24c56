"""What `verify` found, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from selfeval.audit.verdict import SHOWN, VERDICTS, Check, Verdict
from selfeval.base.display import NO_GRADE
from selfeval.base.phrases import CHINESE, joined, phrase, said

REPORT_SCHEMA = "selfeval.verify/1"


def as_text(verdicts: Iterable[Verdict], language: str = CHINESE) -> str:
    """For people: the verdict, then each comparison with its first differences."""
    return "\n".join(printable(said(line, language)) for verdict in verdicts for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    about = _subject(verdict.about) if verdict.checks and verdict.about["evaluation"] else ""
    yield _head(verdict, about)
    yield from (phrase("  提示　{note}", note=note) for note in verdict.notes)
    for check in verdict.checks:
        one = phrase("{title}：{found}", title=check.title, found=_found(check))
        yield phrase("  不符　{said}" if check.differences else "  相符　{said}", said=one)
        yield from (joined(("        ", more)) for more in check.differences[1:SHOWN])
        if len(check.differences) > SHOWN:
            yield phrase("        ……共 {count} 处", count=len(check.differences))


def _head(verdict: Verdict, about: str) -> str:
    marks = joined(phrase("【{mark:_}】", mark=mark) for mark in verdict.marks)
    head = phrase("{file}：{verdict:_}{marks}", file=verdict.file, verdict=verdict.word, marks=marks)
    if verdict.problem:
        return phrase("{head}。{problem}", head=head, problem=verdict.problem)
    return phrase("{head}　{about}", head=head, about=about) if about else head


def _subject(about: Mapping[str, str]) -> str:
    if about["project"]:
        what = phrase(
            "{project} {name}　{total} 分 {grade:_}",
            project=about["project"],
            name=about["name"],
            total=about["total"] or "—",
            grade=about["grade"] or NO_GRADE,
        )
    else:
        what = phrase("报送包　清单指纹 {fingerprint}", fingerprint=about["fingerprint"])
    return phrase("{what}（{evaluation}，{year} 年度）", what=what, evaluation=about["evaluation"], year=about["year"])


def _found(check: Check) -> str:
    return check.differences[0] if check.differences else check.found


def printable(text: str) -> str:
    """Text from a strange file without what steers a terminal."""
    return "".join(char if char.isprintable() or char in "\t\u3000" else "?" for char in text)


def as_json(verdicts: Iterable[Verdict], language: str = CHINESE) -> str:
    """For programs; sentences in the language asked for, the rest in none."""
    listed = [
        {
            "file": verdict.file,
            "verdict": VERDICTS[verdict.kind],
            "unchecked": list(verdict.unchecked),
            "marks": list(verdict.marks),
            "problem": said(verdict.problem, language) or None,
            "sha256": verdict.sums[0].sha256 if verdict.sums else None,
            **{key: value or None for key, value in verdict.about.items()},
            "notes": [said(note, language) for note in verdict.notes],
            "checks": [
                {
                    "id": check.id,
                    "title": said(check.title, language),
                    "agrees": not check.differences,
                    "found": None if check.differences else said(check.found, language),
                    "differences": [said(one, language) for one in check.differences],
                }
                for check in verdict.checks
            ],
        }
        for verdict in verdicts
    ]
    return json.dumps({"schema": REPORT_SCHEMA, "files": listed}, ensure_ascii=False, indent=2)
