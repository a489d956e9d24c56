"""Projects as found → the rows of the four tables, the settings and the narratives of one evaluation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from selfeval.base.files import is_project_id
from selfeval.base.phrases import phrase
from selfeval.base.text import comparable, fold, short
from selfeval.importing.draft import (
    ACTUAL_COLUMNS,
    INDICATOR_COLUMNS,
    REVIEW_COLUMNS,
    Amount,
    DraftIndicator,
    DraftProject,
    Heard,
)
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.understanding.funds import TOTAL
from selfeval.importing.understanding.proposals import OWN, agreed, own_levels
from selfeval.importing.vocabulary import AMOUNTS, squeeze
from selfeval.reading.columns import ACTUALS, BUDGET, PROJECTS, REVIEW, TARGETS, TableSpec
from selfeval.reading.csv_edit import Row
from selfeval.reading.narrative import UNIT
from selfeval.reading.projects import WHOLE_UNIT
from selfeval.reading.values.dates import dates_in
from selfeval.rules.profile import DEFAULT, default_rules

FIRST_OF_2020 = 2020
"""The first year of mof-2020."""
USUAL_LEVELS = {"产出指标": "50", "效益指标": "30", "满意度指标": "10"}
GRANT = "财政拨款"
REST = "其余资金（原表没有写明来源）"
_PERIOD = re.compile(r"\s*(?:至|到|—+|－+|–|~|～|-{1,2}|──)\s*(?=(?:19|20)\d\d|\d{1,2}\s*月)")


@dataclass(slots=True)
class Assembled:
    """What an import would write into an empty folder. Mutable: filled table by table."""

    year: int | None
    unit: str
    department: str
    money_unit: str
    tables: dict[str, list[Row]] = field(default_factory=dict)
    narratives: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    rules: str = DEFAULT
    layout: str = "national"
    seen: dict[str, str] = field(default_factory=dict)
    """The words of a form behind `rules` and `layout`."""
    places: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Where in its source each indicator stands, by `row_key`."""
    extends: str = DEFAULT
    """The profile that one of the unit's own changes."""
    levels: dict[str, str] = field(default_factory=dict)
    """Points of first levels for a profile of the unit's own; empty where the usual ones hold."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is there from before: project ids by name, all ids, the money unit of the settings."""

    ids: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    money_unit: str = ""


def assemble(drafts: Sequence[DraftProject], heard: Heard, known: Known, ledger: Ledger) -> Assembled:
    """All rows of all projects, in document order."""
    number(drafts, known, ledger)
    ledger.rename({draft.name: draft.id for draft in reversed(drafts)})
    unit = money_unit_of(drafts, heard, known, ledger)
    whole = Assembled(year_of(drafts, heard, ledger), unit_of(drafts, heard, ledger), "", unit)
    whole.tables = {spec.name: [] for spec in (PROJECTS, BUDGET, TARGETS, ACTUALS, REVIEW)}
    for draft in drafts:
        whole.tables["projects"].append(project_row(draft, ledger))
        whole.tables["budget"] += budget_rows(draft, whole, ledger)
        for name, rows in indicator_rows(draft, ledger).items():
            whole.tables[name] += rows
        whole.places |= {(draft.id, *indicator.key): indicator.place for indicator in draft.indicators}
        whole.narratives[draft.id] = draft.narrative
    _propose(whole, drafts, heard, ledger)
    departments = Counter(row["主管部门"] for row in whole.tables["projects"] if row["主管部门"])
    whole.department = departments.most_common(1)[0][0] if departments else whole.unit
    return whole


def row_key(row: Mapping[str, str]) -> tuple[str, ...]:
    """An indicator's row by project and names."""
    return row["项目编号"], row["二级指标"], row["三级指标"]


