"""Costs against those of their peers: the same indicator, unit of measure and year, anywhere among the projects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from selfeval.audit.survey.found import Desk, beyond, each, number, own_rows, shown

OF_NORMAL = 1.4826
"""A MAD times this is the standard deviation of what is spread normally."""
OF_ONE_PIECE = "单价|单位成本|均价|人均|户均|每|标准"
BY = ["year", "key3", "measure"]


def unit_cost(desk: Desk) -> pd.DataFrame:
    """Of `costs_in`: those far from the median of their peers, on the logarithm: twice and half are equally far."""
    limits, costs = desk.limits, desk.indicators
    groups = costs.groupby(BY, observed=True)["log"]
    costs = costs.assign(median=groups.transform("median"), others=groups.transform("size") - 1)
    costs["away"] = (costs["log"] - costs["median"]).abs()
    spread = costs.groupby(BY, observed=True)["away"].transform("median") * OF_NORMAL
    costs["deviations"] = costs["away"] / spread.clip(lower=limits.least_spread)
    far = costs[
        (costs["others"] >= limits.peers)
        & (costs["deviations"] >= limits.deviations)
        & (costs["away"] >= np.log(limits.ratio))
    ]
    return each("unit_cost", far["p"], beyond(far["deviations"], limits.deviations), _reason(far), own_rows(far))


def costs_in(desk: Desk) -> pd.DataFrame:
    """The rows that tell a cost, with its logarithm; a cost without an amount, or of nothing, is none."""
    rows = desk.indicators
    is_cost = (rows["kind"] == "成本") | rows["level1"].str.contains("成本") | rows["level2"].str.contains("成本")
    is_cost &= (rows["actual_value"] != "") & of_one_piece(rows)
    rows = rows.loc[is_cost, ["p", "key3", "level3", "measure", "actual_measure", "actual_value"]]
    rows["measure"] = rows["actual_measure"].mask(rows["actual_measure"] == "", rows["measure"])
    value = number(rows["actual_value"])
    costs = rows.assign(year=rows["p"].map(desk.projects["year"]), value=value)[value > 0]
    return costs.assign(log=np.log(costs["value"]))


def of_one_piece(rows: pd.DataFrame) -> pd.Series:
    """Costs of one thing or person, by their measure or their name; a whole cost follows the size of its project."""
    return rows["measure"].str.contains("/", regex=False) | rows["key3"].str.contains(OF_ONE_PIECE)


def _reason(far: pd.DataFrame) -> pd.Series:
    times = (far["log"] - far["median"]).map(np.exp)
    measure = far["measure"]
    return (
        "“" + far["level3"] + "”为 " + far["actual_value"] + measure + "，是同类 " + (far["others"] + 1).astype(str)
        + " 行中位数（约 " + shown(far["median"].map(np.exp)) + measure + "）的 " + shown(times) + " 倍，相距约 "
        + shown(far["deviations"], 1) + " 个标准差"
    )  # fmt: skip
