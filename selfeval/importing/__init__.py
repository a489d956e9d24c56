"""Approved forms of any make → the evaluation's own tables.

Files enter; tables and an import report leave in which every cell is accounted for (`ledger`). `readers/` make one
neutral grid of any format (`grid`), `understanding/` reads a form in it (`draft`), `tables/` joins it with what is
there. The headings of forms everywhere are data (vocabulary.toml); what a word is, a sum or a level, says
`vocabulary`. Nothing that a person filled in is overwritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.importing.run import import_forms as import_forms

__all__ = ["import_forms"]
__getattr__ = door(__name__, {"import_forms": "run"})
