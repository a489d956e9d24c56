"""Profile files → `Rules`: versions chosen by year, `extends` merged, every value checked.

A profile is a TOML file with one or more `[[versions]]`, each valid from its `effective` day and changing
what the one before it says. `extends` names a profile whose values hold where a version says nothing.
Unknown keys, overlapping bands, points that do not make 100 and gaps are refused with file and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from selfeval.base.exact import Rounding
from selfeval.base.files import within
from selfeval.base.model import Evidence, Source, Tier
from selfeval.base.phrases import phrase, word
from selfeval.base.toml_reader import REQUIRED, UNSEEN, Problem, TomlSection, parse_toml
from selfeval.rules.citing import CONVENTION, EFFECTIVE, UNSTATED, Cited, cite, plain
from selfeval.rules.consistency import contradictions
from selfeval.rules.dump import value_names
from selfeval.rules.formulas import BAND_EDGES, LINEAR, PARAMETERS, STEP_WORDS, Band, formulas_for
from selfeval.rules.profile import (
    DEFAULT,
    SATISFACTION,
    USES,
    Execution,
    Grade,
    Levels,
    LevelSet,
    Method,
    Rules,
    TierBand,
)

LATEST = 2100
"""A year in which the newest version of every profile holds."""

SEVERITIES = ("error", "warning", "info")
ADJUSTED = ("adjusted", "original")
"""Which target counts where it was adjusted during the year; the first where a profile does not say."""

MERGING = ("none", "by_funds")
"""What becomes of projects of one name in the summary; the first where a profile does not say."""

EDGES = ("exact", "points")
"""How the edges of the tiers are held against a score; the first where a profile does not say."""

OVERSHOOTS = ("full", "inverse_ratio", "deviation", "zero")


@dataclass(frozen=True, slots=True)
class ProfileFile:
    """A profile as found: its id, its file's name for messages, its raw tables, its parent's id."""

    id: str
    file: str
    table: Mapping[str, Any]
    extends: str
    versions: tuple[Mapping[str, Any], ...]
    problems: tuple[Problem, ...]
    unseen: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """Its title, else its id."""
        return str(self.table.get("title") or self.id)

    @property
    def days(self) -> tuple[date, ...]:
        """From when each of its versions holds, oldest first."""
        return tuple(v[EFFECTIVE] for v in self.versions)

    def due(self, year: int) -> tuple[Mapping[str, Any], ...]:
        """The versions in force in a year, oldest first; before the first one, the first one."""
        in_force = tuple(v for v in self.versions if v[EFFECTIVE].year <= year)
        return in_force or self.versions[:1]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a profile cannot be used: the file, and what is wrong in it."""

    file: str
    problem: Problem


@cache
def shipped_profiles() -> tuple[ProfileFile, ...]:
    """The profiles that come with the program, by id."""
    folder = Path(str(files("selfeval.rules").joinpath("profiles")))
    return tuple(read_profile(path, f"profiles/{path.name}") for path in sorted(folder.glob("*.toml")))


def own_profiles(folder: Path) -> tuple[ProfileFile, ...]:
    """The unit's own profiles: `rules/*.toml` of an evaluation; links out of it are not followed."""
    paths = [p for p in sorted((folder / "rules").glob("*.toml")) if within(p, folder)]
    profiles = [read_profile(path, f"{folder.name}/rules/{path.name}") for path in paths]
    first = {p.id: p for p in reversed(profiles)}
    return tuple(with_own_id(profile, first[profile.id]) for profile in profiles)


def with_own_id(profile: ProfileFile, first: ProfileFile) -> ProfileFile:
    """The profile; told if it passes itself off as another, since the report names the rule it scored by."""
    if profile.id in {p.id for p in shipped_profiles()}:
        problem = phrase('“{rules}”是随程序提供的规则的编号，请换一个 id（可用 extends = "{rules}"）', rules=profile.id)
    elif profile is not first:
        problem = phrase("编号“{rules}”在 {file} 里已经有了，请换一个 id", rules=profile.id, file=first.file)
    else:
        return profile
    return replace(profile, problems=(*profile.problems, Problem("id", problem)))


