"""A report taken apart, with what its pages should say: what the comparisons of `verify` look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selfeval.audit import signatures as signing
from selfeval.audit.attachments import (
    Json,
    is_layout_data,
)
from selfeval.audit.json_reader import items_in, only_project, text_in
from selfeval.audit.paper import Paper
from selfeval.audit.pdf_reader import Contents
from selfeval.audit.recompute import Recomputed
from selfeval.report.pages.views import ProjectDocument


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A report taken apart: its files by name, manifest and scorecard read, scored again."""

    contents: Contents
    files: Mapping[str, bytes]
    manifest: Json
    scorecard: Json
    again: Recomputed
    data: bytes = b""
    signatures: tuple[signing.Signature, ...] = ()
    document: ProjectDocument | None = None
    paper: Paper | None = None
    """What the pages should say, and what they do; None where that cannot be compared."""

    @property
    def project(self) -> Json:
        """The one project of the scorecard; empty where it is not as it should be."""
        return only_project(self.scorecard)

    @property
    def version(self) -> str:
        """The version that made the report."""
        return text_in(self.manifest, "generator", "version") or text_in(self.scorecard, "generator", "version")


def own_templates(case: ReportCase) -> bool:
    """Whether the page was made from templates of the unit's own."""
    named = (text_in(item, "file") for item in items_in(case.manifest, "inputs"))
    return any(name.startswith("templates/") and not is_layout_data(name) for name in named)
