"""A forger: takes a pack of ours apart and puts it together again, changed in one of very many ways.

The grammar: one edit of what a pack says (its files, its manifest, its figures) or of how its zip is written, then as
much mending as a forger can do with a program of his own: nothing, the sums of the manifest, or the contents page too.
Each forgery is seeded, so that one that gets past `verify` can be made again. An edit that finds nothing to change
gives None.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random
from typing import Any

Files = dict[str, bytes]
MANIFEST, CONTENTS, SCORECARD, SCORES = "manifest.json", "目录.html", "scorecard.json", "scores.csv"
SUMMARY, WORKBOOK = "summary.pdf", "summary.xlsx"


@dataclass(frozen=True)
class Spoils:
    """What a forger has beside the pack: a true pack of the same evaluation in another state, and one of another."""

    other_state: Mapping[str, bytes]
    other_evaluation: Mapping[str, bytes]
    remade: Callable[[Files], bytes] = field(default=lambda files: files[CONTENTS])
    """The contents page that fits a manifest."""


Edit = Callable[[Files, Random, Spoils], "Files | None"]
RawEdit = Callable[[bytes, Random], "bytes | None"]
EDITS: list[Edit] = []
RAW: list[RawEdit] = []


def edit(function: Edit) -> Edit:
    """Adds an edit of the files to the grammar."""
    EDITS.append(function)
    return function


def raw(function: RawEdit) -> RawEdit:
    """Adds an edit of the zip to the grammar."""
    RAW.append(function)
    return function


def forged(pack: bytes, seed: object, spoils: Spoils) -> tuple[str, bytes] | None:
    """(what was done, the zip) of one forgery; None where the edit drawn finds nothing to change."""
    random = Random(str(seed))
    return of_edit(pack, random.choice([*EDITS, *RAW]), random, spoils)


def of_edit(pack: bytes, what: Edit | RawEdit, random: Random, spoils: Spoils) -> tuple[str, bytes] | None:
    """The same of a given edit."""
    if what in RAW:
        made = what(pack, random)
        return None if made is None or made == pack else (what.__name__, made)
    files = members(pack)
    changed = what(dict(files), random, spoils)
    if changed is None or changed == files:
        return None
    mending = random.choice(MENDINGS)
    try:
        mended = mending(changed, spoils)
    except (TypeError, AttributeError, KeyError, ValueError, RecursionError):  # nothing left that could be mended
        mended = changed
    return f"{what.__name__}/{mending.__name__}", zipped(mended)


def members(pack: bytes) -> Files:
    """The files of a zip by name."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip as `pack` writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(head(name), content)
    return out.getvalue()


def head(name: str) -> zipfile.ZipInfo:
    """The head of a member as `pack` writes it."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
    return info


# ── Mending ──


def unmended(files: Files, _: Spoils) -> Files:
    """As the edit left it."""
    return files


def summed(files: Files, _: Spoils) -> Files:
    """With the sums of all files right, files that came listed and files that are gone left out."""
    manifest = loaded(files, MANIFEST)
    if manifest is None or not isinstance(manifest.get("files"), list):
        return files
    about = {one.get("file"): one for one in manifest["files"] if isinstance(one, dict)}
    manifest["files"] = [
        {
            **about.get(name, {"about": "佐证材料"}),
            "file": name, "sha256": sha256(content).hexdigest(), "bytes": len(content),
        }
        for name, content in files.items()
        if name != MANIFEST
    ]  # fmt: skip
    return files | {MANIFEST: written(manifest)}


def wholly(files: Files, spoils: Spoils) -> Files:
    """With the contents page made anew as well."""
    files = summed(files, spoils)
    try:
        page = spoils.remade(files)
    except (KeyError, TypeError, ValueError, AttributeError):
        return files
    return summed(files | {CONTENTS: page}, spoils)


MENDINGS = (unmended, summed, summed, wholly, wholly)


# ── JSON ──


def loaded(files: Files, name: str) -> Any:
    """A JSON file; None where it is none any more."""
    try:
        return json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return None


def written(data: Any) -> bytes:
    """JSON as the program writes it."""
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value that is no list and no object."""
    if isinstance(data, dict):
        return [leaf for key, value in data.items() for leaf in leaves(value, (*path, key))]
    if isinstance(data, list):
        return [leaf for at, value in enumerate(data) for leaf in leaves(value, (*path, at))]
    return [path]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """The value at a path."""
    for key in path:
        data = data[key]
    return data


