"""A clause that was chosen, as it is handed on to be measured."""

from __future__ import annotations

import re

from selfeval.reading.values.clauses import HOLE, Clause, Question
from selfeval.reading.values.others import holds_act, is_own
from selfeval.reading.values.wording import DATE, Token


def tells_event(clause: Clause, question: Question) -> bool:
    """Whether a clause names the event that was asked for: the tables here know more of them than `dates` does."""
    known = any(t.letter in "FV" and (is_own(t, question) or holds_act(t.text, question)) for t in clause.tokens)
    return (
        known
        or bool(_ALL_DONE.search(clause.words))
        or any(re.search(f"(?<![试预拟待未不]){event}{_OVER}", clause.words) for event in events_of(question))
    )


_ALL_DONE = re.compile(
    "(?:全部|全面|均已?|都已)(?:入库|到位|到货|归档|移交|安装|挂牌|发放|兑付|到账|交付|投用|上线|启用|结清|付清|缴纳|入住|开放)"
)
"""`7月25日全部入库`: an end, whatever was asked for."""


_OVER = "(?:了|完成|完毕|结束|成功|工作)*(?:$|[，。；,;)并且至到给]|使用|运行)"


_EVENT = re.compile("([\u4e00-\u9fff]{2})(?:完成)?(?:时间|日期|时点|节点)$")


def events_of(question: Question) -> list[str]:
    """What a name asks the day of: 开放 of 博物馆开放时间."""
    return [match[1] for name in question.names if (match := _EVENT.search(name))]


_LIMIT = re.compile("(?:之?前|以前|[之以]?内|底|止|起|开始|以来|[以之]?后)?")


def rewritten(clause: Clause, question: Question) -> str:
    """The clause as it is handed on: `实际3个村` without 实际, which is no name of a part; a date with its year."""
    tokens, behind = clause.tokens, ""
    if question.dated and (days := clause.of(DATE)) and tells_event(clause, question):  # 12月10日结题
        limit = _LIMIT.match(clause.text, days[-1].end)
        behind = (limit.group() if limit else "") + "完成"
        tokens = tuple(t for t in tokens if t.end <= days[-1].end)
    return "".join(handed_on(token, question) for token in tokens).replace(HOLE, "") + behind


def handed_on(token: Token, question: Question) -> str:
    """A word of it."""
    if question.compound and token.letter in "AI" and token.text not in question.words:
        return ""
    foreign = question.dated and token.day is not None and token.day.year != question.year
    if foreign and token.day and not re.match(r"\d{4}", token.text):
        return f"{token.day.year}年{token.text}"  # 2024年1月开工，2月完成
    return token.text