def read_profile(path: Path, file: str) -> ProfileFile:
    """One file read; its id is the one it states, else the file's name."""
    table, problems = parse_toml(path)
    unseen = tuple(p for p in problems if p.code == UNSEEN)
    problems = [p for p in problems if p.code != UNSEEN]
    top = TomlSection(table, "", problems)
    id_, extends, versions = read_head(top)
    id_ = id_ or path.stem
    for version in versions:
        version.day(EFFECTIVE, REQUIRED)
    dated = [v.table for v in versions if type(v.table.get(EFFECTIVE)) is date]
    for day in sorted({v[EFFECTIVE] for v in dated if sum(other[EFFECTIVE] == v[EFFECTIVE] for other in dated) > 1}):
        problems.append(Problem("versions", phrase("有两个版本自同一天起适用：{day}", day=day)))
    if not problems and not dated:
        problems.append(Problem("versions", phrase("缺少“[[versions]]”：至少要有一个带 effective 日期的版本")))
    dated.sort(key=lambda v: v[EFFECTIVE])
    return ProfileFile(id_, file, table, extends, tuple(dated), tuple(problems), unseen)


def read_head(top: TomlSection) -> tuple[str, str, list[TomlSection]]:
    """A file's id ("" where it states none), the profile it extends, its versions."""
    id_, extends = top.text("id"), top.text("extends")
    top.text("title")
    top.section("documents")
    versions = top.sections("versions")
    top.close()
    return id_, extends, versions


def load_rules(id_: str, year: int, own: Iterable[ProfileFile] = ()) -> tuple[Rules | None, tuple[Refusal, ...]]:
    """The rules of a profile for a year, or why they cannot be used."""
    known = {p.id: p for p in own}
    return rules_among(known | shipped(), id_, year) if known else shipped_rules(id_, year)


@lru_cache(maxsize=64)
def shipped_rules(id_: str, year: int) -> tuple[Rules | None, tuple[Refusal, ...]]:
    """The same where a unit has no profile of its own: made once, however many units are read."""
    return rules_among(shipped(), id_, year)


def shipped() -> dict[str, ProfileFile]:
    """The profiles of the program, by their ids."""
    return {p.id: p for p in shipped_profiles()}


def rules_among(known: Mapping[str, ProfileFile], id_: str, year: int) -> tuple[Rules | None, tuple[Refusal, ...]]:
    """The rules of one of these profiles for a year, or why they cannot be used."""
    chain, refusals = lineage(id_, known)
    refusals += [Refusal(p.file, problem) for p in chain for problem in p.problems]
    if refusals:
        return None, tuple(refusals)
    last = chain[-1]
    merged, cited, refusals = layered(chain, year)
    problems: list[Problem] = []
    rules = read_rules(last, year, TomlSection(merged, "", problems), cited, problems)
    refusals += [Refusal(last.file, problem) for problem in problems]
    return (None if refusals else rules), tuple(refusals)


@cache
def usual_source(value: str) -> Source:
    """Where a value of the default profile comes from: what a finding goes by, whatever profile scores."""
    rules, _ = load_rules(DEFAULT, LATEST)
    return rules.source(value) if rules else UNSTATED


def layered(chain: Iterable[ProfileFile], year: int) -> tuple[dict[str, Any], Cited, list[Refusal]]:
    """The values of a profile and those it extends in a year, eldest first, with the source of each."""
    merged: dict[str, Any] = {}
    cited: Cited = {}
    documents: dict[str, str] = {}
    refusals: list[Refusal] = []
    for profile in chain:
        documents |= {k: v for k, v in profile.table.get("documents", {}).items() if isinstance(v, str)}
        for version in profile.due(year):
            known = cited
            cited, problems = cite(version, merged, cited, documents, profile.title)
            if profile.days[0].year > year:
                cited = borrowed(cited, known, profile)
            refusals += [Refusal(profile.file, problem) for problem in problems]
            merged = merge(merged, plain(version))
    return merged, cited, refusals


def borrowed(cited: Cited, before: Cited, profile: ProfileFile) -> Cited:
    """The citations of a profile used for a year that it does not reach back to: no document of later is cited."""
    words = word("该年度还没有这套规则，沿用 {rules}（{year} 年起）的取法")
    problem = phrase(words, rules=profile.id, year=profile.days[0].year)
    later = Source(CONVENTION, problem)
    return {
        value: source if source == before.get(value) or source.evidence is Evidence.CONVENTION else later
        for value, source in cited.items()
    }