def changed_value(value: Any, random: Random) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + random.choice((-1, 1))
    if value is None:
        return random.choice(("优", "100.00", ""))
    text = str(value)
    digits = [m.start() for m in re.finditer(r"\d", text)]
    if digits and random.random() < 0.8:
        place = random.choice(digits)
        return text[:place] + str((int(text[place]) + random.randint(1, 9)) % 10) + text[place + 1 :]
    return random.choice((text + random.choice(("一", " ", "　", ".")), text[:-1], f"某{text}"))


def changed_leaf(files: Files, name: str, random: Random, under: tuple[Any, ...] = ()) -> Files | None:
    """A JSON file with one value changed."""
    data = loaded(files, name)
    if data is None:
        return None
    paths = leaves(at(data, under), under)
    if not paths:
        return None
    path = random.choice(paths)
    holder = at(data, path[:-1])
    holder[path[-1]] = changed_value(holder[path[-1]], random)
    return files | {name: written(data)}


@edit
def manifest_value(files: Files, random: Random, _: Spoils) -> Files | None:
    """Any value of the manifest (its sums aside, which mending would bring back)."""
    key = random.choice(("schema", "generator", "evaluation", "rules", "demo", "draft", "projects"))
    return changed_leaf(files, MANIFEST, random, (key,))


@edit
def manifest_file_row(files: Files, random: Random, _: Spoils) -> Files | None:
    """A row of the manifest's files."""
    data = loaded(files, MANIFEST)
    row = random.choice(data["files"])
    key = random.choice(sorted(row))
    row[key] = changed_value(row[key], random)
    return files | {MANIFEST: written(data)}


@edit
def manifest_unit_or_year(files: Files, random: Random, _: Spoils) -> Files | None:
    """Another unit, another year, another evaluation."""
    data = loaded(files, MANIFEST)
    key = random.choice(("unit", "year", "id"))
    data["evaluation"][key] = changed_value(data["evaluation"][key], random)
    return files | {MANIFEST: written(data)}


@edit
def manifest_flag(files: Files, random: Random, _: Spoils) -> Files | None:
    """演示数据, 未定稿: taken away or put there."""
    data = loaded(files, MANIFEST)
    key = random.choice(("demo", "draft"))
    data[key] = random.choice((not data[key], None, "", 0))
    return files | {MANIFEST: written(data)}


@edit
def manifest_extra(files: Files, random: Random, _: Spoils) -> Files | None:
    """A key more, somewhere."""
    data = loaded(files, MANIFEST)
    place = random.choice((data, data["evaluation"], data["rules"], random.choice(data["projects"] or [data])))
    place["audited"] = "经审计，情况属实"
    return files | {MANIFEST: written(data)}


@edit
def manifest_key_gone(files: Files, random: Random, _: Spoils) -> Files | None:
    """A key less, somewhere."""
    data = loaded(files, MANIFEST)
    place = random.choice((data, data["evaluation"], data["rules"], random.choice(data["projects"] or [data])))
    del place[random.choice(sorted(key for key in place if key not in {"files", "schema"}))]
    return files | {MANIFEST: written(data)}


@edit
def manifest_said_twice(files: Files, random: Random, _: Spoils) -> Files | None:
    """A key twice: readers disagree on which of them counts."""
    text = files[MANIFEST].decode()
    key = random.choice(('"unit"', '"year"', '"total"', '"draft"', '"demo"'))
    line = next((line for line in text.split("\n") if key in line), None)
    if line is None:
        return None
    stripped = line.rstrip(",")
    return files | {MANIFEST: text.replace(line, f"{stripped.replace(':', ': ', 1)},\n{line}", 1).encode()}


@edit
def manifest_in_other_bytes(files: Files, random: Random, _: Spoils) -> Files | None:
    """The same manifest written in another way, or with something behind it."""
    data = loaded(files, MANIFEST)
    tail = random.choice((b" ", b"\n\n", b"\x00", b"// ok"))
    return files | {MANIFEST: random.choice((json.dumps(data).encode(), files[MANIFEST] + tail))}


