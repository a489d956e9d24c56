"""Texts that stand elsewhere as well: in another unit's project of the year, or in the unit's own of the year before.

What is compared is sentences without digits, signs and blanks: a text copied with other numbers, or with one sentence
changed, is found by the others.
"""

from __future__ import annotations

import pandas as pd

from selfeval.audit.survey.found import Desk, beyond
from selfeval.audit.survey.limits import Limits
from selfeval.base.text import shorten

FIELDS = {"reason": "偏差原因", "actual": "实际完成值", "achieved": "完成情况"}
"""Where people write sentences, and what these are called."""
OF_ROWS, OF_PROJECTS = ("reason", "actual"), ("achieved",)
END = r"[。；;！!？?\n\r]+"
IDLE = r"[\W\d_]+"


def shared_sentences(desk: Desk) -> pd.DataFrame:
    """Of `sentences`: those that several units, or two years of one unit, have."""
    rows = desk.indicators
    return pd.concat([between_units(rows), from_last_year(rows)])


def copied_text(rows: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """A finding for every sentence of `shared_sentences`."""
    # Of a text that shares several sentences, the longest is told, and of these the first.
    by = ["p", "i", "field", "scope", "length", "at"]
    rows = rows.sort_values(by, ascending=[True, True, True, True, False, True], kind="stable")
    rows = rows.drop_duplicates(["p", "i", "field", "scope"])
    groups = ["scope", "key"]
    rows["finding"] = rows.groupby(groups, sort=True).ngroup()
    units = rows.groupby(groups)["unit"].transform("nunique")
    where = units.astype(str) + " 个单位同年写了同样的话"
    where = where.mask(rows["scope"] == "years", "与本单位上年写的相同")
    first = rows.drop_duplicates("finding").set_index("finding")
    quoted = rows["finding"].map(first["sentence"].map(lambda text: shorten(text, 40)))
    label = rows["finding"].map(first["field"]).map(FIELDS)
    reason = label + "：“" + quoted + "”，" + rows["finding"].map(where.groupby(rows["finding"]).first())
    strength = beyond(rows["length"], limits.text)
    return rows.assign(kind="copied_text", reason=reason, strength=strength.groupby(rows["finding"]).transform("max"))


def sentences(desk: Desk) -> pd.DataFrame:
    """Every sentence that is not short with where it stands, what of it is compared, and how long that is."""
    rows, projects = desk.indicators, desk.projects
    parts = [pd.DataFrame({"p": rows["p"], "i": rows.index, "field": f, "sentence": rows[f]}) for f in OF_ROWS]
    parts += [pd.DataFrame({"p": projects.index, "i": -1, "field": f, "sentence": projects[f]}) for f in OF_PROJECTS]
    table = pd.concat([part[part["sentence"].str.len() >= desk.limits.text] for part in parts], ignore_index=True)
    table["sentence"] = table["sentence"].str.split(END)
    table = table.explode("sentence", ignore_index=True)
    table["at"] = table.groupby(["p", "i", "field"]).cumcount()
    table["sentence"] = table["sentence"].str.strip()
    table["key"] = table["sentence"].str.replace(IDLE, "", regex=True)
    table = table.assign(length=table["key"].str.len())
    table = table[table["length"] >= desk.limits.text]
    return table.assign(unit=table["p"].map(projects["unit"]), year=table["p"].map(projects["year"]))


def between_units(rows: pd.DataFrame) -> pd.DataFrame:
    """Sentences of several units in one year; `key` then says the year as well."""
    rows = rows.assign(scope="units", key=rows["year"].astype(str) + rows["key"])
    return rows[rows.groupby("key")["unit"].transform("nunique") > 1]


def from_last_year(rows: pd.DataFrame) -> pd.DataFrame:
    """Sentences that a unit wrote a year before, with those of that year; `key` then says unit and year as well."""
    again = rows.assign(year=rows["year"] + 1)
    mark = ["unit", "year", "key"]
    old = again.merge(rows[mark].drop_duplicates(), on=mark)
    new = rows.merge(again[mark].drop_duplicates(), on=mark)
    both = pd.concat([new, old])
    return both.assign(scope="years", key=both["unit"] + both["year"].astype(str) + both["key"])