def _propose(whole: Assembled, drafts: Sequence[DraftProject], heard: Heard, ledger: Ledger) -> None:
    """Rules and layout as the forms suggest them."""
    for key in ("rules", "layout"):
        proposal = agreed(heard.proposals, key)
        if proposal:
            setattr(whole, key, proposal.value)
            whole.seen[key] = proposal.words
            texts = {"words": short(proposal.words), "key": key, "value": proposal.value}
            message = phrase("原表写着“{words}”，selfeval.toml 的 {key} 定为 {value}，请核对", **texts)
            ledger.remark(Sort.GUESSED, message, proposal.place)
    usual = "mof-2017" if whole.year and whole.year < FIRST_OF_2020 else DEFAULT
    whole.rules = whole.rules if whole.rules != DEFAULT else usual
    whole.levels = own_levels(drafts, USUAL_LEVELS) if whole.rules == usual else {}
    whole.extends = usual
    if whole.levels:
        whole.rules, whole.seen["rules"] = OWN, "、".join(f"{k}{v}分" for k, v in whole.levels.items())
        points = tuple(phrase("{level:_}{points}分", level=k, points=v) for k, v in whole.levels.items())
        message = phrase("原表一级指标的分值是{points}，写成了 rules/{own}.toml，请核对", points=points, own=OWN)
        ledger.remark(Sort.GUESSED, message, drafts[0].place)
    elif whole.rules == DEFAULT and whole.year:
        whole.rules = default_rules(whole.year)


def complete(spec: TableSpec, row: Mapping[str, str]) -> Row:
    """A row with all columns of its table, in their order."""
    return {column.name: row.get(column.name, "") for column in spec.columns}


# ── numbers ──


def number(drafts: Iterable[DraftProject], known: Known, ledger: Ledger) -> None:
    """项目编号: that of a project of the same name that is there, else the form's code, else P01, P02, …"""
    taken = set(known.taken)
    waiting: list[DraftProject] = []
    for draft in drafts:
        code = re.sub(r"\s", "", draft.fields.get("项目编号", ""))
        before = known.ids.get(comparable(draft.name), "")
        if draft.is_unit and (UNIT not in taken or UNIT in known.taken):
            draft.id = before or UNIT
        elif before:
            draft.id = before
        elif code and is_project_id(code) and code.casefold() not in taken:
            draft.id = code
        else:
            if code:
                message = phrase("项目编码“{code}”不合规或与别的项目重复，另行编号", code=short(code))
                ledger.remark(Sort.GUESSED, message, draft.place, draft.name)
            waiting.append(draft)
            continue
        taken.add(draft.id.casefold())
    free = (f"P{number:02d}" for number in count(1))
    for draft in waiting:
        draft.id = next(id_ for id_ in free if id_.casefold() not in taken)
        taken.add(draft.id.casefold())


# ── the unit ──


def year_of(drafts: Sequence[DraftProject], heard: Heard, ledger: Ledger) -> int | None:
    """The year most forms state; else the one in which all projects begin."""
    years = Counter(heard.years)
    if len(years) > 1:
        seen = tuple(phrase("{year}（{count} 处）", year=year, count=times) for year, times in years.most_common())
        most = years.most_common(1)[0][0]
        ledger.remark(Sort.GUESSED, phrase("表里出现了几个年度：{seen}，按 {most} 年", seen=seen, most=most))
    if years:
        return years.most_common(1)[0][0]
    starts = {period(d.fields.get("起止", ""))[0][:4] for d in drafts} - {""}
    if len(starts) == 1:
        year = int(starts.pop())
        ledger.remark(
            Sort.GUESSED, phrase("表里没有写年度，按项目开始日期定为 {year} 年，请核对 selfeval.toml", year=year)
        )
        return year
    ledger.remark(Sort.UNKNOWN, phrase("表里没有写年度，请在 selfeval.toml 中填写 year"))
    return None


