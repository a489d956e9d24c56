"""Our own reports come back whole: import ∘ build = identity on what the layout prints, in every layout and format."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from attempts import slow

from selfeval.base import display
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.run import import_forms
from selfeval.importing.vocabulary import squeeze
from selfeval.report.pages.document import project_document
from selfeval.report.pages.views import FormRow, ProjectDocument

INPUTS = Path(__file__).parents[2] / "inputs"
LAYOUTS = ("national", "sichuan", "transfer", "hubei")
FORMATS = ("xlsx", "docx", "pdf")
PROJECTS = {"ningxia-2020": ("P02", "ODD"), "mianyang-2021": ("P09",)}
TALL = "因设备到货晚于合同约定，经与供应商协商，分3批安装 UPS 调试；" * 6
HIGHER = "".join(f"{n}. {TALL}" for n in range(1, 10))
"""More than a page holds."""
GOAL = "目标1：完成机房改造；\n目标2：保证系统全年运行。"

ODD_PROJECT = {
    "项目编号": "ODD", "项目名称": "机房改造及（一期）扩容“双活”项目", "主管部门": "甲局", "实施单位": "甲局信息中心",
    "项目概况": "机房改造的实施内容。\n分两步实施。", "年度总体目标": GOAL, "总体目标完成情况": "已完成机房改造。",
}  # fmt: skip
ODD_BUDGET = (
    ("财政拨款", "120.5", "130", "128.123456", ""),
    ("上年结转", "10", "10", "9.5", "尾款未付"),
    ("其他资金", "0", "0.5", "0.5", ""),
)
ODD_TARGETS = (
    ("产出指标", "数量指标", "改造机房", "≥", "2", "间", "20", "", {}),
    ("产出指标", "数量指标", "其中：主机房", "", "1间", "", "", "不计分", {}),
    ("产出指标", "质量指标", "验收合格率、可用率", "", "验收合格率≥98%，系统可用率≥99.9%", "", "15", "", {}),
    ("产出指标", "时效指标", "完成时间", "", "2020年10月底前", "", "10", "", {}),
    ("产出指标", "成本指标", "改造成本", "≤", "130", "万元", "5", "",
     {"调整后指标值": "140", "调整依据": "甲财预〔2020〕8号"}),
    ("效益指标", "社会效益指标", "群众办事体验", "定性", "明显改善", "", "20", "", {}),
    ("效益指标", "可持续影响指标", "系统使用年限", "", TALL, "", "10", "", {}),
    ("满意度指标", "服务对象满意度指标", "使用人员满意度", "", "≥90%", "", "10", "", {}),
)  # fmt: skip
ODD_ACTUALS = (
    ("数量指标", "改造机房", "2间", "", ""),
    ("数量指标", "其中：主机房", "1间", "", ""),
    ("质量指标", "验收合格率、可用率", "验收合格率100%，系统可用率99.95%", "", HIGHER),
    ("时效指标", "完成时间", "2020年12月1日", "7.5", "设备到货晚；\n已约定违约责任"),
    ("成本指标", "改造成本", "128.12万元", "", ""),
    ("社会效益指标", "群众办事体验", "部分达成", "", "窗口少，已增设"),
    ("可持续影响指标", "系统使用年限", "", "", "无法计量"),
    ("服务对象满意度指标", "使用人员满意度", "93.6%", "", ""),
)
GOALS = {"hubei": ("年度绩效目标1", "年度绩效目标2")}


@dataclass(frozen=True)
class Built:
    """One evaluation in one layout: where its reports stand, and what they print."""

    reports: Path
    documents: dict[str, ProjectDocument]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Every evaluation is built once a layout and format."""

    @cache
    def make(name: str, layout: str, kind: str) -> Built:
        folder = tmp_path_factory.mktemp(layout) / name
        shutil.copytree(INPUTS / name, folder)
        settings = (folder / "selfeval.toml").read_text("utf-8")
        (folder / "selfeval.toml").write_text(re.sub(r'layout = "\w+"', f'layout = "{layout}"', settings), "utf-8")
        if "ODD" in PROJECTS[name]:
            add_odd(folder, GOALS.get(layout, ("",)))
        result = evaluate(folder).result
        build(result, Request(folder.parent / "out", formats=(kind,), projects=PROJECTS[name]))
        cards = {card.project.id: project_document(result, card) for card in result.scorecards}
        return Built(folder.parent / "out" / name / "projects", cards)

    return make


