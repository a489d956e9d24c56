"""An actual that says in words that nothing happened, where nothing was to happen (`全年未发生安全事故`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from selfeval.reading.values.clauses import Question
from selfeval.reading.values.wording import CUT, HARMLESS, STOP, Token, tokens_of

_NONE = re.compile("无|杜绝|没有|零|未发生|没有发生|未出现|零发生|不存在|未发现")
_GRADES = re.compile("重大|较大|特大")
_NONE_OF_IT = re.compile(
    r"(?:全年|年度|本年|今年|从|均)*(?:未发生|没有发生|未出现|没有出现|未发现|未接到|未收到|不存在|杜绝|无人|无一人|无|零|没有)"
    r"(?:过|任何|一起|一例|重大|较大|一般)*([^\d，。；,;]{2,20}?)(?:的?(?:发生|现象|情况|事件|事故|问题|行为))?。?"
)

_KEPT_FROM = re.compile(r"(?:全年|年度|本年|今年|均|都|从)*(?:未|没有)([\u4e00-\u9fff]{2,4}?)。?")
"""`未超支` against a 超支率."""


def says_none(text: str, question: Question) -> bool:
    """`全年未发生安全事故`, `无投诉`: none, where none was the target. Words that deny what is good are in no table."""
    if _NONE.fullmatch(text.strip(" 。")):
        return True
    if any(grade not in question.words for grade in _GRADES.findall(text)):
        return False  # 无重大事故, where no accident was to happen
    named = _NONE_OF_IT.fullmatch(text.strip())
    if named and any(named[1] in name for name in question.names):
        return True
    if kept := _KEPT_FROM.fullmatch(text.strip()):
        return any(re.search(f"(?<![未不无非]){kept[1]}(?:发生)?(?:率|[次起件]?数)", name) for name in question.names)
    tokens = tokens_of(text, question.year, question.names)
    stretches = [[*held] for mark, held in groupby(tokens, lambda t: t.letter in (CUT, STOP)) if not mark]
    denied = [stretch for stretch in stretches if any(map(denies, stretch))]
    others = [stretch for stretch in stretches if stretch not in denied]
    return bool(denied) and all(is_made_of("hIAF", s) for s in denied) and all(is_made_of("hIAu", s) for s in others)


def denies(token: Token) -> bool:
    """Whether a word says that something did not happen."""
    return bool(_NONE.match(token.text)) and token.letter == HARMLESS and len(token.text) > 1


def is_made_of(letters: str, tokens: Sequence[Token]) -> bool:
    """Whether all words are of these kinds."""
    return all(token.letter in letters for token in tokens)
