"""Findings about an evaluation as a whole: all its projects beside each other, and its evidence folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, found
from selfeval.base.evidence import inside, names_file
from selfeval.base.files import is_file, real
from selfeval.base.model import FULL_POINTS, Place, Scorecard
from selfeval.base.text import shorten

MANY = 3
"""Fewer projects than this may all be perfect by chance."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What there is to say of all projects together: how many, how many with full marks, the place of the first.

    `evidence`: the items of 佐证材料 that name files.
    """

    folder: Path
    projects: int = 0
    perfect: int = 0
    first: Place | None = None
    evidence: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: Path, scorecards: Iterable[Scorecard]) -> Whole:
        """Of these projects."""
        cards = list(scorecards)
        own = [card for card in cards if not card.project.is_unit]
        items = (item for card in cards for indicator in card.project.indicators for item in indicator.evidence)
        perfect = sum(card.total == FULL_POINTS for card in own)
        return cls(
            folder, len(own), perfect, own[0].project.place if own else None, frozenset(filter(names_file, items))
        )

    def joined(self, later: Whole) -> Whole:
        """These projects and those after them."""
        counts = (self.projects + later.projects, self.perfect + later.perfect)
        return Whole(self.folder, *counts, self.first or later.first, self.evidence | later.evidence)


def all_perfect(whole: Whole) -> Iterator[Diagnostic]:
    """S008: every project has full marks."""
    if whole.projects >= MANY and whole.perfect == whole.projects:
        yield found("S008", f"{whole.projects} 个项目全部得 100 分", whole.first)


def unused_evidence(whole: Whole) -> Iterator[Diagnostic]:
    """E004 / E005: a file in `evidence/` that no indicator names, or that is empty."""
    home = whole.folder / "evidence"
    named = {real(file) for item in whole.evidence if (file := inside(whole.folder, item)) is not None}
    for file in sorted(home.rglob("*")) if home.is_dir() else ():
        if not is_file(file) or file.name.startswith((".", "~$")):
            continue
        place = Place(f"{whole.folder.name}/{file.relative_to(whole.folder).as_posix()}")
        if real(file) not in named:
            yield found("E004", f"佐证文件“{shorten(file.name)}”没有指标引用", place)
        if file.stat().st_size == 0:
            yield found("E005", f"佐证文件“{shorten(file.name)}”是空的", place)


CHECKS: tuple[Callable[[Whole], Iterable[Diagnostic]], ...] = (all_perfect, unused_evidence)
