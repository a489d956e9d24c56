"""A layout is one folder with its data: every format prints the form that it describes."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from attempts import slow, some
from engines import needs
from evaluations import TOML, make_evaluation
from openpyxl import load_workbook
from pikepdf import AttachedFileSpec, Pdf
from sample_result import in_layout, sample_result, with_unit

from selfeval.audit.attachments import canonical
from selfeval.audit.pack import pack
from selfeval.audit.pdf_reader import read_pdf
from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.audit.verify_pack import verify_pack
from selfeval.building.rebuild import verify_rebuilding
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.reading.layouts import LAYOUT, layout_data, layout_exists, layouts_in, shipped_templates
from selfeval.report.docx.report import report_document
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.html.pages import Pages
from selfeval.report.pages.document import project_document, summary_document
from selfeval.report.pages.form_words import block_label
from selfeval.report.pages.planner import chosen, planned, planned_summary
from selfeval.report.xlsx.workbook import report_workbook

pytestmark = pytest.mark.usefixtures("typst_draws")

OWN = """
[titles]
form = "甲县项目自评表"

[[blocks]]
kind = "fields"
label = ["项目情况", "部门情况"]
rows = [
  { fields = [{ key = "name", label = "甲县项目", spans = [2, 5] }] },
  { fields = [
    { key = "leader", label = "甲县负责人", spans = [1, 1] },
    { key = "id", label = "甲县编号", spans = [1, 4] },
  ] },
]

[[blocks]]
kind = "funds"
label = "甲县资金"
total = "甲县合计资金"
columns = [
  { key = "label", span = 2 },
  { key = "adjusted", head = "甲县预算" },
  { key = "executed", head = "甲县支出" },
  { key = "rate", head = "甲县进度" },
  { key = "weight", head = "甲县资金分值" },
  { key = "points", head = "甲县资金得分" },
]

[[funds]]
label = "甲县本级"
words = ["财政"]

[[funds]]
label = "甲县其他"

[indicators]
label = "甲县指标"
total = "甲县总分"

[[columns]]
key = "run"
mm = 13.5
xlsx = 9

[[columns]]
key = "level1"
head = "甲县一级"
mm = 20
xlsx = 11

[[columns]]
key = "level2"
head = "甲县二级"
mm = 20
xlsx = 11

[[columns]]
key = "level3"
head = "甲县三级"
mm = 50
xlsx = 24
lines = [4, 8]

[[columns]]
key = "actual"
head = "甲县完成"
mm = 50
xlsx = 24
lines = [4, 8]

[[columns]]
key = "weight"
head = "甲县分值"
mm = 15
xlsx = 9

[[columns]]
key = "points"
head = "甲县得分"
mm = 15
xlsx = 9

