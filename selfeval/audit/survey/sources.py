"""What there is to survey under the paths given: evaluations, outputs, scorecards, packs and PDFs, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from selfeval.audit.attachments import SCORECARD
from selfeval.audit.pack_reader import is_zip
from selfeval.base.files import is_file, real
from selfeval.base.phrases import phrase
from selfeval.evaluation.pipeline import is_evaluation

MOST = 200_000
"""Files and folders that are looked at."""
REPORTS = ("report.html", "report.pdf")
"""What leads to one project in an output folder, the first that is there."""


@dataclass(frozen=True, slots=True)
class Source:
    """One submission that was found. `label`: how it is called, the path given before it; `link`: from the result."""

    path: Path
    kind: str
    label: str
    link: str


class TooManyError(ValueError):
    """More files than are looked at. The text says so, in Chinese."""


def found(paths: Iterable[Path], out: Path) -> tuple[Source, ...]:
    """Every submission under the paths, once each, in the order of the paths and of the names in them.

    `out`: where the result goes; it is not looked into, and links begin there.
    """
    sources: dict[Path, Source] = {}
    for given in paths:
        for path, kind in _under(given, real(out)):
            label = path.relative_to(given.parent).as_posix() if given.name else path.as_posix()
            sources.setdefault(real(path), Source(path, kind, label, link_to(path, out)))
    return tuple(sources.values())


def _under(given: Path, out: Path) -> Iterator[tuple[Path, str]]:
    """The submissions at or below a path; one that is no folder is taken for what it seems to be."""
    if not given.is_dir():
        yield given, kind_of(given) or "scorecard"
        return
    looked = 0
    for place, folders, names in os.walk(given):
        looked += 1 + len(names)
        if looked > MOST:
            raise TooManyError(
                phrase("“{given}”下的文件夹或文件超过 {most} 个，请分开写明要看的文件夹", given=str(given), most=MOST)
            )
        here = Path(place)
        kind = folder_kind(here)
        folders[:] = [] if kind or real(here) == out else sorted(name for name in folders if not name.startswith("."))
        if kind:
            yield here, kind
        elif real(here) != out:
            yield from ((here / name, what) for name in sorted(names) if (what := kind_of(here / name)))


def folder_kind(folder: Path) -> str:
    """What a folder is; "" where it only holds others."""
    if is_evaluation(folder):
        return "evaluation"
    return "output" if is_file(folder / SCORECARD) else ""


def kind_of(path: Path) -> str:
    """What a file seems to be, by its name; "" where it is nothing of ours."""
    kinds = {".pdf": "pdf", ".zip": "pack", ".json": "scorecard"}
    kind = kinds.get(path.suffix.lower(), "")
    return "pack" if not kind and not path.name.startswith(".") and path.suffix == "" and is_zip(path) else kind


def link_to(path: Path, out: Path) -> str:
    """A file as the result's pages refer to it: always relative, so that it can mean nothing but a file."""
    try:
        way = os.path.relpath(real(path), real(out))
    except ValueError:  # on another drive
        return real(path).as_uri()
    return quote(f"./{Path(way).as_posix()}")


def report_links(source: Source, projects: Iterable[str]) -> list[str]:
    """The way to each project's report: its own page where the output has one, else what was read."""
    if source.kind != "output":
        return [source.link for _ in projects]
    return [_report_in(source, project) for project in projects]


def _report_in(source: Source, project: str) -> str:
    folder = source.path / "projects" / project
    name = next((name for name in REPORTS if is_file(folder / name)), "")
    return f"{source.link}/projects/{quote(project)}/{name}" if name else f"{source.link}/{SCORECARD}"
