"""What the program says: Chinese with named places, filled in and put into the language asked for when it is shown.

`phrase("没有检查代码“{name}”", name=name)` is such a sentence. Its English stands in `english.po` under the Chinese;
that of a finding's sentence beside it in codes.toml. How a value looks in its place is said there: `{total:2}` with
two decimals, `{rate:%}` as a percentage, `{rate:2%}` as one with two decimals, `{gap:+}` with its sign, `{names:“”}`
each in quotation marks, `{level:_}` a word of ours, in English as well where `english.po` has it, `{levels:，}` parted
by commas (`；` likewise), `{parts:| + }` by what stands behind the stroke.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Self, TypeAlias

from selfeval.base.codes import english_of_findings
from selfeval.base.exact import fixed, percent, plain, signed
from selfeval.base.exact import shown as shown_number
from selfeval.base.marks import without_hidden

CHINESE, ENGLISH = LANGUAGES = ("zh", "en")
SIGNS = {CHINESE: {"、": "、", "，": "，", "；": "；"}, ENGLISH: {"、": ", ", "，": ", ", "；": "; "}}
"""What parts several values; 、 where nothing else is asked for."""


Param: TypeAlias = str | int | Decimal | Fraction | date | tuple["Param", ...]
Params: TypeAlias = tuple[tuple[str, Param], ...]


class Phrase(str):
    """A sentence of ours and what goes into its places: a text in Chinese that can be said in English as well.

    It is a text wherever one is wanted, also as an error's message; put into another text, it is that text's Chinese.
    """

    __slots__ = ("params", "words")
    words: str
    params: Params

    def __new__(cls, words: str, params: Params = ()) -> Self:
        """A sentence, its places filled."""
        text = super().__new__(cls, filled(words, dict(params)) if params else words)
        text.words, text.params = words, params
        return text

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[type, tuple[str, Params]]:
        return type(self), (self.words, self.params)

    def said(self, language: str) -> str:
        """The sentence in a language; without a pair it stays Chinese."""
        return self if language == CHINESE else filled(translated(self.words, language), dict(self.params), language)


def phrase(words: str, /, **params: Param) -> Phrase:
    """A sentence of ours."""
    given = tuple(params.items())
    return (_kept if all(type(value) is str for _, value in given) else Phrase)(words, given)


_kept = lru_cache(maxsize=16_384)(Phrase)
"""Sentences filled with texts alone are kept: a province reads 不低于95% again and again."""


def joined(parts: Iterable[Param], by: str = "") -> Phrase:
    """Texts one after another, each said in the language asked for."""
    look = by if by in SIGNS[CHINESE] else BY + by
    return phrase(f"{{parts:{look}}}", parts=tuple(parts))


def word(words: str) -> str:
    """A word of ours, for a place `{name:_}`: it stays as it is, and gets its pair in the catalogue."""
    return words


def said(text: str, language: str) -> str:
    """A text in a language, if it is ours."""
    return text.said(language) if isinstance(text, Phrase) else text


def each_text(value: Any, changed: Callable[[str], str]) -> Any:  # noqa: ANN401 - whatever a page is given
    """A document with every text in it changed."""
    if isinstance(value, str):
        return changed(value)
    if isinstance(value, tuple):
        return tuple(each_text(item, changed) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: each_text(getattr(value, field.name), changed) for field in fields(value)})
    return value


def translated(words: str, language: str) -> str:
    """Words of ours in a language, their places still open."""
    return english().get(words, words) if language == ENGLISH else words


PAIR = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)


@cache
def english() -> dict[str, str]:
    """The English of all that is said, by its Chinese."""
    catalogue = files("selfeval.base").joinpath("english.po").read_text(encoding="utf-8")
    return english_of_findings() | pairs(catalogue)


def pairs(catalogue: str) -> dict[str, str]:
    """The pairs of a catalogue in gettext's own form; small enough to be read without being compiled."""
    return {literal_eval(f"({chinese})"): literal_eval(f"({english})") for chinese, english in PAIR.findall(catalogue)}


BY = "|"
"""Begins the look of several values that are parted by what follows: `{parts:| + }`."""

