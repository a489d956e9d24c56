"""Values put into the narrative by name, so that prose and table cannot disagree.

`{{ 总分 }}`, `{{ 一级得分("产出指标") }}` and `{{ 指标("热线故障率").实际 }}` are all there is: names looked up, never
a formula, never a template. A value is put in as plain words, whatever stands in it; it is not looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from selfeval.base import display
from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.model import BudgetScore, Place, Score, Scorecard
from selfeval.base.remarks import Reading, reading
from selfeval.reading.narrative import UNIT
from selfeval.rules.profile import Rules
from selfeval.scoring.totals import Figures, figures, sums

MENTION = re.compile(r"\{\{(.{0,200}?)\}\}")
_QUOTES = "\"'“”‘’「」"
_FORM = re.compile(
    rf"\s*+(?P<name>\w{{1,20}})\s*+(?:[(（]\s*+[{_QUOTES}](?P<of>[^{_QUOTES}]{{1,120}})[{_QUOTES}]\s*+[)）])?"
    r"\s*+(?:[.．]\s*+(?P<part>\w{1,10}))?\s*+"
)
_NEARLY = re.compile(
    r"\{\{|\}\}|｛｛|｝｝|\{%|%\}|[{｛\[]{1,2}\s*(?:总分|等级|执行率|年初预算|全年预算|全年执行|(?:指标|一级得分)[(（].{1,40}?)\s*[}｝\]]{1,2}(?!\()"
)
"""What was to be a name, in other brackets or with one of them missing."""
_BRACES = re.compile(r"[{}｛｝\[]")
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_OPENING = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=](?:[-+=\s]|$)))(.)")
"""What would begin a list, or underline a heading, at the start of a line."""

NAMES: dict[str, Callable[[Figures], str]] = {
    "执行率": lambda money: display.rate(money.rate),
    "年初预算": lambda money: display.wan(money.initial),
    "全年预算": lambda money: display.wan(money.adjusted),
    "全年执行": lambda money: display.wan(money.executed),
}
"""Money in 万元 and the rate of execution, of a project or of the unit."""

SCORED: dict[str, Callable[[Scorecard], str]] = {
    "总分": lambda card: display.points(card.total),
    "等级": lambda card: card.grade or display.NO_GRADE,
}
PARTS: dict[str, Callable[[Score], str]] = {
    "目标": lambda score: score.indicator.target.text or display.NOT_FILLED,
    "实际": lambda score: score.indicator.actual.text or display.NOT_FILLED,
    "得分": lambda score: display.points(score.points),
    "分值": lambda score: display.weight(score.weight),
    "完成率": lambda score: display.rate(score.completion),
}
"""What can be said of an indicator."""


@dataclass(frozen=True, slots=True)
class MentionedSubject:
    """Whom a narrative is about: its money, and its scorecard where it has one."""

    money: Figures
    card: Scorecard | None


def told(text: str, money: Figures, card: Scorecard | None) -> str:
    """A layout's own text with its values in, about a project or the unit."""
    return fill(text, MentionedSubject(money, card), "", None)[0]


class UnknownError(ValueError):
    """A name that gives no value. The remark says why."""

    def __init__(self, remark: Reading) -> None:
        super().__init__(remark.message)
        self.remark = remark


