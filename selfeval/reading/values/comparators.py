"""How a number is compared: signs and words before it, words after it, a sign that looks back at it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfeval.base.frozen import made_quickly
from selfeval.base.memo import remembered

_SIGNS = {
    "≥": "≥", ">=": "≥", "=>": "≥", "≥=": "≥", ">≥": "≥", "≥≥": "≥",
    "≤": "≤", "<=": "≤", "=<": "≤", "≤=": "≤", "≤≤": "≤",
    ">": ">", "<": "<", "=": "=", "==": "=",
}  # fmt: skip
_SIGN = re.compile(r"[<>=≥≤≠](?:[<>=≥≤≠\s]*[<>=≥≤≠])?\s*[约逾近]?\s*$")

_GAP = (
    r"(?:每年|每月|每季度?|每周|每人|全年|年度|召开|举办|开展|组织|完成|培训|检查|巡查|发放|建设|新建|新增|编制|"
    r"跑|需要?|要)?"
)
_NOT = "(?:不得?|不应|不能|不宜|不可|不许|未|没有?)"
_STRICT = (
    ("≥", rf"{_NOT}(?:低于|少于|小于|短于)|(?:大于|高于|多于|超过)(?:或|或者)?等于|至少|最少|最低|下限"),
    (
        "≤",
        rf"{_NOT}(?:高于|超过|大于|多于|超出|超|长于|突破)|(?:小于|低于|少于)(?:或|或者)?等于|至多|最多|最高|上限|封顶",
    ),
)
_LOOSE = (
    ("≥", r"(?<![送直抵到表传下转未])(?:达到|达)|(?:提高|提升|增加|增长|上升|扩大|稳定|保持|维持)(?:到|至|在)"),
    ("≤", r"(?:控制|降低|下降|减少|压减|压缩|压降|缩短|限制|管控)(?:到|至|在|于)|(?:降|减)(?:到|至)"),
)
_PLAIN = (
    (">", "高于|大于|超过|超出|多于|突破|(?<!不)超"),
    ("<", "低于|小于|少于|短于|不足|不到|未达到|未达"),
    ("=", "等于"),
)
_END = r"(?:了)?[为在是:]?\s*[≈约近逾]?\s*$"
_BEFORE = tuple(
    (sign, exact, re.compile(rf"(?:{words}){_GAP if exact else ''}{_END}"))
    for words_of, exact in ((_STRICT, True), (_LOOSE, False), (_PLAIN, True))
    for sign, words in words_of
)
_INCLUDING = r"(?:\(含[^()]*\))?"
_OR = rf"\s*+{_INCLUDING}\s*+(?:及|或者|或|和)?"
_AFTER = (
    ("≥", re.compile(rf"{_OR}(?:以上|之上){_INCLUDING}")),
    ("≤", re.compile(rf"{_OR}(?:以内|之内|以下|之下|范围内){_INCLUDING}")),
    ("≤", re.compile(r"(?<=[时天日月年周钟秒度%‰里米元万亿次])\s*内(?![容部外科涵含存网陆审控])")),
)
_LOOKS_BACK = re.compile(r"\s*([<>=≥≤](?:[<>=≥≤\s]*[<>=≥≤])?)\s*([^\d<>=≥≤]{0,20})")
_MIRROR = {"≥": "≤", "≤": "≥", ">": "<", "<": ">"}
_OPPOSITE = {"≥": "≤<", ">": "≤<", "≤": "≥>", "<": "≥>"}


@made_quickly
@dataclass(frozen=True, slots=True)
class Comparator:
    """A comparison and the words or sign that say it.

    `exact`: nothing said after the number may change it. `mirrored`: the sign stands after the number.
    """

    sign: str
    words: str
    exact: bool = False
    mirrored: bool = False


NONE = Comparator("", "")


def sign_of(text: str) -> str | None:
    """`>=` and its like as one sign; None where they make no comparison."""
    return _SIGNS.get(re.sub(r"[\s约逾近]", "", text))


@remembered
def before_number(before: str) -> Comparator | None:
    """What compares a number from before it; no sign: nothing does; None: signs that make no sense."""
    if match := _SIGN.search(before):
        sign = sign_of(match.group())
        return Comparator(sign, match.group().strip(), exact=True) if sign else None
    for sign, exact, pattern in _BEFORE:
        if match := pattern.search(before):
            return Comparator(sign, match.group().strip(), exact=exact)
    return NONE


def after_number(clause: str, end: int) -> Comparator:
    """以上, 以内 and the like after a number."""
    for sign, pattern in _AFTER if end < len(clause) else ():
        if match := pattern.match(clause, end):
            return Comparator(sign, match.group())
    return NONE


def opposed(before: Comparator, after: Comparator) -> bool:
    """`不超过5次以上` says two things."""
    return bool(before.exact and after.sign) and after.sign in _OPPOSITE.get(before.sign, "")


def mirrored(clause: str, end: int) -> Comparator | None:
    """`80%≤合格率` is 合格率≥80%; `95%≥` with nothing after it is no comparison (None)."""
    match = _LOOKS_BACK.match(clause, end)
    if match is None:
        return NONE
    sign = sign_of(match[1])
    known = match[2].strip() or re.match(r"\d", clause[match.end() :])
    if sign not in _MIRROR or not known:
        return None
    if not match[2].strip():
        return NONE  # 80%≤90%: the sign belongs to the number after it
    return Comparator(_MIRROR[sign], match[1], mirrored=True)
