"""How high a form stands on paper: its head, its rows, its end, told from the texts. No engine is asked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from selfeval.base import display
from selfeval.base.text_width import MM, PADDING, USUAL, PrintedColumn, lines
from selfeval.reading.form_layout import FormBlock, HeadRow, Layout
from selfeval.report.pages.form_paper import FormPaper
from selfeval.report.pages.form_words import block_label, reason_of, words_of
from selfeval.report.pages.views import FormRow, ProjectDocument

TITLE, TITLE_LINE, TITLE_SIZE = 80.0, 26.0, 18.0
"""The heading of the annex, and a further line of it, in pt."""

INNER = 2.4
"""What the padding and the rules of a cell take of its width, in mm."""

RUN, RUN_INNER = 13.5, 3.4
"""The column of labels beside the tables at 10.5 pt, and what its padding takes, in mm."""

GOAL_LINES = (9, 22)
"""Lines of usual and of small type that the goals bear."""

REMARK = 30.0
"""The labels of what is asked for below a form, in mm."""

SIGN, SIGNERS, FOOT_LINE, FOOT_SIZE = 31.0, 28.5, 13.0, 9.0
"""Who signs, in the table and below it; a line of a form's own notes, in pt."""


@dataclass(frozen=True, slots=True)
class Ruler:
    """Measures a form with its planned widths (`layout`, every column has its mm) on some paper; all heights in pt."""

    layout: Layout
    paper: FormPaper

    @property
    def scale(self) -> float:
        """The size of the type beside the one that the widths of a layout are meant for."""
        return self.paper.usual.size / USUAL.size

    def cell(self, text: str, mm: float) -> float:
        """A cell of so many mm in usual type."""
        return PADDING + self.paper.usual.line * lines(text, max(mm - INNER, 1.0) * MM, self.paper.usual.size)

    def inner(self, key: str) -> float:
        """The width inside a column of the indicators, in mm."""
        return next((column.mm for column in self.layout.columns if column.key == key), INNER) - INNER

    def run_label(self, text: str) -> float:
        """A label beside the rows of a block."""
        room = (RUN * self.scale - RUN_INNER) * MM
        return PADDING + self.paper.usual.line * lines(text, room, self.paper.usual.size)

    def label(self, name: str, key: str, *, more: bool) -> float:
        """A level's label; `more`: with its points, or （续）, on a line below."""
        room = self.inner(key) * MM
        stem = name.removesuffix("指标")  # never torn apart: partials/macros.html
        count = lines(name, room, self.paper.usual.size)
        whole = count if count == 1 else lines(stem, room, self.paper.usual.size) + 1
        return PADDING + self.paper.usual.line * (whole + more)

    # ── Rows ──

    def fitted(self, rows: Iterable[FormRow]) -> tuple[FormRow, ...]:
        """Rows with the types of their cells and their heights."""
        columns = {
            column.key: PrintedColumn(
                column.mm - INNER, self.paper.types if column.lines[0] else (self.paper.usual,), column.lines
            )
            for column in self.layout.cells
            if column.key not in {"weight", "points"}
        }
        return tuple(self._fitted(row, columns) for row in rows)

    def _fitted(self, row: FormRow, columns: Mapping[str, PrintedColumn]) -> FormRow:
        """One row, by its columns of text."""
        texts = {key: text_of(row, key) for key in columns}
        faces = {key: columns[key].type_of(text).name for key, text in texts.items() if text}
        points = 1 + bool(row.rule_points) + bool(row.reviewed)
        tallest = max([*(columns[key].height(text) for key, text in texts.items()), points * self.paper.usual.line])
        return replace(
            row,
            small=tuple(key for key, face in faces.items() if face == "small"),
            tiny=tuple(key for key, face in faces.items() if face == "tiny"),
            height=ceil(PADDING + tallest),
        )

    # ── Above the rows ──

    def goals(self, document: ProjectDocument, mm: float) -> PrintedColumn:
        """The column of a goal; both are set in the type that the longer one needs."""
        column = PrintedColumn(mm - INNER, self.paper.types, GOAL_LINES)
        smallest = min(
            (column.type_of(text) for text in (document.goal, document.achieved)), key=lambda face: face.size
        )
        return replace(column, types=(smallest,))

    def above(self, document: ProjectDocument) -> float:
        """Everything above the indicators, the heading of the annex included."""
        more = lines(document.form_title, self.paper.room * MM, TITLE_SIZE) - 1
        return TITLE + more * TITLE_LINE + sum(self.block(block, document) for block in self.layout.blocks)

    def block(self, block: FormBlock, document: ProjectDocument) -> float:
        """A table above the indicators."""
        rows = {"fields": self.fields, "funds": self.funds, "notes": self.notes}[block.kind](block, document)
        label = block_label(block, document)
        return max(rows, self.run_label(label) if label else 0.0)

    def fields(self, block: FormBlock, document: ProjectDocument) -> float:
        """Texts with their labels."""
        return sum(self.field_row(block, row, document) for row in block.rows)

    def field_row(self, block: FormBlock, row: HeadRow, document: ProjectDocument) -> float:
        """Fields side by side, or one line of labels above their texts."""
        texts = [str(getattr(document, field.key)) for field in row.fields]
        labels = [field.label[document.is_unit] for field in row.fields]
        room = self.room_in(block)
        if row.stacked:
            column = self.goals(document, room / len(texts))
            heads = max(self.cell(label, room / len(texts)) for label in labels)
            return heads + PADDING + max(map(column.height, texts))
        widths = self.widths(block.mm or (0.0,) * block.wide, room)
        pairs = [*widths[: 2 * len(texts) - 1], sum(widths[2 * len(texts) - 1 :])]
        boxes = zip([text for pair in zip(labels, texts, strict=True) for text in pair], pairs, strict=True)
        return max(self.cell(text, mm) for text, mm in boxes)

    def funds(self, block: FormBlock, document: ProjectDocument) -> float:
        """The money by source."""
        widths = self.widths([column.mm for column in block.columns], self.room_in(block, labelled=True))
        heads = max(self.cell(column.head, mm) for column, mm in zip(block.columns, widths, strict=True))
        columns = [(column.key, mm) for column, mm in zip(block.columns, widths, strict=True) if column.key != "reason"]
        rows = sum(
            max(self.cell(str(getattr(fund, key)), mm - (5 if key == "label" else 0)) for key, mm in columns)
            for fund in document.funds
        )
        why = [mm for column, mm in zip(block.columns, widths, strict=True) if column.key == "reason"]
        return heads + max(rows, *(self.cell(document.funds[0].reason, mm) for mm in why), 0.0)

    def notes(self, block: FormBlock, document: ProjectDocument) -> float:
        """Parts of the narrative beside their titles."""
        title, text = self.widths(block.mm, self.room_in(block, labelled=True))
        shown = [note for note in document.notes if note.title in block.notes]
        rows = sum(max(self.cell(note.title, title), self.cell(words_of(note), text)) for note in shown)
        return self.cell(block.head, text) + rows

    def columns(self, block: FormBlock) -> list[float]:
        """The widths of a block's columns in mm, that of the label beside it first."""
        labelled = any(block.label) or block.kind != "fields"
        own = [column.mm for column in block.columns] or block.mm or (0.0,) * block.wide
        return [*[RUN * self.scale] * labelled, *self.widths(own, self.room_in(block, labelled=labelled))]

    def room_in(self, block: FormBlock, *, labelled: bool = False) -> float:
        """The width of a block without the label beside it, in mm."""
        return self.paper.room - (RUN * self.scale if labelled or any(block.label) else 0.0)

    @staticmethod
    def widths(mm: Sequence[float], room: float) -> list[float]:
        """Widths in mm; 0 stands for an equal share of what the others leave."""
        shared = max(room - sum(mm), 0.0) / max(sum(1 for each in mm if not each), 1)
        return [each or shared for each in mm]

    def header(self) -> float:
        """The head of the indicators, repeated on every page."""
        return max(self.cell(column.head, column.mm) for column in self.layout.columns)

    # ── Under the rows ──

    def total(self, document: ProjectDocument) -> float:
        """The total with who signs below it, and the notes of the form in its table."""
        grade = f"等级：{document.grade}" + ("" if document.complete else "（可评分 100 分，其余未评分）")
        review = "　复核 100.00 分（暂不评定）" if document.review else ""
        whole = self.cell(grade + review, self.inner("reason") + INNER) if self.layout.scored else 0.0
        below = [note for note in document.notes if note.title in self.layout.indicators.below]
        rest = self.paper.room - self.layout.columns[0].mm
        notes = sum(self.cell(words_of(note), rest) for note in below)
        return whole + notes + (0.0 if document.signers else SIGN)

    def under(self, document: ProjectDocument) -> float:
        """What stands under the table: remarks, notes, who signs; 0 where that fills pages by itself."""
        remarks = sum(self.cell("　　" + words_of(part), self.paper.room - REMARK) for part in document.remarks)
        foot = sum(FOOT_LINE * lines(line, self.paper.room * MM, FOOT_SIZE) for line in self.layout.foot)
        whole = remarks + foot + (FOOT_LINE if foot else 0.0) + (SIGNERS if document.signers else 0.0)
        return whole if whole < self.paper.page / 2 else 0.0


def text_of(row: FormRow, key: str) -> str:
    """What a cell of a row shows; nothing where only 未填写 stands."""
    text = reason_of(row, scored=True) if key == "reason" else str(getattr(row, key))
    return "" if text in {display.NOT_FILLED, display.DASH} else text
