"""What one evaluation comes to: everything the outputs are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfeval.checks.evidence import names_file
from selfeval.columns import TABLES
from selfeval.diagnostics import Diagnostic
from selfeval.digests import Digest, digest
from selfeval.model import Evaluation, Scorecard
from selfeval.pairing import Tables
from selfeval.rules import Rules
from selfeval.tables import Table
from selfeval.waivers import Waived

NO_TABLES = Tables(*(Table(spec.name) for spec in TABLES))


@dataclass(frozen=True, slots=True)
class Result:
    """An evaluation read, scored and checked.

    `narratives` holds Markdown by project id (and `unit`); `waived` the findings accepted for a reason;
    `tables` the rows as they were entered; `public`: the unit wants the version for the public; `proofs` what is
    known of the files of 佐证材料, where the folder need not be asked.
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
    findings: Mapping[str | None, tuple[Diagnostic, ...]] = field(init=False, repr=False, compare=False)
    """The diagnostics by project: asked for once a project and page, so that it must not take a look at all."""

    def __post_init__(self) -> None:
        """Sorts the diagnostics by project."""
        object.__setattr__(self, "findings", by_project(self.diagnostics))

    def of_project(self, id_: str) -> tuple[Diagnostic, ...]:
        """The findings about one project."""
        return self.findings.get(id_, ())

    def is_draft(self, id_: str) -> bool:
        """未定稿: whether a project has an error."""
        return any(d.is_error for d in self.of_project(id_))

    def proof(self, item: str) -> Digest | None:
        """Size and SHA-256 of a file of 佐证材料; None where there is none."""
        return digest(self.folder, item) if self.proofs is None else self.proofs.get(item)

    def without_rows(self) -> Result:
        """Everything that is printed, and nothing of how it was entered."""
        cards = (*self.scorecards, *([self.unit] if self.unit else []))
        return replace(
            self,
            evaluation=replace(self.evaluation, projects=()),
            tables=NO_TABLES,
            proofs={item: self.proof(item) for card in cards for item in named_files(card)},
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
        )


def by_project(diagnostics: Iterable[Diagnostic]) -> dict[str | None, tuple[Diagnostic, ...]]:
    """Findings by the project they are about, in their order."""
    groups: dict[str | None, list[Diagnostic]] = {}
    for found in diagnostics:
        groups.setdefault(found.project, []).append(found)
    return {id_: tuple(listed) for id_, listed in groups.items()}


def named_files(card: Scorecard) -> tuple[str, ...]:
    """The files a project's rows name as 佐证材料, once each."""
    items = (item for i in card.project.indicators for item in i.evidence if names_file(item))
    return tuple(sorted(dict.fromkeys(items)))
