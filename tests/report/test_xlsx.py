"""The spreadsheets: the scorecard's figures, live totals, and no text that becomes a formula."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from attempts import slow, some
from openpyxl import load_workbook
from sample_result import in_layout, sample_result, told, told_by_two_processes, with_unit

from selfeval.base.exact import Rounding
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pages.document import project_document
from selfeval.report.xlsx.board import LONGEST
from selfeval.report.xlsx.workbook import report_workbook, summary_workbook
from selfeval.rules.formulas import Band
from selfeval.scoring.execution import score_budget

INPUTS = Path(__file__).parents[2] / "inputs"
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "#N/A",
    "＝1+1",
    "_x003D_1",
    "甲\x00\x0b\x1f乙",
    "{=1}",
)


def real(name):
    result = evaluate(INPUTS / name).result
    assert result is not None
    return result


RESULTS = {"sample": with_unit(sample_result()), **{name: real(name) for name in ("mianyang-2021", "ningxia-2020")}}
EVERY_CARD = [(name, card.project.id) for name, result in RESULTS.items() for card in result.scorecards]
CARDS = some(EVERY_CARD, 3)


@cache
def form_of(name, id_):
    """The workbook of a project as it is handed in."""
    return report_workbook(RESULTS[name], card_of(name, id_))


@cache
def summary_of(name):
    """The workbook of a sample's summary."""
    return summary_workbook(RESULTS[name])


@lru_cache(maxsize=4)
def opened(data, *, values=True):
    return load_workbook(BytesIO(data), data_only=values)


def card_of(name, id_):
    return next(card for card in RESULTS[name].scorecards if card.project.id == id_)


def row_of(sheet, label, column=1):
    """The row in which a label stands."""
    return next(row[0].row for row in sheet.iter_rows() if row[column - 1].value == label)


def exactly(value, digits=2):
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits)) if isinstance(value, int | float) else value


def printed(points, word="未评分"):
    return word if points is None else points


