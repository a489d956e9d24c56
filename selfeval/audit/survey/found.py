"""What stands out, as a table: one row for each row of a project or indicator that a finding is about.

A finding has a kind, a reason in words, a strength from 0.5 (just beyond the limit) to 1, and at least one row; it is
a reason to look, never a verdict. `p` is the project's row, `i` the indicator's, -1 where it is about the project.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from selfeval.audit.survey.limits import Limits

KINDS = {
    "unit_cost": "成本与同类相差很大",
    "full_marks": "各项全部满分",
    "as_targeted": "完成值都等于目标值",
    "below_last_year": "目标远低于上年实际",
    "copied_text": "文字与别的单位或上年雷同",
    "low_execution": "执行率低而得分高",
    "qualitative": "定性指标过多",
    "off_rule": "得分与规则不同",
    "missing": "上年有、今年没有的项目",
    "absent": "上年报送、今年没有报送的单位",
}
"""Every kind and what it is called, in the order in which they are told."""

COLUMNS = ("finding", "kind", "strength", "reason", "p", "i")


@dataclass(frozen=True, slots=True)
class Desk:
    """What is looked through: projects and indicators that count, by their row in the whole tables.

    A look that needs less of the indicators than all has that in their place.
    """

    projects: pd.DataFrame
    indicators: pd.DataFrame
    limits: Limits

    def of_project(self, column: str) -> pd.Series:
        """A column of the projects, for every indicator."""
        return self.indicators["p"].map(self.projects[column])


def each(kind: str, p: pd.Series, strength: pd.Series, reason: pd.Series, i: pd.Series | int = -1) -> pd.DataFrame:
    """A finding for every row."""
    findings = pd.DataFrame({"kind": kind, "strength": strength, "reason": reason, "p": p, "i": i})
    return findings.assign(finding=range(len(findings)))[list(COLUMNS)]


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All findings: by kind, the strongest first, numbered from 1; the rows of each in their order.

    A part numbers its own findings; what parts there are does not change the order.
    """
    listed = [part for part in parts if len(part)]
    if not listed:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"p": int, "i": int, "strength": float})
    findings = pd.concat([part.assign(part=at) for at, part in enumerate(listed)], ignore_index=True)
    findings["order"] = findings["kind"].map({kind: at for at, kind in enumerate(KINDS)})
    # Rounded first, so that the order does not hang on the last bit of a binary fraction.
    findings["strength"] = findings["strength"].clip(0.5, 1.0).map(lambda share: float(f"{share:.2f}"))
    one = ["kind", "part", "finding"]
    findings[["first", "row"]] = findings.groupby(one)[["p", "i"]].transform("min")
    by = ["order", "strength", "first", "row", "part", "finding", "p", "i"]
    findings = findings.sort_values(by, ascending=[at != 1 for at in range(len(by))], kind="stable", ignore_index=True)
    findings["finding"] = (findings[one] != findings[one].shift()).any(axis=1).cumsum()
    return findings[list(COLUMNS)]


def beyond(value: pd.Series, limit: float) -> pd.Series:
    """The strength of what has no upper end: 0.5 at the limit, towards 1 far beyond it."""
    return 1 - 0.5 * limit / value


def between(value: pd.Series, limit: float, most: float = 1.0) -> pd.Series:
    """The strength of a share: 0.5 at the limit, 1 at the most there can be."""
    return 0.5 + 0.5 * (value - limit) / (most - limit)


def own_rows(frame: pd.DataFrame | pd.Series) -> pd.Series:
    """The row of each, beside itself."""
    return pd.Series(frame.index, index=frame.index)


def number(texts: pd.Series) -> pd.Series:
    """Decimal texts as binary numbers, for statistics only; NaN where there is none."""
    return pd.to_numeric(texts, errors="coerce").astype(float)


def cents(texts: pd.Series) -> pd.Series:
    """Points with two decimals as whole hundredths: exact, and quick to add; 0 where there are none."""
    return pd.to_numeric(texts.str.replace(".", "", regex=False), errors="coerce").fillna(0).astype("int64")


def shown(value: pd.Series, digits: int = 2) -> pd.Series:
    """Statistics in words."""
    return value.map(f"{{:.{digits}f}}".format).astype(str)


def percent(share: pd.Series) -> pd.Series:
    """A share in words."""
    return shown(share * 100, 0) + "%"


def of_cents(amount: pd.Series) -> pd.Series:
    """Hundredths of points in words, exactly."""
    size = amount.abs()
    sign = pd.Series("", index=amount.index).mask(amount < 0, "-")
    return sign + (size // 100).astype(str) + "." + (size % 100).astype(str).str.zfill(2)
