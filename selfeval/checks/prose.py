"""文字与表: numbers of the goal and of the narrative beside those of the table, placeholders, silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from selfeval.checks.actuals import lost
from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic
from selfeval.exact import fixed
from selfeval.model import Indicator, Kind, Place, Target
from selfeval.pairing import comparable
from selfeval.quantities import Quantity, fold, measures_in
from selfeval.units import PERCENT, is_money
from selfeval.values import is_blank, shorten, shown_value

MAX_TEXT = 20_000
_PLACEHOLDER = re.compile(r"X{2,}|x{3,}|×{2,}|＿{2,}|_{3,}|待补充|待填写|此处填写|请填写|（填写|TODO|\?{3,}|？{3,}")
_NOTHING = re.compile(r"^(?:无|暂无|没有|不存在|未发现)?(?:存在)?(?:的)?(?:问题|偏差)?[。.]?$")
_RATE_WORDS = re.compile(r"(?:预算)?执行率(?:为|达|达到|是|：)?\s*(\d+(?:\.\d+)?)\s*[%％]")
_TOTAL_WORDS = re.compile(r"(?:自评)?(?:总分|总得分|综合得分|自评得分)(?:为|是|：|共)?\s*(\d+(?:\.\d+)?)\s*分")
PROBLEMS = "偏差原因分析及存在问题"
SHORT_LABEL = 4
"""A label shorter than this names too little to be sure what it is about."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the table: what it is about, and every value the table gives for it."""

    name: str
    values: tuple[Decimal, ...]
    unit: str


def parts_of(target: Target) -> tuple[Target, ...]:
    """A target's measurable parts: those of a compound cell, else itself."""
    return target.parts or (target,)


def facts(indicators: Iterable[Indicator]) -> list[Fact]:
    """Every measured number of a project's table, with the values of target and actual."""
    found = []
    for indicator in indicators:
        actuals = indicator.actual.parts or (indicator.actual,)
        for i, target in enumerate(parts_of(indicator.target)):
            if target.value is None:
                continue
            actual = actuals[i].value if i < len(actuals) else None
            values = tuple(v for v in (target.value, target.upper, actual) if v is not None)
            name = f"{indicator.level3}{target.label}" if indicator.target.parts else indicator.level3
            found.append(Fact(comparable(name), values, target.unit))
    return found


# ── the annual goal ──


def goal_measures(subject: Subject) -> list[Quantity]:
    """What the 年度总体目标 measures, money apart (it is the budget's)."""
    goal = fold(subject.project.fields.get("年度总体目标", ""))[:MAX_TEXT]
    measures = measures_in(goal, subject.year).measures
    return [m for m in measures if isinstance(m, Quantity) and m.upper is None and not is_money(m.unit.base)]


def goal_not_in_table(subject: Subject) -> Iterator[Diagnostic]:
    """C005: the goal promises a rate that no indicator measures."""
    known = facts(subject.project.indicators)
    absent = [
        f"{m.label}{m.comparator.sign if m.comparator else ''}{shown_value(m.value, m.unit.base)}"
        for m in goal_measures(subject)
        if m.unit.base == PERCENT and m.label and not any(answers(m, fact) for fact in known)
    ]
    if absent:
        yield subject.about("C005", f"总体目标中的“{'、'.join(absent)}”在指标表中没有")


def answers(measure: Quantity, fact: Fact) -> bool:
    """Whether a number of the table is about the same thing as a number of the text."""
    label = comparable(measure.label)
    return measure.unit.base == fact.unit and bool(label) and (label in fact.name or fact.name in label)


def goal_against_table(subject: Subject) -> Iterator[Diagnostic]:
    """C006: the goal and the table give different numbers for the one thing counted in that unit."""
    known = facts(subject.project.indicators)
    for measure in goal_measures(subject):
        same_unit = [f for f in known if f.unit == measure.unit.base]
        rivals = [f for f in same_unit if answers(measure, f)]
        if not rivals and measure.unit.base != PERCENT and len(same_unit) == 1 and shares_words(measure, same_unit[0]):
            rivals = same_unit
        if rivals and not any(measure.value in f.values for f in rivals):
            table = "、".join(shown_value(v, measure.unit.base) for v in rivals[0].values[:1])
            said = f"总体目标写“{shorten(measure.label)}{shown_value(measure.value, measure.unit.base)}”，指标表是 {table}"
            yield subject.about("C006", said)


