"""What happens to the bytes of a table before anyone reads meaning into them."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from selfeval.base.model import Place
from selfeval.reading import tables
from selfeval.reading import xlsx_files as workbooks
from selfeval.reading.columns import ACTUALS, BUDGET, PROJECTS, REVIEW, TABLES, TARGETS
from selfeval.reading.csv_files import Record, cell_starts, column_of, columns_of, csv_text
from selfeval.reading.tables import read_table

HEADER = "项目编号,项目名称,功能科目编码"
ROW = "P01,道路维修,02210302"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "甲县-2021").mkdir()
    return tmp_path / "甲县-2021"


def read(folder, data, spec=PROJECTS, name=None):
    """Reads one table out of text, bytes or a workbook."""
    path = folder / (name or f"{spec.name}.csv")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_table(folder, spec)


def table(*rows):
    return "\n".join((HEADER, *rows)) + "\n"


def codes(problems):
    return [d.code for d in problems]


def names(read_):
    return [row.text("项目名称") for row in read_.rows]


def only(problems):
    (problem,) = problems
    return problem


# ── What survives ──


@pytest.mark.parametrize("text", ["02210302", "NA", "1.10", "1E5", "=1+1", "TRUE", "１２％", "510700202200001234"])
def test_every_cell_stays_the_text_it_was(folder, text):
    projects, problems = read(folder, table(f"P01,道路,{text}"))
    assert (projects.rows[0].text("功能科目编码"), problems) == (text, ())


@pytest.mark.parametrize(
    "data",
    [
        (HEADER + "\n" + ROW).encode("utf-8"),
        (HEADER + "\n" + ROW).encode("utf-8-sig"),
        (HEADER + "\n" + ROW).encode("gb18030"),
        (HEADER + "\n" + ROW).encode("utf-16"),
        b"\xfe\xff" + (HEADER + "\n" + ROW).encode("utf-16-be"),
        (HEADER + "\r\n" + ROW + "\r\n").encode("utf-8-sig"),
        (HEADER + "\r" + ROW + "\r").encode("utf-8"),
        (HEADER + "\r\n" + ROW + "\n\r\n\n").encode("utf-8"),
        (HEADER + "\n" + ROW).replace(",", "\t").encode("utf-16"),
        (HEADER + "\n" + ROW).replace(",", ";").encode("gb18030"),
        ("\n,,\n" + HEADER + "\n,,,,,\n \u3000,,\n" + ROW + "\n,,,,\n").encode(),
        ('"项目编号","项目名称","功能科目编码"\n"P01","道路维修","02210302"\n').encode(),
        (HEADER + "\nP01\u3000,\xa0道路维修,  02210302 \n").encode(),
    ],
    ids=[
        "utf-8", "bom", "gb18030", "utf-16-le", "utf-16-be", "crlf", "cr", "mixed-ends",
        "tabs", "semicolons", "blank-lines", "all-quoted", "blanks-around",
    ],
)  # fmt: skip
def test_all_that_excel_and_wps_write_is_the_same_table(folder, data):
    projects, problems = read(folder, data)
    assert [[c.text for c in row.cells.values() if c] for row in projects.rows] == [ROW.split(",")]
    assert (projects.columns, problems) == (("项目编号", "项目名称", "功能科目编码"), ())


@pytest.mark.parametrize(
    "header",
    [
        "Project_ID,NAME",
        "project id,Project-Name",
        "项目编号*,项目名称（必填）",
        "＊项目 编号,项　目　名　称",
        "ｐｒｏｊｅｃｔ_id,name",
    ],
)
def test_headers_are_known_by_alias_and_whatever_their_width_or_marks(folder, header):
    projects, problems = read(folder, f"{header}\nP01,道路\n")
    assert (names(projects), problems) == (["道路"], ())


@pytest.mark.parametrize("spec", TABLES)
def test_no_header_of_a_table_means_two_columns(spec):
    written = [text for c in spec.columns for text in (c.name, *c.aliases)]
    assert [spec.find(text) for text in written] == [c.name for c in spec.columns for _ in (c.name, *c.aliases)]


def test_columns_stand_in_any_order_and_an_absent_one_is_empty_at_the_rows_start(folder):
    row = read(folder, "项目名称,项目编号\n道路,P01\n")[0].rows[0]
    assert row.project == "P01"
    assert row["项目编号"].place == Place("甲县-2021/projects.csv", 2, 4)
    assert (row["主管部门"].text, row["主管部门"].place) == ("", row.place)


def test_a_separator_inside_quotes_and_full_width_commas_are_text(folder):
    projects, _ = read(folder, table('P01,"道路,桥梁，和""路灯""",1'))
    assert names(projects) == ['道路,桥梁，和"路灯"']


