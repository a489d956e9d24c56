"""A build takes some projects at a time and comes to what it comes to with all of them at once."""

import json
import pickle
from pathlib import Path

import pytest
from attempts import slow, some
from code_fixtures import ALONE, OF_ROWS, gathered, made
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, make_evaluation, rows_of
from test_large import ADJUSTED, REVIEWED, ROAD

from selfeval.building import data_files
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.building.tasks import MAKERS, Packing, Task
from selfeval.evaluation import parts as portions
from selfeval.evaluation.exports import json_text
from selfeval.evaluation.parts import AtOnce, InPortions, open_source
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.shelf import Shelf
from selfeval.reading.csv_files import csv_bytes

ROOT = Path(__file__).parents[2]
REAL = [ROOT / "inputs" / name for name in ("mianyang-2021", "ningxia-2020")]


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    """Two projects at a time, and hardly anything held in memory, so that a few are many."""
    monkeypatch.setattr(portions, "PORTION", 2)
    monkeypatch.setattr(portions, "REMEMBERED", 0)
    monkeypatch.setattr(data_files, "IN_MEMORY", 100)
    monkeypatch.setattr(data_files, "PIECE", 64)


@pytest.fixture(autouse=True)
def made_once(monkeypatch):
    """A page is made once of the same task, byte for byte: what may differ here is what a page is made from."""
    for kind, maker in MAKERS.items():
        monkeypatch.setitem(MAKERS, kind, remembering(maker))


def remembering(maker):
    """A maker that gives again what it made of a task."""
    made = {}

    def make(task):
        key = pickle.dumps(task)
        if key not in made:
            made[key] = maker(task)
        return made[key]

    return make


def both(folder, tmp_path, **asked):
    """The outputs made from portions and from everything at once, by name, with all findings."""
    results = []
    for name, source in (("parts", open_source(folder).source), ("whole", evaluate(folder).result)):
        if source is None:
            results.append(None)
            continue
        one = build(source, Request(tmp_path / name, **{"formats": ("html", "xlsx"), **asked}))
        files = {p.relative_to(one.folder).as_posix(): p.read_bytes() for p in one.folder.rglob("*") if p.is_file()}
        files.pop(".cache")
        results.append((files, one.of_inputs, one.diagnostics))
    return results


def assert_same(folder, tmp_path, **asked):
    """Compares them file by file; gives the files."""
    parts, whole = both(folder, tmp_path, **asked)
    assert (parts is None) == (whole is None)
    if parts is None:
        return {}
    assert parts[1:] == whole[1:]
    assert parts[0].keys() == whole[0].keys()
    assert [name for name in parts[0] if parts[0][name] != whole[0][name]] == []
    return parts[0]


@pytest.mark.slow
@pytest.mark.parametrize("asked", [{"public": True}, *slow({})])
@pytest.mark.parametrize("folder", [REAL[1], *slow(REAL[0])], ids=lambda folder: folder.name)
def test_the_real_evaluations_come_out_the_same(folder, asked, tmp_path):
    assert isinstance(open_source(folder).source, InPortions)
    assert "scorecard.json" in assert_same(folder, tmp_path, **asked)


BAD = [name for name in OF_ROWS if name.endswith("bad")]


@pytest.mark.slow
@pytest.mark.parametrize("names", [BAD[::8], *slow(BAD)], ids=["some", "all"])
def test_whatever_is_found_in_rows_the_outputs_are_the_same(tmp_path, names):
    bad = {name: OF_ROWS[name] for name in names}
    files = assert_same(gathered(tmp_path / "in", bad), tmp_path, formats=("html",))
    assert {name[:4] for name in bad} <= {d["code"] for d in json.loads(files["diagnostics.json"])["diagnostics"]}


BAD_ALONE = {change.id: change.values[0] for change in ALONE if change.id.endswith("bad")}


@pytest.mark.parametrize("name", some(BAD_ALONE, 3))
def test_whatever_else_is_found_the_outputs_are_the_same(name, tmp_path):
    assert_same(made(tmp_path / "in", BAD_ALONE[name]), tmp_path, formats=("html",))


