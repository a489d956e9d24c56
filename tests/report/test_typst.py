"""The second engine: the same pages as the first, which `verify` finds to agree; nothing read, fetched or run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from attempts import slow
from evaluations import TOML, make_evaluation
from honest import evaluation
from pypdf import PdfReader

from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.building.rebuild import verify_rebuilding
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report import engines
from selfeval.report.pages import sheets
from selfeval.report.pages.document import project_document, summary_document
from selfeval.report.pages.planner import planned, planned_summary
from selfeval.report.pages.views import Block, Part
from selfeval.report.pdf.requirements import MachineLacks
from selfeval.report.typst import faces
from selfeval.report.typst.engine import engine, missing_in
from selfeval.report.typst.pages import data_of, printed
from selfeval.report.typst.prose import part_tree, tree

pytest.importorskip("typst")
NO_PICTURES = {"pictures": lambda _: b""}
LAYOUTS = ("national", "sichuan", "transfer", "hubei")


def built(folder, out, **options):
    result = evaluate(folder).result
    assert result is not None
    return build(result, Request(out, ("pdf",), pdf_engine=engines.TYPST, **options))


def report_in(made):
    return made.folder / "projects/P01/report.pdf"


def told(file):
    verdict = verify(file)
    return verdict.word, [said for check in verdict.checks for said in check.differences]


def with_narrative(folder, text):
    (folder / "narrative").mkdir()
    (folder / "narrative/P01.md").write_text(text, encoding="utf-8")
    return folder


def text_of(file):
    return "".join(page.extract_text() for page in PdfReader(file).pages)


# ── What comes out agrees ──


@pytest.mark.parametrize("layout", [*LAYOUTS[3:], *slow(*LAYOUTS[:3])])
def test_a_report_agrees_with_its_data_in_every_layout(tmp_path, layout):
    folder = make_evaluation(tmp_path, toml=f'{TOML}\n[report]\nlayout = "{layout}"\n')
    assert told(report_in(built(folder, tmp_path / "out", draft=True))) == (AGREES, [])


@pytest.mark.parametrize("seed", slow(2, 6, 8, 15))
def test_honest_reports_agree_whatever_is_written_in_them(tmp_path, seed):
    """Rare and missing characters, unscored rows, rows taller than a page, long words, accents made of two glyphs."""
    folder, options = evaluation(tmp_path, seed)
    assert told(report_in(built(folder, tmp_path / "out", **options))) == (AGREES, [])


def test_a_report_is_rebuilt_byte_by_byte(tmp_path):
    made = built(make_evaluation(tmp_path), tmp_path / "out")
    verdict = verify_rebuilding(report_in(made))
    assert (verdict.kind, verdict.checks[-1].id) == (AGREES, "rebuild")


@pytest.mark.slow
def test_a_reviewed_report_a_public_one_and_a_book_are_made(tmp_path):
    review = "二级指标 | 三级指标 | 复核得分 | 复核意见\n数量指标 | 维修里程 | 40 | 少修两公里"
    folder = make_evaluation(tmp_path, review=review)
    made = built(folder, tmp_path / "out", book=True)
    assert told(report_in(made)) == (AGREES, [])
    assert "少修两公里" in text_of(report_in(made))
    book = PdfReader(made.folder / "book.pdf")
    assert [entry.title for entry in book.outline if not isinstance(entry, list)][-1] == "道路维修项目支出绩效自评报告"
    public = built(folder, tmp_path / "public", public=True)
    assert not PdfReader(report_in(public)).attachments


def test_the_pages_are_tagged_and_for_the_archive(tmp_path):
    root = PdfReader(report_in(built(make_evaluation(tmp_path), tmp_path / "out"))).trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_object().get_data()
    assert b"<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A<" in metadata


@pytest.mark.slow
def test_every_sheet_has_its_labels(tmp_path):
    """Both engines print the sheets that `report/pages/sheets.py` cut; verify reads the labels of each."""
    folder, options = evaluation(tmp_path, 2)
    result = evaluate(folder).result
    document = planned(project_document(result, result.scorecards[0]))
    text = text_of(report_in(built(folder, tmp_path / "out", **options)))
    form, annex, _ = text.rpartition("评分计算过程")  # whose rows repeat their names where they go on
    assert annex
    assert len(document.pages) > 1
    assert form.count("（续）") == sum(
        sheet.again + sum(g.again + g.level1_again for g in sheet.groups) for sheet in document.pages
    )


@pytest.mark.slow
def test_a_form_whose_rows_take_more_than_foretold_is_cut_anew(tmp_path):
    """Here all rows are foretold to fit one sheet at first."""
    folder, _ = evaluation(tmp_path, 2)
    result = evaluate(folder).result
    asked = []

    def again(attempt):
        asked.append(attempt)
        document = planned(project_document(result, result.scorecards[0]), attempt)
        whole = sheets.sheets_of([document.rows], {})
        return data_of(document if attempt else replace(document, pages=whole))

    content, _ = engine().render(again, **NO_PICTURES)
    assert sorted({*asked}) == [0, 1]
    assert content.startswith(b"%PDF-1.7")


@pytest.mark.slow
@pytest.mark.parametrize("above", [0, *slow(1, 2)])
def test_no_page_of_the_review_ends_with_the_name_of_a_level(tmp_path, above):
    """A level's sums stand above its rows: two pages or more, wherever the level falls on them."""
    row = {"项目编号": "P01", "二级指标": "数量指标", "三级指标": "维修里程", "复核得分": "50"}
    result = evaluate(make_evaluation(tmp_path, review=[row])).result
    document = planned(project_document(result, result.scorecards[0]))
    level, row, *_ = (line for line in document.review.lines if line.kind in ("level2", "row"))
    lines = [replace(level, name="某级"), *(replace(row, name=f"第{at}行") for at in range(2))] * 30
    more = replace(document.review, lines=(*lines[2 - above :], document.review.lines[-1]))
    content, _ = engine().render(lambda _: data_of(replace(document, review=more)), **NO_PICTURES)
    with pdfplumber.open(BytesIO(content)) as file:
        texts = [page.extract_text() for page in file.pages]
    pages = [text for text in texts if "第1行" in text]
    assert len(pages) > 1
    ends = [[line for line in text.split("\n") if "某级" in line or "行" in line][-1] for text in pages]
    assert not [end for end in ends if "某级" in end]


