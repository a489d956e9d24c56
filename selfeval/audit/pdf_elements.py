"""Elements of the tree for those who listen, form by form: what all of one form lead to is looked at at once.

No fault is told here, only whether `pdf_objects` would find one in what the elements lead to: it then looks at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, starmap

import numpy as np

from selfeval.audit.pdf_forms import HIGHEST, Form, Leads, Store
from selfeval.audit.time_limit import go_on

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Answers = np.ndarray[tuple[int, ...], np.dtype[np.bool]]
NO_NUMBERS: Numbers = np.zeros(0, dtype=np.int64)
DOUBLINGS = 6
"""Elements are less than two to this power inside each other, or are read one by one."""

Led = Callable[[Form, str], tuple[str, Leads] | None]


class Elements:
    """Those of one form, one below the other. Mutable by nobody."""

    def __init__(self, form: Form, written: Sequence[bytes]) -> None:
        """`written`: each as it is written; all are of one length."""
        self.form = form
        self.numbers: Numbers = np.array(form.numbers, dtype=np.int64)
        self.letters = np.frombuffer(b"".join(written), dtype=np.uint8).reshape(len(written), -1)

    def columns(self, places: Sequence[slice]) -> Numbers:
        """The numbers that stand at some places of each: those of one side by side."""
        found = np.empty((len(self.numbers), len(places)), dtype=np.int64)
        widths = [place.stop - place.start for place in places]
        for width in {*widths}:
            alike = [at for at, other in enumerate(widths) if other == width]
            starts = np.array([[places[at].start] for at in alike])
            digits = self.letters[:, starts + np.arange(width)].astype(np.int64) - ord("0")
            found[:, alike] = digits @ 10 ** np.arange(width - 1, -1, -1)
        return found


def elements_of(store: Store) -> Sequence[Elements]:
    """The elements of a file, form by form."""
    if not store.elements:
        forms = [form for form in store.forms.values() if form and form.numbers]
        texts = ([store.formed[number][1] for number in form.numbers] for form in forms)
        store.elements = [*starmap(Elements, zip(forms, texts, strict=True))]
        go_on()
    return store.elements


def beyond(elements: Sequence[Elements], led: Led, what: str) -> list[tuple[int, str, str]]:
    """All that elements of a kind lead to beside others of them: number, what it should be, where it stands.

    `led` says what all of a form lead to, as something that is as ours are; as this kind all of them are.
    """
    leads: dict[tuple[str, str], list[Numbers]] = {}
    for some in elements:
        places: dict[tuple[str, str], list[slice]] = {}
        for at, kind, place in (led(some.form, what) or ("", ()))[1]:
            places.setdefault((kind, place), []).append(at)
        for lead, slices in places.items():
            leads.setdefault(lead, []).append(some.columns(slices).ravel())
    found: list[tuple[int, str, str]] = []
    for (kind, place), columns in leads.items():
        go_on()
        known = [some.numbers for some in elements if led(some.form, kind)]
        found += [(number, kind, place) for number in {*outside(np.concatenate(columns), known).tolist()}]
    return found


def outside(numbers: Numbers, groups: Sequence[Numbers]) -> Numbers:
    """The numbers that are in none of some groups."""
    last = max((int(group.max()) for group in groups), default=0) + 1
    known = np.zeros(last + 1, dtype=np.bool)
    for group in groups:
        known[group] = True
    return numbers[~known[np.minimum(numbers, last)]]


# ── The order in which they are read aloud ──


@dataclass(frozen=True, slots=True)
class Branch:
    """An element and all in it, as it is read aloud: its marks, of each its page and the element that holds it.

    A page of -1 is that of what is around it; `elements`: itself and those in it.
    """

    marks: Sequence[int]
    pages: Sequence[int]
    holders: Sequence[int]
    elements: Sequence[int]

    def by_page(self, page: int) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
        """Page, marks and holders of those on one page, one page after the other; `page`: that of what is around."""
        at = 0
        for place, alike in groupby(self.pages):
            end = at + len([*alike])
            yield place if place >= 0 else page, self.marks[at:end], self.holders[at:end]
            at = end


class Branches:
    """The elements in which there is nothing but marks and others of them. Mutable by nobody."""

    def __init__(self, elements: Sequence[Elements], pages: Mapping[int, int]) -> None:
        """`pages`: which page an object is, from 0."""
        kept = [(some, some.form.kids) for some in elements if some.form.kids]
        numbers = np.concatenate([NO_NUMBERS, *(some.numbers for some, _ in kept)])
        self.places = np.full(int(numbers.max(initial=0)) + 2, len(numbers), dtype=np.int64)
        """Which of them an element is; the one behind the last stands for all others."""
        self.places[numbers] = np.arange(len(numbers))
        owners, kids = pairs([(some, held.elements) for some, held in kept])
        holders, marks = pairs([(some, held.marks) for some, held in kept])
        owners, kids, holders = self.placed(owners), self.placed(kids), self.placed(holders)
        self.tree = tree = Levels(len(numbers), owners, kids)
        if not tree.sound:
            return
        known = np.full(HIGHEST + 2, NONE_OF_THE_PAGES, dtype=np.int64)
        for number, page in pages.items():
            known[min(number, HIGHEST + 1)] = page if number <= HIGHEST else NONE_OF_THE_PAGES
        own_pages = np.concatenate([NO_NUMBERS, *(pages_of(some, held.page, known) for some, held in kept)])
        unlike = own_pages < NO_PAGE
        unlike[owners[kids == tree.count]] = True
        self.plain = ~tree.upwards(np.append(unlike, False))[:-1].astype(np.bool)
        own_marks = np.bincount(holders, minlength=tree.count + 1)
        self.marks, self.elements = tree.spans(own_marks), tree.spans(np.ones_like(own_marks))
        inherited = tree.downwards(np.append(own_pages, NO_PAGE))
        # The marks of an element stand one behind the other in `holders`, as its kids in `owners`.
        slots = self.marks.begins[holders] + since(holders)
        found = np.empty((3, len(marks)), dtype=np.int64)
        found[:, slots] = marks, inherited[holders], numbers[holders]
        inner = np.empty(len(numbers), dtype=np.int64)
        inner[self.elements.begins[:-1]] = numbers
        self.found, self.inner = found.tolist(), inner.tolist()

    def placed(self, numbers: Numbers) -> Numbers:
        """Which of them some elements are."""
        return self.places[np.minimum(numbers, len(self.places) - 1)]

    def of(self, number: int) -> Branch | None:
        """That of an element; None where there is something else in it."""
        at = int(self.places[min(number, len(self.places) - 1)])
        if not self.tree.sound or at == self.tree.count or not self.plain[at]:
            return None
        of_it = self.marks.of(at)
        marks, pages, holders = self.found
        return Branch(marks[of_it], pages[of_it], holders[of_it], self.inner[self.elements.of(at)])


NO_PAGE, NONE_OF_THE_PAGES = -1, -2


def pages_of(elements: Elements, place: slice | None, known: Numbers) -> Numbers:
    """The pages that elements name; `known`: which page an object is, none the last and all behind it."""
    if place is None:
        return np.full(len(elements.numbers), NO_PAGE, dtype=np.int64)
    return known[np.minimum(elements.columns([place])[:, 0], len(known) - 1)]


def pairs(elements: Sequence[tuple[Elements, Sequence[slice]]]) -> tuple[Numbers, Numbers]:
    """Of elements and of the numbers that stand at some places of each: element and number, in their order."""
    owners = [np.repeat(some.numbers, len(places)) for some, places in elements]
    held = [some.columns(places).ravel() for some, places in elements]
    return np.concatenate([NO_NUMBERS, *owners]), np.concatenate([NO_NUMBERS, *held])


def since(owners: Numbers) -> Numbers:
    """Of things that belong together where they stand side by side, how many of the same stand before each."""
    begins = np.flatnonzero(np.append(True, owners[1:] != owners[:-1])[: len(owners)])
    return np.arange(len(owners)) - np.repeat(begins, np.diff(np.append(begins, len(owners))))


@dataclass(frozen=True, slots=True)
class Spans:
    """Where what belongs to each thing and to all in it begins in a row of all, and how much that is."""

    begins: Numbers
    sizes: Numbers

    def of(self, at: int) -> slice:
        """Those of one."""
        return slice(int(self.begins[at]), int(self.begins[at] + self.sizes[at]))


class Levels:
    """Things that hold others, from the outer to the inner ones. Mutable by nobody.

    One more, behind the last, stands for all that are none of them. `sound`: whether each is held once, and none in
    itself.
    """

    def __init__(self, count: int, owners: Numbers, kids: Numbers) -> None:
        """`owners` and `kids`: which holds which, the kids of one side by side in their order."""
        self.count = count
        inner = kids != count
        self.owners, self.kids = owners[inner], kids[inner]
        self.holder = np.full(count + 1, count, dtype=np.int64)
        self.holder[self.kids] = self.owners
        depth, above = (self.holder != count).astype(np.int64), self.holder
        for _ in range(DOUBLINGS):
            depth, above = depth + depth[above], above[above]
        self.sound = bool((above == count).all()) and len(self.kids) == int((self.holder != count).sum())
        order = np.argsort(depth[:-1], kind="stable") if self.sound else NO_NUMBERS
        ends = np.cumsum(np.bincount(depth[:-1])).tolist() if self.sound else []
        self.levels = [order[begin:end] for begin, end in pairwise(ends)]
        """Those that are held, the outer ones first."""

    def upwards(self, own: Numbers) -> Numbers:
        """What each has and all in it have, together."""
        total = own.astype(np.int64)
        for level in reversed(self.levels):
            total += np.bincount(self.holder[level], total[level], len(total)).astype(np.int64)
        return total

    def downwards(self, own: Numbers) -> Numbers:
        """What each has, or the nearest that holds it where it has none (-1)."""
        found = own.copy()
        for level in self.levels:
            found[level] = np.where(found[level] < 0, found[self.holder[level]], found[level])
        return found

    def spans(self, own: Numbers) -> Spans:
        """A row of what all have: of each its own, then that of those in it."""
        sizes = self.upwards(own)
        sizes[self.count] = 0
        before = np.cumsum(sizes[self.kids]) - sizes[self.kids]
        firsts = np.arange(len(self.kids)) - since(self.owners)
        begins = np.where(self.holder == self.count, sizes, 0)
        begins = np.cumsum(begins) - begins
        shift = np.zeros_like(sizes)
        shift[self.kids] = own[self.owners] + before - before[firsts]
        for level in self.levels:
            begins[level] = begins[self.holder[level]] + shift[level]
        return Spans(begins, sizes)
