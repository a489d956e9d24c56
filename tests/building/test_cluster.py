"""A Dask cluster makes the same bytes as this machine, and loses nothing with a worker."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from attempts import slow
from evaluations import contents, files_in
from test_workers import several, task_of, tasks_of

from selfeval.audit.survey import looks
from selfeval.audit.survey.found import KINDS
from selfeval.building import cluster
from selfeval.building.cluster import ClusterError, Parcel, Remote, connected, delivered, opened
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.building.tasks import attempt
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate

ROOT = Path(__file__).parents[2]
PIXEL = bytes.fromhex("89504e470d0a1a0a") + b"0" * 40


@pytest.fixture
def folder(tmp_path):
    """Four projects; the first has a picture, evidence and a template of the unit's own."""
    made = several(tmp_path)
    for name, content in {
        "narrative/P01.md": "## 项目概况\n\n![现场](现场.png)\n".encode(),
        "narrative/现场.png": PIXEL,
        "templates/css/own.css": b"p { color: red }",
    }.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(content)
    return made


def cluster_in(folder):
    """A cluster of two workers in processes of their own."""
    return pytest.importorskip("distributed").LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(folder),
        silence_logs=50,
    )


@pytest.fixture
def running(tmp_path):
    """A cluster to which anything may be done."""
    with cluster_in(tmp_path / "dask") as made:
        yield made


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """A cluster that is only asked."""
    with cluster_in(tmp_path_factory.mktemp("dask")) as made:
        yield made


def test_a_task_with_its_inputs_needs_nothing_of_the_evaluation(folder):
    result = evaluate(folder).result
    tasks = [task_of(result, card, {}) for card in result.scorecards]
    parcels = [Parcel.of(task) for task in tasks]
    assert [name for name, _ in parcels[0].files] == ["narrative/现场.png", "templates/css/own.css"]
    assert [name for name, _ in parcels[1].files] == ["templates/css/own.css"]
    here = [attempt(task) for task in tasks]
    shutil.rmtree(folder)
    assert [opened(parcel) for parcel in parcels] == here
    assert b"data:image/png" in here[0].files["html"]


def test_without_dask_one_line_says_what_to_install(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.chdir(folder.parent)
    assert run(["build", str(folder), "--cluster", "tcp://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err == "selfeval：--cluster 需要另装一个组件，请运行：pip install 'selfeval[dask]'\n"


@pytest.mark.slow
@pytest.mark.parametrize("address", ["tcp://", *slow("nonsense://", "tcp://127.0.0.1:1")])
def test_a_cluster_that_does_not_answer_is_said_soon(folder, capsys, monkeypatch, address):
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    monkeypatch.chdir(folder.parent)
    assert run(["build", str(folder), "--cluster", address]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"selfeval：连不上集群“{address}”")
    assert "Traceback" not in said


@pytest.mark.full
def test_the_same_bytes_as_on_this_machine(folder, tmp_path, running):
    result = evaluate(folder).result
    asked = Request(tmp_path / "here", ("html", "pdf", "xlsx", "docx"))
    here = build(result, asked)
    there = build(result, replace(asked, out=tmp_path / "there", cluster=running.scheduler_address))
    assert there.diagnostics == here.diagnostics
    assert contents(there.folder, files_in(there.folder) - {".cache"}) == contents(
        here.folder, files_in(here.folder) - {".cache"}
    )


@pytest.mark.full
def test_what_a_lost_worker_had_is_done_by_another(folder, running):
    tasks = tasks_of(folder) * 30
    victim = next(iter(running.workers.values())).pid
    done = []
    with connected(running.scheduler_address) as client:
        for outcome in Remote(client, None).outcomes(iter(tasks)):
            done.append(outcome)
            if len(done) == 5:
                os.kill(victim, signal.SIGKILL)
    assert len(done) == len(tasks)
    assert all(outcome.files and not outcome.found for outcome in done)


@pytest.mark.full
@pytest.mark.parametrize("deed", ["crash", "hang"])
def test_a_report_that_does_harm_is_named_and_the_others_are_finished(folder, running, deed):
    with connected(running.scheduler_address) as client:
        outcomes = list(Remote(client, 8).outcomes(iter(tasks_of(folder, P02=deed))))
    failed = [o for o in outcomes if o.found]
    assert len(outcomes) == 4
    assert [(d.code, d.project) for o in failed for d in o.found] == [("F009", "P02")]


@pytest.mark.full
def test_workers_with_another_program_are_refused(folder, running, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "fonts", lambda: "others")
    assert run(["build", str(folder), "--cluster", running.scheduler_address]) == 2
    assert "的字体与本机不同" in capsys.readouterr().err
    assert not files_in(tmp_path / "out") - {f"{folder.name}/.cache"}


def test_what_a_worker_made_with_other_fonts_is_thrown_away_by_name(folder, monkeypatch):
    pytest.importorskip("distributed")
    task, *_ = tasks_of(folder)
    delivery = delivered(Parcel.of(task))
    assert delivery.outcome.files

    class Future:
        def result(self):
            return delivery

    future, remote = Future(), Remote(None, None)
    remote.under_way[future] = task, 0.0
    assert remote.received(future) is delivery.outcome
    monkeypatch.setattr(cluster, "fonts", lambda: "others")
    remote.under_way[future] = task, 0.0
    with pytest.raises(ClusterError, match=r"P01.*字体与本机不同.*没有采用"):
        remote.received(future)


@pytest.mark.slow
def test_a_survey_on_a_cluster_is_the_survey_of_this_machine(standing, tmp_path):
    folder = several(tmp_path / "in")
    assert (
        run(["build", str(folder), "--out", str(tmp_path / "in" / "built"), "--format", "html,pdf", "--project", "P01"])
        == 0
    )
    (tmp_path / "in" / "broken.json").write_bytes(b"{")
    found = {}
    for name, options in {"here": ["--jobs", "1"], "there": ["--cluster", standing.scheduler_address]}.items():
        assert run(["survey", str(tmp_path / "in"), "--out", str(tmp_path / name), *options]) == 0
        found[name] = contents(tmp_path / name)
    assert len(found["here"]) == 6
    assert found["here"] == found["there"]


@pytest.mark.slow
def test_what_stands_out_is_looked_for_on_the_cluster_and_is_the_same(standing, tmp_path, monkeypatch):
    """Rows are cut by what is compared; only findings come back, in the order they have on one machine."""
    province = [sys.executable, str(ROOT / "benchmarks" / "province.py"), str(tmp_path)]
    subprocess.run([*province, "--units", "24", "--projects", "14"], check=True)
    found = {}
    for name, options in {"here": ["--jobs", "1"], "there": ["--cluster", standing.scheduler_address]}.items():
        assert run(["survey", str(tmp_path / "units"), "--out", str(tmp_path / name), *options]) == 0
        found[name] = contents(tmp_path / name)
        monkeypatch.setattr(looks, "PART", 900)
        monkeypatch.setattr(looks, "at_once", None)
    assert found["here"] == found["there"]
    kinds = {kind for kind, told in json.loads(found["here"]["survey.json"])["kinds"].items() if told["findings"]}
    assert {*KINDS} - kinds == {"absent"}
