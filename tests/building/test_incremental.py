"""A build does again what has changed, and nothing else; what it leaves is what a first build would have left."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from attempts import slow
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, contents, files_in, make_evaluation, rows_of

import selfeval
from selfeval.base.diagnostics import diagnostic_json
from selfeval.building import fingerprints
from selfeval.building import run as builder
from selfeval.building.cache_key import cache_key, sealed, unsealed
from selfeval.building.output_folder import state_of
from selfeval.building.request import Request
from selfeval.building.run import build, inputs_of, unchanged
from selfeval.building.tasks import attempt
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.pdf.fontconfig import configuration

NAMES = {"P01": "道路维修", "P02": "桥梁维修", "P03": "路灯改造"}
OWN_RULES = """
id = "本县"
title = "本县办法"
extends = "mof-2020"
[[versions]]
effective = 2021-01-01
"""
PIXEL = bytes.fromhex("89504e470d0a1a0a") + b"0" * 40
TEMPLATE = "{% extends 'report.html' %}"


@pytest.fixture
def folder(tmp_path):
    """Three projects; a narrative with a picture and a file of evidence for the first."""
    several = [{"项目编号": id_} for id_ in NAMES]
    actuals = [one | row for one in several for row in rows_of(ACTUALS)]
    actuals[0]["佐证材料"] = "验收单.txt"
    made = make_evaluation(
        tmp_path / "inputs",
        projects=[rows_of(PROJECTS)[0] | {"项目编号": id_, "项目名称": name} for id_, name in NAMES.items()],
        budget=[one | row for one in several for row in rows_of(BUDGET)],
        targets=[one | row for one in several for row in rows_of(TARGETS)],
        actuals=actuals,
    )
    for name, content in {
        "narrative/P01.md": "## 项目概况\n\n![现场](现场.png)\n".encode(),
        "narrative/现场.png": PIXEL,
        "evidence/验收单.txt": "验收".encode(),
    }.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def made(monkeypatch):
    """The files made since it was last asked, by name; a callable."""
    names = []

    def watched(task):
        names.extend(f"{task.name}.{kind}" for kind in task.kinds)
        return attempt(task)

    monkeypatch.setattr(builder, "attempt", watched)

    def since():
        taken = sorted(names)
        names.clear()
        return taken

    return since


def run(folder, out, **asked):
    """A build as the command does it."""
    request = replace(Request(out, ("html",)), **asked)
    inputs = inputs_of(folder, request)
    if unchanged(folder, request, inputs) is None:
        build(evaluate(folder).result, request, inputs=inputs)
    return out / folder.name


def reports(*ids, kind="html"):
    return [f"projects/{id_}/report.{kind}" for id_ in ids]


def change(folder, name, old, new):
    """An edit of one file."""
    path = folder / name
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8-sig")


WHOLE = ["index.html", "summary.html"]
ALL = sorted([*WHOLE, *reports(*NAMES)])


def told(diagnostics):
    """Findings as a file tells them."""
    return [diagnostic_json(d) for d in diagnostics]


def test_the_first_build_makes_everything_and_the_second_nothing(folder, tmp_path, made):
    root = run(folder, tmp_path / "out")
    assert made() == ALL
    states = {p: state_of(p) for p in root.rglob("*")}
    run(folder, tmp_path / "out")
    assert made() == []
    assert {p: state_of(p) for p in root.rglob("*")} == states


def test_where_nothing_changed_not_even_a_table_is_read(folder, tmp_path):
    run(folder, tmp_path / "out")
    request = Request(tmp_path / "out", ("html",))
    found = unchanged(folder, request, inputs_of(folder, request))
    assert told(found) == told(evaluate(folder).diagnostics)


@pytest.mark.slow
def test_where_nothing_changed_no_renderer_is_loaded(folder, tmp_path):
    home = str(Path(selfeval.__file__).parents[1])
    drawing = ["selfeval.report.html.pages", "selfeval.report.pdf.engine"]
    heavy = ["weasyprint", "jinja2", "openpyxl", "docx", "pandas", *drawing]
    program = (
        "import sys; from selfeval.cli.app import run; code = run(sys.argv[1:]); "
        f"print(code, [m for m in {heavy} if m in sys.modules])"
    )
    arguments = ["build", str(folder), "--format", "html,xlsx"]
    said = [
        subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": home, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert "jinja2" in said[0][-1]
    assert said[1] == ["out/甲县-2021/index.html".replace("/", os.sep), "0 []"]


def own_template(folder):
    home = folder / "templates/layouts/national"
    home.mkdir(parents=True)
    (home / "form.html").write_text("<p>{{ doc.name }}</p>", encoding="utf-8")


def own_layout_data(folder):
    home = folder / "templates/layouts/national"
    home.mkdir(parents=True)
    (home / "layout.toml").write_text('[titles]\nreport = "绩效自评情况报告"\n', encoding="utf-8")


REVIEW = "项目编号,二级指标,三级指标,复核得分,复核意见,复核人\nP02,数量指标,维修里程,{},{},张三\n"


def reword(name, old, new):
    return lambda folder: change(folder, name, old, new)


def put(name, content):
    return lambda folder: (folder / name).write_bytes(content)


CHANGES = {
    "a figure": (reword("actuals.csv", "P02,数量指标,维修里程,20", "P02,数量指标,维修里程,19"), ["P02"]),
    "the budget": (reword("budget.csv", "P03,100", "P03,90"), ["P03"]),
    "a name": (reword("projects.csv", "路灯改造", "路灯更换"), ["P03"]),
    "the narrative": (reword("narrative/P01.md", "项目概况\n", "项目概况\n\n更正。\n"), ["P01"]),
    "a new narrative": (put("narrative/P02.md", "## 项目概况\n\n新。".encode()), ["P02"]),
    "a picture": (put("narrative/现场.png", PIXEL + b"1"), ["P01"]),
    "evidence": (put("evidence/验收单.txt", "重验".encode()), ["P01"]),
    "the settings": (reword("selfeval.toml", "甲县财政局", "甲县交通局"), [*NAMES]),
    "the year": (reword("selfeval.toml", "2021", "2022"), [*NAMES]),
    "an own template": (own_template, [*NAMES]),
    "a layout's own data": (own_layout_data, [*NAMES]),
    "a review of one project": (put("review.csv", REVIEW.format(38, "偏高").encode()), ["P02"]),
}


SOME = ("a figure", "a picture", "the settings", "a review of one project")
"""Of one project, beside it, of all, of its review."""


@pytest.mark.parametrize("what", [*SOME, *slow(*(what for what in CHANGES if what not in SOME))])
def test_a_report_is_made_again_when_what_it_depends_on_changes_and_only_then(folder, tmp_path, made, what):
    alter, concerned = CHANGES[what]
    run(folder, tmp_path / "out")
    made()
    alter(folder)
    root = run(folder, tmp_path / "out")
    assert made() == sorted([*WHOLE, *reports(*concerned)])
    fresh = run(folder, tmp_path / "anew")
    assert contents(root, files_in(root) - {".cache"}) == contents(fresh, files_in(fresh) - {".cache"})


@pytest.mark.parametrize(("old", "new"), [("38", "39"), *slow(("偏高", "略高"), ("张三", "李四"))])
def test_another_word_of_the_reviewer_makes_new_the_report_it_is_about(folder, tmp_path, made, old, new):
    put("review.csv", (REVIEW.format(38, "偏高") + "P03,数量指标,维修里程,40,不足,王五\n").encode())(folder)
    run(folder, tmp_path / "out")
    made()
    change(folder, "review.csv", old, new)
    root = run(folder, tmp_path / "out")
    assert made() == sorted([*WHOLE, *reports("P02")])
    assert new in (root / "projects/P02/report.html").read_text(encoding="utf-8")


def test_the_units_own_rules_are_part_of_it(folder, tmp_path, made):
    (folder / "rules").mkdir()
    own = folder / "rules/本县.toml"
    own.write_text(OWN_RULES, encoding="utf-8")
    change(folder, "selfeval.toml", "year = 2021", 'year = 2021\nrules = "本县"')
    run(folder, tmp_path / "out")
    made()
    own.write_text(own.read_text(encoding="utf-8") + "# 说明\n", encoding="utf-8")
    run(folder, tmp_path / "out")
    assert made() == ALL, "the manifest of every report names the file with its sum"


@pytest.mark.slow
@pytest.mark.parametrize("part", ["program", *slow("fonts")])
def test_another_program_or_other_fonts_make_new_what_they_touch(folder, tmp_path, made, monkeypatch, part):
    run(folder, tmp_path / "out", formats=("html", "xlsx"))
    assert len(made()) == 9
    monkeypatch.setattr(f"selfeval.building.dependencies.{part}", lambda: "different")
    run(folder, tmp_path / "out", formats=("html", "xlsx"))
    assert len(made()) == (9 if part == "program" else 0), "HTML and Excel take their fonts from the reader's machine"


@pytest.mark.parametrize("asked", [{"draft": True}, {"public": True}])
def test_an_option_that_changes_the_page_makes_it_new(folder, tmp_path, made, asked):
    run(folder, tmp_path / "out")
    made()
    run(folder, tmp_path / "out", **asked)
    assert made() == ALL


def test_another_format_leaves_the_first_as_it_is(folder, tmp_path, made):
    run(folder, tmp_path / "out")
    made()
    run(folder, tmp_path / "out", formats=("html", "xlsx"))
    assert made() == sorted([*reports(*NAMES, kind="xlsx"), "summary.xlsx"])
    root = run(folder, tmp_path / "out")
    assert made() == []
    assert not list(root.rglob("*.xlsx"))


def test_force_makes_everything_anew(folder, tmp_path, made):
    run(folder, tmp_path / "out")
    made()
    run(folder, tmp_path / "out", force=True)
    assert made() == ALL


def test_a_build_of_one_project_is_not_taken_for_one_of_all(folder, tmp_path, made):
    run(folder, tmp_path / "out")
    change(folder, "projects.csv", "路灯改造", "路灯更换")
    change(folder, "projects.csv", "桥梁维修", "桥梁养护")
    made()
    run(folder, tmp_path / "out", projects=frozenset({"P02"}))
    assert made() == sorted([*WHOLE, *reports("P02")])
    run(folder, tmp_path / "out")
    assert made() == reports("P03")


def test_no_page_leads_to_a_report_that_is_not_there(folder, tmp_path):
    root = run(folder, tmp_path / "out", projects=frozenset({"P02"}))
    for page in ("index.html", "summary.html"):
        assert set(re.findall(r'href="(projects/[^"]+)"', (root / page).read_text("utf-8"))) == {*reports("P02")}
    run(folder, tmp_path / "out")
    links = set(re.findall(r'href="(projects/[^"]+)"', (root / "index.html").read_text("utf-8")))
    assert links == {*reports("P01", "P02", "P03")}


# ── The outputs ──


def edit_and_hide(path):
    """An edit that keeps size and time of change."""
    told = path.stat()
    path.write_bytes(path.read_bytes().replace("路".encode(), "桥".encode()))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert path.stat().st_size == told.st_size


@pytest.mark.parametrize("spoil", [edit_and_hide, *slow(Path.unlink, lambda p: p.write_bytes(p.read_bytes()[:-9]))])
@pytest.mark.parametrize("name", ["projects/P01/report.html", "summary.html", "scorecard.json"])
def test_a_file_that_is_gone_or_was_edited_is_there_again(folder, tmp_path, spoil, name):
    root = run(folder, tmp_path / "out")
    before = contents(root, files_in(root) - {".cache"})
    spoil(root / name)
    run(folder, tmp_path / "out")
    assert contents(root, files_in(root) - {".cache"}) == before


def test_a_copy_of_outputs_and_cache_is_as_good_as_the_original(folder, tmp_path, made):
    run(folder, tmp_path / "out")
    made()
    shutil.copytree(tmp_path / "out", tmp_path / "copy", copy_function=shutil.copyfile)
    run(folder, tmp_path / "copy")
    assert made() == []


def test_a_cache_without_its_outputs_is_no_excuse(folder, tmp_path, made):
    root = run(folder, tmp_path / "out")
    made()
    (tmp_path / "anew" / folder.name).mkdir(parents=True)
    shutil.copy(root / ".cache", tmp_path / "anew" / folder.name)
    run(folder, tmp_path / "anew")
    assert made() == ALL


def corrupted(path):
    """The cache in all sorts of bad states, some of them under the right seal."""
    good = unsealed(path.read_bytes(), cache_key()).decode()
    told = json.loads(good)
    entry = told["files"]["summary.html"]
    bad = (b"\x00\xff", b"[" * 100_000, good[: len(good) // 2].encode(), good.swapcase().encode())
    yield from (*bad, good.encode(), *(sealed(content, cache_key()) for content in bad))
    for wrong in (
        None,
        3,
        [],
        {"a": 1},
        entry[:2],
        ["", "", "", ""],
        [*entry[:3], [{"code": 1}]],
        [*entry[:2], [1], []],
    ):
        yield sealed(json.dumps(told | {"files": told["files"] | {"summary.html": wrong}}).encode(), cache_key())
    yield sealed(json.dumps(told | {"files": {}}).encode(), cache_key())
    yield sealed(
        json.dumps(told | {"files": {name: told["files"][name] for name in list(told["files"])[:3]}}).encode(),
        cache_key(),
    )
    for key in told:
        yield sealed(json.dumps({k: v for k, v in told.items() if k != key}).encode(), cache_key())


@pytest.mark.slow
def test_a_corrupt_cache_costs_time_and_nothing_else(folder, tmp_path):
    root = run(folder, tmp_path / "out")
    before = contents(root, files_in(root) - {".cache"})
    states = list(corrupted(root / ".cache"))
    assert len(states) > 12
    for state in states:
        (root / ".cache").write_bytes(state)
        (root / "index.html").unlink()
        run(folder, tmp_path / "out")
        assert contents(root, files_in(root) - {".cache"}) == before, state[:60]


def without(folder, id_):
    """A project leaves the tables."""
    for name in ("projects", "budget", "targets", "actuals"):
        path = folder / f"{name}.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(id_)), encoding="utf-8-sig")


@pytest.mark.slow
@pytest.mark.parametrize(("cache", "engine"), [("deleted", TYPST), ("kept", TYPST), ("deleted", WEASYPRINT)])
def test_with_or_without_cache_what_is_ours_goes_and_what_is_not_stays(folder, tmp_path, cache, engine):
    root = run(folder, tmp_path / "out", formats=("html", "pdf", "xlsx", "docx"), pdf_engine=engine)
    theirs = root / "projects/P02/report.pdf"
    theirs.write_bytes(b"%PDF-1.4 scanned and sealed")
    (root / "projects/P02/report.txt").write_text("mine")
    (root / "summary.docx").write_text("mine")
    without(folder, "P02")
    if cache == "deleted":
        (root / ".cache").unlink()
    run(folder, tmp_path / "out", formats=("html",))
    left = files_in(root)
    assert {"projects/P02/report.pdf", "projects/P02/report.txt", "summary.docx"} <= left
    fresh = run(folder, tmp_path / "anew")
    assert left == files_in(fresh) | {"projects/P02/report.pdf", "projects/P02/report.txt", "summary.docx"}


def test_nothing_behind_a_link_is_deleted(folder, tmp_path):
    root = run(folder, tmp_path / "out")
    shutil.move(root / "projects/P02", tmp_path / "kept")
    (root / "projects/P02").symlink_to(tmp_path / "kept", target_is_directory=True)
    without(folder, "P02")
    run(folder, tmp_path / "out")
    assert files_in(tmp_path / "kept") == {"report.html"}


def test_a_build_that_is_broken_off_goes_on_where_it_was(folder, tmp_path, made, monkeypatch):
    watched = builder.attempt

    def interrupted(task):
        if task.name == "projects/P02/report":
            raise KeyboardInterrupt
        return watched(task)

    monkeypatch.setattr(builder, "attempt", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(folder, tmp_path / "out")
    done = made()
    assert done
    root = tmp_path / "out" / folder.name
    assert not [p for p in root.rglob("*") if p.name.endswith(".part")]
    monkeypatch.setattr(builder, "attempt", watched)
    run(folder, tmp_path / "out")
    assert made() == sorted(set(ALL) - set(done))


def test_what_a_killed_build_left_half_written_is_taken_away(folder, tmp_path):
    root = run(folder, tmp_path / "out")
    (root / "projects/P01/.selfeval-abc.part").write_bytes(b"half")
    (root / "summary.html").unlink()
    run(folder, tmp_path / "out")
    assert not list(root.rglob("*.part"))


@pytest.mark.slow
def test_what_was_found_when_a_page_was_made_is_said_again(folder, tmp_path):
    (folder / "templates/css").mkdir(parents=True)
    (folder / "templates/css/print.css").write_text("p { colour: red }", encoding="utf-8")
    request = Request(tmp_path / "out", ("pdf",), projects=frozenset({"P02"}))
    result = evaluate(folder).result
    first = build(result, request).diagnostics
    assert "F002" in [d.code for d in first]
    assert told(build(result, request).diagnostics) == told(first)


def test_a_report_that_could_not_be_made_leaves_no_old_one_and_is_tried_again(folder, tmp_path, made, monkeypatch):
    root = run(folder, tmp_path / "out")
    change(folder, "projects.csv", "路灯改造", "路灯更换")
    monkeypatch.setattr("selfeval.building.tasks.project_document", lambda *_, **__: 1 / 0)
    request = Request(tmp_path / "out", ("html",))
    (failed,) = build(evaluate(folder).result, request, inputs=inputs_of(folder, request)).diagnostics
    assert (failed.code, failed.project) == ("F009", "P03")
    assert "ZeroDivisionError" in failed.message
    assert files_in(root) >= {"projects/P01/report.html", "projects/P02/report.html", "summary.html", "index.html"}
    assert "projects/P03/report.html" not in files_in(root)
    monkeypatch.undo()
    run(folder, tmp_path / "out")
    assert "路灯更换" in (root / "projects/P03/report.html").read_text(encoding="utf-8")


def test_what_we_tell_fontconfig_ourselves_is_no_other_set_of_fonts(monkeypatch):
    before = fingerprints.fonts.__wrapped__()
    monkeypatch.setenv("FONTCONFIG_FILE", str(configuration()))
    assert fingerprints.fonts.__wrapped__() == before
    monkeypatch.setenv("FONTCONFIG_FILE", str(Path(__file__)))
    assert fingerprints.fonts.__wrapped__() != before
