"""What a cell says was done: the one place that decides whether its numbers and dates may be taken at all.

A value is taken where every clause around it is understood: what is said to be done is handed on; plans, other years,
gaps and parts beside it are left out, and checked where they can be. Where nothing is said to be done, or what is said
contradicts itself, there is a refusal with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    NUMBERS,
    OTHER,
    Clause,
    Question,
    answers_in,
    base_of,
    before,
    clauses_of,
    label_of,
    only_each,
)
from selfeval.reading.values.dates import with_years
from selfeval.reading.values.further import alike, begins_own, has_own_business, is_listed, speaks_of_else, tells_own
from selfeval.reading.values.handed import rewritten
from selfeval.reading.values.miswritten import miswritten
from selfeval.reading.values.names import without_names
from selfeval.reading.values.numerals import in_digits
from selfeval.reading.values.others import comes_of_it, holds_act, is_act, is_own, is_state_at
from selfeval.reading.values.own_parts import own_part
from selfeval.reading.values.quoted import unknown_words
from selfeval.reading.values.roles import BESIDES, TAKEN, ClauseRole, roles_of
from selfeval.reading.values.totals import ADDED, EXTREME, STOCK, added_up, finds, settled
from selfeval.reading.values.troubles import troubles_of
from selfeval.reading.values.units import HOUSEHOLDS, PEOPLE, counted_alike
from selfeval.reading.values.wording import (
    DATE,
    HARMLESS,
    NUMBER_LETTER,
    Token,
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
    asked, question = question, counting_as(clauses, question)
    if only_each(clauses, question):
        return Statement("", reading("V004.refused", actual=shorten(text), why=word("说的是每一份，不是总数")))
    told = list(zip(clauses, roles_of(clauses, question), strict=True))
    if remark := refusal(told, question):
        return Statement("", remark)
    summed = added_up(told, question)
    chosen = summed or chosen_of(told, question)
    if remark := None if summed else rival(told, chosen, question):
        return Statement("", remark)
    total, picked, conflict = settled(told, chosen, question)
    conflict = conflict or of_another(chosen, picked, clauses, question)
    if conflict := conflict or own_part(chosen, clauses, question):
        return Statement("", conflict)
    dropped = question.dated or any(c not in chosen and is_numbered(c, question) for c in clauses)
    kept = "，".join(rewritten(c, question) for c in chosen) if chosen and dropped else without_phrases(words, clauses)
    said = total or "，".join(c.words for c in chosen)
    early = [] if question.dated else part_of_year(said if picked or len(chosen) != 1 else chosen[0].words)
    remarks = [c.words for c in clauses if c.inside and not c.of(NUMBERS) and len(c.words) < _PERIOD_LENGTH]
    period = other_period("，".join((said, *remarks)), question)
    unknown = [*unknown_words(told, chosen, picked, asked), *(claim.text for claim in period)]
    return Statement(
        total or kept,
        claims=(*claims_of(told, question), *early, *period, *troubles_of(told, chosen, picked, question)),
        bases=tuple(bases_of(told)),
        unknown=tuple(dict.fromkeys(unknown)),
        dates=sum(DATE in c.letters for c in clauses),
    )


def without_phrases(words: str, clauses: Sequence[Clause]) -> str:
    """`见佐证材料2`: a cell without the numbers in phrases that tell no amount."""
    for token in (t for c in clauses for t in c.of(HARMLESS) if _DIGIT.search(t.text)):
        words = words.replace(token.text, " ")
    return words


def counting_as(clauses: Sequence[Clause], question: Question) -> Question:
    """`城区14处、乡镇18处，共32处` against ≥32个: the question in the unit by which a cell counts the same things."""
    bases = {base_of(t) for c in clauses for t in c.of(NUMBER_LETTER)}
    if question.dated or question.compound or len(bases) != 1 or question.unit in {"", *PEOPLE, *HOUSEHOLDS}:
        return question
    (base,) = bases
    counted = base and not answers_in(base, question.unit) and counted_alike(base, question.unit).factor
    return replace(question, unit=base) if counted else question


_STANDARD = re.compile(r"[≤≥<>]=?\s*[\d.,]+[^，。；=]{0,20}[×*][^，。；=]{1,20}=")
"""`≤400人×1500元/人=60万元`: the reckoning of the target."""


# ── what may be taken ─────────────────────────────────────────────────────────────────────────


def refusal(told: Roles, question: Question) -> Reading | None:
    """Why nothing in the cell may be taken."""
    done = [i for i, (c, r) in enumerate(told) if r is ClauseRole.DONE and question.answer in c.letters]
    doubts = [(i, c, r) for i, (c, r) in enumerate(told) if casts_doubt(c, r, question)]
    mixed = [doubt for doubt in doubts if doubt[2] is ClauseRole.OTHER_YEAR and "O" in doubt[1].letters]
    mixed += [doubt for doubt in doubts if doubt[2] is ClauseRole.NEGATED and of_itself(doubt[1], question)]
    mixed += [doubt for doubt in doubts if _UNPAID.search(doubt[1].words) or is_unfinished(doubt[1], question)]
    mixed += [doubt for doubt in doubts if _REJECTED.search(doubt[1].words) and not doubt[1].of(NUMBERS)]
    paid = told if question.unit.startswith("元") else ()
    mixed += [(i, c, r) for i, (c, r) in enumerate(paid) if _PAID_LATER.search(c.words)]
    mixed += [(i, c, ClauseRole.PARTIAL) for i, (c, _) in enumerate(told) if tells_state(told, i, question)]
    taken = [(i, c, ClauseRole.PARTIAL) for i, (c, r) in enumerate(told) if r in TAKEN and question.answer in c.letters]
    mixed += [one for one in taken if len(taken) == 1 and of_the_best(one[1], question)]
    mixed += [doubt for doubt in doubts if question.dated and _BUT_FOR.match(doubt[1].words)]
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
_PAID_LATER = re.compile("(?:尾款|余款|质保金|剩余款项?)[^，。；]{0,10}(?:次年|明年|下年|来年|跨年)")
_REJECTED = re.compile(
    "(?:验收|评审|审[核查计]|鉴定|复核|质检|检测|论证)[^，。；]{0,4}(?:[未没不][^，。；]{0,2}(?:通过|合格|达标)|被否)|"
    "(?:未|没有?|尚未)能?(?:通过|获得?|经)[^，。；]{0,6}(?:验收|评审|批准|认定|审[核查])|被否|未(?:获|被)?批准"
)
"""`建成823亩，验收未通过`: what was done was not accepted."""
_UNFINISHED = re.compile(
    "(?:尚未|还未|仍未|未|没有?|待)(?:全部|完全|正式)?(?:交付|到货|发货|供货|交货|发放|安装|启用|投用|投入使用|建成|完工|竣工|领取|铺|施工|动工|通水|通电|通车|完(?!成)|装|建)"
)
_HANDLED = re.compile(
    "(?:调查|处理|处置|办理|侦办|整改|维修|检修|返修|更换|复检)中|正在(?:调查|处理|处置|办理|侦办|整改|维修|检修|返修|更换|复检)"
)


def is_unfinished(clause: Clause, question: Question) -> bool:
    """`已购置46台，尚未交付`, `已筹集312套，待分配`: a step without which it is not done, behind a number."""
    waits = _WAITS.match(clause.words)
    own = waits is not None and waits[1] in question.words
    return not clause.of(NUMBERS) and (own or bool(_UNFINISHED.search(clause.words)))


_WAITS = re.compile("(?:尚|还|仍|均|现|正)*(?:有?待|准备|即将|等待)(?:进行|开展|组织|实施)?([\u4e00-\u9fff]{2})")


def tells_state(told: Roles, index: int, question: Question) -> bool:
    """`截至11月30日`, with `已验收3个标段` behind it: how far things were on a day."""
    clause, following = told[index][0], [c for c, _ in told[index + 1 : index + 2]]
    behind = question.dated and DATE in clause.letters and not clause.of(NUMBERS)
    return behind and any(is_state_at(c, question, clause.words) for c in following if not c.fresh and not c.inside)


def leaves_open(clause: Clause, question: Question) -> bool:
    """`1起，另有1起待认定` against ≤2起: there may be more."""
    pending = question.less and BESIDES.match(clause.words) and set("WPX") & set(clause.letters)
    return bool(pending and alike(clause, question))


_BUT_FOR = re.compile("除(?![^，。；]{0,4}(?:节假日|周末|双休|雨|雪|天气|不可抗力))[^，。；]{1,16}外")
"""`除2所学校外，其余均在12月10日前完工`: the day is not that of all."""
_SOME_REACH = re.compile(
    r"\d+个?[村镇乡家户所校班名人点站处][^，。；、:\d实完]{0,6}(?:达到?|超过|高于|突破|在)了?(?=\d)"
)


def of_the_best(clause: Clause, question: Question) -> bool:
    """`最高的村6.3万元`, `有12个村达到5万元以上`: what the best of them have is not what all have."""
    if question.dated or question.compound or question.less or "最" in question.words:
        return False
    numbers = alike(clause, question)
    best = len(numbers) == 1 and EXTREME.search(before(clause, numbers[0]))
    reach = [t for t in numbers if t.value == question.value and leads_to(clause, t)]
    return bool(best or reach)


def leads_to(clause: Clause, number: Token) -> bool:
    """Whether so many are said to have reached a number."""
    return any(match.end() == number.start for match in _SOME_REACH.finditer(clause.text))


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


_BASE_OF_RATE = re.compile(r"(?:可|应|能)(?!能)[^，。；\d]{2,10}\d")


def is_of_a_rate(clause: Clause, role: ClauseRole, question: Question) -> bool:
    """What a rate beside the result is of, or the result itself: no doubt is cast on it."""
    if question.unit != PERCENT:
        return bool(_SHARE_OF_WHOLE.match(clause.words))  # 63人，占符合条件教师的12%
    if NUMBER_LETTER in clause.letters:
        return False
    other = role is ClauseRole.PARTIAL and any(label_of(clause, t) for t in clause.of(OTHER))
    # 不合格8批次，处置率100%; 拨付率100%，支出进度86%; 可分配房源500套，分配率94.4%
    return is_flawed(clause) or other or bool(_BASE_OF_RATE.match(clause.words))


def casts_doubt(clause: Clause, role: ClauseRole, question: Question) -> bool:
    """Whether a clause casts doubt on a number beside it that nothing calls done."""
    numbered = bool({question.answer, OTHER} & set(clause.letters))
    if is_of_a_rate(clause, role, question):
        return False
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
    if plain and is_some_of_them(done):
        return True
    if comes_of_it(done, question):
        return any(c.letters == NUMBER_LETTER for c in plain)
    if plain and has_own_business(done, question) and not is_firm(done) and begins_own(plain[0], question):
        return True  # 培训360人，实现创业45人
    added = "新增" in question.words and any(leads(c, ADDED) for c in plain)
    return added and leads(done, STOCK) and not leads(done, ADDED)


def is_firm(clause: Clause) -> bool:
    """Whether a clause says that its number is the actual one: 实际, 最终, 本年."""
    return any(_FIRM.match(t.text) for t in clause.of("AI"))


def is_some_of_them(done: Clause) -> bool:
    """`13个，表现较好的4个已推广`: what became of those that are described."""
    first = next(iter(done.of(NUMBER_LETTER)), None)
    if first is None or done.text[first.start - 1 : first.start] != "的":
        return False
    return not any(t.end <= first.start for t in done.of("AFIQVv"))


def leads(clause: Clause, words: re.Pattern[str]) -> bool:
    """Whether such words stand right before a number."""
    return any(words.search(before(clause, number)) for number in clause.of(NUMBER_LETTER))


def is_numbered(clause: Clause, question: Question) -> bool:
    """Whether a clause left out would bring in a number; the dates of a compound cell stay with it."""
    if question.compound:
        return bool({question.answer, OTHER} & set(clause.letters))
    return bool(_DIGIT.search(clause.words))


_FOUND = re.compile(
    r"(?:经|由)?[^，。；\d]{0,10}(?:(?:监测|审计|核查|第三方|验收|复核|测绘|上级)[^，。；\d]{0,4}(?:认定|核定|核实|确认|审定|实测)|"
    r"(?:清洗|去重|剔除|扣除|核减)[^，。；\d]{0,4}后|(?<!积极)有效)(?!问卷|样本)[^，。；\d]{0,6}(?=\d)"
)
"""`经第三方监测认定18.6平方公里`, `去重后82万条`: what was counted anew."""


def found_otherwise(told: Roles, chosen: Sequence[Clause], question: Question) -> Reading | None:
    """A number that was counted anew, and is another than the one taken."""
    if question.dated or question.compound or question.unit == PERCENT:
        return None
    anew = [c for c, _ in told if _FOUND.match(c.words) and alike(c, question)]
    first = [c for c in chosen if c not in anew and alike(c, question)] if anew else []
    taken = {t.value for c in first for t in alike(c, question)}
    wrong = [c for c in anew if taken and not taken & {t.value for t in alike(c, question)}]
    return reading("V004.rivals", actual=shorten(first[0].words), other=shorten(wrong[0].words)) if wrong else None


_AFTERWARDS = re.compile("(?:其中)?(?:已|均已)?(?:通过)?(?:验收|决算|销号|入住|投用|办证)[^，。；]{0,4}\\d")
"""`完工19个，验收17个`: what comes after it was done, of some of them."""


def is_beside_done(plain: Clause, done: Sequence[Clause], question: Question) -> bool:
    """Whether what is merely told stands beside what was done as something else."""
    if not done:
        return False
    if all(holds_act("，".join(w.text for w in c.tokens), question) for c in done) and (
        any(map(is_act, plain.tokens)) or finds(plain)
    ):
        return True  # 排查4.5万平方米，已拆除3.82万平方米
    if all(tells_own(c, c.of(NUMBER_LETTER)[0], question, "F") for c in done) and speaks_of_else(plain, question):
        return True  # 协调50例，实现捐献46例
    most = max((t.value or Decimal(0) for c in done for t in alike(c, question)), default=Decimal(0))
    return bool(_AFTERWARDS.match(plain.words)) and all(most >= (t.value or 0) for t in alike(plain, question))


def rival(told: Roles, chosen: Sequence[Clause], question: Question) -> Reading | None:
    """`99%，1%已整改`: a plain number beside one that is merely done may be the answer itself."""
    if other := found_otherwise(told, chosen, question):
        return other
    firm = question.dated or question.compound or any(map(is_firm, chosen))
    done = [] if firm else [c for c, r in told if r is ClauseRole.DONE and c in chosen]
    plain = [c for c, r in told if r is ClauseRole.PLAIN and not c.inside and alike(c, question)]
    plain = [c for c in plain if is_listed(c) or not is_beside_done(c, done, question)]
    parts = [t.value or Decimal(0) for c in plain for t in alike(c, question)]
    whole = [t.value for c in done for t in alike(c, question)]
    if not (done and plain) or {*parts} == {*whole} or (len(parts) > 1 and whole == [sum(parts)]):
        return None
    return reading("V004.rivals", actual=shorten(plain[0].words), other=shorten(done[0].words))
