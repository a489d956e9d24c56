"""Which of several numbers is the result: the total, the year's, the one of the target's own act; do they agree?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from selfeval.base.model import PERCENT
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.reading.values.claims import Roles
from selfeval.reading.values.clauses import HOLE, NUMBERS, Clause, Question, base_of, before
from selfeval.reading.values.further import ahead_of, alike, begins_own, has_own_business, is_listed, tells_own
from selfeval.reading.values.others import holds_act, is_act, is_own, takes_in
from selfeval.reading.values.roles import TAKEN, ClauseRole
from selfeval.reading.values.sums import conflict_of, multiplies_to, outside, whole_year
from selfeval.reading.values.units import family
from selfeval.reading.values.wording import HARMLESS, NUMBER_LETTER, UNKNOWN, Token, wording


def settled(told: Roles, chosen: Sequence[Clause], question: Question) -> tuple[str, Clause | None, Reading | None]:
    """The words and the clause of the total among several numbers of one unit, and how they contradict each other."""
    if question.compound or question.dated:
        return "", None, None
    main = [(c, t) for c in chosen for t in alike(c, question)]
    parts = [t for c, r in told if r is ClauseRole.PART for t in alike(c, question)]
    aside = [c for c, r in told if c.inside and r in TAKEN and c not in chosen]
    aside = [c for c in aside if len(main) != 1 or not multiplies_to(c, main[0][1])]
    aside = [c for c in aside if not (c.words.startswith("新") and "新" not in question.words)]  # 21个（新达标6个）
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
    tried = tried_of(main, question) or dealt_with(main, question)
    picked = tried or total_of(main) or total_of(fewer) or of_the_target(fewer, question)
    if picked is None or year:
        return year, None, None if year else several_of(main)
    rest = [t for _, t in main if t is not picked[1]]
    if tried or not total_of(main):
        return alone(*picked), picked[0], conflict_of(picked[1], parts, inside)
    if base_of(picked[1]) == PERCENT or _MEAN.search(before(picked[0], picked[1])):
        bounded = len(rest) == 1 and all(fits_extreme(*pair, picked[1]) for pair in main if pair[1] is not picked[1])
        return alone(*picked), picked[0], None if bounded else outside(picked[1], rest)
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


def flows_on(clause: Clause, number: Token) -> bool:
    """`1小时30分钟` is one length of time, and so is `2小时30分`."""
    beside = [t for t in clause.of(NUMBERS) if number.start == t.end or number.end == t.start]
    measures = family(base_of(number))
    return measures is not None and any(base_of(t) in {*measures, "分"} for t in beside)


_WHOLE = re.compile(r"(?:全年|年度|总体|整体|综合)[^，。；、\d]{0,10}$")
"""`枯水期98.1%，丰水期98.7%，全年98.4%`: the rate of the whole."""


_MEAN = re.compile(r"(?:平均|均值|[年期村户人亩校班]均)[^，。；、\d]{0,6}$")
EXTREME = re.compile(r"最[短长快慢高低大小多少][^，。；、\d]{0,8}$")
"""`最短3天，最长14天，平均9天`."""


_MOST = re.compile(r"最[长慢高大多][^，。；、\d]{0,8}$")


def fits_extreme(clause: Clause, number: Token, mean: Token) -> bool:
    """`最长26分钟，平均18分钟`: whether an extreme lies on its side of the mean."""
    told, apart = before(clause, number), (number.value or Decimal(0)) - (mean.value or Decimal(0))
    return bool(EXTREME.search(told)) and (apart >= 0 if _MOST.search(told) else apart <= 0)


def added_up(told: Roles, question: Question) -> list[Clause]:
    """`完成煤改电4200户、煤改气1720户，合计5920户`: all, where the last is called the sum of the others."""
    if question.dated or question.compound or question.unit == PERCENT:
        return []
    numbers = [(c, t) for c, r in told if r in TAKEN and not c.inside for t in alike(c, question)]
    values = [t.value or Decimal(0) for _, t in numbers]
    called = len(values) > 2 and _CALLED.search(before(*numbers[-1])) and sum(values[:-1]) == values[-1]
    return list(dict.fromkeys(c for c, _ in numbers)) if called else []


_CALLED = re.compile(r"(?:共计?|合计|总计|总共)[^，。；\d]{0,4}$")


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
    if len(means) == 1 and all(EXTREME.search(before(c, t)) for c, t in numbers if t is not means[0][1]):
        return means[0]
    if len(means) == 1 and len(numbers) > 2 and means[0] == numbers[-1] and not means[0][1].text.endswith("%"):
        rest = values[:-1]
        return means[0] if min(rest) <= values[-1] <= max(rest) else None
    if len(whole) == 1 and base_of(whole[0][1]) == PERCENT:
        return whole[0]
    first = len(values) > 2 and sum(values[1:]) == values[0]
    twice = len(values) > 1 and len(set(values)) == 1 and not are_two_kinds(numbers)
    return numbers[0] if first or twice else None


def are_two_kinds(numbers: Sequence[tuple[Clause, Token]]) -> bool:
    """`自评估1次，第三方评估1次`: the same act of two kinds, and by chance as often."""
    first, second = (ahead_of(*pair) for pair in numbers[:2])
    return first != second and len(first) > 2 and len(second) > 2 and first[-2:] == second[-2:]


def several_of(numbers: Sequence[tuple[Clause, Token]]) -> Reading | None:
    """`老人800、儿童900、残疾人1500人次`: numbers beside each other of which none is the total."""
    values = {t.value for _, t in numbers}
    listed = "、".join(t.text for _, t in numbers)
    apart = len({clause.tokens[0].start for clause, _ in numbers}) > 1
    return reading("V004.several", actual=shorten(listed)) if apart and len(values) > 1 else None


_HEAD = re.compile("([\u4e00-\u9fff]{2})(?:总?数量?|[次个处件户套场人]数|[总产]?量|面积|里程|人次|场次)$")


def heads_of(question: Question) -> list[str]:
    """What a name counts, by its last word: 整改 of 隐患整改数."""
    return [match[1] for name in question.names if (match := _HEAD.search(name))]


_CAME_IN = re.compile("(?:充值|采购|到账|下达|报名|发现|查出|排查|摸排|受理|接到|收到|申请|申报)[^，。；\\d]{0,6}$")


def dealt_with(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """`发现隐患326处，整改310处` against a 整改数: what became of those that came in."""
    if len(numbers) != 2 or not _CAME_IN.search(before(*numbers[0])):
        return None
    last = before(*numbers[1])
    return numbers[1] if any(re.search(f"{head}了?$", last) for head in heads_of(question)) else None


def of_the_target(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """The number that is the target's by its words, or the one that nothing is said of."""
    return nearest_of(numbers, question) or own_of(numbers, question) or bare_of(numbers)


