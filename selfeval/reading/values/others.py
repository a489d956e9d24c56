"""Numbers of another thing than the target's: another kind of money, the stock there is, a step before.

A number with the right unit says nothing where what stands before it names something else: 在校学生6600人
against 体检人数. Where that is certain the number is refused (`roles`); where only the words
differ, it is taken and the words are quoted (`quoted.py`).
"""

from __future__ import annotations

import re
from itertools import pairwise

from selfeval.base.memo import remembered
from selfeval.base.model import PERCENT
from selfeval.reading.values.clauses import NUMBERS, Clause, Question, before
from selfeval.reading.values.namesakes import names_other_money
from selfeval.reading.values.wording import DATE, NUMBER_LETTER, Token, acts_in, acts_meant, ends_in_act, wording


def is_own(token: Token, question: Question) -> bool:
    """Whether a word is the target's own: `完成时限` in its name makes 时限 no plan."""
    return len(token.text) > 1 and token.text in question.words


def is_act(token: Token) -> bool:
    """Whether a word is an act, or a name that ends in one (无障碍改造)."""
    return token.letter in "FA" or ends_in_act(token.text)


# ── what there is, and what comes before ──────────────────────────────────────────────────────


_HOUSES = frozenset("场站点室厂户车所员机")
"""Behind an act, the thing that is for it: 养殖场."""


def is_stock(token: Token, clause: Clause, question: Question) -> bool:
    """`现有广场12个`, `在校学生6600人`: how many there are, where something was to be done to them."""
    asked = asks_for_act(question) or "新增" in question.words
    if token.text not in wording().sets["stock"] or is_own(token, question) or not asked:
        return False
    behind = [t for t in clause.tokens if t.start >= token.end]
    behind = [t for t in behind if clause.text[t.end : t.end + 1] not in _HOUSES]
    if any(t.end <= token.start and is_act(t) and is_own(t, question) for t in clause.tokens):
        return False  # 修复馆藏文物31件
    return not any(is_act(t) and (t.letter == "F" or is_own(t, question)) for t in behind)


_NO_THING = re.compile("参加|参与|服务|受益|场次|完成|实际|数量")


def names_whole(clause: Clause, question: Question) -> bool:
    """`校舍面积8500平方米` against a 校舍维修面积: the name without its act is how much there is."""
    if question.dated or question.compound or question.unit in {"", "元", PERCENT}:
        return False
    labels = (_LABEL.search(before(clause, number)) for number in clause.of(NUMBER_LETTER))
    called = [label[1] for label in labels if label and not _NO_THING.match(label[1])]
    called = [label for label in called if not acts_in(label)]
    wholes = [name.replace(act, "", 1) for name in question.names for act in acts_in(name)]
    return any(whole.endswith(label) and label not in question.words for label in called for whole in wholes)


_LABEL = re.compile("([\u4e00-\u9fff]{4,12}?)(?:为|是|达到?|共|约)?$")


def asks_for_act(question: Question) -> bool:
    """Whether a target's name says that something is done, not that something is there."""
    return any(acts_asked(name) for name in question.names)


@remembered
def acts_asked(name: str) -> bool:
    """Whether a name holds an act that is not only part of a thing's name."""
    return bool(acts_in(_THING_FOR_ACT.sub("", name)))


_THING_FOR_ACT = re.compile(
    "宣传(?:专?[栏刊册片牌屏画报页品单]|资料|材料|手册|海报|折页|标语|横幅|视频|展板|专刊|画册|阵地)|"
    "(?:培训|实训|见习|孵化|监测|检测|体检|接种|救助|养护|回收|调解|演出|展览|评价|维修|登记|检查)"
    "(?:基地|中心|站点?|教室|平台|系统|仪器?|车辆?(?!次)|教材|点位|工作站|机构|队伍?)"
)
"""`宣传专刊`, `监测站点`: an act inside the name of a thing that is for it."""
_LISTED = re.compile("清单|名单|合同|台账|申请表?|公告|通知书?|协议|预算|名额|花名册|计划书?|方案|许可证?|意见书")
"""Behind the target's own act: papers about it (采购清单50台)."""
RECEIVED = re.compile("案件|信访|投诉|举报|诉求|工单|来访|警情")
"""Of these it is an act to receive them."""
_SIGNED = re.compile(
    r"^(?:公告|通告|预告|海报)|(?:采购|购买)[^，。；\d]{1,8}服务[^，。；\d]{0,2}\d|签[订署][^，。；\d]{0,8}(?:合同|协议|责任书)[^，。；\d]{0,2}\d"
)


def counts_received(question: Question) -> bool:
    """Whether a target counts what came in (信访量), not what was done about it."""
    return bool(RECEIVED.search(question.words)) and not asks_for_act(question)


