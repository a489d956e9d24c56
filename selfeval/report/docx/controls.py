"""Content controls: where whoever signs the report may change its words in Word. What is computed stands in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from selfeval.report.docx.elements import make, run
from selfeval.report.docx.styles import element
from selfeval.report.office import clean

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement as Element


LONGEST = 64
"""Word takes no longer title or tag."""

EMPTY = "　"
"""What stands in a control without words: nothing that would be printed."""

BLANK = "空白"
"""The name by which the controls ask for it."""


@dataclass(frozen=True, slots=True)
class Control:
    """What a control is called; `plain`: text in one look, else paragraphs, lists and tables."""

    title: str
    tag: str
    plain: bool = True


def enclosed(control: Control, content: list[Element], *, empty: bool = False) -> Element:
    """What may be changed, in its control, which itself cannot be deleted; its number is given when all are there."""
    named = [make(name, {"val": clean(words)[:LONGEST]}) for name, words in _names(control)]
    properties = make(
        "sdtPr",
        None,
        *named,
        make("id", {"val": 0}),
        make("lock", {"val": "sdtLocked"}),
        make("placeholder", None, make("docPart", {"val": BLANK})),
        *([make("showingPlcHdr")] if empty else []),
        *([make("text", {"multiLine": 1})] if control.plain else []),
    )
    return make("sdt", None, properties, make("sdtContent", None, *content))


def _names(control: Control) -> tuple[tuple[str, str], ...]:
    return ("alias", control.title), ("tag", control.tag)


def blank() -> Element:
    """The words of a control that has none."""
    return run(EMPTY)


def number_controls(document: Document) -> None:
    """Every control gets its number, from the first on, so that the same report is the same file; and their blank."""
    from docx.oxml.ns import qn

    held = document.element.body.xpath(".//w:sdtPr/w:id")
    for at, number in enumerate(held, 1):
        number.set(qn("w:val"), str(at))
    if held:
        _add_blank(document)


def _add_blank(document: Document) -> None:
    """What Word shows where a control was emptied."""
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    part = (
        f'<w:docPart><w:docPartPr><w:name w:val="{BLANK}"/><w:category><w:name w:val="General"/>'
        '<w:gallery w:val="placeholder"/></w:category><w:types><w:type w:val="bbPlcHdr"/></w:types>'
        '<w:behaviors><w:behavior w:val="content"/></w:behaviors>'
        '<w:guid w:val="{5E1FE7A1-0000-4000-8000-000000000001}"/></w:docPartPr>'
        f"<w:docPartBody><w:p><w:r><w:t>{EMPTY}</w:t></w:r></w:p></w:docPartBody></w:docPart>"
    )
    content = element("glossaryDocument", f"<w:docParts>{part}</w:docParts>").encode()
    at = PackURI("/word/glossary/document.xml")
    made = Part(at, CONTENT_TYPE.WML_DOCUMENT_GLOSSARY, content, document.part.package)
    document.part.relate_to(made, RELATIONSHIP_TYPE.GLOSSARY_DOCUMENT)
