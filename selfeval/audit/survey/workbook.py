"""A survey as a workbook: what stands out, projects, indicators, totals and sources, each a table to pivot."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from selfeval.audit.submissions import KINDS as SOURCE_KINDS
from selfeval.audit.survey.files import finding_table, indicator_table, project_table, texts_of
from selfeval.audit.survey.run import Survey
from selfeval.audit.survey.totals import BY
from selfeval.report.xlsx.tables import SheetTable, tables_workbook

MOST = 60_000
"""Rows that a sheet is to hold; of more projects and indicators only those that stand out, the rest is in the CSV."""
NUMBERS = frozenset(
    {
        *("序号", "强度", "年度", "来源", "得分", "分值", "完成率", "规则得分", "自评得分", "目标数值", "目标上限"),
        *("完成数值", "年初预算数", "全年预算数", "全年执行数", "执行率", "预算执行率分值", "预算执行率得分"),
        *("可计分值", "总分", "指标数", "定性指标数"),
    }
)
"""The columns that are reckoned with."""


def workbook(survey: Survey) -> bytes:
    """The file."""
    return tables_workbook(list(sheets(survey)), "绩效自评一览")


def sheets(survey: Survey) -> Iterator[SheetTable]:
    """Every sheet in its order."""
    findings = survey.findings
    yield of_frame("值得看", finding_table(survey).head(MOST))
    yield of_frame("项目", project_table(few(survey.projects, findings["p"], MOST // 3)))
    indicators = survey.indicators.whole() if len(survey.indicators) <= MOST else survey.found.head(MOST)
    yield of_frame("指标", indicator_table(survey, indicators))
    for key, by in BY.items():
        titles, *rows = survey.totals[key]
        yield SheetTable(f"按{by}", titles, rows, frozenset(titles[1:]))
    yield SheetTable("来源", SOURCE_TITLES, list(source_rows(survey)), frozenset({"序号", "年度", "项目数"}))


def few(rows: pd.DataFrame, outstanding: pd.Series, most: int) -> pd.DataFrame:
    """The rows, or where they are too many those that stand out."""
    return rows if len(rows) <= most else rows[rows.index.isin(outstanding)].head(most)


SOURCE_TITLES = ("序号", "来源", "形式", "核对", "说明", "单位", "年度", "评价", "规则", "项目数")


def source_rows(survey: Survey) -> Iterator[tuple[str, ...]]:
    """The sources, one a row."""
    for number, part in enumerate(survey.parts, 1):
        unit, year, evaluation, rules = part.stated
        read, source = part.read, part.read.source
        cells = (
            source.label,
            SOURCE_KINDS[source.kind],
            read.trust,
            read.note,
            unit,
            str(year or ""),
            evaluation,
            rules,
        )
        yield (str(number), *cells, str(len(part.projects)))


def of_frame(name: str, table: pd.DataFrame) -> SheetTable:
    """A table of texts as a sheet."""
    titles = [str(title) for title in table]
    rows = list(zip(*texts_of(table), strict=True))
    return SheetTable(name, titles, rows, NUMBERS)
