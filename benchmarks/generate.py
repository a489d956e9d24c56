"""A seeded, realistic evaluation of any size: projects, budgets, targets and actuals as units write them.

    python benchmarks/generate.py FOLDER --projects 1000 --rows-each 10 --seed 1 [--narratives]

The same arguments give the same bytes. The words are invented; their forms (signs, units, dates, words as targets,
missed targets with and without a reason, a few mistakes) are those of published forms.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

YEAR = 2021
PLACES = ("城区", "园区", "乡镇", "南片区", "北片区", "高新区", "开发区", "库区", "老城", "沿江")
THEMES = (
    "农村公路养护", "公共图书馆免费开放", "基层医疗设备更新", "义务教育薄弱环节改善", "水库除险加固",
    "退役军人技能培训",
    "政务网络运行维护", "残疾人康复服务", "垃圾分类处理", "档案数字化加工", "食品安全抽检", "森林防火物资储备",
    "社区养老服务", "地质灾害监测", "文物保护修缮", "公共自行车运营", "病虫害统防统治", "消防器材购置",
    "就业见习补贴", "城市照明维护", "气象监测站运行", "困难群众救助", "科技特派员服务", "河道清淤整治",
)  # fmt: skip
THINGS = ("设备", "站点", "人员", "线路", "样本", "档案", "活动", "工程", "服务", "物资")
REASONS = (
    "受汛期影响，部分工程推迟到第四季度实施，已督促施工单位于次年一季度完成。",
    "招标节约资金，合同价低于预算；下年度按合同价测算。",
    "参与人数低于预期，下年度将加大宣传力度并延长开放时间。",
    "设备到货延迟，已按合同约定扣减违约金，并调整采购计划。",
)
EVIDENCE = ("验收报告", "采购合同；付款凭证", "系统运行日志", "统计台账；签到表", "竣工验收单、现场照片")
SURVEY = ("问卷调查，发放300份，回收286份", "电话回访，样本200户")

PROJECTS = (
    "项目编号", "项目名称", "主管部门", "实施单位", "项目属性", "项目类型", "功能科目编码", "开始日期", "结束日期",
    "项目负责人", "联系电话", "项目概况", "年度总体目标", "总体目标完成情况",
)  # fmt: skip
BUDGET = ("项目编号", "资金来源", "年初预算数", "全年预算数", "全年执行数", "原因说明")
TARGETS = ("项目编号", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "分值")
ACTUALS = (
    "项目编号",
    "二级指标",
    "三级指标",
    "实际完成值",
    "完成档次",
    "自评得分",
    "偏差原因分析及改进措施",
    "佐证材料",
)

NARRATIVE = """# 自评报告

## 一、项目概况

### （一）立项及预算批复

{name}由{unit}组织实施，经主管部门审核后列入 {year} 年部门预算，属经常性项目。项目按照“先有目标、后有预算”的要求编报，
立项依据充分，实施内容与单位职能相符，预算测算按任务量和单价逐项进行。

### （二）绩效目标及指标

全年围绕{theme}的年度任务，设置了数量、质量、时效、成本、效益和满意度指标，见自评表。

## 二、自评工作开展情况

单位成立了自评工作小组，由财务科牵头，业务科室提供完成数据和佐证材料，逐项核对后汇总。

{filler}

## 三、资金使用及管理情况

资金按进度支付，专款专用。支付手续完备，原始凭证真实有效，没有截留、挤占和挪用。

{filler}

## 四、绩效目标完成情况

### （一）总体目标完成情况

年度任务按计划推进，各项工作平稳有序，服务对象反映良好。

{filler}

## 六、偏差原因分析及存在问题

部分指标与目标有差距，主要是前期测算不够细、外部条件变化较大。

{filler}

## 七、改进措施及结果应用

一是细化目标测算，以近三年实际数为依据；二是加强过程监控，按季度对照目标检查；三是将自评结果与下年度预算挂钩。

{filler}
"""
FILLER = "".join(
    f"在{season}，项目组按照实施方案组织了{season}的现场检查，对发现的问题建立台账、明确责任人和完成时限，逐项销号，"
    "并将整改情况报主管部门备案；相关资料按年度归档，便于复核和审计时查阅。"
    for season in ("第一季度", "第二季度", "第三季度", "第四季度")
)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator as entered: its names, its target, its actual."""

    level1: str
    level2: str
    name: str
    sign: str
    target: str
    unit: str
    actual: str
    tier: str = ""
    reason: str = ""
    evidence: str = ""