def all_cells(data, *, values=True):
    return [cell for sheet in opened(data, values=values) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_the_form_shows_the_scorecard(name, id_):
    card = card_of(name, id_)
    sheet = opened(form_of(name, id_))["自评表"]
    top, end = row_of(sheet, "一级指标", 2), row_of(sheet, "总分")
    rows = [row for row in range(top + 1, end) if sheet.cell(row, 4).value]
    assert [sheet.cell(row, 4).value for row in rows] == [s.indicator.level3 for s in card.scores]
    assert [exactly(sheet.cell(row, 7).value) for row in rows] == [s.weight for s in card.scores]
    assert [exactly(sheet.cell(row, 8).value) for row in rows] == [printed(s.points) for s in card.scores]
    assert exactly(sheet.cell(end, 8).value) == card.total
    assert (card.grade or "暂不评定") in sheet.cell(end, 9).value


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_money_is_in_wan_with_all_digits_and_the_rate_is_a_percentage(name, id_):
    card = card_of(name, id_)
    sheet = opened(form_of(name, id_))["自评表"]
    row = row_of(sheet, "年度资金总额", 2)
    shown = [Decimal(repr(sheet.cell(row, at).value)) * 10000 for at in (4, 5, 6)]
    assert shown == [card.budget.initial, card.budget.adjusted, card.budget.executed]
    assert sheet.cell(row, 8).number_format == "0.00%"
    assert sheet.cell(row, 8).value == pytest.approx(float(card.budget.rate))
    assert exactly(sheet.cell(row, 9).value) == card.budget.points


@pytest.mark.parametrize(("name", "id_"), CARDS)
def test_totals_are_live_and_every_formula_carries_its_result(name, id_):
    data = form_of(name, id_)
    sheet = opened(data, values=False)["自评表"]
    end, money = row_of(sheet, "总分"), row_of(sheet, "年度资金总额", 2)
    assert sheet.cell(end, 8).value.startswith("=ROUND(SUM(I")
    assert sheet.cell(end, 7).value.startswith("=ROUND(SUM(G")
    assert sheet.cell(money, 8).value == f'=IF(E{money}=0,"—",F{money}/E{money})'
    assert "ROUND(MIN(" in sheet.cell(money, 9).value
    assert all(sheet.cell(money, at).value.startswith("=SUM(") for at in (4, 5, 6))
    live = [cell for cell in all_cells(data, values=False) if cell.data_type == "f"]
    results = opened(data)
    assert all(results[cell.parent.title][cell.coordinate].value is not None for cell in live)


@pytest.mark.parametrize(("name", "id_"), [*EVERY_CARD[:1], *slow(*EVERY_CARD[1:])])
def test_the_form_of_sichuan_shows_the_same_scorecard_and_is_live_too(name, id_):
    result, card = in_layout(RESULTS[name], "sichuan"), card_of(name, id_)
    data = report_workbook(result, card)
    sheet, formulas = (opened(data, values=values)["自评表"] for values in (True, False))
    top, end, money = row_of(sheet, "一级", 2), row_of(sheet, "合计"), row_of(sheet, "总额", 2)
    rows = [row for row in range(top + 1, end) if sheet.cell(row, 4).value]
    assert [sheet.cell(row, 4).value for row in rows] == [s.indicator.level3 for s in card.scores]
    assert [exactly(sheet.cell(row, 9).value) for row in rows] == [s.weight for s in card.scores]
    assert [exactly(sheet.cell(row, 10).value) for row in rows] == [printed(s.points) for s in card.scores]
    assert exactly(sheet.cell(end, 10).value) == card.total
    assert (card.grade or "暂不评定") in sheet.cell(end, 11).value
    assert formulas.cell(end, 10).value.startswith(f"=ROUND(SUM(K{money},J")
    assert formulas.cell(end, 9).value.startswith(f"=ROUND(SUM(J{money},I")
    assert formulas.cell(money, 9).value == f'=IF(E{money}=0,"—",G{money}/E{money})'
    assert exactly(sheet.cell(money, 11).value) == card.budget.points
    amounts = [Decimal(repr(sheet.cell(money, at).value)) * 10000 for at in (4, 5, 7)]
    assert amounts == [card.budget.initial, card.budget.adjusted, card.budget.executed]
    assert row_of(sheet, "评价结论") > end


@pytest.mark.parametrize("name", RESULTS)
def test_the_summary_has_one_row_a_project_with_the_scorecards_figures(name):
    result = RESULTS[name]
    sheet = opened(summary_of(name))["汇总表"]
    heads = {sheet.cell(row, at).value: at for row in range(1, 7) for at in range(1, sheet.max_column + 1)}
    for card in result.scorecards:
        row = row_of(sheet, card.project.id, 2)
        assert exactly(sheet.cell(row, heads["总分"]).value) == card.total
        assert sheet.cell(row, heads["等级"]).value == (card.grade or "暂不评定")
        assert exactly(sheet.cell(row, heads["预算执行率"]).value) == card.budget.points
        for level in card.levels:
            assert exactly(sheet.cell(row, heads[level.name]).value) == printed(level.points)
    sums = row_of(sheet, f"合计（{len(result.scorecards)} 个项目）")
    executed = sum(card.budget.executed for card in result.scorecards)
    assert Decimal(repr(sheet.cell(sums, 6).value)) * 10000 == executed


@pytest.mark.parametrize("name", RESULTS)
def test_the_summary_is_live(name):
    result = RESULTS[name]
    sheet = opened(summary_of(name), values=False)["汇总表"]
    row = row_of(sheet, result.scorecards[0].project.id, 2)
    formulas = [cell.value for cell in sheet[row] if cell.data_type == "f"]
    assert [text.split("(")[0] for text in formulas] == ["=IF", "=IF", "=ROUND"]
    sums = row_of(sheet, f"合计（{len(result.scorecards)} 个项目）")
    assert sheet.cell(sums, 4).value == f"=SUM(D{row}:D{sums - 1})"
    assert sheet.cell(sums, 7).value == f"=F{sums}/E{sums}"


def test_every_indicator_has_a_row_of_its_own():
    for name, result in RESULTS.items():
        sheet = opened(summary_of(name))["指标明细"]
        cards = [*result.scorecards, *([result.unit] if result.unit else [])]
        top = row_of(sheet, "项目编号")
        names = [sheet.cell(row, 5).value for row in range(top + 1, sheet.max_row + 1)]
        assert names == [s.indicator.level3 for card in cards for s in card.scores]


def test_the_units_own_form_is_a_sheet_of_the_summary():
    book = opened(summary_of("sample"))
    assert exactly(book["部门整体自评表"].cell(row_of(book["部门整体自评表"], "总分"), 8).value) is not None
    assert "部门整体自评表" not in opened(summary_workbook(sample_result())).sheetnames


# ── What comes from an input ──


def hostile(text):
    """A result in which every text of an input is this one."""
    result = sample_result()
    cards = tuple(replace(card, **texts(card, text)) for card in result.scorecards)
    evaluation = replace(result.evaluation, unit=text, department=text, report={"date": text, "preparer": text})
    said = tuple(replace(d, params=told(text, text)) for d in result.diagnostics)
    return replace(result, scorecards=cards, evaluation=evaluation, diagnostics=said)


def texts(card, text):
    scores = tuple(
        replace(
            score,
            steps=(text,),
            indicator=replace(
                score.indicator,
                level2=text,
                level3=text,
                target=replace(score.indicator.target, text=text),
                actual=replace(score.indicator.actual, text=text),
                reason=text,
                evidence=(text,),
            ),
        )
        for score in card.scores
    )
    fields = dict.fromkeys(("主管部门", "实施单位", "年度总体目标", "总体目标完成情况"), text)
    return {"scores": scores, "project": replace(card.project, name=text, fields=fields)}


def kinds_of_cells(result):
    """How many formulas and how many errors the form of a project and the summary hold."""
    books = (report_workbook(result, result.scorecards[1]), summary_workbook(result))
    cells = [Counter(cell.data_type for cell in all_cells(data, values=False)) for data in books]
    return [(one["f"], one["e"]) for one in cells]


@pytest.fixture(scope="module")
def plain():
    """The same of texts without malice: formulas, and no error."""
    return kinds_of_cells(sample_result())


@pytest.mark.parametrize("text", some(HOSTILE, 8))
def test_text_from_an_input_stays_text(text, plain):
    assert kinds_of_cells(hostile(text)) == plain
    assert all(formulas and not errors for formulas, errors in plain)


@pytest.mark.parametrize("text", [*HOSTILE[:1], *slow(*HOSTILE[1:9])])
def test_a_risky_text_is_quoted_and_unchanged(text):
    result = hostile(text)
    sheet = opened(report_workbook(result, result.scorecards[1]), values=False)["自评表"]
    cell = sheet.cell(row_of(sheet, "项目名称"), 3)
    assert (cell.data_type, cell.value.replace("_x005F_", "_")) == ("s", text)
    assert bool(cell.quotePrefix) is not text.startswith(("_", "{"))


def test_control_characters_are_left_out():
    result = hostile("甲\x00\x0b\x1f\ud800\ufffe乙\r\n丙")
    sheet = opened(report_workbook(result, result.scorecards[1]))["自评表"]
    assert sheet.cell(row_of(sheet, "项目名称"), 3).value == "甲乙\n丙"


@pytest.mark.slow
def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    result = hostile("很" * 40_000)
    value = opened(report_workbook(result, result.scorecards[0]))["自评表"].cell(4, 3).value
    assert len(value) < 32_767
    assert value.startswith("很" * LONGEST)
    assert value.endswith("（以下从略）")


def test_a_row_higher_than_a_spreadsheet_allows_becomes_several():
    result = hostile("很" * 3000)
    sheet = opened(report_workbook(result, result.scorecards[0]))["自评表"]
    assert max(size.height for size in sheet.row_dimensions.values() if size.height) <= 409
    end = row_of(sheet, "总分")
    assert exactly(sheet.cell(end, 8).value) == result.scorecards[0].total


# ── Profiles ──


def with_rules(**changes):
    """The large sample, its budget scored anew under changed rules."""
    result = sample_result()
    rules = replace(result.rules, **changes)
    card = result.scorecards[1]
    return replace(result, rules=rules), replace(card, budget=score_budget(card.project, rules))


def points_formula(result, card):
    sheet = opened(report_workbook(result, card), values=False)["自评表"]
    return sheet.cell(row_of(sheet, "年度资金总额", 2), 9)


def test_bands_of_the_rate_become_steps():
    rules = sample_result().rules
    bands: tuple[Band, ...] = ((Fraction(9, 10), Fraction(1)), (Fraction(8, 10), Fraction(1, 2)))
    cell = points_formula(*with_rules(execution=replace(rules.execution, bands=bands)))
    rate = f"H{cell.row}"
    assert f"IF({rate}>=(9/10),1,IF({rate}>=(4/5),(1/2),0))*10" in cell.value


def test_a_rate_of_the_initial_budget_divides_by_it():
    rules = sample_result().rules
    result, card = with_rules(execution=replace(rules.execution, denominator="initial"))
    sheet = opened(report_workbook(result, card), values=False)["自评表"]
    row = row_of(sheet, "年度资金总额", 2)
    for at in (row, row + 1):  # the whole, and the first source of it
        assert sheet.cell(at, 8).value == f'=IF(D{at}=0,"—",F{at}/D{at})'


def test_digits_dropped_are_dropped_in_the_formula_too():
    assert "ROUNDDOWN(" in points_formula(*with_rules(rounding=Rounding.DOWN)).value


def test_what_a_spreadsheet_cannot_round_stands_as_a_number():
    result, card = with_rules(rounding=Rounding.HALF_EVEN)
    cell = points_formula(result, card)
    assert exactly(cell.value) == card.budget.points


def test_amounts_that_are_missing_are_words_and_no_sum_hides_them():
    result = sample_result()
    card = result.scorecards[1]
    funds = tuple(replace(fund, executed=None) for fund in card.project.funds)
    project = replace(card.project, funds=funds)
    card = replace(card, project=project, budget=score_budget(project, result.rules))
    result = replace(result, scorecards=(result.scorecards[0], card))
    sheet = opened(report_workbook(result, card))["自评表"]
    assert sheet.cell(row_of(sheet, "年度资金总额", 2), 6).value == "未填写"
    summary = opened(summary_workbook(result), values=False)["汇总表"]
    sums = row_of(summary, "合计（2 个项目）")
    assert [summary.cell(sums, at).value for at in (6, 7)] == ["未填写", "—"]


def test_a_project_without_indicators_has_a_form():
    result = sample_result()
    card = replace(result.scorecards[0], scores=(), levels=(), total=result.scorecards[0].budget.points, grade=None)
    sheet = opened(report_workbook(result, card))["自评表"]
    assert exactly(sheet.cell(row_of(sheet, "总分"), 8).value) == card.total


# ── The file ──


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes_in_any_process():
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1])\n"
        "from sample_result import sample_result\n"
        "from selfeval.report.xlsx.workbook import report_workbook, summary_workbook\n"
        "r = sample_result()\n"
        "print(hashlib.sha256(report_workbook(r, r.scorecards[1]) + summary_workbook(r)).hexdigest())"
    )
    first, second = told_by_two_processes(code)
    assert first == second


