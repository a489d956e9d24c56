"""Killed, out of space, locked out or run twice at once: every file is the old one or the new one, whole."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from attempts import slow
from evaluations import ACTUALS, contents, files_in, make_evaluation, rows_of
from forked import forked
from preview_server import previewed
from rights import rights_bind

from selfeval.base.files import replace_file
from selfeval.building import output_folder as outputs
from selfeval.cli.app import run

ROOT = Path(__file__).parents[2]
SEED = ROOT / "tests" / "importing" / "seeds" / "ningxia-2020.txt"
KILLS = int(os.environ.get("SELFEVAL_KILLS", "6"))
"""How often the slow tests kill; a campaign: `SELFEVAL_KILLS=300 pytest -m slow tests/building`."""

KILLED_AT = """
import os, pathlib, signal
left, real = [{file}], pathlib.Path.replace
def replace(self, target):
    left[0] -= 1
    return real(self, target) if left[0] else os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.replace = replace
"""
"""The program, killed when it has written so many files less one and is about to put the next in its place."""


def selfeval(*arguments):
    """The program in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "selfeval", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)


def killed_at(file, *arguments):
    """The program killed at one of its files."""
    done = forked(*arguments, first=KILLED_AT.format(file=file))
    assert done.returncode == -signal.SIGKILL, done.stderr


