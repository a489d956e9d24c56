"""What all tests share: the goldens' rewriting, and how long hypothesis searches."""

from __future__ import annotations

import atexit
import gc
import hashlib
import logging
import os
import pickle
import shutil
import signal
import tempfile
from functools import cache
from multiprocessing import forkserver, get_context
from pathlib import Path

import pytest
import typer
from hypothesis import settings

from selfeval.base.memo import settle

settings.register_profile("some", max_examples=20, deadline=None)
settings.register_profile("more", max_examples=100, deadline=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)

# What libraries say of odd fonts and broken files is no matter here.
for library in ("fontTools", "weasyprint", "pdfminer", "pypdf"):
    logging.getLogger(library).setLevel(logging.CRITICAL)

# The key of the cache belongs to the user; tests have one of their own, and so have the programs they start.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="selfeval-state-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

# Where pytest runs in the background Ctrl-C is ignored, and the programs it starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    """Some examples of a property at all times; more where the slow tests are run as well."""
    usual = "some" if "not slow" in config.getoption("markexpr") else "more"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", usual))


def settled():
    """What stands now is no garbage: the program looks for some after every PDF, and would look through it all."""
    gc.collect()
    settle()


def pytest_collection_finish():
    settled()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    if nextitem is None or nextitem.path != item.path:
        settled()


@pytest.fixture(scope="session", autouse=True)
def commands_made_once():
    """Typer makes all commands out of their functions for every line it runs; here anew only behind a help page."""
    from selfeval.cli import typer_zh

    made, translate = cache(typer.main.get_command), typer_zh.translate

    def translated(command):
        made.cache_clear()  # its texts are now in one language
        translate(command)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", made)
        patch.setattr(typer_zh, "translate", translated)
        yield


@pytest.fixture(scope="session", autouse=True)
def workers_from_one_that_has_read_the_program():
    """A worker is a process of its own here too, but forked from one that has loaded the program: that is most of it.

    Commands that run in a process of their own start their workers as they do for a user.
    """
    from selfeval.building import workers
    from selfeval.evaluation import stream

    with pytest.MonkeyPatch.context() as patch:
        if os.name == "posix":
            context = get_context("forkserver")
            context.set_forkserver_preload([workers.__name__, stream.__name__, "warm"])

            def begun(_):
                with pytest.MonkeyPatch.context() as told:
                    told.setenv("PYTHONPATH", os.fspath(Path(__file__).parent))  # where "warm" is
                    forkserver.ensure_running()
                return context

            for module in (workers, stream):
                patch.setattr(module, "get_context", begun)
        yield


@pytest.fixture(scope="session", autouse=True)
def power_stays_on():
    """Nobody waits until what is written has reached the disk: tests kill programs, none takes the power away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def faces_asked_once():
    """fc-match is asked once which font stands behind a face: six processes for every build that makes a PDF."""
    from selfeval.report.pdf import fonts

    ask = cache(lambda role, _settings: found(role))
    found = fonts._from_fontconfig
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "_from_fontconfig", lambda role: ask(role, tuple(map(os.environ.get, FONT_SETTINGS))))
        yield


@pytest.fixture(scope="module")
def typst_draws():
    """PDFs are Typst's where a test does not say otherwise: a fifth of the time, where only what they say matters."""
    from selfeval.building.request import Request
    from selfeval.report import engines

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "usual_engine", lambda: engines.TYPST)
        made = tuple(engines.TYPST if one == engines.WEASYPRINT else one for one in Request.__init__.__defaults__)
        patch.setattr(Request.__init__, "__defaults__", made)
        yield


@pytest.fixture(scope="module", autouse=True)
def drawn_once(request, tmp_path_factory):
    """The same page is drawn once a run, by whichever worker needs it first; not in the tests of what draws."""
    from selfeval.report.pdf.engine import PdfEngine

    with pytest.MonkeyPatch.context() as patch:
        if request.path.parent.name != "report":
            patch.setattr(PdfEngine, "_printed", kept_on_disk(PdfEngine._printed, shared(tmp_path_factory)))
        yield


def shared(tmp_path_factory):
    """A folder that all workers of this run see."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "drawn"
    folder.mkdir(exist_ok=True)
    return folder


def kept_on_disk(draw, folder):
    """What draws a page that looks at no other file, so that it is asked once for the same words and attachments."""

    def drawn(engine, html, roots, enclosures, again):
        if roots:
            return draw(engine, html, roots, enclosures, again)
        asked = repr((html, enclosures, [*map(os.environ.get, FONT_SETTINGS)]))
        file = folder / hashlib.sha256(asked.encode()).hexdigest()
        if not file.exists():
            part = file.with_suffix(f".{os.getpid()}")
            part.write_bytes(pickle.dumps(draw(engine, html, roots, enclosures, again)))
            part.replace(file)
        return pickle.loads(file.read_bytes())

    return drawn


FONT_SETTINGS = ("PATH", "HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
"""What decides which fonts there are."""


@pytest.fixture(scope="module")
def chromium():
    """Debian's Chromium, driven by Playwright, whose event loop is gone before another file's tests sign anything."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    if program is None:
        pytest.skip("no Chromium; `make test-full` installs it")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


STARTED = pytest.StashKey[float]()
QUICK = 2
"""Processor seconds; a test of every `make test` takes less, or does for many others what takes longer."""


def spent():
    """Processor seconds of this process and of those it started that have ended."""
    return sum(os.times()[:4])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.stash[STARTED] = spent()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "teardown":
        report.user_properties.append(("processor", spent() - item.stash[STARTED]))
    return report


def pytest_terminal_summary(terminalreporter):
    """What the run cost, whatever else the machine did meanwhile, and which tests should be looked at."""
    reports = [
        one for kind in terminalreporter.stats.values() for one in kind if getattr(one, "when", "") == "teardown"
    ]
    took = {one.nodeid: dict(one.user_properties)["processor"] for one in reports}
    terminalreporter.write_line(f"{sum(took.values()):.0f} s of processors; more than {QUICK} s:")
    for test in sorted((test for test in took if took[test] > QUICK), key=took.get, reverse=True):
        terminalreporter.write_line(f"{took[test]:6.1f} {test}")


def pytest_addoption(parser):
    parser.addoption("--snapshot-update", action="store_true", help="write the goldens anew instead of comparing")


@pytest.fixture
def golden(request):
    """Compares a text with a file of `golden/`, or writes it there under `--snapshot-update`."""
    folder = request.config.rootpath / "tests" / "golden"

    def compare(name, text):
        file = folder / name
        if request.config.getoption("--snapshot-update"):
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.is_file(), f"没有 {name}；运行 pytest --snapshot-update"
        assert text == file.read_text(encoding="utf-8"), f"{name} 变了；确认无误后运行 pytest --snapshot-update"

    return compare
