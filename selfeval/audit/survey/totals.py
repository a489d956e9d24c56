"""Totals by department, 科目 and year: counts of grades, money, mean, and quantiles of the totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pandas as pd

from selfeval.audit.survey.tables import PROJECTS
from selfeval.evaluation.departments import NO_DEPARTMENT, NO_GRADE, groups_by, head, line

BY = {"department": "主管部门", "subject": "功能科目", "year": "年度"}
"""What is summed up by."""
GRADES = ("优", "良", "中", "差")
"""The usual grades, best first; others stand behind them."""
QUANTILES = {"P10": 10, "P25": 25, "P50": 50, "P75": 75, "P90": 90}
"""Quantiles by nearest rank: each is the total of some project, and so exact."""


def totals(projects: pd.DataFrame) -> dict[str, list[list[str]]]:
    """A table for each, its titles first."""
    named = projects.rename(columns=PROJECTS).replace({"主管部门": {"": NO_DEPARTMENT}, "等级": {"": NO_GRADE}})
    subject = (projects["subject"] + " " + projects["subject_name"]).str.strip().replace("", NO_DEPARTMENT)
    named = named.assign(功能科目=subject)
    kinds = tuple(grades_in(projects))
    return {key: [[*head(column, kinds), *QUANTILES], *_lines(named, column, kinds)] for key, column in BY.items()}


def grades_in(projects: pd.DataFrame) -> Iterator[str]:
    """Every grade there may be, then its absence."""
    yield from GRADES
    yield from sorted({*projects["grade"]} - {*GRADES, ""})
    yield NO_GRADE


def _lines(projects: pd.DataFrame, column: str, kinds: Sequence[str]) -> Iterator[list[str]]:
    for name, group in groups_by(projects, column):
        graded = group.loc[group["等级"] != NO_GRADE, "总分"].tolist()
        yield [*line(name, group, tuple(kinds)), *quantiles(sorted(Decimal(total) for total in graded if total))]


def quantiles(ordered: Sequence[Decimal]) -> list[str]:
    """The nearest ranks of totals in their order; "" of none."""
    if not ordered:
        return ["" for _ in QUANTILES]
    return [f"{ordered[max(0, -(-len(ordered) * share // 100) - 1)]:f}" for share in QUANTILES.values()]