@edit
def projects_reordered(files: Files, random: Random, _: Spoils) -> Files | None:
    """The projects of the manifest in another order."""
    data = loaded(files, MANIFEST)
    data["projects"].reverse()
    return files | {MANIFEST: written(data)}


@edit
def project_twice(files: Files, random: Random, _: Spoils) -> Files | None:
    """A project of the manifest twice."""
    data = loaded(files, MANIFEST)
    data["projects"].append(dict(random.choice(data["projects"])))
    return files | {MANIFEST: written(data)}


def without_project(files: Files, id_: str, places: set[str]) -> Files:
    """A project gone from these places."""
    manifest, card = loaded(files, MANIFEST), loaded(files, SCORECARD)
    if MANIFEST in places:
        manifest["projects"] = [p for p in manifest["projects"] if p["id"] != id_]
    if SCORECARD in places:
        card["projects"] = [p for p in card["projects"] if p["id"] != id_]
    made = files | {MANIFEST: written(manifest), SCORECARD: written(card)}
    if SCORES in places:
        rows = [row for row in table(files) if row[0] != id_]
        made[SCORES] = table_bytes(rows)
    if "report" in places:
        made.pop(f"projects/{id_}/report.pdf", None)
    return made


@edit
def project_left_out(files: Files, random: Random, _: Spoils) -> Files | None:
    """A project left out of everything that can be edited without drawing."""
    ids = [p["id"] for p in loaded(files, MANIFEST)["projects"]]
    return without_project(files, random.choice(ids), {MANIFEST, SCORECARD, SCORES, "report"})


@edit
def project_left_out_somewhere(files: Files, random: Random, _: Spoils) -> Files | None:
    """A project left out of some places only."""
    places = [MANIFEST, SCORECARD, SCORES, "report"]
    ids = [p["id"] for p in loaded(files, MANIFEST)["projects"]]
    return without_project(files, random.choice(ids), set(random.sample(places, random.randint(1, 3))))


@edit
def no_project_at_all(files: Files, random: Random, _: Spoils) -> Files | None:
    """All of them left out."""
    for project in loaded(files, MANIFEST)["projects"]:
        files = without_project(files, project["id"], {MANIFEST, SCORECARD, SCORES, "report"})
    return files


@edit
def scorecard_value(files: Files, random: Random, _: Spoils) -> Files | None:
    """Any value of the scorecard."""
    return changed_leaf(files, SCORECARD, random)


@edit
def scorecard_unit(files: Files, random: Random, _: Spoils) -> Files | None:
    """Any value of the unit's own scorecard; one made up where there is none."""
    data = loaded(files, SCORECARD)
    if data["unit"]:
        return changed_leaf(files, SCORECARD, random, ("unit",))
    data["unit"] = data["projects"][0]
    return files | {SCORECARD: written(data)}


@edit
def scorecard_head(files: Files, random: Random, _: Spoils) -> Files | None:
    """Whose it is, by which rules."""
    return changed_leaf(files, SCORECARD, random, (random.choice(("evaluation", "rules", "generator", "schema")),))


@edit
def scorecard_total_everywhere(files: Files, random: Random, _: Spoils) -> Files | None:
    """A project's total raised in the scorecard and in the manifest."""
    manifest, card = loaded(files, MANIFEST), loaded(files, SCORECARD)
    at_ = random.randrange(len(card["projects"]))
    card["projects"][at_]["total"] = manifest["projects"][at_]["total"] = "100.00"
    card["projects"][at_]["grade"] = manifest["projects"][at_]["grade"] = "优"
    return files | {MANIFEST: written(manifest), SCORECARD: written(card)}


@edit
def scorecard_said_twice(files: Files, random: Random, _: Spoils) -> Files | None:
    """A key twice."""
    text = files[SCORECARD].decode()
    lines = [line for line in text.split("\n") if '"total"' in line or '"points"' in line or '"unit"' in line]
    line = random.choice(lines)
    return files | {SCORECARD: text.replace(line, f"{line.rstrip(',')},\n{line}", 1).encode()}


@edit
def scorecard_in_other_bytes(files: Files, random: Random, _: Spoils) -> Files | None:
    """Something behind it, or a mark before it."""
    return files | {SCORECARD: random.choice((files[SCORECARD] + b" ", b"\xef\xbb\xbf" + files[SCORECARD]))}


