"""Every regular expression of the program against texts made to explode it.

    python benchmarks/regex_campaign.py

The texts repeat each character a pattern names (and some others) 400 and 800 times, bare and with what makes the
match fail at the end. Looking for a pattern from every place of a text that is nearly one takes the square of its
length, which a cell bears (what is read as a value has 1000 characters at most); more than that is an explosion: twice
the text, more than six times the time, and more than a fiftieth of a second. Prints the worst; ends with 1 where one
explodes. Takes about a minute.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from faults import REPEATED  # noqa: E402

import selfeval  # noqa: E402

LENGTH = 800
ENOUGH = 0.02
"""Seconds for the longer text after which no worse one is looked for."""
MOST = 6

LEAST = 0.001
"""Seconds that matter."""

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
    started = time.process_time()
    pattern.sub("", text)
    pattern.fullmatch(text)
    return time.process_time() - started


def worst(pattern: re.Pattern[str]) -> tuple[float, float, str]:
    """(seconds, growth when the text is doubled, text) of the worst text of all."""
    result = (0.0, 0.0, "")
    for piece in (*REPEATED, *dict.fromkeys(c for c in pattern.pattern if c not in "\\()[]{}?+*|^$")):
        for start, end in ((start, end) for start in ("", "1", "甲") for end in ENDS):
            times = LENGTH // len(piece)
            large = start + piece * times + end
            if seconds(pattern, large) > result[0] + LEAST:
                result = max(result, (*measured(pattern, start + piece * (times // 2) + end, large), shown(large)))
            if result[0] > ENOUGH:
                return result
    return result


def measured(pattern: re.Pattern[str], small: str, large: str) -> tuple[float, float]:
    """(seconds for the larger text, how much more that is than for the smaller), the best of three."""
    before, now = (min(seconds(pattern, text) for _ in range(3)) for text in (small, large))
    return now, now / max(before, 1e-6)


def shown(text: str) -> str:
    """A text of repetitions, cut."""
    return f"{text[:8]!r}…{text[-4:]!r}"


def main() -> int:
    """Runs the campaign."""
    results = [(*worst(re.compile(*key)), where, key[0]) for key, where in patterns().items()]
    exploding = [r for r in results if r[0] > ENOUGH and r[1] > MOST]
    for took, growth, text, where, pattern in sorted(results, reverse=True)[:25]:
        if took:
            print(f"{took:7.3f} s  ×{growth:.1f}  {where}  {text}  {pattern[:80]}")
    print(f"{len(results)} patterns, {len(exploding)} explode")
    return 1 if exploding else 0


if __name__ == "__main__":
    sys.exit(main())
