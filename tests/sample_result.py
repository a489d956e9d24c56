"""A hand-made result for the tests of the pages: two projects, every case a page has to show.

Nothing here is scored: the figures are written down so that they agree with each other.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, Severity
from selfeval.base.model import (
    Actual,
    BudgetScore,
    Evaluation,
    Evidence,
    Fund,
    Indicator,
    Kind,
    LevelScore,
    Place,
    Project,
    Reading,
    Score,
    Scorecard,
    Source,
    Target,
)
from selfeval.evaluation.result import Result
from selfeval.reading.layouts import layout_data
from selfeval.rules.load import load_rules
from selfeval.rules.profile import Rules

MEASURES = "财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）"
ARTICLE_16 = Source(MEASURES, "第十六条", Evidence.UNCONFIRMED)
ARTICLE_13 = Source(MEASURES, "第十三条", Evidence.UNCONFIRMED)
FOOTNOTE = Source("项目支出绩效自评表填表说明（各地公开自评表所附）", "定量指标为反向的计分", Evidence.UNCONFIRMED)
FILE = "绵阳-2021/targets.csv"

LONG = (
    "受疫情影响，档案加工人员进场推迟两个月，年内未完成全部扫描；一是承接单位加工班组由六组减为四组，"
    "日均加工量由五千二百页降至三千四百页；二是部分早期档案（2003—2008年形成）纸张老化、装订方式不一，"
    "需要逐页拆卷、修补、平整后才能扫描，工效较测算低约三成；三是质检环节发现“漏扫”“倒页”问题后返工，"
    "占用加工时间约十五个工作日。改进措施：与承接单位约定于2022年3月底前完成剩余档案，增加加工班组两组，"
    "实行周调度、月通报；对老化档案单列工序并另行测算工时；质检前移至班组，做到“日扫日检、日清日结”；"
    "下年度编制绩效目标时，按实际工效核定扫描数量，并在合同中明确分阶段交付的数量、质量要求以及相应的违约责任，"
    "由信息科按月核对进度、财务科按验收数量付款，确保目标如期完成，资金使用安全、规范、有效；同时将本项目的经验教训整理成文，"
    "供以后年度同类项目参考。"
)


def rules() -> Rules:
    """mof-2020 of the year."""
    made, problems = load_rules("mof-2020", 2021)
    assert made is not None, problems
    return made


def score(
    names: tuple[str, str, str],
    target: str,
    actual: str,
    weight: str,
    points: str | None = None,
    *,
    project: str = "P02",
    reason: str = "",
    evidence: tuple[str, ...] = (),
    override: str | None = None,
    rule: str | None = None,
    formula: str = "ratio",
    line: int = 2,
    steps: tuple[str, ...] = (),
    source: Source = ARTICLE_16,
    excess: Fraction | None = None,
    readings: tuple[Reading, ...] = (),
    kind: Kind | None = Kind.NUMBER,
) -> Score:
    """One row; full marks unless `points` says otherwise, "-" for an unscored row."""
    whole = Decimal(weight)
    given = None if points == "-" else Decimal(points or weight)
    by_rule = given if rule is None else Decimal(rule)
    row = Indicator(
        project=project,
        code="",
        level1=names[0],
        level2=names[1],
        level3=names[2],
        target=Target(target, kind),
        actual=Actual(actual),
        weight=whole,
        entered_points=Decimal(override) if override else None,
        reason=reason,
        evidence=evidence,
        place=Place(FILE, line, 6),
    )
    completion = None if by_rule is None else Fraction(by_rule) / Fraction(whole)
    default = (
        f"目标：{target}，按 ≥ 读作正向指标",
        f"实际：{actual}",
        f"{actual} 达到目标，完成率 100%" if by_rule == whole else f"{actual} ÷ {target}，未达目标",
        f"得分 = {weight} × 完成率 = {by_rule}",
    )
    return Score(
        indicator=row,
        weight=whole,
        points=given,
        rule_points=by_rule,
        override=Decimal(override) if override else None,
        completion=completion,
        excess=excess,
        formula=formula,
        steps=steps or default,
        source=source,
        readings=readings,
    )


def levels(scores: tuple[Score, ...]) -> tuple[LevelScore, ...]:
    """The levels of these rows, summed."""
    tree: dict[str, dict[str, list[Score]]] = {}
    for item in scores:
        tree.setdefault(item.indicator.level1, {}).setdefault(item.indicator.level2, []).append(item)
    return tuple(summed(one, tuple(summed(two, (), rows) for two, rows in twos.items())) for one, twos in tree.items())


def summed(name: str, children: tuple[LevelScore, ...], rows: list[Score] | None = None) -> LevelScore:
    """One level from its children or its rows."""
    pairs = [(r.weight, r.points) for r in rows] if rows else [(c.weight, c.points) for c in children]
    known = [p for _, p in pairs if p is not None]
    return LevelScore(
        name, sum((w for w, _ in pairs if w), Decimal(0)), sum(known, Decimal(0)) if known else None, children
    )


def budget(funds: tuple[Fund, ...]) -> BudgetScore:
    """预算执行率 of these funds, 10 points."""
    initial = sum((f.initial or Decimal(0) for f in funds), Decimal(0))
    adjusted = sum((f.adjusted or Decimal(0) for f in funds), Decimal(0))
    executed = sum((f.executed or Decimal(0) for f in funds), Decimal(0))
    ratio = Fraction(executed) / Fraction(adjusted)
    given = round(ratio * 10 * 100)
    return BudgetScore(
        initial,
        adjusted,
        executed,
        ratio,
        Decimal(10),
        Decimal(given) / 100,
        (f"执行率 = {executed} ÷ {adjusted}", f"得分 = 10 × 执行率 = {Decimal(given) / 100}"),
        ARTICLE_13,
    )


def card(project: Project, scores: tuple[Score, ...], grade: str | None) -> Scorecard:
    """A scorecard whose total is the sum of what could be scored."""
    executed = budget(project.funds)
    counted = sum((s.weight for s in scores if s.points is not None and s.weight), Decimal(10))
    total = sum((s.points for s in scores if s.points is not None), executed.points or Decimal(0))
    return Scorecard(project, executed, levels(scores), scores, total, counted, grade)


def small() -> Scorecard:
    """P01: three indicators, all fine, a name that would be a script."""
    scores = (
        score(("产出指标", "数量指标", "系统建设数量"), "2套", "2套", "50", project="P01", evidence=("验收报告",)),
        score(
            ("效益指标", "社会效益指标", "2021年一体化政务平台数据传送"),
            "300000次",
            "312480次",
            "30",
            project="P01",
            line=3,
        ),
        score(
            ("满意度指标", "服务对象满意度指标", "缴存单位和职工满意度"),
            "≥95%",
            "96.8%",
            "10",
            project="P01",
            line=4,
            evidence=("满意度调查汇总.csv",),
        ),
    )
    project = Project(
        id="P01",
        name="一体化政务平台<script>alert(1)</script>建设",
        fields={"主管部门": "绵阳市住房公积金服务中心", "实施单位": "信息科", "年度总体目标": "建成两个系统。"},
        start=date(2021, 1, 1),
        end=date(2021, 12, 31),
        funds=(Fund("财政拨款", Decimal("900000.00"), Decimal("900000.00"), Decimal("895000.00")),),
        indicators=tuple(s.indicator for s in scores),
        place=Place("绵阳-2021/projects.csv", 2),
    )
    return card(project, scores, "优")


def large() -> Scorecard:
    """P02: 21 indicators over all levels, nine in one group, long texts, unscored, replaced."""
    out = "产出指标"
    scores = (
        score((out, "数量指标", "服务器及存储维护数量"), "≥32台", "35台", "3", line=5, evidence=("维保设备清单",)),
        score((out, "数量指标", "网络及安全设备维护数量"), "≥28台", "28台", "3", line=6),
        score((out, "数量指标", "住房公积金综合服务平台对外服务渠道数量"), "=6个", "6个", "3", line=7),
        score((out, "数量指标", "软件系统及模块日常运维套数"), "≥10套", "13套", "2", line=8, excess=Fraction(13, 10)),
        score(
            (out, "数量指标", "历史纸质档案数字化加工页数"),
            "扫描 1534286 页",
            "1,412,600页",
            "4",
            "3.68",
            line=9,
            reason=LONG,
            evidence=("数字化加工验收单", "加工进度表.xlsx", "质检记录（第1—12期）"),
            steps=(
                "目标：“扫描 1534286 页”读作 ≥ 1534286页（正向）",
                "实际：“1,412,600页”读作 1412600页",
                "1412600页 < 1534286页，未达目标：1412600 ÷ 1534286 = 92.068884…%",
                "得分 = 4 × 92.068884…% = 3.682755… ≈ 3.68（四舍五入，两位小数）",
            ),
        ),
        score((out, "数量指标", "开展运维巡检次数"), "≥12次", "12次", "2", line=10),
        score((out, "数量指标", "应急演练次数"), "≥2次", "2次", "2", line=11, evidence=("应急演练方案", "演练总结")),
        score(
            (out, "数量指标", "培训人次"),
            "≥120人次",
            "96人次",
            "2",
            "1.60",
            line=12,
            reason="部分管理部因疫情未能到场，改为线上补训。",
        ),
        score((out, "数量指标", "等级保护测评系统数量"), "2个", "2个", "2", line=13),
        score((out, "质量指标", "系统正常运行率"), "≥99.9%", "99.93%", "5", line=14),
        score(
            (out, "质量指标", "设备故障率"),
            "≤10%",
            "12%",
            "5",
            "4.17",
            line=15,
            reason="老化设备集中出现故障，已列入下年度更新计划。",
            evidence=("P03-设备故障统计.csv",),
            formula="inverse_ratio",
            source=FOOTNOTE,
            steps=(
                "目标：“≤10%”读作 ≤ 10%（反向）",
                "实际：“12%”读作 12%",
                "12% > 10%，未达目标：10% ÷ 12% = 83.333333…%",
                "得分 = 5 × 83.333333…% = 4.166666… ≈ 4.17（四舍五入，两位小数）",
            ),
        ),
        score(
            (out, "时效指标", "项目完成时间"),
            "2021年12月31日前完成",
            "2021年12月17日",
            "4",
            line=16,
            formula="duration_ratio",
            kind=Kind.DATE,
        ),
        score(
            (out, "时效指标", "重大故障响应时间"),
            "一般故障 2 小时内修复完毕，重大故障 12 小时内修复完毕",
            "",
            "5",
            "-",
            line=17,
            formula="mean",
            steps=("目标：一格含两项，分别读作 ≤ 2小时、≤ 12小时", "实际：没有填写，不能计分"),
            readings=(Reading("A001", "没有填写实际完成值"),),
        ),
        score((out, "成本指标", "运维费用"), "≤124.8万元", "1,231,500元", "4", line=18, kind=Kind.COST),
        score((out, "成本指标", "档案加工费用"), "≤53.7万元", "49.441万元", "4", line=19, kind=Kind.COST),
        score(("效益指标", "经济效益指标", "节约窗口运行成本"), "≥5%", "6.2%", "5", line=20),
        score(
            ("效益指标", "社会效益指标", "便民服务水平"),
            "提高",
            "提取业务实现“不见面”办理，贷款业务仍需到窗口面签",
            "10",
            "7.50",
            line=21,
            override="7.50",
            rule="7.00",
            formula="tiers",
            reason="贷款面签涉及不动产抵押登记，相关部门数据共享年内未完成对接；已列入下年度“跨部门联办”事项。",
            kind=Kind.QUALITATIVE,
            steps=(
                "目标：“提高”为定性指标",
                "实际：完成档次“部分达成”，该档为 60%（含）–80%",
                "该档默认 70%，规则得分 = 10 × 70% = 7.00",
                "自评得分 7.50 在该档 6.00–8.00 之内且有原因说明，以自评得分计",
            ),
        ),
        score(("效益指标", "生态效益指标", "减少纸张消耗"), "≥20%", "23%", "5", line=22),
        score(("效益指标", "可持续影响指标", "系统设计使用年限"), "≥5年", "7年", "10", line=23),
        score(
            ("满意度指标", "服务对象满意度指标", "缴存职工满意度"),
            "≥90%",
            "91.5%",
            "5",
            line=24,
            evidence=("满意度调查汇总.csv",),
        ),
        score(("满意度指标", "服务对象满意度指标", "缴存单位满意度"), "≥90%", "93%", "5", line=25),
    )
    project = Project(
        id="P02",
        name="住房公积金管理系统软硬件日常维护费及历史档案数字化加工",
        fields={
            "主管部门": "绵阳市住房公积金服务中心",
            "实施单位": "绵阳市住房公积金服务中心信息科",
            "项目属性": "上年延续性项目",
            "项目概况": "对机房服务器、存储、网络和安全设备及各类软件系统进行日常运维，"
            "并对历史纸质档案进行二期数字化加工。",
            "年度总体目标": "目标1：保障综合服务平台六大服务渠道和中心机房、网络、信息系统安全稳定运行；\n"
            "目标2：完成历史纸质档案1534286页的数字化加工；\n"
            "目标3：提高便民服务水平，缴存职工满意度达到90%以上。",
            "总体目标完成情况": "全年系统正常运行率99.93%，完成档案扫描1412600页，提取业务实现“不见面”办理，"
            "缴存职工满意度91.5%。",
        },
        start=date(2021, 1, 1),
        end=date(2021, 12, 31),
        funds=(
            Fund("财政拨款", Decimal(2502000), Decimal(2402000), Decimal("2387664.62"), "年中调减10万元。"),
            Fund("上年结转", Decimal(50000), Decimal(50000), Decimal("47245.38")),
            Fund("单位资金", Decimal(0), Decimal(0), Decimal(0)),
        ),
        indicators=tuple(s.indicator for s in scores),
        place=Place("绵阳-2021/projects.csv", 3),
    )
    return card(project, scores, None)


NARRATIVE = """\
## 项目概况

