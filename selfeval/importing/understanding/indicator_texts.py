"""The texts of an indicator as the tables have them: plain signs and units, details that are not scored, scores."""

from __future__ import annotations

import re

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.draft import UNSCORED
from selfeval.importing.ledger import Sort
from selfeval.importing.understanding.alignment import Aligned
from selfeval.importing.understanding.column_content import ACTUAL_UNIT, is_number, plain_points
from selfeval.importing.understanding.state import State
from selfeval.importing.vocabulary import METHODS, OF_WHICH, is_nothing, squeeze


def with_unit(texts: dict[str, str]) -> None:
    """A number of 实际完成值 and its unit in the column behind it are one value, in place."""
    if is_number(squeeze(texts.get("实际完成值", ""))) and not is_nothing(texts.get(ACTUAL_UNIT, "")):
        texts["实际完成值"] += texts[ACTUAL_UNIT]


def tidy(state: State, aligned: Aligned, wanted: dict[str, str]) -> None:
    """Puts the texts of a row into the words of the tables, in place."""
    if "分值" in wanted:
        wanted["分值"] = plain_points(wanted["分值"])
    _adjusted(wanted)
    _plain_nature(wanted)
    _plain_unit(wanted)
    _detail(state, aligned, wanted)
    _score(state, aligned, wanted)
    if wanted.get("评分方法") and wanted["评分方法"] not in METHODS | {UNSCORED}:
        del wanted["评分方法"]
    if "指标方向" in wanted:
        wanted["指标方向"] = _direction(wanted["指标方向"])


WHY_UNSCORED = "未评分原因："
"""How our own reports begin a reason of their own, on a line before the unit's."""
_SCORE = re.compile(r"(\d+(?:\.\d+)?)分?(?=\s|$|规则)")


_ASIDE = re.compile(r"(.*?)\s*[（(](年初|调整后)[:：]\s*([^（）()]+?)(?:，(\d+(?:\.\d+)?)\s*分)?[)）]", re.DOTALL)


def _adjusted(wanted: dict[str, str]) -> None:
    """`≤140万元（年初：≤130万元，10 分）`: the target before and after its adjustment, each whole."""
    aside = _ASIDE.fullmatch(wanted.get("指标值", ""))
    if aside is None or "调整后指标值" in wanted:
        return
    here = "".join((wanted.pop("指标性质", ""), aside[1], wanted.pop("度量单位", "")))
    pair, weights = (aside[3], here), (aside[4], wanted.get("分值", ""))
    if aside[2] == "调整后":
        pair, weights = pair[::-1], weights[::-1]
    wanted["指标值"], wanted["调整后指标值"] = pair
    if aside[4] and weights[1]:
        wanted["分值"], wanted["调整后分值"] = weights


def _plain_nature(wanted: dict[str, str]) -> None:
    """定性指标 is 定性; 定量指标 says nothing that the target does not say."""
    nature = squeeze(wanted.get("指标性质", "")).removesuffix("指标")
    if nature == "定性":
        wanted["指标性质"] = nature
    elif nature == "定量":
        del wanted["指标性质"]


def _plain_unit(wanted: dict[str, str]) -> None:
    """A unit that the target ends with already is not written twice: 6次 | 次."""
    unit, value = squeeze(wanted.get("度量单位", "")), squeeze(wanted.get("指标值", ""))
    if unit and value.endswith(unit) and value != unit:
        del wanted["度量单位"]


def _detail(state: State, aligned: Aligned, wanted: dict[str, str]) -> None:
    """其中：… without points of its own details the row above: shown, outside all sums."""
    name = squeeze(wanted.get("三级指标", ""))
    unweighted = not wanted.get("分值") and not aligned.left_out  # a cell that was not read may be its points
    if OF_WHICH.match(name) and unweighted and state.here().indicators and "评分方法" not in wanted:
        wanted["评分方法"] = UNSCORED
        message = phrase("“{name}”是上一项的分项，没有分值，记作“{unscored}”", name=short(name), unscored=UNSCORED)
        state.ledger.remark(
            Sort.GUESSED,
            message,
            aligned.cells["三级指标"].place if "三级指标" in aligned.cells else "",
            state.here().name,
        )


def _score(state: State, aligned: Aligned, wanted: dict[str, str]) -> None:
    """原表得分 is a number; what else stands in its cell is shown. A reason why nothing was scored is no reason."""
    name = state.here().name
    score, cell = wanted.get("原表得分"), aligned.cells.get("原表得分")
    if score and cell:
        match = _SCORE.match(score)
        rest = score[match.end() :].strip() if match else score
        wanted |= {"原表得分": match[1]} if match else {}
        if not match:
            del wanted["原表得分"]
        if rest:
            message = phrase("得分栏里的“{rest}”不是得分，没有采用", rest=short(rest))
            state.ledger.remark(Sort.DROPPED, message, cell.place, name)
    reason, cell = wanted.get("偏差原因分析及改进措施", ""), aligned.cells.get("偏差原因分析及改进措施")
    if cell and reason.startswith(WHY_UNSCORED):
        first, _, wanted["偏差原因分析及改进措施"] = reason.partition("\n")
        state.ledger.remark(Sort.DROPPED, phrase("没有采用：{told}", told=short(first, 120)), cell.place, name)


def _direction(text: str) -> str:
    """正向指标, 负向 … as the tables write it; anything else stays."""
    words = squeeze(text).removesuffix("指标")
    return {"负向": "反向", "逆向": "反向", "正": "正向", "反": "反向", "负": "反向"}.get(words, words)
