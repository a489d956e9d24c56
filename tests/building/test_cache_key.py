"""What lies in the output folder is believed only under this user's own seal."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest
from evaluations import contents, make_evaluation
from rights import rights_bind

from selfeval.base.diagnostics import Severity
from selfeval.building import output_folder
from selfeval.building.cache_key import NAME, cache_key, sealed, state_folder, unsealed
from selfeval.building.output_folder import CACHE, OutputFolder
from selfeval.building.request import Request
from selfeval.building.run import build, inputs_of, unchanged
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate

REQUEST = ("html",)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """A user of one test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def folder(tmp_path) -> Path:
    return make_evaluation(tmp_path / "inputs")


def built(folder: Path):
    """One build, and whether the next would take everything as it stands."""
    request = Request(folder.parent.parent / "out", REQUEST)
    made = build(evaluate(folder).result, request, inputs=inputs_of(folder, request))
    return made, unchanged(folder, request, inputs_of(folder, request)) is not None


def test_the_key_is_made_once_and_only_this_user_may_read_it():
    key = cache_key()
    assert len(key) == 32
    assert cache_key() == key
    if sys.platform != "win32":
        assert stat.S_IMODE((state_folder() / NAME).stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_a_key_that_others_can_read_is_replaced():
    key = cache_key()
    (state_folder() / NAME).chmod(0o644)
    assert cache_key() not in {key, b""}


def test_only_what_bears_the_seal_is_read():
    key = cache_key()
    assert unsealed(sealed(b"x", key), key) == b"x"
    for data in (b"x", b"\nx", sealed(b"x", b"y" * 32), sealed(b"x", key) + b"y", sealed(b"x", b"")):
        with pytest.raises(ValueError, match="key"):
            unsealed(data, key)
    with pytest.raises(ValueError, match="key"):
        unsealed(sealed(b"x", b""), b"")


def test_an_own_cache_lets_the_outputs_stand(folder):
    made, stands = built(folder)
    assert stands
    assert [d.code for d in made.diagnostics] == []


def test_the_cache_of_another_is_no_cache_and_everything_is_made_anew(folder, home, monkeypatch):
    made, _ = built(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(home.parent / "other"))
    assert OutputFolder.open(made.folder).files == {}
    assert (
        unchanged(folder, Request(made.folder.parent, REQUEST), inputs_of(folder, Request(made.folder.parent))) is None
    )


def test_a_page_that_was_exchanged_with_its_cache_is_made_anew(folder):
    made, _ = built(folder)
    before = contents(made.folder)
    page = made.folder / "projects/P01/report.html"
    page.write_text("自评得分 100", encoding="utf-8")
    seal, memory = (made.folder / CACHE).read_bytes().split(b"\n", 1)
    told = json.loads(memory)
    entry = told["files"]["projects/P01/report.html"]
    entry[1], entry[2] = output_folder.sum_of_file(page), list(output_folder.state_of(page))
    (made.folder / CACHE).write_bytes(seal + b"\n" + json.dumps(told).encode())
    built(folder)
    assert contents(made.folder)["projects/P01/report.html"] == before["projects/P01/report.html"]


def test_where_no_key_can_be_kept_there_is_no_cache(folder, home):
    home.mkdir()
    home.chmod(0o500)
    with rights_bind():
        made, stands = built(folder)
    assert [d.code for d in made.diagnostics] == ["F011"]
    assert not stands


def test_a_file_in_the_place_of_the_state_folder_is_no_reason_to_fail(folder, home, monkeypatch, capsys):
    home.write_text("x", encoding="utf-8")
    made, stands = built(folder)
    assert [d.code for d in made.diagnostics] == ["F011"]
    assert not stands
    assert not (made.folder / CACHE).exists()
    monkeypatch.chdir(folder.parent.parent)
    assert run(["build", str(folder), "--format", "html"]) == 0
    notes = sum(d.severity is Severity.INFO for d in evaluate(folder).diagnostics)
    assert f"{notes + 1} 个提示" in capsys.readouterr().err
