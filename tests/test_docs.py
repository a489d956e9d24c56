"""README and docs: every command line is run as it stands there, every option exists, no link is dead.

In a fenced block (no language, or `sh`) a line that begins with `selfeval ` is run, page by page, in a folder of its
own; forms, reports and evaluations that a page takes for granted are put there (`provide`). A block that names a file
after its language (`toml 我的评价/rules/某市.toml`) is written there; of a settings file its keys are set. What is not
run stands with its reason in `NOT_RUN`.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import runpy
import shlex
import shutil
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from attempts import slow
from importing import layouts

from selfeval.base.diagnostics import codes
from selfeval.cli.app import COMMANDS, app, run

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "docs/howto/*.md", "docs/reference/*.md", "docs/checks/README.md")
    for path in ROOT.glob(pattern)
)
BLOCK = re.compile(r"^```([\w.-]*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`(selfeval [^`\n]+)`")
LINK = re.compile(r"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?)\s*$", re.MULTILINE)

NOT_RUN = {
    "selfeval preview": "serves until Ctrl-C; tests/preview/test_preview_command.py starts and ends it",
    "--cluster": "needs a cluster; tests/building/test_cluster.py has one",
    "--sign": "needs a certificate and its password; tests/audit/test_signing.py makes them",
    "selfeval doctor": "its exit code is about this machine",
}
"""Command lines with these words are only looked at for their options."""

ELSEWHERE = {
    "docs/lifecycle.md": "tests/evaluation/test_lifecycle.py leads through it",
    "docs/checks/README.md": "made from the table of codes",
}
"""Pages whose commands another test runs, or that have none of their own."""

FINDINGS = {"docs/howto/own-rule.md": {"check", "build"}}
"""Where a page says itself that there will be errors: exit code 1. Elsewhere only what was just imported has them."""

DOUBTFUL = "自评表.docx"
"""A published form whose points do not add up: an import says so first, and exits with 1."""


def name_of(page):
    """A page as the tables above call it."""
    return page.relative_to(ROOT).as_posix()


def blocks(page):
    """(language, file, text) of the fenced blocks of a page."""
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def command_lines(text):
    """The lines of a block that call the program, without their prompt."""
    return [line.removeprefix("$ ") for line in text.splitlines() if line.removeprefix("$ ").startswith("selfeval ")]


def lines_of(page):
    """All command lines of a page that a reader would type."""
    return [line for kind, _, text in blocks(page) if kind in {"", "sh"} for line in command_lines(text)]


TYPED = [(page, line) for page in PAGES for line in lines_of(page)]
TOLD = [(page, line) for page in PAGES for line in SPAN.findall(page.read_text(encoding="utf-8"))]


# ── What is on the line ──


def words_of(line):
    """A command line as words, without comment and redirection."""
    return shlex.split(line.partition(" > ")[0], comments=True)[1:]


@pytest.mark.parametrize(("page", "line"), TYPED + TOLD, ids=lambda value: str(value)[-60:])
def test_a_command_told_is_there_with_its_options(page, line):
    program = typer.main.get_command(app)
    words = [word for word in words_of(line) if word != "…"]
    ours = {opt for param in program.params for opt in param.opts} | {"--help"}
    while words and words[0].startswith("-"):
        assert words.pop(0) in ours, line
        words = [word for word in words if word not in {"en", "zh"}]
    if not words or words[0] == "命令":
        return
    assert words[0] in COMMANDS, line
    known = {opt for param in program.commands[words[0]].params for opt in param.opts} | {"--help"}
    assert {word.partition("=")[0] for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    beyond_the_reference = [line for page, line in TYPED + TOLD if page.parent.name != "reference"]
    assert any(words_of(line)[:1] == [command] for line in beyond_the_reference)
    assert f"\n## {command}\n" in (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", NOT_RUN)
def test_what_is_not_run_is_told_somewhere(words):
    assert any(words in line for _, line in TYPED + TOLD)


# ── Run as it stands ──

RUN = [page for page in PAGES if name_of(page) not in ELSEWHERE and lines_of(page)]
FIRST = [page for page in RUN if name_of(page) == "docs/howto/own-rule.md"]
"""A page with files written on the way; the others are slow."""


@pytest.fixture(scope="module")
def forms():
    """Forms as an office has them: approved targets of two projects, and a 自评表 filled in last year."""
    folder = ROOT / "inputs" / "mianyang-2021"
    tables = [rows_of(folder / f"{name}.csv") for name in ("projects", "budget", "targets")]
    case = json.loads((ROOT / "tests/importing/cases.json").read_text(encoding="utf-8"))[0]
    approved = list(layouts.mianyang_grids(*tables))[:4]
    return {"自评表": [layouts.self_evaluation(case)], "": approved}


def rows_of(file):
    """A table as a list of rows by column."""
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A report as it is handed in."""
    folder = tmp_path_factory.mktemp("report")
    assert run(["init", str(folder / "示例-2025")]) == 0
    assert run(["build", str(folder / "示例-2025"), "--out", str(folder / "out"), "--format", "pdf"]) == 0
    return folder / "out" / "示例-2025" / "projects" / "P01" / "report.pdf"


def example(folder):
    """The worked example of `init`."""
    assert run(["init", folder]) == 0


