"""What the numbers of a clause stand for: done, planned, of another year, a gap, a part, denied.

The role is found from the kinds of the words around a number (the letters of `wording.toml`). What speaks against a
number is asked first; a plan, another year and the parts of a total go on until something else is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from selfeval.base.frozen import made_quickly
from selfeval.base.model import PERCENT
from selfeval.base.phrases import word
from selfeval.reading.values.changes import adds, is_of_name, names_level
from selfeval.reading.values.clauses import NUMBERS, OTHER, Clause, Question, base_of, of_other_rate
from selfeval.reading.values.denials import is_denied
from selfeval.reading.values.means import is_assigned, is_means, says_rest
from selfeval.reading.values.others import (
    counts_dealt_with,
    is_means_paid,
    is_other_money,
    is_own,
    is_reduced,
    is_step_before,
    is_stock,
    names_whole,
)
from selfeval.reading.values.rests import (
    falls_short,
    gives_reason,
    has_total,
    is_paid_off,
    is_reason_of_gap,
    is_rest,
    of_others,
    tells_what_held_up,
)
from selfeval.reading.values.shares import is_partial, is_share
from selfeval.reading.values.starts import is_other_event, is_start
from selfeval.reading.values.wording import DATE, HARMLESS, NUMBER_LETTER, Token, wording


class ClauseRole(StrEnum):
    """What the numbers of a clause stand for; the value is what is said where one of them was to be taken."""

    DONE = word("说的是实际数")
    PLAIN = word("只写了数")
    PLAN = word("说的是计划、预期或要求")
    NEGATED = word("带有否定")
    CANCELLED = word("说的是取消或中止")
    OTHER_YEAR = word("说的是别的年度或期初")
    ELSEWHERE = word("说的是别处的数")
    OTHER_RATE = word("说的是另一个比率")
    MEANS = word("说的是方案、名单或经费，不是做到的数")
    REST = word("说的是其余的，不是完成值")
    GAP = word("说的是差额，不是完成值")
    CHANGE = word("说的是变化了多少，不是完成值")
    LEVEL = word("说的是变到多少，不是变化了多少")
    FROM = word("说的是起点")
    PART = word("说的是其中一部分")
    PARTIAL = word("只说完成了一部分")
    START = word("说的是开始，不是完成")
    EVENT = word("说的是另一件事")
    SHARE = word("说的是占目标的比例")


TAKEN = (ClauseRole.DONE, ClauseRole.PLAIN)
"""Roles whose numbers may be the result."""

_OF_LAST_YEAR = re.compile(r"[RKSEeMm][hru]*Y|Y[hru]*[RB]|B")
BESIDES = re.compile("另有|另外|此外|还有")
_RISEN_TO = re.compile(r"Q[hru]*N")
"""`较去年提升至98.6%`: what it came to."""
_AGAINST_LIMIT = re.compile(r"R[hru]*[WJ][hruP]*[MmEe]")
"""`比承诺时限缩短2.4天`."""
_AGAINST_PLAN = re.compile(r"[RKSEe][hru]*[Pp]|[Pp][hru]*R|[Pp][^NDAFI]*[EeR]")
_THIS_YEARS = re.compile(r"O[hru]*[IU][hruv]*N")
"""`三年累计90株，其中本年度35株`, `含设计费共支付4.8万元`."""
_LEFT_OVER = re.compile(r"[hu]*e[hu]*N")
_TARGET_MISSED = re.compile(r"Z[hru]*N")
_OWED = re.compile("任务|目标|应")
"""What was asked for: an activity with a number of the same unit behind it was done (任务200人，帮扶180人)."""
_APPLIED = re.compile("申请|报名|申报|意向|账面|自报")
"""The step before: what is the target's own behind it was done (申请1100人，资助1050人)."""
_BETWEEN = "了约为达近幅度率:的 "
"""What may stand between a word of change and its number."""
_FULFILLED = re.compile(r"[AF][^NP]*N[hru]*P")
"""`完成45场演出任务`: what was done, said to be the task."""
_BEYOND = re.compile(r"(?:超(?:过|出)?了?|[大高多低少小]于)[\d.,]+\D{0,5}")
_WITHIN = re.compile(r"(?:控制|保持|维持|稳定)在[\d.,]+[^，。；\d]{0,5}(?:以[内下上]|之[内下上])")
"""`36.5%，控制在40%以内`: the limit, behind a result."""
"""`18天，超3天`, `110人，大于100人`: how far beyond the target, or the target, behind a result."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Held:
    """The role a clause leaves to those after it, and what may end it: 完成, 支出, an activity, the target's own act.

    `ends_with_step`: a step before the target's own was counted (受理172件).
    """

    role: ClauseRole = ClauseRole.PLAIN
    ends_with_done: bool = False
    ends_with_spent: bool = False
    ends_with_act: bool = False
    ends_with_own: bool = False
    ends_with_step: bool = False


def roles_of(clauses: Sequence[Clause], question: Question) -> list[ClauseRole]:
    """The role of every clause."""
    found: list[ClauseRole] = []
    held, short = Held(), False
    for index, clause in enumerate(clauses):
        held = Held() if clause.fresh else held
        following = clauses[index + 1].letters if index + 1 < len(clauses) else ""
        role = against(clause, following, question) or carried(spoken(clause, question), held, question)
        taken = any(r in TAKEN and question.answer in c.letters for c, r in zip(clauses, found, strict=False))
        if taken and _BEYOND.fullmatch(clause.words):
            role = ClauseRole.GAP
        elif taken and (_WITHIN.fullmatch(clause.words) or repeats_target(clause, question)):
            role = ClauseRole.PLAN
        elif is_beside(role, clause, question, taken=taken, short=short) or (
            role in _UNDOING and speaks_of_rest(clauses[index:], question, taken=taken)
        ):
            role = ClauseRole.REST
        short = short or tells_shortfall(role, clause, question)
        found.append(role)
        held = left_by(clause, role, held, question)
    return levels_apart(clauses, paid_off(clauses, told_twice(clauses, found, question), question), question)


_BOUND = re.compile("[hru]*KN")


def repeats_target(clause: Clause, question: Question) -> bool:
    """`98.6%，不低于98%`: the target once more, beside the number that was reached."""
    return bool(_BOUND.fullmatch(clause.letters)) and clause.of(NUMBER_LETTER)[0].value == question.value


def tells_shortfall(role: ClauseRole, clause: Clause, question: Question) -> bool:
    """Whether what comes behind a clause gives reasons: the target was missed, or a reason has begun."""
    if role is ClauseRole.GAP and falls_short(clause, question):
        return True
    return "Z" in clause.letters or (role is ClauseRole.REST and gives_reason(clause, question, short=False))


_UNDOING = (ClauseRole.NEGATED, ClauseRole.CANCELLED)


def speaks_of_rest(clauses: Sequence[Clause], question: Question, *, taken: bool) -> bool:
    """Whether what the first of these denies is told of some only, or is why some are left."""
    some = of_others(clauses[0], question) and has_total(clauses, question)
    return some or (taken and is_reason_of_gap(clauses[0], clauses[1:], question))


def is_beside(role: ClauseRole, clause: Clause, question: Question, *, taken: bool, short: bool) -> bool:
    """Whether what speaks against a clause is told of the rest, beside a number that was taken."""
    if not taken:
        return False
    if role in _UNDOING and (is_rest(clause, question) or of_others(clause, question)):
        return True
    if role is ClauseRole.NEGATED and tells_what_held_up(clause, question):
        return True
    if role is ClauseRole.PLAN and question.unit == PERCENT and of_others(clause, question):
        return True  # 91%，个别设备待更新
    missed = role is ClauseRole.NEGATED and "Z" in clause.letters and not clause.of(NUMBERS)
    planned = role is ClauseRole.PLAN and re.search("F.*n", clause.letters) and question.answer not in clause.letters
    return missed or bool(planned) or gives_reason(clause, question, short=short)


_NOT_QUITE = re.compile(r"(?:不足|未达到?|没有?达到|未满|不到)[\d.]")


def told_twice(clauses: Sequence[Clause], roles: list[ClauseRole], question: Question) -> list[ClauseRole]:
    """`不足5000平方米，约4500平方米`: what was not reached, with the number that was."""
    plain = [i for i, r in enumerate(roles) if r is ClauseRole.PLAIN and question.answer in clauses[i].letters]
    if question.dated or len(plain) != 1 or plain[0] == 0 or roles[plain[0] - 1] is not ClauseRole.NEGATED:
        return roles
    before = plain[0] - 1
    if _NOT_QUITE.match(clauses[before].words):
        roles[before] = ClauseRole.REST
    return roles


def levels_apart(clauses: Sequence[Clause], roles: list[ClauseRole], question: Question) -> list[ClauseRole]:
    """`91%，较上年提高6个百分点` where a change is asked for: how it stands now is no rival of the change."""
    taken = [i for i, r in enumerate(roles) if r in TAKEN and question.answer in clauses[i].letters]
    changes = [i for i in taken if {*"Mm"} & {*clauses[i].letters}]
    if question.change and not question.compound and len(changes) == 1:
        for index in taken:
            roles[index] = roles[index] if index in changes else ClauseRole.LEVEL
    return roles


def paid_off(clauses: Sequence[Clause], roles: list[ClauseRole], question: Question) -> list[ClauseRole]:
    """`合同金额75万元，已全部支付`: a sum agreed on that was wholly paid is what was spent."""
    if not question.unit.startswith("元"):
        return roles
    for index, (clause, following) in enumerate(pairwise(clauses)):
        if roles[index] is ClauseRole.PLAN and is_paid_off(clause, following):
            roles[index] = ClauseRole.DONE
    return roles


def spoken(clause: Clause, question: Question) -> str:
    """The kinds of a clause's words, those of the target marked; as the label of a part they say nothing."""
    found = ""
    for token in clause.tokens:
        own = token.letter in "AhGg" and is_own(token, question)
        found += (HARMLESS if question.compound else "A" if token.letter == "A" else OWN) if own else token.letter
    return found


