"""`Rules` written out as a profile file: everything resolved, so that it is read again without its parents.

The file travels inside a report. Values are exact decimals; what a profile leaves to a default is written out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from selfeval.base.display import cited
from selfeval.base.exact import plain, rounded
from selfeval.base.model import Evidence, Source
from selfeval.rules.citing import EFFECTIVE, tier_values, values_in
from selfeval.rules.formulas import BAND_EDGES, Band
from selfeval.rules.profile import Method, Rules

DEDUCTING = ("full_from", "deduct", "per", "steps")
"""What an execution rate scored by points off is told by."""

HEAD = "# 本报告计分所用的规则：已按年度选定版本，并入所沿用的规则集，不再依赖其他文件。\n"

Table = dict[str, Any]
"""One TOML table: texts, flags, integers, days, exact numbers, lists and tables in it."""


def profile_toml(rules: Rules) -> str:
    """The profile as a file of its own: one version, the one in force."""
    texts = (source.document for source in rules.cited.values() if source.evidence is not Evidence.CONVENTION)
    keys = {text: f"d{at}" for at, text in enumerate(dict.fromkeys(texts), 1)}
    parts = [
        HEAD + _lines({"id": rules.id, "title": rules.title}),
        "[documents]\n" + _lines({key: text for text, key in keys.items()}),
        "[[versions]]\n" + _lines({"effective": rules.effective} | _cites(rules, (EFFECTIVE,), keys)),
        *(
            f"[versions.{_path(name)}]\n{_lines(table | _cites(rules, _values(name, table), keys))}"
            for name, table in _tables(rules)
        ),
    ]
    return "\n".join(parts)


def _tables(rules: Rules) -> Iterable[tuple[tuple[str, ...], Table]]:
    """The sections of the version, in the order of the shipped profiles."""
    yield ("execution",), _execution(rules)
    yield ("levels",), _levels(rules)
    yield ("rounding",), {"digits": rules.digits, "mode": rules.rounding.value}
    yield ("tiers",), _tiers(rules)
    yield ("grades",), {"bands": [{"name": grade.name, "from": grade.lower} for grade in rules.grades]}
    over = {"flag_at": rules.flag_at, "reason_at": rules.reason_at, "missing": rules.over_missing}
    yield ("over_completion",), over
    yield ("reasons",), {"missing": rules.missing_reason}
    yield ("adjustments",), {"score": "adjusted" if rules.adjusted_targets else "original"}
    if rules.merges:
        yield ("merging",), {"same_name": "by_funds"}
    for id_, method in rules.methods.items():
        yield ("methods", id_), _method(method)


def value_names(rules: Rules) -> Iterable[str]:
    """Every value of a profile that comes from somewhere, by its key in the file."""
    return [EFFECTIVE, *(name for path, table in _tables(rules) for name in _values(path, table))]


def _values(path: Iterable[str], table: Table) -> Iterable[str]:
    """The full names of a section's values."""
    section = ".".join(path)
    return [f"{section}.{name}" for name in (tier_values(table) if section == "tiers" else values_in(table))]


def _cites(rules: Rules, values: Iterable[str], keys: Mapping[str, str]) -> Table:
    """Where these values come from."""
    return {"sources": {value.rpartition(".")[2]: _cited(rules.source(value), keys) for value in values}}


def _execution(rules: Rules) -> Table:
    execution = rules.execution
    return {
        "points": execution.points,
        "denominator": execution.denominator,
        "cap": execution.cap,
        "bands": _bands(execution.bands),
        "reason_below": execution.reason_below,
        "funds": list(execution.funds),
        **({name: getattr(execution, name) for name in DEDUCTING} if execution.deduct else {}),
        **({"pass_line": execution.pass_line} if execution.pass_line else {}),
    }


def _levels(rules: Rules) -> Table:
    levels = rules.levels
    sets = [{"requires": list(one.requires), "points": dict(one.points)} for one in levels.sets]
    shares = {"share": levels.share, "digits": levels.digits, "moves": dict(levels.moves), "sets": sets}
    return shares | {"fixed": levels.fixed, "inapplicable": levels.inapplicable}


def _tiers(rules: Rules) -> Table:
    bands = {
        tier.value: {"label": band.label, "upper": band.upper, "lower": band.lower, "default": band.default}
        for tier, band in rules.tiers.items()
    }
    return {"edges": "points" if rules.edges_in_points else "exact"} | bands


def _method(method: Method) -> Table:
    """A method with the parameters it has; the bands of a delay are counted in days."""
    edge = BAND_EDGES.get(method.formula, "")
    params = {name: _bands(v, edge) if isinstance(v, tuple) else v for name, v in method.params.items()}
    return {"title": method.title, "formula": method.formula} | params


def _bands(bands: Iterable[Band], edge: str = "from") -> list[Table]:
    return [{edge: start, "ratio": ratio} for start, ratio in bands]


def _cited(source: Source, keys: Mapping[str, str]) -> Table:
    """One citation; a convention cites no document."""
    document = {} if source.evidence is Evidence.CONVENTION else {"document": keys[source.document]}
    where = {"found": source.found} if source.found else {}
    return document | {"article": source.article, "evidence": source.evidence.value} | where


# ── TOML ──


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{_key(key)} = {_value(value)}\n" for key, value in table.items())


def _path(names: Iterable[str]) -> str:
    return ".".join(map(_key, names))


def _key(name: str) -> str:
    """A bare key where TOML allows it, else a quoted one (评分方法 are named in Chinese)."""
    bare = name.isascii() and name.replace("-", "_").isidentifier()
    return name if bare else quoted(name)


def quoted(text: str) -> str:
    """A text as TOML writes it: JSON's way, and DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:  # noqa: ANN401 - any value of TOML
    """One value on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _plain(value)


def _plain(value: str | bool | int | date | Fraction) -> str:  # noqa: FBT001 - a value, not a switch
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else _number(Fraction(value))


def _number(value: Fraction) -> str:
    """All digits: what was read from a decimal ends as one; a share like 2/3 is written as it is."""
    twos, rest = _powers(value.denominator, 2)
    fives, rest = _powers(rest, 5)
    if rest != 1:
        return quoted(f"{value.numerator}/{value.denominator}")
    return plain(rounded(value, max(twos, fives)))


def _powers(number: int, factor: int) -> tuple[int, int]:
    """How often a number holds a factor, and what is left without it."""
    count = 0
    while number % factor == 0:
        number, count = number // factor, count + 1
    return count, number


# ── Comparing ──


def settings_of(rules: Rules) -> dict[str, str]:
    """Every value that scores, by its key in the file, and where each comes from; titles are left out."""
    values = {
        f"{_path(name)}.{key}": _value(value)
        for name, table in _tables(rules)
        for key, value in table.items()
        if key != "title"
    }
    return values | {f"{value}（出处）": cited(source) for value, source in rules.cited.items()}
