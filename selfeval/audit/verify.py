"""`verify`: whether a report says what its data give. Attachments, manifest, rules, scores and pages are compared.

What this cannot show (that the data are true, that nobody made the whole file anew) docs/trust.md says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from selfeval import __version__
from selfeval.audit import printed_figures as printed
from selfeval.audit import signatures as signing
from selfeval.audit.attachments import (
    MANIFEST,
    NAMES,
    REQUIRED,
    SCORECARD,
    fingerprint,
    names_typst,
    sha256,
)
from selfeval.audit.expected import expected_document, pictures_in
from selfeval.audit.json_reader import only_project, read_json, text_in
from selfeval.audit.paper import paper_of
from selfeval.audit.pdf_reader import Contents, file_bytes, read_pdf_bytes
from selfeval.audit.recompute import Recomputed, count_rows, recompute
from selfeval.audit.report_case import ReportCase, own_templates
from selfeval.audit.report_checks import CHECKS, signed
from selfeval.audit.time_limit import UnreadableError, limited
from selfeval.audit.verdict import LAYOUT, PICTURES, SIGNATURE, FileSum, Verdict
from selfeval.base.memo import undisturbed
from selfeval.base.phrases import phrase
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.narrative import picture_names
from selfeval.report.pages.document import BOOK_TITLE, SUMMARY_TITLE
from selfeval.report.pages.printed_text import printed_text
from selfeval.report.pages.words import TRANSFER_WORDS

PUBLIC = "公开版"


def verify(path: Path) -> Verdict:
    """The verdict on one file. Never raises for anything in the file."""
    try:
        with undisturbed(), limited():
            return judged(file_bytes(path), str(path))[0]
    except UnreadableError as error:
        return Verdict(str(path), problem=str(error))


def judged(data: bytes, file: str) -> tuple[Verdict, ReportCase | None]:
    """The verdict on a PDF, and the report taken apart, where it is one; raises `UnreadableError`."""
    contents = read_pdf_bytes(data, 0)
    if not NAMES & {one.name for one in contents.attached}:
        contents = read_pdf_bytes(data)
    sums = tuple(sums_of(data, file, contents))
    if why := without_data(contents):
        signed_by = tuple(signature_notes(data, contents))
        of_public = (PUBLIC,) if PUBLIC in why else ()
        return Verdict(
            file, notes=signed_by, problem=phrase("没有附带数据：{why}", why=why), marks=of_public, sums=sums
        ), None
    case = with_paper(replace(case_of(contents), data=data, signatures=signatures_of(data, contents)))
    checks = [check(case) for check in CHECKS]
    if case.signatures:
        checks.append(signed(case))
    marks = case.document.marks.words if case.document else ()
    verdict = Verdict(file, about(case), tuple(checks), tuple(notes(case)), "", marks, unchecked(case), sums)
    return verdict, case


def sums_of(data: bytes, file: str, contents: Contents) -> Iterator[FileSum]:
    """The sum of a file and of each attachment."""
    yield FileSum(file, len(data), sha256(data))
    yield from (FileSum(one.name, len(one.content), sha256(one.content)) for one in contents.attached)


def with_paper(case: ReportCase) -> ReportCase:
    """The case with what its pages should say and do; of another version's report, or of another's, their text only."""
    result = case.again.result
    if result is None:
        return case if case.contents.pages else replace(case, contents=read_pdf_bytes(case.data))
    document = expected_document(result, result.scorecards[0], case.manifest, case.files.get(MANIFEST, b""))
    case = replace(case, document=document)
    if not is_comparable(case):
        return replace(case, contents=read_pdf_bytes(case.data))
    by_typst = names_typst(case.manifest)
    due, opened = printed_text(document), case.contents.opened
    paper = paper_of(case.data, due, {*case.files}, opened, by_typst=by_typst)
    contents = read_pdf_bytes(case.data) if paper.pages else case.contents
    return replace(case, paper=paper, contents=replace(contents, opened=None))


def is_comparable(case: ReportCase) -> bool:
    """Whether the program knows how the pages are laid out: by this version, in a shipped layout."""
    return case.version == __version__ and not own_templates(case)


def unchecked(case: ReportCase) -> tuple[str, ...]:
    """What could not be looked at."""
    result = case.again.result
    shown = result is not None and any(map(picture_names, result.narratives.values()))
    left = {
        LAYOUT: case.document is not None and case.paper is None,
        PICTURES: case.paper is not None and shown and pictures_in(case.manifest) is None,
        SIGNATURE: case.contents.signatures > 0 and not case.signatures,
    }
    return tuple(what for what, is_left in left.items() if is_left)


def without_data(contents: Contents) -> str:
    """Why there is nothing to compare; "" where there is, or where a report has lost what it should carry."""
    prints = printed.fingerprints_on(contents.pages)
    if NAMES & {one.name for one in contents.attached}:
        return ""
    if not prints and contents.is_ours:
        return phrase(
            "是{public}（--public）：不带数据，也不印指纹；能核对的是不带 --public 生成的那一份", public=PUBLIC
        )
    if prints and printed.begins_with(contents.pages, SUMMARY_TITLE, TRANSFER_WORDS.heading, BOOK_TITLE):
        return phrase(
            "是汇总表或合订本；能核对的是同一文件夹 projects/ 下各项目的 report.pdf，页面上的数据指纹由它们的得出"
        )
    if len(prints) == 1:
        return ""
    return phrase("不是本程序生成的自评报告，或附件和指纹都已去掉")


def signatures_of(data: bytes, contents: Contents) -> tuple[signing.Signature, ...]:
    """The signatures of a file, where there are any and they can be looked at here."""
    if not contents.signatures or not signing.available():
        return ()
    signatures = signing.signatures_in(data)
    return (*signatures, *(signing.NO_SIGNATURE for _ in range(contents.signatures - len(signatures))))


def signature_notes(data: bytes, contents: Contents) -> Iterator[str]:
    """The signatures of a file that has no data to compare."""
    yield from (phrase("电子签名：{one}", one=str(one)) for one in signatures_of(data, contents))


def case_of(contents: Contents) -> ReportCase:
    """Takes the attachments apart and scores again. Of two files with one name the first counts."""
    files = {one.name: one.content for one in reversed(contents.attached) if one.name in NAMES}
    scorecard = read_json(files.get(SCORECARD, b""))
    project = text_in(only_project(scorecard), "id") or text_in(read_json(files.get(MANIFEST, b"")), "project", "id")
    missing = [name for name in REQUIRED if name not in files]
    again = (
        Recomputed(None, phrase("缺少附件 {missing}", missing=tuple(missing))) if missing else scored(files, project)
    )
    return ReportCase(contents, files, read_json(files.get(MANIFEST, b"")), scorecard, again)


def scored(files: Mapping[str, bytes], project: str) -> Recomputed:
    """Scores again; attachments that cannot be unpacked or read are a reason, not a failure.

    Raises `UnreadableError` where there are more rows than anybody could have scored in the time.
    """
    count_rows(files)
    try:
        return recompute(files, project)
    except (OSError, ValueError, RecursionError, ArithmeticError) as error:
        return Recomputed(None, phrase("附件内容异常，不能重新计分（{name}）", name=type(error).__name__))


def about(case: ReportCase) -> dict[str, str]:
    """What the file says of itself."""
    evaluation = case.manifest.get("evaluation")
    year = evaluation.get("year") if isinstance(evaluation, dict) else None
    return {
        "project": text_in(case.manifest, "project", "id") or text_in(case.project, "id"),
        "name": text_in(case.manifest, "project", "name") or text_in(case.project, "name"),
        "unit": text_in(case.manifest, "evaluation", "unit"),
        "evaluation": text_in(case.manifest, "evaluation", "id"),
        "year": str(year) if isinstance(year, int) else "",
        "total": text_in(case.project, "total"),
        "grade": text_in(case.project, "grade"),
        "version": case.version,
        "rules": text_in(case.manifest, "rules", "id"),
        "fingerprint": fingerprint(case.files[MANIFEST]) if MANIFEST in case.files else "",
    }


def notes(case: ReportCase) -> Iterator[str]:
    """What should be known but is no disagreement."""
    if case.version and case.version != __version__:
        yield phrase(
            "报告由 selfeval {version} 生成，本程序是 {this}：两版读法或措辞若有变化，会在下面逐项指出；"
            "可用原版本再核对一次",
            version=case.version,
            this=__version__,
        )
    if case.contents.signatures and not case.signatures:
        yield phrase(
            "文件有 {signatures} 个电子签名，没有核验：需要先运行 {remedy}；也可以在 PDF 阅读器中查看签名人和是否有效",
            signatures=case.contents.signatures,
            remedy=signing.REMEDY,
        )
    if LAYOUT_FILE in case.files:
        yield phrase(
            ("版式是单位自己的（附件 {layout_file}）：表头、标题、注的文字按它核对，写得是否妥当请另行看"),
            layout_file=LAYOUT_FILE,
        )
    if own_templates(case):
        yield phrase("报告用的是单位自己的版式：页面只核对各指标得分和总分")
    if case.paper and case.paper.boxes:
        yield phrase("页面上有 {boxes} 个字所用字体没有，印成“□”", boxes=case.paper.boxes)
