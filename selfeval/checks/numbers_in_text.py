"""Numbers of a project's table beside numbers of its texts: what they are about, and whether they agree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from selfeval.base.display import shown_value
from selfeval.base.exact import fixed
from selfeval.base.model import PERCENT, YUAN, Indicator, Scorecard, Target
from selfeval.base.text import comparable, fold, shorten
from selfeval.reading.values.measured import Quantity
from selfeval.reading.values.quantities import measures_in
from selfeval.reading.values.targets import TIMES
from selfeval.reading.values.units import is_money

MAX_TEXT = 20_000
SHORT_LABEL = 4
"""A name shorter than this says too little to be sure what a number is about."""

PART = 3
"""A word of so many characters at the end of one name only (满意度) says what a number is about."""

DOING = re.compile(
    "完成|新建|建成|建设|改造|维修|修建|修复|培训|发放|举办|开展|组织|购置|采购|安装|新增|救助|补助|资助|种植|绿化|治理|"
    "养护|检测|监测|检查|更换|清理|清运|疏浚|处置|巡查|排查|走访|慰问|演出|采集|编制|印发|出版|修缮|拆除|整治|检修|升级|铺设|"
    "硬化|架设|创建|引进|扶持|奖励|安置|体检|接种|筛查|放映|调解|帮扶|栽植|补植|清淤|敷设|搭建|搬迁|抽检|抽查|宣讲|演练|巡护|投放|配备|配发|培育|放流|打造|创作|受理|开办|举行|召开|承办|整修"
)
"""Words of what a project does, before a number that is its own."""

_SPENT = re.compile(
    "(?:本|项目|资金|预算|经费|实际|已|截至年底)*(?:全年|年度|总|共|合计|本年|当年)(?:本|项目|资金|预算|经费|实际|已|共|累计)*(?:支出|支付|执行|使用)(?:数|额|资金|总额|金额)?"
)
"""Words that say that an amount is all that was spent in the year."""

_GRANTED = re.compile("(?:本|项目|年初|全年|年度|本年|当年|调整后)*预算(?:数|额|资金|总额|金额|安排)*")
_FULLY = re.compile("[已均]?(?:全部|全额|足额|如数|及时)*(?:到位|下达|拨付)?[。.]?")
_TELLING = re.compile("^(?:问卷|调查|测评|结果|显示|表明|统计|经|据|总体|平均|最终|实际)+")
_ASKED = re.compile(
    "^(?:受访|受调查|参训|参加|受益|服务)(?:居民|群众|对象|人员|学员|者|人)*|^(?:总体|整体|平均|综合|最终|实际|全年|全部|本?项目)+"
)
"""Who was asked or taught, where the table says it in other words or not at all: 参训人员就业率."""
_THERE_ARE = re.compile("(?:现已|已|现|共|累计)(?:有|达到?|为)?")
_AMONG = re.compile("其中[^，,；;。]*$")
_DONE = re.compile("^(?:全年|本年|年内|项目|实际|已|共|累计|实施|完成|开展|进行|了)+")
_MEASURED = re.compile("(?:长度|里程|面积|数量|人数|户数|次数|场次|总数|总量|规模|亩数|公里数|量|数)$")
"""Words before what was done, and words behind it that tell how it is measured."""
_TAKING_PART = re.compile("^(?:参加|参与|接受|进行|的|了)+")
_ANOTHER = re.compile("其中|包括|每|平均|[人日月年户亩]均|累计|历年|共有|现有|原有|剩余|还有|另|超|比|分别|第")

OTHER_TIME = re.compile(
    r"(?:截[至止]|前)\x00|上年|去年|往年|前年|下年|明年|上半年|季度|(?<!\d)(?:[1-9]|1[01])月|同比|计划|预计"
)
"""Words that say a number is not of the end of this year; the days of a clause stand in it as NUL."""

_SENTENCE = re.compile("[。；;\n]")
_TIME = re.compile(
    "[上下]半年|[春夏秋冬]季|[一二三四1-4]季度|汛期?前|(?<!\\d)(?:[1-9]|1[0-2])月|20\\d\\d年|上年|去年|往年|年[底末终]|(?<!年)全年|本年|今年|当年|实际"
)
_END = re.compile("12月|年[底末终]|全年|本年|今年|当年|实际")
"""Times that a text names, and those of them that are the whole year or its end."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the table: what it is about, and every value the table gives for it."""

    name: str
    values: tuple[Decimal, ...]
    unit: str
    actual: Decimal | None = None


LONGEST = 40
"""A label longer than this is no part of a name."""


