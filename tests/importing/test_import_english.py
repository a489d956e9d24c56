"""`import --lang en`: terminal and report are English whole but for the words of a form and the names of columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attempts import some
from importing.drawn import drawn
from importing.field_forms import FAULTS, FORMS
from importing.layouts import WRITERS

from selfeval.base.phrases import Phrase, english, places
from selfeval.cli.app import run as command
from selfeval.importing import run
from selfeval.importing.draft import UNSCORED
from selfeval.importing.run import import_forms
from selfeval.importing.tables.assemble import GRANT, REST
from selfeval.importing.vocabulary import squeeze
from selfeval.reading.columns import ACTUALS, BUDGET, PROJECTS, REVIEW, TARGETS

CHINESE = re.compile("[\u4e00-\u9fff]+")
QUOTED = re.compile("“[^”]*”")
SPECS = (PROJECTS, BUDGET, TARGETS, ACTUALS, REVIEW)
COLUMNS = {column.name for spec in SPECS for column in spec.columns} | {GRANT, UNSCORED}
FILES = sorted(f"{path.parent.name}/{path.name}" for folder in (FORMS, FAULTS) for path in folder.rglob("*.*")
               if path.suffix != ".json" and path.name not in {"source.md", "README.md"})  # fmt: skip


def untranslated(text: str, source: str) -> Iterator[str]:
    """What a sentence says in Chinese of ours: itself without a pair, or a word put in that no form holds."""
    if not isinstance(text, Phrase):
        yield from () if not CHINESE.search(text) else (text,)
        return
    if CHINESE.search(text.words) and text.words not in english():
        yield text.words
    looks = places(text.words)
    for name, value in text.params:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Phrase):
                yield from untranslated(one, source)
            elif isinstance(one, str) and not (looks.get(name) == "_" and one in english()):
                yield from (run for run in CHINESE.findall(squeeze(one)) if run not in source)


@pytest.mark.parametrize("file", some(FILES, 4))
def test_nothing_of_ours_stays_chinese_in_the_report_of_a_published_form(tmp_path, monkeypatch, file) -> None:
    told = []
    monkeypatch.setattr(run, "report_md", lambda one: told.append(one) or b"")
    path = next(path for folder in (FORMS, FAULTS) for path in folder.rglob(file.split("/")[1])
                if path.parent.name == file.split("/")[0])  # fmt: skip
    outcome = import_forms([path], tmp_path / "e", language="en")
    source = f"{path.name} {' '.join(COLUMNS)} {REST} {tmp_path} {path.read_text('utf-8', 'ignore')}"
    for one in told:
        source += squeeze("".join(cell.text for file in one.sources for line in file.lines for cell in line.cells))
        entries = one.ledger.entries.values()
        said = [*(r.message for r in one.ledger.remarks), *(r.place for r in one.ledger.remarks)]
        said += [*(e.cell.place for e in entries), *(e.where for e in entries if isinstance(e.where, Phrase))]
        assert [left for text in said for left in untranslated(text, source)] == []
        addresses = " ".join(e.where for e in entries if not isinstance(e.where, Phrase))
        assert set(CHINESE.findall(re.sub(r"narrative \S+", "", addresses))) <= COLUMNS
    assert [left for text in (*outcome.lines(), *outcome.problems) for left in untranslated(text, source)] == []
    assert told or outcome.problems


def test_terminal_and_report_are_english_from_end_to_end(tmp_path, capsys) -> None:
    heads = "项目名称|甲项目>5\n一级指标|二级指标|三级指标|指标值|分值|备注"
    rows = f"{heads}\n产出指标|数量指标|项目名称|80|90|乙\n丙|丁|70|数量指标||戊\n合计|||||"
    (tmp_path / "a.xlsx").write_bytes(WRITERS["xlsx"]([drawn(rows)]))
    (tmp_path / "b.docx").write_bytes(b"none")
    command(
        ["--lang", "en", "import", *map(str, (tmp_path / "a.xlsx", tmp_path / "b.docx")), "--into", str(tmp_path / "e")]
    )
    printed = "".join(capsys.readouterr())
    report = (tmp_path / "e" / "import-report.md").read_text("utf-8")
    data = json.loads((tmp_path / "e" / "import-report.json").read_text("utf-8"))
    said = [printed, report, *(s["problem"] or "" for s in data["sources"]), *(r["message"] for r in data["remarks"])]
    left = {run for text in said for run in CHINESE.findall(QUOTED.sub("", text))}
    assert [run for run in left if run not in f"{rows} {' '.join(COLUMNS)}"] == []
    for words in ("# Import report", "## Doubtful (", "## Side by side with the original", "| Where in the original |"):
        assert words in report
    assert "places to check" in printed


def test_a_damaged_workbook_is_told_in_words(tmp_path) -> None:
    (tmp_path / "表.xlsx").write_bytes(b"PK\x03\x04 none")
    (problem,) = import_forms([tmp_path / "表.xlsx"], Path(tmp_path / "e")).problems
    assert "Reading(" not in problem
    assert "另存为 .xlsx" in problem
