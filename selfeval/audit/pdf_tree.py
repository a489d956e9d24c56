"""The tree by which a report is read aloud: the marks of its pages in their order, and what they are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pypdf.generic import IndirectObject, NullObject, NumberObject

from selfeval.audit.pdf_forms import NO_FORM, are_many, formed_in
from selfeval.audit.time_limit import go_on

if TYPE_CHECKING:
    from pypdf import PdfReader

    from selfeval.audit.pdf_elements import Branch, Branches

PIECE = 1000
UNHEARD, DEEPEST = frozenset({"/Span", "/NonStruct"}), 4
"""What these are, where the tree leads to none of them, and how many are inside each other."""

Marks = list[tuple[int, int]]
"""(page from 0, number) in the order in which they are read aloud."""


@dataclass(slots=True)
class Tree:
    """The marks of each page (from 0) in the order in which the tree has them, those in pictures apart. Mutable."""

    texts: dict[int, list[int]] = field(default_factory=dict)
    pictures: dict[int, list[int]] = field(default_factory=dict)
    described: list[str] = field(default_factory=list)
    """The words by which its pictures are described."""
    figures: int = 0
    seen: set[int] = field(default_factory=set)
    titles: list[tuple[str, Marks]] = field(default_factory=list)
    """What elements are called, and the marks in them."""
    holders: dict[int, dict[int, int]] = field(default_factory=dict)
    """By page, the element that a mark belongs to."""

    def walk(self, reader: PdfReader) -> None:
        """Goes through the tree."""
        root: Any = reader.trailer["/Root"]
        numbers, formed = numbers_of(reader), formed_in(reader)
        branches = branches_of(reader, numbers) if are_many(reader) else None
        kids = _listed(root["/StructTreeRoot"].raw_get("/K"))
        stack: list[tuple[Any, int, bool, int, Marks]] = [(kid, 0, False, 0, []) for kid in reversed(kids)]
        while stack:
            item, page, in_picture, holder, marks = stack.pop()
            if isinstance(item, NumberObject):
                marks.append((page, int(item)))
                self._marked(page, [int(item)], [holder], in_picture=in_picture)
                continue
            number = item.idnum if type(item) is IndirectObject else item if type(item) is int else None
            if number is not None and branches and (branch := branches.of(number)):
                self._taken(branch, page, marks, in_picture=in_picture)
                continue
            if number is not None:
                self._first_time(holder := number)
                form, written = formed.get(holder, NO_FORM)
                if form and (held := form.kids):
                    page = numbers[int(written[held.page])] if held.page is not None else page
                    said = [int(written[at]) for at in held.marks]
                    marks += [(page, mark) for mark in said]
                    self._marked(page, said, repeat(holder), in_picture=in_picture)
                    stack += [(int(written[at]), page, in_picture, holder, marks) for at in reversed(held.elements)]
                    continue
                item = IndirectObject(number, 0, reader).get_object()
            page = numbers[item.raw_get("/Pg").idnum] if "/Pg" in item else page
            if "/MCID" in item:
                marks.append((page, int(item["/MCID"])))
                self._marked(page, [int(item["/MCID"])], [holder], in_picture=in_picture)
            figure = item.get("/S") == "/Figure"
            self.figures += figure
            in_picture = in_picture or figure
            if figure or "/Alt" in item:
                self.described.append(str(item.get("/Alt", "")))
            if "/T" in item:
                self.titles.append((str(item["/T"]), marks := []))
            kids = _listed(item.raw_get("/K")) if "/K" in item else []
            stack += [(kid, page, in_picture, holder, marks) for kid in reversed(kids)]

    def _first_time(self, element: int) -> None:
        """An element that has not been read aloud before; raises ValueError of another."""
        if element in self.seen:
            raise ValueError("an element is read aloud twice")
        self.seen.add(element)
        if not len(self.seen) % PIECE:
            go_on()

    def _taken(self, branch: Branch, page: int, marks: Marks, *, in_picture: bool) -> None:
        """All that is in an element."""
        if not self.seen.isdisjoint(branch.elements):
            raise ValueError("an element is read aloud twice")
        self.seen.update(branch.elements)
        go_on()
        for place, said, holders in branch.by_page(page):
            marks += zip(repeat(place), said)
            self._marked(place, said, holders, in_picture=in_picture)

    def _marked(self, page: int, marks: Sequence[int], holders: Iterable[int], *, in_picture: bool) -> None:
        """Marks of a page, and of each the element that holds it."""
        if marks:
            (self.pictures if in_picture else self.texts).setdefault(page, []).extend(marks)
            self.holders.setdefault(page, {}).update(zip(marks, holders, strict=False))

    def leads_back(self, page: int | None, elements: Sequence[Any]) -> bool:
        """Whether elements looked up by the marks of a page are those that hold them, or some that nobody hears."""
        if page is None:
            return all(element.idnum in self.seen for element in elements)
        holders = self.holders.get(page, {})
        found = zip(map(holders.get, range(len(elements))), elements, strict=True)
        return all(
            self._leads_back(holder, element)
            for holder, element in found
            if holder is None or type(element) is not IndirectObject or element.idnum != holder
        )

    def _leads_back(self, holder: int | None, element: Any) -> bool:  # noqa: ANN401
        """The same of one that is not the element that holds the mark."""
        return holder is None and (isinstance(element, NullObject) or self._unheard(element))

    def _unheard(self, element: Any) -> bool:  # noqa: ANN401
        """Whether an element outside the tree, with those around it, has no words."""
        for _ in range(DEEPEST):
            found = element.get_object()
            if element.idnum in self.seen or found["/S"] not in UNHEARD or "/Alt" in found:
                return False
            element = found.raw_get("/P")
            if element.idnum in self.seen:
                return True
        return False

    @property
    def order(self) -> dict[int, list[int]]:
        """All marks of each page as they are read aloud: pictures behind the text, as they are drawn."""
        pages = {*self.texts, *self.pictures}
        return {page: [*self.texts.get(page, []), *self.pictures.get(page, [])] for page in pages}


def branches_of(reader: Any, numbers: Mapping[int, int]) -> Branches:  # noqa: ANN401
    """The elements of a file of which all that is in them is known at once."""
    from selfeval.audit.pdf_elements import Branches, elements_of

    return Branches([*elements_of(reader.resolved_objects)], numbers)


def tree_of(reader: PdfReader) -> Tree:
    """The tree by which the pages of a file are read aloud."""
    tree = Tree()
    tree.walk(reader)
    return tree


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    """What a list holds, with references as they are; one thing as a list of one."""
    found = value.get_object()
    return [*list.__iter__(found)] if isinstance(found, list) else [value]


def numbers_of(reader: PdfReader) -> Mapping[int, int]:
    """Which page an object is, from 0."""
    return {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
