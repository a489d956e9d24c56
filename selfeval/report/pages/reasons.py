"""偏差原因分析及改进措施 told apart: what was the cause, what is done about it. Every word stays as written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfeval.reading.sentences import measure_words

_CLAUSE = re.compile(r"[^；;。！？\n]+[；;。！？]*")
_YEAR = re.compile(r"(20\d\d)年(?!(?:以|之)?前)")


@dataclass(frozen=True, slots=True)
class Reason:
    """Causes and measures, each "" where there is none."""

    cause: str
    measure: str


def told_apart(text: str, year: int) -> Reason:
    """The clauses of a reason; `year`: that of the evaluation, a later one tells of a measure."""
    causes: list[str] = []
    measures: list[str] = []
    last = causes
    for clause in _CLAUSE.findall(text.strip()):
        words = clause.strip()
        last = measures if _is_measure(words, year, after_cause=bool(causes), goes_on=last is measures) else causes
        if words:
            last.append(words)
    return Reason("".join(causes), "".join(measures))


def _is_measure(words: str, year: int, *, after_cause: bool, goes_on: bool) -> bool:
    """Whether a clause tells what is done."""
    starts = measure_words("openings")
    starts += measure_words("after_a_cause") if after_cause else ()
    starts += measure_words("following") if goes_on else ()
    later = _YEAR.match(words)
    return words.startswith(starts) or bool(later and int(later[1]) > year)
