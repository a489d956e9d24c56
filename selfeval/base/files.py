"""What the system says of a file that cannot be read or written, in Chinese and with what to do."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from selfeval.base.phrases import phrase

MB = 2**20
MAX_FILE = 200 * MB
"""Bytes of a file that is read whole, where nothing less is said."""


class RefusedFileError(OSError):
    """A file that is not opened. The text says why, in Chinese."""


class TooLargeFileError(RefusedFileError):
    """A file that is larger than what is read of its kind."""


def within(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, lies in a folder; a loop of links lies nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def real(path: Path) -> Path:
    """A path with all links followed; itself where they go round in a loop."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def inside(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, is a regular file in a folder."""
    return within(path, folder) and is_file(path)


def is_file(path: Path) -> bool:
    """Whether there is a regular file; a name that the system cannot hold is none, nor is a loop of links."""
    try:
        return path.is_file()
    except (OSError, RuntimeError, ValueError):
        return False


def open_file(path: Path, folder: Path | None = None) -> BufferedReader:
    """A regular file, to be read; all links followed, it lies in `folder`. Raises `OSError`.

    Nothing else is ever opened: a pipe would wait for ever, a device need not end. What was looked at is what is
    opened, so that it cannot be exchanged in between.
    """
    real = _real(path)
    if folder is not None and not real.is_relative_to(_real(folder)):
        raise RefusedFileError(phrase("这是一个链接，指向评价文件夹之外，没有打开"))
    _refuse_irregular(real.stat().st_mode)
    handle = os.open(real, _READING)
    try:
        _refuse_irregular(os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_file(path: Path, limit: int = MAX_FILE, folder: Path | None = None) -> bytes:
    """The whole of a regular file of sane size, opened once; raises `OSError`."""
    with open_file(path, folder) as stream:
        size = os.fstat(stream.fileno()).st_size
        data = stream.read(limit + 1) if size <= limit else b""
    if max(size, len(data)) > limit:
        reason = phrase("文件有 {size} MB，超过 {limit} MB，没有读取", size=size // MB or 1, limit=limit // MB or 1)
        raise TooLargeFileError(reason)
    return data


_READING = sum(
    getattr(os, name, 0) for name in ("O_RDONLY", "O_BINARY", "O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY", "O_NOINHERIT")
)
_FOLDER = phrase("这是一个文件夹，不是文件")
_IRREGULAR = phrase("这是一个设备或管道，不是文件，没有打开")


def refuse_other(path: Path) -> None:
    """Ends the writing to what is there and no regular file; raises `RefusedFileError`."""
    if path.exists() and not is_file(path):
        raise RefusedFileError(_IRREGULAR)


def _real(path: Path) -> Path:
    """A path with all links followed."""
    try:
        return path.resolve(strict=True)
    except (RuntimeError, ValueError) as error:  # a loop of links; a NUL
        raise RefusedFileError(phrase("链接绕成了圈，没有打开")) from error


def _refuse_irregular(mode: int) -> None:
    """Ends the opening of what is no regular file."""
    if not stat.S_ISREG(mode):
        raise RefusedFileError(_FOLDER if stat.S_ISDIR(mode) else _IRREGULAR)


_ID = re.compile(r"[A-Za-z0-9\u3400-\u9fff_-][A-Za-z0-9\u3400-\u9fff_.-]{0,63}")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))})


def is_project_id(text: str) -> bool:
    """1–64 of letters, digits, Chinese, `-` `_` `.`; no leading dot, no Windows device name, no trailing dot."""
    return bool(_ID.fullmatch(text)) and not is_device(text) and not text.endswith(".")


def is_device(name: str) -> bool:
    """Whether Windows takes a file name for a device (`con`, `nul.txt`)."""
    return name.partition(".")[0].casefold() in _DEVICES


class RefusedError(ValueError):
    """Nothing was written. The text says why, in Chinese."""


def written(path: Path, content: bytes) -> Path:
    """One file written whole."""
    replace_file(path, content)
    return path


def sum_of(*parts: str | bytes) -> str:
    """One sum of several texts, in 32 hexadecimal digits; no two lists of texts give the same."""
    total = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        total.update(len(content).to_bytes(8, "little"))
        total.update(content)
    return total.hexdigest()


def sum_of_content(pieces: Iterable[bytes]) -> str:
    """The sum of a file's content, given in pieces; `sum_of_file` of the file gives the same."""
    total = hashlib.blake2b(digest_size=16)
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()


