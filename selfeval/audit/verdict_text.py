"""What `verify` found, told to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from selfeval.audit.verify import SHOWN, VERDICTS, Check, Verdict

REPORT_SCHEMA = "selfeval.verify/1"


def as_text(verdicts: Iterable[Verdict]) -> str:
    """For people: the verdict, then each comparison with its first differences."""
    return "\n".join(line for verdict in verdicts for line in _lines(verdict))


def _lines(verdict: Verdict) -> Iterator[str]:
    head = f"{printable(verdict.file)}：{verdict.word}" + "".join(f"【{mark}】" for mark in verdict.marks)
    if verdict.problem:
        yield f"{head}。{printable(verdict.problem)}"
        yield from (printable(f"  提示　{note}") for note in verdict.notes)
        return
    told = verdict.about
    yield printable(f"{head}　{_subject(told)}" if told["evaluation"] else head)
    yield from (printable(f"  提示　{note}") for note in verdict.notes)
    for check in verdict.checks:
        yield printable(f"  {'不符' if check.differences else '相符'}　{check.title}：{_found(check)}")
        yield from (printable(f"        {more}") for more in check.differences[1:SHOWN])
        if len(check.differences) > SHOWN:
            yield f"        ……共 {len(check.differences)} 处"


def _subject(told: Mapping[str, str]) -> str:
    score = f"{told['total'] or '—'} 分 {told['grade'] or '暂不评定'}"
    pack = f"报送包　清单指纹 {told['fingerprint']}"
    what = f"{told['project']} {told['name']}　{score}" if told["project"] else pack
    return f"{what}（{told['evaluation']}，{told['year']} 年度）"


def _found(check: Check) -> str:
    return check.differences[0] if check.differences else check.found


def printable(text: str) -> str:
    """Text from a strange file without what steers a terminal."""
    return "".join(char if char.isprintable() or char in "\t\u3000" else "?" for char in text)


def as_json(verdicts: Iterable[Verdict]) -> str:
    """For programs."""
    listed = [
        {
            "file": verdict.file,
            "verdict": VERDICTS[verdict.kind],
            "unchecked": list(verdict.unchecked),
            "marks": list(verdict.marks),
            "problem": verdict.problem or None,
            "sha256": verdict.sums[0].sha256 if verdict.sums else None,
            **{key: value or None for key, value in verdict.about.items()},
            "notes": list(verdict.notes),
            "checks": [
                {
                    "id": check.id,
                    "title": check.title,
                    "agrees": not check.differences,
                    "found": None if check.differences else check.found,
                    "differences": list(check.differences),
                }
                for check in verdict.checks
            ],
        }
        for verdict in verdicts
    ]
    return json.dumps({"schema": REPORT_SCHEMA, "files": listed}, ensure_ascii=False, indent=2)
