"""Where templates lie: the unit's own folder first, then the shipped ones. No template engine is needed to know it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

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
    try:
        owned = [own] if own.is_dir() and own.resolve().is_relative_to(evaluation.resolve()) else []
    except (OSError, RuntimeError):
        owned = []
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
