"""What the report says where nobody has written anything: plain sentences made from the figures alone.

Nothing is claimed that the data do not show; each function gives the text of one heading of the outline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from selfeval.base import display
from selfeval.base.model import Kind, LevelScore, Score, Scorecard
from selfeval.evaluation.brief import met, short, unscored
from selfeval.evaluation.result import Result
from selfeval.report.pages.views import Block
from selfeval.scoring.totals import Figures, figures, sums

FEW = 12
"""How many indicators a sentence names before it refers to the table."""


def unit_figures(result: Result) -> Figures:
    """The unit's own budget where it has one, else the sums of its projects."""
    if result.unit is not None and result.unit.project.funds:
        return figures(result.unit.budget)
    return summed(result)


def summed(result: Result) -> Figures:
    """The sums of all projects."""
    return sums([brief.budget for brief in result.briefs], result.rules)


# ── Which rows fell short ──


def why_unscored(score: Score) -> str:
    """The reader's or the rule's words for a row without points."""
    spoken = [r.message for r in (*score.readings, *score.indicator.target.readings, *score.indicator.actual.readings)]
    last = score.steps[-1] if score.steps else "缺少计分所需的内容"
    return display.sentence("；".join(dict.fromkeys(m.rstrip("。") for m in spoken if m)) or last)


def got(points: Decimal | None) -> str:
    """得 9.50 分, or 未评分."""
    return display.UNSCORED if points is None else f"得{display.points(points)}分"


def tally(scores: Sequence[Score]) -> str:
    """达到年度指标值 a 项，未完全达到 b 项，未评分 c 项."""
    return tally_of(len(met(scores)), len(short(scores)), len(unscored(scores)))


def tally_of(reached: int, missed: int, open_: int) -> str:
    """The same of so many rows."""
    said = [f"达到年度指标值{reached}项"]
    said += [f"未完全达到{missed}项"] if missed else []
    said += [f"{display.UNSCORED}{open_}项"] if open_ else []
    return "，".join(said)


def names(scores: Iterable[Score]) -> str:
    """The names of these rows in quotation marks, as many as a sentence bears."""
    return quoted([score.indicator.level3 for score in scores])


def quoted(told: Sequence[str]) -> str:
    """Names in quotation marks, as many as a sentence bears."""
    said = "".join(map(display.quoted, told[:FEW]))
    return said if len(told) <= FEW else f"{said}等{len(told)}项"


# ── 项目支出绩效自评报告 ──


def _background(result: Result, card: Scorecard) -> list[Block]:
    """一、项目概况."""
    fields, money = card.project.fields, card.budget
    about = f"本项目由{fields.get('实施单位') or result.evaluation.unit}实施"
    if fields.get("主管部门"):
        about += f"，主管部门为{fields['主管部门']}"
    if fields.get("项目属性"):
        about += f"，项目属性为“{fields['项目属性']}”"
    if card.project.start and card.project.end:
        about += f"，实施期限自{display.day(str(card.project.start))}至{display.day(str(card.project.end))}"
    granted = (
        f"{result.evaluation.year}年年初预算{display.wan(money.initial)}万元，"
        f"全年预算{display.wan(money.adjusted)}万元。"
    )
    summary = display.sentence(fields.get("项目概况", ""))
    counts = display.listed(
        f"{level.name}{sum(s.indicator.level1 == level.name for s in card.scoring)}项"
        f"（{display.weight(level.weight)}分）"
        for level in card.levels
    )
    goal = display.sentence(" ".join(fields.get("年度总体目标", "").split()))
    return [
        Block("h3", "（一）立项及预算批复"),
        *([Block("p", summary)] if summary else []),
        Block("p", f"{about}。{granted}"),
        Block("h3", "（二）绩效目标及指标"),
        *([Block("p", f"年度总体目标：{goal}")] if goal else []),
        Block("p", f"设置三级绩效指标{len(card.scoring)}项" + (f"，其中{counts}。" if counts else "。")),
        *_adjustments(card),
    ]


def _adjustments(card: Scorecard) -> list[Block]:
    """The targets that were adjusted during the year, where there are any."""
    made = [(s.indicator.level3, s.indicator.adjustment) for s in card.scores if s.indicator.adjustment]
    if not made:
        return []
    told = [
        f"{display.quoted(name)}由{display.quoted(one.target_before.text)}调整为{display.quoted(one.target_after.text)}"
        if one.target_before.text != one.target_after.text
        else f"{display.quoted(name)}由{display.weight(one.weight_before)}分调整为{display.weight(one.weight_after)}分"
        for name, one in made[:FEW]
    ]
    return [Block("p", f"年中调整绩效目标{len(made)}项：{'；'.join(told)}。调整依据见附件2。")]


