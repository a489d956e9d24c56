"""Words beside a taken number that are to be quoted: no table knows them, or they name another thing than the target's.

The world is closed: a number is taken without a word only where its clause is made of the target's own words, of verbs
of doing and of words that mean nothing by themselves, and where every clause beside it ends in a state (验收合格,
资料齐全), in something done, or is a phrase that is known as a whole. Whatever else stands there is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from selfeval.base.model import PERCENT
from selfeval.reading.values.another import PERSONS, says_as_much
from selfeval.reading.values.clauses import NUMBERS, Clause, Question, answers_in, base_of
from selfeval.reading.values.others import asks_for_act, holds_act, is_own
from selfeval.reading.values.roles import TAKEN, ClauseRole
from selfeval.reading.values.units import unit_at
from selfeval.reading.values.wording import DATE, HARMLESS, UNKNOWN, Token, acts_in, events_in, wording


def strange_words(clause: Clause, question: Question) -> list[str]:
    """Words that are in no table and that the target does not use itself."""
    runs = re.finditer("u+", clause.letters)
    words = [clause.text[clause.tokens[m.start()].start : clause.tokens[m.end() - 1].end] for m in runs]
    return [word for word in words if word not in question.words and not is_unit(word)]


_ASKING = frozenset(("调查", "测评", "抽样", "回访", "评价"))
"""How 满意度 is found out."""
_REACHES = frozenset(("覆盖", "惠及"))
"""Words of every kind of work that still say another thing than what was to be made."""
_WHOLE_COUNTY = re.compile("全[省市县区镇乡]累计")
_SURVEYED = re.compile("(?:问卷|样本)$")


def is_unit(word: str) -> bool:
    """`35台(套)`: another counter."""
    return len(word) == 1 and unit_at(word, 0)[1] == 1


@cache
def telling_things(*, opinion: bool) -> frozenset[str]:
    """Acts and things that say what a number is of; how opinions are asked for says nothing of theirs."""
    return wording().things - (wording().sets["filler"] - _REACHES) - (_ASKING if opinion else frozenset())


def other_things(clause: Clause, question: Question) -> list[str]:
    """`入户调查240户`, `全省85%`: acts and things before a number, where none of them is the target's own."""
    number = next(iter(clause.of(question.answer)), None)
    if number is None or question.dated or question.compound or not question.names:
        return []
    words = [t for t in clause.tokens if t.end <= number.start and t.letter in "hVg" and len(t.text) > 1]
    if other := of_other_end(clause, number, question):
        return other
    if question.unit == PERCENT and _SURVEYED.search(clause.text[: number.start]):
        return [words[-1].text]
    things = telling_things(opinion="满意" in question.words)
    own = [t for t in words if is_own(t, question)]
    foreign = [t.text for t in words if t.text in things and t not in own and not says_as_much(t.text, question)]
    events = events_in(question.words)
    if events and not any(event in clause.words for event in events) and not holds_act(clause.words, question):
        return [*foreign, *(t.text for t in words if t.letter == "V" and not is_own(t, question))]
    foreign += [t.text for t in words if t.letter == "V" and is_foreign(t, question)]
    same = answers_in(base_of(number), question.unit)
    acts = bool(own) or any(holds_act(t.text, question) for t in words)
    return foreign if question.unit == PERCENT or not same or not acts else []


_BUILT = re.compile("建成|完工|竣工|兑现|办结完成")


def of_other_end(clause: Clause, number: Token, question: Question) -> list[str]:
    """`建成210套` where 分配 is asked, `总量下降3%` where a rate is, `在册210人`."""
    ahead = [t for t in clause.tokens if t.end <= number.start]
    sums = [t.text for t in ahead if question.unit == PERCENT and t.letter == "U" and len(t.text) > 1]
    built = [t.text for t in ahead if _BUILT.match(t.text) and is_other_act(t.text, question)]
    there = [t.text for t in ahead if t.text in wording().sets["stock"] and len(t.text) > 1]
    sums += [m.group() for m in _WHOLE_COUNTY.finditer(clause.words)]
    partial = [t.text for t in ahead if t.letter == "H" and not question.dated]
    return [*(text for text in (*sums, *there, *partial) if text not in question.words), *built]


def is_other_act(act: str, question: Question) -> bool:
    """`建成210套` against 安置房分配套数: done, but to another end than the name's."""
    asked = [
        one for kind in ("act", "assigned", "event") for one in wording().sets[kind] if one in "，".join(question.names)
    ]
    return bool(asked) and act[:2] not in question.words and not holds_act(act[:2], question)


def narrows(clause: Clause, question: Question) -> bool:
    """`98.6%（小学）`: a remark in brackets that only names whom or what the number is of."""
    if set(clause.letters) - {HARMLESS, UNKNOWN}:
        return False
    words = [t for t in clause.tokens if len(t.text) > 1 or t.letter == UNKNOWN]
    things = wording().things
    return bool(words) and all((t.letter == UNKNOWN or t.text in things) and not is_own(t, question) for t in words)


_INCLUDES = re.compile("(?:含|包括|包含|内含)([^，。；\\d]{2,12})$")


_INCLUDES_NUMBER = re.compile(r"(?:含|包括|包含|内含)([^，。；\d]{2,12})\d")


