"""A second scorer, written from docs/rules.md and docs/conformance: facts in their shape in, exact figures out.

It imports nothing of selfeval and was written before it was held against `selfeval.scoring`, so that an error has to be
made twice to go unseen. Where docs/rules.md leaves something open, a comment with "Open:" says how it is read here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

Table = dict[str, Any]
Number = Fraction | None

NUMERIC = {
    *("ratio", "inverse_ratio", "deviation", "all_or_nothing", "per_point", "equal", "nearer_bound"),
    *("bands", "bands_up_to", "bands_deviation"),
}
ON_THE_ACTUAL = {"nearer_bound", "bands", "bands_up_to"}
DATED = {"duration_ratio", "late_bands", "all_or_nothing", "manual"}
SATISFACTION, NOT_SCORED, NOT_APPLICABLE = "满意度指标", "不计分", "不适用"
CENT = Fraction(1, 100)
DEFAULTS: Table = {
    "execution": {
        "denominator": "adjusted",
        "cap": 1,
        "bands": [],
        "funds": [],
        "full_from": 1,
        "deduct": 0,
        "per": "0.01",
        "steps": "linear",
        "pass_line": 0,
    },
    "levels": {"share": "level2_then_level3", "digits": 2, "moves": {}, "fixed": True, "inapplicable": False},
    "rounding": {"digits": 2, "mode": "half_up"},
    "tiers": {"edges": "exact"},
    "adjustments": {"score": "adjusted"},
    "methods": {},
}
METHOD_DEFAULTS: Table = {"overshoot": "full", "steps": "linear", "pass_line": 0, "deduct": 1, "per": "0.01"}


# ── Numbers ──


def exact(value: object) -> Fraction:
    """A number of a profile or of the facts; "2/3" is a fraction."""
    return Fraction(value) if isinstance(value, int | Decimal) else Fraction(str(value))


def maybe(value: object) -> Number:
    """The same, or nothing."""
    return None if value is None else exact(value)


def rounded(value: Fraction, digits: int = 2, mode: str = "half_up") -> Fraction:
    """One of the three roundings, by absolute value."""
    scaled = abs(value) * 10**digits
    whole, rest = floor(scaled), scaled - floor(scaled)
    up = rest > Fraction(1, 2) or (rest == Fraction(1, 2) and (mode == "half_up" or whole % 2 == 1))
    units = whole + (1 if up and mode != "down" else 0)
    return Fraction(units if value >= 0 else -units, 10**digits)


def written(value: Number, digits: int = 2) -> str | None:
    """A figure as it is given out."""
    if value is None:
        return None
    units = rounded(value, digits) * 10**digits
    return f"{Decimal(int(units)).scaleb(-digits):.{digits}f}"


def kept(value: Fraction) -> Fraction:
    """Between 0 and 1."""
    return max(Fraction(0), min(Fraction(1), value))


def cut(shares: Sequence[Fraction], digits: int) -> list[Fraction]:
    """Shares cut to so many decimals; what was cut off goes to the first ones, a smallest unit each."""
    unit = Fraction(1, 10**digits)
    least = [floor(share / unit) * unit for share in shares]
    units = floor((sum(shares) - sum(least)) / unit)
    return [share + (unit if at < units else 0) for at, share in enumerate(least)]


def in_order(names: Iterable[str]) -> list[str]:
    """Each name once, in the order of first appearance."""
    return list(dict.fromkeys(names))


# ── I. Where the figures of a profile come from ──


def merged(under: Table, over: Table) -> Table:
    """One table laid over another; lists and single values replace."""
    out = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both and "formula" not in value else value
    return out


def profile(folders: Sequence[Path], name: str, year: int) -> Table:
    """The figures of a profile file, in the first folder that has it, in a year; what it extends beneath them."""
    path = next(path for folder in folders if (path := folder / f"{name}.toml").exists())
    table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    below = profile(folders, table["extends"], year) if "extends" in table else {}
    versions = sorted(table["versions"], key=lambda version: version["effective"])
    in_force = [version for version in versions if version["effective"].year <= year] or versions[:1]
    for version in in_force:
        below = merged(below, version)
    return below


def complete(rules: Table) -> Table:
    """A profile's figures with the defaults for whatever is not written."""
    out = merged(DEFAULTS, rules)
    out["methods"] = {key: METHOD_DEFAULTS | {"title": key} | method for key, method in out["methods"].items()}
    return out


