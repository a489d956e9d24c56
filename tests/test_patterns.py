"""What holds of every regular expression of the program: it means the same to every Python it runs on."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import selfeval

HOME = Path(selfeval.__file__).parent
FILES = [file for file in sorted(HOME.rglob("*.py")) if file.stem != "__main__"]
SINGLE = (re._constants.LITERAL, re._constants.NOT_LITERAL, re._constants.IN, re._constants.ANY)
REPEATED_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d+(?:,\d*)?\})\+")


def patterns():
    """The regular expressions that modules hold by name."""
    names = [".".join(("selfeval", *file.relative_to(HOME).with_suffix("").parts)) for file in FILES]
    modules = [importlib.import_module(name.removesuffix(".__init__")) for name in names]
    return {value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)}


def inside(value):
    """The parts of an element of a pattern."""
    if isinstance(value, re._parser.SubPattern):
        return [value]
    return [part for one in value for part in inside(one)] if isinstance(value, tuple | list) else []


def repeats_a_group(tree):
    """Whether a pattern, taken apart, holds a possessive repeat of more than one character."""
    for kind, value in tree:
        parts = inside(value)
        if kind is re._constants.POSSESSIVE_REPEAT and [one for one, _ in parts[0]] not in [[one] for one in SINGLE]:
            return True
        if any(map(repeats_a_group, parts)):
            return True
    return False


def test_no_pattern_repeats_a_group_possessively():
    """Python before 3.11.5 goes wrong where the last attempt fails midway; an atomic group does the same, rightly."""
    assert repeats_a_group(re._parser.parse("a(?:b|c(?:d(?:ef)?+))"))
    assert not repeats_a_group(re._parser.parse("a*+(?>(?:bc)*)[^b]++.?+"))
    assert len(patterns()) > 100
    assert [one for one in patterns() if repeats_a_group(re._parser.parse(one.pattern, one.flags))] == []
    assert [file for file in FILES if REPEATED_GROUP.search(file.read_text(encoding="utf-8"))] == []
