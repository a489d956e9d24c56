"""What a report.pdf is made of where Typst drew it: its kinds of objects and its metadata, where WeasyPrint's differ.

As strict as `pdf_objects`, and never instead of it: a file is held against the list of the engine that its manifest
names, and must say itself that it comes from that engine.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape

from selfeval.audit.pdf_objects import KINDS, STREAM, Kind, Make

ROLES = {"/Datetime": "/Span", "/Em": "/Span", "/Strong": "/Span", "/Terms": "/Part", "/Title": "/P"}

OWN_KINDS: dict[str, Kind] = KINDS | {
    "information": {
        "/Title": "text",
        "/Creator": "text",
        "/Keywords": "text",
        "/CreationDate": "date",
        "/ModDate": "date",
    },
    "marked": {"/Marked": "true", "/Suspects": "false"},
    "viewing": {"/Direction": "=/L2R", "/DisplayDocTitle": "true"},
    "parameters": {"/ModDate": "date", "/Size": "int"},
    "intent": {**KINDS["intent"], "/OutputCondition": "text", "/RegistryName": "text"},
    "profile": {**KINDS["profile"], "/Range": "[number]"},
    "tree": {
        **KINDS["tree"],
        "/ParentTreeNextKey": "int",
        "/RoleMap": "roles",
        "/IDTree?": "ids",
    },
    "link": {**KINDS["link"], "/QuadPoints?": "[number]"},
    "roles": {key: f"={role}" for key, role in ROLES.items()},
    "ids": {"/Names": "[text|element]"},
    "element": {**KINDS["element"], "/K?": "[int|element|annotation|piece]", "/A?": "[layout]", "/T?": "text"},
    "piece": {"/Type": "=/MCR", "/MCID": "int", "/Pg": "page"},
    "layout": {
        "/O": "name",
        "/Headers?": "[text]",
        "/Scope?": "name",
        "/RowSpan?": "int",
        "/ColSpan?": "int",
        "/Placement?": "name",
        "/BBox?": "[number]",
        "/Width?": "number",
        "/Height?": "number",
        "/BorderStyle?": "any",
        "/BorderColor?": "any",
        "/BorderThickness?": "any",
        "/BackgroundColor?": "[number]",
        "/TextDecorationType?": "=/LineThrough",
        "/TextDecorationColor?": "[number]",
        "/TextDecorationThickness?": "number",
    },
    "resources": {**KINDS["resources"], "/ProcSet": "[name]"},
    "spaces": {"*": "colours"},
    "state": {**KINDS["state"], "/Type": "=/ExtGState"},
    "picture": {**KINDS["picture"], "/ColorSpace": "name|colours"},
    "font": {**KINDS["font"], "/ToUnicode": "table"},
    "table": {**STREAM, "/Type": "=/CMap", "/WMode": "zero"},
}

TYPST = Make(
    OWN_KINDS,
    frozenset(
        {
            "c56e1685d888f5edb92fe07f2750f387f8fe8e91b32ff8fb0b56bfbbb9458353",  # colours
            "00c0f94e09127520a17dc0e1d9264b5702081d96dbdb1549ee88e3631ce42a9d",  # grey
        }
    ),
)

MADE_BY = re.compile(r"Typst 0\.15\.\d{1,2}")
KEYWORDS = "<generator>selfeval</generator>"

_TITLE = re.compile(rb'(?<=<rdf:li xml:lang="x-default">)[^<]*(?=</rdf:li>)')
_VARYING = re.compile(
    rb"(?<=<xmpTPg:NPages>)\d{1,4}(?=<)|(?<=>)[0-9A-Za-z+/]{22}==(?=<|_source<)|(?<=>)Typst 0\.15\.\d{1,2}(?=<)"
)
METADATA = "e54552dd6c334d8983796c2d50ce9c50c0a9e12ba4626d643feae66d1a4c34c2"
"""SHA-256 of the metadata without what differs from file to file: title, pages, version, number of the file."""


def titles_in(metadata: bytes) -> list[str]:
    """What the metadata call the file."""
    return [unescape(found.decode("utf-8", "replace")) for found in _TITLE.findall(metadata)]


def is_metadata(content: bytes) -> bool:
    """Whether the metadata say no more than ours do."""
    return hashlib.sha256(_VARYING.sub(b"", _TITLE.sub(b"", content))).hexdigest() == METADATA
