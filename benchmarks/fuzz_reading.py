"""Reads a million random cells built from the vocabulary real forms use, and counts what came of them.

    python benchmarks/fuzz_reading.py [how many] [seed]

Nothing may raise, and whatever is read must satisfy `check_target` of the tests. Prints counts and rate.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "reading")]

import test_values_fuzz as fuzz  # noqa: E402

from selfeval.reading.values.actuals import Context, read_actual  # noqa: E402
from selfeval.reading.values.context import TargetContext  # noqa: E402
from selfeval.reading.values.targets import read_target  # noqa: E402

PIECES = (fuzz.SIGNS, fuzz.NUMBERS, fuzz.UNITS, fuzz.AFTER, fuzz.NAMES, fuzz.DATES, fuzz.JOINS, fuzz.WORDS)
LEVEL2 = ("数量指标", "质量指标", "时效指标", "成本指标", "社会效益指标", "服务对象满意度")


def cell(rng: random.Random) -> str:
    """One random cell."""
    return "".join(rng.choice(rng.choice(PIECES)) for _ in range(rng.randint(0, 7)))


def row(rng: random.Random) -> TargetContext:
    """Random columns beside the cell."""
    return TargetContext(
        level2=rng.choice(LEVEL2),
        name=rng.choice((*fuzz.NAMES, cell(rng))),
        sign=rng.choice(("", "", "", "≥", "≤", "=", "定性")),
        unit=rng.choice(("", "", *fuzz.UNITS)),
        direction=rng.choice(("", "", "正向", "反向")),
        year=2021,
    )


def main(count: int, seed: int) -> None:
    """Runs the campaign."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    kinds: Counter[str] = Counter()
    started = time.perf_counter()
    for _ in range(count):
        target = read_target(cell(rng), row(rng))
        fuzz.check_target(target)
        actual = read_actual(cell(rng), target, Context(year=2021))
        kinds[target.kind or "unread"] += 1
        kinds["actual read" if actual.value is not None or actual.date or actual.parts else "actual unread"] += 1
    seconds = time.perf_counter() - started
    print(f"{count} cells, seed {seed}: 0 failures, {count / seconds:.0f} cells a second")
    for name, number in sorted(kinds.items()):
        print(f"  {name:<14} {number:>9}")


if __name__ == "__main__":
    main(*(int(a) for a in (*sys.argv[1:], *("1000000", "1")[len(sys.argv) - 1 :])))