def unit_of(drafts: Sequence[DraftProject], heard: Heard, ledger: Ledger) -> str:
    """The unit that fills in the forms; else the one that carries out most projects."""
    if heard.units:
        names = Counter(heard.units)
        if len(names) > 1:
            message = phrase("表里出现了几个填报单位：{names}，按“{first}”", names=tuple(names), first=heard.units[0])
            ledger.remark(Sort.GUESSED, message)
        return heard.units[0]
    for column in ("实施单位", "主管部门"):
        names = Counter(d.fields[column] for d in drafts if d.fields.get(column))
        if names:
            unit = names.most_common(1)[0][0]
            texts = {"column": column, "unit": unit}
            message = phrase("表里没有写填报单位，按“{column}”定为“{unit}”，请核对 selfeval.toml", **texts)
            ledger.remark(Sort.GUESSED, message)
            return unit
    ledger.remark(Sort.UNKNOWN, phrase("表里没有写填报单位，请在 selfeval.toml 中填写 unit"))
    return ""


def money_unit_of(drafts: Sequence[DraftProject], heard: Heard, known: Known, ledger: Ledger) -> str:
    """元 or 万元: that of the settings where there are any, else what most forms state, else their amounts."""
    units = Counter(unit for unit in heard.money_units if unit in {"元", "万元"})
    written = Counter(a.own_unit for draft in drafts for a in draft.amounts() if a.own_unit in {"元", "万元"})
    if known.money_unit:
        return known.money_unit
    if units or written:
        return (units or written).most_common(1)[0][0]
    unit = "万元" if "亿元" in heard.money_units else "元"
    message = phrase("表里没有写金额单位，按{unit:_}，请核对 selfeval.toml 的 money_unit", unit=unit)
    ledger.remark(Sort.GUESSED, message)
    return unit


# ── projects.csv ──


def project_row(draft: DraftProject, ledger: Ledger) -> Row:
    """One project; its dates as days, 主管部门 from 填报单位 where the form has no such field."""
    fields = {k: v for k, v in draft.fields.items() if k not in {"basic", "起止", "填报单位"}}
    row = complete(PROJECTS, fields | {"项目编号": draft.id, "项目名称": draft.name, "申报表项目名称": draft.form_name})
    start, end = period(draft.fields.get("起止", ""))
    row["开始日期"] = row["开始日期"] or start
    row["结束日期"] = row["结束日期"] or end
    if draft.fields.get("起止") and not start and not re.search(r"20\d\d", draft.fields["起止"]):
        message = phrase("起止时间“{text}”没有年月，没有采用", text=short(draft.fields["起止"]))
        ledger.remark(Sort.DROPPED, message, draft.place, draft.id)
    elif draft.fields.get("起止") and not start:
        row["开始日期"] = draft.fields["起止"]
        message = phrase("起止时间“{text}”不是两个日期，原样放在开始日期，请改正", text=short(draft.fields["起止"]))
        ledger.remark(Sort.UNKNOWN, message, draft.place, draft.id)
    if draft.is_unit:
        row["项目类型"] = WHOLE_UNIT
        return row
    filling = draft.fields.get("填报单位", "")
    if not row["主管部门"] and filling:
        row["主管部门"] = filling
        message = phrase("表里没有主管部门，按填报单位记为“{unit}”", unit=filling)
        ledger.remark(Sort.GUESSED, message, draft.place, draft.id)
    return row


def period(text: str) -> tuple[str, str]:
    """`2021-01-01至2021-12-31`, `2019 年-2022 年` as first and last day (ISO); empty where it is neither."""
    parts = _PERIOD.split(text.strip(), maxsplit=1)
    if len(parts) != 2:
        year = re.fullmatch(r"\s*(20\d\d)\s*年?(?:度)?\s*", text)
        return (f"{year[1]}-01-01", f"{year[1]}-12-31") if year else ("", "")
    start, end = parts
    first = re.match(r"\s*(\d{4})", start)
    if not first:
        return "", ""
    days = [_day(start, int(first[1])), _day(end, int(first[1]))]
    return (_first(start, days[0]), days[1]) if all(days) else ("", "")


def _day(text: str, year: int) -> str:
    found = [d.day for d in dates_in(fold(f"{text}年" if re.fullmatch(r"\s*\d{4}\s*", text) else text), year) if d.day]
    return found[0].isoformat() if len(found) == 1 and found[0] else ""


