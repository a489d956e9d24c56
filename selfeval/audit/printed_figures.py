"""The figures printed on the pages of a report against the ones its data give.

Text is compared without blanks, so that line breaks do not matter. The rows of a shipped form are looked for whole
(name, target, actual, 分值, 得分) and in order, and between them no number may stand that is not accounted for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from selfeval.base import display
from selfeval.base.phrases import phrase
from selfeval.base.text import BLANKS
from selfeval.reading.form_layout import Layout
from selfeval.reading.markdown import parser
from selfeval.report.pages.views import FormRow, FundRow, Part, ProjectDocument

_DROPPED = {ord(char): None for char in BLANKS + "\u00ad"}
_MARGIN = re.compile(r"(?:演示数据|征求意见稿|未定稿)+|—\d+—")
_FINGERPRINT = re.compile(r"数据指纹[:：]?\s*((?:[0-9a-f]\s*){16})(?![0-9a-f])")
_FIGURE = re.compile(rf"\d+\.\d\d|\d+|{display.UNSCORED}|{display.DASH}")
_CALCULATED = re.compile(rf"^(?:.*\s)?(\d+\.\d\d|{display.UNSCORED}|{display.DASH})\s*\n?/(\S+)$", re.MULTILINE)
CALCULATIONS, DEVIATIONS, LIST = "评分计算过程", "偏差原因及改进措施", "附件"
"""Headings: of annex 2, of the one behind it, of the list of annexes in the report."""


def squeezed(text: str) -> str:
    """Text without blanks and marks without width."""
    return text.translate(_DROPPED)


def fingerprints_on(pages: Sequence[str]) -> tuple[str, ...]:
    """Every 数据指纹 printed, once each: one in a report, one of all reports in the summary."""
    hits = [squeezed(match[1]) for page in pages for match in _FINGERPRINT.finditer(page)]
    return tuple(" ".join(hit[at : at + 4] for at in range(0, 16, 4)) for hit in dict.fromkeys(hits))


def begins_with(pages: Sequence[str], *titles: str) -> bool:
    """Whether the first page bears one of these titles."""
    return any(title in squeezed(pages[0]) for title in titles) if pages else False


def bodies(pages: Sequence[str]) -> tuple[str, ...]:
    """The pages without page numbers and the marks of drafts and demonstrations at their edges."""
    return tuple("\n".join(_body(page.split("\n"))) for page in pages)


def _body(lines: list[str]) -> list[str]:
    while lines and _MARGIN.fullmatch(squeezed(lines[0])):
        lines = lines[1:]
    while lines and _MARGIN.fullmatch(squeezed(lines[-1])):
        lines = lines[:-1]
    return lines


def joined(thing: FormRow | FundRow, cells: Iterable[str]) -> str:
    """Cells side by side, without blanks."""
    return squeezed("".join(str(getattr(thing, cell)) for cell in cells))


def name_of(row: FormRow) -> str:
    """How a message calls a row."""
    return f"“{row.level2}/{row.level3}”"


def form_differences(pages: Sequence[str], document: ProjectDocument, form: Layout) -> Iterator[str]:
    """Differences between the pages and a shipped form with its annex 2 (a form without 得分 has none)."""
    text = squeezed("".join(bodies(pages)))
    yield from _money(text, document.funds[0], form)
    yield from _rows(text, document, form)
    if form.scored:
        yield from _calculations(pages, document)


# ── 自评表 ──


def _money(text: str, fund: FundRow, form: Layout) -> Iterator[str]:
    """The line of all funds with 执行率 and its 得分."""
    if joined(fund, form.amounts) in text:
        return
    at = text.find(joined(fund, form.amounts[:2]))
    at = at if at >= 0 else text.find(fund.label)
    printed = phrase("；页面上印的是“{text}…”", text=text[at : at + 50]) if at >= 0 else ""
    cells = " ".join(getattr(fund, cell) for cell in form.amounts[1:])
    yield phrase("“{label}”一行与数据不符：应为 {cells}{printed}", label=fund.label, cells=cells, printed=printed)


def _rows(text: str, document: ProjectDocument, form: Layout) -> Iterator[str]:
    """Every row, the total, and what stands between them."""
    labels = _labels(document, form)
    cursor = 0
    before: FormRow | None = None
    for row in document.rows:
        whole = joined(row, form.shown)
        at = text.find(whole, cursor)
        if at < 0:
            yield _misprint(text, row, form, cursor)
            before = None
            continue
        if before:
            yield from _strangers(text[cursor:at], before, labels)
        cursor, before = at + len(whole), row
    if not form.scored:
        return
    yield from _total(text, document, form, cursor)
    end = text.find(form.indicators.total, cursor)
    if before and end >= 0:
        yield from _strangers(text[cursor:end], before, labels)


def _misprint(text: str, row: FormRow, form: Layout, cursor: int) -> str:
    """What is printed in place of a row."""
    head = joined(row, form.shown[:-2] if form.scored else form.shown)
    at = text.find(head, cursor)
    if at < 0:
        return phrase(
            "自评表中没有指标{name_of}的指标值“{target}”、完成值“{actual}”，或与数据不符",
            name_of=name_of(row),
            target=row.target[:40],
            actual=row.actual[:40],
        )
    rest = text[at + len(head) :]
    seen = _FIGURE.match(rest.removeprefix(row.weight))
    printed = seen[0] if seen else rest[:12]
    if not rest.startswith(row.weight):
        return phrase(
            "指标{name_of}的分值：页面上印的是 {printed}，按数据应为 {weight}",
            name_of=name_of(row),
            printed=printed,
            weight=row.weight,
        )
    return phrase(
        "指标{name_of}的得分：页面上印的是 {printed}，按数据应为 {points}",
        name_of=name_of(row),
        printed=printed,
        points=row.points,
    )


def _total(text: str, document: ProjectDocument, form: Layout, cursor: int) -> Iterator[str]:
    """总分 and 等级."""
    head = squeezed(f"{form.indicators.total}{document.total_weight}")
    if text.find(f"{head}{document.total}等级：{squeezed(document.grade)}", cursor) >= 0:
        return
    at = text.find(head, cursor)
    seen = re.match(r"(.{0,20}?)等级：(.)", text[at + len(head) :]) if at >= 0 else None
    printed = (
        phrase("页面上印的是 {seen} 分、“{other_seen}”", seen=seen[1], other_seen=seen[2])
        if seen
        else phrase("页面上没有找到")
    )
    yield phrase(
        "总分：{printed}，按数据应为 {total} 分、“{grade}”", printed=printed, total=document.total, grade=document.grade
    )


def _strangers(gap: str, before: FormRow, labels: Sequence[str]) -> Iterator[str]:
    """Numbers behind a row that belong neither to it nor to a label: something was written over the table."""
    small = {"规则": before.rule_points, "复核": before.reviewed}
    own = [before.reason, before.unscored, *(f"{name}{points}" for name, points in small.items() if points)]
    for text in (*sorted(filter(None, map(squeezed, own)), key=len, reverse=True), *labels):
        gap = gap.replace(text, "\n")
    if re.search(r"\d", gap):
        yield phrase(
            "自评表中指标{name_of}后面多出了“{split}”，数据里没有",
            name_of=name_of(before),
            split=" ".join(gap.split())[:40],
        )


def _labels(document: ProjectDocument, form: Layout) -> list[str]:
    """What the table says beside the rows, the longest first."""
    texts = {phrase("{weight}分", weight=level.weight) for level in document.levels} | {
        *form.words,
        "未评分原因：",
        "（续）",
    }
    texts |= {
        phrase("{level_weight}分", level_weight=group.level1_weight) for group in document.groups if group.level1_weight
    }
    texts |= {f"({document.indicator_weight}分)"}
    texts |= {name for row in document.rows for name in (row.level1, row.level2)}
    return sorted(filter(None, map(squeezed, texts)), key=len, reverse=True)


# ── 附件2 ──


def _calculations(pages: Sequence[str], document: ProjectDocument) -> Iterator[str]:
    """得分/分值 of 评分计算过程, one after the other as they stand there."""
    text = "\n".join(bodies(pages))
    start = max(text.rfind(f"\n{CALCULATIONS}"), 0)
    printed = _CALCULATED.findall(text[start : text.find(f"\n{DEVIATIONS}", start)])
    for item, seen in zip(document.calculations, printed, strict=False):
        if (item.points, item.weight) != seen:
            wanted = f"{item.points}/{item.weight}"
            yield phrase(
                "附件2 中“{title}”的得分/分值：页面上印的是 {seen}，按数据应为 {wanted}",
                title=item.title,
                seen="/".join(seen),
                wanted=wanted,
            )
            return
    if len(document.calculations) != len(printed):
        yield phrase(
            "附件2 应有 {count} 项计算，页面上有 {other_count} 项",
            count=len(document.calculations),
            other_count=len(printed),
        )


# ── A layout of the unit's own ──


def own_layout(pages: Sequence[str], document: ProjectDocument) -> Iterator[str]:
    """A form with other columns: each row's 得分 as a cell of its own between its name and the next, and the total.

    Names stand in the narrative too; of all places where the table may begin, the one that fits best is taken.
    """
    words = [word for page in bodies(pages) for word in page.split()]
    text = "".join(words)
    cells: dict[int, str] = {}
    at = 0
    for word in words:
        cells[at] = word
        at += len(word)
    first = squeezed(document.rows[0].level3) if document.rows else ""
    starts = [match.start() for match in re.finditer(re.escape(first), text)] if first else []
    attempts = [list(_from(start, text, cells, document.rows)) for start in starts]
    yield from min(attempts, key=len, default=[phrase("页面上没有找到自评表")])
    for name, points in ((phrase("预算执行率的得分"), document.funds[0].points), (phrase("总分"), document.total)):
        if points not in words:
            yield phrase("{name} {points} 在页面上没有找到", name=name, points=points)


def _from(start: int, text: str, cells: Mapping[int, str], rows: Sequence[FormRow]) -> Iterator[str]:
    """The rows whose 得分 is not printed, if the table begins at `start`."""
    places = []
    for row in rows:
        start = text.find(squeezed(row.level3), start)
        places.append(start)
        start = max(start, 0) + 1
    for row, place, end in zip(rows, places, [*places[1:], len(text)], strict=True):
        between = range(place, end if end > place else min(place + 3000, len(text)))
        if place < 0 or not any(cells.get(at) == row.points for at in between):
            yield phrase("指标{name_of}的得分 {points} 在页面上没有找到", name_of=name_of(row), points=row.points)


# ── Sentences ──


def sentences(pages: Sequence[str], document: ProjectDocument) -> Iterator[str]:
    """Paragraphs of the report, made from the figures or written, each as it should stand somewhere."""
    text = squeezed("".join(bodies(pages)))
    parts = [part for part in document.parts if not part.title.endswith(LIST)]
    for part in parts:
        for words in _words(part):
            if squeezed(words) not in text:
                shown = f"{words[:60]}{'…' if len(words) > 60 else ''}"
                yield phrase("正文“{title}”与数据不符，应有“{shown}”", title=part.title or "开头", shown=shown)


def _words(part: Part) -> Iterator[str]:
    """The paragraphs of a section; each cell of a table by itself."""
    if part.blocks:
        yield from (block.text for block in part.blocks)
        return
    for token in parser().parse(part.markdown):
        if token.type == "inline":
            pieces = (child.content for child in token.children or () if child.type in {"text", "code_inline"})
            yield "".join(pieces)
