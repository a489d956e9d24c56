"""The metadata of a report.pdf that Typst drew.

A file is held against the list of the engine that its manifest names (`pdf_objects`), and must
say itself that it comes from that engine.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape

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
