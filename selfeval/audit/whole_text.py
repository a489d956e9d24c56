"""The text of the pages against the text that the data give: all of it, in order, from the cover to the last line.

Both sides are compared without blanks. Where a page ends is taken from the file; from there on the text goes on, under
the head of its table, with the labels that are repeated, whatever font or engine set it. Nothing is looked for: what
stands on a page must be what is due there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from selfeval.audit.time_limit import go_on
from selfeval.base.phrases import phrase
from selfeval.base.text import UNSEEN
from selfeval.report.pages.printed_items import Bars, Dots, Drawing, Flow, Item, Line, Table, shown_in

BOX = "□"
"""Stands for a character that no font has."""

SPLITS = 60
"""How many ways to part a row over two pages are followed."""

TWICE = (range(0xF900, 0xFB00), range(0x2F00, 0x2FE0), range(0x2F800, 0x2FA20), (0x2126, 0x212A, 0x212B))
"""Where Unicode has characters that it has elsewhere too."""

SHOWN = 24
_ALIKE = str.maketrans(
    "‐‑∼ˊ•‧・∙‒⋯‵⁄／〜➀➁➂➃➄➅➆➇➈➉"
    "⺂⺃⺅⺇⺉⺋⺍⺎⺏⺐⺒⺓⺔⺕⺖⺘⺙⺛⺞⺟⺠⺡⺣⺤⺦⺨⺩⺫⺭⺮⺯⺰⺱⺲⺳⺹⺺⺽⺾⻁⻂⻃⻅⻆⻇⻈⻉⻊⻋⻌⻐⻑"
    "⻒⻓⻔⻕⻖⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻯⻰⻱⻲⻳",
    "--~´····–…`∕∕～①②③④⑤⑥⑦⑧⑨⑩"
    "乛乚亻𠘨刂㔾𭕄兀尣尢巳幺彑彐忄扌攵旡歺母民氵灬爫丬犭𤣩罒礻𥫗糹纟罓罒㓁耂肀𦥑艹虎衤覀见角𧢲讠贝𧾷车辶钅長"
    "镸长门𨸏阝青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐齿竜龙龜亀龟",
)
"""Characters that fonts show by one and the same glyph, so that the paper does not tell which it was."""


_SHOWN_AS: dict[int, int | str | None] = {
    **_ALIKE,
    **{at: unicodedata.normalize("NFKC", chr(at)).translate(_ALIKE) for block in TWICE for at in block},
    ord("µ"): "μ",
    **dict.fromkeys(map(ord, UNSEEN)),
}


@lru_cache(maxsize=20_000)
def squeezed(text: str) -> str:
    """Text without blanks and marks without width; letters that look the same are the same."""
    return text.translate(_SHOWN_AS)


def may_lack(char: str) -> bool:
    """Whether a Chinese font may be without a character: none is without those of GB 2312."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def alike(due: str, seen: str) -> bool:
    """Whether a printed character is the one that is due, or the box that stands for it."""
    return due == seen or (seen == BOX and may_lack(due))


def common(due: str, seen: str, at: int) -> int:
    """How many characters of a text stand on a page from a place on."""
    stop = min(len(due), len(seen) - at)
    if seen.startswith(due, at):
        return len(due)
    return next((n for n in range(stop) if not alike(due[n], seen[at + n])), stop)


@dataclass(frozen=True, slots=True)
class PageSpot:
    """How far the text has been found: item, then character or row of it; `rest`: cells of a row that goes on."""

    item: int = 0
    at: int = 0
    rest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedCells:
    """A whole row on a page: where it begins among its letters, how long each cell is, which stand beside more rows.

    `level`: the middles of its cells are at one height; `seated`: their last lines are.
    """

    page: int
    begin: int
    sizes: tuple[int, ...]
    spanning: frozenset[int]
    level: bool
    seated: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of bars or dots: where its letters begin on a page, and before which letter it stands there."""

    page: int
    begin: int
    before: int
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The words that stand in place of a photograph that is not there."""

    page: int


@dataclass(frozen=True, slots=True)
class Prose:
    """Letters on a page, line below line; the one behind them stands beside or below as well."""

    page: int
    begin: int
    end: int


Place = PrintedCells | Picture | Prose
Trail = tuple["Trail", Place | LeftOut] | None
"""What was found, the last first."""


