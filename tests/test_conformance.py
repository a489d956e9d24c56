"""docs/conformance: the cases of tests/rules for other programs, as they come out now and in the shape they promise."""

from __future__ import annotations

import json
import runpy
import tomllib
from pathlib import Path

import pytest
from attempts import some

from selfeval.evaluation.exports import json_bytes

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "conformance"
FILES = sorted((ROOT / "tests" / "rules").glob("*.toml"))


@pytest.fixture(scope="module")
def tool():
    return runpy.run_path(str(ROOT / "tools" / "conformance.py"))


def test_the_files_are_those_of_the_profiles(tool):
    made = {"README.md": tool["page"](), "schema.json": json_bytes(tool["schema"]()).decode()}
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert {*there} == {*made, *(f"{file.stem}.json" for file in FILES)}, "运行 make reference"
    assert {name: there[name] for name in made} == made, "运行 make reference"


@pytest.mark.parametrize("file", some(FILES, 4), ids=lambda path: path.stem)
def test_a_file_is_what_the_program_gives(tool, file):
    made = json_bytes(tool["document"](file))
    assert made == (FOLDER / f"{file.stem}.json").read_bytes(), "运行 make reference"


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_case_is_there_with_the_points_it_must_come_to(file):
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    listed = json.loads((FOLDER / f"{file.stem}.json").read_text(encoding="utf-8"))["cases"]
    rows, projects = table.get("case", []), table.get("project", [])
    assert [case["what"] for case in listed] == [case["what"] for case in (*rows, *projects)]
    for case, written in zip(listed, rows, strict=False):
        assert (case["expected"]["indicators"][0]["points"] or "不计分") == written["points"]


def fits(value, schema, whole):  # noqa: PLR0911 - one answer a kind of schema
    """Whether a JSON value has the shape of a schema that uses no more than this one does."""
    if "$ref" in schema:
        return fits(value, whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "anyOf" in schema:
        return any(fits(value, one, whole) for one in schema["anyOf"])
    if "const" in schema:
        return value == schema["const"]
    kinds = {"string": str, "null": type(None), "boolean": bool, "integer": int, "array": list, "object": dict}
    asked = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, kinds[kind]) for kind in asked):
        return False
    if isinstance(value, list):
        return all(fits(item, schema["items"], whole) for item in value)
    if isinstance(value, dict) and "properties" in schema:
        parts = schema["properties"]
        return set(value) == set(schema["required"]) and all(fits(value[name], parts[name], whole) for name in value)
    return True


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_file_has_the_shape_of_the_schema(file):
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    table = json.loads((FOLDER / f"{file.stem}.json").read_text(encoding="utf-8"))
    assert fits(table, schema, schema)
    assert not fits(table | {"more": ""}, schema, schema)
    assert not fits(table | {"cases": [{"what": ""}]}, schema, schema)
