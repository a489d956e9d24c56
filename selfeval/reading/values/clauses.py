"""A cell cut into clauses: stretches of text with the numbers in them, ready to be told apart (`roles.py`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from selfeval.base.frozen import made_quickly
from selfeval.base.model import PERCENT
from selfeval.reading.values.frequencies import COUNTED
from selfeval.reading.values.namesakes import is_other_rate
from selfeval.reading.values.units import BARE, PEOPLE, conversion, unit_at
from selfeval.reading.values.wording import CUT, DATE, NUMBER_LETTER, STOP, Token, tokens_of, wording

HOLE = "\0"
"""Stands for a character of a remark in brackets, which is a clause of its own."""
OTHER = "n"
"""A number of another unit than the target's (3期 where people are counted)."""
NUMBERS = NUMBER_LETTER + OTHER

_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_TURNS = frozenset("AIPpWYLBREeUOQ")
"""Kinds that begin a clause of their own when a number stands before them and another behind."""


@made_quickly
@dataclass(frozen=True, slots=True)
class Question:
    """What must be known of the target: its names and words, the year, its unit and value, what it asks for."""

    names: tuple[str, ...]
    words: str
    year: int
    unit: str = ""
    dated: bool = False
    change: bool = False
    less: bool = False
    compound: bool = False
    value: Decimal | None = None

    @property
    def answer(self) -> str:
        """Whether numbers or dates answer it."""
        return DATE if self.dated else NUMBER_LETTER


@made_quickly
@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of `text` with its tokens; `fresh` after a full stop; `inside` brackets; `parts` after a colon."""

    text: str
    tokens: tuple[Token, ...]
    fresh: bool = False
    inside: bool = False
    parts: bool = False

    @property
    def letters(self) -> str:
        """The kinds of its words."""
        return "".join(t.letter for t in self.tokens)

    @property
    def words(self) -> str:
        """The clause as it is written."""
        return self.text[self.tokens[0].start : self.tokens[-1].end].replace(HOLE, "")

    def of(self, letters: str) -> list[Token]:
        """Its words of these kinds."""
        return [t for t in self.tokens if t.letter in letters]


def clauses_of(text: str, question: Question) -> list[Clause]:
    """The clauses of a text in order, then those in brackets."""
    outside = _BRACKET.sub(masked, text)
    found = cut(outside, question)
    for match in _BRACKET.finditer(text):
        if masked(match) != match.group():
            found += [replace(clause, inside=True) for clause in cut(match[1], question)]
    return answering(found, question)


def masked(match: re.Match[str]) -> str:
    """A remark in brackets leaves a hole of its length; a unit in brackets (4.52(万人)) stays."""
    unit, end = unit_at(match[1], 0)
    return match.group() if unit != BARE and end == len(match[1]) else HOLE * len(match.group())


def cut(text: str, question: Question) -> list[Clause]:
    """A text cut at marks, and where a number is followed by a word that turns to another number."""
    tokens = tokens_of(text, question.year, question.names, dated=question.dated)
    found: list[Clause] = []
    held: list[Token] = []
    fresh, parts, numbered = True, False, False
    for index, token in enumerate(tokens):
        mark = token.letter in (CUT, STOP) and (numbered or token.text != ":")
        if held and (mark or (numbered and turns_away(tokens, index))):
            found.append(Clause(text, tuple(held), fresh, parts=parts))
            held, fresh, numbered = [], False, False
        if mark:
            fresh = fresh or token.letter == STOP
            parts = token.letter == CUT and (parts or token.text == ":")
        else:
            held.append(token)
            numbered = numbered or token.letter in (NUMBER_LETTER, DATE)
    return [*found, Clause(text, tuple(held), fresh, parts=parts)] if held else found


def turns_away(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word behind a number begins to speak of another number: `100人实际90人`, but not `100人的计划`."""
    token, following = tokens[index], tokens[index + 1 : index + 2]
    compares = token.letter in "KS" and bool(following) and following[0].letter == "P"
    if (token.letter not in _TURNS and not compares) or tokens[index - 1].text == "的":
        return False
    ahead = takewhile(lambda t: t.letter not in (CUT, STOP), tokens[index + 1 :])
    return any(t.letter in (NUMBER_LETTER, DATE) for t in ahead)


