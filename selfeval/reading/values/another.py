"""A number that is said of another thing than the target's: by another act alone, or by what stands behind 的.

`踏勘850个` against 停车位施划个数, `93%的断面设了标识` against a 达标率, `16公里的征地`: nothing near the number is the
target's own, or what it belongs to is something else. It is not taken; words that merely stand beside the target's own
are quoted (`quoted.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from selfeval.base.model import PERCENT
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.reading.values.clauses import NUMBERS, Clause, Question, answers_in, base_of
from selfeval.reading.values.namesakes import say_the_same
from selfeval.reading.values.others import asks_for_act, holds_act, is_act, is_own
from selfeval.reading.values.roles import ClauseRole
from selfeval.reading.values.units import PEOPLE, unit_at
from selfeval.reading.values.wording import HARMLESS, UNKNOWN, Token, acts_in, ends_in_act, wording

_OF_ANYTHING = frozenset("数量人次率度个项年月日总的及完成和与各级全本")
"""Characters of names that two things may share without being alike."""
_TELLS_ITSELF = frozenset("QMmr")
"""Kinds that say something was reached or changed, whatever it was."""
PERSONS = re.compile(
    "人员|群众|学[员生]|教师|干部|职工|党员|[农居村]民|老人|儿童|残疾人|患者|军人|企业|[农商住]户|对象|党支部|行政村"
)


def of_another(
    chosen: Sequence[Clause], picked: Clause | None, clauses: Sequence[Clause], question: Question
) -> Reading | None:
    """Why the numbers of the chosen clauses are not the target's: what they are said of is nothing of it."""
    if question.compound or question.dated or not question.names:
        return None
    if any(_ALL_OF_THEM.match(c.words) and holds_act(c.words, question) for c in clauses if not c.of(NUMBERS)):
        return None
    found = (another_thing(c, listed_before(c, clauses), question) for c in ([picked] if picked else chosen))
    words = next((words for words in found if words), "")
    return reading("V004.refused", actual=shorten(words), why=ClauseRole.EVENT.value) if words else None


_ALL_OF_THEM = re.compile("(?:现|且|并)?(?:已|均|都)*(?:全部|均已|都已|全数)")
"""`承办10件，已全部办复`: whatever was said of them, the target's own act was done to all."""


def another_thing(clause: Clause, listed: Sequence[Token], question: Question) -> str:
    """A clause that says its number of another thing; empty where it does not."""
    return (
        belongs_to(clause, question)
        or looked_at(clause, question)
        or governed_by(clause, listed, question)
        or done_otherwise(clause, listed, question)
        or half_named(clause, question)
    )


def listed_before(clause: Clause, clauses: Sequence[Clause]) -> list[Token]:
    """`创作舞台剧、广播剧等4部`: the words of a list that the clause ends."""
    held: list[Token] = []
    for before in takewhile(lambda c: c is not clause, clauses):
        listed = clause.text[before.tokens[-1].end : before.tokens[-1].end + 1] == "、" and not before.of(NUMBERS)
        held = [*held, *before.tokens] if listed and before.inside == clause.inside else []
    return held


_OF = re.compile(r"[^，。；,;\d]{0,10}?的([^，。；,;\d]{1,14})")


def belongs_to(clause: Clause, question: Question) -> str:
    """`600场的片源已下载`, `92%的小区设了分类亭`: behind 的 stands nothing of the target's."""
    for number in clause.of(question.answer):
        match = _OF.match(clause.text, number.end, clause.tokens[-1].end)
        if match is None:
            continue
        if "覆盖" in question.words and "覆盖" in clause.text[clause.tokens[0].start : number.start]:
            continue  # 覆盖全县85%的行政村
        behind = [t for t in clause.tokens if t.start >= match.start(1)]
        if not (
            any(is_own(t, question) for t in behind)
            or holds_act(match[1], question)
            or says_as_much(match[1], question)
        ):
            return clause.words
    return ""


_CARRIED_OUT = re.compile("(?:开展|进行|实施|组织|完成)了?[^，。；\\d]{0,6}?([\u4e00-\u9fff]{2})$")


_LOOKED_AT = frozenset({"检测", "评定", "鉴定", "测量", "勘察", "设计", "摸底", "登记", "备案", "评审", "论证"})


def looked_at(clause: Clause, question: Question) -> str:
    """`对15所学校食堂开展安全检查` against 食堂改造数: the target's own thing, and what makes nothing of it."""
    act = _CARRIED_OUT.search(clause.words)
    if act is None or not asks_for_act(question) or act[1] not in wording().sets["aside"] | _LOOKED_AT:
        return ""
    said = clause.words
    for own in acts_in(question.words):
        said = said.replace(f"{own}{act[1]}", "")  # 13个系统完成迁移评估
    return "" if holds_act(said, question) else clause.words


def says_as_much(words: str, question: Question) -> bool:
    """`95%的受访者认可` against a 满意度."""
    return question.unit == PERCENT and say_the_same(words, question.words)


_ACCEPTED = re.compile(r"认[可定]|核[定实减]|确认|审[定减]|取得[^，。；\d]{2,14}证书?$")
"""`监理认可2600平方米`."""


