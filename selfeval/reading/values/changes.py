"""How much something changed, and how it stands: a rise (提高5个百分点) is not answered by a level (95%)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selfeval.base.model import PERCENT, Target
from selfeval.base.text import fold
from selfeval.reading.values.context import TargetContext
from selfeval.reading.values.measured import Quantity

_RISING = "提升|提高|增长|增加|上升|增幅|增速|增收"
_FALLING = "降低|下降|减少|压减|压降|压缩|节约|节省|缩短|降幅|减幅"
RISING, FALLING = re.compile(_RISING), re.compile(_FALLING)
_CHANGE = re.compile(
    f"(?:{_RISING}|{_FALLING})(?!到|至|为)|同比|环比|较上年|比上年|较去年|比去年|变动|增减|减排|减量|负增长"
)
_CHANGE_NAME = re.compile(
    f"{_RISING}|{_FALLING}|新增|净增|增[量长幅速收效值]|[减降][量排幅负免本耗]|减碳|节[水电能煤油气地支]|涨|扩大|变动|变化"
)
_CHANGED = re.compile(f"(?:{_RISING}|{_FALLING})$")
_RATE = re.compile("[率度面比%]")
_MORE = re.compile(f"{_RISING}|新增|净增|升(?![级学])|涨|扩大|增(?![值强补])")
_LESS = re.compile(f"{_FALLING}|减(?![免灾])|降(?![雨水解])|节[约省水电能]|缩")


def speaks_of_change(words: str) -> bool:
    """Whether a target's words or name ask by how much something changed."""
    return bool(_CHANGE.search(words))


def asks_for_change(quantity: Quantity, row: TargetContext) -> bool:
    """`提高5个百分点` of a 知晓率; a 增长率 is a change itself. What a part is called ends with its change."""
    name = _CHANGED.sub("", row.name) if row.whole else row.name
    return bool(quantity.trend and quantity.value) and not _CHANGE_NAME.search(name)


def may_be_level(quantity: Quantity, target: Target) -> bool:
    """`95%` against a 知晓率 that was to rise by 5个百分点; a percentage of a number of cases is none of its levels."""
    said = trend_said(quantity) or quantity.unit.written.endswith("百分点")
    return not said and (quantity.unit.base != PERCENT or bool(_RATE.search(target.name)))


def trend_said(quantity: Quantity) -> int:
    """+1 or -1 where the words before a number tell of a rise or a fall: 新增岗位56个, 减少碳排放120吨."""
    if quantity.trend:
        return quantity.trend
    more, less = bool(_MORE.search(quantity.before)), bool(_LESS.search(quantity.before))
    return more - less


def opposite(quantity: Quantity, target: Target) -> int | None:
    """-1 where the target asks for a rise and the actual tells of a fall, or the reverse; None: not to be told."""
    trend = trend_said(quantity) if target.change else quantity.trend
    if not trend:
        return 1
    words = f"{fold(target.text)} {target.label}"
    rising, falling = bool(RISING.search(words)), bool(FALLING.search(words))
    if rising == falling:
        unsaid = not rising and trend < 0 and target.unit == quantity.unit.base == PERCENT
        return None if unsaid and "率" not in quantity.label else 1
    return 1 if rising == (trend > 0) else -1


# ── names that are a change themselves ────────────────────────────────────────────────────────

_ADDED, _SAVED = "新增|净增", "节约|节省|减少|压减|节"
_ACT_NAME = re.compile(f"({_ADDED}|{_SAVED})([\u4e00-\u9fff]{{1,6}}?)(?:[起次件人户例宗]?总?[数量额]|金额|数量)?$")
_SAVING = re.compile("节[约省水电能煤油气地支]")
_OF_WHOM = "(?:共?发生|全年|本年度?|年度|年末|目前|实际|现有|现|总|共|[全我][市县区镇乡村院校])*"
_NEW, _SPARED = re.compile("[新增添]"), re.compile("[节减降压省少]")


def is_of_name(word: str, words: str) -> bool:
    """`节约6万元` against 节水量: a word of saving where savings are the target."""
    return word in words or (word[0] == "节" and bool(_SAVING.search(words)))


def adds(clause: str, names: Iterable[str]) -> bool:
    """`增加120张` against 新增床位数: the new ones in other words."""
    return bool(re.search("增加", clause)) and any(re.search(_ADDED, name) for name in names)


_YIELD = re.compile("增([收产值效])")
_YIELDS = {"收": "收入", "产": "产量|总产|单产", "值": "产值|总值", "效": "效益"}


def _is_level_of_yield(clause: str, kind: str) -> bool:
    """`亩均收入2200元`, `亩均减收220元` against 亩均增收."""
    return bool(re.search(f"(?<![增减])(?:{_YIELDS[kind]})|减{kind}", clause)) and not re.search("增", clause)


def names_level(clause: str, names: Iterable[str]) -> bool:
    """`水电费6万元` against 节约水电费, `床位达到1200张` against 新增床位数: how the thing itself stands."""
    names = tuple(names)
    if any(_is_level_of_yield(clause, match[1]) for name in names if (match := _YIELD.search(name))):
        return True
    if _RISEN.match(clause) and any(re.search(_ADDED, name) for name in names):
        return True  # 床位由1200个增至1824个
    acts = (match for name in names if (match := _ACT_NAME.match(name)))
    return any(_is_level(clause, act[2], added=act[1] in _ADDED) for act in acts)


_RISEN = re.compile("(?:增|增加|增长|扩大|提高)[至到]")


def _is_level(clause: str, thing: str, *, added: bool) -> bool:
    """Whether a clause tells of a thing, and nothing of its being new or saved."""
    if (_NEW if added else _SPARED).search(clause):
        return False
    reached = (
        "[起次件人户例宗总数量]*(?:已经?|共)?达到?" if added else "[起次件人户例宗总数量额]*(?:为|是|达到?|共|支出|:)?"
    )
    return bool(re.match(f"{_OF_WHOM}{thing}{reached}\\d", clause))
