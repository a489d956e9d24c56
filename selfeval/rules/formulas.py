"""The closed set of formulas. A rule profile names one and sets its parameters; it cannot add any.

Every formula takes exact numbers and returns the completion (0…1, exact) with its working in words (written when
somebody asks for them), or no completion with the reason why the formula has no meaning for these numbers. Nothing
is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from selfeval.base.exact import fraction, percent, quotient, shown
from selfeval.base.phrases import joined, phrase
from selfeval.base.remarks import Reading, reading

Band = tuple[Fraction, Fraction]
FULL, NONE, POINT = Fraction(1), Fraction(0), Fraction(1, 100)


class Case(NamedTuple):
    """Target A and actual B of one numeric row, in the same unit. `less`: less is better (反向).

    They are decimals, which are compared many times faster than fractions; what is divided becomes a fraction.
    `upper` is the second bound of a range; `show` writes a number in the row's own unit.
    """

    target: Decimal
    actual: Decimal
    weight: Decimal
    less: bool = False
    upper: Decimal | None = None
    show: Callable[[Fraction | Decimal], str] = shown
    params: Mapping[str, Fraction | str | tuple[Band, ...]] = MappingProxyType({})

    @property
    def met(self) -> bool:
        """Whether the actual reaches the target."""
        return self.actual <= self.target if self.less else self.actual >= self.target

    @property
    def gap(self) -> Fraction:
        """How much is missing, as a positive number when the target is missed."""
        missing = fraction(self.target) - fraction(self.actual)
        return -missing if self.less else missing

    @property
    def comparison(self) -> str:
        """The actual beside the target, in words: `12% > 10%`."""
        sign = "=" if self.actual == self.target else ("<" if self.actual < self.target else ">")
        return f"{self.show(self.actual)} {sign} {self.show(self.target)}"

    def number(self, name: str, default: Fraction) -> Fraction:
        """A numeric parameter of the profile."""
        value = self.params.get(name, default)
        return value if isinstance(value, Fraction) else default

    def bands(self) -> tuple[Band, ...]:
        """The parameter `bands`: (from, completion), highest first."""
        value = self.params.get("bands", ())
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class DateCase:
    """Target date and actual date; `start` is the project's 开始日期, None where it is not known."""

    target: date
    actual: date
    start: date | None
    params: Mapping[str, Fraction | str | tuple[Band, ...]] = field(default_factory=dict)


class Outcome(NamedTuple):
    """Completion and what tells its working; without completion the remark says why there is none."""

    completion: Fraction | None
    tell: Callable[[], str]
    remark: Reading | None = None

    @property
    def working(self) -> str:
        """The working in words."""
        return self.tell()


def clamped(value: Fraction) -> Fraction:
    """`value` within 0…1."""
    if value.numerator <= 0:
        return NONE
    return FULL if value.numerator >= value.denominator else value


def full(case: Case) -> Outcome:
    """The target is reached."""
    return Outcome(FULL, lambda: phrase("{comparison}，达到目标，完成率 100%", comparison=case.comparison))


def unscored(remark: Reading) -> Outcome:
    """No completion, and why."""
    return Outcome(None, lambda: remark.said, remark)


def no_meaning(case: Case) -> Outcome:
    """A ratio to a negative or zero number says nothing: a person has to decide."""
    return unscored(reading("V015", comparison=case.comparison))


def ratio(case: Case) -> Outcome:
    """完成比例: B ÷ A where more is better, A ÷ B where less is; `pass_line` is the ratio below which it is 0."""
    if case.less:
        return inverse_ratio(case)
    if case.met:
        return full(case)
    if case.target <= 0:
        return no_meaning(case)
    return with_pass_line(case, case.actual, case.target)


def inverse_ratio(case: Case) -> Outcome:
    """反比例: A ÷ B where less is better; a target of 0 that is missed gives 0."""
    if not case.less:
        return ratio(case)
    if case.met:
        return full(case)
    if case.target == 0:
        return Outcome(
            NONE, lambda: phrase("{comparison}，目标为 0 而实际大于 0，完成率 0%", comparison=case.comparison)
        )
    if case.target < 0:
        return no_meaning(case)
    return with_pass_line(case, case.target, case.actual)


