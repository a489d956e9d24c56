"""What the report of a project says where nobody has written anything: sentences made from the figures alone.

The words are data (`reading.sentences`); nothing is claimed that the data do not show. Each function gives the text of
one heading of the outline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from selfeval.base import display
from selfeval.base.model import FULL_POINTS, Fund, Kind, LevelScore, Score, Scorecard
from selfeval.evaluation.brief import unscored
from selfeval.evaluation.last_year import LastProject
from selfeval.evaluation.result import Result
from selfeval.reading.rooms import ROOMS
from selfeval.reading.sentences import Sentences
from selfeval.report.pages.readable import wan
from selfeval.report.pages.reasons import told_apart
from selfeval.report.pages.row_text import RowText, is_reached, row_text
from selfeval.report.pages.views import Block
from selfeval.rules.profile import Execution
from selfeval.scoring.totals import exact_total, leaves_out

FEW = 12
"""How many indicators a sentence names before it refers to the table."""


# ── Which rows fell short ──


def why_unscored(score: Score) -> str:
    """The reader's or the rule's words for a row without points."""
    spoken = [r.message for r in (*score.readings, *score.indicator.target.readings, *score.indicator.actual.readings)]
    last = score.steps[-1] if score.steps else "缺少计分所需的内容"
    return display.sentence("；".join(dict.fromkeys(m.rstrip("。") for m in spoken if m)) or last)


def got(points: Decimal | None) -> str:
    """得 9.50 分, or 未评分."""
    return display.UNSCORED if points is None else f"得{display.points(points)}分"


def named(scores: Sequence[Score]) -> str:
    """The names of these rows in quotation marks, as many as a sentence bears."""
    return quoted([score.indicator.level3 for score in scores])


def quoted(told: Sequence[str]) -> str:
    """Names in quotation marks, as many as a sentence bears."""
    said = "".join(map(display.quoted, told[:FEW]))
    return said if len(told) <= FEW else f"{said}等{len(told)}项"


def paragraph(text: str) -> list[Block]:
    """A paragraph, none where there is nothing to say."""
    return [Block("p", text)] if text else []


def one_line(text: str) -> str:
    """A text of a cell as a sentence."""
    return display.sentence(" ".join(text.split()))


def rate_said(says: Sentences, rate: Fraction | None, rule: Execution) -> str:
    """预算执行率, with the budget it is set against where that is not the one of the whole year."""
    if rate is None:
        return says.say("rate_none")
    return says.say("rate_initial" if rule.denominator == "initial" else "rate", 执行率=display.short_rate(rate))


class _Writer:
    """What the sentences on one project are made from."""

    def __init__(self, result: Result, card: Scorecard) -> None:
        self.result, self.card, self.says = result, card, result.layout.sentences
        self.fields, self.rules = card.project.fields, result.rules_of(card)
        self.leaves_out = leaves_out(card.budget, card.project.funds)

    def say(self, key: str, count: int | None = None, **values: str) -> str:
        """A sentence of the layout."""
        return self.says.say(key, count, **values)

    def room(self, name: str) -> list[Block]:
        """A text that projects.csv gives under a title of its own."""
        text = one_line(self.fields.get(name, ""))
        return paragraph(self.say(ROOMS[name].sentence, None, **{name: text})) if text else []

    def row(self, score: Score) -> RowText:
        """What is said of a row."""
        return row_text(score, self.rules, self.says)

    @property
    def missed(self) -> list[Score]:
        """Scored rows that did not reach their target, or lost points."""
        return [score for score in self.card.scoring if is_missed(score)]


def is_missed(score: Score) -> bool:
    """Whether a scored row did not reach its target, or lost points."""
    if score.points is None:
        return False
    return not is_reached(score) or (score.weight is not None and score.points < score.weight)


# ── 项目支出绩效自评报告 ──


def _background(w: _Writer) -> list[Block]:
    """一、项目概况."""
    goal = one_line(w.fields.get("年度总体目标", ""))
    counts = [
        w.say("indicators_of", sum(s.indicator.level1 == level.name for s in w.card.scoring), 一级=level.name,
              分值=display.weight(level.weight))
        for level in w.card.levels
    ]  # fmt: skip
    initial = exact_total([fund.initial for fund in w.card.project.funds]) if w.leaves_out else w.card.budget.initial
    granted = w.say("granted", 年度=str(w.result.evaluation.year), 年初预算=wan(initial))
    return [
        Block("h3", "（一）立项及预算批复"),
        *paragraph(display.sentence(w.fields.get("项目概况", ""))),
        Block("p", _about(w) + granted),
        *w.room("立项文号"),
        Block("h3", "（二）绩效目标及指标"),
        *(paragraph(w.say("goal", 目标=goal)) if goal else []),
        Block("p", w.say("indicators", len(w.card.scoring), 分布=display.listed(counts))),
        *_adjustments(w),
    ]


def _about(w: _Writer) -> str:
    """Whose project it is, of what kind, from when to when."""
    unit, department = w.fields.get("实施单位") or w.result.evaluation.unit, w.fields.get("主管部门", "")
    key = "units_alone" if not department else "units_same" if department == unit else "units"
    kind, project = w.fields.get("项目属性", ""), w.card.project
    dates = [display.day(str(day)) for day in (project.start, project.end) if day]
    return w.say(
        "about",
        单位=w.say(key, 实施单位=unit, 主管部门=department),
        属性=w.say("attribute", 项目属性=kind) if kind else "",
        期限=w.say("period", 开始=dates[0], 结束=dates[1]) if len(dates) == 2 else "",
    )


def _adjustments(w: _Writer) -> list[Block]:
    """The targets that were adjusted during the year, where there are any."""
    made = [(s.indicator.level3, s.indicator.adjustment) for s in w.card.scores if s.indicator.adjustment]
    told = [
        w.say("adjusted_target", 指标=name, 原=one.target_before.text, 新=one.target_after.text)
        if one.target_before.text != one.target_after.text
        else w.say(
            "adjusted_weight", 指标=name, 原=display.weight(one.weight_before), 新=display.weight(one.weight_after)
        )
        for name, one in made[:FEW]
    ]
    return paragraph(w.say("adjusted", len(made), 明细="；".join(told))) if made else []


def is_adjusted(card: Scorecard) -> bool:
    """Whether a target counts as it was adjusted during the year."""
    return any(score.indicator.adjustment and score.indicator.adjustment.counts for score in card.scores)


def _work(w: _Writer) -> list[Block]:
    """二、自评工作开展情况."""
    rows = w.card.scoring
    words = sum(s.indicator.target.kind is Kind.QUALITATIVE for s in rows)
    backed = sum(bool(s.indicator.evidence) for s in rows)
    mixed = "kinds_measured" if not words else "kinds_in_words" if words == len(rows) else "kinds"
    kinds = w.say(mixed, 定量=str(len(rows) - words), 定性=str(words))
    proofs = w.say("evidence_all") if backed == len(rows) else w.say("evidence", backed)
    key = "work_adjusted" if is_adjusted(w.card) else "work"
    said = w.say(key, len(rows), 规则=w.rules.title, 构成=kinds, 佐证=proofs)
    return [*w.room("自评过程"), Block("p", said), Block("p", w.say("steps"))]


def _money(w: _Writer) -> list[Block]:
    """三、资金使用及管理情况."""
    money = w.card.budget
    rate = rate_said(w.says, money.rate, w.rules.execution)
    told = {"全年预算": wan(money.adjusted), "调整": _change(w), "全年执行": wan(money.executed), "执行率": rate}
    scored = {"分值": display.weight(money.weight), "得分": got(money.points)}
    said = w.say("money", None, **told, **scored) if money.weight else w.say("money_listed", None, **told)
    said = w.say("money_counted") * w.leaves_out + said
    by_source = [_source(w, fund) for fund in w.card.project.funds if fund.executed]
    reasons = dict.fromkeys(one_line(fund.reason) for fund in w.card.project.funds if fund.reason)
    return [
        *w.room("资金到位"),
        Block("p", said),
        *(paragraph(w.say("sources", 明细="；".join(by_source))) if len(by_source) > 1 else []),
        *(Block("p", w.say("fund_reason", 原因=reason)) for reason in reasons),
        *w.room("组织实施"),
    ]


def _source(w: _Writer, fund: Fund) -> str:
    """What was spent of a source."""
    key = "source_left_out" if w.leaves_out and not w.rules.execution.counts(fund.source) else "source"
    return w.say(key, 来源=fund.source or "未注明来源", 全年执行=wan(fund.executed))


def _change(w: _Writer) -> str:
    """How the year's budget differs from the initial one."""
    money = w.card.budget
    if money.initial is None or money.adjusted is None:
        return w.say("money_unknown", 年初预算=wan(money.initial))
    if money.initial == money.adjusted:
        return w.say("money_same")
    key = "money_raised" if money.adjusted > money.initial else "money_cut"
    return w.say(key, 年初预算=wan(money.initial), 差额=wan(abs(money.adjusted - money.initial)))