# ── Places ──


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_physical_and_columns_count_characters(folder, end):
    text = end.join((HEADER, f'P01,"第一行{end}第二行",1', "", 'P02,"桥",2'))
    first, second = read(folder, text)[0].rows
    assert first.text("项目名称") == f"第一行{end}第二行"
    places = [
        (c.place.line, c.place.column) for c in (first["项目名称"], first["功能科目编码"], second["功能科目编码"])
    ]
    assert places == [(2, 5), (2, 6), (5, 9)]


@given(st.lists(st.text('a",\n', max_size=6), min_size=1, max_size=5))
def test_the_start_of_each_cell_is_found_in_the_raw_record(values):
    cells = ['"' + value.replace('"', '""') + '"' for value in values]
    starts = cell_starts(",".join(cells) + "\r\n", ",")
    assert starts == [sum(len(c) + 1 for c in cells[:i]) for i in range(len(cells))]


# ── Rows that cannot stand ──


def test_a_row_of_another_width_is_named_and_left_out(folder):
    projects, problems = read(folder, table("P01,预算,900,000.00", ROW, "P03,短", "P04,长,1,"))
    assert names(projects) == ["道路维修"]
    assert [(d.code, d.line, d.column, d.project) for d in problems] == [
        ("T002", 2, 1, "P01"),
        ("T002", 4, 1, "P03"),
        ("T002", 5, 1, "P04"),
    ]
    assert problems[0].message == "第 2 行有 4 格，表头有 3 格，这一行没有使用：“P01”、“预算”、“900”…"


def test_a_quote_that_never_closes_is_named_where_it_opens_and_costs_one_row(folder):
    projects, problems = read(folder, table("P01,甲,1", 'P02,"乙,2', "P03,丙,3"))
    assert names(projects) == ["甲", "丙"]
    assert [(d.code, d.line, d.column) for d in problems] == [("T016", 3, 5)]


FUNDS = "项目编号,资金来源,年初预算数,全年预算数,全年执行数"


@pytest.mark.parametrize(
    ("spec", "rows"),
    [
        (PROJECTS, [HEADER, 'P01,"甲,1', "P02,乙,2", 'P03,丙",3']),
        (PROJECTS, [HEADER, 'P01,"甲,1', 'P02,乙",2', "P03,丙,3"]),
        (BUDGET, [FUNDS, 'P01,"拨款,1,1,1', "P02,拨款,2,2,2", 'P03,其他",3,3,3']),
        (BUDGET, [FUNDS, 'P01,"拨款,1,1,"1"', "P02,拨款,2,2,2", 'P03,"其他",3,3,3']),
    ],
)
def test_two_open_quotes_do_not_swallow_the_rows_between(folder, spec, rows):
    read_, problems = read(folder, "\n".join(rows), spec)
    assert [row.project for row in read_.rows] == ["P02", "P03"]
    assert [(d.code, d.line, d.column) for d in problems] == [("T016", 2, 5)]


@pytest.mark.parametrize("text", ["共 2 项,\n1,234,567\n元", "一,二\n三,四", "P01 甲\n P02 乙\n"])
def test_prose_over_several_lines_is_no_swallowed_row(folder, text):
    projects, problems = read(folder, table(f'P01,"{text}",1', ROW))
    assert (names(projects), problems) == ([text.strip(), "道路维修"], ())


def test_text_behind_a_closing_quote_is_an_error(folder):
    _, problems = read(folder, table('P01,"道路"维修,1'))
    assert [(d.code, d.line, d.column) for d in problems] == [("T016", 2, 5)]


