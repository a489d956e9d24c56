"""How Chinese numbers, units, dates and comparators are written: the only place that knows.

The text of a cell and what stands beside it enter; a `Target` or an `Actual` leaves, with how it was read, or with
why it was not. `targets` and `actuals` decide what a cell means; they stand on `quantities` (a number with its unit:
12%, 3.2万元), `dates`, `comparators`, `units` (units.toml), `numerals`, `directions`. What is not understood is never
guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.reading.values.actuals import read_actual as read_actual
    from selfeval.reading.values.targets import read_target as read_target

__all__ = ["read_actual", "read_target"]
__getattr__ = door(__name__, {"read_target": "targets", "read_actual": "actuals"})
