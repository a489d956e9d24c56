"""What `verify` found, as a 核对单: a page to print and keep with the file. Nothing is fetched, all is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selfeval import __version__
from selfeval.audit.verdict import AGREES, DISAGREES, VERDICTS, Check, Verdict
from selfeval.audit.verdict_text import printable
from selfeval.base import display
from selfeval.base.display import NO_GRADE
from selfeval.base.phrases import CHINESE, each_text, joined, phrase, said
from selfeval.report.html.pages import shipped_page
from selfeval.report.pages.views import Stamp

SHOWN = 40
"""How many differences of a check are printed."""

SIGNATURE = "signature"
"""The check of the signatures, which tells whose they are."""


@dataclass(frozen=True, slots=True)
class SumLine:
    """A file or an attachment with its sum."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One comparison as printed."""

    title: str
    agrees: bool
    texts: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class VerdictSheet:
    """One file: what it is, the verdict, what was compared, what could not be, the sums."""

    file: str
    word: str
    kind: str
    marks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    problem: str
    notes: tuple[str, ...]
    unchecked: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    sums: tuple[SumLine, ...]


@dataclass(frozen=True, slots=True)
class CheckSheet:
    """The whole page."""

    title: str
    version: str
    word: str
    kind: str
    counts: tuple[tuple[str, int], ...]
    sheets: tuple[VerdictSheet, ...]
    marks: Stamp


def check_sheet(verdicts: Iterable[Verdict], language: str = CHINESE) -> str:
    """The page for the verdicts of one run."""
    listed = tuple(verdicts)
    kinds = [verdict.kind for verdict in listed]
    worst = next((kind for kind in (DISAGREES, *VERDICTS) if kind in kinds and kind != AGREES), AGREES)
    word = listed[0].word if len(listed) == 1 else worst
    counts = tuple((kind, kinds.count(kind)) for kind in VERDICTS if kind in kinds)
    sheets = tuple(map(_sheet, listed))
    page = CheckSheet(phrase("核对单"), __version__, ours(word), VERDICTS[worst], counts, sheets, Stamp(()))
    return shipped_page("verdict.html", each_text(page, lambda text: printable(said(text, language))), language)


def ours(word: str) -> str:
    """A word of the program's own tables, or a sentence that is one already."""
    return phrase("{word:_}", word=word)


def _sheet(verdict: Verdict) -> VerdictSheet:
    return VerdictSheet(
        verdict.file,
        ours(verdict.word),
        VERDICTS[verdict.kind],
        tuple(map(ours, verdict.marks)),
        tuple((label, text) for label, text in _facts(verdict) if text),
        verdict.problem,
        tuple(verdict.notes),
        verdict.unchecked,
        tuple(map(_check, verdict.checks)),
        tuple(SumLine(one.name, display.size(one.size), one.sha256) for one in verdict.sums),
    )


def _facts(verdict: Verdict) -> Iterable[tuple[str, str]]:
    """What the file says it is, and who signed it."""
    about = verdict.about
    if not about:
        return
    yield phrase("单位"), about["unit"]
    if about["evaluation"]:
        yield phrase("评价"), phrase("{name}　{year} 年度", name=about["evaluation"], year=about["year"])
    if about["project"]:
        total, grade = about["total"] or "—", about["grade"] or NO_GRADE
        yield phrase("项目"), f"{about['project']} {about['name']}"
        yield phrase("自评结果"), phrase("{total} 分　{grade:_}", total=total, grade=grade)
    yield phrase("计分规则"), about["rules"]
    yield phrase("数据指纹") if about["project"] else phrase("清单指纹"), about["fingerprint"]
    yield phrase("生成程序"), f"selfeval {about['version']}" if about["version"] else ""
    signed = [check.found for check in verdict.checks if check.id == SIGNATURE]
    yield phrase("电子签名"), joined(signed, "；") if signed else phrase("没有，或没有核验")


def _check(check: Check) -> CheckLine:
    texts = check.differences[:SHOWN] or (check.found,)
    return CheckLine(check.title, not check.differences, texts, len(check.differences[SHOWN:]))
