"""PDFs beyond the plain ruled form: tables without lines, watermarks, bombs."""

from __future__ import annotations

import csv
import json
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from selfeval.importing.readers import pdf_limits
from selfeval.importing.readers.files import read_source
from selfeval.importing.run import import_forms

INPUTS = Path(__file__).parents[2] / "inputs"


def rows(path: Path, project: str = "") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if project in {"", row["项目编号"]}]


def told(into: Path) -> dict:
    return json.loads((into / "import-report.json").read_text(encoding="utf-8"))


def page(html: str) -> bytes:
    from weasyprint import HTML

    style = "@page{size:A4;margin:15mm} body{font:9pt/1.5 'Noto Serif CJK SC','FangSong',serif}"
    return HTML(string=f"<style>{style}</style>{html}").write_pdf()


def imported(tmp_path: Path, data: bytes):
    (tmp_path / "表.pdf").write_bytes(data)
    return import_forms([tmp_path / "表.pdf"], tmp_path / "甲单位-2021"), tmp_path / "甲单位-2021"


FORM = """<table><tr><td>项目名称<td colspan=3>抽检</table>
<table><tr><td>一级指标<td>二级指标<td>三级指标<td>指标值
<tr><td>产出指标<br>50分<td>数量指标<td>抽检批次<td>≥800批次
<tr><td>产出指标（续）<td>质量指标<td>抽检合格率<td>≥98%</table>
<style>td{border:.6pt solid;padding:4pt}</style>"""


def test_a_watermark_across_the_table_leaves_no_letter_in_its_cells(tmp_path) -> None:
    mark = "position:fixed;top:20mm;left:10mm;font-size:50pt;opacity:.2;transform:rotate(-30deg)"
    _, into = imported(tmp_path, page(f'{FORM}<div style="{mark}">内部资料</div>'))
    assert [t["指标值"] for t in rows(into / "targets.csv")] == ["≥800批次", "≥98%"]
    assert any("水印“内部资料”" in remark["message"] for remark in told(into)["remarks"])


def test_marks_of_a_page_break_and_points_are_no_part_of_a_levels_name(tmp_path) -> None:
    _, into = imported(tmp_path, page(FORM))
    assert [t["一级指标"] for t in rows(into / "targets.csv")] == ["产出指标"] * 2


# ── tables without lines ──

CELLS = (
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "开展监督抽检批次", "≥800批次"),
    ("", "质量指标", "不合格产品核查处置率", "100%"),
    ("", "时效指标", "抽检完成时间", "2021年11月底前"),
    ("效益指标", "社会效益指标", "食品安全状况", "持续向好，全年无重大食品安全事故，群众举报按时办结，处置结果公开"),
    ("满意度指标", "服务对象满意度", "群众满意度", "≥85%"),
)


def unruled(align: str, padding: str, cells=CELLS) -> str:
    body = "".join("<tr>" + "".join(f"<td>{text}" for text in row) for row in cells)
    style = f"table{{width:100%;table-layout:fixed}} td{{text-align:{align};padding:{padding};vertical-align:middle}}"
    label = "<p>项目名称：食品抽检</p><p>年度目标：完成监督抽检</p>"
    return f"<style>{style}</style><p>项目支出绩效目标申报表（2021年度）</p>{label}<table>{body}</table><p>注：无</p>"


@pytest.mark.parametrize("padding", ["1pt 4pt", "5pt 4pt"])
@pytest.mark.parametrize("align", ["left", "center"])
def test_a_table_without_lines_is_read_by_where_its_words_stand(tmp_path, align, padding) -> None:
    outcome, into = imported(tmp_path, page(unruled(align, padding)))
    assert outcome.projects == 1
    expected = [list(row) for row in CELLS[1:]]
    for row, before in zip(expected[1:], expected, strict=False):
        row[0] = row[0] or before[0]
    assert [[*list(t.values())[1:4], t["指标值"]] for t in rows(into / "targets.csv")] == expected
    assert any("没有带框线" in remark["message"] for remark in told(into)["remarks"])


def test_a_table_with_level_lines_only_is_read_too(tmp_path) -> None:
    style = "<style>table{border-collapse:collapse} tr{border-bottom:.6pt solid}</style>"
    _, into = imported(tmp_path, page(style + unruled("left", "4pt")))
    assert [t["三级指标"] for t in rows(into / "targets.csv")] == [row[2] for row in CELLS[1:]]