def takes_in(words: str, question: Question) -> bool:
    """`受理案件328件` against a 案件数: to receive them is the act that is counted."""
    return counts_received(question) and bool(re.search("受理|收到|接到|登记|接访", words))


_DEALT_WITH = re.compile(
    "(?:办结|结案|化解|解决|查处|整改|销号|答复|回复|侦破|破案|修复|治愈|平息)(?:了|完毕)?[^，。；\\d]{0,4}$"
)


def counts_dealt_with(clause: Clause, question: Question) -> bool:
    """`办结8件` against a 信访量: how many of those that came were dealt with."""
    if not question.less or question.unit == PERCENT or asks_for_act(question):
        return False
    found = (_DEALT_WITH.search(before(clause, number)) for number in clause.of(NUMBER_LETTER))
    return any(match and match.group()[:2] not in question.words for match in found)


_STEP_ASKED = re.compile("申请|申报|受理|推荐|征集|收集|报送|提交|采集|排查|检查|检测|监测|抽检|巡查")


def comes_of_it(clause: Clause, question: Question) -> bool:
    """`12件，已授权4件` against a 专利申请量: what became of those that were counted."""
    acts = any(t.text in wording().sets["act"] for t in clause.tokens)
    return acts and bool(_STEP_ASKED.search(question.words)) and not holds_act(clause.words, question)


_OPINION = re.compile("满意|知晓|认可|支持率|好评")


def is_step_before(clause: Clause, question: Question) -> bool:
    """`已公示240户`, `推荐就业800名`: a step that comes before the target's own act, which nothing says was done."""
    if question.dated or NUMBER_LETTER not in clause.letters:
        return False
    if "F" in clause.letters:
        return finishes_step(clause, question)
    if _SIGNED.search(clause.words) and not re.search("[签购]", question.words):
        return True
    number = clause.of(NUMBER_LETTER)[0]
    listed = [(a, b) for a, b in pairwise(clause.tokens) if is_act(a) and is_own(a, question) and b.end == number.start]
    if any(_LISTED.fullmatch(b.text) and not is_own(b, question) for _, b in listed):
        return True
    earlier = earlier_acts(clause, question) | steps_counted(clause, question)
    steps = [t for t in clause.tokens if t.text in earlier and not is_own(t, question)]
    done = max((t.start for t in clause.of("FVvA")), default=-1)
    steps = [t for t in steps if t.start >= done and not clause.text.startswith(("后", "证"), t.end)]  # 公示后12天内
    acts = [t.start for t in clause.tokens if t.start >= number.end and is_act(t) and is_own(t, question)]
    steps = [t for t in steps if not any(act < t.start for act in acts)]  # 向215户发放租赁补贴
    own = [t for t in clause.tokens if steps and t.start > steps[0].start and is_act(t) and is_own(t, question)]
    return bool(steps) and all(any(t.start == step.end for step in steps) for t in own)


_PREPARES = re.compile(
    "完成了?(?:可研|可行性研究|初步设计|初设|施工图设计|设计|勘察|勘测|测量|测绘|选址|立项|招投?标|图审|环评|备案|论证|签约|摸底|摸排|公示|申报)"
    r"(?:工作|报告|批复|手续|审批)?(?:约|共)?(?=\d)"
)


def finishes_step(clause: Clause, question: Question) -> bool:
    """`完成可研7个`: what was finished is a step before the target's own."""
    step = _PREPARES.search(clause.words)
    return step is not None and step.group()[2:4] not in question.words


def steps_counted(clause: Clause, question: Question) -> frozenset[str]:
    """印刷, where the target's own act is 发放 and nothing in the clause says that this was done."""
    asked = [(acts, steps) for acts, steps in wording().before_count if any(act in question.words for act in acts)]
    return frozenset(s for acts, steps in asked if not any(a in clause.words for a in acts) for s in steps)


_NEWLY = re.compile("新(?:登记|注册|设立|开办|认定)")
_PASSED = re.compile("(?:通过|获得?|取得|完成)(?:国家|[省市县区]级?)?(?:认定|审核|评审)")


def earlier_acts(clause: Clause, question: Question) -> frozenset[str]:
    """Acts that come before others, without those that are the very thing asked for."""
    earlier = wording().sets["earlier"]
    if counts_received(question):
        earlier -= {"受理", "登记", "接访"}  # 全年受理信访8件
    if re.search("新增|培育", question.words) and _NEWLY.search(clause.words):
        earlier -= {"登记", "认定"}
    if _PASSED.search(clause.words):
        earlier -= {"认定", "审核", "评审"}  # 通过认定12家
    if question.unit == PERCENT and _OPINION.search(clause.words):
        earlier -= {"入户调查"}  # 入户调查知晓率91%
    return earlier


