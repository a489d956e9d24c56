"""The words of the forms: labels and headings (data: `vocabulary.toml`), names of levels. No layout is known here."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files

from selfeval.base.text import INVISIBLE

REMEMBERED = 20_000
"""Texts whose reading is remembered: a table says the same words again and again."""
_MARK = re.compile("([⁰¹²³⁴-⁹₀-₉①-⓿❶-➓]+)")
"""Numbers of notes, which in half width would be digits of the number before them."""
_GAPS = re.compile(rf"[\s{INVISIBLE}]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]{1,2}、|\d{1,2}[.、](?!\d)|\([一二三四五六七八九十\d]{1,2}\))")

YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
MONEY_UNIT = re.compile(r"(?:^|[^位])(?:金额)?单位:(?:人民币)?(元|万元|亿元)")
MONEY_IN_LABEL = re.compile(r"\((?:单位:)?(元|万元|亿元)\)")
TITLE = re.compile(r"(?:基本信息|申报|自评|评价|评分|得分|绩效|指标|目标|批复|公开|监控)表(?:\([^()]*\))*$")
WHOLE_UNIT = re.compile(r"部门\(?(?:单位)?\)?整体(?!.*项目支出)|单位整体(?:支出|绩效)")
AMOUNT = re.compile(r"[¥￥]?([-+]?\d[\d,，]*(?:\.\d+)?|[-+]?\.\d+)(万元?|亿元?|元)?")
INSTRUCTION = re.compile(r"\d+\s*字(?:以内|左右)|^\(?请?填写")
NOTE = re.compile(r"^(?:备注|注|说明|填表说明|填报说明|注释)(?:[:：\d.、]|$)")


_DATA = tomllib.loads(files("selfeval.importing").joinpath("vocabulary.toml").read_text(encoding="utf-8"))


def _by_word(group: str) -> dict[str, str]:
    """What each way to write a label or heading means."""
    return {word: name for name, words in _DATA[group].items() for word in words}


def _patterns(group: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What labels or headings that are not listed mean, by their words."""
    return tuple((name, re.compile(pattern)) for name, pattern in _DATA["patterns"][group])


@lru_cache(maxsize=REMEMBERED)
def squeeze(text: str) -> str:
    """A text without blanks, in half width: for comparing, never for writing. 100① stays no 1001."""
    whole = "".join(p if _MARK.match(p) else unicodedata.normalize("NFKC", p) for p in _MARK.split(text))
    return _GAPS.sub("", whole)


@lru_cache(maxsize=REMEMBERED)
def bare(text: str) -> str:
    """A label as compared: without blanks, numbering, brackets, colon and mark of what must be filled in."""
    words = _NUMBERING.sub("", squeeze(text).lstrip("*★"))
    while (shorter := _BRACKETS.sub("", words)) != words:
        words = shorter
    return words.strip(":;*。")


UNFILLED = frozenset({"未填写", "未评分", "暂不评定"})
"""What our own reports print where nothing is."""
_NOTHING = re.compile(r"[-—–/\\*.]*")


