"""The output folder of one evaluation: files written whole or not at all, and only our own ever deleted.

`.cache` remembers what each file was made from and what was written. It is a memory, never an authority: a file is
taken to stand only where its content is still the one remembered, and without `.cache`, or with one that this user's
key did not seal, everything is made again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from zipfile import BadZipFile, ZipFile

from selfeval.audit.signatures import signed_file
from selfeval.base.diagnostics import Diagnostic, diagnostic_json, diagnostic_of
from selfeval.base.files import (
    Content,
    open_file,
    pieces_of,
    read_file,
    remove,
    replace_file,
    same,
    sum_of,
    sum_of_content,
    sum_of_file,
    sweep,
)
from selfeval.building.cache_key import cache_key, sealed, unsealed

CACHE = ".cache"
SCHEMA = "selfeval.cache/2"
EVERY = 5.0
"""Seconds between two savings of the memory: a build that is killed loses no more."""

MISSING_GLYPHS = "F001"
"""What was made with a box in the place of a character is made again: fonts may have come that are not known of."""

OURS = ("projects/*/report.*", "summary.*", "book*.pdf")
"""The files that a build may have to take away again."""


@dataclass(frozen=True, slots=True)
class Written:
    """One file as it was written: what it was made from, its content, the file's state, what was found on the way."""

    key: str
    content: str
    state: tuple[int, int, int] = (0, 0, 0)
    found: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class OutputFolder:
    """`out/<evaluation>/` with its memory. Mutable: it grows while a build writes.

    `inputs` is the seal of the inputs for which all of it stands; `prints` a project's key and its fingerprint;
    `refused` what could not be put in its place, mostly because another program has it open; `secret` seals the
    memory, and without it there is none.
    """

    root: Path
    files: dict[str, Written] = field(default_factory=dict)
    prints: dict[str, tuple[str, str]] = field(default_factory=dict)
    inputs: str = ""
    refused: list[str] = field(default_factory=list)
    saved: float = 0.0
    secret: bytes = field(default=b"", repr=False)

    @classmethod
    def open(cls, root: Path) -> OutputFolder:
        """The folder with what `.cache` remembers; one that is missing, broken or another's remembers nothing."""
        secret = cache_key()
        try:
            remembered = json.loads(unsealed(read_file(root / CACHE), secret))
            if remembered["schema"] != SCHEMA:
                return cls(root, secret=secret)
            files = {name: written_of(item) for name, item in remembered["files"].items() if is_ours(name)}
            prints = {str(id_): (str(key), str(text)) for id_, (key, text) in remembered["prints"].items()}
            return cls(root, files, prints, str(remembered["inputs"]), saved=monotonic(), secret=secret)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return cls(root, secret=secret)

    def stands(self, name: str, key: str | None = None) -> bool:
        """Whether a file was made from this (`None`: from anything) and is as it was written."""
        written = self.files.get(name)
        if written is None or key not in (None, written.key):
            return False
        path = self.root / name
        state = state_of(path)
        if state is None or (
            state != written.state and (state[0] != written.state[0] or sum_of_file(path) != written.content)
        ):
            return False
        self.files[name] = Written(written.key, written.content, state, written.found)
        return True

    def write(self, name: str, content: Content, key: str = "", found: tuple[Diagnostic, ...] = ()) -> None:
        """One file, whole: made beside its place, then moved there. An equal file is left as it is.

        One that another program holds open keeps its old content: the others are still written.
        """
        path = self.root / name
        try:
            if not same(path, content):
                replace_file(path, content)
        except PermissionError:
            self.refused.append(name)
            return
        key = "" if any(d.code == MISSING_GLYPHS for d in found) else key
        self.files[name] = Written(key, sum_of_content(pieces_of(content)), state_of(path) or (0, 0, 0), found)
        if monotonic() - self.saved > EVERY:
            self.save()

    def seal(self, inputs: str) -> str:
        """The sum of inputs and of all that is remembered of their outputs: with a piece missing it is another."""
        parts = (
            part
            for name, w in sorted(self.files.items())
            for part in (name, w.key, w.content, repr([diagnostic_json(d) for d in w.found]))
        )
        return sum_of(inputs, *parts)

    def found(self, names: Iterable[str]) -> list[Diagnostic]:
        """What was found when these files were made, in this build or an earlier one."""
        return [d for name in names if name in self.files for d in self.files[name].found]

    def save(self) -> None:
        """The memory, onto the disk; where it cannot be written, the next build makes everything again."""
        files = {
            name: [w.key, w.content, w.state, [diagnostic_json(d) for d in w.found]] for name, w in self.files.items()
        }
        memory = {"schema": SCHEMA, "inputs": self.inputs, "prints": self.prints, "files": files}
        content = json.dumps(memory, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError):
            if self.secret:
                replace_file(self.root / CACHE, sealed(content, self.secret))
        self.saved = monotonic()

    @property
    def is_complete(self) -> bool:
        """Whether every page was made with all its characters, and was put in its place."""
        codes = [d.code for written in self.files.values() for d in written.found]
        return not self.refused and MISSING_GLYPHS not in codes

    def sweep(self) -> None:
        """Takes away what a build that was killed left half-written."""
        sweep(self.root, "projects/*/")

    def clear(self, standing: Iterable[str]) -> None:
        """Deletes what we wrote and nothing stands for any more, but nothing that is signed."""
        kept = set(standing)
        remembered = {name for name in self.files if any(Path(name).match(form) for form in OURS)}
        present = {p.relative_to(self.root).as_posix() for form in OURS for p in self.root.glob(form)}
        for name in sorted((remembered | present) - kept):
            path = self.root / name
            if (self.stands(name) or is_marked(path)) and signed_file(path) is None:
                remove(self.root, name)
        self.files = {name: written for name, written in self.files.items() if name in kept}


def written_of(item: Any) -> Written:  # noqa: ANN401 - what a file says
    """One entry of `.cache`; raises where it is none."""
    key, content, (size, changed, noted), findings = item
    return Written(str(key), str(content), (int(size), int(changed), int(noted)), tuple(map(diagnostic_of, findings)))


def state_of(path: Path) -> tuple[int, int, int] | None:
    """Size and times of a file; while they do not change, nor does its content. None where there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def is_ours(name: str) -> bool:
    """A name that can only lie inside the output folder."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


GENERATOR = b'<meta name="generator" content="selfeval">'
APPLICATION = b"<Application>selfeval</Application>"


def is_marked(path: Path) -> bool:
    """Whether a file says itself that this program made it; a link never does."""
    says = SAYS.get(path.suffix)
    if says is None or path.is_symlink():
        return False
    try:
        return says(path)
    except (OSError, BadZipFile, KeyError, RuntimeError, ValueError):
        return False


def _page(path: Path) -> bool:
    """An HTML page, by its head."""
    return GENERATOR in read_file(path)


def _office(path: Path) -> bool:
    """A spreadsheet or a Word file, by its properties."""
    with open_file(path) as stream, ZipFile(stream) as zipped:
        return APPLICATION in zipped.read("docProps/app.xml")


def _print(path: Path) -> bool:
    """A PDF, by what it says of itself."""
    from selfeval.audit import pdf_reader

    return pdf_reader.is_ours(path)


SAYS = {".html": _page, ".pdf": _print, ".xlsx": _office, ".docx": _office}
