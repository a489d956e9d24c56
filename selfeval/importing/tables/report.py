"""import-report.md and .json: everything guessed, joined, split, dropped or not understood, with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selfeval.importing.grid import SourceFile
from selfeval.importing.ledger import Entry, Fate, Ledger, Remark, Sort
from selfeval.importing.tables.assemble import Made
from selfeval.reading.csv_edit import Row

SCHEMA = "selfeval.import/1"
_SECTIONS = (
    (Sort.DOUBTFUL, "可疑", "这些内容已照写，但多半是原表填错或这里读错了，请先对照原件核对。"),
    (Sort.UNKNOWN, "没有读懂的内容", "请对照原件，把需要的内容补进表里。"),
    (Sort.GUESSED, "推定的内容", "请逐条核对。"),
    (Sort.JOINED, "接起来的内容", ""),
    (Sort.SPLIT, "拆开或整理的内容", ""),
    (Sort.CHANGED, "写入现有表格的变化", ""),
    (Sort.KEPT, "与现有表格不同、保留现有内容的地方", "要采用这次的内容，请自行修改表格。"),
    (Sort.DROPPED, "没有采用的内容", "这些内容读懂了，但没有对应的列，或不属于本年度。"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the report is about."""

    sources: Sequence[SourceFile]
    made: Made | None
    ledger: Ledger
    imported: dict[str, list[Row]]


_CHECKED = frozenset({Sort.DOUBTFUL, Sort.UNKNOWN, Sort.GUESSED, Sort.JOINED, Sort.SPLIT})
_LONGEST = 80


def report_md(told: Told) -> bytes:
    """The report for a person: what to look at first, most important first."""
    lines = ["# 导入报告", "", *_overview(told), *_refused(told.sources)]
    for sort, title, advice in _SECTIONS:
        remarks = [r for r in told.ledger.remarks if r.sort is sort]
        entries = _untold(told.ledger, remarks) if sort is Sort.UNKNOWN else []
        lines += _section(title, advice, remarks, entries)
    lines += _side_by_side(told.ledger)
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")


def _side_by_side(ledger: Ledger) -> list[str]:
    """Every cell that was guessed at, moved or not read: where it stands, what it says, what became of it."""
    rows = [
        f"| {plain(e.cell.place)} | {plain(_brief(e.cell.text))} | {plain(_made_of(e))} |" for e in to_check(ledger)
    ]
    head = ["## 与原件对照", "", "推定、移动、接起来和没有读懂的格，按原件的次序。", ""]
    return [*head, "| 原件何处 | 原件写着 | 读作 |", "| --- | --- | --- |", *rows, ""] if rows else []


def to_check(ledger: Ledger) -> list[Entry]:
    """The cells a person should compare with the original."""
    places = {r.place for r in ledger.remarks if r.sort in _CHECKED} - {""}
    return [e for e in ledger.entries.values() if e.fate is Fate.UNKNOWN or e.cell.place in places]


def _made_of(entry: Entry) -> str:
    return "没有读取" if entry.fate is Fate.UNKNOWN else entry.where


def _brief(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _untold(ledger: Ledger, remarks: Sequence[Remark]) -> list[Entry]:
    """Cells not understood of which no remark tells."""
    places = {remark.place for remark in remarks}
    return [e for e in ledger.entries.values() if e.fate is Fate.UNKNOWN and e.cell.place not in places]


def _overview(told: Told) -> list[str]:
    counts = told.ledger.counts()
    lines = ["来源：" + "、".join(plain(source.name) for source in told.sources), ""]
    if told.made:
        made = told.made
        year = f"{made.year} 年" if made.year else "年度不详"
        projects, targets, budget = (len(made.tables[name]) for name in ("projects", "targets", "budget"))
        lines.append(f"- 评价：{plain(made.unit) or '单位不详'}，{year}，金额单位{made.money_unit}")
        lines.append(f"- 项目 {projects} 个（含部门整体），指标 {targets} 条，预算 {budget} 行")
    whole = f"原件共 {sum(counts.values())} 格：写入表格 {counts['output']}，标题和栏目名 {counts['label']}"
    lines.append(f"- {whole}，没有采用 {counts['left_out']}，没有读懂 {counts['unknown']}")
    return [*lines, "", "每一格的去向见 import-report.json。", ""]


def _refused(sources: Iterable[SourceFile]) -> list[str]:
    problems = [f"- {plain(s.name)}：{plain(s.problem)}" for s in sources if s.problem]
    return ["## 没有读取的文件", "", *problems, ""] if problems else []


def _section(title: str, advice: str, remarks: Sequence[Remark], entries: Sequence[Entry]) -> list[str]:
    if not remarks and not entries:
        return []
    said = [_grouped(list(group)) for group in by_message(remarks).values()]
    said += [_bullet(f"{e.where}：{e.cell.text}", e.cell.place, "") for e in entries]
    return [f"## {title}（{len(said)} 处）", "", *([advice, ""] if advice else []), *said, ""]


def by_message(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """The same remark on several projects is one line to check."""
    groups: dict[str, list[Remark]] = {}
    for remark in remarks:
        groups.setdefault(remark.message, []).append(remark)
    return groups


def _grouped(remarks: Sequence[Remark]) -> str:
    first = remarks[0]
    projects = "、".join(dict.fromkeys(r.project for r in remarks if r.project))
    more = f" 等 {len(remarks)} 处" if len(remarks) > 1 else ""
    return _bullet(first.message, f"{first.place}{more}", projects)


def _bullet(message: str, place: str, project: str) -> str:
    about = f"〔{plain(project)}〕" if project else ""
    where = f"（{plain(place)}）" if place else ""
    return f"- {about}{plain(message)}{where}"


def plain(text: str) -> str:
    """Text in one line that Markdown prints as it is."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def report_json(told: Told) -> bytes:
    """The report for programs; `imported` is what the next import compares with."""
    data: dict[str, object] = {
        "schema": SCHEMA,
        "sources": [
            {"file": s.name, "cells": sum(len(line.cells) for line in s.lines), "problem": s.problem or None}
            for s in told.sources
        ],
        "cells": told.ledger.counts(),
        "remarks": [
            {"sort": r.sort.value, "message": r.message, "place": r.place or None, "project": r.project or None}
            for r in told.ledger.remarks
        ],
        "fates": [
            {"place": e.cell.place, "fate": e.fate.value, "where": e.where, "text": e.cell.text}
            for e in told.ledger.entries.values()
        ],
        "imported": told.imported,
    }
    parts = ",\n".join(f" {_json(name)}: {_by_line(value)}" for name, value in data.items())
    return f"{{\n{parts}\n}}\n".encode("utf-8", "replace")


def _by_line(value: object) -> str:
    """JSON with an entry a line: long lists stay readable, and a hundred thousand entries take no time."""
    if isinstance(value, dict) and any(isinstance(part, list) for part in value.values()):
        return "{" + ",\n".join(f"{_json(name)}: {_by_line(part)}" for name, part in value.items()) + "}"
    return "[\n  " + ",\n  ".join(map(_json, value)) + "\n ]" if isinstance(value, list) and value else _json(value)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
