"""A comparison in words: sections of items with their figures before and after. Text and page print the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selfeval import display
from selfeval.comparing.changes import Cause, Comparison, Lean, ProjectChange, RowChange
from selfeval.comparing.matching import How, Pair
from selfeval.exact import fixed
from selfeval.listing import visible
from selfeval.model import LevelScore, Score, Scorecard
from selfeval.scoring import TIER_WORDS
from selfeval.submissions import KINDS, Submission
from selfeval.views import Stamp

CAUSES = {
    Cause.FACT: "完成值变化",
    Cause.TIER: "完成档次变化",
    Cause.TARGET: "目标变化",
    Cause.WEIGHT: "分值变化",
    Cause.RULE: "评分规则或公式变化",
    Cause.SELF: "自评得分的取舍变化",
    Cause.OTHER: "其他（项目起止日期、规则数值或程序版本）",
}
EMPTY = "（空）"
HOW = {How.KEY: "编号相同", How.NAME: "名称相同", How.GUESS: "名称相近，系推定"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure before and after; `new` None: there is only one."""

    label: str
    old: str
    new: str | None = None

    @property
    def changed(self) -> bool:
        """Whether there are two that differ."""
        return self.new is not None and self.new != self.old

    def __str__(self) -> str:
        """As part of a line."""
        return f"{self.label} {self.old} → {self.new}" if self.changed else f"{self.label} {self.old}"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a section: what it is about, its figures, a remark."""

    project: str
    name: str
    facts: tuple[Fact, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Items of one kind; `hint` says what they are."""

    id: str
    title: str
    items: tuple[Item, ...]
    hint: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns of a table of the items."""
        return tuple(dict.fromkeys(fact.label for item in self.items for fact in item.facts))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: which it is and what it is."""

    word: str
    title: str
    about: str


@dataclass(frozen=True, slots=True)
class Told:
    """The whole comparison in words. `counts`: the figures at its head. `marks`: what is printed across it."""

    title: str
    sides: tuple[Side, Side]
    notes: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    marks: Stamp


def told(comparison: Comparison) -> Told:
    """Everything, the lowered targets first; sections without an item are left out."""
    made = [section for make in SECTIONS if (section := make(comparison)).items]
    kind = "逐年比较" if comparison.yearly else "两次提交的比较"
    demo = comparison.old.demo or comparison.new.demo
    return Told(
        f"{comparison.new.unit} · {kind}",
        (_side("旧", comparison.old), _side("新", comparison.new)),
        comparison.notes,
        tuple(_counts(comparison)),
        tuple(made),
        Stamp(("演示数据",) if demo else ()),
    )


def _side(word: str, side: Submission) -> Side:
    title = f"{side.id}（{side.year} 年度）"
    projects = sum(not card.project.is_unit for card in side.cards)
    return Side(word, title, f"{KINDS[side.kind]} {side.path}，{projects} 个项目，规则 {side.rules}")


def _counts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """How much changed, in one glance."""
    rows = [row for _, row in comparison.rows]
    yield "下调目标", str(sum(row.lean is Lean.LOWERED for row in rows))
    yield "新增、取消指标", f"{sum(row.pair.old is None for row in rows)}、{sum(row.pair.new is None for row in rows)}"
    yield "完成值变化", str(sum(row.actual_changed for row in rows))
    yield "得分变化", str(sum(row.moved for row in rows))


# ── Sections ──


def lowered(comparison: Comparison) -> Section:
    """What is named first."""
    hint = "比原来容易达到：数值放低（或上限放宽）、期限推后、改为不可衡量。"
    return _targets("lowered", "下调的目标", hint, comparison, Lean.LOWERED)


def raised(comparison: Comparison) -> Section:
    """Harder to reach."""
    return _targets("raised", "提高的目标", "", comparison, Lean.RAISED)


def changed(comparison: Comparison) -> Section:
    """Other, neither easier nor harder as far as can be said."""
    return _targets("changed", "改动的目标", "不能判断是提高还是下调。", comparison, Lean.CHANGED)


def reworded(comparison: Comparison) -> Section:
    """Names and words that changed, the target being the same."""
    items = []
    for project, row in comparison.rows:
        words = row.lean is Lean.REWORDED and row.pair.old and row.pair.new
        facts = [
            *([_names(row)] if row.renamed else []),
            *([_target(row)] if words else []),
        ]
        if facts:
            items.append(Item(_number(project), _name(row), tuple(facts)))
    return Section("reworded", "改了文字的指标", tuple(items), "指标或目标换了说法，读出的目标没有变。")


def _targets(id_: str, title: str, hint: str, comparison: Comparison, leaning: Lean) -> Section:
    items = tuple(
        Item(_number(project), _name(row), (_target(row), _actual(row), _points(row)))
        for project, row in comparison.rows
        if row.lean is leaning and row.pair.old and row.pair.new
    )
    return Section(id_, title, items, hint)


def added(comparison: Comparison) -> Section:
    """Indicators, and whole projects, that were not there before."""
    return _one_sided("added", "新增的项目和指标", comparison, new=True)


