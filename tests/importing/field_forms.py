"""Published forms and what a careful person reads in them, compared field by field with what an import made of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from selfeval.importing.vocabulary import squeeze

FORMS = Path(__file__).parent / "field" / "forms"
FAULTS = Path(__file__).parent / "field" / "faults"
TABLES = ("projects", "budget", "targets", "actuals", "review")
STAGES = (("年初预算数", "initial"), ("全年预算数", "adjusted"), ("全年执行数", "executed"))

Row = dict[str, str]


def truth_of(form: str) -> dict[str, Any]:
    """What a person reads in a form."""
    truth: dict[str, Any] = json.loads((FORMS / form / "truth.json").read_text(encoding="utf-8"))
    return truth


def tables_in(folder: Path) -> dict[str, list[Row]]:
    """The tables of an evaluation, those that are not there empty."""
    return {name: _rows(folder / f"{name}.csv") for name in TABLES}


def _rows(path: Path) -> list[Row]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: v.removeprefix("'").strip() for k, v in row.items()} for row in csv.DictReader(file)]


def seen(target: Row, actual: Row) -> dict[str, str]:
    """One indicator as imported, in the words of the truth."""
    return {
        "level1": target["一级指标"],
        "level2": target["二级指标"],
        "level3": target["三级指标"],
        "target_text": target["指标性质"].replace("定性", "") + target["指标值"] + target["度量单位"],
        "actual_text": actual["实际完成值"],
        "weight": target["分值"],
        "score": actual["原表得分"],
    }


def differences(truth: dict[str, Any], folder: Path) -> list[str]:
    """Every field that differs, in words; none where the import is right."""
    tables = tables_in(folder)
    pairs = zip(tables["targets"], tables["actuals"], strict=True)
    rows = [seen(target, actual) for target, actual in pairs]
    found = [*_row_differences(truth["rows"], rows)]
    return [*found, *_name_differences(truth, tables["projects"]), *_budget_differences(truth, tables["budget"])]


def _row_differences(expected: Sequence[dict[str, Any]], rows: Sequence[dict[str, str]]) -> Iterator[str]:
    by_name = {_plain(row["level3"]): row for row in rows}
    for row in expected:
        got = by_name.pop(_plain(row["level3"]), None)
        if got is None:
            yield f"missing: {row['level3']}"
            continue
        for name, text in got.items():
            if name in row and not (name == "score" and row[name] is None) and not same(row[name], text):
                yield f"{row['level3']} {name}: {row[name]!r} read as {text!r}"
    yield from (f"invented: {name}" for name in by_name)


def _plain(name: str) -> str:
    return squeeze(name).lstrip("★")


def same(expected: object, text: str) -> bool:
    """Whether a text says what is expected: blank is none, numbers by value, words without blanks and width."""
    if expected is None or expected == "":
        return not text
    try:
        return Decimal(str(expected)) == Decimal(text)
    except InvalidOperation:
        return squeeze(str(expected)).replace("﹦", "=") == squeeze(text).replace("﹦", "=")


def _name_differences(truth: dict[str, Any], projects: Sequence[Row]) -> Iterator[str]:
    names = [p["name"] for p in truth.get("projects", ())] or [truth["project"]]
    whole = truth["project"] == "部门整体"
    if len(projects) != len(names):
        yield f"projects: {names} read as {[p['项目名称'] for p in projects]}"
        return
    for name, project in zip(names, projects, strict=True):
        if whole and project["项目类型"] != "部门整体":
            yield f"the unit itself read as {project['项目名称']!r}"
        if not whole and squeeze(name) != squeeze(project["项目名称"]):
            yield f"project: {name} read as {project['项目名称']}"


def _budget_differences(truth: dict[str, Any], budget: Sequence[Row]) -> Iterator[str]:
    expected = truth.get("budget", {})
    sums = [row for row in budget if "合计" not in row["资金来源"] and "总额" not in row["资金来源"]]
    for column, stage in STAGES:
        if expected.get(stage) is not None and not same(expected[stage], _sum(sums, column)):
            yield f"budget {stage}: {expected[stage]} read as {_sum(sums, column) or 'nothing'}"


def _sum(rows: Sequence[Row], column: str) -> str:
    amounts = [Decimal(row[column]) for row in rows if row[column]]
    return str(sum(amounts, Decimal(0))) if amounts else ""
