"""Words beside a result that say there is something wrong with it, though no table knows the words themselves.

What is left of a clause when all known words are taken out is looked at by its characters: one that denies, undoes,
doubts, postpones or narrows (未, 缺, 拖, 假, 另, 仅) is a sign of trouble, unless it stands in a compound where it
means nothing of the kind (停车, 退休, 查缺补漏). Such a clause fits a result that misses its target, as its reason;
beside one that reaches it, nobody can tell whether it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.base.model import PERCENT
from selfeval.reading.values.claims import Claim, Roles
from selfeval.reading.values.clauses import NUMBERS, Clause, Question, label_of
from selfeval.reading.values.others import asks_for_act, holds_act
from selfeval.reading.values.roles import BESIDES, TAKEN, ClauseRole
from selfeval.reading.values.shares import is_first_acceptance
from selfeval.reading.values.wording import DATE, HARMLESS, NUMBER_LETTER, UNKNOWN, Token, wording

_FEWER = re.compile("[只仅才]")


def troubles_of(told: Roles, chosen: Sequence[Clause], picked: Clause | None, question: Question) -> list[Claim]:
    """What is said beside a result, or of it, and does not go with its reaching the target."""
    telling = [picked] if picked else chosen
    found = [c.words for c in telling if is_troubled(c, question) or of_some_only(c, question)]
    found += [c.words for c, r in told if c not in telling and not is_settled(c) and is_trouble_beside(c, r, question)]
    if telling and all(c.letters == NUMBER_LETTER for c in telling):  # 13个，其中引进9个
        acts = [_OF_THEM.fullmatch(c.words) for c, r in told if r is ClauseRole.PART]
        found += [m.group() for m in acts if m and holds_act(m[1], question)]
    return [Claim(words, not_reached=True) for words in found]


_OF_THEM = re.compile(r"其中(?:已|实际)?([\u4e00-\u9fff]{2})[的了]?[\d.]+[^，。；\d]{0,3}")


_TOLD = (
    ClauseRole.PLAN,
    ClauseRole.OTHER_YEAR,
    ClauseRole.GAP,
    ClauseRole.CHANGE,
    ClauseRole.FROM,
    ClauseRole.ELSEWHERE,
)
"""Roles of clauses that speak of something else, whatever words they use."""
_GIVEN_UP = re.compile("放弃|取消|终止|撤销|作废|解除|退[出订租股学赛库货款]|重复|未(?:统计|测算|纳入)")
"""`录用32人，放弃报到5人`."""


def is_trouble_beside(clause: Clause, role: ClauseRole, question: Question) -> bool:
    """Whether a clause beside the result says that something is wrong with it."""
    numbers = clause.of(f"{NUMBERS}{DATE}")
    if (clause.inside and is_other_act_of_part(clause, question)) or is_in_doubt(clause, question):
        return True
    if (_STILL_OPEN if question.dated else _STOPPED if question.unit == PERCENT else _TURNED_INTO).search(clause.words):
        return True
    if role is ClauseRole.REST and NUMBER_LETTER in clause.letters and not question.compound:
        return bool(_GIVEN_UP.search(clause.words))
    if any(label_of(clause, n).endswith("率") for n in numbers):
        return False
    if numbers and role in _TOLD:
        return bool(wording().troubles["firm"].search(leftover(clause)[0]))
    some = role in TAKEN and not numbers and not is_fine(clause) and of_some_only(clause, question)
    return some or is_troubled(clause, question)


_IS_ACT = re.compile(r"\d\D{0,2}(?:为|是|系|属于?)([\u4e00-\u9fff]{2})$")


_REMEDIED = re.compile(
    r"(?![^，。；]*[虚假骗冒重漏])[^，。；\d]{2,10}(?:已|均已|已全部|全部)(?:及时|完成)?"
    "(?:补植|补种|补栽|更换|整改|修复|维修|处置|补齐|销号|化解|解决)(?:到位|完毕|完成)?"
)
_UNWILLING = re.compile(r"\d[^，。；\d]{1,4}(?:自愿|主动)?(?:放弃|不愿|外出)")


def is_settled(clause: Clause) -> bool:
    """`死亡苗木已补植`, `另有2户自愿放弃`: a trouble that is mended, or outside of what was counted."""
    outside = BESIDES.match(clause.words) and _UNWILLING.search(clause.words)
    return bool(outside or _REMEDIED.fullmatch(clause.words))


_BY_PHONE = re.compile("(?:电话|微信|视频|线上|书面)(?:核查|走访|慰问|检查|巡查|入户|查验|验收|回访|核实)")
_OF_OTHERS = re.compile(
    r"含[^，。；\d]{0,6}(陪同|家属|家长|外[省市县单]|往年|历年|上年|以前年度|陈欠|非本)|(真实率|真实性)[仅只不为达]{0,2}\d"
)
"""`3260人次，含家长陪同480人次`, `抽查真实率仅80%`."""
_GIVEN = re.compile(r"(?:其中|含|包括)[^，。；\d]{0,4}(捐赠|赠送|受赠|调拨|划转|划拨|借用|自带)")
"""`3120册，其中捐赠2000册` where things were to be bought."""
_ONE_ROUND = re.compile("第[一二三四1-4](?:剂|针|批|轮|期|阶段|学期)次?")
_ON_THE_SPOT, _FAR = re.compile("入户|上门|实地|现场"), re.compile("电话|微信|短信|视频|网络")
"""`213次（含微信答疑120次）` where homes were to be visited."""
_FOUND_OUT = re.compile(
    "(审计|检查|核查|抽查|复核|巡[察视])[^，。；]{0,2}发现[^，。；]*(?:不符|重复|未|虚|错|冒|不实|弄虚|长期|黑屏|停用|闲置|损坏|无人|离线|空置|故障)"
)
"""`312人次，审计发现18人不符合条件`."""
_STILL_OPEN = re.compile(r"(?:尚|仍|还|另)有[^，。；]{0,12}(?:未|待)[^，。；]{2,8}")
"""`10月20日完成，但尚有2处护栏未安装`."""
_STOPPED = re.compile(r"[有\d][^，。；]{0,10}(?:停运|停用|停业|停供|停产|空转)")
"""`100%，但有9个村实际已停运`."""
_TURNED_INTO = re.compile("改为|改成|代替|替代|顶替")
"""`其中12场改为发放传单`."""


def is_in_doubt(clause: Clause, question: Question) -> bool:
    """`2100户（电话核查）`, `审计发现18人不符合条件`: not done on the spot, or found to be otherwise by others."""
    given = _GIVEN.match(clause.words)
    if given and re.search("[购采]", question.words) and given[1] not in question.words:
        return True
    if clause.inside and question.unit == PERCENT and _ONE_ROUND.fullmatch(clause.words):
        return True
    if (added := _OF_OTHERS.search(clause.words)) and (added[1] or added[2]) not in question.words:
        return True
    by_others = _FOUND_OUT.search(clause.words)
    if by_others and by_others[1] not in question.words:
        return True
    far = _FAR.search(clause.words) if _ON_THE_SPOT.search(question.words) else None
    if far and far.group() not in question.words:
        return True
    found = _BY_PHONE.search(clause.words)
    return found is not None and found.group()[2:] in question.words and found.group()[:2] not in question.words


def is_other_act_of_part(clause: Clause, question: Question) -> bool:
    """`11个（3个为改造）` where new ones are asked for."""
    act = _IS_ACT.search(clause.words)
    return (
        act is not None
        and act[1] in wording().sets["act"]
        and not holds_act(act[1], question)
        and asks_for_act(question)
    )


def of_some_only(clause: Clause, question: Question) -> bool:
    """`首批4.8万元`, `多数为电话询问`: said of a part."""
    parts = (t for t in clause.of("H") if t.text not in question.words and not is_first_acceptance(t, question))
    return not question.dated and any(_PARTS.match(t.text) for t in parts)


_PARTS = re.compile("首|第一批|大[部半多]|多[数半]|绝?大多|过半|半|初|中期|试|样|进度|局部|试点|征求意见稿")


def is_fine(clause: Clause) -> bool:
    """`大多数学员表示满意`."""
    return clause.tokens[-1].text.endswith(tuple(wording().sets["fine"]))


def leftover(clause: Clause) -> tuple[str, str]:
    """A clause without its harmless compounds and phrases; the same without any word that is known."""
    begin, end = clause.tokens[0].start, clause.tokens[-1].end
    hidden = [m.span() for m in wording().troubles["harmless"].finditer(clause.text, begin, end)]
    ahead = [None, *clause.tokens]
    firm, left = "", ""
    for last, token in zip(ahead, clause.tokens, strict=False):
        shown = not any(a <= token.start < b for a, b in hidden)
        left += token.text if shown and is_left(token, last) else " "
        firm += token.text if shown and (token.letter != HARMLESS or len(token.text) < _PHRASE) else " "
    return firm, left


_PHRASE = 3
"""A known word as long as this is known as a whole."""
_DENIES = re.compile("[无未没杜]")
_BEASTS = re.compile(r"[头羽尾万亿\d]$")


def is_left(token: Token, last: Token | None) -> bool:
    """Whether a word is known for nothing; not where it is denied (无截留|挪用), nor as a counter (32万头|只)."""
    if last and len(last.text) > 1 and (_DENIES.match(last.text) or (token.text == "只" and _BEASTS.search(last.text))):
        return False
    return token.letter == UNKNOWN or (token.letter == HARMLESS and len(token.text) == 1)


def is_troubled(clause: Clause, question: Question) -> bool:
    """Whether a sign of trouble stands in a clause."""
    firm, left = leftover(clause)
    if wording().troubles["firm"].search(firm):
        return True
    signs = (sign.group() for sign in wording().troubles["sign"].finditer(left))
    return any(sign[0] not in question.words and not (question.less and _FEWER.fullmatch(sign)) for sign in signs)
