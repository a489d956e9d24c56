"""The files behind 佐证材料: their size and SHA-256, so that an archived report names exactly what it rests on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from selfeval.checks.evidence import inside


@dataclass(frozen=True, slots=True)
class Digest:
    """What can be said of a file without its contents: bytes, and 64 hexadecimal digits."""

    size: int
    sha256: str


def digest(folder: Path, item: str) -> Digest | None:
    """The file that an item of 佐证材料 names under `evidence/` of the evaluation; None where there is none."""
    path = inside(folder, item)
    try:
        if path is None or not path.is_file():
            return None
        told = path.stat()
        return _read(path, told.st_size, told.st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=4096)
def _read(path: Path, size: int, changed: int) -> Digest:  # noqa: ARG001 - the arguments tell one state of a file
    """Reads the file once for each of its states, a piece at a time."""
    with path.open("rb") as stream:
        return Digest(size, hashlib.file_digest(stream, "sha256").hexdigest())
