"""What was achieved, filled in from the browser: tried by the same scorer, and saved into the actuals' own files."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from selfeval.base.files import replace_file, sweep
from selfeval.base.model import Indicator, Scorecard
from selfeval.base.text import clean
from selfeval.evaluation.pipeline import Evaluated, evaluate
from selfeval.evaluation.result import Result
from selfeval.preview.state import View, actuals_files, base_of
from selfeval.reading.columns import ACTUALS
from selfeval.reading.csv_edit import Texts, UnwritableError, empty_table, rewritten, take_apart

ACTUAL, TIER, POINTS, REASON, EVIDENCE = "实际完成值", "完成档次", "自评得分", "偏差原因分析及改进措施", "佐证材料"
COLUMNS = (ACTUAL, TIER, POINTS, REASON, EVIDENCE)
"""What can be filled in, in the order of the page."""

MAX_TEXT = 10_000
"""Characters of one cell."""

WORKBOOK = "完成值在 {name} 里，网页不改 Excel 文件，以免丢掉格式；请用 Excel 或 WPS 填写，保存后本页自动更新。"


class RefusedChangeError(ValueError):
    """A change that is not taken. The text says why, in Chinese; `stale`: the file was changed meanwhile."""

    def __init__(self, message: str, *, stale: bool = False) -> None:
        super().__init__(message)
        self.stale = stale


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell as the browser has it: of which indicator, of which column, its new text."""

    indicator: str
    column: str
    text: str


Lines = dict[int, dict[str, str]]
"""The new texts of some rows of a file by their first line."""


def card_of(result: Result, project: str) -> Scorecard | None:
    """The scorecard of a project, or of the unit itself."""
    return next((card for card in result.cards if card.project.id == project), None)


def cells_of(result: Result, card: Scorecard) -> dict[str, Texts]:
    """What stands in the files for every indicator of a project; empty where there is no row yet."""
    rows = {(row.place.file, row.place.line): row for row in result.tables.actuals.rows}
    found: dict[str, Texts] = {}
    for indicator in (score.indicator for score in card.scores):
        place = indicator.actual_place
        row = rows.get((place.file, place.line)) if place else None
        found[indicator.id] = {column: row.text(column) if row else "" for column in COLUMNS}
    return found


def fillable(result: Result) -> str:
    """Why the actuals cannot be written here, "" where they can."""
    books = [path.name for path in actuals_files(result.folder) if path.suffix.lower() != ".csv"]
    return WORKBOOK.format(name="、".join(books)) if books else ""


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
    return FieldChange(indicator, column, plain(text))


def plain(text: str) -> str:
    """A text as it may stand in a cell: one kind of line end, no control characters, not too long."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(lines) > MAX_TEXT:
        raise RefusedChangeError(f"一格最多 {MAX_TEXT} 字")
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char != "\n" for char in lines):
        raise RefusedChangeError("文字里有不能写入表格的控制字符")
    return clean(lines)


def files_with(result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> dict[Path, bytes]:
    """The new content of the files that these changes are in; raises `RefusedChangeError`."""
    reason = fillable(result)
    if reason:
        raise RefusedChangeError(reason)
    cells = cells_of(result, card)
    real = [c for c in changes if c.indicator not in cells or plain(cells[c.indicator][c.column]) != c.text]
    lines, added = sorted_out(result.folder.parent, card, real)
    home = home_of(result, card)
    paths = [*lines, *([home] if added and home not in lines else [])]
    return {path: new_content(path, lines.get(path, {}), added if path == home else []) for path in paths}


def sorted_out(parent: Path, card: Scorecard, changes: Sequence[FieldChange]) -> tuple[dict[Path, Lines], list[Texts]]:
    """Changes by file and line, and the rows to be added for indicators that have none."""
    known = {score.indicator.id: score.indicator for score in card.scores}
    lines: dict[Path, Lines] = defaultdict(lambda: defaultdict(dict))
    new: dict[str, dict[str, str]] = {}
    for change in changes:
        indicator = known.get(change.indicator)
        if indicator is None:
            raise RefusedChangeError(f"没有指标“{change.indicator[:40]}”")
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


def new_content(path: Path, lines: Mapping[int, Texts], added: Sequence[Texts]) -> bytes:
    """One file with these cells written; a file that is not there begins with its header."""
    content = content_of(path) if path.exists() else empty_table(ACTUALS)
    try:
        has = take_apart(content, ACTUALS).positions
        rows = [{n: t for n, t in texts.items() if n in has or n in COLUMNS} for texts in added]
        return rewritten(content, ACTUALS, lines, rows)
    except UnwritableError as error:
        raise RefusedChangeError(f"{path.name}：{error}") from None


def content_of(path: Path) -> bytes:
    """The bytes of a file; refused where it is locked."""
    try:
        return path.read_bytes()
    except OSError:
        raise RefusedChangeError(f"{path.name} 打不开，可能正被别的程序占用") from None


# ── Trying and saving ──


def tried(view: View, result: Result, card: Scorecard, changes: Sequence[FieldChange]) -> Evaluated:
    """The evaluation as it would be if these changes were saved; nothing is written to it."""
    made = files_with(result, card, changes)
    with TemporaryDirectory(prefix="selfeval-") as place:
        twin = Path(place) / view.folder.name
        twin.mkdir()
        for path in {*actuals_files(view.folder), *made}:
            copy = twin / path.relative_to(view.folder)
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(made[path] if path in made else content_of(path))
        return evaluate(view.folder, actuals=twin)


def save(view: View, result: Result, card: Scorecard, changes: Sequence[FieldChange], base: str) -> list[Path]:
    """Writes the changes into the files they belong to; gives those files. Raises `RefusedChangeError`.

    `base` is the state of the files that the page was made from: where they have changed since, nothing is written.
    """
    if base != base_of(view.folder) or base != view.base:
        raise RefusedChangeError("文件在您填写期间被别的程序改过", stale=True)
    if view.stale:
        raise RefusedChangeError("文件现在有误，请先按页面下方的提示改正，再保存", stale=True)
    made = files_with(result, card, changes)
    sweep(view.folder, "actuals/")
    try:
        for path, content in made.items():
            replace_file(path.resolve(), content)
    except OSError:
        raise RefusedChangeError("文件写不进去，可能正被 Excel 或 WPS 打开；请关闭后再保存") from None
    return list(made)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A cell that two people have filled in: as the file has it now, and as the browser has it."""

    indicator: str
    level3: str
    column: str
    theirs: str
    mine: str


def differences(view: View, project: str, changes: Sequence[FieldChange]) -> tuple[FieldDifference, ...]:
    """The browser's changes beside what the files say now."""
    result = evaluate(view.folder).result
    card = card_of(result, project) if result else None
    if result is None or card is None:
        return ()
    cells, names = cells_of(result, card), {s.indicator.id: s.indicator.level3 for s in card.scores}
    return tuple(
        FieldDifference(c.indicator, names[c.indicator], c.column, cells[c.indicator][c.column], c.text)
        for c in changes
        if c.indicator in cells
    )
