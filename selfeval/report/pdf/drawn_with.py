"""What a PDF is drawn with, as its manifest tells it: the engine, its version, the font behind each family asked for.

Found without loading an engine where fontconfig can be asked. Equal here and there, the same data give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from selfeval.reading.layouts import FONT_ROLES, font_families
from selfeval.report.pdf.fonts import ROLES, Face, Role, face_behind
from selfeval.report.pdf.requirements import MachineLacks

PACKAGES = {"weasyprint": "weasyprint"}
"""Engine → the package whose version counts."""


def drawn_with(engine: str, report: Mapping[str, str]) -> dict[str, Any]:
    """For the manifest; `report`: the settings of that section, which may name fonts."""
    return {
        "engine": {"name": engine, "version": installed(PACKAGES[engine])},
        "fonts": [dict(told) for told in fonts_behind(asked_families(report))],
    }


def installed(package: str) -> str:
    """The version of a package here; "" where there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def asked_families(report: Mapping[str, str]) -> tuple[str, ...]:
    """The families that the pages name, each once."""
    chosen = (font_families(report.get(f"fonts.{role}", "")) for role in FONT_ROLES)
    own = (name for families in chosen for name in families.split(", ") if name)
    return tuple(sorted({*own, *(role.family for role in ROLES)}))


@cache
def fonts_behind(families: tuple[str, ...]) -> tuple[tuple[tuple[str, Any], ...], ...]:
    """The font that stands behind each family, by name, file and size; none where this machine cannot say."""
    return tuple(_told(families))


def _told(families: Iterable[str]) -> Iterator[tuple[tuple[str, Any], ...]]:
    for family in families:
        try:
            face = face_behind(Role(family, "", (family,)))
        except (MachineLacks, OSError, ValueError):
            return
        yield ("family", family), ("font", face.name), ("file", Path(face.file).name or None), ("bytes", _size(face))


def _size(face: Face) -> int | None:
    try:
        return Path(face.file).stat().st_size if face.file else None
    except OSError:
        return None
