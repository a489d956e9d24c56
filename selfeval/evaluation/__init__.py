"""The one line from a folder to its result.

A folder enters; a `Result` leaves: projects, scorecards, findings, in one order. `pipeline` is the line, `parts` the
same some projects at a time, `stream` the same for tables that no memory holds; `waivers` sets accepted findings
aside. What leaves as data is written here (`exports`, `csv_exports`, `brief`, `departments`) and read back here
(`scorecard_json`). `api` is what `import selfeval` gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.evaluation.parts import open_source as open_source
    from selfeval.evaluation.result import Result as Result

__all__ = ["Result", "open_source"]
__getattr__ = door(__name__, {"Result": "result", "open_source": "parts"})