NUMBERS = (
    "NaN", "Infinity", "-Infinity", "1e999", "-0", "1E2", "0.1", "9" * 400, "9" * 5000, "true", "null", "{}", "[[]]",
    '"\\ud800"', '"\\u0000"', '"1\\u202e"', "[" * 2000 + "]" * 2000,
)  # fmt: skip
"""What a value of JSON may be that programs read in different ways, or not at all."""


@edit
def json_that_programs_differ_on(files: Files, random: Random, _: Spoils) -> Files | None:
    """A value of the manifest or the scorecard in place of another."""
    name = random.choice((MANIFEST, SCORECARD))
    lines = files[name].decode().split("\n")
    at_ = random.choice([n for n, line in enumerate(lines) if '": ' in line and line.rstrip(",")[-1] not in "{["])
    key, _, value = lines[at_].partition('": ')
    lines[at_] = f'{key}": {random.choice(NUMBERS)}' + ("," if value.endswith(",") else "")
    return files | {name: "\n".join(lines).encode()}


@edit
def json_key_in_other_letters(files: Files, random: Random, _: Spoils) -> Files | None:
    """A key once more, spelt by its numbers, in capitals, or with a letter nobody sees."""
    name = random.choice((MANIFEST, SCORECARD))
    lines = files[name].decode().split("\n")
    at_ = random.choice([n for n, line in enumerate(lines) if '": "' in line])
    key = lines[at_].split('"')[1]
    other = random.choice((f"\\u{ord(key[0]):04x}{key[1:]}", key.capitalize(), key + "\u200b"))
    lines.insert(at_, f'"{other}": "优",')
    return files | {name: "\n".join(lines).encode()}


@edit
def json_of_another_kind(files: Files, random: Random, _: Spoils) -> Files | None:
    """No object at all, or one in another code."""
    name = random.choice((MANIFEST, SCORECARD))
    text = files[name].decode()
    return files | {
        name: random.choice((b"[]", b"null", b"1", b"", b"\xff", text.encode("utf-16"), text.encode("gb18030")))
    }


# ── scores.csv ──


def table(files: Files) -> list[list[str]]:
    """The rows of scores.csv, header first."""
    return list(csv.reader(io.StringIO(files[SCORES].decode("utf-8-sig"), newline="")))


