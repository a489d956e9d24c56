"""A sentence of a finding is written once, in codes.toml: whole, in both languages, all that it names given."""

from __future__ import annotations

import ast
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from catalogue import CATALOGUE, catalogue
from parsed import nodes_of

from selfeval.base.codes import codes
from selfeval.base.diagnostics import HINT, MESSAGE, VARIANT, diagnostic_json, diagnostic_of, finding
from selfeval.base.model import Place
from selfeval.base.phrases import ENGLISH, PLACE, english, filled, pairs, phrase, places

PACKAGE = Path(__file__).parents[2] / "selfeval"
YIELDING = {
    "finding": (0, {"project", "indicator"}),
    "reading": (0, set()),
    "on_project": (0, set()),
    "on_budget": (0, set()),
    "on_target": (1, set()),
    "on_actual": (1, set()),
}
"""What makes a finding or a remark: which argument is the key, which keywords are no parameters."""

KEY = re.compile(r"[A-Z]\d{3}(\.\w+)?")
RESERVED = {VARIANT, MESSAGE, HINT, "title", "sheet", "project", "indicator", "phrase"}
"""Names that stand beside the parameters in JSON, or in the call."""

SENTENCES = {
    f"{code.id}.{variant}".rstrip("."): (words, code.english.messages.get(variant, ""))
    for code in codes().values()
    for variant, words in code.chinese.messages.items()
}
CHINESE = re.compile("[\u4e00-\u9fff]")
QUOTED = re.compile("“[^”]*”")


@cache
def given():
    """Every place that makes a finding: where, by which key, with which parameters."""
    return [
        (f"{path.relative_to(PACKAGE)}:{call.lineno}", call, *YIELDING[name_of(call)])
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in nodes_of(path)
        if isinstance(call, ast.Call) and name_of(call) in YIELDING
    ]


def name_of(call):
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def keys_of(call, at):
    """The keys that a call may have: one, or those of a choice written in it."""
    texts = [n.value for n in ast.walk(call.args[at]) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [text for text in texts if KEY.fullmatch(text)]


def needed(key):
    """The places of a sentence and of its remedy, in both languages."""
    code, _, variant = key.partition(".")
    return {
        name
        for wording in (codes()[code].chinese, codes()[code].english)
        for words in (wording.messages[variant], wording.hint(variant))
        for name in places(words)
    }


def test_every_parameter_a_sentence_names_is_given_wherever_it_is_said():
    for where, call, at, apart in given():
        names = {keyword.arg for keyword in call.keywords} - apart
        for key in keys_of(call, at):
            assert key in SENTENCES, (where, key)
            if None not in names:  # **params: the caller's are looked at where they are written
                assert names == needed(key), (where, key)


def test_every_sentence_is_said_somewhere():
    texts = {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in nodes_of(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(SENTENCES) - texts == set()


@pytest.mark.parametrize("code", codes().values(), ids=lambda code: code.id)
def test_every_code_says_the_same_in_english(code):
    chinese, english = code.chinese, code.english
    assert chinese.messages.keys() == english.messages.keys()
    assert chinese.hints.keys() == english.hints.keys()
    assert set(chinese.hints) <= {"", "usual", *chinese.messages}
    pairs = [(chinese.title, english.title)]
    pairs += [(chinese.messages[v], english.messages[v]) for v in chinese.messages]
    pairs += [(chinese.hints[v], english.hints[v]) for v in chinese.hints]
    pairs += [(getattr(chinese, part), getattr(english, part)) for part in ("why", "bad", "good")]
    for ours, theirs in pairs:
        assert ours
        assert theirs
        assert CHINESE.search(QUOTED.sub("", PLACE.sub("", theirs))) is None, theirs
        assert places(ours) == places(theirs), ours
        assert not RESERVED & set(places(ours)), ours


def test_the_catalogue_is_what_the_code_says_and_all_of_it_has_english():
    text = CATALOGUE.read_text(encoding="utf-8")
    assert catalogue(text) == text, "运行 python tools/catalogue.py"
    assert [words for words, english in pairs(text).items() if words and not english] == []


def test_every_phrase_has_the_same_places_in_english():
    for ours, theirs in english().items():
        assert places(ours) == places(theirs), ours
        assert re.search(r"{[a-z]\w*[:}]", PLACE.sub("", ours + theirs)) is None, ours


@pytest.mark.parametrize(
    ("words", "value", "shown"),
    [
        ("{total:2} 分", Decimal("97.5"), "97.50 分"),
        ("{points} 分", Decimal("30.00"), "30 分"),
        ("{rate:%}", Fraction(4, 5), "80%"),
        ("{rate:2%}", Fraction(2, 3), "66.67%"),
        ("{gap:+}", Decimal("0.5"), "+0.50"),
        ("{names}", ("甲", "乙"), "甲、乙"),
        ("{names:“”}", ("甲", "乙"), "“甲”、“乙”"),
        ("{rows} 行", 3, "3 行"),
        ("{name}", "看不见\u200b的", "看不见的"),
        ("{level2}", "数量指标", "数量指标"),
    ],
)
def test_a_value_looks_as_its_place_asks(words, value, shown):
    (name,) = places(words)
    assert filled(words, {name: value}) == shown


def test_a_finding_of_our_own_json_says_the_same_again():
    found = finding(
        "B003", Place("评价/budget.csv", 2, 3, "全年执行数"), project="P01", rate=Fraction(2, 3), line=Fraction(1)
    )
    told = diagnostic_json(found)
    assert told["params"] == {"rate": "66.67%", "line": "100%", "title": "全年执行数"}
    assert diagnostic_json(diagnostic_of(told)) == told
    assert diagnostic_of(told).said(ENGLISH) == found.said(ENGLISH)


def test_a_phrase_inside_a_finding_survives_json():
    reason = phrase("没有语言“{name}”", name="德")
    told = diagnostic_json(finding("B003", rate=reason, line=Fraction(1)))
    assert diagnostic_of(told).params[0] == ("rate", reason)