def is_nothing(text: str) -> bool:
    """Whether a cell only says that there is nothing: a dash, or one of our own words for it."""
    words = squeeze(text)
    return bool(_NOTHING.fullmatch(words)) or words in UNFILLED


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in blanks and width at most."""
    return squeeze(one).casefold() == squeeze(other).casefold()


# ── Labels of the fields of a form ──

FIELD_OF = _by_word("labels")

HEADINGS_BELOW = frozenset({"年度总体目标", "总体目标完成情况", "中期目标", "目标"})
"""Labels that may be column headings: with nothing beside them, their text stands below."""
NARRATIVE = {
    "评价结论": "自评结论",
    "存在问题": "偏差原因分析及存在问题",
    "改进措施": "改进措施及结果应用",
    "立项依据": "项目概况",
}
"""Labels whose text belongs under a heading of the report."""
_FIELD_PATTERN = _patterns("labels")
_LONGEST_LABEL = 24


@lru_cache(maxsize=REMEMBERED)
def field_of(text: str) -> str:
    """The field that a label names, empty where it is none; a wording nobody listed is told by its words."""
    if len(text) > 60:
        return ""
    words = bare(text)
    if words in FIELD_OF or len(words) > _LONGEST_LABEL or words in ROLE_OF:
        return FIELD_OF.get(words, "")
    return next((name for name, pattern in _FIELD_PATTERN if pattern.search(words)), "")


# ── Money ──

AMOUNT_ROLE_OF = _by_word("amounts")
AMOUNTS = ("年初预算数", "全年预算数", "全年执行数")

TOTAL_FUND = re.compile(
    r"^(?:年度|当年|本年|全年)?(?:项目|部门|预算|财政)*(?:资金|预算)?(?:申请|安排|下达|到位)?(?:总额|总计|合计|合计数|小计)(?:及构成)?$|^年度预算数$"
)
MIDTERM_FUND = re.compile(r"^(?:实施期|中期|长期|项目总)(?:项目)?(?:资金|预算)(?:总额)?$")
_FUND = re.compile(
    r"(?:拨款|资金|收入|补助|补助款|结转|结余|结转结余|贷款|债券|自筹|经费|其他|投入|转移支付|预算)$|^(?:基本|项目)支出$"
)


@lru_cache(maxsize=REMEMBERED)
def fund_label(text: str) -> str:
    """A source of funds as written, without “其中：” and colon; empty where the text names none."""
    line = text.strip().rstrip(":：")
    name = OF_WHICH.sub("", re.sub(r"^\s*其\s*中\s*", "其中", line)).strip(" \u3000:：")
    words = bare(name)
    known = TOTAL_FUND.match(words) or MIDTERM_FUND.match(words) or _FUND.search(words)
    return name if words and len(words) <= 24 and known else ""


# ── Indicators ──

ROLE_OF = _by_word("headings")
_ROLE_PATTERN = _patterns("headings")
_PAST = re.compile(r"(?<!\d)(20\d\d)年")
OWN_YEAR = re.compile(r"^20\d\d年度?")


@lru_cache(maxsize=REMEMBERED)
def heading_role(words: str, year: int | None = None) -> str:
    """What a column holds by its heading (as `bare` gives it); a year before the form's is no target of it."""
    named = _PAST.search(words)
    if named and year and int(named[1]) != year:
        return "其他列"
    words = OWN_YEAR.sub("", words)
    if words in ROLE_OF:
        return ROLE_OF[words]
    if len(words) > 24 or names_two(words):
        return ""
    return next((role for role, pattern in _ROLE_PATTERN if pattern.search(words)), "")


def names_two(words: str) -> bool:
    """`年度指标值/实际完成值`: one column for two things, which nobody can take apart for sure."""
    roles = {ROLE_OF[part] for part in words.split("/") if part in ROLE_OF}
    return len(roles) > 1


METHODS = frozenset({"直接赋分", "完成比例赋分", "评判等级赋分", "满意度赋分"})

