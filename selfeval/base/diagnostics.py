"""What was found, as data: a code, a severity, a place, and what its sentence is filled with.

Errors in the input are never exceptions: every reader and every check returns `Diagnostic`s, and one
run shows them all. What a finding says stands in the table of codes; the language is chosen when it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Annotated, Any, Literal, TypedDict

from selfeval.base.codes import Code, Severity, codes
from selfeval.base.frozen import made_quickly
from selfeval.base.marks import without_hidden
from selfeval.base.model import Place
from selfeval.base.phrases import CHINESE, Param, Params, Phrase, filled, json_of, of_json, places, shown
from selfeval.base.remarks import Reading

__all__ = ["Code", "Severity", "codes"]

SCHEMA: Literal["selfeval.diagnostics/1"] = "selfeval.diagnostics/1"

SEVERITY_WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
"""How a severity is called on the command line and on the page."""

VARIANT, MESSAGE, HINT = "variant", "message", "hint"
"""Parameters that fill no place: which of a code's sentences it is, and what a finding says that others told us."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `file` is relative to the evaluation's parent; `project` and `indicator` are ids.

    `title` and `sheet` tell people the place as a spreadsheet does; programs have `line` and `column`.
    """

    code: str
    severity: Severity
    params: Params = ()
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

    @property
    def phrase(self) -> Phrase:
        """What was found, to be said in either language."""
        params = dict(self.params)
        message = params.get(MESSAGE)
        if message is not None:
            return message if isinstance(message, Phrase) else Phrase(str(message))
        return Phrase(codes()[self.code].chinese.messages[self.variant], self.params)

    @property
    def message(self) -> str:
        """What was found, in Chinese."""
        return self.said(CHINESE)

    @property
    def hint(self) -> str:
        """What to do about it, in Chinese."""
        return self.remedy(CHINESE)

    @property
    def variant(self) -> str:
        """Which of its code's sentences it is."""
        return str(dict(self.params).get(VARIANT, ""))

    def said(self, language: str) -> str:
        """What was found."""
        params = dict(self.params)
        if MESSAGE in params:
            return shown(params[MESSAGE], language=language)
        return filled(codes()[self.code].wording(language).messages[self.variant], params, language)

    def remedy(self, language: str) -> str:
        """What to do about it."""
        params = dict(self.params)
        if HINT in params:
            return shown(params[HINT], language=language)
        return filled(codes()[self.code].wording(language).hint(self.variant), params, language)


def finding(
    key: str,
    place: Place | None = None,
    /,
    *,
    project: str | None = None,
    indicator: str | None = None,
    **params: Param,
) -> Diagnostic:
    """A finding by its code, or `code.variant`: the sentence of codes.toml that these parameters fill."""
    return placed(*keyed(key, params), place, project, indicator)


def keyed(key: str | Reading, params: Mapping[str, Param]) -> tuple[str, Params]:
    """`V013.unknown` as the code and its parameters, the variant first among them; a remark has its own."""
    if isinstance(key, Reading):
        return key.code, key.params
    code, _, variant = key.partition(".")
    return code, ((VARIANT, variant), *params.items()) if variant else tuple(params.items())


def weighed(d: Diagnostic, severity: Severity) -> Diagnostic:
    """The same finding, graver or lighter; `replace` takes four times as long, and it is one in ten findings."""
    place = (d.file, d.line, d.column, d.project, d.indicator, d.title, d.sheet)
    return Diagnostic(d.code, severity, d.params, *place)


def with_hint(d: Diagnostic, hint: Phrase) -> Diagnostic:
    """The same finding with a remedy of its own."""
    return replace(d, params=(*d.params, (HINT, hint)))


def of_reading(
    reading: Reading, place: Place | None, *, project: str | None = None, indicator: str | None = None
) -> Diagnostic:
    """A remark of a reader or of the scorer as a finding."""
    return placed(reading.code, reading.params, place, project, indicator)


def placed(
    code: str, params: Params, place: Place | None, project: str | None = None, indicator: str | None = None
) -> Diagnostic:
    """A finding at its place: at the cell of the column that the code is about, where the row has it."""
    row = codes()[code]
    if place is None or not place.file:
        return Diagnostic(code, row.severity, params, project=project, indicator=indicator)
    place = place.beside(row.column) if row.column else place
    file = without_hidden(place.file)
    return Diagnostic(
        code, row.severity, params, file, place.line, place.column, project, indicator, place.title, place.sheet
    )


def recounted(code: str, severity: Severity, message: str, hint: str) -> Diagnostic:
    """A finding as somebody else tells it, in that one's words."""
    return Diagnostic(code, severity, ((MESSAGE, message), (HINT, hint)))


class DiagnosticJson(TypedDict):
    """A finding. `file` is relative to the evaluation's parent; `line` and `column` count from 1."""

    code: str
    severity: Annotated[str, Severity]
    message: str
    hint: str
    params: dict[str, Any]
    file: str | None
    line: int | None
    column: int | None
    project: str | None
    indicator: str | None


