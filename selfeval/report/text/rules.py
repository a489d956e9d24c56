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
from selfeval.base.phrases import joined, phrase, word
from selfeval.rules.formulas import LINEAR, STEP_WORDS
from selfeval.rules.profile import Method, Rules
from selfeval.scoring.points import DIGIT_WORDS, ROUNDING_WORDS

FORMULA_WORDS = {
    "ratio": phrase("达到目标满分，否则按 实际÷目标"),
    "inverse_ratio": phrase("不超过目标满分，否则按 目标÷实际"),
    "deviation": phrase("达到目标满分，否则按 1−偏差÷目标"),
    "all_or_nothing": phrase("达到目标满分，否则不得分"),
    "per_point": phrase("达到目标满分，否则逐点扣分"),
    "equal": phrase("等于目标满分，不足按比例"),
    "nearer_bound": phrase("区间内满分，区间外按较近一端的比例"),
    "bands": phrase("按完成值分段赋分"),
    "bands_up_to": phrase("按完成值分段赋分，越低越好"),
    "bands_deviation": phrase("按偏离目标的幅度分段赋分"),
    "tiers": phrase("按完成档次"),
    "duration_ratio": phrase("按期满分，逾期按计划工期÷实际工期"),
    "late_bands": phrase("按期满分，逾期按天数分段"),
    "manual": phrase("按期满分，逾期由单位评定"),
    "mean": phrase("各分项完成率的平均"),
}
SHARE_WORDS = {
    "level2_then_level3": phrase("在二级指标间均分，再在其三级指标间均分"),
    "level3": phrase("在三级指标间均分"),
}
INAPPLICABLE_WORDS = {
    False: phrase("不适用的指标不剔除，不计分"),
    True: phrase("不适用的指标写明理由后剔除，其分值按比例分给其余各行"),
}
OVERSHOOT_WORDS = {
    "full": phrase("超过不扣分"),
    "inverse_ratio": phrase("超过按反比例"),
    "deviation": phrase("超过按偏差率"),
    "zero": phrase("超过不得分"),
}


def rule_lines(rules: Rules, versions: Sequence[date] = ()) -> Iterator[str]:
    """The profile line by line, under every value where it comes from; `versions`: the days of all it has."""
    yield f"{rules.id}  {rules.title}"
    yield evidence_line(rules)
    if len(versions) > 1:
        yield phrase(
            "有 {count} 个版本，自 {days} 起适用；以下是 {day} 的，别的年度用 --year 看",
            count=len(versions),
            days=tuple(versions),
            day=rules.effective,
        )
    yield from ruled(rules, phrase("适用日期：{day} 起", day=rules.effective), "effective")
    yield from execution_lines(rules)
    yield from level_lines(rules)
    yield from tier_lines(rules)
    yield from ruled(
        rules,
        phrase(
            "等级：{grades:，}",
            grades=tuple(
                phrase("{name:_} {lower} 分（含）起", name=g.name, lower=shown(g.lower)) for g in rules.grades
            ),
        ),
        "grades.bands",
    )
    yield from ruled(
        rules, phrase("超额完成：达到 {flag_at} 提示", flag_at=percent(rules.flag_at)), "over_completion.flag_at"
    )
    edge, missing = percent(rules.reason_at), SEVERITY_WORDS[Severity(rules.over_missing)]
    over = phrase("超额完成：达到 {edge} 须说明，没有说明为{missing:_}", edge=edge, missing=missing)
    if is_convention(rules, "over_completion.reason_at"):
        over = phrase("超额完成：达到 {edge} 请说明，没有说明为{missing:_}", edge=edge, missing=missing)
    yield from ruled(rules, over, "over_completion.reason_at", "over_completion.missing")
    missing = SEVERITY_WORDS[Severity(rules.missing_reason)]
    due = phrase("未得满分须说明原因，没有说明为{missing:_}", missing=missing)
    if is_convention(rules, "reasons.missing"):
        due = phrase("未得满分请说明原因，没有说明为{missing:_}", missing=missing)
    yield from ruled(rules, due, "reasons.missing")
    digits, mode = DIGIT_WORDS[rules.digits], ROUNDING_WORDS[rules.rounding]
    rounding = phrase("得分取整：{digits:_}，{mode:_}", digits=digits, mode=mode)
    yield from ruled(rules, rounding, "rounding.digits", "rounding.mode")
    which = phrase("调整后的指标值和分值") if rules.adjusted_targets else phrase("年初的指标值和分值")
    yield from ruled(rules, phrase("年中调整的目标：按{which}计分，另一个照列", which=which), "adjustments.score")
    if rules.merges:
        merging = phrase("同名项目汇总：绝对值累加，相对值和定性得分按资金加权平均，先汇总再计分")
        yield from ruled(rules, merging, "merging.same_name")
    yield phrase("评分方法：")
    for method in rules.methods.values():
        values = (f"methods.{method.id}.{name}" for name in ("formula", *method.params))
        name = phrase("{id:_}（{title:_}）", id=method.id, title=method.title)
        if method.id == method.title:
            name = phrase("{title:_}", title=method.title)
        yield from ruled(rules, phrase("  {name}：{how}", name=name, how=formula_words(method)), *values)


