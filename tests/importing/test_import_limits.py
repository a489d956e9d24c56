"""What no form has is refused with one sentence, in every format, and no single file may cost minutes."""

from __future__ import annotations

import pytest
from attempts import slow
from importing.drawn import drawn
from importing.layouts import WRITERS

from selfeval.importing import grid
from selfeval.importing.readers import files, pdf_limits, xls_ods, xlsx
from selfeval.importing.run import import_forms

HEAD = "一级指标|二级指标|三级指标|指标值"
ROW = "产出指标|数量指标|指标{0}|≥{0}个"
TABLE = f"项目名称|项目{{0}}>2\n{HEAD}\n{ROW}"


@pytest.fixture
def small(monkeypatch) -> None:
    """The limits, low enough for a test."""
    for module in (grid, files, xls_ods, xlsx):
        monkeypatch.setattr(module, "MAX_ROWS", 60)
    for module in (grid, xls_ods, xlsx):
        monkeypatch.setattr(module, "MAX_COLUMNS", 40)
    monkeypatch.setattr(pdf_limits, "MAX_PAGE_ROWS", 20)


def problem(tmp_path, kind: str, grids) -> str:
    path = tmp_path / f"表.{kind}"
    path.write_bytes(WRITERS[kind](grids))
    outcome = import_forms([path], tmp_path / "e")
    return "".join(outcome.problems)


KINDS = ["xlsx", "docx", "ods", "md", "tsv", "pdf"]


@pytest.mark.parametrize("kind", [*KINDS[:-1], *slow(KINDS[-1])])
def test_too_many_rows_are_refused(tmp_path, small, kind) -> None:
    rows = drawn("\n".join((HEAD, *map(ROW.format, range(70)))))
    assert "表太大" in problem(tmp_path, kind, [rows]) or "不像绩效目标表" in problem(tmp_path, kind, [rows])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "pdf"])
def test_too_many_tables_are_refused(tmp_path, small, kind) -> None:
    assert "表太大" in problem(tmp_path, kind, [drawn(TABLE.format(n), "项目绩效目标表") for n in range(20)])


@pytest.mark.parametrize("kind", ["docx", "md", "tsv"])
def test_too_many_columns_are_refused(tmp_path, small, kind) -> None:
    wide = "|".join(map(str, range(50)))
    assert "表太大" in problem(tmp_path, kind, [drawn(f"项目名称|甲\n{HEAD}|{wide}\n{ROW.format(1)}|{wide}")])


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_columns_far_to_the_right_of_a_sheet_are_told(tmp_path, small, kind) -> None:
    far = "|".join([HEAD, *[""] * 40, "备注"])
    path = tmp_path / f"表.{kind}"
    path.write_bytes(WRITERS[kind]([drawn(f"项目名称|甲\n{far}\n{ROW.format(1)}")]))
    assert import_forms([path], tmp_path / "e").indicators == 1
    assert "列以后，没有读取：备注" in (tmp_path / "e" / "import-report.md").read_text(encoding="utf-8")


def test_too_many_tables_on_a_page_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf_limits, "MAX_PAGE_TABLES", 2)
    grids = [drawn(TABLE.format(n), "项目绩效目标表") for n in range(4)]
    assert "4 张表" in problem(tmp_path, "pdf", grids)