class Writer:
    """Draws the rows of one evaluation. Mutable: its random numbers go on from row to row."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - not a secret

    def pick(self, *choices: str) -> str:
        """One of several texts."""
        return self.rng.choice(choices)

    def missed(self) -> bool:
        """One row in eight misses its target."""
        return self.rng.random() < 0.125

    def done(self, target: int) -> tuple[int, str]:
        """How much of a number was done, and the reason where it was missed or far exceeded."""
        if self.missed():
            return max(1, int(target * self.rng.uniform(0.6, 0.98))), self.pick(*REASONS, *REASONS, "")
        return int(target * self.rng.choice((1, 1, 1, 1.02, 1.05, 1.1, 1.4))), ""

    def quantity(self, thing: str) -> Line:
        """≥ so many."""
        target = self.rng.choice((3, 5, 12, 20, 36, 50, 80, 120, 200, 365, 500, 1200, 3000, self.rng.randint(10, 9999)))
        unit = self.pick("个", "次", "人次", "台", "份", "公里")
        done, reason = self.done(target)
        told = self.pick(f"≥{target}{unit}", f"{target}{unit}", f"不少于{target}{unit}", f"{target}")
        column = unit if told.isdigit() else ""
        return Line("产出指标", "数量指标", f"{thing}数量", "", told, column, f"{done}{unit}", "", reason, self.proof())

    def quality(self, thing: str) -> Line:
        """≥ so many percent."""
        target = self.rng.choice((85, 90, 92, 95, 98, 99, 100))
        done = min(100, target + self.rng.choice((0, 0, 1, 2, -3 if self.missed() else 1)))
        reason = self.pick(*REASONS) if done < target else ""
        told = self.pick(f"≥{target}%", f"{target}%", f"不低于{target}%", f"达到{target}%以上")
        return Line("产出指标", "质量指标", f"{thing}合格率", "", told, "", f"{done}%", "", reason, self.proof())

    def timing(self, thing: str) -> Line:
        """By a day."""
        month = self.rng.randint(6, 12)
        told = self.pick(f"{YEAR}年{month}月底前", f"{YEAR}年{month}月", f"{month}月前")
        late = min(12, month + (1 if self.missed() else 0))
        reason = self.pick(*REASONS) if late > month else ""
        done = f"{YEAR}年{late}月{self.rng.randint(1, 28)}日"
        return Line("产出指标", "时效指标", f"{thing}完成时间", "", told, "", done, "", reason, self.proof())

    def words(self, thing: str) -> Line:
        """A benefit in words, with its tier."""
        told = self.pick("有效提升", "明显改善", "持续提高", "保障到位", "长期发挥作用")
        tier = self.pick("达成", "达成", "达成", "部分达成")
        level2 = self.pick("社会效益指标", "可持续影响指标", "经济效益指标")
        return Line("效益指标", level2, f"{thing}服务能力", "定性", told, "", f"{thing}服务能力有所提升", tier,
                    self.pick(*REASONS) if tier != "达成" else "", self.proof())  # fmt: skip

    def satisfaction(self, thing: str) -> Line:
        """A rate of satisfaction with its survey."""
        target = self.rng.choice((85, 90, 95))
        done = Decimal(target) + Decimal(self.rng.randint(-20 if self.missed() else 1, 45)) / 10
        name, reason = f"{thing}服务对象满意度", self.pick(*REASONS) if done < target else ""
        told = f"{min(done, Decimal(100))}%"
        return Line("满意度指标", "服务对象满意度", name, "≥", str(target), "%", told, "", reason, self.pick(*SURVEY))

    def cost(self, thing: str, budget: Decimal, executed: Decimal) -> Line:
        """The whole budget as a ceiling."""
        told = self.pick(f"≤{budget:f}元", f"{budget / 10000:f}万元", f"不超过{budget / 10000:f}万元")
        return Line("产出指标", "成本指标", f"{thing}项目总成本", "", told, "", f"{executed:f}元", "", "", self.proof())

    def proof(self) -> str:
        """What is shown for a row; sometimes nothing."""
        return self.pick(*EVIDENCE, *EVIDENCE, "")

    def lines(self, theme: str, count: int, budget: Decimal, executed: Decimal) -> list[Line]:
        """The indicators of one project: one of every kind, then more output and benefit."""
        kinds: list[Callable[[str], Line]] = [self.quantity, self.quality, self.timing, self.words, self.satisfaction]
        more: list[Callable[[str], Line]] = [self.quantity, self.quality, self.words, self.quantity]
        kinds += [more[i % len(more)] for i in range(max(0, count - 6))]
        made = [kind(f"{theme}{THINGS[i % len(THINGS)]}{i // len(THINGS) or ''}") for i, kind in enumerate(kinds)]
        made.append(self.cost(theme, budget, executed))
        order = ("产出指标", "效益指标", "满意度指标")
        return sorted(made[-count:], key=lambda line: (order.index(line.level1), line.level2))


def generate(folder: Path, projects: int, rows_each: int, seed: int = 1, *, narratives: bool = False) -> None:
    """Writes an evaluation of so many projects with so many indicators each."""
    folder.mkdir(parents=True, exist_ok=True)
    text = f'[evaluation]\nyear = {YEAR}\nunit = "示例市财政局"\ndemo = true\n\n[report]\ndate = "2022-01-20"\n'
    (folder / "selfeval.toml").write_text(text, encoding="utf-8")
    writer = Writer(seed)
    with Sheets(folder) as sheets:
        for number in range(1, projects + 1):
            name = write_project(sheets, writer, f"P{number:06d}", rows_each)
            if narratives:
                write_narrative(folder, f"P{number:06d}", name)


def write_project(sheets: Sheets, writer: Writer, id_: str, rows_each: int) -> str:
    """One project's rows in the four tables; returns its theme."""
    rng, theme = writer.rng, writer.pick(*THEMES)
    place = writer.pick(*PLACES)
    unit = f"{place}{theme[:4]}中心"
    initial = Decimal(rng.randint(3, 900) * 10_000 + rng.choice((0, 0, 0, 5000, 3600)))
    adjusted = initial if rng.random() < 0.85 else initial - Decimal(rng.randint(1, 10)) * 1000
    executed = (adjusted * Decimal(rng.choice((100, 100, 98, 95, 91, 84))) / 100).quantize(Decimal("0.01"))
    changed = adjusted != initial or executed < adjusted * Decimal("0.9")
    sheets.projects.writerow([
        id_, f"{place}{theme}项目", "示例市财政局", unit, "经常性项目", "其他项目支出", "2210302", f"{YEAR}-01-01",
        f"{YEAR}-12-31", "张三", "0816-2246525", f"为保障{place}{theme}正常开展，按年度计划组织实施。",
        f"完成{place}{theme}年度任务，服务质量稳步提高。", f"{place}{theme}年度任务已按计划开展。",
    ])  # fmt: skip
    sheets.budget.writerow([id_, "财政拨款", f"{initial:.2f}", f"{adjusted:.2f}", f"{executed:.2f}",
                            writer.pick(*REASONS, "") if changed else ""])  # fmt: skip
    for line in writer.lines(theme, rows_each, initial, executed):
        sheets.targets.writerow([id_, line.level1, line.level2, line.name, line.sign, line.target, line.unit, ""])
        sheets.actuals.writerow([id_, line.level2, line.name, line.actual, line.tier, "", line.reason, line.evidence])
    return theme


