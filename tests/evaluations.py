"""Small evaluations for tests, written down as a person would on paper.

A table is a text, one row a line, cells between `|`; its first line is the header. A row of a table without
项目编号 belongs to P01. Whatever a test does not give is there and in order: one project, fully spent.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from selfeval.evaluation.exports import scorecard_json
from selfeval.evaluation.pipeline import Evaluated, evaluate

TOML = """
[evaluation]
year = 2021
unit = "甲县财政局"
"""
PROJECTS = """
项目编号 | 项目名称 | 开始日期   | 结束日期
P01      | 道路维修 | 2021-01-01 | 2021-12-31
"""
BUDGET = """
年初预算数 | 全年预算数 | 全年执行数
100        | 100        | 100
"""
TARGETS = """
一级指标   | 二级指标       | 三级指标   | 指标值 | 分值
产出指标   | 数量指标       | 维修里程   | ≥20公里 | 50
效益指标   | 社会效益指标   | 通行提速率 | ≥10%   | 30
满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%   | 10
"""
ACTUALS = """
二级指标       | 三级指标   | 实际完成值
数量指标       | 维修里程   | 20公里
社会效益指标   | 通行提速率 | 10%
服务对象满意度 | 群众满意度 | 90%
"""

Rows = list[dict[str, str]]
Content = str | bytes | Sequence[Mapping[str, str]] | None
"""A table as text, as raw bytes, as rows by header; None: the file is not there."""


def rows_of(text: str) -> Rows:
    """A text table as rows by header."""
    header, *lines = ([cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip())
    return [dict(zip(header, line, strict=True)) for line in lines]


def csv_bytes(rows: Sequence[Mapping[str, str]], header: Iterable[str] = ()) -> bytes:
    """Rows as Excel writes them. A row without 项目编号 belongs to P01."""
    rows = [{"项目编号": "P01", **row} for row in rows]
    out = io.StringIO(newline="")
    names = dict.fromkeys(["项目编号", *header, *(name for row in rows for name in row)])
    writer = csv.DictWriter(out, list(names), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def table_bytes(content: str | bytes | Sequence[Mapping[str, str]]) -> bytes:
    """Any of the ways to give a table, as the bytes of its file."""
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        header = content.strip().splitlines()[0]
        return csv_bytes(rows_of(content), [cell.strip() for cell in header.split("|")])
    return csv_bytes(content)


def make_evaluation(
    tmp_path: Path,
    targets: Content = TARGETS,
    actuals: Content = ACTUALS,
    budget: Content = BUDGET,
    projects: Content = PROJECTS,
    toml: str | None = TOML,
    review: Content = None,
    name: str = "甲县-2021",
) -> Path:
    """An evaluation folder under `tmp_path`; what is not given is in order."""
    folder = tmp_path / name
    folder.mkdir(parents=True, exist_ok=True)
    if toml is not None:
        (folder / "selfeval.toml").write_text(toml, encoding="utf-8")
    tables = {"projects": projects, "budget": budget, "targets": targets, "actuals": actuals, "review": review}
    for table, content in tables.items():
        if content is not None:
            (folder / f"{table}.csv").write_bytes(table_bytes(content))
    return folder


def codes(evaluated: Evaluated) -> list[str]:
    """The codes that were found, in order."""
    return [d.code for d in evaluated.diagnostics]


def errors(evaluated: Evaluated) -> list[str]:
    """The codes of the errors among them."""
    return [d.code for d in evaluated.diagnostics if d.is_error]


def finding(evaluated: Evaluated, code: str):
    """The one finding of a code."""
    (found,) = [d for d in evaluated.diagnostics if d.code == code]
    return found


def scored(folder: Path) -> dict:
    """The scorecard of an evaluation as its readers get it."""
    return scorecard(evaluate(folder))


def scorecard(evaluated: Evaluated) -> dict:
    """The same of one that is evaluated."""
    result = evaluated.result
    assert result is not None, [d.message for d in evaluated.diagnostics]
    return json.loads(json.dumps(scorecard_json(result)))


def indicators(folder: Path) -> dict[str, dict]:
    """The scored indicators of all projects by their 三级指标."""
    return {i["level3"]: i for project in scored(folder)["projects"] for i in project["indicators"]}


def files_in(folder: Path) -> set[str]:
    """Every file under a folder, by its path there."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def contents(folder: Path, names: Iterable[str] | None = None) -> dict[str, bytes]:
    """Every file under a folder with its bytes."""
    return {name: (folder / name).read_bytes() for name in sorted(names or files_in(folder))}
