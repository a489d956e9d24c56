"""What a number is called, and whether that is another thing than the target: 返工率, 线下办理率, 干部满意度, 投资."""

from __future__ import annotations

import re

_SUFFIX = re.compile("(?:天数|人数|户数|次数|数量|面积)?(?:率|度|比例|占比)$")
_DENIED_RATE = re.compile("[不未非](?:合格|满意|达标|及时|通过|准时|按时|按期|达)")
_SAME_RATES = tuple(re.compile(names) for names in ("满意|好评|认可", "合格|通过|达标", "及时|准时|按时|按期"))
"""Rates that say much the same under another name: an opinion, a quality, a time that was kept."""
_OPINION = re.compile("满意|好评|认可|安全感|获得感|幸福感|支持|赞[成同]|同意|知晓|优[良秀]|得分")
"""What people think: 参会率 and 参与率 are no 满意度."""
_SURVEYING = re.compile("回收|收回|回复|应答|答卷|参与|参评|抽样|抽查|调查")
"""How many were asked, or answered: 满意度调查回收率 is no 满意度."""
_FILLED = (
    r"(?:化|工作|任务|产?品|完成|覆盖|达成|实现|执行|到位|落实|情况|的|总|综合|平均|天数|人数|户数|次数|数量|面积)*"
)
_RATE_END = "(?:比?率|(?<![季年月])度|比例|占比|比重|$|[，、(,])"


_EARLY = re.compile("(?<![测考面笔尝调])[预初试拟待]([\u4e00-\u9fff]{2,}率)$")
"""`预验收合格率`: of a step before the target's own."""


def is_other_rate(label: str, words: str) -> bool:
    """Whether a rate (返工率, 抽检率) is another than the one that the target's words ask for, by no other name."""
    label = label if "参保" in words else label.replace("参保", "保险")
    stem = _SUFFIX.sub("", label)[-2:]
    if label.endswith("率") and _OPINION.search(words) and not _OPINION.search(label):
        return True
    early = _EARLY.search(label)
    if (early and early[1] in words and early[0] not in words) or (stem and names_other_part(label, words)):
        return True
    same = not _SURVEYING.fullmatch(stem) and not _DENIED_RATE.search(label + words) and say_the_same(label, words)
    if not stem or same:
        return False
    denied = "[不未非]" if _DENIED_RATE.search(label) else "(?<![不未非])"
    if not re.search(denied + re.escape(stem), words):
        return not is_short_for(label, words)
    core = re.sub("^(?:全年|年度|本年|总体|综合)", "", _SUFFIX.sub("", label))
    if len(core) > len(stem) and all(char in words for char in core):
        return False  # 机械化作业率, 作业机械化率
    covers = "覆盖" in words and label.endswith(("占比", "比例"))
    named = not covers and label != stem and re.search(f"{re.escape(stem)}[^，]{{1,6}}率", words)
    return bool(named) and not re.search(f"{re.escape(stem)}{_FILLED}{_RATE_END}", words)  # 抽检率, 抽检合格率


def say_the_same(label: str, words: str) -> bool:
    """Whether two names are of rates that say much the same."""
    return any(names.search(label) and names.search(words) for names in _SAME_RATES)


_ONLINE = re.compile("(?:网上|线上|网络|在线)办[理结]")


def is_short_for(label: str, words: str) -> bool:
    """`网办率` for 网上办理率: both characters in their order, within one name."""
    stem = _SUFFIX.sub("", label)
    if "网办" in words and _ONLINE.search(label):
        return True
    return len(stem) == 2 and bool(
        re.search(f"{re.escape(stem[0])}[^，]{{1,2}}{re.escape(stem[1])}[^，]{{0,2}}率", words)
    )


# ── another part or party ─────────────────────────────────────────────────────────────────────

_PARTIES = re.compile(
    "(?:工作|窗口|服务|管理)人员|干部|职工|员工|教师|老师|学生|家长|患者|病人|企业|商户|游客|学员|老人|残疾人|农户|读者|观众|司机|旅客|考生"
)
_INSIDERS = re.compile("(?:工作|窗口|服务|管理)人员|干部|职工|员工")
_UNITS = re.compile("(?:理事|会员|成员|合作|用人|参建|参展|主管|帮扶)(?:单位|企业)")
_PUBLIC = re.compile("群众|公众|居民|村民|服务对象|社会|市民")
_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        ("线上|网上|网络|在线|电子", "线下|窗口|现场|纸质"),
        ("城镇|城市|城区", "农村|乡村"),
        ("省外|域外|境外", "省内|域内|境内"),
        ("室内", "室外"),
        ("男性", "女性"),
        ("地表", "地下"),
        ("出口", "进口"),
        ("公办", "民办"),
    )
)


def names_other_part(label: str, words: str) -> bool:
    """`干部满意度` against 群众满意度, `线下办理率` against 网上办理率."""
    if "满意" not in label:
        pairs = (*_OPPOSITES, *((other, one) for one, other in _OPPOSITES))
        return any(b.search(label) and a.search(words) and not b.search(words) for a, b in pairs)
    said, asked = set(_PARTIES.findall(label)), set(_PARTIES.findall(words))
    insiders = _INSIDERS.search(label) and _PUBLIC.search(words)
    if (units := _UNITS.search(label)) and _PUBLIC.search(words):
        return units.group() not in words
    return bool(said and (asked or insiders)) and not said & asked


# ── another kind of money ─────────────────────────────────────────────────────────────────────

_MONEY = (
    ("cost", "成本|造价|费用|支出|支付|花费|开支|结算|决算|审定|投入|投资|总价|经费"),
    ("invest", "投资|投入"),
    ("funds", "拨款|到位资金|资金到位|筹集|筹资|筹措"),
    ("sales", "销售|营业|营收|交易|成交"),
    ("output", "产值"),
    ("tax", "税收|税额|纳税|税款|缴税"),
    ("profit", "利润|盈利|净利|收益"),
    ("income", "收入|增收|创收|收益"),
    ("loan", "贷款|授信|融资|放贷"),
    ("subsidy", "补贴|补助|救助|奖补|资助|奖励"),
    ("fine", "罚款|罚没|处罚"),
)
_ALIKE = {
    "cost": {"invest", "subsidy"},
    "invest": {"cost"},
    "sales": {"income"},
    "subsidy": {"cost"},
    "income": {"profit", "sales"},
}


def names_other_money(label: str, words: str) -> bool:
    """`投资` against 销售额: both name a kind of money, and not the same."""
    said, asked = money_named(label), money_named(words)
    allowed = asked.union(*(_ALIKE.get(kind, set()) for kind in asked))
    public = "财政" in words or "社会" not in words or "财政" not in label
    return (bool(said and asked) and not said & allowed) or not public


def money_named(words: str) -> set[str]:
    """The kinds of money that words name."""
    return {kind for kind, names in _MONEY if re.search(names, words)}
