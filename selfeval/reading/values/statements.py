"""What a cell says was done: the one place that decides whether its numbers and dates may be taken at all.

A value is taken where every clause around it is understood: what is said to be done is handed on; plans, other years,
gaps and parts beside it are left out, and checked where they can be. Where nothing is said to be done, or what is said
contradicts itself, there is a refusal with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from selfeval.base.frozen import made_quickly
from selfeval.base.model import PERCENT
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.reading.values.another import of_another
from selfeval.reading.values.claims import (
    Base,
    Claim,
    Roles,
    bases_of,
    claims_of,
    is_flawed,
    other_period,
    part_of_year,
)
from selfeval.reading.values.clauses import (
    HOLE,
    NUMBERS,
    OTHER,
    Clause,
    Question,
    answers_in,
    base_of,
    before,
    clauses_of,
    only_each,
)
from selfeval.reading.values.dates import with_years
from selfeval.reading.values.handed import rewritten
from selfeval.reading.values.miswritten import miswritten
from selfeval.reading.values.names import without_names
from selfeval.reading.values.numerals import in_digits
from selfeval.reading.values.others import comes_of_it, holds_act, is_act, is_own, is_state_at, takes_in
from selfeval.reading.values.quoted import unknown_words
from selfeval.reading.values.roles import BESIDES, TAKEN, ClauseRole, roles_of
from selfeval.reading.values.sums import conflict_of, multiplies_to, outside, whole_year
from selfeval.reading.values.troubles import troubles_of
from selfeval.reading.values.units import family
from selfeval.reading.values.wording import (
    DATE,
    HARMLESS,
    NUMBER_LETTER,
    UNKNOWN,
    Token,
    wording,
)

_FIRM = re.compile("实|完成值|完成数|最终|最后|结果|今|本|当|报告|评价|20|参训|结业|年[末底]|期末")
"""Words that say this is the actual number, not only that something was done."""
_DIGIT = re.compile(r"\d")
_UNDONE = (ClauseRole.PLAN, ClauseRole.OTHER_YEAR, ClauseRole.ELSEWHERE)
_DOUBTFUL = (ClauseRole.NEGATED, ClauseRole.CANCELLED, ClauseRole.START, ClauseRole.PARTIAL)


@made_quickly
@dataclass(frozen=True, slots=True)
class Statement:
    """What a cell says was done: `words` to be measured, or the `refusal`; what it claims besides; words not known."""

    words: str
    refusal: Reading | None = None
    claims: tuple[Claim, ...] = ()
    bases: tuple[Base, ...] = ()
    unknown: tuple[str, ...] = ()
    dates: int = 0


def heard(text: str, question: Question) -> Statement:
    """What a cell says was done. `text` must be folded."""
    standard = ClauseRole.PLAN.value if _STANDARD.match(text) else ""
    if why := standard or miswritten(without_names(text), question.year):
        return Statement("", reading("V004.refused", actual=shorten(text), why=why))
    words = in_digits(without_names(text))
    words = with_years(words, question.year) if question.dated else words
    clauses = clauses_of(words, question)
    if only_each(clauses, question):
        return Statement("", reading("V004.refused", actual=shorten(text), why=word("说的是每一份，不是总数")))
    told = list(zip(clauses, roles_of(clauses, question), strict=True))
    if remark := refusal(told, question):
        return Statement("", remark)
    chosen = chosen_of(told, question)
    if remark := rival(told, chosen, question):
        return Statement("", remark)
    total, picked, conflict = settled(told, chosen, question)
    if conflict := conflict or of_another(chosen, picked, clauses, question):
        return Statement("", conflict)
    dropped = question.dated or any(c not in chosen and is_numbered(c, question) for c in clauses)
    kept = "，".join(rewritten(c, question) for c in chosen) if chosen and dropped else words
    said = total or "，".join(c.words for c in chosen)
    early = [] if question.dated else part_of_year(said)
    remarks = [c.words for c in clauses if c.inside and not c.of(NUMBERS) and len(c.words) < _PERIOD_LENGTH]
    period = other_period("，".join((said, *remarks)), question)
    unknown = [*unknown_words(told, chosen, picked, question), *(claim.text for claim in period)]
    return Statement(
        total or kept,
        claims=(*claims_of(told, question), *early, *period, *troubles_of(told, chosen, picked, question)),
        bases=tuple(bases_of(told)),
        unknown=tuple(dict.fromkeys(unknown)),
        dates=sum(DATE in c.letters for c in clauses),
    )


_STANDARD = re.compile(r"[≤≥<>]=?\s*[\d.,]+[^，。；=]{0,20}[×*][^，。；=]{1,20}=")
"""`≤400人×1500元/人=60万元`: the reckoning of the target."""


# ── what may be taken ─────────────────────────────────────────────────────────────────────────


def refusal(told: Roles, question: Question) -> Reading | None:
    """Why nothing in the cell may be taken."""
    done = [i for i, (c, r) in enumerate(told) if r is ClauseRole.DONE and question.answer in c.letters]
    doubts = [(i, c, r) for i, (c, r) in enumerate(told) if casts_doubt(c, r, question)]
    mixed = [doubt for doubt in doubts if doubt[2] is ClauseRole.OTHER_YEAR and "O" in doubt[1].letters]
    mixed += [doubt for doubt in doubts if doubt[2] is ClauseRole.NEGATED and of_itself(doubt[1], question)]
    mixed += [doubt for doubt in doubts if _UNPAID.search(doubt[1].words) or is_unfinished(doubt[1])]
    mixed += [(i, c, ClauseRole.PARTIAL) for i, (c, _) in enumerate(told) if tells_state(told, i, question)]
    mixed += [(i, c, r) for i, (c, r) in enumerate(told) if leaves_open(c, question) or names_others(c)]
    if done and not mixed:  # a number said to be done stands; a day is undone by what comes after it
        doubts = [doubt for doubt in doubts if question.dated and doubt[0] > done[-1] and DATE not in doubt[1].letters]
    answers = [(c, r) for c, r in told if question.answer in c.letters]
    answers = answers or [(c, r) for c, r in told if OTHER in c.letters and r in _UNDONE]
    nothing = answers if not any(r in TAKEN for _, r in answers) else []
    against = [(c, r) for _, c, r in (*doubts, *mixed)] or nothing
    return reading("V004.refused", actual=shorten(against[0][0].words), why=against[0][1].value) if against else None


_PERIOD_LENGTH = 7
"""A remark no longer than this may be a period (上半年, 2023年11月份)."""
_UNPAID = re.compile("(?:尾款|余款|质保金|剩余款项?)[^，。；]{0,4}(?:未|待|尚欠)|预留质保金|尚欠|欠付")
"""`尾款未付，已付90万元`: what was paid is not all of it."""
_UNFINISHED = re.compile(
    "(?:尚未|还未|仍未|未|没有?|待)(?:全部|完全|正式)?(?:交付|到货|发货|供货|交货|发放|安装|启用|投用|投入使用|建成|完工|竣工|领取|铺|施工|动工|通水|通电|通车|完(?!成)|装|建)"
)
_HANDLED = re.compile(
    "(?:调查|处理|处置|办理|侦办|整改|维修|检修|返修|更换|复检)中|正在(?:调查|处理|处置|办理|侦办|整改|维修|检修|返修|更换|复检)"
)


def is_unfinished(clause: Clause) -> bool:
    """`已购置46台，尚未交付`: a step without which it is not done, behind a number."""
    return not clause.of(NUMBERS) and bool(_UNFINISHED.search(clause.words))


def tells_state(told: Roles, index: int, question: Question) -> bool:
    """`截至11月30日`, with `已验收3个标段` behind it: how far things were on a day."""
    clause, following = told[index][0], [c for c, _ in told[index + 1 : index + 2]]
    behind = question.dated and DATE in clause.letters and not clause.of(NUMBERS)
    return behind and any(is_state_at(c, question, clause.words) for c in following if not c.fresh and not c.inside)


def leaves_open(clause: Clause, question: Question) -> bool:
    """`1起，另有1起待认定` against ≤2起: there may be more."""
    pending = question.less and BESIDES.match(clause.words) and set("WPX") & set(clause.letters)
    return bool(pending and alike(clause, question))


def names_others(clause: Clause) -> bool:
    """`0.57（全国平均）`: the number is said to be that of others."""
    return "J" in clause.letters and not set(clause.letters) - {"J", HARMLESS}


def is_handling(clause: Clause, question: Question) -> bool:
    """`1起（正在调查）`, `98%（2台整改中）`: what is done about those that happened, or about the others."""
    told = question.unit == PERCENT or (question.less and not clause.of(NUMBERS))
    return bool(told and NUMBER_LETTER not in clause.letters and _HANDLED.search(clause.words))


def of_itself(clause: Clause, question: Question) -> bool:
    """`利用率未测算`: what is denied is the target itself."""
    denies = any(t.end == clause.tokens[-1].end or t.letter == "X" for t in clause.tokens[1:3])
    return is_own(clause.tokens[0], question) and not clause.of(NUMBERS) and denies


_SHARE_OF_WHOLE = re.compile(r"占[^，。；\d]{2,14}的?(?:约)?[\d.]+%$")


def casts_doubt(clause: Clause, role: ClauseRole, question: Question) -> bool:
    """Whether a clause casts doubt on a number beside it that nothing calls done."""
    numbered = bool({question.answer, OTHER} & set(clause.letters))
    if question.unit != PERCENT and _SHARE_OF_WHOLE.match(clause.words):
        return False  # 63人，占符合条件教师的12%
    if question.unit == PERCENT and is_flawed(clause) and NUMBER_LETTER not in clause.letters:
        return False  # 不合格8批次，处置率100%
    if is_handling(clause, question) or (role is ClauseRole.START and NUMBER_LETTER in clause.letters):
        return question.dated
    if role is ClauseRole.PLAN:  # 计划100人 beside the result is only compared with; 预计100人 looks ahead
        return not numbered or bool({"W", "F"} & set(clause.letters))
    return role in _DOUBTFUL or (role is ClauseRole.OTHER_YEAR and (not numbered or "O" in clause.letters))


def chosen_of(told: Roles, question: Question) -> list[Clause]:
    """The clauses whose numbers are taken: those said to be done, else the plain ones; outside brackets first."""
    told = [(c, r) for c, r in told if r is not ClauseRole.DONE or not is_beside_it(c, told, question)]
    for role in TAKEN:
        clauses = [c for c, r in told if r is role and question.answer in c.letters]
        if question.dated:
            clauses = [c for c in clauses if any(t.letter in "FV" and is_own(t, question) for t in c.tokens)] or clauses
        if clauses:
            return [c for c in clauses if not c.inside] or clauses
    return []


def is_beside_it(done: Clause, told: Roles, question: Question) -> bool:
    """`12件，已授权4件`, `新增210张，总数达1200张`: what became of them, or all there are, beside the answer."""
    plain = [c for c, r in told if r is ClauseRole.PLAIN and question.answer in c.letters]
    if plain and is_flawed(done) and question.unit != PERCENT:
        return True  # 筛查2136人，阳性18人均已转诊
    if comes_of_it(done, question):
        return any(c.letters == NUMBER_LETTER for c in plain)
    if plain and has_own_business(done, question) and not is_firm(done) and begins_own(plain[0], question):
        return True  # 培训360人，实现创业45人
    added = "新增" in question.words and any(leads(c, _ADDED) for c in plain)
    return added and leads(done, _STOCK) and not leads(done, _ADDED)


def begins_own(clause: Clause, question: Question) -> bool:
    """`培训360人`: whether the target's own act stands before the first number."""
    return not question.dated and holds_act(ahead_of(clause, clause.of(NUMBER_LETTER)[0]), question)


