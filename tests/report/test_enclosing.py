"""What travels inside a report.pdf."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from engines import needs
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, make_evaluation, rows_of
from hypothesis import given
from hypothesis import strategies as st

from selfeval.audit.attachments import NAMES, Enclosing, canonical, fingerprint
from selfeval.base.safe_cells import guarded, unguarded
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pdf import engine as pdf
from selfeval.rules.dump import profile_toml, settings_of
from selfeval.rules.load import load_rules, read_profile, shipped_profiles

pytestmark = pytest.mark.usefixtures("typst_draws")

P02 = {"项目编号": "P02"}


@pytest.fixture
def folder(tmp_path):
    """Two projects; a narrative and a file of evidence for the first."""
    rows = rows_of(ACTUALS)
    made = make_evaluation(
        tmp_path / "inputs",
        projects=[*rows_of(PROJECTS), P02 | {"项目名称": "桥梁维修"}],
        budget=[*rows_of(BUDGET), *(P02 | row for row in rows_of(BUDGET))],
        targets=[*rows_of(TARGETS), *(P02 | row for row in rows_of(TARGETS))],
        actuals=[rows[0] | {"佐证材料": "验收单.pdf；没有的.pdf；现场勘查"}, *rows[1:], *(P02 | row for row in rows)],
    )
    for name, content in {"narrative/P01.md": "# 一、项目概况\n\n正文。\n", "evidence/验收单.pdf": "验收"}.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(content, encoding="utf-8")
    return made


def enclosed(folder, at=0):
    """The attachments of one report by name."""
    result = evaluate(folder).result
    return {e.name: e for e in Enclosing.of(result).enclosures(result.scorecards[at])}


def sha(content):
    return hashlib.sha256(content).hexdigest()


def manifest_of(folder, at=0):
    return json.loads(enclosed(folder, at)["manifest.json"].content)


def test_everything_needed_to_score_again_travels_along(folder):
    assert set(enclosed(folder)) == NAMES - {"review.csv", "layout.toml", "last_year.json"}
    assert set(enclosed(folder, 1)) == NAMES - {"review.csv", "layout.toml", "last_year.json"}


def test_where_nobody_wrote_a_narrative_it_travels_empty(folder):
    assert enclosed(folder)["narrative.md"].content
    assert enclosed(folder, 1)["narrative.md"].content == b""


def test_raw_inputs_are_source_results_are_data(folder):
    relations = {name: e.relationship for name, e in enclosed(folder).items()}
    assert {name for name, kind in relations.items() if kind == "Data"} == {"manifest.json", "scorecard.json"}
    assert {kind for name, kind in relations.items() if name.endswith(("csv", "toml", "md"))} == {"Source"}


def test_only_the_projects_own_rows_travel(folder):
    for name in ("projects.csv", "budget.csv", "targets.csv", "actuals.csv"):
        rows = list(csv.DictReader(io.StringIO(enclosed(folder)[name].content.decode("utf-8-sig"), newline="")))
        assert {row["项目编号"] for row in rows} == {"P01"}, name
    told = json.loads(enclosed(folder)["scorecard.json"].content)
    assert [project["id"] for project in told["projects"]] == ["P01"]
    assert told["schema"] == "selfeval.scorecard/1"


def test_settings_travel_byte_by_byte(folder):
    assert enclosed(folder)["selfeval.toml"].content == (folder / "selfeval.toml").read_bytes()


def test_the_manifest_sums_every_attachment_input_and_evidence_file(folder):
    files, told = enclosed(folder), manifest_of(folder)
    assert {i["file"]: i["sha256"] for i in told["attachments"]} == {
        name: sha(e.content) for name, e in files.items() if name != "manifest.json"
    }
    assert [i["file"] for i in told["inputs"]] == ["narrative/P01.md", "selfeval.toml"]
    for item in told["inputs"]:
        content = (folder / item["file"]).read_bytes()
        assert (item["sha256"], item["bytes"]) == (sha(content), len(content))
    assert told["evidence"] == [
        {"bytes": None, "file": "没有的.pdf", "sha256": None},
        {"bytes": 6, "file": "evidence/验收单.pdf", "sha256": sha("验收".encode())},
    ]
    assert told["rules"] == {"id": "mof-2020", "version": "2020-02-25"}
    assert told["project"] == {"id": "P01", "name": "道路维修"}


def test_the_manifest_is_canonical_and_the_fingerprint_its_sum(folder):
    content = enclosed(folder)["manifest.json"].content
    assert canonical(json.loads(content)) == content
    assert fingerprint(content).replace(" ", "") == sha(content)[:16]


def test_the_fingerprint_changes_with_any_file_behind_the_report(folder):
    seen = {fingerprint(enclosed(folder)["manifest.json"].content)}
    for name in ("evidence/验收单.pdf", "narrative/P01.md", "selfeval.toml"):
        path = folder / name
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(fingerprint(enclosed(folder)["manifest.json"].content))
    assert len(seen) == 4


def test_the_fingerprint_changes_with_the_projects_own_rows_and_not_with_those_of_others(folder):
    """Else one figure of one project would make a thousand reports new."""
    first, second = (enclosed(folder, at)["manifest.json"].content for at in (0, 1))
    actuals = folder / "actuals.csv"
    lines = actuals.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    assert lines[-1].startswith("P02")
    actuals.write_text("".join([*lines[:-1], lines[-1].replace("90%", "80%")]), encoding="utf-8-sig")
    assert enclosed(folder, 0)["manifest.json"].content == first
    assert enclosed(folder, 1)["manifest.json"].content != second


@given(st.text(alphabet=st.sampled_from("'=+-@＝（(|!A1 "), max_size=8))
def test_a_guarded_cell_comes_back_as_it_was(cell):
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["=", "≥95%", "-", "=100", "=95%", "+5", "－"])
def test_what_a_form_writes_is_not_guarded(cell):
    assert guarded(cell) == cell


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "@SUM(A1)", "＝SUM(A1)", "\t=SUM(A1)"]
)
def test_what_a_spreadsheet_would_run_is_guarded(cell):
    assert guarded(cell) == f"'{cell}"


# ── rules.toml ──


@pytest.mark.parametrize("year", [2019, 2021, 2025])
@pytest.mark.parametrize("id_", [profile.id for profile in shipped_profiles()])
def test_a_profile_written_out_reads_back_as_the_same_rules(tmp_path, id_, year):
    rules, _ = load_rules(id_, year)
    (tmp_path / "rules.toml").write_text(profile_toml(rules), encoding="utf-8")
    profile = read_profile(tmp_path / "rules.toml", "rules.toml")
    assert (profile.problems, profile.extends, profile.id) == ((), "", id_)
    again, refusals = load_rules("x", year, [replace(profile, id="x")])
    assert refusals == ()
    again = replace(again, id=id_)
    assert again == rules
    assert list(again.cited) == list(rules.cited)
    assert settings_of(again) == settings_of(rules)


# ── The PDF ──


def test_the_same_inputs_give_the_same_bytes(folder):
    needs()
    files = tuple(enclosed(folder).values())
    page = '<!DOCTYPE html><html lang="zh-CN"><head><title>报告</title></head><body><p>绩效</p></body></html>'
    first, second = (pdf.engine().render(page, enclosures=files)[0] for _ in range(2))
    assert first == second


@pytest.mark.slow
def test_the_public_edition_carries_nothing(folder, tmp_path):
    pypdf = pytest.importorskip("pypdf")
    (folder / "selfeval.toml").write_text(
        (folder / "selfeval.toml").read_text(encoding="utf-8") + "[report]\npublic = true\n", encoding="utf-8"
    )
    needs()
    built = build(evaluate(folder).result, Request(Path(tmp_path / "out"), ("pdf",)))
    reader = pypdf.PdfReader(built.folder / "projects/P01/report.pdf")
    assert dict(reader.attachments) == {}
    assert "数据指纹" not in "".join(page.extract_text() for page in reader.pages)
