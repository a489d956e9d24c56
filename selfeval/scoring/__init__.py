"""(Project, Rules) → Scorecard.

A project and a profile enter; exact points with their steps leave. `score` is the only scorer; a reviewer's figures
go through it as well (`review`). `steps` says a calculation in words, `totals` adds. Findings, files and pages are
unknown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.scoring.review import with_review as with_review
    from selfeval.scoring.score import score_project as score_project

__all__ = ["score_project", "with_review"]
__getattr__ = door(__name__, {"score_project": "score", "with_review": "review"})