def left_by(clause: Clause, role: ClauseRole, held: Held, question: Question) -> Held:
    """Which role holds for the clauses after this one."""
    letters = clause.letters
    told = question.answer in letters
    if role in (ClauseRole.PLAN, ClauseRole.OTHER_YEAR) and (told or not letters.strip("PpWYh")):
        planned = told and role is ClauseRole.PLAN
        stock = planned and any(t.text in wording().sets["stock"] for t in clause.tokens)
        applied = planned and ("p" in letters or any(_APPLIED.match(t.text) for t in clause.of("W")))
        owed = planned and any(_OWED.match(t.text) for t in clause.of("P"))
        return Held(
            role,
            "p" in letters or (planned and "F" not in letters) or applied,
            planned and "v" not in letters,
            owed or stock,
            applied or stock,
            applied,
        )
    if role is ClauseRole.PART:
        return Held(role)
    if role is ClauseRole.START and told and not question.dated:
        return Held(ends_with_step=True)
    if role is ClauseRole.DONE:
        return Held(ClauseRole.DONE) if told and "A" in letters else Held()
    return held


def against(clause: Clause, following: str, question: Question) -> ClauseRole | None:
    """What speaks against taking the numbers of a clause; None where nothing does."""
    letters = clause.letters
    of_last_year = bool(_OF_LAST_YEAR.search(letters))
    reasons = (
        (ClauseRole.CANCELLED, any(not is_saving(t, question) for t in clause.of("C"))),
        (ClauseRole.GAP, is_left_over(clause, question)),
        (ClauseRole.GAP, bool(BESIDES.match(clause.words)) and bool(set("WPpGX") & set(letters))),
        (ClauseRole.ELSEWHERE, "J" in letters),
        (ClauseRole.NEGATED, is_denied(clause, question)),
        (ClauseRole.OTHER_RATE, of_other_rate(clause, question)),
        (ClauseRole.REST, says_rest(clause, question)),
        (ClauseRole.OTHER_RATE, any(is_other_money(clause, t, question) for t in clause.of(NUMBER_LETTER))),
        (ClauseRole.MEANS, any(told(clause, question) for told in (is_means, is_means_paid, is_reduced))),
        (ClauseRole.PART, counts_dealt_with(clause, question)),
        (ClauseRole.SHARE, any(is_share(clause, t) for t in clause.of(OTHER))),
        (ClauseRole.EVENT, is_other_event(clause, question)),
        (ClauseRole.START, is_start(clause, question) or is_step_before(clause, question)),
        (ClauseRole.PARTIAL, is_partial(clause, question)),
        (ClauseRole.CHANGE, of_last_year and not is_the_change(clause, question) and not _RISEN_TO.search(letters)),
        (ClauseRole.CHANGE, bool(_AGAINST_LIMIT.search(letters))),
        (ClauseRole.OTHER_YEAR, "Y" in letters and not of_last_year),
        (ClauseRole.GAP, is_gap(clause, question)),
        (ClauseRole.PLAN, is_planned(clause, question)),
        (ClauseRole.CHANGE, not question.change and is_change(clause) and not adds(clause.words, question.names)),
        (ClauseRole.CHANGE, question.change and is_change_of_rate(clause, question)),
        (ClauseRole.LEVEL, (question.change and "Q" in letters) or names_level(clause.words, question.names)),
        (ClauseRole.FROM, "L" in letters and (following[:1] == "Q" or (not question.dated and "LN" in letters))),
        (
            ClauseRole.PART,
            not question.compound
            and (("O" in letters and not _THIS_YEARS.search(letters)) or clause.parts)
            and not is_own_share(clause, question),
        ),
    )
    return next((role for role, holds in reasons if holds), None)


