"""The pages of a report as one sees them: their letters in order, and whether each can really be read where it stands.

Four things are told of a page beside its text: letters that nobody can see, letters that something covers, letters out
of the order in which people read, and rows whose cells do not stand side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, starmap
from math import ceil, floor, inf
from typing import TYPE_CHECKING, Any

from selfeval.audit.pdf_charts import false_drawing, is_line
from selfeval.audit.pdf_drawing import Hand
from selfeval.audit.pdf_fonts import MOST_FONTS, Font, disagreeing, font_of
from selfeval.audit.pdf_fonts_anew import disagreeing_anew
from selfeval.audit.pdf_resources import AllResources, Resources
from selfeval.audit.pdf_rows import is_in_line, spanning_texts
from selfeval.audit.pdf_seen import (
    LIGHT,
    SHEET,
    body_of,
    hidden,
    inside,
    number_aside,
    overlapping,
    strokes_through,
    unseen,
)
from selfeval.audit.pdf_shapes import Box, Drawn, Matrix, Shape, Text, follows, tears_number
from selfeval.audit.time_limit import UnreadableError, go_on
from selfeval.audit.whole_text import Picture, Place, PrintedCells, Prose, squeezed
from selfeval.base.phrases import phrase
from selfeval.report.pages.printed_items import STRUCK
from selfeval.report.pages.printed_text import PrintedText

if TYPE_CHECKING:
    from pypdf import PdfReader

    from selfeval.audit.pdf_glance import Glance

LONG = 100
"""So many pages make up for the time that numpy takes to load."""

FAINT = 0.2
"""What is less opaque is the word across the page."""

BUCKET, LINE_BUCKET = 2.0, 0.5
"""Texts are sorted into stripes of this width, in pt, to see which stand above or beside which.

Those beside each other may touch; those in a line are of any size.
"""

STRIPES, LINE_STRIPES = ceil(SHEET[1] / BUCKET), ceil(SHEET[1] / LINE_BUCKET)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page. `body`: its text without mark and number; `owners`: the text on the paper of each of its letters."""

    number: int
    width: float
    height: float
    body: str
    owners: Sequence[int]
    texts: tuple[Text, ...]
    shapes: tuple[Shape, ...]
    marks: tuple[int, ...]
    problems: tuple[str, ...]
    described: tuple[str, ...] = ()
    pictures: tuple[tuple[Any, Matrix], ...] = ()
    """With how they are placed, in the order of drawing."""
    glance: Glance | None = field(default=None, repr=False, compare=False)
    """All texts at once, in a long file."""

    def texts_of(self, begin: int, size: int) -> Sequence[Text]:
        """The texts that some letters of the body belong to; each has letters, and they stand in the same order."""
        owners = self.owners[begin : begin + size]
        return self.texts[owners[0] : owners[-1] + 1] if owners else ()

    def box(self, begin: int, size: int) -> Box | None:
        """Where some letters of the body stand; None where there are none."""
        texts = self.texts_of(begin, size)
        return around(texts) if texts else None


def around(texts: Iterable[Text]) -> Box:
    """The box around texts, with the height of their type."""
    boxes = [(*t.sides, t.base - 0.2 * t.size, t.base + 0.8 * t.size) for t in texts]
    lefts, rights, feet, heads = zip(*boxes, strict=True)
    return min(lefts), min(feet), max(rights), max(heads)


class Fonts:
    """The fonts of a file, each read once. Mutable for that."""

    def __init__(self) -> None:
        self.known: dict[int, Font] = {}

    def __call__(self, dictionary: Any) -> Font:  # noqa: ANN401 - pypdf's objects
        """The font of a dictionary."""
        key = dictionary.indirect_reference.idnum if dictionary.indirect_reference else id(dictionary)
        if key not in self.known:
            if len(self.known) >= MOST_FONTS:
                raise ValueError(phrase("字体多于 {most_fonts} 种", most_fonts=MOST_FONTS))
            self.known[key] = font_of(dictionary)
        return self.known[key]

    def problems(self, wrong_with: Callable[[Font], Iterable[str]]) -> Iterator[str]:
        """What is wrong with those that were used."""
        for font in self.known.values():
            problems = dict.fromkeys([*font.problems, *wrong_with(font)])
            yield from (
                phrase(
                    "字体 {partition}：{problem}", partition=font.name.partition("+")[2] or font.name, problem=problem
                )
                for problem in problems
            )


Order = Mapping[int, Sequence[int]]
"""Page, from 0 → the marks on it as they are read aloud."""


