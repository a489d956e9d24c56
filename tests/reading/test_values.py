"""How cells are read, case by case: `values/targets.toml` and `values/actuals.toml` are tables an accountant can check.

A case is `[text, reading]` or `[text, other columns, reading]`; in actuals.toml `[actual, target, reading]` or
`[actual, target, other columns, reading]`, the columns as `二级指标：时效指标；度量单位：%`. A reading says what the
program understood: `数 ≥95% 正向` · `费用 ≤480000元 反向` · `区间 80%~90%` · `日期 2021-12-31` · `定性` ·
`多项：a …；b …` · `没有目标` · `读不出`
(an actual: the number in the target's base unit, the date, the tier, or 无), then the codes of what was remarked.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from attempts import some

from selfeval.base.diagnostics import codes as code_table
from selfeval.base.display import shown_value
from selfeval.base.model import Direction, Kind, Tier
from selfeval.reading.values.actuals import Context, read_actual
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.directions import is_kind, lists, name_direction
from selfeval.reading.values.targets import read_target
from selfeval.reading.values.units import conversion, read_unit

HERE = Path(__file__).parents[1] / "values"
COLUMNS = {"一级指标": "level1", "二级指标": "level2", "三级指标": "name", "指标性质": "sign", "度量单位": "unit",
           "指标方向": "direction", "金额单位": "money_unit", "年度": "year"}  # fmt: skip
DIRECTIONS = {Direction.POSITIVE: "正向", Direction.NEGATIVE: "反向"}
KINDS = {Kind.NUMBER: "数", Kind.COST: "费用"}
TIERS = {Tier.MET: "达成", Tier.PARTIAL: "部分达成", Tier.MISSED: "未达成"}
USUAL = {"V001", "V002", "V024"}
"""Codes that the words 读不出, 没有目标 and 多项 already say."""


def tables(file, texts):
    """The cases of a file by group: of each its texts (one or two), the other columns, the reading."""
    read = tomllib.loads((HERE / file).read_text(encoding="utf-8"))
    return [
        pytest.param(
            [
                (case[:texts], columns_of(group.get("columns", ""), *case[texts:-1]), case[-1])
                for case in group["cases"]
            ],
            id=group["title"],
        )
        for group in read["group"]
    ]


def columns_of(*written):
    """`二级指标：时效指标；度量单位：%` as columns; later ones win."""
    return dict(part.split("：", 1) for columns in written for part in columns.split("；") if part)


def row_of(columns):
    given = {COLUMNS[k]: v for k, v in columns.items() if k in COLUMNS}
    return TargetContext(**given | {"year": int(given.get("year", 2021))})


def target_words(target):
    """A target as the tables write it."""
    if target.kind is None:
        return "读不出" if any(r.code == "V001" for r in target.readings) else "没有目标"
    if target.kind is Kind.QUALITATIVE:
        return "定性"
    if target.kind is Kind.COMPOUND:
        return "多项：" + "；".join(f"{p.label or '—'} {target_words(p)}" for p in target.parts)
    if target.kind is Kind.DATE:
        return f"日期 {target.operator or ''}{target.date}"
    if target.kind is Kind.RANGE:
        return f"区间 {shown_value(target.value, target.unit)}~{shown_value(target.upper, target.unit)}"
    number = f"{target.operator or ''}{shown_value(target.value, target.unit)}"
    return f"{KINDS[target.kind]} {number} {DIRECTIONS[target.direction]}"


def actual_words(actual):
    """An actual as the tables write it."""
    if actual.parts:
        return "多项：" + "；".join(f"{p.label or '—'} {actual_words(p)}" for p in actual.parts)
    value = "" if actual.value is None else shown_value(actual.value, actual.unit)
    return " ".join(filter(None, (value, str(actual.date or ""), TIERS.get(actual.tier, "")))) or "无"


def remarks(readings, usual=frozenset()):
    """The codes of what was remarked, as the tables write them."""
    return " ".join(sorted({r.code for r in readings if r.code} - usual))


def texts_of(target):
    """A target's own text, and how it was read."""
    found = [*target.readings, *(r for part in target.parts for r in part.readings)]
    return target.text, f"{target_words(target)} {remarks(found, USUAL)}".strip()


