"""What a PDF is drawn with, as its manifest tells it: the engine, its version, the font behind each family asked for.

Found without loading WeasyPrint where fontconfig can be asked. Equal here and there, the same data give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from selfeval.reading.layouts import FONT_ROLES, font_families
from selfeval.report.engines import TYPST
from selfeval.report.pdf.fonts import ROLES, Role, face_behind
from selfeval.report.pdf.requirements import MachineLacks


def drawn_with(engine: str, report: Mapping[str, str]) -> dict[str, Any]:
    """For the manifest; `report`: the settings of that section, which may name fonts."""
    return {
        "engine": {"name": engine, "version": installed(engine)},
        "fonts": [dict(told) for told in fonts_behind(engine, asked_families(report))],
    }


def installed(engine: str) -> str:
    """The version of an engine here; "" where there is none. Its package bears its name."""
    try:
        return version(engine)
    except PackageNotFoundError:
        return ""


def asked_families(report: Mapping[str, str]) -> tuple[str, ...]:
    """The families that the pages name, each once."""
    chosen = (font_families(report.get(f"fonts.{role}", "")) for role in FONT_ROLES)
    own = (name for families in chosen for name in families.split(", ") if name)
    return tuple(sorted({*own, *(role.family for role in ROLES)}))


Told = tuple[tuple[str, Any], ...]
"""A font as the manifest tells it, by key and value."""


@cache
def fonts_behind(engine: str, families: tuple[str, ...]) -> tuple[Told, ...]:
    """The font that stands behind each family, by name, file and size; none where this machine cannot say."""
    return tuple(_in_typst(families) if engine == TYPST else _by_fontconfig(families))


def _by_fontconfig(families: Iterable[str]) -> Iterator[Told]:
    for family in families:
        try:
            face = face_behind(Role(family, "", (family,)))
        except (MachineLacks, OSError, ValueError):
            return
        yield _told(family, face.name, face.file)


def _in_typst(families: Iterable[str]) -> Iterator[Told]:
    from selfeval.report.typst.faces import behind

    for family in families:
        font = behind(family)
        yield _told(family, font.family if font else "", (font.path or "") if font else "")


def _told(family: str, font: str, file: str) -> Told:
    return ("family", family), ("font", font), ("file", Path(file).name or None), ("bytes", _size(file))


def _size(file: str) -> int | None:
    try:
        return Path(file).stat().st_size if file else None
    except OSError:
        return None
