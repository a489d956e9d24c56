"""What survey.json holds, as types: the export is held to them, and its schema made of them."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from selfeval.audit.survey.found import KINDS
from selfeval.audit.survey.reading import TRUST_KEYS
from selfeval.evaluation.json_types import GeneratorJson, Points


class CountsJson(TypedDict):
    """How much there is of everything; `used`: the projects that count."""

    sources: int
    projects: int
    used: int
    indicators: int
    findings: int


class SourceJson(TypedDict):
    """One source, by its number. What it does not say, or what could not be read of it, is null."""

    source: int
    path: str
    link: str
    kind: Annotated[str, ("evaluation", "output", "scorecard", "pdf", "pack")]
    trust: Annotated[str, (*TRUST_KEYS.values(),)]
    note: str
    evaluation: str | None
    year: int | None
    unit: str | None
    rules: str | None
    projects: int


class KindJson(TypedDict):
    """What a kind of finding is called, and how many there are."""

    title: str
    findings: int


class FoundRowJson(TypedDict):
    """A project, or an indicator of it, that a finding is about; `report` leads to it from the result."""

    source: int
    year: int
    unit: str
    project: str
    name: str
    report: str
    indicator: str | None


class FoundJson(TypedDict):
    """Something to look at: its kind, why, how strongly (0.50…1.00), and its rows."""

    finding: int
    kind: Annotated[str, (*KINDS,)]
    reason: str
    strength: Points
    rows: list[FoundRowJson]


class TotalJson(TypedDict):
    """A table of totals: the titles of its columns, and its lines."""

    columns: list[str]
    rows: list[list[str]]


class TotalsJson(TypedDict):
    """Totals by 主管部门, by 功能科目 and by year."""

    department: TotalJson
    subject: TotalJson
    year: TotalJson


class TablesJson(TypedDict):
    """The files beside it that hold the long tables."""

    findings: str
    projects: str
    indicators: str


class SurveyJson(TypedDict):
    """All that a survey says but its two long tables, which it names; `limits`: from where on something stands out."""

    schema: Literal["selfeval.survey/1"]
    generator: GeneratorJson
    counts: CountsJson
    limits: dict[str, str]
    sources: list[SourceJson]
    kinds: dict[str, KindJson]
    findings: list[FoundJson]
    totals: TotalsJson
    tables: TablesJson