_LEVEL1 = re.compile(
    r"^(?:产出|效益|效果|产出与效果|投入|过程|管理|履职效能|满意度|成本|项目产出|项目效益|服务对象满意度)(?:类)?(?:指标|目标)?(?:[:：].*)?$"
)
_SURE_LEVEL1 = re.compile(r"^(?:产出|效益|效果|项目产出|项目效益)(?:类)?(?:指标|目标)?$|^满意度(?:指标|目标)$")
_LEVEL2 = re.compile(
    r"^(?:产出)?(?:数量|质量|时效|成本|产出数量|产出质量|产出时效|产出成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|环境效益"
    r"|可持续影响|可持续发展|可持续性影响|可持续|社会影响|服务对象满意度?|社会公众满意度?|社会公众或服务对象满意度?|受益对象满意度|群众满意度?|满意度)(?:类)?(?:指标|目标)?(?:等)?$"
)
LEVEL1_BY_LEVEL2 = (
    ("效益", re.compile("经济效益|社会效益|生态效益|环境效益|可持续|社会影响"), "效益指标"),
    ("满意", re.compile("满意"), "满意度指标"),
    ("产出", re.compile("^(?:产出)?(?:数量|质量|时效)"), "产出指标"),
)
_TOTAL = re.compile(
    r"^(?:总分|合计|总计|小计|自评总分|得分合计|总得分|合计得分|分值合计|总分值|评价总分|.{1,8}小计)(?:[:：]|$)|^(?:自评)?(?:总分|等级)"
)
EMPTY_NAME = re.compile(
    r"^(?:(?:指标|目标)?\d{1,2}[:：.、]?|…+|\.{2,}|\*+|[-—/]+|(?:指标|目标)?\d{1,2}[:：](?:…+|\.{2,}|\*+)|无)$"
)


STAMP = re.compile(r"盖章|签章|公章|签字|(?:^|\s)年\s*月\s*日\s*$|审核意见|审批意见")
"""Words of the rows for stamps and signatures."""
IN_BRACKETS = re.compile(r"\s*[(（]\s*(?:共|计)?(\d{1,3}(?:\.\d+)?)\s*分?\s*[)）]\s*$")
"""The points of a level or an indicator printed in brackets behind its name."""
OF_WHICH = re.compile(r"^其中[:：]?")
"""A row that only details the one above."""

CONTINUED = re.compile(r"\s*[(（]续表?[)）]\s*$")
"""The mark of a label repeated on the next page."""
POINTS = re.compile(r"(?<=[标目类度果益本出])\d{1,3}(?:\.\d+)?分?$")
"""The points of a level printed behind its name without brackets."""


@lru_cache(maxsize=REMEMBERED)
def is_level1(text: str) -> bool:
    """Whether a text is the name of a first level (成本指标 may be a second one too)."""
    return bool(_LEVEL1.match(bare(text)))


@lru_cache(maxsize=REMEMBERED)
def is_sure_level1(text: str) -> bool:
    """Whether a text can only be the name of a first level."""
    return bool(_SURE_LEVEL1.match(bare(text)))


@lru_cache(maxsize=REMEMBERED)
def is_level2(text: str) -> bool:
    """Whether a text is the usual name of a second level."""
    return bool(_LEVEL2.match(bare(text)))


@lru_cache(maxsize=REMEMBERED)
def is_category(text: str) -> bool:
    """Whether a text only says that indicators follow (绩效指标)."""
    return ROLE_OF.get(bare(text)) == "类别"


_GOAL = re.compile(r"(?:年度|当年|本年)?(?:绩效|总体)?目标[\d一二三四五六七八九十]")


def is_goal(text: str) -> bool:
    """`年度绩效目标1（40分）`: a numbered goal, beside the indicators that stand under it."""
    return bool(_GOAL.match(squeeze(text)))


def is_total(text: str) -> bool:
    """Whether a row is a sum, no indicator."""
    return bool(_TOTAL.match(bare(text)))


def level1_of(level2: str) -> str:
    """The first level under which a second one belongs, empty where that is open (成本 is)."""
    words = bare(level2)
    return next((name for _, pattern, name in LEVEL1_BY_LEVEL2 if pattern.search(words)), "")


def one_line(text: str) -> str:
    """A level without line breaks, its points and the number before 一级 (一、); usual names without any blank."""
    joined = CONTINUED.sub("", "".join(part.strip() for part in text.split("\n")))
    joined = IN_BRACKETS.sub("", joined) or joined
    tight = "".join(joined.split())
    plain = POINTS.sub("", tight)
    plain = _NUMBERING.sub("", plain) if is_sure_level1(plain) else plain
    if is_level1(plain) or is_level2(plain):
        return plain
    return tight if is_level1(tight) or is_level2(tight) else joined
