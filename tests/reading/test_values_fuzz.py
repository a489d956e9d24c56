"""Whatever is typed: reading never raises, never invents, and does not depend on how the same thing is written."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from selfeval.base.diagnostics import codes as code_table
from selfeval.base.model import Kind
from selfeval.reading.values.actuals import Context, read_actual
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.targets import read_target

SIGNS = [
    "≥", "≤", ">", "<", "=", "≧", "═", "不低于", "不超过", "达到", "控制在", "至少", "低于", "约", "",
]  # fmt: skip
NUMBERS = [
    "0", "1", "95", "99.8", "0.95", "1,000", "2021", "12329", "100", "1534286", "-5", "３０", "百分之九十", "两",
    "2/3", "1:3",
]  # fmt: skip
UNITS = [
    "%", "‰", "个百分点", "次", "人次", "人", "元", "万元", "亿元", "万", "天", "个工作日", "小时", "个月", "年",
    "台", "公里", "㎡", "TB", "元/人", "期", "级", "大", "号", "",
]  # fmt: skip
AFTER = [
    "以上", "以内", "以下", "左右", "（含）以上", "内", "前", "完成", "。", "",
]  # fmt: skip
NAMES = [
    "满意度", "故障率", "投诉处理率", "项目完成时间", "成本节约率", "参训人数", "补助标准", "物业费", "合格率（%）",
    "逾期率低于0.3%", "",
]  # fmt: skip
DATES = [
    "2021年12月31日", "12月底前", "9月前", "2021.12.31", "2021-12", "三季度末", "上半年", "年底", "1-12月",
    "每月10日前", "2021年2月30日",
]  # fmt: skip
JOINS = [
    "，", "；", "、", "-", "~", "至", "且", " ", "\n", "（", "）", "1、", "2.", "×", "±", "/", ":", "“", "”", "由",
    "到", "\u200b", "①", "",
]  # fmt: skip
WORDS = [
    "提高", "降低", "同比增长", "下降", "效果明显", "12329热线", "6大渠道", "完成", "按期完成", "培训", "每年",
    "人均", "其中", "XX", "无",
]  # fmt: skip

pieces = st.one_of(*(st.sampled_from(kind) for kind in (SIGNS, NUMBERS, UNITS, AFTER, NAMES, DATES, JOINS, WORDS)))
quantities = st.tuples(*(st.sampled_from(kind) for kind in (SIGNS, NUMBERS, UNITS, AFTER))).map("".join)
cells = st.one_of(st.lists(st.one_of(pieces, quantities), max_size=8).map("".join), quantities, st.text(max_size=40))
rows = st.builds(
    TargetContext,
    level1=st.sampled_from(["产出指标", "成本指标", "满意度指标", ""]),
    level2=st.sampled_from(["数量指标", "质量指标", "时效指标", "成本指标", "社会成本指标", ""]),
    name=st.one_of(st.sampled_from(NAMES), cells),
    sign=st.sampled_from(["", "≥", "≤", "=", ">", "定性", "≧", "正向", "？"]),
    unit=st.one_of(st.sampled_from([*UNITS, "/", "台（套）", "年月日", "万元·公里"]), st.text(max_size=6)),
    direction=st.sampled_from(["", "正向", "反向", "？"]),
    money_unit=st.sampled_from(["元", "万元"]),
    year=st.sampled_from([2020, 2021]),
)
tiers = st.sampled_from(["", "达成", "部分达成", "未达成", "完成", "？"])


def check_target(target):
    """What holds for every target, whatever was typed."""
    assert all(reading.code in {"", *code_table()} for reading in target.readings)
    for value in (target.value, target.upper):
        assert value is None or (isinstance(value, Decimal) and value.is_finite())
    if target.kind is None:
        assert (target.value, target.upper, target.operator, target.date, target.direction, target.parts) == (
            None, None, None, None, None, ())  # fmt: skip
        assert {"V001", "V002"} & {reading.code for reading in target.readings}
    assert (target.value is not None) == (target.kind in {Kind.NUMBER, Kind.COST, Kind.RANGE})
    assert (target.upper is not None) == (target.kind is Kind.RANGE)
    assert (target.date is not None) == (target.kind is Kind.DATE)
    assert (target.direction is not None) == (target.kind in {Kind.NUMBER, Kind.COST})
    assert (len(target.parts) > 1) == (target.kind is Kind.COMPOUND)
    assert target.upper is None or target.value <= target.upper
    for part in target.parts:
        assert part.kind is not None
        check_target(part)


def check_actual(actual, target):
    """What holds for every actual, whatever was typed: no value without a target, no silence without a value."""
    assert all(reading.code in {"", *code_table()} for reading in actual.readings)
    assert actual.value is None or actual.value.is_finite()
    assert len(actual.parts) == len(target.parts)
    if target.value is None:
        assert actual.value is None
    if target.value is not None and actual.value is None:
        assert {"V003", "V004", "V007"} & {reading.code for reading in actual.readings}
    if target.kind is Kind.DATE and actual.date is None:
        assert {"V003", "V004", "V011"} & {reading.code for reading in actual.readings}
    for part, sub_target in zip(actual.parts, target.parts, strict=True):
        if part.value is None and part.date is None:
            assert part.readings
        else:
            check_actual(part, sub_target)


@given(cells, rows, cells, tiers)
def test_whatever_is_typed_is_read_or_said_to_be_unreadable(text, row, done, tier):
    target = read_target(text, row)
    check_target(target)
    assert target.text == text
    actual = read_actual(done, target, Context(tier, row.year))
    if target.kind is not Kind.COMPOUND or actual.parts:
        check_actual(actual, target)


def reading(text, row):
    """A target without its words."""
    target = read_target(text, row)
    parts = tuple((p.kind, p.operator, p.value, p.upper, p.unit, p.date, p.direction) for p in target.parts)
    return target.kind, target.operator, target.value, target.upper, target.unit, target.date, target.direction, parts


WIDE = str.maketrans("0123456789%.+/=><()~:", "０１２３４５６７８９％．＋／＝＞＜（）～：")


@given(cells, st.sampled_from(NAMES), st.sampled_from(["数量指标", "时效指标", "成本指标"]))
def test_full_width_is_half_width(text, name, level2):
    row = TargetContext(level2=level2, name=name, year=2021)
    assert reading(text.translate(WIDE), row) == reading(text, row)


@given(cells, st.sampled_from(NAMES))
def test_blanks_around_and_invisible_marks_change_nothing(text, name):
    row = TargetContext(name=name, year=2021)
    assert reading(f" \u200b{text}\ufeff ", row) == reading(text, row)


@given(st.decimals(0, 10**8, places=2), st.sampled_from(["≥", "≤", "", "不超过"]), st.sampled_from(["物业费", "产值"]))
def test_the_multiplier_of_a_unit_changes_nothing(number, sign, name):
    for level2 in ("成本指标", "数量指标"):
        row = TargetContext(level2=level2, name=name, year=2021)
        yuan = reading(f"{sign}{number:f}元", row)
        assert reading(f"{sign}{number / 10**4:f}万元", row) == yuan
        assert reading(f"{sign}{number / 10**8:f}亿元", row) == yuan
        assert reading(f"{sign}{number:,f}元", row) == yuan
        assert (
            reading(f"{sign}{number / 10**4:f}", TargetContext(level2=level2, name=name, unit="万元", year=2021))
            == yuan
        )


@given(st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_an_actual_without_a_unit_is_the_same_as_with_the_targets(wanted, done):
    for unit in ("%", "万元", "人次", "小时", "公里"):
        target = read_target(f"≥{wanted:f}{unit}", TargetContext())
        bare, written = (read_actual(f"{done:f}{u}", target, Context()) for u in ("", unit))
        if bare.value is None:  # a lost 万 or % is asked for, with a unit it is only said
            assert any(reading.code == "V029" for reading in written.readings)
        else:
            assert (bare.value, bare.unit) == (written.value, written.unit)
