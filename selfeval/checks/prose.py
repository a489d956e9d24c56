"""正文（narrative/）: numbers, total and grade beside those calculated, placeholders, and what it leaves unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.exact import fixed
from selfeval.base.model import FULL_POINTS, Place
from selfeval.base.phrases import word
from selfeval.base.text import fold, shorten
from selfeval.checks.actuals import lost
from selfeval.checks.numbers_in_text import OTHER_TIME, Known, apart, disagreement, facts, money_of, of_the_year
from selfeval.checks.starter import left_in_line
from selfeval.checks.subject import Subject
from selfeval.reading.narrative import PROJECT_OUTLINE, read_narrative

MAX_LINE = 2000
PROBLEMS = "偏差原因分析及存在问题"
_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])(?:X{2,}|x{3,})(?![A-Za-z])|×{2,}|＿{2,}|_{3,}|(?:此处|请)填写(?!问卷|[了的])|（填写|TODO|\?{3,}|？{3,}|"
    r"待(?:补充|填写?)(?=$|[\s，。；、）)】\]])"
)
_NOTHING = re.compile(r"(?:无|暂无|没有|不存在|未发现)(?:存在)?(?:的)?(?:问题|偏差)?[。.]?")
_START = r"(?:^|(?<=[，。；：、,;:（(\s*|]))"
"""A rate or a total counts only at the start of a clause: 财政拨款执行率 and 产出指标得分 are other numbers."""
_RATE_WORDS = re.compile(
    _START + r"(?:全年|本?项目|总体|整体|资金|的)*(?:预算)?执行率(?:为|达到|达|是|：|:)?\s*(\d+(?:\.\d+)?)\s*[%％]"
)
_TOTAL_WORDS = re.compile(
    _START + r"(?:本?项目|综合|最终|绩效)*(?:自评|评价)?(?:总分|总得分|综合得分|得分|自评得分)(?:为|是|：|:|共)?\s*"
    r"(\d+(?:\.\d+)?)\s*分"
)
_GRADE_WORDS = re.compile(
    _START
    + r"(?:本?项目|绩效|自评|评价|综合|最终|总体|整体|评定|结果|的)*(?:等级|等次|结论)(?:评定|确定)?(?:为|是|：|:)?"
    r"\s*[“\"]?(优|良|中|差)(?:秀|好|等)?[”\"]?(?!\s*[、/\u4e00-\u9fff])"
)
_ALL_DONE = re.compile(
    r"(?:全部|全面|均|都|圆满)(?:已|按期|按时|如期|顺利|超额)*(?:完成|达成|实现|达到)了?"
    r"(?:年度|年初|全年|各项|既定|预定|预期|设定|绩效|的)*(?:目标|指标|任务|要求)|"
    r"(?:各项|所有)(?:绩效|年度|工作|目标|指标|任务)+(?:均|都|已|全部|全面|圆满|按期|如期)*(?:完成|达成|实现|达标)|"
    r"完成质量较好|达到了?预期的?(?:效果|绩效目标|目标)"
)
_BUT_FOR = re.compile("除[^。；;\n]{1,80}外[^。；;\n]*")
_EACH = re.compile("各项|各个|每项|逐项")
_NOT_ALL = re.compile("其余|其他|其它|未|没|除|外|部分|基本|个别|大多|主要|项|个|不")


def lines_of(subject: Subject) -> Iterator[tuple[str, Place]]:
    """The narrative's lines with their places."""
    file = f"{subject.folder.name}/narrative/{subject.project.id}.md"
    for number, line in enumerate(subject.narrative.splitlines(), 1):
        yield line[:MAX_LINE], Place(file, number)


def numbers(subject: Subject) -> Iterator[Diagnostic]:
    """N010: a number of the narrative differs from the table's for the same indicator."""
    if not subject.narrative:
        return
    table = facts(subject.project.indicators)
    known = Known(table, money_of(subject.scorecard))
    for line, place in lines_of(subject):
        for measure in apart(of_the_year(line, subject.year), table, 2):
            if rival := disagreement(measure, known):
                yield subject.on_project("N010.number", place, written=rival.written, table=rival.table)