def _achieved(w: _Writer) -> list[Block]:
    """四、绩效目标完成情况."""
    whole = one_line(w.card.project.fields.get("总体目标完成情况", ""))
    return [
        Block("h3", "（一）总体目标完成情况"),
        *paragraph(whole),
        Block("p", _tally(w)),
        Block("h3", "（二）各项指标完成情况"),
        *(block for at, level in enumerate(w.card.levels, 1) for block in _level(w, level, at)),
    ]


def _tally(w: _Writer) -> str:
    """达到年度指标值 a 项，未达到 b 项，未评分 c 项."""
    rows = w.card.scoring
    open_ = unscored(rows)
    reached = [s for s in rows if s.points is not None and is_reached(s)]
    if rows and len(reached) == len(rows):
        return w.say("tally_all", len(rows))
    counts = {"reached": len(reached), "missed": len(rows) - len(reached) - len(open_), "unscored": len(open_)}
    return w.say("tally", len(rows), 明细="，".join(filter(None, (w.say(key, n) for key, n in counts.items()))))


def _level(w: _Writer, level: LevelScore, at: int) -> Iterator[Block]:
    """One first-level indicator: its points, then a paragraph for each second level."""
    rate = w.say("level_rate", 得分率=display.short_rate(level.completion)) if level.completion is not None else ""
    yield Block(
        "p",
        w.say(
            "level",
            None,
            序=str(at),
            一级=level.name,
            分值=display.weight(level.weight),
            得分=got(level.points),
            得分率=rate,
        ),
    )
    rows = [s for s in w.card.scoring if s.indicator.level1 == level.name]
    for name in dict.fromkeys(s.indicator.level2 for s in rows):
        said = _rows(w, [s for s in rows if s.indicator.level2 == name])
        yield Block("p", w.say("level2", 二级=name, 明细=said))