def by_rule(value: Fraction, rules: Table) -> Fraction:
    """Rounded as the profile's points are."""
    return rounded(value, int(rules["rounding"]["digits"]), rules["rounding"]["mode"])


# ── II, III. The rows that count, and their weights ──


def settled(row: Table, rules: Table) -> Table:
    """A row with the target and the weight that count."""
    after = row["adjusted"] if rules["adjustments"]["score"] == "adjusted" else None
    counting = after or row
    return row | {"target": counting["target"], "weight": maybe(counting["weight"])}


def weighed(rows: list[Table], rules: Table) -> list[Table]:
    """The rows with the weights that count; `out` marks those in no total."""
    rows = [settled(row, rules) | {"out": row["method"] == NOT_SCORED, "first": row["weight"]} for row in rows]
    counting = [row for row in rows if not row["out"]]
    if any(written_weight(row) for row in counting):
        for row in counting:
            row["weight"] = None if row["weight"] is None or row["weight"] < 0 else row["weight"]
    else:
        allotted(counting, rules["levels"])
    leave_out(counting, rules["levels"])
    return [row | ({"weight": None} if row["out"] else {}) for row in rows]


def written_weight(row: Table) -> bool:
    """Whether a row has a weight written, first or adjusted; one below 0 is written as well."""
    return row["first"] is not None or bool(row["adjusted"] and row["adjusted"]["weight"] is not None)


def allotted(rows: list[Table], levels: Table) -> None:
    """Weights for rows that have none."""
    present = in_order(row["level1"] for row in rows)
    chosen = next((one for one in levels["sets"] if set(one["requires"]) <= set(present)), None)
    points = level_points(chosen["points"], present, levels) if chosen else {}
    digits = int(levels["digits"])
    for name, whole in points.items():
        below = [row for row in rows if row["level1"] == name]
        if levels["share"] == "level3":
            share(below, whole, digits)
            continue
        seconds = in_order(row["level2"] for row in below)
        for second, part in zip(seconds, evenly(whole, len(seconds), digits), strict=True):
            share([row for row in below if row["level2"] == second], part, digits)


def evenly(whole: Fraction, count: int, digits: int) -> list[Fraction]:
    """A number in equal shares."""
    return cut([whole / count] * count, digits)


def share(rows: list[Table], whole: Fraction, digits: int) -> None:
    """Give rows their equal shares."""
    for row, part in zip(rows, evenly(whole, len(rows), digits), strict=True):
        row["weight"] = part


def level_points(points: Table, present: list[str], levels: Table) -> dict[str, Fraction]:
    """Each level present with its points, those of the missing ones given away."""
    there = {name: exact(value) for name, value in points.items() if name in present}
    missing = {name: exact(value) for name, value in points.items() if name not in present}
    heir = levels["moves"].get(next(iter(missing))) if len(missing) == 1 else None
    # A heir in the table and not in the set gets no points.
    if heir and heir in there:
        return there | {heir: there[heir] + sum(missing.values())}
    total = sum(there.values())
    if not total:
        return there
    lost = sum(missing.values())
    shares = cut([own + lost * own / total for own in there.values()], int(levels["digits"]))
    return dict(zip(there, shares, strict=True))


def leave_out(rows: list[Table], levels: Table) -> None:
    """Take out the rows that do not apply, their weight shared among the others."""
    leaving = [row for row in rows if row["method"] == NOT_APPLICABLE and row["reason"]]
    staying = [row for row in rows if not (row["method"] == NOT_APPLICABLE and row["reason"])]
    if not levels["inapplicable"] or not leaving or any(row["weight"] is None for row in rows):
        return
    whole, rest = (sum((row["weight"] for row in some), Fraction(0)) for some in (rows, staying))
    if not rest:
        return
    shares = cut([row["weight"] * whole / rest for row in staying], 2)
    for row, weight in zip(staying, shares, strict=True):
        row["weight"] = weight
    for row in leaving:
        row["out"] = True


# ── IV. The method ──


