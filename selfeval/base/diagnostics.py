"""What was found, as data: a code, a severity, a place, a message and what to do about it.

Errors in the input are never exceptions: every reader and every check returns `Diagnostic`s, and one
run shows them all. The table of codes is `codes.toml`; a code's number never changes its meaning.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from selfeval.base.marks import without_hidden
from selfeval.base.model import Place

SCHEMA = "selfeval.diagnostics/1"


class Severity(StrEnum):
    """error: cannot stand · warning: a reviewer will ask · info: how something was read or filled in."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
"""How a severity is called on the command line and on the page."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table of codes: its severity, its title and the usual remedy.

    `column`: the one it is about, in whose cell it is shown where its row has that column. `why` a reviewer minds,
    a `bad` and a `good` example, the article it rests on where there is one.
    """

    id: str
    severity: Severity
    title: str
    hint: str
    why: str = ""
    bad: str = ""
    good: str = ""
    basis: str = ""
    """The value of a rule profile that it goes by, by name; where that comes from the profile says."""
    column: str = ""
    follows: tuple[str, ...] = ()
    """The tables without which it comes up everywhere, and says nothing."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `file` is relative to the evaluation's parent; `project` and `indicator` are ids.

    `title` and `sheet` tell people the place as a spreadsheet does; programs have `line` and `column`.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    project: str | None = None
    indicator: str | None = None
    title: str = ""
    sheet: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the report cannot stand as it is."""
        return self.severity is Severity.ERROR


@cache
def codes() -> dict[str, Code]:
    """All codes in order, by id."""
    text = files("selfeval.base").joinpath("codes.toml").read_text(encoding="utf-8")
    return {id_: code_of(id_, row) for id_, row in tomllib.loads(text).items()}


def code_of(id_: str, row: Mapping[str, Any]) -> Code:
    """A code as the table gives it."""
    texts = {name: row.get(name, "") for name in ("title", "hint", "why", "bad", "good")}
    texts |= {name: row.get(name, "") for name in ("basis", "column")}
    return Code(id_, Severity(row["severity"]), **texts, follows=tuple(row.get("follows", ())))


def found(  # noqa: PLR0913 - a finding is told once, with all there is to say
    code: str,
    message: str,
    place: Place | None = None,
    *,
    project: str | None = None,
    indicator: str | None = None,
    hint: str = "",
    severity: Severity | None = None,
) -> Diagnostic:
    """A finding of the given code; severity and hint come from the table unless a rule profile sets them."""
    row = codes()[code]
    said = (code, severity or row.severity, without_hidden(message), hint or row.hint)
    if place is None or not place.file:
        return Diagnostic(*said, project=project, indicator=indicator)
    place = place.beside(row.column) if row.column else place
    return Diagnostic(
        *said, without_hidden(place.file), place.line, place.column, project, indicator, place.title, place.sheet
    )


def about(d: Diagnostic, *, project: str | None = None, indicator: str | None = None) -> Diagnostic:
    """The same finding, said of a project or an indicator."""
    return replace(d, project=project or d.project, indicator=indicator or d.indicator)


def about_known(diagnostics: Iterable[Diagnostic], projects: Container[str]) -> tuple[Diagnostic, ...]:
    """The same findings, `project` left out where a table's cell held what is no project's id."""
    return tuple(d if d.project in projects else replace(d, project=None) for d in diagnostics)


def causes(diagnostics: Iterable[Diagnostic], refused: Collection[str]) -> tuple[Diagnostic, ...]:
    """The findings without those that only follow from a table that was refused."""
    return tuple(d for d in diagnostics if not set(refused).intersection(codes()[d.code].follows))


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, then code, without repeats: the same inputs give the same list."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=order_of))


def order_of(d: Diagnostic) -> tuple[str, str, int, int, str, str, str, str]:
    """What findings are sorted by."""
    return d.file or "", d.sheet, d.line or 0, d.column or 0, d.code, d.project or "", d.indicator or "", d.message


def counts(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """How many of each severity, zeros included."""
    tally = Counter(d.severity for d in diagnostics)
    return {severity.value: tally[severity] for severity in Severity}
