"""填报表.xlsx: the four tables of an evaluation for people to fill in, each on a sheet of its own, after 说明.

No cell of the four sheets is a formula and none is merged, so that they are read as they stand. What can be checked
while a person types (the sum of the 分值, what is still missing) is calculated on 说明 (`entry_guide`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from selfeval.base.display import TIER_WORDS
from selfeval.base.model import Kind, Tier
from selfeval.base.text_width import column_lines
from selfeval.importing.tables.assemble import complete
from selfeval.importing.tables.entry_guide import SPARE, About, write_guide
from selfeval.importing.tables.merge import SPECS, Update, key_columns, key_of
from selfeval.reading.columns import (
    ACTUALS,
    GUIDE,
    SHOWN_TARGET,
    SHOWN_WEIGHT,
    TARGETS,
    TIER,
    UNSCORED,
    Column,
    TableSpec,
)
from selfeval.reading.csv_edit import Row
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.targets import read_target
from selfeval.report.office import packed, properties
from selfeval.report.xlsx.board import (
    HIGHEST,
    LABEL,
    LINE,
    PADDING,
    TEXT,
    UNIT,
    dress,
    fits,
    round_up,
    set_up_print,
    write_text,
)
from selfeval.report.xlsx.board import column as letter

MISSING, GUARDED, HEAD = "FFF2CC", "F2F2F2", "DDE6F0"
"""Colours: a cell that is still missing, one that is guarded, the header."""

ALWAYS = frozenset({"主管部门", "实施单位", "年度总体目标", "总体目标完成情况", "资金来源", "原因说明", "指标性质",
                    "度量单位", "分值", "完成档次", "自评得分", "偏差原因分析及改进措施", "佐证材料"})  # fmt: skip
"""Columns shown even where nobody has written in them yet; the other empty ones are hidden, for the print."""

_NUMBERS = ("预算数", "执行数", "分值", "得分", "总分")
_WIDTHS = {
    "项目编号": 8, "项目名称": 22, "项目概况": 30, "年度总体目标": 36, "总体目标完成情况": 36, "资金来源": 14,
    "原因说明": 44, "一级指标": 11, "二级指标": 14, "三级指标": 24, "指标性质": 8, "指标值": 24, "度量单位": 8,
    "分值": 7, SHOWN_TARGET: 20, "实际完成值": 20, "完成档次": 9, "自评得分": 8, "原表得分": 8,
    "偏差原因分析及改进措施": 32, "佐证材料": 20,
}  # fmt: skip


def entry_workbook(tables: Mapping[str, Sequence[Row]], about: About) -> bytes:
    """The workbook with all rows of the four tables."""
    from openpyxl import Workbook

    book: Any = Workbook()
    book.calculation.fullCalcOnLoad = True
    write_guide(book.active, tables, about)
    for spec in SPECS:
        rows = with_targets(tables[spec.name], tables["targets"]) if spec is ACTUALS else tables[spec.name]
        write_sheet(book.create_sheet(spec.sheet), spec, rows)
    color_tiers(book[ACTUALS.sheet], tables["actuals"], tables["targets"], about)
    return saved(book, about)


def with_targets(rows: Sequence[Row], targets: Sequence[Row]) -> list[Row]:
    """Rows of 完成情况 with what their target asks for and is worth beside them."""
    shown = {key_of(ACTUALS, row): shown_target(row) for row in targets}
    return [row | shown.get(key_of(ACTUALS, row), {}) for row in rows]


def shown_target(target: Row) -> Row:
    """A target in the columns of 完成情况 that only show it."""
    asked = "".join(target[name] for name in ("指标性质", "指标值", "度量单位"))
    return {SHOWN_TARGET: asked, SHOWN_WEIGHT: UNSCORED if target["评分方法"] == UNSCORED else target["分值"]}


# ── A sheet ──


def write_sheet(sheet: Any, spec: TableSpec, rows: Sequence[Row]) -> None:  # noqa: ANN401 - openpyxl's worksheet
    """Header, rows, spare rows; colours of what is missing; guarded cells; the print set-up."""
    for at, column in enumerate(spec.columns, 1):
        write_head(sheet, at, column, rows)
    for line, row in enumerate(rows, 2):
        for at, column in enumerate(spec.columns, 1):
            write_cell(sheet.cell(line, at), spec, column, row.get(column.name, ""))
        sheet.row_dimensions[line].height = height_of(row, spec)
    last = len(rows) + 1 + SPARE
    for line in range(len(rows) + 2, last + 1):
        for at, column in enumerate(spec.columns, 1):
            leave_open(sheet.cell(line, at), column)
    color_missing(sheet, spec, last)
    offer_choices(sheet, spec, last)
    guard(sheet)
    set_up_print(sheet, "")
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"


def height_of(row: Row, spec: TableSpec) -> float:
    """Room for the longest text of a row: no program makes it by itself in a file it has not written."""
    fonts = ((row.get(column.name, ""), width_of(column) * UNIT / TEXT.size) for column in spec.columns)
    most = max(column_lines(text, max(1, int(room))) for text, room in fonts)
    return min(HIGHEST, round_up(most * TEXT.size * LINE + PADDING))


def width_of(column: Column) -> int:
    """How wide a column is."""
    return _WIDTHS.get(column.name, 12)


def write_head(sheet: Any, at: int, column: Column, rows: Sequence[Row]) -> None:  # noqa: ANN401
    """The title of a column, its width, and whether it is hidden."""
    cell, dimension = sheet.cell(1, at, column.name), sheet.column_dimensions[letter(at)]
    dress(cell, replace(LABEL, fill=HEAD))
    dimension.width = width_of(column)
    used = column.required or column.shown or column.name in ALWAYS
    dimension.hidden = not used and not any(row.get(column.name) for row in rows)


def write_cell(cell: Any, spec: TableSpec, column: Column, text: str) -> None:  # noqa: ANN401
    """A cell of a row that is there."""
    guarded = is_guarded(spec, column, text)
    dress(cell, replace(TEXT, fill=GUARDED if guarded else "", form=form_of(column)))
    put(cell, column, text)
    lock(cell, guarded=guarded)


def is_guarded(spec: TableSpec, column: Column, text: str) -> bool:
    """What names a row, what only shows something, and the approved targets; a blank is there to be filled in."""
    return column.shown or (bool(text) and (spec is TARGETS or column.name in key_columns(spec)))


def leave_open(cell: Any, column: Column) -> None:  # noqa: ANN401
    """A cell of a spare row."""
    cell.number_format = form_of(column)
    lock(cell, guarded=False)


def lock(cell: Any, *, guarded: bool) -> None:  # noqa: ANN401
    """Whether a cell can be changed while the sheet is protected."""
    from openpyxl.styles import Protection

    cell.protection = Protection(locked=guarded)


def form_of(column: Column) -> str:
    """Text, but for amounts and points, which people calculate with."""
    return "General" if column.name.endswith(_NUMBERS) else "@"


def put(cell: Any, column: Column, text: str) -> None:  # noqa: ANN401
    """A text, never a formula; a plain number in a column of numbers, where it is read again digit for digit."""
    if form_of(column) == "General" and is_plain_number(text):
        cell.value = float(text)
    elif text:
        write_text(cell, text)


def is_plain_number(text: str) -> bool:
    """Whether a spreadsheet that keeps a text as a number gives the same text back."""
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        return False
    number = Decimal(text)
    return fits(number) and f"{number.normalize():f}" == text


def color_missing(sheet: Any, spec: TableSpec, last: int) -> None:  # noqa: ANN401
    """还缺: the blank cells of required columns, beside a 项目编号; a detail row needs no actual."""
    at = {column.name: letter(number) for number, column in enumerate(spec.columns, 1)}
    counted = f'${at[SHOWN_WEIGHT]}2<>"{UNSCORED}"' if spec is ACTUALS else "TRUE"
    for column in spec.columns[1:]:
        if column.required:
            first = f"{at[column.name]}2"
            blank = f"AND(LEN(TRIM($A2))>0,LEN(TRIM({first}))=0,{counted})"
            color(sheet, f"{first}:{at[column.name]}{last}", blank)


def color_tiers(sheet: Any, rows: Sequence[Row], targets: Sequence[Row], about: About) -> None:  # noqa: ANN401
    """还缺 too: 完成档次 of a 定性 indicator whose 实际完成值 does not tell it either."""
    names = [column.name for column in ACTUALS.columns]
    tier, actual = (letter(names.index(name) + 1) for name in (TIER, "实际完成值"))
    asking = {key_of(ACTUALS, row) for row in targets if is_qualitative(row, about)}
    lines = [line for line, row in enumerate(rows, 2) if key_of(ACTUALS, row) in asking]
    if lines:
        when = f'AND(LEN(TRIM({tier}{lines[0]}))=0,ISERROR(SEARCH("达成",{actual}{lines[0]})))'
        color(sheet, " ".join(f"{tier}{line}" for line in lines), when)


def is_qualitative(target: Row, about: About) -> bool:
    """Whether a target is read as 定性."""
    names = ("一级指标", "二级指标", "三级指标", "指标性质", "度量单位", "指标方向")
    level1, level2, name, sign, unit, direction = (target[column] for column in names)
    beside = TargetContext(level1, level2, name, sign, unit, direction, about.money_unit, about.year or 2000)
    return read_target(target["指标值"], beside).kind is Kind.QUALITATIVE


def color(sheet: Any, cells: str, when: str) -> None:  # noqa: ANN401
    """Cells that are coloured while a condition holds."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    rule = Rule("expression", formula=[when], dxf=DifferentialStyle(fill=PatternFill("solid", bgColor=MISSING)))
    sheet.conditional_formatting.add(cells, rule)


