"""A survey as tables and JSON (`selfeval.survey/1`): the same bytes for the same sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import chain
from typing import Any, Final

import pandas as pd

from selfeval import __version__
from selfeval.audit.survey.found import KINDS
from selfeval.audit.survey.json_types import CountsJson, KindJson, SourceJson, SurveyJson, TotalJson, TotalsJson
from selfeval.audit.survey.reading import TRUST_KEYS
from selfeval.audit.survey.run import Survey
from selfeval.audit.survey.tables import INDICATORS, PROJECTS, SourceTables
from selfeval.audit.survey.totals import BY
from selfeval.base.marks import without_hidden
from selfeval.evaluation.csv_exports import inert_csv
from selfeval.evaluation.exports import Json, json_bytes

SCHEMA: Final = "selfeval.survey/1"
OF_PROJECT = ("year", "unit", "project", "name", "department", "subject", "subject_name", "grade")
"""What every row of an indicator says of its project, so that a pivot table needs no second one."""
LAST = ("kinds", "source", "used", "report")
FINDINGS = {
    "finding": "序号", "kind": "种类", "strength": "强度", "reason": "说明",
    **{key: PROJECTS[key] for key in OF_PROJECT},
    "level3": INDICATORS["level3"], "target": INDICATORS["target"], "actual": INDICATORS["actual"],
    "points": INDICATORS["points"], "source": PROJECTS["source"], "report": PROJECTS["report"],
}  # fmt: skip
"""The columns of survey.csv."""


# ── Tables ──


def project_table(projects: pd.DataFrame) -> pd.DataFrame:
    """Projects as they are told."""
    return projects[list(PROJECTS)].rename(columns=PROJECTS)


def indicator_table(survey: Survey, rows: pd.DataFrame) -> pd.DataFrame:
    """Indicators with what is told of their projects."""
    about = survey.projects.loc[rows["p"], [*OF_PROJECT, *LAST]].set_index(rows.index)
    whole = pd.concat([about[list(OF_PROJECT)], rows[list(INDICATORS)], about[list(LAST)]], axis=1)
    return whole.rename(columns=PROJECTS | INDICATORS)


def finding_table(survey: Survey) -> pd.DataFrame:
    """Every row of everything that stands out."""
    every = survey.findings
    about = survey.projects.loc[every["p"], [*OF_PROJECT, "source", "report"]].set_index(every.index)
    rows = survey.found.reindex(every["i"])[["level3", "target", "actual", "points"]].fillna("").set_index(every.index)
    table = every.assign(kind=every["kind"].map(KINDS), strength=every["strength"].map("{:.2f}".format))
    table = pd.concat([table, about, rows], axis=1)
    return table[list(FINDINGS)].rename(columns=FINDINGS)


def csv_files(survey: Survey) -> dict[str, list[bytes]]:
    """The tables by the name of their file, in pieces."""
    chunks = survey.indicators.tables()
    return {
        "survey.csv": list(pieces([finding_table(survey)])),
        "projects.csv": list(pieces([project_table(survey.projects)])),
        "indicators.csv": list(pieces(indicator_table(survey, chunk) for chunk in chunks)),
    }


def texts_of(table: pd.DataFrame) -> list[list[str]]:
    """The columns of a table as lists of texts."""
    return [table[column].astype(str).tolist() for column in table]


def pieces(tables: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Tables with the same columns as one CSV: UTF-8 with a mark, no cell that could be a formula."""
    for at, table in enumerate(tables):
        rows = zip(*texts_of(table), strict=True)
        text = inert_csv(chain([] if at else [[str(title) for title in table]], rows))
        yield without_hidden(text).encode("utf-8" if at else "utf-8-sig", "replace")


# ── JSON ──


def survey_json(survey: Survey) -> SurveyJson:
    """All but the two large tables, which it names."""
    return {
        "schema": SCHEMA,
        "generator": {"name": "selfeval", "version": __version__},
        "counts": counts(survey),
        "limits": {name: str(value) for name, value in asdict(survey.limits).items()},
        "sources": [source_json(part, number) for number, part in enumerate(survey.parts, 1)],
        "kinds": kinds_json(survey.findings),
        "findings": list(findings_json(survey)),
        "totals": totals_json(survey.totals),
        "tables": {"findings": "survey.csv", "projects": "projects.csv", "indicators": "indicators.csv"},
    }


def totals_json(totals: dict[str, list[list[str]]]) -> TotalsJson:
    """The totals, the titles apart from the lines."""
    department, subject, year = (TotalJson(columns=head, rows=lines) for key in BY for head, *lines in [totals[key]])
    return {"department": department, "subject": subject, "year": year}


def counts(survey: Survey) -> CountsJson:
    """How much there is of everything."""
    used = survey.projects["used"] == "是"
    return {
        "sources": len(survey.parts),
        "projects": len(survey.projects),
        "used": int(used.sum()),
        "indicators": len(survey.indicators),
        "findings": survey.findings["finding"].nunique(),
    }


def source_json(part: SourceTables, number: int) -> SourceJson:
    """One source. `kind`: evaluation, output, scorecard, pdf or pack."""
    unit, year, evaluation, rules = part.stated
    return {
        "source": number,
        "path": part.read.source.label,
        "link": part.read.source.link,
        "kind": part.read.source.kind,
        "trust": TRUST_KEYS[part.read.trust],
        "note": part.read.note,
        "evaluation": evaluation or None,
        "year": year or None,
        "unit": unit or None,
        "rules": rules or None,
        "projects": len(part.projects),
    }


def kinds_json(findings: pd.DataFrame) -> dict[str, KindJson]:
    """How many findings there are of each kind."""
    numbers = findings.groupby("kind")["finding"].nunique()
    return {kind: {"title": title, "findings": int(numbers.get(kind, 0))} for kind, title in KINDS.items()}


def findings_json(survey: Survey) -> Iterator[Any]:
    """Every finding with its rows."""
    every, projects = survey.findings, survey.projects
    about = projects.loc[every["p"], ["source", "year", "unit", "project", "name", "report"]].set_index(every.index)
    about["indicator"] = survey.found["indicator"].reindex(every["i"]).to_numpy()
    finding: Json = {}
    rows = about.astype(object).where(about.notna(), None).to_dict("records")
    for head, row in zip(every.itertuples(index=False), rows, strict=True):
        if head.finding != finding.get("finding"):
            if finding:
                yield finding
            finding = {name: getattr(head, name) for name in ("finding", "kind", "reason")}
            finding |= {"strength": f"{head.strength:.2f}", "rows": []}
        finding["rows"].append(row)
    if finding:
        yield finding


def json_file(survey: Survey) -> bytes:
    """survey.json."""
    return without_hidden(json_bytes(survey_json(survey)).decode()).encode()
