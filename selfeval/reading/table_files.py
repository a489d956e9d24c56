"""The files that an evaluation's tables stand in: which they are, how they are named, whether they may be opened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from os import fsencode
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, found
from selfeval.base.files import RefusedFileError, TooLargeFileError, read_file
from selfeval.base.model import Place
from selfeval.reading.columns import PART, WORKBOOK, TableSpec

MAX_BYTES = 512 * 1024 * 1024
KINDS = (".csv", ".xlsx")

Found = list[Diagnostic]


def sources(folder: Path, spec: TableSpec) -> tuple[list[Path], Found]:
    """The files of a table; of a table that stands in both formats, neither."""
    try:
        paths = _listed(folder, spec)
    except OSError as error:
        return [], [found("T017", f"文件夹打不开：{_reason(error)}", Place(name_of(folder, folder)))]
    books, problems = _entry_workbooks(folder, spec)
    if books and paths:
        names = "、".join(name_of(p, folder).split("/", 1)[1] for p in paths)
        said = f"{names} 与 {WORKBOOK} 的“{spec.sheet}”是同一张表，都没有读取"
        hint = f"只留一处：要用 {WORKBOOK}，就删去 {names}。"
        return [], [*problems, found("T009", said, Place(name_of(paths[0], folder)), hint=hint)]
    if books:
        return books, problems
    chosen: list[Path] = []
    for _, group in groupby(paths, key=lambda p: (p.parent, p.stem.casefold())):
        first, *others = group
        if others:
            names = "、".join(name_of(p, p.parent).split("/", 1)[1] for p in (first, *others))
            place = Place(name_of(first, folder))
            problems.append(found("T009", f"{names} 是同一张表，都没有读取", place))
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
        said = f"有 {'、'.join(p.name for p in parts)}，没有 {WORKBOOK}：分表只补 {WORKBOOK} 里空白的格，没有读取"
        return [], [found("T006", said, Place(name_of(parts[0], folder)), hint=f"把 {WORKBOOK} 放回评价文件夹。")]
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


def _missing(folder: Path, spec: TableSpec) -> Diagnostic:
    others = sorted(p.name for p in folder.iterdir() if p.stem.casefold() == spec.name and p.suffix)
    instead = f"；有 {'、'.join(others)}，请另存为 .csv 或 .xlsx" if others else ""
    place = Place(f"{name_of(folder, folder)}/{spec.name}.csv")
    parts = f"，{spec.name}/ 里也没有表" if spec.split else ""
    return found("T006", f"没有 {spec.name}.csv 或 {spec.name}.xlsx{parts}{instead}", place)


def name_of(path: Path, folder: Path) -> str:
    """A path relative to the evaluation's parent, with forward slashes, whatever bytes it has."""
    name = "/".join((folder.absolute().name, *path.relative_to(folder).parts))
    return fsencode(name).decode("utf-8", "replace")


def content_of(path: Path, folder: Path, file: str) -> tuple[bytes, Diagnostic | None]:
    """The content of a regular file inside the evaluation that is not too large."""
    try:
        return read_file(path, MAX_BYTES, folder), None
    except TooLargeFileError as error:
        return b"", found("T018", str(error), Place(file))
    except RefusedFileError as error:
        return b"", found("T017", str(error), Place(file))
    except OSError as error:
        return b"", found("T017", f"文件打不开：{_reason(error)}", Place(file))


def _reason(error: Exception) -> str:
    reasons: dict[type[Exception], str] = {
        PermissionError: "没有读取权限",
        FileNotFoundError: "不存在",
        NotADirectoryError: "不是文件夹",
    }
    return reasons.get(type(error), f"系统报告 {type(error).__name__}")


_FORM = re.compile("申报表|目标表|自评表|绩效目标|项目名称")
FORM_ROWS = 60
"""How many rows of a table are looked through for the words of a form."""


def looks_like_form(rows: Iterable[Sequence[str]]) -> bool:
    """Whether a table that cannot be used is a form as it was approved, for `import` to read."""
    texts = [text for row in islice(rows, FORM_ROWS) for text in row]
    return any("三级指标" in text[:20] for text in texts) and any(_FORM.search(text[:60]) for text in texts)


def import_it(file: str) -> str:
    """The remedy for a form among the tables."""
    folder, _, name = file.partition("/")
    return f"这张表像批复的目标表或自评表：移出评价文件夹，再运行 selfeval import {name} --into {folder}。"
