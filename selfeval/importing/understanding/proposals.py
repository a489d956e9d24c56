"""What a form says of its rules and its layout, as proposals for selfeval.toml with the words that were seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from selfeval.importing.draft import DraftProject, Proposal
from selfeval.importing.grid import GridCell
from selfeval.importing.vocabulary import bare, is_level1, squeeze

_LONGEST = 80
_SEEN = (
    ("rules", "hubei", re.compile(r"20分[*×xX✕·]执行率")),
    ("rules", "sichuan", re.compile(r"510000_0013zp", re.IGNORECASE)),
    ("layout", "sichuan", re.compile(r"510000_0013zp", re.IGNORECASE)),
    ("layout", "transfer", re.compile(r"^转移支付\(?项目\)?名称|^(?!.*(?:申报|目标表|批复)).*转移支付.*自评表")),
)
OWN = "own"
FULL = Decimal(100)
SHARES = frozenset(map(Decimal, (10, 20, 0)))
"""Points of the execution rate that the first levels may leave of 100."""


def proposals_in(cells: Iterable[GridCell]) -> list[Proposal]:
    """What a line of a form says of rules and layout."""
    short = [cell for cell in cells if len(cell.text) <= _LONGEST]
    return [
        Proposal(key, value, " ".join(cell.text.split()), cell.place)
        for cell in short
        for key, value, pattern in _SEEN
        if pattern.search(squeeze(cell.text))
    ]


def agreed(proposals: Sequence[Proposal], key: str) -> Proposal | None:
    """The proposal for a setting where all forms agree on it."""
    found = [proposal for proposal in proposals if proposal.key == key]
    return found[0] if found and len({proposal.value for proposal in found}) == 1 else None


def own_levels(drafts: Sequence[DraftProject], usual: dict[str, str]) -> dict[str, str]:
    """Points of first levels as printed on the forms, where all agree and leave a usual share to the execution rate.

    Empty where the forms print none, or those of the usual rules, or other points for the execution rate.
    """
    printed = [draft.level_points for draft in drafts if draft.level_points]
    if not printed or any(points != printed[0] for points in printed):
        return {}
    points = {_canonical(level): value for level, value in printed[0].items()}
    shares = {Decimal(draft.execution) for draft in drafts if draft.execution} or {_left_of(points)}
    return points if shares == {_left_of(points)} <= SHARES and points != usual else {}


def _left_of(points: dict[str, str]) -> Decimal:
    """What the first levels leave of 100 points."""
    return FULL - sum(map(Decimal, points.values()))


def _canonical(level: str) -> str:
    words = bare(level)
    for word, name in (("产出", "产出指标"), ("满意", "满意度指标"), ("成本", "成本指标")):
        if word in words:
            return name
    return "效益指标" if is_level1(level) and re.search("效益|效果", words) else level


def profile_text(levels: dict[str, str], year: int | None, extends: str) -> str:
    """A profile of the unit's own: the usual rules with the forms' points for the first levels."""
    points = ", ".join(f'"{level}" = {value}' for level, value in levels.items())
    return "\n".join([
        f"# 由 selfeval import 按原表一级指标名称后印着的分值生成，请核对；其余沿用 {extends}。",
        f'id = "{OWN}"', 'title = "按原表一级指标分值"', f'extends = "{extends}"', "",
        "[documents]", 'form = "导入的原表"', "",
        "[[versions]]", f"effective = {year or 2020}-01-01", "",
        "[versions.execution]", f"points = {_left_of(levels)}",
        'source = { document = "form", article = "一级指标分值之外的分数", checked = false }', "",
        "[versions.levels]", f"sets = [{{ requires = [], points = {{ {points} }} }}]",
        'source = { document = "form", article = "一级指标名称后的分值", checked = false }', "",
    ])  # fmt: skip
