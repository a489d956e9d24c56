"""What is handed down, drawn up or left over: numbers of the means and of the rest, not of what was done."""

from __future__ import annotations

import re

from selfeval.reading.values.clauses import NUMBERS, Clause, Question
from selfeval.reading.values.others import holds_act, is_own
from selfeval.reading.values.wording import NUMBER_LETTER, wording

_ASSIGNS = re.compile("(?:了|到|给|我[县市区局校院镇]|资金|经费|补助|名额|指标|任务|约|共|登记|挂号|报名|办理)*")
"""What may stand between a word that assigns and its number."""


def is_assigned(clause: Clause, question: Question) -> bool:
    """`下达200人`, `安排资金48万元`: handed down, not yet done."""
    if question.dated or any(not _MERELY.match(t.text) for t in clause.of("AF")):
        return False
    known = wording().sets["assigned"]
    words = [t for t in clause.tokens if t.text in known and not is_own(t, question)]
    numbers = clause.of(NUMBERS)
    return any(_ASSIGNS.fullmatch(clause.text[t.end : n.start]) for t in words for n in numbers if t.end <= n.start)


_DRAWN_UP = re.compile(
    r"(?:制[定订]|编制|拟[定订]|起草|草拟|印发)[^，。；\d]{0,8}(方案|计划|预案|名单)[^，。；\d]{0,2}\d"
)
"""`制定演练方案4次`: drawn up, not yet done."""
_MERELY = re.compile("(?:均|都|全部|现|业)?已|现|目前|[我本]|参训|结业")
"""`已下达200人`: handed down all the same."""


_MONEY = frozenset({"资金", "补助资金", "经费", "补助款"})
"""Means that are the target's own thing where its act stands behind them: 2600头补贴资金全部兑付到户."""


def is_means(clause: Clause, question: Question) -> bool:
    """`50场演出方案`, `200人培训经费已到位`: what is needed for it stands behind the number."""
    known = wording().sets["means"]
    means = [t for t in clause.tokens if t.text in known and not is_own(t, question)]
    drawn = _DRAWN_UP.search(clause.words)
    if drawn and not question.dated and drawn[1] not in question.words:
        return NUMBER_LETTER in clause.letters
    if not means or question.dated or question.compound or question.unit in {"", "元"}:
        return False
    return any(
        n.end <= t.start and not any(f.start > n.end and f.start < t.start for f in clause.of("FA"))
        for t in means for n in clause.of(NUMBER_LETTER)
        if not (t.text in _MONEY and holds_act(clause.text[t.end : clause.tokens[-1].end], question))
    )  # fmt: skip


def says_rest(clause: Clause, question: Question) -> bool:
    """`基本满意3%`, `2%已整改`: a number of those that are left."""
    known = wording().sets["rest"]
    words = [t for t in clause.tokens if t.text in known and not is_own(t, question)]
    return bool(words) and NUMBER_LETTER in clause.letters and not question.dated