@pytest.mark.slow
@pytest.mark.parametrize("counts", [range(10, 22, 5), *slow(range(10, 22))], ids=["some", "all"])
def test_no_page_of_the_review_has_its_notes_alone(tmp_path, counts):
    """Wherever the table ends, its last two rows stand above what is said of it."""
    row = {"项目编号": "P01", "二级指标": "数量指标", "三级指标": "维修里程", "复核得分": "50"}
    result = evaluate(make_evaluation(tmp_path, review=[row])).result
    document = planned(project_document(result, result.scorecards[0]))
    row = next(line for line in document.review.lines if line.kind == "row")
    *_, execution, total = document.review.lines
    for count in counts:
        more = replace(document.review, lines=(*[row] * count, execution, total))
        content, _ = engine().render(lambda _, more=more: data_of(replace(document, review=more)), **NO_PICTURES)
        with pdfplumber.open(BytesIO(content)) as file:
            last = file.pages[-1].extract_text()
        assert [line.name for line in (execution, total) if line.name not in last] == [], (count, last)


@pytest.mark.parametrize("level", slow("一级指标", "二级指标", "三级指标"))
def test_a_name_of_thousands_of_characters_goes_over_several_pages(tmp_path, level):
    """And none of it runs off the paper."""
    row = {
        "项目编号": "P01",
        "一级指标": "产出指标",
        "二级指标": "数量指标",
        "三级指标": "维修里程",
        "指标值": "≥20公里",
    }
    folder = make_evaluation(tmp_path, targets=[row | {level: "长路" * 2400}], actuals=[])
    result = evaluate(folder).result
    content, _ = printed(lambda attempt: planned(project_document(result, result.scorecards[0]), attempt), folder)
    with pdfplumber.open(BytesIO(content)) as file:
        shown = [(char["bottom"], page.height) for page in file.pages for char in page.chars if char["text"] == "路"]
    assert len(shown) >= 2400
    assert not [bottom for bottom, height in shown if bottom > height - 20]


