"""Sentences as clerks write them into 实际完成值, built from a clause of each sort, with what they may score.

The words here are a clerk's, chosen without regard to the program's own vocabulary. Every sentence knows its value: the
number that is said to be done, or None where nothing may be scored. `numbers(rng)` makes one about a count, a rate, an
amount or a length of time, `days(rng)` one about a date.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

YEAR = 2023


@dataclass(frozen=True)
class Sentence:
    """A target row and an actual beside it; `value`: what is done, in the target's written unit, or None."""

    target: str
    name: str
    level2: str
    actual: str
    value: int | date | None
    sort: str


@dataclass(frozen=True)
class Measure:
    """What is counted: its unit, the target's number, an activity, whether less is better."""

    unit: str
    target: int
    name: str
    level2: str
    act: str
    less: bool = False

    def text(self, number: int) -> str:
        """A number with the unit."""
        return f"{number}{self.unit}"


MEASURES = (
    Measure("人", 400, "参训人数", "数量指标", "培训"),
    Measure("户", 250, "改造户数", "数量指标", "改造"),
    Measure("场", 60, "演出场次", "数量指标", "举办"),
    Measure("公里", 80, "硬化里程", "数量指标", "硬化"),
    Measure("%", 90, "合格率", "质量指标", ""),
    Measure("%", 10, "设备故障率", "质量指标", "", less=True),
    Measure("万元", 300, "设备购置成本", "成本指标", "支付", less=True),
    Measure("天", 30, "审批时限", "时效指标", "", less=True),
)

DONE = (
    "{n}", "完成{n}", "已完成{n}", "实际完成{n}", "实际{n}", "共{n}", "全年{n}", "累计{n}", "共计{n}",
    "达到{n}", "本年{n}", "截至年底完成{n}", "今年{n}", "实际为{n}", "实际{act}{n}", "共{act}{n}",
    "已{act}{n}", "全年共{act}{n}", "按计划完成{n}", "2023年{n}", "顺利完成{n}", "{name}{n}", "实际完成值{n}",
)  # fmt: skip
SAID_DONE = (
    "实际完成{n}", "实际{n}", "实际为{n}", "实际{act}{n}", "实际达到{n}", "实际完成值为{n}", "最终完成{n}",
    "已完成{n}",
)  # fmt: skip
PLANNED = (
    "计划{n}", "原计划{n}", "年初计划{n}", "计划{act}{n}", "目标{n}", "目标值{n}", "任务{n}", "预计{n}",
    "应{act}{n}", "原定{n}", "计划完成{n}", "年度目标{n}", "计划数为{n}", "要求完成{n}", "预期{n}",
)  # fmt: skip
AHEAD = (
    "拟完成{n}", "将完成{n}", "预计完成{n}", "预计可达{n}", "力争达到{n}", "争取完成{n}", "确保{n}",
    "有望达到{n}", "准备{act}{n}", "应达到{n}", "需完成{n}", "计划明年完成{n}", "正在{act}{n}", "待{act}{n}",
    "如资金到位可完成{n}", "下一步完成{n}", "{n}（预计）", "{n}（计划数）", "{n}，为计划数", "{n}为目标值",
    "可达{n}", "必须达到{n}", "务必完成{n}",
)  # fmt: skip
DENIED = (
    "没有完成{n}", "未完成{n}", "未达到{n}", "尚未完成{n}", "未能完成{n}", "没达到{n}", "不满{n}", "不及{n}",
    "{n}未完成", "{n}没有完成", "{n}，未完成", "实际未完成{n}", "未实际{act}{n}", "并未达到{n}", "无法完成{n}",
    "不能达到{n}", "达不到{n}", "{n}（未完成）", "{n}不属实", "难以达到{n}", "{n}尚未落实", "没{act}{n}",
    "不是{n}",
)  # fmt: skip
DROPPED = (
    "因故取消", "已取消", "因疫情取消", "后取消", "项目终止", "暂停实施", "未实施", "尚未开展", "没有开展",
    "已搁置", "被叫停",
)  # fmt: skip
OTHER_YEAR = (
    "去年{n}", "上年{n}", "上年度{n}", "2022年{n}", "2022年度完成{n}", "去年完成{n}", "去年同期{n}",
    "上年同期{n}", "上一年度{n}", "往年{n}", "前年{n}", "去年实际完成{n}", "上年度共{act}{n}", "2024年{n}",
    "明年{n}",
)  # fmt: skip
ABOUT_ANOTHER = (
    "{n}（去年）", "{n}（2022年）", "{n}，为上年数", "{n}（上年度数据）", "{n}，系2022年数据",
)  # fmt: skip
APART = (
    "比目标{more}{n}", "较目标{more}{n}", "比计划{more}{n}", "超出目标{n}", "与目标相差{n}", "距目标差{n}",
    "还差{n}", "较上年{more}{n}", "比去年{more}{n}", "同比{change}{n}", "{change}{n}", "缺口{n}",
    "{change}了{n}", "其中{n}", "剩余{n}",
)  # fmt: skip
REMARKS = (
    "效果良好", "验收合格", "资料齐全", "群众满意", "无投诉", "未发生安全事故", "达到预期效果", "运行正常",
    "未发现问题", "见附件", "手续完备", "全部合格", "不存在违规", "没有出现质量问题", "详见台账",
)  # fmt: skip
GAPS_MORE = ("比目标多{g}", "超目标{g}", "高于目标{g}", "较目标高{g}", "超出目标值{g}")
GAPS_LESS = ("比目标少{g}", "低于目标{g}", "较目标低{g}", "比目标值低{g}", "距目标差{g}")
LAST_YEAR = ("去年{m}", "上年{m}", "2022年{m}", "上年度{m}", "上年同期{m}")
COMMAS = ("，", "；", "。", ", ", "、")