_SAVINGS = re.compile("节约|节省|节支|核减|审减|压减|压缩")


def is_saving(word_: Token, question: Question) -> bool:
    """`核减120万元` where savings are the target."""
    return word_.text in {"核减", "调减"} and bool(_SAVINGS.search(question.words))


def is_part(clause: Clause) -> bool:
    """`其中教师60人`, or a clause behind a colon; `其中本年度35株` is the year's own."""
    return clause.parts or ("O" in clause.letters and not _THIS_YEARS.search(clause.letters))


def is_own_share(clause: Clause, question: Question) -> bool:
    """`收回问卷1204份，其中满意的占93.5%` tells the 满意度 itself."""
    shares = re.finditer(r"([\u4e00-\u9fff]{2})的?(?:占比?|比例为?|比重为?)\d", clause.text)
    return question.unit == PERCENT and any(m[1] in question.words for m in shares)


def carried(letters: str, held: Held, question: Question) -> ClauseRole:
    """A clause with nothing against it: done, plain, or whatever the clauses before it leave."""
    done = "F" in letters or (question.dated and bool({"V", "v"} & set(letters)))
    act = held.ends_with_act and bool(re.match("[ohru]", letters)) and NUMBER_LETTER in letters
    act = act or (held.ends_with_step and bool(re.match("[hru]*[oVF]", letters)) and NUMBER_LETTER in letters)
    act = act or (held.ends_with_own and bool(re.match("[hru]*o[hruU]*N", letters)))
    spent = act or ("v" in letters and held.ends_with_spent)
    planned = held.role is ClauseRole.PLAN
    if "I" in letters or ("Q" in letters and not planned):
        return ClauseRole.DONE
    if held.role is ClauseRole.PART and letters[:1] == "U":
        return ClauseRole.PLAIN  # 其中设备30万元、安装18万元，共48万元
    if held.role is ClauseRole.OTHER_YEAR:
        return held.role
    saved = planned and bool(re.match("[hru]*e[hruoF]*N", letters)) and bool(_SAVINGS.search(question.words))
    if "A" in letters or spent or saved or (done and (held.ends_with_done or not planned)):
        return ClauseRole.DONE
    return held.role


