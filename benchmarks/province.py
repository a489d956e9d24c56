"""A seeded province: scorecards of many units over some years, with oddities planted and written down.

    python benchmarks/province.py FOLDER --units 100 --projects 30 --years 2 --seed 1

The same arguments give the same bytes. `truth.json` names what was planted, by kind: [unit, year, project]. Whoever is
not named is honest: loses a point somewhere, measures most of what it does, spends what it says.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST_YEAR = 2023
PLACES = ("青石", "白河", "双桥", "临江", "安平", "永和", "清源", "宝山", "长岭", "东川", "南浦", "西林", "北塔", "金沙",
          "沙坪", "石门", "龙泉", "桃源", "云溪", "凤台")  # fmt: skip
BUREAUS = ("教育局", "卫生健康局", "农业农村局", "水务局", "交通运输局", "文化和旅游局", "民政局", "人力资源和社会保障局",
           "自然资源局", "城市管理局")  # fmt: skip
THEMES = (
    ("农村公路养护", "养护里程", "公里", 260, "每公里养护成本", "元/公里", 21000),
    ("教师培训", "培训教师人数", "人", 340, "人均培训成本", "元/人", 1350),
    ("公共图书馆免费开放", "接待读者", "人次", 86000, "每场活动成本", "元/场", 4200),
    ("基层医疗设备更新", "购置设备", "台", 46, "设备单价", "元/台", 38000),
    ("水库除险加固", "加固水库", "座", 7, "每座监测标准", "元/座", 56000),
    ("困难群众救助", "救助人数", "人", 5200, "人均救助标准", "元/人", 3100),
    ("职业技能培训", "培训人数", "人", 1500, "人均补贴标准", "元/人", 980),
    ("垃圾分类处理", "覆盖小区", "个", 120, "每个小区运维成本", "元/个", 15400),
    ("食品安全抽检", "抽检批次", "批次", 2400, "每批次检验成本", "元/批次", 640),
    ("森林防火物资储备", "储备物资", "套", 900, "每套物资单价", "元/套", 460),
    ("社区养老服务", "服务老人", "人", 3800, "人均服务成本", "元/人", 520),
    ("地质灾害监测", "监测点位", "个", 88, "每个点位成本", "元/个", 8800),
    ("文物保护修缮", "修缮面积", "平方米", 2600, "每平方米修缮成本", "元/平方米", 1180),
    ("病虫害统防统治", "防治面积", "亩", 42000, "亩均防治成本", "元/亩", 19),
    ("政务网络运维", "保障线路", "条", 210, "每条线路年费", "元/条", 7400),
)  # fmt: skip
CAUSES = ("招标公告期延长", "受汛期影响", "项目用地手续办理较慢", "供货商产能不足", "参与人员工学矛盾突出", "部分乡镇选址调整",
          "上级资金下达较晚", "前期勘察结果变化", "极端高温天气", "设备验收标准提高", "群众宣传发动不够", "合同谈判反复")  # fmt: skip
EFFECTS = ("开工日期推迟", "两个标段未按期完工", "采购批次减少", "报名人数低于计划", "现场施工被迫中断", "数据采集不完整",
           "部分设备年底才到货", "竣工资料尚未归档", "服务频次下降", "验收时间延后")  # fmt: skip
REMEDIES = ("已倒排工期并按周调度", "下年度提前启动采购程序", "已与供货商签订补充协议", "拟增加流动服务点", "已成立专班逐户对接",
            "将按季度开展满意度回访", "计划与职业院校联合招生", "已申请调整施工许可", "将把考核结果与付款挂钩", "明年一季度补齐缺口")  # fmt: skip
KINDS = ("unit_cost", "full_marks", "as_targeted", "below_last_year", "copied_text", "low_execution", "qualitative",
         "off_rule", "missing", "absent")  # fmt: skip

Json = dict[str, Any]


@dataclass(slots=True)
class Province:
    """A province being made. Mutable: its dice, what was planted, the sentences that may be copied."""

    dice: random.Random
    truth: dict[str, list[list[Any]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    sentences: list[str] = field(default_factory=list)

    def plant(self, kind: str, unit: str, year: int, project: str) -> None:
        """Writes down what was planted."""
        self.truth[kind].append([unit, year, project])

    def reason(self) -> str:
        """Why something fell short, in the unit's own words."""
        dice = self.dice
        months = f"{dice.randint(2, 11)}月"
        return f"{dice.choice(CAUSES)}，{months}{dice.choice(EFFECTS)}，{dice.choice(REMEDIES)}。"


