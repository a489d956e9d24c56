"""What `verify` found, as a 核对单: a page to print and keep with the file. Nothing is fetched, all is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selfeval import __version__
from selfeval.audit.verdict import AGREES, DISAGREES, VERDICTS, Check, Verdict
from selfeval.audit.verdict_text import printable
from selfeval.base import display
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


def check_sheet(verdicts: Iterable[Verdict]) -> str:
    """The page for the verdicts of one run."""
    listed = tuple(verdicts)
    kinds = [verdict.kind for verdict in listed]
    worst = next((kind for kind in (DISAGREES, *VERDICTS) if kind in kinds and kind != AGREES), AGREES)
    word = listed[0].word if len(listed) == 1 else worst
    counts = tuple((kind, kinds.count(kind)) for kind in VERDICTS if kind in kinds)
    return shipped_page(
        "verdict.html",
        CheckSheet("核对单", __version__, word, VERDICTS[worst], counts, (*map(_sheet, listed),), Stamp(())),
    )


def _sheet(verdict: Verdict) -> VerdictSheet:
    return VerdictSheet(
        printable(verdict.file),
        verdict.word,
        VERDICTS[verdict.kind],
        verdict.marks,
        tuple((label, printable(text)) for label, text in _facts(verdict) if text),
        printable(verdict.problem),
        tuple(map(printable, verdict.notes)),
        verdict.unchecked,
        tuple(map(_check, verdict.checks)),
        tuple(SumLine(printable(one.name), display.size(one.size), one.sha256) for one in verdict.sums),
    )


def _facts(verdict: Verdict) -> Iterable[tuple[str, str]]:
    """What the file says it is, and who signed it."""
    told = verdict.about
    if not told:
        return
    yield "单位", told["unit"]
    yield "评价", f"{told['evaluation']}　{told['year']} 年度" if told["evaluation"] else ""
    yield "项目", f"{told['project']} {told['name']}" if told["project"] else ""
    yield "自评结果", f"{told['total'] or '—'} 分　{told['grade'] or '暂不评定'}" if told["project"] else ""
    yield "计分规则", told["rules"]
    yield "数据指纹" if told["project"] else "清单指纹", told["fingerprint"]
    yield "生成程序", f"selfeval {told['version']}" if told["version"] else ""
    signed = [check.found for check in verdict.checks if check.id == SIGNATURE]
    yield "电子签名", "；".join(signed) or "没有，或没有核验"


def _check(check: Check) -> CheckLine:
    texts = check.differences[:SHOWN] or (check.found,)
    return CheckLine(check.title, not check.differences, (*map(printable, texts),), len(check.differences[SHOWN:]))