def test_a_document_is_made_once_however_often_it_is_compiled(tmp_path):
    """Once for its fonts, again for a character that none has: it stays the same."""
    folder = make_evaluation(tmp_path, projects="项目编号 | 项目名称\nP01 | 路\ue000修")
    result = evaluate(folder).result
    asked = []

    def again(attempt):
        asked.append(attempt)
        return planned(project_document(result, result.scorecards[0]), attempt)

    _, found = printed(again, folder)
    assert [d.code for d in found] == ["F001"]
    assert asked == [0]


def words_of(content):
    """Every word of a file, and where each begins and ends."""
    with pdfplumber.open(BytesIO(content)) as file:
        words = [(page.page_number, word) for page in file.pages for word in page.extract_words()]
    places = [(word["x0"], word["x1"], word["top"]) for _, word in words]
    return [(at, word["text"]) for at, word in words], [place for each in places for place in each]


@pytest.mark.slow
@pytest.mark.parametrize("kinds", [slice(2, 3), *slow(slice(None))], ids=["reviewed", "all"])
def test_rows_of_the_summary_whose_height_is_known_stand_as_if_they_were_measured(tmp_path, monkeypatch, kinds):
    """Short names, long ones, wide letters, long numbers, numbers of projects that are words; reviewed or not, in faces
    of ours or in one whose figures are wide."""
    names = [
        "道路",
        "十三个字的项目名称刚好满一行",
        "十四个字的项目名称要占到第二行",
        "W" * 13,
        "W" * 14,
        "路" * 40,
        "路" * 26,
        "路" * 12 + "（二〇二一年）",
        "A（B）、“C”",
    ]
    ids = ["P1", "P123456", "P1234567", "WWWWWWW", "12345678", "甲-1", "P2", "P3", "Q"]
    money = ["100", "12345678.99", "1234567.89", "99", "0.01", "123456789012", "1234567.8", "12345.6", "1"]
    rows = [f"{id_} | {name}" for id_, name in zip(ids, names, strict=True)]
    funds = [f"{id_} | {sum_} | {sum_} | {sum_}" for id_, sum_ in zip(ids, money, strict=True)]
    targets = [f"{id_} | 产出指标 | 数量指标 | 维修里程 | ≥20公里 | 90" for id_ in ids]
    actuals = [f"{id_} | 数量指标 | 维修里程 | 20公里" for id_ in ids]
    folder = make_evaluation(
        tmp_path,
        targets="\n".join(["项目编号 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值", *targets]),
        actuals="\n".join(["项目编号 | 二级指标 | 三级指标 | 实际完成值", *actuals]),
        budget="\n".join(["项目编号 | 年初预算数 | 全年预算数 | 全年执行数", *funds]),
        projects="\n".join(["项目编号 | 项目名称", *rows]),
    )
    summary = planned_summary(summary_document(evaluate(folder).result))
    marked = replace(summary, fingerprint="1a2b 3c4d 5e6f 7a8b")
    reviews = [("98.50", "-1.50", "优"), ("—", "—", "—"), ("100.00", "+10.25", "未评定")] * 3
    reviewed = replace(
        marked,
        reviewed=True,
        lines=tuple(
            replace(line, reviewed=points, deviation=deviation, reviewed_grade=grade)
            for line, (points, deviation, grade) in zip(marked.lines, reviews, strict=True)
        ),
    )
    wide = replace(reviewed, marks=replace(marked.marks, faces=(("表格", "Liberation Mono"),)))
    unscored = replace(marked, layout=replace(marked.layout, indicators=replace(marked.layout.indicators, total="")))
    for document in [summary, marked, reviewed, wide, unscored][kinds]:
        known, _ = engine().render(lambda _, document=document: data_of(document), **NO_PICTURES)
        with monkeypatch.context() as patch:
            source = engine()._sources["summary.typ"]
            measured = source.replace(b"#let figures-are-narrow = ", b"#let figures-are-narrow = 1 == 2 and ")
            assert measured != source
            patch.setitem(engine()._sources, "summary.typ", measured)
            laid_out, _ = engine().render(lambda _, document=document: data_of(document), **NO_PICTURES)
        (words, places), (others, elsewhere) = words_of(known), words_of(laid_out)
        assert words == others
        assert places == pytest.approx(elsewhere, abs=0.05)


