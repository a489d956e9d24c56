"""The line of a survey: sources → tables → what counts → what stands out and the totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from selfeval.audit.survey.counting import counted
from selfeval.audit.survey.found import KINDS, Desk
from selfeval.audit.survey.limits import LIMITS, Limits
from selfeval.audit.survey.looks import stands_out
from selfeval.audit.survey.reading import BROKEN, Content, parcel_of
from selfeval.audit.survey.sources import Source, found
from selfeval.audit.survey.tables import IndicatorRows, SourceTables, joined, packed_tables, tables_of
from selfeval.audit.survey.totals import totals
from selfeval.base.phrases import phrase
from selfeval.base.waiting import answers
from selfeval.evaluation.stream import Here


class NothingToSurveyError(ValueError):
    """No source could be read. The text says so, in Chinese."""


@dataclass(frozen=True, slots=True)
class Survey:
    """All there is to tell. `findings`: as in `found`; `found`: the indicators that they are about."""

    parts: tuple[SourceTables, ...]
    projects: pd.DataFrame
    indicators: IndicatorRows
    found: pd.DataFrame
    findings: pd.DataFrame
    totals: dict[str, list[list[str]]]
    limits: Limits


def read_under(paths: Iterable[Path], out: Path, pool: Executor, *, remote: bool = False) -> list[SourceTables]:
    """Everything under the paths, read by a pool of processes; `remote`: it does not see our files."""
    return list(answers(sent(source, pool, remote=remote) for source in found(paths, out)))


def why_nothing(parts: Sequence[SourceTables]) -> str:
    """Why there is nothing to survey."""
    if not parts:
        return phrase("没有找到评价文件夹、生成结果、scorecard.json、报送包或自评报告")
    first = parts[0].read
    return phrase("没有一份能读：{label}：{note}", label=first.source.label, note=first.note) + (
        phrase("（共 {count} 份）", count=len(parts)) if len(parts) > 1 else ""
    )


def sent(source: Source, pool: Executor, *, remote: bool) -> Future[SourceTables]:
    """A source given to the pool; where that does not see our files, their content goes with it."""
    if not remote or source.kind == "evaluation":
        return pool.submit(tables_of, source) if not remote else Here().submit(packed_tables, source)
    try:
        content: Content = parcel_of(source)
    except (OSError, ValueError):
        return Here().submit(packed_tables, source)  # which says what is wrong
    return pool.submit(packed_tables, source, content)


def survey(
    parts: Sequence[SourceTables], *, everything: bool = False, limits: Limits = LIMITS, pool: Executor | None = None
) -> Survey:
    """What was read, put together and looked through; raises `NothingToSurveyError`.

    `everything`: what `verify` does not vouch for counts as well; `pool`: other machines, where they are to look.
    """
    if all(part.read.trust == BROKEN for part in parts):
        raise NothingToSurveyError(why_nothing(parts))
    rows = IndicatorRows.of(parts)
    projects = counted(joined(parts), parts, everything=everything)
    used = projects[projects["used"] == "是"]
    findings = stands_out(Desk(used, pd.DataFrame(), limits), rows, pool)
    projects["kinds"] = kinds_of(findings).reindex(projects.index, fill_value="")
    return Survey(tuple(parts), projects, rows, rows.at(findings["i"]), findings, totals(used), limits)


def kinds_of(findings: pd.DataFrame) -> pd.Series:
    """The kinds found of each project, in words."""
    kinds = findings.drop_duplicates(["p", "kind"])
    return kinds["kind"].map(KINDS).groupby(kinds["p"]).agg("、".join)
