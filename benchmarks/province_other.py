"""Another province, made in another way, to judge the limits of `survey` after they were set.

    python benchmarks/province_other.py FOLDER [SEED]

Nothing here was used to choose a limit. Units are hospitals, schools and centres; projects have six to fourteen rows of
many kinds, prices spread differently from thing to thing, oddities are of every strength, weak ones too, names change
over the years, and copied texts are edited. `truth.json` as in `province.py`.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

UNITS, PROJECTS, YEARS = 90, 26, (2022, 2023, 2024)
TOWNS = [
    "海澄",
    "平湖",
    "兰溪",
    "武宁",
    "德昌",
    "南靖",
    "昌黎",
    "乐亭",
    "定远",
    "和顺",
    "丰宁",
    "灵寿",
    "沁源",
    "洛川",
    "镇安",
]
HOUSES = [
    "人民医院",
    "中医院",
    "职业技术学校",
    "第一中学",
    "疾病预防控制中心",
    "公共文化服务中心",
    "农机推广站",
    "公路事务中心",
    "城市管理大队",
    "妇幼保健院",
]
WORKS = [
    "设备购置",
    "信息系统运维",
    "实训基地建设",
    "专项体检",
    "公益演出",
    "道路改造",
    "环境整治",
    "师资引进",
    "慢病管理",
    "乡村巡诊",
    "校园安防",
    "技能竞赛",
    "排水管网",
    "绿化提升",
    "应急演练",
    "助学补助",
]
THINGS = {  # price, how it spreads, unit
    "每人次体检费用": (168.0, 0.07, "元/人次"), "生均实训成本": (740.0, 0.2, "元/生"), "每台终端单价": (5200.0, 0.15, "元/台"),
    "每平方米改造成本": (465.0, 0.3, "元/平方米"), "每场演出补助标准": (6000.0, 0.02, "元/场"), "人均助学补助标准": (2000.0, 0.0, "元/人"),
    "每次巡诊成本": (890.0, 0.25, "元/次"), "每米管网单价": (1310.0, 0.18, "元/米"),
}  # fmt: skip
COUNTS = {
    "服务人次": ("人次", 8.0),
    "建成点位": ("个", 3.0),
    "开展场次": ("场", 3.2),
    "改造长度": ("米", 7.5),
    "覆盖班级": ("个", 3.6),
    "采购批次": ("批", 2.3),
}
RATES = (
    "系统可用率",
    "设备完好率",
    "验收通过率",
    "资料归档率",
    "群众满意度",
    "师生满意度",
    "响应及时率",
    "发现问题整改率",
)
VAGUE = ("服务能力提升", "制度完善程度", "社会影响", "可持续运行", "示范带动作用", "部门协同")
OPENINGS = (
    "今年上半年主体工程施工图审查反复修改三次",
    "供应商在中标公示期内被质疑并启动复议程序",
    "临床科室排班紧张致使集中培训难以组织",
    "配套电力增容工程由另一单位承建而迟迟未送电",
    "省级平台接口规范在年中升级需要重新开发",
    "受寒潮影响室外作业窗口期明显缩短",
)
MIDDLES = (
    "经单位党委会研究决定顺延至下一季度实施",
    "为保证质量按新标准返工了部分隐蔽工程",
    "已扣减合同款并重新签订了补充条款",
    "改为分批次小规模推进并逐一验收",
    "临时抽调骨干成立工作专班现场督办",
    "先行投入使用其余部分待复检合格后开放",
)
CLOSINGS = (
    "下一年度将在预算批复前完成前期论证",
    "将把进度条款写入采购合同并按月通报",
    "拟引入第三方监理加强过程管理",
    "后续按季度回头看并公开整改结果",
    "同时建立备选供应商名录以应对断供",
)

Row = dict[str, Any]


class Maker:
    """The dice and what was planted."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)  # noqa: S311
        self.truth: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
        self.heard: list[str] = []

    def plain(self, value: float) -> str:
        """A number as it is written: whole when large."""
        return f"{value:.0f}" if value >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")

    def said(self) -> str:
        """Three sentences about what went wrong."""
        r = self.r
        parts = [r.choice(OPENINGS), r.choice(MIDDLES), r.choice(CLOSINGS)]
        return (
            "。".join(
                f"{part}{r.choice(('', '，涉及' + str(r.randint(2, 60)) + '处'))}{r.choice(WORKS)}" for part in parts
            )
            + "。"
        )


