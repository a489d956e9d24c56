"""Findings as people and programs read them: text, JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from selfeval import __version__
from selfeval.base import display
from selfeval.base.diagnostics import SEVERITY_WORDS, Diagnostic, Severity, codes, counts
from selfeval.base.files import read_file
from selfeval.base.phrases import CHINESE, phrase, said, translated
from selfeval.base.text import visible
from selfeval.base.text_width import display_width

GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
TEXT_FILES = (".csv", ".md")

MAX_SHOWN = 64 * 2**20
"""Bytes of a file that a line is shown of."""

BEFORE, WIDTH = 24, 60
"""Characters shown before the cell, and in all."""

HOME = "urn:selfeval"
"""What SARIF calls us by, and a code below it: a name, as the documents have no address of their own on the web."""

SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_text(diagnostics: Sequence[Diagnostic], parents: Mapping[str, Path], language: str = CHINESE) -> str:
    """One block per finding: place, severity, code, message, remedy; then the counts.

    `parents` tells where each evaluation (the first part of a file name) lies, so that a terminal can open the place.
    """
    blocks = [text_block(d, parents, language) for d in diagnostics]
    return "\n".join([*blocks, said(tally(diagnostics), language)])


def text_block(d: Diagnostic, parents: Mapping[str, Path], language: str = CHINESE) -> str:
    """A finding: its place and what it is, the row with the cell marked, the remedy."""
    place = (
        display.place_text(d, shown_file(d, parents), language) if d.file else said(phrase("（整个评价）"), language)
    )
    about = "".join(f"[{part}] " for part in (d.project, d.indicator) if part)
    head = visible(f"{place}: {translated(SEVERITY_WORDS[d.severity], language)} {d.code} {about}{d.said(language)}")
    return "\n".join([head, *marked_row(d, parents), f"    → {d.remedy(language)}"])


def marked_row(d: Diagnostic, parents: Mapping[str, Path]) -> list[str]:
    """The line of the file with a mark under the cell; nothing where the file is no text."""
    parent = parents.get((d.file or "").split("/", 1)[0])
    if parent is None or not d.file or not d.file.endswith(TEXT_FILES):
        return []
    lines = source_lines(parent / d.file, parent / d.file.partition("/")[0])
    line, column = d.line or 1, (d.column or 1) - 1
    if line > len(lines) or not 0 < column < len(lines[line - 1]):
        return []
    start = max(0, column - BEFORE)
    around = lines[line - 1][start : start + WIDTH]  # a line may be long, and findings on it many
    more, text = "…" if start else "", visible(around)
    indent = display_width(more + text[: column - start])
    width = display_width(visible(cell_at(around, column - start)))
    return [f"    | {more}{text}", f"    | {' ' * indent}{'^' * max(1, min(width, WIDTH))}"]


def cell_at(text: str, column: int) -> str:
    """The cell that starts at a column, as far as it shows."""
    end = (
        text.find('"', column + 1)
        if text[column] == '"'
        else min((at for sign in ",\t;" if (at := text.find(sign, column)) >= 0), default=len(text))
    )
    return text[column : end if end > 0 else len(text)][: WIDTH - BEFORE]


@cache
def source_lines(path: Path, folder: Path) -> tuple[str, ...]:
    """The lines of a text file, as the reader of tables counts them; empty where it is not read."""
    from selfeval.reading.csv_files import decode, physical_lines

    try:
        text, problem = decode(read_file(path, MAX_SHOWN, folder), path.name)
    except OSError:
        return ()
    return () if problem else tuple(line.rstrip("\r\n") for line in physical_lines(text))


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


def worst(diagnostics: Sequence[Diagnostic], number: int = 3) -> list[Diagnostic]:
    """The gravest findings: errors first, each code once before any twice, the most frequent code first."""
    often = Counter(d.code for d in diagnostics)
    met: Counter[str] = Counter()
    keyed = []
    for at, d in enumerate(diagnostics):
        met[d.code] += 1
        if d.severity is not Severity.INFO:
            keyed.append((list(Severity).index(d.severity), met[d.code], -often[d.code], at))
    return [diagnostics[key[-1]] for key in sorted(keyed)[:number]]


def by_code(diagnostics: Sequence[Diagnostic], language: str = CHINESE) -> list[str]:
    """A line for every code that was found, with how often; notes that only inform are left out."""
    often = Counter((d.severity, d.code) for d in diagnostics if d.severity is not Severity.INFO)
    wording = {code: codes()[code].wording(language) for _, code in often}
    order = sorted(often, key=lambda key: (list(Severity).index(key[0]), -often[key], key[1]))
    return [
        f"{translated(SEVERITY_WORDS[severity], language)} {code} {wording[code].title}  ×{often[severity, code]}"
        for severity, code in order
    ]


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """`2 个错误，5 个警告，3 个提示`."""
    number = counts(diagnostics)
    return phrase(
        "{errors} 个错误，{warnings} 个警告，{infos} 个提示",
        errors=number[Severity.ERROR],
        warnings=number[Severity.WARNING],
        infos=number[Severity.INFO],
    )


def as_json(diagnostics: Iterable[Diagnostic], language: str = CHINESE) -> str:
    """The documented JSON."""
    from selfeval.evaluation.exports import diagnostics_json  # not what the help needs, which measures its columns here

    return json.dumps(diagnostics_json(diagnostics, language), ensure_ascii=False, indent=2)


def as_github(
    diagnostics: Iterable[Diagnostic], parents: Mapping[str, Path] | None = None, language: str = CHINESE
) -> str:
    """Workflow commands that mark the lines of a pull request; files as seen from the working folder."""
    return "\n".join(github_line(d, parents or {}, language) for d in diagnostics)


def github_line(d: Diagnostic, parents: Mapping[str, Path], language: str) -> str:
    """One annotation."""
    place = f"file={escaped(shown_file(d, parents), of_property=True)},line={d.line},col={d.column}," if d.file else ""
    message = escaped(visible(f"{d.said(language)} → {d.remedy(language)}"))
    title = escaped(codes()[d.code].wording(language).title, of_property=True)
    return f"::{GITHUB[d.severity]} {place}title={d.code} {title}::{message}"


def escaped(text: str, *, of_property: bool = False) -> str:
    """As workflow commands want it."""
    made = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return made.replace(":", "%3A").replace(",", "%2C") if of_property else made


def as_sarif(
    diagnostics: Sequence[Diagnostic], parents: Mapping[str, Path] | None = None, language: str = CHINESE
) -> str:
    """SARIF 2.1.0: one run, one rule per code that was found; files as seen from the working folder."""
    used = sorted({d.code for d in diagnostics})
    driver = {
        "name": "selfeval",
        "version": __version__,
        "informationUri": HOME,
        "rules": [sarif_rule(code, language) for code in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [sarif_result(d, used.index(d.code), parents or {}, language) for d in diagnostics],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def sarif_rule(id_: str, language: str) -> dict[str, Any]:
    """A code of the table."""
    code = codes()[id_]
    return {
        "id": id_,
        "shortDescription": {"text": code.wording(language).title},
        "fullDescription": {"text": code.wording(language).why},
        "helpUri": f"{HOME}:check:{id_}",
        "help": {"text": code.wording(language).hint()},
        "defaultConfiguration": {"level": SARIF[code.severity]},
    }


def sarif_result(d: Diagnostic, index: int, parents: Mapping[str, Path], language: str) -> dict[str, Any]:
    """A finding."""
    made: dict[str, Any] = {
        "ruleId": d.code,
        "ruleIndex": index,
        "level": SARIF[d.severity],
        "message": {"text": d.said(language)},
    }
    if d.file:
        region = {"startLine": d.line, "startColumn": d.column}
        location = {"artifactLocation": {"uri": quote(shown_file(d, parents))}, "region": region}
        made["locations"] = [{"physicalLocation": location}]
    return made