def write_narrative(folder: Path, id_: str, theme: str) -> None:
    """The project's report in words: with its form and annexes about nine pages."""
    home = folder / "narrative"
    home.mkdir(exist_ok=True)
    text = NARRATIVE.format(name=f"{theme}项目", unit="项目单位", year=YEAR, theme=theme, filler=FILLER)
    (home / f"{id_}.md").write_text(text, encoding="utf-8")


class Sheets:
    """The four tables open for writing, as Excel writes them: UTF-8 with a mark. Mutable while rows are written."""

    def __init__(self, folder: Path) -> None:
        named = (("projects", PROJECTS), ("budget", BUDGET), ("targets", TARGETS), ("actuals", ACTUALS))
        self.files = [(folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") for name, _ in named]
        self.projects, self.budget, self.targets, self.actuals = (csv.writer(file) for file in self.files)
        for sheet, (_, header) in zip(self.writers(), named, strict=True):
            sheet.writerow(header)

    def writers(self) -> Iterator[csv.Writer]:
        """All four, in order."""
        return iter((self.projects, self.budget, self.targets, self.actuals))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files:
            file.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="生成一个可重复的评价，用于测速。")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--rows-each", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--narratives", action="store_true")
    given = parser.parse_args()
    generate(given.folder, given.projects, given.rows_each, given.seed, narratives=given.narratives)


if __name__ == "__main__":
    main()
