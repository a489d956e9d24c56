"""A zip of `pack` from anywhere → its files. The only place that reads such a zip.

It may have been made to do harm, or so that two programs see two things in it. Its bytes are the files side by side,
each under the same head as in the list, the list and its end: nothing before, between or behind. Numbers, sizes and
names have limits, what unpacks to more than it says is refused, and nothing is ever written to disk.
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from unicodedata import category, normalize

from selfeval.base.files import MB, RefusedFileError, is_device, open_file
from selfeval.base.phrases import phrase

MAX_MEMBERS = 20_000
MAX_TOTAL, MAX_READ = 3 * 1024 * MB, 200 * MB
"""Bytes unpacked: of all files (they are only summed), of one that is read whole."""
MAX_RATIO = 200
"""A file that unpacks to more than this many times its size, and is not small, is a bomb."""
SMALL = 16 * MB
PIECE = MB
MAX_NAME = 400
"""Characters of a path in the zip."""

_HEAD = struct.Struct("<4s5H3L2H")
"""What stands before a file: mark, version, flags, method, time, day, CRC, sizes packed and not, lengths of the name
and of what follows it."""
_ENTRY, _END = 46, 22
"""Bytes of an entry of the list without its name, of the end of the list."""
_UTF8 = 0x800
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_FORBIDDEN = frozenset('<>:"|?*\\')
"""What Windows cannot have in a name."""


class UnreadablePackError(ValueError):
    """Not a zip that can be verified. The text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The files of a zip by name, in its order: their sizes unpacked. To be closed after use."""

    stream: BinaryIO
    archive: zipfile.ZipFile
    sizes: dict[str, int]

    def close(self) -> None:
        """Lets go of the file."""
        self.archive.close()
        self.stream.close()

    def sha256(self, name: str) -> str:
        """The SHA-256 of one file, unpacked a piece at a time."""
        digest = hashlib.sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        return digest.hexdigest()

    def whole(self) -> tuple[int, str]:
        """Size and SHA-256 of the zip itself."""
        self.stream.seek(0)
        digest = hashlib.sha256()
        while piece := self.stream.read(PIECE):
            digest.update(piece)
        return self.stream.tell(), digest.hexdigest()

    def read(self, name: str) -> bytes:
        """One file whole; empty where there is none."""
        if name not in self.sizes:
            return b""
        if self.sizes[name] > MAX_READ:
            raise UnreadablePackError(phrase("{name} 超过 {max_read} MB，没有打开", name=name, max_read=MAX_READ // MB))
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self.archive.open(name) as stream:
                left = self.sizes[name]
                while piece := stream.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise UnreadablePackError(phrase("{name} 解压后比它说的大，没有打开", name=name))
                    yield piece
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnreadablePackError(phrase("{name} 已损坏，解压不出来", name=name)) from error


def is_zip(path: Path) -> bool:
    """Whether a path is meant as a zip, by its name or its first bytes."""
    if path.suffix.lower() == ".zip":
        return True
    try:
        with open_file(path) as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def open_pack(path: Path) -> Pack:
    """A zip whose list of files is harmless; raises `UnreadablePackError`."""
    try:
        stream = open_file(path)
    except FileNotFoundError as error:
        raise UnreadablePackError(phrase("没有这个文件")) from error
    except RefusedFileError as error:
        raise UnreadablePackError(str(error)) from error
    except OSError as error:
        raise UnreadablePackError(phrase("文件打不开")) from error
    try:
        return pack_in(stream)
    except BaseException:
        stream.close()
        raise


def pack_in(stream: BinaryIO) -> Pack:
    """The same of a file that is open; it is closed with the pack."""
    try:
        archive = zipfile.ZipFile(stream)
        sizes = sizes_of(archive.infolist())
        refuse_strange_bytes(stream, archive)
    except UnreadablePackError:
        raise
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError, struct.error) as error:
        raise UnreadablePackError(phrase("文件打不开，或不是完整的 zip")) from error
    return Pack(stream, archive, sizes)


def sizes_of(infos: list[zipfile.ZipInfo]) -> dict[str, int]:
    """The size of each file by name, once none of them is suspicious."""
    if len(infos) > MAX_MEMBERS:
        raise UnreadablePackError(
            phrase("有 {count} 个文件，超过 {max_members} 个，没有打开", count=len(infos), max_members=MAX_MEMBERS)
        )
    for info in infos:
        refuse_member(info)
    sizes = {info.filename: info.file_size for info in infos}
    refuse_clashes([info.filename for info in infos])
    if sum(sizes.values()) > MAX_TOTAL:
        raise UnreadablePackError(phrase("解压后超过 {max_total} MB，没有打开", max_total=MAX_TOTAL // MB))
    return sizes


# ── Names ──


def is_plain_name(name: str) -> bool:
    """Whether a path in a zip means the same file, inside the folder it is unpacked to, on every system."""
    return len(name) <= MAX_NAME and all(map(_is_plain_part, name.split("/")))


def _is_plain_part(part: str) -> bool:
    """One part of a path: visible characters, no device, no blank or dot at an end, in one form of Unicode."""
    return bool(
        part
        and part == part.rstrip(". ").lstrip(" ")
        and part == normalize("NFC", part)
        and not _FORBIDDEN & {*part}
        and all(category(char)[0] in "LMNPS" or category(char) == "Zs" for char in part)
        and not is_device(normalize("NFKC", part.partition(".")[0]).strip())
    )


def same_name(name: str) -> str:
    """What two names share that some system takes for one: letters' case and form aside."""
    return normalize("NFKC", normalize("NFKC", name).casefold())


