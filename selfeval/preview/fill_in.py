"""What was filled in from the browser: tried by the same scorer, and saved into the files that it belongs to."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from selfeval.base.files import replace_file, sweep, within
from selfeval.base.marks import turning, without_hidden
from selfeval.base.model import Place, Scorecard
from selfeval.base.phrases import phrase
from selfeval.base.safe_cells import guarded
from selfeval.base.text import clean
from selfeval.evaluation.pipeline import Evaluated, evaluate
from selfeval.evaluation.result import Result
from selfeval.preview.entry_fields import NUMBERS, TABLE_OF, EntryRow, EntryTable, entry_rows, grouped, has, table_in
from selfeval.preview.state import CLOSED, View, base_of, entered_bytes, fit_to_show
from selfeval.reading.csv_edit import Sheet, UnwritableError, empty_table, rewritten, take_apart, value_in
from selfeval.reading.tables import TableRow

MAX_TEXT = 10_000
"""Characters of one cell."""


@dataclass(frozen=True, slots=True)
class SaveConflict:
    """A cell that two people have filled in: as the file has it now, and as the browser has it."""

    row: str
    name: str
    column: str
    theirs: str
    mine: str


class RefusedChangeError(ValueError):
    """A change that is not taken. The text says why, in Chinese.

    `stale`: the file was changed meanwhile; `clashes`: the cells that somebody else has filled in otherwise.
    """

    def __init__(self, message: str, *, stale: bool = False, clashes: Sequence[SaveConflict] = ()) -> None:
        super().__init__(message)
        self.stale = stale
        self.clashes = tuple(clashes)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell as the browser has it: of which row, of which column (which says the table), its new text.

    `was`: what stood there when it was first changed; None where the browser does not say.
    """

    row: str
    column: str
    text: str
    was: str | None = None


Named = Mapping[tuple[EntryTable, str], EntryRow]
"""What can be filled in for a project, by table and id."""
Wanted = tuple[EntryRow, FieldChange]
"""A change with the row that it is in."""


def card_of(result: Result, project: str) -> Scorecard | None:
    """The scorecard of a project, or of the unit itself."""
    return next((card for card in result.cards if card.project.id == project), None)


def named(result: Result, card: Scorecard) -> Named:
    """The rows of a project by what a browser calls them."""
    return {(entry.table, entry.id): entry for entry in entry_rows(card, grouped(result))}


def changes_of(given: object) -> tuple[FieldChange, ...]:
    """What a browser sent, as changes; anything strange is refused."""
    if not isinstance(given, list):
        raise RefusedChangeError(phrase("请求的内容不对"))
    return tuple(_change(item) for item in given)


def _change(item: object) -> FieldChange:
    names = ("row", "column", "text")
    values = [item.get(name) if isinstance(item, dict) else None for name in names]
    if not all(isinstance(value, str) for value in values) or values[1] not in TABLE_OF:
        raise RefusedChangeError(phrase("请求的内容不对"))
    row, column, text = map(str, values)
    was = item.get("was") if isinstance(item, dict) else None
    if guarded(text) != text:
        raise RefusedChangeError(phrase("“{text}”像电子表格的公式；请去掉开头的 =、+、-、@", text=text[:20]))
    if turning(text):
        raise RefusedChangeError(phrase("文字里有改变文字方向的字符"))
    return FieldChange(row, column, plain(text), plain(was) if isinstance(was, str) else None)


