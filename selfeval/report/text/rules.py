"""A rule profile as people read it: every value with the document and article it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.display import TIER_WORDS
from selfeval.base.exact import percent, shown
from selfeval.base.model import Source
from selfeval.rules.profile import Method, Rules

FORMULA_WORDS = {
    "ratio": "达到目标满分，否则按 实际÷目标",
    "inverse_ratio": "不超过目标满分，否则按 目标÷实际",
    "deviation": "达到目标满分，否则按 1−偏差÷目标",
    "all_or_nothing": "达到目标满分，否则不得分",
    "per_point": "达到目标满分，否则逐点扣分",
    "equal": "等于目标满分，不足按比例，超过按规则",
    "nearer_bound": "区间内满分，区间外按较近一端的比例",
    "bands": "按完成值分段赋分",
    "tiers": "按完成档次",
    "duration_ratio": "按期满分，逾期按计划工期÷实际工期",
    "late_bands": "按期满分，逾期按天数分段",
    "manual": "按期满分，逾期由单位评定",
    "mean": "各分项完成率的平均",
}
OVERSHOOT_WORDS = {
    "full": "超过不扣分",
    "inverse_ratio": "超过按反比例",
    "deviation": "超过按偏差率",
    "zero": "超过不得分",
}


def rule_lines(rules: Rules) -> Iterator[str]:
    """The profile line by line."""
    yield f"{rules.id}  {rules.title}"
    yield f"施行日期：{rules.effective}"
    yield from execution_lines(rules)
    yield from level_lines(rules)
    yield "定性三档："
    for tier, band in rules.tiers.items():
        edges = f"{percent(band.upper)}–{percent(band.lower)}（含）"
        yield f"  {TIER_WORDS[tier]}（{band.label}）：{edges}，默认 {percent(band.default)}"
    yield cited(rules.tier_source)
    yield f"等级：{'，'.join(f'{g.name} {shown(g.lower)} 分（含）起' for g in rules.grades)}"
    yield cited(rules.grade_source)
    yield f"超额完成：达到 {percent(rules.flag_at)} 提示，达到 {percent(rules.reason_at)} 须说明"
    yield cited(rules.over_source)
    which = "调整后的指标值和分值" if rules.adjusted_targets else "年初的指标值和分值"
    yield f"年中调整的目标：按{which}计分，另一个照列"
    yield from (cited(source) for source in [rules.adjustment_source] if source)
    yield "评分方法："
    for method in rules.methods.values():
        yield f"  {method.id}（{method.title}）：{formula_words(method)}"
        yield "  " + cited(method.source)


def execution_lines(rules: Rules) -> Iterator[str]:
    """预算执行率."""
    rule = rules.execution
    base = "年初预算数" if rule.denominator == "initial" else "全年预算数"
    yield f"预算执行率：{shown(rule.points)} 分，执行数÷{base}，低于 {percent(rule.reason_below)} 须说明原因"
    yield cited(rule.source)


def level_lines(rules: Rules) -> Iterator[str]:
    """一级指标分值."""
    for level_set in rules.levels.sets:
        when = f"（有{'、'.join(level_set.requires)}时）" if level_set.requires else ""
        yield f"一级指标分值{when}：{'，'.join(f'{k} {shown(v)} 分' for k, v in level_set.points.items())}"
    yield cited(rules.levels.source)


def formula_words(method: Method) -> str:
    """What a method does, with its parameters."""
    words = FORMULA_WORDS[method.formula]
    if "overshoot" in method.params:
        words += f"；{OVERSHOOT_WORDS[str(method.params['overshoot'])]}"
    return words


def cited(source: Source) -> str:
    """`  依据：…`, and whether the wording was checked."""
    checked = "" if source.checked else "〔条文号待核对〕"
    return f"    依据：{source.document} {source.article}{checked}"
