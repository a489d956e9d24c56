"""XLSX → rows of texts as the first sheet shows them, with every problem in its place.

The sheet is walked with openpyxl's parser, not as its worksheet: a merge over the whole sheet or a
lone cell at XFD1048576 then costs nothing, and the dimensions in the file need not be true.
Imported late (by `tables`), because openpyxl is slow to load.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from selfeval.base.diagnostics import Diagnostic, finding, of_reading, with_hint
from selfeval.base.marks import hidden, without_hidden
from selfeval.base.model import Place
from selfeval.base.remarks import Reading, hidden_in, reading
from selfeval.reading.table_files import import_it, looks_like_form

MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
"""Sheets of equal rows pack about 50 : 1; beyond this it is a zip bomb, if it is large at all."""
RATIO_MATTERS_FROM = 10_000_000
MAX_COLUMNS = 100
MAX_ROWS = 1_048_576

# Date formats of Chinese Excel and WPS without a text, unknown to openpyxl (ECMA-376, 18.8.30).
_MONTHS = dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"')
_DAYS = dict.fromkeys((28, 29, 30, 31, 51, 53, 54, 58), 'yyyy"年"m"月"d"日"')
_TIMES = dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm:ss")
_CHINESE_DATES = _MONTHS | _DAYS | _TIMES

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_CODED = re.compile(r"_x(000D|005F(?=_x[0-9A-Fa-f]{4}_))_")
"""A carriage return as Office writes it into a text, and an underscore that only seems to begin such a code."""
_PERCENT = re.compile(r"(?:\.([0#?]*))?%")

Line = tuple[int, tuple[str, ...]]
Sheet = tuple[list[Line], list[Diagnostic]]
Aside = Callable[[list[Line]], Container[int]]
"""The numbers of the rows in which cells may be merged: titles and notes beside a table."""


def nothing(_: list[Line]) -> Container[int]:
    """Every row belongs to the table."""
    return ()


def read_workbook(data: bytes, file: str, sheet: str = "", known: Iterable[str] = (), aside: Aside = nothing) -> Sheet:
    """The rows of a sheet (the first where none is named), each with its number. What is refused has none.

    `known`: sheets beside it that hold something and need not be mentioned.
    """
    lines, problems = _read(data, file, sheet, known, aside)
    return lines, [replace(problem, sheet=sheet if problem.code != "T028" else "") for problem in problems]


def _read(data: bytes, file: str, sheet: str, known: Iterable[str], aside: Aside) -> Sheet:
    if remark := refusal(data):
        return [], [of_reading(remark, Place(file))]
    try:
        return _sheet(data, file, sheet, known, aside)
    except Exception as error:  # noqa: BLE001 (openpyxl raises anything on broken XML)
        return [], [finding("T019.broken", Place(file), error=type(error).__name__)]


def refusal(data: bytes) -> Reading | None:
    """Why a file is not opened at all: not a zip, encrypted, or far too large once unpacked."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return reading("T019.old")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
    except Exception:  # noqa: BLE001 (a forged zip directory raises more than BadZipFile)
        return reading("T019.other")
    if any(member.flag_bits & 1 for member in members):
        return reading("T019.password")
    size = sum(member.file_size for member in members)
    if size > MAX_UNPACKED:
        return reading("T019.size", limit=MAX_UNPACKED // 1_000_000)
    if size > RATIO_MATTERS_FROM and size > MAX_RATIO * len(data):
        return reading("T019.ratio", ratio=MAX_RATIO)
    return None


_WRITTEN = re.compile(r"\s*\d[\d,.]{0,20}\s*[(（]?[%‰％\u4e00-\u9fff]{1,8}[)）]?\s*")
"""`=100.00(%)`: a target that a program wrote as a formula; no cell, operator or function stands in it."""


class SheetParser(WorkSheetParser):
    """openpyxl's parser, which also tells a formula never calculated from an empty cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:  # noqa: ANN401
        """One cell as openpyxl tells it: value, data_type, style_id, row, column."""
        cell: dict[str, Any] = super().parse_cell(element)
        # A result that is an empty text has t="str".
        uncalculated = element.get("t") != "str" and not element.findtext(VALUE_TAG)
        formula = element.findtext(FORMULA_TAG)
        if uncalculated and formula is not None:
            is_text = bool(_WRITTEN.fullmatch(formula))
            cell |= {"value": f"={formula}", "data_type": "s"} if is_text else {"data_type": "f"}
        return cell


@contextmanager
def opened(data: bytes, *, rich_text: bool = False, formulas: bool = False) -> Iterator[Any]:
    """A workbook as openpyxl reads it, without links, its formulas or what they gave; raises anything on broken XML.

    `rich_text`: texts in several looks are told part by part, each with its font.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = {"read_only": True, "data_only": not formulas, "keep_links": False, "rich_text": rich_text}
        with closing(load_workbook(BytesIO(data), **told)) as book:
            yield book


@contextmanager
def walked(book: Any, sheet: Any, *, rich_text: bool = False) -> Iterator[SheetParser]:  # noqa: ANN401 - openpyxl's
    """A sheet's parser: `parse()` gives (line, cells), after which `merged_cells` is known."""
    with sheet._get_source() as source:  # noqa: SLF001
        yield _parser(book, sheet, source, rich_text=rich_text)


def _sheet(data: bytes, file: str, title: str, known: Iterable[str], aside: Aside) -> Sheet:
    with opened(data) as book:
        sheet = next((sheet for sheet in book.worksheets if title in {"", sheet.title.strip()}), None)
        if sheet is None:
            return [], [_no_sheet(title, file)]
        with walked(book, sheet) as parser:
            lines, problems = _lines(parser, number_formats(book), file)
        problems += _unread(book, (sheet.title, *known), file)
    merged = _merged(parser, file, lines, aside)
    return ([], merged) if merged else (lines, problems)


def _unread(book: Any, known: Container[str], file: str) -> list[Diagnostic]:  # noqa: ANN401
    """T028: sheets that hold something and are read by nobody; T030 and T031 of the names of any."""
    titles = [sheet.title for sheet in book.worksheets]
    found = [of_reading(hidden_in(title, without_hidden(title)), Place(file)) for title in filter(hidden, titles)]
    unread = [sheet.title for sheet in book.worksheets if sheet.title not in known and _holds_something(book, sheet)]
    if unread:
        found.append(finding("T028", Place(file), sheets=tuple(title[:40] for title in unread[:10])))
    return found


def _holds_something(book: Any, sheet: Any) -> bool:  # noqa: ANN401
    with walked(book, sheet) as parser:
        return any(cell["value"] not in {None, ""} for _, cells in parser.parse() for cell in cells)


def _no_sheet(title: str, file: str) -> Diagnostic:
    if not title:
        return finding("T019.no_sheet", Place(file))
    return finding("T006.sheet", Place(file), name=title)


def number_formats(book: Any) -> dict[int, str]:  # noqa: ANN401
    """The number format of each cell style."""
    known = BUILTIN_FORMATS | _CHINESE_DATES
    custom = dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))  # noqa: SLF001
    styles = enumerate(book._cell_styles)  # noqa: SLF001
    return {i: (known | custom).get(style.numFmtId, "General") for i, style in styles}