def table_bytes(rows: list[list[str]]) -> bytes:
    """Rows as the program writes them."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@edit
def scores_cell(files: Files, random: Random, _: Spoils) -> Files | None:
    """One cell of scores.csv."""
    rows = table(files)
    row = random.choice(rows[1:])
    place = random.randrange(len(row))
    row[place] = changed_value(row[place], random)
    return files | {SCORES: table_bytes(rows)}


@edit
def scores_points(files: Files, random: Random, _: Spoils) -> Files | None:
    """The points of a row."""
    rows = table(files)
    row = random.choice(rows[1:])
    place = rows[0].index("得分")
    row[place] = changed_value(row[place], random)
    return files | {SCORES: table_bytes(rows)}


@edit
def scores_rows(files: Files, random: Random, _: Spoils) -> Files | None:
    """A row less, a row twice, two rows exchanged, the header changed."""
    rows = table(files)
    place = random.randrange(1, len(rows))
    how = random.choice(("less", "twice", "exchanged", "header", "empty"))
    if how == "less":
        del rows[place]
    elif how == "twice":
        rows.insert(place, list(rows[place]))
    elif how == "exchanged":
        rows[1], rows[-1] = rows[-1], rows[1]
    elif how == "header":
        rows[0][random.randrange(len(rows[0]))] = "备注"
    else:
        rows = rows[:1]
    return files | {SCORES: table_bytes(rows)}


@edit
def scores_formula(files: Files, random: Random, _: Spoils) -> Files | None:
    """A cell that a spreadsheet would run."""
    rows = table(files)
    rows[random.randrange(1, len(rows))][1] = '=HYPERLINK("https://example.org","查看")'
    return files | {SCORES: table_bytes(rows)}


@edit
def scores_bytes(files: Files, random: Random, _: Spoils) -> Files | None:
    """Another mark, other line ends, something behind."""
    data = files[SCORES]
    return files | {
        SCORES: random.choice((data[3:], data.replace(b"\r\n", b"\n"), data + b"\r\n", data + b"\x1a,=1+1\r\n", b""))
    }


# ── summary.xlsx ──


def workbook_edit(files: Files, change: Callable[[Files], Files | None]) -> Files | None:
    """summary.xlsx with its parts changed."""
    parts = change(members(files[WORKBOOK]))
    return None if parts is None else files | {WORKBOOK: zipped(parts)}


@edit
def workbook_cell(files: Files, random: Random, _: Spoils) -> Files | None:
    """A number or a text of a sheet."""

    def change(parts: Files) -> Files | None:
        name = random.choice([name for name in parts if "worksheets/sheet" in name or "sharedStrings" in name])
        text = parts[name].decode()
        places = list(re.finditer(r"<(v|t)(?: [^>]*)?>([^<]+)</\1>", text))
        if not places:
            return None
        m = random.choice(places)
        value = changed_value(m[2], random)
        return parts | {name: (text[: m.start(2)] + value + text[m.end(2) :]).encode()}

    return workbook_edit(files, change)


@edit
def workbook_part(files: Files, random: Random, _: Spoils) -> Files | None:
    """A part more or less."""

    def change(parts: Files) -> Files | None:
        if random.random() < 0.5:
            return parts | {random.choice(("xl/vbaProject.bin", "custom.xml", "xl/externalLinks/a.xml")): b"<a/>"}
        return {name: content for name, content in parts.items() if "sheet2" not in name}

    return workbook_edit(files, change)


@edit
def workbook_hidden(files: Files, random: Random, _: Spoils) -> Files | None:
    """A row, a column or a sheet hidden."""

    def change(parts: Files) -> Files | None:
        name = random.choice([name for name in parts if "worksheets/sheet" in name])
        text = parts[name].decode()
        made = re.sub(r"<row ", '<row hidden="1" ', text, count=random.randint(1, 4))
        return parts | {name: made.encode()}

    return workbook_edit(files, change)


@edit
def workbook_formula(files: Files, random: Random, _: Spoils) -> Files | None:
    """A formula changed."""

    def change(parts: Files) -> Files | None:
        for name in sorted(parts):
            text = parts[name].decode("utf-8", "replace")
            if "<f>" in text and name.endswith(".xml"):
                return parts | {name: re.sub(r"<f>[^<]*</f>", "<f>1+99</f>", text, count=1).encode()}
        return None

    return workbook_edit(files, change)


@edit
def workbook_property(files: Files, random: Random, _: Spoils) -> Files | None:
    """Title or author of the workbook."""

    def change(parts: Files) -> Files | None:
        text = parts["docProps/core.xml"].decode()
        return parts | {"docProps/core.xml": text.replace("</dc:title>", "（审定）</dc:title>").encode()}

    return workbook_edit(files, change)


@edit
def workbook_tail(files: Files, random: Random, _: Spoils) -> Files | None:
    """Something before or behind the workbook's zip."""
    data = files[WORKBOOK]
    return files | {WORKBOOK: random.choice((data + b"PK\x05\x06", b"junk" + data, data[:-1], b""))}


# ── Files replaced ──


@edit
def from_another_state(files: Files, random: Random, spoils: Spoils) -> Files | None:
    """One file, true in itself, of another state of the same evaluation."""
    name = random.choice(sorted({*files} & {*spoils.other_state} - {MANIFEST}))
    return files | {name: spoils.other_state[name]}


@edit
def from_another_evaluation(files: Files, random: Random, spoils: Spoils) -> Files | None:
    """One file of another evaluation."""
    name = random.choice(sorted({*files} & {*spoils.other_evaluation} - {MANIFEST}))
    return files | {name: spoils.other_evaluation[name]}


@edit
def summary_of_another_state(files: Files, random: Random, spoils: Spoils) -> Files | None:
    """The summary of another state, with or without its workbook."""
    names = random.choice(((SUMMARY,), (WORKBOOK,), (SUMMARY, WORKBOOK), (SUMMARY, WORKBOOK, SCORES)))
    return files | {name: spoils.other_state[name] for name in names}


@edit
def all_but_the_reports(files: Files, random: Random, spoils: Spoils) -> Files | None:
    """Everything but the reports from another state."""
    return files | {name: c for name, c in spoils.other_state.items() if not name.startswith("projects/")}