def _rows(w: _Writer, rows: Sequence[Score]) -> str:
    """Every row under a 二级指标; of very many those that matter, and how many others there are."""
    if len(rows) <= FEW:
        return "；".join(w.row(s).sentence(w.says) for s in rows)
    told = [s for s in rows if s.points is None or not is_reached(s)][:FEW]
    reached = sum(s.points is not None and is_reached(s) for s in rows)
    others = len(rows) - reached - len(told)
    counts = (w.say("others_reached", reached), w.say("others", others))
    return "；".join(filter(None, (*(w.row(s).sentence(w.says) for s in told), *counts)))


def _conclusion(w: _Writer) -> list[Block]:
    """五、自评结论."""
    card = w.card
    if not card.scoring:
        return [Block("p", _tally(w))]
    whose = w.say("unit_own" if card.project.is_unit else "project_own")
    money = [("预算执行率", card.budget.points)] * bool(card.budget.weight)
    points = [*money, *((level.name, level.points) for level in card.levels)]
    parts = "，".join(w.say("conclusion_part", 部分=name, 得分=got(value)) for name, value in points)
    if card.grade:
        said = w.say("conclusion", None, 范围=whose, 得分=got(card.total), 明细=parts, 等级=card.grade)
    else:
        said = w.say(
            "conclusion_open", None, 范围=whose, 得分=got(card.total), 明细=parts, 满分=display.weight(card.full),
            可评分=display.weight(card.counted), 未评分="，".join(_open(w)),
        )  # fmt: skip
    before = w.result.last_year.of(card.project) if w.result.last_year else None
    return [Block("p", said), *(_compared(w, before) if before else [])]


def _open(w: _Writer) -> Iterator[str]:
    """Why fewer than 100 points could be scored."""
    if w.card.budget.points is None and w.card.budget.weight:
        yield w.say("open_rate")
    if rows := len(unscored(w.card.scores)):
        yield w.say("open_rows", rows)
    if w.card.full < FULL_POINTS:
        yield w.say("open_short")


def _compared(w: _Writer, before: LastProject) -> list[Block]:
    """与上年比较."""
    card, last = w.card, w.result.last_year
    if last is None:
        return []
    grades = {"上年等级": before.grade or display.NO_GRADE, "本年等级": card.grade or display.NO_GRADE}
    if before.total is None or card.total is None or not before.grade or not card.grade:
        words = {"上年得分": got(before.total), "本年得分": got(card.total)}
        return [Block("p", w.say("last_year_open", None, 上年=str(last.year), **words, **grades))]
    gap = card.total - before.total
    change = w.say("score_same" if not gap else "score_up" if gap > 0 else "score_down", 差额=display.points(abs(gap)))
    words = {"上年得分": display.points(before.total), "本年得分": display.points(card.total), "变化": change}
    said = w.say("last_year", None, 上年=str(last.year), **words, **grades)
    if before.rate is not None and card.budget.rate is not None:
        rates = {
            "上年执行率": display.short_rate(Fraction(before.rate)),
            "本年执行率": display.short_rate(card.budget.rate),
        }
        said += w.say("last_year_rate", None, **rates)
    if last.rules != w.rules.id:
        said += w.say("last_year_rules", 上年规则=last.rules, 本年规则=w.rules.id)
    elif last.changed:
        then, now = (f"{last.rules} {year}年度" for year in (last.year, w.result.evaluation.year))
        said += w.say("last_year_rules", 上年规则=then, 本年规则=now)
    return [Block("p", said)]


