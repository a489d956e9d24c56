"""What a file that is to be read aloud needs beside PDF/A-3a, so that it is PDF/UA-1 (ISO 14289-1) as well.

WeasyPrint writes one standard or the other. Three things lack: the statement in the metadata, what each head of a
table stands over, and a link that holds each of its areas.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from selfeval.report.accessibility import ACCESSIBLE

SCOPES = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}
"""What HTML says of a head, in the words of PDF."""

END = b"</rdf:RDF>"


def make_accessible(document: Any, pdf: Any) -> None:  # noqa: ANN401 – WeasyPrint has no types
    """Writes what lacks into a document that is about to be written."""
    for head, element in heads(document):
        element["A"]["Scope"] = SCOPES.get(head.attrib.get("scope", ""), "/Column")
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("S") == "/TD" and not item["A"].get("Headers", True):
            del item["A"]["Headers"]  # under an empty corner; a list of nothing is no list of heads
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [bytes(metadata.stream[0]).replace(END, ACCESSIBLE.encode() + END)]


def link_once(document: Any) -> None:  # noqa: ANN401
    """Leaves each link one area, its own: WeasyPrint gives bold or struck words in it a second one, in no link."""
    for page in document.pages:
        page.links = [link for link in page.links if link[3].link]


def heads(document: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    """The heads of all tables: each as HTML and as an element of the PDF."""
    for page in document.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 – no other way to it
            if getattr(box, "mark", None) is not None and box.mark["S"] == "/TH":
                yield box.element, box.mark
