"""A large evaluation comes to the same numbers, findings and bytes as a small one: cut, in portions, in processes."""

import csv
import gc
import pickle
import sys
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from attempts import some
from code_fixtures import ALONE, OF_ROWS, gathered, made
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, make_evaluation, rows_of

from selfeval.base import memo as memory
from selfeval.base.exact import EXACT
from selfeval.evaluation import stream as large
from selfeval.evaluation.csv_exports import SUMMARY_COLUMNS, scores_csv
from selfeval.evaluation.departments import department_csv
from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.pipeline import evaluate
from selfeval.scoring.steps import Steps

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "benchmarks"))

from generate import generate  # noqa: E402

REAL = [ROOT / "inputs" / name for name in ("mianyang-2021", "ningxia-2020")]


def as_a_whole(folder):
    """Findings and scores.csv of the path that every build takes."""
    one = evaluate(folder)
    with localcontext(EXACT):
        return one.diagnostics, scores_csv(one.result) if one.result else None


def in_portions(folder, out, jobs=1):
    """The same from the path for large evaluations."""
    one = large.examine(folder, jobs, out)
    file = out / "scores.csv"
    return one.diagnostics, file.read_bytes() if file.is_file() else None


@pytest.fixture
def small_portions(monkeypatch):
    """Two projects at a time, so that a few are several portions."""
    monkeypatch.setattr(large, "PORTION", 2)


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Forty projects as the benchmark makes them."""
    folder = tmp_path_factory.mktemp("inputs") / "forty"
    generate(folder, 40, 10, seed=7)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", [REAL[1], pytest.param(REAL[0], marks=pytest.mark.slow)], ids=lambda folder: folder.name
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_portions_in_any_number_of_processes_come_to_what_the_whole_comes_to(folder, jobs, tmp_path, small_portions):
    assert in_portions(folder, tmp_path, jobs) == as_a_whole(folder)


def assert_same(folder, out):
    """Compares both paths; gives the codes that were found."""
    found, scores = in_portions(folder, out)
    told, whole = as_a_whole(folder)
    assert found == told
    assert scores is None or scores == whole
    return {d.code for d in found}


def test_every_finding_about_rows_is_the_same_in_portions(tmp_path, small_portions):
    found = assert_same(gathered(tmp_path), tmp_path / "out")
    assert {name[:4] for name in OF_ROWS if name.endswith("bad")} <= found


CHANGES = {"none": {}, **{change.id: change.values[0] for change in ALONE}}


@pytest.mark.parametrize("name", some(CHANGES, 3))
def test_every_other_finding_is_the_same_in_portions(name, tmp_path, small_portions):
    assert_same(made(tmp_path, CHANGES[name]), tmp_path / "out")


def test_every_project_is_in_the_summary_once_and_in_order(generated, tmp_path, small_portions):
    in_portions(generated, tmp_path)
    lines = (tmp_path / "summary.csv").read_text(encoding="utf-8-sig").splitlines()
    cards = evaluate(generated).result.scorecards
    assert [line.split(",")[0] for line in lines[1:]] == [card.project.id for card in cards]
    assert [line.split(",")[-2] for line in lines[1:]] == [f"{card.total:.2f}" for card in cards]


def test_the_departments_add_up_to_their_projects(generated, tmp_path, small_portions):
    in_portions(generated, tmp_path)
    head, *lines = csv.reader((tmp_path / "departments.csv").read_text(encoding="utf-8-sig").splitlines())
    told = [dict(zip(head, line, strict=True)) for line in lines]
    cards = evaluate(generated).result.scorecards
    of = {}
    for card in cards:
        of.setdefault(card.project.fields["主管部门"], []).append(card)
    assert [line["主管部门"] for line in told] == [*sorted(of), "合计"]
    for line, group in zip(told, [*(of[name] for name in sorted(of)), cards], strict=True):
        assert line["项目数"] == str(len(group))
        assert Decimal(line["全年执行数"]) == sum(card.budget.executed for card in group)
        assert line["优"] == str(sum(card.grade == "优" for card in group))
        graded = [card.total for card in group if card.grade]
        mean = Fraction(sum(graded)) / len(graded)
        assert abs(Fraction(line["平均总分"]) - mean) <= Fraction(1, 200)


@pytest.mark.parametrize(("base", "rate"), [("initial", "0.40000000"), ("adjusted", "0.30000000")])
def test_the_rate_of_a_department_is_that_of_its_projects_that_have_one(tmp_path, base, rate):
    rows = ["P1,甲,教育局,,300,400,120,0.4", "P2,乙,教育局,,500,500,,", "P3,丙,教育局,,0,0,7,"]
    head = ",".join(SUMMARY_COLUMNS)
    blank = "," * (len(SUMMARY_COLUMNS) - 8)
    (tmp_path / "summary.csv").write_text("\n".join([head, *(row + blank for row in rows)]), encoding="utf-8-sig")
    told = department_csv(tmp_path / "summary.csv", ("优",), "部门整体", base).decode("utf-8-sig")
    (line, whole) = csv.DictReader(told.splitlines())
    assert (line["执行率"], whole["执行率"], line["全年执行数"]) == (rate, rate, "127")


def test_the_unit_itself_is_not_counted_among_its_projects(tmp_path, small_portions):
    in_portions(ROOT / "inputs" / "ningxia-2020", tmp_path)
    *_, line = csv.DictReader((tmp_path / "departments.csv").read_text(encoding="utf-8-sig").splitlines())
    assert line["项目数"] == "3"


def test_rows_of_nobody_and_broken_quotes_are_said_as_in_a_small_table(generated, tmp_path, small_portions):
    folder = tmp_path / "broken"
    generate(folder, 5, 8)
    with (folder / "actuals.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(
            'P9,数量指标,无主,3个,,,,\r\nP000002,数量指标,"两行\r\n的名称",3个,,,,\r\n,,,,,,,\r\nP000001,少一格\r\n'
        )
        file.write('P000003,数量指标,"没有闭合,3个,,,,\r\nP000004,数量指标,多出的,3个,,,,\r\n')
    found, scores = in_portions(folder, tmp_path / "out")
    assert (found, scores) == as_a_whole(folder)
    assert {"T014", "T016", "T002", "P002"} <= {d.code for d in found}


ROAD = {"二级指标": "数量指标", "三级指标": "维修里程"}
ADJUSTED = {"调整后指标值": "≥16公里", "调整后分值": "50", "调整依据": "甲财预〔2021〕35号批复"}
REVIEWED = {"复核完成值": "15公里", "复核得分": "37.5", "复核意见": "=按验收报告", "复核人": "张三"}


@pytest.mark.parametrize("adjusted", [ADJUSTED, dict.fromkeys(ADJUSTED, ""), {}], ids=["adjusted", "not", "no column"])
@pytest.mark.parametrize("reviewed", [REVIEWED, {"复核人": "张三"}, None], ids=["reviewed", "not yet", "no file"])
@pytest.mark.parametrize("jobs", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_adjusted_targets_and_reviews_are_cut_as_well(tmp_path, small_portions, adjusted, reviewed, jobs):
    several = [{"项目编号": f"P{at}"} for at in range(1, 6)]
    first, *rest = rows_of(TARGETS)
    blank = dict.fromkeys(adjusted, "")
    targets = [row | several[0] | blank for row in (first, *rest)]
    targets += [one | row | blank for one in several[1:4] for row in (first, *rest)]
    targets += [several[4] | row | more for row, more in zip((first, *rest), (adjusted, blank, blank), strict=True)]
    review = [one | ROAD | reviewed for one in (several[2], {"项目编号": "P9"})] if reviewed else None
    folder = make_evaluation(
        tmp_path,
        projects=[rows_of(PROJECTS)[0] | one | {"项目名称": f"第{one['项目编号']}项"} for one in several],
        budget=[one | row for one in several for row in rows_of(BUDGET)],
        targets=targets,
        actuals=[one | row for one in several for row in rows_of(ACTUALS)],
        review=review,
    )
    found, scores = in_portions(folder, tmp_path / "out", jobs)
    assert (found, scores) == as_a_whole(folder)
    head = scores.decode("utf-8-sig").splitlines()[0]
    assert ("调整依据" in head, "复核人" in head) == (adjusted is ADJUSTED, reviewed is REVIEWED)
    assert ("T014" in {d.code for d in found}) == bool(reviewed)
    assert not list((tmp_path / "out").glob("*.part"))


def test_what_is_remembered_is_what_would_be_read(generated, monkeypatch):
    remembered = evaluate(generated).result
    for answers in [one for one in gc.get_objects() if isinstance(one, memory.Answers)]:
        answers.clear()
    monkeypatch.setattr(memory, "LONGEST", -1)
    plain = evaluate(generated).result
    with localcontext(EXACT):
        assert json_bytes(scorecard_json(plain)) == json_bytes(scorecard_json(remembered))
    assert plain.diagnostics == remembered.diagnostics


def test_only_short_texts_are_remembered():
    asked = []

    @memory.remembered
    def length(text):
        asked.append(text)
        return len(text)

    long = "长" * (memory.LONGEST + 1)
    assert [length("短"), length("短"), length(long), length(long)] == [1, 1, len(long), len(long)]
    assert asked == ["短", long, long]


def test_more_texts_than_are_kept_are_answered_all_the_same(monkeypatch):
    monkeypatch.setattr(memory, "KEPT", 3)
    length = memory.remembered(len)
    assert [length("长" * at) for at in (1, 2, 3, 4, 5, 1, 2)] == [1, 2, 3, 4, 5, 1, 2]


def test_the_steps_of_a_score_are_written_when_somebody_reads_them():
    written = []
    steps = Steps(lambda: (written.append("once"), ("一", "二"))[1])
    assert not written
    assert (steps, steps[-1], len(steps), repr(steps)) == (("一", "二"), "二", 2, "('一', '二')")
    assert pickle.loads(pickle.dumps(steps)) == ("一", "二")
    assert written == ["once"]


def test_a_run_in_portions_writes_no_steps(generated, tmp_path, monkeypatch):
    monkeypatch.setattr(Steps, "texts", property(lambda _: pytest.fail("somebody reads the steps")))
    found, scores = in_portions(generated, tmp_path)
    assert found
    assert scores


def test_the_same_seed_makes_the_same_evaluation(tmp_path):
    for name in ("one", "two"):
        generate(tmp_path / name, 6, 9, seed=3, narratives=True)
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert files
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)
    rows = (tmp_path / "one" / "targets.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + 6 * 9