def with_pass_line(case: Case, part: Decimal, whole: Decimal) -> Outcome:
    """part ÷ whole, and 0 below the profile's pass line."""
    share, line = quotient(part, whole), case.number("pass_line", NONE)
    completion = clamped(share)
    failed = line is not NONE and completion < line

    def working() -> str:
        text = phrase(
            "{comparison}，未达目标：{part} ÷ {whole} = {share}",
            comparison=case.comparison,
            part=case.show(part),
            whole=case.show(whole),
            share=percent(share),
        )
        negative = phrase("，按 0% 计") if part < 0 else ""
        return (
            phrase("{said}{negative}，低于及格线 {line}，不得分", said=text, negative=negative, line=percent(line))
            if failed
            else joined((text, negative))
        )

    return Outcome(NONE if failed else completion, working)


def deviation(case: Case) -> Outcome:
    """偏差率: 1 − gap ÷ |A|, not below 0."""
    if case.met:
        return full(case)
    if case.target == 0:
        return inverse_ratio(case) if case.less else no_meaning(case)
    base = abs(fraction(case.target))
    raw = 1 - case.gap / base

    def working() -> str:
        high, low = (case.actual, case.target) if case.less else (case.target, case.actual)
        gap = f"({case.show(high)} − {bracketed(case.show(low))})"
        text = phrase(
            "{comparison}，未达目标：1 − {gap} ÷ {base} = {raw}",
            comparison=case.comparison,
            gap=gap,
            base=case.show(base),
            raw=percent(raw),
        )
        return text if raw >= 0 else phrase("{said}，按 0% 计", said=text)

    return Outcome(clamped(raw), working)


def bracketed(text: str) -> str:
    """A negative number inside a subtraction needs brackets."""
    return f"({text})" if text.startswith("-") else text


def all_or_nothing(case: Case) -> Outcome:
    """直接赋分: full or nothing."""
    return (
        full(case)
        if case.met
        else Outcome(NONE, lambda: phrase("{comparison}，未达目标，不得分", comparison=case.comparison))
    )


def per_point(case: Case) -> Outcome:
    """逐点扣分: `deduct` points for every `per` (base unit; default one percentage point) short, counted by `steps`."""
    if case.met:
        return full(case)
    deduct, per = case.number("deduct", FULL), case.number("per", POINT)
    counting = str(case.params.get("steps", LINEAR))
    lost = steps_short(case.gap / per, counting) * deduct
    completion = clamped(1 - lost / fraction(case.weight)) if case.weight else NONE
    return Outcome(
        completion,
        lambda: phrase(
            ("{comparison}，相差 {gap}，每 {per} 扣 {deduct} 分{steps}，扣 {lost} 分，完成率 {completion}"),
            comparison=case.comparison,
            gap=case.show(case.gap),
            per=case.show(per),
            deduct=shown(deduct),
            steps=STEP_WORDS[counting],
            lost=shown(lost),
            completion=percent(completion),
        ),
    )


LINEAR, WHOLE, STARTED = "linear", "whole", "started"
STEP_WORDS = {LINEAR: "", WHOLE: phrase("（不足一档不扣）"), STARTED: phrase("（不足一档按一档扣）")}
"""How the steps that are missing are counted: in proportion, whole ones only, or every one that has started."""


