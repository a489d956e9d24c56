"""Names of an evaluation's own files that do not say what they show."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.marks import hidden, without_hidden
from selfeval.base.model import Place
from selfeval.base.remarks import hidden_in

FOLDERS = ("actuals", "evidence", "narrative", "rules", "templates")


def hidden_names(folder: Path) -> Iterator[Diagnostic]:
    """T030 and T031 of file names: those beside selfeval.toml, and all below the evaluation's folders."""
    named = [folder.name, *sorted(path.name for path in folder.iterdir())]
    for home in FOLDERS:
        for below, folders, files in os.walk(folder / home):
            inside = Path(below).relative_to(folder).as_posix()
            named += [f"{inside}/{name}" for name in sorted((*folders, *files))]
    for name in filter(hidden, named):
        yield of_reading(hidden_in(name, without_hidden(name)), Place(f"{folder.name}/{name}"))