PLACE = re.compile("{([a-z_][a-z0-9_]*)(?::([^{}]*))?}")
"""A place by its name, with how the value looks there; other braces are the sentence's own."""


@lru_cache(maxsize=4_096)
def pieces(words: str) -> tuple[tuple[str, str, str], ...]:
    """A sentence taken apart: the words before a place, its name, how the value looks; the last words without one."""
    parts = [part or "" for part in PLACE.split(words)] + ["", ""]
    return tuple(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


PLAIN = frozenset({str, int})
"""Values that a sentence shows as they are."""


@lru_cache(maxsize=4_096)
def is_plain(words: str) -> bool:
    """Whether a sentence asks nothing of the look of its values, and has no braces of its own."""
    return not any(spec for _, _, spec in pieces(words)) and not re.search("[{}]", PLACE.sub("", words))


def places(words: str) -> dict[str, str]:
    """The places of a sentence by name, with how the value looks there."""
    return {name: spec for _, name, spec in pieces(words) if name}


def filled(words: str, params: Mapping[str, Param], language: str = CHINESE) -> str:
    """A sentence with its places filled; one for which nothing is given stays open."""
    if is_plain(words) and PLAIN.issuperset(map(type, params.values())):  # nearly always, and by the hundred thousand
        try:
            return without_hidden(words.format_map(params))
        except KeyError:
            pass
    parts = []
    for before, name, spec in pieces(words):
        parts.append(before)
        if name:
            value = params.get(name, f"{{{name}}}")
            if isinstance(value, str) and not (spec or isinstance(value, Phrase)):  # nearly always
                parts.append(without_hidden(value))
            else:
                parts.append(shown(value, spec, language))
    return "".join(parts)


def shown(value: Param, spec: str = "", language: str = CHINESE) -> str:
    """A value as a sentence shows it: the one place that knows how it looks."""
    if isinstance(value, Phrase):
        return value.said(language)
    if not spec and isinstance(value, str):
        return without_hidden(value)
    if isinstance(value, tuple):
        if spec.startswith(BY):
            return spec[1:].join(shown(item, "", language) for item in value)
        signs = SIGNS[language]
        return signs.get(spec, signs["、"]).join(shown(item, spec, language) for item in value)
    if isinstance(value, Decimal | Fraction):
        return number(value, spec)
    words = translated(str(value), language) if spec == "_" else without_hidden(str(value))
    return f"“{words}”" if spec == "“”" else words


def number(value: Decimal | Fraction, spec: str) -> str:
    """A number as its place asks for it."""
    if spec == "%":
        return percent(value)
    if spec == "2%":
        return f"{fixed(value * 100, 2)}%"
    if spec.isdigit():
        return fixed(value, int(spec))
    if isinstance(value, Fraction):
        return shown_number(value)
    return signed(value) if spec == "+" else plain(value)


def json_of(params: Iterable[tuple[str, Param]], looks: Mapping[str, str]) -> dict[str, Any]:
    """Parameters for JSON: texts and whole numbers as they are, others as the sentence shows them."""
    return {name: json_value(value, looks.get(name, "")) for name, value in params}


def json_value(value: Param, spec: str) -> Any:  # noqa: ANN401 - any JSON
    """One parameter; a phrase is its words with its own parameters beside them."""
    if isinstance(value, Phrase):
        return {"phrase": value.words, **json_of(value.params, places(value.words))}
    if isinstance(value, tuple):
        return [json_value(item, spec) for item in value]
    return value if isinstance(value, int) else shown(value, spec)


def of_json(params: Mapping[str, Any]) -> Params:
    """The parameters that JSON tells."""
    return tuple((name, value_of(value)) for name, value in params.items())


def value_of(value: Any) -> Param:  # noqa: ANN401 - any JSON
    """One of them."""
    if isinstance(value, dict):
        return Phrase(str(value["phrase"]), of_json({name: v for name, v in value.items() if name != "phrase"}))
    if isinstance(value, list):
        return tuple(map(value_of, value))
    return value if isinstance(value, int) else str(value)