def usual(target: Table, level1: str, methods: Table) -> str:
    """The method of a target for which none is named."""
    kinds = {"range": "range", "date": "date", "compound": "compound"}
    if target["kind"] in kinds:
        return kinds[target["kind"]]
    if target["value"] is None:
        return "qualitative"
    if level1 == SATISFACTION and "satisfaction" in methods:
        return "satisfaction"
    if target["direction"] == "negative":
        return "at_most"
    zero = target["operator"] is None and exact(target["value"]) == 0
    return "equal" if target["operator"] == "=" or zero else "at_least"


def named(name: str, methods: Table) -> Table | None:
    """The first method with this key or title."""
    return next((method for key, method in methods.items() if name in {key, method["title"]}), None)


def method_of(row: Table, target: Table, methods: Table) -> Table | None:
    """The method of a row, its own or the usual one; None for a name there is not."""
    return named(row["method"], methods) if row["method"] else named(usual(target, row["level1"], methods), methods)


def suits(formula: str, target: Table) -> bool:
    """Whether a formula is for this kind of target."""
    if target["kind"] == "qualitative":
        return formula == "tiers"
    if target["kind"] == "date":
        return formula in DATED
    if target["kind"] == "compound":
        return formula == "mean" or all(suits(formula, part) for part in target["parts"])
    return formula in NUMERIC and not (target["kind"] == "range" and formula == "equal")


# ── V. Completion ──


def completion(row: Table, actual: Table, start: str | None, rules: Table) -> Number:
    """The completion of a row, or None."""
    method = method_of(row, row["target"], rules["methods"])
    if method is None or row["target"]["kind"] is None or row["method"] == NOT_APPLICABLE:
        return None
    return completed(row, row["target"], actual, method, (start, rules))


def completed(row: Table, target: Table, actual: Table, method: Table, around: tuple[str | None, Table]) -> Number:
    """The completion of a target by a method."""
    start, rules = around
    if target["kind"] is None or not suits(method["formula"], target):
        return None
    if target["kind"] == "compound":
        return of_parts(row, actual, method, around)
    if target["kind"] == "qualitative":
        return of_words(actual, rules["tiers"])
    if target["kind"] == "date":
        return of_date(target, actual, method, start)
    return of_number(row["weight"], target, actual, method)


def of_parts(row: Table, actual: Table, method: Table, around: tuple[str | None, Table]) -> Number:
    """The mean of the parts, if every one has a completion."""
    targets, actuals = row["target"]["parts"], actual["parts"]
    if not targets or len(actuals) != len(targets):
        return None
    plain = row | {"method": None}
    found = []
    for target, one in zip(targets, actuals, strict=False):
        own = method_of(plain, target, around[1]["methods"]) if method["formula"] == "mean" else method
        worded = target["kind"] == "qualitative"
        found.append(None if worded or own is None else completed(plain, target, one, own, around))
    known = [one for one in found if one is not None]
    return Fraction(sum(known), len(targets)) if len(known) == len(targets) else None


def of_words(actual: Table, tiers: Table) -> Number:
    """A qualitative target."""
    if actual["answer"] is not None:
        return Fraction(1 if actual["answer"] else 0)
    return exact(tiers[actual["tier"]]["default"]) if actual["tier"] else None


def of_date(target: Table, actual: Table, method: Table, start: str | None) -> Number:
    """A date to be kept."""
    if target["date"] is None:
        return None
    if actual["date"] is None:
        return Fraction(1) if actual["kept"] else None
    due, done = date.fromisoformat(target["date"]), date.fromisoformat(actual["date"])
    if done <= due:
        return Fraction(1)
    return late(due, done, method, start)


def late(due: date, done: date, method: Table, start: str | None) -> Number:
    """A date not kept."""
    if method["formula"] == "all_or_nothing":
        return Fraction(0)
    if method["formula"] == "late_bands":
        return band_up_to(method["bands"], "days", Fraction((done - due).days))
    if method["formula"] == "manual" or start is None or due < (begun := date.fromisoformat(start)):
        return None
    return kept(Fraction((due - begun).days, (done - begun).days))