@pytest.mark.slow
def test_many_open_quotes_come_to_an_end(folder):
    _, problems = read(folder, table(*['x","y'] * 20_000))
    assert "没有读取" in problems[-1].message


@pytest.mark.slow
@pytest.mark.parametrize("quote", ['"', ""])
def test_a_cell_of_ten_megabytes_is_refused_at_once(folder, quote):
    projects, problems = read(folder, table(f"P01,{quote}{'长' * 3_500_000}{quote},1", ROW))
    assert (names(projects), codes(problems), problems[0].project) == (
        ["道路维修"],
        ["T011"],
        "P01",
    )


def test_a_blank_id_or_name_is_named_and_a_row_of_no_project_left_out(folder):
    projects, problems = read(folder, table(",道路,1", "P02,,1"))
    assert [row.project for row in projects.rows] == ["P02"]
    assert [(d.code, d.line, d.column, d.project) for d in problems] == [
        ("T010", 2, 1, None),
        ("T010", 3, 5, "P02"),
    ]


# ── Headers ──


def test_missing_columns_are_named_together_and_no_row_is_read(folder):
    targets, problems = read(folder, "项目编号,一级指标,三级指标,指标直\nP01,产出,数,1\n", TARGETS)
    assert targets.rows == ()
    assert codes(problems) == ["T003"]
    assert "缺少必需的列“二级指标”、“指标值”" in problems[0].message
    assert "“指标直”像是“指标值”" in problems[0].message


def test_a_full_width_comma_in_the_header_is_told(folder):
    _, problems = read(folder, "项目编号，项目名称\nP01，道路\n")
    assert "全角逗号" in next(d for d in problems if d.code == "T003").hint


def test_of_a_repeated_column_the_first_counts(folder):
    projects, problems = read(folder, "项目编号,项目名称,name\nP01,甲,乙\n")
    assert names(projects) == ["甲"]
    assert [(d.code, d.line, d.column) for d in problems] == [("T004", 1, 11)]


def test_an_unknown_column_is_told_once(folder):
    projects, problems = read(folder, "项目编号,备 注,项目名称\nP01,x,甲\nP02,y,乙\n")
    assert names(projects) == ["甲", "乙"]
    assert [(d.code, d.severity, d.line, d.column) for d in problems] == [("T005", "warning", 1, 6)]


def test_a_header_of_many_unknown_columns_is_taken_apart_once(folder, monkeypatch):
    """Once for each finding would take a minute for fifty thousand columns."""
    calls = []
    real = columns_of
    monkeypatch.setattr(tables, "columns_of", lambda *given: calls.append(given) or real(*given))
    more = ",".join(f'"列{at}"' for at in range(300))
    _, problems = read(folder, f"项目编号,项目名称,{more}\n")
    assert (len(problems), problems[-1].column) == (300, len(f"项目编号,项目名称,{more}") - 5)
    assert len(calls) == 1


@pytest.mark.parametrize(("cell", "expected"), [("", []), ("x", ["T005"])])
def test_a_column_without_a_name_matters_only_where_it_holds_something(folder, cell, expected):
    projects, problems = read(folder, f"{HEADER},\n{ROW},{cell}\n")
    assert (len(projects.rows), codes(problems)) == (1, expected)


# ── Files ──


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "T007", ""),
        (b"\xef\xbb\xbf\r\n \r\n", "T007", ""),
        (b"PK\x03\x04" + bytes(20), "T008", "Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "T008", ".xls"),
        (b"%PDF-1.7", "T008", "PDF"),
        (b"abc\0def", "T008", "二进制"),
        (b"\xff\xfea", "T001", "UTF-16-LE"),
        (b"a\n\x81\xff", "T001", "第 2 行"),
        (table(ROW).encode()[:-20] + b"\xe9\n", "T001", "UTF-8"),
        (table(ROW).encode("utf-8-sig") + b"\xe9\n", "T001", "第 3 行"),
    ],
)
def test_what_is_no_table_of_text_is_named(folder, data, code, words):
    projects, problems = read(folder, data)
    assert (projects.rows, only(problems).code, only(problems).file) == (
        (),
        code,
        "甲县-2021/projects.csv",
    )
    assert words in only(problems).message


