"""Where templates lie: the unit's own folder first, then the shipped ones. No template engine is needed to know it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from selfeval.base.files import inside, read_file, within
from selfeval.base.text_width import PrintedColumn
from selfeval.reading.narrative import PROJECT_OUTLINE, UNIT_OUTLINE, Heading


@dataclass(frozen=True, slots=True)
class Layout:
    """The measures of a form: its columns, its labels, the heights of what stands around the rows, in pt.

    `goals` is one of the two cells of the goals; `above` all that stands over the rows
    on the first page except the goals, `below` the total and what must stay with it.
    """

    columns: dict[str, PrintedColumn]
    level1: float
    level2: float
    goals: PrintedColumn
    above: float
    header: float
    below: float


TITLE = 92.0
"""附件1, the title and the year above a form."""

NATIONAL = Layout(
    columns={
        "level3": PrintedColumn(31.6, 4, 8),
        "target": PrintedColumn(31.6, 4, 8),
        "actual": PrintedColumn(31.6, 4, 8),
        "reason": PrintedColumn(60, 8, 18),
    },
    level1=18.8,
    level2=19.8,
    goals=PrintedColumn(117.6, 9, 22),
    above=TITLE + 7 * 20.9,
    header=20,
    below=53,
)
SICHUAN = Layout(
    columns={
        "level3": PrintedColumn(31.6, 4, 8),
        "nature": PrintedColumn(8.6, 2, 4),
        "value": PrintedColumn(31.6, 4, 8),
        "measure": PrintedColumn(10.6, 3, 5),
        "actual": PrintedColumn(29.6, 4, 8),
        "reason": PrintedColumn(49, 8, 18),
    },
    level1=14.6,
    level2=17.6,
    goals=PrintedColumn(99, 9, 22),
    above=TITLE + 10 * 20,
    header=34,
    below=22,
)
LAYOUTS = {"national": NATIONAL, "sichuan": SICHUAN}


def layout_of(name: str) -> Layout:
    """The measures of a layout; a unit's own form is taken to be like the national one."""
    return LAYOUTS.get(name, NATIONAL)


@dataclass(frozen=True, slots=True)
class Form:
    """What a shipped layout prints, in its order: the cells of a row up to 得分, of the line of money, its words."""

    row: tuple[str, ...]
    funds: str
    money: tuple[str, ...]
    total: str
    words: tuple[str, ...]

    @property
    def scored(self) -> bool:
        """Whether the form has a cell for 得分; its last two are then 分值 and 得分."""
        return "points" in self.row


FORMS = {
    "national": Form(
        row=("level3", "target", "actual", "weight", "points"),
        funds="funds",
        money=("label", "initial", "adjusted", "executed", "weight", "rate", "points"),
        total="总分",
        words=(
            "偏差原因分析及改进措施", "年度指标值", "实际完成值", "绩效指标", "一级指标", "二级指标", "三级指标",
            "分值", "得分",
        ),
    ),
    "sichuan": Form(
        row=("level3", "nature", "value", "measure", "actual", "weight", "points"),
        funds="accounts",
        money=("label", "initial", "adjusted", "executed", "rate", "weight", "points"),
        total="合计",
        words=(
            "未完成原因分析", "绩效指标", "指标性质", "度量单位", "指标值", "完成值", "一级", "二级", "三级", "权重",
            "得分",
        ),
    ),
}  # fmt: skip

FONT_ROLES = ("标题", "一级标题", "二级标题", "正文", "表格")
"""What `[report] fonts` may name a font for."""

_FAMILY = re.compile(r"[^\W\d][\w-]*( [^\W\d][\w-]*)*")

REMARKS = {"评价结论": "自评结论", "存在问题": "偏差原因分析及存在问题", "改进措施": "改进措施及结果应用"}
"""What a form may ask for below its table, and the section of the report that says it."""

REMARK_LIMITS = {"sichuan": 200}
"""The characters that a layout's form allows each of them."""

LAYOUT = "national"
"""The layout taken where the one asked for does not exist."""


def shipped_templates() -> Path:
    """The templates that come with the program: in the package once installed, else beside it in the source."""
    packaged = Path(str(files("selfeval"))) / "report_templates"
    return packaged if packaged.is_dir() else packaged.parent.parent / "report_templates"


