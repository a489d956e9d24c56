"""What a stranger may put into inputs and templates, and the wall it meets."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from attempts import slow
from evaluations import ACTUALS, PROJECTS, TARGETS, errors, files_in, make_evaluation, rows_of
from forked import forked
from openpyxl import load_workbook

from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.run import import_forms
from selfeval.reading.columns import ACTUALS as ACTUAL_COLUMNS
from selfeval.reading.columns import BUDGET as BUDGET_COLUMNS
from selfeval.reading.columns import PROJECTS as PROJECT_COLUMNS
from selfeval.reading.columns import TARGETS as TARGET_COLUMNS

pytestmark = pytest.mark.usefixtures("typst_draws")

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """Every test runs in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def build(folder, formats="html"):
    return run(["build", str(folder), "--out", "out", "--format", formats])


def pages():
    return {path.name: path.read_text(encoding="utf-8") for path in Path("out").rglob("*.html")}


# ── Cells ──

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>{{7*7}}{% raw %}"
OWN = {"项目编号", "项目类型"}


@pytest.mark.parametrize(
    "spec", [BUDGET_COLUMNS, *slow(ACTUAL_COLUMNS, PROJECT_COLUMNS, TARGET_COLUMNS)], ids=lambda s: s.name
)
def test_markup_in_any_column_of_any_table_stays_text(tmp_path, spec, capsys):
    sound = {"projects": PROJECTS, "targets": TARGETS, "actuals": ACTUALS}
    for column in (c.name for c in spec.columns if c.name not in OWN):
        rows = rows_of(sound[spec.name]) if spec.name in sound else [
            {"资金来源": "财政拨款", "年初预算数": "100", "全年预算数": "100", "全年执行数": "100"}]  # fmt: skip
        rows[0][column] = MARKUP
        build(make_evaluation(tmp_path, **{spec.name: rows}))
        for name, page in pages().items():
            assert "<script>alert" not in page, (column, name)
            assert "<img src=x" not in page, (column, name)
            assert "<svg/onload" not in page, (column, name)
            assert ">49<" not in page, (column, name)


def test_markup_in_the_settings_stays_text(tmp_path, capsys):
    quoted = json.dumps(MARKUP)
    names = ("date", "preparer", "unit_head", "finance_head")
    report = "\n".join(f"{name} = {quoted}" for name in names)
    evaluation = f"year = 2021\nunit = {quoted}\ndepartment = {quoted}"
    build(make_evaluation(tmp_path, toml=f"[evaluation]\n{evaluation}\n[report]\n{report}\n"))
    assert len(pages()) == 3
    assert not [page for page in pages().values() if "<script>alert" in page or "<svg/onload" in page]


@pytest.mark.parametrize(
    "evil", ["=cmd|' /C calc'!A0", *slow("@SUM(1+1)*cmd|x", "+1+cmd|x!A1", "-2+3+cmd|x", "\t=1+1", "＝cmd|x")]
)
def test_no_text_is_a_formula_in_a_spreadsheet(tmp_path, evil, capsys):
    projects, targets, actuals = rows_of(PROJECTS), rows_of(TARGETS), rows_of(ACTUALS)
    projects[0]["项目名称"] = targets[0]["三级指标"] = actuals[0]["三级指标"] = evil
    actuals[0]["偏差原因分析及改进措施"] = actuals[1]["佐证材料"] = evil
    build(make_evaluation(tmp_path, projects=projects, targets=targets, actuals=actuals), "xlsx")
    books = list(Path("out").rglob("*.xlsx"))
    assert len(books) == 2
    for book in books:
        cells = [cell for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row]
        assert any(evil.strip() in str(cell.value) for cell in cells)
        assert not [cell.value for cell in cells if cell.data_type == "f" and "cmd" in str(cell.value)]
    table = csv.reader(io.StringIO(next(Path("out").rglob("scores.csv")).read_text(encoding="utf-8-sig")))
    assert not [cell for row in table for cell in row if cell.lstrip()[:1] in set("=+-@＝") and "cmd" in cell]


