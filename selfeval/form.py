"""The tables of the 自评表 as views: rows in groups that survive a page break, money, calculations, findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from selfeval import display, prose
from selfeval.diagnostics import Diagnostic, Severity, counts
from selfeval.model import Fund, LevelScore, Score, Scorecard, Source
from selfeval.views import Calculation, Finding, FundRow, Group, Link, Row

SEVERITIES = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.INFO: "说明"}
FUND_ROWS = ("其中：当年财政拨款", "上年结转资金", "其他资金")
"""The sources of the national form, in its words."""


@dataclass(frozen=True, slots=True)
class Column:
    """About how many characters a line of a printed column holds (css/print.css), in usual and in small type.

    `long`: from how many characters on a text is set small.
    """

    usual: int
    small: int
    long: int


COLUMNS = {
    "level3": Column(8, 10, 40),
    "target": Column(7, 8, 28),
    "actual": Column(7, 8, 28),
    "reason": Column(18, 21, 100),
}

LINE, SMALL_LINE, PADDING = 14, 12, 6
"""Height of a line (usual, small type) and padding of a row in the printed form, in pt."""

PAGE, HEADER, TITLE = 450, 34, 84
"""Room on a landscape page (a little less than there is), of the repeated table head, of the attachment's title."""

ENDLESS = 10**12
"""The room on a page that never ends."""

GOAL = 29
"""About how many characters a line of 年度总体目标 holds."""


# ── Rows and groups ──


def rows_of(card: Scorecard, findings: Sequence[Finding]) -> tuple[Row, ...]:
    """All indicators in table order."""
    weights = display.weights(s.weight for s in card.scores)
    return tuple(
        _row(score, at, weight, tuple(f for f in findings if f.row and f.row.href == f"#row-{at}"))
        for at, (score, weight) in enumerate(zip(card.scores, weights, strict=True), 1)
    )


def _row(score: Score, at: int, weight: str, findings: tuple[Finding, ...]) -> Row:
    """One indicator, with the height it will take in the printed form."""
    told = score.indicator
    replaced = score.points is not None and score.rule_points is not None and score.points != score.rule_points
    texts = {"level3": told.level3, "target": told.target.text, "actual": told.actual.text}
    unscored = prose.why_unscored(score) if score.points is None else ""
    reason = told.reason.strip()
    texts["reason"] = unscored + reason
    return Row(
        anchor=f"row-{at}",
        number=str(at),
        level1=told.level1,
        level2=told.level2,
        level3=told.level3,
        target=told.target.text or display.NOT_FILLED,
        actual=told.actual.text or display.NOT_FILLED,
        weight=weight,
        points=display.points(score.points),
        rule_points=display.points(score.rule_points) if replaced else "",
        unscored=unscored,
        reason=reason,
        state=_state(score),
        completion=display.rate(score.completion),
        bar=display.bar(score.completion),
        formula=display.FORMULAS.get(score.formula, score.formula),
        source=_source(score.source),
        checked=score.source.checked,
        steps=score.steps,
        evidence=told.evidence,
        findings=findings,
        small=tuple(name for name, text in texts.items() if len(text) > COLUMNS[name].long),
        height=PADDING + max(_height(COLUMNS[name], text) for name, text in texts.items()),
    )


def _height(column: Column, text: str) -> int:
    """About what a text takes in its column, in pt."""
    if len(text) > column.long:
        return SMALL_LINE * display.lines(text, column.small)
    return LINE * display.lines(text, column.usual)


def _state(score: Score) -> str:
    """met, short or unscored, for colour and mark."""
    if score.points is None:
        return "unscored"
    return "short" if score.weight is not None and score.points < score.weight else "met"


def _source(source: Source) -> str:
    """Document and article of a rule, the document by its number where it has one."""
    return f"{short(source.document)} {source.article}".strip()


def short(document: str) -> str:
    """财政部《项目支出绩效评价管理办法》（财预〔2020〕10号） → 财预〔2020〕10号."""
    number = re.search(r"[（(]([^（()）]*〔\d{4}〕\d+号)[)）]", document)
    return number[1] if number else document


def sources_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """The documents cited, in full, once each, with their number as the rows give it."""
    return tuple(dict.fromkeys(source.document for source in sources))


def groups_of(rows: Sequence[Row], levels: Sequence[LevelScore], room: int) -> tuple[Group, ...]:
    """Rows by 二级指标, in pieces that fit on a page; every piece knows the labels it stands under.

    `room` is what is left for rows on the first page, in pt; `ENDLESS` for the screen, which has no pages.
    """
    weights = {level.name: display.weight(level.weight) for level in levels}
    groups: list[Group] = []
    for piece in _pieces(rows, room):
        last = groups[-1] if groups else None
        same1 = last is not None and last.level1 == piece[0].level1
        groups.append(
            Group(
                level1=piece[0].level1,
                level1_weight=weights.get(piece[0].level1, ""),
                level1_again=same1,
                level2=piece[0].level2,
                again=same1 and last is not None and last.level2 == piece[0].level2,
                tall=sum(row.height for row in piece) > PAGE - HEADER,
                rows=tuple(piece),
            )
        )
    return tuple(groups)


