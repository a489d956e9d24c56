"""A file of any supported format → its lines; a file that cannot be read → one sentence with the way out."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from selfeval.importing.grid import TOO_LARGE, Source, TooLargeError

MAX_BYTES = 200_000_000
READABLE = (".txt", ".tsv", ".md", ".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".pdf")

_WAYS_OUT = {
    ".doc": "这是旧版 Word 文件（.doc）；请用 Word 或 WPS 打开，另存为 .docx 再导入",
    ".wps": "这是 WPS 文字文件（.wps）；请用 WPS 打开，另存为 .docx 再导入",
    ".et": "这是 WPS 表格文件（.et）；请用 WPS 打开，另存为 .xlsx 再导入",
    ".dps": "这是 WPS 演示文件；请导入绩效目标表本身（Word、Excel 或 PDF）",
    ".rtf": "这是 RTF 文件；请用 Word 或 WPS 打开，另存为 .docx 再导入",
    ".odt": "这是 OpenDocument 文字文件；请打开后另存为 .docx 再导入",
    ".ofd": "这是 OFD 版式文件；请用阅读器另存或打印为 PDF 再导入",
    ".zip": "这是压缩包；请解压后导入里面的文件",
    ".rar": "这是压缩包；请解压后导入里面的文件",
    ".7z": "这是压缩包；请解压后导入里面的文件",
    ".html": "这是网页；请在浏览器中全选、复制，粘贴到 Excel 里另存为 .xlsx 再导入",
    ".htm": "这是网页；请在浏览器中全选、复制，粘贴到 Excel 里另存为 .xlsx 再导入",
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"),
        "这是图片，没有文字；请要 Word、Excel 原件，或先做文字识别转成 Word",
    ),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def listed(paths: Iterable[Path]) -> list[Path]:
    """The files to read: those named, and those directly inside a folder that is named."""
    made: list[Path] = []
    for path in paths:
        inside = sorted(_in_folder(path)) if path.is_dir() else [path]
        made += [p for p in inside if p not in made]
    return made


def _in_folder(folder: Path) -> list[Path]:
    try:
        return [
            p
            for p in folder.iterdir()
            if p.is_file() and p.suffix.lower() in READABLE and not p.name.startswith(("~$", "."))
        ]
    except OSError:
        return []


def read_source(path: Path) -> Source:
    """One file. Whatever is wrong with it becomes a sentence, never an exception."""
    name = path.name
    data, problem = _bytes(path)
    if problem:
        return Source(name, problem=problem)
    suffix = _real_suffix(path.suffix.lower(), data)
    if suffix not in READABLE:
        way_out = _WAYS_OUT.get(
            suffix, f"不支持的文件类型“{path.suffix or '（没有扩展名）'}”；可以导入：{' '.join(READABLE)}"
        )
        return Source(name, problem=way_out)
    try:
        return _reader(suffix)(data, name)
    except (TooLargeError, MemoryError):
        return Source(name, problem=TOO_LARGE)
    except zipfile.BadZipFile:
        return Source(name, problem=f"打不开：内容不是 {suffix}，或文件不完整；请用 Office 或 WPS 重新另存")
    except Exception as error:  # noqa: BLE001 - libraries raise anything on broken files
        return Source(
            name, problem=f"读不了，文件可能已损坏（{type(error).__name__}）；请用 Office 或 WPS 打开，重新另存"
        )


def _bytes(path: Path) -> tuple[bytes, str]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return b"", "这个文件夹里没有可以导入的文件" if stat.S_ISDIR(status.st_mode) else "不是普通文件，没有打开"
        if status.st_size > MAX_BYTES:
            return b"", f"文件有 {status.st_size // 1_000_000} MB，超过 {MAX_BYTES // 1_000_000} MB，没有读取"
        data = path.read_bytes()
    except FileNotFoundError:
        return b"", "没有这个文件；请检查路径和文件名"
    except PermissionError:
        return b"", "没有读取权限，或文件正被别的程序打开；请关闭后重试"
    except (OSError, ValueError, RuntimeError):
        return b"", "文件打不开"
    return data, "" if data.strip(b"\0 \r\n\t") else "文件是空的"


def _real_suffix(suffix: str, data: bytes) -> str:
    """The format by its content where the name lies: an .xls that is XLSX or HTML, a .docx that is old or locked."""
    if suffix in {".doc", ".wps", ".et", ".dps"}:
        return suffix
    if data.startswith(b"PK\x03\x04") and suffix in {".xls", ".txt", ".csv"}:
        return ".xlsx"
    return suffix


def _reader(suffix: str) -> Callable[[bytes, str], Source]:
    """The reader of a format; its library is loaded now and not before."""
    if suffix in {".txt", ".tsv", ".md", ".csv"}:
        from selfeval.importing.text import read_text

        return read_text
    if suffix in {".xlsx", ".xlsm"}:
        from selfeval.importing.sheets import read_xlsx

        return _unlocked(read_xlsx, ".xlsx")
    if suffix in {".xls", ".ods"}:
        from selfeval.importing.old_sheets import read_ods, read_xls

        return read_xls if suffix == ".xls" else _unlocked(read_ods, ".ods")
    if suffix == ".docx":
        from selfeval.importing.word import read_docx

        return _unlocked(read_docx, ".docx")
    from selfeval.importing.pdf import read_pdf

    return read_pdf


def _unlocked(read: Callable[[bytes, str], Source], suffix: str) -> Callable[[bytes, str], Source]:
    """A reader of zipped formats; an old or locked Office file under such a name is told first."""

    def checked(data: bytes, name: str) -> Source:
        if data.startswith(_OLD_OFFICE):
            why = f"这个文件加了密码，或者是改了扩展名的旧版 Office 文件；请打开后取消密码，另存为 {suffix} 再导入"
            return Source(name, problem=why)
        return read(data, name)

    return checked