# ── Narrative ──


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<iframe src='file:///etc/passwd'></iframe>", "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))", "[x](&#106;avascript:alert(1))", "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)", "[x]: javascript:alert(1)\n\n[x]", "<javascript:alert(1)>", "![x](https://example.com/a.png)",
        "![x](file:///etc/passwd)", "![x](../secret.png)", "![x](/etc/passwd)", "![x](narrative/link.png)",
    ],
)  # fmt: skip
def test_a_narrative_brings_in_no_script_no_address_and_no_file_of_others(tmp_path, text, capsys):
    folder = make_evaluation(tmp_path / "in")
    (tmp_path / "in" / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\nSECRET")
    (folder / "narrative").mkdir()
    link(folder / "narrative" / "link.png", tmp_path / "in" / "secret.png")
    (folder / "narrative" / "P01.md").write_text(f"## 项目概况\n\n前{text}\n\n{text}\n", encoding="utf-8")
    build(folder)
    page = pages()["report.html"]
    assert "前" in page
    assert "<script>alert" not in page
    assert "<iframe" not in page
    assert not re.findall(
        r"(?i)<[a-z][^<>]*(?:href|src)\s*=\s*[\"']?\s*(?:javascript|vbscript|data:text|file|https?://example)", page
    )
    assert "U0VDUkVU" not in page  # SECRET in base64


def link(at, to):
    """A symbolic link, where the system has any."""
    try:
        at.symlink_to(to)
    except OSError:
        pytest.skip("no symbolic links here")


# ── Templates ──

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ doc.__class__.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}", "{{ ''|attr('__class__') }}", "{{ doc.__init__.__globals__['os'] }}",
    "{{ (doc|attr('__reduce__'))() }}", "{{ '{0.__class__}'.format(doc) }}", "{{ ('{0.__class__}'|format)(doc) }}",
    "{{ cycler.__init__.__globals__ }}", "{% include '/etc/passwd' %}", "{% include '../../secret.txt' %}",
    "{% import 'os' as os %}{{ os.system('x') }}", "{% include 'link.html' %}", "{{ doc.parts.append(1) }}",
    "{{ ''['format_map']({}) }}{{ nothing }}",
]  # fmt: skip
ENDLESS = [
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "{{ 9 ** (9 ** 9) }}", "{{ 'x' * 10 ** 12 }}", "{{ [1] * 10 ** 12 }}", "{{ lipsum(10 ** 9) }}",
    "{{ range(10 ** 12) }}",
    "{% set n = namespace(x=7) %}{% for a in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "{% include 'report.html' %}",
]  # fmt: skip


@pytest.mark.parametrize("template", [*ESCAPES[:4], *ENDLESS[2:5], *slow(*ESCAPES[4:], *ENDLESS[:2], *ENDLESS[5:])])
def test_a_template_cannot_leave_its_sandbox_nor_run_for_ever(tmp_path, template, capsys):
    folder = make_evaluation(tmp_path / "in")
    (tmp_path / "in" / "secret.txt").write_text("SECRET", encoding="utf-8")
    (folder / "templates").mkdir()
    link(folder / "templates" / "link.html", tmp_path / "in" / "secret.txt")
    (folder / "templates" / "report.html").write_text(f"<p>{template}</p>", encoding="utf-8")
    assert build(folder) == 1
    said = capsys.readouterr().err
    assert "N007" in said, said
    assert "甲县-2021/templates/report.html:1" in said
    assert "report.html" not in pages()
    assert "index.html" in pages()


@pytest.mark.slow
def test_templates_of_ours_stay_far_below_the_limit():
    from selfeval.report.html import pages as html

    counted = []

    class Counting(html.Pages):
        def _page(self, name, document, **how):
            made = super()._page(name, document, **how)
            counted.append(self.environment.steps)
            return made

    from selfeval.report.pages.document import project_document
    from selfeval.report.pages.planner import planned

    result = evaluate(ROOT / "inputs" / "mianyang-2021").result
    made = Counting(result)
    for card in result.scorecards:
        made.report(planned(project_document(result, card)), for_print=True)
    indicators = max(len(card.scores) for card in result.scorecards)
    from selfeval.report.html.sandbox import MOST_STEPS

    assert 100 < max(counted) < MOST_STEPS / 1000 * indicators


# ── Files that are not ours ──


@pytest.mark.parametrize("name", ["targets.csv", "selfeval.toml", "narrative", "rules", "templates", "evidence"])
def test_a_link_that_leads_out_of_the_evaluation_is_not_followed(tmp_path, name, capsys):
    folder, outside = make_evaluation(tmp_path / "in"), tmp_path / "outside"
    outside.mkdir()
    secret = "## 项目概况\n\nSECRET\n"
    (outside / "P01.md").write_text(secret, encoding="utf-8")
    (outside / "own.toml").write_text('id = "own"\nextends = "mof-2020"\ntitle = "SECRET"\n', encoding="utf-8")
    (outside / "report.html").write_text("SECRET", encoding="utf-8")
    target = outside if "." not in name else outside / name
    if "." in name:
        target.write_bytes((folder / name).read_bytes())
        (folder / name).unlink()
    if name == "rules":
        make_evaluation(tmp_path / "in", toml='[evaluation]\nyear = 2021\nunit = "甲"\nrules = "own"\n')
    link(folder / name, target)
    code = build(folder)
    assert "SECRET" not in "".join(pages().values())
    if name in {"targets.csv", "selfeval.toml", "rules"}:
        assert code in {1, 2}
        assert errors(evaluate(folder))