def ahead_of(clause: Clause, number: Token) -> str:
    """What a clause says before a number."""
    return clause.text[clause.tokens[0].start : number.start]


def has_own_business(clause: Clause, question: Question) -> bool:
    """`清退35户`: whether a clause has an act of its own before its number, and not the target's."""
    number = next(iter(clause.of(NUMBER_LETTER)), None)
    if number is None or question.unit == PERCENT or question.less or holds_act(ahead_of(clause, number), question):
        return False
    ahead = [t for t in clause.tokens if t.end <= number.start]
    acts = wording().sets["act"] | wording().sets["cancel"] | wording().sets["negation"]
    return any(t.text[:2] in acts | _FOLLOWS and len(t.text) > 1 and not is_act_of_name(t, question) for t in ahead)


def is_act_of_name(token: Token, question: Question) -> bool:
    """Whether a word is the act that a target's name asks for; 创业 of 创业培训人数 is none."""
    return token.text in question.words and holds_act(token.text, question)


_FOLLOWS = frozenset({"创业", "捐献", "移植", "带动", "新增", "挽回"})
"""What may come of the target's own act, though the words are no acts by themselves."""


def is_firm(clause: Clause) -> bool:
    """Whether a clause says that its number is the actual one: 实际, 最终, 本年."""
    return any(_FIRM.match(t.text) for t in clause.of("AI"))