OWN = "o"
"""A harmless word that is the target's own: after `原计划100人`, `培训110人` is what was done."""


_CORE = re.compile("计划|目标|预算|任务|要求|指标|预[期计]")
"""Words of plan that stay so, whatever the target's name is."""
_NO_LATER = re.compile("不(?:得)?[晚迟]于")
_LATER = re.compile("[晚迟后]于")


_NEXT = frozenset({"报批", "请示", "报请", "提请", "送审", "待批"})


def comes_after(word: Token, clause: Clause, question: Question) -> bool:
    """`完成编制并报批`: what was asked for is done, and sent on."""
    done = [t.end for t in clause.of("F")]
    return any(is_own(t, question) and done and done[0] <= t.start < word.start for t in clause.tokens)


def is_approved(word_: Token, clause: Clause, question: Question) -> bool:
    """`获批平台5个`: the thing itself; `26人获批进修`: what may be done now."""
    if clause.words.startswith("获批") and len(clause.tokens) == 2:
        return bool(re.search("平台|基地|实验室|示范|中心|工作站", question.words))  # 获批1家
    own = [t for t in clause.of("hVGg") if is_own(t, question)]
    counted = any(n.end <= word_.start for n in clause.of(NUMBER_LETTER))
    return any(not counted or t.end <= word_.start for t in own)