def includes(clause: Clause, question: Question) -> bool:
    """`82场（含商业演出）`: what is counted in besides; taxes and fees are in every sum."""
    named = _INCLUDES.match(clause.words)
    if counted := _INCLUDES_NUMBER.match(clause.words):
        return any(act not in question.words for act in acts_in(counted[1]))
    return bool(named and not re.search("[税费]|线上|全部|所有|本级", named[1]) and named[1] not in question.words)


def things_around(clause: Clause, question: Question) -> list[str]:
    """`100人的课程`, `由街道开展检查70次`: another thing behind a number, and whoever did it instead."""
    number = next(iter(clause.of(question.answer)), None)
    if number is None or question.compound:
        return []
    if question.dated:
        built = [t.text for t in clause.of("F") if _BUILT.match(t.text) and is_other_act(t.text, question)]
        if built and not _WORKS.search("，".join(question.names)):
            return built
        return [] if "F" in clause.letters else [t.text for t in clause.of("V") if is_foreign(t, question)]
    things = wording().things
    behind = [t for t in clause.tokens if t.start >= number.end and t.text in things and len(t.text) > 1]
    behind = [t for t in behind if not t.text.endswith("级") and t.text not in wording().sets["filler"]]
    mine = [t for t in behind if is_own(t, question) or is_state(t) or PERSONS.search(t.text)]
    foreign = [t.text for t in behind if t not in mine and not holds_act(t.text, question)]
    foreign += [t.text for t in clause.of("V") if t.start >= number.end and is_foreign(t, question)]
    foreign += shortened_name(clause, number, question)
    by_whom = [clause.text[t.start : number.start] for t in clause.of("L") if t.end <= number.start]
    return [*foreign, *by_whom]


_WORKS = re.compile("[工建修筑装]|改造|加固|治|铺设|硬化|项目|交付|投用|使用")


def is_foreign(token: Token, question: Question) -> bool:
    """Whether an event is neither the target's own nor one like it: 下达 where 拨付 is asked."""
    told = is_own(token, question) or holds_act(token.text, question) or token.text.startswith(_PASSED)
    return not told and asks_for_act(question)


_PASSED = ("验收", "通过", "投", "启用", "交付", "结", "完毕", "办结", "安装", "执行", "支付完毕", "做完", "办完")
"""Events that end whatever was to be done."""


_CALLED = re.compile("([\u4e00-\u9fff]{4,12}?)(?:为|是|达到?|共|约)?$")


def shortened_name(clause: Clause, number: Token, question: Question) -> list[str]:
    """`水稻面积5200亩` against 水稻机插面积: the name without what stands in its middle."""
    called = _CALLED.search(clause.text[clause.tokens[0].start : number.start])
    label = called[1] if called else ""
    cuts = ((label[:at], label[at:]) for at in range(2, len(label) - 1))
    short = any(n.startswith(a) and n.endswith(b) and n != label for a, b in cuts for n in question.names)
    return [label] if short else []


def is_state(token: Token) -> bool:
    """Whether a word says in what state something is (全部合格, 资料齐全), or what shows it (台账)."""
    return token.text.endswith(tuple(wording().sets["state"] | wording().sets["fine"]))


_OFFICES = frozenset("省市县区乡镇村局厅处科室站所队组校院司商岗位一二两三四")
"""What is left of a known word's neighbour: 省 of 省文物局."""
_SAYS_MORE = "FVvAIrQZXSKeEmMY"
"""Kinds that are a remark's own business: what was done, denied, compared."""


def remark_words(clause: Clause, question: Question) -> list[str]:
    """What is to be quoted of a clause without a number: all of it where it ends in nothing that is understood."""
    words = [t for t in clause.tokens if len(t.text) > 1 or t.letter == UNKNOWN]
    if words and words[-1].text.endswith(tuple(wording().sets["fine"])):
        return []
    if strange := [word for word in strange_words(clause, question) if word not in _OFFICES]:
        return strange
    if "L" in clause.letters:
        return [clause.words]
    if not words:
        return []
    last = words[-1]
    understood = last.letter in _SAYS_MORE or is_own(last, question) or is_state(last)
    return [] if understood or not wording().knows(last.text) else [clause.words]


def unknown_words(
    told: Sequence[tuple[Clause, ClauseRole]], chosen: Sequence[Clause], picked: Clause | None, question: Question
) -> list[str]:
    """Words beside a taken number that no table knows, or that name another thing than the target's.

    `picked`: the clause of the total, where several were chosen.
    """
    telling = [picked] if picked else chosen
    found = [word for clause in telling for word in (*other_things(clause, question), *things_around(clause, question))]
    found += [word for clause in telling for word in strange_words(clause, question)]
    if question.compound:
        return list(dict.fromkeys(found))
    beside = [(c, r) for c, r in told if c not in chosen]
    found += [c.words for c, _ in beside if (c.inside and narrows(c, question)) or includes(c, question)]
    remarks = [c for c, role in beside if role in TAKEN and not {*c.letters} & {*NUMBERS, DATE}]
    found += [word for clause in remarks for word in remark_words(clause, question)]
    return list(dict.fromkeys(found))