@pytest.mark.parametrize("cases", tables("targets.toml", 1))
def test_targets_are_read_as_an_official_would(cases):
    found = [(*texts_of(read_target(text, row_of(columns))), columns) for (text,), columns, _ in cases]
    assert found == [(text, reading, columns) for (text,), columns, reading in cases]


@pytest.mark.parametrize("cases", tables("actuals.toml", 2))
def test_actuals_are_read_against_their_targets(cases):
    found = []
    for (text, wanted), columns, _ in cases:
        row = row_of(columns)
        actual = read_actual(text, read_target(wanted, row), Context(columns.get("完成档次", ""), row.year))
        found.append((actual.text, wanted, f"{actual_words(actual)} {remarks(actual.readings)}".strip(), columns))
    assert found == [(text, wanted, reading, columns) for (text, wanted), columns, reading in cases]


@pytest.mark.parametrize(("file", "texts"), [("targets.toml", 1), ("actuals.toml", 2)])
def test_the_tables_name_only_columns_and_codes_that_exist(file, texts):
    for _, columns, reading in (case for group in tables(file, texts) for case in group.values[0]):
        assert set(columns) <= {*COLUMNS, "完成档次"}
        assert {word for word in reading.split() if word.startswith("V0")} <= set(code_table())


# ── what a table cannot say well ──


def test_a_percentage_is_a_fraction_and_money_is_in_yuan():
    rate, money = read_target("≥95%", TargetContext()), read_target("48万元", TargetContext())
    assert (rate.value, rate.unit) == (Decimal("0.95"), "%")
    assert (money.value, money.unit, money.scale) == (Decimal(480000), "元", Decimal(10000))


def test_a_very_long_target_is_prose():
    target = read_target("保障工作顺利开展。" * 120 + "≥95%", TargetContext())
    assert target.kind is Kind.QUALITATIVE
    assert remarks(target.readings) == "V018"


def test_a_very_long_actual_of_a_number_is_not_searched():
    actual = read_actual("完成" * 600 + "95%", read_target("≥95%", TargetContext()), Context())
    assert (actual.value, remarks(actual.readings)) == (None, "V004")


def test_a_profile_names_its_own_tiers():
    labels = {"基本达成目标": Tier.MET, "部分实现目标": Tier.PARTIAL, "实现目标程度较低": Tier.MISSED}
    for label, tier in labels.items():
        assert read_actual(label, read_target("效果明显", TargetContext()), Context(labels=labels)).tier is tier


def test_a_target_that_cannot_be_read_says_so_and_has_no_kind():
    target = read_target("95%≥", TargetContext())
    assert (target.kind, target.value, target.operator, target.direction) == (None, None, None, None)
    assert "V001" in [r.code for r in target.readings]


def test_the_reading_says_where_the_direction_comes_from():
    row = TargetContext(name="设备故障率")
    said = {text: read_target(text, row).readings[0].message for text in ("≤10%", "10%", "不超过10%")}
    assert "由“≤”" in said["≤10%"]
    assert "由指标名称" in said["10%"]
    assert "由“不超过”" in said["不超过10%"]


NAMES = tomllib.loads((Path(__file__).parents[1] / "values" / "directions.toml").read_text(encoding="utf-8"))
BY_WORD = {"positive": "正向", "negative": "反向", "unsaid": None}
NAMED = [(BY_WORD[way], name) for ways in NAMES.values() for way, names in ways.items() for name in names.split()]


def test_a_name_says_its_direction_by_how_it_ends():
    assert len(NAMED) > 700
    assert [(DIRECTIONS.get(name_direction(name)), name) for _, name in NAMED] == NAMED


def test_a_word_of_directions_stands_in_one_list_only():
    named = [word for name, words in lists().items() if is_kind(name) for word in words]
    assert [word for word, times in Counter(named).items() if times > 1] == []


