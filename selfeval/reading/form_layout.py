"""A form as data: what `layout.toml` says of the 自评表, for paper, screen, spreadsheet and Word alike.

A label is a pair: as the form of a project calls it, and as the form of the unit as a whole does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from selfeval.base.marks import hidden
from selfeval.base.phrases import phrase
from selfeval.base.text import visible
from selfeval.reading.narrative import PROJECT_OUTLINE, UNIT_OUTLINE, Heading
from selfeval.reading.sentences import Sentences, shipped_sentences

Pair = tuple[str, str]
"""(of a project, of the unit as a whole)."""

Readers = dict[str, Callable[[Any], Any]]
"""How the entries of a table are read, by name."""

LETTER = re.compile(r"[（(][A-Z][)）]$")
"""The letter by which a head of money is meant in the head of the rate: 全年预算数(A), 执行率(B/A)."""

AGAINST_INITIAL = "（按年初预算数）"

LABELS = ("run", "level1", "level2")
"""The columns of labels beside the rows: 绩效指标, 一级, 二级."""

CELLS = ("level3", "target", "nature", "value", "measure", "actual", "weight", "points", "reason")
"""What a row of the form can show, by the names of `views.Row`."""

MONEY = ("label", "initial", "adjusted", "executed", "rate", "weight", "points", "reason")
TEXTS = ("name", "department", "operator", "goal", "achieved", "about", "leader", "id")
"""What a line of money and the head of the form can show, by the names of the views."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of the indicators.

    `mm` is its width on the paper that was planned for it; `xlsx` the widths of the columns it takes in a spreadsheet;
    `lines`: how many lines of usual and of small type a cell bears before the type gets smaller.
    """

    key: str
    head: str
    mm: float
    xlsx: tuple[float, ...]
    lines: tuple[int, int] = (0, 0)
    css: str = ""


@dataclass(frozen=True, slots=True)
class FundColumn:
    """A column of the money; `span`: how many columns of the spreadsheet it takes."""

    key: str
    head: str = ""
    mm: float = 0.0
    span: int = 1


@dataclass(frozen=True, slots=True)
class HeadField:
    """A text of the report with its label. `spans`: the columns of the spreadsheet that label and text take."""

    key: str
    label: Pair
    spans: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HeadRow:
    """Fields side by side; `stacked`: each label stands above its text, not before it."""

    fields: tuple[HeadField, ...]
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class FormBlock:
    """A table above the indicators: `fields`, `funds` or `notes`.

    `label` runs beside all its rows. `mm` are the widths of its columns on paper (0: shared). Of funds: `corner` stands
    over the labels, `weighted` adds the points to the label, `total` is the line of the whole, and as it is called
    where it sums up the projects.
    """

    kind: str
    label: Pair = ("", "")
    rows: tuple[HeadRow, ...] = ()
    columns: tuple[FundColumn, ...] = ()
    mm: tuple[float, ...] = ()
    corner: str = ""
    weighted: bool = False
    total: Pair = ("年度资金总额", "年度资金总额（各项目合计）")
    head: str = ""
    notes: tuple[str, ...] = ()

    @property
    def pairs(self) -> int:
        """The most fields that stand side by side with their labels before them."""
        return max((len(row.fields) for row in self.rows if not row.stacked), default=0)

    @property
    def wide(self) -> int:
        """How many columns the fields take, without the label of the block."""
        return 2 * self.pairs or max((len(row.fields) for row in self.rows), default=0)

    @property
    def high(self) -> int:
        """How many rows the fields take."""
        return sum(2 if row.stacked else 1 for row in self.rows)


@dataclass(frozen=True, slots=True)
class Lot:
    """A line of money: sources with one of `words` and none of `without`; the last line takes the rest."""

    label: str
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def takes(self, source: str) -> bool:
        """Whether a source of funds belongs here."""
        return any(word in source for word in self.words) and not any(word in source for word in self.without)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the rows.

    `label` runs beside all of them, with their points where `weighted`; `total` is what the sum is called, "" in a form
    without points; `below` names the notes under the rows.
    """

    label: str = "绩效指标"
    weighted: bool = False
    total: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a form asks for below its table: (label, section of the report that says it), each of `limit` characters."""

    sections: tuple[Pair, ...] = ()
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """A form and the report around it.

    `signers`: who signs below the form in place of the unit's; `foot`: the form's own notes below it, which tell of
    the rules `foot_of` where that names any; `texts`: what stands under a heading of the report where nothing is
    written, else what `sentences` make of the figures;
    `problem`: why a file is idle.
    """

    columns: tuple[FormColumn, ...]
    blocks: tuple[FormBlock, ...]
    funds: tuple[Lot, ...]
    titles: Mapping[str, str]
    indicators: Frame = Frame()
    remarks: Remarks = Remarks()
    signers: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    foot_of: str = ""
    outline: tuple[Heading, ...] = PROJECT_OUTLINE
    unit_outline: tuple[Heading, ...] = UNIT_OUTLINE
    texts: Mapping[str, str] = field(default_factory=dict)
    sentences: Sentences = field(default_factory=shipped_sentences)
    problem: str = ""

    @property
    def scored(self) -> bool:
        """Whether the form shows points."""
        return bool(self.indicators.total)

    @property
    def cells(self) -> tuple[FormColumn, ...]:
        """The columns of a row from its name on."""
        return tuple(column for column in self.columns if column.key not in LABELS)

    def head(self, key: str) -> str:
        """What a column is called."""
        return next((column.head for column in self.columns if column.key == key), "")

    @property
    def shown(self) -> tuple[str, ...]:
        """What a row shows from its name up to 得分, by the names of `views.Row`."""
        return tuple(column.key for column in self.cells if column.key != "reason")

    @property
    def money(self) -> tuple[FundColumn, ...]:
        """The columns of the money."""
        return next((block.columns for block in self.blocks if block.kind == "funds"), ())

    @property
    def amounts(self) -> tuple[str, ...]:
        """What a line of money shows, by the names of `views.FundRow`."""
        return tuple(column.key for column in self.money if column.key != "reason")

    @property
    def fund_total(self) -> Pair:
        """What the line of the whole money is called, of a project's own and as the sum of the projects."""
        return next((block.total for block in self.blocks if block.kind == "funds"), FormBlock("funds").total)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that the indicators' table says beside the rows."""
        return (self.indicators.label, *(column.head for column in self.columns if column.head))

    @property
    def notes(self) -> tuple[str, ...]:
        """The headings whose text the form takes out of the narrative."""
        return (*(name for block in self.blocks for name in block.notes), *self.indicators.below)

    def dividing_by(self, denominator: str) -> Layout:
        """The same, its heads of money true for a rate set against the initial budget where the profile does that."""
        if denominator != "initial":
            return self
        return replace(self, blocks=tuple(map(_against_initial, self.blocks)))

    def span(self, *keys: str) -> int:
        """How many columns of the spreadsheet these columns take."""
        return sum(len(column.xlsx) for column in self.columns if column.key in keys)

    def start(self, key: str) -> int:
        """Where a column begins in the spreadsheet, counted from 1."""
        at = [column.key for column in self.columns].index(key)
        return 1 + sum(len(column.xlsx) for column in self.columns[:at])


