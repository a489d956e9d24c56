"""说明, the first sheet of 填报表.xlsx: how to fill in the others, and what is calculated while one does.

It is read by nothing but a later import, which takes 单位, 年度 and 金额单位 from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from selfeval.reading.columns import ACTUALS, BUDGET, GUIDE, SHOWN_WEIGHT, TARGETS, UNSCORED, TableSpec
from selfeval.reading.csv_edit import Row
from selfeval.reading.projects import WHOLE_UNIT
from selfeval.report.xlsx.board import LABEL, MIDDLE, TEXT, Look, column, dress, set_up_print, write_text

UNIT, YEAR, MONEY_UNIT = "单位", "年度", "金额单位"
SPARE = 300
"""Empty rows below each table: text too, so that one added by hand keeps its leading zeros, and calculated with it."""

_TITLE = Look(face="宋体", size=18, bold=True, lined=False)
_PLAIN = Look(lined=False, size=11)
_HEADS = ("项目编号", "项目名称", "指标数", "分值合计", "应为", "还缺指标值", "还缺完成值", "还缺执行数", "情况")
_WIDTHS = (12, 40, 9, 10, 8, 11, 11, 11, 20)
_STEPS = (
    "黄色的格还没有填；灰色的格是编号和批复的目标，已经锁定（没有密码，确需改动时撤销工作表保护）。",
    "“完成情况”：对照年度指标值填实际完成值，单位写在一起；定性指标选完成档次；没有完成的写明原因。",
    "“预算”：金额单位是{money_unit}；全年没有支出的，执行数填 0。",
    "“项目”“指标”：批复表上没有的内容空着，请补齐；不常用的列隐藏着，取消隐藏就能填。",
    "分给科室填：把“完成情况”一页另存为 填报表-科室名.xlsx，填好放回本文件夹；只补空白的格，两处填得不同会报错。",
    "填好保存，再运行 selfeval check 和 selfeval build。下面的数随填随算。",
)


Tables = Mapping[str, Sequence[Row]]
"""The rows of each table by its name."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose workbook it is, and what the 分值 of a project should come to."""

    unit: str
    year: int | None
    money_unit: str
    points: str
    unit_points: str = ""

    def points_of(self, project: Row) -> str:
        """What its 分值 should come to: those of 部门整体 by rules of its own."""
        return self.unit_points if project["项目类型"] == WHOLE_UNIT else self.points

    @property
    def labels(self) -> dict[str, str]:
        """What stands at the head of the sheet."""
        return {UNIT: self.unit, YEAR: str(self.year or ""), MONEY_UNIT: self.money_unit}

    @property
    def title(self) -> str:
        """The workbook's title."""
        return f"{self.unit}{self.year or ''}年度绩效自评填报表"


def write_guide(sheet: Any, tables: Tables, about: About) -> None:  # noqa: ANN401 - openpyxl's worksheet
    """The whole sheet."""
    sheet.title = GUIDE
    for at, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[column(at)].width = width
    lines: list[tuple[str, ...]] = [(about.title,), (), *about.labels.items(), ()]
    lines += [(f"{number}. {step.format(money_unit=about.money_unit)}",) for number, step in enumerate(_STEPS, 1)]
    for line, texts in enumerate(lines, 1):
        for at, text in enumerate(texts, 1):
            put(sheet.cell(line, at), text, _TITLE if line == 1 else _PLAIN)
    write_board(sheet, len(lines) + 2, tables, about)
    set_up_print(sheet, "")


def put(cell: Any, text: str, look: Look) -> None:  # noqa: ANN401
    """A text in a look; long ones run on to the right, as nothing stands there."""
    from openpyxl.styles import Alignment

    dress(cell, look)
    write_text(cell, text)
    if not look.lined:
        cell.alignment = Alignment(vertical="center")


def write_board(sheet: Any, top: int, tables: Tables, about: About) -> None:  # noqa: ANN401
    """One line a project: the sum of its 分值 and how many cells are still missing, as formulas."""
    for at, head in enumerate(_HEADS, 1):
        put(sheet.cell(top, at), head, LABEL)
    for line, row in enumerate(tables["projects"], top + 1):
        put(sheet.cell(line, 1), row["项目编号"], MIDDLE)
        put(sheet.cell(line, 2), row["项目名称"], TEXT)
        for at, formula in enumerate(formulas(line, tables, about.points_of(row)), 3):
            dress(sheet.cell(line, at), replace(MIDDLE, form="General"))
            sheet.cell(line, at).value = formula


def formulas(line: int, tables: Tables, points: str) -> list[str]:
    """What is calculated about the project of a line."""
    targets, actuals, budget = (Cells(spec, len(tables[spec.name]), line) for spec in (TARGETS, ACTUALS, BUDGET))
    counted = f'({targets["评分方法"]}<>"{UNSCORED}")'
    missing = f"F{line}+G{line}+H{line}"
    wrong = f"AND(D{line}<>0,ROUND(D{line}-E{line},2)<>0)"
    state = f'IF({wrong},"分值合计应为"&E{line},IF({missing}>0,"还缺 "&({missing})&" 格","齐了"))'
    return [
        f"=SUMPRODUCT({targets.ours}*1)",
        f'=IFERROR(SUMPRODUCT({targets.ours}*{counted}*VALUE("0"&{targets["分值"]})),"有非数字")',
        f"={points}",
        targets.blank("指标值"),
        actuals.blank("实际完成值", f'({actuals[SHOWN_WEIGHT]}<>"{UNSCORED}")'),
        budget.blank("全年执行数"),
        f'=IF(ISNUMBER(D{line}),{state},"分值有非数字")',
    ]


class Cells:
    """The columns of one sheet in formulas about the project of a line of 说明."""

    def __init__(self, spec: TableSpec, rows: int, line: int) -> None:
        self.spec, self.last, self.line = spec, rows + 1 + SPARE, line

    def __getitem__(self, name: str) -> str:
        """A column as a range."""
        letter = column(1 + [one.name for one in self.spec.columns].index(name))
        return f"{self.spec.sheet}!${letter}$2:${letter}${self.last}"

    @property
    def ours(self) -> str:
        """Which rows are the project's."""
        return f"({self['项目编号']}=$A{self.line})"

    def blank(self, name: str, among: str = "1") -> str:
        """How many of them have nothing in a column."""
        return f"=SUMPRODUCT({self.ours}*{among}*(LEN(TRIM({self[name]}))=0))"