def _deviations(w: _Writer) -> list[Block]:
    """六、偏差原因分析及存在问题."""
    missed, blank = w.missed, unscored(w.card.scores)
    explained = [s for s in w.card.scoring if s.points is not None and not is_missed(s) and s.indicator.reason.strip()]
    if not missed and not blank and not explained:
        return [Block("p", w.say("no_deviation") if w.card.scoring else _tally(w))]
    blocks = [_cause(w, s) for s in missed[:FEW]]
    blocks += paragraph(w.say("causes_more", len(missed) - FEW)) if len(missed) > FEW else []
    blocks += [_explained(w, s) for s in explained[:FEW]]
    return blocks + (paragraph(w.say("open_named", 指标=named(blank))) if blank else [])


def _cause(w: _Writer, score: Score) -> Block:
    """Why a row fell short."""
    reason = told_apart(score.indicator.reason, w.result.evaluation.year)
    key = "cause" if reason.cause else "cause_none"
    return Block("p", w.say(key, None, **_words(w, score), 原因=display.sentence(reason.cause.rstrip("；;"))))


def _explained(w: _Writer, score: Score) -> Block:
    """What is said of a row that reached its target."""
    reason = told_apart(score.indicator.reason, w.result.evaluation.year)
    said = reason.cause or reason.measure
    return Block("p", w.say("explained", None, **_words(w, score), 原因=display.sentence(said.rstrip("；;"))))


def _words(w: _Writer, score: Score) -> dict[str, str]:
    """The name of a row, how far it came, its points."""
    row = w.row(score)
    points = row.points if is_reached(score) or not row.verdict else ""  # a shortfall was told with its points above
    said = f"{row.verdict}{points}".lstrip("，")
    return {"指标": row.name, "评价": said}


def _use(w: _Writer) -> list[Block]:
    """七、改进措施及结果应用."""
    scored = [s for s in w.card.scoring if s.points is not None]
    told = [(s, told_apart(s.indicator.reason, w.result.evaluation.year)) for s in scored]
    with_measures = [(s, one.measure) for s, one in told if one.measure and (one.cause or is_missed(s))]
    without = [s for s, one in told if is_missed(s) and not one.measure]
    blocks = [
        Block("p", w.say("measure", 指标=w.row(s).name, 措施=display.sentence(said.rstrip("；;"))))
        for s, said in with_measures[:FEW]
    ]
    blocks += paragraph(w.say("measures_more", len(with_measures) - FEW)) if len(with_measures) > FEW else []
    blocks += paragraph(w.say("measures_none", 指标=named(without))) if without else []
    rooms = [block for name in ("上年整改", "经验做法") for block in w.room(name)]
    return [*blocks, *rooms, Block("p", w.say("use")), *w.room("结果公开")]


def _attachments(w: _Writer) -> list[Block]:
    """八、附件."""
    waived = any(one.diagnostic.project == w.card.project.id for one in w.result.waived)
    titles = attachments(w.result, waived=waived, reviewed=w.card.review is not None)
    return [Block("p", f"{at}. {title}") for at, title in enumerate(titles, 1)]


def attachments(result: Result, *, waived: bool, reviewed: bool) -> tuple[str, ...]:
    """The titles of the attachments; `waived`: findings were accepted for a reason, which an auditor must see."""
    last = [title for title, there in (("检查豁免清单", waived), ("复核情况表", reviewed)) if there]
    return (result.layout.titles["form"], "评分计算过程", "偏差原因及改进措施", "佐证材料清单", *last)


_SECTIONS: dict[str, Callable[[_Writer], list[Block]]] = {
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


def project_sections(result: Result, card: Scorecard) -> dict[str, tuple[Block, ...]]:
    """What stands under each heading where nobody has written."""
    writer = _Writer(result, card)
    return {title: tuple(write(writer)) for title, write in _SECTIONS.items()}


def rooms_beside(result: Result, card: Scorecard, section: str, written: str) -> Iterable[str]:
    """What projects.csv gives for rooms of a section that somebody has written, and that does not stand in it yet."""
    writer = _Writer(result, card)
    for name, room in ROOMS.items():
        text = " ".join(card.project.fields.get(name, "").split())
        if room.section == section and text and text.rstrip("。") not in " ".join(written.split()):
            yield from (block.text for block in writer.room(name))