def _first(text: str, day: str) -> str:
    """A start given as a year or month begins on its first day."""
    parts = re.findall(r"\d+", fold(text))
    if len(parts) >= 3 or len(parts[0]) == 8 or not day:
        return day
    return f"{day[:7]}-01" if len(parts) == 2 or len(parts[0]) == 6 else f"{day[:4]}-01-01"


# ── budget.csv ──


def budget_rows(draft: DraftProject, whole: Assembled, ledger: Ledger) -> list[Row]:
    """One row per source; a total is checked against the sum and kept only where it differs."""
    funds = {name: amounts for name, amounts in draft.funds.items() if amounts}
    total = dict(draft.total)
    if draft.single_amount:
        total.setdefault(AMOUNTS[0], draft.single_amount)
    if not funds and total:
        message = phrase("表里只有预算总额，没有写资金来源，记作“{grant}”", grant=GRANT)
        ledger.remark(Sort.GUESSED, message, draft.place, draft.id)
        funds, total = {GRANT: total}, {}
        draft.reasons[GRANT] = draft.reasons.pop(TOTAL, draft.reasons.get(GRANT, ""))
    rows = [_budget_row(draft, name, amounts, whole, ledger) for name, amounts in funds.items()]
    rows += _rest(draft, funds, total, whole, ledger)
    if len(rows) > len(funds):
        total = {}
    if rows and draft.reasons.get(TOTAL):
        rows[0]["原因说明"] = rows[0]["原因说明"] or draft.reasons[TOTAL]
    if total and not _agrees(total, list(funds.values()), whole.money_unit):
        message = phrase("资金合计与各来源之和不同，合计行一并写入，由 check 提示")
        ledger.remark(Sort.GUESSED, message, draft.place, draft.id)
        rows.append(_budget_row(draft, TOTAL, total, whole, ledger))
    return rows


def _rest(
    draft: DraftProject,
    funds: Mapping[str, Mapping[str, Amount]],
    total: Mapping[str, Amount],
    whole: Assembled,
    ledger: Ledger,
) -> list[Row]:
    """项目金额 164 | 其中：财政资金 132: one part of a whole is named, so that the rest has no name on the form."""
    if len(funds) != 1 or not draft.partly or not total:
        return []
    (fund,) = funds.values()
    rest = {
        role: amount.value(whole.money_unit) - fund[role].value(whole.money_unit)
        for role, amount in total.items()
        if role in fund
    }
    if set(rest) != set(total) or any(value <= 0 for value in rest.values()):
        return []
    amounts = {role: Amount(f"{value}", "元") for role, value in rest.items()}
    message = phrase("原表只写出资金总额和其中一项，其余记作“{rest}”，请核对", rest=REST)
    ledger.remark(Sort.GUESSED, message, draft.place, draft.id)
    texts = {role: amount.text_in(whole.money_unit) for role, amount in amounts.items()}
    return [complete(BUDGET, {"项目编号": draft.id, "资金来源": REST, **texts})]


def _budget_row(draft: DraftProject, name: str, amounts: Mapping[str, Amount], whole: Assembled, ledger: Ledger) -> Row:
    texts = {role: amount.text_in(whole.money_unit) for role, amount in amounts.items()}
    other = next((a for a in amounts.values() if a.own_unit not in {"", whole.money_unit}), None)
    if other:
        turned = f"{other.digits} → {other.text_in(whole.money_unit)}"
        change = {"name": name, "old": other.own_unit, "new": whole.money_unit, "turned": turned}
        message = phrase("“{name}”的金额由{old:_}换算成{new:_}（{turned}）", **change)
        ledger.remark(Sort.GUESSED, message, draft.place, draft.id)
    return complete(BUDGET, {"项目编号": draft.id, "资金来源": name, "原因说明": draft.reasons.get(name, ""), **texts})


def _agrees(total: Mapping[str, Amount], funds: Sequence[Mapping[str, Amount]], unit: str) -> bool:
    """Whether every total that is given is the sum of what its sources give."""
    return all(
        amount.value(unit) == sum(fund[role].value(unit) for fund in funds if role in fund)
        for role, amount in total.items()
        if any(role in fund for fund in funds) or amount.value(unit)
    )