@pytest.mark.parametrize("spec", TABLES)
def test_all_tables_but_review_must_be_there(folder, spec):
    _, problems = read_table(folder, spec)
    assert codes(problems) == ([] if spec is REVIEW else ["T006"])


def test_a_missing_table_in_another_format_is_mentioned(folder):
    (folder / "budget.xls").touch()
    assert "budget.xls" in only(read_table(folder, BUDGET)[1]).message


def test_a_folder_in_place_of_a_file(folder):
    (folder / "projects.csv").mkdir()
    assert "文件夹" in only(read_table(folder, PROJECTS)[1]).message


def test_an_evaluation_that_is_not_there(tmp_path):
    assert codes(read_table(tmp_path / "无", PROJECTS)[1]) == ["T017"]


def test_a_link_out_of_the_evaluation_is_not_followed(folder):
    (folder.parent / "secret.csv").write_text(table(ROW))
    (folder / "projects.csv").symlink_to("../secret.csv")
    projects, problems = read_table(folder, PROJECTS)
    assert (projects.rows, codes(problems)) == ((), ["T017"])
    assert "链接" in problems[0].message


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "projects.csv")
    assert codes(read_table(folder, PROJECTS)[1]) == ["T017"]


def test_a_file_too_large_is_not_read(folder):
    with (folder / "projects.csv").open("wb") as file:
        file.truncate(513 * 2**20)
    assert codes(read_table(folder, PROJECTS)[1]) == ["T018"]


def test_both_formats_are_an_error_and_neither_is_read(folder):
    read(folder, table(ROW))
    projects, problems = read(folder, b"", name="projects.xlsx")
    assert (projects.rows, codes(problems)) == ((), ["T009"])


def test_actuals_may_be_split_over_files_of_either_kind(folder):
    actuals = "项目编号,三级指标,实际完成值\n{},次数,1\n"
    read(folder, actuals.format("P01"), name="actuals.csv")
    read(folder, actuals.format("P03"), name="actuals/科室二.csv")
    read(
        folder,
        workbook([["项目编号", "三级指标", "实际完成值"], ["P02", "次数", 2]]),
        name="actuals/科室一.xlsx",
    )
    (folder / "actuals" / "~$科室一.xlsx").write_bytes(b"lock")
    split, problems = read_table(folder, ACTUALS)
    assert [row.project for row in split.rows] == ["P01", "P02", "P03"]
    assert problems == ()
    assert split.files == (
        "甲县-2021/actuals.csv",
        "甲县-2021/actuals/科室一.xlsx",
        "甲县-2021/actuals/科室二.csv",
    )
    assert split.rows[2].place == Place("甲县-2021/actuals/科室二.csv", 2, 1)


# ── Workbooks ──


