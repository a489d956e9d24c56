"""scorecard.json, scores.csv and diagnostics.json, written while the projects pass by: no file is held as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain
from tempfile import SpooledTemporaryFile

from selfeval.base.diagnostics import Diagnostic, diagnostic_json
from selfeval.building.output_folder import OutputFolder
from selfeval.evaluation.csv_exports import Extra, extras_in, score_lines, scores_head, without_columns
from selfeval.evaluation.exports import (
    codes_by_indicator,
    diagnostics_head,
    json_around,
    json_item,
    project_json,
    scorecard_around,
)
from selfeval.evaluation.json_types import ProjectJson
from selfeval.evaluation.result import Result
from selfeval.reading.csv_files import csv_text, physical_lines
from selfeval.report.pages.public import public_edition

SCORECARD, SCORES, DIAGNOSTICS = "scorecard.json", "scores.csv", "diagnostics.json"
DATA = (SCORECARD, SCORES, DIAGNOSTICS)
"""What every build writes beside the pages."""

IN_MEMORY, PIECE = 2**20, 2**18
"""Bytes that are held before they go to a file without a name; bytes that are read back at a time."""


class Spool:
    """Text that grows at its end and can be read from its beginning as often as need be. Mutable."""

    def __init__(self) -> None:
        self.file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the data

    def add(self, text: str) -> None:
        """Puts a text behind the others; lone surrogates cannot be written."""
        self.file.write(text.encode("utf-8", "replace"))

    def __iter__(self) -> Iterator[bytes]:
        """All of it, piece by piece."""
        self.file.seek(0)
        yield from iter(partial(self.file.read, PIECE), b"")


class Listed(Spool):
    """The items of a list at the top of a JSON file. Mutable: it grows."""

    def item(self, text: str) -> None:
        """One more, as `json_item` writes it."""
        self.add(("," if self.file.tell() else "") + "\n    " + text)

    def within(self, data: Mapping[str, object], key: str) -> Joined:
        """The file: `data` with the items in its empty list `key`."""
        before, after = json_around(data, key)
        return Joined(before, self, ("\n  " if self.file.tell() else "") + after)


@dataclass(frozen=True, slots=True)
class Joined:
    """A text with a spool in its midst, piece by piece."""

    before: str
    spool: Iterable[bytes]
    after: str = ""

    def __iter__(self) -> Iterator[bytes]:
        """All of it."""
        yield self.before.encode("utf-8", "replace")
        yield from self.spool
        yield self.after.encode("utf-8", "replace")


class Data:
    """The three files under way. Mutable: they grow; to be closed in the end.

    `extras`: the further columns of scores.csv that some row may have anything in; which do is known at the end.
    """

    def __init__(self, extras: Sequence[Extra]) -> None:
        self.extras = extras
        self.seen: set[Extra] = set()
        self.open = ExitStack()
        self.projects, self.scores, self.found = Listed(), Spool(), Listed()
        for spool in (self.projects, self.scores, self.found):
            self.open.enter_context(spool.file)
        self.unit: ProjectJson | None = None
        self.of_unit = ""

    def close(self) -> None:
        """Lets go of what was held."""
        self.open.close()

    def take(self, part: Result, items: Mapping[str, str]) -> None:
        """Some projects with all that was found about them, behind those before; `items`: `project_items` of them."""
        codes = codes_by_indicator(part.diagnostics)
        for card in part.scorecards:
            self.projects.item(items[card.project.id])
            self.scores.add(score_lines(card, codes, self.extras))
        if part.unit:
            self.unit = project_json(part.unit, codes)
            self.of_unit = score_lines(part.unit, codes, self.extras)
        self.seen.update(extras_in(part.cards))

    def write(self, output: OutputFolder, whole: Result, findings: Sequence[Diagnostic], *, public: bool) -> None:
        """The files, once all projects have passed."""
        for d in findings:
            self.found.item(json_item(diagnostic_json(public_edition(d) if public else d)))
        merged = public_edition(whole.merged) if public else whole.merged
        output.write(SCORECARD, self.projects.within(scorecard_around(whole, self.unit, merged), "projects"))
        output.write(SCORES, Joined("\ufeff", self.rows()))
        output.write(DIAGNOSTICS, self.found.within(diagnostics_head(findings), "diagnostics"))

    def rows(self) -> Iterable[bytes]:
        """scores.csv, without the columns that no row has anything in."""
        rows = Joined(scores_head(self.extras), self.scores, self.of_unit)
        idle = {name for extra in self.extras if extra not in self.seen for name in extra.value}
        return Narrowed(rows, idle) if idle else rows


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A CSV of ours without some of its columns, piece by piece."""

    rows: Iterable[bytes]
    idle: set[str]

    def __iter__(self) -> Iterator[bytes]:
        """All of it."""
        lines = chain.from_iterable(map(physical_lines, whole_lines(self.rows)))
        for row in without_columns(lines, self.idle):
            yield csv_text([row]).encode()


def whole_lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Text in pieces that end where a line does."""
    rest = b""
    for piece in pieces:
        lines, end, rest = (rest + piece).rpartition(b"\n")
        yield (lines + end).decode()
    yield rest.decode()
