"""What holds for every number, every table and every profile, not only for the cases someone thought of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from attempts import some
from hypothesis import assume, given
from hypothesis import strategies as st

from selfeval.base.exact import Rounding, fixed, plain, rounded
from selfeval.base.model import Actual, Direction, Fund, Indicator, Kind, Place, Project, Target, Tier
from selfeval.reading.values.actuals import Context, read_actual
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.targets import read_target
from selfeval.rules.formulas import DATE_FORMULAS, NUMBER_FORMULAS, Case, DateCase
from selfeval.rules.load import load_rules, shipped_profiles
from selfeval.rules.weights import shared_weights
from selfeval.scoring.score import score_indicator, score_project

PROFILES = {p.id: load_rules(p.id, 2023)[0] for p in shipped_profiles()}
RULES = PROFILES["mof-2020"]
COARSE = {mode: replace(RULES, id=mode, digits=0, rounding=mode) for mode in Rounding}
BANDS = ((Fraction(9, 10), Fraction(1)), (Fraction(1, 2), Fraction(3, 5)), (Fraction(0), Fraction(1, 10)))
DAYS = ((Fraction(10), Fraction(4, 5)), (Fraction(30), Fraction(1, 2)))

numbers = st.one_of(
    st.decimals(min_value=-1000, max_value=1000, places=2),
    st.decimals(min_value=0, max_value=10**21, places=0),
    st.sampled_from([Decimal(0), Decimal("0.0001"), Decimal(100)]),
)
weights = st.decimals(min_value=Decimal("0.01"), max_value=100, places=2) | st.sampled_from(
    [Decimal("16.6667"), Decimal("3.335")]
)
days = st.dates(min_value=date(2019, 1, 1), max_value=date(2023, 12, 31))
PARAMETERS = [
    ("ratio", {}),
    ("ratio", {"pass_line": Fraction(3, 5)}),
    ("inverse_ratio", {}),
    ("inverse_ratio", {"pass_line": Fraction(3, 5)}),
    ("deviation", {}),
    ("all_or_nothing", {}),
    ("per_point", {}),
    ("per_point", {"deduct": Fraction(1, 2), "per": Fraction(10)}),
]


def completion(name, case):
    return NUMBER_FORMULAS[name](case).completion


def no_better(worse, better):
    """Whether the worse one got no more. Unscored counts as worse than any score."""
    return worse is None or (better is not None and worse <= better)


# ── formulas ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "params"), [*PARAMETERS, ("equal", {}), ("nearer_bound", {}), ("bands", {"bands": BANDS})]
)
@given(target=numbers, actual=numbers, more=numbers, weight=weights, less=st.booleans())
def test_a_completion_lies_between_nothing_and_all(name, params, target, actual, more, weight, less):
    case = Case(target, actual, weight, less=less, upper=target + abs(more), params=params)
    assert completion(name, case) is None or 0 <= completion(name, case) <= 1


@pytest.mark.parametrize(("name", "params"), PARAMETERS)
@given(target=numbers, one=numbers, other=numbers, weight=weights, less=st.booleans())
def test_the_better_actual_never_scores_less(name, params, target, one, other, weight, less):
    case = Case(target, one, weight, less=less, params=params)
    low, high = (completion(name, case._replace(actual=actual)) for actual in sorted((one, other)))
    assert no_better(high, low) if less else no_better(low, high)


@pytest.mark.parametrize(("name", "params"), PARAMETERS)
@given(target=numbers, actual=numbers, weight=weights, less=st.booleans())
def test_whoever_reaches_the_target_has_all_of_it(name, params, target, actual, weight, less):
    assume(actual <= target if less else actual >= target)
    assert completion(name, Case(target, actual, weight, less=less, params=params)) == 1


@given(one=numbers, other=numbers)
def test_the_more_satisfied_never_score_less(one, other):
    low, high = (
        completion("bands", Case(Decimal(1), a, Decimal(10), params={"bands": BANDS})) for a in sorted((one, other))
    )
    assert low <= high


@pytest.mark.parametrize("overshoot", ["full", "inverse_ratio", "deviation", "zero"])
@given(target=numbers, one=numbers, other=numbers)
def test_nearer_to_an_exact_target_never_scores_less(overshoot, target, one, other):
    assume(target > 0)
    assume((one - target) * (other - target) >= 0)
    far, near = sorted((one, other), key=lambda actual: -abs(actual - target))
    case = Case(target, far, Decimal(10), params={"overshoot": overshoot})
    assert no_better(completion("equal", case), completion("equal", case._replace(actual=near)))
    assert completion("equal", case._replace(actual=target)) == 1


@given(bounds=st.tuples(numbers, numbers).map(sorted), one=numbers, other=numbers)
def test_nearer_to_a_range_never_scores_less(bounds, one, other):
    low, high = bounds

    def outside(actual):
        return max(low - actual, actual - high, Decimal(0))

    assume(not (one < low and other > high) and not (other < low and one > high))
    far, near = sorted((one, other), key=lambda actual: -outside(actual))
    case = Case(low, far, Decimal(10), upper=high)
    assert no_better(completion("nearer_bound", case), completion("nearer_bound", case._replace(actual=near)))


@pytest.mark.parametrize(("name", "params"), [(n, {"bands": DAYS} if n == "late_bands" else {}) for n in DATE_FORMULAS])
@given(target=days, one=days, other=days, start=st.none() | days)
def test_the_earlier_day_never_scores_less(name, params, target, one, other, start):
    early, late = (DATE_FORMULAS[name](DateCase(target, day, start, params)).completion for day in sorted((one, other)))
    assert no_better(late, early)
    assert early is None or 0 <= early <= 1
    assert DATE_FORMULAS[name](DateCase(target, target, start, params)).completion == 1


# ── rows and projects ─────────────────────────────────────────────────────────────────────────


def indicator(target, actual, weight, **rest):
    names = {"level1": "产出指标", "level2": "数量指标", "level3": "某指标"} | rest
    return Indicator(
        "P01", "", target=target, actual=actual, weight=weight, place=Place("t", 2), actual_place=Place("a", 2), **names
    )


@st.composite
def numeric_pairs(draw):
    """A numeric target and its actual, as the readers make them."""
    sign = draw(st.sampled_from(["≥", ">", "≤", "<", "=", None]))
    less = sign in {"≤", "<"} if sign else draw(st.booleans())
    value, upper = sorted((draw(numbers), draw(numbers)))
    ranged = sign is None and draw(st.booleans())
    direction = Direction.NEGATIVE if less else Direction.POSITIVE
    kind = Kind.RANGE if ranged else draw(st.sampled_from([Kind.NUMBER, Kind.COST]))
    target = Target("t", kind, sign, value, upper if ranged else None, direction=None if ranged else direction)
    return target, Actual("a", draw(st.none() | numbers))


@st.composite
def other_pairs(draw):
    """Targets in words, dates, and targets that cannot be read."""
    kind = draw(st.sampled_from([Kind.QUALITATIVE, Kind.DATE, None]))
    target = Target("t", kind, date=draw(days) if kind is Kind.DATE else None)
    return target, Actual("a", date=draw(st.none() | days), tier=draw(st.none() | st.sampled_from(Tier)))


@st.composite
def compound_pairs(draw):
    """Several numbers in one cell."""
    parts = draw(st.lists(numeric_pairs(), min_size=2, max_size=4))
    target = Target("t", Kind.COMPOUND, parts=tuple(t for t, _ in parts))
    return target, Actual("a", parts=tuple(a for _, a in parts))


pairs = st.one_of(numeric_pairs(), other_pairs(), compound_pairs())
LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("社会效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度",),
}


@st.composite
def rows(draw):
    """One indicator of any sort, with a 自评得分 of any sort."""
    target, actual = draw(pairs)
    level1 = draw(st.sampled_from([*LEVELS]))
    return replace(
        indicator(target, actual, draw(st.none() | weights | st.just(Decimal(0)))),
        level1=level1,
        level2=draw(st.sampled_from(LEVELS[level1])),
        method=draw(st.sampled_from(["", "", "偏差率", "直接赋分", "看着办"])),
        entered_points=draw(st.none() | st.decimals(min_value=-5, max_value=120, places=3)),
        reason=draw(st.sampled_from(["", "无", "汛期停工"])),
    )


amounts = st.none() | st.decimals(min_value=0, max_value=10**9, places=2) | st.just(Decimal(0))


@st.composite
def projects(draw):
    """A project of any shape."""
    funds = draw(st.lists(st.builds(Fund, st.just("财政拨款"), amounts, amounts, amounts), max_size=3))
    indicators = draw(st.lists(rows(), max_size=8))
    return Project("P01", "道路", {}, draw(st.none() | days), None, tuple(funds), tuple(indicators), Place("p", 2))


ALL = {**PROFILES, **COARSE}


@pytest.mark.parametrize("rules", some(ALL.values(), 5), ids=ALL)
@given(project=projects())
def test_points_lie_between_zero_and_the_weight_whatever_is_entered(rules, project):
    for score in score_project(project, rules).scores:
        assert score.weight == score.indicator.weight
        for points in (score.points, score.rule_points, score.override):
            assert points is None or 0 <= points <= rounded(Fraction(score.weight), 2)
        assert score.completion is None or 0 <= score.completion <= 1


@given(project=projects())
def test_what_a_row_gets_is_the_rules_points_or_the_units_own_never_anything_else(project):
    for score in score_project(project, RULES).scores:
        assert score.points == (score.rule_points if score.override is None else score.override)
        if score.weight is not None and score.completion is not None:
            assert score.rule_points == half_up(Fraction(score.weight) * score.completion, 2)
        else:
            assert score.rule_points is None


@given(project=projects())
def test_sums_are_the_sums_of_what_is_printed(project):
    card = score_project(project, RULES)
    by_level, by_level2 = defaultdict(list), defaultdict(list)
    for score in card.scores:
        by_level[score.indicator.level1].append(score)
        by_level2[score.indicator.level1, score.indicator.level2].append(score)
    assert [level.name for level in card.levels] == list(by_level)
    for level in card.levels:
        assert (level.weight, level.points) == added(by_level[level.name])
        for child in level.children:
            assert (child.weight, child.points) == added(by_level2[level.name, child.name])
    known = [p for p in (*(level.points for level in card.levels), card.budget.points) if p is not None]
    assert card.total == (sum(known) if known else None)


def added(scores):
    points = [s.points for s in scores if s.points is not None]
    return sum(s.weight for s in scores if s.weight is not None), (sum(points) if points else None)


@given(project=projects())
def test_only_a_project_counted_in_full_has_a_grade(project):
    card = score_project(project, RULES)
    scored = [s.weight for s in card.scores if s.points is not None]
    assert card.counted == half_up(Fraction(sum(scored)) + (10 if card.budget.points is not None else 0), 2)
    assert (card.grade is not None) == (card.counted >= 100)


@given(total=st.decimals(min_value=0, max_value=100, places=2))
def test_every_total_has_the_grade_of_its_band(total):
    words = {"优": (90, 101), "良": (80, 90), "中": (60, 80), "差": (0, 60)}
    low, high = words[RULES.grade(Fraction(total))]
    assert low <= total < high


@given(parts=st.lists(numeric_pairs(), min_size=2, max_size=4), better=st.integers(0, 3), add=numbers.map(Fraction))
def test_improving_one_part_never_lowers_the_row(parts, better, add):
    target, _ = parts[better % len(parts)]
    assume(target.kind is not Kind.RANGE and target.operator != "=" and all(a.value is not None for _, a in parts))
    assume(target.operator or target.value != 0)  # a bare 0 means exactly none
    step = Decimal(-1 if target.direction is Direction.NEGATIVE else 1)

    def scored(change):
        made = [
            replace(a, value=a.value + (change if i == better % len(parts) else 0)) for i, (_, a) in enumerate(parts)
        ]
        row = Target("t", Kind.COMPOUND, parts=tuple(t for t, _ in parts))
        project = Project("P01", "", {}, None, None, (), (), Place("p"))
        return score_indicator(indicator(row, Actual("a", parts=tuple(made)), Decimal(10)), RULES, project).points

    assert no_better(scored(Decimal(0)), scored(step * abs(Decimal(add.numerator))))


# ── weights ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rules", some(PROFILES.values(), 4), ids=PROFILES)
@given(data=st.data())
def test_shared_weights_fill_exactly_what_the_execution_rate_leaves(rules, data):
    known = sorted({name for level_set in rules.levels.sets for name in level_set.points})
    everywhere = set.intersection(*(set(level_set.points) for level_set in rules.levels.sets))
    names = st.tuples(st.sampled_from(known), st.sampled_from("甲乙丙丁"))
    table = data.draw(st.lists(names, min_size=1, max_size=40))
    assume({level1 for level1, _ in table} & everywhere)
    shared = shared_weights(table, rules.levels).weights
    assert None not in shared
    assert sum(shared) == 100 - rules.execution.points
    assert all(weight > 0 and weight == weight.quantize(Decimal("0.01")) for weight in shared)


@given(table=st.lists(st.tuples(st.sampled_from([*LEVELS]), st.sampled_from("甲乙丙丁")), min_size=1, max_size=40))
def test_rows_of_one_kind_weigh_the_same_to_a_cent_and_the_first_carry_it(table):
    shared = shared_weights(table, RULES.levels).weights
    groups = defaultdict(list)
    for row, weight in zip(table, shared, strict=True):
        groups[row].append(weight)
    for mine in groups.values():
        assert mine == sorted(mine, reverse=True)
        assert mine[0] - mine[-1] <= Decimal("0.01")


# ── units ─────────────────────────────────────────────────────────────────────────────────────

amount = st.decimals(min_value=Decimal("0.01"), max_value=10**8, places=2)


def points_of(target_text, actual_text, **row):
    target = read_target(
        target_text, TargetContext(level1="产出指标", level2="数量指标", name="某指标", year=2021, **row)
    )
    actual = read_actual(actual_text, target, Context(year=2021))
    project = Project("P01", "", {}, None, None, (), (), Place("p"))
    score = score_indicator(indicator(target, actual, Decimal(10)), RULES, project)
    return score.points, score.completion


def looks_like_a_lost_unit(ratio):
    """Within a factor 3 of 10⁴, 10², 10⁻², 10⁻⁴: a bare number is asked about, not scored."""
    return any(Decimal(10) ** power / 3 <= ratio <= Decimal(10) ** power * 3 for power in (4, 2, -2, -4))


@pytest.mark.parametrize("sign", ["≥", "≤", "=", ""])
@given(target=amount, actual=amount)
def test_the_unit_something_is_written_in_changes_nothing(sign, target, actual):
    in_yuan, in_wan = (
        (f"{sign}{plain(target * 10000)}元", f"{plain(actual * 10000)}元"),
        (f"{sign}{target}万元", f"{actual}万元"),
    )
    expected = points_of(*in_yuan)
    assert expected[0] is not None
    for target_text in (in_yuan[0], in_wan[0]):
        for actual_text in (in_yuan[1], in_wan[1]):
            assert points_of(target_text, actual_text) == expected
    bare = (None, None) if looks_like_a_lost_unit(actual / target) else expected
    assert points_of(in_wan[0], f"{actual}") == bare
    assert points_of(f"{sign}{target}", f"{actual}", unit="万元") == bare


@given(
    target=st.decimals(min_value=Decimal("0.1"), max_value=100, places=1),
    actual=st.decimals(min_value=0, max_value=100, places=1),
)
def test_per_cent_and_per_mille_say_the_same(target, actual):
    assert points_of(f"≥{target}%", f"{actual}%") == points_of(f"≥{plain(target * 10)}‰", f"{plain(actual * 10)}‰")


@given(target=amount, actual=amount, factor=st.integers(1, 10**6))
def test_scaling_target_and_actual_alike_changes_nothing(target, actual, factor):
    scaled = (f"≥{plain(target * factor)}个", f"{plain(actual * factor)}个")
    assert points_of(f"≥{target}个", f"{actual}个") == points_of(*scaled)


# ── rounding ──────────────────────────────────────────────────────────────────────────────────


def half_up(value, digits, mode=ROUND_HALF_UP):
    """The same rounding by another way: 400 digits of Decimal division, then quantize."""
    with localcontext(prec=400):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(1).scaleb(-digits), mode)


any_fraction = st.one_of(
    st.fractions(min_value=-(10**25), max_value=10**25, max_denominator=10**6),
    st.integers(-(10**25), 10**25).map(lambda n: Fraction(n, 1000)),
    st.integers(-(10**6), 10**6).map(lambda n: Fraction(2 * n + 1, 200)),  # every one a tie
)


@given(value=any_fraction, digits=st.integers(0, 8))
def test_rounding_is_half_up_as_on_paper(value, digits):
    assert rounded(value, digits) == half_up(value, digits)
    assert Decimal(fixed(value, digits)) == half_up(value, digits)
    assert len(fixed(value, digits).partition(".")[2]) == digits


@given(value=any_fraction, digits=st.integers(0, 8))
def test_half_even_is_what_decimal_calls_so(value, digits):
    assert rounded(value, digits, Rounding.HALF_EVEN) == half_up(value, digits, ROUND_HALF_EVEN)


@given(value=any_fraction, digits=st.integers(0, 8), mode=st.sampled_from(Rounding))
def test_rounding_twice_changes_nothing(value, digits, mode):
    once = rounded(value, digits, mode)
    assert rounded(Fraction(once), digits, mode) == once


@given(target=days, late=st.integers(1, 400), start=st.integers(1, 400))
def test_being_late_costs_the_ratio_of_the_durations(target, late, start):
    case = DateCase(target, target + timedelta(late), target - timedelta(start))
    assert DATE_FORMULAS["duration_ratio"](case).completion == Fraction(start, start + late)
