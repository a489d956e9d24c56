"""A worksheet filled row by row: texts that stay texts, numbers that stay exact, formulas with their result.

Row heights are worked out here, since no spreadsheet program fits the height of merged cells by itself; a
row that would be higher than a spreadsheet allows becomes several, merged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary
from zipfile import ZipFile

from selfeval.base.text_width import column_lines
from selfeval.report.office import clean, mark_of, packed, properties
from selfeval.report.pages.views import Marks

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.styles import Alignment, Border, Font, PatternFill
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet


HIGHEST = 405
"""The highest row we make, in pt; Excel's limit is 409."""

SMALLER = (9, 8)
"""Type for texts that would not fit one row otherwise, in pt."""

LONGEST = 32_000
"""How long the text of a cell may be; Excel's limit is 32767, and it repairs a file that goes beyond."""

UNIT, LINE, PADDING = 5.25, 1.34, 6
"""Width of a column unit in pt, height of a line in sizes, room above and below a text in pt."""

RISKY = tuple("=+-@＝＋－＠#|'")
"""What a spreadsheet program might take for a formula or an error when a person edits the cell."""

ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""An underscore that Office would read as the beginning of a coded character."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. `form` is the number format; sizes in pt."""

    face: str = "仿宋"
    size: float = 10.5
    across: str = "left"
    form: str = "General"
    bold: bool = False
    color: str = "000000"
    fill: str = ""
    lined: bool = True
    indent: int = 0


TEXT = Look()
MIDDLE = Look(across="center")
LABEL = Look(face="黑体", across="center", fill="F2F2F2")
NUMBER = Look(face="Times New Roman", across="center")
POINTS = replace(NUMBER, form="0.00")
WHOLE = replace(NUMBER, form="0")
RATE = replace(NUMBER, form="0.00%")
MONEY = replace(NUMBER, across="right", form="#,##0.00??????")
TITLE = Look(face="宋体", size=18, across="center", bold=True, lined=False)
UNDER_TITLE = Look(face="楷体", size=12, across="center", lined=False)
MARK = Look(face="黑体", size=11, across="right", color="B00020", lined=False)
PLAIN = Look(lined=False)


FormulaResult = str | Decimal | Fraction
"""What a formula comes to."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula and what it comes to, so that a program that does not calculate shows it too."""

    text: str
    result: FormulaResult


Value = str | Decimal | Fraction | Formula
"""What stands in a cell. An input's text is always a `str`, and a `str` never becomes anything but text."""


@dataclass(frozen=True, slots=True)
class BoardItem:
    """A cell of a row, from one column to another (counted from 1)."""

    first: int
    last: int
    value: Value
    look: Look = TEXT


