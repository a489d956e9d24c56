"""What the templates see: frozen objects whose every value is a string ready to print.

No page can round, add or judge by itself; HTML, PDF and Office files print the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from selfeval.prose import Block


@dataclass(frozen=True, slots=True)
class Link:
    """Something elsewhere on the page."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic as printed, with the row it is about."""

    anchor: str
    code: str
    severity: str
    label: str
    message: str
    hint: str
    place: str
    row: Link | None


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator. `rule_points` only where another score replaced it; `unscored` says why there is none.

    `small` names the cells whose text is long enough for small type; `height` is about what the row takes in
    the printed form, in pt
    (the one number here; no template prints it).
    """

    anchor: str
    number: str
    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str
    points: str
    rule_points: str
    unscored: str
    reason: str
    state: str
    completion: str
    bar: str
    formula: str
    source: str
    checked: bool
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]
    small: tuple[str, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one 二级指标 that stay together on a page. `again`: its label was already printed above."""

    level1: str
    level1_weight: str
    level1_again: bool
    level2: str
    again: bool
    tall: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FundRow:
    """A line of 项目资金（万元）."""

    label: str
    initial: str
    adjusted: str
    executed: str
    weight: str
    rate: str
    points: str


@dataclass(frozen=True, slots=True)
class LevelView:
    """A first-level indicator at a glance."""

    name: str
    weight: str
    points: str
    rate: str
    bar: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the narrative: Markdown as written, or blocks made from the figures."""

    anchor: str
    title: str
    markdown: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on every page and in every head: whose, when, and whether it counts."""

    unit: str
    department: str
    year: str
    date: str
    demo: bool
    draft: bool
    rules: str
    layout: str
    evaluation: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a figure came about: of a row, or of 预算执行率."""

    number: str
    title: str
    under: str
    points: str
    weight: str
    formula: str
    source: str
    checked: bool
    steps: tuple[str, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class ProjectDocument:
    """The report of one project (or the form of the unit itself).

    `groups` are the rows for the screen, `pages` the same rows in pieces for paper;
    `fresh_page`: not even the first of them fits below the head of the form.
    """

    marks: Marks
    title: str
    id: str
    name: str
    department: str
    operator: str
    total: str
    counted: str
    complete: bool
    grade: str
    rate: str
    tally: tuple[tuple[str, str], ...]
    levels: tuple[LevelView, ...]
    parts: tuple[Part, ...]
    funds: tuple[FundRow, ...]
    goal: str
    achieved: str
    groups: tuple[Group, ...]
    pages: tuple[Group, ...]
    fresh_page: bool
    total_weight: str
    calculations: tuple[Calculation, ...]
    sources: tuple[str, ...]
    deviations: tuple[Row, ...]
    fund_reasons: tuple[tuple[str, str], ...]
    evidence: tuple[Row, ...]
    findings: tuple[Finding, ...]
    finding_counts: tuple[tuple[str, str, str], ...]
    attachments: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in index and summary."""

    number: str
    id: str
    name: str
    href: str
    initial: str
    adjusted: str
    executed: str
    rate: str
    rate_bar: str
    execution_points: str
    levels: tuple[str, ...]
    total: str
    counted: str
    complete: bool
    grade: str
    draft: bool
    finding_counts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SummaryDocument:
    """绩效自评结果汇总表 and 部门整体支出绩效自评报告; `unit` is the unit's own form where it has targets."""

    marks: Marks
    title: str
    level_names: tuple[str, ...]
    lines: tuple[ProjectLine, ...]
    sums: ProjectLine
    parts: tuple[Part, ...]
    unit: ProjectDocument | None
    signatures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """The evaluation at a glance."""

    marks: Marks
    title: str
    lines: tuple[ProjectLine, ...]
    sums: ProjectLine
    grades: tuple[tuple[str, str], ...]
    findings_total: str
    finding_counts: tuple[tuple[str, str, str], ...]
    findings: tuple[Finding, ...]