def evidence_line(rules: Rules) -> str:
    """How many of the profile's values are known how surely: a title does not vouch for what stands below it."""
    known = Counter(source.evidence for source in rules.cited.values())
    counts = tuple(phrase("{kind:_} {count}", kind=display.EVIDENCE[kind], count=known[kind]) for kind in Evidence)
    return phrase(
        "共 {total} 个值：{counts:，}；约定没有文件依据，条文号除逐字核对的以外都以原文为准",
        total=known.total(),
        counts=counts,
    )


def is_convention(rules: Rules, value: str) -> bool:
    """Whether no document is claimed for a value: what only we ask for is 请, not 须."""
    return rules.source(value).evidence is Evidence.CONVENTION


def ruled(rules: Rules, line: str, *values: str) -> Iterator[str]:
    """A line, and under it where these values come from, the same source once."""
    yield line
    indent = " " * (len(line) - len(line.lstrip()))
    yield from (joined((indent, cited(source, line.strip()))) for source in dict.fromkeys(map(rules.source, values)))


def execution_lines(rules: Rules) -> Iterator[str]:
    """预算执行率."""
    rule = rules.execution
    base = "年初预算数" if rule.denominator == "initial" else "全年预算数"
    points = phrase("预算执行率：{points} 分", points=shown(rule.points))
    yield from ruled(rules, points if rule.points else phrase("预算执行率：不计分，只列示"), "execution.points")
    yield from ruled(rules, phrase("执行率＝全年执行数÷{base:_}", base=base), "execution.denominator")
    if rule.bands:
        bands = tuple(
            phrase("{edge} 以上得 {share}", edge=percent(edge), share=percent(share)) for edge, share in rule.bands
        )
        yield from ruled(rules, phrase("执行率分段：{bands:，}", bands=bands), "execution.bands")
    elif rule.deduct:
        off = phrase(
            "每低 {per} 扣 {deduct} 分{steps}",
            per=percent(rule.per),
            deduct=shown(rule.deduct),
            steps=STEP_WORDS[rule.steps],
        )
        values = (f"execution.{name}" for name in ("full_from", "deduct", "per", "steps"))
        full = percent(rule.full_from)
        yield from ruled(rules, phrase("执行率达到 {full_from} 满分，{off}", full_from=full, off=off), *values)
    elif rule.points:
        yield from ruled(rules, phrase("执行率超过 {cap} 按 {cap} 计", cap=percent(rule.cap)), "execution.cap")
    if rule.pass_line:
        yield from ruled(
            rules, phrase("执行率低于 {pass_line} 不得分", pass_line=percent(rule.pass_line)), "execution.pass_line"
        )
    if rule.funds:
        yield from ruled(
            rules, phrase("计入执行率的资金来源（名称含）：{funds}", funds=tuple(rule.funds)), "execution.funds"
        )
    asked = is_convention(rules, "execution.reason_below")
    edge = percent(rule.reason_below)
    due = (
        phrase("执行率低于 {edge} 请说明原因", edge=edge)
        if asked
        else phrase("执行率低于 {edge} 须说明原因", edge=edge)
    )
    yield from ruled(rules, due, "execution.reason_below")


