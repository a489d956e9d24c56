"""Findings about an evaluation as a whole: all its projects beside each other, and its evidence folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selfeval.checks.evidence import inside, names_file
from selfeval.diagnostics import Diagnostic, found
from selfeval.model import Place, Scorecard
from selfeval.scoring import FULL_POINTS
from selfeval.values import shorten

MANY = 3
"""Fewer projects than this may all be perfect by chance."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All scored projects of an evaluation, and its folder."""

    folder: Path
    scorecards: tuple[Scorecard, ...]


def all_perfect(whole: Whole) -> Iterator[Diagnostic]:
    """S008: every project has full marks."""
    cards = [card for card in whole.scorecards if not card.project.is_unit]
    if len(cards) >= MANY and all(card.total == FULL_POINTS for card in cards):
        yield found("S008", f"{len(cards)} 个项目全部得 100 分", cards[0].project.place)


def unused_evidence(whole: Whole) -> Iterator[Diagnostic]:
    """E004 / E005: a file in `evidence/` that no indicator names, or that is empty."""
    home = whole.folder / "evidence"
    named = {
        file.resolve()
        for card in whole.scorecards
        for indicator in card.project.indicators
        for item in filter(names_file, indicator.evidence)
        if (file := inside(whole.folder, item)) is not None
    }
    for file in sorted(home.rglob("*")) if home.is_dir() else ():
        if not file.is_file() or file.name.startswith((".", "~$")):
            continue
        place = Place(f"{whole.folder.name}/{file.relative_to(whole.folder).as_posix()}")
        if file.resolve() not in named:
            yield found("E004", f"佐证文件“{shorten(file.name)}”没有指标引用", place)
        if file.stat().st_size == 0:
            yield found("E005", f"佐证文件“{shorten(file.name)}”是空的", place)


CHECKS: tuple[Callable[[Whole], Iterable[Diagnostic]], ...] = (all_perfect, unused_evidence)