@pytest.fixture
def odd(tmp_path):
    """Five projects and the unit, with a review, rows of nobody, keys twice and cells over several lines."""
    ids = [{"项目编号": f"P{at}"} for at in range(1, 6)]
    unit = {"项目编号": "U", "项目名称": "部门整体", "项目类型": "部门整体"}
    projects = [rows_of(PROJECTS)[0] | one | {"项目名称": f"第{one['项目编号']}项"} for one in ids]
    projects += [rows_of(PROJECTS)[0] | unit, projects[0], projects[0] | {"项目编号": "V", "项目类型": "部门整体"}]
    targets = [one | row | dict.fromkeys(ADJUSTED, "") for one in (*ids, {"项目编号": "U"}) for row in rows_of(TARGETS)]
    actuals = [one | row for one in (*ids, {"项目编号": "U"}, {"项目编号": "P9"}) for row in rows_of(ACTUALS)]
    actuals[1] = actuals[1] | {"偏差原因分析及改进措施": "第一行，\n第二行"}
    return make_evaluation(
        tmp_path,
        projects=projects,
        budget=[one | row for one in (*ids, {"项目编号": "V"}) for row in rows_of(BUDGET)],
        targets=[*targets, targets[0]],
        actuals=[*actuals, actuals[0]],
        review=[one | ROAD | REVIEWED for one in (ids[2], {"项目编号": "P8"})],
    )


@pytest.mark.slow
@pytest.mark.parametrize("asked", [{}, {"public": True}, {"projects": frozenset({"P2"})}], ids=["all", "public", "one"])
def test_odd_rows_come_out_the_same(odd, tmp_path, asked):
    files = assert_same(odd, tmp_path, **asked)
    data = json.loads(files["scorecard.json"])
    assert [one["id"] for one in data["projects"]] == ["P1", "P2", "P3", "P4", "P5"]
    assert data["unit"]["id"] == "U"
    codes = {d["code"] for d in json.loads(files["diagnostics.json"])["diagnostics"]}
    assert {"T013", "T014", "T024", "P003"} <= codes
    head = files["scores.csv"].decode("utf-8-sig").splitlines()[0]
    assert "复核人" in head
    assert "调整依据" not in head


def test_what_was_built_in_portions_stands_for_a_build_at_once(odd, tmp_path):
    request = Request(tmp_path / "out", ("html",))
    first = build(open_source(odd).source, request).folder
    before = {path: path.stat().st_mtime_ns for path in first.rglob("*.html")}
    build(evaluate(odd).result, request)
    assert before
    assert {path: path.stat().st_mtime_ns for path in first.rglob("*.html")} == before


def test_an_evaluation_with_a_workbook_is_read_at_once(tmp_path):
    from openpyxl import Workbook

    folder = make_evaluation(tmp_path)
    book = Workbook()
    for row in (folder / "actuals.csv").read_text(encoding="utf-8-sig").splitlines():
        book.active.append(row.split(","))
    book.save(folder / "actuals.xlsx")
    (folder / "actuals.csv").unlink()
    assert isinstance(open_source(folder).source, AtOnce)
    assert_same(folder, tmp_path)


def test_a_packed_task_is_the_task(tmp_path):
    result = evaluate(REAL[1]).result
    packing = Packing(Task("report", "", (), result.without_projects(), {"draft": False}, {}))
    for card in result.scorecards:
        about = result.about(card)
        one = Task("report", card.project.id, ("html",), about, {"draft": False}, {"a": "b"}, project=card.project.id)
        packed = packing.packed(one)
        assert packed.task() == one
        assert pickle.loads(pickle.dumps(packed)) == one
        assert packed.about == one.about


def test_a_shelf_gives_back_what_was_put_on_it():
    cards = evaluate(REAL[0]).result.scorecards
    shelf = Shelf().and_(cards[:3]).and_(cards[3:])
    assert (tuple(shelf), len(shelf)) == (cards, len(cards))
    assert cards[4] in shelf
    assert "nothing" not in shelf


@pytest.mark.parametrize("value", [{}, [], {"a": []}, {"a": [1, None, True, {"b": '“\n\t\\"'}], "c": {"d": ["x", {}]}}])
def test_json_is_what_the_library_writes(value):
    assert json_text(value) == json.dumps(value, ensure_ascii=False, indent=2)


def test_a_csv_is_narrowed_over_every_cut():
    rows = [["甲", "乙", "丙"], ["1", "", "两行\r\n的"], ["=", "", '"引号"']]
    narrow = data_files.Narrowed((csv_bytes(rows)[3:][at : at + 5] for at in range(0, 200, 5)), {"乙"})
    assert b"".join(narrow) == csv_bytes([[a, c] for a, _, c in rows])[3:]