# ── Texts that make a pattern explode ──


@pytest.mark.parametrize("piece", [" ", "1,", "甲", *slow("\t", "1", "（", "≥", "12、", "1年")])
def test_a_long_text_of_one_thing_is_read_to_its_end(tmp_path, piece):
    """With a pattern that grows with the cube of the text this would take hours: the test would not end."""
    text = f"总投资 9 元，其中：3 元，{piece * 3000}7!"
    projects, targets, actuals = rows_of(PROJECTS), rows_of(TARGETS), rows_of(ACTUALS)
    projects[0] |= {"年度总体目标": text, "总体目标完成情况": text, "项目概况": text}
    targets[0]["指标值"] = f"≥1{piece * 3000}!"
    actuals[0] |= {"实际完成值": f"1{piece * 3000}!", "偏差原因分析及改进措施": text}
    assert evaluate(make_evaluation(tmp_path, projects=projects, targets=targets, actuals=actuals)).result


# ── Bombs ──


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><x>&j;</x>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
BOMB = "text, times"
BOMBS = [(LAUGHS, 1), (OUTSIDE, 1), *slow(("0", 300_000_000))]
PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml", "ods": "content.xml"}


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize(BOMB, BOMBS, ids=["laughs", "outside", "bomb"])
def test_bombs_in_office_files_are_refused(tmp_path, kind, text, times, capsys):
    content = text * times
    source = tmp_path / f"form.{kind}"
    source.write_bytes(zipped({PARTS[kind]: content, "[Content_Types].xml": content[:1000]}))
    outcome = import_forms([source], tmp_path / "甲")
    assert outcome.nothing
    assert outcome.problems
    assert not (tmp_path / "甲").exists()


@pytest.mark.parametrize(BOMB, BOMBS, ids=["laughs", "outside", "bomb"])
def test_bombs_in_a_table_are_refused(tmp_path, text, times):
    content = text * times
    folder = make_evaluation(tmp_path, targets=None)
    (folder / "targets.xlsx").write_bytes(zipped({"xl/workbook.xml": content, "[Content_Types].xml": content[:1000]}))
    assert "T019" in errors(evaluate(folder))


# ── Consoles, paths, line ends ──


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("arguments", [["check"], ["explain"], ["build", "--out", "出", "--format", "html"]])
def test_no_console_makes_it_fail(tmp_path, encoding, arguments):
    projects = [{**rows_of(PROJECTS)[0], "项目名称": "㎡ 𠮷 ≧ é 😀 \u202e"}]
    folder = make_evaluation(tmp_path / "带 空格", projects=projects, name="评 价-2021")
    console = f"import sys; sys.stdout.reconfigure(encoding={encoding!r}, errors='strict');"
    console += f"sys.stderr.reconfigure(encoding={encoding!r}, errors='backslashreplace')"
    homeless = {"XDG_STATE_HOME": "", "HOME": str(tmp_path / "家"), "PATH": "/usr/bin:/bin"}
    done = forked(*arguments, folder, cwd=tmp_path, first=console, **homeless)
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system_score_the_same(tmp_path, ending):
    plain, other = make_evaluation(tmp_path / "一"), make_evaluation(tmp_path / "二")
    for file in other.iterdir():
        if file.suffix == ".csv" or ending != b"\r":
            file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", ending))
    one, two = (evaluate(folder).result.scorecards for folder in (plain, other))
    assert [card.total for card in one] == [card.total for card in two]
    assert one[0].total == 100


def test_a_long_path_is_no_failure_inside(tmp_path, capsys):
    folder = make_evaluation(tmp_path / ("长" * 80) / ("路" * 80), name="评" * 80)
    assert build(folder) == 0
    assert len(files_in(tmp_path / "out")) > 3


POSIX_ONLY = {
    "fork", "forkpty", "killpg", "getuid", "geteuid", "getgid", "chown", "mkfifo", "setsid", "SIGKILL",
    "SIGALRM", "alarm",
    "fcntl", "resource", "pwd", "grp", "termios", "statvfs", "nice", "SIGHUP", "setitimer", "sched_getaffinity",
}  # fmt: skip


WORDS = "|".join(sorted(POSIX_ONLY))
USED = re.compile(rf"\b(?:os|signal)\.(?:{WORDS})\b|^\s*import (?:{WORDS})\b", re.MULTILINE)


def test_what_only_posix_has_is_asked_for_behind_a_question():
    for file in sorted((ROOT / "selfeval").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        used = set(USED.findall(text))
        asked = re.search(r"sys\.platform|os\.name|suppress\((?:ImportError|AttributeError)|hasattr\(", text)
        assert not used or asked, (file.name, used)