def room_below(goal: str, achieved: str) -> int:
    """What the head of the form, with its money and its goals, leaves of the first page, in pt."""
    goals = max(display.lines(goal, GOAL), display.lines(achieved, GOAL))
    return max(PAGE - TITLE - HEADER - 9 * (LINE + PADDING) - goals * LINE, 0)


def _pieces(rows: Sequence[Row], room: int) -> list[list[Row]]:
    """Rows under the same labels, cut where the page is likely to end.

    A piece never breaks inside, so a wrong guess costs some white space, but never a label.
    """
    pieces: list[list[Row]] = []
    for _, same in groupby(rows, key=lambda row: (row.level1, row.level2)):
        group = list(same)
        whole = sum(row.height for row in group)
        if whole > room and (whole > (PAGE - HEADER) // 3):
            cut, room = _cut(group, room)
            pieces += cut
        else:
            pieces.append(group)
            room = room - whole if whole <= room else PAGE - HEADER - whole
    return pieces


def _cut(group: Sequence[Row], room: int) -> tuple[list[list[Row]], int]:
    """A group in pieces, page by page, and the room left below the last."""
    pieces: list[list[Row]] = []
    for row in group:
        if not pieces or row.height > room:
            room = room if row.height <= room else PAGE - HEADER
            pieces.append([])
        pieces[-1].append(row)
        room -= row.height
    return pieces, room


# ── Money ──


def funds_of(card: Scorecard) -> tuple[FundRow, ...]:
    """The lines of 项目资金: the total with its points, then the form's three sources."""
    money = card.budget
    total = FundRow(
        "年度资金总额",
        display.wan(money.initial),
        display.wan(money.adjusted),
        display.wan(money.executed),
        display.weight(money.weight),
        display.rate(money.rate),
        display.points(money.points),
    )
    kinds = [_fund_kind(fund.source) for fund in card.project.funds]
    by_kind = ([f for f, k in zip(card.project.funds, kinds, strict=True) if k == label] for label in FUND_ROWS)
    return (total, *(_fund(label, funds) for label, funds in zip(FUND_ROWS, by_kind, strict=True)))


def _fund_kind(source: str) -> str:
    """Which line of the form a source of funds belongs to."""
    if "结转" in source or "结余" in source:
        return FUND_ROWS[1]
    return FUND_ROWS[0] if "财政" in source and "专户" not in source else FUND_ROWS[2]


def _fund(label: str, funds: Sequence[Fund]) -> FundRow:
    """The sum of these sources; a source the project does not have is 0."""
    initial = prose.total_of([f.initial for f in funds])
    adjusted = prose.total_of([f.adjusted for f in funds])
    executed = prose.total_of([f.executed for f in funds])
    share = Fraction(executed) / Fraction(adjusted) if executed is not None and adjusted else None
    return FundRow(
        label,
        display.wan(initial),
        display.wan(adjusted),
        display.wan(executed),
        display.DASH,
        display.rate(share),
        display.DASH,
    )


# ── Calculations ──


def execution(card: Scorecard) -> Calculation:
    """How the points of 预算执行率 came about."""
    money = card.budget
    return Calculation(
        "0",
        "预算执行率",
        "",
        display.points(money.points),
        display.weight(money.weight),
        "执行率",
        _source(money.source),
        money.source.checked,
        money.steps,
        "",
    )


def calculation(row: Row) -> Calculation:
    """How the points of a row came about."""
    return Calculation(
        row.number,
        row.level3,
        f"{row.level1} · {row.level2}",
        row.points,
        row.weight,
        row.formula,
        row.source,
        row.checked,
        row.steps,
        row.anchor,
    )


# ── Findings ──


def findings_of(diagnostics: Iterable[Diagnostic], card: Scorecard | None = None) -> tuple[Finding, ...]:
    """Diagnostics as printed, errors first, otherwise in their order."""
    rank = {severity: at for at, severity in enumerate(Severity)}
    ordered = sorted(diagnostics, key=lambda d: rank[d.severity])
    rows = {s.indicator.id: (at, s.indicator.level3) for at, s in enumerate(card.scores, 1)} if card else {}
    return tuple(_finding(d, at, rows.get(d.indicator or "")) for at, d in enumerate(ordered, 1))


def _finding(found: Diagnostic, at: int, row: tuple[int, str] | None) -> Finding:
    """One diagnostic with its place in words."""
    place = found.file or ""
    place += f" 第 {found.line} 行" if found.file and found.line else ""
    place += f"第 {found.column} 列" if found.file and found.line and found.column else ""
    return Finding(
        f"finding-{at}",
        found.code,
        found.severity.value,
        SEVERITIES[found.severity],
        found.message,
        found.hint,
        place,
        Link(f"#row-{row[0]}", row[1]) if row else None,
    )


def finding_counts(diagnostics: Iterable[Diagnostic]) -> tuple[tuple[str, str, str], ...]:
    """(severity, 错误, how many) for each kind, zeros included."""
    tally = counts(diagnostics)
    return tuple((s.value, SEVERITIES[s], str(tally[s.value])) for s in Severity)