def leads(clause: Clause, words: re.Pattern[str]) -> bool:
    """Whether such words stand right before a number."""
    return any(words.search(before(clause, number)) for number in clause.of(NUMBER_LETTER))


def is_numbered(clause: Clause, question: Question) -> bool:
    """Whether a clause left out would bring in a number; the dates of a compound cell stay with it."""
    if question.compound:
        return bool({question.answer, OTHER} & set(clause.letters))
    return bool(_DIGIT.search(clause.words))


def rival(told: Roles, chosen: Sequence[Clause], question: Question) -> Reading | None:
    """`99%，1%已整改`: a plain number beside one that is merely done may be the answer itself."""
    firm = question.dated or question.compound or any(map(is_firm, chosen))
    done = [] if firm else [c for c, r in told if r is ClauseRole.DONE and c in chosen]
    plain = [c for c, r in told if r is ClauseRole.PLAIN and not c.inside and alike(c, question)]
    if done and all(holds_act("，".join(w.text for w in c.tokens), question) for c in done):
        plain = [
            c for c in plain if not any(map(is_act, c.tokens)) and not finds(c)
        ]  # 排查4.5万平方米，已拆除3.82万平方米
    if done and all(tells_own(c, c.of(NUMBER_LETTER)[0], question) for c in done):
        plain = [c for c in plain if not speaks_of_else(c, question)]  # 协调50例，实现捐献46例
    parts = [t.value or Decimal(0) for c in plain for t in alike(c, question)]
    whole = [t.value for c in done for t in alike(c, question)]
    if not (done and plain) or (len(parts) > 1 and whole == [sum(parts)]):
        return None
    return reading("V004.rivals", actual=shorten(plain[0].words), other=shorten(done[0].words))


