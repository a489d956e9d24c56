"""A file of any supported format → its lines; a file that cannot be read → one sentence with the way out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from selfeval.base.files import RefusedFileError, is_file, read_file
from selfeval.base.phrases import Phrase, phrase
from selfeval.importing.grid import MAX_ROWS, TOO_LARGE, SourceFile, TooLargeError

MAX_BYTES = 200_000_000
READABLE = (".txt", ".tsv", ".md", ".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".pdf")

_WAYS_OUT = {
    ".doc": phrase("这是旧版 Word 文件（.doc）；请用 Word 或 WPS 打开，另存为 .docx 再导入"),
    ".wps": phrase("这是 WPS 文字文件（.wps）；请用 WPS 打开，另存为 .docx 再导入"),
    ".et": phrase("这是 WPS 表格文件（.et）；请用 WPS 打开，另存为 .xlsx 再导入"),
    ".dps": phrase("这是 WPS 演示文件；请导入绩效目标表本身（Word、Excel 或 PDF）"),
    ".rtf": phrase("这是 RTF 文件；请用 Word 或 WPS 打开，另存为 .docx 再导入"),
    ".odt": phrase("这是 OpenDocument 文字文件；请打开后另存为 .docx 再导入"),
    ".ofd": phrase("这是 OFD 版式文件；请用阅读器另存或打印为 PDF 再导入"),
    **dict.fromkeys((".zip", ".rar", ".7z"), phrase("这是压缩包；请解压后导入里面的文件")),
    **dict.fromkeys((".html", ".htm"), phrase("这是网页；请在浏览器中全选、复制，粘贴到 Excel 里另存为 .xlsx 再导入")),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff"),
        phrase("这是图片，没有文字；请要 Word、Excel 原件，或先做文字识别转成 Word"),
    ),
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HTML, _XML = ".html", ".xml"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ZIP_PARTS = (("word/document.xml", ".docx"), ("xl/workbook.xml", ".xlsx"))
_TRADITIONAL = re.compile("績效|指標|項目名稱|預算|產出|實際完成|質量")
_SIMPLIFIED = re.compile("绩效|指标|项目名称")
MIN_TRADITIONAL = 2
MAX_PLACES = 5
"""Places named in one message."""

_OLD_PARTS = (("WordDocument".encode("utf-16-le"), ".doc"), ("Workbook".encode("utf-16-le"), ".xls"))


def listed(paths: Iterable[Path]) -> list[Path]:
    """The files to read: those named, and those directly inside a folder that is named."""
    made: list[Path] = []
    for path in paths:
        inside = (sorted(_in_folder(path)) or [path]) if path.is_dir() else [path]
        made += [p for p in inside if p not in made]
    return made


def _in_folder(folder: Path) -> list[Path]:
    try:
        return [
            p
            for p in folder.iterdir()
            if is_file(p) and p.suffix.lower() in READABLE and not p.name.startswith(("~$", "."))
        ]
    except OSError:
        return []


def read_source(path: Path) -> SourceFile:
    """One file. Whatever is wrong with it becomes a sentence, never an exception."""
    name = path.name
    data, problem = _bytes(path)
    if problem:
        return SourceFile(name, problem=problem)
    named = path.suffix.lower()
    suffix = _real_suffix(named, data)
    if suffix not in READABLE and (named, suffix) != (".xls", _HTML):
        return SourceFile(name, problem=_way_out(path.suffix, suffix))
    source = refused_if_traditional(refused_if_turned(_read(suffix, data, name)))
    if suffix in {named, ".xlsx"} and named in {suffix, ".xlsm"}:
        return source
    return replace(
        source,
        remarks=(
            phrase("扩展名是“{named}”，内容是 {real} 文件，按内容读取", named=path.suffix, real=suffix),
            *source.remarks,
        ),
    )


def refused_if_turned(source: SourceFile) -> SourceFile:
    """A file with characters that turn the direction of a text is not read: its numbers are not what they look."""
    places = [cell.place for line in source.lines for cell in line.cells if cell.turned]
    if not places:
        return source
    message = phrase(
        "有 {count} 处改变文字方向的字符（{places}），显示的和实际的不一样；请在原文件里删去重打，再导入",
        count=len(places),
        places=tuple(dict.fromkeys(places[:MAX_PLACES])),
    )
    return SourceFile(source.name, problem=message)


def refused_if_traditional(source: SourceFile) -> SourceFile:
    """A form in traditional characters is not read: neither its headings nor its units would be known for sure."""
    text = "".join(cell.text for line in source.lines for cell in line.cells)
    words = dict.fromkeys(_TRADITIONAL.findall(text))
    if len(words) < MIN_TRADITIONAL or _SIMPLIFIED.search(text):
        return source
    message = phrase(
        "表里是繁体字（{words:“”}）；请在 Word 或 WPS 的“审阅”里用“繁转简”转换，再导入", words=tuple(words)
    )
    return SourceFile(source.name, problem=message)


def _way_out(written: str, suffix: str) -> Phrase:
    """What to do with a file that is not read here."""
    if suffix == _XML:
        return phrase("扩展名是 .xls，内容却是 XML 表格；请用 Excel 或 WPS 打开，另存为 .xlsx 再导入")
    if suffix in _WAYS_OUT:
        return _WAYS_OUT[suffix]
    named = written or phrase("（没有扩展名）")
    return phrase("不支持的文件类型“{named}”；可以导入：{readable}", named=named, readable=" ".join(READABLE))


def _read(suffix: str, data: bytes, name: str) -> SourceFile:
    try:
        source = _by_format(suffix, data, name)
        return source if len(source.lines) <= MAX_ROWS else SourceFile(name, problem=TOO_LARGE)
    except (TooLargeError, MemoryError):
        return SourceFile(name, problem=TOO_LARGE)
    except zipfile.BadZipFile:
        why = phrase("打不开：内容不是 {suffix}，或文件不完整；请用 Office 或 WPS 重新另存", suffix=suffix)
    except Exception as error:  # noqa: BLE001 - libraries raise anything on broken files
        told = type(error).__name__
        why = phrase("读不了，文件可能已损坏（{told}）；请用 Office 或 WPS 打开，重新另存", told=told)
    return SourceFile(name, problem=why)


def _bytes(path: Path) -> tuple[bytes, str]:
    try:
        if path.is_dir():
            return b"", phrase("这个文件夹里没有可以导入的文件")
        data = read_file(path, MAX_BYTES)
    except RefusedFileError as refusal:
        return b"", str(refusal)
    except FileNotFoundError:
        return b"", phrase("没有这个文件；请检查路径和文件名")
    except PermissionError:
        return b"", phrase("没有读取权限，或文件正被别的程序打开；请关闭后重试")
    except (OSError, ValueError, RuntimeError):
        return b"", phrase("文件打不开")
    return data, "" if data.strip(b"\0 \r\n\t") else phrase("文件是空的")


def _real_suffix(suffix: str, data: bytes) -> str:
    """The format by its content where that is plain, else by its name: an .xls is often XLSX or HTML."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data) or suffix
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(_OLD_OFFICE) and suffix not in _WAYS_OUT:
        return next((kind for mark, kind in _OLD_PARTS if mark in data), suffix)
    if suffix == ".xls" and re.match(rb"(?:\xef\xbb\xbf)?\s*<[!?a-z]", data, re.IGNORECASE):
        return _XML if b"<Workbook" in data[:4000] else _HTML
    return suffix


