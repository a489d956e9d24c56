"""What the pages of a report should say: the document of its result scored again, with what only its manifest tells.

The project's rows do not give everything that is printed: the sizes and sums of evidence, findings that look at other
files and projects, and whether 征求意见稿 was asked for, stand in the manifest. What the rows do give must be in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from selfeval.audit.attachments import MANIFEST, Json, fingerprint, names_typst
from selfeval.audit.json_reader import items_in, text_in
from selfeval.base.diagnostics import Diagnostic, Severity, recounted
from selfeval.base.evidence import Digest
from selfeval.base.model import Scorecard
from selfeval.base.phrases import phrase
from selfeval.evaluation.result import Result, named_files
from selfeval.evaluation.waivers import Waived
from selfeval.reading.narrative import picture_names
from selfeval.report.pages.chart_views import DrawnPictures
from selfeval.report.pages.document import project_document
from selfeval.report.pages.views import Part, ProjectDocument
from selfeval.report.pages.words import CONSULTATION

BY_FILES = ("E", "F", "N")
"""Findings about files that do not travel with the report."""


def expected_document(result: Result, card: Scorecard, manifest: Json, content: bytes) -> ProjectDocument:
    """The document that the pages should show; `content` is the manifest's file, whose fingerprint is printed."""
    shown = with_manifest(result, card, manifest)
    document = project_document(shown, card, draft=CONSULTATION in _texts(manifest, "marks"))
    sums = pictures_in(manifest)
    drawn = None if sums is None else DrawnPictures(sums, everywhere=not names_typst(manifest))

    def known(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple(replace(part, drawn=drawn) for part in parts)

    return replace(
        document,
        fingerprint=fingerprint(content),
        parts=known(document.parts),
        notes=known(document.notes),
        remarks=known(document.remarks),
    )


def pictures_in(manifest: Json) -> Mapping[str, str] | None:
    """The sum of each picture of the narrative, "" of one that is not drawn; None where the manifest tells of none."""
    if "pictures" not in manifest:
        return None
    return {text_in(item, "file"): text_in(item, "sha256") for item in items_in(manifest, "pictures")}


def with_manifest(result: Result, card: Scorecard, manifest: Json) -> Result:
    """The result with what the manifest says of files and findings."""
    id_ = card.project.id
    findings = tuple(_finding(item, id_) for item in items_in(manifest, "findings"))
    waived = tuple(Waived(_finding(item, id_), text_in(item, "reason")) for item in items_in(manifest, "accepted"))
    proofs = zip(named_files(card), items_in(manifest, "evidence"), strict=False)
    return replace(result, diagnostics=findings, waived=waived, proofs={name: _proof(item) for name, item in proofs})


def unlike_manifest(result: Result, card: Scorecard, document: ProjectDocument, manifest: Json) -> Iterator[str]:
    """Where the manifest leaves out or adds what the data say of the marks and findings."""
    listed = {(text_in(item, "code"), item.get("indicator")) for item in items_in(manifest, "findings")}
    for d in result.of_project(card.project.id):
        if d.is_error and d.code[:1] not in BY_FILES and (d.code, d.indicator) not in listed:
            yield phrase(
                "{manifest} 没有列出错误 {code}：{message}",
                manifest=MANIFEST,
                code=d.code,
                message=d.message[:60],
            )
    marks = _texts(manifest, "marks")
    if marks != document.marks.words:
        due = document.marks.words
        yield phrase(
            "{manifest} 所记的标记是“{marks}”，按数据应为“{due}”",
            manifest=MANIFEST,
            marks="、".join(marks) or "无",
            due="、".join(due) or "无",
        )
    names = picture_names(result.narratives.get(card.project.id, ""))
    if "pictures" in manifest and names != tuple(text_in(item, "file") for item in items_in(manifest, "pictures")):
        yield phrase("{manifest} 所列的图片与正文不符", manifest=MANIFEST)
    if len(items_in(manifest, "evidence")) != len(named_files(card)):
        yield phrase("{manifest} 所列的佐证文件与数据不符", manifest=MANIFEST)


def _texts(manifest: Json, key: str) -> tuple[str, ...]:
    listed = manifest.get(key)
    return tuple(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()


def _proof(item: Json) -> Digest | None:
    """Size and sum of a file of evidence; None where the manifest says that it is not there."""
    size, sum_ = item.get("bytes"), item.get("sha256")
    return Digest(size, sum_) if isinstance(size, int) and isinstance(sum_, str) else None


def _finding(item: Json, project: str) -> Diagnostic:
    """A finding as the manifest tells it."""
    known = {severity.value: severity for severity in Severity}
    severity = known.get(text_in(item, "severity"), Severity.ERROR)
    diagnostic = recounted(text_in(item, "code"), severity, text_in(item, "message"), text_in(item, "hint"))
    return replace(
        diagnostic,
        file=item.get("file") if isinstance(item.get("file"), str) else None,
        line=_number(item.get("line")),
        column=_number(item.get("column")),
        project=project,
        indicator=item.get("indicator") if isinstance(item.get("indicator"), str) else None,
        title=text_in(item, "title"),
        sheet=text_in(item, "sheet"),
    )


def _number(value: Any) -> int | None:  # noqa: ANN401 - any JSON
    return value if isinstance(value, int) and not isinstance(value, bool) else None
