"""`init`: a new evaluation to fill in, made from the worked example under `starter/`; and the reviewer's sheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from selfeval import display
from selfeval.columns import REVIEW, TABLES
from selfeval.importing.draft import SHOWN
from selfeval.importing.writing import table_bytes
from selfeval.model import Score, Scorecard
from selfeval.outputs import replace_file
from selfeval.pairing import is_device
from selfeval.profiling import shipped_profiles
from selfeval.submissions import Submission

YEAR = 2025
"""The year of the example where the folder's name has none. There is no clock here."""

MAX_NAME = 64
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class RefusedError(ValueError):
    """Nothing was written. The text says why, in Chinese."""


def start(folder: Path) -> list[Path]:
    """Writes a new evaluation and returns its files; raises `RefusedError` before anything is written."""
    name = folder.absolute().name
    refuse_name(name)
    refuse_occupied(folder)
    return [written(folder / path, content) for path, content in starter(year_in(name))]


def refuse_name(name: str) -> None:
    """The folder's name becomes the id of the evaluation and the name of its output."""
    plain = name and not _UNSAFE.search(name) and len(name) <= MAX_NAME
    if not plain or name.startswith((".", "-")) or name.endswith((".", " ")) or is_device(name):
        raise RefusedError(
            f"“{name}”不能作评价的名称：请用 {MAX_NAME} 个字以内的汉字、字母、数字、-、_，不以点或 - 开头"
        )


def refuse_occupied(folder: Path) -> None:
    """A folder that holds anything is left alone."""
    if folder.is_dir() and any(folder.iterdir()):
        raise RefusedError(f"“{folder}”不是空文件夹，没有改动；请换一个名称，或先移走其中的文件")
    if folder.exists() and not folder.is_dir():
        raise RefusedError(f"“{folder}”是一个文件，不能作评价文件夹")


def year_in(name: str) -> int:
    """The year a folder's name speaks of: 我的评价-2024 → 2024."""
    found = _YEAR.findall(name)
    return int(found[-1]) if found else YEAR


def starter(year: int) -> Iterator[tuple[str, bytes]]:
    """The files of the example for a year: tables with all their columns, as Excel and WPS write them."""
    tables = {f"{spec.name}.csv": spec for spec in TABLES}
    rules = "、".join(profile.id for profile in shipped_profiles())
    for path, text in shipped(files("selfeval") / "starter" / "evaluation"):
        filled = text.replace("{year}", str(year)).replace("{next}", str(year + 1)).replace("{rules}", rules)
        if path not in tables:
            yield path, filled.encode()
            continue
        names = [column.name for column in tables[path].columns]
        rows = csv.DictReader(io.StringIO(filled, newline=""))
        yield path, table_bytes(tables[path], (dict.fromkeys(names, "") | row for row in rows))


def shipped(folder: Traversable, under: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of the files of the example, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from shipped(entry, f"{under}{entry.name}/")
        else:
            yield under + entry.name, entry.read_text(encoding="utf-8")


def written(path: Path, content: bytes) -> Path:
    """One file written whole."""
    replace_file(path, content)
    return path


# ── The reviewer's sheet ──

SHEET = "review.csv"


def start_review(folder: Path, submissions: Sequence[Submission]) -> list[Path]:
    """The reviewer's sheet of one or more submissions; raises `RefusedError` where there is one already."""
    for name in (SHEET, "review.xlsx"):
        if (folder / name).exists():
            raise RefusedError(f"“{folder / name}”已经有了，没有改动；请换一个文件夹")
    if folder.exists() and not folder.is_dir():
        raise RefusedError(f"“{folder}”是一个文件，不能作文件夹")
    cards = [card for one in submissions for card in one.cards]
    ids = [card.project.id for card in cards]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        raise RefusedError(f"项目 {'、'.join(twice)} 给出了不止一次，一张复核表里只能有一次")
    if not any(card.scores for card in cards):
        raise RefusedError("其中没有可以复核的指标")
    guides = [written(folder / name, text.encode()) for name, text in shipped(files("selfeval") / "starter" / "review")]
    return [written(folder / SHEET, review_sheet(cards)), *guides]


def review_sheet(cards: Sequence[Scorecard]) -> bytes:
    """review.csv: a row for every indicator, with what was handed in beside the cells to fill in."""
    return table_bytes(REVIEW, [review_row(card.project.id, score) for card in cards for score in card.scores])


def review_row(project: str, score: Score) -> dict[str, str]:
    """One indicator; what the reviewer fills in is empty."""
    indicator = score.indicator
    told = {
        "项目编号": project,
        "指标编号": indicator.code,
        "二级指标": indicator.level2,
        "三级指标": indicator.level3,
        SHOWN: display.target(indicator.target),
        "分值": display.weight(score.weight),
        "实际完成值": indicator.actual.text,
        "自评得分": display.points(score.points),
        "偏差原因分析及改进措施": indicator.reason,
    }
    return dict.fromkeys((column.name for column in REVIEW.columns), "") | told
