"""A zip of `pack` from anywhere → its files. The only place that reads such a zip.

It may have been made to do harm: numbers and sizes have limits, what unpacks to more than it says is refused, names
are compared and never used as paths, and nothing is ever written to disk.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MB = 2**20
MAX_MEMBERS = 20_000
MAX_TOTAL, MAX_READ = 3 * 1024 * MB, 200 * MB
"""Bytes unpacked: of all files (they are only summed), of one that is read whole."""
MAX_RATIO = 200
"""A file that unpacks to more than this many times its size, and is not small, is a bomb."""
SMALL = 16 * MB
PIECE = MB


class UnreadablePackError(ValueError):
    """Not a zip that can be verified. The text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a zip by name: their sizes unpacked. `archive` stays open while the pack is used."""

    archive: zipfile.ZipFile
    sizes: dict[str, int]

    def sha256(self, name: str) -> str:
        """The SHA-256 of one file, unpacked a piece at a time."""
        made = hashlib.sha256()
        for piece in self._pieces(name):
            made.update(piece)
        return made.hexdigest()

    def read(self, name: str) -> bytes:
        """One file whole; empty where there is none."""
        if name not in self.sizes:
            return b""
        if self.sizes[name] > MAX_READ:
            raise UnreadablePackError(f"{name} 超过 {MAX_READ // MB} MB，没有打开")
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self.archive.open(name) as stream:
                left = self.sizes[name]
                while piece := stream.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise UnreadablePackError(f"{name} 解压后比它说的大，没有打开")
                    yield piece
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnreadablePackError(f"{name} 已损坏，解压不出来") from error


def is_zip(path: Path) -> bool:
    """Whether a path is meant as a zip, by its name or its first bytes."""
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def open_pack(path: Path) -> Pack:
    """A zip whose list of files is harmless; raises `UnreadablePackError`."""
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise UnreadablePackError("没有这个文件") from error
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadablePackError("文件打不开，或不是完整的 zip") from error
    try:
        return Pack(archive, sizes_of(archive.infolist()))
    except UnreadablePackError:
        archive.close()
        raise


def sizes_of(infos: list[zipfile.ZipInfo]) -> dict[str, int]:
    """The size of each file by name, once none of them is suspicious."""
    if len(infos) > MAX_MEMBERS:
        raise UnreadablePackError(f"有 {len(infos)} 个文件，超过 {MAX_MEMBERS} 个，没有打开")
    sizes: dict[str, int] = {}
    for info in infos:
        refuse_member(info)
        sizes[info.filename] = info.file_size
    if len({name.casefold() for name in sizes}) < len(infos):
        raise UnreadablePackError("有两个文件同名，没有打开")
    if sum(sizes.values()) > MAX_TOTAL:
        raise UnreadablePackError(f"解压后超过 {MAX_TOTAL // MB} MB，没有打开")
    return sizes


def refuse_member(info: zipfile.ZipInfo) -> None:
    """A name that leads out of the zip, a link, a password, a bomb."""
    name = info.filename
    parts = name.split("/")
    if not name or "\\" in name or ":" in name or any(part in {"", ".", ".."} for part in parts):
        raise UnreadablePackError(f"文件名“{name[:60]}”不合规，没有打开")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadablePackError(f"“{name[:60]}”是链接，没有打开")
    if info.flag_bits & 1:
        raise UnreadablePackError("zip 有密码，不能核对")
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise UnreadablePackError(f"“{name[:60]}”解压后异常地大，没有打开")