@dataclass(frozen=True, slots=True)
class TextDifference:
    """The first place where a page does not say what it should."""

    page: int
    seen: str
    due: str

    def __str__(self) -> str:
        """As a sentence."""
        if not self.seen:
            return phrase("第 {page} 页到此为止，后面应有“{due}”", page=self.page, due=self.due)
        if not self.due:
            return phrase("第 {page} 页多出“{seen}”", page=self.page, seen=self.seen)
        return phrase("第 {page} 页印的是“{seen}”，应为“{due}”", page=self.page, seen=self.seen, due=self.due)


@dataclass(frozen=True, slots=True)
class Found:
    """Where everything stands, or the first difference. `boxes`: characters that no font had.

    `photographs`: how many must stand on the pages, since their words do not.
    """

    difference: TextDifference | None
    places: tuple[Place, ...] = ()
    boxes: int = 0
    photographs: int = 0


class Reader:
    """Follows the text over the pages. Mutable: it remembers the farthest place reached, which is told if all fails."""

    def __init__(self, items: Sequence[Item], pages: Sequence[str]) -> None:
        """`pages`: their texts, squeezed, without page numbers and marks."""
        self.items = [tidy(item) for item in items]
        self.pages, self.lifted = lift([(at, i) for at, i in enumerate(self.items) if isinstance(i, Drawing)], pages)
        self.farthest = (-1, -1)
        self.due = ""

    def read(self) -> Found:
        """All pages from the first on."""
        ways = [self.page(0, PageSpot(), None)]
        while ways:
            go_on()
            end = next(ways[-1], None)
            if end is None:
                ways.pop()
            elif len(ways) < len(self.pages):
                ways.append(self.page(len(ways), *end))
            elif self.ended(end[0]):
                return self.found(end[1])
            else:
                self.stuck(len(self.pages) - 1, len(self.pages[-1]), self.next_words(end[0]))
        page, at = self.farthest
        seen = self.pages[page][at : at + SHOWN] if page >= 0 else ""
        return Found(TextDifference(max(page, 0) + 1, seen, self.due[:SHOWN]))

    def found(self, trail: Trail) -> Found:
        """What was found, from the first to the last."""
        places: list[Place] = []
        photographs = len(shown_in(self.items)) + sum(isinstance(item, Flow) and item.optional for item in self.items)
        while trail is not None:
            trail, place = trail
            if isinstance(place, LeftOut):
                photographs -= 1
            else:
                places.append(place)
        shown = sum(page.count(BOX) for page in self.pages)
        return Found(None, tuple(reversed(places)), shown, photographs)

    def ended(self, spot: PageSpot) -> bool:
        """Whether nothing is left to be said."""
        if spot.rest and any(spot.rest):
            return False
        return not any(self.further(spot))

    def further(self, spot: PageSpot) -> Iterator[str]:
        """What each item from a spot on still has to say."""
        for at, item in enumerate(self.items[spot.item :]):
            yield self.left(item, PageSpot() if at else spot)

    def left(self, item: Item, spot: PageSpot) -> str:
        """What an item still has to say."""
        if isinstance(item, Flow):
            return "" if item.optional else item.text[spot.at :]
        if isinstance(item, Drawing):
            return item.text[spot.at :]
        lines = item.lines[spot.at :]
        return ("" if spot.at else item.head) + "".join("".join(line.cells) for line in lines)

    def next_words(self, spot: PageSpot) -> str:
        """What comes next."""
        return "".join(spot.rest) or next(filter(None, self.further(spot)), "")

    def stuck(self, page: int, at: int, due: str) -> None:
        """Remembers a place where it does not go on."""
        if (page, at) > self.farthest:
            self.farthest, self.due = (page, at), due

    def page(self, page: int, spot: PageSpot, trail: Trail) -> Iterator[tuple[PageSpot, Trail]]:
        """The ways to read a page from a spot on: where the text then is."""
        yield from self.on(page, 0, spot, trail, headed=False)

    def on(self, page: int, at: int, spot: PageSpot, trail: Trail, *, headed: bool) -> Iterator[tuple[PageSpot, Trail]]:
        """Goes on at a place of a page. `headed`: the head of the table stands on it already."""
        text = self.pages[page]
        while True:
            item = self.items[spot.item] if spot.item < len(self.items) else None
            if isinstance(item, Drawing) and self.lifted.get(spot.item, (-1, 0))[0] == page:
                trail = (trail, Picture(page, self.lifted[spot.item][1], at, item))
                spot = PageSpot(spot.item + 1)
                continue
            if at == len(text):
                yield spot, trail
                return
            if item is None:
                self.stuck(page, at, "")
                return
            if isinstance(item, Table):
                yield from self.table(page, at, spot, trail, headed=headed)
                return
            size, done = self.words(item, spot, text, at)
            if done:
                trail = remembered(trail, item, page, (at, at + size))
                at, spot, headed = at + size, PageSpot(spot.item + 1), False
            elif at + size == len(text) and size:
                yield replace(spot, at=spot.at + size), remembered(trail, item, page, (at, at + size), whole=False)
                return
            elif isinstance(item, Flow) and item.optional and not spot.at:
                spot = PageSpot(spot.item + 1)
            else:
                self.stuck(page, at + size, item.text[spot.at + size :])
                return

    def words(self, item: Flow | Drawing, spot: PageSpot, text: str, at: int) -> tuple[int, bool]:
        """How much of an item stands at a place, and whether that is all of it."""
        due = item.text[spot.at :]
        size = common(due, text, at)
        return size, size == len(due)

    def table(
        self, page: int, at: int, spot: PageSpot, trail: Trail, *, headed: bool
    ) -> Iterator[tuple[PageSpot, Trail]]:
        """The rows of a table, under its head, as far as the page goes."""
        item = self.table_at(spot)
        text, top = self.pages[page], not headed and (spot.at > 0 or bool(spot.rest))
        if spot.at >= len(item.lines) and not spot.rest:
            yield from self.behind(page, at, spot, trail, headed=headed)
            return
        if not headed:
            size = common(item.head, text, at)
            if size < len(item.head) and not top:
                self.stuck(page, at + size, item.head[size:])
                return
            # Where a row leaves no room for it, the head is not repeated above the row.
            printed = size == len(item.head)
            trail = (trail, cells_at(page, at, item.heads.cells, item.heads, item)) if item.heads and printed else trail
            at += size if printed else 0
        if spot.rest and not headed:
            done = zip(item.lines[spot.at].torn, spot.rest, strict=False)
            again = "".join(words for words, left in done if not left)
            size = common(again, text, at)
            if size < len(again):
                self.stuck(page, at + size, again[size:])
                return
            at += size
        while spot.at < len(item.lines):
            line = item.lines[spot.at]
            ways = self.forms(line, spot, top=top)
            if len(ways) > 1:
                for cells in ways:
                    yield from self.row(page, at, replace(spot, rest=cells), trail, item)
                return
            size = len("".join(ways[0]))
            if common("".join(ways[0]), text, at) < size or (at == len(text) and size):
                yield from self.row(page, at, spot, trail, item)
                return
            trail = (trail, cells_at(page, at, ways[0], line, item)) if not spot.rest else trail
            at, spot, top = at + size, PageSpot(spot.item, spot.at + 1), False
        yield from self.behind(page, at, spot, trail, headed=True)

    def behind(
        self, page: int, at: int, spot: PageSpot, trail: Trail, *, headed: bool
    ) -> Iterator[tuple[PageSpot, Trail]]:
        """What follows a table. A last row with a picture may leave a blank rest for the next page, under the head."""
        item, text = self.table_at(spot), self.pages[page]
        again = 0 if headed else common(item.head, text, at)
        if headed or (item.head and again == len(item.head)):
            yield from self.on(page, at + again, PageSpot(spot.item + 1), trail, headed=False)
        if headed and at == len(text) and item.lines[-1].pictures:
            yield spot, trail

    def table_at(self, spot: PageSpot) -> Table:
        """The table that a spot is in."""
        item = self.items[spot.item]
        if not isinstance(item, Table):
            raise TypeError(item)
        return item

    @staticmethod
    def forms(line: Line, spot: PageSpot, *, top: bool) -> list[tuple[str, ...]]:
        """The ways a row may look here."""
        if spot.rest:
            return [spot.rest]
        return [line.again, line.cells] if top and line.again else [line.cells]

    def row(self, page: int, at: int, spot: PageSpot, trail: Trail, item: Table) -> Iterator[tuple[PageSpot, Trail]]:
        """A row that may not be whole on this page."""
        text = self.pages[page]
        if at == len(text):
            going_on = any(spot.rest) and not self.is_fresh(spot, item)
            yield spot if going_on else PageSpot(spot.item, spot.at), trail
            return
        line = item.lines[spot.at]
        cells = spot.rest or line.cells
        whole = "".join(cells)
        size = common(whole, text, at)
        if size == len(whole):
            fresh = self.is_fresh(spot, item)
            kept = (trail, cells_at(page, at, cells, line, item)) if fresh else trail
            yield from self.table(page, at + size, PageSpot(spot.item, spot.at + 1), kept, headed=True)
            return
        self.stuck(page, at + size, whole[size:])
        for rest in parted(cells, text[at:]):
            if not line.torn or not rest[0]:
                yield PageSpot(spot.item, spot.at, rest), trail

    @staticmethod
    def is_fresh(spot: PageSpot, item: Table) -> bool:
        """Whether nothing of a row stands on an earlier page."""
        line = item.lines[spot.at]
        return not spot.rest or spot.rest in {line.cells, line.again}


