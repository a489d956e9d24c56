"""Words of the example that `init` writes, or of an empty form, where real data are said to stand (demo = false)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.model import Indicator, Place
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import comparable, shorten
from selfeval.checks.subject import Subject

SHORTEST = 10
"""A text of the example shorter than this may well be somebody's own: 市民满意度."""
ROWS = 3
"""So many rows of the example, with their targets, are no chance."""

NAMED = ("项目负责人", "联系电话")
"""Columns where somebody's name or number may be masked: 李××."""

_LETTERS = "A-Za-zＡ-Ｚａ-ｚ"
_BLANK = rf"(?:(?<![{_LETTERS}])[XxＸｘ]{{2,}}(?![{_LETTERS}])|×{{2,}}|＊{{2,}}|[○〇]{{2,}}|某某)"
_THINGS = "单位|部门|公司|企业|项目|工程|学校|医院|中心|大队|省|市|县|区|乡|镇|村|街道|局|厅"
_MARK = re.compile(
    rf"(?:^|本|[（(【\[“])[示样]例(?!工程|图|[一二三四五六七八九十\d])|[示样]例(?=文字|数据|内容|[:：）)】\]]|(?!工程)(?:{_THINGS}))|"
    rf"请改写|×{{3,}}|{_BLANK}(?=(?:{_THINGS})(?!长))|(?:此处|在此|请您?)填写(?!问卷|[了的])|[（(【\[]填写|"
    rf"(?<![{_LETTERS}])(?:TODO|TBD)(?![{_LETTERS}])|"
    r"(?:^|(?<=[（(【\[]))待(?:补充|填写?|完善)(?=$|[\s。）)】\]])"
)
"""What stands where something was to be written: 示例, 请改写, ×××, XX单位, 待补充, TODO."""
_NOTHING_YET = re.compile(
    rf"(?:{_BLANK}|[*]{{2,}})\S{{0,8}}|[（(]?(?:(?:项目|单位|部门|指标|[一二三]级指标)名称|[您某](?:的)?(?:单位|部门|项目))[)）]?|"
    r"0{3,}[-—－]?0{4,}"
)
"""A whole name, number or cell that is a blank: XX完成率, 项目名称, 0000-0000000."""
_MARKS = re.compile("（示例[^（）]*）")
_CITED = re.compile("(?:典型|示范|案例)示例")


def left_in(text: str) -> str:
    """What of a text is not its writer's own; empty where all is."""
    if match := _MARK.search(_CITED.sub("", text) if "示例" in text else text):
        return match.group()
    return text.strip() if text.lstrip()[:2] in beginnings() and comparable(text) in texts() else ""


def is_blank_name(text: str) -> bool:
    """Whether a whole name or cell holds the place of one."""
    return bool(_NOTHING_YET.fullmatch(text.strip()))


@cache
def texts() -> frozenset[str]:
    """The prose of the example: cells and lines that nobody writes a second time."""
    cells = (cell for row in rows("projects", "actuals", "budget") for cell in row.values())
    lines = (line for entry in example("narrative").iterdir() for line in entry.read_text("utf-8").splitlines())
    own = (*cells, *(line for line in lines if not line.startswith("#")))
    prose = (comparable(_MARKS.sub("", text)) for text in own)
    return frozenset(text for text in prose if len(text) >= SHORTEST and re.search("[，。；]", text))


@cache
def beginnings() -> frozenset[str]:
    """How the prose of the example begins: no other text need be folded to be compared."""
    return frozenset(text[:2] for text in texts())


@cache
def targets(year: int) -> Mapping[tuple[str, str], str]:
    """The rows of the example: names and targets, and what was done."""
    done = {row["三级指标"]: row["实际完成值"] for row in rows("actuals")}
    return {
        (row["三级指标"], row["指标值"].format(year=year)): done[row["三级指标"]].format(year=year)
        for row in rows("targets")
    }


def rows(*tables: str) -> Iterator[Mapping[str, str]]:
    """The rows of some tables of the example."""
    for name in tables:
        yield from csv.DictReader(StringIO(example(f"{name}.csv").read_text("utf-8")))


def example(name: str) -> Traversable:
    """A file of the example."""
    return files("selfeval") / "cli" / "starter" / "evaluation" / name


def in_projects(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of a project: its own row, its funds, its indicators."""
    if subject.demo:
        return
    for name, text in subject.project.fields.items():
        if piece := left_in_field(name, text):
            yield subject.on_project(remark(name, text, piece))
    for fund in subject.project.funds:
        if piece := left_in(fund.reason):
            yield subject.on_project(remark(word("原因说明"), fund.reason, piece), fund.place)
    yield from in_rows(subject)


def left_in_field(name: str, text: str) -> str:
    """The same of a cell of projects.csv, where names and numbers may be masked, but not those of the project.

    A 项目编号 is no text: any letters may be one.
    """
    if name == "项目编号":
        return ""
    if is_blank_name(text) and (name not in NAMED or text.startswith("0")):
        return text.strip()
    piece = left_in(text)
    return "" if name in NAMED and "示例" not in piece else piece


def in_rows(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of the indicators; rows taken over as they were are said once."""
    known = targets(subject.year)
    same = [i for i in subject.project.indicators if (i.level3, bare(i.target.text)) in known]
    if len(same) >= ROWS or any(known[i.level3, bare(i.target.text)] == i.actual.text for i in same):
        yield subject.on_target(same[0], "N017.rows", name=shorten(same[0].level3), count=len(same))
    for indicator in subject.project.indicators:
        for name, text, is_target in cells_of(indicator):
            read = name in {"指标值", "实际完成值"}  # a blank there is no value (V002, V003)
            if piece := text.strip() if not read and is_blank_name(text) else left_in(text):
                on_row = subject.on_target if is_target else subject.on_actual
                yield on_row(indicator, remark(name, text, piece))


def bare(text: str) -> str:
    """A target without the sign and the unit that stand in columns of their own in the example."""
    return re.sub(r"[≥≤>=<\s]|平方米|万元|%", "", text)


def cells_of(indicator: Indicator) -> Iterator[tuple[str, str, bool]]:
    """The texts of an indicator's two rows by column; whether they stand in targets.csv."""
    yield word("三级指标"), indicator.level3, True
    yield word("指标值"), indicator.target.text, True
    yield word("实际完成值"), indicator.actual.text, False
    yield word("偏差原因分析及改进措施"), indicator.reason, False
    yield from ((word("佐证材料"), item, False) for item in indicator.evidence)


def in_narratives(folder: Path, narratives: Mapping[str, str]) -> Iterator[Diagnostic]:
    """N017 of the narratives, line by line."""
    for id_, text in narratives.items():
        file = f"{folder.name}/narrative/{id_}.md"
        for number, line in enumerate(text.splitlines(), 1):
            if piece := left_in(line):
                project = None if id_ == "unit" else id_
                yield of_reading(remark(word("正文"), line, piece), Place(file, number), project=project)


def in_settings(named: Mapping[str, tuple[str, Place]]) -> Iterator[Diagnostic]:
    """N017 of selfeval.toml: its texts by key, with their places."""
    for key, (text, place) in named.items():
        if piece := text.strip() if is_blank_name(text) else left_in(text):
            yield of_reading(remark(key, text, piece), place)


def remark(where: str, text: str, piece: str) -> Reading:
    """What is left, and where."""
    if piece == text.strip():
        return reading("N017.example", where=where, text=shorten(piece))
    return reading("N017.blank", where=where, text=shorten(text.strip()), blank=piece)


CHECKS = (in_projects,)
