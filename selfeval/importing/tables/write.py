"""Tables, settings and narratives as files: CSV for Excel and WPS, whole or not at all, changed cells in place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from selfeval.base.files import read_file, replace_file
from selfeval.base.grouping import grouped
from selfeval.importing.tables.assemble import Assembled
from selfeval.importing.tables.entry_guide import About
from selfeval.importing.tables.merge import Update
from selfeval.importing.understanding.proposals import OWN, profile_text
from selfeval.reading.columns import REVIEW, WORKBOOK, TableSpec
from selfeval.reading.config import FILE
from selfeval.reading.csv_edit import Change, changed_csv, table_bytes
from selfeval.reading.layouts import layout_data
from selfeval.reading.narrative import UNIT, Heading
from selfeval.rules.dump import quoted


def write_tables(folder: Path, merged: Sequence[Update], about: About, *, xlsx: bool) -> list[str]:
    """All tables: new, or changed in the files they have. Returns the files written, relative to the folder."""
    reviews = [name for one in merged if one.spec is REVIEW and one.touched for name in write_table(folder, one)]
    merged = [one for one in merged if one.spec is not REVIEW]
    if xlsx and all(one.whole for one in merged):
        from selfeval.importing.tables.entry_workbook import entry_workbook

        replace_file(folder / WORKBOOK, entry_workbook({one.spec.name: one.added for one in merged}, about))
        return [WORKBOOK, *reviews]
    touched = [one for one in merged if one.touched]
    if (folder / WORKBOOK).exists():
        return [*_write_entry_workbook(folder, touched, about), *reviews]
    return [*(name for one in touched for name in write_table(folder, one)), *reviews]


def _write_entry_workbook(folder: Path, touched: Sequence[Update], about: About) -> list[str]:
    """填报表.xlsx in one go, and those of its parts that have rows of their own."""
    from selfeval.importing.tables.entry_workbook import changed_entry_workbook

    written = [name for one in touched for name in _write_changes(folder, one) if name != WORKBOOK]
    if touched:
        path = folder / WORKBOOK
        in_book = [replace(one, changes=_by_file(one).get(WORKBOOK, [])) for one in touched]
        replace_file(path, changed_entry_workbook(read_file(path, folder=folder), in_book, about))
        written.append(WORKBOOK)
    return written


def write_table(folder: Path, merged: Update) -> list[str]:
    """One table of its own: new, or changed in the files it has."""
    if merged.whole:
        replace_file(folder / f"{merged.spec.name}.csv", table_bytes(merged.spec, merged.added))
        return [f"{merged.spec.name}.csv"]
    return _write_changes(folder, merged)


def _by_file(merged: Update) -> dict[str, list[Change]]:
    """The changes of each file, by its path in the folder."""
    return grouped(merged.changes, lambda change: change.file.split("/", 1)[1])


def _write_changes(folder: Path, merged: Update) -> list[str]:
    spec, by_file = merged.spec, _by_file(merged)
    home = _home(folder, spec)
    if merged.added:
        by_file.setdefault(home, [])
    by_file.pop(WORKBOOK, None)
    for file, changes in sorted(by_file.items()):
        change = replace(merged, changes=changes, added=merged.added if file == home else [])
        path = folder / file
        if path.suffix.lower() == ".xlsx":
            from selfeval.importing.tables.entry_workbook import changed_table

            content = changed_table(read_file(path, folder=folder), change)
        else:
            content = changed_csv(read_file(path, folder=folder) if path.exists() else b"", spec, changes, change.added)
        replace_file(path, content)
    return sorted(by_file)


def _home(folder: Path, spec: TableSpec) -> str:
    """The file that takes new rows: 填报表.xlsx, the table's own, else a new one in its folder."""
    if (folder / WORKBOOK).exists():
        return WORKBOOK
    names = sorted(
        p.name for p in folder.iterdir() if p.stem.casefold() == spec.name and p.suffix.lower() in {".csv", ".xlsx"}
    )
    return names[0] if names else f"{spec.name}/导入新增.csv"


# ── settings and narratives ──


def toml_text(whole: Assembled, sources: Sequence[str]) -> str:
    """selfeval.toml as found on the forms; what they do not say is left to fill in."""
    year = f"year = {whole.year}" if whole.year else "# year =            # 表里没有写年度，请填写后去掉行首的 #"
    unit = (
        f"unit = {quoted(whole.unit)}" if whole.unit else '# unit = ""         # 表里没有写单位，请填写后去掉行首的 #'
    )
    lines = [
        "# 由 selfeval import 生成，来源：", *(f"#   {' '.join(name.split())}" for name in sources), "",
        "[evaluation]", year, unit, f"department = {quoted(whole.department)}",
        _proposed(whole, "rules", whole.rules), f'money_unit = "{whole.money_unit}"', "",
        "[report]", _proposed(whole, "layout", whole.layout), "",
    ]  # fmt: skip
    return "\n".join(lines)


def _proposed(whole: Assembled, key: str, value: str) -> str:
    """A setting, with the words of the form that suggest it."""
    seen = " ".join(whole.seen.get(key, "").split())
    return f'{key} = "{value}"' + (f"  # 原表写着“{seen}”，请核对" if seen else "")


def write_settings(folder: Path, whole: Assembled, sources: Sequence[str]) -> list[str]:
    """selfeval.toml where there is none."""
    if (folder / FILE).exists():
        return []
    replace_file(folder / FILE, toml_text(whole, sources).encode())
    profile = f"rules/{OWN}.toml"
    if not whole.levels or (folder / profile).exists():
        return [FILE]
    replace_file(folder / profile, profile_text(whole.levels, whole.year, whole.extends).encode())
    return [FILE, profile]


def write_narratives(folder: Path, whole: Assembled) -> list[str]:
    """narrative/<项目编号>.md with the outline's headings, where there is none."""
    written = []
    for id_, passages in (*whole.narratives.items(), *([] if UNIT in whole.narratives else [(UNIT, {})])):
        name = f"narrative/{id_}.md"
        if not (folder / name).exists():
            outline = _outline(folder, whole.layout, id_)
            replace_file(folder / name, narrative_text(outline, passages).encode("utf-8", "replace"))
            written.append(name)
    return written


def _outline(folder: Path, layout: str, id_: str) -> Sequence[Heading]:
    """The headings of the report in a layout."""
    data = layout_data(folder, layout)
    return data.unit_outline if id_ == UNIT else data.outline


def narrative_text(outline: Sequence[Heading], passages: Mapping[str, Sequence[str]]) -> str:
    """The headings of the outline, with the passages that a filled-in form has for them."""
    written: list[str] = []
    left = {title: list(texts) for title, texts in passages.items()}
    for heading in outline:
        written += [f"## {heading.number}{heading.title}", "", *_passages(left.pop(heading.title, []))]
        for part in heading.parts:
            if part in left:
                written += [f"### {part}", "", *_passages(left.pop(part))]
    for title, texts in left.items():
        written += [f"## {title}", "", *_passages(texts)]
    return "\n".join(written).rstrip("\n") + "\n"


def _passages(texts: Iterable[str]) -> list[str]:
    """Texts as Markdown that prints as written."""
    lines: list[str] = []
    for text in texts:
        for line in text.split("\n"):
            lines += [re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", line), ""]
    return lines
