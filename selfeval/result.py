"""What one evaluation comes to: everything the outputs are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from selfeval.diagnostics import Diagnostic
from selfeval.model import Evaluation, Scorecard
from selfeval.pairing import Tables
from selfeval.rules import Rules
from selfeval.tables import Table
from selfeval.waivers import Waived

NO_TABLES = Tables(Table("projects"), Table("budget"), Table("targets"), Table("actuals"))


@dataclass(frozen=True, slots=True)
class Result:
    """An evaluation read, scored and checked.

    `narratives` holds Markdown by project id (and `unit`); `waived` the findings accepted for a reason;
    `tables` the rows as they were entered; `public`: the unit wants the version for the public.
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

    def of_project(self, id_: str) -> tuple[Diagnostic, ...]:
        """The findings about one project."""
        return tuple(d for d in self.diagnostics if d.project == id_)

    def is_draft(self, id_: str) -> bool:
        """未定稿: whether a project has an error."""
        return any(d.is_error for d in self.of_project(id_))
