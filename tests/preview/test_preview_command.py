"""`selfeval preview` as a process: ports, news of saves, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import httpx
import pytest
from evaluations import ACTUALS, csv_bytes, make_evaluation, rows_of
from forked import forked
from preview_server import previewed, states

from selfeval.cli.preview import line_of
from selfeval.evaluation.pipeline import evaluate
from selfeval.preview.state import first_view, next_view

GOOD = csv_bytes(rows_of(ACTUALS))
BETTER = GOOD.replace("20公里".encode(), "10公里".encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_evaluation(tmp_path / "inputs")


@pytest.mark.slow
def test_two_previews_find_a_port_each_and_end_with_ctrl_c(folder: Path) -> None:
    with previewed(cwd=folder.parents[1]) as one, previewed(folder) as two:
        assert one.url != two.url
        assert "道路维修" in one.get("/").text
        with httpx.stream("GET", f"{two.url}events", timeout=30, trust_env=False) as news:
            assert next(states(news))["versions"] == {"甲县-2021": 1}
            code, said = two.stop()  # while a browser listens
        assert code == 130
        assert "Traceback" not in said
        assert one.stop()[0] == 130


@pytest.mark.skipif(os.name == "nt", reason="no such shell")
@pytest.mark.slow
def test_ctrl_c_is_told_by_the_exit_code_also_where_a_shell_runs_it_in_the_background(folder: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what ends in &
    try:
        with previewed(folder) as one:
            assert one.get("/").status_code == 200  # from now on it listens for the signal itself
            code, said = one.stop()
    finally:
        signal.signal(signal.SIGINT, before)
    assert code == 130
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_port_that_is_taken_is_said(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = forked("preview", folder, "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 2
    assert "占用" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_what_is_no_evaluation_is_said(tmp_path: Path) -> None:
    ended = forked("preview", tmp_path)
    assert ended.returncode == 2
    assert "selfeval.toml" in ended.stderr


@pytest.mark.slow
def test_a_burst_of_saves_is_one_rebuild_without_an_error(folder: Path) -> None:
    file = folder / "actuals.csv"
    with previewed(folder) as preview, httpx.stream("GET", f"{preview.url}events", timeout=60, trust_env=False) as news:
        heard = states(news)
        next(heard)
        (folder / "~$actuals.csv").write_bytes(b"lock")
        (folder / ".~actuals.csv").write_bytes(b"lock")
        for part in (b"", BETTER[:30], BETTER[:-7]):
            file.write_bytes(part)
        (folder / "8C2F1A00.tmp").write_bytes(BETTER)
        file.unlink()
        (folder / "8C2F1A00.tmp").rename(file)
        (folder / "~$actuals.csv").unlink()
        assert next(heard)["versions"] == {"甲县-2021": 2}
        page = preview.get("/").text
        assert 'pv-was">100.00</span> → <strong>75.00' in page
        file.write_bytes(GOOD)
        assert next(heard)["versions"] == {"甲县-2021": 3}
        _, said = preview.stop()
    lines = [line for line in said.splitlines() if "甲县-2021" in line]
    assert len(lines) == 2
    assert "已更新（actuals.csv）" in lines[0]
    assert "P01 总分 100.00 → 75.00" in lines[0]


@pytest.mark.slow
def test_a_folder_that_goes_and_comes_back_is_followed_again(folder: Path) -> None:
    with previewed(folder) as preview, httpx.stream("GET", f"{preview.url}events", timeout=60, trust_env=False) as news:
        heard = states(news)
        next(heard)
        os.rename(folder, folder.with_name("away"))  # noqa: PTH104 - as a file manager does
        next(heard)
        assert "pv-troubles" in preview.get("/").text
        os.rename(folder.with_name("away"), folder)  # noqa: PTH104
        next(heard)
        assert "pv-troubles" not in preview.get("/").text
        (folder / "actuals.csv").write_bytes(BETTER)
        next(heard)
        assert "75.00" in preview.get("/").text


def test_the_terminal_tells_of_an_error_in_one_line_with_its_place_and_remedy(folder: Path) -> None:
    view = first_view(evaluate(folder), "")
    (folder / "actuals.csv").write_bytes("项目编号,甲\r\n".encode())
    line = line_of(next_view(view, evaluate(folder), "", "10:32:05", ("actuals.csv",)))
    assert "\n" not in line
    assert line.startswith("10:32:05 甲县-2021 有误：甲县-2021/actuals.csv:1:1 ")
    assert "→" in line
