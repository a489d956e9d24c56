"""actuals.xlsx as a sheet to fill in: keys as protected text, the target beside each row, a list for 完成档次.

No cell is a formula and none is merged, so that the sheet is read again as it stands. The target stands in a column of
its own where the tables know one to be shown only (`ACTUALS.find`), and in any case in the prompt of the cell to fill.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from selfeval.base.text import short
from selfeval.importing.tables.merge import key_of
from selfeval.reading.columns import ACTUALS, SHOWN, TableSpec
from selfeval.reading.csv_edit import Change, Row

TIERS = ("达成", "部分达成", "未达成")
KEYS = ("项目编号", "二级指标", "三级指标", "指标编号")
_WIDTHS = {
    "项目编号": 10, "二级指标": 16, "三级指标": 32, "指标编号": 12, SHOWN: 28, "实际完成值": 22, "完成档次": 11,
    "自评得分": 10, "原表得分": 10, "偏差原因分析及改进措施": 40, "佐证材料": 26,
}  # fmt: skip
_TEXT_ROWS = 500
"""Empty rows below that are text too, so that a row added by hand keeps its leading zeros."""


def headings() -> list[str]:
    """The columns of the sheet: those of the table, with the target behind the keys where it may stand."""
    others = [column.name for column in ACTUALS.columns if column.name not in {*KEYS, SHOWN}]
    return [*KEYS, *([SHOWN] if ACTUALS.find(SHOWN) else []), *others]


def target_texts(targets: Sequence[Row]) -> dict[tuple[str, ...], str]:
    """What each target asks for, as one text, by the indicator's key."""
    return {key_of(ACTUALS, row): f"{row['指标性质']}{row['指标值']}{row['度量单位']}" for row in targets}


def entry_sheet(rows: Sequence[Row], targets: Sequence[Row]) -> bytes:
    """The workbook with one row per indicator."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active
    sheet.title = "完成情况"
    names = headings()
    shown = target_texts(targets)
    for column, name in enumerate(names, 1):
        _head(sheet, column, name)
    for line, row in enumerate(rows, 2):
        _fill(sheet, line, names, row | {SHOWN: shown.get(key_of(ACTUALS, row), "")})
    for line in range(len(rows) + 2, len(rows) + 2 + _TEXT_ROWS):
        for column in range(1, len(names) + 1):
            _style(sheet.cell(line, column), locked=False)
    _tiers(sheet, names, len(rows) + 1 + _TEXT_ROWS)
    _prompts(sheet, names, rows, shown)
    _protect(sheet)
    return _bytes(book)


def _head(sheet: Any, column: int, name: str) -> None:  # noqa: ANN401 - openpyxl's worksheet
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    cell = sheet.cell(1, column, name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE6F0")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(name, 14)


def _fill(sheet: Any, line: int, names: Sequence[str], row: Mapping[str, str]) -> None:  # noqa: ANN401
    for column, name in enumerate(names, 1):
        put(sheet.cell(line, column), row.get(name, ""))
        _style(sheet.cell(line, column), locked=name in {*KEYS, SHOWN, "原表得分"})


def put(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl's cell
    """A text, never a formula or error value; characters that a workbook cannot hold are left out."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if text:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_767]
        cell.data_type = "s"


def _style(cell: Any, *, locked: bool) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, PatternFill, Protection

    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.protection = Protection(locked=locked)
    if locked:
        cell.fill = PatternFill("solid", fgColor="F2F2F2")


def _tiers(sheet: Any, names: Sequence[str], last: int) -> None:  # noqa: ANN401
    """The list to choose 完成档次 from."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    column = get_column_letter(names.index("完成档次") + 1)
    choice = DataValidation("list", formula1=f'"{",".join(TIERS)}"', allow_blank=True)
    choice.errorTitle, choice.error = "完成档次", f"请从 {'、'.join(TIERS)} 中选择，或留空"
    choice.promptTitle, choice.prompt = "完成档次", "只有定性指标需要选择"
    choice.showErrorMessage = choice.showInputMessage = True
    choice.add(f"{column}2:{column}{last}")
    sheet.add_data_validation(choice)


def _prompts(sheet: Any, names: Sequence[str], rows: Sequence[Row], shown: Mapping[tuple[str, ...], str]) -> None:  # noqa: ANN401
    """The target beside the cell to fill in, as soon as the cell is chosen."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    column = get_column_letter(names.index("实际完成值") + 1)
    for line, row in enumerate(rows[:5000], 2):
        text = shown.get(key_of(ACTUALS, row), "")
        if text:
            prompt = DataValidation(allow_blank=True)
            prompt.promptTitle, prompt.prompt, prompt.showInputMessage = "年度指标值", short(text, 200), True
            prompt.add(f"{column}{line}")
            sheet.add_data_validation(prompt)


def _protect(sheet: Any) -> None:  # noqa: ANN401
    """Only cells to fill in can be changed; there is no password: it guards against slips, not against people."""
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.insertRows = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False


def changed_workbook(
    data: bytes, spec: TableSpec, changes: Sequence[Change], added: Sequence[Row], targets: Sequence[Row]
) -> bytes:
    """A person's workbook with some cells renewed and rows added at its end; everything else as it was."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    sheet: Any = book.worksheets[0]
    head = next(line for line in range(1, sheet.max_row + 1) if any(c.value for c in sheet[line]))
    found = [(spec.find(str(cell.value or "")), cell.column) for cell in sheet[head]]
    places = {name: column for name, column in reversed(found) if name}
    for change in changes:
        put(sheet.cell(change.line, places[change.column]), change.text)
    last = max((c.row for row in sheet.iter_rows() for c in row if c.value not in {None, ""}), default=head)
    shown = target_texts(targets)
    for offset, row in enumerate(added, 1):
        texts = row | ({SHOWN: shown.get(key_of(spec, row), "")} if spec is ACTUALS else {})
        for name, column in places.items():
            put(sheet.cell(last + offset, column), texts.get(name, ""))
            sheet.cell(last + offset, column).number_format = "@"
    return _bytes(book)


def _bytes(book: Any) -> bytes:  # noqa: ANN401
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