def new_row(level1: str, level2: str, name: str, kind: str, unit: str, target: str, actual: str, sign: str) -> Row:
    """A row without points."""
    direction = {"≥": "positive", "≤": "negative", "=": "positive"}.get(sign)
    return {
        "id": f"{level2}/{name}", "level1": level1, "level2": level2, "level3": name, "formula": "ratio", "override": None,
        "target": {"text": f"{sign}{target}{unit}", "kind": kind, "operator": sign or None, "value": target or None, "upper": None,
                   "unit": unit or None, "date": None, "direction": direction},
        "actual": {"text": f"{actual}{unit}", "value": actual or None, "unit": unit or None, "date": None, "tier": None},
        "steps": [], "source": {"document": "办法", "article": "十六"}, "diagnostics": [],
    }  # fmt: skip


def rows_of(m: Maker, seat: random.Random) -> list[Row]:
    """What a project is to do; `seat` is the same every year, so that the rows are."""
    rows = []
    for name in seat.sample(list(COUNTS), seat.randint(1, 3)):
        unit, size = COUNTS[name]
        rows.append(
            new_row(
                "产出指标",
                "数量指标",
                name,
                "number",
                unit,
                m.plain(max(3, round(math.exp(seat.gauss(size, 0.9))))),
                "",
                "≥",
            )
        )
    for name in seat.sample(RATES, seat.randint(2, 4)):
        level = ("满意度指标", "服务对象满意度指标") if "满意度" in name else ("产出指标", "质量指标")
        rows.append(new_row(*level, name, "number", "", str(seat.choice((0.8, 0.85, 0.9, 0.95, 0.98))), "", "≥"))
    for name in seat.sample(list(THINGS), seat.randint(1, 2)):
        price, spread, unit = THINGS[name]
        rows.append(
            new_row(
                "成本指标",
                "经济成本指标",
                name,
                "cost",
                unit,
                m.plain(price * math.exp(seat.gauss(0.04, spread))),
                "",
                "≤",
            )
        )
    vague = seat.sample(VAGUE, seat.randint(1, 3))
    return rows + [new_row("效益指标", "社会效益指标", name, "qualitative", "", "", "", "") for name in vague]


def come_out(m: Maker, row: Row, mood: float) -> None:
    """What came of a row."""
    r, target = m.r, row["target"]
    if target["kind"] == "qualitative":
        row["actual"] |= {"tier": "met" if r.random() < mood else "partial", "text": "达成"}
        return
    asked = float(target["value"])
    if target["kind"] == "cost":
        done = asked * (1 if r.random() < 0.35 else r.uniform(0.9, 1.03))
    elif not target["unit"]:
        done = min(1.0, asked * (1 if r.random() < 0.2 else r.gauss(1.01, 0.03)))
        row["actual"] |= {"value": f"{done:.4f}".rstrip("0").rstrip("."), "text": f"{done:.2%}"}
        return
    else:
        done = max(1.0, round(asked * (1 if r.random() < 0.35 else r.gauss(mood + 0.08, 0.08))))
    row["actual"] |= {"value": m.plain(done), "text": m.plain(done) + target["unit"]}


def share_out(rows: list[Row]) -> None:
    """Weights that add up to 90."""
    each = round(90 / len(rows), 2)
    for row in rows:
        row["weight"] = f"{each:.2f}"
    rows[0]["weight"] = f"{90 - each * (len(rows) - 1):.2f}"


def score(row: Row) -> None:
    """Points by the ratio."""
    weight = float(row["weight"])
    target, actual = row["target"]["value"], row["actual"]["value"]
    share = 1.0 if row["actual"]["tier"] == "met" else 0.7
    if target:
        a, b = float(target), float(actual)
        share = min(1.0, a / b if row["target"]["direction"] == "negative" else b / a)
    points = f"{share * weight:.2f}"
    row |= {"points": points, "rule_points": points, "completion": f"{share:.8f}"}