def remembered(trail: Trail, item: Flow | Drawing, page: int, part: tuple[int, int], *, whole: bool = True) -> Trail:
    """What was found, with what stands here: a picture, the words in place of a photograph, prose."""
    begin, end = part
    if isinstance(item, Drawing):
        return (trail, Picture(page, begin, begin, item)) if whole else trail
    if item.falling:
        return trail, Prose(page, begin, end)
    return (trail, LeftOut(page)) if item.optional and whole else trail


def cells_at(page: int, at: int, cells: Sequence[str], line: Line, item: Table) -> PrintedCells:
    """A whole row where it stands; as the first of a page it has more labels, which stand beside further rows."""
    more = len(cells) - len(line.cells)
    spanning = frozenset((*range(more), *(cell + more for cell in line.spanning)))
    level = item.level and line is not item.heads and not line.free
    return PrintedCells(page, at, tuple(map(len, cells)), spanning, level, not item.level and not line.free)


def parted(cells: Sequence[str], text: str) -> Iterator[tuple[str, ...]]:
    """What is left of a row's cells when each has begun on a page that ends with `text`: every way it may be."""
    ways: dict[int, list[tuple[int, ...]]] = {0: [()]}
    for cell in cells:
        further: dict[int, list[tuple[int, ...]]] = {}
        for at, sizes in ways.items():
            for size in range(common(cell, text, at), -1, -1):
                kept = further.setdefault(at + size, [])
                kept += [(*before, size) for before in sizes[: SPLITS - len(kept)]]
        ways = further
    for way in ways.get(len(text), [])[:SPLITS]:
        yield tuple(cell[size:] for cell, size in zip(cells, way, strict=True))


