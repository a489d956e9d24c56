"""Words of the example that `init` writes, or of an empty form, where real data are said to stand (demo = false)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, of_reading
from selfeval.base.files import inside, is_file, read_file
from selfeval.base.memo import remembered
from selfeval.base.model import Indicator, Place
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import comparable, shorten
from selfeval.checks.subject import Subject

SHORTEST = 10
"""A text of the example shorter than this may well be somebody's own: 市民满意度."""
ROWS = 3
"""So many rows of the example, with their targets, are no chance."""

NAMED = ("项目负责人", "联系电话", "复核人")
"""Columns where somebody's name or number may be masked: 李××."""

_LETTERS = "A-Za-zＡ-Ｚａ-ｚ"
_BLANK = rf"(?:(?<![{_LETTERS}])[XxＸｘ]{{2,}}(?![{_LETTERS}])|×{{2,}}|＊{{2,}}|[○〇]{{2,}}|某某)"
_THINGS = "单位|部门|公司|企业|项目|工程|学校|医院|中心|大队|省|市|县|区|乡|镇|村|街道|局|厅"
_MARK = re.compile(
    rf"(?:^|本|[（(【\[“])[示样]例(?!工程|图|[一二三四五六七八九十\d])|[示样]例(?=文字|数据|内容|[:：）)】\]]|(?!工程)(?:{_THINGS}))|"
    rf"请改写|×{{3,}}|{_BLANK}(?=(?:{_THINGS})(?!长))|(?:此处|在此|请您?)填写(?!问卷|[了的])|[（(【\[]填写|"
    rf"(?<![{_LETTERS}])(?:TODO|TBD)(?![{_LETTERS}])|"
    r"(?:^|(?<=[（(【\[]))待(?:补充|填写?|完善)(?=$|[\s。）)】\]])"
)
"""What stands where something was to be written: 示例, 请改写, ×××, XX单位, 待补充, TODO."""
_NOTHING_YET = re.compile(
    rf"(?:{_BLANK}|[*]{{2,}})\S{{0,8}}|[（(]?(?:(?:项目|单位|部门|指标|[一二三]级指标)名称|[您某](?:的)?(?:单位|部门|项目))[)）]?|"
    r"[（(]?(?:填报人|单位负责人|财务负责人|项目负责人|负责人|姓名|联系电话)(?:姓名|签[字名])?[)）]?|"
    r"0{3,}[-—－]?0{4,}"
)
"""A whole name, number or cell that is a blank: XX完成率, 项目名称, 填报人, 0000-0000000."""
_ONLY_BLANK = re.compile(rf"{_BLANK}")
"""A whole cell or line of a narrative that is one; a table there may well be headed 项目名称."""
_MASKED = re.compile(rf"{_BLANK}|[*]{{2,}}|某")
_NOT_MASKED = re.compile("[示样]例|改写|填写|待|TODO|TBD|单位|部门")
_MARKDOWN = re.compile(r"^[\s#>*+\-]*(?:\d{1,2}[.)])?|[*_`~]+")
_MARKS = re.compile("（示例[^（）]*）")
_CITED = re.compile("(?:典型|示范|案例)示例")


@remembered
def left_in(text: str) -> str:
    """What of a text is not its writer's own; empty where all is."""
    if match := _MARK.search(_CITED.sub("", text) if "示例" in text else text):
        return match.group()
    if len(text) < SHORTEST or not any(beginning in text for beginning in beginnings()):
        return ""
    whole = comparable(text)
    return next((text.strip() if whole == own else own for own in texts() if own in whole), "")


def is_blank_name(text: str) -> bool:
    """Whether a whole name or cell holds the place of one."""
    return bool(_NOTHING_YET.fullmatch(text.strip()))


@cache
def texts() -> frozenset[str]:
    """The prose of the example: cells and lines that nobody writes a second time."""
    cells = (cell for row in rows("projects", "actuals", "budget") for cell in row.values())
    lines = (line for entry in example("narrative").iterdir() for line in entry.read_text("utf-8").splitlines())
    own = (*cells, *(line for line in lines if not line.startswith("#")))
    prose = (comparable(_MARKS.sub("", text)) for text in own)
    return frozenset(text for text in prose if len(text) >= SHORTEST and re.search("[，。；]", text))


@cache
def beginnings() -> frozenset[str]:
    """How the prose of the example begins: no other text need be folded to be compared."""
    return frozenset(text[:3] for text in texts())


@cache
def targets(year: int) -> Mapping[tuple[str, str], str]:
    """The rows of the example: names and targets, and what was done."""
    done = {row["三级指标"]: row["实际完成值"] for row in rows("actuals")}
    return {
        (row["三级指标"], row["指标值"].format(year=year)): done[row["三级指标"]].format(year=year)
        for row in rows("targets")
    }


def rows(*tables: str) -> Iterator[Mapping[str, str]]:
    """The rows of some tables of the example."""
    for name in tables:
        yield from csv.DictReader(StringIO(example(f"{name}.csv").read_text("utf-8")))


def example(name: str) -> Traversable:
    """A file of the example."""
    return files("selfeval") / "cli" / "starter" / "evaluation" / name


