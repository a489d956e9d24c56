"""PDFs by the browser of this machine: found by itself, walled in, honest about what it cannot do."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from evaluations import make_evaluation
from pypdf import PdfReader

from selfeval.cli.app import run
from selfeval.report.pdf import browser, requirements
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import VARIABLE, WINDOWS, WINDOWS_ROOTS, MachineLacks, find_browser, places

full = pytest.mark.full
PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><title>自评报告</title>
<style>@page { size: A4; @bottom-right { content: "— " counter(page) " —" } } .a { break-after: page }</style>
</head><body><h1 class="a">一、项目概况</h1><h1>二、资金使用</h1>%s</body></html>"""


def program(path):
    """A file that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"MZ")
    path.chmod(0o755)
    return path


@pytest.fixture
def nothing_installed(monkeypatch):
    """A machine without a browser where ours is looked for."""
    monkeypatch.setattr(requirements.shutil, "which", lambda _: None)
    monkeypatch.delenv(VARIABLE, raising=False)


# ── Which browser ──


@pytest.mark.parametrize("place", WINDOWS)
@pytest.mark.parametrize("root", WINDOWS_ROOTS)
def test_windows_browsers_are_found_where_they_are_installed(tmp_path, nothing_installed, place, root):
    there = Path(str(tmp_path)) / place
    program(there)
    assert find_browser({root: str(tmp_path)}).path == there


def test_a_browser_on_the_path_is_found(tmp_path, monkeypatch):
    there = program(tmp_path / "chromium")
    monkeypatch.setattr(requirements.shutil, "which", lambda name: str(there) if name == "chromium" else None)
    assert find_browser({}).path == there


def test_macos_browsers_are_found_in_applications(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    listed = {path.as_posix() for path in places({})}
    assert "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge" in listed


def test_the_users_own_choice_comes_first_and_is_not_replaced_where_it_is_wrong(tmp_path, monkeypatch):
    own = program(tmp_path / "浏览器" / "我的 chrome.exe")
    monkeypatch.setenv(VARIABLE, str(own))
    assert find_browser().path == own
    monkeypatch.setenv(VARIABLE, str(tmp_path / "没有"))
    with pytest.raises(MachineLacks, match="没有”不是可以运行的程序"):
        browser.required_browser()


def test_without_any_browser_the_build_ends_with_three_and_says_what_to_install(
    tmp_path, nothing_installed, monkeypatch, capsys
):
    monkeypatch.setattr(requirements, "places", lambda _: iter(()))
    folder = make_evaluation(tmp_path)
    assert run(["build", str(folder), "--out", str(tmp_path / "out"), "--pdf-engine", "browser"]) == 3
    said = capsys.readouterr().err
    assert "没有找到 Edge、Chrome 或 Chromium" in said
    assert VARIABLE in said
    assert not (tmp_path / "out").exists()


def test_an_unknown_engine_is_refused_with_those_there_are(tmp_path, capsys):
    assert run(["build", str(make_evaluation(tmp_path)), "--pdf-engine", "word"]) == 2
    assert "weasyprint、browser" in capsys.readouterr().err


def test_where_pango_is_missing_the_browser_is_offered(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(program(tmp_path / "edge.exe")))
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    monkeypatch.setattr(pdf, "PIP", "pip")
    real = __import__

    def without_pango(name, *args, **kwargs):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *args, **kwargs)

    monkeypatch.setattr("builtins.__import__", without_pango)
    with pytest.raises(MachineLacks, match="--pdf-engine browser"):
        pdf.load()


def test_a_program_that_is_no_browser_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, sys.executable)
    with pytest.raises(MachineLacks, match="没有生成 PDF"):
        browser.print_page(PAGE % "")


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
def test_a_browser_that_hangs_is_ended_with_all_it_started(tmp_path, monkeypatch):
    script = tmp_path / "hangs"
    script.write_text(f"#!/bin/sh\nsleep 600 &\necho $! >'{tmp_path}/child'\nwait\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(script))
    monkeypatch.setattr(browser, "SECONDS", 1)
    with pytest.raises(MachineLacks, match="超过 1 秒"):
        browser.print_page(PAGE % "")
    child = (tmp_path / "child").read_text(encoding="utf-8").strip()
    assert is_gone(child)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the browser")
def test_a_report_that_takes_too_long_takes_its_browser_with_it(tmp_path, monkeypatch, capsys):
    script = tmp_path / "hangs"
    script.write_text(f"#!/bin/sh\nsleep 600 &\necho $! >>'{tmp_path}/children'\nwait\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(script))
    arguments = ["--format", "pdf", "--pdf-engine", "browser", "--timeout", "3", "--out", str(tmp_path / "out")]
    assert run(["build", str(make_evaluation(tmp_path)), *arguments]) == 1
    assert "超过 3 秒" in capsys.readouterr().err
    children = (tmp_path / "children").read_text(encoding="utf-8").split()
    assert children
    assert all(map(is_gone, children))


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_of_a_real_browser_that_takes_too_long_nothing_is_left(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where it has its profile, by which its processes are known
    page = "<p>长长的一页</p>" * 200_000
    monkeypatch.setattr(browser, "SECONDS", 2)
    monkeypatch.setattr("tempfile.tempdir", None)
    with pytest.raises(MachineLacks, match="超过 2 秒"):
        browser.print_page(f"<html><body>{page}</body></html>")
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not [command for command in commands if str(tmp_path).encode() in command]


def is_gone(pid):
    """Whether a process has ended (a dead one that nobody waited for counts)."""
    for _ in range(100):
        try:
            os.kill(int(pid), 0)
            state = Path(f"/proc/{pid}/stat")
            if state.exists() and state.read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


# ── Walls around the page ──


def test_nothing_of_a_template_comes_before_the_policy_and_no_other_meta_is_left():
    page = browser.for_browser("<script>x</script><META http-equiv=refresh content=1><me<meta>ta a>" + PAGE)
    assert page.startswith(browser.WALLS)
    assert len(re.findall("<meta", page, re.IGNORECASE)) == 2


def test_left_and_right_change_places_only_behind_a_cover():
    page = PAGE.replace("@page {", "@page :left {} @page wide:left {} @page {")
    assert "@page wide:left {}" in browser.for_browser(page)
    covered = browser.for_browser(page.replace("<html", '<html class="covered"'))
    assert "@page wide:right {}" in covered
    assert ":left" not in covered


def reader(html):
    return PdfReader(io.BytesIO(browser.print_page(html)[0]))


def texts_of(pdf_reader):
    """The text of each page, as one would search it."""
    return [page.extract_text().replace("\n", "") for page in pdf_reader.pages]


class Listener(HTTPServer):
    """A server that counts who asks."""

    def __init__(self):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.server.asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the server's names

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []


@pytest.fixture
def server():
    one = Listener()
    thread = threading.Thread(target=one.serve_forever)
    thread.start()
    yield one
    one.shutdown()
    thread.join()
    one.server_close()


ATTEMPTS = [
    "<script>document.body.textContent = 'RUN'; fetch('{url}/js')</script>",
    "<img src='{url}/img'><img src=x onerror=\"document.body.textContent='RUN'\">",
    "<link rel=stylesheet href='{url}/css'><style>@import '{url}/import'; body {{ background: url({url}/bg) }}</style>",
    "<style>@font-face {{ font-family: x; src: url({url}/font) }}</style><p style='font-family:x'>字</p>",
    "<iframe src='{url}/frame'></iframe><iframe src='{file}'></iframe><object data='{file}'></object>",
    "<embed src='{file}'><img src='{file}'><svg><image href='{file}'/><use href='{file}#a'/></svg>",
    "<meta http-equiv=refresh content='0;url={file}'>",
    "<MeTa\thttp-equiv='&#114;efresh' content='0;url={url}/refresh'>",
    "<base href='{url}/'><img src=base>",
    "<form action='{url}/form'><button autofocus>x</button></form><a ping='{url}/ping' href='{url}/a'>链接</a>",
    "<video src='{url}/video' poster='{url}/poster' autoplay></video><audio src='{url}/audio' autoplay></audio>",
]


@full
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_page_fetches_nothing_reads_no_file_and_runs_no_script(tmp_path, server, attempt):
    (tmp_path / "secret.html").write_text("SECRET", encoding="utf-8")
    url = f"http://127.0.0.1:{server.server_port}"
    page = PAGE % attempt.format(url=url, file=(tmp_path / "secret.html").as_uri())
    for html in (page, attempt.format(url=url, file=(tmp_path / "secret.html").as_uri()) + page):
        text = "".join(texts_of(reader(html)))
        assert "二、资金使用" in text
        assert "SECRET" not in text
        assert "RUN" not in text
    assert server.asked == []


# ── What comes of it ──


@full
def test_a_report_has_its_page_numbers_and_says_what_it_cannot_do(tmp_path, capsys):
    folder = make_evaluation(tmp_path / "有 空格")
    out = tmp_path / "输 出"
    assert run(["build", str(folder), "--out", str(out), "--pdf-engine", "browser", "--draft"]) == 0
    report = out / "甲县-2021" / "projects" / "P01" / "report.pdf"
    pages = texts_of(PdfReader(report))
    assert [f"— {n} —" in text for n, text in enumerate(pages)] == [False, *[True] * (len(pages) - 1)]
    assert all("征求意见稿" in text.replace(" ", "") for text in pages)
    assert browser.NO_PDF_A in pages[0]
    assert PdfReader(report).metadata.subject == browser.NO_PDF_A
    assert not PdfReader(report).attachments
    assert "数据指纹" not in "".join(pages)
    capsys.readouterr()
    assert run(["verify", str(report)]) == 2
    assert "--pdf-engine browser" in capsys.readouterr().out


@full
def test_odd_numbers_stand_right_and_even_ones_left(tmp_path):
    folder = make_evaluation(tmp_path)
    run(["build", str(folder), "--out", str(tmp_path / "out"), "--pdf-engine", "browser"])
    report = tmp_path / "out" / "甲县-2021" / "projects" / "P01" / "report.pdf"
    numbers = [side_of(page, number) for number, page in enumerate(boxes(report)) if number]
    assert numbers == [("right", "left")[n % 2] for n in range(len(numbers))]


def boxes(report):
    """Each page's words with their boxes, as Poppler tells them."""
    command = ["pdftotext", "-bbox", str(report), "-"]
    told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return re.findall(r'<page width="([\d.]+)".*?>(.*?)</page>', told, re.DOTALL)