def lift(pictures: Sequence[tuple[int, Drawing]], pages: Sequence[str]) -> tuple[list[str], dict[int, tuple[int, int]]]:
    """The pages without the pictures that are drawn last on them, and where each of these is: (page, first letter)."""
    bare, places, due = list(pages), {}, [(item, bars.text) for item, bars in pictures]
    for number, text in enumerate(pages):
        for count in range(len(due), 0, -1):
            words = "".join(words for _, words in due[:count])
            at = len(text) - len(words)
            if at >= 0 and common(words, text, at) == len(words):
                bare[number] = text[:at]
                for item, words in due[:count]:
                    places[item] = number, at
                    at += len(words)
                due = due[count:]
                break
    return bare, places


def tidy(item: Item) -> Item:
    """An item as it is compared."""
    if isinstance(item, Flow):
        return replace(item, text=squeezed(item.text))
    if isinstance(item, Bars):
        lines = tuple((squeezed(name), squeezed(value), width) for name, value, width in item.lines)
        return Bars(squeezed(item.line), lines)
    if isinstance(item, Dots):
        return replace(item, up=_tidy_ends(item.up), across=_tidy_ends(item.across))
    if not item.lines:
        return Flow(squeezed(item.head), pictures=item.pictures)
    heads = _tidy_line(item.heads) if item.heads else None
    return Table(squeezed(item.head), tuple(map(_tidy_line, item.lines)), item.level, heads, item.pictures)


def _tidy_ends(ticks: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple((squeezed(words), at) for words, at in ticks)


def _tidy_line(line: Line) -> Line:
    cells, again, torn = (tuple(map(squeezed, texts)) for texts in (line.cells, line.again, line.torn))
    return replace(line, cells=cells, again=again, torn=torn)