def refuse_clashes(names: list[str]) -> None:
    """Ends the reading where two names are one on some system, or a file is a folder of another's."""
    taken = {same_name(name) for name in names}
    if len(taken) < len(names):
        raise UnreadablePackError(phrase("有两个文件同名，没有打开"))
    folders = {name[:at] for name in taken for at, char in enumerate(name) if char == "/"}
    if folders & taken:
        raise UnreadablePackError(phrase("有一个文件与文件夹同名，没有打开"))


def refuse_member(info: zipfile.ZipInfo) -> None:
    """A name that leads out of the zip, a link, a password, a bomb, a note of its own."""
    name, shown = info.filename, info.filename[:60]
    if info.orig_filename != name or not is_plain_name(name):
        raise UnreadablePackError(phrase("文件名“{shown}”不合规，没有打开", shown=shown))
    if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
        raise UnreadablePackError(phrase("“{shown}”是链接、设备或文件夹，没有打开", shown=shown))
    if info.flag_bits & 1:
        raise UnreadablePackError(phrase("zip 有密码，不能核对"))
    if info.flag_bits not in {0, _UTF8} or info.compress_type not in _METHODS:
        raise UnreadablePackError(phrase("“{shown}”的压缩方式不是 pack 所用的，没有打开", shown=shown))
    if info.extra or info.comment:
        raise UnreadablePackError(phrase("“{shown}”带有附加字段或批注，没有打开", shown=shown))
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(1, info.compress_size):
        raise UnreadablePackError(phrase("“{shown}”解压后异常地大，没有打开", shown=shown))


# ── Bytes ──


def refuse_strange_bytes(stream: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Ends the reading where anything stands before, between or behind the files and their list."""
    place = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset != place:
            raise UnreadablePackError(phrase("zip 里夹有不属于任何文件的内容，没有打开"))
        place += refuse_other_head(stream, info) + info.compress_size
    listed = sum(_ENTRY + len(_name_bytes(info)) for info in archive.infolist())
    size = stream.seek(0, 2)
    if archive.start_dir != place or archive.comment or size != place + listed + _END:
        raise UnreadablePackError(phrase("zip 的前面、后面或目录里有别的内容，没有打开"))


def refuse_other_head(stream: BinaryIO, info: zipfile.ZipInfo) -> int:
    """The length of what stands before a file; ends the reading where it says other than the list."""
    name = _name_bytes(info)
    stream.seek(info.header_offset)
    _, _, *fields, length, more = _HEAD.unpack(stream.read(_HEAD.size))
    listed = [
        info.flag_bits, info.compress_type, _time(info), _day(info), info.CRC, info.compress_size, info.file_size
    ]  # fmt: skip
    if fields != listed or more or length != len(name) or stream.read(length) != name:
        raise UnreadablePackError(phrase("“{filename}”在 zip 里的两处说法不同，没有打开", filename=info.filename[:60]))
    return _HEAD.size + len(name)


def _name_bytes(info: zipfile.ZipInfo) -> bytes:
    return info.filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437", "replace")


def _time(info: zipfile.ZipInfo) -> int:
    _, _, _, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2


def _day(info: zipfile.ZipInfo) -> int:
    year, month, day, *_ = info.date_time
    return (year - 1980) << 9 | month << 5 | day
