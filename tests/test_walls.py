"""What keeps the program as small and as plain as it is, where import-linter (pyproject.toml) cannot see it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from parsed import nodes_of

import selfeval
from selfeval.base import display
from selfeval.base.diagnostics import codes
from selfeval.report.text import rules as rule_sheet
from selfeval.rules import formulas
from selfeval.rules import load as profiling

HOME = Path(selfeval.__file__).parent
MODULES = {
    ".".join(("selfeval", *file.relative_to(HOME).with_suffix("").parts)).removesuffix(".__init__"): file
    for file in sorted(HOME.rglob("*.py"))
}
SCORING = (
    "base.exact",
    "base.model",
    "rules.formulas",
    "rules.profile",
    "rules.weights",
    "scoring.score",
    "scoring.steps",
    "scoring.totals",
)
"""The modules that a point passes through on its way from Decimal to Decimal."""


@cache
def source(name):
    """A module as it is written."""
    return MODULES[name].read_text(encoding="utf-8")


def nodes(name):
    """Everything in a module."""
    return nodes_of(MODULES[name])


@cache
def imports(name, *, late=True):
    """(module, name) of every import; `late=False`: only those that happen when the module is loaded."""
    found = set()
    for node in nodes(name) if late else loaded(nodes(name)[0].body):
        if isinstance(node, ast.Import):
            found |= {(alias.name, "") for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", alias.name) for alias in node.names}
    return found


def loaded(body):
    """The statements that run at import: not inside functions, not under TYPE_CHECKING."""
    for node in body:
        yield node
        if isinstance(node, ast.ClassDef | ast.Try | ast.With):
            yield from loaded(node.body)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from loaded([*node.body, *node.orelse])


def importers(package):
    """The modules that import a package, late or early."""
    return {name for name in MODULES if any(module.split(".")[0] == package for module, _ in imports(name))}


def of_ours(name):
    """What a module imports of ours."""
    return {(module, what) for module, what in imports(name) if module.split(".")[0] == "selfeval"}


@cache
def called(name):
    """What a module calls, as it is written there."""
    return {ast.unparse(node.func) for node in nodes(name) if isinstance(node, ast.Call)}


def calls(name, function):
    """Whether a module calls a function."""
    return function in called(name)


def test_the_checks_take_only_words_and_the_full_marks_from_scoring():
    taken = {
        what
        for name in MODULES
        if name.startswith("selfeval.checks")
        for module, what in imports(name)
        if module == "selfeval.scoring.score"
    }
    assert taken <= {"FULL_POINTS", "has_reason", "points_of", "TIER_WORDS"}


@pytest.mark.parametrize(
    ("package", "home"),
    [
        ("openpyxl", ("selfeval.reading.xlsx_files", "selfeval.importing", "selfeval.report.xlsx")),
        (
            "markdown_it",
            (
                "selfeval.reading.markdown",
                "selfeval.reading.narrative",
                "selfeval.report.docx.markdown",
                "selfeval.report.typst.prose",
            ),
        ),
        ("pypdf", ("selfeval.audit.pdf_", "selfeval.audit.signatures", "selfeval.report.typst.book")),
    ],
)
def test_a_package_of_several_rooms_is_imported_by_few(package, home):
    assert importers(package), f"nothing imports {package}"
    assert {name for name in importers(package) if not name.startswith(home)} == set()


def at_once(name):
    """All modules of ours that are loaded together with one."""
    found, left = set(), {name}
    while left:
        one = left.pop()
        found.add(one)
        beside = {full for m, what in imports(one, late=False) for full in (m, f"{m}.{what}") if full in MODULES}
        left |= beside - found
    return found


@pytest.mark.parametrize(
    "package",
    [
        "weasyprint",
        "jinja2",
        "pandas",
        "openpyxl",
        "docx",
        "pdfplumber",
        "pypdf",
        "pyhanko",
        "distributed",
        "starlette",
        "uvicorn",
        "watchfiles",
    ],
)
def test_what_is_slow_to_load_waits_until_it_is_needed(package):
    for start in ("selfeval.cli.app", "selfeval.evaluation.pipeline", "selfeval.report.text.findings"):
        loading = {
            name for name in at_once(start) if package in {m.split(".")[0] for m, _ in imports(name, late=False)}
        }
        assert loading == set(), start


def test_the_preview_draws_no_pdf_itself():
    """WeasyPrint stays out of the server: PDFs are made by a process of their own."""
    for name in MODULES:
        if name.startswith("selfeval.preview"):
            drawing = {(m, what) for m, what in of_ours(name) if "pdf" in (m.split(".")[-1], what)}
            assert drawing == set(), name


def test_every_formula_has_its_name_and_its_sentence():
    assert set(display.FORMULAS) == set(rule_sheet.FORMULA_WORDS) == formulas.FORMULAS
    assert set(rule_sheet.OVERSHOOT_WORDS) == set(profiling.OVERSHOOTS)


def test_only_the_command_line_prints_and_exits():
    talking = {
        name
        for name in MODULES
        for call in ("print", "sys.exit", "exit", "quit", "os._exit", "input")
        if calls(name, call)
    }
    assert talking <= {"selfeval.cli.app", "selfeval.cli.terminal", "selfeval.cli.typer_zh"}


@pytest.mark.parametrize("name", SCORING)
def test_no_binary_fraction_comes_near_a_point(name):
    written = [node.value for node in nodes(f"selfeval.{name}") if isinstance(node, ast.Constant)]
    assert not [value for value in written if isinstance(value, float | complex)]
    assert not calls(f"selfeval.{name}", "float")
    assert not calls(f"selfeval.{name}", "round")
    assert not [m for m, _ in imports(f"selfeval.{name}") if m in {"math", "statistics", "numpy", "pandas"}]


def test_only_one_module_rounds():
    rounding = {name for name in MODULES if re.search(r"\bquantize\b|\bROUND_|\bround\(", source(name))}
    assert rounding <= {"selfeval.base.exact"}


def test_nothing_is_ever_executed_from_an_input():
    for name in MODULES:
        for call in ("eval", "exec", "compile", "__import__", "os.system", "pickle.loads", "yaml.load"):
            # what this program packed a moment ago
            ours = name == "selfeval.evaluation.shelf" and call == "pickle.loads"
            # the names of fields of our own classes, as dataclasses and namedtuple do
            ours = ours or (name == "selfeval.base.frozen" and call == "exec")
            assert ours or not calls(name, call), (name, call)


def test_every_module_says_what_it_is():
    assert [name for name in MODULES if not ast.get_docstring(nodes(name)[0])] == []


def test_every_dataclass_is_frozen_or_says_why_not():
    assert [(name, one) for name in MODULES for one in of_no_reason(name)] == []


def of_no_reason(name):
    """The dataclasses of a module that are not frozen and do not say why."""
    for node in nodes(name):
        if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            frozen = any("frozen=True" in ast.unparse(d) for d in node.decorator_list)
            said = "\n".join(source(name).splitlines()[node.lineno - 3 : node.end_lineno])
            if not frozen and "utable" not in said:
                yield node.name


def test_every_code_that_is_used_is_in_the_table_and_every_code_of_the_table_is_used():
    texts = {
        name: [n.value for n in nodes(name) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        for name in MODULES
    }
    used = {text[:4] for words in texts.values() for text in words if re.fullmatch(r"[A-Z]\d{3}(\.\w+)?", text)}
    assert used - set(codes()) == set()
    assert set(codes()) - used == set()


def test_every_code_says_what_is_wrong_and_what_to_do():
    for code in codes().values():
        assert code.title, code.id
        assert len(code.hint) > 4, code.id


def test_no_module_is_longer_than_one_can_keep_in_mind():
    assert {name: lines for name in MODULES if (lines := len(source(name).splitlines())) > 450} == {}
