"""A sanity pass over what an import is about to write: figures and names that no sound form has.

Nothing is changed: the files are written all the same, and the report begins with what is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from selfeval.base.grouping import grouped
from selfeval.base.phrases import Phrase, phrase
from selfeval.base.text import short
from selfeval.importing.draft import UNSCORED
from selfeval.importing.ledger import Fate, Ledger, Sort
from selfeval.importing.tables.assemble import Assembled, row_key
from selfeval.importing.understanding.funds import NO_MONEY
from selfeval.importing.vocabulary import AMOUNT_ROLE_OF, AMOUNTS, OF_WHICH, ROLE_OF, bare, squeeze
from selfeval.reading.csv_edit import Row
from selfeval.reading.projects import WHOLE_UNIT

HEAVIEST = Decimal(60)
"""Points from which one row is too heavy to be true."""
WHOLE = (Decimal(100), Decimal(90), Decimal(80))
"""What the points of a project's rows may sum to, with or without those of the execution rate."""
OVERSPENT = Decimal("1.2")
UNSPENT = Decimal("0.05")
NO_ROWS = phrase("没有读到一条指标")

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_NO_NAME = re.compile(r"[\d\s.,，:：%‰￥¥+\-—/万亿元]+")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-—]?\d{7,8})(?!\d)")
_MEASURED = re.compile(r"[≥≤><=]*(-?\d+(?:\.\d+)?)(.*)")
_TOTAL = re.compile(r"合计|总额|总计")


Doubt = tuple[Phrase, Row | None]
"""What is doubtful, and the row it is about."""


def doubt(whole: Assembled, ledger: Ledger) -> None:
    """Enters everything doubtful in the ledger, project by project."""
    groups = {name: grouped(rows, itemgetter("项目编号")) for name, rows in whole.tables.items()}
    empty = []
    for project in whole.tables["projects"]:
        id_ = project["项目编号"]
        own = {name: rows.get(id_, []) for name, rows in groups.items()}
        for look in LOOKS:
            for message, row in look(project, own):
                place = whole.places.get(row_key(row), "") if row else ""
                ledger.remark(Sort.DOUBTFUL, message, place, id_)
        if project["项目类型"] == WHOLE_UNIT and not own["targets"] and ledger.counts()["unknown"]:
            ledger.remark(Sort.DOUBTFUL, NO_ROWS, "", id_)
        empty += [] if any(_sum(own["budget"], column) for column in AMOUNTS) else [id_]
    _money_unread(empty, ledger)


def _decimal(text: str) -> Decimal | None:
    words = squeeze(text).replace(",", "").replace("，", "").removesuffix("分")
    return Decimal(words) if _NUMBER.fullmatch(words) else None


