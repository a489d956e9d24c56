"""Findings as people and programs read them: text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from selfeval import __version__
from selfeval.diagnostics import Diagnostic, Severity, codes, counts
from selfeval.exports import diagnostics_json

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_text(diagnostics: Sequence[Diagnostic], parents: Mapping[str, Path]) -> str:
    """One block per finding: place, severity, code, message, remedy; then the counts.

    `parents` tells where each evaluation (the first part of a file name) lies, so that a terminal can open the place.
    """
    blocks = [text_block(d, parents) for d in diagnostics]
    return "\n".join([*blocks, tally(diagnostics)])


def text_block(d: Diagnostic, parents: Mapping[str, Path]) -> str:
    """A finding on two lines."""
    place = f"{shown_file(d, parents)}:{d.line}:{d.column}" if d.file else "（整个评价）"
    about = "".join(f"[{part}] " for part in (d.project, d.indicator) if part)
    return f"{place}: {WORDS[d.severity]} {d.code} {about}{d.message}\n    → {d.hint}"


def shown_file(d: Diagnostic, parents: Mapping[str, Path]) -> str:
    """The file as seen from the working folder."""
    file = d.file or ""
    parent = parents.get(file.split("/", 1)[0])
    if parent is None:
        return file
    try:
        return Path(os.path.relpath(parent / file)).as_posix()
    except ValueError:  # another drive on Windows
        return (parent / file).as_posix()


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 个错误，5 个警告，3 个提示`."""
    number = counts(diagnostics)
    return "，".join(f"{number[severity.value]} 个{WORDS[severity]}" for severity in Severity)


def as_json(diagnostics: Iterable[Diagnostic]) -> str:
    """The documented JSON."""
    return json.dumps(diagnostics_json(diagnostics), ensure_ascii=False, indent=2)


def as_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that mark the lines of a pull request."""
    return "\n".join(github_line(d) for d in diagnostics)


def github_line(d: Diagnostic) -> str:
    """One annotation."""
    place = f"file={escaped(d.file, of_property=True)},line={d.line},col={d.column}," if d.file else ""
    message = escaped(f"{d.message} → {d.hint}")
    return f"::{GITHUB[d.severity]} {place}title={d.code} {escaped(codes()[d.code].title, of_property=True)}::{message}"


def escaped(text: str, *, of_property: bool = False) -> str:
    """As workflow commands want it."""
    made = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return made.replace(":", "%3A").replace(",", "%2C") if of_property else made


def as_sarif(diagnostics: Sequence[Diagnostic]) -> str:
    """SARIF 2.1.0: one run, one rule per code that was found."""
    used = sorted({d.code for d in diagnostics})
    driver = {
        "name": "selfeval",
        "version": __version__,
        "rules": [sarif_rule(code) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [sarif_result(d, used.index(d.code)) for d in diagnostics],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def sarif_rule(id_: str) -> dict[str, Any]:
    """A code of the table."""
    code = codes()[id_]
    return {
        "id": id_,
        "shortDescription": {"text": code.title},
        "help": {"text": code.hint},
        "defaultConfiguration": {"level": SARIF[code.severity]},
    }


def sarif_result(d: Diagnostic, index: int) -> dict[str, Any]:
    """A finding."""
    made: dict[str, Any] = {
        "ruleId": d.code,
        "ruleIndex": index,
        "level": SARIF[d.severity],
        "message": {"text": d.message},
    }
    if d.file:
        region = {"startLine": d.line, "startColumn": d.column}
        location = {"artifactLocation": {"uri": d.file.replace("%", "%25").replace(" ", "%20")}, "region": region}
        made["locations"] = [{"physicalLocation": location}]
    return made