@dataclass(frozen=True, slots=True)
class Means:
    """What all pages are read with; `glanced`: what looks at all texts of one at once, in a long file."""

    due: PrintedText
    resources_of: Callable[[Any], Resources]
    glanced: Callable[[Sequence[Text]], Glance] | None


def pages_of(reader: PdfReader, due: PrintedText, order: Order | None = None) -> tuple[list[DrawnPage], list[str]]:
    """All pages, and what is wrong with their fonts.

    `order`: of an engine that draws labels beside several rows behind these; its fonts are numbered anew.
    """
    fonts = Fonts()
    means = Means(due, AllResources(fonts), glancing() if len(reader.pages) > LONG else None)
    ranks = {page: {number: rank for rank, number in enumerate(marks)} for page, marks in (order or {}).items()}
    pages: list[DrawnPage] = []
    number, of_cover, drawn = 0, len(squeezed(due.cover)), 0
    for at, page in enumerate(reader.pages):
        number += of_cover <= 0  # a long name makes a cover of several pages
        pages.append(page_of(page, (at, number), means, ranks.get(at)))
        of_cover -= len(pages[-1].body)
        go_on(drawn := drawn + len(pages[-1].texts) + len(pages[-1].shapes))
    return pages, list(fonts.problems(disagreeing if order is None else disagreeing_anew))


def glancing() -> type[Glance]:
    """What looks at all texts of a page at once."""
    from selfeval.audit.pdf_glance import Glance

    return Glance


def as_read_aloud(texts: list[Text], ranks: Mapping[int, int] | None) -> list[Text]:
    """Texts in the order of their marks, where one is given; first mark and number of the page, then repeated heads."""
    return sorted(texts, key=lambda text: ranks.get(text.mark, text.mark)) if ranks is not None else texts


def page_of(
    page: Any,  # noqa: ANN401
    numbers: tuple[int, int],
    means: Means,
    ranks: Mapping[int, int] | None = None,
) -> DrawnPage:
    """One page; `numbers`: its place in the file, and what is printed on it (0 on a cover, which shows none)."""
    left, bottom, width, height = (float(n) for n in page["/MediaBox"])
    drawn = Drawn()
    problems: list[str] = []
    if (left, bottom) != (0, 0) or not is_sheet(width, height):
        problems.append(phrase("页面大小不是 A4"))
    problems += [
        phrase("{key} 与页面大小不同", key=key[1:])
        for key in ("/TrimBox", "/BleedBox")
        if key in page and page[key] != page["/MediaBox"]
    ]
    try:
        content = bytes(page["/Contents"].get_object().get_data())
        Hand(drawn, means.resources_of).carry_out(content, page["/Resources"].get_object())
    except UnreadableError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        problems.append(str(error) if isinstance(error, ValueError) else phrase("页面的指令残缺"))
    faint = [text for text in drawn.texts if text.opaque < FAINT]
    told = [text for text in drawn.texts if text.opaque >= FAINT and squeezed(text.words)]
    across_sheet = width > height
    plain = as_read_aloud([text for text in told if not (text.aside and across_sheet)], ranks)
    problems += [*drawn.problems, *across(faint, means.due.mark, (width, height))]
    strokes = strokes_through(plain, drawn.shapes) if means.due.struck else {}
    through = {stroke.order for stroke in strokes.values()}
    glance = means.glanced(plain) if means.glanced and plain else None
    doubtful = glance.unseen(drawn.shapes, body_of((width, height))) if glance else None
    problems += unseen(plain, drawn.shapes, (width, height), strokes, doubtful)
    if glance is None or len(plain) < len(told) or glance.overlap():
        problems += overlapping(told)
    problems += hidden(drawn.shapes, (width, height))
    at_foot = 0 if across_sheet else numbers[1]
    body, missing = without_edges(letters_of(plain, strokes), plain, at_foot, means.due.mark, height)
    if across_sheet:
        missing += number_aside([text for text in told if text.aside], drawn.shapes, numbers[1], (width, height))
    return DrawnPage(
        numbers[0],
        width,
        height,
        body.words,
        body.owners,
        tuple(plain),
        tuple(shape for shape in drawn.shapes if shape.order not in through) if through else (*drawn.shapes,),
        tuple(drawn.marks),
        (*dict.fromkeys([*problems, *missing]),),
        tuple(drawn.described),
        tuple(drawn.pictures),
        glance,
    )


def is_sheet(width: float, height: float) -> bool:
    """Whether a page is A4, upright or on its side."""
    return all(abs(a - b) < 0.5 for a, b in zip(sorted((width, height)), SHEET, strict=True))


