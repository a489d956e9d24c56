"""Whether a clause denies its number: by a word of denial, or by one that does so only right behind it."""

from __future__ import annotations

import re

from selfeval.reading.values.clauses import Clause, Question
from selfeval.reading.values.others import is_own
from selfeval.reading.values.wording import HARMLESS, NUMBER_LETTER

_SHORT_OF = re.compile(r"S[hru]*[ND]")
_DENIES = re.compile("[未无没零]|不(?!间断|停|断)")


def is_denied(clause: Clause, question: Question) -> bool:
    """A word of denial, `不满100人`, and `95%未投诉`: what is harmless alone denies the number right before it."""
    letters = clause.letters
    if lacks_something(clause):
        return False
    denied = any(not is_own(t, question) or (_DENIES.match(t.text) and not question.less) for t in clause.of("X"))
    if denied or (not question.less and (_SHORT_OF.search(letters) or re.search("N[hu]*S$", letters))):
        return True
    if question.dated:
        return False
    pairs = zip(clause.tokens, clause.tokens[1:], strict=False)
    if denies_denial(clause, question):
        return True
    return any(
        a.letter == NUMBER_LETTER and b.letter == HARMLESS and _DENIES.match(b.text)
        for a, b in pairs if question.less or b.text not in question.words
    )  # fmt: skip


_PROOF = re.compile(
    "记录|台账|凭[据证]|依据|资料|材料|佐证|签|证[明书]|[成实]?效|结果|数据|痕迹|留痕|[一人处个项起件次场户]$"
)


def lacks_something(clause: Clause) -> bool:
    """`全县无焚烧火点`: 无 before a thing nobody knows denies that thing; the words are quoted."""
    letters = clause.letters
    alone = re.search("^[hr]*Xu{2,}$", letters) and clause.of("X")[0].text == "无"
    return bool(_NO_HARM.fullmatch(clause.words) or alone) and not _PROOF.search(clause.words)


_NO_HARM = re.compile(
    "[^，。；\\d无]{0,4}(?:无|未(?:出现|发生|产生|发现))(?:新增|新的)?(?:劣|重?污染|黑臭|超标|积压|积水|拥堵|内涝|断流|返贫|欠薪|违规|违纪|"
    "泄[漏露]|瑕疵|冒领|错发|漏发|错漏|遗漏|异味|破损|脱落|安全隐患|质量缺陷)[^，。；\\d未无不]{0,8}"
)
"""`无劣Ⅴ类断面`, `未出现黑臭水体`: nothing bad."""


_WITHOUT = re.compile("[无未不非]([\u4e00-\u9fff]{2})")


def denies_denial(clause: Clause, question: Question) -> bool:
    """`故障800小时` against a 无故障运行时间."""
    things = [m[1] for name in question.names for m in _WITHOUT.finditer(name)]
    return any(re.search(f"(?<![无未不非]){thing}", clause.words) for thing in things)
