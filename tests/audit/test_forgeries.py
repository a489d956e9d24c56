"""What may pass `verify`: every honest report, and no forgery (the grammars are in honest.py and forger.py).

A few of each, and more among the slow tests; `SELFEVAL_FORGERIES=500 SELFEVAL_HONEST=300` tries as many there, and
`SELFEVAL_SEED=a-word` others than last time. A failure names its seed.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import count, islice
from pathlib import Path
from random import Random

import pack_forger
import pytest
from attempts import slow
from evaluations import TOML, make_evaluation
from honest import NARRATIVES, PICTURES, evaluation, photograph

from selfeval.audit import verdict as verdict_words
from selfeval.audit import verify as verifying
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import ENGINES, TYPST, WEASYPRINT
from selfeval.report.pages import printed_text as printed
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pikepdf = pytest.importorskip("pikepdf")
import forger  # noqa: E402 – needs pikepdf
import forger_signed  # noqa: E402 – needs pikepdf
import forger_stranger  # noqa: E402 – needs pikepdf

try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

FORGERIES = int(os.environ.get("SELFEVAL_FORGERIES", "16"))
HONEST = int(os.environ.get("SELFEVAL_HONEST", "4"))
SEED = os.environ.get("SELFEVAL_SEED", "")
BY_HAND = {forger_signed.__name__, forger_stranger.__name__}
EDITS = [*forger.EDITS, *forger.RAW, *forger_signed.SIGNED]


def report_of(folder, out, **options):
    """The report of the one project of an evaluation."""
    result = evaluate(folder).result
    assert result is not None
    done = build(result, Request(out, ("pdf",), **options))
    return done.folder / "projects/P01/report.pdf"


@pytest.fixture(scope="module", params=[TYPST, *slow(WEASYPRINT)])
def report(tmp_path_factory, request):
    """A report with marks, pictures and a narrative: something of everything that can be forged; by both engines."""
    home = tmp_path_factory.mktemp("forged")
    folder = make_evaluation(home, toml=TOML.replace("year = 2021", "year = 2021\ndemo = true"))
    (folder / "narrative").mkdir()
    (folder / "narrative" / "a.png").write_bytes(photograph("a.png"))
    (folder / "narrative" / "P01.md").write_text(
        "## 一、项目概况\n\n见[公告](https://example.org/a)，~~原定六月~~。\n\n![现场](a.png)\n\n1. 第一项\n2. 第二项",
        "utf-8",
    )
    return report_of(folder, home / "out", draft=True, pdf_engine=request.param).read_bytes()


@pytest.fixture
def verdict(tmp_path):
    def told(content):
        file = tmp_path / "report.pdf"
        file.write_bytes(content)
        return verifying.verify(file)

    return told


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    """Somebody who signs, where that can be done."""
    if importlib.util.find_spec("pyhanko") is None:
        return None
    from certificates import signer_of

    return signer_of(tmp_path_factory.mktemp("signer"), "张三")


def test_the_report_itself_agrees_and_says_what_it_is(report, verdict):
    told = verdict(report)
    assert (told.word, told.marks) == (verdict_words.AGREES, ("演示数据", "征求意见稿"))


def test_a_report_written_anew_without_a_change_still_agrees(report, verdict):
    with pikepdf.open(BytesIO(report)) as document:
        assert verdict(forger.saved(document)).word == verdict_words.AGREES


def forgeries(report, signer):
    """Forgeries without end, each edit in its turn."""
    for seed in count():
        what, random = EDITS[seed * 7 % len(EDITS)], Random(f"forgery {SEED}{seed}")
        if what in forger_signed.SIGNED:
            made = forger_signed.of_signed(report, what, random, signer) if signer else None
        else:
            made = forger.of_edit(report, what, random)
        if made is not None:
            yield f"{made[0]} {seed}", made[1]


def test_the_page_on_reliability_says_how_many_kinds_there_are():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reliability.md").read_text("utf-8")
    strange = [what for what in EDITS if what.__module__ == forger_stranger.__name__]
    assert f"{len(EDITS)} 种改法" in page
    assert f"另想的 {len(strange)} 种" in page
    assert f"{len(pack_forger.EDITS) + len(pack_forger.RAW)} 种编辑" in page


def test_a_picture_whose_words_are_taken_away_is_noticed(report, verdict):
    """Those who listen would hear nothing of it."""
    with pikepdf.open(BytesIO(report)) as document:
        figures = [o.objgen for o in forger_stranger.elements(document, pikepdf.Name.Figure)]
    assert figures
    for figure in figures:
        with pikepdf.open(BytesIO(report)) as document:
            del document.get_object(figure)["/Alt"]
            assert verdict(forger.saved(document)).word == verdict_words.DISAGREES


@pytest.mark.parametrize("what", ["/TH", "/H2"])
def test_an_element_called_by_words_that_stand_elsewhere_on_its_page_is_noticed(report, verdict, what):
    """Those who listen would hear another figure than those who look."""
    with pikepdf.open(BytesIO(report)) as document:
        for element in forger_stranger.elements(document, pikepdf.Name(what)):
            element["/T"] = pikepdf.String("道路维修")
        assert verdict(forger.saved(document)).word == verdict_words.DISAGREES


def on_the_line_above(report, part):
    """Each text of the cover in turn, by so much of its size nearer to the line above it than that is high."""
    with pikepdf.open(BytesIO(report)) as document:
        texts = forger.pages_of(document)[0].shows
    for at in range(1, len(texts)):
        with pikepdf.open(BytesIO(report)) as document:
            page = forger.pages_of(document)[0]
            (above, _, _), (own, _, words) = texts[at - 1 : at + 1]
            x, y = page.place(own)
            if page.place(above)[1] < y and not words.startswith("演示数据"):
                height = page.place(above)[1] + part * page.size(own)
                matrix = [1, 0, 0, -1, Decimal(f"{x:.3f}"), Decimal(f"{height:.3f}")]
                page.lines[page.matrix(own)] = (matrix, pikepdf.Operator("Tm"))
                page.put()
                yield words, forger.saved(document)


@pytest.mark.slow
@pytest.mark.parametrize(("part", "lines"), [(0.3, 1), *slow((0.3, None), (0.6, None))])
def test_a_line_of_the_cover_that_is_moved_onto_the_one_above_it_is_noticed(report, verdict, part, lines):
    """Whichever of the two is larger."""
    made = [*islice(on_the_line_above(report, part), lines)]
    assert made
    assert [words for words, content in made if verdict(content).word == verdict_words.AGREES] == []


@pytest.mark.slow
def test_sections_read_aloud_in_another_order_of_pages_are_told(report, verdict):
    """Each page is read in its own order, but the last one first."""
    with pikepdf.open(BytesIO(report)) as document:
        (whole,) = document.Root.StructTreeRoot.K
        whole.K = pikepdf.Array(reversed(list(whole.K)))
        told = verdict(forger.saved(document))
    assert told.word == verdict_words.DISAGREES


@pytest.mark.parametrize("tries", [4, pytest.param(FORGERIES, marks=pytest.mark.slow)], ids=["some", "many"])
def test_no_forgery_passes(report, verdict, signer, tries):
    made = islice(forgeries(report, signer), tries)
    assert [name for name, content in made if verdict(content).word == verdict_words.AGREES] == []


@pytest.mark.parametrize(
    "what",
    [e for e in EDITS if e.__module__ in BY_HAND],
    ids=lambda e: e.__name__,
)
@pytest.mark.slow
def test_no_kind_of_forgery_by_hand_passes(report, verdict, signer, what):
    made = [
        forger_signed.of_signed(report, what, Random(f"{SEED}{seed}"), signer)
        if what in forger_signed.SIGNED
        else forger.of_edit(report, what, Random(f"{SEED}{seed}"))
        for seed in range(2)
    ]
    assert [one for one in made if one]
    assert [one[0] for one in made if one and verdict(one[1]).word == verdict_words.AGREES] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(HONEST))
def test_every_honest_report_agrees(seed, tmp_path):
    """By both engines in turn."""
    folder, options = evaluation(tmp_path, f"{SEED}{seed}")
    told = verifying.verify(report_of(folder, tmp_path / "out", pdf_engine=ENGINES[seed % 2], **options))
    assert told.word == verdict_words.AGREES, [said for check in told.checks for said in check.differences]


@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
@pytest.mark.parametrize(("what", "letters"), [("name", 160), *slow(("unit", 160), ("name", 1500))])
def test_a_report_with_a_very_long_name_agrees(what, letters, engine, tmp_path):
    """Its cover takes several pages, none of which bears a number; its title goes on on the next page."""
    name = ("道路维修" if what == "name" else "甲县财政局") * letters
    toml = TOML.replace("甲县财政局", name[:letters]) if what == "unit" else TOML
    folder = make_evaluation(tmp_path, toml=toml)
    if what == "name":
        table = folder / "projects.csv"
        table.write_text(table.read_text("utf-8-sig").replace("道路维修", name[:letters], 1), "utf-8")
    told = verifying.verify(report_of(folder, tmp_path / "out", pdf_engine=engine))
    assert told.word == verdict_words.AGREES, [said for check in told.checks for said in check.differences]


WRITTEN = {"all": "\n\n".join(NARRATIVES.values()), **NARRATIVES}


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, WEASYPRINT])
@pytest.mark.parametrize("what", ["all", *NARRATIVES])
def test_whatever_a_narrative_is_made_of_its_report_agrees(what, engine, tmp_path):
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    for name in PICTURES:
        (folder / "narrative" / name).write_bytes(photograph(name))
    (folder / "narrative" / "P01.md").write_text(f"## 一、项目概况\n\n{WRITTEN[what]}", "utf-8")
    told = verifying.verify(report_of(folder, tmp_path / "out", pdf_engine=engine))
    assert told.word == verdict_words.AGREES, [said for check in told.checks for said in check.differences]


def test_a_word_of_the_templates_that_is_changed_alone_is_noticed(report, verdict, monkeypatch):
    """The templates and `verify` take their words from one place; one that knew others would refuse every report."""
    monkeypatch.setattr(printed, "WORDS", replace(printed.WORDS, documents="所依据的文件：{}。"))
    assert verdict(report).word == verdict_words.DISAGREES


@pytest.mark.slow
def test_signed_again_with_a_page_for_a_stamp(report, verdict, tmp_path):
    """A signature is valid for whatever it covers; what it shows may not hide what it signs."""
    pytest.importorskip("pyhanko")
    from certificates import signer_of

    from selfeval.audit import signatures

    signer = signer_of(tmp_path, "张三")
    assert verdict(signer.sign(report)).word == verdict_words.AGREES
    for name, box in (("STAMP", (600, 500)), ("LIFT", -6.0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(signatures, name, box)
            assert verdict(signer.sign(report)).word == verdict_words.DISAGREES, name


def test_the_text_of_a_report_needs_no_engine(tmp_path, monkeypatch):
    from selfeval.report.pages.document import project_document

    monkeypatch.setattr(pdf, "load", lambda: pytest.fail("the expected text needs no engine"))
    result = evaluate(make_evaluation(tmp_path)).result
    assert result is not None
    assert printed.printed_text(project_document(result, result.scorecards[0])).items


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_a_report_with_photographs_agrees_and_one_more_is_told(tmp_path, verdict, engine):
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    for name in PICTURES:
        (folder / "narrative" / name).write_bytes(photograph(name))
    text = "## 一、项目概况\n\n![现场](a.png)\n\n又见 ![乙](b.png) 字。\n\n![图](c.jpg)\n\n![没有](d.png)\n"
    (folder / "narrative" / "P01.md").write_text(text, "utf-8")
    report = report_of(folder, tmp_path / "out", pdf_engine=engine).read_bytes()
    assert verdict(report).word == verdict_words.AGREES
    name, made = forger.of_edit(report, forger_stranger.a_picture_in_free_space, Random(1))
    assert verdict(made).word == verdict_words.DISAGREES, name


IN_CELLS = "字![图](a.png)字\n\n| 甲 | 乙 |\n|---|---|\n| 1 | ![图](c.jpg) |\n\n1. 项 ![图](b.png)\n\n"
TITLES = ("项目概况", "存在问题", "改进措施", "下一步改进措施", "说明")


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
@pytest.mark.parametrize("layout", ["hubei", *slow("transfer")])
def test_pictures_and_tables_in_the_cells_of_a_form_agree(tmp_path, verdict, layout, engine):
    folder = make_evaluation(tmp_path, toml=f'{TOML}\n[report]\nlayout = "{layout}"\n')
    (folder / "narrative").mkdir()
    for name in PICTURES:
        (folder / "narrative" / name).write_bytes(photograph(name))
    (folder / "narrative" / "P01.md").write_text("".join(f"## {title}\n\n{IN_CELLS}" for title in TITLES), "utf-8")
    told = verdict(report_of(folder, tmp_path / "out", pdf_engine=engine).read_bytes())
    assert told.word == verdict_words.AGREES, [said for check in told.checks for said in check.differences]


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
@pytest.mark.parametrize("layout", ["hubei", *slow("transfer")])
def test_a_long_table_in_a_cell_of_a_form_says_its_head_once(tmp_path, verdict, layout, engine):
    """What goes on on the next page is the cell."""
    folder = make_evaluation(tmp_path, toml=f'{TOML}\n[report]\nlayout = "{layout}"\n')
    (folder / "narrative").mkdir()
    rows = "".join(f"| 第{number}行 | 内容{number} |\n" for number in range(1, 60))
    table = f"| 甲 | 乙 |\n|---|---|\n{rows}\n1. 项\n\n"
    (folder / "narrative" / "P01.md").write_text("".join(f"## {title}\n\n{table}" for title in TITLES), "utf-8")
    told = verdict(report_of(folder, tmp_path / "out", pdf_engine=engine).read_bytes())
    assert told.word == verdict_words.AGREES, [said for check in told.checks for said in check.differences]


def images_of(document):
    """The pictures of a file in its own order, without what of them is seen through."""
    masks = {o.SMask.objgen for o in document.objects if isinstance(o, pikepdf.Stream) and "/SMask" in o}
    images = (o for o in document.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image")
    return [image for image in images if image.objgen not in masks]


def swapped(one, other):
    """One picture in the place of the other."""
    mine, theirs = (image.read_raw_bytes() for image in (one, other))
    one.write(theirs, filter=one.Filter, decode_parms=one.get("/DecodeParms"))
    other.write(mine, filter=other.Filter, decode_parms=other.get("/DecodeParms"))


def retouched(one, _other):
    """A single dot of another colour."""
    data = bytearray(one.read_bytes())
    data[-1] ^= 255
    one.write(bytes(data))
    for key in ("/DecodeParms",):
        if key in one:
            del one[key]


@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
@pytest.mark.parametrize("change", [swapped, *slow(retouched)])
def test_a_picture_that_is_not_the_one_of_the_narrative_is_told(tmp_path, verdict, engine, change):
    from PIL import Image

    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    for name, colour in (("a.png", (200, 0, 0)), ("b.png", (0, 0, 200))):
        Image.new("RGB", (90, 60), colour).save(folder / "narrative" / name)
    (folder / "narrative" / "P01.md").write_text("## 一、项目概况\n\n![前](a.png)\n\n![后](b.png)\n", "utf-8")
    report = report_of(folder, tmp_path / "out", pdf_engine=engine).read_bytes()
    assert verdict(report).word == verdict_words.AGREES
    with pikepdf.open(BytesIO(report)) as document:
        one, other = images_of(document)
        change(one, other)
        made = forger.saved(document)
    told = [said for check in verdict(made).checks for said in check.differences]
    assert any("不是正文里的那一张" in said for said in told), told


def test_pictures_of_which_the_manifest_tells_nothing_are_said_to_be_unchecked(tmp_path, verdict, monkeypatch):
    """As where the machine that gathers the reports has no engine, and others draw them."""
    from selfeval.building import run

    monkeypatch.setattr(run, "can_draw", lambda _: False)
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    (folder / "narrative" / "a.png").write_bytes(photograph("a.png"))
    (folder / "narrative" / "P01.md").write_text("## 一、项目概况\n\n![前](a.png)\n", "utf-8")
    told = verdict(report_of(folder, tmp_path / "out", pdf_engine=TYPST).read_bytes())
    assert told.word == "无法核对图片"
