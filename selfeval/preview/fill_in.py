"""What was achieved, filled in from the browser: tried by the same scorer, and saved into the actuals' own files."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from selfeval.base.files import replace_file, sweep, within
from selfeval.base.model import Indicator, Scorecard
from selfeval.base.phrases import phrase
from selfeval.base.text import clean
from selfeval.evaluation.pipeline import Evaluated, evaluate
from selfeval.evaluation.result import Result
from selfeval.preview.state import CLOSED, View, actuals_bytes, base_of, fit_to_show
from selfeval.reading.columns import ACTUALS
from selfeval.reading.csv_edit import Sheet, Texts, UnwritableError, empty_table, rewritten, take_apart, value_in
from selfeval.reading.tables import TableRow

ACTUAL, TIER, POINTS, REASON, EVIDENCE = (
    "实际完成值",
    "完成档次",
    "自评得分",
    phrase("偏差原因分析及改进措施"),
    "佐证材料",
)
COLUMNS = (ACTUAL, TIER, POINTS, REASON, EVIDENCE)
"""What can be filled in, in the order of the page."""

KEY = ("项目编号", "二级指标", "三级指标", "指标编号")
"""What names the indicator of a row."""

MAX_TEXT = 10_000
"""Characters of one cell."""


@dataclass(frozen=True, slots=True)
class SaveConflict:
    """A cell that two people have filled in: as the file has it now, and as the browser has it."""

    indicator: str
    level3: str
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
    """One cell as the browser has it: of which indicator, of which column, its new text.

    `was`: what stood there when it was first changed; None where the browser does not say.
    """

    indicator: str
    column: str
    text: str
    was: str | None = None


Lines = dict[int, dict[str, str]]
"""The new texts of some rows of a file by their first line."""


def card_of(result: Result, project: str) -> Scorecard | None:
    """The scorecard of a project, or of the unit itself."""
    return next((card for card in result.cards if card.project.id == project), None)


def rows_by_place(result: Result) -> dict[tuple[str, int], TableRow]:
    """The rows of the actuals by file and line, those of the parts that have filled in their cells among them."""
    rows = result.tables.actuals.rows
    filled = {(place.file, place.line): row for row in rows for _, place in row.elsewhere}
    return filled | {(row.place.file, row.place.line): row for row in rows}


def cells_of(result: Result, card: Scorecard) -> dict[str, Texts]:
    """What stands in the files for every indicator of a project; empty where there is no row yet."""
    rows = rows_by_place(result)
    found: dict[str, Texts] = {}
    for indicator in (score.indicator for score in card.scores):
        place = indicator.actual_place
        row = rows.get((place.file, place.line)) if place else None
        found[indicator.id] = {column: row.text(column) if row else "" for column in COLUMNS}
    return found


def columns_of(result: Result) -> frozenset[str]:
    """The columns that the files have; of a table that is not there yet, all."""
    table = result.tables.actuals
    return frozenset(table.columns if table.files else COLUMNS) & frozenset(COLUMNS)


def changes_of(given: object) -> tuple[FieldChange, ...]:
    """What a browser sent, as changes; anything strange is refused."""
    if not isinstance(given, list):
        raise RefusedChangeError("请求的内容不对")
    return tuple(_change(item) for item in given)


def _change(item: object) -> FieldChange:
    names = ("indicator", "column", "text")
    values = [item.get(name) if isinstance(item, dict) else None for name in names]
    if not all(isinstance(value, str) for value in values) or values[1] not in COLUMNS:
        raise RefusedChangeError("请求的内容不对")
    indicator, column, text = map(str, values)
    was = item.get("was") if isinstance(item, dict) else None
    return FieldChange(indicator, column, plain(text), plain(was) if isinstance(was, str) else None)


def plain(text: str) -> str:
    """A text as it may stand in a cell: one kind of line end, no control characters, not too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(lines) > MAX_TEXT:
        raise RefusedChangeError(f"一格最多 {MAX_TEXT} 字")
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in lines):
        raise RefusedChangeError("文字里有不能写入表格的控制字符")
    return clean(lines)


