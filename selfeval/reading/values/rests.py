"""Clauses beside a result that speak of something else: of some only, of the reason, of what is still to come."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.reading.values.clauses import NUMBERS, Clause, Question

_OF_OTHERS = re.compile(
    r"(?:但|其中|另外?)?(?:第[\d一二三四五六七八九十]{1,3}[次场期批个]|[一二三四1-4]季度|[上下]半年|个别|部分|少数|少量|其余|有些|余下)"
)
"""Openings of a clause that speaks of some only, not of the number before it."""
_REASON = re.compile(
    "(?:但|其|均)?(?:主要(?:原因|是|系|因|由于|受)|(?:未完成|偏差|未达标|未达到)?的?原因(?:是|为|:|在于))"
)
"""Openings of a clause that gives the reason of a shortfall."""
_SHORT, _OVER = re.compile("[低少差欠短]|不足"), re.compile("[高多超晚]")
_LEFT_OUT = re.compile("含|包括|除外|扣除|剔除|计入|统计在内|重复")
_NOTHING_DONE = re.compile(
    "(?:未|没有?|未能|尚未|没能)(?:按期|如期|按时|正常|能够)?(?:开展|实施|举办|举行|启动|执行|进行|动工)[^，。；]{0,2}$"
)


def of_others(clause: Clause, question: Question) -> bool:
    """`第4次因雨取消`, `四季度未开展`: what was not done is told of some only."""
    return not question.dated and not clause.of(NUMBERS) and bool(_OF_OTHERS.match(clause.words))


def tells_of_some(clause: Clause) -> bool:
    """`个别账户信息有误`: told of a few, whatever the clause says."""
    return bool(re.match("(?:但|其中)?(?:个别|少数|少量|极少)", clause.words))


def gives_reason(clause: Clause, question: Question, *, short: bool) -> bool:
    """`主要原因是部分学员需外出务工`, or anything behind a shortfall that was told: why, not that nothing was done."""
    told = question.answer not in clause.letters and (short or bool(_REASON.match(clause.words)))
    return told and not _NOTHING_DONE.search(clause.words)


def has_total(clauses: Sequence[Clause], question: Question) -> bool:
    """Whether a total is still to come."""
    return any(re.search(f"U[hruo]*{question.answer}", c.letters) for c in clauses)


def is_rest(clause: Clause, question: Question) -> bool:
    """`95人，5人未通过考核`: what was denied has a number of its own, beside the one that was taken."""
    plain = not question.dated and not question.compound and "O" not in clause.letters
    return plain and len(clause.of(NUMBERS)) == 1 and not _LEFT_OUT.search(clause.words)


_HELD_UP = re.compile(
    r"(?:因|受|由于|鉴于)[^，。；\d]{2,16}(?:滞后|缓慢|偏慢|延误|受阻|未能?(?:全部|按期)?完成|未达(?:标|到预期)?)。?$"
)


def tells_what_held_up(clause: Clause, question: Question) -> bool:
    """`72%，因暑期多雨进度滞后`: why it is not more, where it falls short."""
    return not question.dated and not clause.of(NUMBERS) and bool(_HELD_UP.match(clause.words))


_BECAUSE = re.compile("因|由于|受|鉴于")


def is_reason_of_gap(clause: Clause, following: Sequence[Clause], question: Question) -> bool:
    """`180户，因征地未完成，剩余20户`: why some are left, told before how many."""
    left = following[0] if following else None
    told = left is not None and bool(left.of(NUMBERS)) and bool({"e", "S"} & set(left.letters))
    return told and not question.dated and not clause.of(NUMBERS) and bool(_BECAUSE.match(clause.words))


def falls_short(clause: Clause, question: Question) -> bool:
    """Whether a gap is on the wrong side of the target."""
    return bool((_OVER if question.less else _SHORT).search(clause.words))


_AGREED = re.compile("合同|中标|应付|成交|协议")
_PAID_OFF = re.compile(
    "(?:(?:验收|交货|到货|安装)(?:合格|通过)?后)?(?:合同)?(?:款项?|资金|价款|货款)?(?:均|现|业)?已?(?:经)?(?:(?:全部|全额|足额|一次性)(?:支付|付清|付讫|结清|拨付)|"
    "付清|结清|付讫|支付完毕|按此价?(?:结算|支付|执行))(?:完毕|到位)?"
)


def is_paid_off(clause: Clause, following: Clause) -> bool:
    """`合同金额75万元，已全部支付`: a sum agreed on, and the words that it was wholly paid."""
    agreed = bool(_AGREED.search(clause.words))
    return agreed and bool(_PAID_OFF.fullmatch(following.words))
