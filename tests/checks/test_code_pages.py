"""The pages of the codes are those of the table: complete, current, and the same words as `explain`."""

from __future__ import annotations

from pathlib import Path

import pytest
from check_pages import GROUPS, PRECISION, TABLE, pages, write

from selfeval.base.diagnostics import codes
from selfeval.cli.app import run
from selfeval.rules.load import usual_source

DOCS = Path(__file__).parents[2] / "docs" / "checks"


def test_the_list_is_that_of_the_table():
    assert (DOCS / TABLE).read_text("utf-8") == pages(DOCS)[TABLE], "运行 python tools/check_pages.py docs/checks"


def test_the_list_alone_is_written_unless_all_pages_are_asked_for(tmp_path):
    (tmp_path / PRECISION).write_bytes((DOCS / PRECISION).read_bytes())
    write(tmp_path, all_pages=False)
    assert {file.name for file in tmp_path.iterdir()} == {PRECISION, TABLE}


def test_writing_takes_away_what_is_no_code_and_changes_nothing_else(tmp_path):
    (tmp_path / PRECISION).write_bytes((DOCS / PRECISION).read_bytes())
    (tmp_path / "X999.md").write_text("旧", encoding="utf-8")
    write(tmp_path, all_pages=True)
    first = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    write(tmp_path, all_pages=True)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == first
    assert set(first) == {PRECISION, "README.md", *(f"{code}.md" for code in codes())}


@pytest.mark.parametrize("code", codes().values(), ids=lambda code: code.id)
def test_every_code_is_told_in_full(code):
    assert code.id[0] in GROUPS
    for words in (code.title, code.hint, code.chinese.why, code.chinese.bad, code.chinese.good):
        assert len(words) >= 3
        assert words == words.strip()
    assert code.chinese.bad != code.chinese.good
    assert code.hint[-1] in "。）"
    assert code.chinese.why[-1] == "。"
    assert code.title[-1] not in "。；，"


def test_codes_stand_in_the_order_of_their_groups():
    order = [(list(GROUPS).index(id_[0]), id_) for id_ in codes()]
    assert order == sorted(order)


@pytest.mark.parametrize("id_", ["W002", "c019"])
def test_explain_says_what_the_page_says(id_, capsys):
    assert run(["explain", id_]) == 0
    said = capsys.readouterr().out
    code = codes()[id_.upper()]
    for words in (code.title, code.hint, code.chinese.why, code.chinese.bad, code.chinese.good):
        assert words in said
    assert (usual_source(code.basis).article in said) if code.basis else "依据" not in said


def test_the_table_of_all_codes_leads_to_every_page():
    readme = (DOCS / "README.md").read_text(encoding="utf-8")
    for id_ in codes():
        assert f"[{id_}]({id_}.md)" in readme