def test_a_table_without_lines_goes_on_over_the_page(tmp_path) -> None:
    many = (CELLS[0], *(("产出指标", "数量指标", f"抽检第{n}类产品", f"≥{n}批次") for n in range(1, 60)))
    _, into = imported(tmp_path, page(unruled("left", "4pt", many)))
    assert [t["指标值"] for t in rows(into / "targets.csv")] == [f"≥{n}批次" for n in range(1, 60)]


def test_text_that_is_no_table_is_shown_not_lost(tmp_path) -> None:
    _, into = imported(tmp_path, page(unruled("left", "4pt") + "<p>附：某某说明　　　共 3 件</p>"))
    assert "附：某某说明" in (into / "import-report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", [FORM, unruled("left", "4pt"), FORM + unruled("center", "2pt")])
def test_every_letter_of_a_page_is_accounted_for(tmp_path, form) -> None:
    import pdfplumber

    data = page(form)
    _, into = imported(tmp_path, data)
    with pdfplumber.open(tmp_path / "表.pdf") as document:
        letters = [c["text"] for p in document.pages for c in p.chars if c["text"].strip()]
    shown = [letter for entry in told(into)["fates"] for letter in entry["text"] if letter.strip()]
    assert sorted(shown) == sorted(letters)


# ── bombs ──


def raw_pdf(content: bytes, *more: bytes) -> bytes:
    """A PDF of one page with that content stream, and further objects from number 5."""
    page_ = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page_, content, *more]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)


def packed(data: bytes, more: bytes = b"") -> bytes:
    small = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream" % (len(small), more, small)


def form_x(after: int) -> bytes:
    calls = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</X %d 0 R>>>>" % after
    return packed(b"/X Do " * 10, calls)


def problem_of(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "a.pdf").write_bytes(data)
    return read_source(tmp_path / "a.pdf").problem


def test_a_stream_that_unpacks_without_end_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf_limits, "MAX_STREAM", 1_000_000)
    data = raw_pdf(packed(b" " * 20_000_000))
    assert len(data) < 30_000
    assert "解压后超过" in problem_of(tmp_path, data)


def test_drawings_that_call_each_other_without_end_are_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf_limits, "MAX_SECONDS", 0.2)
    forms = [form_x(number) for number in range(6, 16)]
    data = raw_pdf(packed(b"/X Do " * 10), *forms, packed(b"q Q", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"))
    assert "还没有读完" in problem_of(tmp_path, data)


@pytest.mark.parametrize(
    "drawn", [b"(" + b"a" * 100_000 + b") Tj ", b"1 1 9 9 re S " * 70_000], ids=["words", "frames"]
)
@pytest.mark.slow
def test_a_page_drawn_over_and_over_is_refused_while_it_is_read(tmp_path, drawn) -> None:
    """All that is drawn would be held in memory before it could be counted."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    data = raw_pdf(packed(b"BT /F 9 Tf " + drawn), font).replace(b"/XObject<</X 5 0 R>>", b"/Font<</F 5 0 R>>   ")
    assert "一页上画了" in problem_of(tmp_path, data)


def test_one_stream_may_not_outlast_the_limit(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pdf_limits, "MAX_SECONDS", 0.2)
    assert "还没有读完" in problem_of(tmp_path, raw_pdf(packed(b"0 0 m " * 1_000_000)))


def test_the_cells_of_one_page_may_not_outlast_the_limit(tmp_path, monkeypatch) -> None:
    clock = iter((*[0.0] * 2_000, *[1e9] * 100_000))
    monkeypatch.setattr(pdf_limits, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    grid = b"".join(b"%d 0 m %d 500 l S 0 %d m 500 %d l S " % ((at * 10,) * 4) for at in range(51))
    assert "还没有读完" in problem_of(tmp_path, raw_pdf(packed(grid)))


@pytest.mark.slow
def test_a_page_of_ten_thousand_lines_is_refused(tmp_path) -> None:
    assert "不像绩效目标表" in problem_of(tmp_path, raw_pdf(packed(b"0 0 5 5 re f " * 3_000)))


def test_limits_hold_only_while_a_file_is_read(tmp_path) -> None:
    places = [(owner, name) for owner, name, _ in pdf_limits._Meter().ways()]
    before = [getattr(*place) for place in places]
    problem_of(tmp_path, raw_pdf(packed(b" " * 10)))
    assert [getattr(*place) for place in places] == before
    assert before[0] is zlib