def of_number(weight: Number, target: Table, actual: Table, method: Table) -> Number:
    """A target in numbers."""
    a, b = maybe(target["value"]), maybe(actual["value"])
    if a is None or b is None:
        return None
    down, top = target["direction"] == "negative", maybe(target["upper"])
    if target["kind"] == "range" and method["formula"] not in ON_THE_ACTUAL:
        top = a if top is None else top
        if a <= b <= top:
            return Fraction(1)
        a, down = (a, False) if b < a else (top, True)
    found = by_formula(a, b, down, method, (weight, top))
    return None if found is None else kept(found)


def by_formula(a: Fraction, b: Fraction, down: bool, method: Table, row: tuple[Number, Number]) -> Number:
    """A formula for numbers; `row` has the weight and the upper bound."""
    formula = method["formula"]
    if formula in {"ratio", "inverse_ratio"}:
        return ratio(a, b, down, method)
    if formula in {"deviation", "all_or_nothing"}:
        return deviation(a, b, down) if formula == "deviation" else Fraction(1 if reached(a, b, down) else 0)
    if formula == "per_point":
        return per_point(a, b, down, method, row[0])
    if formula == "equal":
        return equal(a, b, down, method)
    return nearer_bound(a, row[1], b, method) if formula == "nearer_bound" else in_bands(a, b, method)


def reached(a: Fraction, b: Fraction, down: bool) -> bool:
    """Whether the target is met."""
    return b <= a if down else b >= a


def ratio(a: Fraction, b: Fraction, down: bool, method: Table) -> Number:
    """One of the two over the other, by the direction."""
    if reached(a, b, down):
        return Fraction(1)
    if a < 0 or (a == 0 and not down):
        return None
    found = (a / b if a else Fraction(0)) if down else b / a
    return Fraction(0) if found < exact(method["pass_line"]) else found


def deviation(a: Fraction, b: Fraction, down: bool) -> Number:
    """One less the deviation."""
    if reached(a, b, down):
        return Fraction(1)
    if a == 0:
        return Fraction(0) if down else None
    return 1 - abs(a - b) / abs(a)


def stepped(gap: Fraction, table: Table) -> Fraction:
    """How many steps a gap is."""
    count = gap / exact(table["per"])
    return {"linear": count, "whole": Fraction(floor(count)), "started": Fraction(ceil(count))}[table["steps"]]


def per_point(a: Fraction, b: Fraction, down: bool, method: Table, weight: Number) -> Number:
    """So many points off for every step."""
    if reached(a, b, down):
        return Fraction(1)
    return 1 - stepped(abs(a - b), method) * exact(method["deduct"]) / weight if weight else Fraction(0)


def equal(a: Fraction, b: Fraction, down: bool, method: Table) -> Number:
    """A target to be hit."""
    if a == 0:
        return ratio(a, b, True, method)
    if b <= a:
        # "同 ratio" by the row's own direction.
        return ratio(a, b, down, method)
    kind = method["overshoot"]
    if kind in {"full", "zero"}:
        return Fraction(1 if kind == "full" else 0)
    return deviation(a, b, True) if kind == "deviation" else ratio(a, b, True, method)


def nearer_bound(a: Fraction, upper: Number, b: Fraction, method: Table) -> Number:
    """A target between two bounds."""
    top = a if upper is None else upper
    if a <= b <= top:
        return Fraction(1)
    return ratio(a, b, False, method) if b < a else ratio(top, b, True, method)


def in_bands(a: Fraction, b: Fraction, method: Table) -> Number:
    """The three formulas with bands."""
    if method["formula"] == "bands":
        return band_from(method["bands"], b)
    if method["formula"] == "bands_up_to":
        return band_up_to(method["bands"], "to", b)
    return band_up_to(method["bands"], "to", abs(b - a) / abs(a)) if a else None


def band_from(bands: list[Table], value: Fraction) -> Fraction:
    """The highest band begun."""
    begun = [band for band in bands if value >= exact(band["from"])]
    return exact(max(begun, key=lambda band: exact(band["from"]))["ratio"]) if begun else Fraction(0)


def band_up_to(bands: list[Table], key: str, value: Fraction) -> Fraction:
    """The lowest band not passed."""
    left = [band for band in bands if value <= exact(band[key])]
    return exact(min(left, key=lambda band: exact(band[key]))["ratio"]) if left else Fraction(0)


