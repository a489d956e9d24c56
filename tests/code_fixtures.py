"""The fixtures of the codes: an evaluation in order, and what to change in it so that a code fires.

`checks/base.toml` is a small evaluation in order. `checks/<group>.toml` says for every code what to change in it:
`[C002.bad]` fires, `[C002.good]` (absent: the base itself) is silent. Changes, all optional:

- `projects`, `budget`, `targets`, `actuals`, `review` (the base has none):
  `{ "维修里程" = { "指标值" = "≤20公里" } }`: the row by any of its cells
  (in the order of the columns), the cells to write; `{ text = "长", times = 100001 }` writes a long one.
  A text takes the place of the whole table.
- `drop = { targets = ["维修里程"] }` takes rows away; `add = { targets = [{ … }] }` adds rows like the last one, but
  for the cells given; `copies = ["P02"]` repeats the project with all its rows under other numbers.
- `toml`: the settings; `narrative`: the text of narrative/P01.md; `files`: texts by file name; `hex`: bytes;
  `size`: an empty file of so many bytes; `folders`; `remove`: files taken away.
- `edit = { "targets.csv" = ["old", "new"] }`: a text of the finished file replaced.
- `xlsx = { targets = { "F2" = "=1+1", merge = "B2:B3" } }`: the table as a workbook, with cells set, ranges merged,
  another sheet (`sheet`) added.

What must be found: `at = "targets.csv:2"` (a file of the evaluation and a line; "" for no place), `cell`: how the cell
at the column begins; `severity` where it is not the table's; `says`: words of the message; `row`: the indicator.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from evaluations import make_evaluation, rows_of
from openpyxl import Workbook

HERE = Path(__file__).parent
TABLES = ("projects", "budget", "targets", "actuals", "review")
BASE = tomllib.loads((HERE / "checks" / "base.toml").read_text(encoding="utf-8"))
NOT_FIXTURES = {"base.toml", "blanks.toml", "published.toml", "silent.toml", "spoken.toml", "variants.toml"}
FIXTURES = {
    code: fixture
    for file in sorted((HERE / "checks").glob("*.toml"))
    if file.name not in NOT_FIXTURES
    for code, fixture in tomllib.loads(file.read_text(encoding="utf-8")).items()
}
EXPECTED = {"at", "cell", "severity", "says", "row", "bad", "good"}
OTHER_FILES = {"narrative", "files", "hex", "size", "folders", "remove", "edit", "xlsx"}
CHANGES = {*TABLES, "drop", "add", "copies", "toml", *OTHER_FILES}
DIRECT = {"F001", "F002", "F003", "F004", "F005", "F006", "F009", "F010", "F011", "F012", "N007", "N008"}
"""Codes that come up only when pages are made; they have tests of their own below."""


# ── an evaluation with something changed ──────────────────────────────────────────────────────


def made(tmp_path, change):
    """The base evaluation with a change, as a folder."""
    assert not set(change) - CHANGES, set(change) - CHANGES
    tables = {name: changed_table(name, change) for name in TABLES}
    for id_ in change.get("copies", []):
        tables = {name: rows + [row | {"项目编号": id_} for row in rows if row["项目编号"] == "P01"]
                  for name, rows in tables.items()}  # fmt: skip
    given = {name: rows for name, rows in tables.items() if rows or name in BASE}
    folder = make_evaluation(tmp_path, toml=change.get("toml", BASE["toml"]), **given)
    for name, cells in change.get("xlsx", {}).items():
        (folder / f"{name}.csv").unlink()
        workbook(tables[name], cells).save(folder / f"{name}.xlsx")
    other_files(folder, change)
    return folder


def changed_table(name, change):
    """One table as rows."""
    asked = change.get(name, {})
    text = BASE.get(name, "") if isinstance(asked, dict) else asked
    rows = rows_of(text) if text else []
    for key, cells in asked.items() if isinstance(asked, dict) else ():
        row = next(r for r in rows if key in r.values())
        row.update({column: text_of(cell) for column, cell in cells.items()})
    dropped = change.get("drop", {}).get(name, [])
    rows = [row for row in rows if not set(dropped) & set(row.values())]
    return rows + [(rows[-1] if rows else {}) | cells for cells in change.get("add", {}).get(name, [])]


def text_of(cell):
    """A cell as written; a long one as its text and how many times."""
    return cell if isinstance(cell, str) else cell["text"] * cell["times"]


def other_files(folder, change):
    """What is not one of the four tables, and what is done to the finished files."""
    texts = change.get("files", {}) | ({"narrative/P01.md": change["narrative"]} if "narrative" in change else {})
    contents = {name: text.encode() for name, text in texts.items()}
    contents |= {name: bytes.fromhex(text) for name, text in change.get("hex", {}).items()}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for name, (old, new) in change.get("edit", {}).items():
        text = (folder / name).read_bytes().decode("utf-8-sig")
        assert old in text
        (folder / name).write_bytes(text.replace(old, new, 1).encode())
    for name in [*change.get("remove", []), *change.get("folders", [])]:
        (folder / name).unlink()
    for name in change.get("folders", []):
        (folder / name).mkdir()
    for name, size in change.get("size", {}).items():
        with (folder / name).open("wb") as stream:
            stream.truncate(size)


def workbook(rows, cells):
    """A table as Excel would hold it, with cells set and ranges merged."""
    book = Workbook()
    names = list(dict.fromkeys(name for row in rows for name in row))
    for line in (names, *([row.get(name, "") for name in names] for row in rows)):
        book.active.append(line)
    for name, value in cells.items():
        if name == "merge":
            book.active.merge_cells(value)
        elif name == "sheet":
            book.create_sheet(value).append(["另一张表"])
        else:
            book.active[name] = value
    return book


# ── many of them in one evaluation ────────────────────────────────────────────────────────────

IN_ROWS = {*TABLES, "drop", "add", "narrative"}
APART = {"T013", "T024"}
"""Codes about rows that are silent among other projects, or about all of them."""


SIDES = {f"{code}-{side}": fixture[side] for code, fixture in FIXTURES.items() for side in ("bad", "good")
         if side in fixture}  # fmt: skip
OF_ROWS = {name: change for name, change in SIDES.items() if name[:4] not in APART and not set(change) - IN_ROWS}
"""The changes that can be those of a project among others."""

ALONE = [pytest.param(change, id=name) for name, change in SIDES.items() if name not in OF_ROWS]
"""The changes that need an evaluation of their own."""


def gathered(tmp_path, changes=OF_ROWS):
    """One evaluation in which every change is that of a project: `C002-bad`, `C002-good`."""
    tables = {name: [row for id_, change in changes.items() for row in rows_under(id_, name, change)]
              for name in TABLES}  # fmt: skip
    folder = make_evaluation(tmp_path, toml=BASE["toml"], **tables)
    narratives = {id_: change["narrative"] for id_, change in changes.items() if "narrative" in change}
    other_files(folder, {"files": {f"narrative/{id_}.md": text for id_, text in narratives.items()}})
    return folder


def rows_under(id_, name, change):
    """The rows of a changed table under another project number."""
    return [row | {"项目编号": renamed(row.get("项目编号", "P01"), id_)} for row in changed_table(name, change)]


def renamed(id_, own):
    """The number of a project that stands for P01; that of another project stays another."""
    return own if id_ == "P01" else id_ and f"{own}-{id_}"