def plain(text: str) -> str:
    """A text as it may stand in a cell: one kind of line end, no control characters, not too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(lines) > MAX_TEXT:
        raise RefusedChangeError(phrase("一格最多 {most} 字", most=MAX_TEXT))
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in lines):
        raise RefusedChangeError(phrase("文字里有不能写入表格的控制字符"))
    return clean(lines)


# ── Into the files ──


def files_with(
    result: Result, card: Scorecard, changes: Sequence[FieldChange], contents: Mapping[Path, bytes]
) -> dict[Path, bytes]:
    """The new content of the files that these changes are in, from what they hold; raises `RefusedChangeError`."""
    rows = named(result, card)
    by_file: dict[Path, list[Wanted]] = defaultdict(list)
    for change in changes:
        entry = entry_of(rows, change)
        if plain(entry.text(change.column)) != change.text:
            by_file[file_of(result, entry, change.column, rows.values())].append((entry, change))
    return {path: content_with(path, contents.get(path), wanted) for path, wanted in by_file.items()}


def entry_of(rows: Named, change: FieldChange) -> EntryRow:
    """The row that a change is in."""
    table = TABLE_OF[change.column]
    entry = rows.get((table, change.row))
    if entry is None:
        raise RefusedChangeError(phrase("没有{what:_}“{row}”；请重新打开本页再填", what=table.row, row=change.row[:40]))
    return entry


def file_of(result: Result, entry: EntryRow, column: str, others: Iterable[EntryRow]) -> Path:
    """The file that a cell stands in, or would come into: that of the project's other rows, the first, a new one."""
    if entry.row:
        return result.folder.parent / entry.row.place_of(column).file
    beside = [other.row.place.file for other in others if other.row and other.table is entry.table]
    names = beside or list(table_in(result, entry.table).files)
    return result.folder.parent / names[0] if names else result.folder / f"{entry.table.spec.name}.csv"


def content_with(path: Path, content: bytes | None, wanted: Sequence[Wanted]) -> bytes:
    """One file with these cells written, its rows still those that were read."""
    if content == CLOSED or (content is None and any(entry.row for entry, _ in wanted)):
        raise RefusedChangeError(phrase("{file} 打不开，可能正被别的程序占用", file=path.name))
    try:
        return book_with(content or b"", wanted) if path.suffix.lower() == ".xlsx" else csv_with(content, wanted)
    except UnwritableError as error:
        raise RefusedChangeError(phrase("{file}：{error}", file=path.name, error=error.args[0])) from None


def book_with(book: bytes, wanted: Sequence[Wanted]) -> bytes:
    """A workbook with single cells of rows that are there written anew, sheet by sheet."""
    from selfeval.reading.xlsx_edit import changed_workbook

    cells = sorted(((cell_of(entry, change.column), entry, change) for entry, change in wanted), key=_sheet)
    for sheet, group in groupby(cells, key=_sheet):
        some = list(group)
        texts = {(cell.line, cell.column): change.text for cell, _, change in some}
        keys = {at: text for cell, entry, _ in some for at, text in key_cells(cell, entry.table).items()}
        amounts = [(cell.line, cell.column) for cell, _, change in some if change.column in NUMBERS]
        book = changed_workbook(book, sheet, texts, keys, amounts)
    return book


def _sheet(wanted: tuple[Place, EntryRow, FieldChange]) -> str:
    return wanted[0].sheet


def cell_of(entry: EntryRow, column: str) -> Place:
    """Where a cell stands; raises `UnwritableError` where there is none."""
    if entry.row and has(entry.row, column):
        return entry.row.place_of(column)
    column_or_row = (
        phrase("“{column}”这一列", column=column) if entry.row else phrase("这个{row:_}的行", row=entry.table.row)
    )
    raise UnwritableError(phrase("工作簿里没有{what}；请用 Excel 或 WPS 加上，保存后本页自动更新", what=column_or_row))


def key_cells(cell: Place, table: EntryTable) -> dict[tuple[int, int], str]:
    """What was read in the cells that name a cell's row, in the file that it stands in."""
    row = cell.row
    assert isinstance(row, TableRow)  # noqa: S101 - the place of a cell knows its row
    return {(cell.line, row.place_of(name).column): row.text(name) for name in table.key if has(row, name)}


