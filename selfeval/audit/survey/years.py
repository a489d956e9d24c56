"""This year beside the last: the same unit's project of the year before, what it did then, and what is gone."""

from __future__ import annotations

import pandas as pd

from selfeval.audit.compare.match import likeness
from selfeval.audit.survey.found import Desk, between, each, number, percent
from selfeval.audit.survey.peers import of_one_piece
from selfeval.base.text import comparable

MOST = 60
"""Strangers of one unit on either side whose names are compared."""


def with_last(projects: pd.DataFrame, least: float) -> pd.Series:
    """For every project the row of the same unit's project a year before, -1 where there is none.

    By name, then by number and then by name alone where the names are alike; whatever stands twice is left out.
    """
    named = projects.assign(p=projects.index, called=projects["name"].map(comparable))
    last = pd.Series(-1, index=projects.index)
    same = _joined(named, named, ["unit", "year", "called"])
    last[same.index] = same
    left, old = named[last < 0], named[~named.index.isin(last)]
    for p, before in _alike(left, old, least):
        last[p] = before
    return last


def _joined(new: pd.DataFrame, old: pd.DataFrame, by: list[str]) -> pd.Series:
    """The rows of a year before with the same key, where both are the only ones."""
    olds = old.drop_duplicates(by, keep=False).assign(year=lambda frame: frame["year"] + 1)
    both = new.drop_duplicates(by, keep=False).merge(olds[[*by, "p"]], on=by, suffixes=("", "_old"))
    return pd.Series(both["p_old"].to_numpy(), index=both["p"].to_numpy(), dtype=int)


def _alike(new: pd.DataFrame, old: pd.DataFrame, least: float) -> list[tuple[int, int]]:
    """Strangers of the same unit and following years joined by how alike their names are, the most alike first."""
    olds = dict(iter(old.assign(year=old["year"] + 1).groupby(["unit", "year"], sort=False)))
    joined = []
    for of_unit, part in new.groupby(["unit", "year"], sort=True):
        others = olds.get(of_unit)
        if others is not None and max(len(part), len(others)) <= MOST:
            joined += _most_alike(part, others, least)
    return joined


def _most_alike(new: pd.DataFrame, old: pd.DataFrame, least: float) -> list[tuple[int, int]]:
    numbers = dict(zip(old.index, old["project"], strict=True))
    ranked = [
        (likeness(name, before) + (numbers[q] == id_) / 4, p, q)
        for p, name, id_ in zip(new.index, new["name"], new["project"], strict=True)
        for q, before in zip(old.index, old["name"], strict=True)
    ]
    pairs: dict[int, int] = {}
    for alike, p, q in sorted(ranked, key=lambda one: (-one[0], one[1], one[2])):
        if alike >= least and p not in pairs and q not in pairs.values():
            pairs[p] = q
    return list(pairs.items())


def below_last_year(desk: Desk, last: pd.Series) -> pd.DataFrame:
    """Targets that ask for much less than the same project reached a year before, or allow for much more."""
    rows = desk.indicators.assign(i=desk.indicators.index, before=desk.indicators["p"].map(last))
    rows = rows[(rows["kind"] != "定性") & (rows["direction"] != "")]
    by = ["key2", "key3", "measure"]
    olds = rows.loc[rows["actual_value"] != "", ["p", "i", "actual_value", "actual", *by]]
    news = rows[(rows["before"] >= 0) & (rows["value"] != "") & ((rows["kind"] != "成本") | of_one_piece(rows))]
    both = news.merge(olds, left_on=["before", *by], right_on=["p", *by], suffixes=("", "_old"))
    done, asked = number(both["actual_value_old"]), number(both["value"])
    less = (1 - asked / done).where(both["direction"] == "正向", 1 - done / asked)
    far = both[(done > 0) & (asked > 0) & (less >= desk.limits.below)]
    more = pd.Series("只及", index=far.index).mask(far["direction"] == "反向", "放宽到")
    ratio = (asked / done)[far.index]
    reason = (
        "“" + far["level3"] + "”的目标“" + far["target"] + "”" + more + "上年实际完成“" + far["actual_old"] + "”的 "
        + percent(ratio)
    )  # fmt: skip
    findings = each("below_last_year", far["p"], between(less[far.index], desk.limits.below), reason, far["i"])
    return pd.concat([findings, findings.assign(p=far["p_old"], i=far["i_old"])])


def missing(desk: Desk, last: pd.Series) -> pd.DataFrame:
    """Projects of a year before that have no successor, where their unit handed in something this year."""
    projects = desk.projects
    handed = pd.MultiIndex.from_arrays([projects["unit"], projects["year"] - 1])
    expected = pd.MultiIndex.from_arrays([projects["unit"], projects["year"]]).isin(handed)
    gone = projects[expected & ~projects.index.isin(last)]
    money = number(projects["adjusted"])
    whole = money.groupby([projects["unit"], projects["year"]]).transform("sum")
    share = (money / whole.where(whole > 0))[gone.index].fillna(0)
    following = (gone["year"] + 1).astype(str)
    reason = (
        gone["year"].astype(str) + " 年度的“" + gone["name"] + "”在 " + following
        + " 年度没有找到，它的预算约占本单位当年的 " + percent(share)
    )  # fmt: skip
    return each("missing", pd.Series(gone.index, index=gone.index), 0.5 + share / 2, reason)


def absent(desk: Desk) -> pd.DataFrame:
    """Units that handed in a year before and nothing this year, where most of the others did: all their projects."""
    projects = desk.projects
    units = projects.groupby(["unit", "year"]).agg(projects=("name", "size")).reset_index()
    units["money"] = number(projects["adjusted"]).groupby([projects["unit"], projects["year"]]).sum().to_numpy()
    next_year = pd.MultiIndex.from_arrays([units["unit"], units["year"] - 1])
    units["again"] = pd.MultiIndex.from_frame(units[["unit", "year"]]).isin(next_year)
    of_year = units.groupby("year")
    silent = units[~units["again"] & (of_year["again"].transform("mean") >= desk.limits.handed)]
    silent = silent.assign(others=of_year["again"].transform("sum"), most=of_year["money"].transform("max"))
    rows = projects[["unit", "year"]].assign(p=projects.index).merge(silent, on=["unit", "year"])
    year, following = rows["year"].astype(str), (rows["year"] + 1).astype(str)
    reason = "“" + rows["unit"] + "”" + year + " 年度报送了 " + rows["projects"].astype(str) + " 个项目，" + following
    reason += " 年度没有报送；上年报送的单位中有 " + rows["others"].astype(str) + " 个报送了"
    share = (rows["money"] / rows["most"].where(rows["most"] > 0)).fillna(0)
    findings = each("absent", rows["p"], 0.5 + share / 2, reason)
    return findings.assign(finding=rows.groupby(["unit", "year"], sort=False).ngroup())