def workbook(rows, formats=(), merge=()):
    """The bytes of a workbook; `formats` maps cells to number formats."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cell, number_format in dict(formats).items():
        sheet[cell].number_format = number_format
    for cells in merge:
        sheet.merge_cells(cells)
    return saved(book)


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


EMPTY_VALUE = re.compile(rb"<v ?/>|<v></v>")
"""However the XML library at hand writes it."""


def patched(data, old, new, member="xl/worksheets/sheet1.xml"):
    """A workbook with some of its XML replaced."""
    old = old if isinstance(old, re.Pattern) else re.compile(re.escape(old))
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            assert name != member or old.search(content)
            target.writestr(name, old.sub(lambda _: new, content) if name == member else content)
    return file.getvalue()


HEAD = ["项目编号", "项目名称", "项目概况"]


def shown(folder, value, number_format="General"):
    data = workbook([HEAD, ["P01", "道路", value]], {"C2": number_format})
    projects, problems = read(folder, data, name="projects.xlsx")
    assert problems == ()
    return projects.rows[0].text("项目概况")


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.003, "0.00%", "0.30%"),
        (0.95, "0%", "95%"),
        (0.12345, "0.00%", "12.345%"),
        (0.29, "0%", "29%"),
        (1, "0.0%;[Red]-0.0%", "100.0%"),
        (-0.05, '0.##"%"%', "-5%"),
        (12, '0"项"', "12项"),
        (42000, '#,##0"人次"', "42000人次"),
        (120.5, '0.00"万元";[Red]-0.00"万元"', "120.5万元"),
        (95, '"≥"0"%"', "≥95%"),
        (5, 'General"人"', "5人"),
        (120.5, '"¥"#,##0.00', "120.5"),
        (120.5, "[$¥-804]#,##0.00_ ", "120.5"),
        (120.5, "[$$-409]#,##0.00", "$120.5"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0"),
        (1200000, '0!.0,"万"', "1200000"),
        (20000, '[>=10000]0.0,"万";0', "20000"),
        (1.1, "General", "1.1"),
        (0.1 + 0.2, "General", "0.3"),
        (2210302, "General", "2210302"),
        (2210302, "00000000", "02210302"),
        (1e20, "0.00E+00", "100000000000000000000"),
        (0.00001, "General", "0.00001"),
        (5.0, "0.00", "5"),
        ("510700202200001234", "@", "510700202200001234"),
        ("02210302", "General", "02210302"),
        ("#N/A 不是错误", "General", "#N/A 不是错误"),
        ("NA", "General", "NA"),
        (True, "General", "TRUE"),
        (datetime(2021, 12, 31), "yyyy-mm-dd", "2021-12-31"),
        (datetime(2021, 12, 31), 'm"月"d"日"', "2021-12-31"),
        (datetime(2021, 12, 31, 8, 30), "yyyy-mm-dd h:mm", "2021-12-31 08:30:00"),
        (datetime(2021, 12, 1), 'yyyy"年"m"月"', "2021年12月"),
        (datetime(2021, 12, 15), 'yyyy"年"m"月"', "2021-12-15"),
        (datetime(2021, 1, 1), 'yyyy"年"', "2021年"),
        (timedelta(hours=30), "[h]:mm:ss", "1 day, 6:00:00"),
    ],
)  # fmt: skip
def test_a_workbook_is_read_as_it_is_shown(folder, value, number_format, text):
    assert shown(folder, value, number_format) == text


@pytest.mark.parametrize(("number", "text"), [(31, "2021-12-01"), (57, "2021年12月")])
def test_the_date_formats_of_chinese_excel_are_dates(folder, number, text):
    data = workbook([HEAD, ["P01", "道路", 44531]], {"C2": "0.000"})
    data = patched(data, b'numFmtId="164" fontId', b'numFmtId="%d" fontId' % number, "xl/styles.xml")
    assert read(folder, data, name="projects.xlsx")[0].rows[0].text("项目概况") == text


def test_a_cell_of_a_workbook_has_the_row_and_column_of_the_sheet(folder):
    data = workbook([[], ["项目名称", None, "项目编号"], [], ["道路", None, "P01"]])
    projects, problems = read(folder, data, name="projects.xlsx")
    assert projects.rows[0]["项目编号"].place == Place("甲县-2021/projects.xlsx", 4, 3)
    assert problems == ()


def test_content_beyond_the_header_is_told(folder):
    data = workbook([["项目编号", "项目名称"], ["P01", "道路", None, "x"]])
    projects, problems = read(folder, data, name="projects.xlsx")
    assert (len(projects.rows), [(d.code, d.column) for d in problems]) == (1, [("T005", 4)])


def test_merged_cells_are_refused_each_with_its_place(folder):
    rows = [HEAD, ["P01", "道路", 1], ["P02", "桥", 2]]
    projects, problems = read(folder, workbook(rows, merge=["B2:B3", "A5:C5"]), name="projects.xlsx")
    assert projects.rows == ()
    assert [(d.code, d.line, d.column) for d in problems] == [("T015", 2, 2), ("T015", 5, 1)]
    assert "B2:B3" in problems[0].message


def test_error_values_and_formulas_without_result_are_told(folder):
    rows = [HEAD, ["P01", "道路", "=1/3"], ["P02", "桥", "#N/A"]]
    projects, problems = read(folder, workbook(rows), name="projects.xlsx")
    assert [(d.code, d.line, d.column) for d in problems] == [("T023", 2, 3), ("T022", 3, 3)]
    assert len(projects.rows) == 2
    data = patched(workbook(rows[:2]), EMPTY_VALUE, b"<v>0.5</v>")
    projects, problems = read(folder, data, name="projects.xlsx")
    assert (projects.rows[0].text("项目概况"), problems) == ("0.5", ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是 Excel"),
        (table(ROW).encode(), "不是 Excel"),
        (b"\xd0\xcf\x11\xe0", "加了密码"),
        (workbook([HEAD])[:-30], "不是 Excel"),
        (patched(workbook([HEAD]), b"<sheetData>", b"<sheetData"), "损坏"),
        (patched(workbook([HEAD]), b'<row r="1"', b'<row r="99999999999"'), "行号"),
    ],
)
def test_what_is_no_workbook_is_named(folder, data, words):
    projects, problems = read(folder, data, name="projects.xlsx")
    assert (projects.rows, only(problems).code) == ((), "T019")
    assert words in only(problems).message


def test_bombs_do_not_go_off(folder, monkeypatch):
    everything = patched(workbook([HEAD], merge=["A1:B1"]), b'ref="A1:B1"', b'ref="A1:XFD1048576"')
    assert codes(read(folder, everything, name="projects.xlsx")[1]) == ["T015"]
    far = workbook([HEAD, ["P01", "道路"]])
    book = load_workbook(io.BytesIO(far))
    book.active["XFD1048576"] = "远"
    projects, problems = read(folder, saved(book), name="projects.xlsx")
    assert (len(projects.rows), codes(problems)) == (1, ["T005"])
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 1000)
    assert "解压后" in only(read(folder, far, name="projects.xlsx")[1]).message
    monkeypatch.undo()
    monkeypatch.setattr(workbooks, "RATIO_MATTERS_FROM", 0)
    monkeypatch.setattr(workbooks, "MAX_RATIO", 1)
    assert "解压后" in only(read(folder, far, name="projects.xlsx")[1]).message


# ── Anything ──

TEXTS = ('"', ",", "\n", "\r", "\t", "\0", HEADER, ROW, "P01,a,1", '""', '"\n', "，")
MAGIC = (b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", HEADER.encode("gbk"), b"\x81")
bits = st.sampled_from([*MAGIC, *(text.encode() for text in TEXTS)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(), st.lists(bits).map(b"".join)), st.sampled_from([".csv", ".xlsx"]))
def test_no_bytes_raise_and_every_row_has_its_cells(folder, data, kind):
    for path in folder.iterdir():
        path.unlink()
    projects, problems = read(folder, data, name=f"projects{kind}")
    assert all(row.cells and row.project for row in projects.rows)
    assert all(d.message and d.hint and d.file for d in problems)


GOOD = workbook([HEAD, ["P01", "道路", 0.5]], {"C2": "0.00%"}, merge=["A4:B4"])
MEMBERS = ["", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"]
DAMAGES = st.lists(st.tuples(st.integers(0, 99_999), st.integers(0, 255)), min_size=1, max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(DAMAGES, st.sampled_from(MEMBERS))
def test_no_damaged_workbook_raises(folder, damages, member):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        content = archive.read(member) if member else GOOD
    damaged = bytearray(content)
    for at, byte in damages:
        damaged[at % len(damaged)] = byte
    data = patched(GOOD, content, bytes(damaged), member) if member else bytes(damaged)
    read(folder, data, name="projects.xlsx")


CELLS = st.text(st.sampled_from("95%县, ;\t\"'\r\n"), max_size=4)


@given(rows=st.lists(st.lists(CELLS, max_size=3), max_size=3), separator=st.sampled_from(",;\t"))
def test_rows_are_written_as_the_csv_module_writes_them(rows, separator):
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, lineterminator="\r\n").writerows(rows)
    assert csv_text(rows, separator) == written.getvalue()


@given(cells=st.lists(st.text(st.sampled_from("95%县，"), max_size=4), min_size=1, max_size=6))
def test_one_cell_starts_where_all_of_them_start(cells):
    record = Record(1, tuple(cells))
    assert [column_of(record, ",", at) for at in range(len(cells))] == columns_of(record, ",")[: len(cells)]
