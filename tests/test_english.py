"""English as the second language of help and messages: every sentence has a pair, and reports stay Chinese."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
from attempts import slow
from code_fixtures import ALONE, OF_ROWS, gathered, made
from evaluations import make_evaluation
from parsed import nodes_of

from selfeval.base.diagnostics import codes
from selfeval.base.phrases import phrase
from selfeval.cli.app import COMMANDS, run
from selfeval.evaluation.pipeline import evaluate

PACKAGE = Path(__file__).parents[1] / "selfeval"
RULES = "".join(path.read_text("utf-8") for path in sorted((PACKAGE / "rules" / "profiles").glob("*.toml")))
TABLES = tomllib.loads((Path(__file__).parent / "checks" / "base.toml").read_text("utf-8"))
NAMES = (*COMMANDS, "")
CHINESE = re.compile("[\u4e00-\u9fff]")
OF_A_FILE = re.compile("“[^”]*”")


def is_english(text):
    """Whether no Chinese is left but what is quoted from a file."""
    return CHINESE.search(OF_A_FILE.sub("", text)) is None


@pytest.fixture
def said(capsys):
    """Runs a command; returns its exit code, what it wrote to stdout and to stderr."""

    def command(*arguments):
        code = run([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command


# ── help ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_a_help_page_is_english_throughout_and_laid_out_the_same(said, name):
    _, chinese, _ = said(*filter(None, [name]), "--help")
    _, english, _ = said("--lang", "en", *filter(None, [name]), "--help")
    assert is_english(english)
    assert english.startswith("Usage: selfeval")
    options = re.compile(r"^  (?:-h, )?--[\w-]+", re.MULTILINE)
    assert options.findall(english) == options.findall(chinese)
    assert "; x>=" not in english


# ── the catalogue ─────────────────────────────────────────────────────────────────────────────


SAYING = {
    *("say", "out", "remark", "complain", "Stop", "MachineLacks"),
    *("found", "Need", "Problem", "Verdict", "Check", "Recomputed", "Signature"),
    *("leave_out", "unknown", "SourceFile", "ImportOutcome"),
}
"""What is called with a sentence for the user; so is whatever is named an error."""

PAGES = ("preview",)
"""What the preview's pages say is Chinese."""


def test_whatever_is_said_is_a_phrase():
    loose = [
        (f"{path.name}:{node.lineno}", words)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in PAGES
        for call in nodes_of(path)
        if isinstance(call, ast.Call) and is_saying(call.func)
        for node in (*call.args, *(keyword.value for keyword in call.keywords))
        if CHINESE.search(words := words_of(node))
    ]
    assert loose == []


def is_saying(function):
    """Whether a function or class is one that tells the user."""
    name = getattr(function, "id", "") or getattr(function, "attr", "")
    return name in SAYING or name.endswith("Error")


def words_of(node):
    """A text as it stands in the code, with `{}` for what is put in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# ── findings ──────────────────────────────────────────────────────────────────────────────────


SAID_NOWHERE = 2**20
"""Bytes of a file that no message quotes: a blank one, too large to be read."""


def words_of_the_user(folder):
    """Everything that stands in an evaluation's files or in a rule profile; what a workbook holds is in the base."""
    texts = [RULES, str(TABLES), str(folder)]
    files = (path for path in folder.rglob("*") if path.is_file() and path.stat().st_size < SAID_NOWHERE)
    texts += [path.read_bytes().decode("utf-8", "replace") for path in files]
    texts += [str(path) for path in folder.rglob("*")]
    return "\n".join(texts)


def left_in_chinese(text):
    """The runs of Chinese outside quotation marks."""
    return re.findall(f"{CHINESE.pattern}+", OF_A_FILE.sub("", text))


def assert_english(finding, allowed):
    """Whether a finding is English but for what stands in the texts allowed."""
    for words, said in ((finding.message, finding.said("en")), (finding.hint, finding.remedy("en"))):
        assert said != words
        assert [run for run in left_in_chinese(said) if run not in allowed] == [], words


@pytest.mark.parametrize("change", ALONE)
def test_a_finding_is_english_but_for_words_of_the_file(tmp_path, change):
    folder = made(tmp_path, change)
    allowed = words_of_the_user(folder)
    for d in evaluate(folder).diagnostics:
        assert_english(d, allowed)


def test_every_finding_about_rows_is_english_but_for_words_of_its_project(tmp_path):
    folder = gathered(tmp_path)
    whole, found = words_of_the_user(folder), evaluate(folder).diagnostics
    for d in found:
        own = OF_ROWS.get(d.project)
        assert_english(d, whole if own is None else f"{RULES}{TABLES}{folder}{own}")
    assert {name[:4] for name in OF_ROWS if name.endswith("bad")} <= {d.code for d in found}


def test_json_has_the_same_keys_and_codes_with_english_messages(tmp_path, said):
    folder = make_evaluation(tmp_path)
    _, chinese, _ = said("check", folder, "--output-format", "json")
    _, english, _ = said("--lang", "en", "check", folder, "--output-format", "json")
    told = {"message", "hint"}
    ours, theirs = json.loads(chinese)["diagnostics"], json.loads(english)["diagnostics"]
    assert [{k: v for k, v in d.items() if k not in told} for d in ours] == [
        {k: v for k, v in d.items() if k not in told} for d in theirs
    ]
    assert ours
    assert all(is_english(d["hint"]) and d["hint"] not in {o["hint"] for o in ours} for d in theirs)


