"""Executed against achieved: every project of a unit as a dot; the templates only draw."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from urllib.parse import quote

from selfeval.base import display
from selfeval.base.exact import fixed
from selfeval.evaluation.brief import Brief
from selfeval.report.pages.chart_views import Dot, Scatter, Tick
from selfeval.report.pages.dot_labels import Spot, labels_beside
from selfeval.rules.profile import Rules

LEFT, RIGHT, TOP, FOOT = 46, 452, 24, 192
"""Where the axes lie in the picture; right of them and above is room for numbers beside dots at their ends."""

MOST = 2000
"""More dots than this are a cloud in which none can be told."""

NAMED = 30
"""Projects up to which dots have their numbers beside them."""

TITLE = "执行率与得分"
NOTE = "每点一个项目，点旁是序号（挤在一起的不标）：横轴预算执行率，纵轴得分占满分的比重；虚线左边执行率低于{}。"
LEFT_OUT = "另有{}个项目没有执行率或暂不评定，未列入。"


def scatter(briefs: Collection[Brief], rules: Rules) -> Scatter | None:
    """The picture, where there are projects to compare."""
    known = [(at, brief, *both) for at, brief in enumerate(briefs, 1) if (both := _both(brief))]
    if not 2 <= len(known) <= MOST:
        return None
    across, up = _axis(rate for *_, rate, _ in known), _axis(share for *_, share in known)
    due = rules.execution.reason_below
    dots = tuple(
        Dot(
            brief.id, _place(rate, across, LEFT, RIGHT), _place(share, up, FOOT, TOP),
            f"{at} {brief.name}：执行率{display.short_rate(rate, due)}，"
            f"得{display.points(brief.total)}分（{brief.grade}）",
            f"projects/{quote(brief.id)}/report.html", "short" if rate < due else "met",
        )
        for at, brief, rate, share in known
    )  # fmt: skip
    spots = [Spot(str(at), Fraction(dot.x), Fraction(dot.y)) for (at, *_), dot in zip(known, dots, strict=True)]
    left = len(briefs) - len(known)
    note = NOTE.format(display.short_rate(due)) + (LEFT_OUT.format(left) if left else "")
    inside = across[0] < due < across[1]
    line = _place(due, across, LEFT, RIGHT) if inside else ""
    field = (Fraction(LEFT), Fraction(TOP), Fraction(RIGHT), Fraction(FOOT))
    labels = labels_beside(spots, field, Fraction(line or -1)) if len(known) <= NAMED else ()
    return Scatter(
        TITLE, f"{'；'.join(dot.text for dot in dots)}。", _ticks(across, LEFT, RIGHT), _ticks(up, FOOT, TOP)[::-1],
        line, dots, labels, note,
    )  # fmt: skip


def _both(brief: Brief) -> tuple[Fraction, Fraction] | None:
    """Execution and share of all points, where both are known."""
    if brief.budget.rate is None or brief.total is None or not brief.grade or not brief.full:
        return None
    return brief.budget.rate, Fraction(brief.total) / Fraction(brief.full)


def _axis(values: Iterable[Fraction]) -> tuple[Fraction, Fraction]:
    """From the ten per cent below the least to the ten per cent above the most, 100% at least."""
    listed = [*values]
    low = Fraction(min(9, max(0, int(min(listed) * 10))), 10)
    high = max(Fraction(1), Fraction(-int(-max(listed) * 10 // 1), 10))
    return low, high


def _place(value: Fraction, axis: tuple[Fraction, Fraction], start: int, end: int) -> str:
    """Where a value lies."""
    low, high = axis
    return fixed(start + (value - low) / (high - low) * (end - start), 1)


def _ticks(axis: tuple[Fraction, Fraction], start: int, end: int) -> tuple[Tick, ...]:
    """A line every ten per cent, or as many as leave their labels room."""
    steps = int((axis[1] - axis[0]) * 10)
    step = max(1, -(-steps // 10))
    shares = (axis[0] + Fraction(at, 10) for at in range(0, steps + 1, step))
    return tuple(Tick(_place(share, axis, start, end), display.short_rate(share)) for share in shares)
