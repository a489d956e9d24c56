"""The elements of WordprocessingML: runs and paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from selfeval.report.office import clean

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement as Element


def make(tag: str, attributes: dict[str, str | int] | None = None, *children: Element) -> Element:
    """One element; tags and attributes without prefix are WordprocessingML's."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: Element = OxmlElement(f"w:{tag}")
    for name, value in (attributes or {}).items():
        made.set(qn(name if ":" in name else f"w:{name}"), str(value))
    made.extend(children)
    return made


def run(text: str, *properties_: Element) -> Element:
    """A run of text; a newline breaks the line."""
    made = make("r", None, *([make("rPr", None, *properties_)] if properties_ else []))
    for at, line in enumerate(clean(text).split("\n")):
        if at:
            made.append(make("br"))
        words = make("t", {"xml:space": "preserve"})
        words.text = line
        made.append(words)
    return made


def runs_of(words: str | Sequence[Element]) -> list[Element]:
    """Text as runs."""
    return ([run(words)] if words else []) if isinstance(words, str) else list(words)


def paragraph(style: str, words: str | Sequence[Element], *properties_: Element) -> Element:
    """A paragraph of a style; `properties_` follow the style's name, in the schema's order."""
    return make("p", None, make("pPr", None, make("pStyle", {"val": style}), *properties_), *runs_of(words))


def list_of(number: int, level: int) -> Element:
    """What puts a paragraph into a list; 0: takes it out of its style's."""
    return make("numPr", None, make("ilvl", {"val": level}), make("numId", {"val": number}))