def filled(
    folder: str, narratives: Mapping[str, str], cards: Iterable[Scorecard], rules: Rules
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """All narratives with their values in, and N008 for every name that gives none (it is left as it stands).

    `folder` is the evaluation's name; `cards` those of the projects and, where there is one, of the unit.
    """
    listed = list(cards)
    unit = next((c for c in listed if c.project.is_unit), None)
    budgets = [c.budget for c in listed if not c.project.is_unit]
    subjects = {UNIT: unit_subject(unit, budgets, rules)} if UNIT in narratives else {}
    subjects |= {c.project.id: MentionedSubject(figures(c.budget), c) for c in listed if not c.project.is_unit}
    texts: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for id_, text in narratives.items():
        texts[id_] = text
        if id_ in subjects:
            file = f"{folder}/narrative/{id_}.md"
            texts[id_], wrong = fill(text, subjects[id_], file, None if id_ == UNIT else id_)
            findings += wrong
    return texts, tuple(findings)


def unit_subject(own: Scorecard | None, budgets: Sequence[BudgetScore], rules: Rules) -> MentionedSubject:
    """The unit: its own budget where it has one, else the sums of its projects' `budgets`."""
    if own is not None and own.project.funds:
        return MentionedSubject(figures(own.budget), own)
    return MentionedSubject(sums(budgets, rules), own)


def names_values(text: str) -> bool:
    """Whether a narrative may name a value."""
    return bool(_BRACES.search(text))


def fill(text: str, subject: MentionedSubject, file: str, project: str | None) -> tuple[str, list[Diagnostic]]:
    """One narrative with its values in."""
    if not names_values(text):
        return text, []
    findings: list[Diagnostic] = []
    lines = [
        _filled_line(line, subject, Place(file, at), project, findings)
        for at, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    ]
    return "\n".join(lines), findings


def _filled_line(
    line: str, subject: MentionedSubject, place: Place, project: str | None, findings: list[Diagnostic]
) -> str:
    """One line; what cannot be told is added to `findings`."""

    def put(mention: re.Match[str]) -> str:
        try:
            return literal(value_of(mention[1], subject))
        except UnknownError as error:
            at = Place(place.file, place.line, mention.start() + 1)
            findings.append(of_reading(error.remark, at, project=project))
            return literal(mention[0])

    if almost := _NEARLY.search(MENTION.sub(_blanked, line)):
        at = Place(place.file, place.line, almost.start() + 1)
        piece = line[max(0, almost.start() - 4) : almost.end() + 8].strip()
        findings.append(of_reading(reading("N008.braces", text=piece), at, project=project))
    return MENTION.sub(put, line)


def _blanked(match: re.Match[str]) -> str:
    """As many blanks as it is long."""
    return " " * len(match[0])


def literal(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _OPENING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def value_of(expression: str, subject: MentionedSubject) -> str:
    """The value a name stands for, as the tables print it; `UnknownError` where there is none."""
    form = _FORM.fullmatch(expression)
    if form is None:
        raise UnknownError(reading("N008.form", mention=expression))
    name, of, part = form["name"], form["of"], form["part"]
    if of is None and part is None:
        return _plain(name, subject)
    if of is not None and name == "一级得分" and part is None:
        return _level(of.strip(), subject)
    if of is not None and name == "指标" and part is not None:
        return _indicator(of.strip(), part, subject)
    raise UnknownError(reading("N008.form", mention=expression))


def _plain(name: str, subject: MentionedSubject) -> str:
    """总分, 等级, 执行率 and the amounts."""
    if name in NAMES:
        return NAMES[name](subject.money)
    if name in SCORED:
        return SCORED[name](_card(subject))
    raise UnknownError(reading("N008.value", name=name, known=(*SCORED, *NAMES)))


def _card(subject: MentionedSubject) -> Scorecard:
    """The scorecard; the unit has one only with indicators of its own."""
    if subject.card is None or not subject.card.scores:
        raise UnknownError(reading("N008.unit"))
    return subject.card


def _level(name: str, subject: MentionedSubject) -> str:
    """The points of a first level."""
    levels = {level.name: level for level in _card(subject).levels}
    if name not in levels:
        raise UnknownError(reading("N008.level", name=name, known=tuple(levels)))
    return display.points(levels[name].points)


def _indicator(name: str, part: str, subject: MentionedSubject) -> str:
    """One thing about one indicator, named by its 三级指标, its 指标编号 or 二级指标/三级指标."""
    if part not in PARTS:
        raise UnknownError(reading("N008.part", part=part, known=tuple(PARTS)))
    meant = list(_meant(name, _card(subject).scores))
    if len(meant) > 1:
        ids = tuple(f"{score.indicator.level2}/{score.indicator.level3}" for score in meant)
        raise UnknownError(reading("N008.several", name=name, ids=ids))
    if not meant:
        raise UnknownError(reading("N008.indicator", name=name))
    return PARTS[part](meant[0])


def _meant(name: str, scores: Iterable[Score]) -> Iterator[Score]:
    """The indicators a name may mean."""
    for score in scores:
        indicator = score.indicator
        if name in {indicator.id, indicator.level3, f"{indicator.level2}/{indicator.level3}"}:
            yield score