def is_planned(clause: Clause, question: Question) -> bool:
    """A word of plan, expectation or duty; a number assigned, or a day not to be passed."""
    letters = clause.letters
    fulfilled = _FULFILLED.fullmatch(letters) and clause.tokens[-1].text == "任务" and "完成" in clause.words
    words = [t for t in clause.of("PpW") if _CORE.search(t.text) or not is_own(t, question)]
    words = [t for t in words if not (question.dated and t.text in _NEXT and comes_after(t, clause, question))]
    words = [t for t in words if t.text != "获批" or not is_approved(t, clause, question)]
    stock = any(is_stock(t, clause, question) for t in clause.tokens) or names_whole(clause, question)
    pairs = pairwise(clause.tokens) if question.dated else ()
    after = any(_LATER.match(a.text) and b.letter == DATE for a, b in pairs)
    limit = after or (question.dated and any(_NO_LATER.match(t.text) for t in clause.of("K")))
    asked = bool(words) or limit or stock or is_assigned(clause, question)
    return bool(_TARGET_MISSED.search(letters)) or (asked and not fulfilled)


def is_left_over(clause: Clause, question: Question) -> bool:
    """`剩余6万元`; `节约6万元` is none where savings are the target."""
    own = all(is_of_name(t.text, question.words) for t in clause.of("e"))
    return not own and bool(_LEFT_OVER.match(clause.letters))


_AGAINST_NORM = re.compile(r"(?:[低高少多]于|超过|超出)[^，。；\d]{0,6}(?:标准|限额|上限|定额|要求|规定)值?\d")
"""`低于标准20元`."""


def is_gap(clause: Clause, question: Question) -> bool:
    """`比目标高2个百分点`, `少10人`, `超目标`: how far from the target; `节约` is none where savings are the target."""
    if question.dated and question.answer in clause.letters:
        return False  # 12月20日提前完成
    if _AGAINST_NORM.search(clause.words):
        return True
    more_or_less = any(not is_of_name(t.text, question.words) for t in clause.of("Ee"))
    return more_or_less or bool(_AGAINST_PLAN.search(clause.letters))


def is_the_change(clause: Clause, question: Question) -> bool:
    """Whether a change on last year is what was asked for; `较上年回落0.3个百分点` is none of a 增长率 in per cent."""
    return question.change and ("百分点" in question.words or "百分点" not in clause.words)


def is_change(clause: Clause) -> bool:
    """`提高3个百分点`, `增加100人`: by how much something changed."""
    return any(changed_by(clause, change, number) for change in clause.of("Mm") for number in clause.of(NUMBERS))


def is_change_of_rate(clause: Clause, question: Question) -> bool:
    """`增速回落0.3个百分点` against a growth of 6%: by how much the growth itself changed."""
    return "百分点" in clause.words and "百分点" not in question.words and is_change(clause)


def changed_by(clause: Clause, change: Token, number: Token) -> bool:
    """Whether a word of change leads to a number: right before it, or anywhere before a rate."""
    between = [t for t in clause.tokens if change.end <= t.start < number.start]
    if number.start < change.end or any(t.letter in f"QF{NUMBERS}" for t in between):
        return False
    apart = len(clause.text[change.end : number.start].strip(_BETWEEN))
    return base_of(number) == PERCENT or apart <= (len(change.text) == 1)  # 增加5场, 增演5场