# ── targets.csv, actuals.csv ──


def indicator_rows(draft: DraftProject, ledger: Ledger) -> dict[str, list[Row]]:
    """A target and an actual row per indicator, and one of a review that the form prints; the same twice is one."""
    merged: list[DraftIndicator] = []
    first: dict[tuple[str, ...], DraftIndicator] = {}
    for indicator in draft.indicators:
        same = first.get(_compared(indicator))
        first.setdefault(_compared(indicator), indicator)
        if same is None:
            merged.append(indicator)
        elif same.form == indicator.form and squeeze(same.texts.get("指标值", "")) != squeeze(
            indicator.texts.get("指标值", "")
        ):
            message = phrase("同一张表里有两个“{name}”，都已写入，请区分", name="/".join(indicator.key))
            ledger.remark(Sort.GUESSED, message, indicator.place, draft.id)
            merged.append(indicator)
        else:
            _join(same, indicator, draft.id, ledger)
    _share_level2(draft, merged, ledger)
    codes = Counter(m.texts.get("指标编号", "") for m in merged)
    if any(count > 1 for code, count in codes.items() if code):
        ledger.remark(Sort.DROPPED, phrase("指标编码在项目内有重复，没有采用"), draft.place, draft.id)
    rows: dict[str, list[Row]] = {"targets": [], "actuals": [], "review": []}
    for one in merged:
        code = one.texts.get("指标编号", "")
        key = {"项目编号": draft.id, "指标编号": code if codes[code] == 1 else ""}
        names = {c: one.texts.get(c, "") for c in ("二级指标", "三级指标")}
        rows["targets"].append(complete(TARGETS, {c: one.texts.get(c, "") for c in INDICATOR_COLUMNS} | key))
        rows["actuals"].append(complete(ACTUALS, names | {c: one.texts.get(c, "") for c in ACTUAL_COLUMNS} | key))
        reviewed = {c: one.texts[c] for c in REVIEW_COLUMNS if one.texts.get(c)}
        rows["review"] += [complete(REVIEW, names | reviewed | key)] if reviewed else []
    return rows


def _share_level2(draft: DraftProject, rows: Sequence[DraftIndicator], ledger: Ledger) -> None:
    """数量指标（20分） over rows without 分值: that of the only row, else for a person to share out."""
    for (level1, level2), points in draft.level2_points.items():
        own = [one for one in rows if (one.texts.get("一级指标", ""), one.key[0]) == (level1, level2)]
        if not own or any(one.texts.get("分值") for one in own):
            continue
        texts = {"level2": level2, "points": points}
        if len(own) == 1:
            own[0].texts["分值"] = points
            message = phrase("“{level2}”后面写着 {points} 分，其下只有一行，记作它的分值", **texts)
            ledger.remark(Sort.SPLIT, message, own[0].place, draft.id)
        else:
            message = phrase("“{level2}”后面写着 {points} 分，其下几行没有分值，请分到各行", **texts)
            ledger.remark(Sort.UNKNOWN, message, own[0].place, draft.id)


def _compared(indicator: DraftIndicator) -> tuple[str, ...]:
    """What makes an indicator the same as another."""
    return tuple(comparable(part) for part in indicator.key)


def _join(first: DraftIndicator, second: DraftIndicator, project: str, ledger: Ledger) -> None:
    """The same indicator found again: what the first lacks is added, what differs is shown."""
    for column, text in second.texts.items():
        present = first.texts.get(column, "")
        if not present:
            first.texts[column] = text
        elif squeeze(present) != squeeze(text):
            name = "/".join(first.key)
            texts = {"name": short(name), "column": column, "present": short(present), "text": short(text)}
            message = phrase("“{name}”的“{column}”在两张表里不同：采用“{present}”，未采用“{text}”", **texts)
            ledger.remark(Sort.DROPPED, message, second.place, project)
