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

_THINGS = "单位|部门|公司|项目|学校|医院|省|市|县|区|乡|镇|村|街道|局"
_MARK = re.compile(
    rf"示例(?!工程|[一二三四五六七八九十\d])|请改写|×{{3,}}|(?<![A-Za-z])(?:[Xx]{{2,}}|×{{2,}})(?={_THINGS})"
)
_MARKS = re.compile("（示例[^（）]*）")
_CITED = re.compile("典型示例|示范示例|案例示例")


def left_in(text: str) -> str:
    """What of a text is not its writer's own; empty where all is."""
    if match := _MARK.search(_CITED.sub("", text) if "示例" in text else text):
        return match.group()
    return text.strip() if comparable(text) in texts() else ""


@cache
def texts() -> frozenset[str]:
    """The prose of the example: cells and lines that nobody writes a second time."""
    cells = (cell for row in rows("projects", "actuals", "budget") for cell in row.values())
    lines = (line for entry in example("narrative").iterdir() for line in entry.read_text("utf-8").splitlines())
    own = (*cells, *(line for line in lines if not line.startswith("#")))
    prose = (comparable(_MARKS.sub("", text)) for text in own)
    return frozenset(text for text in prose if len(text) >= SHORTEST and re.search("[，。；]", text))


@cache
def targets() -> frozenset[tuple[str, str]]:
    """The rows of the example: names and targets."""
    return frozenset((row["三级指标"], row["指标值"]) for row in rows("targets"))


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
        if (piece := left_in(text)) and not (name in NAMED and "示例" not in piece):
            yield subject.on_project(remark(name, text, piece))
    for fund in subject.project.funds:
        if piece := left_in(fund.reason):
            yield subject.on_project(remark(word("原因说明"), fund.reason, piece), fund.place)
    yield from in_rows(subject)


def in_rows(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of the indicators; rows taken over as they were are said once."""
    same = [i for i in subject.project.indicators if (i.level3, bare(i.target.text)) in targets()]
    if len(same) >= ROWS:
        yield subject.on_target(same[0], "N017.rows", name=shorten(same[0].level3), count=len(same))
    for indicator in subject.project.indicators:
        for name, text, is_target in cells_of(indicator) if is_doubtful(indicator) else ():
            if piece := left_in(text):
                on_row = subject.on_target if is_target else subject.on_actual
                yield on_row(indicator, remark(name, text, piece))


def bare(text: str) -> str:
    """A target without the sign and the unit that stand in columns of their own in the example."""
    return re.sub(r"[≥≤>=<\s]|平方米|万元|%", "", text)


def is_doubtful(indicator: Indicator) -> bool:
    """Whether it is worth looking at a row cell by cell: a mark in any, or a reason from the example."""
    cells = (indicator.level3, indicator.target.text, indicator.actual.text, indicator.reason, *indicator.evidence)
    return bool(_MARK.search("\n".join(cells))) or bool(indicator.reason and left_in(indicator.reason))


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
        if piece := left_in(text):
            yield of_reading(remark(key, text, piece), place)


def remark(where: str, text: str, piece: str) -> Reading:
    """What is left, and where."""
    if piece == text.strip():
        return reading("N017.example", where=where, text=shorten(piece))
    return reading("N017.blank", where=where, text=shorten(text.strip()), blank=piece)


CHECKS = (in_projects,)
