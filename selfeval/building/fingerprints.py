"""What every output depends on besides the evaluation: the program, the libraries that draw, the fonts.

As sums of contents, found without loading any of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from selfeval import __version__
from selfeval.base.files import named_sums, sum_of, sum_of_file, under
from selfeval.reading.layouts import shipped_templates
from selfeval.report.pdf.fontconfig import configuration
from selfeval.report.pdf.requirements import plain_weasyprint

LIBRARIES = (
    "weasyprint", "typst", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "pyphen", "fonttools", "pillow", "uharfbuzz",
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


@cache
def program() -> str:
    """This program with its rules, codes and templates, and the libraries it draws with."""
    home, templates = Path(str(files("selfeval"))), shipped_templates()
    own = (path for path in under(home) if path.suffix in OURS and templates not in path.parents)
    return sum_of(__version__, *versions(), *named_sums(home, own), *named_sums(templates, under(templates)))


def versions() -> Iterator[str]:
    """The libraries installed, and whether they are left as they are; the Python too, whose zlib packs our pages."""
    yield sys.version
    yield f"plain {plain_weasyprint()}"
    for name in LIBRARIES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


@cache
def fonts() -> str:
    """The fonts there are (by name and size: their contents are gigabytes) and how they replace one another."""
    homes = [Path(place).expanduser() for place in FONT_FOLDERS.get(sys.platform, UNIX_FONTS)]
    listed = (f"{path.name} {size_of(path)}" for home in homes for path in under(home))
    rules = (f"{name}={users_choice(name)}" for name in CONFIGURATION)
    chosen = sum_of_file(Path(users_choice("FONTCONFIG_FILE")))
    return sum_of(*sorted(listed), *rules, chosen, *named_sums(Path("/etc/fonts"), under(Path("/etc/fonts"))))


def users_choice(name: str) -> str:
    """A setting of fontconfig in the environment; the one that we make before the first page is none of the user's."""
    value = os.environ.get(name, "")
    return "" if value == str(configuration()) else value


def size_of(path: Path) -> int:
    """Bytes of a file; -1 where it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return -1
