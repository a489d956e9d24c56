"""Every regular expression of the program against texts made to explode it: the time may grow with the text, no faster.

    python benchmarks/regex_campaign.py

The texts repeat each character a pattern names (and some others) some 800 times, bare and with what makes the
match fail at the end. A pattern that takes more than a hundredth of a second is timed at half the length too:
doubling the text may then at most triple the time. Prints the worst; ends with 1 where one explodes.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import selfeval

LENGTH = 1_600
ENOUGH = 0.02
"""Seconds for a text of 800 characters after which no worse one is looked for."""

ENDS = ("", "!", "\n", "x")


def patterns() -> dict[tuple[str, int], str]:
    """Every compiled pattern that a module of ours holds, and where."""
    found: dict[tuple[str, int], str] = {}
    for module in pkgutil.walk_packages(selfeval.__path__, "selfeval."):
        if not module.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(module.name)).items():
                for pattern in held(value):
                    found.setdefault((pattern.pattern, pattern.flags), f"{module.name}.{name}")
    return found


def held(value: object) -> Iterator[re.Pattern[str]]:
    """The patterns in a value, also inside tables of them."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        yield from (pattern for item in value.items() for part in item for pattern in held(part))
    elif isinstance(value, tuple | list):
        yield from (pattern for item in value for pattern in held(item))


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """How long a pattern takes in the way it may be used: searched for all over a text, or matched to the end."""
    started = time.perf_counter()
    pattern.sub("", text)
    pattern.fullmatch(text)
    return time.perf_counter() - started


def worst(pattern: re.Pattern[str]) -> tuple[float, float, str]:
    """(seconds, growth when the text is doubled, text) of the worst text of all."""
    result = (0.0, 0.0, "")
    for piece in (*PIECES, *dict.fromkeys(c for c in pattern.pattern if c not in "\\()[]{}?+*|^$")):
        for start, end in ((start, end) for start in ("", "1", "甲") for end in ENDS):
            small = start + piece * (LENGTH // 4 // len(piece)) + end
            before = seconds(pattern, small)
            if before < 0.0004:
                continue
            now = seconds(pattern, start + piece * (LENGTH // 2 // len(piece)) + end)
            if result[0] > ENOUGH:
                return result
            result = max(result, (now, now / before, f"{start!r} + {piece!r} * {LENGTH // 2 // len(piece)} + {end!r}"))
    return result


def main() -> int:
    """Runs the campaign."""
    results = [(*worst(re.compile(*key)), where, key[0]) for key, where in patterns().items()]
    exploding = [r for r in results if r[0] > ENOUGH and r[1] > 3]
    for took, growth, text, where, pattern in sorted(results, reverse=True)[:25]:
        if took:
            print(f"{took:7.3f} s  ×{growth:.1f}  {where}  {text}  {pattern[:80]}")
    print(f"{len(results)} patterns, {len(exploding)} explode")
    return 1 if exploding else 0


if __name__ == "__main__":
    sys.exit(main())