@edit
def reports_exchanged(files: Files, random: Random, _: Spoils) -> Files | None:
    """Two reports, each in the other's place."""
    names = sorted(name for name in files if name.endswith("report.pdf"))
    if len(names) < 2:
        return None
    one, other = random.sample(names, 2)
    return files | {one: files[other], other: files[one]}


@edit
def report_is_the_summary(files: Files, random: Random, _: Spoils) -> Files | None:
    """A report in the summary's place, or the other way round."""
    name = random.choice(sorted(name for name in files if name.endswith("report.pdf")))
    return files | random.choice(({name: files[SUMMARY]}, {SUMMARY: files[name]}))


@edit
def pdf_bytes(files: Files, random: Random, _: Spoils) -> Files | None:
    """Something before or behind a PDF."""
    name = random.choice(sorted(name for name in files if name.endswith(".pdf")))
    data = files[name]
    tail = b"\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
    return files | {
        name: random.choice((data + tail, b"x" + data, data[:-20], data + b"\n\n\n", b"%PDF-1.7\n%%EOF", b""))
    }


@edit
def file_gone(files: Files, random: Random, _: Spoils) -> Files | None:
    """A file less."""
    del files[random.choice(sorted(files))]
    return files


@edit
def file_more(files: Files, random: Random, _: Spoils) -> Files | None:
    """A file more."""
    names = (
        "evidence/另附.pdf", "审计结论.pdf", "projects/P99/report.pdf", "projects/说明.txt", "README.md", "目录.htm",
        "summary.html", "index.html", "autorun.inf", "summary.xlsm", "manifest.json.bak", "diagnostics.json",
    )  # fmt: skip
    name = random.choice(names)
    return files | {name: files[SUMMARY] if name.endswith("pdf") else b"<script>1</script>"}


@edit
def file_renamed(files: Files, random: Random, _: Spoils) -> Files | None:
    """A file under another name."""
    name = random.choice(sorted(files))
    other = random.choice((name.upper(), name + ".bak", f"新/{name}", name.replace(".", "-2.", 1)))
    return {other if key == name else key: content for key, content in files.items()}


@edit
def file_emptied(files: Files, random: Random, _: Spoils) -> Files | None:
    """A file without content."""
    return files | {random.choice(sorted(files)): b""}


@edit
def evidence_changed(files: Files, random: Random, _: Spoils) -> Files | None:
    """Evidence exchanged, changed, taken away or brought along."""
    names = sorted(name for name in files if name.startswith("evidence/"))
    if not names:
        return None
    name, how = random.choice(names), random.randrange(4)
    if how == 0:
        return files | {name: files[name] + b"."}
    if how == 1:
        del files[name]
        return files
    if how == 2:
        return files | {f"evidence/副本-{name.rpartition('/')[2]}": files[name]}
    return files | {name: files[names[0] if name != names[0] else names[-1]]}


# ── 目录.html ──

INSERTED = (
    "<script>alert(1)</script>", '<script src="https://example.org/x.js"></script>',
    '<meta http-equiv="refresh" content="0;url=https://example.org">', '<img src=x onerror="alert(1)">',
    "<p>经审计，本包情况属实。</p>", '<iframe src="https://example.org"></iframe>', "<!-- 已审 -->", " ",
    '<base href="https://example.org/">', "<style>tr{display:none}</style>",
)  # fmt: skip


@edit
def contents_inserted(files: Files, random: Random, _: Spoils) -> Files | None:
    """Something put into the contents page."""
    page = files[CONTENTS].decode()
    mark = random.choice(("</body>", "<main>", "</head>", "</html>", "<tbody>"))
    return files | {CONTENTS: page.replace(mark, random.choice(INSERTED) + mark, 1).encode()}


@edit
def contents_changed(files: Files, random: Random, _: Spoils) -> Files | None:
    """A figure, a name or a link of the contents page."""
    page = files[CONTENTS].decode()
    places = [m for m in re.finditer(r'>([^<>\n]+)<|href="([^"]+)"', page) if (m[1] or m[2]).strip()]
    m = random.choice(places)
    group = 1 if m[1] else 2
    value = changed_value(m[group], random)
    return files | {CONTENTS: (page[: m.start(group)] + value + page[m.end(group) :]).encode()}


