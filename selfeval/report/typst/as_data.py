"""A document as the plain data that the templates read: only what stands on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any

from selfeval.reading.form_layout import FormBlock, Layout
from selfeval.report.pages.chart_views import Dot, Scatter
from selfeval.report.pages.form_paper import FormPaper
from selfeval.report.pages.review_views import ReviewLine
from selfeval.report.pages.views import (
    Accepted,
    Calculation,
    FindingView,
    FormRow,
    Part,
    ProjectDocument,
    ProjectLine,
    ProofLine,
)
from selfeval.report.typst.prose import Pictures, part_tree

ON_SCREEN = {
    FormRow: frozenset(
        {"anchor", "state", "completion", "bar", "formula", "source", "checked", "steps", "evidence", "findings"}
    ),
    ProjectDocument: frozenset({"groups", "rows", "levels", "tally", "finding_counts"}),
    Layout: frozenset({"sentences"}),
    ProjectLine: frozenset({"href", "rate_bar", "finding_counts", "level"}),
    Scatter: frozenset({"description"}),
    Dot: frozenset({"id", "text", "href"}),
}
"""What of a document only a screen shows."""

COMPUTED = {
    Layout: ("scored",),
    Calculation: ("again",),
    FormBlock: ("pairs", "wide", "high"),
    FormPaper: ("above", "usual"),
    **dict.fromkeys((FormRow, ProofLine, FindingView, Accepted, ReviewLine), ("tall",)),
}
"""What the templates need that follows from other values."""


def as_json(data: Mapping[str, Any], pictures: Pictures) -> str:
    """Data with documents in it, as JSON."""
    return json.dumps(data, default=partial(_plain, pictures), ensure_ascii=False, separators=(",", ":"))


def _plain(pictures: Pictures, value: Any) -> Any:  # noqa: ANN401 - whatever stands in a document
    """One object without its parts' parts: json asks again for those."""
    if isinstance(value, Part):
        return {"title": value.title, "body": part_tree(value, pictures)}
    if is_dataclass(value):
        return {name: getattr(value, name) for name in _shown(value.__class__)}
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


@cache
def _shown(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    """The names of the values that go over."""
    left_out = ON_SCREEN.get(kind, frozenset())
    return (*(field.name for field in fields(kind) if field.name not in left_out), *COMPUTED.get(kind, ()))