def level_lines(rules: Rules) -> Iterator[str]:
    """一级指标分值."""
    levels = rules.levels
    for level_set in levels.sets:
        when = phrase("（有{requires:_}时）", requires=tuple(level_set.requires)) if level_set.requires else ""
        yield phrase(
            "一级指标分值{when}：{weights:，}",
            when=when,
            weights=tuple(
                phrase("{level:_} {weight} 分", level=k, weight=shown(v)) for k, v in level_set.points.items()
            ),
        )
    yield cited(rules.source("levels.sets"))
    if not levels.fixed:
        yield from ruled(rules, phrase("一级指标不定分值，只核对合计"), "levels.fixed")
    moves = joined(
        phrase("，仅缺{absent:_}时并入{goal:_}", absent=absent, goal=goal) for absent, goal in levels.moves.items()
    )
    yield from ruled(rules, phrase("缺少的一级指标按其余的分值比例分摊{moves}", moves=moves), "levels.moves")
    yield from ruled(
        rules,
        phrase("没有填分值的{how}", how=SHARE_WORDS[levels.share]),
        "levels.share",
        "levels.digits",
    )
    yield from ruled(rules, INAPPLICABLE_WORDS[levels.inapplicable], "levels.inapplicable")


def tier_lines(rules: Rules) -> Iterator[str]:
    """定性三档."""
    yield phrase("定性三档：")
    for tier, band in rules.tiers.items():
        yield phrase(
            "  {tier:_}（{label:_}）：{upper}–{lower}（含）",
            tier=TIER_WORDS[tier],
            label=band.label,
            upper=percent(band.upper),
            lower=percent(band.lower),
        )
    labels, edges = ("tiers.label",), ("tiers.upper", "tiers.lower")
    together = {rules.source(value) for value in (*labels, *edges)}
    parts = ((phrase("名称"), labels), (phrase("区间"), edges))
    for what, values in ((phrase("名称、区间"), (*labels, *edges)),) if len(together) == 1 else parts:
        yield from ruled(rules, joined(("  ", what)), *values)
    if rules.edges_in_points:
        yield from ruled(rules, phrase("  分界先化为分数、取整，再与得分比较"), "tiers.edges")
    usual = tuple(
        phrase("{tier:_} {share}", tier=TIER_WORDS[tier], share=percent(band.default))
        for tier, band in rules.tiers.items()
    )
    yield from ruled(rules, phrase("  未填自评得分时：{usual:，}", usual=usual), "tiers.default")


def formula_words(method: Method) -> str:
    """What a method does, with its parameters."""
    words = [FORMULA_WORDS[method.formula], off_words(method), band_words(method)]
    if "overshoot" in method.params:
        words.append(phrase("；{overshoot}", overshoot=OVERSHOOT_WORDS[str(method.params["overshoot"])]))
    if "pass_line" in method.params:
        line = Fraction(str(method.params["pass_line"]))
        words.append(phrase("；完成率低于 {line} 不得分", line=percent(line)) if line else phrase("；没有设及格门槛"))
    return joined(words)


def off_words(method: Method) -> str:
    """`，每差 1% 扣 2 分（不足一档不扣）`; the same number read as a count where the target is one."""
    if method.formula != "per_point":
        return ""
    per, deduct = (Fraction(str(method.params.get(name, usual))) for name, usual in (("per", "0.01"), ("deduct", "1")))
    steps = STEP_WORDS[str(method.params.get("steps", LINEAR))]
    return phrase("，每差 {per}（{rate:%}）扣 {deduct} 分{steps}", per=per, rate=per, deduct=deduct, steps=steps)


_BANDS = {
    "bands": word("{edge} 以上得 {share}"),
    "bands_up_to": word("{edge} 以内得 {share}"),
    "bands_deviation": word("相差 {edge} 以内得 {share}"),
    "late_bands": word("逾期 {edge} 天以内得 {share}"),
}


def band_words(method: Method) -> str:
    """`：95% 以上得 100%，90% 以上得 80%`."""
    bands = method.params.get("bands")
    if not isinstance(bands, tuple):
        return ""
    show, words = shown if method.formula == "late_bands" else percent, _BANDS[method.formula]
    ordered = bands if method.formula == "bands" else bands[::-1]
    return phrase("：{bands:，}", bands=tuple(phrase(words, edge=show(e), share=percent(s)) for e, s in ordered))


def cited(source: Source, line: str = "") -> str:
    """`    出处：……〔间接来源〕`, `    本规则约定：……`, and where it was seen.

    A convention that `line` says in full is only called one.
    """
    if source.evidence is Evidence.CONVENTION and source.article == line:
        return phrase("    {document:_}", document=source.document)
    basis = "" if source.evidence is Evidence.CONVENTION else phrase("出处：")
    found = phrase("（{found}）", found=source.found) if source.found else ""
    return joined(("    ", basis, display.cited(source), found))