def results(subject: Subject) -> Iterator[Diagnostic]:
    """N010: the narrative's execution rate or total is not the one calculated."""
    rate, total = subject.scorecard.budget.rate, subject.scorecard.total
    for line, place in lines_of(subject):
        for match in of_this_year(_RATE_WORDS, line):
            if rate is not None and not any(
                agrees(match[1], fixed(r * 100, 6)) for r in (rate, *own_rates(subject, line))
            ):
                yield subject.on_project("N010.rate", place, written=match[1], rate=rate)
        for match in of_this_year(_TOTAL_WORDS, line):
            full = "总分" in match[0] and Decimal(match[1]) == FULL_POINTS  # 总分100分 tells what could be had
            if total is not None and not full and not agrees(match[1], fixed(total, 6)):
                yield subject.on_project("N010.total", place, written=match[1], total=total)


def own_rates(subject: Subject, line: str) -> Iterator[Fraction]:
    """The rates of the sources of funds that a line names."""
    for fund in subject.project.funds:
        whole = fund.adjusted or fund.initial
        if whole and fund.executed is not None and fund.source and fund.source in line:
            yield Fraction(fund.executed) / Fraction(whole)


def of_this_year(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    """What a pattern finds in a line, but for sentences about another time (截至6月底, 上年)."""
    line = fold(line)
    for match in pattern.finditer(line):
        start = max(line.rfind(mark, 0, match.start()) for mark in "。；;")
        if not OTHER_TIME.search(line[start + 1 : match.start()]):
            yield match


def agrees(number: str, exact: str) -> bool:
    """Whether a written number is the exact one, rounded to the digits it is written with."""
    digits = len(number.partition(".")[2])
    return fixed(Decimal(exact), digits) == fixed(Decimal(number), digits)


def grade(subject: Subject) -> Iterator[Diagnostic]:
    """N014: the narrative gives another grade than the total comes to."""
    ours = subject.scorecard.grade
    for line, place in lines_of(subject):
        for match in of_this_year(_GRADE_WORDS, line):
            if ours is None or match[1] != ours[0]:
                yield subject.on_project("N014", place, written=match[1], grade=ours or word("暂不评定"))


def all_done(subject: Subject) -> Iterator[Diagnostic]:
    """N015: everything is said to be done although points were lost."""
    rows = [s.indicator for s in subject.scorecard.scores if lost(s)]
    texts = ((subject.project.fields.get("总体目标完成情况", ""), subject.project.place), *lines_of(subject))
    for text, place in texts if rows else ():
        for clause in re.split("[，。；,;\n]", _BUT_FOR.sub("", text)):
            match = _ALL_DONE.search(clause)
            if match and not _NOT_ALL.search(_EACH.sub("", clause)):
                words, name = shorten(clause.strip()), shorten(rows[0].level3)
                yield subject.on_project("N015", place, text=words, count=len(rows), name=name)


def placeholders(subject: Subject) -> Iterator[Diagnostic]:
    """N012: words that were to be replaced."""
    for line, place in lines_of(subject):
        if (match := _PLACEHOLDER.search(line)) and (subject.demo or not left_in_line(line)):
            yield subject.on_project("N012", place, text=shorten(line.strip()), blank=match.group())


def no_problems(subject: Subject) -> Iterator[Diagnostic]:
    """N011: points were lost, and the narrative says that there were no problems."""
    rows = [s.indicator for s in subject.scorecard.scores if lost(s)]
    heading = ""
    for line, place in lines_of(subject):
        if line.startswith("#"):
            heading = line.lstrip("# ").strip()
        elif rows and heading.endswith(PROBLEMS) and _NOTHING.fullmatch(line.strip()):
            yield subject.on_project("N011", place, count=len(rows), name=shorten(rows[0].level3))


def too_long(subject: Subject) -> Iterator[Diagnostic]:
    """N016: a section is longer than the cell of the form that it is printed in allows."""
    limit = subject.remarks.limit
    file = f"{subject.folder.name}/narrative/{subject.project.id}.md"
    labels = {title: label for label, title in subject.remarks.sections}
    for section in read_narrative(subject.narrative, file, PROJECT_OUTLINE)[0] if limit else ():
        count = len("".join(section.markdown.split()))
        if section.title in labels and count > limit:
            place, cell = Place(file, section.line), labels[section.title]
            yield subject.on_project("N016", place, section=section.title, count=count, cell=cell, limit=limit)


CHECKS = (numbers, results, grade, all_done, placeholders, no_problems, too_long)
