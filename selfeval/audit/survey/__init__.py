"""Many submissions in one view, and what stands out in it.

Folders, scorecards, packs and PDFs enter (`sources` finds them, `reading` opens each through what `verify` trusts);
one table of indicators and one of projects (`tables`) leave, with totals, and with what stands out: `peers`, `texts`,
`years` and `projects` each look for their kinds, by the numbers of `limits`, and `looks` sends them to look here or on
many machines. Statistics are pandas'; points and money stay the decimal texts they were. `run` is the line; `files`
writes it, `page` and `workbook` show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.audit.survey.run import read_under as read_under
    from selfeval.audit.survey.run import survey as survey

__all__ = ["read_under", "survey"]
__getattr__ = door(__name__, {"read_under": "run", "survey": "run"})
