"""What a layout says of itself in `layouts/<name>/layout.toml`, beside its templates.

All of it is optional; what a file does not say is as in the national layout:

- `[titles]`: `report`, `form` (of a project), `unit_form` (of the unit as a whole);
- `[[outline]]`: `number`, `title`, `parts` (headings below it) and `text`, which stands there where nothing is written
  (with the same `{{ 总分 }}` mentions as a narrative); it holds for the projects and for the unit;
- `notes`: headings of the narrative that the form shows in cells of their own;
- `[[funds]]`: `label` and `words`, the lines of money; a source goes to the first one a word of which it contains,
  else to the last;
- `[paper]`: the measures of `sheets.Layout`; `[printed]`: those of `printed.Form`, for `verify`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selfeval.layouts import LAYOUT, template_folders
from selfeval.measure import Column
from selfeval.narrative import PROJECT_OUTLINE, UNIT_OUTLINE, Heading, inside
from selfeval.printed import FORMS, Form
from selfeval.sheets import Layout, layout_of

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
        if path.stat().st_size > MAX_BYTES:
            return _idle(plain, "文件过大")
        return _data(tomllib.loads(path.read_text(encoding="utf-8-sig")), plain)
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
    return Heading(_text(item["number"]), _text(item["title"]), _texts(item.get("parts", ())))


def _paper(table: Mapping[str, Any]) -> Layout:
    """Widths in mm, heights in pt, as in `sheets.Layout`."""
    columns = {name: Column(*measures) for name, measures in table["columns"].items()}
    heights = {name: float(table[name]) for name in ("level1", "level2", "above", "header", "below")}
    return Layout(columns=columns, goals=Column(*table["goals"]), **heights)


def _printed(table: Mapping[str, Any]) -> Form:
    lists = {name: _texts(table[name]) for name in ("row", "money", "words")}
    return Form(**lists, funds=_text(table["funds"]), total=_text(table["total"]))


def _text(value: Any) -> str:  # noqa: ANN401 - any value of TOML
    if not isinstance(value, str):
        raise TypeError(f"“{value}”应为文字")
    return value


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(map(_text, values))
