"""The manifest of a report against what ours look like, and against the data: it may say nothing that is not compared.

Its sum is printed on the page; whoever makes page and manifest anew may still not add a word to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from selfeval.audit.attachments import FINDING, MANIFEST, Json, canonical
from selfeval.base.phrases import phrase
from selfeval.evaluation.result import Result

SUM = frozenset({"file", "sha256", "bytes"})
PARTS: Mapping[str, frozenset[str]] = {
    "schema": frozenset(),
    "marks": frozenset(),
    "generator": frozenset({"name", "version"}),
    "evaluation": frozenset({"id", "year", "unit"}),
    "project": frozenset({"id", "name"}),
    "rules": frozenset({"id", "version"}),
    "engine": frozenset({"name", "version"}),
    "fonts": frozenset({"family", "font", "file", "bytes"}),
    "attachments": SUM,
    "inputs": SUM,
    "evidence": SUM,
    "findings": frozenset(FINDING),
    "accepted": frozenset({*FINDING, "reason"}),
    "pictures": frozenset({"file", "sha256"}),
}
"""What a manifest says, and of each the names in it."""


def strange_in(manifest: Json, content: bytes, sizes: Mapping[str, int]) -> Iterator[str]:
    """What no manifest of ours says, or says so; `sizes`: those of the attachments."""
    if manifest and canonical(manifest) != content:
        yield phrase("{manifest} 不是本程序写的样子", manifest=MANIFEST)
    for key, value in manifest.items():
        if more := names_in(value) - PARTS[key] if key in PARTS else {key}:
            yield phrase("{manifest} 里有本程序不写的“{more}”", manifest=MANIFEST, more=min(more)[:40])
    for item in manifest.get("attachments", []) if isinstance(manifest.get("attachments"), list) else []:
        if isinstance(item, dict) and sizes.get(str(item.get("file"))) not in {None, item.get("bytes")}:
            yield phrase("{manifest} 所记的附件 {get} 的大小不符", manifest=MANIFEST, get=str(item.get("file"))[:60])


def names_in(value: Any) -> set[str]:  # noqa: ANN401 - any JSON
    """The names in an object, or in the objects of a list."""
    items = value if isinstance(value, list) else [value]
    return {name for item in items if isinstance(item, dict) for name in item}


def unlike_data(manifest: Json, result: Result) -> Iterator[str]:
    """Where it tells of another unit, year or project than the data."""
    about = result.evaluation
    due = {
        ("generator", "name"): "selfeval",
        ("evaluation", "year"): about.year,
        ("evaluation", "unit"): about.unit,
        ("project", "name"): result.scorecards[0].project.name,
    }
    for (part, name), value in due.items():
        section = manifest.get(part)
        stated = section.get(name) if isinstance(section, dict) else None
        if stated != value:
            yield phrase(
                "{manifest} 的 {part}.{name} 是“{seen}”，按数据应为“{value}”",
                manifest=MANIFEST,
                part=part,
                name=name,
                seen=str(stated)[:40],
                value=str(value),
            )
