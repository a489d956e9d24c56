"""A rule profile as people read it: every value with the document and article it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Severity
from selfeval.base.display import TIER_WORDS
from selfeval.base.exact import percent, shown
from selfeval.base.model import Evidence, Source
from selfeval.rules.formulas import LINEAR, STEP_WORDS
from selfeval.rules.profile import Method, Rules
from selfeval.scoring.points import DIGIT_WORDS, ROUNDING_WORDS

FORMULA_WORDS = {
    "ratio": "达到目标满分，否则按 实际÷目标",
    "inverse_ratio": "不超过目标满分，否则按 目标÷实际",
    "deviation": "达到目标满分，否则按 1−偏差÷目标",
    "all_or_nothing": "达到目标满分，否则不得分",
    "per_point": "达到目标满分，否则逐点扣分",
    "equal": "等于目标满分，不足按比例",
    "nearer_bound": "区间内满分，区间外按较近一端的比例",
    "bands": "按完成值分段赋分",
    "bands_up_to": "按完成值分段赋分，越低越好",
    "bands_deviation": "按偏离目标的幅度分段赋分",
    "tiers": "按完成档次",
    "duration_ratio": "按期满分，逾期按计划工期÷实际工期",
    "late_bands": "按期满分，逾期按天数分段",
    "manual": "按期满分，逾期由单位评定",
    "mean": "各分项完成率的平均",
}
SHARE_WORDS = {"level2_then_level3": "在二级指标间均分，再在其三级指标间均分", "level3": "在三级指标间均分"}
INAPPLICABLE_WORDS = {
    False: "不适用的指标不剔除，不计分",
    True: "不适用的指标写明理由后剔除，其分值按比例分给其余各行",
}
OVERSHOOT_WORDS = {
    "full": "超过不扣分",
    "inverse_ratio": "超过按反比例",
    "deviation": "超过按偏差率",
    "zero": "超过不得分",
}


def rule_lines(rules: Rules, versions: Sequence[date] = ()) -> Iterator[str]:
    """The profile line by line, under every value where it comes from; `versions`: the days of all it has."""
    yield f"{rules.id}  {rules.title}"
    yield evidence_line(rules)
    if len(versions) > 1:
        days = "、".join(map(str, versions))
        yield f"有 {len(versions)} 个版本，自 {days} 起适用；以下是 {rules.effective} 的，别的年度用 --year 看"
    yield from ruled(rules, f"适用日期：{rules.effective} 起", "effective")
    yield from execution_lines(rules)
    yield from level_lines(rules)
    yield from tier_lines(rules)
    yield from ruled(
        rules, f"等级：{'，'.join(f'{g.name} {shown(g.lower)} 分（含）起' for g in rules.grades)}", "grades.bands"
    )
    yield from ruled(rules, f"超额完成：达到 {percent(rules.flag_at)} 提示", "over_completion.flag_at")
    edge, missing = percent(rules.reason_at), SEVERITY_WORDS[Severity(rules.over_missing)]
    over = f"超额完成：达到 {edge} 须说明，没有说明为{missing}"
    if is_convention(rules, "over_completion.reason_at"):
        over = f"超额完成：达到 {edge} 请说明，没有说明为{missing}"
    yield from ruled(rules, over, "over_completion.reason_at", "over_completion.missing")
    missing = SEVERITY_WORDS[Severity(rules.missing_reason)]
    due = f"未得满分须说明原因，没有说明为{missing}"
    if is_convention(rules, "reasons.missing"):
        due = f"未得满分请说明原因，没有说明为{missing}"
    yield from ruled(rules, due, "reasons.missing")
    rounding = f"得分取整：{DIGIT_WORDS[rules.digits]}，{ROUNDING_WORDS[rules.rounding]}"
    yield from ruled(rules, rounding, "rounding.digits", "rounding.mode")
    which = "调整后的指标值和分值" if rules.adjusted_targets else "年初的指标值和分值"
    yield from ruled(rules, f"年中调整的目标：按{which}计分，另一个照列", "adjustments.score")
    yield "评分方法："
    for method in rules.methods.values():
        values = (f"methods.{method.id}.{name}" for name in ("formula", *method.params))
        name = method.id if method.id == method.title else f"{method.id}（{method.title}）"
        yield from ruled(rules, f"  {name}：{formula_words(method)}", *values)


def evidence_line(rules: Rules) -> str:
    """How many of the profile's values are known how surely: a title does not vouch for what stands below it."""
    known = Counter(source.evidence for source in rules.cited.values())
    counts = "，".join(f"{display.EVIDENCE[kind]} {known[kind]}" for kind in Evidence)
    return f"共 {known.total()} 个值：{counts}；约定没有文件依据，条文号除逐字核对的以外都以原文为准"


def is_convention(rules: Rules, value: str) -> bool:
    """Whether no document is claimed for a value: what only we ask for is 请, not 须."""
    return rules.source(value).evidence is Evidence.CONVENTION


def ruled(rules: Rules, line: str, *values: str) -> Iterator[str]:
    """A line, and under it where these values come from, the same source once."""
    yield line
    indent = " " * (len(line) - len(line.lstrip()))
    yield from (f"{indent}{cited(source, line.strip())}" for source in dict.fromkeys(map(rules.source, values)))


