"""Words beside a result that say there is something wrong with it, though no table knows the words themselves.

What is left of a clause when all known words are taken out is looked at by its characters: one that denies, undoes,
doubts, postpones or narrows (未, 缺, 拖, 假, 另, 仅) is a sign of trouble, unless it stands in a compound where it
means nothing of the kind (停车, 退休, 查缺补漏). Such a clause fits a result that misses its target, as its reason;
beside one that reaches it, nobody can tell whether it does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from selfeval.base.model import PERCENT
from selfeval.reading.values.claims import Claim, Roles
from selfeval.reading.values.clauses import NUMBERS, Clause, Question, label_of
from selfeval.reading.values.others import asks_for_act, holds_act
from selfeval.reading.values.roles import BESIDES, TAKEN, ClauseRole
from selfeval.reading.values.wording import DATE, HARMLESS, NUMBER_LETTER, UNKNOWN, Token, wording

_SIGNS = re.compile(
    "[未没否缺欠漏弃停撤终暂缓拖滞误拒虚估拟待疑荒闲霉锈烂坏死丢串渗裂毁亏催垫赊掺冒恐候凭罚旧裸邻挪坍塌另仅才扣]|失(?![业能独智])|假(?!期|日)|"
    "退(?!役|休|耕|牧|捕|渔|伍)|延(?!伸|时服务|续)|非(?!公|农|税|遗)|争(?!创|取|先)|将|需(?!求)|尚|仍|还(?!款|田|贷|建|林)|只|编[造的]|"
    "混[入报]|大[概致约]|审[查核]中|在[建办审批]|预[缴付支收报估产定]|首[笔付批期针]|自(?!来|动|愿|然|助|治|身|主|行车|律|强|信|新|驾|制)|"
    "他[人县市区]|外[单县市]|往[年期]|被[盗抢占]|占[用作]|挂(?!牌)|降[级格]|不(?![^，。；]{0,2}不)|无(?![^，。；]{0,3}(?:问题|差错|投诉|异常))"
)
"""Characters that deny, undo, doubt, postpone or narrow, in words that no table knows."""
_FIRM = re.compile(
    "重复|返工|重[算做审报新]|临时|借用|借调|瑕疵|过期|挂账|代[签付垫购]|顶替|走过场|算在内|统计在内|计算?在内|含在内|一并计入|也算|补录|补填|"
    "倒[签查推填]|光是|降[级格]|破损|损坏|沉降|纠纷|诉讼|仲裁|复议|水分|改口|更正|冲[销减]|转包|挂靠|样子|空[壳号转白头岗]|摆设|一半|过半|半数|几成|"
    "口头|口述|据[说称传]|估摸|可能|也许|排队|途中|测试[版时期]|试[用行]|兄弟|隔壁|别[的家人处]|断[供水电档货交线]|离[线职岗]|掉[线队]|"
    "脱[管节岗]|名义|异议|打不开|开不了|流失|闭馆|首批|雷同|有?出入|反悔|退回|摆拍|截图|应付|凑数|停用|淘汰|残值|押金|(?<![审核评])定金(?!额)|订金|保证金|"
    r"事后|排了|摘牌|注销|漏[报登统检算]|未(?:统计|计入|纳入)|改[从由]|在内\s*$|报来|报上来|算[一作]|当[作成]|来我[县市区校院镇]|录播|后补|补[的上]|默认|演示版|回退|一人多|来过|来了\d|改名|更名|翻牌|换牌|让补|观摩|再[看说议补测做验审报改]|参加(?:上级|[省市县]里?)|(?:尚|还|另)有[^，。；]{0,12}(?:审[批核]|[处办]理|核查|施工|申请|复核)中|[一二三四五六七八九]成(?![立果功效员本交都就活熟品绩])|僵尸|而已|[为评]差|不及格|同款|原[填报]|口径|分期|下[线架]|则为?[\d.]|计入[^，。；]{2,8}(?:项目|单位|部门)\s*$|(?<!款)跨年(?:支付|拨付|发放|兑付)|极少|寥寥|甚少|为数不多|[后又因][^，。；]{0,8}(?:追回|收回|退回|追缴)|关[停闭门]|抵[扣顶]|除外"
)
"""Words that say as much, also where a known one ends or begins in their middle (重|复检)."""
_HARMLESS = re.compile(
    "(?:修复|整治|改造|更换|治理|维修|修补|处置|清理|拆除|加固)了?[^，。；后又再时]{0,4}"
    "(?:破损|损坏|损毁|坍塌|塌陷|沉降|废弃|荒废|烂尾|裂缝|渗漏|漏水|淤塞|水毁|病害)|"
    r"冬闲|(?:清理|清除|处置|排除|修复)(?:路面|边坡|路基)?(?:塌方|滑坡|坍塌|垮塌|水毁|危石)|下线(?=老旧|旧|原有|服务器|设备)|旧[址居]|销毁|旧(?:设备|电脑|灯具|机器|服务器|家具|车辆)|周[一二三四五六日](?:例行)?闭馆|例行闭馆|清除旧|旧车|拆除旧|更换旧|旧[标线管件村]|出入[口境库]|应付[账款]|中断[\d.]|老旧|"
    "停车|停靠|公交停|终端|终身|终点|待遇|接待|等待期|模拟|虚拟|评估|查[漏缺]补[缺漏]|拾遗补缺|废弃|遗弃|缓解|缓坡|滞洪|滞尘|误工|误餐|疑难|"
    "释疑|答疑|退[出化]林|退役|将军|供需|按需|军需|应需|才艺|人才|英才|育才|还[款田贷建林绿湿]|光是|借阅|借书|外借|借还|漏水点|漏损|堵漏|检漏|"
    "欠薪|欠发达|缺水|缺氧|缺陷|非遗|非公|荒山|荒地|荒漠|撂荒地|拖拉机|失业|失能|失独|失智|失地|失信|防渗|防裂|抗裂|灭失|死角|死亡率|"
    r"旧城|旧改|老旧|怀旧|闲暇|休闲|农闲|挂网|挂号|挂职|挂钩|挂图|悬挂|张挂|防锈|除锈|防霉|不动产|不锈钢|不良|无障碍|无人机|无害化|无偿|无线|免费|只[数均]|另类|裂缝处|预报|预警|预防|预算|保修|保质|试点|试验|寒假|暑假|寒暑假|挽回[^，。；\d]{0,4}损失|嫌疑|停机|断电停|催[收缴]|自[查检评]合格|另行统计|死亡人员|矛盾纠纷|考试|面试|笔试|测试[合通]"
)
"""Compounds that hold such a character and mean nothing of the kind."""
_FEWER = re.compile("[只仅才]")


def troubles_of(told: Roles, chosen: Sequence[Clause], picked: Clause | None, question: Question) -> list[Claim]:
    """What is said beside a result, or of it, and does not go with its reaching the target."""
    telling = [picked] if picked else chosen
    found = [c.words for c in telling if is_troubled(c, question) or of_some_only(c, question)]
    found += [c.words for c, r in told if c not in telling and not is_settled(c) and is_trouble_beside(c, r, question)]
    if telling and all(c.letters == NUMBER_LETTER for c in telling):  # 13个，其中引进9个
        acts = [_OF_THEM.fullmatch(c.words) for c, r in told if r is ClauseRole.PART]
        found += [m.group() for m in acts if m and holds_act(m[1], question)]
    return [Claim(words, not_reached=True) for words in found]


_OF_THEM = re.compile(r"其中(?:已|实际)?([\u4e00-\u9fff]{2})[的了]?[\d.]+[^，。；\d]{0,3}")


_TOLD = (
    ClauseRole.PLAN,
    ClauseRole.OTHER_YEAR,
    ClauseRole.GAP,
    ClauseRole.CHANGE,
    ClauseRole.FROM,
    ClauseRole.ELSEWHERE,
)
"""Roles of clauses that speak of something else, whatever words they use."""
_GIVEN_UP = re.compile("放弃|取消|终止|撤销|作废|解除|退[出订租股学赛库货款]|重复|未(?:统计|测算|纳入)")
"""`录用32人，放弃报到5人`."""


def is_trouble_beside(clause: Clause, role: ClauseRole, question: Question) -> bool:
    """Whether a clause beside the result says that something is wrong with it."""
    numbers = clause.of(f"{NUMBERS}{DATE}")
    if (clause.inside and is_other_act_of_part(clause, question)) or is_in_doubt(clause, question):
        return True
    if (_STILL_OPEN if question.dated else _STOPPED if question.unit == PERCENT else _TURNED_INTO).search(clause.words):
        return True
    if role is ClauseRole.REST and NUMBER_LETTER in clause.letters and not question.compound:
        return bool(_GIVEN_UP.search(clause.words))
    if any(label_of(clause, n).endswith("率") for n in numbers):
        return False
    if numbers and role in _TOLD:
        return bool(_FIRM.search(leftover(clause)[0]))
    some = role in TAKEN and not numbers and not is_fine(clause) and of_some_only(clause, question)
    return some or is_troubled(clause, question)


_IS_ACT = re.compile(r"\d\D{0,2}(?:为|是|系|属于?)([\u4e00-\u9fff]{2})$")


_REMEDIED = re.compile(
    r"(?![^，。；]*[虚假骗冒重漏])[^，。；\d]{2,10}(?:已|均已|已全部|全部)(?:及时|完成)?"
    "(?:补植|补种|补栽|更换|整改|修复|维修|处置|补齐|销号|化解|解决)(?:到位|完毕|完成)?"
)
_UNWILLING = re.compile(r"\d[^，。；\d]{1,4}(?:自愿|主动)?(?:放弃|不愿|外出)")


def is_settled(clause: Clause) -> bool:
    """`死亡苗木已补植`, `另有2户自愿放弃`: a trouble that is mended, or outside of what was counted."""
    outside = BESIDES.match(clause.words) and _UNWILLING.search(clause.words)
    return bool(outside or _REMEDIED.fullmatch(clause.words))


_BY_PHONE = re.compile("(?:电话|微信|视频|线上|书面)(?:核查|走访|慰问|检查|巡查|入户|查验|验收|回访|核实)")
_OF_OTHERS = re.compile(
    r"含[^，。；\d]{0,6}(陪同|家属|家长|外[省市县单]|往年|历年|上年|以前年度|陈欠|非本)|(真实率|真实性)[仅只不为达]{0,2}\d"
)
"""`3260人次，含家长陪同480人次`, `抽查真实率仅80%`."""
_GIVEN = re.compile(r"(?:其中|含|包括)[^，。；\d]{0,4}(捐赠|赠送|受赠|调拨|划转|划拨|借用|自带)")
"""`3120册，其中捐赠2000册` where things were to be bought."""
_ONE_ROUND = re.compile("第[一二三四1-4](?:剂|针|批|轮|期|阶段|学期)次?")
_ON_THE_SPOT, _FAR = re.compile("入户|上门|实地|现场"), re.compile("电话|微信|短信|视频|网络")
"""`213次（含微信答疑120次）` where homes were to be visited."""
_FOUND_OUT = re.compile(
    "(审计|检查|核查|抽查|复核|巡[察视])[^，。；]{0,2}发现[^，。；]*(?:不符|重复|未|虚|错|冒|不实|弄虚|长期|黑屏|停用|闲置|损坏|无人|离线|空置|故障)"
)
"""`312人次，审计发现18人不符合条件`."""
_STILL_OPEN = re.compile(r"(?:尚|仍|还|另)有[^，。；]{0,12}(?:未|待)[^，。；]{2,8}")
"""`10月20日完成，但尚有2处护栏未安装`."""
_STOPPED = re.compile(r"[有\d][^，。；]{0,10}(?:停运|停用|停业|停供|停产|空转)")
"""`100%，但有9个村实际已停运`."""
_TURNED_INTO = re.compile("改为|改成|代替|替代|顶替")
"""`其中12场改为发放传单`."""


def is_in_doubt(clause: Clause, question: Question) -> bool:
    """`2100户（电话核查）`, `审计发现18人不符合条件`: not done on the spot, or found to be otherwise by others."""
    given = _GIVEN.match(clause.words)
    if given and re.search("[购采]", question.words) and given[1] not in question.words:
        return True
    if clause.inside and question.unit == PERCENT and _ONE_ROUND.fullmatch(clause.words):
        return True
    if (added := _OF_OTHERS.search(clause.words)) and (added[1] or added[2]) not in question.words:
        return True
    by_others = _FOUND_OUT.search(clause.words)
    if by_others and by_others[1] not in question.words:
        return True
    far = _FAR.search(clause.words) if _ON_THE_SPOT.search(question.words) else None
    if far and far.group() not in question.words:
        return True
    found = _BY_PHONE.search(clause.words)
    return found is not None and found.group()[2:] in question.words and found.group()[:2] not in question.words


def is_other_act_of_part(clause: Clause, question: Question) -> bool:
    """`11个（3个为改造）` where new ones are asked for."""
    act = _IS_ACT.search(clause.words)
    return (
        act is not None
        and act[1] in wording().sets["act"]
        and not holds_act(act[1], question)
        and asks_for_act(question)
    )


def of_some_only(clause: Clause, question: Question) -> bool:
    """`首批4.8万元`, `多数为电话询问`: said of a part."""
    return not question.dated and any(_PARTS.match(t.text) and t.text not in question.words for t in clause.of("H"))


_PARTS = re.compile("首|第一批|大[部半多]|多[数半]|绝?大多|过半|半|初|中期|试|样|进度|局部|试点|征求意见稿")


def is_fine(clause: Clause) -> bool:
    """`大多数学员表示满意`."""
    return clause.tokens[-1].text.endswith(tuple(wording().sets["fine"]))


def leftover(clause: Clause) -> tuple[str, str]:
    """A clause without its harmless compounds and phrases; the same without any word that is known."""
    begin, end = clause.tokens[0].start, clause.tokens[-1].end
    hidden = [m.span() for m in _HARMLESS.finditer(clause.text, begin, end)]
    ahead = [None, *clause.tokens]
    firm, left = "", ""
    for last, token in zip(ahead, clause.tokens, strict=False):
        shown = not any(a <= token.start < b for a, b in hidden)
        left += token.text if shown and is_left(token, last) else " "
        firm += token.text if shown and (token.letter != HARMLESS or len(token.text) < _PHRASE) else " "
    return firm, left


_PHRASE = 3
"""A known word as long as this is known as a whole."""
_DENIES = re.compile("[无未没杜]")
_BEASTS = re.compile(r"[头羽尾万亿\d]$")


def is_left(token: Token, last: Token | None) -> bool:
    """Whether a word is known for nothing; not where it is denied (无截留|挪用), nor as a counter (32万头|只)."""
    if last and len(last.text) > 1 and (_DENIES.match(last.text) or (token.text == "只" and _BEASTS.search(last.text))):
        return False
    return token.letter == UNKNOWN or (token.letter == HARMLESS and len(token.text) == 1)


def is_troubled(clause: Clause, question: Question) -> bool:
    """Whether a sign of trouble stands in a clause."""
    firm, left = leftover(clause)
    if _FIRM.search(firm):
        return True
    signs = (sign.group() for sign in _SIGNS.finditer(left))
    return any(sign[0] not in question.words and not (question.less and _FEWER.fullmatch(sign)) for sign in signs)
