"""Which projects count: those that can be trusted, each once, however many copies of it lie about."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from selfeval.audit.survey.reading import TRUSTED
from selfeval.audit.survey.tables import SourceTables

KINDS = ("pack", "pdf", "evaluation", "output", "scorecard")
"""Of several copies that are trusted alike, the one that says most counts."""
SAME = ["evaluation", "unit", "year", "project"]
"""What makes two rows one project."""
COPY = ["unit", "year", "project", "content"]
"""What makes them one whatever their evaluations are called: all they say is the same."""


def counted(projects: pd.DataFrame, parts: Sequence[SourceTables], *, everything: bool) -> pd.DataFrame:
    """The projects with their source's number and trust, whether they count, and why not.

    `everything`: what `verify` does not vouch for counts as well.
    """
    trusts = [part.read.trust for part in parts]
    table = projects.assign(source=projects["s"] + 1, trust=projects["s"].map(trusts.__getitem__))
    table["why_not"] = ""
    if not everything:
        distrusted = ~table["trust"].isin(TRUSTED)
        table.loc[distrusted, "why_not"] = "核对结果是“" + table["trust"] + "”"
    once = left_out(table, parts, SAME, "与来源 {} 是同一个项目")
    return left_out(once, parts, COPY, "与来源 {} 的同一个项目内容完全相同，只是评价的名称不同").assign(
        used=lambda told: (told["why_not"] == "").map({True: "是", False: "否"})
    )


def left_out(projects: pd.DataFrame, parts: Sequence[SourceTables], by: Sequence[str], named: str) -> pd.DataFrame:
    """The projects, the copies of one that counts told why they do not; `named` names its source."""
    first = first_of_each(projects[projects["why_not"] == ""], parts, by)
    again = first.index[first != first.index]
    copies, counting = projects.loc[again], projects.loc[first[again]].set_index(again)
    why = counting["source"].astype(str).map(named.format).astype(str)
    marked = projects.copy()
    marked.loc[again, "why_not"] = why.mask(copies["total"] != counting["total"], why + "，但总分不同")
    return marked


def first_of_each(projects: pd.DataFrame, parts: Sequence[SourceTables], by: Sequence[str]) -> pd.Series:
    """For every project the row of the copy that counts: verified before not, then by kind, then as they were found."""
    kinds = [KINDS.index(part.read.source.kind) for part in parts]
    trusts = [(*TRUSTED, part.read.trust).index(part.read.trust) for part in parts]
    ranked = projects.assign(
        p=projects.index, kind=projects["s"].map(kinds.__getitem__), rank=projects["s"].map(trusts.__getitem__)
    )
    ranked = ranked.sort_values(["rank", "kind", "p"], kind="stable")
    return ranked.groupby(list(by), sort=False)["p"].transform("first").sort_index()