def _zipped(data: bytes) -> str:
    """Which zipped format it is, empty where it is none of ours or broken."""
    if _ODS in data[:200]:
        return ".ods"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except Exception:  # noqa: BLE001 - a forged zip directory raises more than BadZipFile
        return ""
    return next((kind for member, kind in _ZIP_PARTS if member in members), "")


def _by_format(suffix: str, data: bytes, name: str) -> SourceFile:
    """A file read by the reader of its format, whose module is loaded now and not before."""
    if suffix in {".xlsx", ".xlsm", ".ods", ".docx"} and data.startswith(_OLD_OFFICE):
        real = ".xlsx" if suffix == ".xlsm" else suffix
        locked = phrase(
            "这个文件加了密码，或者是改了扩展名的旧版 Office 文件；请打开后取消密码，另存为 {suffix} 再导入",
            suffix=real,
        )
        return SourceFile(name, problem=locked)
    match suffix:
        case ".xlsx" | ".xlsm":
            from selfeval.importing.readers.xlsx import read_xlsx as read
        case ".xls":
            from selfeval.importing.readers.xls_ods import read_xls as read
        case ".ods":
            from selfeval.importing.readers.xls_ods import read_ods as read
        case ".html":
            from selfeval.importing.readers.html import read_html as read
        case ".docx":
            from selfeval.importing.readers.docx import read_docx as read
        case ".pdf":
            from selfeval.importing.readers.pdf import read_pdf as read
        case _:
            from selfeval.importing.readers.text import read_text as read
    return read(data, name)