def pick(rng: random.Random, patterns: tuple[str, ...], measure: Measure, number: int, **more: str) -> str:
    """One of the patterns filled in."""
    change = rng.choice(("增加", "减少", "提高", "下降"))
    words = {"act": measure.act, "name": measure.name, "change": change, "more": rng.choice("多少高低"), **more}
    return rng.choice(patterns).format(n=measure.text(number), **words)


def near(rng: random.Random, measure: Measure) -> int:
    """A number near the target, as actuals are."""
    return max(2, round(measure.target * rng.uniform(0.6, 1.3)))


def plainly_done(rng: random.Random, measure: Measure) -> tuple[str, int]:
    """`实际完成{n}，效果良好`."""
    done = near(rng, measure)
    remark = rng.choice(("，", "；", "。")) + rng.choice(REMARKS) if rng.random() < 0.5 else ""
    return pick(rng, DONE, measure, done) + remark, done


def planned_and_done(rng: random.Random, measure: Measure) -> tuple[str, int]:
    """`原计划{n}，因疫情影响，实际完成{n}`."""
    done, because = near(rng, measure), rng.choice(("", "", "受疫情影响，", "因资金调整，", "经各方努力，"))
    planned = pick(rng, PLANNED, measure, measure.target)
    return f"{planned}{rng.choice('，；、')}{because}{pick(rng, SAID_DONE, measure, done)}", done


def done_of_planned(rng: random.Random, measure: Measure) -> tuple[str, int]:
    """`实际完成{n}（计划{n}）`."""
    done = near(rng, measure)
    planned = pick(rng, ("计划{n}", "目标{n}", "目标值{n}", "年初计划{n}"), measure, measure.target)
    said = pick(rng, ("{n}", "实际完成{n}", "完成{n}"), measure, done)
    return rng.choice((f"{said}（{planned}）", f"{said}，{planned}")), done


def this_year_and_last(rng: random.Random, measure: Measure) -> tuple[str, int]:
    """`去年{m}，今年{n}`."""
    done, before = near(rng, measure), near(rng, measure)
    last = rng.choice(LAST_YEAR).format(m=measure.text(before))
    this = pick(rng, ("今年{n}", "本年{n}", "2023年{n}", "本年度完成{n}"), measure, done)
    return rng.choice((f"{last}，{this}", f"{this}，{last}", f"{this}（{last}）")), done


