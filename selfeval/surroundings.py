"""What every output depends on besides the evaluation: the program, the libraries that draw, the fonts.

As sums of contents, found without loading any of them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from selfeval import __version__
from selfeval.layouts import shipped_templates

LIBRARIES = (
    "weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools", "pillow", "uharfbuzz",
    "zopfli", "jinja2", "markupsafe", "markdown-it-py", "openpyxl", "python-docx", "lxml", "pandas",
)  # fmt: skip
"""What may change a byte of an output when its version does."""

OURS = {".py", ".toml"}
FONT_FOLDERS = {
    "win32": ("~/AppData/Local/Microsoft/Windows/Fonts", "C:/Windows/Fonts"),
    "darwin": ("~/Library/Fonts", "/Library/Fonts", "/System/Library/Fonts", "/opt/homebrew/share/fonts"),
}
UNIX_FONTS = ("~/.fonts", "~/.local/share/fonts", "/usr/local/share/fonts", "/usr/share/fonts")
CONFIGURATION = ("FONTCONFIG_FILE", "FONTCONFIG_PATH", "FONTCONFIG_SYSROOT")
"""Where a user may have put rules of his own for replacing fonts."""


def sum_of(*parts: str | bytes) -> str:
    """One sum of several texts, in 32 hexadecimal digits; no two lists of texts give the same."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        total.update(len(content).to_bytes(8, "little"))
        total.update(content)
    return total.hexdigest()


def sum_of_content(pieces: Iterable[bytes]) -> str:
    """The sum of a file's content, given in pieces; `sum_of_file` of the file gives the same."""
    total = hashlib.blake2b(digest_size=16)
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


def sum_of_file(path: Path) -> str:
    """The sum of a file's content, read a piece at a time; "" where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


@cache
def program() -> str:
    """This program with its rules, codes and templates, and the libraries it draws with."""
    home, templates = Path(str(files("selfeval"))), shipped_templates()
    own = (path for path in under(home) if path.suffix in OURS and templates not in path.parents)
    return sum_of(__version__, *versions(), *named_sums(home, own), *named_sums(templates, under(templates)))


def versions() -> Iterator[str]:
    """The libraries that are installed; the Python too, whose zlib packs our pages."""
    yield sys.version
    for name in LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def named_sums(home: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Files by their path in a folder, each with the sum of its content."""
    for path in paths:
        yield path.relative_to(home).as_posix()
        yield sum_of_file(path)


def under(folder: Path) -> Iterator[Path]:
    """The files below a folder in a fixed order; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield Path(place, name)


@cache
def fonts() -> str:
    """The fonts there are (by name and size: their contents are gigabytes) and how they replace one another."""
    homes = [Path(place).expanduser() for place in FONT_FOLDERS.get(sys.platform, UNIX_FONTS)]
    listed = (f"{path.name} {size_of(path)}" for home in homes for path in under(home))
    rules = (f"{name}={os.environ.get(name, '')}" for name in CONFIGURATION)
    chosen = sum_of_file(Path(os.environ.get("FONTCONFIG_FILE", "")))
    return sum_of(*sorted(listed), *rules, chosen, *named_sums(Path("/etc/fonts"), under(Path("/etc/fonts"))))


def size_of(path: Path) -> int:
    """Bytes of a file; -1 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return -1