def diagnostic_json(d: Diagnostic, language: str = CHINESE) -> DiagnosticJson:
    """One finding for JSON; its words in the language asked for, its parameters in none."""
    looks = places(codes()[d.code].chinese.messages.get(d.variant, "")) if d.code else {}
    place = {name: text for name, text in (("title", d.title), ("sheet", d.sheet)) if text}
    return {
        "code": d.code,
        "severity": d.severity.value,
        "message": d.said(language),
        "hint": d.remedy(language),
        "params": json_of(((name, value) for name, value in d.params if name not in (MESSAGE, HINT)), looks) | place,
        "file": d.file,
        "line": d.line,
        "column": d.column,
        "project": d.project,
        "indicator": d.indicator,
    }


def diagnostic_of(item: Mapping[str, Any]) -> Diagnostic:
    """A finding as JSON of ours tells it."""
    params = dict(item["params"])
    where = {name: item[name] for name in ("file", "line", "column", "project", "indicator")}
    where |= {name: params.pop(name, "") for name in ("title", "sheet")}
    diagnostic = Diagnostic(item["code"], Severity(item["severity"]), of_json(params), **where)
    if diagnostic.variant in codes()[diagnostic.code].chinese.messages:
        return (
            diagnostic
            if diagnostic.hint == item["hint"]
            else replace(diagnostic, params=(*diagnostic.params, (HINT, item["hint"])))
        )
    return replace(recounted(diagnostic.code, diagnostic.severity, item["message"], item["hint"]), **where)


def about(d: Diagnostic, *, project: str | None = None, indicator: str | None = None) -> Diagnostic:
    """The same finding, said of a project or an indicator."""
    return replace(d, project=project or d.project, indicator=indicator or d.indicator)


def about_known(diagnostics: Iterable[Diagnostic], projects: Container[str]) -> tuple[Diagnostic, ...]:
    """The same findings, `project` left out where a table's cell held what is no project's id."""
    return tuple(d if d.project in projects else replace(d, project=None) for d in diagnostics)


def causes(diagnostics: Sequence[Diagnostic], refused: Collection[str] = ()) -> tuple[Diagnostic, ...]:
    """The findings without those that only follow from another one.

    From a table that was refused, or that lost rows of a project; from a cell that holds nothing that can be read; from
    an actual under another name.
    """
    explaining = [(d, dict(d.params)) for d in diagnostics if (d.code, d.variant) in CAUSES]
    lost = {(params["table"], params["above"]) for _, params in explaining if "above" in params}
    lost |= _moved([params for d, params in explaining if d.code == "T014"], diagnostics)
    unread = {_cell(d): code for code in reversed(UNREAD) for d in diagnostics if d.code == code}
    renamed = {(d.project, params["near"]) for d, params in explaining if d.code == "P002"}

    def follows(d: Diagnostic) -> bool:
        if any(table in refused or (table, d.project) in lost for table in codes()[d.code].follows):
            return True
        if d.code == "P001" and (d.project, (d.indicator or "").rpartition("/")[2]) in renamed:
            return True
        return unread.get(_cell(d), d.code) != d.code if unread else False

    return tuple(d for d in diagnostics if not follows(d))


def _moved(strays: Sequence[Mapping[str, Any]], diagnostics: Iterable[Diagnostic]) -> set[tuple[str, str]]:
    """The tables and projects that lack no more rows than stand there under another project's id."""
    errors = (d for d in diagnostics if strays and d.is_error)
    lacking = Counter((table, d.project) for d in errors for table in codes()[d.code].follows)
    rows = {(params["table"], params["near"]): params["rows"] for params in strays}
    return {key for key, count in rows.items() if lacking[key] <= count}


CAUSES = frozenset({("T010", "unused_above"), ("T014", "near"), ("P002", "near")})
"""Findings about rows that belong elsewhere."""

UNREAD = ("T030", "T022", "T023", "B001")
"""Findings about a cell without anything to read, the gravest first: what else is said of the cell follows."""


def _cell(d: Diagnostic) -> tuple[str | None, str, int | None, int | None]:
    return d.file, d.sheet, d.line, d.column


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by place, then code, without repeats: the same inputs give the same list."""
    ordered = sorted(dict.fromkeys(diagnostics), key=order_of)
    alike = ([*group] for _, group in groupby(ordered, order_of))
    return tuple(d for group in alike for d in (sorted(group, key=_message) if len(group) > 1 else group))


def order_of(d: Diagnostic) -> tuple[str, str, int, int, str, str, str]:
    """What findings are sorted by; those that are equal by their sentences, which few need."""
    return d.file or "", d.sheet, d.line or 0, d.column or 0, d.code, d.project or "", d.indicator or ""


_message = attrgetter("message")


def counts(diagnostics: Iterable[Diagnostic]) -> dict[str, int]:
    """How many of each severity, zeros included."""
    tally = Counter(d.severity for d in diagnostics)
    return {severity.value: tally[severity] for severity in Severity}
