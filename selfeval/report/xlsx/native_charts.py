"""A picture of bars as a chart that Word and spreadsheets draw themselves, from the data that the pages draw.

100 % is where the broken line stands on paper; what a bar stands for is written behind its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from selfeval.base.exact import rounded
from selfeval.base.text_width import half_widths
from selfeval.report.office import clean
from selfeval.report.pages.chart_views import Bar, Chart
from selfeval.report.pages.charts import LONGEST, WHOLE
from selfeval.report.pages.words import WORDS

if TYPE_CHECKING:
    from openpyxl.chart import BarChart


HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

FILLS = {"met": ("solid", "555555"), "short": ("wdUpDiag", "333333")}
"""How bars are filled, as on paper: full marks, less."""

AROUND = 13
"""What the title takes above, and the margin below, in mm."""

NAME = 38
"""How many half characters of a name go on a line."""

GAP = 45
"""Between two bars, in hundredths of a bar."""


def named(bar: Bar) -> str:
    """What a bar stands for, in lines."""
    *lines, last = (label.text for label in bar.labels)
    return clean("\n".join((*lines, f"{last}　{bar.value}")))


def share_of(bar: Bar) -> Decimal | None:
    """How long a bar is beside the line; None where nothing is known."""
    return None if bar.state == "unscored" else rounded(Fraction(bar.width) / WHOLE, 4)


def height_of(chart: Chart) -> int:
    """How high the chart is, in mm: all bars are as far apart as the tallest name is high, or a name is left out."""
    lines = max((lines_of(named(bar)) for bar in chart.bars), default=1)
    return AROUND + len(chart.bars) * max(7, 5 * lines)


def lines_of(name: str) -> int:
    """How many lines a name takes beside its bar."""
    return sum(-(-half_widths(line) // NAME) or 1 for line in name.split("\n"))


def legend_of(chart: Chart) -> str:
    """What the fillings and the broken line mean; where nothing is known there is no bar."""
    return clean(WORDS.legend.format(chart.legend.replace("虚框：", "没有条的："), chart.line_label))


def native_chart(chart: Chart, names: str, shares: str) -> BarChart:
    """The chart; `names`, `shares`: the cells in which its data stand, which are remembered in it as well."""
    from openpyxl.chart import BarChart
    from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
    from openpyxl.chart.series import Series
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    texts = [StrVal(idx=at, v=named(bar)) for at, bar in enumerate(chart.bars)]
    known = ((at, share_of(bar)) for at, bar in enumerate(chart.bars))
    values = [NumVal(idx=at, v=str(share)) for at, share in known if share is not None]
    size = len(chart.bars)
    bars = Series(
        idx=0,
        order=0,
        cat=AxDataSource(strRef=StrRef(f=names, strCache=StrData(ptCount=size, pt=texts))),
        val=NumDataSource(numRef=NumRef(f=shares, numCache=NumData(formatCode="0%", ptCount=size, pt=values))),
        dPt=list(_points(chart.bars)),
    )
    made: Any = BarChart()
    made.type, made.gapWidth, made.legend = "bar", GAP, None
    made.title = _titled(chart.title, 1200)
    made.series = [bars]
    made.x_axis.scaling.orientation, made.x_axis.delete = "maxMin", False
    made.y_axis.scaling.min, made.y_axis.scaling.max = 0, float(LONGEST)
    made.y_axis.delete, made.y_axis.majorUnit, made.x_axis.tickLblSkip = True, 1, 1
    made.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="000000", prstDash="dash"))
    made.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
    made.x_axis.txPr = _type(900)
    return made  # type: ignore[no-any-return]


def chart_part(chart: Chart) -> bytes:
    """The chart as a part of a Word file; its data are remembered in it, no workbook comes along."""
    from openpyxl.xml.functions import tostring

    last = len(chart.bars) + 1
    made: Any = native_chart(chart, f"Sheet1!$A$2:$A${last}", f"Sheet1!$B$2:$B${last}")
    return HEAD + bytes(tostring(made._write()))  # noqa: SLF001


def _titled(words: str, size: int) -> Any:  # noqa: ANN401
    """A title in plain type; `size` in hundredths of a point."""
    from openpyxl.chart.title import title_maker

    made: Any = title_maker(clean(words))
    made.overlay = False
    for paragraph in made.tx.rich.paragraphs:
        paragraph.pPr = _type(size).paragraphs[0].pPr
    return made


def _type(size: int) -> Any:  # noqa: ANN401
    """Plain type of a size, in hundredths of a point."""
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties

    plain = CharacterProperties(sz=size, b=False)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=plain), endParaRPr=plain)])


def _points(bars: Iterable[Bar]) -> Iterable[Any]:
    """How each bar is filled."""
    from openpyxl.chart.marker import DataPoint
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.fill import PatternFillProperties

    for at, bar in enumerate(bars):
        pattern, color = FILLS.get(bar.state, FILLS["short"])
        if pattern == "solid":
            look = GraphicalProperties(solidFill=color)
        else:
            shades: Any = {"prst": pattern, "fgClr": _shade(color), "bgClr": _shade("FFFFFF")}
            look = GraphicalProperties(pattFill=PatternFillProperties(**shades))
        look.line.solidFill = "333333"
        yield DataPoint(idx=at, invertIfNegative=False, spPr=look)


def _shade(color: str) -> Any:  # noqa: ANN401
    """A colour of a pattern."""
    from openpyxl.drawing.colors import ColorChoice

    shade: Any = color
    return ColorChoice(srgbClr=shade)