def speaks_of_else(clause: Clause, question: Question) -> bool:
    """Whether what stands before a number is something, and nothing of the target's."""
    number = clause.of(NUMBER_LETTER)[0]
    words = [t for t in clause.tokens if t.end <= number.start and t.letter in "hVg" and len(t.text) > 1]
    said = [t for t in words if t.text in wording().things and t.text not in wording().sets["filler"]]
    return bool(said) and not any(is_own(t, question) for t in words)


# ── totals, parts, words and figures ──────────────────────────────────────────────────────────


def settled(told: Roles, chosen: Sequence[Clause], question: Question) -> tuple[str, Clause | None, Reading | None]:
    """The words and the clause of the total among several numbers of one unit, and how they contradict each other."""
    if question.compound or question.dated:
        return "", None, None
    main = [(c, t) for c in chosen for t in alike(c, question)]
    parts = [t for c, r in told if r is ClauseRole.PART for t in alike(c, question)]
    aside = [c for c, r in told if c.inside and r in TAKEN and c not in chosen]
    aside = [c for c in aside if len(main) != 1 or not multiplies_to(c, main[0][1])]
    inside = [t for c in aside for t in alike(c, question)]
    if len(main) == 1:
        clause, number = main[0]
        parts += [
            t
            for c, r in told
            if c.inside and r is ClauseRole.PLAIN and c not in chosen
            for t in named_parts(c, question)
        ]
        inside = [t for t in inside if not any(t is part for part in parts)]
        crowded = len(clause.of(NUMBERS)) > 1 and not flows_on(clause, number)
        parts = parts if base_of(number) != PERCENT else []  # 82.5%，其中提取业务90%
        return alone(clause, number) if crowded else "", None, conflict_of(number, parts, inside)
    main = without_running_total(main, question)
    year = whole_year(main)
    fewer = without_foreign(main, question)
    tried = tried_of(main, question)
    picked = tried or total_of(main) or total_of(fewer) or own_of(fewer, question) or bare_of(fewer)
    if picked is None or year:
        return year, None, None if year else several_of(main)
    rest = [t for _, t in main if t is not picked[1]]
    if tried or not total_of(main):
        return alone(*picked), picked[0], conflict_of(picked[1], parts, inside)
    if base_of(picked[1]) == PERCENT or _MEAN.search(before(picked[0], picked[1])):
        return alone(*picked), picked[0], outside(picked[1], rest)
    conflict = conflict_of(picked[1], [], parts or [*rest, *inside])
    if conflict and (risen := [t for c, r in told if r is ClauseRole.CHANGE for t in alike(c, question)]):
        conflict = conflict_of(picked[1], [], [*rest, *risen])  # 新建2100亩、提升950亩，共3050亩
    if conflict and fewer != main:
        conflict = conflict_of(picked[1], [], parts or [*(t for _, t in fewer if t is not picked[1]), *inside])
    return alone(*picked), picked[0], conflict