def files_with(
    result: Result, card: Scorecard, changes: Sequence[FieldChange], contents: Mapping[Path, bytes]
) -> dict[Path, bytes]:
    """The new content of the files that these changes are in, from what they hold; raises `RefusedChangeError`."""
    cells = cells_of(result, card)
    real = [c for c in changes if c.indicator not in cells or plain(cells[c.indicator][c.column]) != c.text]
    known = {score.indicator.id: score.indicator for score in card.scores}
    strange = next((c.indicator for c in real if c.indicator not in known), None)
    if strange is not None:
        raise RefusedChangeError(f"没有指标“{strange[:40]}”")
    home = home_of(result, card)
    in_books = [c for c in real if is_workbook(file_of(known[c.indicator], home))]
    in_tables = [c for c in real if c not in in_books]
    return tables_with(result, card, in_tables, contents) | books_with(result, known, in_books, contents)


def file_of(indicator: Indicator, home: Path) -> str:
    """The name of the file that an indicator's row stands in, or would come into."""
    return indicator.actual_place.file if indicator.actual_place else home.name


def is_workbook(name: str) -> bool:
    """Whether a file is one of Excel."""
    return name.lower().endswith(".xlsx")


def books_with(
    result: Result, known: Mapping[str, Indicator], changes: Sequence[FieldChange], contents: Mapping[Path, bytes]
) -> dict[Path, bytes]:
    """The same for workbooks: single cells of rows that are there."""
    rows = rows_by_place(result)
    cells: dict[tuple[Path, str], dict[tuple[int, int], str]] = defaultdict(dict)
    for change in changes:
        place = known[change.indicator].actual_place
        row = rows.get((place.file, place.line)) if place else None
        cell = row.place_of(change.column) if row else None
        if cell is None or not cell.title:
            what = f"“{change.column}”这一列" if row else "这个指标的行"
            raise RefusedChangeError(f"工作簿里没有{what}；请用 Excel 或 WPS 加上，保存后本页自动更新")
        cells[result.folder.parent / cell.file, cell.sheet][cell.line, cell.column] = change.text
    return {path: book_with(path, contents.get(path, CLOSED), sheet, texts) for (path, sheet), texts in cells.items()}


def book_with(path: Path, content: bytes, sheet: str, texts: Mapping[tuple[int, int], str]) -> bytes:
    """One workbook with these cells written."""
    from selfeval.reading.xlsx_edit import changed_workbook

    if content == CLOSED:
        raise RefusedChangeError(f"{path.name} 打不开，可能正被别的程序占用")
    try:
        return changed_workbook(content, sheet, texts)
    except UnwritableError as error:
        raise RefusedChangeError(f"{path.name}：{error}") from None


def tables_with(
    result: Result, card: Scorecard, changes: Sequence[FieldChange], contents: Mapping[Path, bytes]
) -> dict[Path, bytes]:
    """The same for CSV files."""
    lines, added = sorted_out(result.folder.parent, card, changes)
    home = home_of(result, card)
    paths = [*lines, *([home] if added and home not in lines else [])]
    keys = {(result.folder.parent / row.place.file, row.place.line): row for row in result.tables.actuals.rows}
    return {
        path: new_content(
            path,
            contents.get(path),
            Edit(
                lines.get(path, {}),
                {line: names_in(keys[path, line]) for line in lines.get(path, {})},
                added if path == home else [],
            ),
        )
        for path in paths
    }


def sorted_out(parent: Path, card: Scorecard, changes: Sequence[FieldChange]) -> tuple[dict[Path, Lines], list[Texts]]:
    """Changes by file and line, and the rows to be added for indicators that have none."""
    known = {score.indicator.id: score.indicator for score in card.scores}
    lines: dict[Path, Lines] = defaultdict(lambda: defaultdict(dict))
    new: dict[str, dict[str, str]] = {}
    for change in changes:
        indicator = known[change.indicator]
        place = indicator.actual_place
        if place:
            lines[parent / place.file][place.line][change.column] = change.text
        else:
            new.setdefault(indicator.id, key_of(indicator))[change.column] = change.text
    return dict(lines), list(new.values())


def key_of(indicator: Indicator) -> dict[str, str]:
    """What names an indicator in a row of its own."""
    names = {"项目编号": indicator.project, "二级指标": indicator.level2, "三级指标": indicator.level3}
    return names | ({"指标编号": indicator.code} if indicator.code else {})


