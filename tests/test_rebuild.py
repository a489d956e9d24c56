"""verify --rebuild: the same data give the same bytes; what cannot be rebuilt here is not said to agree."""

from __future__ import annotations

import pytest
from evaluations import make_evaluation

from selfeval.audit.verify import AGREES, DISAGREES, UNREADABLE
from selfeval.building import rebuild
from selfeval.building.rebuild import verify_rebuilding
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate


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


def test_where_the_engine_is_another_nothing_is_said_to_agree(report, monkeypatch, capsys):
    monkeypatch.setattr(rebuild, "installed", lambda: "1.0")
    verdict = verify_rebuilding(report)
    assert (verdict.kind, verdict.unchecked) == (UNREADABLE, ("重建",))
    assert run(["verify", "--rebuild", str(report)]) == 2
    assert "无法重建" in capsys.readouterr().out


def test_a_draft_for_comment_is_made_again_too(tmp_path):
    folder = make_evaluation(tmp_path)
    made = build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), draft=True))
    assert verify_rebuilding(made.folder / "projects" / "P01" / "report.pdf").kind == AGREES
