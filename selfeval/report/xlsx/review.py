"""复核情况表 as a worksheet, and the reviewer's columns of the summary: the unit's points beside the reviewer's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from selfeval.base import display
from selfeval.base.model import Score
from selfeval.evaluation.brief import Brief
from selfeval.report.pages.review import ROW, TOTAL
from selfeval.report.pages.review_views import ReviewLine, ReviewView
from selfeval.report.xlsx.board import LABEL, MIDDLE, POINTS, TEXT, WHOLE, Board, BoardItem, Formula, Look, Value
from selfeval.report.xlsx.form import number_of

SHEET = "复核情况表"
WIDTHS = (7, 30, 20, 20, 20, 8, 11, 11, 11, 11, 9, 36, 12)
HEADS = (
    *("序号", "指标", "年度指标值", "实际完成值", "复核完成值", "分值", "规则得分", "自评得分", "复核得分", "偏差"),
    *("复核规则得分", "复核意见", "复核人"),
)
COLUMNS = ("复核得分", "复核偏差", "复核等级")
DETAILS = ("复核完成值", "复核得分", "复核偏差", "复核意见", "复核人")


def review_lines(made: Board, review: ReviewView, grade: str) -> None:
    """All lines; every 偏差 is a formula where both points are there. `grade` is that of the self-evaluation."""
    for line in review.lines:
        line_of(made, line, f"等级：自评{grade}，复核{review.grade}" if line.kind == TOTAL else line.opinion)


def line_of(made: Board, line: ReviewLine, words: str) -> None:
    """One row, or one line of sums under a label."""
    at, row = made.top, line.kind == ROW
    points = POINTS if row else replace(POINTS, bold=True)
    number = number_of(line.number)
    first = (
        [
            BoardItem(1, 1, line.number if number is None else number, WHOLE),
            *(BoardItem(c, c, text) for c, text in enumerate((line.name, line.target, line.actual, line.seen), 2)),
        ]
        if row
        else [BoardItem(1, 5, line.name, replace(LABEL, across="left"))]
    )
    made.row(
        *first,
        BoardItem(6, 6, numeric(line.weight), points),
        BoardItem(7, 7, numeric(line.rule_points or (line.points if row else "")), points),
        BoardItem(8, 8, numeric(line.points), points),
        BoardItem(9, 9, numeric(line.reviewed), points),
        BoardItem(10, 10, deviation(line, at), replace(points, form="+0.00;-0.00;0.00")),
        BoardItem(11, 11, numeric(line.rule_reviewed), points),
        BoardItem(12, 12, words),
        BoardItem(13, 13, line.reviewer, MIDDLE),
    )


def numeric(printed: str) -> Value:
    """A printed figure as a number again; other words as they are."""
    number = number_of(printed)
    return printed if number is None else number


def deviation(line: ReviewLine, at: int) -> Value:
    """复核得分 − 自评得分 of the row it stands in."""
    given, own, change = (number_of(text) for text in (line.reviewed, line.points, line.deviation))
    live = given is not None and own is not None and change == given - own
    return Formula(f"I{at}-H{at}", change) if live and change is not None else line.deviation


def summary_cells(brief: Brief, first: int) -> Iterator[BoardItem]:
    """The reviewer's columns of a project's line in 汇总表."""
    review = brief.review
    grade = (review.grade or display.NO_GRADE) if review else display.DASH
    total = review.total if review else None
    values: tuple[tuple[Value, Look], ...] = (
        (display.DASH if total is None else total, POINTS),
        (display.DASH if brief.deviation is None else brief.deviation, replace(POINTS, form="+0.00;-0.00;0.00")),
        (grade, MIDDLE),
    )
    return (BoardItem(at, at, value, look) for at, (value, look) in enumerate(values, first))


def detail_cells(score: Score, said: ReviewLine | None) -> Iterator[tuple[Value, Look]]:
    """The reviewer's columns of an indicator in 指标明细. `said`: the words as printed."""
    reviewed = score.review
    points = reviewed.points if reviewed else None
    yield (said.seen if said and reviewed else ""), TEXT
    yield (display.DASH if points is None else points), POINTS
    yield (display.DASH if score.deviation is None else score.deviation), POINTS
    yield (said.opinion if said else ""), TEXT
    yield (said.reviewer if said else ""), TEXT
