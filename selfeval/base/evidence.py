"""The files behind 佐证材料: their size and SHA-256, so that an archived report names exactly what it rests on."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from selfeval.base.files import is_file, open_file, within
from selfeval.base.memo import remembered

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
    return file if within(file, home) else None


@dataclass(frozen=True, slots=True)
class Digest:
    """What can be said of a file without its contents: bytes, and 64 hexadecimal digits."""

    size: int
    sha256: str


def digest(folder: Path, item: str) -> Digest | None:
    """The file that an item of 佐证材料 names under `evidence/` of the evaluation; None where there is none."""
    path = inside(folder, item)
    try:
        if path is None or not is_file(path):
            return None
        status = path.stat()
        return _read(path, status.st_size, status.st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _read(path: Path, size: int, changed: int) -> Digest:  # noqa: ARG001 - the arguments tell one state of a file
    """Reads the file once for each of its states, a piece at a time."""
    with open_file(path) as stream:
        return Digest(size, hashlib.file_digest(stream, "sha256").hexdigest())