class Known:
    """The numbers of a table as a text looks them up: by unit, by whole name, by how a name ends."""

    def __init__(self, facts: Iterable[Fact], money: Mapping[str, Fact] | None = None) -> None:
        self.money = money or {}
        self.of_unit: defaultdict[str, list[Fact]] = defaultdict(list)
        self.named: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        self.ending: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in facts:
            self.of_unit[fact.unit].append(fact)
            self.named[fact.unit, fact.name].append(fact)
            for length in range(PART, min(len(fact.name), LONGEST) + 1):
                self.ending[fact.unit, fact.name[-length:]].append(fact)
        self.longest = max((len(name) for _, name in self.named), default=0)

    def amounts(self, label: str) -> tuple[Fact, ...]:
        """What a label says of the budget: all that was spent, the budget itself, one source of funds."""
        name = SPENT if _SPENT.fullmatch(label) else GRANTED if _GRANTED.fullmatch(label) else label
        return (self.money[name],) if name in self.money else ()

    def in_label(self, unit: str, label: str) -> list[Fact]:
        """The facts whose name a label ends with."""
        starts = range(max(0, len(label) - self.longest), len(label) - SHORT_LABEL + 1)
        return [fact for start in starts for fact in self.named.get((unit, label[start:]), ())]


def parts_of(target: Target) -> tuple[Target, ...]:
    """A target's measurable parts: those of a compound cell, else itself."""
    return target.parts or (target,)


def facts(indicators: Iterable[Indicator]) -> list[Fact]:
    """Every measured number of a project's table, with the values of target and actual."""
    return [fact for indicator in indicators for fact in facts_of(indicator)]


def facts_of(indicator: Indicator) -> Iterator[Fact]:
    """The numbers of one row: one, or those of a compound cell."""
    actuals = indicator.actual.parts or (indicator.actual,)
    for i, target in enumerate(parts_of(indicator.target)):
        if target.value is None:
            continue
        actual = actuals[i].value if i < len(actuals) else None
        values = tuple(v for v in (target.value, target.upper, actual) if v is not None)
        name = f"{indicator.level3}{target.label}" if indicator.target.parts else indicator.level3
        yield Fact(called(name), values, target.unit, actual)


def called(name: str) -> str:
    """A name for comparing: 满意率 is 满意度."""
    return comparable(name).replace("满意率", "满意度")


SPENT, GRANTED = "执行", "预算"


def money_of(card: Scorecard) -> Mapping[str, Fact]:
    """The amounts of a budget, as a text may say them: what was spent, what was granted, each source of funds."""
    budget, funds = card.budget, card.project.funds
    granted = [budget.adjusted, budget.initial, *(a for fund in funds for a in (fund.initial, fund.adjusted))]
    spent = [budget.executed, *granted[:2], *(fund.executed for fund in funds)]
    named = {SPENT: spent if budget.executed else [], GRANTED: granted if budget.adjusted else []}
    for fund in funds:
        named.setdefault(called(fund.source), []).extend((fund.initial, fund.adjusted, fund.executed))
    amounts = {name: tuple(dict.fromkeys(filter(None, listed))) for name, listed in named.items()}
    paid = {SPENT: budget.executed}
    return {name: Fact(name, listed, YUAN, paid.get(name)) for name, listed in amounts.items() if listed}


def quantities(text: str, year: int) -> list[Quantity]:
    """The numbers of a text."""
    return [m for m in measures_in(fold(text)[:MAX_TEXT], year).measures if isinstance(m, Quantity)]


def of_the_year(text: str, year: int) -> list[Quantity]:
    """The numbers of a text that hold for the year as a whole: none of 上半年, of 6月底, of the year before."""
    return [
        m for s in _SENTENCE.split(fold(text)[:MAX_TEXT]) for m in quantities(s, year) if not is_of_a_part(m, s, year)
    ]


def is_of_a_part(measure: Quantity, sentence: str, year: int) -> bool:
    """Whether the last time named before a number is no end of the year. The days of a clause stand in it as NUL."""
    clause = re.escape(measure.clause[: measure.start]).replace("\x00", ".")
    found = re.search(clause, sentence)
    named = _TIME.findall(sentence[: found.end()]) if found else []
    return bool(named) and not (_END.fullmatch(named[-1]) or named[-1] == f"{year}年")


def apart(measures: Sequence[Quantity], known: Sequence[Fact], least: int = 1) -> list[Quantity]:
    """Those that are not together what the table has: 新建5所、改造3所 of 8所; `least`: so many make a sum."""
    sums: dict[str, list[Decimal]] = {}
    for measure in measures:
        sums.setdefault(measure.unit.base, []).append(measure.value)
    whole = {(fact.unit, value) for fact in known if fact.unit != PERCENT for value in fact.values}
    made = {unit for unit, parts in sums.items() if len(parts) >= least and (unit, sum(parts)) in whole}
    return [m for m in measures if m.unit.base not in made]


