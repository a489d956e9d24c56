"""Where templates lie: the unit's own folder first, then the shipped ones. No template engine is needed to know it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from selfeval.base.files import inside, read_file, within
from selfeval.base.marks import without_hidden
from selfeval.base.toml_reader import revealed
from selfeval.reading.form_layout import Layout, layout_from

FONT_ROLES = ("标题", "一级标题", "二级标题", "正文", "表格")
"""What `[report] fonts` may name a font for."""

_FAMILY = re.compile(r"[^\W\d][\w-]*( [^\W\d][\w-]*)*")

FILE, FORM = "layout.toml", "form.html"
"""A layout is described by its data; a template of its own is only needed for what they cannot say."""

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
    """The names of the layouts there are: folders under layouts/ that hold a form, as data or as a template."""
    found = (path for folder in folders for name in (FILE, FORM) for path in folder.glob(f"layouts/*/{name}"))
    return tuple(sorted({path.parent.name for path in found}))


def layout_exists(evaluation: Path, name: str) -> bool:
    """Whether `[report] layout` names a layout of the evaluation or of the program."""
    return not name or name in layouts_in(template_folders(evaluation))


def font_families(text: str) -> str:
    """Font names as a stylesheet takes them; "" where one is not a plain name (`FZFangSong-Z02S, 仿宋`)."""
    names = [name.strip() for name in text.split(",")]
    return ", ".join(names) if all(_FAMILY.fullmatch(name) for name in names) else ""


MAX_BYTES = 100_000


def layout_data(evaluation: Path, name: str) -> Layout:
    """The data of a layout, from the first folder that has its file; what it leaves open is as in the shipped one.

    A mistake in a file makes it idle as a whole.
    """
    base, own = _shipped(name), own_layout(evaluation, name)
    return _read(own, base) if own else base


def own_layout(evaluation: Path, name: str) -> Path | None:
    """The file of a layout in the unit's own folder, where there is one."""
    paths = (folder / "layouts" / name / FILE for folder in template_folders(evaluation)[:-1])
    return next((path for path in paths if ".." not in Path(name).parts and inside(path, path.parents[2])), None)


def layout_name(report: Mapping[str, str]) -> str:
    """The layout that `[report]` asks for."""
    return report.get("layout", "") or LAYOUT


def national() -> Layout:
    """The layout of an evaluation that asks for none."""
    return _shipped(LAYOUT)


@lru_cache(maxsize=32)
def _shipped(name: str) -> Layout:
    """A shipped layout; of another name the national one."""
    base = layout_from(tomllib.loads(_shipped_file(LAYOUT).read_text(encoding="utf-8")))
    known = {path.parent.name for path in shipped_templates().glob(f"layouts/*/{FILE}")} - {LAYOUT}
    if name not in known:
        return base
    return layout_from(tomllib.loads(_shipped_file(name).read_text(encoding="utf-8")), base)


def _shipped_file(name: str) -> Path:
    return shipped_templates() / "layouts" / name / FILE


def _read(path: Path, base: Layout) -> Layout:
    """One file."""
    try:
        return layout_from(
            tomllib.loads(without_hidden(revealed(read_file(path, MAX_BYTES).decode("utf-8-sig")))), base
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return replace(base, problem=f"{type(error).__name__}: {error}"[:120])