def _work(result: Result, card: Scorecard) -> list[Block]:
    """二、自评工作开展情况."""
    words = sum(s.indicator.target.kind is Kind.QUALITATIVE for s in card.scoring)
    backed = sum(bool(s.indicator.evidence) for s in card.scoring)
    return [
        Block(
            "p",
            f"本次自评以{result.rules_of(card).title}为依据，"
            f"对照年初确定的绩效目标，逐项核对{len(card.scoring)}项指标的实际完成值，"
            f"其中定量指标{len(card.scoring) - words}项、定性指标{words}项；有佐证材料的{backed}项。",
        ),
        Block("p", "各项得分按所列规则逐项计算，读取方式、计算公式、取整和依据条款见附件2。"),
    ]


def _money(_result: Result, card: Scorecard) -> list[Block]:
    """三、资金使用及管理情况."""
    money = card.budget
    blocks = [
        Block(
            "p",
            f"年初预算{display.wan(money.initial)}万元，全年预算{display.wan(money.adjusted)}万元，"
            f"全年执行{display.wan(money.executed)}万元，预算执行率{display.rate(money.rate)}，"
            f"该项分值{display.weight(money.weight)}分，{got(money.points)}。",
        )
    ]
    by_source = [
        f"{fund.source or '未注明来源'}{display.wan(fund.executed)}万元" for fund in card.project.funds if fund.executed
    ]
    if len(by_source) > 1:
        blocks.append(Block("p", f"按资金来源，全年执行数中：{'；'.join(by_source)}。"))
    reasons = [display.sentence(fund.reason) for fund in card.project.funds if fund.reason]
    return [*blocks, *(Block("p", f"预算调整及执行的说明：{reason}") for reason in dict.fromkeys(reasons))]


def _achieved(_result: Result, card: Scorecard) -> list[Block]:
    """四、绩效目标完成情况."""
    whole = display.sentence(" ".join(card.project.fields.get("总体目标完成情况", "").split()))
    return [
        Block("h3", "（一）总体目标完成情况"),
        *([Block("p", whole)] if whole else []),
        Block("p", f"{len(card.scoring)}项三级指标中，{tally(card.scores)}。"),
        Block("h3", "（二）各项指标完成情况"),
        *(_level(card, level, at) for at, level in enumerate(card.levels, 1)),
    ]


def _level(card: Scorecard, level: LevelScore, at: int) -> Block:
    """One first-level indicator in a paragraph: its points and the rows that fell short."""
    rows = [s for s in card.scoring if s.indicator.level1 == level.name]
    text = f"{at}. {level.name}分值{display.weight(level.weight)}分，{got(level.points)}"
    text += f"，得分率{display.rate(level.completion)}。" if level.points is not None else "。"
    text += f"共{len(rows)}项，{tally(rows)}。"
    missed = [
        f"{display.quoted(s.indicator.level3)}目标为{display.quoted(s.indicator.target.text)}，"
        f"实际为{display.quoted(s.indicator.actual.text)}，"
        f"得{display.points(s.points)}分（分值{display.weight(s.weight)}分）"
        for s in short(rows)[:FEW]
    ]
    return Block("p", text + (f"未完全达到的是：{'；'.join(missed)}。" if missed else ""))


def _conclusion(_result: Result, card: Scorecard) -> list[Block]:
    """五、自评结论."""
    parts = [f"预算执行率{got(card.budget.points)}"]
    parts += [f"{level.name}{got(level.points)}" for level in card.levels]
    text = f"本项目绩效自评{got(card.total)}，其中{'，'.join(parts)}。"
    if card.grade:
        return [Block("p", f"{text}评价等级为“{card.grade}”。")]
    return [
        Block(
            "p",
            f"{text}满分100分中可评分的为{display.weight(card.counted)}分，"
            f"另有{len(unscored(card.scores))}项指标{display.UNSCORED}，评价等级{display.NO_GRADE}。",
        )
    ]


def _deviations(_result: Result, card: Scorecard) -> list[Block]:
    """六、偏差原因分析及存在问题."""
    missed, blank = short(card.scores), unscored(card.scores)
    if not missed and not blank:
        return [Block("p", "各项指标均达到年度指标值，没有需要说明的负偏差。")]
    blocks = [
        Block("p", f"{display.quoted(s.indicator.level3)}：{display.sentence(s.indicator.reason) or '原因未填写。'}")
        for s in missed[:FEW]
    ]
    if len(missed) > FEW:
        blocks.append(Block("p", f"其余{len(missed) - FEW}项的偏差原因见附件3。"))
    return blocks + ([Block("p", f"{names(blank)}{display.UNSCORED}，原因见附件1。")] if blank else [])


def _use(_result: Result, card: Scorecard) -> list[Block]:
    """七、改进措施及结果应用."""
    missed = short(card.scores)
    first = (
        f"针对{names(missed)}未完全达到年度指标值的情况，改进措施与偏差原因一并列于附件3。"
        if missed
        else "本年度没有未达到年度指标值的已评分指标。"
    )
    return [
        Block("p", first),
        Block("p", "自评结果供改进项目管理、编制以后年度预算和核定绩效目标时使用。"),
    ]


def _attachments(result: Result, card: Scorecard) -> list[Block]:
    """八、附件."""
    waived = any(w.diagnostic.project == card.project.id for w in result.waived)
    titles = attachments(result, waived=waived, reviewed=card.review is not None)
    return [Block("p", f"{at}. {title}") for at, title in enumerate(titles, 1)]