def shares_words(measure: Quantity, fact: Fact) -> bool:
    """Whether a label and a name have a word of two characters in common."""
    label = comparable(measure.label)
    return any(label[i : i + 2] in fact.name for i in range(len(label) - 1))


def goal_copied(subject: Subject) -> Iterator[Diagnostic]:
    """C020: 总体目标完成情况 repeats the goal."""
    goal, done = (comparable(subject.project.fields.get(k, "")) for k in ("年度总体目标", "总体目标完成情况"))
    if goal and goal == done:
        yield subject.about("C020", "总体目标完成情况照抄了年度总体目标")


# ── the narrative ──


def lines_of(subject: Subject) -> Iterator[tuple[str, Place]]:
    """The narrative's lines with their places."""
    file = f"{subject.folder.name}/narrative/{subject.project.id}.md"
    for number, line in enumerate(subject.narrative.splitlines(), 1):
        yield line, Place(file, number)


def numbers(subject: Subject) -> Iterator[Diagnostic]:
    """N010: a number of the narrative differs from the table's for the same indicator."""
    known = [f for f in facts(subject.project.indicators) if len(f.name) >= SHORT_LABEL]
    for line, place in lines_of(subject):
        for measure in measures_in(fold(line)[:2000], subject.year).measures:
            if isinstance(measure, Quantity) and (said := disagreement(measure, known)):
                yield subject.about("N010", said, place)


def disagreement(measure: Quantity, known: list[Fact]) -> str:
    """How a number of the text contradicts the table; empty where it does not, or where it is not clear."""
    label = comparable(measure.label)
    about = [f for f in known if f.unit == measure.unit.base and label.endswith(f.name)]
    if len(about) != 1 or measure.value in about[0].values or measure.trend:
        return ""
    unit = measure.unit.base
    table = "、".join(shown_value(v, unit) for v in about[0].values)
    return f"正文写“{shorten(measure.label)} {shown_value(measure.value, unit)}”，指标表是 {table}"


def results(subject: Subject) -> Iterator[Diagnostic]:
    """N010: the narrative's execution rate or total is not the one calculated."""
    rate, total = subject.scorecard.budget.rate, subject.scorecard.total
    for line, place in lines_of(subject):
        for match in _RATE_WORDS.finditer(line):
            if rate is not None and not agrees(match[1], fixed(rate * 100, 6)):
                yield subject.about("N010", f"正文写执行率 {match[1]}%，计算为 {fixed(rate * 100, 2)}%", place)
        for match in _TOTAL_WORDS.finditer(line):
            if total is not None and Decimal(match[1]) != total:
                yield subject.about("N010", f"正文写总分 {match[1]} 分，计算为 {fixed(total, 2)} 分", place)


def agrees(written: str, exact: str) -> bool:
    """Whether a written number is the exact one, rounded to the digits it is written with."""
    digits = len(written.partition(".")[2])
    return fixed(Decimal(exact), digits) == fixed(Decimal(written), digits)


def placeholders(subject: Subject) -> Iterator[Diagnostic]:
    """N012: words that were to be replaced."""
    for line, place in lines_of(subject):
        if match := _PLACEHOLDER.search(line):
            yield subject.about("N012", f"“{shorten(line.strip())}”中有没有填写的“{match.group()}”", place)


def no_problems(subject: Subject) -> Iterator[Diagnostic]:
    """N011: points were lost, and the narrative says that there were no problems."""
    rows = [s.indicator for s in subject.scorecard.scores if lost(s)]
    heading = ""
    for line, place in lines_of(subject):
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif line.strip() and heading.endswith(PROBLEMS) and _NOTHING.match(line.strip()) and rows:
            said = f"正文说没有问题，却有 {len(rows)} 个指标没有得满分（{shorten(rows[0].level3)}等）"
            yield subject.about("N011", said, place)


def blank_fields(subject: Subject) -> Iterator[Diagnostic]:
    """N013: 总体目标完成情况 is not filled in although there is a goal."""
    goal, done = (subject.project.fields.get(k, "") for k in ("年度总体目标", "总体目标完成情况"))
    if goal and is_blank(fold(done).strip()) and any(i.target.kind is not Kind.QUALITATIVE for i in subject.project.indicators):
        yield subject.about("N013", "有年度总体目标，没有填写总体目标完成情况")


CHECKS = (goal_not_in_table, goal_against_table, goal_copied, numbers, results, placeholders, no_problems, blank_fields)
