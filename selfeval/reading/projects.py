"""Tables → `Project`s: every target with its actual, every amount with its project.

The key of an indicator is 指标编号 where given, else 二级指标 and 三级指标 together within its project.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from selfeval.base.diagnostics import Diagnostic, about, finding
from selfeval.base.files import is_project_id
from selfeval.base.memo import remembered, remembered_beside
from selfeval.base.model import NOT_SCORED, Actual, Indicator, Place, Printed, Project, Target, Tier
from selfeval.base.phrases import phrase
from selfeval.base.text import fold, is_blank, printable, shorten
from selfeval.reading.adjustments import read_adjustment, scored_columns
from selfeval.reading.amounts import read_funds, read_points
from selfeval.reading.columns import PROJECTS
from selfeval.reading.config import Config
from selfeval.reading.given_weights import NO_LEVEL1, counting, given_weights, missing_weights, share_weights
from selfeval.reading.keys import MAX_GUESSES, MAX_NAMES, pair, target_rows
from selfeval.reading.reviews import with_reviews
from selfeval.reading.tables import Table, TableRow
from selfeval.reading.values.actuals import Context, read_actual
from selfeval.reading.values.context import TargetContext as TargetRow
from selfeval.reading.values.dates import SERIAL, dates_in, serial_day
from selfeval.reading.values.targets import read_target
from selfeval.rules.profile import Rules

WHOLE_UNIT = "部门整体"

LEVEL1 = (
    ("成本指标", re.compile("^成本")),
    ("满意度指标", re.compile("满意")),
    ("产出指标", re.compile("产出")),
    ("效益指标", re.compile("效益|效果")),
)
LEVEL2_OF = (
    ("产出指标", re.compile("数量|质量|时效|成本")),
    ("效益指标", re.compile("经济效益|社会效益|生态效益|可持续|社会影响")),
    ("满意度指标", re.compile("满意")),
)


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of an evaluation; `review` has no rows where nobody has reviewed it."""

    projects: Table
    budget: Table
    targets: Table
    actuals: Table
    review: Table


Findings = list[Diagnostic]


# ── projects ──────────────────────────────────────────────────────────────────────────────────


def read_projects(
    tables: Tables, config: Config, rules: Rules, unit_rules: Rules
) -> tuple[tuple[Project, ...], tuple[Diagnostic, ...]]:
    """All projects (部门整体 among them, marked, under its own rules), and what was found on the way."""
    diagnostics: Findings = []
    rows = project_rows(tables.projects, diagnostics)
    rest = (tables.budget, tables.targets, tables.actuals, tables.review)
    groups = [by_project(table, rows, diagnostics) for table in rest]
    terms = {unit: Terms.of(config, unit_rules if unit else rules) for unit in (False, True)}
    projects = [
        read_project(row, Entered(*(group[id_] for group in groups)), terms[is_whole_unit(row)], diagnostics)
        for id_, row in rows.items()
    ]
    return only_one_unit(projects, diagnostics), tuple(diagnostics)


def project_rows(table: Table, diagnostics: Findings) -> dict[str, TableRow]:
    """The rows of projects.csv with a usable 项目编号, by it."""
    rows: dict[str, TableRow] = {}
    taken: dict[str, str] = {}
    if table.columns and not table.rows:
        diagnostics.append(finding("T007.projects", Place(table.files[0])))
    for row in table.rows:
        cell = row["项目编号"]
        if not cell:
            continue
        if not is_project_id(cell.text):
            diagnostics.append(finding("T012", cell.place, id=shorten(printable(cell.text))))
        elif cell.text.casefold() in taken:
            first = taken[cell.text.casefold()]
            diagnostics.append(finding("T013", cell.place, project=first, id=cell.text, first=first))
        else:
            taken[cell.text.casefold()] = cell.text
            rows[cell.text] = row
    return rows


def is_whole_unit(row: TableRow) -> bool:
    """Whether a row of projects.csv is the unit itself."""
    return row.text("项目类型") == WHOLE_UNIT


