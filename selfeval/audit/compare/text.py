"""A comparison in words: sections of items with their figures before and after. Text and page print the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from selfeval.audit.compare import figures
from selfeval.audit.compare.diff import Comparison, RowChange, TargetChange
from selfeval.audit.compare.figures import ComparedFigure, name_of, number_of
from selfeval.audit.compare.match import How, MatchedPair
from selfeval.audit.submissions import KINDS, Submission
from selfeval.base import display
from selfeval.base.model import Score, Scorecard
from selfeval.base.phrases import CHINESE, joined, phrase, said
from selfeval.base.text import visible
from selfeval.report.pages.views import Stamp


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a section: what it is about, its figures, a remark."""

    project: str
    name: str
    facts: tuple[ComparedFigure, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSection:
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
class ChangeText:
    """The whole comparison in words. `counts`: the figures at its head. `marks`: what is printed across it."""

    title: str
    sides: tuple[Side, Side]
    notes: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    sections: tuple[ChangeSection, ...]
    marks: Stamp


def told(comparison: Comparison) -> ChangeText:
    """Everything, the lowered targets first; sections without an item are left out."""
    sections = [section for make in SECTIONS if (section := make(comparison)).items]
    kind = phrase("逐年比较") if comparison.yearly else phrase("两次提交的比较")
    demo = comparison.old.demo or comparison.new.demo
    return ChangeText(
        joined((comparison.new.unit, " · ", kind)),
        (_side(phrase("旧"), comparison.old), _side(phrase("新"), comparison.new)),
        comparison.notes,
        tuple(_counts(comparison)),
        tuple(sections),
        Stamp((phrase("演示数据"),) if demo else ()),
    )


def _side(word: str, side: Submission) -> Side:
    title = phrase("{id}（{year} 年度）", id=side.id, year=side.year)
    projects = sum(not card.project.is_unit for card in side.cards)
    return Side(
        word,
        title,
        phrase(
            "{kind:_} {path}，{projects} 个项目，规则 {rules}",
            kind=KINDS[side.kind],
            path=side.path,
            projects=projects,
            rules=side.rules,
        ),
    )


def _counts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """How much changed, in one glance."""
    rows = [row for _, row in comparison.rows]
    yield phrase("下调目标"), str(sum(row.lean is TargetChange.LOWERED for row in rows))
    yield (
        phrase("新增、取消指标"),
        joined((sum(row.pair.old is None for row in rows), sum(row.pair.new is None for row in rows)), "、"),
    )
    yield phrase("完成值变化"), str(sum(row.actual_changed for row in rows))
    yield phrase("得分变化"), str(sum(row.moved for row in rows))


# ── Sections ──


def of_rows(  # noqa: PLR0913, PLR0917 - a section is told once, with all there is to say
    id_: str,
    title: str,
    chosen: Callable[[RowChange], object],
    facts: Sequence[Callable[[RowChange], ComparedFigure]],
    hint: str = "",
    remark: Callable[[RowChange], str] = lambda _: "",
) -> Callable[[Comparison], ChangeSection]:
    """A section with an item for every row that is chosen."""

    def made(comparison: Comparison) -> ChangeSection:
        items = (
            Item(number_of(project), name_of(row), tuple(fact(row) for fact in facts), remark(row))
            for project, row in comparison.rows
            if chosen(row)
        )
        return ChangeSection(id_, title, tuple(items), hint)

    return made


def reworded(comparison: Comparison) -> ChangeSection:
    """Names and words that changed, the target being the same."""
    items = []
    for project, row in comparison.rows:
        facts = [
            *([figures.names(row)] if row.renamed else []),
            *([figures.target(row)] if row.lean is TargetChange.REWORDED else []),
        ]
        if facts:
            items.append(Item(number_of(project), name_of(row), tuple(facts)))
    return ChangeSection(
        "reworded", phrase("改了文字的指标"), tuple(items), phrase("指标或目标换了说法，读出的目标没有变。")
    )


def added(comparison: Comparison) -> ChangeSection:
    """Indicators, and whole projects, that were not there before."""
    return _one_sided("added", phrase("新增的项目和指标"), comparison, new=True)


def dropped(comparison: Comparison) -> ChangeSection:
    """Indicators, and whole projects, that are gone."""
    return _one_sided("dropped", phrase("取消的项目和指标"), comparison, new=False)


def _one_sided(id_: str, title: str, comparison: Comparison, *, new: bool) -> ChangeSection:
    items = []
    for project in comparison.projects:
        if _alone(project.pair, new=new):
            card = project.card
            total = (
                ComparedFigure(phrase("总分"), display.points(card.total)),
                ComparedFigure(phrase("指标"), phrase("{count} 个", count=len(card.scores))),
            )
            items.append(Item(card.project.id, phrase("{name}（整个项目）", name=card.project.name), total))
        items += [
            Item(
                number_of(project),
                name_of(row),
                (figures.target(row), figures.weight(row), figures.points(row)),
            )
            for row in project.rows
            if _alone(row.pair, new=new)
        ]
    return ChangeSection(id_, title, tuple(items))


def _alone(pair: MatchedPair[Score] | MatchedPair[Scorecard], *, new: bool) -> bool:
    """Whether there is only the new side, or only the old one."""
    return (pair.old is None) if new else (pair.new is None)


def totals(comparison: Comparison) -> ChangeSection:
    """Totals and grades; over the years those of every project, else those that changed."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None or not (comparison.yearly or _result(old) != _result(new)):
            continue
        facts = (
            ComparedFigure(phrase("总分"), display.points(old.total), display.points(new.total)),
            ComparedFigure(phrase("变化"), figures.difference(old.total, new.total)),
            ComparedFigure(phrase("等级"), _grade(old), _grade(new)),
            *figures.reviewed_total(old, new),
        )
        items.append(Item(number_of(project), new.project.name, facts))
    return ChangeSection(
        "totals", phrase("总分和等级") if not comparison.yearly else phrase("各项目逐年得分"), tuple(items)
    )


def _grade(card: Scorecard) -> str:
    return phrase("{grade:_}", grade=card.grade) if card.grade else display.NO_GRADE


def _result(card: Scorecard) -> tuple[object, ...]:
    return card.total, card.grade, card.review


def levels(comparison: Comparison) -> ChangeSection:
    """得分率 of 预算执行 and of every first level."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None:
            continue
        facts = [figures.budget_rate(old, new), *(figures.level(pair) for pair in project.levels)]
        if comparison.yearly or any(fact.changed for fact in facts):
            items.append(Item(number_of(project), new.project.name, tuple(facts)))
    return ChangeSection("levels", phrase("各部分得分率"), tuple(items), phrase("得分 ÷ 分值。"))


def budgets(comparison: Comparison) -> ChangeSection:
    """Money that is other than before, in 万元."""
    items = []
    for project in comparison.projects:
        old, new = project.pair.old, project.pair.new
        if old is None or new is None:
            continue
        facts = (
            ComparedFigure(phrase("年初预算数"), display.wan(old.budget.initial), display.wan(new.budget.initial)),
            ComparedFigure(phrase("全年预算数"), display.wan(old.budget.adjusted), display.wan(new.budget.adjusted)),
            ComparedFigure(phrase("全年执行数"), display.wan(old.budget.executed), display.wan(new.budget.executed)),
            ComparedFigure(phrase("执行率"), display.rate(old.budget.rate), display.rate(new.budget.rate)),
            ComparedFigure(phrase("得分"), display.points(old.budget.points), display.points(new.budget.points)),
        )
        if any(fact.changed for fact in facts):
            items.append(Item(number_of(project), new.project.name, facts))
    return ChangeSection("budgets", phrase("预算和执行的变化（万元）"), tuple(items))


def carried(comparison: Comparison) -> ChangeSection:
    """Over the years: the indicators that went on."""
    facts = (figures.target, figures.actual, figures.rate)
    section = of_rows("carried", phrase("延续的指标"), lambda row: comparison.yearly and row.kept, facts)
    return section(comparison)


def guesses(comparison: Comparison) -> ChangeSection:
    """What was taken for the same though its key is another."""
    items = []
    for project in comparison.projects:
        old, new, how = project.pair.old, project.pair.new, project.pair.how
        if old and new and (how is not How.KEY or old.project.name != new.project.name):
            fact = ComparedFigure(
                phrase("项目"), f"{old.project.id} {old.project.name}", f"{new.project.id} {new.project.name}"
            )
            items.append(Item(number_of(project), new.project.name, (fact,), figures.how(project.pair)))
        items += [
            Item(number_of(project), name_of(row), (figures.names(row),), figures.how(row.pair))
            for row in project.rows
            if row.kept and row.pair.how is not How.KEY
        ]
    return ChangeSection(
        "guesses", phrase("怎样认出是同一个"), tuple(items), phrase("编号不同，按名称对应；名称相近的请核对。")
    )


TARGET_ROW = (figures.target, figures.actual, figures.points)
SECTIONS: tuple[Callable[[Comparison], ChangeSection], ...] = (
    of_rows(
        "lowered",
        phrase("下调的目标"),
        lambda row: row.lean is TargetChange.LOWERED,
        TARGET_ROW,
        phrase("比原来容易达到：数值放低（或上限放宽）、期限推后、改为不可衡量。"),
    ),
    totals,
    added,
    dropped,
    of_rows("raised", phrase("提高的目标"), lambda row: row.lean is TargetChange.RAISED, TARGET_ROW),
    of_rows(
        "changed",
        phrase("改动的目标"),
        lambda row: row.lean is TargetChange.CHANGED,
        TARGET_ROW,
        phrase("不能判断是提高还是下调。"),
    ),
    reworded,
    of_rows(
        "actuals",
        phrase("完成值的变化"),
        lambda row: row.actual_changed,
        (figures.actual, figures.target, figures.points),
    ),
    of_rows(
        "scores", phrase("得分的变化及原因"), lambda row: row.moved, (figures.points, figures.step), remark=figures.why
    ),
    of_rows(
        "reviews",
        phrase("复核"),
        lambda row: row.reviewed,
        (figures.points, figures.seen, figures.awarded),
        phrase("得分为自评得分；复核得分由复核人评定。"),
        figures.said,
    ),
    of_rows("weights", phrase("分值的变化"), lambda row: row.weight_changed, (figures.weight, figures.points)),
    budgets,
    levels,
    of_rows(
        "below",
        phrase("目标低于上年实际"),
        lambda row: row.below,
        (figures.last_done, figures.new_target, figures.points),
        phrase("上年已经做到的，今年的目标反而更低。"),
    ),
    of_rows(
        "reasons",
        phrase("雷同的偏差原因"),
        lambda row: row.repeated,
        (figures.points,),
        phrase("与上年写的原因几乎一字不差。"),
        figures.reason,
    ),
    carried,
    guesses,
)
"""In the order of the page."""


# ── As text ──


def as_text(comparison: Comparison, language: str = CHINESE) -> str:
    """For a terminal."""
    return "\n".join(visible(said(line, language)) for line in _lines(told(comparison)))


def _lines(page: ChangeText) -> Iterator[str]:
    yield joined((page.title, *page.marks.words), "　")
    yield from (joined(("  ", joined((side.word, side.title, side.about), "　"))) for side in page.sides)
    yield from (phrase("  注意　{note}", note=note) for note in page.notes)
    yield joined(("  ", joined((joined(count, " ") for count in page.counts), "　")))
    if not page.sections:
        yield phrase("没有变化。")
    for section in page.sections:
        yield ""
        yield phrase("{title}（{count}）", title=section.title, count=len(section.items))
        for item in section.items:
            facts = tuple(map(str, item.facts))
            yield phrase("  {project} {name}：{facts:；}", project=item.project, name=item.name, facts=facts)
            if item.remark:
                yield joined(("      ", item.remark))