@dataclass(slots=True)
class Board:
    """A worksheet being filled from top to bottom. Mutable: it knows where it stands and what its formulas give."""

    sheet: Worksheet
    widths: Sequence[float]
    top: int = 1
    results: dict[str, FormulaResult] = field(default_factory=dict)

    def row(self, *items: BoardItem, least: float = 20) -> int:
        """Writes a row and returns its number; a very high one takes several rows of the sheet, merged."""
        items = tuple(self._fitted(item) for item in items)
        at, height = self.top, max(least, *(self.height(item) for item in items))
        rows = -int(-height // HIGHEST)
        for row in range(at, at + rows):
            self.sheet.row_dimensions[row].height = round_up(height / rows)
        for item in items:
            self.place(item, at, at + rows - 1)
        self.top += rows
        return at

    def place(self, item: BoardItem, first: int, last: int) -> None:
        """A cell over these rows, for labels that run beside several.

        All cells under it are dressed, so openpyxl need not draw the borders again (most of a workbook's time) nor look
        for the range among all others: it is only noted.
        """
        from openpyxl.worksheet.cell_range import CellRange

        for row in range(first, last + 1):
            for column in range(item.first, item.last + 1):
                dress(self._cell(row, column), item.look)
        if (first, item.first) != (last, item.last):
            over = CellRange(min_col=item.first, min_row=first, max_col=item.last, max_row=last)
            self.sheet.merged_cells.ranges.add(over)
        self._fill(self._cell(first, item.first), item.value)

    def _cell(self, row: int, column: int) -> Cell:
        """One cell, always a real one."""
        from openpyxl.cell.cell import Cell

        cell = self.sheet.cell(row, column)
        if not isinstance(cell, Cell):
            raise TypeError(cell)
        return cell

    def _fitted(self, item: BoardItem) -> BoardItem:
        """A long text in type small enough for one row, if there is any; else in the smallest."""
        sizes = [item.look.size, *(size for size in SMALLER if size < item.look.size)]
        choices = [replace(item, look=replace(item.look, size=size)) for size in sizes]
        return next((choice for choice in choices if self.height(choice) <= HIGHEST), choices[-1])

    def height(self, item: BoardItem) -> float:
        """What a text takes in its columns, in pt."""
        text = item.value if isinstance(item.value, str) else ""
        room = sum(self.widths[item.first - 1 : item.last]) * UNIT - item.look.indent * item.look.size
        high = column_lines(clean(text)[:LONGEST], max(1, int(room // item.look.size)))
        return high * item.look.size * LINE + PADDING

    def _fill(self, cell: Cell, value: Value) -> None:
        """The value with its type set, whatever it looks like."""
        if isinstance(value, Formula):
            cell.value = f"={value.text}"
            self.results[cell.coordinate] = value.result
        elif isinstance(value, str):
            write_text(cell, value)
        elif fits(value):
            cell.value = float(value)
        else:
            write_text(cell, f"{value:f}")


def write_text(cell: Cell, text: str) -> None:
    """A text that stays one, also after a person has edited the cell."""
    held = clean(text)
    held = held if len(held) <= LONGEST else f"{held[:LONGEST]}…（以下从略）"
    cell.value = ESCAPED.sub("_x005F_", held)
    cell.data_type = "s"
    cell.quotePrefix = held.lstrip().startswith(RISKY)


def fits(value: Decimal | Fraction) -> bool:
    """Whether a spreadsheet holds a number without losing a digit (15 of them); a rate need not end."""
    return isinstance(value, Fraction) or Decimal(f"{float(value):.15g}") == value


def round_up(height: float) -> float:
    """A height in quarters of a point, as Excel keeps them."""
    return -(-height * 4 // 1) / 4


def column(number: int) -> str:
    """1 → A. No sheet here has more than 26 columns… but levels are data, so it goes on after Z."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


# ── Style ──


_kept: WeakKeyDictionary[Workbook, dict[Look, StyleArray]] = WeakKeyDictionary()
"""What each look came to in a workbook: openpyxl looks for it among all styles otherwise, which is most of a cell."""


def dress(cell: Any, look: Look) -> None:  # noqa: ANN401 - openpyxl's own style of a cell has no type
    """The look of one cell; one that has a fill already keeps it where the look has none."""
    styles = _kept.setdefault(cell.parent.parent, {})
    if cell.has_style:
        _dressed(cell, look)
    elif look in styles:
        cell._style = copy(styles[look])  # noqa: SLF001 - there is no other way to give a cell another's style
    else:
        _dressed(cell, look)
        styles[look] = copy(cell._style)  # noqa: SLF001


def _dressed(cell: Cell, look: Look) -> None:
    """A look set part by part."""
    cell.font, cell.alignment, cell.border, fill = _styles(look)
    if fill is not None:
        cell.fill = fill
    cell.number_format = look.form


@cache
def _styles(look: Look) -> tuple[Font, Alignment, Border, PatternFill | None]:
    """A look in the words of openpyxl."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color="000000") if look.lined else Side()
    return (
        Font(name=look.face, size=look.size, bold=look.bold, color=look.color),
        Alignment(horizontal=look.across, vertical="center", wrap_text=True, indent=look.indent),
        Border(left=side, right=side, top=side, bottom=side),
        PatternFill("solid", fgColor=look.fill) if look.fill else None,
    )


# ── Sheets and the file ──


def board(workbook: Workbook, title: str, widths: Sequence[float], marks: Marks) -> Board:
    """A new sheet: column widths and the print set-up of a wide table."""
    sheet = workbook.create_sheet(title)
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[column(number)].width = width
    set_up_print(sheet, mark_of(marks))
    return Board(sheet, widths)


def set_up_print(sheet: Worksheet, mark: str) -> None:
    """A4 across, as wide as the page, `— 1 —` outside: right on odd pages, left on even ones; the mark on top."""
    from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.paperSize = "9"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    sheet.page_margins = PageMargins(left=0.79, right=0.79, top=0.95, bottom=0.87, header=0.5, footer=0.45)
    head, number = _HeaderFooterPart(text=mark or None, color="B00020"), _HeaderFooterPart(text="— &P —")
    sheet.HeaderFooter = HeaderFooter(
        differentOddEven=True,
        oddHeader=HeaderFooterItem(center=head),
        evenHeader=HeaderFooterItem(center=head),
        oddFooter=HeaderFooterItem(right=number),
        evenFooter=HeaderFooterItem(left=number),
    )


def freeze(made: Board, row: int, column_: int = 1) -> None:
    """Keeps what is above the row and left of the column on the screen."""
    made.sheet.freeze_panes = f"{column(column_)}{row}"


def repeat(made: Board, first: int, last: int) -> None:
    """These rows again at the top of every printed page."""
    made.sheet.print_title_rows = f"{first}:{last}"


def finish(made: Board) -> None:
    """Prints what is filled and nothing else."""
    made.sheet.print_area = f"A1:{column(len(made.widths))}{made.top - 1}"


def new_workbook() -> Workbook:
    """An empty workbook that is calculated when it is opened."""
    from openpyxl import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.calculation.fullCalcOnLoad = True
    return workbook


def saved(workbook: Workbook, boards: Sequence[Board], title: str, marks: Marks) -> bytes:
    """The file, with the results of the formulas beside them: a program that only shows it has them too."""
    out = BytesIO()
    workbook.save(out)
    data = out.getvalue()
    return packed(data, {**properties(title, marks.year, marks.unit), **_with_results(data, boards)})


CALCULATED = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f>.*?</f>)<v\s*(?:/>|></v>)</c>')
"""A formula's cell as openpyxl writes it: without a value."""


def _with_results(data: bytes, boards: Sequence[Board]) -> Mapping[str, bytes]:
    """The sheets' XML with the results filled in; openpyxl numbers the sheets in their order."""
    with ZipFile(BytesIO(data)) as given:
        names = [f"xl/worksheets/sheet{at}.xml" for at in range(1, len(boards) + 1)]
        sheets = [given.read(name).decode() for name in names]
    filled = (CALCULATED.sub(partial(_calculated, made.results), xml) for made, xml in zip(boards, sheets, strict=True))
    return {name: xml.encode() for name, xml in zip(names, filled, strict=True)}


def _calculated(results: Mapping[str, FormulaResult], cell: re.Match[str]) -> str:
    """One cell with its formula and its result."""
    result = results[cell[1]]
    kind, value = (' t="str"', escape(clean(result))) if isinstance(result, str) else ("", f"{float(result):.15g}")
    return f'<c r="{cell[1]}"{cell[2]}{kind}>{cell[3]}<v>{value}</v></c>'
