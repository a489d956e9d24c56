"""(Project, Rules) → Scorecard. Pure and exact: one rounding per row, totals add the rounded rows.

Every score can tell the steps of its calculation, with the numbers put in, so that it can be followed with a
finger; the same steps stand in the report, in the scorecard and in `explain`. They are written when they are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from selfeval.base.display import TIER_WORDS
from selfeval.base.exact import fixed, percent, plain, quotient, rounded
from selfeval.base.model import (
    DETAIL,
    FULL_POINTS,
    INAPPLICABLE,
    Actual,
    Adjustment,
    BudgetScore,
    Direction,
    Indicator,
    Kind,
    LevelScore,
    Project,
    Score,
    Scorecard,
    Source,
    Target,
    Tier,
)
from selfeval.base.phrases import phrase, word
from selfeval.base.remarks import Reading, reading
from selfeval.rules.citing import CONVENTION
from selfeval.rules.formulas import (
    DATE_FORMULAS,
    NUMBER_FORMULAS,
    RANGE_FORMULAS,
    Case,
    DateCase,
    Outcome,
)
from selfeval.rules.profile import SATISFACTION, Method, Rules
from selfeval.scoring.execution import score_budget
from selfeval.scoring.left_out import weight_steps, with_left_out
from selfeval.scoring.points import entered_step, points_of, points_step
from selfeval.scoring.reasons import has_reason
from selfeval.scoring.scale import off_scale
from selfeval.scoring.steps import Steps, reading_steps, shown_in


def score_project(project: Project, rules: Rules) -> Scorecard:
    """Everything scored; what cannot be scored is None and says why."""
    budget = score_budget(project, rules)
    project, readings = with_left_out(project, rules)
    scores = tuple(score_indicator(i, rules, project) for i in project.indicators)
    levels = level_scores(scores)
    total, counted, grade = summed_up(scores, budget, rules)
    return Scorecard(project, budget, levels, scores, total, counted, grade, readings)


def summed_up(scores: Sequence[Score], budget: BudgetScore, rules: Rules) -> tuple[Decimal | None, Decimal, str | None]:
    """(total, points that could be scored, grade) of these rows and 预算执行率; no grade below 100 points."""
    rows = [(budget.weight, budget.points), *((score.weight, score.points) for score in scores)]
    scored = [(weight or Decimal(0), points) for weight, points in rows if points is not None]
    counted = rounded(sum((weight for weight, _ in scored), Decimal(0)), 2)
    total = sum((points for _, points in scored), Decimal(0)) if scored else None
    grade = rules.grade(Fraction(total)) if total is not None and counted >= FULL_POINTS else None
    return total, counted, grade


# ── indicators ────────────────────────────────────────────────────────────────────────────────


class Worked(NamedTuple):
    """A completion with what tells its working, and how much more than the target was done."""

    completion: Fraction | None
    tell: Callable[[], tuple[str, ...]] = tuple
    excess: Fraction | None = None
    readings: tuple[Reading, ...] = ()


def score_indicator(indicator: Indicator, rules: Rules, project: Project) -> Score:
    """One row: the rule's points with their steps, then what 自评得分 makes of them."""
    if indicator.is_detail:
        return detail_score(indicator, rules)
    method, refused = method_of(indicator, rules)
    worked = Worked(None, readings=refused) if refused else work(indicator, method, rules, project)
    weight, completion = indicator.weight, worked.completion
    points = None if weight is None or completion is None else points_of(weight, completion, rules)

    def steps() -> tuple[str, ...]:
        read = (*reading_steps(indicator), *weight_steps(indicator))
        return (*read, *worked.tell(), last_step(weight, completion, points, rules))

    fitted = adjusted_to_fit(indicator, indicator.adjustment, rules, project) if indicator.adjustment else ()
    asked = direction_asked(indicator, completion, rules, project)
    score = Score(
        indicator, weight, points, points, None, completion, worked.excess, method.formula, Steps(steps),
        source_of(method, indicator.target, rules), (*worked.readings, *fitted, *asked),
    )  # fmt: skip
    return score if indicator.entered_points is None else with_entered_points(score, indicator.entered_points, rules)


def detail_score(indicator: Indicator, rules: Rules) -> Score:
    """A row that is only shown: how it was read, and no points."""
    explanation = weight_steps(indicator) or (phrase("明细行，只列示，不计分。"),)
    source = Source(CONVENTION, phrase("明细行只列示，不计分"))
    if indicator.left_out:
        source = rules.source("levels.inapplicable")
    steps = Steps(lambda: (*reading_steps(indicator), *explanation))
    return Score(indicator, None, None, None, None, None, None, DETAIL, steps, source)