def named_parts(clause: Clause, question: Question) -> list[Token]:
    """`862人次（剖宫产210人次）`: numbers in brackets under a name that is not the target's own."""
    named = any(len(t.text) > 1 or t.letter == UNKNOWN for t in clause.of(f"{HARMLESS}{UNKNOWN}"))
    own = any(is_own(t, question) for t in clause.tokens) or set(clause.letters) - {HARMLESS, UNKNOWN, NUMBER_LETTER}
    return alike(clause, question) if named and not own else []


def alike(clause: Clause, question: Question) -> list[Token]:
    """The numbers of a clause in the target's unit, or without one."""
    return [t for t in clause.of(NUMBER_LETTER) if not question.unit or answers_in(base_of(t), question.unit)]


def flows_on(clause: Clause, number: Token) -> bool:
    """`1小时30分钟` is one length of time, and so is `2小时30分`."""
    beside = [t for t in clause.of(NUMBERS) if number.start == t.end or number.end == t.start]
    measures = family(base_of(number))
    return measures is not None and any(base_of(t) in {*measures, "分"} for t in beside)


_WHOLE = re.compile(r"(?:全年|年度|总体|整体|综合)[^，。；、\d]{0,10}$")
"""`枯水期98.1%，丰水期98.7%，全年98.4%`: the rate of the whole."""


_MEAN = re.compile(r"(?:平均|均值)[^，。；、\d]{0,6}$")
_EXTREME = re.compile(r"最[短长快慢高低大小多少][^，。；、\d]{0,8}$")
"""`最短3天，最长14天，平均9天`."""


def total_of(numbers: Sequence[tuple[Clause, Token]]) -> tuple[Clause, Token] | None:
    """The number called a total, else the first or last that is the sum of the others, else one said twice."""
    values = [t.value or Decimal(0) for _, t in numbers]
    called = [pair for pair in numbers if any(word.end <= pair[1].start for word in pair[0].of("U"))]
    if len(called) == 1:
        return called[0]
    if len(values) > 2 and sum(values[:-1]) == values[-1]:
        return numbers[-1]
    whole = [pair for pair in numbers if _WHOLE.search(before(pair[0], pair[1]))]
    means = [pair for pair in numbers if _MEAN.search(before(pair[0], pair[1]))]
    if len(means) == 1 and all(_EXTREME.search(before(c, t)) for c, t in numbers if t is not means[0][1]):
        return means[0]
    if len(whole) == 1 and base_of(whole[0][1]) == PERCENT:
        return whole[0]
    first = len(values) > 2 and sum(values[1:]) == values[0]
    return numbers[0] if first or (len(values) > 1 and len(set(values)) == 1) else None


def several_of(numbers: Sequence[tuple[Clause, Token]]) -> Reading | None:
    """`老人800、儿童900、残疾人1500人次`: numbers beside each other of which none is the total."""
    values = {t.value for _, t in numbers}
    listed = "、".join(t.text for _, t in numbers)
    apart = len({clause.tokens[0].start for clause, _ in numbers}) > 1
    return reading("V004.several", actual=shorten(listed)) if apart and len(values) > 1 else None


