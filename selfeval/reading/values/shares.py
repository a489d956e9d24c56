"""A result told as a share, of the target beside it or of a number before it, or said to be a part only."""

from __future__ import annotations

import re

from selfeval.base.model import PERCENT
from selfeval.reading.values.clauses import NUMBERS, OTHER, Clause, Question, base_of, label_of
from selfeval.reading.values.others import is_state_at
from selfeval.reading.values.wording import NUMBER_LETTER, Token

_OF_TARGET = re.compile("完成|执行|达成|实现|占|到位|进度|目标|任务|计划")
"""Rates that tell how much of the target was done; others (路面完好率) speak of something else."""
_SHARE = re.compile(
    "占.{0,4}(?:目标|计划|任务|预算)|完成率|完成比例|"
    "任务(?:已|共|仅)?完成(?:了|约)?\\d|(?:为|达|达到|完成|完成了)(?:年度|全年|年初)?(?:目标|计划|任务|预算)(?:任务|数|值)?的|"
    r"(?:完成|执行|达到|达)(?:了|约|近)?\d"
)


def is_share(clause: Clause, number: Token) -> bool:
    """`完成率96%`, `占任务的96%`, `480户（96%）`: the result as a share of the target."""
    bare = clause.inside and clause.letters == OTHER
    label = label_of(clause, number)
    if label and not _OF_TARGET.search(label):
        return False  # 路面完好率达到92%
    return base_of(number) == PERCENT and not clause.of("Ee") and (bare or bool(_SHARE.search(clause.words)))


def is_below_whole(number: Token) -> bool:
    """A rate below 100 %."""
    return base_of(number) == PERCENT and number.value is not None and number.value < 1


_SHARE_OF = re.compile(r"(?:当?中)?[的之]\s*(?:约|近)?")
_TENTHS = re.compile(rf"{_SHARE_OF.pattern}[一二三四五六七八九]成")


def is_share_of_number(clause: Clause) -> bool:
    """`12公里的90%`, `12公里的三分之二`, `12公里的九成`: a part of the number before it."""
    numbers = clause.of(NUMBERS)
    for number, following in zip(numbers, [*numbers, None][1:], strict=True):
        if base_of(number) == PERCENT:
            continue
        if following is not None and base_of(following) == "倍" and clause.text[number.end : following.start] == "的":
            return True  # 480元的1.5倍
        share = following is not None and is_below_whole(following)
        if share and following and _SHARE_OF.fullmatch(clause.text[number.end : following.start]):
            return True
        if _TENTHS.match(clause.text, number.end):
            return True
    return False


_HALF = re.compile(
    "有[的些]|部分|大部|大半|过半|一半|半数|基本|工程量|形象|进度|首付|预付|封顶|主体工程|[路地桩]基|基坑"
)
_ONLY_HALF = re.compile(
    "(?:只|仅|才)[^，。；\\d]{0,4}(?:一半|半数|部分|大半|小半|几成|零头)|[干做修建清]了?(?:一半|大半|小半|半拉)"
)
_FRAME = re.compile("主体(?:已|全部|均)*(?:完工|封顶|竣工|完成)")


def is_first_acceptance(token: Token, question: Question) -> bool:
    """`建成5万亩，已通过县级初验`: where no acceptance is asked for, the first one is proof of what was built."""
    return token.text == "初验" and "验收" not in question.words


def is_partial(clause: Clause, question: Question) -> bool:
    """`12月31日前完成50%`, `基本完成`: a share behind a date; `部分完成`, `300户的一半` beside a number."""
    partial = [t for t in clause.of("H") if t.text not in question.words and not is_first_acceptance(t, question)]
    if not question.dated and (_FRAME.search(clause.words) or is_share_of_number(clause)):
        return True
    if _ONLY_HALF.search(clause.words):
        return True
    if not question.dated:
        numbered = bool({"F", "A", NUMBER_LETTER} & set(clause.letters)) or any(map(is_below_whole, clause.of(OTHER)))
        return numbered and any(_HALF.match(t.text) for t in partial)
    return bool(partial) or any(map(is_below_whole, clause.of(NUMBERS))) or is_state_at(clause, question)
