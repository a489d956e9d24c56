"""What the preview holds of each evaluation: the last result that could be read, and why a newer one cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.files import read_file
from selfeval.evaluation.pipeline import Evaluated
from selfeval.evaluation.result import Result
from selfeval.preview.score_changes import Move, moves_between
from selfeval.reading.columns import ENTERED
from selfeval.reading.table_files import is_entry_workbook

UNREADABLE = frozenset({"T001", "T002", "T003", "T006", "T007", "T008", "T009", "T016", "T017", "T018"})
"""Errors of a file rather than of what is written in it: rows are lost, so that the scores below would mislead."""

LOCKED = "T017"
"""A file that cannot be opened: this may end without the file changing, so that nobody reports it."""

UNREACHABLE = frozenset({LOCKED, "T006"})
"""Errors that another program may cause for a moment, by locking a file or renaming it."""

TABLE_KINDS = (".csv", ".xlsx")
DATA_KINDS = frozenset({*TABLE_KINDS, ".toml", ".md"})
"""Files that are read as they are evaluated; a change of any other is seen on the pages only."""


@dataclass(frozen=True, slots=True)
class View:
    """One evaluation as it is shown.

    `latest` is what the newest files came to; `result` the last one that is fit to be shown (None: never one), and
    `broken` says why they differ, or what is missing from it. `base` is the state of the files that are filled in,
    `saved` the time of day of the last change, `files` what was changed.
    """

    folder: Path
    latest: Evaluated
    result: Result | None
    broken: tuple[Diagnostic, ...]
    base: str
    version: int = 1
    moves: tuple[Move, ...] = ()
    saved: str = ""
    files: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The evaluation's id: the name of its folder."""
        return self.folder.name

    @property
    def opening(self) -> bool:
        """Whether it has not been evaluated yet: nothing is known of it but where it lies."""
        return self.version == 0

    @property
    def stale(self) -> bool:
        """Whether what is shown is older than the files."""
        return self.result is not self.latest.result


def unopened(folder: Path) -> View:
    """An evaluation whose turn has not come."""
    return View(folder, Evaluated(folder, None, ()), None, (), "", version=0)


def first_view(latest: Evaluated, base: str) -> View:
    """An evaluation just opened: whatever there is, is shown."""
    return View(latest.folder, latest, latest.result, blocking(latest), base)


def next_view(view: View, latest: Evaluated, base: str, saved: str, files: tuple[str, ...]) -> View:
    """The view after a change: the new result, or the last good one with the reason."""
    broken = blocking(latest)
    result = latest.result if fit_to_show(view, latest) else view.result
    moves = moves_between(view.result, result) if view.result and result and result is not view.result else ()
    return replace(
        view,
        latest=latest,
        result=result,
        broken=broken,
        base=base,
        version=view.version + 1,
        moves=moves,
        saved=saved,
        files=files,
    )


def blocking(evaluated: Evaluated) -> tuple[Diagnostic, ...]:
    """The errors that keep an evaluation, or rows of it, from being read."""
    errors = (d for d in evaluated.diagnostics if d.is_error)
    return tuple(d for d in errors if evaluated.result is None or d.code in UNREADABLE)


def fit_to_show(view: View, latest: Evaluated) -> bool:
    """Whether a new result may take the place of what is shown: it lost no file or row that this one has."""
    if latest.result is None or view.result is None:
        return latest.result is not None
    shown = {(d.code, d.file) for d in view.result.diagnostics}
    return all((d.code, d.file) in shown for d in blocking(latest))


def worsened(view: View, latest: Evaluated) -> frozenset[str]:
    """The codes of the errors that were not there before: these wait until the files have come to rest."""
    known = {(d.code, d.file, d.project, d.indicator) for d in view.latest.diagnostics}
    errors = (d for d in latest.diagnostics if d.is_error)
    return frozenset(d.code for d in errors if (d.code, d.file, d.project, d.indicator) not in known)


def is_data(name: str) -> bool:
    """Whether all that a file (by its path in the evaluation) says is in the result; a layout's own data are not."""
    path = Path(name)
    return path.suffix.lower() in DATA_KINDS and path.parts[:1] != ("templates",)


def entered_files(folder: Path) -> list[Path]:
    """The files of the tables that are filled in, in order of their names; no lock files."""
    names = {spec.name for spec in ENTERED}
    paths = [p for p in folder.glob("*") if p.stem.casefold() in names or is_entry_workbook(p)]
    paths += [p for spec in ENTERED if spec.split for p in folder.glob(f"{spec.name}/*")]
    return sorted(p for p in paths if p.suffix.lower() in TABLE_KINDS and not p.name.startswith(("~$", ".")))


PACKED = 5
"""How much longer a byte of a workbook takes to be read than one of a CSV file."""


def work_in(folder: Path) -> int:
    """How much there is to read in an evaluation: the bytes of its tables as CSV, roughly."""
    tables = (p for p in (*folder.glob("*"), *folder.glob("*/*")) if p.suffix.lower() in TABLE_KINDS)
    return sum(_size(p) * (1 if p.suffix.lower() == ".csv" else PACKED) for p in tables)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


CLOSED = b"\0"
"""Stands for a file that cannot be read now."""


def entered_bytes(folder: Path) -> dict[Path, bytes]:
    """Those files with what they hold, each read once; of one that cannot be read now, a NUL."""
    return {path: _content(path, folder) for path in entered_files(folder)}


def _content(path: Path, folder: Path) -> bytes:
    try:
        return read_file(path, folder=folder)
    except OSError:
        return CLOSED


def base_of(contents: Mapping[Path, bytes]) -> str:
    """The state of these files as one word; a file that cannot be read counts as another state."""
    state = hashlib.sha256()
    for path, content in contents.items():
        state.update(f"{path.name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return state.hexdigest()