def reported_ids(table: Table) -> list[str]:
    """The ids of the projects that get a report of their own."""
    return [id_ for id_, row in project_rows(table, []).items() if not is_whole_unit(row)]


def by_project(table: Table, known: Mapping[str, TableRow], diagnostics: Findings) -> dict[str, list[TableRow]]:
    """The rows of a table grouped by project; rows of no project are reported."""
    groups: dict[str, list[TableRow]] = defaultdict(list)
    strange: dict[str, list[TableRow]] = defaultdict(list)
    for row in table.rows:
        id_ = row.project
        if id_ in known:
            groups[id_].append(row)
        elif id_:
            strange[id_].append(row)
    for at, (id_, rows) in enumerate(strange.items()):
        near = meant_by(id_, [*islice(known, MAX_NAMES)]) if at < MAX_GUESSES else ""
        place, name = rows[0]["项目编号"].place, shorten(printable(id_))
        if near:
            where = {"table": table.name}
            diagnostics.append(finding("T014.near", place, id=name, rows=len(rows), near=near, **where))
        else:
            diagnostics.append(finding("T014.unknown", place, id=name, rows=len(rows)))
    return groups


def meant_by(id_: str, known: Sequence[str]) -> str:
    """The project that an id that is none was likely meant for: without its leading zeros, or by its spelling."""
    same = (one for one in known if id_.isdigit() and one.lstrip("0") == id_.lstrip("0"))
    return next(same, "") or next(iter(get_close_matches(id_, known, 1)), "")


def only_one_unit(projects: Sequence[Project], diagnostics: Findings) -> tuple[Project, ...]:
    """At most one 部门整体; a second one is refused."""
    units = [p for p in projects if p.is_unit]
    for project in units[1:]:
        diagnostics.append(finding("T024", project.place, kind=WHOLE_UNIT, id=project.id))
    return tuple(p for p in projects if p not in units[1:])


@dataclass(frozen=True, slots=True)
class Entered:
    """All rows about one project."""

    budget: list[TableRow]
    targets: list[TableRow]
    actuals: list[TableRow]
    review: list[TableRow]


def read_project(row: TableRow, entered: Entered, terms: Terms, diagnostics: Findings) -> Project:
    """One project with its funds and indicators."""
    id_, config, rules = row.project, terms.config, terms.rules
    here: Findings = []
    fields = dict(zip(OF_PROJECT, row.texts(OF_PROJECT), strict=True))
    is_unit = is_whole_unit(row)
    start, end = (read_day(row, name, config.year, here) for name in ("开始日期", "结束日期"))
    funds = read_funds(entered.budget, config, here)
    if not funds and not is_unit:
        here.append(finding("P007", row.place, id=id_))
    targets = target_rows(entered.targets, here)
    if not targets and not is_unit:
        here.append(finding("P006", row.place, id=id_))
    named = rules.levels.names
    levels = [read_level1(key, target, named, here) for key, target in targets.items()]
    here[:] = once_a_level(here)
    scoring = {key: target for key, target in targets.items() if not is_detail(target)}
    stated = any(any(target.texts(_WEIGHTS)) and not is_detail(target) for target in entered.targets)
    under = [level1 for key, level1 in zip(targets, levels, strict=True) if key in scoring]
    given = given_weights(scoring, rules, here) if stated else share_weights(scoring, under, rules, row.place, here)
    weights = dict(zip(scoring, given, strict=True))
    indicators = read_indicators(targets, entered, (levels, [weights.get(key) for key in targets]), terms, here)
    if stated:
        here += missing_weights([indicator for indicator in indicators if not indicator.is_detail])
    diagnostics += [about(d, project=id_) for d in here]
    shared = bool(scoring) and not stated
    return Project(
        id_, fields["项目名称"], fields, start, end, funds, indicators, row.place, is_unit,
        read_printed(row, diagnostics), weights_shared=shared,
    )  # fmt: skip


