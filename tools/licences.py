"""The licences of all that the program and its extras install, from the metadata of what is installed here.

python tools/licences.py          a table for docs/reliability.md; ends with 1 where a licence will not do
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
EXTRAS = ("dask", "sign")
"""What users install beside the program; the rest of the extras is for those who work on it."""

KNOWN = {
    "MIT": "MIT", "BSD": "BSD", "Apache": "Apache-2.0", "Python Software Foundation": "PSF-2.0", "PSF": "PSF-2.0",
    "ISC": "ISC", "MPL": "MPL-2.0", "Mozilla": "MPL-2.0", "Zlib": "Zlib", "Unlicense": "Unlicense", "HPND": "HPND",
    "Historical Permission": "HPND", "CC0": "CC0-1.0", "GPL": "GPL", "LGPL": "LGPL", "AGPL": "AGPL", "Affero": "AGPL",
}  # fmt: skip
"""What a licence is called in metadata, and how we call it; the last that is found counts."""

REFUSED = {"AGPL", "GPL"}
"""What would bind those who offer the program to others."""

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def closure() -> dict[str, Distribution]:
    """The program's dependencies and theirs, by name; what this system does not need is not installed."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    found: dict[str, Distribution] = {}
    due = [name for one in (project["dependencies"], *map(extras.get, EXTRAS)) for name in names(one)]
    while due:
        name = due.pop()
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:
                continue
            due += names(found[name].requires or ())
    return dict(sorted(found.items()))


def names(required: Iterable[str]) -> Iterator[str]:
    """The names in a list of requirements, but for those of extras."""
    for line in required:
        name = _NAME.match(line)
        if name and "extra ==" not in line:
            yield re.sub(r"[-_.]+", "-", name[0]).lower()


def told(one: Distribution) -> str:
    """What a distribution says of its licence: the expression, the classifiers, or the first line of the text."""
    expression, spoken = (
        " ".join(one.metadata.get_all(name) or ()).strip() for name in ("License-Expression", "License")
    )
    classified = [text for text in one.metadata.get_all("Classifier") or () if text.startswith("License ::")]
    return expression or " / ".join(text.rsplit("::")[-1].strip() for text in classified) or spoken.split("\n")[0]


def licence(text: str) -> str:
    """A licence by the name we call it; "" for one that nobody here knows."""
    return next((name for words, name in reversed(KNOWN.items()) if words.lower() in text.lower()), "")


def unfit(text: str) -> bool:
    """Whether a licence is unknown or refused; where one may choose, one that will do is enough."""
    choices = re.split(r"\bOR\b| / ", text)
    return all(any(licence(part) in {"", *REFUSED} for part in re.split(r"\bAND\b", one)) for one in choices)


def main() -> int:
    """Prints the table."""
    listed = {name: told(one) for name, one in closure().items()}
    print("| 包 | 许可 |\n|---|---|")
    for name, text in listed.items():
        print(f"| {name} | {licence(text) or '？'}（{text}）{'　←' if unfit(text) else ''} |")
    return 1 if any(map(unfit, listed.values())) else 0


if __name__ == "__main__":
    sys.exit(main())