def lineage(id_: str, known: Mapping[str, ProfileFile]) -> tuple[list[ProfileFile], list[Refusal]]:
    """The profile and those it extends, eldest first."""
    chain: list[ProfileFile] = []
    while id_ or not chain:
        if id_ not in known:
            file = chain[-1].file if chain else "selfeval.toml"
            message = phrase("没有“{rules}”这套规则；可用的有：{known}", rules=id_, known=tuple(sorted(known)))
            return chain, [Refusal(file, Problem("extends" if chain else "evaluation.rules", message))]
        if any(p.id == id_ for p in chain):
            problem = phrase("“{rules}”的 extends 循环引用", rules=id_)
            return chain, [Refusal(chain[-1].file, Problem("extends", problem))]
        chain.append(known[id_])
        id_ = chain[-1].extends
    return chain[::-1], []


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`new` over `old`, table by table; lists and plain values are replaced whole.

    So is a method that names its formula: the parameters of another formula would make no sense in it.
    """
    merged = dict(old)
    for key, value in new.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict) and "formula" not in value
        merged[key] = merge(merged[key], value) if both else value
    return merged


def read_rules(last: ProfileFile, year: int, top: TomlSection, cited: Cited, problems: list[Problem]) -> Rules:
    """The merged tables as `Rules`; what is wrong goes to `problems` (the rules are then not to be used)."""
    rounding, over, reasons = (top.section(k) for k in ("rounding", "over_completion", "reasons"))
    tiers, grades = top.section("tiers"), top.section("grades")
    adjusting, merging = top.section("adjustments"), top.section("merging")
    rules = Rules(
        id=last.id,
        title=last.title,
        effective=top.day(EFFECTIVE, last.due(year)[-1][EFFECTIVE]),
        execution=read_execution(top.section("execution")),
        levels=read_levels(top.section("levels")),
        digits=rounding.integer("digits", 2, 0, 2),
        rounding=Rounding(rounding.text("mode", "half_up", tuple(Rounding))),
        tiers=read_tiers(tiers),
        edges_in_points=tiers.text("edges", EDGES[0], EDGES) == EDGES[1],
        grades=read_grades(grades),
        flag_at=over.number("flag_at", Fraction(6, 5), 1, 100),
        reason_at=over.number("reason_at", Fraction(13, 10), 1, 100),
        over_missing=over.text("missing", "warning", SEVERITIES),
        missing_reason=reasons.text("missing", "warning", SEVERITIES),
        methods=read_methods(top.section("methods")),
        too_early=last.versions[0][EFFECTIVE].year > year,
        adjusted_targets=adjusting.text("score", ADJUSTED[0], ADJUSTED) == ADJUSTED[0],
        merges=merging.text("same_name", MERGING[0], MERGING) == MERGING[1],
        cited=cited,
    )
    for section in (merging, rounding, over, reasons, tiers, grades, adjusting, top):
        section.close()
    problems += contradictions(rules)
    return replace(rules, cited={name: rules.source(name) for name in value_names(rules)})


def read_execution(section: TomlSection) -> Execution:
    """`[execution]`."""
    execution = Execution(
        points=section.number("points", REQUIRED, 0, 100),
        denominator=section.text("denominator", "adjusted", ("adjusted", "initial")),
        cap=section.number("cap", Fraction(1), 0, 1),
        bands=read_bands(section, most=1),
        reason_below=section.number("reason_below", Fraction(9, 10), 0, 1),
        funds=tuple(section.texts("funds")),
        full_from=section.number("full_from", Fraction(1), 0, 1),
        deduct=section.number("deduct", Fraction(0), 0, 100),
        per=section.number("per", Fraction(1, 100), 0, 1) or Fraction(1, 100),
        steps=section.text("steps", LINEAR, tuple(STEP_WORDS)),
        pass_line=section.number("pass_line", Fraction(0), 0, 1),
    )
    section.close()
    return execution


def read_bands(section: TomlSection, key: str = "from", most: int | None = None) -> tuple[Band, ...]:
    """`bands = [{from = …, ratio = …}, …]`, highest first; completions must fall with the edges.

    `most`: where edges are shares, 90 would never be reached by 90%.
    """
    bands = []
    for band in section.sections("bands"):
        bands.append((band.number(key, REQUIRED, most and 0, most), band.share("ratio")))
        band.close()
    if any(None in band for band in bands):
        return ()
    ordered = tuple(sorted(bands, reverse=True))
    if len({edge for edge, _ in ordered}) < len(ordered):
        section.complain("bands", phrase("“{key}”中有重叠的分段", key=section.key("bands")))
    falling = [completion for _, completion in (ordered if key == "from" else ordered[::-1])]
    if falling != sorted(falling, reverse=True):
        section.complain("bands", phrase("“{key}”：完成得越好，得分比例不应越低", key=section.key("bands")))
    return ordered


def read_levels(section: TomlSection) -> Levels:
    """`[levels]`: sets of first-level points, tried in order."""
    sets = []
    for item in section.sections("sets"):
        points = item.section("points")
        named = {name: points.number(name, REQUIRED, 0, 100) for name in list(points.table)}
        sets.append(LevelSet(tuple(item.texts("requires")), {k: v for k, v in named.items() if v is not None}))
        item.close()
    moves = section.section("moves")
    levels = Levels(
        share=section.text("share", "level2_then_level3", ("level2_then_level3", "level3")),
        digits=section.integer("digits", 2, 0, 2),
        moves={name: goal for name in list(moves.table) if (goal := moves.text(name, ""))},
        sets=tuple(sets),
        fixed=section.flag("fixed", default=True),
        inapplicable=section.flag("inapplicable"),
    )
    section.close()
    return levels


def read_tiers(section: TomlSection) -> dict[Tier, TierBand]:
    """`[tiers]`: three bands that meet without gap or overlap from 1 down to 0."""
    tiers = {}
    for tier in Tier:
        band = section.section(tier.value)
        tiers[tier] = TierBand(
            label=band.text("label", REQUIRED) or "",
            upper=band.number("upper", REQUIRED, 0, 1) or Fraction(0),
            lower=band.number("lower", REQUIRED, 0, 1) or Fraction(0),
            default=band.number("default", REQUIRED, 0, 1) or Fraction(0),
        )
        band.close()
    edges = [edge for tier in Tier for edge in (tiers[tier].upper, tiers[tier].lower)]
    if edges[0] != 1 or edges[-1] != 0 or edges[1] != edges[2] or edges[3] != edges[4]:
        section.complain("", phrase("“{key}”：三档区间应从 1 到 0 首尾相接，不重叠、不留空", key=section.path))
    if any(not b.lower <= b.default <= b.upper for b in tiers.values()):
        section.complain("", phrase("“{key}”：默认比例应落在本档区间内", key=section.path))
    return tiers


def read_grades(section: TomlSection) -> tuple[Grade, ...]:
    """`[grades]`: highest first, the last from 0, so that no total is without a grade."""
    grades = []
    for band in section.sections("bands"):
        name, lower = band.text("name", REQUIRED), band.number("from", REQUIRED, 0, 100)
        grades.append(Grade(name or "", Fraction(0) if lower is None else lower))
        band.close()
    edges = [g.lower for g in grades]
    if not edges or edges[-1] != 0 or edges != sorted(set(edges), reverse=True):
        section.complain("bands", phrase("“{key}”应从高到低、互不重叠，最后一级自 0 分起", key=section.key("bands")))
        grades.append(Grade("", Fraction(0)))
    return tuple(grades)


def read_methods(section: TomlSection) -> dict[str, Method]:
    """`[methods.*]`: one per use, and any number under names of their own."""
    methods = {name: read_method(section.section(name), name) for name in list(section.table)}
    for use in USES:
        if use not in methods:
            section.complain(use, phrase("缺少“{key}”", key=section.key(use)))
    return methods


def read_method(section: TomlSection, name: str) -> Method:
    """One method: a formula of the closed set and only the parameters that formula takes."""
    fitting = tuple(sorted(formulas_for(name, (*USES, SATISFACTION))))
    formula = section.text("formula", REQUIRED, fitting) or fitting[0]
    params: dict[str, Fraction | str | tuple[Band, ...]] = {}
    for parameter in sorted(PARAMETERS.get(formula, ())):
        if parameter in section.table or parameter == "bands":
            params[parameter] = read_parameter(section, formula, parameter)
    method = Method(name, section.text("title", name), formula, params)
    section.close()
    return method


def read_parameter(section: TomlSection, formula: str, name: str) -> Fraction | str | tuple[Band, ...]:
    """A formula's parameter, in its own type."""
    if name == "bands":
        bands = read_bands(section, BAND_EDGES[formula], 1 if formula == "bands_deviation" else None)
        if not bands:
            section.complain("bands", phrase("“{key}”至少要有一段", key=section.key("bands")))
        return bands
    if name == "overshoot":
        return str(section.text(name, "full", OVERSHOOTS))
    if name == "steps":
        return str(section.text(name, LINEAR, tuple(STEP_WORDS)))
    limit = 1 if name == "pass_line" else 1_000_000
    value = section.number(name, Fraction(0), 0, limit)
    if name == "per" and not value:
        section.complain(name, phrase("“{key}”应大于 0", key=section.key(name)))
        return Fraction(1)
    return Fraction(value)
