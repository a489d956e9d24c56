"""`verify --rebuild`: the report made anew from what travels in it, and held against the file byte by byte.

The same data, program, engine and fonts give the same bytes; where one of these is not at hand the file cannot be
rebuilt, which says nothing against it. Of a signed file the first revision is compared: what was signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from selfeval.audit.attachments import MANIFEST, drawn_in, enclosure, fingerprint
from selfeval.audit.expected import with_manifest
from selfeval.audit.json_reader import text_in
from selfeval.audit.paper import first_revision
from selfeval.audit.pdf_reader import file_bytes, made_with
from selfeval.audit.report_case import ReportCase
from selfeval.audit.time_limit import UnreadableError, limited
from selfeval.audit.verdict import Check, Verdict
from selfeval.audit.verify import is_comparable, judged
from selfeval.base.phrases import phrase
from selfeval.building.tasks import REPORT, Task, attempt
from selfeval.reading.narrative import picture_names
from selfeval.report.drawn_with import drawn_with
from selfeval.report.engines import ENGINES, WEASYPRINT
from selfeval.report.pages.words import CONSULTATION
from selfeval.report.pdf.requirements import MachineLacks

REBUILD = phrase("重建")
OTHER_FONTS = phrase("本机的字体与生成时的不同")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it: the bytes, or why there are none."""

    content: bytes = b""
    problem: str = ""


def verify_rebuilding(path: Path) -> Verdict:
    """The verdict on one report, with that of building it anew. Never raises for anything in the file."""
    try:
        data = file_bytes(path)
        with limited():
            verdict, case = judged(data, str(path))
        return with_rebuilding(verdict, case, data) if case else verdict
    except UnreadableError as error:
        return Verdict(str(path), problem=str(error))


def with_rebuilding(verdict: Verdict, case: ReportCase, data: bytes) -> Verdict:
    """A verdict with one comparison more, or with the reason why that cannot be had."""
    given = first_revision(data)
    rebuilding = rebuilt(case)
    if (
        not rebuilding.problem
        and rebuilding.content != given
        and made_with(rebuilding.content)[1] != made_with(given)[1]
    ):
        rebuilding = Rebuilt(problem=OTHER_FONTS)
    if rebuilding.problem:
        notes = (*verdict.notes, phrase("无法重建：{problem}", problem=rebuilding.problem))
        return replace(verdict, notes=notes, unchecked=(*verdict.unchecked, REBUILD))
    check = Check("rebuild", REBUILD, phrase("重新生成的文件与它逐字节相同"), tuple(unlike(given, rebuilding.content)))
    return replace(verdict, checks=(*verdict.checks, check))


def unlike(given: bytes, rebuilt: bytes) -> Iterator[str]:
    """Where the two first differ."""
    if given != rebuilt:
        pairs = enumerate(zip(given, rebuilt, strict=False), 1)
        at = next((at for at, (one, other) in pairs if one != other), min(len(given), len(rebuilt)) + 1)
        yield phrase(
            "重新生成的文件与它不同：从第 {at} 个字节起（它有 {count} 个，应有 {other_count} 个）",
            at=at,
            count=len(given),
            other_count=len(rebuilt),
        )


def rebuilt(case: ReportCase) -> Rebuilt:
    """The report made again here."""
    if problem := next(obstacles(case), ""):
        return Rebuilt(problem=problem)
    try:
        outcome = attempt(task_of(case))
    except MachineLacks as lack:
        return Rebuilt(problem=str(lack.message))
    if "pdf" not in outcome.files:
        return Rebuilt(problem=outcome.found[0].message if outcome.found else "没有生成")
    return Rebuilt(outcome.files["pdf"])


def obstacles(case: ReportCase) -> Iterator[str]:
    """What there must be, and is not."""
    if case.again.result is None:
        yield phrase("附带的数据不能重新计分")
        return
    if not is_comparable(case):
        yield phrase("报告由其他版本的程序或单位自己的版式生成")
    drawing = drawn_in(case.files[MANIFEST])
    here = drawn_with(engine_of(case), case.again.result.evaluation.report)
    if drawing.get("engine") != here["engine"]:
        yield phrase("排版程序或其版本与生成时的不同")
    if drawing.get("fonts") != here["fonts"]:
        yield OTHER_FONTS
    if any(map(picture_names, case.again.result.narratives.values())):
        yield phrase("正文里有图片，图片没有附在文件里")


def engine_of(case: ReportCase) -> str:
    """The engine that drew the pages, of those we know."""
    name = text_in(case.manifest, "engine", "name")
    return name if name in ENGINES else WEASYPRINT


def task_of(case: ReportCase) -> Task:
    """The task that the file was made by, as far as the file tells."""
    result = case.again.result
    assert result is not None  # noqa: S101 - see `obstacles`
    card = result.scorecards[0]
    evaluated = with_manifest(result, card, case.manifest)
    evaluated = replace(
        evaluated, evaluation=replace(evaluated.evaluation, id=text_in(case.manifest, "evaluation", "id"))
    )
    marks = {"draft": CONSULTATION in (case.document.marks.words if case.document else ()), "public": False}
    attached = tuple(enclosure(name, case.files[name]) for name in sorted(case.files))
    id_ = card.project.id
    about, name = evaluated.about(card), f"projects/{id_}/report"
    prints = {id_: fingerprint(case.files[MANIFEST])}
    return Task(REPORT, name, ("pdf",), about, marks, prints, engine_of(case), id_, attached)