CHOICES: Mapping[str, tuple[str, ...]] = {
    TIER: tuple(TIER_WORDS[tier] for tier in Tier),
    "指标性质": ("≥", ">", "≤", "<", "=", "定性"),
    "指标方向": ("正向", "反向"),
}
"""Columns in which one of a few words is chosen."""


def offer_choices(sheet: Any, spec: TableSpec, last: int) -> None:  # noqa: ANN401
    """Lists to choose from; anything else that is typed is asked about."""
    from openpyxl.worksheet.datavalidation import DataValidation

    for at, column in enumerate(spec.columns, 1):
        if words := CHOICES.get(column.name):
            choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
            choice.errorTitle, choice.error = column.name, f"请从 {'、'.join(words)} 中选择，或留空"
            choice.showErrorMessage = True
            choice.add(f"{letter(at)}2:{letter(at)}{last}")
            sheet.add_data_validation(choice)


def guard(sheet: Any) -> None:  # noqa: ANN401
    """Only cells to fill in can be changed; there is no password: it guards against slips, not against people."""
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "insertRows", "autoFilter", "sort"):
        setattr(sheet.protection, allowed, False)


# ── A workbook that is there ──


def changed_table(data: bytes, merged: Update) -> bytes:
    """A person's workbook of one table with some cells renewed and rows added; everything else as it was."""
    book = loaded(data)
    spec = merged.spec
    change_sheet(book[spec.sheet] if spec.sheet in book.sheetnames else book.worksheets[0], merged)
    return bytes_of(book)


