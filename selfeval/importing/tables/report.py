"""import-report.md and .json: everything guessed, joined, split, dropped or not understood, with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from selfeval.base.grouping import grouped
from selfeval.base.phrases import CHINESE, phrase, said
from selfeval.base.text import shorten
from selfeval.importing.grid import SourceFile
from selfeval.importing.ledger import Entry, Fate, Ledger, Remark, Sort
from selfeval.importing.tables.assemble import Assembled
from selfeval.reading.csv_edit import Row

SCHEMA = "selfeval.import/1"
_SECTIONS = (
    (Sort.DOUBTFUL, phrase("可疑"), phrase("这些内容已照写，但多半是原表填错或这里读错了，请先对照原件核对。")),
    (Sort.UNKNOWN, phrase("没有读懂的内容"), phrase("请对照原件，把需要的内容补进表里。")),
    (Sort.GUESSED, phrase("推定的内容"), phrase("请逐条核对。")),
    (Sort.JOINED, phrase("接起来的内容"), ""),
    (Sort.SPLIT, phrase("拆开或整理的内容"), ""),
    (Sort.CHANGED, phrase("写入现有表格的变化"), ""),
    (Sort.KEPT, phrase("与现有表格不同、保留现有内容的地方"), phrase("要采用这次的内容，请自行修改表格。")),
    (Sort.DROPPED, phrase("没有采用的内容"), phrase("这些内容读懂了，但没有对应的列，或不属于本年度。")),
)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What the report is about, and in which language it is written."""

    sources: Sequence[SourceFile]
    made: Assembled | None
    ledger: Ledger
    imported: dict[str, list[Row]]
    language: str = CHINESE

    def say(self, text: str) -> str:
        """A text in one line of the report."""
        return plain(said(text, self.language))

    def said(self, text: str) -> str | None:
        """A text for programs, None where there is none."""
        return said(text, self.language) or None


_CHECKED = frozenset({Sort.DOUBTFUL, Sort.UNKNOWN, Sort.GUESSED, Sort.JOINED, Sort.SPLIT})
_LONGEST = 80


def report_md(report: ImportReport) -> bytes:
    """The report for a person: what to look at first, most important first."""
    lines = [f"# {report.say(phrase('导入报告'))}", "", *_overview(report), *_refused(report)]
    for sort, title, advice in _SECTIONS:
        remarks = [r for r in report.ledger.remarks if r.sort is sort]
        items = [_grouped(group) for group in by_message(remarks).values()]
        items += _untold(report.ledger, remarks) if sort is Sort.UNKNOWN else []
        if items:
            heading = phrase("{title}（{count} 处）", title=title, count=len(items))
            lines += [f"## {report.say(heading)}", "", *([report.say(advice), ""] if advice else [])]
            lines += [*(f"- {report.say(item)}" for item in items), ""]
    lines += _side_by_side(report)
    return ("\n".join(lines).rstrip() + "\n").encode("utf-8", "replace")


def _side_by_side(report: ImportReport) -> list[str]:
    """Every cell that was guessed at, moved or not read: where it stands, what it says, what became of it."""
    heads = (phrase("原件何处"), phrase("原件写着"), phrase("读作"))
    unread = phrase("没有读取")
    cells = ((e.cell, unread if e.fate is Fate.UNKNOWN else e.where) for e in to_check(report.ledger))
    rows = [heads, *((cell.place, shorten(cell.text, _LONGEST), read_as) for cell, read_as in cells)]
    lines = [f"| {' | '.join(map(report.say, row))} |" for row in rows]
    title = f"## {report.say(phrase('与原件对照'))}"
    advice = report.say(phrase("推定、移动、接起来和没有读懂的格，按原件的次序。"))
    return [title, "", advice, "", lines[0], "| --- | --- | --- |", *lines[1:], ""] if rows[1:] else []


def to_check(ledger: Ledger) -> list[Entry]:
    """The cells a person should compare with the original."""
    places = {r.place for r in ledger.remarks if r.sort in _CHECKED} - {""}
    return [e for e in ledger.entries.values() if e.fate is Fate.UNKNOWN or e.cell.place in places]


def _untold(ledger: Ledger, remarks: Sequence[Remark]) -> list[str]:
    """Cells not understood of which no remark tells."""
    places = {remark.place for remark in remarks}
    left = [e for e in ledger.entries.values() if e.fate is Fate.UNKNOWN and e.cell.place not in places]
    return [phrase("{why}：{text}（{place}）", why=e.where, text=e.cell.text, place=e.cell.place) for e in left]


def _overview(report: ImportReport) -> list[str]:
    counts = report.ledger.counts()
    lines: list[str] = []
    if whole := report.made:
        unit = whole.unit or phrase("单位不详")
        year = phrase("{year} 年", year=whole.year) if whole.year else phrase("年度不详")
        money = whole.money_unit
        lines.append(phrase("评价：{unit}，{year}，金额单位{money:_}", unit=unit, year=year, money=money))
        rows = {name: len(whole.tables[name]) for name in ("projects", "targets", "budget")}
        lines.append(phrase("项目 {projects} 个（含部门整体），指标 {targets} 条，预算 {budget} 行", **rows))
    cells = phrase(
        "原件共 {whole} 格：写入表格 {output}，标题和栏目名 {label}，没有采用 {left_out}，没有读懂 {unknown}",
        whole=sum(counts.values()),
        **counts,
    )
    lines.append(cells)
    sources = phrase("来源：{names}", names=tuple(source.name for source in report.sources))
    told_of = phrase("每一格的去向见 import-report.json。")
    return [report.say(sources), "", *(f"- {report.say(line)}" for line in lines), "", report.say(told_of), ""]


def _refused(report: ImportReport) -> list[str]:
    problems = [phrase("{name}：{why}", name=s.name, why=s.problem) for s in report.sources if s.problem]
    title = report.say(phrase("没有读取的文件"))
    return [f"## {title}", "", *(f"- {report.say(line)}" for line in problems), ""] if problems else []


def by_message(remarks: Iterable[Remark]) -> dict[str, list[Remark]]:
    """The same remark on several projects is one line to check."""
    return grouped(remarks, lambda remark: remark.message)


def _grouped(remarks: Sequence[Remark]) -> str:
    """One line about all remarks that say the same."""
    first = remarks[0]
    message, place = first.message, first.place
    if place:
        more = phrase("{place} 等 {count} 处", place=place, count=len(remarks)) if len(remarks) > 1 else place
        message = phrase("{message}（{place}）", message=message, place=more)
    projects = "、".join(dict.fromkeys(r.project for r in remarks if r.project))
    return phrase("〔{projects}〕{message}", projects=projects, message=message) if projects else message


def plain(text: str) -> str:
    """Text in one line that Markdown prints as it is."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.split()))


def report_json(report: ImportReport) -> bytes:
    """The report for programs; `imported` is what the next import compares with."""
    data: dict[str, object] = {
        "schema": SCHEMA,
        "sources": [
            {"file": s.name, "cells": sum(len(line.cells) for line in s.lines), "problem": report.said(s.problem)}
            for s in report.sources
        ],
        "cells": report.ledger.counts(),
        "remarks": [
            {
                "sort": r.sort,
                "message": report.said(r.message),
                "place": report.said(r.place),
                "project": r.project or None,
            }
            for r in report.ledger.remarks
        ],
        "fates": [
            {"place": report.said(e.cell.place), "fate": e.fate, "where": report.said(e.where), "text": e.cell.text}
            for e in report.ledger.entries.values()
        ],
        "imported": report.imported,
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
