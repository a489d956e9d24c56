"""The edition for the public: telephone numbers masked wherever they stand, and no reviewer named."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.model import Project, Review
from selfeval.evaluation.result import Result
from selfeval.report.pages.review_views import ReviewLine, ReviewView
from selfeval.report.pages.views import Part
from selfeval.scoring.merged import Merged

_MOBILE = r"(?<![\w.+-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"
_LANDLINE = r"(?<![\w.])[(（]?0\d{2,3}[)）]?[ 　]?[-－—–]?[ 　]?\d{7,8}"
_LOCAL = r"(?:电话|手机|座机|传真|热线|联系方式|[Tt][Ee][Ll]\.?)(?:号码)?[ 　]*[:：为是]?[ 　]*\d{3,4}[ -]?\d{4}"
_AFTER = r"(?![\d.]*\d|[ ]?[元万亿%％])"
_PHONE = re.compile(f"(?:{_MOBILE}|{_LANDLINE}|{_LOCAL}){_AFTER}", re.ASCII)
KEPT_BEFORE, KEPT_AFTER = 3, 2
UNNAMED = "***"
"""What stands for a person's name."""

KEPT = {Project: {"id"}, Diagnostic: {"project", "file"}, Merged: {"ids"}}
"""What names folders and files, and so stays as it is, whatever it looks like."""

Document = TypeVar("Document")


def masked(text: str, mark: str = "*") -> str:
    """`text` with the middle of every telephone number replaced: 13812345678 → 138******78."""
    return _PHONE.sub(lambda found: _hidden(found[0], mark), text) if re.search(r"\d{4}", text, re.ASCII) else text


def _hidden(number: str, mark: str) -> str:
    """A number whose first and last digits stay; of a number without area code, only the last."""
    places = [at for at, char in enumerate(number) if char.isascii() and char.isdigit()]
    first = KEPT_BEFORE + (number[places[0]] == "0") if len(places) > 8 else 0
    hidden = set(places[first:-KEPT_AFTER])
    return "".join(mark if at in hidden else char for at, char in enumerate(number))


def public_edition(document: Document) -> Document:
    """A document whose every text is masked; Markdown stays Markdown."""
    masked_: Document = _masked(document)
    return masked_


def public_data(result: Result) -> Result:
    """A result whose scores and findings are masked, for the files that other programs read."""
    cards, unit, findings = _masked((result.scorecards, result.unit, result.diagnostics))
    return replace(result, scorecards=cards, unit=unit, diagnostics=findings)


def _masked(value: Any) -> Any:  # noqa: ANN401 - a view is strings, tuples and views
    """A value of a view or a scorecard, masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    if isinstance(value, Part):
        blocks = _masked(value.blocks)
        return replace(value, title=masked(value.title), markdown=masked(value.markdown, r"\*"), blocks=blocks)
    if isinstance(value, ReviewLine | Review):
        value = replace(value, reviewer=value.reviewer and UNNAMED)
    if isinstance(value, ReviewView):
        value = replace(value, reviewers=value.reviewers and UNNAMED)
    if is_dataclass(value) and not isinstance(value, type):
        masked_ = {f.name for f in fields(value)} - KEPT.get(type(value), set())
        return replace(value, **{name: _masked(getattr(value, name)) for name in masked_})
    return value