def test_what_is_written_is_the_same_in_both_languages(tmp_path, said, monkeypatch):
    folder = make_evaluation(tmp_path / "in")
    files = {}
    for lang in ("zh", "en"):
        (tmp_path / lang).mkdir()
        monkeypatch.chdir(tmp_path / lang)
        said("--lang", lang, "build", folder, "--format", "html")
        files[lang] = {
            path.relative_to("out"): path.read_bytes()
            for path in Path("out").rglob("*")
            if path.is_file() and ".cache" not in path.parts
        }
    assert Path(folder.name, "diagnostics.json") in files["zh"]
    assert files["zh"] == files["en"]


@pytest.mark.parametrize("form", ["github", "sarif"])
def test_annotations_carry_the_english_title(tmp_path, said, form):
    folder = make_evaluation(tmp_path)
    _, english, _ = said("--lang", "en", "check", folder, "--output-format", form)
    used = re.findall(r"\b[A-Z]\d{3}\b", english)
    assert used
    assert all(codes()[code].english.title in english for code in used)
    assert form == "github" or all(codes()[code].english.why in english for code in used)


# ── commands ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "there is no command “chek”"),
        (["check", "--selec"], "there is no option “--selec”; is --select"),
        (["build", "--jobs", "x"], "the value of “--jobs” is wrong"),
        (["verify"], "missing argument"),
        (["explain", "X1"], "“X1” is neither an evaluation's folder nor the code of a check"),
        (["build", "--format", "doc"], "unsupported format “doc”; available: html, pdf, xlsx, docx"),
        (["verify", "甲.pdf"], "甲.pdf: cannot be verified. there is no such file"),
        (["import", "表.doc", "--into", "新"], "表.doc: there is no such file"),
        (["check", "没有的"], "没有的: does not exist or is no folder"),
        (["compare"], "missing argument “OLD”"),
        (["explain", "V001"], "V001  warning: The target cannot be read"),
        (["rules", "mof-2020"], "grades: excellent from 90 points (inclusive)"),
        (["doctor"], "Python: "),
    ],
)
def test_commands_speak_english(said, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SELFEVAL_LANG", "en")
    _, out, err = said(*arguments)
    assert words in out + err


def test_a_code_is_explained_in_english_but_for_words_of_a_form_and_what_it_cites(said):
    left = []
    for code in codes().values():
        _, out, _ = said("--lang", "en", "explain", code.id)
        ours = "\n".join(line for line in out.splitlines() if not line.lstrip().startswith("source: "))
        left += [(code.id, run) for run in left_in_chinese(ours)]
        assert all(words in out for words in (code.english.why, code.english.bad, code.english.good))
    assert left == []


@pytest.mark.parametrize(
    "arguments", [["init", "新的"], ["schema"], ["schema", "comparison"], ["doctor"], ["--version"]], ids=" ".join
)
def test_a_command_without_an_evaluation_leaves_no_chinese_of_ours(tmp_path, said, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    _, out, err = said("--lang", "en", *arguments)
    assert out + err
    assert left_of_ours(out + err, words_of_the_user(tmp_path)) == []


def left_of_ours(text, allowed):
    """The lines in which Chinese is left that stands nowhere in the texts allowed."""
    return [line for line in text.splitlines() if any(run not in allowed for run in left_in_chinese(line))]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["explain"],
        ["compare", "old"],
        ["check", "--output-format", "sarif"],
        ["explain", "--project", "C002-bad"],
        *slow(
            ["survey"],
            ["pack"],
            ["check", "--output-format", "github"],
            ["build", "--format", "html"],
            ["explain", "--profile", "sichuan"],
        ),
        *slow(["compare", "--output-format", "html", "old"], ["compare", "--output-format", "json", "old"]),
    ],
    ids=" ".join,
)
def test_a_command_over_every_fixture_leaves_no_chinese_of_ours(tmp_path, said, monkeypatch, arguments):
    folder = gathered(tmp_path)
    make_evaluation(tmp_path, name="old")
    monkeypatch.chdir(tmp_path)
    _, out, err = said("--lang", "en", *arguments, folder)
    assert out + err
    allowed = words_of_the_user(folder) + words_of_the_user(tmp_path / "old") + str(TABLES)
    assert left_of_ours(out + err, allowed) == []


@pytest.mark.parametrize("id_", sorted(path.stem for path in (PACKAGE / "rules" / "profiles").glob("*.toml")))
def test_a_profile_is_told_in_english_but_for_what_it_cites(said, id_):
    code, out, err = said("--lang", "en", "rules", id_)
    assert code == 0, err
    told = "\n".join(line for line in out.splitlines()[1:] if not line.lstrip().startswith(("source: ", "sources of")))
    assert left_in_chinese(told) == []


# ── words of the user ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["实际完成值是空的", "城市道路，及其他", "完成，验收：合格", "没有读取权限"])
def test_words_of_the_user_stay_as_they_are_even_where_they_are_a_sentence_of_ours(words):
    assert phrase("“{name}”没有填写", name=words).said("en") == f"“{words}” is not filled in"
    assert phrase("{name}：{why}", name=words, why="文件").said("en") == f"{words}: 文件"