def _against_initial(block: FormBlock) -> FormBlock:
    """The columns of money: the letter of the divisor stands at the initial budget, or the rate says what divides."""
    heads = {column.key: column.head for column in block.columns}
    letter = LETTER.search(heads.get("adjusted", ""))
    if letter and "initial" in heads:
        heads |= {"initial": heads["initial"] + letter[0], "adjusted": heads["adjusted"][: letter.start()]}
    elif "rate" in heads:
        heads["rate"] = heads["rate"].split("(")[0] + AGAINST_INITIAL
    return replace(block, columns=tuple(replace(column, head=heads[column.key]) for column in block.columns))


MOST, MOST_ITEMS = 10_000, 60
"""No measure or limit of a form is beyond; no list in its file is longer."""


# ── From a file ──


def layout_from(table: Mapping[str, Any], base: Layout | None = None) -> Layout:
    """The tables of a file as a layout; what it does not say is as in `base`. Raises where one is wrong."""
    read: dict[str, Any] = {name: read_(table[name]) for name, read_ in READERS.items() if name in table}
    if "outline" in table:
        outline = _each(_heading, table["outline"])
        read |= {"outline": outline, "unit_outline": outline, "texts": _standing(table["outline"])}
    if "unit_outline" in table:
        read["unit_outline"] = _each(_heading, table["unit_outline"])
    if "sentences" in table:
        read["sentences"] = (base.sentences if base else shipped_sentences()).changed(table["sentences"])
    if base is not None:
        read["titles"] = {**base.titles, **read.get("titles", {})}
    layout = Layout(**read) if base is None else replace(base, **read)
    for problem in _problems(layout):
        raise ValueError(problem)
    return layout