def template_folders(evaluation: Path, extra: Iterable[Path] = ()) -> list[Path]:
    """The folders a template is looked for in; the first that has it wins. No link may lead out of the evaluation."""
    own = evaluation / "templates"
    owned = [own] if within(own, evaluation) and own.is_dir() else []
    return [*extra, *owned, shipped_templates()]


def layouts_in(folders: Iterable[Path]) -> tuple[str, ...]:
    """The names of the layouts there are: folders under layouts/ that hold a form."""
    return tuple(sorted({path.parent.name for folder in folders for path in folder.glob("layouts/*/form.html")}))


def layout_exists(evaluation: Path, name: str) -> bool:
    """Whether `[report] layout` names a layout of the evaluation or of the program."""
    return not name or name in layouts_in(template_folders(evaluation))


def font_families(text: str) -> str:
    """Font names as a stylesheet takes them; "" where one is not a plain name (`FZFangSong-Z02S, 仿宋`)."""
    names = [name.strip() for name in text.split(",")]
    return ", ".join(names) if all(_FAMILY.fullmatch(name) for name in names) else ""


FILE = "layout.toml"
MAX_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class LayoutData:
    """A layout as data.

    `texts`: what stands under a heading where nothing is written; `problem`: why a file is idle.
    """

    paper: Layout
    printed: Form
    titles: Mapping[str, str] = field(default_factory=dict)
    outline: tuple[Heading, ...] = PROJECT_OUTLINE
    unit_outline: tuple[Heading, ...] = UNIT_OUTLINE
    texts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    funds: tuple[tuple[str, tuple[str, ...]], ...] = ()
    problem: str = ""


def layout_data(evaluation: Path, name: str) -> LayoutData:
    """The data of a layout, from the first folder that has its file."""
    plain = LayoutData(layout_of(name), FORMS.get(name, FORMS[LAYOUT]))
    for folder in template_folders(evaluation):
        path = folder / "layouts" / name / FILE
        if ".." not in Path(name).parts and inside(path, folder):
            return _read(path, plain)
    return plain


def _read(path: Path, plain: LayoutData) -> LayoutData:
    """One file; a mistake in it makes it idle as a whole."""
    try:
        return _data(tomllib.loads(read_file(path, MAX_BYTES).decode("utf-8-sig")), plain)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return _idle(plain, f"{type(error).__name__}: {error}"[:120])


def _idle(plain: LayoutData, problem: str) -> LayoutData:
    return LayoutData(plain.paper, plain.printed, problem=problem)


def _data(table: Mapping[str, Any], plain: LayoutData) -> LayoutData:
    """The tables of a file as data."""
    outline = tuple(_heading(item) for item in table.get("outline", ()))
    return LayoutData(
        paper=_paper(table["paper"]) if "paper" in table else plain.paper,
        printed=_printed(table["printed"]) if "printed" in table else plain.printed,
        titles={key: _text(value) for key, value in table.get("titles", {}).items()},
        outline=outline or PROJECT_OUTLINE,
        unit_outline=outline or UNIT_OUTLINE,
        texts={_text(item["title"]): _text(item["text"]) for item in table.get("outline", ()) if "text" in item},
        notes=_texts(table.get("notes", ())),
        funds=tuple((_text(item["label"]), _texts(item["words"])) for item in table.get("funds", ())),
    )


def _heading(item: Mapping[str, Any]) -> Heading:
    return Heading(
        _text(item["number"]), _text(item["title"]), _texts(item.get("parts", ())), _texts(item.get("aliases", ()))
    )


def _paper(table: Mapping[str, Any]) -> Layout:
    """Widths in mm, heights in pt, as in `sheets.Layout`."""
    columns = {name: PrintedColumn(*measures) for name, measures in table["columns"].items()}
    heights = {name: float(table[name]) for name in ("level1", "level2", "above", "header", "below")}
    return Layout(columns=columns, goals=PrintedColumn(*table["goals"]), **heights)


def _printed(table: Mapping[str, Any]) -> Form:
    lists = {name: _texts(table[name]) for name in ("row", "money", "words")}
    return Form(**lists, funds=_text(table["funds"]), total=_text(table["total"]))


def _text(value: Any) -> str:  # noqa: ANN401 - any value of TOML
    if not isinstance(value, str):
        raise TypeError(f"“{value}”应为文字")
    return value


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(map(_text, values))