def answering(clauses: list[Clause], question: Question) -> list[Clause]:
    """The clauses with every number that cannot be the answer marked as another one."""
    clauses = without_other_amounts(without_other_rates(clauses, question), question)
    clauses = clauses if by_each(question) else [without_shares(c, question) for c in clauses]
    numbers = [t for c in clauses for t in c.of(NUMBER_LETTER)]
    if question.dated or question.compound or not question.unit:
        return clauses
    if question.unit == PERCENT and "百分点" not in question.words:
        plain = [t for t in numbers if "点" not in t.text]
        numbers = plain or numbers
        clauses = [without(c, plain) for c in clauses] if plain else clauses
    whole = [t for c in clauses if "O" not in c.letters for t in c.of(NUMBER_LETTER)]
    also = {f"{question.unit}次"} if len(question.unit) == 1 else set()
    exact = any(base_of(t) in {question.unit, *also} for t in whole)  # 12名专家服务72人次
    fits = [
        t
        for t in numbers
        if (base_of(t) in {question.unit, *also, ""} if exact else answers_in(base_of(t), question.unit))
    ]
    if not fits and "/" in question.unit:
        fits = [t for c in clauses for t in c.of(NUMBER_LETTER) if _EACH.search(before(c, t))]
    fits = fits or [t for t in numbers if conversion(base_of(t), question.unit).factor is not None]
    return [without(c, fits) for c in clauses] if 0 < len(fits) < len(numbers) else clauses


_RATE = re.compile(
    r"([\u4e00-\u9fff]{1,8}(?:率|(?<![季年月])度|比例|占比)|覆盖)"
    r"(?:为|达到?|约|了|:|[仅只]为?|只有|均为?|高达|稳定在|保持在)?\s*$"
)
_HOLDS = re.compile("([\u4e00-\u9fff]{2,6}?)的?占(?:比)?(?:为|达|约)?$|(完工|竣工|开工)(?:了|约|近)?$")
"""`线下办理占90%`, `完工95%`."""
_ACT_DONE = re.compile(r"([\u4e00-\u9fff]{2})(?:工作)?完成了?$")
"""`盘点完成99%`: the share of an act."""


def without_other_rates(clauses: list[Clause], question: Question) -> list[Clause]:
    """`96%，故障率4%` against a 完好率: the rate that bears another name, where one does not."""
    numbers = [(c, t) for c in clauses for t in c.of(NUMBER_LETTER) if base_of(t) == PERCENT == question.unit]
    foreign = [t for c, t in numbers if is_other_rate(label_of(c, t), question.words)]
    foreign = foreign or beside_the_named(numbers, question)
    if question.compound or not foreign or len(foreign) == len(numbers):
        return clauses
    mine = [t for c in clauses for t in c.of(NUMBER_LETTER) if not among(t, foreign)]
    return [without(c, mine) for c in clauses]


def without_other_amounts(clauses: list[Clause], question: Question) -> list[Clause]:
    """`农膜使用量610吨，回收量523.6吨`: the amount that bears another name, where one does not."""
    if question.dated or question.compound:
        return clauses
    numbers = [(c, t) for c in clauses for t in c.of(NUMBER_LETTER)]
    foreign = [t for c, t in numbers if is_other_amount(c, t, question)]
    if not foreign or len(foreign) == len(numbers):
        return clauses
    mine = [t for _, t in numbers if not among(t, foreign)]
    return [without(c, mine) for c in clauses]


def beside_the_named(numbers: Sequence[tuple[Clause, Token]], question: Question) -> list[Token]:
    """`家长满意度93.5%，学生满意度95%` against a 家长满意度: the rates beside the one that bears the full name."""
    named = [t for c, t in numbers if label_of(c, t) in question.names]
    others = [t for c, t in numbers if not among(t, named)]
    return others if len(named) == 1 and all(label_of(c, t) for c, t in numbers) else []


def label_of(clause: Clause, number: Token) -> str:
    """The rate a number is called by; empty where it is called none."""
    near = before(clause, number)
    if match := _RATE.search(near):
        return match[1]
    if match := _HOLDS.search(near):
        return match[1] or match[2]
    done = _ACT_DONE.search(near)
    return done[1] if done and done[1] in wording().sets["act"] else ""