def in_projects(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of a project: its own row, its funds, its indicators."""
    if subject.demo:
        return
    for name, text in subject.project.fields.items():
        if piece := left_in_field(name, text):
            yield subject.on_project(remark(name, text, piece))
    for fund in subject.project.funds:
        for name, text in ((word("资金来源"), fund.source), (word("原因说明"), fund.reason)):
            if piece := left_in_cell(text):
                yield subject.on_project(remark(name, text, piece), fund.place)
    yield from in_rows(subject)
    yield from in_reviews(subject)


@remembered
def left_in_cell(text: str) -> str:
    """The same of a cell, which may also be a blank as a whole."""
    return text.strip() if is_blank_name(text) else left_in(text)


def left_in_field(name: str, text: str) -> str:
    """The same of a cell of projects.csv, where names and numbers may be masked, but not those of the project.

    A 项目编号 is no text: any letters may be one.
    """
    if name == "项目编号":
        return ""
    masked = name in NAMED and _MASKED.search(text) and not _NOT_MASKED.search(text)
    return "" if masked else left_in_cell(text)


def in_rows(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of the indicators; rows taken over as they were are said once."""
    known = targets(subject.year)
    same = [i for i in subject.project.indicators if (i.level3, bare(i.target.text)) in known]
    if len(same) >= ROWS or any(known[i.level3, bare(i.target.text)] == i.actual.text for i in same):
        yield subject.on_target(same[0], "N017.rows", name=shorten(same[0].level3), count=len(same))
    for indicator in subject.project.indicators:
        for name, text, is_target in cells_of(indicator):
            if not text:
                continue
            read = name in {"指标值", "实际完成值"}  # a blank there is no value (V002, V003)
            if piece := left_in(text) if read else left_in_cell(text):
                on_row = subject.on_target if is_target else subject.on_actual
                yield on_row(indicator, remark(name, text, piece))


def bare(text: str) -> str:
    """A target without the sign and the unit that stand in columns of their own in the example."""
    return re.sub(r"[≥≤>=<\s]|平方米|万元|%", "", text)


def cells_of(indicator: Indicator) -> Iterator[tuple[str, str, bool]]:
    """The texts of an indicator's two rows by column; whether they stand in targets.csv."""
    yield word("一级指标"), indicator.level1, True
    yield word("二级指标"), indicator.level2, True
    yield word("三级指标"), indicator.level3, True
    yield word("指标值"), indicator.target.text, True
    yield word("实际完成值"), indicator.actual.text, False
    yield word("偏差原因分析及改进措施"), indicator.reason, False
    yield from ((word("佐证材料"), item, False) for item in indicator.evidence)
    yield from ((word(name), text, True) for name, text in printed_of(indicator) if text)


def printed_of(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What else of a target's row is printed."""
    yield "度量单位", indicator.target.unit
    yield "评分标准", indicator.criterion
    yield "年度绩效目标", indicator.goal
    yield "检查豁免", indicator.waivers
    if indicator.adjustment:
        yield "调整依据", indicator.adjustment.basis


def in_reviews(subject: Subject) -> Iterator[Diagnostic]:
    """N017 of the reviewer's sheet."""
    for indicator in subject.project.indicators:
        if review := indicator.review:
            for name, text in (("复核意见", review.opinion), ("复核人", review.reviewer)):
                if piece := left_in_field(name, text):
                    yield of_reading(
                        remark(word(name), text, piece),
                        review.place,
                        project=subject.project.id,
                        indicator=indicator.id,
                    )


def in_narratives(folder: Path, narratives: Mapping[str, str]) -> Iterator[Diagnostic]:
    """N017 of the narratives, line by line."""
    for id_, text in narratives.items():
        file = f"{folder.name}/narrative/{id_}.md"
        for number, line in enumerate(text.splitlines(), 1):
            if piece := left_in_line(line):
                project = None if id_ == "unit" else id_
                yield of_reading(remark(word("正文"), line, piece), Place(file, number), project=project)


def left_in_line(line: str) -> str:
    """The same of a line of a narrative: of what its marks and bars leave, piece by piece."""
    pieces = (_MARKDOWN.sub("", part).strip() for part in line.split("|"))
    return next(filter(None, (p if _ONLY_BLANK.fullmatch(p) else left_in(p) for p in pieces)), "")


def in_evidence(folder: Path) -> Iterator[Diagnostic]:
    """N017 of evidence/: the example's own file, under whatever name, and names that are marked as one."""
    shown = [entry.read_bytes() for entry in example("evidence").iterdir()]
    for path in sorted((folder / "evidence").rglob("*")):
        if not is_file(path) or not inside(path, folder):
            continue
        piece = left_in(path.stem)
        same = path.stat().st_size in map(len, shown) and read_file(path, folder=folder) in shown
        if piece or same:
            place = Place(path.relative_to(folder.parent).as_posix())
            yield of_reading(remark(word("佐证材料"), path.name, piece or path.name), place)


def in_settings(named: Mapping[str, tuple[str, Place]]) -> Iterator[Diagnostic]:
    """N017 of selfeval.toml: its texts by key, with their places."""
    for key, (text, place) in named.items():
        if piece := left_in_cell(text):
            yield of_reading(remark(key, text, piece), place)


def remark(where: str, text: str, piece: str) -> Reading:
    """What is left, and where."""
    if piece == text.strip():
        return reading("N017.example", where=where, text=shorten(piece))
    return reading("N017.blank", where=where, text=shorten(text.strip()), blank=piece)


CHECKS = (in_projects,)