def source_of(method: Method, target: Target, rules: Rules) -> Source:
    """Where a row's points come from: its formula, but for a target in words what its tier gives by default."""
    return rules.source("tiers.default") if target.kind is Kind.QUALITATIVE else rules.method_source(method)


def last_step(weight: Decimal | None, completion: Fraction | None, points: Decimal | None, rules: Rules) -> str:
    """What a row comes to, or that it comes to nothing."""
    if weight is None:
        return phrase("没有分值，不计分。")
    if completion is None or points is None:
        return phrase("不能按规则计分。")
    return points_step(weight, completion, points, rules)


def direction_asked(
    indicator: Indicator, completion: Fraction | None, rules: Rules, project: Project
) -> tuple[Reading, ...]:
    """V027: nothing tells whether more or less is better, and the points depend on it."""
    target = indicator.target
    doubtful = [part for part in (target, *target.parts) if part.assumed]
    if completion is None or not doubtful:
        return ()
    other = replace(indicator, target=turned(target))
    if work(other, method_of(other, rules)[0], rules, project).completion == completion:
        return ()
    return (reading("V027", name=doubtful[0].label or indicator.level3),)


def turned(target: Target) -> Target:
    """The target as it would be if what was only assumed of its direction were the other way round."""
    direction = Direction.NEGATIVE if target.assumed else target.direction
    return replace(target, direction=direction, parts=tuple(map(turned, target.parts)))


def adjusted_to_fit(indicator: Indicator, change: Adjustment, rules: Rules, project: Project) -> tuple[Reading, ...]:
    """P009: the adjusted target is exactly what was done, while the first one was missed."""
    actual = indicator.actual
    value, day = change.target_after.value, change.target_after.date
    if not ((value is not None and value == actual.value) or (day is not None and day == actual.date)):
        return ()
    first = replace(indicator, target=change.target_before, method="")
    completion = work(first, method_of(first, rules)[0], rules, project).completion
    if completion is None or completion >= 1:
        return ()
    return (reading("P009", adjusted=change.target_after.text, initial=change.target_before.text),)


def method_of(indicator: Indicator, rules: Rules) -> tuple[Method, tuple[Reading, ...]]:
    """The method a row is scored by: the one 评分方法 names, else the one its target's reading calls for."""
    usual = rules.methods[use_of(indicator, indicator.target, rules)]
    named = indicator.method.strip()
    if not named:
        return usual, ()
    if named == INAPPLICABLE:
        return usual, (inapplicable(rules),)
    method = next((m for m in rules.methods.values() if named in {m.id, m.title}), None)
    if method is None:
        known = tuple(m.title for m in rules.methods.values())
        return usual, (reading("S010.unknown", method=named, rules=rules.id, known=known),)
    if not suits(method, indicator.target):
        return usual, (reading("S010.unfit", method=named),)
    return method, ()


def inapplicable(rules: Rules) -> Reading:
    """Why a row marked 不适用 is not left out."""
    if not rules.levels.inapplicable:
        return reading("S010.not_allowed", rules=rules.id)
    return reading("S010.no_reason")


def suits(method: Method, target: Target) -> bool:
    """Whether a method can score a target of this kind."""
    if target.kind is Kind.QUALITATIVE:
        return method.formula == "tiers"
    if target.kind is Kind.DATE:
        return method.formula in DATE_FORMULAS
    if target.kind is Kind.COMPOUND:
        return method.formula == "mean" or all(suits(method, part) for part in target.parts)
    return method.formula in number_formulas(target)


def number_formulas(target: Target) -> Mapping[str, Callable[[Case], Outcome]]:
    """The formulas that can score a number, or a range of numbers."""
    return RANGE_FORMULAS if target.kind is Kind.RANGE else NUMBER_FORMULAS


_USES = {Kind.RANGE: "range", Kind.DATE: "date", Kind.COMPOUND: "compound"}


def use_of(indicator: Indicator, target: Target, rules: Rules) -> str:
    """Which of the profile's methods a target's reading calls for."""
    if target.kind in _USES:
        return _USES[target.kind]
    if target.value is None:
        return "qualitative"
    if indicator.level1 == "满意度指标" and SATISFACTION in rules.methods:
        return SATISFACTION
    if target.direction is Direction.NEGATIVE:
        return "at_most"
    exact = target.operator == "=" or (target.operator is None and target.value == 0)
    return "equal" if exact else "at_least"


def work(indicator: Indicator, method: Method, rules: Rules, project: Project) -> Worked:
    """The completion of a row by its kind."""
    target, actual = indicator.target, indicator.actual
    if target.kind is None or indicator.actual_place is None:
        return Worked(None)
    if target.kind is Kind.QUALITATIVE:
        return work_tier(actual, rules)
    if target.kind is Kind.COMPOUND:
        return work_parts(indicator, method, rules, project)
    return work_one(target, actual, method, indicator.weight, project)