_LINK = re.compile(
    "(?:的|为|是|共|约|达到?|签订|里程|面积|运抵|[到进]场|到货|入库|通过(?:评审|审[查核])?|评审|批复|审批|备案|印发)?"
)


_FUNDS = frozenset({"资金", "经费"})
"""Behind the target's own thing, where they were paid out: 2600头补贴资金全部兑付到户."""


def is_reduced(clause: Clause, question: Question) -> bool:
    """`救助对象3120人次`, `9条优化建议`: a word behind the target's own makes another thing of it."""
    if question.dated or question.compound:
        return False
    known = wording().sets["reduces"]
    pairs = [(a, b) for a, b in pairwise(clause.tokens) if b.text in known and a.end == b.start]
    pairs = [(a, b) for a, b in pairs if is_own(a, question) and not is_own(b, question)]
    pairs = [(a, b) for a, b in pairs if b.text not in _FUNDS or not holds_act(clause.text[b.end :], question)]
    things = {id(token) for both in pairs for token in both}
    if any(is_act(t) and is_own(t, question) and id(t) not in things for t in clause.tokens):
        return False  # 为1236名低保对象发放低保金
    for number in clause.of(NUMBER_LETTER):
        ahead = [(b.end, number.start) for _, b in pairs if b.end <= number.start]
        behind = [(number.end, a.start) for a, b in pairs if number.end <= a.start and b.text != "任务"]
        for begin, end in (*ahead, *behind):
            between = [t.text for t in clause.tokens if begin <= t.start < end]
            if all(text in known or _LINK.fullmatch(text) for text in between):
                return True
    return False


_PAPERS = re.compile(
    r"(?:报送|提交|递交|上报|报请|申请|整理|编制|准备|起草)[^，。；\d]{0,12}(?:资料|材料|申请书?|报告|文件|方案|请示|手续)?$"
)
_SENT = re.compile("申报|报送|提交|递交|上报|报请|申请|整理|编制|准备|起草")


_NOTICE = re.compile("(?:下达|下发|发出|签发|送达|印发|发)了?[^，。；\\d]{0,8}(通知|函|整改单|督办单|通牒)书?")


def sends_papers(clause: Clause, question: Question) -> bool:
    """`11月28日报送验收资料`: papers for the target's own act, which is still to come."""
    notice = _NOTICE.search(clause.words)
    if question.dated and notice and notice[1] not in question.words and not is_named(notice.group()[:2], question):
        return True
    return question.dated and bool(_PAPERS.search(clause.words)) and not _SENT.search(question.words)


def is_named(word: str, question: Question) -> bool:
    """Whether a target's words hold a word."""
    return word in question.words


_MEANS_PAID = re.compile(
    r"^[^，。；\d并且及]{0,8}(?:费用?|款|经费|资金|补助|补贴)(?:均|全部|都|现|业)*已?(?:支付|拨付|到位|发放|下达|兑付|落实)"
)


def is_means_paid(clause: Clause, question: Question) -> bool:
    """`6600人体检费已支付`: the money for it was paid."""
    if question.dated or question.compound or question.unit in {"", "元"} or "付" in question.words:
        return False
    numbers = clause.of(NUMBER_LETTER)
    paid = _MEANS_PAID.search(clause.text[numbers[-1].end :]) if numbers else None
    return paid is not None and not re.search("发放|补助|补贴", question.words)


# ── another kind of money ─────────────────────────────────────────────────────────────────────


def is_other_money(clause: Clause, number: Token, question: Question) -> bool:
    """`投资1500万元` against a 销售额: money by another name, where both are named."""
    if question.unit != "元" or question.compound:
        return False
    label = re.split(r"[\d，。；、]", before(clause, number))[-1]
    return names_other_money(label, "，".join(question.names))


def holds_act(words: str, question: Question) -> bool:
    """Whether words hold the target's own act, or one that says much the same."""
    return any(act in words for act in acts_meant(question.words))


_AS_OF = re.compile("截[至止]")
_WORKED_OFF = re.compile(r"(?:投资|产值|工程量|进尺|实物量|支付|拨款)[^，。；\d]{0,4}\d")


def is_state_at(clause: Clause, question: Question, ahead: str = "") -> bool:
    """`截至12月31日已验收3个标段`, `12月31日完成投资120万元`: how far things were on a day (named `ahead`)."""
    words = ahead + clause.words
    numbers = [t for t in clause.of(NUMBERS) if not t.unit or t.unit.base != PERCENT]
    if not numbers or not (ahead or DATE in clause.letters) or re.search("全部|全面|均已|都已", words):
        return False
    worked = _WORKED_OFF.search(words) and "支付" not in question.words and "拨" not in question.words
    return bool(worked or _AS_OF.search(words))
