"""JSON from a strange file: taken apart without trust in its shape; what says a thing twice says nothing."""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]


def read_json(content: bytes) -> Json:
    """A JSON object; empty where it is none, or says a thing twice."""
    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=said_once)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def said_once(pairs: list[tuple[str, Any]]) -> Json:
    """An object of JSON; raises `ValueError` where two programs could read two things in it."""
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError(pairs)
    return values


def text_in(data: Any, *keys: str) -> str:  # noqa: ANN401 - any JSON
    """A text inside objects; empty where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def items_in(data: Json, key: str) -> list[Json]:
    """A list of objects; what is none is left out."""
    listed = data.get(key)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []


def only_project(scorecard: Json) -> Json:
    """The one project of a report's scorecard; empty where there is not exactly one."""
    projects = items_in(scorecard, "projects")
    return projects[0] if len(projects) == 1 else {}