def _problems(layout: Layout) -> Iterator[str]:
    """What keeps a layout from being printed; what stands beside each other must be as wide as what stands below."""
    keys = [column.key for column in layout.columns]
    ends = ["weight", "points", "reason"] if layout.scored else ["reason"]
    if keys[:4] != [*LABELS, "level3"] or keys[-len(ends) :] != ends or len({*keys}) < len(keys):
        yield f"columns 应以 {'、'.join((*LABELS, 'level3'))} 开始，以 {'、'.join(ends)} 结束，不重复"
    if [block.kind for block in layout.blocks].count("funds") != 1 or layout.amounts[:1] != ("label",):
        yield "blocks 应有一个 funds，它的 columns 以 label 开始"
    if layout.scored and not {"weight", "rate", "points"} <= {*layout.amounts}:
        yield "有得分的版式，资金的 columns 应有 rate、weight、points"
    if not layout.funds or not {"form", "unit_form", "report"} <= {*layout.titles}:
        yield "缺少 funds 或 titles"
    whole = layout.span(*keys)
    for block in layout.blocks:
        rows = [sum(sum(field.spans) for field in row.fields) for row in block.rows]
        rows += [sum(column.span for column in block.columns)] if block.kind == "funds" else []
        inner = whole - (1 if any(block.label) else 0)
        if any(row != inner for row in rows):
            yield f"“{block.label[0] or '表头'}”各行应各占电子表格的 {inner} 列"
        if any(len(field.spans) != (1 if row.stacked else 2) for row in block.rows for field in row.fields):
            yield "spans 应为标签和内容各占的列数（stacked 的只有一个数）"


def _column(item: Mapping[str, Any]) -> FormColumn:
    key, xlsx = _one_of(item["key"], (*LABELS, *CELLS)), item["xlsx"]
    return FormColumn(
        key=key,
        head=_text(item.get("head", "")),
        mm=_number(item.get("mm", 0)),
        xlsx=_numbers(xlsx if isinstance(xlsx, list) else [xlsx]),
        lines=_two(item["lines"]) if "lines" in item else (0, 0),
        css=_text(item.get("css", f"c-{key}")),
    )


def _fund_column(item: Mapping[str, Any]) -> FundColumn:
    return FundColumn(
        key=_one_of(item["key"], MONEY),
        head=_text(item.get("head", "")),
        mm=_number(item.get("mm", 0)),
        span=_count(item.get("span", 1)),
    )


def _block(item: Mapping[str, Any]) -> FormBlock:
    kinds: Readers = {
        "label": _pair, "total": _pair, "corner": _text, "head": _text, "notes": _texts, "mm": _numbers,
        "weighted": bool, "columns": partial(_each, _fund_column), "rows": partial(_each, _row),
    }  # fmt: skip
    rest = {name: value for name, value in item.items() if name not in {"kind", "docx"}}  # Word's widths are planned
    return FormBlock(kind=_one_of(item["kind"], ("fields", "funds", "notes")), **_known(rest, kinds))


