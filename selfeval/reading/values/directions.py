"""What the name of an indicator says of its direction: 故障率 is better low, 投诉处理率 better high."""

from __future__ import annotations

import re

from selfeval.base.memo import remembered
from selfeval.base.model import Direction
from selfeval.base.text import fold

_BAD = (
    "故障|逾期|投诉|差错|错误|失误|违规|违约|违法|违纪|犯罪|返工|不良|退货|退件|流失|空置|闲置|能耗|电耗|"
    "水耗|油耗|耗电|耗水|耗能|消耗|排放|延误|延迟|延期|"
    "超期|超时|超标|超支|死亡|伤亡|受伤|轻伤|重伤|事故|火灾|险情|发病|患病|感染|发案|案发|损耗|损失|漏损|"
    "浪费|拖欠|欠费|欠薪|缺勤|旷工|迟到|误差|偏差|污染|"
    "上访|闹访|缠访|信访|举报|坏账|赤字|负债|债务|失业|辍学|贫困发生|返贫|致贫|复发|宕机|停机|死机|中断|停电|"
    "停水|断网|泄密|泄露|泄漏|舆情|抛荒|撂荒|"
    "纠纷|冲突|积压|排队|等候|空缺|误报|漏报|漏检|误码|丢包|拥堵|噪声|噪音|次品|废品|报废|破损|不合格|不满意|"
    "负面|缺陷|脱管|漏管|再犯|化学需氧量|PM2.5|PM10"
)
_HAPPENS = "(?:贷款|账款|事件|问题|案件|行为|现象|隐患)?(?:发生|出现|产生)?"
_RATE = "率|比率|比例|占比|比重|发生率|强度|浓度|指数|水平|程度|面积占比|时间|时长|天数|小时数|分钟数|度"
_COUNT = (
    "次数|起数|件数|例数|人数|户数|宗数|个数|数|数量|总数|总量|量|次|起|件|例|人次|件次|面积|金额|总额|余额|规模|"
    "情况|事件|事件数|事件数量|案件|案件数|案件数量|人员"
)
_LESS_RATE = re.compile(rf"(?:{_BAD}){_HAPPENS}(?:{_RATE})$")
_LESS_COUNT = re.compile(rf"(?:{_BAD}){_HAPPENS}(?:{_COUNT})?$")
_LESS_TIME = re.compile(
    "(?:响应|等待|等候|修复|处理|处置|办理|办结|审批|受理|到达|送达|恢复|排队|解决|答复|回复|通行|耗)(?:时间|"
    "时长|时限|用时|耗时|周期|天数|小时数)$|"
    "(?:耗时|用时|办理时限|办结时限|承诺时限|三公经费)$"
)
_REDUCES = re.compile(r"^(?:有效|进一步|逐步|切实|努力)*(?:降低|减少|压减|压降|缩短|消除|杜绝|防止|避免|防范|遏制)")
_HANDLES = re.compile(
    "^(?:全年|年度|当年|累计|及时)*(?:救助|救治|帮扶|资助|补助|慰问|处理|处置|整治|治理|化解|查处|查办|打击|"
    "培训|抢修|检测|监测|监督|检查|排查|抽查|发现|受理|"
    "办理|调解|核查|清理|清欠|清收|追缴|催收|盘活|收回|追回|修复|扑救|打捞|安置|接待|审理|侦破|破获|完成|支持|宣传)"
)
_GOOD = (
    "处理|处置|整改|化解|办结|解决|回复|受理|查处|修复|回访|控制|达标|降低|下降|减少|压减|压降|节约|节省|排除|"
    "恢复|治理|清零|防范|防治|回收|盘活|结余"
)
_MORE = re.compile(
    rf"(?:{_GOOD})(?:完成|及时|成功|到位|满意)?(?:率|比例|幅度|幅|数|数量|量|次数|面积|额|金额|情况)$|"
    rf"(?:降低|下降|减少|压减|压降|节约|节省|缩短)$|降幅$|减幅$"
)
_NOT_BAD = re.compile(
    rf"(?:无|零|未|防|反|抗|非|免|不发生)(?:发生|出现|重大|较大|安全|有责|责任|一般)*(?:{_BAD})[^，。；]{{0,8}}$"
)
_STANDARD = re.compile(
    r"(?:补助|补贴|资助|发放|奖励|奖补|支付|收费|救助|低保|供养|抚恤|慰问|津贴|津补贴|工资|薪酬|报酬|生活费|"
    r"护理|保障|缴费|待遇|人均|生均|每人|每亩|户均).{0,8}标准"
)
_SAVES = re.compile("节约|节省|降低|下降|压减|压降|结余|减少")
_UNIT_OR_LIST = re.compile(r"\([^()]*\)|^(?:指标|目标)\s*\d+\s*:|[\s:。]+$")
_COMPARED = re.compile(
    r"(?:不?(?:得|应|能)?(?:低于|高于|超过|少于|多于|大于|小于)|[≥≤<>=]|控制在|控制|达到|不足|为?零|\d).*$", re.DOTALL
)
MAX_NAME = 200


@remembered
def name_direction(name: str) -> Direction | None:
    """Better high, better low, or nothing said. What counts is how the name ends: 故障率, but 故障修复率."""
    head = _COMPARED.sub("", _UNIT_OR_LIST.sub("", fold(name[:MAX_NAME]))).strip()
    head = re.sub(r"(?:指标|情况)$", "", head)
    if _MORE.search(head) or _NOT_BAD.search(head):
        return Direction.POSITIVE
    if _LESS_TIME.search(head):
        return None if _REDUCES.match(head) else Direction.NEGATIVE
    if _LESS_RATE.search(head):
        return Direction.POSITIVE if _REDUCES.match(head) else Direction.NEGATIVE
    if _LESS_COUNT.search(head):
        return Direction.POSITIVE if _REDUCES.match(head) or _HANDLES.match(head) else Direction.NEGATIVE
    return None


@remembered
def handles_standard(name: str) -> bool:
    """Whether a name is that of a paid standard (补助标准), which is to be met exactly."""
    return bool(_STANDARD.search(fold(name[:MAX_NAME])))


def saves(name: str) -> bool:
    """Whether a name speaks of money saved, which is no cost."""
    return bool(_SAVES.search(name[:MAX_NAME]))
