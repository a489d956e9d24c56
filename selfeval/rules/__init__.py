"""A rule profile: weights, formulas, bands, grades, each value with its source.

A profile's TOML and those it extends enter (`load`, which also says what of an evaluation's rules/ is opened: no link
that leads out of the folder or round in a loop); a frozen `Rules` leaves (`profile`), and the same as TOML
(`dump`). `formulas` is the closed set of named formulas, `weights` shares out points that a form left blank. Nothing
of an evaluation is known here, and no file runs anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.rules.load import load_rules as load_rules
    from selfeval.rules.load import own_profiles as own_profiles
    from selfeval.rules.load import shipped_profiles as shipped_profiles
    from selfeval.rules.profile import Rules as Rules

__all__ = ["Rules", "load_rules", "own_profiles", "shipped_profiles"]
__getattr__ = door(
    __name__, {"load_rules": "load", "own_profiles": "load", "shipped_profiles": "load", "Rules": "profile"}
)