def finish(row_list: list[Row], rate: float, money: float, name: str, id_: str) -> Row:
    """A project around rows that have their points."""
    budget_points = f"{rate * 10:.2f}"
    total = round(sum(float(row["points"]) for row in row_list) + float(budget_points), 2)
    return {"id": id_, "name": name, "total": f"{total:.2f}", "grade": "优" if total >= 90 else "良" if total >= 80 else "中" if total >= 60 else "差",
            "counted": "100.00", "level1": [], "indicators": row_list,
            "budget": {"initial": f"{money * 0.97:.2f}", "adjusted": f"{money:.2f}", "executed": f"{money * rate:.2f}",
                       "rate": f"{rate:.8f}", "weight": "10.00", "points": budget_points}}  # fmt: skip


# ── Oddities: each changes the rows before or after their points, and tells the rate of execution ──


def odd_cost(m: Maker, rows: list[Row], _: list[Row] | None) -> bool:
    """A price, with its target, far from what the thing costs."""
    row = next(row for row in rows if row["target"]["kind"] == "cost")
    spread = THINGS[row["level3"]][1]
    factor = math.exp(m.r.uniform(max(0.5, 5.5 * spread), max(0.9, 8 * spread)) * m.r.choice((-1, 1)))
    value = m.plain(THINGS[row["level3"]][0] * factor)
    row["target"]["value"] = row["actual"]["value"] = value
    return True


def odd_last(m: Maker, rows: list[Row], last: list[Row] | None) -> bool:
    """A target far below what was done a year before."""
    if (
        not last
        or last[0]["target"]["kind"] != "number"
        or not rows[0]["target"]["unit"]
        or float(last[0]["actual"]["value"] or 0) < 6
    ):
        return False
    target = max(1, int(float(last[0]["actual"]["value"]) * m.r.uniform(0.35, 0.68)))
    rows[0]["target"] |= {"value": str(target), "text": f"≥{target}"}
    rows[0]["actual"] |= {"value": str(target + 1), "text": str(target + 1)}
    return True


def odd_words(m: Maker, rows: list[Row], _: list[Row] | None) -> bool:
    """Words where there were figures."""
    if len(rows) < 5:
        return False
    for row in rows[: math.ceil(len(rows) * m.r.uniform(0.62, 0.95))]:
        row["target"] |= {"kind": "qualitative", "value": None, "operator": None, "direction": None, "text": "较好"}
        row["actual"] |= {"value": None, "text": "达成", "tier": "partial" if row is rows[0] else "met"}
    return True


def odd_copy(m: Maker, rows: list[Row], _: list[Row] | None) -> bool:
    """A text heard elsewhere, one of its sentences changed."""
    text = m.r.choice(m.heard) if len(m.heard) > 5 else m.said()
    m.heard.append(text)
    parts = text.split("。")
    parts[m.r.randrange(3)] = m.said().split("。")[m.r.randrange(3)]
    rows[0]["actual"]["text"] = "。".join(parts)
    return True


def odd_targets(_: Maker, rows: list[Row], __: list[Row] | None) -> bool:
    """Every actual its target."""
    measured = [row for row in rows if row["target"]["value"]]
    for row in measured:
        row["actual"] |= {"value": row["target"]["value"], "text": row["target"]["text"]}
    return len(measured) >= 5


def odd_full(_: Maker, rows: list[Row], __: list[Row] | None) -> bool:
    """Nothing lost anywhere."""
    for row in rows:
        if row["target"]["value"]:
            factor = 0.96 if row["target"]["direction"] == "negative" else 1.004
            row["actual"]["value"] = f"{float(row['target']['value']) * factor:.4f}"
        else:
            row["actual"]["tier"] = "met"
    return len(rows) >= 5


BEFORE: dict[str, Callable[[Maker, list[Row], list[Row] | None], bool]] = {
    "unit_cost": odd_cost, "below_last_year": odd_last, "qualitative": odd_words, "copied_text": odd_copy,
    "as_targeted": odd_targets, "full_marks": odd_full,
}  # fmt: skip


