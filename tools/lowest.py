"""The lower bound of every dependency of the program and its extras as a pip constraint, for `make test-lowest`."""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"
LOWER = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?>=([\d.]+)")


def lowest() -> list[str]:
    """`jinja2==3.1.6` and so on. A bound of fewer figures means the whole series: `markdown-it-py==4.0.*` at first."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = (*project["dependencies"], *extras["dask"], *extras["sign"])
    return [f"{found[1]}=={padded(found[2])}" for found in map(LOWER.match, listed) if found]


def padded(version: str) -> str:
    """A version with all three figures: the first of its series."""
    figures = [*version.split("."), "0", "0"][: max(2, version.count(".") + 1)]
    return ".".join(figures)


if __name__ == "__main__":
    print("\n".join(lowest()))
