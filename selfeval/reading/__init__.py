"""An evaluation's folder → tables → projects.

CSV, XLSX, selfeval.toml, narrative and layouts enter, each through one guarded reader; `Project`s and findings with
their places leave. Cells stay text (`tables` on `csv_files`, `xlsx_files`, `large_csv`) until `values/` reads them;
`columns` names the columns of the tables, `form_layout` reads a layout.toml: the blocks and columns of a printed form.
`projects` pairs targets with actuals by `keys`. `csv_edit` changes single cells and leaves every other byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.reading.config import read_config as read_config
    from selfeval.reading.projects import read_projects as read_projects
    from selfeval.reading.tables import read_table as read_table

__all__ = ["read_config", "read_projects", "read_table"]
__getattr__ = door(__name__, {"read_config": "config", "read_table": "tables", "read_projects": "projects"})
