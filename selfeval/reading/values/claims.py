"""What a cell claims beside its result (`低于目标7个百分点`, `完成率96%`), and whether that agrees with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from selfeval.base.frozen import made_quickly
from selfeval.base.model import PERCENT
from selfeval.base.text import shorten
from selfeval.reading.values.clauses import NUMBERS, OTHER, Clause, Question, base_of, label_of
from selfeval.reading.values.quantities import NUMBER
from selfeval.reading.values.rests import tells_of_some
from selfeval.reading.values.roles import BESIDES, TAKEN, ClauseRole
from selfeval.reading.values.shares import is_share
from selfeval.reading.values.units import BARE, unit_at
from selfeval.reading.values.wording import NUMBER_LETTER, Token

_BETTER = re.compile("超额|优于|好于")
_KEEPS_TO = re.compile("[不未][^，。；\\d]{0,2}[低少小短高超大多长晚迟]")
_MORE, _LESS = re.compile("高|超|多|大于|突破|增"), re.compile("低|少|不及|小于|差|缺|落后")
_OF_OTHERS = re.compile("超标(?!准)|超限|逾期|[延误]误|延迟|延期|推迟")
"""Words of excess that without a number speak of something else than the result."""
_LEFT = re.compile("剩|其余|余下")
_BALANCE = re.compile("(?:[年期]末|贷款|存款)[^，。；\\d]{0,4}余额")
"""`新增投放3120万元，年末余额1.2亿元`: all there is, and no gap."""
_EARLY_PART = re.compile(
    r"上半年|(?:前|第)?[一二三1-3两]个?季度|1[至到~-](?:[2-9]|1[01])月|截[至止]到?(?:\d{4}年)?0?[1-9]月(?:[底末]|\d{1,2}[日号])?"
)
_ONE_PERIOD = re.compile(
    rf"{_EARLY_PART.pattern}|(?:假日|节假日|春节|国庆|五一|暑假|寒暑?假|黄金周|高峰|汛)(?:期间|期)|[丰枯平]水期|[淡旺]季|"
    rf"下半年|(?<![\d.])\d{{1,2}}月份|[一二三四1-4]季度"
)
_MEAN = re.compile("年均|平均|浓度")
_DECIMALS = re.compile(r"[\d,]*\.?(\d*)")

Roles = Sequence[tuple[Clause, ClauseRole]]
Base = tuple[Decimal, str]
"""A number a gap may be counted from, and its unit."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Claim:
    """How far from the target, on which side of it, or what share of it. `slack`: half of the last digit written."""

    text: str
    sign: int = 0
    value: Decimal | None = None
    unit: str = ""
    slack: Decimal = Decimal(0)
    not_reached: bool = False
    share: bool = False
    rest: bool = False
    some: bool = False
    denied: bool = False
    flawed: bool = False
    left: bool = False
    part_of_year: bool = False


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A value that was read, its target, the unit of both, whether it reaches the target; numbers of plan and past."""

    value: Decimal
    target: Decimal
    unit: str
    met: bool
    less: bool = False
    bases: tuple[Base, ...] = ()


def claims_of(clauses: Roles, question: Question) -> list[Claim]:
    """Everything a cell claims about its result; a day may be said to be early or late."""
    dated = question.dated
    found = short_of(clauses)
    for clause, role in clauses:
        found += [Claim(t.text, not_reached=True, value=number_in(t.text)) for t in clause.of("Z")]
        found += [replace(gap(t, 1), share=True) for t in clause.of(OTHER) if is_share(clause, t)]
        found += [Claim(t.text) for t in clause.of("r")]
        late = dated and bool(clause.of("Ee"))
        found += gaps_of(clause, dated=dated) if role is ClauseRole.GAP or late else []
        denied = "X" in clause.letters
        numbers = clause.of(NUMBERS) if role is ClauseRole.REST else []
        numbers = [t for t in numbers if t.letter != OTHER or not _HANDLED.search(label_of(clause, t))]
        found += [
            replace(gap(t, -1), rest=True, denied=denied, flawed=is_flawed(clause) or is_found(clause, question))
            for t in numbers
            if denied or base_of(t) == PERCENT
        ]
    return found


def part_of_year(words: str) -> list[Claim]:
    """`上半年1500人次`, `截至6月底1500人次`: what was done in a part of the year says nothing of the rest of it."""
    early = _EARLY_PART.search(words)
    return [Claim(early.group(), part_of_year=True)] if early else []


def other_period(words: str, question: Question) -> list[Claim]:
    """`95%（上半年）`, `11月份33`: a rate or a mean of a part of the year is not that of the year."""
    mean = question.unit == PERCENT or _MEAN.search(question.words)
    part = _ONE_PERIOD.search(words) if mean and "满意" not in question.words else _EARLY_PART.search(words)
    other = part is not None and not question.dated and part.group() not in question.words
    return [Claim(part.group(), not_reached=True)] if part and other else []


def short_of(clauses: Roles) -> list[Claim]:
    """`3次，第4次因雨取消`: behind the number it says that something is lacking; before a total it does not."""
    last = max(
        (i for i, (c, r) in enumerate(clauses) if r in TAKEN and NUMBER_LETTER in c.letters), default=len(clauses)
    )
    behind = [c for c, r in clauses[last:] if r is ClauseRole.REST and not c.of(NUMBERS)]
    return [Claim(c.words, not_reached=True, some=tells_of_some(c)) for c in behind if {"X", "C"} & set(c.letters)]


def gaps_of(clause: Clause, *, dated: bool) -> list[Claim]:
    """The differences a clause names, with their sign."""
    signs = [t.sign for t in clause.tokens if t.sign] or [
        1 if _MORE.search(t.text) else -1 for t in clause.of("KS") if _MORE.search(t.text) or _LESS.search(t.text)
    ]
    sign = 0 if _KEEPS_TO.search(clause.words) else signs[-1] if signs else 0
    numbers = clause.of(NUMBERS)
    left = any(_LEFT.match(t.text) for t in clause.of("e"))
    if left and not numbers:
        return []  # 其余正在实施
    if numbers and BESIDES.match(clause.words) and set("WPpGX") & set(clause.letters):
        return []  # 另有5项待授权
    if left and set("WPpYX") & set(clause.letters):  # 剩余10人明年实施
        return [replace(gap(t, -1), left=True) for t in numbers if t.value is not None]
    if _BALANCE.match(clause.words) or (not numbers and not dated and _OF_OTHERS.search(clause.words)):
        return []  # 年末余额1.2亿元; 两处水厂浊度超标
    if not numbers:  # 不低于目标值
        return [Claim(clause.words, 0 if _BETTER.search(clause.words) else sign)]
    return [gap(t, sign) for t in numbers if t.value is not None and not label_of(clause, t)]


def number_in(words: str) -> Decimal | None:
    """The number that words of denial name."""
    match = NUMBER.search(words)
    return Decimal(match.group().replace(",", "")) * unit_at(words, match.end())[0].scale if match else None


def gap(number: Token, sign: int) -> Claim:
    """A difference, exact to half of its last digit."""
    unit, decimals = number.unit or BARE, _DECIMALS.match(number.text)
    digits = len(decimals[1]) if decimals else 0
    return Claim(number.text, sign, number.value, unit.base, unit.scale.scaleb(-digits) / 2)


def bases_of(clauses: Roles) -> list[Base]:
    """Numbers a gap may be counted from: those of the plan and of another year."""
    told = [c for c, r in clauses if r in (ClauseRole.PLAN, ClauseRole.OTHER_YEAR)]
    return [(t.value, base_of(t)) for c in told for t in c.of(NUMBERS) if t.value is not None]


def contradiction(claims: Sequence[Claim], result: ClaimResult) -> str:
    """The claim that does not agree with the result; empty where all do."""
    wrong = next((claim for claim in claims if not agrees(claim, result)), None)
    return shorten(wrong.text) if wrong else ""


def agrees(claim: Claim, result: ClaimResult) -> bool:
    """Whether a result lies where a claim says."""
    if claim.not_reached or claim.part_of_year:
        return agrees_with_miss(claim, result)
    if claim.flawed and claim.value and claim.unit not in {result.unit, "", PERCENT}:
        return result.unit != PERCENT or result.value < 1  # 100%验收，不合格2台
    if (claim.left and result.met) or fits_rest(claim, result):
        return True
    if claim.value is None:
        return result.met if claim.sign == 0 else (result.value - result.target) * claim.sign > 0
    bases = [result.target, *(base for base, unit in result.bases if unit in {result.unit, ""})]
    if claim.share:
        return any(base and abs(result.value / base - claim.value) <= claim.slack for base in bases)
    elsewhere = claim.unit not in {result.unit, "", PERCENT}
    return elsewhere or (claim.sign != 0 and any(lies_apart(claim, claim.value, result, base) for base in bases))


def agrees_with_miss(claim: Claim, result: ClaimResult) -> bool:
    """`没有达标`, `未达到99%的市定目标`, `上半年50人`: what is said of a result that is not all of it."""
    if claim.some and result.unit == PERCENT and result.value < 1:
        return True  # 99.1%，个别账户信息有误
    if claim.not_reached and claim.value is not None and claim.value != result.target:
        return result.value > claim.value if result.less else result.value < claim.value
    return (claim.part_of_year and not result.less) if result.met else claim.not_reached


_FLAWED = re.compile("不合格|不达标|有问题|异常|阳性|疑似")


def is_flawed(clause: Clause) -> bool:
    """`抽检1600批次，不合格10批次已处置`: what was found, not what was left undone."""
    return bool(_FLAWED.match(clause.words)) and "F" not in clause.letters


_HANDLED = re.compile("(?:报告|处置|处理|整改|办结|控制|复检|转诊|追踪|查处|治疗|管理)率$")
"""`异常反应报告率100%`: a rate of its own, of what went wrong."""
_EXAMINES = re.compile("筛查|体检|检测|监测|抽检|核查|检查|排查|清查|复核|审核|抽查|巡查|普查|摸排|核实")
_DROPPED = re.compile("(?:查扣|查处|查获|暂扣|筛出|检出|发现|确诊|清退|剔除|停发|注销|取消|退出|查出|不符合)")


def is_found(clause: Clause, question: Question) -> bool:
    """`核查2100户，清退35户`: what an examination led to."""
    return bool(_DROPPED.match(clause.words) and _EXAMINES.search(question.words))


def fits_rest(claim: Claim, result: ClaimResult) -> bool:
    """`93%，没有达到95%` names the target that was missed; `满意度95%，不满意2%` leaves room for others."""
    if not claim.rest or claim.value is None:
        return False
    if claim.flawed and claim.unit == result.unit != PERCENT and claim.value < result.value:
        return True
    if claim.denied and claim.value == result.target:
        return not result.met
    return claim.unit == result.unit == PERCENT and result.value + claim.value <= 1


def lies_apart(claim: Claim, gap_: Decimal, result: ClaimResult, base: Decimal) -> bool:
    """Whether value = base ± gap, as an amount or as a share of the base."""
    away, amount = result.value - base, claim.sign * gap_
    if not claim.rest and gap_ == base and away * claim.sign > 0:
        return True  # 低于目标值90%
    if claim.unit in {result.unit, ""} and abs(away - amount) <= claim.slack:
        return True
    if claim.unit == result.unit == PERCENT and result.value + gap_ == 1:
        return True  # 96%合格，其余4%
    points = "点" in claim.text  # 7个百分点 is no share of the target
    return claim.unit == PERCENT and not points and bool(base) and abs(away / base - amount) <= claim.slack


def date_contradiction(claims: Sequence[Claim], late: int, *, planned: bool) -> str:
    """A day beside `提前11天` or `延期`: `late`: its days after the target; `planned`: a plan is told too."""
    for claim in claims:
        if claim.not_reached or claim.value is None:
            fits = late > 0 if claim.not_reached or claim.sign > 0 else late <= 0
        elif claim.unit == "天" and not planned:
            fits = abs(late - claim.sign * claim.value) <= 1
        else:
            fits = (late > 0) is (claim.sign > 0)
        if not fits and (claim.sign or claim.not_reached):
            return shorten(claim.text)
    return ""
