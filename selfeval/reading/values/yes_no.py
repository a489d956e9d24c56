"""Targets that are met or not (是, 合格, 无事故, 零投诉), and what plainly answers them."""

from __future__ import annotations

import re

from selfeval.base.memo import remembered
from selfeval.base.text import fold
from selfeval.reading.values.numerals import in_digits
from selfeval.reading.values.quantities import NUMBER

_ENDS = " 。.！!；;“”\"'"
_ADVERBS = re.compile("^(?:已经|已|均已|均|都|全部|全|都已|经)")
_SO_FAR = re.compile(
    r"^(?:(?:截?至|截止|直至)?(?:今|目前|年底|年末|评价日|报告期末|\d{1,2}月底?|\d{1,2}月\d{1,2}日)[,，]?)?(?:仍然?|尚|还|一直|均|都)?(?=未|没|不)"
)
"""`至年底仍未完成`."""
_YES = {
    "是": ("否", "不是", "不"),
    "有": ("无", "没有", "否"),
    "达标": ("不达标", "未达标", "没有达标"),
    "合格": ("不合格", "未合格"),
    "通过": ("未通过", "不通过", "没有通过", "没通过"),
    "完成": ("未完成", "没有完成", "没完成", "尚未完成"),
}
_NO = {"否": (("不存在", "无", "没有", "不是"), ("是", "存在", "有"))}
_NONE_OF = re.compile(
    r"(?:不发生|未发生|没有发生|未出现|杜绝|没有|无|零|0)(?!障碍|缝|害|人|纸|线|公害|偿|土|烟|菌|形|接触|距离|基础)([\u4e00-\u9fff]{2,14})"
)
_NOTHING = re.compile(
    r"(?:全年|年度|本年|年内|均|从|至今|目前)*(?:无|0|零|未发生|没有发生|未出现|没有|零发生|0发生|不存在|未发现)(?:任何)?"
)
_HAPPENED = re.compile(r"(?:全年|年度|本年|共|累计|实际|发生|出现|有|存在|产生|受理|收到|接到|了|为|率|数|:)*")


@remembered
def asks_yes_or_no(target: str) -> bool:
    """Whether a target is one of these."""
    words = fold(target).strip(_ENDS)
    return words in _YES or words in _NO or bool(_NONE_OF.fullmatch(words))


def plain_answer(target: str, actual: str) -> bool | None:
    """Whether an actual plainly meets such a target; None where it says neither yes nor no."""
    if not asks_yes_or_no(target):
        return None
    wanted, said = fold(target).strip(_ENDS), in_digits(fold(actual)).strip(_ENDS)
    if wanted in _YES:
        return _either(_SO_FAR.sub("", _ADVERBS.sub("", said)), (wanted,), _YES[wanted])
    if wanted in _NO:
        return _either(said, (wanted, *_NO[wanted][0]), _NO[wanted][1])
    match = _NONE_OF.fullmatch(wanted)
    return _happened(wanted, match[1], said) if match else None


def _either(said: str, yes: tuple[str, ...], no: tuple[str, ...]) -> bool | None:
    return True if said in yes else (False if said in no else None)


def _happened(wanted: str, thing: str, said: str) -> bool | None:
    """`无重大事故`: the same words, 无, 0 or 未发生 say that there was none; a number above 0 that there was."""
    head = said.removesuffix(thing)
    core = re.sub(r"^发生|发生$", "", thing)
    if said == wanted or _NOTHING.fullmatch(head) or _NOTHING.fullmatch(said.removesuffix(core)):
        return True
    number = NUMBER.search(said)
    if number is None:
        return False if said in {"有", "发生", "存在", "出现", f"有{thing}", f"发生{thing}", f"存在{thing}"} else None
    before = said[: number.start()].replace(thing, "").replace(core or thing, "")
    if not _HAPPENED.fullmatch(before) or len(said) - number.end() > 6:
        return None
    return not number.group().strip("0.,")