_AFTER = re.compile(r"后[\d.]+[^，。；\d]{1,3}(?:以|之)?内")
"""`接报后0.5小时内到场`."""


def governed_by(clause: Clause, listed: Sequence[Token], question: Question) -> str:
    """`育秧5200亩`, `企业自查160家`: all words of the clause are of something else."""
    words = [*listed, *(t for t in clause.tokens if t.letter not in NUMBERS)]
    if tells_own(clause, words, question):
        return ""
    foreign = "".join(t.text for t in words if is_of_others(t, clause, question) and not t.text.isascii())
    if (of_other_counter(clause, question) and foreign) or is_led_by_other(clause, words, question):
        return clause.words
    acts = asks_for_act(question) and any(is_act(t) for t in words if is_of_others(t, clause, question))
    asked = "".join(acts_in(question.words)) if acts else question.words
    alike = any(char in asked for char in foreign if char not in _OF_ANYTHING)
    untold = is_length(question) and not acts and _AFTER.search(clause.words)
    said = not untold and len(foreign) + clause.words.count("了") > 1 and "F" not in clause.letters
    return clause.words if said and not alike else ""


def tells_own(clause: Clause, words: Sequence[Token], question: Question) -> bool:
    """Whether a clause names the target's own, or says that whatever it was is reached, paid or accepted."""
    letters = {*clause.letters}
    if letters & _TELLS_ITSELF or (question.unit.startswith("元") and "v" in letters) or _ACCEPTED.search(clause.words):
        return True
    said = "".join(t.text for t in words)
    return any(is_own(t, question) for t in words) or holds_act(said, question) or says_as_much(said, question)


def is_led_by_other(clause: Clause, words: Sequence[Token], question: Question) -> bool:
    """`派车审批1600次`, `完成测量5.2公里`, `校园占地6200平方米`: the word right before the number is another's."""
    ahead = [t for t in words if t.end <= clause.of(question.answer)[0].start][-1:]
    known = [t for t in ahead if t.letter == HARMLESS and is_of_others(t, clause, question)]
    if question.unit in PEOPLE:
        known = [t for t in known if not shares(t.text, question)]  # 培训 of 参训人数
    known = [t for t in known if t.text not in _ANYTHING_DONE]
    if question.unit in _OCCASIONS and re.match("[^，。；\\d]{0,6}(?:举办|召开|开展)", clause.words):
        return False  # 举办专场招聘会9场
    if "F" in clause.letters:  # 完成边坡治理6处
        known = [
            t
            for t in known
            if t.text in wording().sets["earlier"] | wording().sets["aside"] | _LOOKED_AT or not is_act(t)
        ]
    return any(is_act(t) or not ("F" in clause.letters or shares(t.text, question)) for t in known)


_OCCASIONS = frozenset({"场", "期", "次", "场次"})
_ANYTHING_DONE = frozenset({"活动", "工作", "项目", "工程", "任务"})
_THINGS = frozenset("份块张套册个件台座")


def of_other_counter(clause: Clause, question: Question) -> bool:
    """`座位2万个`, `慰问品160份` where people are counted: the counter of things, with a word for them."""
    return question.unit in PEOPLE and any(base_of(t) in _THINGS for t in clause.of(question.answer))


def shares(word: str, question: Question) -> bool:
    """Whether a word has a character in common with the target's."""
    return any(char in question.words for char in word)


_MAKES = frozenset(
    [
        "新建",
        "建设",
        "建成",
        "编印",
        "印制",
        "制作",
        "购置",
        "采购",
        "添置",
        "创建",
        "打造",
        "引进",
        "招聘",
        "举办",
        "创作",
        "修建",
        "培育",
    ]
)
"""Acts that make a thing or get it: `新建26个` against a name that is the thing alone."""


_DEALT_WITH = frozenset({"办理", "办结", "处理", "处置", "响应", "完成"})
"""What is done within a time: `平均办理15个工作日` of any act."""


def is_length(question: Question) -> bool:
    """Whether a time is asked for."""
    return question.less and question.unit in {"工作日", "小时", "分钟", "天"}


def is_of_others(token: Token, clause: Clause, question: Question) -> bool:
    """Whether a word of a clause is unknown, or an act or thing that may be another's."""
    if token.letter == UNKNOWN:
        return not (any(n.end == token.start for n in clause.of(NUMBERS)) and unit_at(token.text, 0)[1] == 1)
    known = wording()
    if token.letter not in "hVgGHJ" or token.text not in known.things or token.text in known.sets["filler"]:
        return False
    if (token.text in _MAKES and not asks_for_act(question)) or (is_length(question) and token.text in _DEALT_WITH):
        return False
    counted = any(number.end == token.start for number in clause.of("n"))
    behind = clause.of(question.answer)[0].end <= token.start
    if counted or PERSONS.search(token.text) or (behind and is_outcome(clause.tokens[-1])):
        return False
    return len(token.text) > 1


