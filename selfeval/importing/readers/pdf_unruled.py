"""A table of indicators without ruled lines: told by its heading, its columns and rows by where the words stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selfeval.importing.grid import GridCell, Line
from selfeval.importing.understanding.headings import header_slots
from selfeval.importing.vocabulary import NOTE, TITLE, field_of, squeeze

APART = 1.08
"""Rows stand this much further apart than the lines of one cell, where they can be told apart by that."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Words that stand together on a line; points from the left."""

    left: float
    right: float
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line outside ruled tables: its top and height in points, its number on the page from 1."""

    top: float
    size: float
    number: int
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class WordColumns:
    """Where the columns of a heading stand, and which of them name an indicator and its value."""

    places: tuple[tuple[float, float], ...]
    name: int
    value: int

    def of(self, chunk: Chunk) -> int:
        """The column a text belongs to: the one its words lie over most, else the nearest."""
        return max(range(len(self.places)), key=lambda i: _overlap(chunk, self.places[i]))

    def fits(self, line: TextLine) -> bool:
        """Whether no two texts of a line fall into one column."""
        found = [self.of(chunk) for chunk in line.chunks]
        return len(found) == len(set(found))


@dataclass(frozen=True, slots=True)
class Region:
    """A table without lines: its rows, heading first, each cell's printed lines by column."""

    top: float
    number: int
    rows: tuple[dict[int, list[str]], ...]


def columned(
    lines: Sequence[TextLine], carried: WordColumns | None
) -> tuple[list[TextLine | Region], WordColumns | None]:
    """The lines of a page, those of a table of indicators as one region; and its columns if it reaches the end."""
    items: list[TextLine | Region] = []
    at = 0
    columns = carried
    while at < len(lines):
        heading = _columns(lines[at])
        columns = heading or columns
        start = at + 1 if heading else at
        end = _end(lines, start, columns) if columns else start
        if columns and end > start:
            body = _rows(lines[start:end], columns)
            head = [_by_column([lines[at]], columns)] if heading else []
            items.append(Region(lines[at].top, lines[at].number, (*head, *body)))
        elif at < len(lines):
            end = max(end, at + 1)
            items += lines[at:end]
        columns = columns if end == len(lines) and isinstance(items[-1], Region) else None
        at = end
    return items, columns


def _columns(line: TextLine) -> WordColumns | None:
    """The columns of a table of indicators where a line is its heading."""
    cells = tuple(GridCell(chunk.text, 0, column, "") for column, chunk in enumerate(line.chunks))
    slots = header_slots(Line(cells)) if len(cells) >= 3 else ()
    roles = [slot.role for slot in slots]
    if not {"三级指标", "指标值"} <= set(roles):
        return None
    places = tuple((chunk.left, chunk.right) for chunk in line.chunks)
    return WordColumns(places, roles.index("三级指标"), roles.index("指标值"))


def _overlap(chunk: Chunk, place: tuple[float, float]) -> float:
    """Points that two stretches share; below 0 the gap between them."""
    return min(chunk.right, place[1]) - max(chunk.left, place[0])


def _end(lines: Sequence[TextLine], start: int, columns: WordColumns | None) -> int:
    """The first line that is no longer part of the table."""
    for at in range(start, len(lines)):
        first = lines[at].chunks[0].text
        other = field_of(first) or NOTE.match(squeeze(first)) or TITLE.search(squeeze(first)) or _columns(lines[at])
        if other or not columns or not columns.fits(lines[at]) or _is_far(lines[at - 1 : at + 1]):
            return at
    return len(lines)


def _is_far(pair: Sequence[TextLine]) -> bool:
    """Whether an empty space of several lines stands between two lines."""
    return len(pair) == 2 and pair[1].top - pair[0].top > 5 * pair[0].size


def _rows(lines: Sequence[TextLine], columns: WordColumns) -> list[dict[int, list[str]]]:
    """Lines grouped to rows: by the space between them where it differs, else by what stands in a line."""
    found = [{columns.of(chunk) for chunk in line.chunks} for line in lines]
    steps = _steps(lines, found)
    pitch = min((step for step in steps.values() if step), default=0.0)
    spaced = any(step > APART * pitch for step in steps.values())
    groups: list[list[TextLine]] = []
    for at, line in enumerate(lines):
        if spaced:
            near = at and line.top - lines[at - 1].top < 0.9 * pitch
            begins = not near and not any(0 < steps[at, column] <= APART * pitch for column in found[at])
        else:
            begins = {columns.name, columns.value} <= found[at]
        if begins or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [_by_column(group, columns) for group in groups]


def _steps(lines: Sequence[TextLine], found: Sequence[set[int]]) -> dict[tuple[int, int], float]:
    """How far below the last text of its column each text stands, by line and column; 0 for the first."""
    last: dict[int, float] = {}
    steps: dict[tuple[int, int], float] = {}
    for at, line in enumerate(lines):
        for column in found[at]:
            steps[at, column] = line.top - last.get(column, line.top)
            last[column] = line.top
    return steps


def _by_column(lines: Iterable[TextLine], columns: WordColumns) -> dict[int, list[str]]:
    row: dict[int, list[str]] = {}
    for line in lines:
        for chunk in line.chunks:
            row.setdefault(columns.of(chunk), []).append(chunk.text)
    return row


# ── running text ──


def beside(lines: Sequence[TextLine]) -> list[TextLine]:
    """The value of a label in one piece where it takes several lines, with the label in the middle of them."""
    joined = list(lines)
    at = 0
    while at + 1 < len(joined):
        one, other = joined[at], joined[at + 1]
        pair = {len(one.chunks), len(other.chunks)}
        left = [line.chunks[-1].left for line in (one, other)]
        if pair == {1, 2} and abs(left[0] - left[1]) < 2 and other.top - one.top < 2.2 * one.size:
            label = (one if len(one.chunks) == 2 else other).chunks[0]
            text = one.chunks[-1].text + other.chunks[-1].text
            value = Chunk(left[0], max(one.chunks[-1].right, other.chunks[-1].right), text)
            joined[at : at + 2] = [TextLine(other.top, one.size, one.number, (label, value))]
        else:
            at += 1
    return joined


def paragraphs(lines: Sequence[TextLine], width: float) -> list[TextLine]:
    """Lines that run on to the margin joined to paragraphs; those with several parts stay as they are.

    `width` is that of the page in points: a full line takes half of it or more.
    """
    margin = max((line.chunks[-1].right for line in lines), default=0.0)
    full = [line.chunks[-1].right - line.chunks[0].left > width / 2 for line in lines]
    joined: list[TextLine] = []
    end = 0.0
    for at, line in enumerate(lines):
        if joined and full[at - 1] and _runs_on(joined[-1], line, end, margin):
            text = joined[-1].chunks[0].text + line.chunks[0].text
            chunk = Chunk(line.chunks[0].left, line.chunks[0].right, text)
            joined[-1] = TextLine(line.top, line.size, joined[-1].number, (chunk,))
        else:
            joined.append(line)
        end = line.chunks[-1].right
    return joined


def _runs_on(before: TextLine, line: TextLine, end: float, margin: float) -> bool:
    """Whether a line is the rest of the one before: that was full, and this one is not indented."""
    alone = len(before.chunks) == len(line.chunks) == 1 and abs(before.size - line.size) < 0.1
    near = 0 < line.top - before.top < 2.5 * line.size
    return alone and near and end > margin - 1.6 * line.size and line.chunks[0].left < before.chunks[0].left + line.size