_AMOUNT = re.compile(r"([\u4e00-\u9fff]{2})(量|额|面积)(?:为|达到?|约|共|:)*\s*$")
_ANY_AMOUNT = re.compile("[数总重全实合完容计际]")


def is_other_amount(clause: Clause, number: Token, question: Question) -> bool:
    """`农膜使用量610吨` against a 回收量: an amount of another name, without a character in common."""
    match = _AMOUNT.search(before(clause, number))
    if match is None or _ANY_AMOUNT.search(match[1]) or not any(n.endswith(match[2]) for n in question.names):
        return False
    return not any(char in question.words for char in match[1])


_GRAVE, _SLIGHT = re.compile("较大|重大|特大"), re.compile("一般|轻微")


def of_other_rate(clause: Clause, question: Question) -> bool:
    """`返工率95%` against a 合格率; `一般事故2起` against graver ones."""
    none = question.value == 0 and clause.of(NUMBER_LETTER) and not any(t.value for t in clause.of(NUMBER_LETTER))
    graver = none and _GRAVE.search(clause.words) and not _GRAVE.search(question.words)  # 较大以上事故0起
    if graver or (question.unit == PERCENT and of_other_measure(clause, question)):
        return True
    if _SLIGHT.search(clause.words) and _GRAVE.search(question.words) and not _SLIGHT.search(question.words):
        return True
    if not (question.compound or question.dated) and any(
        is_other_amount(clause, t, question) for t in clause.of(NUMBER_LETTER)
    ):
        return True
    if question.unit.startswith("元/") and any(
        "/" not in base_of(t) and _SUM.search(before(clause, t)) for t in clause.of(NUMBER_LETTER)
    ):
        return True
    if question.compound or question.unit != PERCENT or not re.search("[率度]|占比|比例|比重", question.words):
        return False
    rates = clause.of(NUMBER_LETTER)
    return any(
        (is_other_rate(label_of(clause, t), question.words) and not tells_share(clause, t, question))
        or is_of_other_act(clause, t, question)
        for t in rates
    )


_MEASURE = "收入|产值|利润|税收|销售额|人次|人数|产量|面积|投资|出口"
_CHANGED = re.compile(f"({_MEASURE})[^，。；\\d]{{0,3}}(?:同比)?(?:增长|增加|提高|上升|下降|减少|降低)")


def of_other_measure(clause: Clause, question: Question) -> bool:
    """`旅游收入增长6.2%` against a 游客人次增长率: a change of something else that is measured."""
    changed = _CHANGED.search(clause.words)
    asked = re.findall(_MEASURE, "，".join(question.names)) if changed else []
    return bool(changed and asked) and changed is not None and changed[1] not in asked


def tells_share(clause: Clause, number: Token, question: Question) -> bool:
    """`持教师资格证人数占92.3%` against a 持证率: both characters, in their order, of those that make up the share."""
    label = before(clause, number)
    stems = [name.removesuffix("率")[-2:] for name in question.names if name.endswith("率")]
    return "占" in label and any(re.search(f"{re.escape(s[0])}[^，。；\\d]*{re.escape(s[-1])}", label) for s in stems)


_DONE_TO = re.compile(
    r"的[^，。；\d]{2,10}?(?:均|都|全部|业|现)?已(?:经|被)?([\u4e00-\u9fff]{2})(?:完毕|到位|了)?(?=$|[，。；])"
)


def is_of_other_act(clause: Clause, number: Token, question: Question) -> bool:
    """`98.5%的病案已回收` against a 填写正确率: the share to which something else was done."""
    done = _DONE_TO.match(clause.text, number.end)
    stem = [name.removesuffix("率")[-2:] for name in question.names if name.endswith("率")]
    known = wording().sets
    if not done or not stem or done[1] not in known["act"] | known["rest"] | known["event"]:
        return False
    alike = [group for group in wording().alike if done[1] in group]
    return done[1] not in question.words and not any(like in question.words for group in alike for like in group)


