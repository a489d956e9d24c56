"""On which paper a form is printed: the fewest pages first, then the largest type, the widest margins, upright.

What a page holds is foretold from the texts; where an engine finds a form longer than that, it asks again with less
room, and all papers are weighed anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from selfeval.report.pages import sheets
from selfeval.report.pages.form_heights import Ruler
from selfeval.report.pages.form_paper import PAPERS, TIGHTEST, FormPaper
from selfeval.report.pages.form_widths import with_widths
from selfeval.report.pages.main_text import is_closer
from selfeval.report.pages.views import FormRow, ProjectDocument, SummaryDocument


@dataclass(frozen=True, slots=True)
class Plan:
    """A form on some paper: its rows fitted, cut into sheets."""

    ruler: Ruler
    room: sheets.Room
    rows: tuple[FormRow, ...]
    pieces: tuple[tuple[FormRow, ...], ...]

    @property
    def pages(self) -> int:
        """How many pages the form takes."""
        fresh = sheets.starts_fresh(self.rows, self.ruler, self.room)
        return len(self.pieces) + self.room.heads - 1 + fresh


def planned(document: ProjectDocument, attempts: int = 0) -> ProjectDocument:
    """A document whose form is settled for paper; `attempts`: how often it came out longer than foretold."""
    plan = chosen(document, attempts)
    ruler = plan.ruler
    weights = {group.level1: group.level1_weight for group in document.groups}
    return replace(
        document,
        layout=ruler.layout,
        paper=ruler.paper,
        rows=plan.rows,
        pages=sheets.sheets_of(plan.pieces, weights, ruler, plan.room.further),
        fresh_page=sheets.starts_fresh(plan.rows, ruler, plan.room),
        goal_face=ruler.goals(document, ruler.paper.room / 2).types[0].name,
        closer=is_closer((*document.name_lines, document.title), document.parts),
    )


def planned_summary(document: SummaryDocument, attempts: int = 0) -> SummaryDocument:
    """The same of a summary: of its text, and of the form of the unit as a whole where it has one."""
    closer = is_closer((document.marks.unit, document.title), document.parts)
    return replace(document, unit=planned(document.unit, attempts) if document.unit else None, closer=closer)


def chosen(document: ProjectDocument, attempts: int) -> Plan:
    """The plan with the fewest pages, the most comfortable of those."""
    tightest = [plan for paper in TIGHTEST if (plan := plan_on(paper, document, attempts))]
    fewest = min(plan.pages for plan in tightest)
    looser = (plan for paper in PAPERS[: -len(TIGHTEST)] if (plan := plan_on(paper, document, attempts)))
    return next(plan for plan in chain(looser, tightest) if plan.pages <= fewest)


def plan_on(paper: FormPaper, document: ProjectDocument, attempts: int) -> Plan | None:
    """A form on this paper; None where its columns would be too narrow."""
    layout = with_widths(document, paper)
    if layout is None:
        return None
    ruler = Ruler(layout, paper)
    rows = ruler.fitted(document.rows)
    room = sheets.room_of(ruler, document).tighter(attempts)
    return Plan(ruler, room, rows, tuple(map(tuple, sheets.pieces_of(rows, ruler, room))))
