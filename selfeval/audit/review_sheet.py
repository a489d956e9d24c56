"""`init`: a new evaluation to fill in, made from the worked example under `starter/`; and the reviewer's sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from selfeval.audit.submissions import Submission
from selfeval.base import display
from selfeval.base.files import RefusedError, written
from selfeval.base.model import Score, Scorecard
from selfeval.base.phrases import phrase
from selfeval.reading.columns import REVIEW, SHOWN_TARGET, SHOWN_WEIGHT
from selfeval.reading.csv_edit import table_bytes


def shipped(folder: Traversable, under: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of the files of the example, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from shipped(entry, f"{under}{entry.name}/")
        else:
            yield under + entry.name, entry.read_text(encoding="utf-8")


# ── The reviewer's sheet ──

SHEET = "review.csv"


def start_review(folder: Path, submissions: Sequence[Submission]) -> list[Path]:
    """The reviewer's sheet of one or more submissions; raises `RefusedError` where there is one already."""
    for name in (SHEET, "review.xlsx"):
        if (folder / name).exists():
            raise RefusedError(phrase("“{folder}”已经有了，没有改动；请换一个文件夹", folder=str(folder / name)))
    if folder.exists() and not folder.is_dir():
        raise RefusedError(phrase("“{folder}”是一个文件，不能作文件夹", folder=str(folder)))
    cards = [card for one in submissions for card in one.cards]
    ids = [card.project.id for card in cards]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise RefusedError(phrase("项目 {twice} 给出了不止一次，一张复核表里只能有一次", twice=tuple(twice)))
    if not any(card.scores for card in cards):
        raise RefusedError(phrase("其中没有可以复核的指标"))
    guides = [
        written(folder / name, text.encode()) for name, text in shipped(files("selfeval.audit") / "starter" / "review")
    ]
    return [written(folder / SHEET, review_sheet(cards)), *guides]


def review_sheet(cards: Sequence[Scorecard]) -> bytes:
    """review.csv: a row for every indicator, with what was handed in beside the cells to fill in."""
    return table_bytes(REVIEW, [review_row(card.project.id, score) for card in cards for score in card.scores])


def review_row(project: str, score: Score) -> dict[str, str]:
    """One indicator; what the reviewer fills in is empty."""
    indicator = score.indicator
    cells = {
        "项目编号": project,
        "指标编号": indicator.code,
        "二级指标": indicator.level2,
        "三级指标": indicator.level3,
        SHOWN_TARGET: display.target(indicator.target),
        SHOWN_WEIGHT: display.weight(score.weight),
        "实际完成值": indicator.actual.text,
        "自评得分": display.points(score.points),
        phrase("偏差原因分析及改进措施"): indicator.reason,
    }
    return dict.fromkeys((column.name for column in REVIEW.columns), "") | cells
