"""verify --rebuild: the same data give the same bytes; what cannot be rebuilt here is not said to agree."""

from __future__ import annotations

import json
from importlib.metadata import version

import pytest
from evaluations import TOML, make_evaluation

from selfeval.audit.attachments import fingerprint, joint_fingerprint
from selfeval.audit.pdf_reader import read_pdf
from selfeval.audit.verdict import AGREES, DISAGREES, UNREADABLE
from selfeval.building import rebuild
from selfeval.building import run as run_
from selfeval.building.rebuild import verify_rebuilding
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = make_evaluation(tmp_path_factory.mktemp("rebuild"))
    made = build(evaluate(folder).result, Request(folder.parent / "out", ("pdf",)))
    return made.folder / "projects" / "P01" / "report.pdf"


def test_a_report_is_made_again_byte_by_byte(report):
    verdict = verify_rebuilding(report)
    assert verdict.kind == AGREES
    assert verdict.checks[-1].id == "rebuild"


def test_other_bytes_are_told_though_all_else_agrees(report, monkeypatch):
    made = rebuild.rebuilt
    monkeypatch.setattr(rebuild, "rebuilt", lambda *given: rebuild.Rebuilt(made(*given).content + b"\n"))
    verdict = verify_rebuilding(report)
    assert verdict.kind == DISAGREES
    assert [check.id for check in verdict.checks if check.differences] == ["rebuild"]


@pytest.mark.parametrize("other", [{"engine": {"name": "weasyprint", "version": "1.0"}}, {"fonts": []}], ids=str)
def test_where_engine_or_fonts_are_others_nothing_is_said_to_agree(report, monkeypatch, capsys, other):
    here = rebuild.drawn_with
    monkeypatch.setattr(rebuild, "drawn_with", lambda *asked: here(*asked) | other)
    verdict = verify_rebuilding(report)
    assert (verdict.kind, verdict.unchecked) == (UNREADABLE, ("重建",))
    assert run(["verify", "--rebuild", str(report)]) == 2
    assert "无法重建" in capsys.readouterr().out


@pytest.mark.slow
def test_a_draft_for_comment_is_made_again_too(tmp_path):
    folder = make_evaluation(tmp_path)
    made = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), draft=True, pdf_engine=TYPST))
    assert verify_rebuilding(made.folder / "projects" / "P01" / "report.pdf").kind == AGREES


def test_the_manifest_tells_engine_and_fonts(report):
    told = manifest_in(report)
    assert told["engine"] == {"name": "weasyprint", "version": version("weasyprint")}
    behind = {font["family"]: font for font in told["fonts"]}
    assert {"FangSong", "SimHei", "Times New Roman"} <= behind.keys()
    assert all(font["font"] and "/" not in font["file"] for font in told["fonts"])


def test_a_font_of_the_units_own_choice_is_told(tmp_path):
    folder = make_evaluation(tmp_path, toml=f'{TOML}\n[report.fonts]\n"正文" = "Liberation Serif"\n')
    made = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), pdf_engine=TYPST))
    assert "Liberation Serif" in {f["family"] for f in manifest_in(made.folder / "projects/P01/report.pdf")["fonts"]}


@pytest.mark.slow
def test_other_fonts_make_the_pages_that_print_the_fingerprint_anew(tmp_path, monkeypatch):
    folder = make_evaluation(tmp_path)
    request = Request(tmp_path / "out", ("html", "pdf"), pdf_engine=TYPST)
    build(evaluate(folder).result, request)
    here = run_.drawn_with
    monkeypatch.setattr(run_, "drawn_with", lambda *asked: here(*asked) | {"fonts": []})
    made = build(evaluate(folder).result, request, inputs="other")
    report = made.folder / "projects/P01/report.pdf"
    page = report.with_suffix(".html").read_text(encoding="utf-8")
    printed = fingerprint(next(a.content for a in read_pdf(report, 0).attached if a.name == "manifest.json"))
    assert printed in page or "数据指纹" not in page
    assert joint_fingerprint([printed]) in (made.folder / "summary.html").read_text(encoding="utf-8")


def manifest_in(report):
    return json.loads(next(a.content for a in read_pdf(report, 0).attached if a.name == "manifest.json"))
