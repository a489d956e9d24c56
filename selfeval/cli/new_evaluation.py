"""`init`: a new evaluation to fill in, made from the worked example under `starter/`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from functools import reduce
from importlib.resources import files
from pathlib import Path

from selfeval.audit.review_sheet import shipped
from selfeval.base.diagnostics import codes
from selfeval.base.files import RefusedError, is_device, written
from selfeval.base.json_schema import DIALECT, Schema, text_of
from selfeval.base.phrases import phrase
from selfeval.base.toml_schema import recorder
from selfeval.reading.columns import TABLES
from selfeval.reading.config import FILE, config_of
from selfeval.reading.csv_edit import table_bytes
from selfeval.reading.layouts import layouts_in, shipped_templates
from selfeval.rules import shipped_profiles

YEAR = 2025
"""The year of the example where the folder's name has none. There is no clock here."""

MAX_NAME = 64
_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def start(folder: Path) -> list[Path]:
    """Writes a new evaluation and returns its files; raises `RefusedError` before anything is written."""
    name = folder.absolute().name
    refuse_name(name)
    refuse_occupied(folder)
    return [written(folder / path, content) for path, content in starter(year_in(name))]


SETTINGS_SCHEMA = ".selfeval/settings.schema.json"
"""Where the schema of the settings stands in a new evaluation; their first line tells it to the editor."""

_SETTING = re.compile(r"(?:# )?(\w+) = .*?\s# (.+)")
_SECTION = re.compile(r"\[(\w+)\]")


def settings_schema() -> Schema:
    """The JSON Schema of selfeval.toml: by its reader, explained in the words of the example."""
    section = recorder()
    config_of(section)
    whole = section.schema()
    whole["properties"]["check"]["properties"]["ignore"] = {
        "type": "object",
        "propertyNames": text_of(codes()),
        "additionalProperties": {"type": "string"},
    }
    for (name, key), words in explained(dict(tables(YEAR))[FILE].decode()):
        whole["properties"][name]["properties"][key]["description"] = words
    return {"$schema": DIALECT, "title": FILE, **whole}


def explained(text: str) -> Iterator[tuple[tuple[str, str], str]]:
    """What the example says of each setting, by section and key."""
    section = ""
    for line in text.splitlines():
        if head := _SECTION.match(line):
            section = head[1]
        elif (setting := _SETTING.match(line)) and section:
            yield (section, setting[1]), setting[2].strip()


def refuse_name(name: str) -> None:
    """The folder's name becomes the id of the evaluation and the name of its output."""
    plain = name and not _UNSAFE.search(name) and len(name) <= MAX_NAME
    if not plain or name.startswith((".", "-")) or name.endswith((".", " ")) or is_device(name):
        raise RefusedError(
            phrase(
                ("“{name}”不能作评价的名称：请用 {max_name} 个字以内的汉字、字母、数字、-、_，不以点或 - 开头"),
                name=name,
                max_name=MAX_NAME,
            )
        )


def refuse_occupied(folder: Path) -> None:
    """A folder that holds anything is left alone."""
    if folder.is_dir() and any(folder.iterdir()):
        raise RefusedError(
            phrase("“{folder}”不是空文件夹，没有改动；请换一个名称，或先移走其中的文件", folder=str(folder))
        )
    if folder.exists() and not folder.is_dir():
        raise RefusedError(phrase("“{folder}”是一个文件，不能作评价文件夹", folder=str(folder)))


def year_in(name: str) -> int:
    """The year a folder's name speaks of: 我的评价-2024 → 2024."""
    years = _YEAR.findall(name)
    return int(years[-1]) if years else YEAR


def starter(year: int) -> Iterator[tuple[str, bytes]]:
    """The files of the example for a year, and the schema of its settings for editors."""
    yield from tables(year)
    yield SETTINGS_SCHEMA, (json.dumps(settings_schema(), ensure_ascii=False, indent=2) + "\n").encode()


def tables(year: int) -> Iterator[tuple[str, bytes]]:
    """The files of the example for a year: tables with all their columns, as Excel and WPS write them."""
    tables = {f"{spec.name}.csv": spec for spec in TABLES}
    blanks = {
        "{year}": str(year),
        "{next}": str(year + 1),
        "{rules}": "、".join(profile.id for profile in shipped_profiles()),
        "{layouts}": "、".join(layouts_in([shipped_templates()])),
    }
    for path, text in shipped(files("selfeval.cli") / "starter" / "evaluation"):
        filled = reduce(lambda filled, blank: filled.replace(*blank), blanks.items(), text)
        if path not in tables:
            yield path, filled.encode()
            continue
        names = [column.name for column in tables[path].columns]
        rows = csv.DictReader(io.StringIO(filled, newline=""))
        yield path, table_bytes(tables[path], (dict.fromkeys(names, "") | row for row in rows))