def sum_of_file(path: Path) -> str:
    """The sum of a file's content, read a piece at a time; "" where it cannot be read."""
    try:
        with open_file(path) as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return ""


def named_sums(home: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Files by their path in a folder, each with the sum of its content."""
    for path in paths:
        yield path.relative_to(home).as_posix()
        yield sum_of_file(path)


def under(folder: Path) -> Iterator[Path]:
    """The files below a folder in a fixed order; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield Path(place, name)


PART = ".selfeval-"
"""How the name of a file begins while it is being written."""

Content = bytes | Iterable[bytes]
"""What a file is to hold; in pieces that can be had more than once where it is too much for the memory."""

ATTEMPTS = 3
"""How often a file is written again that was swept away before it was in its place."""


def pieces_of(content: Content) -> Iterable[bytes]:
    """A content piece by piece."""
    return (content,) if isinstance(content, bytes) else content


def same(path: Path, content: Content) -> bool:
    """Whether a file already holds exactly this."""
    try:
        with open_file(path) as file:
            return all(file.read(len(piece)) == piece for piece in pieces_of(content)) and not file.read(1)
    except OSError:
        return False


def replace_file(path: Path, content: Content) -> None:
    """Writes a file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        for _ in range(ATTEMPTS):
            # Another build of the same folder may sweep our part away: then it is written again.
            with suppress(FileNotFoundError):
                return _replaced(path, content)
        _replaced(path, content)
    except OSError as error:
        error.filename = str(path)  # a person knows nothing of the temporary one
        raise


def _replaced(path: Path, content: Content) -> None:
    """Written beside its place, then moved there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces_of(content))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode_of(path))
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


_UMASK = os.umask(0o077)
os.umask(_UMASK)
"""What the user takes away from others: it can only be read by setting it, which later threads would notice."""


def mode_of(path: Path) -> int:
    """Who may do what with a file: as it was, or as the user's umask says where it is new."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0o666 & ~_UMASK


def sweep(root: Path, below: str) -> None:
    """Takes away files left half-written, in a folder and those below it (a pattern that ends in a slash)."""
    for form in (f"{PART}*.part", f"{below}{PART}*.part"):
        for path in root.glob(form):
            remove(root, path.relative_to(root).as_posix())


def remove(root: Path, name: str) -> None:
    """Deletes one file and the folders it leaves empty, up to the output folder; nothing a link leads to elsewhere."""
    path = root / name
    with suppress(OSError):
        if not within(path.parent, root):
            return
        path.unlink()
        for parent in path.parents:
            if parent == root:
                break
            parent.rmdir()


SHARED = phrase("没有权限，或文件正被别的程序（Excel、WPS、PDF 阅读器）打开，请先关闭")
WORDS = {
    errno.EACCES: SHARED,
    errno.EPERM: SHARED,
    errno.EBUSY: SHARED,
    errno.ENOSPC: phrase("磁盘空间不够，请清理后再运行"),
    errno.EDQUOT: phrase("用户的磁盘配额已满，请清理后再运行"),
    errno.EROFS: phrase("磁盘是只读的，请换一个文件夹"),
    errno.EMFILE: phrase("打开的文件和连接太多，请关闭一些网页或程序"),
    errno.ENFILE: phrase("打开的文件和连接太多，请关闭一些网页或程序"),
    errno.EFBIG: phrase("文件过大，超过系统的限制"),
    errno.ENAMETOOLONG: phrase("路径太长，请把评价或输出放到更短的路径下"),
    errno.ENOENT: phrase("路径不存在"),
    errno.ENOTDIR: phrase("路径中有一段是文件，不是文件夹"),
    errno.EADDRINUSE: phrase("已被别的程序占用"),
    errno.EADDRNOTAVAIL: phrase("本机没有这个地址"),
    errno.EEXIST: phrase("这里应为文件夹，却有一个同名的文件"),
    errno.EISDIR: phrase("这里应为文件，却有一个同名的文件夹"),
    errno.ELOOP: phrase("链接绕成了圈"),
}


def reason_of(error: OSError) -> str:
    """Why it failed; of what has no words here, the system's own name for it."""
    if isinstance(error, RefusedFileError):
        return str(error)
    number = error.errno or 0
    return WORDS.get(number) or phrase(
        "系统报告 {get}", get=errno.errorcode.get(number) or error.strerror or type(error).__name__
    )