def test_the_file_knows_no_clock():
    with ZipFile(BytesIO(summary_workbook(sample_result()))) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in file.read("docProps/core.xml")


def test_sheets_are_ready_to_print():
    for sheet in (*opened(form_of("sample", "P02")), *opened(summary_of("sample"))):
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.freeze_panes
        assert sheet.print_title_rows
        assert sheet.oddFooter.right.text == sheet.evenFooter.left.text == "— &P —"


def test_demo_and_draft_stand_in_the_head_and_on_the_sheet():
    for sheet in opened(form_of("sample", "P02")):
        assert sheet.oddHeader.center.text == "演示数据　未定稿"
        assert sheet.cell(3, 1).value == "演示数据　未定稿"
    final = sample_result(demo=False)
    for sheet in opened(report_workbook(final, final.scorecards[0])):
        assert not sheet.oddHeader.center.text
        assert "演示数据" not in str(sheet.cell(3, 1).value)


def test_the_edition_for_the_public_shows_no_telephone_number():
    result = hostile("联系人张三，电话 13812345678")
    files = (
        report_workbook(result, result.scorecards[1], public=True),
        summary_workbook(with_unit(result), public=True),
    )
    for data in files:
        shown = "".join(str(cell.value) for cell in all_cells(data))
        assert "138******78" in shown
        assert "13812345678" not in shown