@edit
def contents_row_gone(files: Files, random: Random, _: Spoils) -> Files | None:
    """A row of the contents page."""
    rows = list(re.finditer(r"<tr>.*?</tr>\n?", files[CONTENTS].decode(), re.DOTALL))
    m = random.choice(rows)
    page = files[CONTENTS].decode()
    return files | {CONTENTS: (page[: m.start()] + page[m.end() :]).encode()}


# ── The zip itself ──


def rezipped(pack: bytes, heads: Callable[[list[tuple[zipfile.ZipInfo, bytes]]], None], comment: bytes = b"") -> bytes:
    """The same files under other heads."""
    listed = [(head(name), content) for name, content in members(pack).items()]
    heads(listed)
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.comment = comment
        for info, content in listed:
            archive.writestr(info, content)
    return out.getvalue()


NAMES = (
    "MANIFEST.JSON", "Summary.pdf", "summary.pdf ", "summary.pdf.", "SCORES.CSV", "evidence/CON", "evidence/aux.txt",
    "evidence/com1", "evidence/LPT9.pdf", "../summary.pdf", "/summary.pdf", "a\\summary.pdf", "C:summary.pdf",
    "evidence//x", "./summary.pdf", "evidence/x\u202efdp.exe", "evidence/x\x1b[2J.txt", "evidence/x\n.txt",
    "目录.html\u200b", "evidence/\ud7fb\uffff", "manifest.json/x", "summary.pdf/x", "evidence/", "e\u0301.txt",
    "ｓummary.pdf", "evidence/x?.txt", "evidence/COM¹.txt", "evidence/nul .txt", "summary.pdf::$DATA",
)  # fmt: skip


