"""What the name of an indicator says of its direction: 故障率 is better low, 投诉处理率 better high.

The words stand in directions.toml. A name is read from its end: words of measure (率, 数量) are taken off until a
known word stands there, and the longest one decides.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from selfeval.base.memo import remembered
from selfeval.base.model import Direction
from selfeval.base.text import fold

POSITIVE, NEGATIVE = Direction.POSITIVE, Direction.NEGATIVE

MAX_NAME = 200
MAX_MEASURES = 6
"""Words of measure taken off one name: 事故死亡人数占比 has two."""

_STANDARD = re.compile(
    r"(?:补助|补贴|资助|发放|奖励|奖补|支付|收费|救助|低保|供养|抚恤|慰问|津贴|津补贴|工资|薪酬|报酬|生活费|"
    r"护理|保障|缴费|待遇|人均|生均|每人|每亩|户均).{0,8}标准"
)
_SAVES = re.compile("节约|节省|降低|下降|压减|压降|结余|减少")
_UNIT_OR_LIST = re.compile(r"\([^()]*\)|^(?:指标|目标)\s*\d+\s*:|^[\s*\d.、:]+|[\s:。]+$|[“”\"']")
_COMPARED = re.compile(
    r"(?:不?(?:得|应|能)?(?:低于|高于|超过|少于|多于|大于|小于)|[≥≤<>=]|控制在|达到(?!或)|不足|为?零$|\d+(?:\.\d+)?\s*[%‰]|"
    r"(?<=[率比例度数量])\s*\d).*$",
    re.DOTALL,
)
_COUNTED_BY = re.compile(r"^\D*(?:项目|单位|企业|人员|学校|地区|产品|事项|[人户家村次个天])数量?$")
"""审减率低于标准项目数: what is counted is what compares so."""
_CONTROL = re.compile(r"控制(?:有效|达标|到位)?$")


class Ending(NamedTuple):
    """How a name ends: the known word, what stands before it, and whether it is a time that is measured."""

    word: str
    before: str
    is_time: bool


class Words:
    """A set of words looked for at the end of a text, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.lengths = sorted({len(word) for word in self.words}, reverse=True)

    def at_end(self, text: str) -> str:
        """The longest of them that the text ends with; empty where there is none."""
        return next(self.all_at_end(text), "")

    def all_at_end(self, text: str) -> Iterator[str]:
        """All of them that the text ends with, the longest first."""
        return (text[-n:] for n in self.lengths if text[-n:] in self.words)

    def at_start(self, text: str) -> str:
        """The longest of them that the text begins with."""
        return next((text[:n] for n in self.lengths if text[:n] in self.words), "")


@cache
def lists() -> Mapping[str, tuple[str, ...]]:
    """The lists of directions.toml by name (`bad.law`, `good.done`, `measures`)."""
    text = files("selfeval.reading.values").joinpath("directions.toml").read_text(encoding="utf-8")
    return dict(flattened(tomllib.loads(text)))


