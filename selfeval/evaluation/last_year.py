"""Last year beside this year: `last_year.json` in the evaluation's folder, a scorecard.json of an earlier year."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.files import RefusedFileError, is_file, read_file
from selfeval.base.model import Place, Project
from selfeval.base.phrases import Phrase, phrase, word
from selfeval.base.text import visible
from selfeval.evaluation.json_values import MAX_BYTES, SCHEMA, number_in, text_in

FILE = "last_year.json"
"""Where last year's scorecard lies, and how the part of it that concerns a project is called in its report."""

MAX_TEXT = 1000
_NUMBERED = re.compile(r"P\d{2,}")
"""A 项目编号 as `import` makes one up; of no use from one year to the next."""


def is_made_up(id_: str) -> bool:
    """Whether a 项目编号 is one that `import` makes up where a form has none."""
    return bool(_NUMBERED.fullmatch(id_))


@dataclass(frozen=True, slots=True)
class LastProject:
    """What last year's scorecard says of a project; `rate` is that of execution."""

    id: str
    name: str
    total: Decimal | None
    grade: str
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class LastYear:
    """Last year's scorecard: the year, the id of its rules, its projects; `changed`: the rules have been since then."""

    year: int
    rules: str
    projects: tuple[LastProject, ...]
    changed: bool = False

    def of(self, project: Project) -> LastProject | None:
        """The same project a year ago: by its code, else by its name; None where there is none, or no single one."""
        same = [one for one in self.projects if one.id == project.id and not is_made_up(one.id)]
        same = same or [one for one in self.projects if one.name == project.name]
        return same[0] if len(same) == 1 else None

    def about(self, project: Project) -> bytes | None:
        """The part that concerns a project, as a file that reads the same; None where there is none."""
        card = self.of(project)
        if card is None:
            return None
        numbers = {name: None if value is None else f"{value:f}" for name, value in
                   (("total", card.total), ("rate", card.rate))}  # fmt: skip
        values = {"id": card.id, "name": card.name, "total": numbers["total"], "grade": card.grade or None}
        data = {
            "schema": SCHEMA, "evaluation": {"year": self.year},
            "rules": {"id": self.rules} | ({"changed": True} if self.changed else {}),
            "projects": [values | {"budget": {"rate": numbers["rate"]}}],
        }  # fmt: skip
        return json.dumps(data, ensure_ascii=False, indent=2).encode()


def read_last_year(folder: Path, year: int) -> tuple[LastYear | None, tuple[Diagnostic, ...]]:
    """Last year's scorecard, where it is given, and why one that is given is not used."""
    path = folder / FILE
    if not is_file(path):
        return None, ()
    try:
        read = _told(json.loads(read_file(path, MAX_BYTES, folder).decode("utf-8-sig")))
    except RefusedFileError as refusal:
        return None, (_unused(folder, refusal.args[0]),)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, (_unused(folder, word("不是 scorecard.json")),)
    if read.year >= year:
        return None, (_unused(folder, phrase("它的年度是 {year}，不早于本年度", year=read.year)),)
    return read, ()


def _unused(folder: Path, problem: str | Phrase) -> Diagnostic:
    return finding("N019", Place(f"{folder.resolve().name}/{FILE}"), problem=problem)


def _told(data: Any) -> LastYear:  # noqa: ANN401 - any JSON
    """What is used of a scorecard; raises where it is none."""
    if data["schema"] != SCHEMA or not isinstance(data["evaluation"]["year"], int):
        raise ValueError
    projects = tuple(map(_project, data["projects"]))
    rules = data["rules"]
    return LastYear(data["evaluation"]["year"], _text(rules["id"]), projects, rules.get("changed") is True)


def _project(data: Any) -> LastProject:  # noqa: ANN401 - any JSON
    total, rate = number_in(data["total"]), number_in(data["budget"]["rate"])
    return LastProject(_text(data["id"]), _text(data["name"]), total, _text(data["grade"]), rate)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    text = text_in(value)
    if len(text) > MAX_TEXT:
        raise ValueError
    return visible(text)
