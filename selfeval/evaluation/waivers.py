"""检查豁免: findings a unit accepts for a stated reason. They leave the list and stand in the report's annex.

A waiver is for the whole evaluation (`[check.ignore]` in selfeval.toml) or for one row (检查豁免 in targets.csv,
`C003：原表如此；V024：原表如此`). Errors cannot be waived: they are what makes a report unable to stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selfeval.base.diagnostics import Diagnostic, codes, finding
from selfeval.base.model import Indicator, Project
from selfeval.base.text import fold

_ENTRY = re.compile(r"^([A-Z]\d{3})\s*[: ]\s*(\S.*)$")


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that was accepted, and why."""

    diagnostic: Diagnostic
    reason: str


Rows = Mapping[tuple[str, str], Mapping[str, str]]
"""Reasons by (project, indicator) and code."""


def row_waivers(projects: Iterable[Project]) -> tuple[Rows, tuple[Diagnostic, ...]]:
    """All 检查豁免 of the rows; entries without a known code and a reason are reported."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    wrong: list[Diagnostic] = []
    for project in projects:
        for indicator in project.indicators:
            for entry in re.split("[；;\n]", fold(indicator.waivers)) if indicator.waivers else ():
                match = _ENTRY.match(entry.strip().upper())
                if match and match[1] in codes():
                    rows.setdefault((project.id, indicator.id), {})[match[1]] = entry.strip()[4:].lstrip(": ")
                elif entry.strip():
                    wrong.append(refused(project, indicator, entry.strip()))
    return rows, tuple(wrong)


def refused(project: Project, indicator: Indicator, entry: str) -> Diagnostic:
    """A waiver that cannot be understood."""
    return finding("T026", indicator.place, project=project.id, indicator=indicator.id, waiver=entry[:30])


def apply(
    diagnostics: Iterable[Diagnostic], everywhere: Mapping[str, str], rows: Rows
) -> tuple[tuple[Diagnostic, ...], tuple[Waived, ...]]:
    """The findings that stay and those that were waived."""
    kept: list[Diagnostic] = []
    waived: list[Waived] = []
    for d in diagnostics:
        own = rows.get((d.project or "", d.indicator or ""), {})
        reason = own.get(d.code) or everywhere.get(d.code, "")
        if reason and not d.is_error:
            waived.append(Waived(d, reason))
        else:
            kept.append(d)
    return tuple(kept), tuple(waived)
