"""Clauses with a number of their own: whether they speak of the target, or of a further act or thing."""

from __future__ import annotations

from selfeval.base.model import PERCENT
from selfeval.reading.values.clauses import Clause, Question, answers_in, base_of
from selfeval.reading.values.others import holds_act, is_own
from selfeval.reading.values.wording import HARMLESS, NUMBER_LETTER, Token, wording


def alike(clause: Clause, question: Question) -> list[Token]:
    """The numbers of a clause in the target's unit, or without one."""
    return [t for t in clause.of(NUMBER_LETTER) if not question.unit or answers_in(base_of(t), question.unit)]


def tells_own(clause: Clause, number: Token, question: Question, also: str = "") -> bool:
    """Whether words of the target stand before a number."""
    return any(t.end <= number.start and is_own(t, question) for t in clause.of(f"AV{HARMLESS}{also}"))


def begins_own(clause: Clause, question: Question) -> bool:
    """`培训360人`: whether the target's own act stands before the first number."""
    if question.dated:
        return False
    first = clause.tokens[0]
    act = is_own(first, question) and first.letter == HARMLESS and first.text not in wording().things
    return act or holds_act(ahead_of(clause, clause.of(NUMBER_LETTER)[0]), question)


def ahead_of(clause: Clause, number: Token) -> str:
    """What a clause says before a number."""
    return clause.text[clause.tokens[0].start : number.start]


def is_listed(clause: Clause) -> bool:
    """`监督抽检40批次、风险监测26批次`: whether a clause goes on with a list."""
    start = clause.tokens[0].start
    return clause.text[start - 1 : start] == "、"


def has_own_business(clause: Clause, question: Question) -> bool:
    """`清退35户`: whether a clause has an act of its own before its number, and not the target's."""
    number = next(iter(clause.of(NUMBER_LETTER)), None)
    if number is None or question.unit == PERCENT or question.less or holds_act(ahead_of(clause, number), question):
        return False
    if is_listed(clause):
        return False
    if ahead_of(clause, number).startswith(tuple(w for w in _FOLLOWS if w not in question.words)):
        return True  # 优化5条，延伸2条
    ahead = [t for t in clause.tokens if t.end <= number.start]
    acts = wording().sets["act"] | wording().sets["cancel"] | wording().sets["negation"]
    return any(t.text[:2] in acts | _FOLLOWS and len(t.text) > 1 and not is_act_of_name(t, question) for t in ahead)


def is_act_of_name(token: Token, question: Question) -> bool:
    """Whether a word is the act that a target's name asks for; 创业 of 创业培训人数 is none."""
    return token.text in question.words and holds_act(token.text, question)


_FOLLOWS = frozenset(
    {
        "创业",
        "捐献",
        "移植",
        "带动",
        "新增",
        "挽回",
        "延伸",
        "增设",
        "增开",
        "补种",
        "补栽",
        "补免",
        "撤并",
        "留用",
        "留岗",
        "签约",
        "转正",
        "受益",
        "覆盖",
    }
)
"""What may come of the target's own act, though the words are no acts by themselves."""


def speaks_of_else(clause: Clause, question: Question) -> bool:
    """Whether what stands before a number is something, and nothing of the target's."""
    number = clause.of(NUMBER_LETTER)[0]
    words = [t for t in clause.tokens if t.end <= number.start and t.letter in "hVg" and len(t.text) > 1]
    said = [t for t in words if t.text in wording().things and t.text not in wording().sets["filler"]]
    return bool(said) and not any(is_own(t, question) for t in words)
