"""How well `selfeval survey` finds what was planted in a province, and how long it takes.

    python benchmarks/survey.py PROVINCE

PROVINCE is a folder of `province.py` or of `province_other.py`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def surveyed(folder: Path) -> tuple[dict[str, set[tuple[object, ...]]], dict[str, int], float, int]:
    """What was found by kind, how much there is, seconds, MB of the largest process."""
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        command = [sys.executable, "-m", "selfeval", "survey", str(folder / "units"), "--out", out]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        seconds = time.perf_counter() - start
        told = json.loads((Path(out) / "survey.json").read_text(encoding="utf-8"))
    found: dict[str, set[tuple[object, ...]]] = {kind: set() for kind in told["kinds"]}
    for finding in told["findings"]:
        # What is far below last year's names last year's row as well: only the later one was planted.
        rows = finding["rows"]
        for row in [max(rows, key=lambda row: row["year"])] if finding["kind"] == "below_last_year" else rows:
            found[finding["kind"]].add((row["unit"], row["year"], row["project"]))
    return found, told["counts"], seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


def main() -> None:
    """Prints a table: per kind how many were planted, found, precision and recall."""
    folder = Path(sys.argv[1])
    truth = {kind: {tuple(one) for one in listed} for kind, listed in
             json.loads((folder / "truth.json").read_text(encoding="utf-8")).items()}  # fmt: skip
    found, counts, seconds, megabytes = surveyed(folder)
    print(f"{counts['indicators']} 行，{seconds:.1f} s，{megabytes} MB（最大的一个进程）")
    print("| 种类 | 埋下 | 找到 | 查准 | 查全 |\n|---|---|---|---|---|")
    for kind, planted in truth.items():
        seen = found[kind]
        right = len(seen & planted)
        precision, recall = right / max(1, len(seen)), right / max(1, len(planted))
        print(f"| {kind} | {len(planted)} | {len(seen)} | {precision:.2f} | {recall:.2f} |")


if __name__ == "__main__":
    main()