def execution_lines(rules: Rules) -> Iterator[str]:
    """预算执行率."""
    rule = rules.execution
    base = "年初预算数" if rule.denominator == "initial" else "全年预算数"
    points = f"预算执行率：{shown(rule.points)} 分" if rule.points else "预算执行率：不计分，只列示"
    yield from ruled(rules, points, "execution.points")
    yield from ruled(rules, f"执行率＝全年执行数÷{base}", "execution.denominator")
    if rule.bands:
        bands = "，".join(f"{percent(edge)} 以上得 {percent(share)}" for edge, share in rule.bands)
        yield from ruled(rules, f"执行率分段：{bands}", "execution.bands")
    elif rule.deduct:
        off = f"每低 {percent(rule.per)} 扣 {shown(rule.deduct)} 分{STEP_WORDS[rule.steps]}"
        values = (f"execution.{name}" for name in ("full_from", "deduct", "per", "steps"))
        yield from ruled(rules, f"执行率达到 {percent(rule.full_from)} 满分，{off}", *values)
    elif rule.points:
        yield from ruled(rules, f"执行率超过 {percent(rule.cap)} 按 {percent(rule.cap)} 计", "execution.cap")
    if rule.pass_line:
        yield from ruled(rules, f"执行率低于 {percent(rule.pass_line)} 不得分", "execution.pass_line")
    if rule.funds:
        yield from ruled(rules, f"计入执行率的资金来源（名称含）：{'、'.join(rule.funds)}", "execution.funds")
    asked = is_convention(rules, "execution.reason_below")
    edge = percent(rule.reason_below)
    due = f"执行率低于 {edge} 请说明原因" if asked else f"执行率低于 {edge} 须说明原因"
    yield from ruled(rules, due, "execution.reason_below")


def level_lines(rules: Rules) -> Iterator[str]:
    """一级指标分值."""
    levels = rules.levels
    for level_set in levels.sets:
        when = f"（有{'、'.join(level_set.requires)}时）" if level_set.requires else ""
        yield f"一级指标分值{when}：{'，'.join(f'{k} {shown(v)} 分' for k, v in level_set.points.items())}"
    yield cited(rules.source("levels.sets"))
    if not levels.fixed:
        yield from ruled(rules, "一级指标不定分值，只核对合计", "levels.fixed")
    moves = "".join(f"，仅缺{absent}时并入{goal}" for absent, goal in levels.moves.items())
    yield from ruled(rules, f"缺少的一级指标按其余的分值比例分摊{moves}", "levels.moves")
    yield from ruled(rules, f"没有填分值的{SHARE_WORDS[levels.share]}", "levels.share", "levels.digits")
    yield from ruled(rules, INAPPLICABLE_WORDS[levels.inapplicable], "levels.inapplicable")


def tier_lines(rules: Rules) -> Iterator[str]:
    """定性三档."""
    yield "定性三档："
    for tier, band in rules.tiers.items():
        yield f"  {TIER_WORDS[tier]}（{band.label}）：{percent(band.upper)}–{percent(band.lower)}（含）"
    labels, edges = ("tiers.label",), ("tiers.upper", "tiers.lower")
    together = {rules.source(value) for value in (*labels, *edges)}
    parts = (("名称、区间", (*labels, *edges)),) if len(together) == 1 else (("名称", labels), ("区间", edges))
    for what, values in parts:
        yield from ruled(rules, f"  {what}", *values)
    if rules.edges_in_points:
        yield from ruled(rules, "  分界先化为分数、取整，再与得分比较", "tiers.edges")
    usual = "，".join(f"{TIER_WORDS[tier]} {percent(band.default)}" for tier, band in rules.tiers.items())
    yield from ruled(rules, f"  未填自评得分时：{usual}", "tiers.default")


def formula_words(method: Method) -> str:
    """What a method does, with its parameters."""
    words = FORMULA_WORDS[method.formula] + off_words(method) + band_words(method)
    if "overshoot" in method.params:
        words += f"；{OVERSHOOT_WORDS[str(method.params['overshoot'])]}"
    if "pass_line" in method.params:
        line = Fraction(str(method.params["pass_line"]))
        words += f"；完成率低于 {percent(line)} 不得分" if line else "；没有设及格门槛"
    return words


def off_words(method: Method) -> str:
    """`，每差 1% 扣 2 分（不足一档不扣）`; the same number read as a count where the target is one."""
    if method.formula != "per_point":
        return ""
    per, deduct = (Fraction(str(method.params.get(name, usual))) for name, usual in (("per", "0.01"), ("deduct", "1")))
    counting = STEP_WORDS[str(method.params.get("steps", LINEAR))]
    return f"，每差 {shown(per)}（{percent(per)}）扣 {shown(deduct)} 分{counting}"


_EDGES = {
    "bands": "{} 以上",
    "bands_up_to": "{} 以内",
    "bands_deviation": "相差 {} 以内",
    "late_bands": "逾期 {} 天以内",
}


def band_words(method: Method) -> str:
    """`：95% 以上得 100%，90% 以上得 80%`."""
    bands = method.params.get("bands")
    if not isinstance(bands, tuple):
        return ""
    show, edge = shown if method.formula == "late_bands" else percent, _EDGES[method.formula]
    ordered = bands if method.formula == "bands" else bands[::-1]
    return "：" + "，".join(f"{edge.format(show(start))}得 {percent(share)}" for start, share in ordered)


def cited(source: Source, line: str = "") -> str:
    """`    出处：……〔间接来源〕`, `    本规则约定：……`, and where it was seen.

    A convention that `line` says in full is only called one.
    """
    if source.evidence is Evidence.CONVENTION and source.article == line:
        return f"    {source.document}"
    basis = "" if source.evidence is Evidence.CONVENTION else "出处："
    found = f"（{source.found}）" if source.found else ""
    return f"    {basis}{display.cited(source)}{found}"
