"""The numbers that Word gives to the paragraphs of a list: no text holds them, and who reads the page sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from selfeval.base.text import CHINESE_NUMBERS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting"})
_DEEPEST = 20
"""How many styles may be based on one another."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is counted, and what is written around the number and behind it."""

    kind: str
    text: str
    start: int
    apart: str

    def written(self, number: int) -> str:
        """The number; "" in a way of counting that is not known."""
        if self.kind == "decimal":
            return str(number)
        return CHINESE_NUMBERS[number - 1] if self.kind in _CHINESE and 0 < number <= len(CHINESE_NUMBERS) else ""


@dataclass(frozen=True, slots=True)
class _List:
    """A list: which others it goes on with (`shape`), its levels, where it begins anew."""

    shape: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]

    def start(self, level: int) -> int:
        """Its first number on a level."""
        return self.starts.get(level, self.levels[level].start)


@dataclass(slots=True)
class ListNumbers:
    """Counts through a document. Mutable: asked for each paragraph in turn, it remembers how far every list is."""

    lists: Mapping[str, _List]
    styles: Mapping[str, tuple[str, str, str]]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def before(self, paragraph: Any) -> str:  # noqa: ANN401 - lxml elements
        """What stands before a paragraph's own words."""
        list_, level = self._place(paragraph)
        held = self.lists.get(list_)
        if held is None or level not in held.levels:
            return ""
        count = self._counted(list_, held, level)
        parts = {at: held.levels[at].written(count.get(at, held.start(at))) for at in held.levels}
        here = held.levels[level]
        asked = [int(digit) - 1 for digit in re.findall(r"%(\d)", here.text)]
        if not asked or not all(parts.get(at) for at in asked):
            return ""
        return re.sub(r"%(\d)", lambda found: parts[int(found[1]) - 1], here.text) + here.apart

    def _counted(self, list_: str, held: _List, level: int) -> dict[int, int]:
        """The counts of a list with this paragraph; levels below begin anew."""
        count = self.counts.setdefault(held.shape, {})
        if list_ not in self.begun:
            self.begun.add(list_)
            for at in held.starts:
                count.pop(at, None)
        count[level] = count.get(level, held.start(level) - 1) + 1
        for deeper in [at for at in count if at > level]:
            del count[deeper]
        return count

    def _place(self, paragraph: Any) -> tuple[str, int]:  # noqa: ANN401
        """List and level of a paragraph: its own, else those of its style."""
        list_, level = _listed(paragraph.find(f"{_W}pPr"))
        style = _value(paragraph, "pPr/pStyle")
        for _ in range(_DEEPEST):
            based, of_style, at = self.styles.get(style, ("", "", ""))
            list_, level, style = list_ or of_style, level or at, based
        return list_, int(level) if level.isdecimal() else 0


def list_numbers(document: Any) -> ListNumbers:  # noqa: ANN401 - python-docx's
    """The lists of a document, none of them begun."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    try:
        numbering = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except (AttributeError, KeyError, ValueError):
        return ListNumbers({}, {})
    shapes = {each.get(f"{_W}abstractNumId"): dict(_levels(each)) for each in numbering.iter(f"{_W}abstractNum")}
    lists = {each.get(f"{_W}numId"): _list(each, shapes) for each in numbering.iter(f"{_W}num")}
    styles = {
        each.get(f"{_W}styleId"): (_value(each, "basedOn"), *_listed(each.find(f"{_W}pPr")))
        for each in document.styles.element.iter(f"{_W}style")
    }
    return ListNumbers(lists, styles)


def _list(num: Any, shapes: Mapping[str, Mapping[int, _Level]]) -> _List:  # noqa: ANN401
    """One list: the levels of its shape, but for those that it changes."""
    shape = _value(num, "abstractNumId")
    levels, starts = dict(shapes.get(shape, {})), {}
    for change in num.findall(f"{_W}lvlOverride"):
        levels |= dict(_levels(change))
        begin, level = _value(change, "startOverride"), change.get(f"{_W}ilvl", "")
        if begin.isdecimal() and level.isdecimal():
            starts[int(level)] = int(begin)
    return _List(shape, levels, starts)


def _levels(parent: Any) -> Iterator[tuple[int, _Level]]:  # noqa: ANN401
    """The levels that are described here."""
    for each in parent.findall(f"{_W}lvl"):
        at, start = each.get(f"{_W}ilvl", ""), _value(each, "start")
        if at.isdecimal():
            apart = "" if _value(each, "suff") == "nothing" else " "
            begin = int(start) if start.isdecimal() else 0
            yield int(at), _Level(_value(each, "numFmt"), _value(each, "lvlText"), begin, apart)


def _listed(properties: Any) -> tuple[str, str]:  # noqa: ANN401
    """List and level as properties of a paragraph or a style tell them."""
    return ("", "") if properties is None else (_value(properties, "numPr/numId"), _value(properties, "numPr/ilvl"))


def _value(element: Any, path: str) -> str:  # noqa: ANN401
    """What an element below another says, "" where it is not there."""
    found = element.find("/".join(f"{_W}{tag}" for tag in path.split("/")))
    return "" if found is None else str(found.get(f"{_W}val", ""))
