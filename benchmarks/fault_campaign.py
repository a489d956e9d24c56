"""Damages inputs of every kind, many times, and counts how the program ended.

    python benchmarks/fault_campaign.py KIND|all [how many] [first seed]

KIND is one of tests/faults.py. An attempt that breaks the contract is printed with its seed, by which it can be had
again: `faults.one(KIND, seed)`. Ends with 1 where there was one.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import faults  # noqa: E402


def campaign(kind: str, count: int, first: int) -> int:
    """All attempts of one kind; how many failed."""
    codes: Counter[int] = Counter()
    failed = 0
    slowest = 0.0
    started = time.perf_counter()
    for seed in range(first, first + count):
        before = time.perf_counter()
        code, said = faults.one(kind, seed)
        slowest = max(slowest, time.perf_counter() - before)
        codes[code] += 1
        if said:
            failed += 1
            print(f"  {kind} {seed}: {said}", flush=True)
    rate = count / (time.perf_counter() - started)
    ends = "  ".join(f"exit {code}: {number}" for code, number in sorted(codes.items()))
    print(
        f"{kind:<11}{count:>7} attempts  {failed} failures  {ends}  slowest {slowest:.1f} s  {rate:.0f}/s", flush=True
    )
    return failed


def main(kind: str = "all", count: str = "1000", first: str = "0") -> int:
    """Runs the campaign."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    kinds = list(faults.KINDS) if kind == "all" else [kind]
    return 1 if sum(campaign(one, int(count), int(first)) for one in kinds) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
