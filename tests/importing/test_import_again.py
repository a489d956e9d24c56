"""A second import harms nothing; a bad source gets one clear sentence; no text becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from attempts import slow, some
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing import layouts
from importing.layouts import Grid
from openpyxl import Workbook, load_workbook

from selfeval.base.files import replace_file
from selfeval.importing.grid import SourceFile
from selfeval.importing.ledger import Ledger
from selfeval.importing.readers import text as text_reader
from selfeval.importing.readers.files import read_source
from selfeval.importing.run import import_forms
from selfeval.importing.tables import write as writing
from selfeval.importing.understanding.understand import understand
from selfeval.reading.columns import ACTUALS
from selfeval.reading.tables import read_table

SEEDS = Path(__file__).parents[1] / "importing" / "seeds"

FORM = """\
项目支出绩效目标申报表
(2021年)
填报单位：甲县财政局
单位：元
项目名称\t道路维修\t\t
项目预算金额：\t1,000.00\t\t
一级指标\t二级指标\t三级指标\t指标值
产出指标\t数量指标\t维修里程\t≥20公里
\t质量指标\t验收合格率\t100%
满意度指标\t服务对象满意度\t群众满意度\t≥90%
"""


@pytest.fixture
def form(tmp_path):
    path = tmp_path / "申报表.txt"
    path.write_text(FORM, encoding="utf-8")
    return path


@pytest.fixture
def into(tmp_path):
    return tmp_path / "甲县-2021"


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def rewrite(path, change):
    """A person edits a table in Excel."""
    table = rows(path)
    change(table)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)


def content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def remarks(into, sort):
    data = json.loads((into / "import-report.json").read_text(encoding="utf-8"))
    return [r["message"] for r in data["remarks"] if r["sort"] == sort]


def edit(path, old, new):
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


# ── again ──


def test_importing_again_changes_no_byte(form, into) -> None:
    import_forms([form], into)
    before = content(into)
    outcome = import_forms([form], into)
    assert outcome.written == ()
    assert content(into) == before


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", *slow("2", "3")])
def test_the_cells_of_a_row_are_entered_in_their_order_in_every_process(seed, tmp_path) -> None:
    source = Path(__file__).parent / "field" / "faults" / "m10_flat_total_row.xlsx"
    command = [sys.executable, "-m", "selfeval", "import", str(source), "--into", str(tmp_path / "e")]
    subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)
    entries = json.loads((tmp_path / "e" / "import-report.json").read_text(encoding="utf-8"))["fates"]
    money, goal, carrier = (f"工作表“Sheet1”{cell}" for cell in ("C5", "D5", "A5"))
    places = [entry["place"].split(" ", 1)[1] for entry in entries]
    assert places.index(carrier) < places.index(money) < places.index(goal)


@pytest.mark.parametrize("xlsx", [False, True])
def test_what_a_person_filled_in_stays(form, into, xlsx) -> None:
    import_forms([form], into, xlsx=xlsx)
    if xlsx:
        book = load_workbook(into / "填报表.xlsx")
        for sheet, column, text in (("完成情况", "实际完成值", "21公里"), ("预算", "全年执行数", "990")):
            names = [c.value for c in book[sheet][1]]
            book[sheet].cell(2, names.index(column) + 1, text)
        book.save(into / "填报表.xlsx")
    else:
        rewrite(into / "actuals.csv", lambda t: t[0].update({"实际完成值": "21公里"}))
        rewrite(into / "budget.csv", lambda t: t[0].update({"全年预算数": "1000", "全年执行数": "990"}))
    before = content(into)
    import_forms([form], into, xlsx=xlsx)
    assert {k: v for k, v in content(into).items() if not k.startswith("import")} == {
        k: v for k, v in before.items() if not k.startswith("import")
    }
    actual = read_table(into, ACTUALS)[0].rows[0]
    assert actual.text("实际完成值") == "21公里"


@pytest.mark.parametrize("files", range(1, 6))
def test_an_interrupted_import_leaves_whole_files_and_can_be_repeated(form, into, tmp_path, monkeypatch, files) -> None:
    written: list[Path] = []

    def full_disk(path: Path, content: bytes) -> None:
        if len(written) == files:
            raise OSError(28, "No space left on device")
        written.append(path)
        replace_file(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "replace_file", full_disk)
        outcome = import_forms([form], into)
    assert "写不进" in outcome.problems[-1]
    import_forms([form], into)
    whole = tmp_path / "whole" / into.name
    import_forms([form], whole)
    made = {path.relative_to(into): path.read_bytes() for path in into.rglob("*.*") if "report" not in path.name}
    assert made == {
        path.relative_to(whole): path.read_bytes() for path in whole.rglob("*.*") if "report" not in path.name
    }


def test_a_target_changed_on_the_form_is_renewed_and_listed(form, into) -> None:
    import_forms([form], into)
    edit(form, "≥20公里", "≥25公里")
    import_forms([form], into)
    assert rows(into / "targets.csv")[0]["指标值"] == "≥25公里"
    assert any("“≥20公里”改为“≥25公里”" in message for message in remarks(into, "changed"))


def test_a_target_that_a_person_changed_stays_and_is_listed(form, into) -> None:
    import_forms([form], into)
    rewrite(into / "targets.csv", lambda t: t[0].update({"指标值": "≥22公里", "分值": "50"}))
    edit(form, "≥20公里", "≥25公里")
    outcome = import_forms([form], into)
    assert rows(into / "targets.csv")[0]["指标值"] == "≥22公里"
    assert rows(into / "targets.csv")[0]["分值"] == "50"
    assert outcome.kept == 1
    assert any("≥22公里" in m and "≥25公里" in m for m in remarks(into, "kept"))


def test_without_the_last_report_nothing_is_renewed(form, into) -> None:
    import_forms([form], into)
    (into / "import-report.json").unlink()
    edit(form, "≥20公里", "≥25公里")
    import_forms([form], into)
    assert rows(into / "targets.csv")[0]["指标值"] == "≥20公里"
    assert any("≥25公里" in m for m in remarks(into, "kept"))


def test_a_new_indicator_joins_its_project_and_one_gone_stays(form, into) -> None:
    import_forms([form], into)
    edit(form, "\t质量指标\t验收合格率\t100%", "\t时效指标\t完成时间\t2021年底")
    import_forms([form], into)
    assert [t["三级指标"] for t in rows(into / "targets.csv")] == ["维修里程", "验收合格率", "群众满意度", "完成时间"]
    assert len(rows(into / "actuals.csv")) == 4
    assert any("验收合格率" in m and "保留" in m for m in remarks(into, "kept"))


def test_a_row_that_a_person_deleted_stays_deleted(form, into) -> None:
    import_forms([form], into)
    rewrite(into / "targets.csv", lambda t: t.pop(1))
    import_forms([form], into)
    assert len(rows(into / "targets.csv")) == 2


def test_a_second_project_gets_the_next_number_and_the_first_keeps_its_own(form, into, tmp_path) -> None:
    import_forms([form], into)
    other = tmp_path / "另一张.txt"
    other.write_text(FORM.replace("道路维修", "桥梁加固") + FORM, encoding="utf-8")
    import_forms([other], into)
    assert [(p["项目编号"], p["项目名称"]) for p in rows(into / "projects.csv")] == [
        ("P01", "道路维修"),
        ("P02", "桥梁加固"),
    ]


def test_columns_and_separator_of_a_persons_table_stay(form, into) -> None:
    import_forms([form], into)
    table = "备注;项目编号;二级指标;三级指标;实际完成值\r\n老王填;P01;数量指标;维修里程;21\r\n"
    (into / "actuals.csv").write_bytes(table.encode("gb18030"))
    edit(form, "验收合格率", "一次验收合格率")
    import_forms([form], into)
    text = (into / "actuals.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "备注;项目编号;二级指标;三级指标;实际完成值"
    assert text.splitlines()[1:] == ["老王填;P01;数量指标;维修里程;21", ";P01;质量指标;一次验收合格率;"]


def test_a_table_with_errors_is_left_alone(form, into) -> None:
    import_forms([form], into)
    (into / "targets.csv").write_bytes("项目编号,三级指标\nP01,里程,多一格\n".encode())
    edit(form, "≥20公里", "≥25公里")
    outcome = import_forms([form], into)
    assert (into / "targets.csv").read_bytes() == "项目编号,三级指标\nP01,里程,多一格\n".encode()
    assert any("targets" in p for p in outcome.problems)


def test_settings_and_narratives_of_a_person_stay(form, into) -> None:
    import_forms([form], into)
    (into / "selfeval.toml").write_text(
        '[evaluation]\nyear = 2022\nunit = "乙局"\nmoney_unit = "万元"\n', encoding="utf-8"
    )
    (into / "narrative" / "P01.md").write_text("## 一、项目概况\n\n已写。\n", encoding="utf-8")
    (into / "budget.csv").unlink()
    import_forms([form], into)
    assert "乙局" in (into / "selfeval.toml").read_text(encoding="utf-8")
    assert "已写。" in (into / "narrative" / "P01.md").read_text(encoding="utf-8")
    assert rows(into / "budget.csv")[0]["年初预算数"] == "0.1"
    assert any("2022" in m and "2021" in m for m in remarks(into, "kept"))


def test_a_number_that_is_no_file_name_makes_no_file(form, into) -> None:
    import_forms([form], into)
    rewrite(into / "projects.csv", lambda t: t[0].update({"项目编号": "../../x"}))
    (into / "import-report.json").unlink()
    import_forms([form], into)
    assert not (into.parent.parent / "x.md").exists()
    assert [p["项目编号"] for p in rows(into / "projects.csv")] == ["../../x", "P01"]


def test_actuals_in_parts_are_found(form, into) -> None:
    import_forms([form], into)
    (into / "actuals").mkdir()
    (into / "actuals.csv").rename(into / "actuals" / "养护科.csv")
    before = content(into / "actuals")
    assert import_forms([form], into).written == ()
    assert content(into / "actuals") == before
    assert not (into / "actuals.csv").exists()


# ── no formulas ──


@pytest.mark.parametrize(
    "text",
    some([
        '=HYPERLINK("http://x","y")', "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "=8个", "=100%",
        '＝HYPERLINK("http://x","y")', "＋1", "－5分", "＠SUM(A1)", "\t=1+1", "|calc",
    ], 3),
)  # fmt: skip
def test_no_text_of_a_form_becomes_a_formula(tmp_path, into, text) -> None:
    grid = Grid(4)
    grid.add("项目名称", "公式", spans=(1, 3))
    grid.add("一级指标", "二级指标", "三级指标", "指标值")
    grid.add("产出指标", "数量指标", "次数", text)
    path = tmp_path / "公式.xlsx"
    path.write_bytes(layouts.xlsx([grid]))
    import_forms([path], into)
    assert rows(into / "targets.csv")[0]["指标值"][0] not in "=+-@|\t＝＋－＠"
    import_forms([path], into.with_name("乙县-2021"), xlsx=True)
    book = load_workbook(into.with_name("乙县-2021") / "填报表.xlsx")
    assert all(cell.data_type != "f" for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("text", ["=8个", "=100%", "≥95%", "-5℃", "+10%", "＝8个", "－5分", "＋1"])
def test_a_measure_with_a_sign_is_read_back_word_for_word(tmp_path, into, text) -> None:
    path = tmp_path / "表.txt"
    path.write_text(FORM.replace("≥20公里", text), encoding="utf-8")
    import_forms([path], into)
    from selfeval.reading.columns import TARGETS

    assert read_table(into, TARGETS)[0].rows[0].text("指标值") == text
    before = content(into)
    import_forms([path], into)
    assert content(into) == before


def test_a_formula_without_its_result_is_told(tmp_path, into) -> None:
    book = Workbook()
    for row in (
        ("项目名称", "甲"),
        ("一级指标", "二级指标", "三级指标", "指标值"),
        ("产出指标", "数量指标", "次数", "=1+2"),
    ):
        book.active.append(row)
    book.save(tmp_path / "甲.xlsx")
    import_forms([tmp_path / "甲.xlsx"], into)
    assert "是公式" in (into / "import-report.md").read_text(encoding="utf-8")


# ── bad sources ──


def old_office() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def bomb(member: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(member, "w", force_zip64=True) as file:
            for _ in range(256):
                file.write(bytes(1_000_000))
        archive.writestr("META-INF/manifest.xml", "")
    return out.getvalue()


def scan() -> bytes:
    from weasyprint import HTML

    picture = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # one dot
    )
    return HTML(string=f'<img src="data:image/png;base64,{picture}" width=300 height=300>').write_pdf()


def locked_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(scan())))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.doc", old_office, ("旧版 Word", "另存为 .docx")),
        ("a.wps", old_office, ("WPS 文字", "另存为 .docx")),
        ("a.et", old_office, ("WPS 表格", "另存为 .xlsx")),
        ("a.docx", old_office, ("密码", "另存为 .docx")),
        ("a.xlsx", old_office, ("密码", "另存为 .xlsx")),
        ("a.xls", old_office, ("另存",)),
        ("a.xls", lambda: b"<html><table></table></html>", ("另存为 .xlsx",)),
        ("a.pdf", scan, ("扫描件", "没有文字层", "文字识别")),
        ("a.pdf", locked_pdf, ("密码",)),
        ("a.pdf", lambda: b"%PDF-1.7\nbroken", ("损坏", "另存")),
        ("a.docx", lambda: b"PK\x03\x04broken", ("另存",)),
        ("a.docx", lambda: layouts.xlsx([]), ("没有找到绩效目标表",)),
        ("a.xlsx", lambda: b"PK\x03\x04" + bytes(40), ("另存",)),
        ("a.xlsx", lambda: b"plain text", ("另存",)),
        *slow(("a.xlsx", lambda: bomb("xl/worksheets/sheet1.xml"), ("没有读取",))),
        *slow(("a.docx", lambda: bomb("word/document.xml"), ("没有读取",))),
        *slow(("a.ods", lambda: bomb("content.xml"), ("没有读取",))),
        ("a.ods", lambda: b"PK\x03\x04", ("另存",)),
        ("a.txt", lambda: b"\xff\xfe\x00", ("UTF-8",)),
        ("a.txt", lambda: b"%PDF-1.7", ("PDF",)),
        ("a.txt", lambda: b"", ("空的",)),
        ("a.jpg", lambda: b"\xff\xd8\xff", ("图片", "文字识别")),
        ("a.ofd", lambda: b"PK", ("PDF",)),
        ("a.xyz", lambda: b"x", ("不支持", ".docx")),
        ("a", lambda: b"x", ("不支持",)),
    ],
)
def test_a_source_that_cannot_be_read_says_why_and_what_to_do(tmp_path, into, name, data, words) -> None:
    (tmp_path / name).write_bytes(data())
    outcome = import_forms([tmp_path / name], into)
    (problem,) = outcome.problems
    assert problem.startswith(f"{name}：")
    assert all(word in problem for word in words), problem
    assert outcome.nothing
    assert not into.exists()


@pytest.mark.parametrize("named", ["表.xlsx", "表.pdf", "表.doc", "表.txt"])
def test_a_file_with_a_wrong_extension_is_read_by_its_content_and_that_is_said(tmp_path, into, named) -> None:
    grid = layouts.Grid(4)
    grid.add("项目名称", "甲", spans=(1, 3))
    grid.add("一级指标", "二级指标", "三级指标", "指标值")
    grid.add("产出指标", "数量指标", "次数", "3次")
    (tmp_path / named).write_bytes(layouts.docx([grid]))
    outcome = import_forms([tmp_path / named], into)
    assert (outcome.indicators, outcome.problems) == (1, ())
    assert "内容是 .docx 文件" in (into / "import-report.md").read_text(encoding="utf-8")


def test_a_missing_source_and_an_empty_folder_are_told(tmp_path, into) -> None:
    (tmp_path / "空").mkdir()
    assert "没有这个文件" in import_forms([tmp_path / "没有.docx"], into).problems[0]
    assert import_forms([tmp_path / "空"], into).problems
    assert import_forms([], into).problems


def test_one_bad_source_does_not_spoil_the_others(form, into, tmp_path) -> None:
    (tmp_path / "旧.doc").write_bytes(old_office())
    outcome = import_forms([tmp_path / "旧.doc", form], into)
    assert outcome.projects == 1
    assert len(outcome.problems) == 1
    assert "旧.doc" in (into / "import-report.md").read_text(encoding="utf-8")


def test_a_folder_stands_for_the_files_in_it(form, into) -> None:
    assert import_forms([form.parent], into).projects == 1


def test_a_text_without_a_form_writes_nothing(tmp_path, into) -> None:
    (tmp_path / "通知.txt").write_text("关于做好绩效自评工作的通知\n各单位：\n请按时报送。\n", encoding="utf-8")
    outcome = import_forms([tmp_path / "通知.txt"], into)
    assert "没有找到绩效目标表" in outcome.problems[0]
    assert not into.exists()


def test_into_a_file_is_refused(form, tmp_path) -> None:
    assert "文件" in import_forms([form], form).problems[0]
    assert form.read_text(encoding="utf-8") == FORM


def test_an_over_long_text_is_refused(tmp_path, into, monkeypatch) -> None:
    monkeypatch.setattr(text_reader, "MAX_BYTES", 100)
    (tmp_path / "长.txt").write_text(FORM, encoding="utf-8")
    assert "超过" in import_forms([tmp_path / "长.txt"], into).problems[0]


def test_a_form_without_year_or_unit_says_what_is_missing(tmp_path, into) -> None:
    (tmp_path / "表.txt").write_text(FORM[FORM.index("项目名称") :], encoding="utf-8")
    import_forms([tmp_path / "表.txt"], into)
    assert any("year" in m for m in remarks(into, "unknown"))
    assert any("unit" in m for m in remarks(into, "unknown"))
    assert "# year" in (into / "selfeval.toml").read_text(encoding="utf-8")


# ── anything at all ──

WORDS = st.sampled_from(
    [
        "项目名称",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标值",
        "分值",
        "得分",
        "实际完成值",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "产出指标",
        "效益指标",
        "数量指标",
        "成本指标",
        "总分",
        "合计",
        "年度目标",
        "总体目标",
        "项目资金（万元）",
        "其中：财政拨款",
        "其他资金",
        "年度资金总额",
        "10",
        "95%",
        "≥3个",
        "道路维修",
        "：",
        "注：说明",
        "项目支出绩效自评表",
        "2021年",
        "……",
        "实施期资金总额",
        "总额",
        "财政拨款",
        "中期目标",
        "长期绩效指标",
        "填报人：王五",
        "",
    ]  # the last is an empty cell
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=st.lists(st.lists(WORDS, min_size=1, max_size=6), max_size=12))
def test_any_table_is_read_without_failing_and_no_cell_is_lost(table) -> None:
    lines = "\n".join("\t".join(row) for row in table)
    source = text_reader.read_text(lines.encode() or b" ", "任意.txt")
    ledger = Ledger()
    understand([source], ledger)
    cells = [cell for line in source.lines for cell in line.cells]
    assert set(ledger.entries) == set(cells)
    assert len(cells) == sum(bool(text) for row in table for text in row)


@pytest.mark.parametrize("name", ["a.txt", "a.xlsx", "a.docx", "a.pdf", "a.ods", "a.xls", "a.md", "a.csv"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(tmp_path, name, data) -> None:
    (tmp_path / name).write_bytes(data)
    assert isinstance(read_source(tmp_path / name), SourceFile)


@pytest.mark.slow
def test_each_library_is_loaded_only_when_its_format_comes(tmp_path, form) -> None:
    program = (
        "import sys; from pathlib import Path; from selfeval.importing.run import import_forms;"
        f"import_forms([Path({str(form)!r})], Path({str(tmp_path / 'x')!r}));"
        "heavy = ('docx', 'pdfplumber', 'xlrd', 'openpyxl.workbook', 'weasyprint', 'pandas');"
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