本项目承担综合服务平台服务渠道运维、机房网络维护及信息化等级保护测评、纸质档案数字化加工三项内容，年初预算255.2万元。

## 三、资金使用及管理情况

**支出情况：**各项支出均控制在成本目标以内，具体如下：

| 支出内容 | 成本目标（万元） | 实际支出（万元） |
| --- | ---: | ---: |
| 机房网络维护及信息化等级保护测评 | 124.8 | 123.15 |
| 公积金档案资料数字化管理 | 53.7 | 49.441 |

### （一）资金管理

资金实行专账核算，支付依据充分。

1. 严格按照《财务管理办法》审批；
2. 重大支出集体研究。

## 六、偏差原因分析及存在问题

- **数量：**档案数字化加工未完成全部页数；
- **质量：**设备故障率高于目标。
"""


def told(message: str, hint: str) -> tuple[tuple[str, str], ...]:
    """What a finding says, as it was said."""
    return (("message", message), ("hint", hint))


def diagnostics() -> tuple[Diagnostic, ...]:
    """An error, warnings and an info, in and outside the projects."""

    def made(code: str, severity: Severity, message: str, line: int, indicator: str | None) -> Diagnostic:
        return Diagnostic(
            code, severity, told(message, "补上实际完成值。"), "绵阳-2021/actuals.csv", line, 4, "P02", indicator
        )

    return (
        made("A001", Severity.ERROR, "“重大故障响应时间”没有填写实际完成值", 14, "时效指标/重大故障响应时间"),
        made("C201", Severity.WARNING, "完成值超过目标 30%，没有说明原因", 5, "数量指标/软件系统及模块日常运维套数"),
        made("C301", Severity.INFO, "全年预算数与年初预算数不同", 3, None),
        Diagnostic(
            "T005", Severity.WARNING, told("不认识的列“备注”", "改为规定的列名。"), "绵阳-2021/targets.csv", 1, 12
        ),
    )


def sample_result(folder: Path = Path("/nowhere/绵阳-2021"), *, demo: bool = True) -> Result:
    """One unit with a small and a large project; the second is 未定稿."""
    cards = (small(), large())
    evaluation = Evaluation(
        id="绵阳-2021",
        year=2021,
        unit="绵阳市住房公积金服务中心",
        department="绵阳市住房公积金服务中心",
        money_unit="元",
        demo=demo,
        report={"layout": "national", "date": "2022-01-22", "preparer": "", "unit_head": ""},
        projects=tuple(c.project for c in cards),
    )
    narratives = {"P02": NARRATIVE, "unit": "## 部门资金收支情况\n\n全年**执行：**正常。\n"}
    return Result(folder, evaluation, rules(), cards, None, narratives, diagnostics())


def with_unit(result: Result) -> Result:
    """The same with a 部门整体 row that has its own budget and targets."""
    card_ = small()
    project = replace(
        card_.project,
        id="unit",
        name=result.evaluation.unit,
        is_unit=True,
        funds=(Fund("财政拨款", Decimal(9000000), Decimal(8000000), Decimal(7000000)),),
    )
    return replace(result, unit=replace(card_, project=project, budget=budget(project.funds)))


def told_by_two_processes(code: str) -> list[str]:
    """What a program prints under two hash seeds and in two time zones; it gets the folder of the tests."""
    return [
        subprocess.run(
            [sys.executable, "-c", code, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    ]


def in_layout(result: Result, name: str, **report: str) -> Result:
    """The same in another layout; `report`: further settings of that section."""
    told = result.evaluation
    asked = {**told.report, "layout": name, **report}
    return replace(result, layout=layout_data(result.folder, name), evaluation=replace(told, report=asked))