@raw
def name_that_clashes(pack: bytes, random: Random) -> bytes | None:
    """One member more whose name clashes with another or leads elsewhere on some system."""
    name, at_ = random.choice(NAMES), random.choice((0, None))

    def more(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        listed.insert(len(listed) if at_ is None else 0, (head(name), b"forged"))

    return rezipped(pack, more)


@raw
def member_twice(pack: bytes, random: Random) -> bytes | None:
    """A member twice: readers disagree on which of them counts."""

    def twice(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        info, _ = random.choice(listed)
        listed.insert(random.choice((0, len(listed))), (head(info.filename), b"forged"))

    return rezipped(pack, twice)


@raw
def decomposed_name(pack: bytes, random: Random) -> bytes | None:
    """A name in another form of Unicode beside the true one."""

    def more(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        listed += [(head("evidence/\u00e9.txt"), b"1"), (head("evidence/e\u0301.txt"), b"2")]

    return rezipped(pack, more)


@raw
def link_or_device(pack: bytes, random: Random) -> bytes | None:
    """A member that is a link, a pipe, a device or a folder."""
    mode = random.choice((0o120777, 0o010644, 0o020644, 0o060644, 0o040755, 0o140644)) << 16

    def linked(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        random.choice(listed)[0].external_attr = mode

    return rezipped(pack, linked)


@raw
def comment(pack: bytes, random: Random) -> bytes | None:
    """A remark on the zip or on a member."""

    def remarked(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        random.choice(listed)[0].comment = "经审计".encode()

    if random.random() < 0.5:
        return rezipped(pack, remarked)
    return rezipped(pack, lambda _: None, "经审计，情况属实".encode())


@raw
def extra_field(pack: bytes, random: Random) -> bytes | None:
    """A field that gives a member another name (Unicode path), or holds whatever else."""

    def more(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        info = random.choice(listed)[0]
        body = struct.pack("<BL", 1, 0) + b"summary.exe"
        info.extra = struct.pack("<HH", random.choice((0x7075, 0x6375, 0x4141, 0xCAFE)), len(body)) + body

    return rezipped(pack, more)


@raw
def other_local_name(pack: bytes, random: Random) -> bytes | None:
    """A member that bears another name where its content stands than in the list."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        info = random.choice([i for i in archive.infolist() if i.filename.isascii()])
    place = info.header_offset + 30
    name = info.filename.encode()
    other = name[:-1] + bytes([name[-1] ^ 1])
    return pack[:place] + other + pack[place + len(name) :]


@raw
def other_local_size(pack: bytes, random: Random) -> bytes | None:
    """A member whose head says another size, sum, time, way of packing or flags than the list."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        info = random.choice(archive.infolist())
    at_ = info.header_offset + random.choice((6, 8, 10, 14, 18, 22))
    return pack[:at_] + bytes([pack[at_] ^ random.choice((1, 2, 4, 8))]) + pack[at_ + 1 :]


@raw
def bytes_around(pack: bytes, random: Random) -> bytes | None:
    """Something before or behind the zip."""
    return random.choice((b"#!/bin/sh\n" + pack, b"MZ" + pack, pack + b"\n", pack + b"PK\x05\x06" + bytes(18)))


@raw
def bytes_between(pack: bytes, random: Random) -> bytes | None:
    """Something between two members, the list mended."""
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        listed = archive.start_dir
    cut = random.choice([info.header_offset for info in infos[1:]] + [listed])
    junk = b"hidden" * random.randint(1, 9)
    body = pack[:cut] + junk + pack[cut:listed]
    tail = bytearray(pack[listed:])
    place = 0
    while tail[place : place + 4] == b"PK\x01\x02":
        names = struct.unpack_from("<HHH", tail, place + 28)
        (offset,) = struct.unpack_from("<L", tail, place + 42)
        struct.pack_into("<L", tail, place + 42, offset + (len(junk) if offset >= cut else 0))
        place += 46 + sum(names)
    struct.pack_into("<L", tail, place + 16, listed + len(junk))
    return body + bytes(tail)


@raw
def second_list(pack: bytes, random: Random) -> bytes | None:
    """A whole other zip before the true one, or behind it."""
    files = members(pack)
    files[random.choice(sorted(files))] = b"forged"
    other = zipped(files)
    return random.choice((other + pack, pack + other))


@raw
def encrypted_flag(pack: bytes, random: Random) -> bytes | None:
    """A member that says it has a password."""

    def flagged(listed: list[tuple[zipfile.ZipInfo, bytes]]) -> None:
        random.choice(listed)[0].flag_bits |= random.choice((1, 0x40, 0x2000))

    return rezipped(pack, flagged)


@raw
def sizes_in_another_place(pack: bytes, random: Random) -> bytes | None:
    """Sizes of 64 bits beside those of 32, which then say nothing (zip64): of a member, or of the list."""
    files, out = members(pack), io.BytesIO()
    if random.random() < 0.5:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                with archive.open(head(name), "w", force_zip64=random.random() < 0.7) as member:
                    member.write(content)
        return out.getvalue()
    end = pack.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, start, _ = struct.unpack("<4s4H2LH", pack[end : end + 22])
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return pack[:end] + record + place + random.choice((tail, pack[end:]))


@raw
def sums_behind(pack: bytes, random: Random) -> bytes | None:
    """Sizes and sums told behind each member only."""

    class Blind(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Blind()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members(pack).items():
            archive.writestr(head(name), content)
    return out.getvalue()


@raw
def end_that_lies(pack: bytes, random: Random) -> bytes | None:
    """The end of the list says another number, size, place or disk."""
    at_ = pack.rindex(b"PK\x05\x06") + random.choice((4, 6, 8, 10, 12, 16, 20))
    return pack[:at_] + bytes([pack[at_] ^ random.choice((1, 2, 4))]) + pack[at_ + 1 :]


@raw
def entry_that_lies(pack: bytes, random: Random) -> bytes | None:
    """An entry of the list says another version, maker, right, disk or kind of content."""
    entries = [found.start() for found in re.finditer(b"PK\x01\x02", pack)]
    at_ = random.choice(entries) + random.choice((4, 5, 6, 34, 36, 38, 40, 41))
    return pack[:at_] + bytes([pack[at_] ^ random.choice((1, 4, 16, 64))]) + pack[at_ + 1 :]


@raw
def damaged(pack: bytes, random: Random) -> bytes | None:
    """A byte of the zip changed."""
    place = random.randrange(len(pack))
    return pack[:place] + bytes([pack[place] ^ (1 << random.randrange(8))]) + pack[place + 1 :]


@raw
def truncated(pack: bytes, random: Random) -> bytes | None:
    """A part of the zip."""
    return pack[: random.randrange(len(pack))]
