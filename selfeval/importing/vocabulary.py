"""The words of the forms: labels and headings (data: `vocabulary.toml`), names of levels. No layout is known here."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from importlib.resources import files

from selfeval.base.text import INVISIBLE

_GAPS = re.compile(rf"[\s{INVISIBLE}]+")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]{1,2}、|\d{1,2}[.、](?!\d)|\([一二三四五六七八九十\d]{1,2}\))")

YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
MONEY_UNIT = re.compile(r"(?:^|[^位])(?:金额)?单位:(?:人民币)?(元|万元|亿元)")
MONEY_IN_LABEL = re.compile(r"\((?:单位:)?(元|万元|亿元)\)")
TITLE = re.compile(r"(?:基本信息表|申报表|自评表|目标(?:申报|批复|公开)?表|绩效表)(?:\([^()]*\))*$")
WHOLE_UNIT = re.compile(r"部门\(?(?:单位)?\)?整体(?!.*项目支出)|单位整体支出")
AMOUNT = re.compile(r"[¥￥]?([-+]?\d[\d,，]*(?:\.\d+)?|[-+]?\.\d+)(元|万元|亿元)?")
INSTRUCTION = re.compile(r"\d+\s*字(?:以内|左右)|^\(?请?填写")
NOTE = re.compile(r"^(?:备注|注|说明|填表说明|填报说明|注释)(?:[:：\d.、]|$)")


def _by_word(group: str) -> dict[str, str]:
    """What each way to write a label or heading means, from `vocabulary.toml`."""
    text = files("selfeval.importing").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return {word: name for name, words in tomllib.loads(text)[group].items() for word in words}


def squeeze(text: str) -> str:
    """A text without blanks, in half width: for comparing, never for writing."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text))


def bare(text: str) -> str:
    """A label as compared: without blanks, numbering, brackets, colon and mark of what must be filled in."""
    words = _NUMBERING.sub("", squeeze(text).lstrip("*★"))
    while (shorter := _BRACKETS.sub("", words)) != words:
        words = shorter
    return words.strip(":;*。")


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


def field_of(text: str) -> str:
    """The field that a label names, empty where it is none."""
    return FIELD_OF.get(bare(text), "") if len(text) <= 60 else ""


# ── Money ──

AMOUNT_ROLE_OF = _by_word("amounts")
AMOUNTS = ("年初预算数", "全年预算数", "全年执行数")

TOTAL_FUND = re.compile(
    r"^(?:年度)?(?:项目|部门|预算)*(?:资金|预算|预算资金)?(?:总额|总计|合计|合计数|小计)(?:及构成)?$|^(?:年度)?(?:项目)?资金总额$|^年度预算数$"
)
MIDTERM_FUND = re.compile(r"^(?:实施期|中期|长期|项目总)(?:项目)?(?:资金|预算)(?:总额)?$")
_FUND = re.compile(
    r"(?:拨款|资金|收入|补助|补助款|结转|结余|结转结余|贷款|债券|自筹|经费|其他|投入|转移支付|预算)$|^(?:基本|项目)支出$"
)
_OF_WHICH = re.compile(r"^其中[:：]?")


def fund_label(text: str) -> str:
    """A source of funds as written, without “其中：” and colon; empty where the text names none."""
    line = text.strip().rstrip(":：")
    name = _OF_WHICH.sub("", re.sub(r"^\s*其\s*中\s*", "其中", line)).strip(" \u3000:：")
    words = bare(name)
    known = TOTAL_FUND.match(words) or MIDTERM_FUND.match(words) or _FUND.search(words)
    return name if words and len(words) <= 24 and known else ""


# ── Indicators ──

ROLE_OF = _by_word("headings")
METHODS = frozenset({"直接赋分", "完成比例赋分", "评判等级赋分", "满意度赋分"})

_LEVEL1 = re.compile(
    r"^(?:产出|效益|效果|产出与效果|投入|过程|管理|履职效能|满意度|成本|项目产出|项目效益|服务对象满意度)(?:类)?(?:指标|目标)?(?:[:：].*)?$"
)
_SURE_LEVEL1 = re.compile(r"^(?:产出|效益|效果|项目产出|项目效益)(?:类)?(?:指标|目标)?$|^满意度(?:指标|目标)$")
_LEVEL2 = re.compile(
    r"^(?:产出)?(?:数量|质量|时效|成本|产出数量|产出质量|产出时效|产出成本|经济成本|社会成本|生态环境成本|经济效益|社会效益|生态效益|环境效益"
    r"|可持续影响|可持续发展|可持续性影响|可持续|社会影响|社会影响力|服务对象满意度?|社会公众满意度?|社会公众或服务对象满意度?|受益对象满意度|群众满意度?|满意度)(?:类)?(?:指标|目标)?(?:等)?$"
)
LEVEL1_BY_LEVEL2 = (
    ("效益", re.compile("经济效益|社会效益|生态效益|环境效益|可持续|社会影响"), "效益指标"),
    ("满意", re.compile("满意"), "满意度指标"),
    ("产出", re.compile("^(?:产出)?(?:数量|质量|时效)"), "产出指标"),
)
_TOTAL = re.compile(
    r"^(?:总分|合计|总计|小计|自评总分|得分合计|总得分|合计得分|分值合计|总分值|评价总分)(?:[:：]|$)|^(?:自评)?(?:总分|等级)"
)
EMPTY_NAME = re.compile(
    r"^(?:(?:指标|目标)?\d{1,2}[:：.、]?|…+|\.{2,}|\*+|[-—/]+|(?:指标|目标)?\d{1,2}[:：](?:…+|\.{2,}|\*+)|无)$"
)


CONTINUED = re.compile(r"\s*[(（]续表?[)）]\s*$")
"""The mark of a label repeated on the next page."""
POINTS = re.compile(r"(?<=[标目类度果益本出])\d{1,3}(?:\.\d+)?分?$")
"""The points of a level printed behind its name without brackets."""


def is_level1(text: str) -> bool:
    """Whether a text is the name of a first level (成本指标 may be a second one too)."""
    return bool(_LEVEL1.match(bare(text)))


def is_sure_level1(text: str) -> bool:
    """Whether a text can only be the name of a first level."""
    return bool(_SURE_LEVEL1.match(bare(text)))


def is_level2(text: str) -> bool:
    """Whether a text is the usual name of a second level."""
    return bool(_LEVEL2.match(bare(text)))


def is_category(text: str) -> bool:
    """Whether a text only says that indicators follow (绩效指标)."""
    return ROLE_OF.get(bare(text)) == "类别"


def is_total(text: str) -> bool:
    """Whether a row is a sum, no indicator."""
    return bool(_TOTAL.match(bare(text)))


def level1_of(level2: str) -> str:
    """The first level under which a second one belongs, empty where that is open (成本 is)."""
    words = bare(level2)
    return next((name for _, pattern, name in LEVEL1_BY_LEVEL2 if pattern.search(words)), "")