def add_odd(folder: Path, goals: tuple[str, ...]) -> None:
    """A project of all that is odd, its rows shared out over the goals of the form."""
    append(folder / "projects.csv", [ODD_PROJECT])
    columns = ("资金来源", "年初预算数", "全年预算数", "全年执行数", "原因说明")
    append(folder / "budget.csv", [dict(zip(columns, row, strict=True)) for row in ODD_BUDGET])
    columns = ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值", "评分方法")
    half = len(ODD_TARGETS) // 2
    append(
        folder / "targets.csv",
        [
            {**dict(zip(columns, row, strict=False)), **row[8], "年度绩效目标": goals[min(at // half, len(goals) - 1)]}
            for at, row in enumerate(ODD_TARGETS)
        ],
    )
    columns = ("二级指标", "三级指标", "实际完成值", "自评得分", "偏差原因分析及改进措施")
    append(folder / "actuals.csv", [dict(zip(columns, row, strict=True)) for row in ODD_ACTUALS])


def append(path: Path, more: list[dict[str, str]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns, there = reader.fieldnames or [], list(reader)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows([*there, *({"项目编号": "ODD"} | row for row in more)])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ── what is printed, and what comes back ──


def blank(text: str) -> str:
    """A text as printed; a cell that only says that there is nothing is blank."""
    return "" if text in {display.DASH, display.NOT_FILLED, display.NO_GRADE, "未评分"} else text


def printed(row: FormRow, document: ProjectDocument) -> dict[str, str]:
    """One row by the columns of the tables, as far as the layout has them."""
    keys = {column.key for column in document.layout.columns}
    goal, _, level1 = row.level1.rpartition("：")
    target, _, aside = row.target.partition("\n（年初：")
    value, _, _ = row.value.partition("\n（年初：")
    before = aside.split("，")[0].rstrip("）")
    told = {
        "年度绩效目标": goal, "一级指标": level1, "二级指标": row.level2, "三级指标": row.level3,
        "实际完成值": blank(row.actual), "偏差原因分析及改进措施": row.reason,
    }  # fmt: skip
    if "nature" in keys:
        told |= {"指标性质": blank(row.nature), "指标值": blank(value), "度量单位": blank(row.measure)}
    else:
        told |= {"指标值": blank(target)}
    if before:
        after = "".join(map(blank, (row.nature, value, row.measure))) if "nature" in keys else target
        told |= {"指标值": before, "调整后指标值": after, "指标性质": "", "度量单位": ""}
    if "weight" in keys:
        told |= {"分值": blank(row.weight), "原表得分": blank(row.points)}
        told |= {"评分方法": "不计分"} if row.state == "detail" else {}
    return {name: squeeze(text) for name, text in told.items()}


def differences(document: ProjectDocument, into: Path) -> list[str]:
    """Where the tables of an import say anything else than the report."""
    targets, actuals, budget = (rows(into / f"{name}.csv") for name in ("targets", "actuals", "budget"))
    (project,) = rows(into / "projects.csv")
    found = []
    keys = {field.key for block in document.layout.blocks for row in getattr(block, "rows", ()) for field in row.fields}
    fields = (
        ("name", "项目名称"), ("department", "主管部门"), ("operator", "实施单位"), ("goal", "年度总体目标"),
        ("achieved", "总体目标完成情况"), ("about", "项目概况"), ("leader", "项目负责人"),
    )  # fmt: skip
    for key, column in fields:
        if key in keys and squeeze(project[column]) != squeeze(blank(getattr(document, key))):
            found.append(f"{column}: {project[column]!r} for {getattr(document, key)!r}")
    wanted = [printed(row, document) for row in document.rows]
    if len(targets) != len(wanted):
        found.append(f"rows: {[t['三级指标'] for t in targets]}")
    for target, actual, row in zip(targets, actuals, wanted, strict=False):
        made = target | actual
        found += [
            f"{row['三级指标']} {c}: {made[c]!r} for {text!r}" for c, text in row.items() if not same(made[c], text)
        ]
    return [*found, *money(document, budget), *totals(document, project)]


def same(one: str, other: str) -> bool:
    """Whether two texts say the same; a number may have lost its zeros in a workbook."""
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return squeeze(one) == other


def money(document: ProjectDocument, budget: list[dict[str, str]]) -> list[str]:
    """The lines of money that are not blank, by their name, in 万元."""
    keys = {c.key for block in document.layout.blocks for c in getattr(block, "columns", ())}
    columns = [(k, c) for k, c in zip(("initial", "adjusted", "executed"), AMOUNTS, strict=True) if k in keys]
    wanted = {
        line.label.removeprefix("其中：").removesuffix("（不计执行率）"): [
            number(getattr(line, key)) for key, _ in columns
        ]
        for line in document.funds[1:]
    }
    made = {row["资金来源"].removesuffix("（不计执行率）"): [number(row[c]) for _, c in columns] for row in budget}
    return [] if made == wanted else [f"budget: {made} for {wanted}"]


AMOUNTS = ("年初预算数", "全年预算数", "全年执行数")


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "") if blank(text) else "0")


def totals(document: ProjectDocument, project: dict[str, str]) -> list[str]:
    """原表总分 and 原表等级, where the form prints them."""
    if not document.layout.indicators.total:
        return []
    pairs = (("原表总分", document.total), ("原表等级", document.grade), ("原表执行率得分", document.levels[0].points))
    return [f"{c}: {project[c]!r} for {text!r}" for c, text in pairs if not same(project[c], blank(text))]


CASES = [
    (name, id_, layout, kind) for name, ids in PROJECTS.items() for id_ in ids for layout in LAYOUTS for kind in FORMATS
]
USUAL = [("ningxia-2020", "P02", "national", kind) for kind in ("xlsx", "docx")]
MORE = [case for case in CASES if case not in USUAL]


@pytest.mark.parametrize(("name", "project", "layout", "kind"), [*USUAL[:1], *slow(*USUAL[1:], *MORE)])
def test_a_report_of_ours_comes_back_whole(built, tmp_path, name, project, layout, kind) -> None:
    made = built(name, layout, kind)
    outcome = import_forms([made.reports / project / f"report.{kind}"], tmp_path / "e")
    assert outcome.problems == ()
    assert differences(made.documents[project], tmp_path / "e") == []
    assert outcome.not_understood == 0


@pytest.mark.parametrize("kind", ["xlsx", *slow("pdf")])
def test_the_summary_of_all_projects_is_no_project(tmp_path, kind) -> None:
    """The list of projects in it has a heading of two rows; the unit's own form is the unit, where it is printed."""
    folder = tmp_path / "ningxia-2020"
    shutil.copytree(INPUTS / "ningxia-2020", folder)
    build(evaluate(folder).result, Request(tmp_path / "out", formats=(kind,), projects=("P01",)))
    import_forms([tmp_path / "out" / folder.name / f"summary.{kind}"], tmp_path / "e")
    projects = {row["项目编号"] for row in rows(tmp_path / "e" / "projects.csv")}
    assert projects == ({"unit"} if kind == "pdf" else {"P01", "P02", "P03"})
    assert {row["项目编号"] for row in rows(tmp_path / "e" / "budget.csv")} <= {"unit"}
    told = json.loads((tmp_path / "e" / "import-report.json").read_text(encoding="utf-8"))
    assert told["cells"]["unknown"] == 0
