"""佐证材料: an item with a file extension is a file under `evidence/` and must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic
from selfeval.memory import remembered

_FILE = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


@remembered
def names_file(item: str) -> bool:
    """Whether an item of 佐证材料 names a file (`验收单.pdf`) rather than being prose (`回收率95.3%`)."""
    return bool(_FILE.search(item))


def inside(folder: Path, item: str) -> Path | None:
    """The file an item names, None where it would lie outside `evidence/`."""
    name = item.replace("\\", "/").removeprefix("evidence/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.match("^[A-Za-z]:", name) or "\0" in name:
        return None
    home = folder / "evidence"
    file = home / name
    try:
        return file if file.resolve().is_relative_to(home.resolve()) else None
    except (OSError, RuntimeError):
        return None


def missing_files(subject: Subject) -> Iterator[Diagnostic]:
    """E001 / E002: a named file is outside the evaluation, or not there."""
    for indicator in subject.project.indicators:
        for item in filter(names_file, indicator.evidence):
            file = inside(subject.folder, item)
            if file is None:
                yield subject.about_row(indicator, "E001", f"佐证文件“{item[:60]}”不在 evidence/ 之内，没有读取")
            elif not exists(file):
                yield subject.about_row(indicator, "E002", f"evidence/ 中没有“{item[:60]}”")


def exists(file: Path) -> bool:
    """Whether a file is there; a name the system cannot hold is not."""
    try:
        return file.is_file()
    except OSError:
        return False


CHECKS = (missing_files,)
