"""What one evaluation comes to: everything the outputs are made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, causes, counts
from selfeval.base.evidence import Digest, digest, names_file
from selfeval.base.grouping import grouped
from selfeval.base.model import Evaluation, Scorecard
from selfeval.evaluation.brief import Brief, merged_of
from selfeval.evaluation.last_year import LastYear
from selfeval.evaluation.waivers import Waived
from selfeval.reading.columns import TABLES
from selfeval.reading.form_layout import Layout
from selfeval.reading.layouts import national
from selfeval.reading.narrative import UNIT
from selfeval.reading.projects import Tables
from selfeval.reading.tables import Table, TableRow, rows_by_project
from selfeval.rules.profile import Rules
from selfeval.scoring.merged import Merged

Rows = Mapping[str, Mapping[str, tuple[TableRow, ...]]]
"""The rows of each table by 项目编号."""


def tables_of(result: Result) -> tuple[Table, ...]:
    """The tables in the order of `TABLES`."""
    read = result.tables
    return read.projects, read.budget, read.targets, read.actuals, read.review


def rows_of(result: Result) -> Rows:
    """The rows that were entered, sorted by table and project."""
    return {table.name: rows_by_project(table) for table in tables_of(result)}


NO_TABLES = Tables(*(Table(spec.name) for spec in TABLES))


@dataclass(frozen=True, slots=True)
class Result:
    """An evaluation read, scored and checked.

    `narratives` holds Markdown by project id (and `unit`); `waived` the findings accepted for a reason;
    `tables` the rows as they were entered; `public`: the unit wants the version for the public; `proofs` what is
    known of the files of 佐证材料, where the folder need not be asked; `kept` the projects in brief, where the
    scorecards are not at hand, or were asked before; `unit_rules`: those of 部门整体, None: the same as the projects';
    `layout`: the form that is printed; `last_year`: last year's scorecard, where it is given.
    """

    folder: Path
    evaluation: Evaluation
    rules: Rules
    scorecards: tuple[Scorecard, ...]
    unit: Scorecard | None
    narratives: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...] = ()
    tables: Tables = NO_TABLES
    public: bool = False
    proofs: Mapping[str, Digest | None] | None = None
    kept: Collection[Brief] | None = None
    unit_rules: Rules | None = None
    layout: Layout = field(default_factory=national)
    last_year: LastYear | None = None
    findings: Mapping[str | None, tuple[Diagnostic, ...]] = field(init=False, repr=False, compare=False)
    """The diagnostics by project: asked for once a project and page, so that it must not take a look at all."""

    def __post_init__(self) -> None:
        """Sorts the diagnostics by project."""
        by_project = grouped(self.diagnostics, lambda d: d.project)
        object.__setattr__(self, "findings", {id_: tuple(of_one) for id_, of_one in by_project.items()})

    def rules_of(self, card: Scorecard) -> Rules:
        """The rules a project is scored by."""
        return self.unit_rules or self.rules if card.project.is_unit else self.rules

    @property
    def cards(self) -> tuple[Scorecard, ...]:
        """All scorecards, the unit's own last."""
        return (*self.scorecards, *([self.unit] if self.unit else []))

    @property
    def briefs(self) -> Collection[Brief]:
        """All projects in brief."""
        return self.brief_cards() if self.kept is None else self.kept

    def brief_cards(self) -> tuple[Brief, ...]:
        """The scorecards in brief."""
        merges = self.rules.merges
        return tuple(Brief.of(card, self.of_project(card.project.id), merges=merges) for card in self.scorecards)

    @property
    def merged(self) -> tuple[Merged, ...]:
        """Projects of one name put together, where the rules do so."""
        return merged_of(self.briefs, self.rules)

    def in_brief(self) -> Result:
        """The same with its briefs at hand."""
        return replace(self, kept=tuple(self.briefs))

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        briefs = self.briefs
        ids = {brief.id for brief in briefs}
        others = counts(d for d in self.diagnostics if d.project not in ids)
        return {severity: number + sum(b.counts[severity] for b in briefs) for severity, number in others.items()}

    @property
    def causes(self) -> tuple[Diagnostic, ...]:
        """The findings without what only follows from a table that was refused: what is told as a list."""
        return causes(self.diagnostics, {table.name for table in tables_of(self) if table.refused})

    def of_project(self, id_: str) -> tuple[Diagnostic, ...]:
        """The findings about one project."""
        return self.findings.get(id_, ())

    def is_draft(self, id_: str) -> bool:
        """未定稿: whether a project has an error."""
        return any(d.is_error for d in self.of_project(id_))

    def proof(self, item: str) -> Digest | None:
        """Size and SHA-256 of a file of 佐证材料; None where there is none."""
        return digest(self.folder, item) if self.proofs is None else self.proofs.get(item)

    def without_projects(self) -> Result:
        """What holds for all projects, and is the same whatever they are."""
        return Result(
            self.folder,
            replace(self.evaluation, projects=()),
            self.rules,
            (),
            None,
            {},
            (),
            public=self.public,
            unit_rules=self.unit_rules,
            layout=self.layout,
            last_year=self.last_year,
        )

    def as_a_whole(self) -> Result:
        """What index, summary and the unit's own report need of this: of the projects no more than their briefs."""
        ids = {brief.id for brief in self.briefs}
        return replace(
            self,
            evaluation=replace(self.evaluation, projects=()),
            scorecards=(),
            diagnostics=tuple(d for d in self.diagnostics if d.project not in ids),
            narratives={UNIT: self.narratives[UNIT]} if UNIT in self.narratives else {},
            tables=NO_TABLES,
            proofs={item: self.proof(item) for item in named_files(self.unit)} if self.unit else {},
            kept=self.briefs,
        )

    def about(self, card: Scorecard) -> Result:
        """What the report of one project needs of this, and no more: it may travel to another machine."""
        id_ = card.project.id
        return replace(
            self,
            evaluation=replace(self.evaluation, projects=()),
            scorecards=() if card.project.is_unit else (card,),
            unit=card if card.project.is_unit else None,
            narratives={id_: self.narratives[id_]} if id_ in self.narratives else {},
            diagnostics=self.of_project(id_),
            waived=tuple(waived for waived in self.waived if waived.diagnostic.project == id_),
            tables=NO_TABLES,
            proofs={item: self.proof(item) for item in named_files(card)},
            kept=None,
        )


def named_files(card: Scorecard) -> tuple[str, ...]:
    """The files a project's rows name as 佐证材料, once each."""
    items = (item for i in card.project.indicators for item in i.evidence if names_file(item))
    return tuple(sorted(dict.fromkeys(items)))