# ── VI. The points of a row ──


def rule_points(weight: Number, done: Number, rules: Table) -> Number:
    """The points of a completion."""
    if weight is None or done is None:
        return None
    return min(by_rule(weight * done, rules), rounded(weight))


def entered(row: Table, by_rules: Number, rules: Table) -> Number:
    """The points a unit gave itself, if they may stand."""
    points, weight = maybe(row["entered_points"]), row["weight"]
    if points is None or weight is None or not 0 <= points <= weight:
        return None
    if row["target"]["kind"] == "qualitative":
        if not in_tier(points, weight, row["actual"]["tier"], rules):
            return None
    elif not row["actual"]["stated"]:
        return None
    if points != by_rules and not row["reason"]:
        return None
    return limited(points, weight, rules)


def limited(points: Fraction, weight: Fraction, rules: Table) -> Fraction:
    """Points somebody gave, rounded and no more than full ones."""
    full = rule_points(weight, Fraction(1), rules)
    return min(by_rule(points, rules), rounded(weight) if full is None else full)


def in_tier(points: Fraction, weight: Fraction, name: str | None, rules: Table) -> bool:
    """Whether points lie within a tier."""
    if not name:
        return False
    tier = rules["tiers"][name]
    low, high = (weight * exact(tier[edge]) for edge in ("lower", "upper"))
    if rules["tiers"]["edges"] == "points":
        low, high = by_rule(low, rules), by_rule(high, rules)
    return low <= points < high or (name == "met" and points == high)


def scored(row: Table, start: str | None, rules: Table) -> Table:
    """All figures of a row."""
    if row["out"]:
        none = dict.fromkeys(("weight", "completion", "rule_points", "override", "points", "reviewed"))
        return none | {"formula": "none", "review": None}
    done = completion(row, row["actual"], start, rules)
    by_rules = rule_points(row["weight"], done, rules)
    own = entered(row, by_rules, rules)
    points = by_rules if own is None else own
    review = reviewed(row, start, rules)
    after = review["points"] if review else None
    return {
        "weight": row["weight"],
        "completion": done,
        "rule_points": by_rules,
        "override": own,
        "points": points,
        "formula": formula_name(row, rules),
        "review": review,
        "reviewed": points if after is None else after,
    }


def formula_name(row: Table, rules: Table) -> str:
    """The formula of a row."""
    # A method there is not, or that does not suit: the usual one's.
    methods = rules["methods"]
    method = method_of(row, row["target"], methods)
    if method is None or not suits(method["formula"], row["target"]):
        method = methods[usual(row["target"], row["level1"], methods)]
    return str(method["formula"])


# ── VII. The budget ──


def counted_funds(budget: list[Table], execution: Table) -> list[Table] | None:
    """The sources that count; None when one of them cannot be told."""
    if not execution["funds"]:
        return budget
    if any(not fund["source"] for fund in budget):
        return None
    return [fund for fund in budget if any(word in fund["source"] for word in execution["funds"])]


def added(funds: list[Table], key: str) -> Number:
    """One column, nothing if a figure is missing."""
    values = [maybe(fund[key]) for fund in funds]
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(values) else None


def spent(budget: list[Table], rules: Table) -> tuple[Number, Number]:
    """What there was to spend, and what was."""
    execution = rules["execution"]
    funds = counted_funds(budget, execution)
    return (None, None) if funds is None else (added(funds, execution["denominator"]), added(funds, "executed"))


def executed(budget: list[Table], rules: Table) -> Table:
    """The rate of execution and its points."""
    execution, (whole, done) = rules["execution"], spent(budget, rules)
    points = exact(execution["points"])
    weight = rounded(points)
    if not whole or done is None:
        return {"rate": None, "weight": weight, "points": None}
    rate = done / whole
    got = min(by_rule(share_of(rate, execution) * points, rules), weight)
    return {"rate": rate, "weight": weight, "points": got}


def share_of(rate: Fraction, execution: Table) -> Fraction:
    """The share of the points a rate earns."""
    if rate < exact(execution["pass_line"]):
        return Fraction(0)
    if execution["bands"]:
        return band_from(execution["bands"], rate)
    points, deduct, full = (exact(execution[key]) for key in ("points", "deduct", "full_from"))
    if not deduct or not points:
        return min(rate, exact(execution["cap"]))
    return Fraction(1) if rate >= full else max(Fraction(0), 1 - stepped(full - rate, execution) * deduct / points)


