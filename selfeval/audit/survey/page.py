"""A survey as one page that fetches nothing: totals and sources as they are, the long tables as data for its script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from selfeval.audit.submissions import KINDS as SOURCE_KINDS
from selfeval.audit.survey.files import counts, findings_json
from selfeval.audit.survey.found import KINDS
from selfeval.audit.survey.json_types import CountsJson
from selfeval.audit.survey.run import Survey
from selfeval.audit.survey.tables import SourceTables
from selfeval.audit.survey.totals import BY, GRADES
from selfeval.base.text import shorten
from selfeval.report.html.pages import shipped_page
from selfeval.report.pages.views import Stamp

MOST_PROJECTS, MOST_INDICATORS, MOST_FINDINGS, MOST_SOURCES = 20_000, 80_000, 20_000, 3_000
"""Rows that a browser holds with ease; of more, those that stand out most are on the page, and all in the tables."""
SHOWN = 120
"""Characters of a text in a row of the page."""

PROJECT_COLUMNS = (
    "year", "unit", "project", "name", "department", "subject", "subject_name", "grade", "total", "rate", "adjusted",
    "used", "why_not", "trust", "report",
)  # fmt: skip
INDICATOR_COLUMNS = ("place", "level1", "level2", "level3", "target", "actual", "weight", "points", "completion")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source in the list."""

    number: int
    label: str
    link: str
    kind: str
    trust: str
    about: str
    note: str


@dataclass(frozen=True, slots=True)
class Total:
    """One table of totals. `key`: the filter of the page that its lines lead to."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """What the template is given. `kinds`: key, name and number of findings; `data`: JSON for the script."""

    title: str
    counts: CountsJson
    kinds: tuple[tuple[str, str, int], ...]
    totals: tuple[Total, ...]
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...]
    data: str
    marks: Stamp


def page(survey: Survey) -> str:
    """The whole page."""
    numbers = survey.findings.groupby("kind")["finding"].nunique()
    projects, indicators = chosen(survey)
    return shipped_page(
        "survey.html",
        SurveyPage(
            title_of(survey),
            counts(survey),
            tuple((kind, title, int(numbers.get(kind, 0))) for kind, title in KINDS.items()),
            tuple(Total(key, BY[key], table[0], table[1:]) for key, table in survey.totals.items()),
            tuple(source_line(part, at) for at, part in enumerate(survey.parts[:MOST_SOURCES], 1)),
            tuple(left_out(survey, projects, indicators)),
            data_of(survey, projects, indicators),
            Stamp(),
        ),
    )


def title_of(survey: Survey) -> str:
    """The years that are looked at."""
    years = sorted({int(year) for year in survey.projects["year"]})
    return f"绩效自评一览 · {'、'.join(map(str, years))} 年度" if years else "绩效自评一览"


def source_line(part: SourceTables, number: int) -> SourceLine:
    """One source in the words of the list."""
    unit, year, _, rules = part.stated
    about = f"{unit}，{year} 年度，{len(part.projects)} 个项目，规则 {rules}" if unit else ""
    read = part.read
    return SourceLine(
        number, read.source.label, read.source.link, SOURCE_KINDS[read.source.kind], read.trust, about, read.note
    )


def chosen(survey: Survey) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The projects and indicators on the page: all, or where these are too many those that stand out."""
    projects, findings = survey.projects, survey.findings
    if len(projects) > MOST_PROJECTS:
        strongest = findings.sort_values("strength", ascending=False, kind="stable")["p"].drop_duplicates()
        projects = projects.loc[sorted(strongest.head(MOST_PROJECTS))]
    most = MOST_INDICATORS if projects["indicators"].sum() > MOST_INDICATORS else None
    tables = survey.indicators.tables() if most is None else [survey.found]
    return projects, pd.concat([rows[rows["p"].isin(projects.index)] for rows in tables])[:most]


def left_out(survey: Survey, projects: pd.DataFrame, indicators: pd.DataFrame) -> Iterator[str]:
    """What is not on the page, and where it is."""
    whole = len(survey.projects), len(survey.indicators)
    for name, file, on_page, there in zip(
        ("项目", "指标"), ("projects.csv", "indicators.csv"), (len(projects), len(indicators)), whole, strict=True
    ):
        if on_page < there:
            yield f"共 {there} 个{name}，本页只列出值得看的 {on_page} 个；全部在 {file} 里。"
    if survey.findings["finding"].nunique() > MOST_FINDINGS:
        yield f"值得看的地方本页只列出前 {MOST_FINDINGS} 处；全部在 survey.csv 里。"
    if len(survey.parts) > MOST_SOURCES:
        yield f"来源本页只列出前 {MOST_SOURCES} 份；全部在 survey.json 里。"


# ── For the script ──


def data_of(survey: Survey, projects: pd.DataFrame, indicators: pd.DataFrame) -> str:
    """The long tables as JSON that cannot end the element it stands in."""
    place = {p: at for at, p in enumerate(projects.index)}
    kinds = list(KINDS)
    data = {
        "kinds": [KINDS[kind] for kind in kinds],
        "grades": GRADES,
        "projects": rows_of(projects, PROJECT_COLUMNS),
        "indicators": rows_of(indicators.assign(place=indicators["p"].map(place)), INDICATOR_COLUMNS),
        "findings": list(findings_on(survey, place, kinds)),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def rows_of(table: pd.DataFrame, columns: Sequence[str]) -> list[list[object]]:
    """The rows of some columns, their texts not long; a way to a report stays whole."""
    return [list(row) for row in zip(*(cells_of(table[name]) for name in columns), strict=True)]


def cells_of(column: pd.Series) -> list[object]:
    """The cells of one column."""
    cells: list[object] = column.tolist()
    if column.name == "report":
        return cells
    return [shorten(cell, SHOWN) if isinstance(cell, str) else cell for cell in cells]


def findings_on(survey: Survey, place: dict[int, int], kinds: list[str]) -> Iterator[list[object]]:
    """Kind, strength, reason, and the projects of each finding, each with the indicator."""
    where = iter([place.get(p, -1) for p in survey.findings["p"]])
    for finding in islice(findings_json(survey), MOST_FINDINGS):
        rows = [[next(where), row["indicator"]] for row in finding["rows"]]
        there = [row for row in rows if row[0] >= 0]
        yield [kinds.index(finding["kind"]), finding["strength"], finding["reason"], there]