def _row(item: Mapping[str, Any]) -> HeadRow:
    return HeadRow(_each(_field, item["fields"]), bool(item.get("stacked")))


def _field(item: Mapping[str, Any]) -> HeadField:
    return HeadField(_one_of(item["key"], TEXTS), _pair(item["label"]), tuple(map(_count, item["spans"])))


def _lot(item: Mapping[str, Any]) -> Lot:
    return Lot(_text(item["label"]), _texts(item.get("words", ())), _texts(item.get("without", ())))


def _frame(item: Mapping[str, Any]) -> Frame:
    kinds: Readers = {"label": _text, "weighted": bool, "total": _text, "below": _texts}
    return Frame(**_known(item, kinds))


def _remarks(item: Mapping[str, Any]) -> Remarks:
    sections = ((_text(label), _text(section)) for label, section in item["sections"].items())
    return Remarks(tuple(sections), int(_number(item.get("limit", 0))))


def _heading(item: Mapping[str, Any]) -> Heading:
    parts, aliases = (_texts(item.get(name, ())) for name in ("parts", "aliases"))
    return Heading(_text(item["number"]), _text(item["title"]), parts, aliases)


def _standing(items: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {_text(item["title"]): _text(item["text"]) for item in items if "text" in item}


def _titles(table: Mapping[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in table.items()}


def _each(read: Callable[[Any], Any], items: Iterable[Any]) -> tuple[Any, ...]:
    listed = list(items)
    if len(listed) > MOST_ITEMS:
        raise ValueError(phrase("一处列了 {count} 项，最多 {most_items} 项", count=len(listed), most_items=MOST_ITEMS))
    return tuple(map(read, listed))


# ── Values ──


def _pair(value: Any) -> Pair:  # noqa: ANN401 - any value of TOML
    """One text for both forms, or one for each."""
    if isinstance(value, str):
        return (value, value)
    project, unit = _texts(value)
    return (project, unit)


def _two(value: Iterable[Any]) -> tuple[int, int]:
    usual, small = map(_count, value)
    return (usual, small)


def _one_of(value: Any, known: Iterable[str]) -> str:  # noqa: ANN401 - any value of TOML
    if value not in (*known,):
        raise ValueError(phrase("“{value}”应为 {known} 之一", value=value, known=tuple(known)))
    return _text(value)


def _known(item: Mapping[str, Any], kinds: Readers) -> dict[str, Any]:
    """The entries of a table, each read; one that is not known is a mistake."""
    if strange := item.keys() - kinds.keys():
        raise ValueError(phrase("没有“{strange}”这一项", strange=min(strange)))
    return {name: kinds[name](value) for name, value in item.items()}


def _number(value: Any) -> float:  # noqa: ANN401 - any value of TOML
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(phrase("“{value}”应为数", value=value))
    if not 0 <= value <= MOST:
        raise ValueError(phrase("“{value}”应在 0 到 {most} 之间", value=str(value), most=MOST))
    return float(value)


def _count(value: Any) -> int:  # noqa: ANN401 - any value of TOML
    return max(int(_number(value)), 1)


def _numbers(values: Iterable[Any]) -> tuple[float, ...]:
    return _each(_number, values)


def _text(value: Any) -> str:  # noqa: ANN401 - any value of TOML
    if not isinstance(value, str):
        raise TypeError(phrase("“{value}”应为文字", value=value))
    if not value.isprintable() or hidden(value):
        raise ValueError(phrase("“{visible}”里有看不见的字符", visible=visible(value[:40])))
    return value


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    if isinstance(values, str):
        raise TypeError(phrase("“{values}”应为几段文字", values=values[:40]))
    return _each(_text, values)


READERS: Readers = {
    "columns": partial(_each, _column),
    "blocks": partial(_each, _block),
    "funds": partial(_each, _lot),
    "titles": _titles,
    "indicators": _frame,
    "remarks": _remarks,
    "signers": _texts,
    "foot": _texts,
    "foot_of": _text,
}
"""How each table of a file is read, the outline aside."""
