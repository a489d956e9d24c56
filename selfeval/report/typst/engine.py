"""Documents to PDF by Typst, which is loaded only once a PDF is asked for.

The templates are the shipped ones and see nothing but the data of one document; root and packages are an empty folder,
so that no file is read and no address asked. What Typst says (a missing glyph) becomes diagnostics; what it writes
depends only on the document, its version and the fonts.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from threading import RLock
from typing import Any

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.text import UNSEEN
from selfeval.reading.layouts import shipped_templates
from selfeval.report.boxes import boxes_for, missing_glyphs
from selfeval.report.pages.views import Enclosure
from selfeval.report.pages.words import SUMMARY_WORDS, TRANSFER_WORDS, WORDS
from selfeval.report.typst import faces
from selfeval.report.typst.as_data import as_json
from selfeval.report.typst.loading import load
from selfeval.report.typst.prose import Pictures

STANDARDS = ["a-3a", "ua-1"]
"""To be kept and to be read aloud, as the other engine writes it."""

MIME = {"json": "application/json", "toml": "application/toml", "csv": "text/csv", "md": "text/markdown"}

ATTEMPTS = 5
"""How often a form is cut anew before it is printed as it is."""

UNLIKE_FORETOLD = "a sheet does not stand as foretold"
"""What the templates say where a sheet of a form takes more than its page."""

FORGETTING = 5
"""Compiling nothing so many times lets go of what was kept of the document before the last.