def dropped(comparison: Comparison) -> Section:
    """Indicators, and whole projects, that are gone."""
    return _one_sided("dropped", "取消的项目和指标", comparison, new=False)


def _one_sided(id_: str, title: str, comparison: Comparison, *, new: bool) -> Section:
    items = []
    for project in comparison.projects:
        if _alone(project.pair, new=new):
            card = project.card
            total = Fact("总分", display.points(card.total)), Fact("指标", f"{len(card.scores)} 个")
            items.append(Item(card.project.id, f"{card.project.name}（整个项目）", total))
        items += [
            Item(_number(project), _name(row), (_target(row), _weight(row), _points(row)))
            for row in project.rows
            if _alone(row.pair, new=new)
        ]
    return Section(id_, title, tuple(items))


def _alone(pair: Pair[Score] | Pair[Scorecard], *, new: bool) -> bool:
    """Whether there is only the new side, or only the old one."""
    return (pair.old is None) if new else (pair.new is None)


def actuals(comparison: Comparison) -> Section:
    """Actuals that are others than before."""
    items = tuple(
        Item(_number(project), _name(row), (_actual(row), _target(row), _points(row)))
        for project, row in comparison.rows
        if row.actual_changed
    )
    return Section("actuals", "完成值的变化", items)


def scores(comparison: Comparison) -> Section:
    """Points that moved, and why."""
    items = tuple(
        Item(_number(project), _name(row), (_points(row), _step(row)), _why(row))
        for project, row in comparison.rows
        if row.moved
    )
    return Section("scores", "得分的变化及原因", items)


def weights(comparison: Comparison) -> Section:
    """分值 that are others than before."""
    items = tuple(
        Item(_number(project), _name(row), (_weight(row), _points(row)))
        for project, row in comparison.rows
        if row.weight_changed
    )
    return Section("weights", "分值的变化", items)


def totals(comparison: Comparison) -> Section:
    """Totals and grades; over the years those of every project, else those that changed."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None or not (comparison.yearly or (old.total, old.grade) != (new.total, new.grade)):
            continue
        facts = (
            Fact("总分", display.points(old.total), display.points(new.total)),
            Fact("变化", _difference(old.total, new.total)),
            Fact("等级", old.grade or display.NO_GRADE, new.grade or display.NO_GRADE),
        )
        items.append(Item(_number(project), new.project.name, facts))
    return Section("totals", "总分和等级" if not comparison.yearly else "各项目逐年得分", tuple(items))


def levels(comparison: Comparison) -> Section:
    """得分率 of 预算执行 and of every first level."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None:
            continue
        facts = [_budget_rate(old, new), *(_level(pair) for pair in project.levels)]
        if comparison.yearly or any(fact.changed for fact in facts):
            items.append(Item(_number(project), new.project.name, tuple(facts)))
    return Section("levels", "各部分得分率", tuple(items), "得分 ÷ 分值。")


def budgets(comparison: Comparison) -> Section:
    """Money that is other than before, in 万元."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None:
            continue
        facts = (
            Fact("年初预算数", display.wan(old.budget.initial), display.wan(new.budget.initial)),
            Fact("全年预算数", display.wan(old.budget.adjusted), display.wan(new.budget.adjusted)),
            Fact("全年执行数", display.wan(old.budget.executed), display.wan(new.budget.executed)),
            Fact("执行率", display.rate(old.budget.rate), display.rate(new.budget.rate)),
            Fact("得分", display.points(old.budget.points), display.points(new.budget.points)),
        )
        if any(fact.changed for fact in facts):
            items.append(Item(_number(project), new.project.name, facts))
    return Section("budgets", "预算和执行的变化（万元）", tuple(items))


def below(comparison: Comparison) -> Section:
    """Over the years: targets below what was already done."""
    items = tuple(
        Item(_number(project), _name(row), (_last_done(row), _new_target(row), _points(row)))
        for project, row in comparison.rows
        if row.below
    )
    return Section("below", "目标低于上年实际", items, "上年已经做到的，今年的目标反而更低。")


def reasons(comparison: Comparison) -> Section:
    """Over the years: the same reasons given again."""
    items = tuple(
        Item(_number(project), _name(row), (_points(row),), row.pair.new.indicator.reason)
        for project, row in comparison.rows
        if row.repeated and row.pair.new
    )
    return Section("reasons", "雷同的偏差原因", items, "与上年写的原因几乎一字不差。")


def carried(comparison: Comparison) -> Section:
    """Over the years: the indicators that went on, with their points for each."""
    items = tuple(
        Item(_number(project), _name(row), (_target(row), _actual(row), _rate(row)))
        for project, row in comparison.rows
        if comparison.yearly and row.pair.old and row.pair.new
    )
    return Section("carried", "延续的指标", items)


def guesses(comparison: Comparison) -> Section:
    """What was taken for the same though its key is another."""
    items = []
    for project in comparison.projects:
        old, new, how = project.pair.old, project.pair.new, project.pair.how
        if old and new and (how is not How.KEY or old.project.name != new.project.name):
            fact = Fact("项目", f"{old.project.id} {old.project.name}", f"{new.project.id} {new.project.name}")
            items.append(Item(_number(project), new.project.name, (fact,), _how(project.pair)))
        items += [
            Item(_number(project), _name(row), (_names(row),), _how(row.pair))
            for row in project.rows
            if row.pair.old and row.pair.new and row.pair.how is not How.KEY
        ]
    return Section("guesses", "怎样认出是同一个", tuple(items), "编号不同，按名称对应；名称相近的请核对。")


SECTIONS: tuple[Callable[[Comparison], Section], ...] = (
    lowered, totals, added, dropped, raised, changed, reworded, actuals, scores, weights, budgets, levels, below,
    reasons, carried, guesses,
)  # fmt: skip
"""In the order of the page."""


# ── Pieces ──


def _number(project: ProjectChange) -> str:
    return project.card.project.id


def _name(row: RowChange) -> str:
    """二级/三级, as the newer side calls it."""
    score = row.pair.new or row.pair.old
    return f"{score.indicator.level2}/{score.indicator.level3}" if score else ""


def _both(row: RowChange, label: str, text: Callable[[Score], str]) -> Fact:
    """A figure of both sides, or of the one there is."""
    return Fact(label, *(text(score) for score in (row.pair.old, row.pair.new) if score))


def _names(row: RowChange) -> Fact:
    return _both(row, "名称", lambda score: f"{score.indicator.level2}/{score.indicator.level3}")


def _target(row: RowChange) -> Fact:
    return _both(row, "指标值", lambda score: display.target(score.indicator.target) or EMPTY)


def _actual(row: RowChange) -> Fact:
    return _both(row, "完成值", _done)


def _done(score: Score) -> str:
    """实际完成值 with its tier, where the words are not the tier's own."""
    actual = score.indicator.actual
    tier = TIER_WORDS[actual.tier] if actual.tier and actual.tier.value and not actual.date else ""
    return (
        f"{actual.text}（{tier}）" if tier and actual.text and tier not in actual.text else actual.text or tier or EMPTY
    )