# ── The same bytes, and nothing else is touched ──

AGAIN = """
import sys; from pathlib import Path; sys.path.insert(0, {tests!r})
from selfeval.building.request import Request; from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
build(evaluate(Path({folder!r})).result, Request(Path({out!r}), ("pdf",), pdf_engine="typst"))
"""


@pytest.mark.slow
def test_another_process_zone_and_locale_give_the_same_bytes(tmp_path):
    folder = make_evaluation(tmp_path)
    ours = report_in(built(folder, tmp_path / "out")).read_bytes()
    code = AGAIN.format(tests=str(Path(__file__).parents[1]), folder=str(folder), out=str(tmp_path / "other"))
    around = {
        **os.environ,
        "TZ": "Asia/Shanghai",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "SOURCE_DATE_EPOCH": "1",
    }
    subprocess.run([sys.executable, "-c", code], check=True, env=around)
    assert (tmp_path / "other/甲县-2021/projects/P01/report.pdf").read_bytes() == ours


@pytest.mark.slow
def test_no_socket_is_opened(tmp_path, monkeypatch):
    """Typst could fetch packages; the templates name none, and no address is asked even where one is written."""
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a socket was opened"))
    hostile = with_narrative(make_evaluation(tmp_path), '## 一、项目概况\n\n#import "@preview/cetz:0.3.0": *\n')
    if sys.platform != "linux":
        built(hostile, tmp_path / "out")
        return
    code = AGAIN.format(tests=str(Path(__file__).parents[1]), folder=str(hostile), out=str(tmp_path / "out"))
    here = "/proc/self/fd"
    watched = f"{code}\nimport os\nlinks = [os.path.realpath(f'{here}/{{n}}') for n in os.listdir('{here}')]\n"
    watched += f"open({str(tmp_path / 'open')!r}, 'w').write(repr(links))"
    subprocess.run([sys.executable, "-c", watched], check=True)
    assert "socket:" not in (tmp_path / "open").read_text()


MARKUP = (
    '#read("/etc/passwd") #{panic("x")} *粗* $x^2$ `码` <label> @ref \\ // 注 /* */ = 标题 #sys.inputs {{ x }} "引"'
)


def test_what_looks_like_code_is_printed_as_it_is(tmp_path):
    projects = f"项目编号 | 项目名称\nP01 | {MARKUP.replace('|', '')}"
    folder = with_narrative(make_evaluation(tmp_path, projects=projects), f"## 一、项目概况\n\n{MARKUP}\n")
    made = report_in(built(folder, tmp_path / "out"))
    assert told(made) == (AGREES, [])
    assert '#read("/etc/passwd")' in text_of(made)


def test_templates_of_ours_import_nothing_and_read_only_what_they_are_given():
    sources = "".join(source.decode() for name, source in engine()._sources.items() if name.endswith(".typ"))
    assert "@" not in sources
    assert {line.split("read(")[1].split(",")[0] for line in sources.splitlines() if "read(" in line} == {
        '"enclosed/" + file.name'
    }


# ── Markdown as a tree ──


def test_markdown_is_a_tree_whose_words_are_data():
    assert tree("一**二**[三](https://a.b)\n\n1. 四", **NO_PICTURES) == [
        {
            "kind": "paragraph",
            "inside": [
                "一",
                {"kind": "strong", "inside": ["二"]},
                {"kind": "link", "inside": ["三"], "address": "https://a.b"},
            ],
        },
        {
            "kind": "list",
            "ordered": True,
            "inside": [{"kind": "item", "inside": [{"kind": "paragraph", "inside": ["四"]}]}],
        },
    ]


def test_a_link_that_leads_to_no_address_keeps_its_words():
    (node,) = tree("[三](javascript:x)", **NO_PICTURES)
    assert "address" not in str(node)


def test_blocks_made_from_the_figures_are_paragraphs_and_headings():
    part = Part("", "一、", "", (Block("h3", "（一）"), Block("p", "无。")))
    assert [node["kind"] for node in part_tree(part, **NO_PICTURES)] == ["heading", "paragraph"]


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b8"
    "0000000049454e44ae426082"
)