def _parser(book: Any, sheet: Any, source: Any, *, rich_text: bool) -> SheetParser:  # noqa: ANN401
    chinese = {i for i, s in enumerate(book._cell_styles) if s.numFmtId in _CHINESE_DATES}  # noqa: SLF001
    return SheetParser(
        source,
        sheet._shared_strings,  # noqa: SLF001
        data_only=True,
        epoch=book.epoch,
        date_formats=book._date_formats | chinese,  # noqa: SLF001
        timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        rich_text=rich_text,
    )


def _lines(parser: SheetParser, formats: dict[int, str], file: str) -> Sheet:
    lines: list[Line] = []
    problems: list[Diagnostic] = []
    far = 0
    for line, cells in parser.parse():
        if line > MAX_ROWS:
            return [], [finding("T019.row", Place(file), row=line)]
        problems += (_problem(c, line, file) for c in cells if c["data_type"] in ("e", "f"))
        texts = {c["column"]: shown(c, formats) for c in cells if c["value"] is not None}
        lines.append((line, _row(texts)))
        far = far or next((c for c, text in texts.items() if c > MAX_COLUMNS and text), 0)
    if far:
        problems.append(finding("T005.far", Place(file, 1, far), number=far, last=MAX_COLUMNS))
    return lines, problems


def _row(texts: dict[int, str]) -> tuple[str, ...]:
    """Cells side by side, up to the last one that holds something."""
    width = max((column for column, text in texts.items() if text), default=0)
    return tuple(texts.get(column, "") for column in range(1, min(width, MAX_COLUMNS) + 1))


def _problem(cell: dict[str, Any], line: int, file: str) -> Diagnostic:
    name = f"{get_column_letter(cell['column'])}{line}"
    place = Place(file, line, cell["column"])
    if cell["data_type"] == "e":
        return finding("T022", place, cell=name, value=str(cell["value"]))
    return finding("T023", place, cell=name)