def _weight(row: RowChange) -> Fact:
    return _both(row, "分值", lambda score: display.weight(score.weight))


def _points(row: RowChange) -> Fact:
    return _both(row, "得分", lambda score: display.points(score.points))


def _rate(row: RowChange) -> Fact:
    return _both(row, "完成率", lambda score: display.rate(score.completion))


def _last_done(row: RowChange) -> Fact:
    return Fact("上年实际", row.pair.old.indicator.actual.text if row.pair.old else "")


def _new_target(row: RowChange) -> Fact:
    return Fact("今年目标", display.target(row.pair.new.indicator.target) if row.pair.new else "")


def _step(row: RowChange) -> Fact:
    old, new = row.pair.old, row.pair.new
    return Fact("变化", _difference(old.points, new.points) if old and new else display.DASH)


def _why(row: RowChange) -> str:
    """The causes; where the weight is one of several, what it alone comes to."""
    text = "、".join(CAUSES[cause] for cause in row.causes)
    return text if row.by_weight is None else f"{text}（其中分值变化 {_signed(row.by_weight)}）"


def _how(pair: Pair[Score] | Pair[Scorecard]) -> str:
    return f"{HOW[pair.how]}（相似度 {fixed(pair.likeness, 2)}）" if pair.how is How.GUESS else HOW[pair.how]


def _level(pair: Pair[LevelScore]) -> Fact:
    name = "".join(dict.fromkeys(side.name for side in (pair.old, pair.new) if side))
    return Fact(name, *(display.rate(side.completion) if side else "无" for side in (pair.old, pair.new)))


def _budget_rate(old: Scorecard, new: Scorecard) -> Fact:
    return Fact("预算执行", *(display.rate(_part(card)) for card in (old, new)))


def _part(card: Scorecard) -> Fraction | None:
    budget = card.budget
    return None if budget.points is None or not budget.weight else Fraction(budget.points) / Fraction(budget.weight)


def _difference(old: Decimal | None, new: Decimal | None) -> str:
    return display.DASH if old is None or new is None else _signed(new - old)


def _signed(number: Decimal) -> str:
    text = fixed(number, 2)
    return f"+{text}" if number > 0 else text


# ── As text ──


def as_text(comparison: Comparison) -> str:
    """For a terminal."""
    return visible_lines(_lines(told(comparison)))


def visible_lines(lines: Iterator[str]) -> str:
    """Lines without what steers a terminal."""
    return "\n".join(visible(line) for line in lines)


def _lines(page: Told) -> Iterator[str]:
    yield page.title + "".join(f"　{mark}" for mark in page.marks.words)
    yield from (f"  {side.word}　{side.title}　{side.about}" for side in page.sides)
    yield from (f"  注意　{note}" for note in page.notes)
    yield "  " + "　".join(f"{label} {number}" for label, number in page.counts)
    if not page.sections:
        yield "没有变化。"
    for section in page.sections:
        yield ""
        yield f"{section.title}（{len(section.items)}）"
        for item in section.items:
            yield f"  {item.project} {item.name}：" + "；".join(map(str, item.facts))
            if item.remark:
                yield f"      {item.remark}"
