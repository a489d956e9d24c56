"""Findings about an evaluation as a whole: all its projects beside each other, and its evidence folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.evidence import inside, names_file
from selfeval.base.files import is_file, real
from selfeval.base.model import FULL_POINTS, Place, Scorecard
from selfeval.base.text import shorten
from selfeval.reading.rooms import ROOMS, untold

MANY = 3
"""Fewer projects than this may all be perfect by chance."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What there is to say of all projects together: how many, how many with full marks, the place of the first.

    `evidence`: the items of 佐证材料 that name files; `untold`: what the report of one of them does not tell.
    """

    folder: Path
    projects: int = 0
    perfect: int = 0
    first: Place | None = None
    evidence: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folder: Path, scorecards: Iterable[Scorecard], narratives: Mapping[str, str] | None = None) -> Whole:
        """Of these projects; `narratives`: their texts, None where the layout asks for none of what they might tell."""
        cards = list(scorecards)
        own = [card for card in cards if not card.project.is_unit]
        items = (item for card in cards for indicator in card.project.indicators for item in indicator.evidence)
        perfect = sum(card.total == FULL_POINTS for card in own)
        first = own[0].project.place if own else None
        asked = own if narratives is not None else []
        left = frozenset(
            name for c in asked for name in untold(c.project.fields, (narratives or {}).get(c.project.id, ""))
        )
        return cls(folder, len(own), perfect, first, frozenset(filter(names_file, items)), left)

    def joined(self, later: Whole) -> Whole:
        """These projects and those after them."""
        counts = (self.projects + later.projects, self.perfect + later.perfect)
        sets = (self.evidence | later.evidence, self.untold | later.untold)
        return Whole(self.folder, *counts, self.first or later.first, *sets)


def all_perfect(whole: Whole) -> Iterator[Diagnostic]:
    """S008: every project has full marks."""
    if whole.projects >= MANY and whole.perfect == whole.projects:
        yield finding("S008", whole.first, count=whole.projects)


def left_untold(whole: Whole) -> Iterator[Diagnostic]:
    """N018: what the reports might tell and do not, once for all projects."""
    if left := tuple(name for name in ROOMS if name in whole.untold):
        yield finding("N018", whole.first, untold=left)


def unused_evidence(whole: Whole) -> Iterator[Diagnostic]:
    """E004 / E005: files in `evidence/` that no indicator names, or that are empty."""
    home = whole.folder / "evidence"
    named = {real(file) for item in whole.evidence if (file := inside(whole.folder, item)) is not None}
    files = [file for file in sorted(home.rglob("*")) if is_file(file) and not file.name.startswith((".", "~$"))]
    homes = {folder: real(folder) for folder in {file.parent for file in files}}
    lying = {file: real(file) if file.is_symlink() else homes[file.parent] / file.name for file in files}
    yield from about_files(UNUSED, whole, [file for file in files if lying[file] not in named])
    yield from about_files(EMPTY, whole, [file for file in files if file.stat().st_size == 0])


MOST_FILES, EXAMPLES = 20, 3
"""So many files are named one by one; of more of them, some as examples."""

UNUSED, EMPTY = ("E004.one", "E004.many"), ("E005.one", "E005.many")


def about_files(keys: tuple[str, str], whole: Whole, files: list[Path]) -> Iterator[Diagnostic]:
    """A finding for every file, or one for all of them where they are many; `keys` of the one and the other."""
    names = [shorten(file.name) for file in files]
    places = [Place(file.relative_to(whole.folder.parent).as_posix()) for file in files]
    if len(files) > MOST_FILES:
        yield finding(keys[1], places[0], count=len(files), files=tuple(names[:EXAMPLES]))
        return
    for name, place in zip(names, places, strict=True):
        yield finding(keys[0], place, file=name)


CHECKS: tuple[Callable[[Whole], Iterable[Diagnostic]], ...] = (all_perfect, left_untold, unused_evidence)