def home_of(result: Result, card: Scorecard) -> Path:
    """The file that new rows of a project go to: where its other rows are, else the first, else a new one."""
    places = [score.indicator.actual_place for score in card.scores if score.indicator.actual_place]
    names = [place.file for place in places] or list(result.tables.actuals.files)
    return result.folder.parent / names[0] if names else result.folder / "actuals.csv"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be written into one file: cells by line, what names the row on each of these lines, new rows."""

    lines: Mapping[int, Texts]
    keys: Mapping[int, Texts]
    added: Sequence[Texts]


def names_in(row: TableRow) -> dict[str, str]:
    """What names the indicator in a row, as it was read."""
    return {name: row.text(name) for name in KEY}


def new_content(path: Path, content: bytes | None, edit: Edit) -> bytes:
    """One file with these cells written, its rows still those that were read; a new file begins with its header."""
    if content == CLOSED or (content is None and edit.lines):
        raise RefusedChangeError(f"{path.name} 打不开，可能正被别的程序占用")
    content = content or empty_table(ACTUALS)
    try:
        sheet = take_apart(content, ACTUALS)
        must_be_the_rows(sheet, edit.keys)
        rows = [{n: t for n, t in texts.items() if n in sheet.positions or n in COLUMNS} for texts in edit.added]
        return rewritten(content, ACTUALS, edit.lines, rows)
    except UnwritableError as error:
        raise RefusedChangeError(f"{path.name}：{error}") from None


def must_be_the_rows(sheet: Sheet, keys: Mapping[int, Texts]) -> None:
    """Ends the writing where another row stands on a line than was read there."""
    for record in sheet.records[1:]:
        named = keys.get(record.line, {})
        if any(value_in(record, sheet.positions.get(name, len(record.values))) != text for name, text in named.items()):
            raise UnwritableError(f"第 {record.line} 行已经不是原来的指标；请重新打开本页再填")


# ── Trying and saving ──


def tried(view: View, result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> Evaluated:
    """The evaluation as it would be if these changes were saved; nothing is written to it."""
    contents = actuals_bytes(view.folder)
    made = files_with(result, card, changes, contents)
    with TemporaryDirectory(prefix="selfeval-") as place:
        twin = Path(place) / view.folder.name
        twin.mkdir()
        for path, content in (contents | made).items():
            copy = twin / path.relative_to(view.folder)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(content)
        return evaluate(view.folder, actuals=twin)


def save(view: View, project: str, changes: Sequence[FieldChange], base: str) -> list[Path]:
    """Writes the changes into the files they belong to; gives those files. Raises `RefusedChangeError`.

    `base` is the state of the files that the page was made from. Where they have changed since, the two are merged
    cell by cell: only a cell that both have changed is a question. What was read is what is written anew.
    """
    contents = actuals_bytes(view.folder)
    known = base == base_of(contents) == view.base and not view.stale
    now = view.result if known else latest(view)
    card = card_of(now, project) if now else None
    if now is None or card is None:
        raise RefusedChangeError("文件现在有误，请先按页面下方的提示改正，再保存", stale=True)
    refuse_clashes(now, card, [c for c in changes if not known or c.was is not None])
    made = files_with(now, card, changes, contents)
    if actuals_bytes(view.folder) != contents or not all(within(path, view.folder) for path in made):
        raise RefusedChangeError("文件在您填写期间被别的程序改过", stale=True)
    sweep(view.folder, "actuals/")
    try:
        for path, content in made.items():
            replace_file(path.resolve(), content)
    except OSError:
        raise RefusedChangeError("文件写不进去，可能正被 Excel 或 WPS 打开；请关闭后再保存") from None
    return list(made)


def latest(view: View) -> Result | None:
    """The evaluation as its files are now; None where they lost something that the page shows."""
    evaluated = evaluate(view.folder)
    return evaluated.result if fit_to_show(view, evaluated) else None


def refuse_clashes(result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> None:
    """Ends the saving where a cell is another one than when it was first changed."""
    clashes = differences(result, card, [c for c in changes if not is_free(result, card, c)])
    if clashes:
        said = f"有 {len(clashes)} 格在您填写期间被别人改成了别的"
        raise RefusedChangeError(said, stale=True, clashes=clashes)


def is_free(result: Result, card: Scorecard, change: FieldChange) -> bool:
    """Whether a cell is still what it was before it was changed, or already what it is to become."""
    cell = cells_of(result, card).get(change.indicator)
    return cell is not None and plain(cell[change.column]) in {change.was, change.text}


def differences(result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> tuple[SaveConflict, ...]:
    """The browser's changes beside what the files say now."""
    cells, names = cells_of(result, card), {s.indicator.id: s.indicator.level3 for s in card.scores}
    return tuple(
        SaveConflict(c.indicator, names[c.indicator], c.column, cells[c.indicator][c.column], c.text)
        for c in changes
        if c.indicator in cells
    )