def attachments(result: Result, *, waived: bool, reviewed: bool) -> tuple[str, ...]:
    """The titles of the attachments; `waived`: findings were accepted for a reason, which an auditor must see."""
    last = [title for title, there in (("检查豁免清单", waived), ("复核情况表", reviewed)) if there]
    return (result.layout.titles["form"], "评分计算过程", "偏差原因及改进措施", "佐证材料清单", *last)


PROJECT: dict[str, Callable[[Result, Scorecard], list[Block]]] = {
    "项目概况": _background,
    "自评工作开展情况": _work,
    "资金使用及管理情况": _money,
    "绩效目标完成情况": _achieved,
    "自评结论": _conclusion,
    "偏差原因分析及存在问题": _deviations,
    "改进措施及结果应用": _use,
    "附件": _attachments,
}
"""By the words of the outline's heading."""


# ── 部门整体支出绩效自评报告 ──

MANY = 100
"""Projects up to which the report of a unit names each one; beyond, nobody reads the pages of names."""

GRAVEST = 20
"""Projects that it names then."""


def _unit_about(result: Result) -> list[Block]:
    """一、部门(单位)概况."""
    about = result.unit.project.fields.get("项目概况", "") if result.unit else ""
    goal = " ".join(result.unit.project.fields.get("年度总体目标", "").split()) if result.unit else ""
    text = f"{result.evaluation.unit}{result.evaluation.year}年度纳入绩效自评的项目共{len(result.briefs)}个。"
    blocks = [Block("p", display.sentence(about))] if about else []
    blocks += [Block("p", f"年度总体目标：{display.sentence(goal)}")] if goal else []
    return [*blocks, Block("p", text)]


def _unit_money(result: Result) -> list[Block]:
    """二、部门资金收支情况."""
    money = unit_figures(result)
    own = result.unit is not None and bool(result.unit.project.funds)
    whose = "部门整体" if own else f"{len(result.briefs)}个项目合计"
    text = (
        f"{whose}年初预算{display.wan(money.initial)}万元，全年预算{display.wan(money.adjusted)}万元，"
        f"全年执行{display.wan(money.executed)}万元，预算执行率{display.rate(money.rate)}。"
    )
    due = result.rules.execution.reason_below
    low = [brief for brief in result.briefs if brief.budget.rate is not None and brief.budget.rate < due]
    limit = display.rate(due)
    named = low if len(low) <= MANY else sorted(low, key=lambda brief: brief.budget.rate or 0)[:GRAVEST]
    told = display.listed(f"{display.quoted(brief.name)}（{display.rate(brief.budget.rate)}）" for brief in named)
    which = "" if named is low else f"共{len(low)}个，见汇总表；最低的{GRAVEST}个"
    return [Block("p", text), *([Block("p", f"执行率低于{limit}的项目{which}：{told}。")] if low else [])]


def _unit_performance(result: Result) -> list[Block]:
    """三、部门整体绩效分析."""
    briefs = result.briefs
    told = tally_of(sum(b.met for b in briefs), sum(len(b.short) for b in briefs), sum(b.unscored for b in briefs))
    blocks = [Block("p", f"各项目共设置三级指标{sum(b.rows for b in briefs)}项，{told}。")]
    missed = [brief for brief in briefs if brief.short]
    if len(missed) > MANY:
        text = f"有{len(missed)}个项目未完全达到年度指标值，见各项目的报告；其中自评得分最低的{GRAVEST}个如下。"
        blocks.append(Block("p", text))
        missed = sorted(missed, key=lambda brief: brief.total or 0)[:GRAVEST]
    said = (f"{display.quoted(brief.name)}未完全达到年度指标值的是：{quoted(brief.short)}。" for brief in missed)
    return [*blocks, *(Block("p", text) for text in said)]


def _unit_conclusion(result: Result) -> list[Block]:
    """四、评价结论及建议."""
    briefs = result.briefs
    graded = [brief for brief in briefs if brief.grade]
    told = display.listed(
        f"“{grade.name}”{sum(brief.grade == grade.name for brief in graded)}个"
        for grade in result.rules.grades
        if any(brief.grade == grade.name for brief in graded)
    )
    open_ = len(briefs) - len(graded)
    text = f"{len(briefs)}个项目中，" + (f"评价等级为{told}" if told else "尚无项目评定等级")
    text += f"，{display.NO_GRADE}{open_}个。" if open_ and told else "。"
    return [
        Block("p", text),
        Block("p", "建议对未达到年度指标值的指标逐项落实改进措施，并在编制以后年度绩效目标时核定指标值。"),
    ]


UNIT: dict[str, Callable[[Result], list[Block]]] = {
    "部门(单位)概况": _unit_about,
    "部门资金收支情况": _unit_money,
    "部门整体绩效分析": _unit_performance,
    "评价结论及建议": _unit_conclusion,
}
"""By the words of the outline's heading."""
