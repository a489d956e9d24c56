"""What a title says besides the kind of form: the project, the unit, the year; and budgets told in a report's text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfeval.importing.vocabulary import AMOUNT_ROLE_OF, squeeze

_KIND = re.compile(r"(?:预算)?绩效(?:目标|指标|自评|评价|申报|批复|评分|得分|监控|公开|情况|完成)*表.{0,12}$")
_YEAR = re.compile(r"20\d\d年(?:度)?")
_HEAD = re.compile(r"^(?:附件?\d*[:：、.]?|表\d+[:：、.]?|#+)")
_GENERIC = re.compile(
    r"自治区|省|市|县|区|级|本|部门|单位|预算|财政|项目|支出|中央|地方|对下|转移支付|绩效|资金|专项|年度|整体|自评|评价|政策|基本|信息|公开|批复"
)
_REPORT = re.compile(
    r"(?P<unit>.{2,40}?(?:局|委|委员会|厅|院|政府|中心|校|学校|大学|会|办|办公室|处|所|站|队|馆|室|部|街道|镇|乡))?"
    r"(?:关于)?(?P<year>20\d\d)年(?:度)?(?P<name>.{2,40}?)(?:项目)?(?:支出)?绩效(?:自评|评价|自我评价)(?:工作)?(?:情况)?报告"
)
_AMOUNT = re.compile(
    rf"({'|'.join(sorted(map(re.escape, AMOUNT_ROLE_OF), key=len, reverse=True))})(?:为|是|共|共计|[:：])?"
    r"(\d[\d,，]{0,20}(?:\.\d{1,10})?(?:万元|亿元|元))"
)


@dataclass(frozen=True, slots=True)
class ReportTitle:
    """`某县公安局2022年度辅警人员经费绩效自评工作报告` taken apart; `unit` may be empty."""

    unit: str
    year: int
    name: str


def name_in_title(title: str) -> str:
    """The project in a form's title (高中助学金项目绩效评价指标表); empty where it names only the kind of form."""
    words = _YEAR.sub("", _HEAD.sub("", squeeze(title)))
    match = _KIND.search(words)
    name = words[: match.start()].strip('《》()"“”') if match else ""
    return name if len(_GENERIC.sub("", name)) >= 2 else ""


def report_title(text: str) -> ReportTitle | None:
    """The parts of a report's title, None where the text is no such title."""
    match = _REPORT.fullmatch(squeeze(text)) if len(text) <= 100 else None
    return ReportTitle(match["unit"] or "", int(match["year"]), match["name"]) if match else None


def amounts_in(text: str) -> list[tuple[str, str]]:
    """`全年预算数2565万元，全年执行数2565万元` as (column, amount); only amounts with their unit."""
    found = _AMOUNT.findall(squeeze(text)) if len(text) <= 2000 else []
    return [(AMOUNT_ROLE_OF[word], amount) for word, amount in found]