def one_project(m: Maker, unit: str, year: int, id_: str, seat_of: str, last: Row | None) -> Row:
    """One project of a year, odd in one way out of six."""
    seat, r = random.Random(seat_of), m.r  # noqa: S311
    name = f"{seat.choice(TOWNS)}{seat.choice(WORKS)}{seat.choice(('', '项目', '工程', '经费'))}{seat.randint(1, 99)}号"
    renamed = seat.random() < 0.1
    if last and renamed:
        name = f"{name}（{year}年）"
    rows = rows_of(m, seat)
    before = last["indicators"] if last else None
    go_on(m, rows, before)
    share_out(rows)
    kind = oddity(m, rows, before)
    for row in rows:
        score(row)
    rate = after_points(m, rows, kind)
    if kind:
        m.truth[kind].add((unit, year, id_))
    dear = {"unit_cost"} & {kind, last["kind"] if last else ""}
    if last and dear and any(is_lax(row, old) for row, old in zip(rows, last["indicators"], strict=True)):
        m.truth["below_last_year"].add((unit, year, id_))  # a price planted with its target moves the target too
    return finish(rows, rate, math.exp(r.gauss(13, 1.1)), name, id_) | {"kind": kind}


def go_on(m: Maker, rows: list[Row], before: list[Row] | None) -> None:
    """Targets that follow what was done a year before, and what came of them."""
    for row, old in zip(rows, before or rows, strict=True):
        done = old["actual"]["value"] if before else None
        if done and row["target"]["unit"] and row["target"]["kind"] == "number":
            row["target"]["value"] = m.plain(max(3, round(float(done) * m.r.uniform(0.9, 1.1))))
        come_out(m, row, 0.9)


def oddity(m: Maker, rows: list[Row], before: list[Row] | None) -> str:
    """What is made odd before the points are there, or is to be once they are; one project in six."""
    if m.r.random() >= 1 / 6:
        return ""
    kind = m.r.choice((*BEFORE, "low_execution", "off_rule"))
    return kind if kind not in BEFORE or BEFORE[kind](m, rows, before) else ""


def after_points(m: Maker, rows: list[Row], kind: str) -> float:
    """The rate of execution, and what is odd in the points."""
    r = m.r
    rate = min(1.0, 1 - abs(r.gauss(0, 0.06)))
    if kind == "full_marks":
        return 1.0
    if kind == "low_execution":
        for row in rows[1:]:
            row |= {"points": row["weight"], "rule_points": row["weight"]}
        return r.uniform(0.15, 0.64)
    if kind == "off_rule":
        row = r.choice(rows)
        row["override"] = row["points"] = (
            f"{max(0.0, float(row['points']) + r.choice((-1.5, -0.5, 0.5, 1.0, 2.0))):.2f}"
        )
    elif all(row["points"] == row["weight"] for row in rows):
        rows[-1]["actual"]["tier"] = "partial"  # an honest project is not perfect
        score(rows[-1])
    return rate


def is_lax(row: Row, old: Row) -> bool:
    """A limit of cost far above what was paid a year before."""
    asked, paid = row["target"]["value"], old["actual"]["value"]
    return (
        bool(row["target"]["kind"] == old["target"]["kind"] == "cost" and asked and paid)
        and float(asked) > float(paid) / 0.7
    )


def main() -> None:
    """Writes the province."""
    folder, m = Path(sys.argv[1]), Maker(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
    silence = random.Random(f"{m.r.random()}")  # noqa: S311
    for number in range(UNITS):
        silent_from = YEARS[1:][silence.randrange(2)] if silence.random() < 0.07 else 0
        unit = f"{TOWNS[number % len(TOWNS)]}{HOUSES[number // len(TOWNS) % len(HOUSES)]}"
        last: dict[int, Row] = {}
        for year in YEARS:
            if silent_from and year >= silent_from:
                m.truth["absent"] |= {(unit, year - 1, one["id"]) for one in last.values()}
                break
            made: dict[int, Row] = {}
            for at in range(PROJECTS):
                if at in last and m.r.random() < 0.015:
                    m.truth["missing"].add((unit, year - 1, last[at]["id"]))
                    continue
                if year > YEARS[0] and at not in last:
                    continue
                made[at] = one_project(m, unit, year, f"X{at * 7 + year % 3:03}", f"{number}/{at}", last.get(at))
            place = folder / "units" / f"{unit}-{year}"
            place.mkdir(parents=True, exist_ok=True)
            card = {"schema": "selfeval.scorecard/1", "evaluation": {"id": f"{unit}-{year}", "year": year, "unit": unit},
                    "rules": {"id": "mof-2021"}, "unit": None, "projects": list(made.values())}  # fmt: skip
            (place / "scorecard.json").write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")
            last = made
    truth = {kind: sorted(found) for kind, found in sorted(m.truth.items())}
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