def side_of(page, number):
    """On which half of the page the number stands between its dashes."""
    width, words = page
    places = re.findall(rf'xMin="([\d.]+)"[^>]*>—</word>\s*<word[^>]*>{number}</word>\s*<word[^>]*>—<', words)
    assert len(places) == 1, (number, words[-500:])
    return "right" if float(places[0]) > float(width) / 2 else "left"


@full
def test_the_same_page_gives_the_same_bytes():
    assert browser.print_page(PAGE % "")[0] == browser.print_page(PAGE % "")[0]


@full
def test_the_pages_are_tagged_with_title_language_and_bookmarks():
    made = reader(PAGE % "")
    root = made.trailer["/Root"]
    assert (root["/Lang"], made.metadata.title) == ("zh-CN", "自评报告")
    assert root["/MarkInfo"]["/Marked"]
    assert [item.title for item in made.outline] == ["一、项目概况", "二、资金使用"]


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("<EA> <2F42>", "<EA> <6587>"),
        ("<EA> <2EC5>", "<EA> <89C1>"),
        ("<0A> <0C> <2F00>", "<0A> <0C> [<4E00> <4E28> <4E36>]"),
        ("<11> <13> <0030>", "<11> <13> <0030>"),
        ("<00> <FF>", "<00> <FF>"),
        ("1 beginbfchar", "1 beginbfchar"),
    ],
)
def test_characters_are_written_as_characters_not_as_radicals(line, mended):
    assert browser.plain(line) == mended


@full
def test_a_browser_too_old_for_page_numbers_is_said(monkeypatch):
    monkeypatch.setattr(browser, "NUMBERS_FROM", 9999)
    _, (found,) = browser.print_page(PAGE % "", project="P01")
    assert (found.code, found.project) == ("F002", "P01")
    assert "太旧" in found.message