def is_outcome(token: Token) -> bool:
    """`110人考核合格`, `480户已验收`: how it ended, behind the number."""
    return token.text.endswith((*wording().sets["state"], *wording().sets["fine"], "验收", "评审", "考核", "鉴定"))


# ── the target's own thing, but not its own act ───────────────────────────────────────────────


def done_otherwise(clause: Clause, listed: Sequence[Token], question: Question) -> str:
    """`回收贷款3200万元`, `救助对象3120人次`, `困难职工160人`: the target's own thing, but not its own act."""
    number = next(iter(clause.of(question.answer)), None)
    if number is None or question.unit == PERCENT or not answers_in(base_of(number), question.unit):
        return ""
    if any(holds_act(t.text, question) for t in listed) or is_short_act(clause, question):
        return ""
    words = [t for t in clause.tokens if t.end <= number.start and t.letter in "hVg" and len(t.text) > 1]
    own = [t for t in words if is_own(t, question)]
    return clause.words if own and is_of_other_act(clause, own, words, question) else ""


_NEWLY = re.compile("新(?:登记|注册|设立|开办|入)")


def is_short_act(clause: Clause, question: Question) -> bool:
    """`在孵企业63家` against 入驻孵化企业数, `新登记3100户` against 新增户数: the act by one of its characters."""
    if "新增" in question.words and _NEWLY.search(clause.words):
        return True
    return any(len(t.text) == 1 and any(t.text in act for act in acts_in(question.words)) for t in clause.of(UNKNOWN))


def begins_unknown(clause: Clause, own: Sequence[Token]) -> bool:
    """`衬砌渠道31.2公里`: a verb that no table knows leads to the target's own thing; it is quoted."""
    led = "".join(t.letter for t in clause.tokens if t.start < own[0].start)
    return led == UNKNOWN * len(led) and len(led) == _VERB_LENGTH


_VERB_LENGTH = 2


def is_of_other_act(clause: Clause, own: Sequence[Token], words: Sequence[Token], question: Question) -> bool:
    """Whether the words before a number are the target's, and none of them is what it asks to be done."""
    if any(holds_act(t.text, question) for t in clause.tokens) or {"F", "A"} & set(clause.letters):
        return False
    if _RECOGNISED.search(clause.words) or begins_unknown(clause, own) or ends_name(clause, words[-1], question):
        return False
    if asks_for_act(question) and any(own[-1].end <= t.start <= words[-1].end for t in clause.of("U")):
        return True  # 积案共20件
    acts = [t.text for t in words if is_act(t)]
    if acts:
        added = re.search("[增新添]", question.words) and _MAKES.isdisjoint(acts)  # but 采购图书5120册
        wanted = asks_for_act(question) or question.less or bool(added)
        return wanted or any(act in wording().sets["aside"] for act in acts)
    last = words[-1]
    if question.less:
        return last not in own and last.text in wording().things
    known = last.text in wording().things and asks_for_act(question)
    return last in own and (known or is_acted_on(last, question) or is_object(last, question))


_RECOGNISED = re.compile(
    "获评(?:优[秀质]|良好|先进|示范)|(?:获批|获评|获授|入选|新认定|被认定|挂牌|授牌)[^，。；]{0,8}(?:平台|基地|实验室|示范|中心|工作站)"
)
"""`获批省级平台5个`: how a platform comes to be."""


def ends_name(clause: Clause, last: Token, question: Question) -> bool:
    """`接入部门57个` against a 共享平台接入部门数: a name from its middle on, and no act was left out before that."""
    said = clause.text[clause.tokens[0].start : last.end]
    left_out = (_COUNTED.sub("", name).partition(said) for name in question.names)
    return len(said) > 3 and any(
        found and begun and not (rest or ends_in_act(begun)) for begun, found, rest in left_out
    )


_LONG_END = 3
_COUNTED = re.compile("(?:总?数量?|[个户家人处]数)$")


def is_object(thing: Token, question: Question) -> bool:
    """Whether a target's name is an act and this: 林地面积 of 巡护林地面积."""
    acts = wording().sets["act"]
    return any(name.endswith(thing.text) and name.removesuffix(thing.text) in acts for name in question.names)


def is_acted_on(thing: Token, question: Question) -> bool:
    """Whether a target's name says, behind a thing, what is done to it: 公交线路优化条数."""
    behind = [name.partition(thing.text)[2] for name in question.names if thing.text in name]
    return any(acts_in(rest) for rest in behind)


_QUALITY = "成功|合格|达标|通过|优秀|取证|获证|获奖|录用|就业|上岗|办结|转化|治愈"


def half_named(clause: Clause, question: Question) -> str:
    """`调解120件` against 调解成功件数: the target's own act, without how it has to end."""
    number = next(iter(clause.of(question.answer)), clause.tokens[0])
    ahead = [t for t in clause.tokens if t.end <= number.start]
    acts = [t.text for t in ahead if is_act(t) and is_own(t, question)]
    ends = {act: re.search(f"{re.escape(act)}({_QUALITY})", question.words) for act in acts}
    return next((clause.words for end in ends.values() if end and end[1] not in clause.text), "")