def csv_with(content: bytes | None, wanted: Sequence[Wanted]) -> bytes:
    """A CSV with cells and rows written into it; a new file begins with its header."""
    table = wanted[0][0].table
    lines: dict[int, dict[str, str]] = defaultdict(dict)
    rows: dict[int, TableRow] = {}
    added: dict[str, dict[str, str]] = {}
    for entry, change in wanted:
        if entry.row:
            rows[entry.row.place.line] = entry.row
            lines[entry.row.place.line][change.column] = change.text
        else:
            added.setdefault(entry.id, dict(entry.new))[change.column] = change.text
    content = content or empty_table(table.spec)
    sheet = take_apart(content, table.spec)
    must_be_the_rows(sheet, rows, table)
    known = {*sheet.positions, *table.columns}
    new = [{name: text for name, text in texts.items() if name in known} for texts in added.values()]
    return rewritten(content, table.spec, lines, new)


def must_be_the_rows(sheet: Sheet, rows: Mapping[int, TableRow], table: EntryTable) -> None:
    """Ends the writing where another row stands on a line than was read there."""
    for record in sheet.records[1:]:
        row = rows.get(record.line)
        for name in table.key if row else ():
            there = value_in(record, sheet.positions.get(name, len(record.values)))
            if row and without_hidden(there) != without_hidden(row.text(name)):
                raise UnwritableError(
                    phrase("第 {line} 行已经不是原来的{row:_}；请重新打开本页再填", line=record.line, row=table.row)
                )


# ── Trying and saving ──


def tried(view: View, result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> Evaluated:
    """The evaluation as it would be if these changes were saved; nothing is written to it."""
    contents = entered_bytes(view.folder)
    changed = files_with(result, card, changes, contents)
    with TemporaryDirectory(prefix="selfeval-") as place:
        twin = Path(place) / view.folder.name
        twin.mkdir()
        for path, content in (contents | changed).items():
            copy = twin / path.relative_to(view.folder)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(content)
        return evaluate(view.folder, entered=twin)


def save(view: View, project: str, changes: Sequence[FieldChange], base: str) -> list[Path]:
    """Writes the changes into the files they belong to; gives those files. Raises `RefusedChangeError`.

    `base` is the state of the files that the page was made from. Where they have changed since, the two are merged
    cell by cell: only a cell that both have changed is a question. What was read is what is written anew.
    """
    contents = entered_bytes(view.folder)
    known = base == base_of(contents) == view.base and not view.stale
    now = view.result if known else latest(view)
    card = card_of(now, project) if now else None
    if now is None or card is None:
        raise RefusedChangeError(phrase("文件现在有误，请先按页面下方的提示改正，再保存"), stale=True)
    refuse_clashes(now, card, [c for c in changes if not known or c.was is not None])
    changed = files_with(now, card, changes, contents)
    if entered_bytes(view.folder) != contents or not all(within(path, view.folder) for path in changed):
        raise RefusedChangeError(phrase("文件在您填写期间被别的程序改过"), stale=True)
    sweep(view.folder, "actuals/")
    for path, content in changed.items():
        try:
            replace_file(path.resolve(), content)
        except OSError:
            message = phrase("{file} 写不进去，可能正被 Excel 或 WPS 打开；请关闭后再保存", file=path.name)
            raise RefusedChangeError(message) from None
    return list(changed)


def latest(view: View) -> Result | None:
    """The evaluation as its files are now; None where they lost something that the page shows."""
    evaluated = evaluate(view.folder)
    return evaluated.result if fit_to_show(view, evaluated) else None


def refuse_clashes(result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> None:
    """Ends the saving where a cell is another one than when it was first changed."""
    rows = named(result, card)
    wanted = [(entry_of(rows, change), change) for change in changes]
    clashes = [conflict_of(entry, change) for entry, change in wanted if not is_free(entry, change)]
    if clashes:
        message = phrase("有 {count} 格在您填写期间被别人改成了别的", count=len(clashes))
        raise RefusedChangeError(message, stale=True, clashes=clashes)


def is_free(entry: EntryRow, change: FieldChange) -> bool:
    """Whether a cell is still what it was before it was changed, or already what it is to become."""
    return plain(entry.text(change.column)) in {change.was, change.text}


def conflict_of(entry: EntryRow, change: FieldChange) -> SaveConflict:
    """The browser's change beside what the file says now."""
    return SaveConflict(entry.id, entry.name, change.column, entry.text(change.column), change.text)
