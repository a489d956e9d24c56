"""What the report of the unit as a whole says where nobody has written: sentences made from its projects in brief."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from selfeval.base import display
from selfeval.base.model import BudgetScore, Fund, Scorecard
from selfeval.evaluation.brief import Brief
from selfeval.evaluation.result import Result
from selfeval.report.pages.generated_text import one_line, paragraph, quoted, rate_said
from selfeval.report.pages.readable import wan
from selfeval.report.pages.views import Block, Part
from selfeval.rules.profile import Execution
from selfeval.scoring.totals import Figures, figures, leaves_out, sums

MANY = 100
"""Projects up to which the report of a unit names each one; beyond, nobody reads the pages of names."""

GRAVEST = 20
"""Projects that it names then."""
CRITERIA = "附：部门整体指标的评分标准"


def unit_figures(result: Result) -> tuple[Figures, Execution]:
    """The unit's own budget where it has one, else the sums of its projects, and the rule of its rate."""
    if result.unit is None:
        return summed(result), result.rules.execution
    budget, rule = printed_budget(result, result.unit)
    return figures(budget), rule


def printed_budget(result: Result, card: Scorecard) -> tuple[BudgetScore, Execution]:
    """The budget as it is printed, and the rule of its rate: of a unit without one of its own those of its projects."""
    if card.project.funds or not card.project.is_unit:
        return card.budget, result.rules_of(card).execution
    sums_ = summed(result)
    budget = replace(
        card.budget, initial=sums_.initial, adjusted=sums_.adjusted, executed=sums_.executed, rate=sums_.rate
    )
    return budget, result.rules.execution


def unit_funds(result: Result) -> tuple[Fund, ...]:
    """The sources of that money."""
    own = result.unit.project.funds if result.unit else ()
    return own or tuple(fund for brief in result.briefs for fund in brief.funds)


def summed(result: Result) -> Figures:
    """The sums of all projects."""
    return sums([brief.budget for brief in result.briefs], result.rules)


def _about(result: Result) -> list[Block]:
    """一、部门(单位)概况."""
    fields = result.unit.project.fields if result.unit else {}
    say, goal = result.layout.sentences.say, one_line(fields.get("年度总体目标", ""))
    about = result.evaluation
    return [
        *paragraph(display.sentence(fields.get("项目概况", ""))),
        *(paragraph(say("goal", 目标=goal)) if goal else []),
        Block("p", say("unit_projects", len(result.briefs), 单位=about.unit, 年度=str(about.year))),
    ]


def _money(result: Result) -> list[Block]:
    """二、部门资金收支情况."""
    say, (money, rule) = result.layout.sentences.say, unit_figures(result)
    own = result.unit is not None and bool(result.unit.project.funds)
    rate = rate_said(result.layout.sentences, money.rate, rule)
    text = say("money_counted") * leaves_out(money, unit_funds(result)) + say(
        "unit_money",
        范围=say("unit_own") if own else say("unit_sum", len(result.briefs)),
        年初预算=wan(money.initial), 全年预算=wan(money.adjusted), 全年执行=wan(money.executed), 执行率=rate,
    )  # fmt: skip
    return [Block("p", text), *_low(result)]


def _low(result: Result) -> list[Block]:
    """The projects whose rate of execution asks for a reason."""
    say, due = result.layout.sentences.say, result.rules.execution.reason_below
    low = [(brief.budget.rate, brief.name) for brief in result.briefs if (brief.budget.rate or 0) < due]
    known = [(rate, name) for rate, name in low if rate is not None]
    if not known:
        return []
    listed = known if len(known) <= MANY else sorted(known, key=lambda one: one[0])[:GRAVEST]
    told = display.listed(say("unit_low_one", 项目=name, 执行率=display.short_rate(rate, due)) for rate, name in listed)
    which = "" if listed is known else say("unit_low_many", len(known), 列出=str(GRAVEST))
    return [Block("p", say("unit_low", 界线=display.short_rate(due), 范围=which, 明细=told))]


def _performance(result: Result) -> list[Block]:
    """三、部门整体绩效分析."""
    say, briefs = result.layout.sentences.say, result.briefs
    rows = sum(b.rows for b in briefs)
    counts = {"unit_full": sum(b.met for b in briefs), "unit_short": sum(len(b.short) for b in briefs)}
    counts["unit_unscored"] = sum(b.unscored for b in briefs)
    told = "，".join(filter(None, (say(key, n) for key, n in counts.items())))
    whole = bool(rows) and counts["unit_full"] == rows
    text = say("unit_all_full", rows) if whole else say("unit_tally", rows, 明细=told)
    return [Block("p", text), *_missed(result, briefs)]


def _missed(result: Result, briefs: Collection[Brief]) -> list[Block]:
    """The projects with rows that lost points, and which rows these are."""
    say, missed = result.layout.sentences.say, [brief for brief in briefs if brief.short]
    blocks = []
    if len(missed) > MANY:
        blocks = paragraph(say("unit_missed_many", len(missed), 列出=str(GRAVEST)))
        missed = sorted(missed, key=lambda brief: brief.total or 0)[:GRAVEST]
    return [*blocks, *(Block("p", say("unit_missed", 项目=one.name, 明细=quoted(one.short))) for one in missed)]


def _conclusion(result: Result) -> list[Block]:
    """四、评价结论及建议."""
    say, briefs = result.layout.sentences.say, result.briefs
    grades = [brief.grade for brief in briefs]
    told = [say("unit_grade", grades.count(g.name), 等级=g.name) for g in result.rules.grades if g.name in grades]
    told += [text for text in (say("unit_no_grade", grades.count(None)),) if text]
    advice = "unit_advice" if any(brief.short for brief in briefs) else "unit_advice_full"
    return [Block("p", say("unit_grades", len(briefs), 明细="，".join(told))), Block("p", say(advice))]


_SECTIONS: dict[str, Callable[[Result], list[Block]]] = {
    "部门(单位)概况": _about,
    "部门资金收支情况": _money,
    "部门整体绩效分析": _performance,
    "评价结论及建议": _conclusion,
}
"""By the words of the outline's heading."""


def unit_sections(result: Result) -> dict[str, tuple[Block, ...]]:
    """What stands under each heading where nobody has written."""
    return {title: tuple(write(result)) for title, write in _SECTIONS.items()}


def criteria_parts(result: Result) -> tuple[Part, ...]:
    """评分标准 of the unit's own rows, which its form has no column for; no section where there is none."""
    rows = [score.indicator for score in result.unit.scores] if result.unit else []
    told = [
        f"{display.quoted(row.level3)}：{display.sentence(one_line(row.criterion))}" for row in rows if row.criterion
    ]
    return (Part("", CRITERIA, "", tuple(Block("p", text) for text in told)),) if told else ()
