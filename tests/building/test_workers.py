"""Worker processes: the same bytes however many there are, and no report can take the others with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import misbehaving
import pytest
from engines import needs
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, contents, files_in, make_evaluation, rows_of

import selfeval
from selfeval.building import due as gathering
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.building.tasks import REPORT, Task, attempt
from selfeval.building.workers import Crew, Worker
from selfeval.cli.app import run
from selfeval.cli.terminal import ProgressBar
from selfeval.evaluation.pipeline import evaluate

pytestmark = pytest.mark.usefixtures("typst_draws")

IDS = ("P01", "P02", "P03", "P04")


def several(tmp_path, ids=IDS):
    """An evaluation of as many projects."""
    keys = [{"项目编号": id_} for id_ in ids]
    return make_evaluation(
        tmp_path / "inputs",
        projects=[rows_of(PROJECTS)[0] | key | {"项目名称": f"道路{key['项目编号']}"} for key in keys],
        budget=[key | row for key in keys for row in rows_of(BUDGET)],
        targets=[key | row for key in keys for row in rows_of(TARGETS)],
        actuals=[key | row for key in keys for row in rows_of(ACTUALS)],
    )


@pytest.fixture
def folder(tmp_path):
    return several(tmp_path)


def task_of(result, card, marks):
    """The task of one HTML report."""
    id_ = card.project.id
    return Task(REPORT, f"projects/{id_}/report", ("html",), result.about(card), marks, {id_: ""}, project=id_)


def tasks_of(folder, **deeds):
    """The tasks of all reports, some of which do harm."""
    result = evaluate(folder).result
    marks = {id_: misbehaving.Deed(getattr(misbehaving, deed)) for id_, deed in deeds.items()}
    return [task_of(result, card, marks.get(card.project.id, {})) for card in result.scorecards]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("crash", "代码 7"),
        ("be_killed", "信号 9"),
        ("hang", "超过 2 秒"),
        ("take_all_memory", "内存不够"),
        ("recurse", "出错"),
    ],
)
@pytest.mark.parametrize("jobs", [2, 1])
def test_a_report_that_does_harm_is_named_and_the_others_are_finished(folder, deed, said, jobs):
    done = {o.task: o for o in Crew(jobs, 2 if deed == "hang" else None).outcomes(iter(tasks_of(folder, P02=deed)))}
    assert set(done) == {f"projects/{id_}/report" for id_ in IDS}
    (finding,) = done["projects/P02/report"].found
    assert (finding.code, finding.project, finding.is_error) == ("F009", "P02", True)
    assert said in finding.message
    assert "P02" in finding.message
    for id_ in set(IDS) - {"P02"}:
        assert b"<html" in done[f"projects/{id_}/report"].files["html"]


@pytest.mark.slow
def test_every_report_may_do_harm_and_each_is_named(folder):
    done = list(Crew(2, None).outcomes(iter(tasks_of(folder, **dict.fromkeys(IDS, "crash")))))
    assert sorted(o.found[0].project for o in done) == [*IDS]


@pytest.mark.slow
def test_a_page_made_elsewhere_is_the_page_made_here(folder):
    tasks = tasks_of(folder)
    here = {task.name: attempt(task) for task in tasks}
    assert {o.task: o for o in Crew(2, None).outcomes(iter(tasks))} == here


def test_a_task_is_taken_only_when_a_process_is_about_to_be_free(folder):
    given, most, taken = tasks_of(folder) * 10, 0, 0

    def counted():
        nonlocal taken
        for task in given:
            taken += 1
            yield task

    for done, _ in enumerate(Crew(2, None).outcomes(counted())):
        most = max(most, taken - done)
    assert taken == len(given)
    assert most <= 2 * 2 + 2, "what is under way or just done in two processes, and one waiting for each"


@pytest.mark.parametrize(("grown", "processes"), [(1, 4), (1 << 50, 1)])
def test_a_process_that_has_grown_is_replaced(folder, monkeypatch, grown, processes):
    monkeypatch.setattr("selfeval.building.workers.RECYCLED_AT", grown)
    started = []
    start = Worker.start
    monkeypatch.setattr(Worker, "start", lambda *a: started.append(a) or start(*a))
    assert len(list(Crew(1, None).outcomes(iter(tasks_of(folder))))) == len(IDS)
    assert len(started) == processes


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_a_process_draws_on_one_core_since_the_others_have_their_processes(folder):
    crew = Crew(1, None)
    outcomes = crew.outcomes(replace(task, kinds=("pdf",), engine="typst") for task in tasks_of(folder))
    assert next(outcomes).files
    (worker,) = crew.workers
    threads = len([*Path(f"/proc/{worker.process.pid}/task").iterdir()])
    outcomes.close()
    assert threads <= 3, "its own, the one that follows the parent, the one that Typst draws in"


def test_processes_end_when_the_caller_loses_interest(folder):
    crew = Crew(2, None)
    outcomes = crew.outcomes(iter(tasks_of(folder, P03="hang", P04="hang")))
    next(outcomes)
    processes = [worker.process for worker in crew.workers]
    outcomes.close()
    assert processes
    assert not any(process.is_alive() for process in processes)


@pytest.mark.slow
def test_the_same_bytes_for_any_number_of_processes(tmp_path):
    needs()
    result = evaluate(several(tmp_path, IDS[:2])).result
    made = []
    for jobs, timeout in ((1, None), (2, 300)):
        root = build(result, Request(tmp_path / f"{jobs}-{timeout}", jobs=jobs, timeout=timeout)).folder
        made.append(contents(root, files_in(root) - {".cache"}))
    assert made[0] == made[1]
    assert {f"projects/{id_}/report.pdf" for id_ in IDS[:2]} <= set(made[0])


def test_a_page_that_was_not_made_is_not_named_as_a_result(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(["build", str(folder), "--out", str(out), "--format", "html", "--timeout", "0.0001"]) == 1
    assert not (out / folder.name / "index.html").exists()
    told = capsys.readouterr()
    assert told.out == ""
    assert "F009" in told.err


@pytest.mark.slow
def test_a_project_that_hangs_is_said_by_the_command_and_its_exit_code_is_one(folder, tmp_path, monkeypatch, capsys):
    made = gathering.of_report

    def of_report(task, kinds, project, attached):
        deed = misbehaving.Deed(misbehaving.hang)
        return made(replace(task, fingerprints=deed) if project == "P03" else task, kinds, project, attached)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(gathering, "of_report", of_report)
    assert run(["build", str(folder), "--format", "html", "--timeout", "3"]) == 1
    assert re.search("F009.*P03", capsys.readouterr().err)
    left = files_in(tmp_path / "out" / folder.name)
    assert {f"projects/{id_}/report.html" for id_ in IDS} - left == {"projects/P03/report.html"}
    assert {"index.html", "summary.html"} <= left


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(selfeval.__file__).parents[1]), "PYTHONUTF8": "1"}


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.slow
def test_a_build_that_is_stopped_leaves_whole_files_and_no_process(tmp_path, how):
    needs()
    folder = several(tmp_path, [f"P{at:02}" for at in range(1, 11)])
    running = subprocess.Popen(
        [sys.executable, "-m", "selfeval", "build", str(folder), "--jobs", "2"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    root = tmp_path / "out" / folder.name
    while not list(root.glob("projects/*/report.pdf")):
        assert running.poll() is None, running.communicate()
        time.sleep(0.02)
    if how == signal.SIGINT:
        os.killpg(running.pid, how)  # as the terminal does: to the workers as well
    else:
        running.kill()
    _, said = running.communicate(timeout=60)
    if how == signal.SIGINT:
        assert running.returncode == 130
        assert said.decode() == "已中断；写好的文件都是完整的。\n"
    while group_lives(running.pid):
        time.sleep(0.05)
    made = list(root.glob("projects/*/report.pdf"))
    assert 0 < len(made) < 10
    assert all(path.read_bytes().rstrip().endswith(b"%%EOF") for path in made)


def group_lives(group):
    """Whether a process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_bar_tells_how_many_a_second_and_what_is_left():
    from rich.progress import Progress

    with Progress(disable=True) as shown:
        bar = ProgressBar(shown)
        bar.expect(3)
        bar.expect(2)
        bar.done("projects/P01/report")
        (task,) = shown.tasks
        assert (task.completed, task.total, task.fields["page"]) == (1, 5, "projects/P01/report")


def test_requests_that_differ_only_in_how_are_the_same_to_the_cache(tmp_path):
    asked = Request(tmp_path)
    for how in ({"jobs": 8}, {"timeout": 5.0}, {"cluster": "tcp://x:1"}, {"force": True}):
        assert replace(asked, **how).scope == asked.scope
    assert replace(asked, draft=True).scope != asked.scope
    assert replace(asked, formats=("html",)).scope != asked.scope