_WEIGHTS = ("分值", "调整后分值")


def is_detail(target: TableRow) -> bool:
    """Whether a row of targets.csv only shows a detail."""
    return target.text("评分方法").strip() == NOT_SCORED


def read_printed(row: TableRow, diagnostics: Findings) -> Printed:
    """What the imported form prints of the project."""
    here: Findings = []
    total, execution = (read_points(row, name, here) for name in ("原表总分", "原表执行率得分"))
    diagnostics += [about(d, project=row.project) for d in here]
    return Printed(total, row.text("原表等级").strip(), execution)


def read_day(row: TableRow, column: str, year: int, diagnostics: Findings) -> date | None:
    """A date cell; blank is None, unreadable is None with an error."""
    text = row.text(column)
    day, blank = day_of(text, year, first=column == "开始日期")
    if day or blank:
        return day
    if SERIAL.fullmatch(words := fold(text)):
        serial = finding("V017.serial", row.place_of(column), column=column, text=words, day=serial_day(words))
        diagnostics.append(serial)
    else:
        diagnostics.append(finding("V017.day", row.place_of(column), column=column, text=shorten(text)))
    return None


@remembered_beside
def day_of(text: str, year: int, *, first: bool) -> tuple[date | None, bool]:
    """The one day a text names (of a bare year or month the first or the last), and whether it is blank."""
    words = fold(text)
    if is_blank(words):
        return None, True
    days = [d for d in dates_in(words[:100], year) if d.day]
    if len(days) != 1 or days[0].day is None or not days[0].stated_year:
        return None, False
    return first_day(text, days[0].day) if first else days[0].day, False


def first_day(text: str, day: date) -> date:
    """A start given as a bare year or month begins on its first day."""
    parts = re.findall(r"\d+", fold(text))
    if len(parts) >= 3 or len(parts[0]) == 8:
        return day
    return date(day.year, day.month if len(parts) == 2 else 1, 1)


# ── indicators ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Terms:
    """What every row is read under: settings, rules, and `context`: what an actual is read under, by its 完成档次."""

    config: Config
    rules: Rules
    context: Callable[[str], Context]

    @classmethod
    def of(cls, config: Config, rules: Rules) -> Terms:
        """The terms of an evaluation."""
        labels = tuple((band.label, tier) for tier, band in rules.tiers.items())
        return cls(config, rules, remembered(lambda tier_text: context_of(tier_text, config.year, labels)))


@lru_cache(maxsize=1024)
def context_of(tier_text: str, year: int, labels: tuple[tuple[str, Tier], ...]) -> Context:
    """The same object for the same words: what was read under it is found the sooner."""
    return Context(tier_text, year, dict(labels))


def read_indicators(
    targets: Mapping[str, TableRow],
    entered: Entered,
    worth: tuple[Sequence[str], Sequence[Decimal | None]],
    terms: Terms,
    diagnostics: Findings,
) -> tuple[Indicator, ...]:
    """The project's indicators in table order, each with its first level and weight (`worth`), actual and review."""
    pairs = pair(targets, entered.actuals, diagnostics)
    read = [
        read_indicator(Paired(key, row, pairs.get(key), level1, weight), terms, diagnostics)
        for (key, row), level1, weight in zip(targets.items(), *worth, strict=True)
    ]
    return with_reviews(read, targets, entered.review, terms.context(""), diagnostics)


class Paired(NamedTuple):
    """The target row of an indicator with its actual row, its first level and its weight."""

    id: str
    target: TableRow
    actual: TableRow | None
    level1: str
    weight: Decimal | None