def kill_after(process, seconds):
    """Ends a process as a power cut does; whether it was still at work."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def with_actual(folder, text):
    """Fills in another actual, so that every output changes."""
    rows = rows_of(ACTUALS)
    rows[0]["实际完成值"] = text
    make_evaluation(folder.parent, actuals=rows)


def whole_or_absent(out, *editions):
    """Every file under `out` but the memory is that of one of the editions."""
    for name in files_in(out) if out.exists() else ():
        if not Path(name).name.startswith("."):
            assert (out / name).read_bytes() in {edition.get(name) for edition in editions}, name


def but_the_memory(out):
    """The files of an output folder but that by which a build knows what has changed."""
    return {name: content for name, content in contents(out).items() if name != ".cache"}


@pytest.mark.skipif(os.name != "posix", reason="killed as POSIX does")
@pytest.mark.slow
@pytest.mark.parametrize("file", [4, 1])
def test_a_build_killed_between_two_files_is_healed_by_the_next(tmp_path, file):
    folder, out = make_evaluation(tmp_path), tmp_path / "out" / "甲县-2021"
    arguments = ["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html,xlsx"]
    assert run(arguments) == 0
    before = but_the_memory(out)
    with_actual(folder, "10公里")
    killed_at(file, *arguments)
    broken_off = contents(out)
    assert sum(broken_off[name] != content for name, content in before.items()) == file - 1
    assert run(arguments) == 0
    assert run([*arguments[:3], str(tmp_path / "anew"), *arguments[4:]]) == 0
    after = but_the_memory(out)
    assert after == but_the_memory(tmp_path / "anew" / "甲县-2021")
    assert all(broken_off[name] in {before[name], after[name]} for name in before)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="killed as POSIX does")
def test_an_import_killed_between_two_files_is_healed_by_the_next(tmp_path):
    arguments = ["import", str(SEED), "--into"]
    assert run([*arguments, str(tmp_path / "全")]) == 0
    killed_at(3, *arguments, tmp_path / "断")
    complete, broken_off = contents(tmp_path / "全"), contents(tmp_path / "断")
    whole = {name: content for name, content in broken_off.items() if not name.endswith(".part")}
    assert len(whole) == 2
    assert whole.items() < complete.items()
    assert run([*arguments, str(tmp_path / "断")]) == 0
    assert set(files_in(tmp_path / "断")) == set(complete)


@pytest.mark.slow
def test_a_killed_build_leaves_whole_files_and_the_next_build_heals_the_rest(tmp_path):
    folder, out = make_evaluation(tmp_path), tmp_path / "out" / "甲县-2021"
    arguments = ("build", folder, "--out", tmp_path / "out", "--format", "html,xlsx,docx")
    editions = {}
    for text in ("20公里", "10公里"):
        with_actual(folder, text)
        started = time.monotonic()
        assert selfeval(*arguments).wait() == 0
        lasts = time.monotonic() - started
        editions[text] = but_the_memory(out)
    assert editions["20公里"] != editions["10公里"]
    dice, killed = random.Random(1), 0
    for attempt in range(KILLS):
        text = ("20公里", "10公里")[attempt % 2]
        with_actual(folder, text)
        killed += kill_after(selfeval(*arguments), lasts * dice.uniform(0.2, 1))
        whole_or_absent(out, *editions.values())
        if attempt % 3 == 2 or attempt == KILLS - 1:
            assert selfeval(*arguments).wait() == 0
            assert but_the_memory(out) == editions[text]
    assert killed


@pytest.mark.slow
def test_a_killed_import_leaves_whole_files_and_the_next_import_writes_the_rest(tmp_path):
    assert selfeval("import", SEED, "--into", tmp_path / "全").wait() == 0
    complete = contents(tmp_path / "全")
    dice, killed = random.Random(2), 0
    started = time.monotonic()
    selfeval("import", SEED, "--into", tmp_path / "时").wait()
    lasts = time.monotonic() - started
    for attempt in range(KILLS):
        into = tmp_path / f"{attempt}"
        killed += kill_after(selfeval("import", SEED, "--into", into), lasts * dice.uniform(0.5, 1))
        tables = {name: b for name, b in complete.items() if "report" not in name}
        whole_or_absent(into, tables | {n: (into / n).read_bytes() for n in ("import-report.md", "import-report.json")
                                        if (into / n).exists()})  # fmt: skip
        assert selfeval("import", SEED, "--into", into).wait() == 0
        assert {n: b for n, b in contents(into).items() if n in tables} == tables
        assert set(files_in(into)) == set(complete)
    assert killed


class Person:
    """One who fills in the form of a preview: `save` sends one cell, whatever becomes of the server meanwhile."""

    def __init__(self, url):
        self.form = f"{url}fill/甲县-2021/P01"
        page = httpx.get(self.form, trust_env=False, timeout=30).text
        told = {name: re.search(rf'data-{name}="([^"]*)"', page)[1] for name in ("token", "base")}
        self.base, self.headers = told["base"], {"Origin": url.rstrip("/"), "X-Preview-Token": told["token"]}

    def save(self, text):
        cell = {"row": "数量指标/维修里程", "column": "偏差原因分析及改进措施", "text": text}
        body = {"base": self.base, "changes": [cell]}
        try:
            answer = httpx.post(self.form, json=body, headers=self.headers, trust_env=False, timeout=30)
        except httpx.TransportError:
            return None
        assert answer.status_code == 200, answer.text
        self.base = answer.json()["base"]
        return text


def reason_in(content):
    """The long reason of the first row, "" where there is none; the file must be whole."""
    lines = content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == len(rows_of(ACTUALS)) + 2, "a part of the file"
    return "".join(re.findall("由于.*?度", lines[1]))


@pytest.mark.parametrize("kills", slow(1, KILLS), ids=["once", "often"])
def test_a_preview_killed_while_saving_leaves_the_old_file_or_the_new_one(tmp_path, kills):
    folder = make_evaluation(tmp_path, actuals=[r | {"偏差原因分析及改进措施": ""} for r in rows_of(ACTUALS)])
    file, dice, under_way = folder / "actuals.csv", random.Random(3), 0
    for attempt in range(KILLS):
        with previewed(folder) as preview:
            person = Person(preview.url)
            started = time.monotonic()
            first = f"由于{'雨' * 9000}，第 {attempt} 度"
            assert person.save(first) == first
            lasts = time.monotonic() - started
            assert reason_in(file.read_bytes()) == first
            before = file.read_bytes()
            second = first.replace("雨", "雪")
            saving = threading.Thread(target=person.save, args=(second,))
            saving.start()
            time.sleep(lasts * dice.uniform(0, 1))
            under_way += saving.is_alive()
            preview.process.kill()
            saving.join()
        after = file.read_bytes()
        assert after in {before, before.replace(first.encode(), second.encode())}
        if under_way == kills:
            break
    assert under_way
    with previewed(folder) as preview:  # and what was left half-written goes with the next save
        assert Person(preview.url).save("由于旱，今年度")
    assert files_in(folder) == {"selfeval.toml", "projects.csv", "budget.csv", "targets.csv", "actuals.csv"}


@pytest.mark.parametrize("rounds", slow(1, 3))
def test_two_builds_at_once_end_with_what_one_build_makes(tmp_path, rounds):
    folder, out = make_evaluation(tmp_path), tmp_path / "out"
    arguments = ("build", folder, "--format", "html,xlsx")
    assert selfeval(*arguments, "--out", tmp_path / "one").wait() == 0
    for _ in range(rounds):
        assert [p.wait() for p in [selfeval(*arguments, "--out", out, "--force") for _ in range(3)]] == [0, 0, 0]
        made, alone = contents(out), contents(tmp_path / "one")
        assert {n: b for n, b in made.items() if ".cache" not in n} == {
            n: b for n, b in alone.items() if ".cache" not in n
        }


@pytest.mark.slow
def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch):
    folder = make_evaluation(tmp_path)
    arguments = ["build", str(folder), "--format", "html,xlsx,docx", "--out"]
    assert run([*arguments, str(tmp_path / "一")]) == 0
    for file in folder.glob("*.csv"):
        os.utime(file, (0, 0))
    monkeypatch.setattr(time, "time", lambda: 4e9)
    monkeypatch.setattr(time, "monotonic", lambda: -1e6)
    assert run([*arguments, str(tmp_path / "二")]) == 0
    one, two = contents(tmp_path / "一"), contents(tmp_path / "二")
    assert {n: b for n, b in one.items() if ".cache" not in n} == {n: b for n, b in two.items() if ".cache" not in n}


# ── The disk ──


def refusing(error, names):
    """`replace_file` as it is where some names cannot be written."""
    real = replace_file

    def replace(path, content):
        if any(name in path.as_posix() for name in names):
            raise OSError(error, os.strerror(error), str(path))
        real(path, content)

    return replace


def test_a_file_open_in_another_program_is_named_and_the_others_are_written(tmp_path, monkeypatch, capsys):
    folder, out = make_evaluation(tmp_path), tmp_path / "out" / "甲县-2021"
    monkeypatch.setattr(outputs, "replace_file", refusing(errno.EACCES, ["report.xlsx", "scores.csv"]))
    arguments = ["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html,xlsx"]
    assert run(arguments) == 1
    said = capsys.readouterr().err
    assert "F010" in said
    assert "请先关闭" in said
    assert {"projects/P01/report.html", "summary.xlsx", "index.html"} <= files_in(out)
    assert not {"projects/P01/report.xlsx", "scores.csv"} & files_in(out)
    monkeypatch.undo()
    assert run(arguments) == 0
    assert {"projects/P01/report.xlsx", "scores.csv"} <= files_in(out)


def test_the_old_file_stays_where_the_new_one_cannot_be_put(tmp_path, monkeypatch, capsys):
    folder, out = make_evaluation(tmp_path), tmp_path / "out" / "甲县-2021"
    arguments = ["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html"]
    assert run(arguments) == 0
    before = contents(out)
    with_actual(folder, "10公里")
    real = Path.replace

    def locked(self, target):
        if Path(target).name == "report.html":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    assert run(arguments) == 1
    now = contents(out)
    assert now["projects/P01/report.html"] == before["projects/P01/report.html"]
    assert now["scorecard.json"] != before["scorecard.json"]
    assert not [name for name in now if name.endswith(".part")]
    monkeypatch.undo()
    assert run(arguments) == 0
    assert contents(out)["projects/P01/report.html"] != before["projects/P01/report.html"]


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_a_file_written_anew_keeps_its_rights(tmp_path):
    old = tmp_path / "actuals.csv"
    old.write_text("旧", encoding="utf-8")
    old.chmod(0o640)
    for name in ("actuals.csv", "新.csv"):
        replace_file(tmp_path / name, "新".encode())
    assert [path.stat().st_mode & 0o777 for path in (old, tmp_path / "新.csv")] == [0o640, 0o644]


@pytest.mark.parametrize(
    ("error", "words"),
    [(errno.ENOSPC, "磁盘空间不够"), (errno.EROFS, "只读"), (errno.ENAMETOOLONG, "路径太长"), (errno.EIO, "报告 EIO")],
)
def test_a_disk_that_takes_no_more_is_said_in_chinese_with_the_file(tmp_path, monkeypatch, capsys, error, words):
    folder = make_evaluation(tmp_path)
    monkeypatch.setattr(outputs, "replace_file", refusing(error, ["summary.html"]))
    assert run(["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html"]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "summary.html" in said
    assert "内部出错" not in said
    assert not list((tmp_path / "out").rglob("*.part"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_really_full_disk_leaves_the_old_files_whole(tmp_path):
    """A limit on the size of a file breaks off the write in the middle, as a full disk does."""
    folder, out = make_evaluation(tmp_path), tmp_path / "out"
    arguments = ["build", str(folder), "--out", str(out), "--format", "html"]
    assert run(arguments) == 0
    before = contents(out)
    with_actual(folder, "10公里")
    limited = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))"
    )
    done = forked(*arguments, first=limited)
    assert done.returncode == 1, done.stderr
    assert "文件过大" in done.stderr
    assert "Traceback" not in done.stderr
    now = contents(out)
    pages = [name for name in before if name.endswith(".html")]
    assert {name: now[name] for name in pages} == {name: before[name] for name in pages}
    assert not list(out.rglob("*.part"))
    assert run(arguments) == 0
    assert contents(out) != before


def test_a_read_only_folder_is_said(tmp_path, capsys):
    folder, out = make_evaluation(tmp_path), tmp_path / "out"
    out.mkdir(mode=0o555)
    with rights_bind():
        assert run(["build", str(folder), "--out", str(out), "--format", "html"]) == 1
    said = capsys.readouterr().err
    assert "F010" in said
    assert "Traceback" not in said
    assert not list(out.iterdir())


def test_a_file_in_the_place_of_the_output_folder_is_said(tmp_path, capsys):
    folder = make_evaluation(tmp_path)
    (tmp_path / "out").write_text("x", encoding="utf-8")
    assert run(["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html"]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "out") in said
    assert "内部出错" not in said


@pytest.mark.parametrize("cache", [b"", b"\xff\xfe", b"{}", b"[" * 100_000, json.dumps({"files": 1}).encode()])
def test_a_broken_memory_is_no_memory(tmp_path, cache):
    folder, out = make_evaluation(tmp_path), tmp_path / "out" / "甲县-2021"
    arguments = ["build", str(folder), "--out", str(tmp_path / "out"), "--format", "html"]
    assert run(arguments) == 0
    before = contents(out)
    (out / ".cache").write_bytes(cache)
    assert run(arguments) == 0
    after = contents(out)
    assert {n: b for n, b in after.items() if n != ".cache"} == {n: b for n, b in before.items() if n != ".cache"}