def unit_names(count: int) -> Iterator[str]:
    """Names of units, each another."""
    for number in range(count):
        place = PLACES[number % len(PLACES)] + ("县", "区", "市")[number // (len(PLACES) * len(BUREAUS)) % 3]
        more = number // (len(PLACES) * len(BUREAUS) * 3)
        yield f"{place}{BUREAUS[number // len(PLACES) % len(BUREAUS)]}{f'第{more}分局' if more else ''}"


def row(level: tuple[str, str], name: str, weight: int, target: Json, actual: Json, points: str) -> Json:
    """An indicator as a scorecard has it."""
    return {
        "id": f"{level[1]}/{name}", "level1": level[0], "level2": level[1], "level3": name,
        "target": {"text": "", "kind": "number", "operator": "≥", "value": None, "upper": None, "unit": None,
                   "date": None, "direction": "positive"} | target,
        "actual": {"text": "", "value": None, "unit": None, "date": None, "tier": None} | actual,
        "completion": f"{float(points) / weight:.8f}", "weight": f"{weight}.00", "points": points,
        "rule_points": points, "override": None, "formula": "ratio",
        "steps": ["读取指标值", "读取实际完成值", f"得分 {points}"], "source": {"document": "财预〔2020〕10号", "article": "第十六条"},
        "diagnostics": [],
    }  # fmt: skip


def measured(
    level: tuple[str, str], name: str, weight: int, target: float, actual: float, unit: str, negative: bool = False
) -> Json:
    """A measured indicator, scored by the ratio."""
    percent = unit == "%"
    asked, done = (
        (f"{target / 100:.4f}".rstrip("0").rstrip("."), f"{actual / 100:.4f}".rstrip("0").rstrip("."))
        if percent
        else (f"{target:g}" if target < 1e6 else f"{target:.0f}", f"{actual:g}" if actual < 1e6 else f"{actual:.0f}")
    )
    share = min(1.0, target / actual if negative and actual else actual / target if target else 1.0)
    points = f"{share * weight:.2f}"
    sign, direction = ("≤", "negative") if negative else ("≥", "positive")
    return row(
        level, name, weight,
        {"text": f"{sign}{target:g}{unit}", "operator": sign, "value": asked, "unit": None if percent else unit,
         "direction": direction, "kind": "cost" if "成本" in level[1] else "number"},
        {"text": f"{actual:g}{unit}", "value": done, "unit": None if percent else unit}, points,
    )  # fmt: skip


def words(level: tuple[str, str], name: str, weight: int, tier: str, text: str = "") -> Json:
    """A 定性 indicator."""
    share = {"met": 1, "partial": 0.7}[tier]
    return row(level, name, weight, {"text": "明显提升", "kind": "qualitative", "operator": None, "direction": None},
               {"text": text or {"met": "达成", "partial": "部分达成"}[tier], "tier": tier}, f"{share * weight:.2f}")  # fmt: skip


AMOUNT, QUALITY, TIME, COST = (("产出指标", f"{name}指标") for name in ("数量", "质量", "时效", "成本"))
SOCIAL, LASTING, CONTENT = (
    ("效益指标", "社会效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度"),
)


def nearly(dice: random.Random, target: float, whole: bool = True) -> float:
    """What came of a target: often just that, often a little more, sometimes less."""
    roll = dice.random()
    ratio = 1.0 if roll < 0.4 else dice.uniform(1.01, 1.15) if roll < 0.8 else dice.uniform(0.72, 0.98)
    return round(target * ratio) if whole else round(target * ratio, 2)


def honest(province: Province, theme: tuple[Any, ...], number: int, before: Json | None) -> Json:
    """A project as an honest unit reports it; what it asks follows what it did a year before."""
    dice = province.dice
    name, amount, unit, size, cost, cost_unit, price = theme
    asked = again(dice, before, 0) or max(2, round(size * dice.lognormvariate(0, 0.5)))
    times = again(dice, before, 1) or dice.randint(4, 24)
    helped = again(dice, before, 6) or round(asked * dice.uniform(2, 9))
    paid = before["indicators"][5]["actual"]["value"] if before else None
    drawn = float(paid) * dice.uniform(0.95, 1.06) if paid else price * dice.lognormvariate(0, 0.12)
    priced = round(drawn, 0 if price > 100 else 1)
    rows = [
        measured(AMOUNT, amount, 10, asked, max(1, nearly(dice, asked)), unit),
        measured(AMOUNT, "开展检查次数", 8, times, max(1, nearly(dice, times)), "次"),
        measured(QUALITY, "验收合格率", 8, dice.choice((90, 95, 98)), dice.choice((96.5, 97.2, 98.4, 99.1, 100)), "%"),
        measured(QUALITY, "任务完成率", 8, 100, dice.choice((100, 100, 97.5, 94.0)), "%"),
        measured(TIME, "按期完成率", 6, dice.choice((90, 95)), dice.choice((88.0, 95.5, 97.1, 100)), "%"),
        measured(COST, cost, 10, round(priced * 1.1, 1), priced, cost_unit, negative=True),
        measured(SOCIAL, "受益人次", 15, helped, max(1, nearly(dice, helped)), "人次"),
        words(LASTING, "长效管理机制", 15, "met" if dice.random() < 0.85 else "partial"),
        measured(CONTENT, "服务对象满意度", 10, dice.choice((85, 90, 95)), round(dice.uniform(86, 99), 1), "%"),
    ]  # fmt: skip
    lose_something(dice, rows)
    for one in rows:
        if one["points"] != one["weight"] and dice.random() < 0.5:
            one["reason"] = province.reason()
    rate = min(1.0, dice.betavariate(18, 1.4))
    if dice.random() < 0.06:  # little was spent, and little was done
        rate = dice.uniform(0.45, 0.8)
        for one in rows[:1] + rows[6:7]:
            slowed = measured(
                (one["level1"], one["level2"]),
                one["level3"],
                int(float(one["weight"])),
                100,
                round(100 * rate * 0.9, 1),
                "%",
            )
            one |= {key: slowed[key] for key in ("points", "rule_points", "completion")}
            one["actual"] |= {"value": f"{float(one['target']['value']) * rate * 0.9:.2f}"}
        for one in rows[1:6]:
            one |= {"points": f"{float(one['weight']) * rate:.2f}", "rule_points": f"{float(one['weight']) * rate:.2f}"}
    return project(f"{name}{called(number // len(THEMES))}", rows, rate, dice.lognormvariate(13.5, 0.9))


def called(round_: int) -> str:
    """What tells apart several projects of one theme."""
    return ("", "（续建）", "（二期）")[round_] if round_ < 3 else f"（{round_ + 1}标段）"


def again(dice: random.Random, before: Json | None, at: int) -> int:
    """A target that follows what was done a year before; 0 where that is not known."""
    done = before["indicators"][at]["actual"]["value"] if before else None
    return max(2, round(float(done) * dice.uniform(0.92, 1.12))) if done else 0


def lose_something(dice: random.Random, rows: list[Json]) -> None:
    """No honest project is perfect, nor met every figure to the digit."""
    at = dice.choice((0, 1, 6))
    one = rows[at]
    if all(r["points"] == r["weight"] for r in rows) or all(
        r["target"]["value"] == r["actual"]["value"] for r in rows if r["actual"]["value"]
    ):
        target = float(one["target"]["value"])
        rows[at] = measured((one["level1"], one["level2"]), one["level3"], int(float(one["weight"])), target,
                            max(0.0, round(target * 0.9, 1) - 0.5), one["target"]["unit"])  # fmt: skip


def project(name: str, rows: list[Json], rate: float, money: float) -> Json:
    """A project around its rows."""
    budget = round(money, 2)
    spent = round(budget * rate, 2)
    points = f"{min(1.0, rate) * 10:.2f}"
    made = {"id": "", "name": name, "indicators": rows, "level1": [], "counted": "100.00",
            "budget": {"initial": f"{budget:.2f}", "adjusted": f"{budget:.2f}", "executed": f"{spent:.2f}",
                       "rate": f"{rate:.8f}", "weight": "10.00", "points": points}}  # fmt: skip
    return added_up(made)


def added_up(made: Json) -> Json:
    """Total and grade from the rows."""
    total = round(sum(float(one["points"]) for one in made["indicators"]) + float(made["budget"]["points"]), 2)
    grade = "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差"
    return made | {"total": f"{total:.2f}", "grade": grade}


# ── What is planted ──


def planted(province: Province, made: Json, kind: str, before: Json | None) -> bool:
    """Makes a project odd in one way; says whether it could."""
    return PLANTS[kind](province, made, before)


def dear(province: Province, made: Json, _: Json | None) -> bool:
    """A price far from everybody's; the target stays what it was."""
    one, ratio = made["indicators"][5], province.dice.choice((0.3, 0.4, 2.2, 3.0, 5.0))
    value = round(float(one["actual"]["value"]) * ratio, 1)
    made["indicators"][5] = measured(
        COST, one["level3"], 10, float(one["target"]["value"]), value, one["target"]["unit"], negative=True
    )
    return True


def perfect(_: Province, made: Json, __: Json | None) -> bool:
    """Full marks everywhere, whatever came of it."""
    for one in made["indicators"]:
        if one["points"] != one["weight"] and one["target"]["value"]:
            more = f"{float(one['target']['value']) * 1.03:.3f}"
            one["actual"] |= {"value": more, "text": more}
        one["actual"]["tier"] = "met" if one["actual"]["tier"] else None
        one |= {"points": one["weight"], "rule_points": one["weight"], "completion": "1.00000000"}
    made["budget"] |= {"rate": "1.00000000", "points": "10.00", "executed": made["budget"]["adjusted"]}
    return True


def copied_targets(_: Province, made: Json, __: Json | None) -> bool:
    """Every actual its target, to the digit."""
    for one in made["indicators"]:
        if one["target"]["value"]:
            one["actual"] |= {"value": one["target"]["value"], "text": one["target"]["text"]}
            one |= {"points": one["weight"], "rule_points": one["weight"]}
    made["indicators"][7] = words(LASTING, "长效管理机制", 15, "partial")
    return True


def timid(province: Province, made: Json, before: Json | None) -> bool:
    """A target far below what was done last year."""
    if before is None or not before["indicators"][0]["actual"]["value"]:
        return False
    one = made["indicators"][0]
    done = float(before["indicators"][0]["actual"]["value"])
    target = max(1, round(done * province.dice.uniform(0.3, 0.62)))
    made["indicators"][0] = measured(AMOUNT, one["level3"], 10, target, round(target * 1.1), one["target"]["unit"])
    return done > 4


def copied(province: Province, made: Json, _: Json | None) -> bool:
    """The sentences of another unit, with other numbers."""
    dice = province.dice
    if len(province.sentences) < 8:
        text = f"{dice.choice(CAUSES)}且{dice.choice(CAUSES)}，全年共协调{dice.randint(2, 9)}次仍有{dice.choice(EFFECTS)}的情况，{dice.choice(REMEDIES)}"
        province.sentences.append(text)
    else:
        text = dice.choice(province.sentences)
    made["indicators"][0]["actual"]["text"] = "".join(str(dice.randint(1, 9)) if c.isdigit() else c for c in text)
    return True


def unspent(province: Province, made: Json, _: Json | None) -> bool:
    """Little money spent, nearly all points had."""
    rate = province.dice.uniform(0.2, 0.6)
    made["budget"] |= {"rate": f"{rate:.8f}", "points": f"{rate * 10:.2f}"}
    for one in made["indicators"][1:]:
        one |= {"points": one["weight"], "rule_points": one["weight"]}
    return True


def vague(province: Province, made: Json, _: Json | None) -> bool:
    """Mostly words."""
    for at in province.dice.sample(range(9), province.dice.randint(6, 8)):
        one = made["indicators"][at]
        made["indicators"][at] = words(
            (one["level1"], one["level2"]), one["level3"], int(float(one["weight"])), "met" if at else "partial"
        )
    return True


def generous(province: Province, made: Json, _: Json | None) -> bool:
    """More points than the rule gives."""
    short = [one for one in made["indicators"] if one["points"] != one["weight"]] or made["indicators"][:1]
    one = province.dice.choice(short)
    given = float(one["weight"]) if one["points"] != one["weight"] else float(one["weight"]) - 1
    one |= {"points": f"{given:.2f}", "override": f"{given:.2f}"}
    return True


PLANTS = {"unit_cost": dear, "full_marks": perfect, "as_targeted": copied_targets, "below_last_year": timid,
          "copied_text": copied, "low_execution": unspent, "qualitative": vague, "off_rule": generous}  # fmt: skip


# ── The whole ──


def unit_year(
    province: Province, unit: str, year: int, projects: int, before: dict[str, Json], *, is_last: bool
) -> dict[str, Json]:
    """The projects of one unit and year by their names; about one in six is odd."""
    dice, made = province.dice, {}
    for number in range(projects):
        theme = THEMES[number % len(THEMES)]
        one = honest(province, theme, number, None)
        last = before.get(one["name"])
        one = honest(province, theme, number, last) if last else one
        one["id"] = f"P{number + 1:03}"
        if last and dice.random() < 0.02:
            province.plant("missing", unit, year - 1, last["id"])
            continue
        if dice.random() < 0.18 and float(one["budget"]["rate"]) > 0.8:
            # A price is odd in the last year only: in the next it would make an honest target look lax.
            kind = dice.choice(tuple(PLANTS)[0 if is_last else 1 :])
            if planted(province, one, kind, last):
                province.plant(kind, unit, year, one["id"])
        made[one["name"]] = added_up(one)
    return made


def scorecard(unit: str, year: int, number: int, projects: dict[str, Json]) -> Json:
    """A scorecard.json of one unit and year."""
    return {
        "schema": "selfeval.scorecard/1", "generator": {"name": "selfeval", "version": "0"},
        "evaluation": {"id": f"u{number:04}-{year}", "year": year, "unit": unit},
        "rules": {"id": "mof-2020", "title": "", "sources": []}, "unit": None, "projects": list(projects.values()),
    }  # fmt: skip


def generate(folder: Path, units: int, projects: int, years: int, seed: int) -> None:
    """An output folder with scorecard and scores for every unit and year, and truth.json beside them."""
    province, silence = Province(random.Random(seed)), random.Random(f"{seed} silence")  # noqa: S311
    for number, unit in enumerate(unit_names(units)):
        before: dict[str, Json] = {}
        silent = silence.random() < 0.04
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            if silent and before and year == FIRST_YEAR + years - 1:  # hands in nothing
                province.truth["absent"] += [[unit, year - 1, one["id"]] for one in before.values()]
                break
            made = unit_year(province, unit, year, projects, before, is_last=year == FIRST_YEAR + years - 1)
            card = scorecard(unit, year, number, deepcopy(made))
            place = folder / "units" / card["evaluation"]["id"]
            place.mkdir(parents=True, exist_ok=True)
            (place / "scorecard.json").write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")
            before = made
    (folder / "truth.json").write_text(json.dumps(province.truth, ensure_ascii=False), encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    for name, usual in (("units", 100), ("projects", 30), ("years", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    given = parser.parse_args()
    generate(given.folder, given.units, given.projects, given.years, given.seed)


if __name__ == "__main__":
    main()
