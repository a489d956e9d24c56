"""An evaluation as its outputs are made from it: some projects after others, then what there is to say of the whole.

Tables of CSV files are cut by project (`large`): their lines stay raw text until a project's turn comes. Any other
evaluation is read at once, and is its own only part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import localcontext
from pathlib import Path
from typing import Protocol

from selfeval.base.diagnostics import Diagnostic, about_known, causes, in_order, order_of
from selfeval.base.exact import EXACT
from selfeval.base.grouping import grouped
from selfeval.base.memo import forget, undisturbed
from selfeval.checks import check_whole
from selfeval.checks.all_projects import Whole
from selfeval.evaluation.brief import Brief
from selfeval.evaluation.csv_exports import Extra, extras_in
from selfeval.evaluation.pipeline import asked_in, evaluate, head_of, judge, part_of
from selfeval.evaluation.result import Result
from selfeval.evaluation.shelf import Shelf
from selfeval.evaluation.stream import SPECS, Large, Portion, opened, unit_text
from selfeval.evaluation.waivers import Waived, apply
from selfeval.reading.columns import PROJECTS, TableSpec
from selfeval.reading.large_csv import table_of
from selfeval.reading.narrative import UNIT
from selfeval.reading.projects import Tables, is_whole_unit
from selfeval.reading.tables import ABSENT, ColumnMap, Table

PORTION = 20
"""Projects that are held as objects at a time: a few MB."""


REMEMBERED = 1000
"""Answers kept of each reading function from portion to portion."""


class ResultSource(Protocol):
    """What outputs are made from. To be asked in this order, the parts once."""

    @property
    def ids(self) -> Sequence[str]:
        """The projects that get a report."""

    @property
    def head(self) -> Result:
        """What holds for all projects, without any."""

    @property
    def extras(self) -> tuple[Extra, ...]:
        """The further columns of scores.csv that some row may have anything in."""

    def parts(self) -> Iterator[Result]:
        """The projects in their order, some at a time, each with its rows, its narrative and all found about it."""

    def whole(self) -> Result:
        """The whole, its projects in brief, with what was found about none of them."""

    def findings(self) -> tuple[Diagnostic, ...]:
        """All that was found, in order."""


@dataclass(frozen=True, slots=True)
class AtOnce:
    """An evaluation that was read at once."""

    result: Result

    @property
    def ids(self) -> Sequence[str]:
        """The projects that get a report."""
        return [card.project.id for card in self.result.scorecards]

    @property
    def head(self) -> Result:
        """What holds for all projects."""
        return self.result.without_projects()

    @property
    def extras(self) -> tuple[Extra, ...]:
        """The further columns of scores.csv."""
        return extras_in(self.result.cards)

    def parts(self) -> Iterator[Result]:
        """All projects."""
        yield self.result

    def whole(self) -> Result:
        """The whole."""
        return self.result.as_a_whole()

    def findings(self) -> tuple[Diagnostic, ...]:
        """All that was found."""
        return self.result.causes


@dataclass(slots=True)
class InPortions:
    """An evaluation whose tables are cut. Mutable: what is kept of each part gathers while they pass.

    `told`: what was found about a project before its turn (None: about none); `found`, `rest`: what was found about
    those with a report, and beside it.
    """

    large: Large
    ids: tuple[str, ...]
    told: dict[str | None, list[Diagnostic]]
    rest: tuple[Diagnostic, ...] = ()
    briefs: Shelf[Brief] = field(default_factory=Shelf)
    found: Shelf[Diagnostic] = field(default_factory=Shelf)
    waived: list[Waived] = field(default_factory=list)

    @classmethod
    def of(cls, large: Large) -> InPortions:
        """Sorts what was found when the tables were cut."""
        ids = tuple(id_ for id_, row in large.rows.items() if not is_whole_unit(row))
        return cls(large, ids, grouped(large.found, lambda d: d.project))

    @property
    def head(self) -> Result:
        """What holds for all projects."""
        return head_of(self.large.setting)

    @property
    def extras(self) -> tuple[Extra, ...]:
        """The further columns of scores.csv for which there are columns in the tables."""
        return self.large.extras()

    def parts(self) -> Iterator[Result]:
        """The projects in portions; the unit itself last."""
        for portion in self.large.portions(PORTION):
            part = self.part(portion)
            self.keep(part)
            yield part
            forget(REMEMBERED)

    def part(self, portion: Portion) -> Result:
        """One portion through the line."""
        setting = self.large.setting
        tables, problems = self.tables(portion)
        judged = judge(setting, tables, portion.narratives)
        ids = {card.project.id for card in judged.scorecards}
        diagnostics = [d for row in portion.projects for d in self.told.get(row.project, ())]
        return part_of(setting, judged, tables, about_known((*diagnostics, *problems), ids))

    def tables(self, portion: Portion) -> tuple[Tables, list[Diagnostic]]:
        """The rows of a portion under the columns that the whole tables have, and what is wrong in them."""
        projects = Table(
            PROJECTS.name, columns_of(PROJECTS, (row.layout for row in portion.projects)), portion.projects
        )
        rest: list[Table] = []
        problems: list[Diagnostic] = []
        for spec, cuts, files in zip(SPECS, portion.cuts, self.large.files, strict=True):
            table, wrong = table_of(spec, cuts)
            rest.append(replace(table, columns=columns_of(spec, (file.head.layout for file in files))))
            problems += wrong
        return Tables(projects, *rest), problems

    def keep(self, part: Result) -> None:
        """What the whole needs of a part."""
        cards = part.cards
        self.briefs = self.briefs.and_(part.brief_cards())
        ids = {card.project.id for card in part.scorecards}
        self.found = self.found.and_(d for d in part.diagnostics if d.project in ids)
        self.rest += tuple(d for d in part.diagnostics if d.project not in ids)
        self.waived += part.waived
        self.large.whole = self.large.whole.joined(
            Whole.of(self.large.setting.folder, cards, asked_in(self.large.setting, part.narratives))
        )
        self.large.unit = self.large.unit or part.unit

    def whole(self) -> Result:
        """The whole, once all parts have passed."""
        large = self.large
        large.budgets = [brief.budget for brief in self.briefs]
        text, unfilled = unit_text(large)
        findings = (*self.told.get(None, ()), *check_whole(large.whole), *unfilled)
        kept, waived = apply(in_order(findings), large.setting.config.ignore, {})
        self.rest = in_order((*kept, *self.rest))
        ordered = sorted((*waived, *self.waived), key=lambda one: (order_of(one.diagnostic), one.diagnostic.message))
        return replace(
            self.head,
            unit=large.unit,
            narratives={UNIT: text} if UNIT in large.narratives else {},
            diagnostics=self.rest,
            waived=tuple(ordered),
            kept=self.briefs,
        ).as_a_whole()

    def findings(self) -> tuple[Diagnostic, ...]:
        """All that was found."""
        return causes(in_order((*self.rest, *self.found)))


def columns_of(spec: TableSpec, layouts: Iterable[ColumnMap]) -> tuple[str, ...]:
    """The columns that some file of a table has."""
    there = {name for layout in layouts for name, at in layout.positions.items() if at != ABSENT}
    return tuple(column.name for column in spec.every if column.name in there)


@dataclass(frozen=True, slots=True)
class Opened:
    """One folder to build from; without a source it could not be opened, and `diagnostics` say why.

    `stands`: nothing needs to be read, since all that it would come to is there already.
    """

    folder: Path
    source: ResultSource | None
    diagnostics: tuple[Diagnostic, ...]
    stands: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is an evaluation that can be worked with."""
        return self.stands or self.source is not None


def open_source(folder: Path) -> Opened:
    """An evaluation to build from: in portions where it can be, else read at once."""
    with localcontext(EXACT), undisturbed():
        large = opened(folder.absolute())
    if large:
        return Opened(folder.absolute(), InPortions.of(large), ())
    evaluated = evaluate(folder)
    return Opened(evaluated.folder, AtOnce(evaluated.result) if evaluated.result else None, evaluated.diagnostics)