@pytest.mark.parametrize(("content", "codes"), [(b"\x89PNG\r\n\x1a\nbroken", ["F003"]), *slow((PNG, []))])
def test_a_picture_is_shown_and_one_that_is_none_is_told(tmp_path, content, codes):
    folder = with_narrative(make_evaluation(tmp_path), "## 一、项目概况\n\n前![图](图.png)后\n")
    (folder / "narrative/图.png").write_bytes(content)
    (folder / "图.png").write_bytes(content)
    made = built(folder, tmp_path / "out")
    assert [d.code for d in made.diagnostics if d.code[0] == "F"] == codes
    shown = sum(len(page.images) for page in PdfReader(report_in(made)).pages)
    assert (shown == 1) == (not codes)


# ── Fonts and characters ──


def test_a_character_that_no_font_has_is_a_box_and_is_told(tmp_path):
    folder = make_evaluation(tmp_path, projects="项目编号 | 项目名称\nP01 | 路\ue000修")
    made = built(folder, tmp_path / "out")
    told = [d for d in made.diagnostics if d.code == "F001" and d.project]
    assert [(d.project, "（U+E000：路□修" in d.message) for d in told] == [("P01", True)]
    assert "路□修" in text_of(report_in(made))


def test_of_letters_drawn_as_one_what_nobody_sees_goes_first():
    class FailureError(Exception):
        diagnostic = 'error: the text `"葛\\u{e0100}"` could not be displayed with font'

    assert missing_in(FailureError()) == ["\U000e0100"]


def test_the_units_own_font_comes_first_and_a_name_of_a_role_means_that_role(monkeypatch):
    known = faces.families()
    stacks = faces.stacks((("正文", "Liberation Sans, 仿宋"),))
    assert stacks["text"][:2] == ["Liberation Sans", known["仿宋"][0]]
    assert stacks["table"][0] == "Liberation Sans"


def test_without_a_chinese_font_the_machine_lacks_one(monkeypatch):
    monkeypatch.setattr(faces, "families", lambda: {role.name: [] for role in faces.ROLES})
    with pytest.raises(MachineLacks, match="中文字体"):
        faces.require_chinese_font()


# ── Which engine ──


@pytest.fixture
def without_pango(monkeypatch):
    monkeypatch.setattr(engines, "has_weasyprint", lambda: False)
    monkeypatch.setattr("selfeval.building.run.has_weasyprint", lambda: False)


def test_without_pango_typst_is_taken_and_named_in_the_manifest(tmp_path, without_pango, monkeypatch):
    folder = make_evaluation(tmp_path)
    assert run(["build", str(folder), "--out", str(tmp_path / "out"), "--format", "pdf"]) in {0, 1}
    manifest = PdfReader(tmp_path / "out/甲县-2021/projects/P01/report.pdf").attachments["manifest.json"][0]
    assert b'"engine":{"name":"typst","version":"0.15' in manifest


PANGO_IS_ABSENT = """
import ctypes, sys
from importlib.machinery import ModuleSpec

class Absent:
    "As WeasyPrint fails where Pango is not: found, but not to be loaded."
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == "weasyprint" else None
    def create_module(self, spec):
        raise OSError("cannot load library 'libgobject-2.0-0': error 0x7e")
    def exec_module(self, module):
        raise AssertionError

class Library(ctypes.CDLL):
    def __init__(self, name, *more, **others):
        if "pango" in str(name):
            raise OSError(f"{name}: cannot open shared object file")
        super().__init__(name, *more, **others)

ctypes.CDLL = Library
sys.meta_path.insert(0, Absent())
"""
NO_TYPST = "sys.modules['typst'] = None\n"
COMMAND = "from selfeval.cli.app import main\nif __name__ == '__main__':\n    main()\n"