def provide(word, forms, report):
    """What a word of a command line names is put where the page takes it for granted."""
    path = Path(word)
    if path.exists() or "*" in word:
        return
    if path.name == "report.pdf":
        shutil.copy(report, path)
    elif path.suffix in {".xlsx", ".docx", ".pdf"}:
        grids = next(grids for name, grids in forms.items() if name in path.stem)
        path.write_bytes(layouts.WRITERS[path.suffix[1:]](grids))
    elif word.endswith("/"):
        path.mkdir()
        (path / "申报表.docx").write_bytes(layouts.docx(forms[""]))
    elif word.startswith("我的评价"):
        example(word)


def prepared(line, forms, report):
    """The words of a line, with everything there that it starts from and its patterns filled in."""
    words, made = words_of(line), {"--into", "--out", "--scores"}
    if words[0] not in {"init", "rules"}:
        for word in (word for before, word in pairwise(words) if before not in made):
            provide(word, forms, report)
    return [found for word in words for found in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]


def write_block(file, text):
    """A block that names its file; onto settings that are there, line by line by their keys."""
    path = Path(file)
    if not path.parts[0].startswith("inputs") and not Path(path.parts[0]).exists():
        example(path.parts[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.name == "selfeval.toml":
        settings = path.read_text(encoding="utf-8")
        for line in text.splitlines():
            key = line.partition(" = ")[0]
            settings, times = re.subn(rf"^{key} = .*$", line, settings, flags=re.MULTILINE)
            assert times == 1, key
        text = settings
    path.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("typst_draws")
@pytest.mark.parametrize("page", [*FIRST, *slow(*(page for page in RUN if page not in FIRST))], ids=name_of)
def test_every_command_of_a_page_does_what_the_page_says(page, forms, report, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if "hundred" in page.stem or "scale" in page.stem:
        example("inputs/示例-2025")
    imported = False
    for kind, file, text in blocks(page):
        if file:
            write_block(file, text)
        for line in command_lines(text) if kind in {"", "sh"} and not file else []:
            if any(words in line for words in NOT_RUN):
                continue
            words = prepared(line, forms, report)
            capsys.readouterr()
            code, said = run(words), capsys.readouterr().err
            doubtful = words[0] == "import" and any(word.endswith(DOUBTFUL) for word in words)
            right = {1} if doubtful or words[0] in FINDINGS.get(name_of(page), ()) else {0, 1} if imported else {0}
            assert code in right, f"{line}\n{said}"
            assert "程序内部出错" not in said
            imported |= words[0] == "import"


# ── Links ──


def anchors(page):
    """The headings of a page as a code host names them."""
    titles = HEADING.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def links(page):
    """The relative links of a page."""
    found = LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8")))
    return [link for link in found if "://" not in link and not link.startswith("mailto:")]


CODE_PAGES = {ROOT / "docs" / "checks" / f"{code}.md" for code in codes()}
"""Made for the site alone, by `make docs`."""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_relative_link_is_dead(page):
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists() or target in CODE_PAGES, link
        assert not anchor or anchor in anchors(target), link


def test_every_page_of_docs_is_in_the_index():
    index = ROOT / "docs" / "index.md"
    listed = {(index.parent / link).resolve() for link in links(index)}
    assert [name_of(page) for page in PAGES if page.parent != ROOT and page != index and page not in listed] == []


def test_every_code_told_in_the_pages_is_one():
    pages = [page for page in PAGES if page.name != "CONTRIBUTING.md"]  # its example is a code that is not there yet
    told = {code for page in pages for code in re.findall(r"\b[A-Z]\d{3}\b", page.read_text(encoding="utf-8"))}
    assert told
    assert told <= set(codes())


def test_every_toml_of_the_pages_is_one():
    for page in PAGES:
        for kind, _, text in blocks(page):
            assert kind != "toml" or tomllib.loads(text), name_of(page)


# ── The reference ──


def test_the_reference_is_that_of_the_program():
    tool = runpy.run_path(str(ROOT / "tools" / "reference.py"))
    made = tool["pages"]()
    there = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "reference").glob("*.md")}
    assert made == there, "运行 python tools/reference.py"
    assert tool["architecture"]() == (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), "运行 make reference"


def test_the_map_tells_every_room_of_the_package():
    rooms = runpy.run_path(str(ROOT / "tools" / "reference.py"))["ROOMS"]
    assert set(rooms) == {path.parent.name for path in (ROOT / "selfeval").glob("*/__init__.py")}


def test_every_module_that_a_room_names_is_there():
    told = {
        (room.parent, name)
        for room in (ROOT / "selfeval").glob("*/**/__init__.py")
        for name in re.findall(r"`([a-z_]+)`", ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or "")
    }
    assert len(told) > 100
    pages = ROOT / "selfeval" / "report" / "pages"
    gone = [
        f"{folder.name}: {name}"
        for folder, name in sorted(told)
        if name not in COMMANDS
        and not any((home / f"{name}.py").exists() or (home / name).exists() for home in (folder, folder.parent, pages))
    ]
    assert gone == []


def test_every_file_that_the_recipes_name_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    told = set(re.findall(r"\b(?:selfeval|tests|docs|tools|report_templates)/[\w./-]+\.(?:py|toml|po|md|txt)\b", text))
    assert len(told) > 20
    example = {"selfeval/rules/profiles/mousheng.toml", "tests/rules/mousheng.toml", "tests/rules/ID.toml"}
    assert sorted(name for name in told - example if not (ROOT / name).exists()) == []