def work_tier(actual: Actual, rules: Rules) -> Worked:
    """定性: the tier's default inside its band."""
    if actual.answer is not None:
        return work_answer(actual, met=actual.answer)
    if actual.tier is None:
        return Worked(None)
    band = rules.tiers[actual.tier]
    edges = {"lower": band.lower, "upper": band.upper, "default": band.default}
    remark = reading("V010", tier=TIER_WORDS[actual.tier], label=band.label, **edges)
    return Worked(band.default, lambda: (phrase("{said}。", said=remark.said),), readings=(remark,))


def work_answer(actual: Actual, *, met: bool) -> Worked:
    """A target of yes or no, plainly met or not."""
    words = word("“{text}”达到目标，完成率 100%。") if met else word("“{text}”没有达到目标，完成率 0%。")
    return Worked(Fraction(int(met)), lambda: (phrase(words, text=actual.text.strip()),))


def work_one(target: Target, actual: Actual, method: Method, weight: Decimal | None, project: Project) -> Worked:
    """A number, cost, range or date against its actual."""
    if target.kind is Kind.DATE:
        return work_date(target, actual, method, project)
    if target.value is None or actual.value is None:
        return Worked(None)
    case = Case(
        target.value,
        actual.value,
        weight or Decimal(0),
        target.direction is Direction.NEGATIVE,
        target.upper,
        lambda value: shown_in(value, target.unit),
        method.params,
    )
    result = worked(number_formulas(target)[method.formula](case), method, excess_of(target, actual))
    apart = tuple(off_scale(method, target, weight))
    return result._replace(readings=result.readings + apart) if apart else result


def excess_of(target: Target, actual: Actual) -> Fraction | None:
    """actual ÷ target where more is better and the target is exceeded."""
    if target.direction is not Direction.POSITIVE or target.kind is not Kind.NUMBER:
        return None
    planned, done = target.value, actual.value
    return quotient(done, planned) if planned is not None and done is not None and done > planned > 0 else None


def worked(outcome: Outcome, method: Method, excess: Fraction | None = None) -> Worked:
    """A formula's outcome as working lines; no completion is a finding."""
    missing = (outcome.remark,) if outcome.remark else ()

    def tell() -> tuple[str, ...]:
        over = "" if excess is None else phrase("（为目标的 {excess}）", excess=percent(excess))
        return (phrase("按“{title:_}”：{working}{over}。", title=method.title, working=outcome.working, over=over),)

    return Worked(outcome.completion, tell, excess, missing)


def work_date(target: Target, actual: Actual, method: Method, project: Project) -> Worked:
    """A date kept or not; words that say it was kept count as kept."""
    if target.date is None:
        return Worked(None)
    if actual.date is None:
        kept = actual.tier is Tier.MET and any(r.code == "V011" for r in actual.readings)
        return (
            Worked(Fraction(1), lambda: (phrase("按“{title:_}”：按期完成，完成率 100%。", title=method.title),))
            if kept
            else Worked(None)
        )
    outcome = DATE_FORMULAS[method.formula](DateCase(target.date, actual.date, project.start, method.params))
    return worked(outcome, method)


def work_parts(indicator: Indicator, method: Method, rules: Rules, project: Project) -> Worked:
    """一格多项: the mean of the parts; a part that cannot be scored leaves the row unscored."""
    target, actual = indicator.target, indicator.actual
    parts = [
        work_one(t, a, part_method(indicator, t, method, rules), indicator.weight, project)
        for t, a in zip(target.parts, actual.parts, strict=False)
    ]
    readings = tuple(r for part in parts for r in part.readings)
    known = [p.completion for p in parts if p.completion is not None]

    def lines() -> tuple[str, ...]:
        return tuple(
            phrase("分项 {at}（{label}）{line}", at=i, label=t.label or t.text or "—", line=line)
            for i, (t, part) in enumerate(zip(target.parts, parts, strict=False), 1)
            for line in part.tell() or (phrase("没有完成值，不能计分。"),)
        )

    if not len(known) == len(target.parts) == len(actual.parts):
        return Worked(None, lines, readings=readings)
    mean = sum(known, Fraction(0)) / len(known)
    step = phrase(
        "{count} 项平均：({known:| + }) ÷ {count} = {mean}。",
        count=len(known),
        known=tuple(map(percent, known)),
        mean=percent(mean),
    )
    excess = max((p.excess for p in parts if p.excess is not None), default=None)
    return Worked(mean, lambda: (*lines(), step), excess, readings)


def part_method(indicator: Indicator, part: Target, method: Method, rules: Rules) -> Method:
    """A named method holds for every part; else each part's reading calls for its own."""
    return rules.methods[use_of(indicator, part, rules)] if method.formula == "mean" else method