def test_a_draft_for_consultation_says_so():
    result = sample_result(demo=False)
    for data in (report_workbook(result, result.scorecards[0], draft=True), summary_workbook(result, draft=True)):
        assert all(sheet.oddHeader.center.text == "征求意见稿" for sheet in opened(data))


def test_steps_and_findings_are_on_sheets_of_their_own():
    book = opened(form_of("sample", "P02"))
    assert book.sheetnames == ["自评表", "评分计算过程", "检查发现", "图"]
    row = row_of(book["评分计算过程"], "历史纸质档案数字化加工页数\n产出指标 · 数量指标", 2)
    assert "1412600 ÷ 1534286" in book["评分计算过程"].cell(row, 3).value
    assert row_of(book["检查发现"], "A001", 2)


def test_the_pictures_are_charts_over_the_figures_on_their_sheet():
    result = RESULTS["mianyang-2021"]
    document = project_document(result, result.scorecards[0])
    sheet = load_workbook(BytesIO(form_of("mianyang-2021", result.scorecards[0].project.id)))["图"]
    assert len(sheet._charts) == len(document.charts) >= 2
    for chart, drawn in zip(document.charts, sheet._charts, strict=True):
        names, shares = drawn.series[0].cat.strRef.f, drawn.series[0].val.numRef.f
        cells = [sheet[place.split("!")[1].replace("$", "")] for place in (names, shares)]
        assert [cell[0].value.split("　")[-1] for cell in cells[0]] == [bar.value for bar in chart.bars]
        told = [None if bar.state == "unscored" else float(bar.width) / 190 for bar in chart.bars]
        assert [cell[0].value or None for cell in cells[1]] == [
            None if share is None else pytest.approx(share, abs=1e-3) for share in told
        ]
