"""Reads a million sentences of completion, denial, plan, difference and year, and counts those read wrongly.

    python benchmarks/fuzz_sentences.py [how many] [seed]

The sentences and what they may score come from `tests/sentences.py`. Wrong points: a value was taken where nothing is
said to be done, or another one than is said. Wrong nulls: what is plainly said was not read.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "reading")]

from sentences import sentence  # noqa: E402
from test_sentences import taken, verdict  # noqa: E402

SHOWN = 20


def main(count: int, seed: int) -> None:
    """Runs the campaign."""
    rng = random.Random(seed)  # noqa: S311 - not a secret
    found: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    started = time.perf_counter()
    for _ in range(count):
        made = sentence(rng)
        judged = verdict(made, taken(made))
        found[judged] += 1
        found["may score" if made.value is not None else "may not"] += 1
        if judged.startswith("wrong") and shown[judged] < SHOWN:
            shown[judged] += 1
            print(f"{judged}: {made.target} | {made.actual} | {made.value} | {taken(made)}")
    print(f"{count} sentences, seed {seed}, {count / (time.perf_counter() - started):.0f} a second: {dict(found)}")
    print(f"wrong nulls {found['wrong null'] / max(1, found['may score']):.3%} of what may score")


if __name__ == "__main__":
    main(*(int(a) for a in (*sys.argv[1:], *("1000000", "1")[len(sys.argv) - 1 :])))