def flattened(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every list of a table with its full name."""
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{prefix}{name}", tuple(fold(value).split())
        else:
            yield from flattened(value, f"{prefix}{name}.")


NAMED = {"change.cut": "cut", "change.grow": "grow", "change.shift": "shift", "fast.alone": "bad", "both": "both"}
"""Lists whose kind is not the first part of their name."""


def is_kind(name: str) -> bool:
    """Whether the words of a list say something by themselves."""
    return name in NAMED or name.startswith(("bad.", "good."))


@cache
def kinds() -> Mapping[str, str]:
    """What kind every known word is of: bad, good, cut, grow, shift or both."""
    return {
        word: NAMED.get(name) or name.partition(".")[0]
        for name, words in lists().items()
        if is_kind(name)
        for word in words
    }


@cache
def words(*names: str) -> Words:
    """The words of some lists."""
    return Words(word for name in names for word in lists()[name])


@cache
def known() -> Words:
    """Every word that says something by itself."""
    return Words(kinds())


@remembered
def name_direction(name: str) -> Direction | None:
    """Better high, better low, or nothing said. What counts is how the name ends: 故障率, but 故障修复率."""
    whole = _UNIT_OR_LIST.sub("", fold(name[:MAX_NAME])).strip().lower()
    head = _COMPARED.sub("", whole).strip()
    if _COUNTED_BY.search(whole[len(head) :]):
        return None
    end = ending(head)
    if end is None and hints_at_harm(head):
        return NEGATIVE
    if end is None:
        does = words("before.doing").at_start(unsoftened(head)) and not words("before.costs").at_end(head)
        return POSITIVE if does else None
    return by_ending(end, head)


def ending(head: str, *, is_time: bool = False, measures: int = MAX_MEASURES) -> Ending | None:
    """The known word a name ends with, words of measure taken off: 事件数 is 事件 + 数 or 事 + 件数."""
    if controlled := _CONTROL.search(head):
        return Ending("控制", head[: controlled.start()], is_time)
    word = known().at_end(head) or (words("fast.time").at_end(head) if is_time else "")
    if word:
        return Ending(word, head[: -len(word)], is_time)
    for measure in words("measures").all_at_end(head) if measures else ():
        timed = is_time or measure in words("times").words
        if found := ending(head[: -len(measure)], is_time=timed, measures=measures - 1):
            return found
    return None


def by_ending(end: Ending, head: str) -> Direction | None:
    """What a known word at the end says, with what stands before it."""
    before = unsoftened(end.before)
    if end.is_time and end.word in words("fast.time").words:
        return None if reduces(before) else NEGATIVE
    kind = kinds().get(end.word, "")
    if kind == "good":
        return NEGATIVE if undone(end) else (None if wrongly(end) else POSITIVE)
    if kind == "both":
        return POSITIVE if handles(before, head) else None
    if kind == "bad":
        return POSITIVE if spared(end.before) or reduces(before) or handles(before, head) else NEGATIVE
    return of_change(kind, end.before) if kind in {"cut", "grow", "shift"} else of_control(end)


def hints_at_harm(head: str) -> bool:
    """Whether an unknown word before 率 begins as those of harm do: 误接率."""
    word = head.removesuffix("率")[-2:]
    return head.endswith("率") and word[:1] in words("hint.bad").words


def of_change(kind: str, before: str) -> Direction | None:
    """增长率 and 下降率 of what stands before them."""
    end = ending(before)
    if kind == "cut":
        return NEGATIVE if end and words("change.treasured").at_end(end.word) else POSITIVE
    bad = end is not None and by_ending(end, before) is NEGATIVE
    return NEGATIVE if bad else (POSITIVE if kind == "grow" else None)


def of_control(end: Ending) -> Direction | None:
    """成本控制率 is better low, 血压控制率 better high."""
    before = end.before if end.word == "控制" else ""
    measure = words("measures").at_end(before)
    for text in (before, before[: len(before) - len(measure)]):
        if word := words("control.less", "control.more").at_end(text):
            return NEGATIVE if word in words("control.less").words else POSITIVE
    return None


def unsoftened(head: str) -> str:
    """The name from its first word that says something: 全年累计救助 → 救助."""
    for _ in range(MAX_MEASURES):
        soft = words("before.softly").at_start(head)
        if not soft:
            break
        head = head[len(soft) :]
    return head


def spared(before: str) -> bool:
    """Whether the bad does not happen: 无重大, 未发生, 防."""
    for _ in range(MAX_MEASURES):
        if words("before.spared").at_end(before):
            return True
        between = words("before.between").at_end(before)
        if not between:
            break
        before = before[: -len(between)]
    return False


def reduces(before: str) -> bool:
    """Whether a name says how much less there is of something: 降低投诉率."""
    return bool(words("before.reducing").at_start(before))


def handles(before: str, head: str) -> bool:
    """Whether a name counts what is dealt with: 查处违法案件数, but not the rate 查处…率 or what it costs."""
    counted = not head.endswith(("率", "比例", "占比")) and not words("before.costs").at_end(head)
    return counted and bool(words("before.handling").at_start(before))


def undone(end: Ending) -> bool:
    """Whether the good is not done, or not as it should be: 未完成, 超时办结."""
    amiss = words("before.amiss").at_end(end.before) and end.word not in words("before.cures").words
    return bool(words("before.undone").at_end(end.before) or amiss)


def wrongly(end: Ending) -> bool:
    """Whether the good is done to whom it should not be: 违规发放补贴人数, 被督办; what is dealt with is not."""
    if end.word in words("before.cures", "before.settles").words:
        return False
    return end.before.endswith("被") or any(word in end.before for word in lists()["before.wrong"])


@remembered
def handles_standard(name: str) -> bool:
    """Whether a name is that of a paid standard (补助标准), which is to be met exactly."""
    return bool(_STANDARD.search(fold(name[:MAX_NAME])))


def saves(name: str) -> bool:
    """Whether a name speaks of money saved, which is no cost."""
    return bool(_SAVES.search(name[:MAX_NAME]))
