"""LibreOffice opens the Office files, calculates them to the scorecard's points, and prints them without overflow."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sample_result import in_layout, large, sample_result
from test_xlsx import RESULTS, exactly, printed, row_of

from selfeval.base.model import Fund
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.docx.report import report_document
from selfeval.report.pages.document import project_document, summary_document
from selfeval.report.xlsx.native_charts import named
from selfeval.report.xlsx.workbook import report_workbook, summary_workbook
from selfeval.scoring.execution import score_budget

pytestmark = pytest.mark.full
SAMPLES = Path(__file__).resolve().parents[2] / "inputs"
LAYOUTS = ("national", "sichuan", "transfer", "hubei")


def converted(files, kind, folder):
    """These files (name → bytes) through LibreOffice, in a profile of its own."""
    source, target = folder / "in", folder / "out"
    source.mkdir()
    for name, data in files.items():
        (source / name).write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", target, *source.iterdir()]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: target / f"{name.rsplit('.', 1)[0]}.{kind}" for name in files}


def uncalculated(data, change=lambda _book: None):
    """The same workbook without the results of its formulas, so that only a calculation can give them."""
    book = load_workbook(BytesIO(data))
    change(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def form_total(path):
    sheet = load_workbook(path, data_only=True)["自评表"]
    row, money = row_of(sheet, "总分"), row_of(sheet, "年度资金总额", 2)
    return exactly(sheet.cell(row, 8).value), sheet.cell(row, 9).value, exactly(sheet.cell(money, 9).value)


def test_recalculated_the_forms_give_the_scorecards_points(tmp_path):
    cards = {
        f"{name}-{card.project.id}.xlsx": (result, card)
        for name, result in RESULTS.items()
        for card in result.scorecards
    }
    files = {name: uncalculated(report_workbook(*both)) for name, both in cards.items()}
    for name, path in converted(files, "xlsx", tmp_path).items():
        total, grade, rate = form_total(path)
        card = cards[name][1]
        assert (total, rate) == (card.total, card.budget.points), name
        assert (card.grade or "暂不评定") in grade


def test_recalculated_the_summaries_give_the_scorecards_points(tmp_path):
    files = {f"{name}.xlsx": uncalculated(summary_workbook(result)) for name, result in RESULTS.items()}
    for name, path in converted(files, "xlsx", tmp_path).items():
        sheet, result = load_workbook(path, data_only=True)["汇总表"], RESULTS[name.removesuffix(".xlsx")]
        at = next(cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == "总分")
        for card in result.scorecards:
            row = row_of(sheet, card.project.id, 2)
            assert exactly(sheet.cell(row, at).value) == printed(card.total)
            assert sheet.cell(row, 7).value == pytest.approx(float(card.budget.rate))
        sums = row_of(sheet, f"合计（{len(result.scorecards)} 个项目）")
        executed = sum(card.budget.executed for card in result.scorecards)
        assert exactly(sheet.cell(sums, 6).value, 6) == (executed / 10000).quantize(Decimal("0.000001"))


def halves():
    """Budgets whose points lie exactly between two: 0.5 cents are rounded up, in a spreadsheet as here."""
    for executed in ("994.5", "100.5", "333.5", "805.5", "1.5", "999.4999", "285714.2857"):
        base = Decimal(1000) if Decimal(executed) <= 1000 else Decimal(300000)
        yield Fund("财政拨款", base * 10000, base * 10000, Decimal(executed) * 10000)


def test_a_spreadsheet_rounds_halves_as_we_do(tmp_path):
    result, cards = sample_result(), {}
    for at, fund in enumerate(halves()):
        project = replace(result.scorecards[0].project, funds=(fund,))
        budget = score_budget(project, result.rules)
        total = sum((s.points for s in result.scorecards[0].scores), budget.points)
        cards[f"{at}.xlsx"] = replace(result.scorecards[0], project=project, budget=budget, total=total)
    files = {name: uncalculated(report_workbook(result, card)) for name, card in cards.items()}
    for name, path in converted(files, "xlsx", tmp_path).items():
        assert form_total(path)[2] == cards[name].budget.points, cards[name].project.funds


def test_a_changed_score_changes_total_and_grade(tmp_path):
    result = RESULTS["mianyang-2021"]
    card = next(card for card in result.scorecards if card.grade)

    def change(book):
        sheet = book["自评表"]
        for row in range(row_of(sheet, "一级指标", 2) + 1, row_of(sheet, "总分")):
            sheet.cell(row, 8).value = 0

    path = converted({"a.xlsx": uncalculated(report_workbook(result, card), change)}, "xlsx", tmp_path)["a.xlsx"]
    total, grade, _ = form_total(path)
    assert (total, grade) == (card.budget.points, "等级：差")


LONG = "本单位承担的任务涉及面广、周期较长，" * 22 + "特此说明。"


def long_texts():
    """The 21-row project with a cell of 400 characters in every column."""
    card = large()
    first = card.scores[0]
    told = first.indicator
    texts = {"level3": LONG, "reason": LONG, "target": replace(told.target, text=LONG)}
    score = replace(first, indicator=replace(told, **texts, actual=replace(told.actual, text=LONG)))
    return replace(card, scores=(score, *card.scores[1:]))


def pages(path):
    return [page.extract_text() for page in PdfReader(path).pages]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_printed_every_page_has_its_mark_and_no_text_is_lost(tmp_path, kind):
    result = sample_result()
    make = report_document if kind == "docx" else report_workbook
    cards = {"long": long_texts(), "large": result.scorecards[1], "small": result.scorecards[0]}
    files = {f"{name}.{kind}": make(result, card) for name, card in cards.items()}
    for name, path in converted(files, "pdf", tmp_path).items():
        printed_ = pages(path)
        assert all("演示数据" in page for page in printed_), name
        numbered = printed_[1:] if kind == "docx" else printed_  # a cover has no page number
        assert numbered, name
        assert all("—" in page for page in numbered), name
        everything = "".join("".join(printed_).split())
        for score in cards[name.split(".")[0]].scores:
            assert "".join(score.indicator.level3.split())[:6] in everything
            assert "".join(score.indicator.reason.split())[-6:] in everything


@pytest.mark.parametrize("layout", LAYOUTS)
def test_word_files_take_as_many_pages_as_the_pdf_and_the_seal_has_text_on_its_page(tmp_path, layout):
    asked = Request(tmp_path / "out", ("pdf", "docx"))
    files = {}
    for name in ("mianyang-2021", "ningxia-2020"):
        folder = build(in_layout(evaluate(SAMPLES / name).result, layout), asked).folder / "projects"
        files |= {f"{c.project.id}-{name}.docx": (folder / c.project.id, c) for c in RESULTS[name].scorecards}
    opened = converted({name: (at / "report.docx").read_bytes() for name, (at, _) in files.items()}, "pdf", tmp_path)
    assert len(opened) == 13
    taken = {name: (len(pages(path)), len(pages(files[name][0] / "report.pdf"))) for name, path in opened.items()}
    assert {name: both for name, both in taken.items() if abs(both[0] - both[1]) > 1} == {}
    for name, path in opened.items():
        printed_, card = pages(path), files[name][1]
        sealed = next(text for text in printed_[1:] if "（盖章）" in text)
        assert "。" in sealed, name
        if layout == "national":  # the others ask for more below the total
            with_total = "".join(next(text for text in printed_ if "填报日期" in text).split())
            before = ["".join(score.indicator.level3.split())[:5] for score in card.scores[-3:]]
            assert all(words in with_total for words in before), name


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_every_bar_of_a_chart_keeps_its_name(tmp_path, kind):
    """A name is left out where bars are too close; in a spreadsheet it stands in the table as well."""
    make = report_document if kind == "docx" else report_workbook
    charts = {
        f"{name}-{card.project.id}.{kind}": (project_document(result, card).charts, make(result, card))
        for name, result in RESULTS.items()
        for card in result.scorecards
    }
    if kind == "xlsx":
        charts |= {
            f"{name}.xlsx": (summary_document(result).charts, summary_workbook(result))
            for name, result in RESULTS.items()
        }
    opened = converted({name: data for name, (_, data) in charts.items()}, "pdf", tmp_path)
    for name, path in opened.items():
        told = "".join("".join(pages(path)).split())
        bars = ["".join(named(bar).split()) for chart in charts[name][0] for bar in chart.bars]
        assert bars, name
        assert [bar for bar in bars if told.count(bar) < (2 if kind == "xlsx" else 1)] == [], name


@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_page_of_a_word_file_holds_but_a_few_lines(tmp_path, layout):
    """Nor is a name to be signed alone on one; the last page is what is left over."""
    files = {
        f"{card.project.id}-{name}.docx": report_document(in_layout(RESULTS[name], layout), card)
        for name in ("mianyang-2021", "ningxia-2020")
        for card in RESULTS[name].scorecards
    }
    opened = converted(files, "pdf", tmp_path)
    assert len(opened) == 13
    for name, path in opened.items():
        held = [[line for line in page.split("\n") if line.strip()] for page in pages(path)]
        assert all(len(lines) >= 6 for lines in held[1:-1]), name
        signed = next(lines for lines in held if any("负责人：" in line for line in lines))
        assert len(signed) >= 8, name


def test_on_a_sheet_across_the_number_of_the_page_is_turned_and_at_the_left_edge(tmp_path):
    card = RESULTS["mianyang-2021"].scorecards[0]
    path = converted({"a.docx": report_document(RESULTS["mianyang-2021"], card)}, "pdf", tmp_path)["a.docx"]
    with pdfplumber.open(path) as file:
        across = [page for page in file.pages if page.width > page.height]
        assert across
        for page in across:
            number = [c for c in page.chars if c["text"].isdigit() and c["x1"] < 60]
            assert number
            assert not any(c["upright"] for c in number)
            is_odd = int("".join(c["text"] for c in number)) % 2
            assert all((c["top"] > page.height / 2) == bool(is_odd) for c in number)


def test_headings_keep_their_numbers_in_libreoffice(tmp_path):
    card = RESULTS["mianyang-2021"].scorecards[3]
    path = converted({"a.docx": report_document(RESULTS["mianyang-2021"], card)}, "pdf", tmp_path)["a.docx"]
    text = "".join("".join(pages(path)).split())
    for part in project_document(RESULTS["mianyang-2021"], card).parts:
        for words in (part.title, *(block.text for block in part.blocks if block.tag == "h3")):
            assert "".join(words.split()) in text, words
