"""The sheets that a form can be printed on."""

from __future__ import annotations

from dataclasses import dataclass

from selfeval.base.text_width import MM, TYPES, Type


@dataclass(frozen=True, slots=True)
class FormPaper:
    """The sheets a form is printed on: A4 across (`wide`) or upright, the size of its type in pt, margins in mm."""

    wide: bool
    size: str
    margin: int

    @property
    def room(self) -> float:
        """The width between the margins, in mm."""
        return (297.0 if self.wide else 210.0) - 2 * self.margin

    @property
    def page(self) -> float:
        """The height between the margins, a hair less than it is, in pt."""
        return ((210.0 if self.wide else 297.0) - 2 * self.above) * MM - 2

    @property
    def above(self) -> int:
        """The margin above and below, which holds the mark and the number, in mm."""
        return max(self.margin, 22)

    @property
    def page_name(self) -> str:
        """What print.css calls such a page."""
        return f"{'across' if self.wide else 'upright'}-{self.margin}"

    @property
    def type_name(self) -> str:
        """The class of a form set in this size."""
        return f"at-{self.size.replace('.', '-')}"

    @property
    def usual(self) -> Type:
        """The type of most cells."""
        return self.types[0]

    @property
    def types(self) -> tuple[Type, ...]:
        """The types of its cells, the usual one first."""
        return TYPES[self.size]


MARGINS = (25, 20, 15)
"""In mm."""

PAPERS = tuple(FormPaper(wide, size, margin) for size in TYPES for margin in MARGINS for wide in (False, True))
"""From the most comfortable to the tightest."""

TIGHTEST = PAPERS[-2:]
"""Upright and across: no other paper holds more."""