_PIECE = "台|套|件|座|栋|册|辆|头|只|株|棵|盏|本|份|亩|吨|公里|平方米|米"
_ONE = f"校|乡|镇|期|场|人|户|村|班|个|批|标段|点|处|所|项|课时|节|名|位|间|学期|{_PIECE}"
_AVERAGE = "[人户亩台月季周日]均|(?<![\\d个每])[月日周](?:租|薪|产|供|付|耗)"
_DOING = "(?:开展|组织|举办|召开|进行|安排|实施|完成|新建|建设|建成|培训|演出|检查|监测|巡查)?了?"
_EACH = re.compile(rf"(?:每(?:{_ONE}|次|天|日|月|季度?|周|半?年)|{_AVERAGE}|单价)[^，。；\d]{{0,4}}$|各{_DOING}约?$")
_EACH_ONE = re.compile(rf"(?:每(?:{_ONE})|[人户亩台]均|单价)[^，。；\d]{{0,4}}\d")
_EACH_LISTED = re.compile(rf"各{_DOING}约?\d")
_EACH_PERIOD = re.compile(
    r"(?:每个?(?:天|日|月|季度?|周|星期|半年)|[月季周日]均|(?<![\d个每])[月日周](?:租|薪|产|供|付|耗))[^，。；\d]{0,4}\d"
)
_SUM = re.compile(r"(?:总|共|合计|累计)[^，。；\d]{0,6}$")


_EARNED = re.compile("(?:农[户民]|居民|[脱贫]贫户|贫困户)(?:年?均|平均)?(?:年|可支配|纯)?(?:增收|收入)(?!总)")
"""What a household earns is told of each."""


def by_each(question: Question) -> bool:
    """Whether the target itself is one for each."""
    return (
        bool(re.search(f"每|人[月天日]|{_AVERAGE}|单价|标准|单位成本|单[个台次批件人户位项]", question.words))
        or bool(_EARNED.search(question.words))
        or "/" in question.unit
        or question.unit in {"学时", "课时"}
    )


def only_each(clauses: Sequence[Clause], question: Question) -> bool:
    """`每期45人`, `人均48元`: what each one is, and nothing of what all are."""
    if question.dated or question.compound or by_each(question) or any(NUMBER_LETTER in c.letters for c in clauses):
        return False
    if any(_EACH_LISTED.search(c.words) for c in clauses):
        return True
    patterns = (_EACH_ONE,) if question.unit in COUNTED else (_EACH_ONE, _EACH_PERIOD)
    return any(pattern.search(c.words) for c in clauses for pattern in patterns)


_PAID_MONTHLY = re.compile("低保|特困|供养|救助|补[助贴]|津贴|养老金|发放|保障")


def without_shares(clause: Clause, question: Question) -> Clause:
    """`每期45人，共90人`: what each one is, is not what all are; of those who are paid every month the mean is."""
    told = ((t, _EACH.search(before(clause, t))) for t in clause.of(NUMBER_LETTER))
    paid = question.unit in {"户", "人"} and _PAID_MONTHLY.search(question.words)
    each = [t for t, match in told if match and not (paid and match.group().startswith("月均"))]
    return without(clause, [t for t in clause.of(NUMBER_LETTER) if not among(t, each)]) if each else clause


def without(clause: Clause, answers: Sequence[Token]) -> Clause:
    """A clause with the numbers that are no answers marked."""
    kept = {id(token) for token in answers}
    tokens = (t if t.letter != NUMBER_LETTER or id(t) in kept else replace(t, letter=OTHER) for t in clause.tokens)
    return replace(clause, tokens=tuple(tokens))


NEAR = 24
"""How many characters before a number say what it is of."""


def before(clause: Clause, number: Token) -> str:
    """What stands right before a number."""
    return clause.text[max(0, number.start - NEAR) : number.start]


def among(token: Token, tokens: Sequence[Token]) -> bool:
    """Whether it is one of these very tokens: two of the same look and place may stand inside and outside brackets."""
    return any(token is other for other in tokens)


def base_of(number: Token) -> str:
    """The unit a number is written in."""
    return number.unit.base if number.unit else ""


def answers_in(unit: str, wanted: str) -> bool:
    """Whether a number of a unit can be the answer: 90人次 for 人, but not 3期."""
    return unit in {"", wanted} or (unit in PEOPLE and wanted in PEOPLE)
