"""What stands out in a project by itself: its points, its actuals, its execution, its kinds of rows."""

from __future__ import annotations

import pandas as pd

from selfeval.audit.survey.found import Desk, between, beyond, cents, each, number, of_cents, own_rows, percent


def full_marks(desk: Desk) -> pd.DataFrame:
    """Projects of several rows that lost no point anywhere."""
    projects, rows = desk.projects, desk.indicators
    full = (rows["points"] != "") & (rows["points"] == rows["weight"])
    all_full = full.groupby(rows["p"]).all().reindex(projects.index, fill_value=False)
    paid = projects["budget_points"] == projects["budget_weight"]
    chosen = projects[all_full & paid & (projects["indicators"] >= desk.limits.rows)]
    count = chosen["indicators"]
    reason = "预算执行率和 " + count.astype(str) + " 个指标全部得满分，总分 " + chosen["total"]
    return each("full_marks", own_rows(chosen), beyond(count, desk.limits.rows), reason)


def as_targeted(desk: Desk) -> pd.DataFrame:
    """Projects in which all that was measured came out exactly as it had been set."""
    rows = desk.indicators
    measured = rows[(rows["value"] != "") & (rows["actual_value"] != "")]
    same = (measured["value"] == measured["actual_value"]).groupby(measured["p"]).agg(["all", "size"])
    chosen = same[same["all"] & (same["size"] >= desk.limits.rows)]
    reason = chosen["size"].astype(str) + " 个可以计量的指标，实际完成值都与指标值相等"
    return each("as_targeted", own_rows(chosen), beyond(chosen["size"], desk.limits.rows), reason)


def low_execution(desk: Desk) -> pd.DataFrame:
    """Projects that spent little of their money and yet got most points for what it was to bring about."""
    limits, projects, rows = desk.limits, desk.projects, desk.indicators
    scored = rows[rows["points"] != ""]
    sums = pd.DataFrame({"p": scored["p"], "points": cents(scored["points"]), "weight": cents(scored["weight"])})
    sums = sums.groupby("p").sum()
    rate = number(projects["rate"]).reindex(sums.index)
    share = sums["points"] / sums["weight"].where(sums["weight"] > 0)
    chosen = (rate <= limits.execution) & (share - rate >= limits.gap)
    rate, share = rate[chosen], share[chosen]
    reason = "预算执行率约 " + percent(rate) + "，指标却得到分值的约 " + percent(share)
    return each("low_execution", own_rows(rate), between(share - rate, limits.gap), reason)


def qualitative(desk: Desk) -> pd.DataFrame:
    """Projects that mostly cannot be measured."""
    limits, projects = desk.limits, desk.projects
    share = projects["qualitative"] / projects["indicators"].where(projects["indicators"] >= limits.rows)
    chosen = projects[share >= limits.qualitative]
    reason = chosen["indicators"].astype(str) + " 个指标中 " + chosen["qualitative"].astype(str) + " 个是定性的"
    return each("qualitative", own_rows(chosen), between(share[chosen.index], limits.qualitative), reason)


def off_rule(desk: Desk) -> pd.DataFrame:
    """Projects with rows whose points are not the rule's, each with those rows; totals that are not the sum."""
    rows = desk.indicators
    own = rows[(rows["points"] != rows["rule_points"]) & (rows["points"] != "") & (rows["rule_points"] != "")]
    more = cents(own["points"]) - cents(own["rule_points"])
    by = more.groupby(own["p"]).agg(["size", "sum"])
    way = pd.Series("高", index=by.index).mask(by["sum"] < 0, "低").mask(by["sum"] == 0, "相差")
    reason = by["size"].astype(str) + " 行的得分与规则不同，合计" + way + " " + of_cents(by["sum"].abs()) + " 分"
    size = more.abs().groupby(own["p"]).sum() / 100
    table = pd.DataFrame({"p": own["p"], "i": own.index})
    table = table.assign(finding=table["p"], kind="off_rule", reason=table["p"].map(reason))
    return pd.concat([table.assign(strength=table["p"].map(beyond(1 + size, 1))), wrong_totals(desk)])


def wrong_totals(desk: Desk) -> pd.DataFrame:
    """Totals that are not what their rows and the execution come to."""
    projects, rows = desk.projects, desk.indicators
    sums = cents(rows["points"]).groupby(rows["p"]).sum().reindex(projects.index, fill_value=0)
    sums += cents(projects["budget_points"])
    chosen = projects[(projects["total"] != "") & (cents(projects["total"]) != sums)]
    reason = "总分 " + chosen["total"] + "，各行与执行率得分之和是 " + of_cents(sums[chosen.index])
    away = (cents(chosen["total"]) - sums[chosen.index]).abs() / 100
    return each("off_rule", own_rows(chosen), beyond(1 + away, 1), reason).assign(finding=-1 - own_rows(chosen))