def steps_short(steps: Fraction, counting: str) -> Fraction:
    """The steps that cost points."""
    if counting == WHOLE:
        return Fraction(steps.numerator // steps.denominator)
    return Fraction(-(-steps.numerator // steps.denominator)) if counting == STARTED else steps


def equal(case: Case) -> Outcome:
    """等于目标: below as a ratio; above as `overshoot` says: full, inverse_ratio, deviation or zero."""
    if case.target == 0:
        return inverse_ratio(case._replace(less=True))
    if case.actual <= case.target:
        return ratio(case)
    overshoot = case.params.get("overshoot", "full")
    if overshoot == "full":
        return Outcome(FULL, lambda: phrase("{comparison}，超过目标，不扣分，完成率 100%", comparison=case.comparison))
    if overshoot == "zero":
        return Outcome(NONE, lambda: phrase("{comparison}，超过目标，不得分", comparison=case.comparison))
    over = case._replace(less=True)
    return deviation(over) if overshoot == "deviation" else inverse_ratio(over)


def nearer_bound(case: Case) -> Outcome:
    """区间: full inside; outside the ratio to the nearer bound."""
    return to_nearer_bound(case, ratio)


def to_nearer_bound(case: Case, formula: Callable[[Case], Outcome]) -> Outcome:
    """A target between two bounds: full inside; outside what the formula gives for the nearer bound."""
    upper = case.target if case.upper is None else case.upper
    if case.target <= case.actual <= upper:
        return Outcome(FULL, lambda: within(case, upper))
    if case.actual < case.target:
        return formula(case._replace(less=False))
    return formula(case._replace(target=upper, less=True))


def within(case: Case, upper: Decimal) -> str:
    """That a target between two bounds is met."""
    return phrase(
        "{actual} 在 {lower}–{upper} 之内，完成率 100%",
        actual=case.show(case.actual),
        lower=case.show(case.target),
        upper=case.show(upper),
    )


def bands(case: Case) -> Outcome:
    """分段赋分 on the actual itself (满意度): the first band whose lower edge is reached."""
    reached = next((band for band in case.bands() if case.actual >= band[0]), None)
    if reached is None:
        return Outcome(NONE, lambda: phrase("{actual} 低于最低一段，不得分", actual=case.show(case.actual)))
    lower, completion = reached
    return Outcome(
        completion,
        lambda: phrase(
            "{actual} ≥ {lower}，按该段计 {completion}",
            actual=case.show(case.actual),
            lower=case.show(lower),
            completion=percent(completion),
        ),
    )


def bands_up_to(case: Case) -> Outcome:
    """分段赋分，越低越好: the first band whose upper edge holds the actual."""
    return within_band(case, fraction(case.actual), case.show(case.actual), case.show)


def bands_deviation(case: Case) -> Outcome:
    """按偏离目标的幅度分段: |B − A| ÷ |A| against the bands' upper edges, on either side of the target."""
    if case.target == 0:
        return no_meaning(case)
    off = abs(fraction(case.actual) - fraction(case.target)) / abs(fraction(case.target))
    text = phrase(
        "{actual} 与目标 {target} 相差 {off}",
        actual=case.show(case.actual),
        target=case.show(case.target),
        off=percent(off),
    )
    return within_band(case, off, text, percent)


def within_band(case: Case, value: Fraction, text: str, show: Callable[[Fraction], str]) -> Outcome:
    """The completion of the lowest band that holds a value; above all of them nothing."""
    held = next((band for band in sorted(case.bands()) if value <= band[0]), None)
    if held is None:
        return Outcome(NONE, lambda: phrase("{said}，超过各段，不得分", said=text))
    edge, completion = held
    return Outcome(
        completion,
        lambda: phrase(
            "{said}，不超过 {edge}，按该段计 {completion}", said=text, edge=show(edge), completion=percent(completion)
        ),
    )


def duration_ratio(case: DateCase) -> Outcome:
    """逾期按工期折算: planned ÷ actual duration from the project's start."""
    if case.actual <= case.target:
        return on_time(case)
    late = phrase("{actual} 晚于 {target}", actual=case.actual, target=case.target)
    if case.start is None:
        return unscored(reading("V012.no_start", day=case.actual, target=case.target))
    if case.target < case.start:
        return unscored(reading("V012.before_start", day=case.actual, target=case.target, start=case.start))
    planned, used = (case.target - case.start).days, (case.actual - case.start).days
    completion = clamped(Fraction(planned, used))
    return Outcome(
        completion,
        lambda: phrase(
            "{late}，自 {start} 起计划 {planned} 天 ÷ 实际 {used} 天 = {completion}",
            late=late,
            start=case.start or "",
            planned=planned,
            used=used,
            completion=percent(completion),
        ),
    )


def on_time(case: DateCase) -> Outcome:
    """The date was kept."""
    return Outcome(
        FULL, lambda: phrase("{actual} 不晚于 {target}，按期完成，完成率 100%", actual=case.actual, target=case.target)
    )


def late_bands(case: DateCase) -> Outcome:
    """逾期分段: completion by days late; later than the last band gives 0."""
    if case.actual <= case.target:
        return on_time(case)
    days = (case.actual - case.target).days
    value = case.params.get("bands", ())
    within = next((band for band in sorted(value if isinstance(value, tuple) else ()) if days <= band[0]), None)
    if within is None:
        return Outcome(NONE, lambda: phrase("逾期 {days} 天，超过各段，不得分", days=days))
    limit, completion = within
    return Outcome(
        completion,
        lambda: phrase(
            "逾期 {days} 天，不超过 {limit} 天，按该段计 {completion}",
            days=days,
            limit=shown(limit),
            completion=percent(completion),
        ),
    )


def date_all_or_nothing(case: DateCase) -> Outcome:
    """按期得分: full or nothing."""
    if case.actual <= case.target:
        return on_time(case)
    return Outcome(NONE, lambda: phrase("{actual} 晚于 {target}，不得分", actual=case.actual, target=case.target))


def manual_date(case: DateCase) -> Outcome:
    """逾期由人评定: the rule gives points only where the date was kept."""
    if case.actual <= case.target:
        return on_time(case)
    return unscored(reading("V012.by_hand", day=case.actual, target=case.target))


NUMBER_FORMULAS: dict[str, Callable[[Case], Outcome]] = {
    "ratio": ratio,
    "inverse_ratio": inverse_ratio,
    "deviation": deviation,
    "all_or_nothing": all_or_nothing,
    "per_point": per_point,
    "equal": equal,
    "nearer_bound": nearer_bound,
    "bands": bands,
    "bands_up_to": bands_up_to,
    "bands_deviation": bands_deviation,
}
DATE_FORMULAS: dict[str, Callable[[DateCase], Outcome]] = {
    "duration_ratio": duration_ratio,
    "late_bands": late_bands,
    "all_or_nothing": date_all_or_nothing,
    "manual": manual_date,
}
RANGE_FORMULAS: dict[str, Callable[[Case], Outcome]] = {
    **{name: partial(to_nearer_bound, formula=formula) for name, formula in NUMBER_FORMULAS.items() if name != "equal"},
    **{name: NUMBER_FORMULAS[name] for name in ("nearer_bound", "bands", "bands_up_to")},
}
"""The formulas for a target between two bounds: to the nearer one, but where bands are on the actual itself.

Two bounds cannot be equalled.
"""

PARAMETERS: dict[str, frozenset[str]] = {
    "ratio": frozenset({"pass_line"}),
    "inverse_ratio": frozenset({"pass_line"}),
    "per_point": frozenset({"deduct", "per", "steps"}),
    "equal": frozenset({"overshoot", "pass_line"}),
    "bands": frozenset({"bands"}),
    "late_bands": frozenset({"bands"}),
    "bands_up_to": frozenset({"bands"}),
    "bands_deviation": frozenset({"bands"}),
}
"""Which parameters a formula takes; a formula not listed takes none."""

BAND_EDGES = {"bands": "from", "late_bands": "days", "bands_up_to": "to", "bands_deviation": "to"}
"""What the edge of a band is called in a profile, by formula; only `from` counts from below."""

FORMULAS = frozenset({*NUMBER_FORMULAS, *DATE_FORMULAS, "tiers", "mean"})
"""All names a profile may use; `tiers` (定性) and `mean` (一格多项) are built from the rest in scoring."""

_OF_USE = {
    "range": frozenset(RANGE_FORMULAS),
    "date": frozenset(DATE_FORMULAS),
    "compound": frozenset({"mean"}),
    "qualitative": frozenset({"tiers"}),
}


def formulas_for(use: str, uses: Collection[str]) -> frozenset[str]:
    """The formulas a method may name: those for what its use reads, all where it is only asked for by name."""
    return _OF_USE.get(use, frozenset(NUMBER_FORMULAS)) if use in uses else FORMULAS