def _names(project: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """Names that are figures, have a phone number in them, or are the words of a heading."""
    named: list[tuple[str, Row, Row | None]] = [(what, project, None) for what in ("项目名称", "主管部门", "实施单位")]
    for what, holder, row in [*named, *(("三级指标", row, row) for row in own["targets"])]:
        text = holder[what]
        if text and _NO_NAME.fullmatch(text):
            yield phrase("{what:_}“{text}”只有数字", what=what, text=short(text)), row
        if _PHONE.search(text):
            yield phrase("{what:_}“{text}”里有电话号码", what=what, text=short(text)), row
        if what in {"项目名称", "三级指标"} and bare(text) in _HEADINGS:
            yield phrase("{what:_}“{text}”是栏目名", what=what, text=short(text)), row


_HEADINGS = frozenset({*ROLE_OF, *AMOUNT_ROLE_OF}) - {"满意度", "成本"}


def _no_rows(project: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """A project without any indicator; the form of a whole unit may list none."""
    if not own["targets"] and project["项目类型"] != WHOLE_UNIT:
        yield NO_ROWS, None


def _targets(_: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """Targets that are the words of a heading, or points."""
    for row in own["targets"]:
        if bare(row["指标值"]) in _HEADINGS:
            texts = {"name": short(row["三级指标"]), "target": short(row["指标值"])}
            yield phrase("“{name}”的指标值“{target}”是栏目名", **texts), row
    values = [_decimal(row["指标值"]) for row in own["targets"] if not row["度量单位"]]
    whole = len(values) == len(own["targets"]) > 2 and None not in values
    if whole and not any(row["分值"] for row in own["targets"]) and sum(v or 0 for v in values) in WHOLE:
        total = sum((v or Decimal(0) for v in values), Decimal(0))
        message = phrase(
            "各行指标值都是没有单位的数，合计 {total}，像是把分值填进了指标值、得分填进了完成值", total=total
        )
        yield message, None


def _weights(_: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """Points that are no number, too heavy, below the score, or do not add up."""
    scored = [row for row in own["targets"] if row["评分方法"] != UNSCORED]
    weights = [_decimal(row["分值"]) for row in scored]
    for row, weight in zip(scored, weights, strict=True):
        if row["分值"] and weight is None:
            yield phrase("“{name}”的分值“{weight}”不是数", name=short(row["三级指标"]), weight=short(row["分值"])), row
        elif weight is not None and not 0 < weight <= HEAVIEST:
            yield phrase("“{name}”的分值是 {weight}", name=short(row["三级指标"]), weight=weight), row
    given = [weight for weight in weights if weight is not None]
    if given and sum(given) not in WHOLE:
        count = len(weights) - len(given)
        blank = phrase("，另有 {count} 行没有分值", count=count) if count else ""
        total = sum(given, Decimal(0))
        yield phrase("各行分值合计 {total}，不是 100、90 或 80{blank}", total=total, blank=blank), None


def _scores(_: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """A printed score above its points."""
    scores = {row_key(row): row["原表得分"] for row in own["actuals"]}
    for target in own["targets"]:
        weight, score = _decimal(target["分值"]), _decimal(scores.get(row_key(target), ""))
        if weight is not None and score is not None and score > weight:
            name = short(target["三级指标"])
            yield phrase("“{name}”的得分 {score} 大于分值 {weight}", name=name, score=score, weight=weight), target


def _budget(_: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """More spent than there was, or next to nothing."""
    rows = [row for row in own["budget"] if not _TOTAL.search(row["资金来源"])] or own["budget"]
    initial, adjusted, executed = (_sum(rows, column) for column in ("年初预算数", "全年预算数", "全年执行数"))
    budget = adjusted if adjusted is not None else initial
    if budget is None or executed is None:
        return
    if executed > budget * OVERSPENT:
        yield phrase("全年执行数 {executed} 比预算数 {budget} 多出两成以上", executed=executed, budget=budget), None
    elif budget > 0 and executed < budget * UNSPENT:
        yield phrase("预算执行率不到 5%（{executed} ÷ {budget}）", executed=executed, budget=budget), None


def _sum(rows: Sequence[Row], column: str) -> Decimal | None:
    amounts = [amount for row in rows if (amount := _decimal(row[column])) is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def _details(_: Row, own: Mapping[str, Sequence[Row]]) -> Iterator[Doubt]:
    """Details (其中：…) that do not add up to the row above them."""
    parent: Row | None = None
    details: list[Row] = []
    for row in [*own["targets"], None]:
        if row is not None and OF_WHICH.match(squeeze(row["三级指标"])):
            details.append(row)
            continue
        if parent is not None and len(details) > 1:
            yield from _compared(parent, details)
        parent, details = row, []


def _compared(parent: Row, details: Sequence[Row]) -> Iterator[Doubt]:
    parts = [_measure(row) for row in details]
    whole = _measure(parent)
    if whole is None or None in parts or len({unit for _, unit in filter(None, [whole, *parts])}) > 1:
        return
    total = sum(value for value, _ in filter(None, parts))
    if total != whole[0]:
        name = short(parent["三级指标"])
        yield phrase("“{name}”是 {whole}，其中各项合计 {total}", name=name, whole=whole[0], total=total), parent


def _measure(row: Row) -> tuple[Decimal, str] | None:
    match = _MEASURED.fullmatch(squeeze(row["指标值"]))
    return (Decimal(match[1]), match[2] or row["度量单位"]) if match else None


def _money_unread(empty: Sequence[str], ledger: Ledger) -> None:
    """A budget of nothing beside amounts that could not be read."""
    unread = [e.cell for e in ledger.entries.values() if e.fate is Fate.UNKNOWN and e.where == NO_MONEY]
    for cell in unread if empty else ():
        message = phrase("“{text}”没有读成金额，而有的项目没有预算或预算为 0", text=short(cell.text))
        ledger.remark(Sort.DOUBTFUL, message, cell.place, "、".join(empty[:3]))


Look = Callable[[Row, Mapping[str, Sequence[Row]]], Iterable[Doubt]]
LOOKS: tuple[Look, ...] = (_names, _no_rows, _targets, _weights, _scores, _budget, _details)