What two documents share (the templates' own) is then kept for the next: a tenth of the time, for 10 MB.
"""

BLANKS = "\x85\u2028\u2029"
"""Ends of lines and paragraphs that are none of ours: Typst would fill the line before."""

_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed|the PDF contains the codepoint `"(.+?)"`')
NO_PICTURE = re.compile("image|CMYK")
"""What Typst complains of where a picture cannot be drawn."""

_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")

Data = Mapping[str, Any]
"""What the templates print: `kind` names the page."""

Again = Callable[[int], Data]
"""Makes a page anew, on the nth attempt with less on each sheet of its form."""

Made = tuple[bytes, tuple[Diagnostic, ...]]


class Shown:
    """The pictures that a document asked for, by name; those found broken are not given again. Mutable for that."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.contents: dict[str, bytes] = {}
        self.broken: list[str] = []

    def __call__(self, name: str) -> bytes:
        """The bytes of a picture; b"" where it may not or cannot be shown."""
        content = b"" if name in self.broken else self.pictures(name)
        if content:
            self.contents[name] = content
        return content


class TypstEngine:
    """Compiles documents one after another; one engine per process.

    Mutable on purpose: fonts once opened and templates once read are kept. Threads wait for one another.
    """

    def __init__(self) -> None:
        typst = load()
        self._failure: type[Exception] = typst.TypstError
        self._empty = tempfile.TemporaryDirectory(prefix="selfeval-")
        home = shipped_templates() / "typst"
        words = {"words": WORDS, "summary": SUMMARY_WORDS, "unscored": TRANSFER_WORDS}
        self._sources = {path.name: path.read_bytes() for path in sorted(home.glob("*.typ"))}
        self._sources["words.json"] = as_json(words, lambda _: b"").encode()
        self._compiler = typst.Compiler(
            self._sources | {"main.typ": b""},
            root=self._empty.name,
            font_paths=faces.installed(),
            package_path=self._empty.name,
            package_cache_path=self._empty.name,
        )
        self._lock = RLock()

    def render(
        self,
        again: Again,
        pictures: Pictures,
        *,
        enclosures: tuple[Enclosure, ...] = (),
        project: str | None = None,
    ) -> Made:
        """The PDF of a page, and what was found on the way (about `project`).

        Where a sheet of a form does not fit on its page, `again(1)`, `again(2)` … gives the page with less on each.
        `pictures` gives those of the narrative.
        """
        again = cache(again)
        files = self._files(again(0)["doc"].marks.faces, enclosures)
        listed = [_listed(enclosure) for enclosure in enclosures]
        with self._lock:
            content, diagnostics = self._printed(again, pictures, files, listed)
            self._forget()
        return content, tuple(replace(d, project=project) for d in diagnostics)

    def picture(self, data: Data) -> bytes:
        """A small page to be drawn inside another file: its fonts come along, no tags."""
        files = {**self._sources, **self._files((), ()), "data.json": as_json(data, lambda _: b"").encode()}
        with self._lock:
            content: bytes = self._compiler.compile(files, format="pdf", pdf_standards=["a-3b"], pdf_tags=False)
        return content

    def photograph(self, content: bytes) -> bytes:
        """A page with a picture; b"" where it cannot be drawn."""
        page = b'#set document(title: "-")\n#image(bytes(json("bytes.json")))'
        files = {"main.typ": page, "bytes.json": json.dumps([*content]).encode()}
        try:
            drawn: bytes = self._compiler.compile(files, format="pdf", pdf_standards=["a-3b"], pdf_tags=False)
        except self._failure:
            return b""
        return drawn

    def _printed(self, again: Again, pictures: Pictures, files: dict[str, bytes], listed: list[Data]) -> Made:
        """The page, made again with boxes for what no font has, and with less on a sheet that was too full."""
        missing: dict[str, None] = {}
        shown = Shown(pictures)
        attempt = 0
        while True:
            data = {**again(attempt), "enclosed": listed, "strict": attempt < ATTEMPTS}
            text = _printable(as_json(data, shown), missing)
            try:
                content, said = self._compiled(files | {"data.json": text.encode("utf-8", "replace")})
            except self._failure as failure:
                if UNLIKE_FORETOLD in str(failure) and attempt < ATTEMPTS:
                    attempt += 1
                elif unknown := [char for char in missing_in(failure) if char not in missing]:
                    missing |= dict.fromkeys(unknown)
                elif NO_PICTURE.search(str(failure)) and (broken := self._broken(shown.contents)):
                    shown.broken += broken
                else:
                    raise
                continue
            return content, (
                *([missing_glyphs(missing, as_json(data, shown))] if missing else []),
                *(finding("F003.failed", told=name) for name in dict.fromkeys(shown.broken)),
                *(finding("F002", told=warning.message) for warning in said),
            )

    def _broken(self, pictures: Mapping[str, bytes]) -> list[str]:
        """Those that cannot be drawn."""
        return [name for name, content in pictures.items() if name and not self.photograph(content)]

    @staticmethod
    def _files(chosen: tuple[tuple[str, str], ...], enclosures: tuple[Enclosure, ...]) -> dict[str, bytes]:
        """What the templates read beside their data: the faces, and what travels inside the PDF."""
        enclosed = {f"enclosed/{enclosure.name}": enclosure.content for enclosure in enclosures}
        return {"faces.json": json.dumps(faces.stacks(chosen), ensure_ascii=False).encode(), **enclosed}

    def _compiled(self, files: Mapping[str, bytes]) -> tuple[bytes, list[Any]]:
        """The bytes of one document, and what Typst warns of."""
        made: tuple[bytes, list[Any]] = self._compiler.compile_with_warnings(
            {**self._sources, **files}, format="pdf", pdf_standards=STANDARDS
        )
        return made

    def _forget(self) -> None:
        """Lets go of what was kept of the document before."""
        for _ in range(FORGETTING):
            self._compiler.compile({"main.typ": b""}, format="pdf")


def _printable(text: str, missing: Collection[str]) -> str:
    """A text without the ends of lines that are none of ours, and with boxes for what no font has."""
    for blank in BLANKS:  # ten times as fast as `translate`, which is left to the rare document with boxes
        text = text.replace(blank, " ")
    return text.translate(boxes_for(missing)) if missing else text


def _listed(enclosure: Enclosure) -> Data:
    """What the templates are told of a file that travels inside the PDF."""
    return {
        "name": enclosure.name,
        "description": enclosure.description,
        "relationship": enclosure.relationship.lower(),
        "mime": MIME[enclosure.name.rpartition(".")[2]],
    }


def missing_in(failure: Exception) -> list[str]:
    """The characters of which Typst says that they cannot be shown.

    Of letters drawn as one only what nobody would see is named first, where there is such.
    """
    pieces = [_unescaped(one or other) for one, other in _GLYPH.findall(getattr(failure, "diagnostic", ""))]
    named = ([char for char in piece if char in UNSEEN] or [*piece] for piece in pieces)
    return [*dict.fromkeys(char for chars in named for char in chars)]


def _unescaped(text: str) -> str:
    """A text as Typst writes it in a message, as it is."""
    return _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)) if hit[1] else hit[2], text)


engine: Callable[[], TypstEngine] = cache(TypstEngine)
"""The engine of this process, made on first use. Raises `MachineLacks`."""
