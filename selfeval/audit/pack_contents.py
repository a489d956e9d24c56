"""The contents page of a pack: what is in the zip, with links to each file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from selfeval.audit.attachments import Json
from selfeval.base import display
from selfeval.base.phrases import phrase
from selfeval.report.html.pages import shipped_page
from selfeval.report.pages.views import Stamp


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file as printed."""

    name: str
    href: str
    about: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class PackedProjectLine:
    """One project as printed, with its report."""

    id: str
    name: str
    href: str
    total: str
    grade: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ContentsDocument:
    """The whole page."""

    title: str
    unit: str
    rules: str
    marks: Stamp
    projects: tuple[PackedProjectLine, ...]
    files: tuple[FileLine, ...]


def contents_html(manifest: Json, sums: Iterable[Json]) -> str:
    """The page for a manifest and the rows of its files."""
    words = {"演示数据": manifest["demo"], "未定稿": manifest["draft"]}
    document = ContentsDocument(
        f"{manifest['evaluation']['year']}年度绩效自评报送材料",
        manifest["evaluation"]["unit"],
        phrase("{id}（{version} 起施行）", id=manifest["rules"]["id"], version=manifest["rules"]["version"]),
        Stamp(tuple(word for word, holds in words.items() if holds)),
        tuple(_project(one) for one in manifest["projects"]),
        tuple(
            FileLine(one["file"], quote(one["file"]), one["about"], display.size(one["bytes"]), one["sha256"])
            for one in sums
        ),
    )
    return shipped_page("contents.html", document)


def _project(row: Json) -> PackedProjectLine:
    total, grade = row["total"] or display.UNSCORED, row["grade"] or display.NO_GRADE
    return PackedProjectLine(row["id"], row["name"], quote(row["report"]), total, grade, row["fingerprint"])