def read_indicator(paired: Paired, terms: Terms, diagnostics: Findings) -> Indicator:
    """One target row and its actual row, read."""
    here: Findings = []
    row, told, config = paired.target, paired.actual, terms.config
    project, code, level2, level3, sign, unit, direction, method, waivers, criterion, goal = row.texts(OF_TARGET)
    entered, tier, reason, evidence = told.texts(OF_ACTUAL) if told else (None, "", "", "")
    scored = scored_columns(row, terms.rules).target
    beside = TargetRow(paired.level1, level2, level3, sign, unit, direction, config.money_unit, config.year)
    target, actual = read_pair(row.text(scored), beside, entered, terms.context(tier))
    if told is None and not is_detail(row):
        here.append(finding("P001", row.place, name=shorten(paired.id)))
    counts = counting(paired.weight)
    indicator = Indicator(
        project, code, paired.level1, level2, level3, target, actual, counts, method.strip(),
        read_points(told, "自评得分", here) if told else None,
        read_points(told, "原表得分", here) if told else None,
        reason, evidence_items(evidence), waivers, row.place_of(scored),
        told.place_of("实际完成值") if told else None,
        read_adjustment(row, (target, paired.weight), beside, terms.rules, here),
        criterion=criterion, goal=goal, stated_weight=None if counts == paired.weight else paired.weight,
    )  # fmt: skip
    if here:
        diagnostics += [about(d, indicator=paired.id) for d in here]
    return indicator


OF_PROJECT = tuple(column.name for column in PROJECTS.every)
OF_TARGET = (
    "项目编号", "指标编号", "二级指标", "三级指标", "指标性质", "度量单位", "指标方向", "评分方法", "检查豁免",
    "评分标准", "年度绩效目标",
)  # fmt: skip
OF_ACTUAL = ("实际完成值", "完成档次", phrase("偏差原因分析及改进措施"), "佐证材料")


@remembered_beside
def read_pair(text: str, beside: TargetRow, told: str | None, context: Context) -> tuple[Target, Actual]:
    """指标值, and 实际完成值 against it (None where there is no row)."""
    target = read_target(text, beside)
    return target, Actual("") if told is None else read_actual(told, target, context)


@remembered
def evidence_items(text: str) -> tuple[str, ...]:
    """佐证材料: several separated by `；` or a newline."""
    return tuple(item.strip() for item in re.split("[；;\n]", text) if item.strip())


def once_a_level(found: Findings) -> Findings:
    """W007 at the first row of each level that is not known, and all else."""
    levels = dict.fromkeys(dict(d.params)["level"] for d in found if d.code == "W007")
    first = {next(i for i, d in enumerate(found) if ("level", level) in d.params) for level in levels}
    return [d for i, d in enumerate(found) if d.code != "W007" or i in first]


def read_level1(id_: str, row: TableRow, own: tuple[str, ...], diagnostics: Findings) -> str:
    """一级指标 under its canonical name; blank is told from the 二级 where that leaves no choice.

    `own`: the names the profile gives points to.
    """
    text = row.text("一级指标")
    if text and (name := canonical_level1(text, own)):
        return name
    place = row.place_of("一级指标")
    if text:
        diagnostics.append(finding("W007", place, indicator=id_, level=shorten(text)))
        return text
    level2 = row.text("二级指标")
    told = next((level1 for level1, pattern in LEVEL2_OF if pattern.search(level2)), "")
    if told:
        diagnostics.append(finding("W008", place, indicator=id_, level=level2, told=told))
        return told
    if level2:  # a blank one is told by itself, and filled in tells the 一级指标 as well
        diagnostics.append(finding("T010.level", place, indicator=id_, level=shorten(level2)))
    return NO_LEVEL1


@remembered_beside
def canonical_level1(text: str, own: tuple[str, ...] = ()) -> str:
    """`效果指标`, `产出指标(50分)`, `效益` → the canonical name, or the profile's own; empty where it is none."""
    words = re.sub(r"\([^)]*\)|\s|[:：]", "", fold(text))
    if words in own or f"{words}指标" in own:
        return words if words in own else f"{words}指标"
    usual = next((name for name, pattern in LEVEL1 if pattern.search(words)), "")
    stem = re.sub("(?:情况|类)?(?:指标)?$", "", words)
    return usual or next((name for name in own if stem == name), "")