def own_of(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """`养护公路125公里，清理边沟30公里`: the number of the target's own act, where all others are of another."""
    followed = [(c, t) for c, t in numbers if any(w.start == t.end and is_own(w, question) for w in c.tokens)]
    if len(followed) == 1:
        return followed[0]  # 覆盖6个乡镇22个行政村
    others = numbers[1:]
    if others and begins_own(numbers[0][0], question) and all(has_own_business(c, question) for c, _ in others):
        return numbers[0]  # 核查2100户，清退不符合条件35户
    mine = [(c, t) for c, t in numbers if tells_own(c, t, question)]
    if len(numbers) == len(mine) == 1:
        return mine[0]
    newly = [pair for pair in numbers if _NEWLY.search(before(*pair))]
    if len(newly) == 1 and "新" in question.words:
        return newly[0]  # 新开通3条，优化5条
    things = [
        (c, t) for c, t in numbers if any(w.end == t.start and is_own(w, question) and not is_act(w) for w in c.tokens)
    ]
    if (
        len(things) == 1
        and len(numbers) == 2
        and not question.less
        and all(t.end > things[0][1].end for _, t in numbers if t is not things[0][1])
    ):
        return things[0]  # 采购电脑30台，打印机5台
    named = [
        (c, t) for c, t in mine if any(w.end == t.start and len(w.text) > 2 for w in c.tokens if is_own(w, question))
    ]
    return named[0] if len(named) == 1 else None


_NEWLY = re.compile("(?<![创更革清])新[增建开购设办添辟引入通]{1,2}[^，。；\\d]{0,6}$")
_FOUND = re.compile("(?:不?合格|成功|通过|达标|取证|结业|优秀|阳性|满意|录用|办结|授权|验收)[^，。；\\d]{0,3}$")


def finds(clause: Clause) -> bool:
    """`合格1590批次`: how many of them were good."""
    return any(_FOUND.search(before(clause, number)) for number in clause.of(NUMBER_LETTER))


def tried_of(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """`完成检测1600批次，合格1590批次`: the number of the target's own act, before how many of them were good."""
    if len(numbers) < 2:
        return None
    (clause, number), *others = numbers
    fewer = all((t.value or 0) <= (number.value or 0) and _FOUND.search(before(c, t)) for c, t in others)
    told = before(clause, number)
    own = question.unit != PERCENT and (holds_act(told, question) or takes_in(told, question))
    return numbers[0] if own and fewer else None


def bare_of(numbers: Sequence[tuple[Clause, Token]]) -> tuple[Clause, Token] | None:
    """`341件，办结318件`: the number that nothing is said of, where all others are of acts."""
    bare = [(c, t) for c, t in numbers if c.letters == NUMBER_LETTER]
    others = [c for c, t in numbers if c.letters != NUMBER_LETTER]
    acts = all("V" in c.letters or any(map(is_act, c.tokens)) for c in others)
    return bare[0] if len(bare) == 1 and numbers[0] == bare[0] and others and acts else None


_ADDED = re.compile(r"(?:新增|新建|新购|本年|当年)[^，。；、\d]{0,8}$")
_STOCK = re.compile(r"(?:累计|现有|现共有|总量|总数|馆藏|保有量|存量|总额)[^，。；、\d]{0,8}$")


def without_running_total(numbers: list[tuple[Clause, Token]], question: Question) -> list[tuple[Clause, Token]]:
    """`新增入驻15家，累计入驻63家`: what was added in the year, or all there are, as the target's name asks."""
    added = [pair for pair in numbers if _ADDED.search(before(pair[0], pair[1]))]
    stock = [pair for pair in numbers if _STOCK.search(before(pair[0], pair[1])) and pair not in added]
    if len(added) != 1 or len(stock) != 1 or (stock[0][1].value or 0) < (added[0][1].value or 0):
        return numbers
    drop = stock if re.search("新增|新建|新购", question.words) else added
    return [pair for pair in numbers if pair not in drop]


def without_foreign(numbers: list[tuple[Clause, Token]], question: Question) -> list[tuple[Clause, Token]]:
    """The numbers without those of acts other than the target's, where its own has one."""
    if not any(tells_own(c, t, question) for c, t in numbers):
        return numbers
    acts = wording().sets["act"]
    return [(c, t) for c, t in numbers if tells_own(c, t, question) or not any(w.text in acts for w in c.tokens)]


def tells_own(clause: Clause, number: Token, question: Question) -> bool:
    """Whether words of the target stand before a number."""
    return any(t.end <= number.start and is_own(t, question) for t in clause.of(f"AV{HARMLESS}"))


def alone(clause: Clause, number: Token) -> str:
    """A clause without its other numbers."""
    others = clause.of(NUMBERS)
    before = max((t.end for t in others if t.end <= number.start), default=clause.tokens[0].start)
    after = min((t.start for t in others if t.start >= number.end), default=clause.tokens[-1].end)
    return clause.text[before:after].replace(HOLE, "").strip("+= ")