# ── VIII, IX. Totals, grades, the review ──


def summed(values: Iterable[Number]) -> Number:
    """The sum of what is there, None for nothing."""
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known else None


def level(name: str, rows: list[Table]) -> Table:
    """The totals under a heading."""
    weight, points = summed(row["weight"] for row in rows) or Fraction(0), summed(row["points"] for row in rows)
    done = min(Fraction(1), points / weight) if points is not None and weight else None
    return {"name": name, "weight": written(weight), "points": written(points), "completion": written(done, 8)}


def levels(rows: list[Table]) -> list[Table]:
    """Both levels of headings."""
    out = []
    for first in in_order(row["level1"] for row in rows):
        below = [row for row in rows if row["level1"] == first]
        seconds = in_order(row["level2"] for row in below)
        parts = [level(second, [row for row in below if row["level2"] == second]) for second in seconds]
        out.append(level(first, below) | {"level2": parts})
    return out


def ending(rows: list[Table], key: str, budget: Table, rules: Table) -> Table:
    """Total, weight counted and grade."""
    all_points = [*(row[key] for row in rows), budget["points"]]
    total = summed(all_points)
    weights = [*(row["weight"] for row in rows), budget["weight"]]
    counted = rounded(sum((w for w, p in zip(weights, all_points, strict=True) if p is not None), Fraction(0)))
    return {"total": written(total), "counted": written(counted), "grade": grade(total, counted, rules)}


def grade(total: Number, counted: Fraction, rules: Table) -> str | None:
    """The highest grade reached, if all of a hundred counts."""
    if total is None or counted < 100:
        return None
    got = [band for band in rules["grades"]["bands"] if total >= exact(band["from"])]
    return str(max(got, key=lambda band: exact(band["from"]))["name"]) if got else None


def reviewed(row: Table, start: str | None, rules: Table) -> Table | None:
    """What a reviewer's figures come to."""
    if row["review"] is None:
        return None
    given, actual, weight = maybe(row["review"]["points"]), row["review"]["actual"], row["weight"]
    again = rule_points(weight, completion(row, actual, start, rules), rules) if actual else None
    if given is None:
        return {"points": again, "rule_points": again}
    stands = weight is not None and 0 <= given <= weight
    return {"points": limited(given, weight, rules) if stands else None, "rule_points": again}


# ── X. The unit; XI. What is written ──


def unit_execution(budgets: list[list[Table]], rules: Table) -> Number:
    """The rate of a unit that has no row of its own: all spent over all there was to spend."""
    # A project one of whose sources cannot be told to count is one that lacks a figure.
    pairs = [spent(budget, rules) for budget in budgets]
    known = [(whole, done) for whole, done in pairs if whole is not None and done is not None]
    base = sum((whole for whole, _ in known), Fraction(0))
    return sum((done for _, done in known), Fraction(0)) / base if len(known) == len(pairs) and base > 0 else None


def score(facts: Table, rules: Table) -> Table:
    """Everything a case of docs/conformance expects, but the words of the steps; `rules` are complete."""
    rows = weighed(facts["indicators"], rules)
    found = [scored(row, facts["start"], rules) for row in rows]
    counting = [row | one for row, one in zip(rows, found, strict=True) if not row["out"]]
    budget = executed(facts["budget"], rules)
    review = any(row["review"] for row in rows)
    return {
        "indicators": [shown(one) for one in found],
        "budget": {"rate": written(budget["rate"], 8), **{key: written(budget[key]) for key in ("weight", "points")}},
        "level1": levels(counting),
        **ending(counting, "points", budget, rules),
        "review": ending(counting, "reviewed", budget, rules) if review else None,
    }


def shown(row: Table) -> Table:
    """A row's figures as they are given out."""
    figures = {key: written(row[key]) for key in ("weight", "rule_points", "points", "override")}
    review = row["review"] and {key: written(value) for key, value in row["review"].items()}
    return figures | {"completion": written(row["completion"], 8), "formula": row["formula"], "review": review}