def on_a_bare_machine(*words, lacking=PANGO_IS_ABSENT):
    """The command line in a process that lacks something."""
    program = [sys.executable, "-c", f"{lacking}{COMMAND}", *map(str, words)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_where_pango_cannot_be_loaded_the_build_is_typsts_without_a_word(tmp_path):
    done = on_a_bare_machine("build", make_evaluation(tmp_path), "--out", tmp_path / "out", "--format", "pdf")
    assert (done.returncode in {0, 1}, done.stderr.count("Pango"), done.stderr.count("Traceback")) == (True, 0, 0)
    report = tmp_path / "out/甲县-2021/projects/P01/report.pdf"
    assert PdfReader(report).metadata.creator.startswith("Typst")
    assert told(report) == (AGREES, [])
    assert "typst" in on_a_bare_machine("doctor").stdout


@pytest.mark.slow
def test_where_there_is_neither_the_build_ends_with_three_and_one_line(tmp_path):
    neither = PANGO_IS_ABSENT + NO_TYPST
    done = on_a_bare_machine("build", make_evaluation(tmp_path), "--out", tmp_path / "out", lacking=neither)
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (3, 1)
    assert on_a_bare_machine("doctor", lacking=neither).returncode == 3


def test_an_unknown_engine_is_refused_with_those_there_are(tmp_path, capsys):
    assert run(["build", str(make_evaluation(tmp_path)), "--pdf-engine", "browser"]) == 2
    assert "weasyprint、typst" in capsys.readouterr().err


def own_templates(folder):
    (folder / "templates/partials").mkdir(parents=True)
    (folder / "templates/partials/footer.html").write_text("本单位", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_a_unit_with_html_of_its_own_keeps_weasyprint_and_is_told(tmp_path):
    pytest.importorskip("weasyprint")
    made = built(own_templates(make_evaluation(tmp_path)), tmp_path / "out")
    assert [d.code for d in made.diagnostics if d.code == "F012"] == ["F012"]
    assert str(PdfReader(report_in(made)).metadata.producer).startswith("WeasyPrint")


@pytest.mark.slow
def test_it_is_told_on_the_terminal(tmp_path, capsys):
    """A build says nothing of mere information."""
    pytest.importorskip("weasyprint")
    folder = own_templates(make_evaluation(tmp_path))
    run(["build", str(folder), "--format", "pdf", "--pdf-engine", "typst", "--out", str(tmp_path / "out")])
    assert "F012" in "".join(capsys.readouterr())


def test_without_pango_its_pdfs_are_refused_not_printed_in_the_shipped_form(tmp_path, without_pango):
    with pytest.raises(MachineLacks, match="单位自己的模板"):
        built(own_templates(make_evaluation(tmp_path)), tmp_path / "out")


def test_a_layout_of_the_units_own_as_data_works_in_typst_too(tmp_path):
    folder = make_evaluation(tmp_path, toml=f'{TOML}\n[report]\nlayout = "本县"\n')
    (folder / "templates/layouts/本县").mkdir(parents=True)
    (folder / "templates/layouts/本县/layout.toml").write_text('[titles]\nform = "本县自评表"\n', encoding="utf-8")
    made = built(folder, tmp_path / "out")
    assert not [d for d in made.diagnostics if d.code == "F012"]
    assert "本县自评表" in text_of(report_in(made))


def test_what_was_not_drawn_by_the_engine_that_the_manifest_names_disagrees(tmp_path):
    """The lists of what a file may hold differ; neither may be chosen by the file itself."""
    pikepdf = pytest.importorskip("pikepdf")
    with pikepdf.open(report_in(built(make_evaluation(tmp_path), tmp_path / "out"))) as document:
        document.trailer.Info.Creator = "WeasyPrint 70.0"
        out = BytesIO()
        document.save(out, fix_metadata_version=False)
    (tmp_path / "other.pdf").write_bytes(out.getvalue())
    assert told(tmp_path / "other.pdf")[0] != AGREES


@pytest.mark.slow
def test_without_pango_typst_draws_the_stamp_of_a_signature(tmp_path, without_pango):
    pytest.importorskip("pyhanko")
    from certificates import signer_of

    report = report_in(built(make_evaluation(tmp_path), tmp_path / "out"))
    signed = signer_of(tmp_path, "张三").sign(report.read_bytes())
    (tmp_path / "signed.pdf").write_bytes(signed)
    assert told(tmp_path / "signed.pdf") == (AGREES, [])
    assert b"WeasyPrint" not in signed
