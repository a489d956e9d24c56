"""The output folder of one evaluation: files written whole or not at all, and only our own ever deleted."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

CACHE = ".cache"


@dataclass(slots=True)
class OutputFolder:
    """`out/<evaluation>/`. Remembers in `.cache` which files are ours; mutable while a build writes."""

    root: Path
    written: set[str] = field(default_factory=set)

    def write(self, name: str, content: bytes) -> Path:
        """One file, whole: made beside its place, then moved there. An equal file is left as it is."""
        path = self.root / name
        self.written.add(name)
        if not same(path, content):
            replace_file(path, content)
        return path

    def before(self) -> set[str]:
        """What earlier builds wrote, as far as `.cache` can tell."""
        try:
            listed = json.loads((self.root / CACHE).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError, TypeError):
            return set()
        names = listed if isinstance(listed, list) else []
        return {name for name in names if isinstance(name, str) and is_ours(name)}

    def finish(self, kept: set[str]) -> None:
        """Deletes what an earlier build wrote and nothing stands for any more; `kept` still stands."""
        standing = self.written | {name for name in kept if (self.root / name).is_file()}
        for name in sorted(self.before() - standing):
            remove(self.root, name)
        replace_file(self.root / CACHE, json.dumps({"files": sorted(standing)}, ensure_ascii=False).encode())


def is_ours(name: str) -> bool:
    """A name that can only lie inside the output folder."""
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def same(path: Path, content: bytes) -> bool:
    """Whether a file already holds exactly this."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def remove(root: Path, name: str) -> None:
    """Deletes one file and the folders it leaves empty, up to the output folder."""
    path = root / name
    with suppress(OSError):
        path.unlink()
        for parent in path.parents:
            if parent == root:
                break
            parent.rmdir()