def merged_ranges(parser: SheetParser) -> list[Any]:
    """The merged ranges of a sheet that was walked, from its head to its foot."""
    ranges = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return sorted(ranges, key=lambda r: (r.min_row, r.min_col))


def _merged(parser: SheetParser, file: str, lines: list[Line], aside: Aside) -> list[Diagnostic]:
    ranges = merged_ranges(parser)
    harmless = aside(lines) if ranges else ()
    ranges = [r for r in ranges if not all(row in harmless for row in range(r.min_row, r.max_row + 1))]
    if ranges and looks_like_form(values for _, values in lines):
        place = Place(file, ranges[0].min_row, ranges[0].min_col)
        return [with_hint(finding("T015.form", place), import_it(file))]
    return [finding("T015.cell", Place(file, r.min_row, r.min_col), cell=r.coord) for r in ranges]


def shown(cell: dict[str, Any], formats: dict[int, str]) -> str:
    """The text of a cell as a person sees it, with no digit lost."""
    value = cell["value"]
    form = formats.get(cell["style_id"], "General")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_shown(value, form)
    if isinstance(value, datetime):
        return date_text(value, digits_of(form).lower())
    return _CODED.sub(lambda code: "_" if code[1] == "005F" else "", str(value))


def digits_of(form: str) -> str:
    """The part of a number format that says how digits are shown: no literals, for positive numbers."""
    return _LITERAL.sub("", form).split(";")[0]


_SCALED = re.compile(r"[0#?],+(?![0#?,])|!\\.|\\\\\\.")


def is_scaled(form: str) -> bool:
    """Whether a number format shows fewer digits than there are: `0!.0,` makes 1200000 look like 120.0."""
    return bool(_SCALED.search(form.split(";", maxsplit=1)[0]))


_WORDS = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|_.|\*.|\[[^\]]*\]|([^"\\])')
_FIRST = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_PLACES = re.compile(r"(.*?)(?:General|[#0?](?:.*[#0?])?)[\s%.,]*(.*)", re.DOTALL)
_OWN_MONEY = re.compile(r"[¥￥]|CNY|RMB|[()\s,+\-]")
"""What a format prints around any amount, and says nothing of the value."""


def number_shown(value: float, form: str) -> str:
    """A number with the words that its format prints beside it: 12 as `0"项"` is 12项, 95 as `0"%"` is 95%.

    A format that shows fewer digits than there are (`0!.0,"万"`) or that depends on the value adds none.
    """
    number = number_text(value, digits_of(form))
    if is_scaled(form) or "[<" in form or "[>" in form or "[=" in form:
        return number
    first = _FIRST.match(form)
    marked = _WORDS.sub(_marked, first[0] if first else "")
    around = _PLACES.fullmatch(marked)
    before, after = (_OWN_MONEY.sub("", _unmarked(part)) for part in around.groups()) if around else ("", "")
    return f"{before}{number}{after.replace('%', '') if number.endswith('%') else after}"


def _marked(match: re.Match[str]) -> str:
    """The characters of a literal moved away from those that mean digits, everything else as it is."""
    words = match[1] or match[2] or match[3]
    return "".join(chr(ord(c) + _AWAY) for c in words if ord(c) < _AWAY) if words else match[4] or ""


_AWAY = 0x20000


def _unmarked(text: str) -> str:
    return "".join(chr(ord(c) - _AWAY) if ord(c) >= _AWAY else c for c in text)


def number_text(value: float, form: str) -> str:
    """Without exponent and float noise; percentages and leading zeros as the format shows them."""
    # 15 significant digits are all that Excel keeps; what lies behind them is binary noise.
    number = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    percent = _PERCENT.search(form)
    if not number.is_finite():
        return str(value)
    if percent:
        return plain(number.scaleb(2), (percent[1] or "").count("0")) + "%"
    padded = len(form) if set(form) == {"0"} else 0
    return plain(number, 0).zfill(padded)


def plain(number: Decimal, decimals: int) -> str:
    """All digits of a number, and at least so many decimals."""
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def date_text(value: datetime, form: str) -> str:
    """ISO; a month or year alone stays one: Excel turns a typed 2021年12月 into 1 December."""
    if "d" not in form and "h" not in form and "y" in form:
        if "m" in form and value.day == 1:
            return f"{value.year}年{value.month}月"
        if "m" not in form and (value.month, value.day) == (1, 1):
            return f"{value.year}年"
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