# ── Mark and number ──


def across(faint: Sequence[Text], mark: str, size: tuple[float, float]) -> Iterator[str]:
    """The word across the page: there, large, and no other."""
    words = "".join(text.words for text in faint)
    if squeezed(words) != squeezed(mark):
        yield (
            phrase("页面底纹是“{words}”，应为“{mark}”", words=words[:30], mark=mark)
            if mark
            else phrase("页面有不该有的底纹“{words}”", words=words[:30])
        )
    for text in faint:
        seen = inside(text, (0, 0, *size)) and inside(text, text.clipped)
        if text.upright or not 20 <= text.size <= 80 or not seen:
            yield phrase("页面底纹的大小或位置不对")
            return


def letters_of(texts: Sequence[Text], strokes: Mapping[int, Shape]) -> Letters:
    """The letters of some texts, a stroke behind those that have one."""
    words, owners = [], []
    for at, text in enumerate(texts):
        letters = squeezed(text.words)
        if at in strokes:
            letters = "".join(letter + STRUCK for letter in letters)
        words.append(letters)
        owners += [at] * len(letters)
    return Letters("".join(words), owners)


def without_edges(
    letters: Letters, texts: Sequence[Text], number: int, mark: str, height: float
) -> tuple[Letters, list[str]]:
    """The letters of a page without its mark and number, and which of the two is missing."""
    due = {phrase("标记"): (squeezed(mark), lambda t: t.base > 0.85 * height)} if mark else {}
    if number:
        due[phrase("页码")] = (f"—{number}—", lambda t: t.base < 0.15 * height)
    for _ in range(len(due)):
        for what, (words, at_edge) in list(due.items()):
            if (kept := without(letters, words, texts, at_edge)) is not None:
                letters = kept
                del due[what]
    missing: list[str] = [
        phrase(
            "页面{what}没有{other_what}“{words}”",
            what=phrase("顶端") if what == phrase("标记") else phrase("底端"),
            other_what=what,
            words=words,
        )
        for what, (words, _) in due.items()
    ]
    return letters, missing


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters one behind the other; `owners`: the place of the text that each belongs to."""

    words: str
    owners: Sequence[int]

    def __getitem__(self, part: slice) -> Letters:
        """Some of them."""
        return Letters(self.words[part], self.owners[part])


def without(letters: Letters, words: str, texts: Sequence[Text], at_edge: Callable[[Text], bool]) -> Letters | None:
    """The letters but for some words at their end or beginning; None where these are not at the edge of the page."""
    size = len(words)
    for piece, rest in ((letters[-size:], letters[:-size]), (letters[:size], letters[size:])):
        if piece.words == words:
            own = [texts[at] for at in dict.fromkeys(piece.owners)]
            if all(map(at_edge, own)) and all(starmap(follows, pairwise(own))):
                return rest
    return None


# ── In order ──


def out_of_order(page: DrawnPage, order: Sequence[int], beside: frozenset[int]) -> Iterator[str]:
    """Texts that stand above or left of one that comes before them. `beside`: those of cells that span rows."""
    if page.glance and not page.glance.disorder(order, beside, (BUCKET, STRIPES), (LINE_BUCKET, LINE_STRIPES)):
        return
    low, sizes, right = [inf] * STRIPES, [0.0] * STRIPES, [0.0] * LINE_STRIPES
    for at in order:
        text = page.texts[at]
        left, bottom, end, top = text.box
        columns, lines = within(left, end, BUCKET), within(bottom, top, LINE_BUCKET)
        lowest = low[columns]
        over = (
            bool(lowest) and text.base > min(lowest) - 0.45 * text.size and stands_above(text, lowest, sizes[columns])
        )
        aside = at not in beside and max(right[lines], default=0.0) > left + 0.4 * text.size
        if over or aside:
            yield phrase("“{strip}”不在它该在的位置", strip=text.words.strip()[:20])
        low[columns], sizes[columns] = [text.base] * len(lowest), [text.size] * len(lowest)
        if at not in beside:
            right[lines] = [max(end, before) for before in right[lines]]


def stands_above(text: Text, low: Sequence[float], sizes: Sequence[float]) -> bool:
    """Whether a text stands above the lowest one before it, or beside it."""
    base, size = min(zip(low, sizes, strict=True))
    return text.base > base - 0.45 * min(text.size, size)


def within(start: float, end: float, bucket: float) -> slice:
    """The stripes of a page, of a width, that lie wholly between two places."""
    first = max(ceil(start / bucket), 0)
    return slice(first, max(floor(end / bucket), first))


def torn_numbers(page: DrawnPage, order: Sequence[int]) -> Iterator[str]:
    """Numbers of several texts that are not of one size and one behind the other: their dot may be among other digits.

    `order`: without the texts in pictures, where numbers stand beside each other.
    """
    texts = page.texts
    for one, other in page.glance.unlike_neighbours(order) if page.glance else pairwise(order):
        if tears_number(texts[one], texts[other]):
            words = texts[one].words.strip()[-10:] + texts[other].words.strip()[:10]
            yield phrase("“{letters}”的字没有按次序排列", letters=words)


# ── Against what was found ──


def misplaced(pages: Sequence[DrawnPage], places: Sequence[Place]) -> Iterator[str]:
    """What stands elsewhere than it should, page by page."""
    beside: dict[int, set[int]] = {}
    pictures: dict[int, list[Picture]] = {}
    for place in places:
        if isinstance(place, PrintedCells):
            beside.setdefault(place.page, set()).update(spanning_texts(pages[place.page], place))
        elif isinstance(place, Picture):
            pictures.setdefault(place.page, []).append(place)
    for page in pages:
        drawings = pictures.get(page.number, [])
        order = as_read(page, drawings)
        faults = [
            *out_of_order(page, order, frozenset(beside.get(page.number, ()))),
            *torn_numbers(page, outside_of(page, order, drawings)),
        ]
        yield from (phrase("第 {number} 页：{text}", number=page.number + 1, text=text) for text in faults)
    for row in places:
        if isinstance(row, PrintedCells) and not is_in_line(pages[row.page], row):
            page = pages[row.page]
            yield phrase(
                "第 {number} 页：“{body}”一行的各格没有对齐",
                number=page.number + 1,
                body=page.body[row.begin : row.begin + 20],
            )
        if isinstance(row, Prose):
            told = rising(pages[row.page], row.begin, row.end)
            yield from (phrase("第 {number} 页：{text}", number=row.page + 1, text=text) for text in told)
    drawings = [place for place in places if isinstance(place, Picture)]
    yield from (told for place in drawings for told in false_drawing(pages[place.page], place))
    surfaces = Counter(place.page for place in drawings for _ in range(place.drawing.surfaces))
    yield from (told for page in pages for told in drawn_beside(page, surfaces[page.number]))


def rising(page: DrawnPage, begin: int, end: int) -> Iterator[str]:
    """Texts of prose after which the next one stands higher: moved down to another line."""
    texts = page.texts_of(begin, end + 1 - begin)
    for one, other in pairwise(texts):
        if other.base > one.base + 0.45 * other.size:
            yield phrase("“{strip}”不在它该在的位置", strip=one.words.strip()[:20])


def drawn_beside(page: DrawnPage, surfaces: int) -> Iterator[str]:
    """What is drawn and is neither the line of a table nor one of the bars and dots of the page's pictures.

    Lines are long and thin, so that they make no letters; surfaces are bars and dots, or too faint for more than a
    ground.
    """
    strange = Counter(shape.kind for shape in page.shapes if shape.dark * shape.opaque > LIGHT and not is_line(shape))
    for kind in ("fill", "line"):
        if strange[kind] > surfaces:
            yield phrase("第 {number} 页：有本程序不画的图形", number=page.number + 1)


def outside_of(page: DrawnPage, order: Sequence[int], pictures: Sequence[Picture]) -> Sequence[int]:
    """The texts of a page that are in none of some pictures."""
    inner = {at for p in pictures for at in page.owners[p.begin : p.begin + len(p.drawing.text)]}
    return [at for at in order if at not in inner] if inner else order


def as_read(page: DrawnPage, pictures: Sequence[Picture]) -> list[int]:
    """The texts of a page in the order in which people read them: pictures where they stand."""
    owners = list(page.owners)
    if not pictures:
        return list(dict.fromkeys(owners))
    taken = [range(p.begin, p.begin + len(p.drawing.text)) for p in pictures]
    starts: dict[int, list[int]] = {p.before: [] for p in pictures}
    for picture, letters in zip(pictures, taken, strict=True):
        starts[picture.before] += [owners[at] for at in letters]
    drawn_elsewhere = {at for letters in taken for at in letters}
    order = []
    for at in range(len(owners) + 1):
        order += starts.get(at, [])
        order += [owners[at]] if at < len(owners) and at not in drawn_elsewhere else []
    return list(dict.fromkeys(order))