def written(measure: Quantity) -> str:
    """A number as it stands in its text, with the end of what it is about: `…加工中剩余120 万页`."""
    label = measure.label if len(measure.label) <= 12 else f"…{measure.label[-12:]}"
    return f"{label}{measure.clause[measure.start : measure.end]}"


def says(measure: Quantity, value: Decimal) -> bool:
    """Whether a number of a text is this value, rounded to the digits it is written with (86.6% for 86.598%)."""
    digits = re.search(r"\.(\d+)", measure.clause[measure.start : measure.end])
    count = len(digits[1]) if digits else 0
    scale = Fraction(measure.unit.scale)
    ours, theirs = (fixed(Fraction(v) / scale, count) for v in (measure.value, value))
    return ours == theirs if digits or measure.unit.scale != 1 else measure.value == value


def answers(measure: Quantity, fact: Fact) -> bool:
    """Whether a number of the table is about the same thing as a number of the text."""
    label = called(measure.label)
    return measure.unit.base == fact.unit and bool(label) and (label in fact.name or fact.name in label)


def facts_about(measure: Quantity, known: Known) -> Sequence[Fact]:
    """The numbers of the table a text speaks of: by the whole name, by a part of it, by the only thing so counted."""
    unit, label = measure.unit.base, _TELLING.sub("", called(measure.label))
    if unit == YUAN and (amounts := known.amounts(called(measure.label))):
        alone = measure.clause[: measure.start].rstrip("为是达共计：:") == measure.label
        return amounts if alone and _FULLY.fullmatch(measure.clause[measure.end :].strip()) else ()
    about = known.in_label(unit, label) or known.ending.get((unit, label), [])
    if not about and unit == PERCENT:
        about = known.ending.get((unit, _ASKED.sub("", _ASKED.sub("", label))), [])
    if about or is_money(unit) or unit in {"", PERCENT, *TIMES}:
        return about
    same_unit = known.of_unit.get(unit, [])
    core = core_of(_DONE.sub("", label))
    if len(core) > 1 and len(meant := [fact for fact in same_unit if core_of(fact.name) == core]) == 1:
        return () if _ANOTHER.search(measure.clause) else meant
    if len(same_unit) != 1 or _ANOTHER.search(measure.clause):
        return ()
    named = shares_words(measure, same_unit[0]) or stands_behind(measure, same_unit[0])
    done = DOING.search(measure.clause[: measure.start]) and named
    bare = _THERE_ARE.sub("", label)
    ends_so = len(label) > 1 and same_unit[0].name.endswith(label)
    return same_unit if done or ends_so or (len(bare) >= SHORT_LABEL and is_left_of(bare, same_unit[0].name)) else ()


def core_of(name: str) -> str:
    """A name without the word for how it is measured: 清淤 of 清淤长度."""
    return _MEASURED.sub("", name)


def is_left_of(short: str, name: str) -> bool:
    """Whether a name without some of its characters is the short one: 师资库教师 of 师资库入库教师."""
    rest = iter(name)
    return all(character in rest for character in short)


def shares_words(measure: Quantity, fact: Fact) -> bool:
    """Whether what a number is about and a name have a word of two characters in common."""
    return share_a_word(comparable(measure.label), fact.name)


def stands_behind(measure: Quantity, fact: Fact) -> bool:
    """Whether what follows a number is what a name says: 组织421人参加培训, 培训人数."""
    thing = comparable(_TAKING_PART.sub("", measure.clause[measure.end :].strip("次 。，")))
    return len(thing) > 1 and thing in fact.name


def share_a_word(one: str, other: str) -> bool:
    """Whether two names have two characters in a row in common."""
    return any(one[i : i + 2] in other for i in range(len(one) - 1))


class Disagreement(NamedTuple):
    """A number of a text and what the table has instead."""

    written: str
    table: tuple[str, ...]


_OF_TARGET = re.compile("目标|要求|计划|任务|指标|应|标准|原定|预期|不[低少高超]|以[上下内]|至少|高于|超过")


def disagreement(measure: Quantity, known: Known, *, done: bool = False) -> Disagreement | None:
    """How a number of a text contradicts the table; None where it does not, or where it is not clear.

    `done`: the text tells what was done, so that the target's number is none unless it is called so.
    """
    about = facts_about(measure, known)
    before = measure.clause[: measure.start]
    elsewhere = OTHER_TIME.search(before) or _AMONG.search(before)
    unclear = len(about) != 1 or measure.trend or measure.about or elsewhere
    if unclear:
        return None
    as_done = done and not measure.comparator and not _OF_TARGET.search(measure.clause)
    actual = about[0].actual if as_done else None
    values = about[0].values if actual is None else (actual,)
    if any(says(measure, value) for value in values):
        return None
    table = dict.fromkeys(shown_value(value, measure.unit.base) for value in values)
    return Disagreement(shorten(written(measure)), tuple(table))