[[columns]]
key = "reason"
head = "甲县说明"
xlsx = 30
lines = [8, 18]
"""
LABELS = sorted({*re.findall(r"甲县\w+", OWN)} - {"甲县项目自评表"})


@pytest.fixture
def result(tmp_path: Path):
    folder = make_evaluation(tmp_path, toml=TOML + '[report]\nlayout = "甲县"\n')
    home = folder / "templates" / "layouts" / "甲县"
    home.mkdir(parents=True)
    (home / "layout.toml").write_text(OWN, encoding="utf-8")
    return evaluate(folder).result


def texts(result) -> dict[str, str]:
    """All that is written, by format."""
    card = result.scorecards[0]
    document, pages = project_document(result, card), Pages(result)
    rows = load_workbook(BytesIO(report_workbook(result, card)))["自评表"].iter_rows(values_only=True)
    sheet = " ".join(str(value) for row in rows for value in row if value is not None)
    with ZipFile(BytesIO(report_document(result, card))) as word:
        text = word.read("word/document.xml").decode()
    return {
        "screen": pages.report(document),
        "paper": pages.report(planned(document), for_print=True),
        "xlsx": sheet,
        "docx": text,
    }


def test_a_folder_with_data_is_a_layout_in_all_formats(result) -> None:
    assert "T027" not in [diagnostic.code for diagnostic in result.diagnostics]
    for name, text in texts(result).items():
        shown = [label for label in LABELS if label != "甲县指标" or name != "screen"]
        assert [label for label in shown if label not in text] == [], name
        assert "甲县项目自评表" in text, name
        assert "年度指标值" not in text.split("评分计算过程")[0].split("甲县项目自评表")[-1], name


@pytest.mark.parametrize("name", layouts_in([shipped_templates()]))
def test_every_shipped_layout_is_data_alone(tmp_path: Path, name: str) -> None:
    assert layout_exists(tmp_path, name)
    assert not layout_data(tmp_path, name).problem
    assert not (shipped_templates() / "layouts" / name / "form.html").exists()


def test_the_foot_of_a_form_is_printed_in_all_formats(tmp_path: Path) -> None:
    folder = make_evaluation(tmp_path, toml=TOML + 'rules = "hubei"\n[report]\nlayout = "hubei"\n')
    foot = layout_data(folder, "hubei").foot
    assert foot
    for name, text in texts(evaluate(folder).result).items():
        assert [line for line in foot if line not in text] == [], name


@pytest.mark.parametrize("name", some(layouts_in([shipped_templates()]), 3))
def test_what_a_shipped_layout_prints_can_be_verified(tmp_path: Path, name: str) -> None:
    folder = make_evaluation(tmp_path, toml=TOML + f'[report]\nlayout = "{name}"\n')
    out = tmp_path / "out"
    build(evaluate(folder).result, Request(out, ("pdf",)))
    (report,) = out.rglob("report.pdf")
    assert [check.differences for check in verify(report).checks if check.differences] == []


@pytest.mark.parametrize("name", layouts_in([shipped_templates()]))
def test_every_page_of_a_shipped_layout_is_drawn(tmp_path: Path, name: str) -> None:
    folder = make_evaluation(tmp_path, toml=TOML + f'[report]\nlayout = "{name}"\n')
    result = build(evaluate(folder).result, Request(tmp_path / "out", ("html",)))
    assert [one.code for one in result.diagnostics if one.code == "N007"] == []


def test_no_layout_is_named_in_the_program() -> None:
    """The one that stands in for an unknown name aside."""
    root = Path(__file__).parents[2] / "selfeval"
    names = "|".join(sorted({*layouts_in([shipped_templates()])} - {LAYOUT}))
    rooms = ("reading", "report", "audit", "building", "evaluation", "checks")
    files = [path for room in rooms for path in sorted((root / room).rglob("*.py"))]
    found = [path.name for path in files if re.search(rf'"({names})"', path.read_text(encoding="utf-8"))]
    assert found == []


def test_an_own_layout_is_like_the_national_one_where_it_says_nothing(result) -> None:
    own, national = layout_data(result.folder, "甲县"), layout_data(result.folder, LAYOUT)
    assert own.outline == national.outline
    assert own.titles["report"] == national.titles["report"]
    assert own.unit_outline == national.unit_outline


@pytest.mark.slow
def test_transfer_prints_its_own_form_in_the_office_files(tmp_path: Path) -> None:
    folder = make_evaluation(tmp_path, toml=TOML + '[report]\nlayout = "transfer"\n')
    for name, text in texts(evaluate(folder).result).items():
        labels = ("资金投入情况", "(万元)", "预算执行率(B/A)", "使用规范性", "全年实际完成值")
        assert [label for label in labels if label not in text] == [], name
    sheet = texts(evaluate(folder).result)["xlsx"]
    assert "总分" not in sheet
    assert "等级" not in sheet


# ── verify: a layout of the unit's own travels with the report ──


def built_own(tmp_path: Path, data: str = OWN, name: str = "甲县", **more: str) -> Path:
    """The report of an evaluation whose layout is its own; `more`: other files under templates/."""
    folder = make_evaluation(tmp_path, toml=TOML + f'[report]\nlayout = "{name}"\n')
    files = {f"layouts/{name}/layout.toml": data, **more}
    for file, content in files.items():
        path = folder / "templates" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",)))
    return next((tmp_path / "out").rglob("report.pdf"))


@pytest.mark.parametrize("name", ["甲县", *slow("national")])
def test_a_report_in_a_layout_of_data_alone_is_verified_whole(tmp_path: Path, name: str) -> None:
    verdict = verify(built_own(tmp_path, name=name))
    assert [check.differences for check in verdict.checks if check.differences] == []
    assert verdict.word == "一致"
    assert any("layout.toml" in note for note in verdict.notes)


@pytest.mark.slow
def test_with_a_template_of_the_units_own_the_layout_is_not_vouched_for(tmp_path: Path) -> None:
    assert verify(built_own(tmp_path, **{"partials/cover.html": "<p>甲</p>"})).word == "无法核对版面"


@pytest.mark.slow
def test_a_report_in_an_own_layout_is_built_again(tmp_path: Path) -> None:
    assert verify_rebuilding(built_own(tmp_path)).word == "一致"


@pytest.mark.slow
def test_an_own_layout_other_than_the_printed_one_disagrees(tmp_path: Path) -> None:
    """The report as built, its layout and manifest exchanged for those of another title."""
    report = built_own(tmp_path)
    other = built_own(tmp_path / "other", OWN.replace("甲县项目自评表", "乙县项目自评表"))
    attached = {one.name: one.content for one in read_pdf(other, 0).attached}
    with Pdf.open(report, allow_overwriting_input=True) as document:
        for name in ("layout.toml", "manifest.json"):
            document.attachments[name] = AttachedFileSpec(document, attached[name], filename=name)
        document.save(report)
    found = {check.id: check.differences for check in verify(report).checks}
    assert found["attachments"] == ()
    assert any("甲县项目自评表" in said for said in found["pages"])


@pytest.mark.slow
@pytest.mark.parametrize("lost", ["layout.toml", *slow("input")])
def test_an_own_layout_is_both_attached_and_in_the_manifest(tmp_path: Path, lost: str) -> None:
    report = built_own(tmp_path)
    with Pdf.open(report, allow_overwriting_input=True) as document:
        told = json.loads(document.attachments["manifest.json"].get_file().read_bytes())
        if lost == "input":
            told["inputs"] = [one for one in told["inputs"] if "layout" not in one["file"]]
        else:
            del document.attachments[lost]
            told["attachments"] = [one for one in told["attachments"] if one["file"] != lost]
        document.attachments["manifest.json"] = AttachedFileSpec(document, canonical(told), filename="manifest.json")
        document.save(report)
    (check,) = (check for check in verify(report).checks if check.id == "attachments")
    assert any("版式" in said or "layout.toml" in said for said in check.differences)


@pytest.mark.slow
def test_a_pack_in_an_own_layout_is_verified_whole(tmp_path: Path) -> None:
    built_own(tmp_path)
    result = evaluate(next(tmp_path.glob("甲县*"))).result
    build(result, Request(tmp_path / "out", ("html", "pdf", "xlsx")))
    verdicts = verify_pack(pack(result, tmp_path / "out").path)
    assert [check.differences for one in verdicts for check in one.checks if check.differences] == []
    assert {one.word for one in verdicts} == {"一致"}


@pytest.mark.parametrize("layout", ["national", "sichuan", "hubei"])
def test_a_form_without_rows_is_planned_with_what_stands_below_it(layout):
    result = in_layout(evaluate(Path(__file__).resolve().parents[2] / "inputs" / "ningxia-2020").result, layout)
    unit = summary_document(result).unit
    assert unit is not None
    assert not unit.rows
    plan = chosen(unit, 0)
    high = plan.ruler.above(unit) + plan.ruler.total(unit) + plan.ruler.under(unit)
    assert high <= plan.pages * plan.ruler.paper.page
    assert plan.pages == 1


@pytest.mark.parametrize("layout", ["sichuan", "hubei"])
def test_the_form_of_a_unit_without_indicators_claims_nothing_of_them(layout):
    result = in_layout(evaluate(Path(__file__).resolve().parents[2] / "inputs" / "ningxia-2020").result, layout)
    unit = summary_document(result).unit
    assert unit is not None
    said = {part.title: "".join(block.text for block in part.blocks) for part in unit.remarks}
    for title in ("评价结论", "存在问题", "偏差大或目标未完成原因分析"):
        assert said.get(title, "没有计分的三级指标。") == "没有计分的三级指标。"
    money = next(block for block in unit.layout.blocks if block.kind == "funds")
    assert block_label(money, unit) == money.label[True], "no points where the money is not scored"
    page = re.sub(r"<[^>]*>", "", Pages(result).summary(planned_summary(summary_document(result)), for_print=True))
    assert "—分" not in page


def test_what_is_concluded_of_a_unit_with_indicators_names_the_unit():
    unit = summary_document(in_layout(with_unit(sample_result()), "sichuan")).unit
    assert unit is not None
    said = unit.remarks[0].blocks[0].text
    assert said.startswith("部门整体绩效自评得")


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
@pytest.mark.parametrize(("layout", "whole"), [("sichuan", "97.88%"), *slow(("hubei", "(B/A)"))])
def test_a_form_breaks_no_rate_and_no_head_in_its_brackets(engine, layout, whole, tmp_path):
    needs(engine)
    result = in_layout(evaluate(Path(__file__).resolve().parents[2] / "inputs" / "ningxia-2020").result, layout)
    asked = Request(tmp_path, ("pdf",), projects=frozenset({"P01"}), pdf_engine=engine)
    summary = build(result, asked).folder / "summary.pdf"
    page = next(page for page in read_pdf(summary).pages if "部门整体支出绩效自评表" in page)
    assert whole in page


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_nobody_signs_above_what_a_form_asks_for_below_its_table(engine, tmp_path):
    needs(engine)
    folder = make_evaluation(tmp_path, toml=TOML + 'rules = "hubei"\n[report]\nlayout = "hubei"\n')
    made = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), pdf_engine=engine)).folder
    report = made / "projects" / "P01" / "report.pdf"
    text = re.sub(r"\s", "", "".join(read_pdf(report).pages))
    form = text[text.index("偏差大或目标未完成原因分析") :]
    assert form.index("改进措施及结果应用方案") < form.index("备注：") < form.index("填报人：")
    assert verify(report).word == AGREES