_EACH = re.compile("([日月年人户亩]均)(?:约|为|达)?$")


def nearest_of(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """`日常巡查52次，夜间巡查12次`: the number that bears more of the target's name than the others."""
    if len(numbers) < 2:
        return None
    each = [(c, t) for c, t in numbers if (m := _EACH.search(before(c, t))) and m[1] in question.words]
    if len(each) == 1:
        return each[0]  # 全年检查7.9万辆，日均216辆
    first, second, *_ = sorted(((own_letters(*pair, question), -i) for i, pair in enumerate(numbers)), reverse=True)
    listed = is_listed(numbers[-1][0]) and not second[0]  # 更新宣传栏6个、橱窗4个
    return numbers[-first[1]] if first[0] >= (3 if listed else max(4, second[0] + 2)) else None


def own_letters(clause: Clause, number: Token, question: Question) -> int:
    """How much of a name stands right before a number."""
    ahead = ahead_of(clause, number).rstrip("了为共约")
    return next((n for n in range(len(ahead), 1, -1) if any(ahead[-n:] in name for name in question.names)), 0)


_AFTERWARDS = re.compile("(?:其中|已|均已)*(?:通过)?(?:验收|决算|销号|入住|投用|启用|办证)[^，。；\\d]{0,4}\\d")
_GRADE = re.compile("(?:[A-EⅠⅡⅢⅣ一二三四甲乙丙]级|优秀?|良好?)[^，。；\\d]{0,2}\\d")


def is_further(clause: Clause, number: Token, first: Token, question: Question) -> bool:
    """`清退35户`, `投用319个`, `C级6栋`: what is told besides the first number, and is no part of a list with it."""
    told = _AFTERWARDS.match(clause.words) or _GRADE.match(clause.words)
    return bool(told and (number.value or 0) <= (first.value or 0)) or has_own_business(clause, question)


def own_of(numbers: Sequence[tuple[Clause, Token]], question: Question) -> tuple[Clause, Token] | None:
    """`养护公路125公里，清理边沟30公里`: the number of the target's own act, where all others are of another."""
    followed = [(c, t) for c, t in numbers if any(w.start == t.end and is_own(w, question) for w in c.tokens)]
    if len(followed) == 1:
        return followed[0]  # 覆盖6个乡镇22个行政村
    others = numbers[1:]
    if (
        others
        and begins_own(numbers[0][0], question)
        and all(is_further(c, t, numbers[0][1], question) for c, t in others)
    ):
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


ADDED = re.compile(r"(?:新增|新建|新购|本年|当年)[^，。；、\d]{0,8}$")
STOCK = re.compile(r"(?:累计|现有|现共有|总量|总数|馆藏|保有量|存量|总额)[^，。；、\d]{0,8}$")


def without_running_total(numbers: list[tuple[Clause, Token]], question: Question) -> list[tuple[Clause, Token]]:
    """`新增入驻15家，累计入驻63家`: what was added in the year, or all there are, as the target's name asks."""
    added = [pair for pair in numbers if ADDED.search(before(pair[0], pair[1]))]
    stock = [pair for pair in numbers if STOCK.search(before(pair[0], pair[1])) and pair not in added]
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


def alone(clause: Clause, number: Token) -> str:
    """A clause without its other numbers."""
    others = clause.of(NUMBERS)
    before = max((t.end for t in others if t.end <= number.start), default=clause.tokens[0].start)
    after = min((t.start for t in others if t.start >= number.end), default=clause.tokens[-1].end)
    return clause.text[before:after].replace(HOLE, "").strip("+= ")
