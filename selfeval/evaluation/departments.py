"""Many projects by 主管部门 or another column: how many of each grade, their money, their mean total.

Made with pandas (of a large evaluation from the finished summary.csv), which holds a hundred thousand lines without
effort. The amounts are exact decimals in it, never floats.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.base.exact import rounded
from selfeval.evaluation.csv_exports import SUMMARY_COLUMNS, inert_csv
from selfeval.evaluation.exports import points_text, rate_text, value_text
from selfeval.reading.amounts import AMOUNTS

if TYPE_CHECKING:
    import pandas as pd


INITIAL, ADJUSTED, EXECUTED = AMOUNTS
NO_GRADE, NO_DEPARTMENT, ALL = "暂不评定", "（未填写）", "合计"


def department_csv(summary: Path, grades: tuple[str, ...], whole_unit: str, denominator: str) -> bytes:
    """A line for each 主管部门 and one for all; `grades` from the best to the worst, then those without one.

    `denominator`: which budget the profile sets the rate against (`initial` or `adjusted`). A line of 项目类型
    `whole_unit` is no project. The mean total is over the projects with a grade.
    """
    import pandas as pd

    rows = pd.read_csv(summary, dtype=str, keep_default_na=False, encoding="utf-8-sig", usecols=list(SUMMARY_COLUMNS))
    projects = rows[rows["项目类型"] != whole_unit].replace({"主管部门": {"": NO_DEPARTMENT}, "等级": {"": NO_GRADE}})
    kinds = (*grades, NO_GRADE)
    base = INITIAL if denominator == "initial" else ADJUSTED
    lines = [line(name, group, kinds, base) for name, group in groups_by(projects, "主管部门")]
    return inert_csv([head("主管部门", kinds), *lines]).encode("utf-8-sig", "replace")


def head(column: str, kinds: tuple[str, ...]) -> list[str]:
    """The titles of what `line` gives."""
    return [column, "项目数", *kinds, *AMOUNTS, "执行率", "平均总分"]


def groups_by(projects: pd.DataFrame, column: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The projects of each value of a column, in order, then all of them."""
    yield from ((str(name), group) for name, group in projects.groupby(column, sort=True))
    yield ALL, projects


def line(name: str, group: pd.DataFrame, kinds: tuple[str, ...], base: str = ADJUSTED) -> list[str]:
    """One group of projects: counts, sums and means; the rate is that of the projects that have one, by `base`."""
    counted = group["等级"].value_counts()
    sums = [total(group, column) for column in AMOUNTS]
    rated = group[group["执行率"] != ""]
    budget = total(rated, base)
    rate = Fraction(total(rated, EXECUTED)) / Fraction(budget) if budget else None
    totals = [Decimal(text) for text in group.loc[group["等级"] != NO_GRADE, "总分"].tolist()]
    mean = rounded(Fraction(sum(totals, Decimal(0))) / len(totals), 2) if totals else None
    counts = (str(int(counted.get(kind, 0))) for kind in kinds)
    amounts = (value_text(amount) or "" for amount in sums)
    return [name, str(len(group)), *counts, *amounts, rate_text(rate) or "", points_text(mean) or ""]


def total(group: pd.DataFrame, column: str) -> Decimal:
    """The sum of a column of amounts."""
    return sum((Decimal(text) for text in group[column].tolist() if text), Decimal(0))