def test_a_long_name_is_looked_at_in_no_time_that_grows_with_it():
    assert name_direction("数量" * 10_000 + "率") is None


UNITS = {
    "万元": ("元", "10000"),
    "%": ("%", "0.01"),
    "百分比": ("%", "0.01"),
    "‰": ("%", "0.001"),
    "台(套)": ("台", "1"),
    "(台)": ("台", "1"),
    "/": ("", "1"),
    "无": ("", "1"),
    "万元·公里": ("元·公里", "10000"),
    "车次公里": ("车次公里", "1"),
    "个工作日": ("工作日", "1"),
    "㎡": ("平方米", "1"),
    "万人次": ("人次", "10000"),
    "元/人·天": ("元/人·天", "1"),
}


@pytest.mark.parametrize(("cell", "read"), UNITS.items())
def test_a_unit_column(cell, read):
    unit = read_unit(cell)
    assert (unit.base, unit.scale) == (read[0], Decimal(read[1]))


def test_units_that_measure_different_things_are_never_converted():
    for source, wanted in [("元", "公里"), ("%", "人次"), ("户", "人"), ("台", "人"), ("小时", "次"), ("美元", "元")]:
        assert conversion(source, wanted).factor is None


COLUMN, CELL = ["", "≥", "≤", "="], ["", "≥", "不超过", "="]
NAME, DIRECTION = ["参与率", "参与率不低于", "故障率", "故障率不超过"], ["", "正向", "反向"]


@pytest.mark.parametrize(("column", "cell", "name", "direction"), [*product(COLUMN, CELL, NAME, DIRECTION)])
def test_the_column_goes_before_the_cell_the_cell_before_the_name(column, cell, name, direction):
    target = read_target(f"{cell}10%", TargetContext(name=name, sign=column, direction=direction))
    named = "≥" if name.endswith("不低于") else ("≤" if name.endswith("不超过") else "")
    operator = column or cell.replace("不超过", "≤") or named
    by_name = "反向" if name.startswith("故障") else "正向"
    assert (target.operator or "") == operator
    assert DIRECTIONS[target.direction] == ({"≥": "正向", "≤": "反向"}.get(operator) or direction or by_name)
    clash = (column and cell and column != cell.replace("不超过", "≤")) or (
        direction and operator in "≥≤" and operator and DIRECTIONS[target.direction] != direction
    )
    assert ("V013" in {r.code for r in target.readings}) == bool(clash)


PIECES = (
    "9|9,|1.|≥|<|(|((|)|“|《|年|2021年|12月|1-|1至|一|百分之|不|达到|约| |\u3000|±|/|万|第|以上|A|μ|"
    "数量：1单价：|指标|提前|、1|"
    "1、|部分|率|=|1%|次年|每|按|全面|内|增长|故障|无|降低|上|7×|1·1|1+|元/|(1|1月1日|〔2021〕|1台|一次|1岁|1~"
)
TRIED = PIECES.split("|")


def steps(text):
    """How many calls and returns it takes to read a text as target, unit, name, actual and tier."""
    events = []
    sys.setprofile(lambda *_: events.append(None))
    try:
        target = read_target(text, TargetContext(name=text, level2="时效指标", unit=text[:2000]))
        for wanted in ("≥95%", "12月底前", "a率≥95%，b率≥90%", "提高"):
            read_actual(text, read_target(wanted, TargetContext()), Context(tier_text=text))
    finally:
        sys.setprofile(None)
    assert target.text == text
    return len(events)


@pytest.mark.slow
@pytest.mark.parametrize("piece", some(TRIED, 24))
def test_twice_the_text_takes_at_most_the_square_of_it_and_a_long_one_no_more(piece):
    """What a pattern does within one call is measured by benchmarks/regex_campaign.py."""
    short, twice, long, longer = (steps(piece * (size // len(piece))) for size in (150, 300, 50_000, 100_000))
    assert twice < short * 4.5 + 100
    assert longer <= long < 2000