def with_its_gap(rng: random.Random, measure: Measure, *, true: bool) -> tuple[str, int | None]:
    """`83%，低于目标7个百分点`, and one that does not add up."""
    gap = rng.randint(2, max(3, measure.target // 5))
    more = rng.random() < 0.5
    done = measure.target + gap if more else measure.target - gap
    told = gap if true else gap + rng.choice((1, 3))
    unit = "个百分点" if measure.unit == "%" else measure.unit
    words = rng.choice(GAPS_MORE if more else GAPS_LESS).format(g=f"{told}{unit}")
    said = pick(rng, ("{n}", "实际完成{n}", "完成{n}"), measure, done)
    return f"{said}，{words}", done if true else None


def with_its_parts(rng: random.Random, measure: Measure, *, true: bool) -> tuple[str, int | None]:
    """`共{n}，其中甲{a}，乙{b}`, and one that does not add up."""
    done = near(rng, measure) + 4
    first = rng.randint(1, done - 2)
    second = done - first + (0 if true else rng.choice((1, 2, 5)))
    names = rng.choice((("城区", "乡镇"), ("上半年", "下半年"), ("甲组", "乙组")))
    a, b = (f"{name}{measure.text(part)}" for name, part in zip(names, (first, second), strict=True))
    total = measure.text(done)
    within = f"{total}，其中{a}，{b}"
    forms = (within, f"共{within}", f"{total}（其中{a}、{b}）", f"{a}，{b}，合计{total}", f"{total}（{a}，{b}）")
    return rng.choice(forms), done if true else None


def not_done(rng: random.Random, measure: Measure) -> tuple[str, None]:
    """A number that is planned, denied, of another year or a difference, with or without what came of it."""
    sorts = (PLANNED, AHEAD, DENIED, OTHER_YEAR, ABOUT_ANOTHER, APART)
    text = pick(rng, rng.choice(sorts), measure, near(rng, measure))
    tail = rng.random()
    if tail < 0.25:
        text += rng.choice(COMMAS[:4]) + rng.choice(DROPPED)
    elif tail < 0.4:
        text += rng.choice(COMMAS[:4]) + rng.choice(REMARKS)
    return text, None


def given_up(rng: random.Random, measure: Measure) -> tuple[str, None]:
    """`{n}，因故取消`: a bare number and what undoes it."""
    said = pick(rng, ("{n}", "{act}{n}", "{name}{n}"), measure, near(rng, measure))
    return said + rng.choice(("，", "；", "。", "")) + rng.choice(DROPPED), None


def numbers(rng: random.Random) -> Sentence:
    """A sentence about a number."""
    measure = rng.choice(MEASURES)
    adds_up = rng.random() < 0.6
    sorts = [plainly_done, planned_and_done, done_of_planned, this_year_and_last, given_up, *[not_done] * 3]
    if measure.unit != "%":
        sorts.append(lambda r, m: with_its_parts(r, m, true=adds_up))
    sorts.append(lambda r, m: with_its_gap(r, m, true=adds_up))
    make = rng.choice(sorts)
    text, value = make(rng, measure)
    sign = "≤" if measure.less else "≥"
    return Sentence(f"{sign}{measure.text(measure.target)}", measure.name, measure.level2, text, value, make.__name__)


KEPT = (
    "{d}", "{d}完成", "{d}完工", "已于{d}完成", "于{d}竣工", "{d}竣工验收", "{d}全部完成", "实际{d}完成",
    "{d}完成并通过验收", "{d}交付使用",
)  # fmt: skip
NOT_KEPT = (
    "未在{d}完成", "{d}未完成", "计划{d}完成", "预计{d}完工", "拟于{d}完成", "将于{d}完成", "{d}开工",
    "{d}完成50%", "{d}完成80%", "{d}尚未完工", "应于{d}完成", "力争{d}完工", "{d}未能完成", "{d}仍在施工",
    "没有在{d}完成", "{d}部分完成", "{d}基本完成", "{d}完成主体工程", "{d}启动", "{d}暂停", "{d}取消",
    "目标{d}", "要求{d}完成", "争取{d}完成", "{d}完成过半", "确保{d}完成",
)  # fmt: skip
AFTERWARDS = (
    "，未完工", "，尚未验收", "，因故取消", "，未能交付", "，仍在推进",
)  # fmt: skip
DATE_REMARKS = (
    "", "", "，质量合格", "，验收合格", "，资料已归档", "，未发生安全事故", "，无延期", "（见验收报告）",
)  # fmt: skip
DEADLINE = date(YEAR, 12, 31)


def day_text(rng: random.Random, day: date) -> str:
    """A day as people write it."""
    forms = ["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}"] + (["{m}月{d}日"] if day.year == YEAR else [])
    return rng.choice(forms).format(y=day.year, m=day.month, d=day.day)


def days(rng: random.Random) -> Sentence:
    """A sentence about a date."""
    day = DEADLINE - timedelta(days=rng.randint(-60, 200))
    done = rng.choice(KEPT).format(d=day_text(rng, day))
    before = rng.choice(NOT_KEPT).format(d=day_text(rng, DEADLINE))
    form = rng.randrange(6)
    if form == 0:
        text, value = before + rng.choice(("", "", "，因故取消", "，质量合格")), None
    elif form == 1:
        text, value = done + rng.choice(AFTERWARDS), None
    elif form == 2:
        planned = rng.choice(("计划{d}完成", "原定{d}", "目标{d}", "原计划{d}完工")).format(d=day_text(rng, DEADLINE))
        text, value = f"{planned}，实际{day_text(rng, day)}完成", day
    else:
        text, value = done + rng.choice(DATE_REMARKS), day
    return Sentence("2023年12月31日前", "完工时间", "时效指标", text, value, f"days {form}")


def sentence(rng: random.Random) -> Sentence:
    """Any sentence; one in four is about a date."""
    return days(rng) if rng.random() < 0.25 else numbers(rng)
