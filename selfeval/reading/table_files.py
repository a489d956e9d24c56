"""The files that an evaluation's tables stand in: which they are, how they are named, whether they may be opened."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby, islice
from os import fsencode
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.files import RefusedFileError, TooLargeFileError, read_file
from selfeval.base.model import Place
from selfeval.base.phrases import Phrase, phrase, word
from selfeval.reading.columns import PART, WORKBOOK, TableSpec

MAX_BYTES = 512 * 1024 * 1024
KINDS = (".csv", ".xlsx")
SHEETS = frozenset({*KINDS, ".xls", ".xlsm", ".et"})
"""What a table may be saved as, whether we read it or not."""
CLOUD = ".icloud"
"""The mark of a file that is still in the net."""

Found = list[Diagnostic]


def sources(folder: Path, spec: TableSpec) -> tuple[list[Path], Found]:
    """The files of a table; of a table that stands in both formats, neither."""
    try:
        paths = _listed(folder, spec)
    except OSError as error:
        return [], [finding("T017.folder", Place(name_of(folder, folder)), why=_reason(error))]
    books, problems = _entry_workbooks(folder, spec)
    problems += _unread(folder, spec, paths) if books or paths or spec.optional else []
    if books and paths:
        names, place = tuple(name_of(p, folder).split("/", 1)[1] for p in paths), Place(name_of(paths[0], folder))
        return [], [*problems, finding("T009.workbook", place, files=names, workbook=WORKBOOK, part=spec.sheet)]
    if books:
        return books, problems
    chosen: list[Path] = []
    for _, group in groupby(paths, key=lambda p: (p.parent, p.stem.casefold())):
        first, *others = group
        if others:
            names = tuple(name_of(p, p.parent).split("/", 1)[1] for p in (first, *others))
            problems.append(finding("T009.both", Place(name_of(first, folder)), files=names))
        else:
            chosen.append(first)
    if not paths and not spec.optional:
        problems.append(_missing(folder, spec))
    return chosen, problems


def _listed(folder: Path, spec: TableSpec) -> list[Path]:
    """Files of the table's name, then those of the folder of its name, in order of their names."""
    own = [p for p in _tables_in(folder) if p.stem.casefold() == spec.name]
    parts = folder / spec.name
    return own + (_tables_in(parts) if spec.split and parts.is_dir() else [])


def _entry_workbooks(folder: Path, spec: TableSpec) -> tuple[list[Path], Found]:
    """填报表.xlsx where the table has a sheet in it, and behind it the parts of a table that may be split."""
    there = [p for p in _tables_in(folder) if spec.sheet and is_entry_workbook(p)]
    book = [p for p in there if not is_part(p)]
    parts = [p for p in there if is_part(p)] if spec.split else []
    if parts and not book:
        place, names = Place(name_of(parts[0], folder)), tuple(part.name for part in parts)
        return [], [finding("T006.workbook", place, files=names, workbook=WORKBOOK)]
    return [*book, *parts], []


def is_entry_workbook(path: Path) -> bool:
    """Whether a file is 填报表.xlsx or a part of it."""
    return path.suffix.lower() == ".xlsx" and (path.name.casefold() == WORKBOOK or is_part(path))


def is_part(path: Path) -> bool:
    """Whether a file is a part of 填报表.xlsx, as it is sent to a 科室."""
    return path.suffix.lower() == ".xlsx" and path.name.startswith(PART)


def _tables_in(folder: Path) -> list[Path]:
    """CSV and XLSX files; not the lock files that Office, WPS and macOS leave (`~$…`, `._…`)."""
    entries = (p for p in folder.iterdir() if p.suffix.lower() in KINDS)
    return sorted((p for p in entries if not p.name.startswith(("~$", "."))), key=_by_name)


def _by_name(path: Path) -> tuple[str, str]:
    return path.stem.casefold(), path.name


def _unread(folder: Path, spec: TableSpec, read: Collection[Path]) -> Found:
    """T033: copies of a table, made by hand or by a drive in the net that met two versions of it."""
    there = (p for p in folder.iterdir() if p.suffix.lower() in SHEETS and not p.name.startswith(("~$", ".")))
    copies = sorted((p for p in there if _alike(p, spec) and p not in read), key=_by_name)
    key = "T033.copy" if read or spec.sheet else "T033.named"
    return [finding(key, Place(name_of(p, folder)), name=p.name, table=spec.name) for p in copies]


def _alike(path: Path, spec: TableSpec) -> bool:
    """Whether a file is called like a table and is none of the names under which it is read."""
    stem = path.stem.casefold()
    named = spec.sheet or word("复核")
    copied = re.search(rf"(?<![a-z]){spec.name.rstrip('s')}s?(?![a-z])", stem) or stem.removesuffix("表") == named
    whole = spec.split and stem.startswith("填报表") and not is_entry_workbook(path)
    return bool(copied) or whole


def _missing(folder: Path, spec: TableSpec) -> Diagnostic:
    others = sorted(p.name for p in folder.iterdir() if _alike(p, spec) and p.suffix and not p.name.startswith("~$"))
    if any(name.endswith(CLOUD) for name in others):
        return finding("T006.cloud", Place(f"{name_of(folder, folder)}/{spec.name}.csv"), others=tuple(others))
    place, name = Place(f"{name_of(folder, folder)}/{spec.name}.csv"), spec.name
    if others and spec.split:
        return finding("T006.other_split", place, table=name, others=tuple(others))
    if others:
        return finding("T006.other", place, table=name, others=tuple(others))
    return finding("T006.split" if spec.split else "T006.table", place, table=name)


def name_of(path: Path, folder: Path) -> str:
    """A path relative to the evaluation's parent, with forward slashes, whatever bytes it has."""
    name = "/".join((folder.absolute().name, *path.relative_to(folder).parts))
    return fsencode(name).decode("utf-8", "replace")


def content_of(path: Path, folder: Path, file: str) -> tuple[bytes, Diagnostic | None]:
    """The content of a regular file inside the evaluation that is not too large."""
    try:
        return read_file(path, MAX_BYTES, folder), None
    except TooLargeFileError as error:
        return b"", finding("T018", Place(file), why=error.args[0])
    except RefusedFileError as error:
        return b"", finding("T017.refused", Place(file), why=error.args[0])
    except OSError as error:
        return b"", finding("T017.file", Place(file), why=_reason(error))


def _reason(error: Exception) -> str | Phrase:
    reasons: dict[type[Exception], str] = {
        PermissionError: word("没有读取权限"),
        FileNotFoundError: word("不存在"),
        NotADirectoryError: word("不是文件夹"),
    }
    return reasons.get(type(error)) or phrase("系统报告 {error}", error=type(error).__name__)


_FORM = re.compile("申报表|目标表|自评表|绩效目标|项目名称")
FORM_ROWS = 60
"""How many rows of a table are looked through for the words of a form."""


def looks_like_form(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a table that cannot be used is a form as it was approved, for `import` to read.

    Its words stand above the heading of its indicators; a heading with 项目编号 is that of a table of ours.
    """
    words = False
    for row in islice(rows, FORM_ROWS):
        if any("三级指标" in text[:20] for text in row):
            return words and "项目编号" not in map(str.strip, row)
        words = words or any(_FORM.search(text[:60]) for text in row)
    return False


def import_it(file: str) -> Phrase:
    """The remedy for a form among the tables."""
    folder, _, name = file.partition("/")
    return phrase(
        "这张表像批复的目标表或自评表：移出评价文件夹，再运行 selfeval import {file} --into {folder}。",
        file=name,
        folder=folder,
    )
