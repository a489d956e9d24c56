"""Tables, settings and narratives as files: CSV for Excel and WPS, whole or not at all, changed cells in place."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from selfeval.base.files import read_file, replace_file
from selfeval.importing.tables.assemble import UNIT_ID, Made
from selfeval.importing.tables.merge import Merged
from selfeval.reading.columns import TableSpec
from selfeval.reading.config import FILE
from selfeval.reading.csv_edit import Change, Row, changed_csv, table_bytes
from selfeval.reading.narrative import PROJECT_OUTLINE, UNIT_OUTLINE


def write_table(folder: Path, merged: Merged, *, xlsx: bool, targets: Sequence[Row]) -> list[str]:
    """One table: new, or changed in the files it has. Returns the files written, relative to the folder."""
    name = merged.spec.name
    if merged.whole:
        if xlsx and name == "actuals":
            from selfeval.importing.tables.entry_sheet import entry_sheet

            replace_file(folder / f"{name}.xlsx", entry_sheet(merged.added, targets))
            return [f"{name}.xlsx"]
        replace_file(folder / f"{name}.csv", table_bytes(merged.spec, merged.added))
        return [f"{name}.csv"]
    return _write_changes(folder, merged, targets)


def _write_changes(folder: Path, merged: Merged, targets: Sequence[Row]) -> list[str]:
    by_file: dict[str, list[Change]] = defaultdict(list)
    for change in merged.changes:
        by_file[change.file.split("/", 1)[1]].append(change)
    if merged.added:
        by_file.setdefault(_home(folder, merged.spec), [])
    written = []
    for file, changes in sorted(by_file.items()):
        added = merged.added if file == _home(folder, merged.spec) else []
        path = folder / file
        if path.suffix.lower() == ".xlsx":
            from selfeval.importing.tables.entry_sheet import changed_workbook

            content = changed_workbook(read_file(path, folder=folder), merged.spec, changes, added, targets)
        else:
            content = changed_csv(read_file(path, folder=folder) if path.exists() else b"", merged.spec, changes, added)
        replace_file(path, content)
        written.append(file)
    return written


def _home(folder: Path, spec: TableSpec) -> str:
    """The file that takes new rows: the table's own, else a new one in its folder."""
    names = sorted(
        p.name for p in folder.iterdir() if p.stem.casefold() == spec.name and p.suffix.lower() in {".csv", ".xlsx"}
    )
    return names[0] if names else f"{spec.name}/导入新增.csv"


# ── settings and narratives ──


def toml_text(made: Made, sources: Sequence[str]) -> str:
    """selfeval.toml as found on the forms; what they do not say is left to fill in."""
    year = f"year = {made.year}" if made.year else "# year =            # 表里没有写年度，请填写后去掉行首的 #"
    unit = f"unit = {_quoted(made.unit)}" if made.unit else '# unit = ""         # 表里没有写单位，请填写后去掉行首的 #'
    lines = [
        "# 由 selfeval import 生成，来源：", *(f"#   {' '.join(name.split())}" for name in sources), "",
        "[evaluation]", year, unit, f"department = {_quoted(made.department)}", 'rules = "mof-2020"',
        f'money_unit = "{made.money_unit}"', "", "[report]", 'layout = "national"', "",
    ]  # fmt: skip
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_settings(folder: Path, made: Made, sources: Sequence[str]) -> list[str]:
    """selfeval.toml where there is none."""
    if (folder / FILE).exists():
        return []
    replace_file(folder / FILE, toml_text(made, sources).encode())
    return [FILE]


def write_narratives(folder: Path, made: Made) -> list[str]:
    """narrative/<项目编号>.md with the outline's headings, where there is none."""
    written = []
    for id_, passages in (*made.narratives.items(), *([] if UNIT_ID in made.narratives else [(UNIT_ID, {})])):
        name = f"narrative/{id_}.md"
        if not (folder / name).exists():
            replace_file(folder / name, narrative_text(id_, passages).encode("utf-8", "replace"))
            written.append(name)
    return written


def narrative_text(id_: str, passages: Mapping[str, Sequence[str]]) -> str:
    """The headings of the outline, with the passages that a filled-in form has for them."""
    outline = UNIT_OUTLINE if id_ == UNIT_ID else PROJECT_OUTLINE
    parts = []
    left = {title: list(texts) for title, texts in passages.items()}
    for heading in outline:
        parts += [f"## {heading.number}{heading.title}", "", *_passages(left.pop(heading.title, []))]
    for title, texts in left.items():
        parts += [f"## {title}", "", *_passages(texts)]
    return "\n".join(parts).rstrip("\n") + "\n"


def _passages(texts: Iterable[str]) -> list[str]:
    """Texts as Markdown that prints as written."""
    made: list[str] = []
    for text in texts:
        for line in text.split("\n"):
            made += [re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", line), ""]
    return made