def changed_entry_workbook(data: bytes, changed: Sequence[Update], about: About) -> bytes:
    """The same for 填报表.xlsx, where targets are shown beside the actuals and 说明 counts what is there."""
    book = loaded(data)
    for merged in changed:
        change_sheet(book[merged.spec.sheet], merged)
    rows = {spec.name: rows_in(book[spec.sheet], spec) for spec in SPECS}
    show_targets(book[ACTUALS.sheet], rows)
    if GUIDE in book.sheetnames:
        book.remove(book[GUIDE])
    filled = {name: [row for row in listed if row["项目编号"]] for name, listed in rows.items()}
    write_guide(book.create_sheet(GUIDE, 0), filled, about)
    return bytes_of(book)


def loaded(data: bytes) -> Any:  # noqa: ANN401
    """A workbook that can be written again."""
    from openpyxl import load_workbook

    return load_workbook(BytesIO(data))


def columns_in(sheet: Any, spec: TableSpec) -> tuple[int, dict[str, int]]:  # noqa: ANN401
    """The line of the header, and where each column of the table stands."""
    head = next(line for line in range(1, sheet.max_row + 1) if any(c.value for c in sheet[line]))
    found = [(spec.find(str(cell.value or "")), cell.column) for cell in sheet[head]]
    return head, {name: at for name, at in reversed(found) if name}


def change_sheet(sheet: Any, merged: Update) -> None:  # noqa: ANN401
    """Cells renewed, rows added at the end."""
    head, places = columns_in(sheet, merged.spec)
    columns = {column.name: column for column in merged.spec.columns}
    for change in merged.changes:
        put(sheet.cell(change.line, places[change.column]), columns[change.column], change.text)
    last = max((c.row for row in sheet.iter_rows() for c in row if c.value not in {None, ""}), default=head)
    for line, row in enumerate(merged.added, last + 1):
        for name, at in places.items():
            write_cell(sheet.cell(line, at), merged.spec, columns[name], row.get(name, ""))


def rows_in(sheet: Any, spec: TableSpec) -> list[Row]:  # noqa: ANN401
    """All lines below the header by column, blank ones too, so that the first stands in the line below it."""
    head, places = columns_in(sheet, spec)
    lines = range(head + 1, sheet.max_row + 1)
    texts = [{name: str(sheet.cell(line, at).value or "") for name, at in places.items()} for line in lines]
    return [complete(spec, row) for row in texts]


def show_targets(sheet: Any, rows: Mapping[str, Sequence[Row]]) -> None:  # noqa: ANN401
    """What the targets ask for now, beside the actuals."""
    head, places = columns_in(sheet, ACTUALS)
    for line, row in enumerate(with_targets(rows["actuals"], rows["targets"]), head + 1):
        for column in ACTUALS.columns:
            if column.shown and column.name in places and row[column.name]:
                put(sheet.cell(line, places[column.name]), column, row[column.name])


def saved(book: Any, about: About) -> bytes:  # noqa: ANN401
    """The file, the same for the same rows."""
    return packed(bytes_of(book), properties(about.title, str(about.year or ""), about.unit))


def bytes_of(book: Any) -> bytes:  # noqa: ANN401
    """A workbook as a file."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()