# ── 自评得分 ──────────────────────────────────────────────────────────────────────────────────


def with_entered_points(score: Score, entered: Decimal, rules: Rules) -> Score:
    """自评得分 replaces the rule's points where it may; where it may not, the rule's stand and it is said."""
    if score.weight is None:
        return score
    refusal = refused(score, entered, rules)
    if refusal:
        step = phrase("自评得分 {entered} 分未采用：{why}。", entered=plain(entered), why=refusal.said)
        return replace(score, steps=Steps(lambda: (*score.steps, step)), readings=(*score.readings, refusal))
    points = min(rounded(Fraction(entered), rules.digits, rules.rounding), points_of(score.weight, Fraction(1), rules))
    rule = (
        phrase("规则不能计分")
        if score.rule_points is None
        else phrase("规则得分 {rule_points} 分", rule_points=fixed(score.rule_points, 2))
    )
    step = phrase(
        "自评得分 {points} 分（{rule}），说明：{reason}",
        points=fixed(points, 2),
        rule=rule,
        reason=score.indicator.reason or phrase("与规则一致"),
    )
    kept = tuple(r for r in score.readings if r.code != "V010")
    rounding = entered_step(phrase("自评得分：{entered} 分", entered=plain(entered)), entered, points, rules)
    steps = Steps(lambda: (*score.steps, *rounding, step))
    qualitative = score.indicator.target.kind is Kind.QUALITATIVE
    source = rules.source("tiers.lower") if qualitative else score.source
    return replace(score, points=points, override=points, steps=steps, source=source, readings=kept)


def refused(score: Score, entered: Decimal, rules: Rules) -> Reading | None:
    """Why a 自评得分 may not replace the rule's points."""
    weight, tier = score.weight or Decimal(0), score.indicator.actual.tier
    if not 0 <= entered <= weight:
        return reading("S001", points=entered, weight=weight)
    qualitative = score.indicator.target.kind is Kind.QUALITATIVE
    if qualitative and tier is None:
        return reading("S003.no_tier", points=entered)
    if qualitative and tier is not None and not in_band(entered, weight, tier, rules):
        low, high = tier_edges(weight, tier, rules)
        key = "S003.highest" if tier is Tier.MET else "S003.lower"
        return reading(key, points=entered, tier=TIER_WORDS[tier], low=low, high=high)
    if not score.indicator.actual.text.strip() and not qualitative:
        return reading("S002.no_actual")
    return None if entered == score.rule_points or has_reason(score.indicator) else unexplained(score, entered)


def unexplained(score: Score, entered: Decimal) -> Reading:
    """S002: other points than the rule's, and not a word why."""
    if score.rule_points is None:
        return reading("S002.unscored", points=entered)
    return reading("S002.differs", points=entered, due=score.rule_points)


def in_band(entered: Decimal, weight: Decimal, tier: Tier, rules: Rules) -> bool:
    """Whether points lie in a tier's band: lower edge included, upper edge only for the best tier."""
    lower, upper = tier_edges(weight, tier, rules)
    return lower <= entered < upper or (tier is Tier.MET and entered == upper)


def tier_edges(weight: Decimal, tier: Tier, rules: Rules) -> tuple[Fraction, Fraction]:
    """A tier's band in points: exact, or rounded as points where the profile says so."""
    band = rules.tiers[tier]
    lower, upper = (Fraction(weight) * edge for edge in (band.lower, band.upper))
    if rules.edges_in_points:
        lower, upper = (Fraction(rounded(edge, rules.digits, rules.rounding)) for edge in (lower, upper))
    return lower, upper


# ── levels ────────────────────────────────────────────────────────────────────────────────────


def level_scores(scores: Sequence[Score]) -> tuple[LevelScore, ...]:
    """First levels with their second levels, in the table's order."""
    groups: dict[str, dict[str, list[Score]]] = {}
    for score in scores:
        if score.indicator.is_detail:
            continue
        groups.setdefault(score.indicator.level1, {}).setdefault(score.indicator.level2, []).append(score)
    below = {level1: tuple(level_score(*group) for group in groups[level1].items()) for level1 in groups}
    return tuple(level_score(level1, children, children) for level1, children in below.items())


def level_score(name: str, scores: Sequence[Score | LevelScore], children: tuple[LevelScore, ...] = ()) -> LevelScore:
    """Sums of the weights and points of rows, or of second levels; no points where no row was scored."""
    points = [s.points for s in scores if s.points is not None]
    weight = sum([s.weight for s in scores if s.weight is not None], Decimal(0))
    return LevelScore(name, weight, sum(points, Decimal(0)) if points else None, children)
