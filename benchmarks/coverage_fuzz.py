"""Inputs that a fuzzer grows by what they reach in the program (atheris, LibFuzzer), held against the contract.

    pip install atheris
    python benchmarks/coverage_fuzz.py READER RUNS [SECONDS]

READER is one of those below. Nothing may raise but what the reader's own words announce, and what was read must
hold together. What fails is printed with its traceback and kept as a file `crash-…`; the exit code is then not 0.
The last line tells how many were tried. The seed is fixed, so that the same runs try the same.
"""

# ruff: noqa: S101 - what must hold is asserted, as in tests

from __future__ import annotations

import logging
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "reading")]

with atheris.instrument_imports(include=["selfeval"]):
    from selfeval.audit.pdf_reader import read_pdf_bytes
    from selfeval.audit.time_limit import UnreadableError
    from selfeval.audit.verify import judged
    from selfeval.base.model import Kind
    from selfeval.importing.ledger import Ledger
    from selfeval.importing.readers.files import read_source
    from selfeval.importing.understanding.understand import understand
    from selfeval.reading.columns import ACTUALS, TARGETS
    from selfeval.reading.config import read_config
    from selfeval.reading.csv_edit import UnwritableError, rewritten
    from selfeval.reading.markdown import plain, to_html
    from selfeval.reading.narrative import PROJECT_OUTLINE, read_narrative
    from selfeval.reading.tables import read_table
    from selfeval.reading.values.actuals import Context, read_actual
    from selfeval.reading.values.context import TargetContext
    from selfeval.reading.values.targets import read_target
    from selfeval.rules.load import load_rules, read_profile

import faults  # noqa: E402
import test_values_fuzz as fuzz  # noqa: E402

LONGEST = 20_000
HOME = Path(tempfile.mkdtemp(prefix="selfeval-fuzz-"))


def text_of(data: bytes) -> str:
    """Bytes of the fuzzer as a text."""
    return data.decode("utf-8", "replace")


def cells(data: bytes) -> None:
    """Target, actual, name and unit of one row: kind None or read as the tests say."""
    target, actual, name, unit, *_ = [*text_of(data).split("|"), "", "", ""]
    read = read_target(target, TargetContext(level2="数量指标", name=name, sign="", unit=unit, direction="", year=2021))
    fuzz.check_target(read)
    done = read_actual(actual, read, Context(year=2021))
    if read.kind is not Kind.COMPOUND or done.parts:
        fuzz.check_actual(done, read)


def table(data: bytes) -> None:
    """A CSV: every row has all cells; a cell written into it is the only thing that is another afterwards."""
    (HOME / "actuals.csv").write_bytes(data)
    read, _ = read_table(HOME, ACTUALS)
    assert all(len(row.values) == len(row.record.values) + 1 for row in read.rows)
    for row in read.rows[:1]:
        try:
            made = rewritten(data, ACTUALS, {row.place.line: {"实际完成值": '甲,"乙\n丙'}})
        except UnwritableError:
            return
        (HOME / "actuals.csv").write_bytes(made)
        again, _ = read_table(HOME, ACTUALS)
        assert [r.project for r in again.rows] == [r.project for r in read.rows]
        assert again.rows[0].text("实际完成值") == '甲,"乙\n丙'


def workbook(data: bytes) -> None:
    """A table as a workbook."""
    (HOME / "targets.xlsx").write_bytes(data)
    read_table(HOME, TARGETS)


def narrative(data: bytes) -> None:
    """Markdown: no tag of its own comes through."""
    text = text_of(data)
    read_narrative(text, "a/narrative/P01.md", PROJECT_OUTLINE)
    html = to_html(text).casefold()
    assert not any(tag in html for tag in ("<script", "<iframe", "<style", "<meta", 'javascript:"', "<img"))
    plain(text)


def settings(data: bytes) -> None:
    """selfeval.toml."""
    (HOME / "selfeval.toml").write_bytes(data)
    read_config(HOME)


def profile(data: bytes) -> None:
    """A rule profile of the unit's own."""
    path = HOME / "own.toml"
    path.write_bytes(data)
    load_rules("own", 2021, [read_profile(path, "a/rules/own.toml")])


def form(data: bytes) -> None:
    """An approved form as text."""
    (HOME / "form.txt").write_bytes(data)
    source = read_source(HOME / "form.txt")
    if not source.problem:
        understand([source], Ledger())


def pdf(data: bytes) -> None:
    """A PDF to be verified: unreadable, or with a verdict."""
    try:
        read_pdf_bytes(data)
        judged(data, "a.pdf")
    except UnreadableError:
        return


def samples() -> dict[str, list[bytes]]:
    """Sound inputs to start from."""
    tables = [content for path, content in faults.whole_evaluation(Path()).items() if path.suffix == ".csv"]
    forms = [content for name, content in faults.forms().items() if name.endswith(".txt")]
    typed = ("≥95%|96%", "9月前|7月", "2.5亿元|3亿元", "5-10 年|6", "优良中低差|优", "3台、2台|3台、2台|服务器|台")
    return {
        "cells": [text.encode() for text in typed],
        "table": tables,
        "workbook": [faults.targets_workbook()],
        "narrative": [faults.NARRATIVE.encode()],
        "settings": [faults.TOML.encode()],
        "profile": [faults.profile()],
        "form": [content[:LONGEST] for content in forms],
        "pdf": [faults.report_pdf()],
    }


READERS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (cells, table, workbook, narrative, settings, profile, form, pdf)
}


def main(reader: str, runs: str, seconds: str = "0") -> None:
    """Runs the campaign; LibFuzzer ends the process."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    corpus = Path(tempfile.mkdtemp(prefix="selfeval-corpus-"))
    for number, content in enumerate(samples()[reader]):
        (corpus / str(number)).write_bytes(content)
    longest = max(LONGEST, *(2 * path.stat().st_size for path in corpus.iterdir()))
    options = [f"-runs={runs}", f"-max_total_time={seconds}", "-seed=1", f"-max_len={longest}", "-timeout=60"]
    atheris.Setup(
        [sys.argv[0], *options, "-rss_limit_mb=4000", "-verbosity=0", "-print_final_stats=1", str(corpus)],
        READERS[reader],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
