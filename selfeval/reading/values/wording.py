"""The words that may stand beside a number, by kind (`wording.toml`), and a text cut into them.

A text is read from left to right and always takes the longest word it knows, so that 不低于 is no negation and
不锈钢 none either. What is in no table is unknown, and stays visible as such. The cost is linear in the text.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files

from selfeval.base.frozen import made_quickly
from selfeval.base.memo import remembered
from selfeval.base.model import PERCENT
from selfeval.reading.values.dates import Dated, dates_in
from selfeval.reading.values.quantities import NUMBER
from selfeval.reading.values.units import BARE, Unit, unit_at

UNKNOWN, HARMLESS, NUMBER_LETTER, DATE = "u", "h", "N", "D"
CUT, STOP, DENIAL = ",", ".", "X"
"""Letters of a comma, of a full stop, and of whatever denies (as a question mark does)."""

_CUTS, _STOPS, _DOUBT = "，、,:!！", "。；;\n\r", "？?⁉⁇⁈❓❔"
_SMALL_CHANGES = frozenset("EeMm")
_NUMBER_SOON = re.compile(r".{0,4}?\d")


@made_quickly
@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or mark of a text: `text[start:end]`; `letter` is its kind in the vocabulary."""

    letter: str
    text: str
    start: int
    end: int
    value: Decimal | None = None
    unit: Unit | None = None
    day: date | None = None
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """The vocabulary: for every first character its words, longest first, with their letters and signs."""

    words: dict[str, tuple[tuple[str, str, int], ...]]
    phrases: re.Pattern[str]
    sets: dict[str, frozenset[str]]
    """The words of every kind by its name."""
    things: frozenset[str]
    """Acts, persons and things: harmless where they are the target's own."""
    before: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Acts, and those that come before them."""
    before_count: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """The same, where how many is asked."""
    alike: tuple[frozenset[str], ...] = ()
    """Acts that say much the same."""
    troubles: dict[str, re.Pattern[str]] = field(default_factory=dict)
    """What says that something is wrong: by character, in whole words, and what only looks so."""

    def words_alone(self, name: str) -> bool:
        """Whether a name is more than one word of the vocabulary: a target called 提高 makes 提高 no name."""
        word = self.word_at(name, 0)
        return word is None or word[0] != name

    def knows(self, word: str) -> bool:
        """Whether a word is in a table, and not only part of a phrase or a name."""
        return any(known == word for known, _, _ in self.words.get(word[0], ()))

    def word_at(self, text: str, position: int) -> tuple[str, str, int] | None:
        """The longest known word at a position: itself, its letter, its sign."""
        known = self.words.get(text[position], ())
        return next((word for word in known if text.startswith(word[0], position)), None)


@remembered
def acts_in(text: str) -> frozenset[str]:
    """The acts that a text holds."""
    return frozenset(act for act in wording().sets["act"] if act in text)


@remembered
def events_in(text: str) -> frozenset[str]:
    """The events (验收, 上线) that a text holds."""
    return frozenset(event for event in wording().sets["event"] if event in text)


@remembered
def acts_meant(text: str) -> frozenset[str]:
    """The acts that a text holds, and those that say much the same."""
    alike = (group for group in wording().alike if any(act in text for act in group))
    return acts_in(text).union(*alike)


@remembered
def ends_in_act(word: str) -> bool:
    """Whether a word is an act, or a name that ends in one."""
    return word.endswith(tuple(wording().sets["act"]))


@cache
def wording() -> Wording:
    """The shipped vocabulary."""
    tables = tomllib.loads(files("selfeval.reading.values").joinpath("wording.toml").read_text(encoding="utf-8"))
    by_first: dict[str, list[tuple[str, str, int]]] = {}
    for kind in tables["kinds"].values():
        for word in kind["words"].split():
            by_first.setdefault(word[0], []).append((word, kind["letter"], kind.get("sign", 0)))
    words = {first: tuple(sorted(known, key=lambda w: -len(w[0]))) for first, known in by_first.items()}
    sets = {name: frozenset(kind["words"].split()) for name, kind in tables["kinds"].items()}
    groups = (f"(?P<{letter}>{'|'.join(tables['phrases'][name])})" for letter, name in PHRASES.items())
    alike = tuple(frozenset(group["acts"].split()) for group in tables["alike"])
    before, counted = (
        tuple((tuple(step["acts"].split()), tuple(step["earlier"].split())) for step in tables[name])
        for name in ("before", "before_count")
    )
    return Wording(
        words,
        re.compile("|".join(groups)),
        sets,
        sets["act"] | sets["harmless"] | sets["step"] | sets["means"] | sets["earlier"],
        before,
        counted,
        alike,
        {name: re.compile("|".join(told)) for name, told in tables["troubles"].items()},
    )


PHRASES = {
    "Z": "not_reached", "X": "denied", "J": "elsewhere", "W": "ahead",
    "Y": "other_year", "r": "reached", "h": "harmless",
}  # fmt: skip
"""Phrases by their letter, in the order in which they are looked for."""


def tokens_of(text: str, year: int, own: tuple[str, ...], *, dated: bool = False) -> list[Token]:
    """The text cut into words, numbers, dates and marks. `own`: the indicator's names, which say nothing new.

    A year alone is a year (`Y`, or `I` for the evaluation's own), but a date where dates are asked for (`dated`).
    """
    known = wording()
    spans = {d.start: d for d in dates_in(text, year, digits=False)}
    names = _endings(own)
    found: list[Token] = []
    position = 0
    while position < len(text):
        token = (
            _own_name(text, position, names)
            or _date(position, spans, text, 0 if dated else year)
            or _named_digits(text, position, own)
            or _fraction(text, position)
            or _number(text, position)
            or _word(text, position, known)
            or _part_of_name(text, position, own)
            or _mark(text, position)
        )
        found.append(token)
        position = token.end
    return found


@lru_cache(maxsize=4096)
def _endings(own: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The names and their ends (不良率 of 贷款不良率) by first character, longest first; single words are no names."""
    known = wording()
    ends = {name[start:] for name in own for start in range(len(name) - 2) if known.words_alone(name[start:])}
    ends |= {name for name in own if known.words_alone(name)}
    found: dict[str, list[str]] = {}
    for end in sorted(ends, key=len, reverse=True):
        found.setdefault(end[0], []).append(end)
    return {first: tuple(words) for first, words in found.items()}


def _own_name(text: str, position: int, names: dict[str, tuple[str, ...]]) -> Token | None:
    name = next((n for n in names.get(text[position], ()) if text.startswith(n, position)), None)
    return Token(HARMLESS, name, position, position + len(name)) if name else None


def _part_of_name(text: str, position: int, own: tuple[str, ...]) -> Token | None:
    """授权 of 专利授权数: two or more characters that no table knows, but the names."""
    end = position + 2
    if len(text) < end or not any(text[position:end] in name for name in own):
        return None
    while end < len(text) and any(text[position : end + 1] in name for name in own):
        end += 1
    return Token(HARMLESS, text[position:end], position, end)


_YEAR_ALONE = re.compile(
    r"(?:19|20)\d\d\s*年?(?:度)?(?:年?[底末初]|[上下]半年|第?[一二三四1-4]季度)?"
    r"(?:\s*(?:-|~|至|到)\s*(?:19|20)\d\d\s*年?(?:度)?)?"
)


def _date(position: int, spans: dict[int, Dated], text: str, year: int) -> Token | None:
    dated = spans.get(position)
    if dated is None:
        return None
    written = text[position : dated.end]
    this = dated.day is not None and dated.day.year == year and written.startswith(str(year))
    letter = ("I" if this else "Y") if year and _YEAR_ALONE.fullmatch(written) else DATE
    return Token(letter, written, position, dated.end, day=dated.day)


_DIGITS = re.compile(r"\d{1,3}[A-Za-z]+[\u4e00-\u9fff]?")


def _named_digits(text: str, position: int, own: tuple[str, ...]) -> Token | None:
    """5G基 of a name: its digits are no number."""
    match = _DIGITS.match(text, position)
    if match is None or not any(match.group() in name for name in own):
        return None
    return Token(HARMLESS, match.group(), position, match.end())


_FRACTION = re.compile(r"(\d{1,12})\s*/\s*(\d{1,12})(?![\d/.万])")


def _fraction(text: str, position: int) -> Token | None:
    match = _FRACTION.match(text, position)
    if match is None or not int(match[2]):
        return None
    share = Decimal(match[1]) / Decimal(match[2])
    return Token(NUMBER_LETTER, match.group(), position, match.end(), share, Unit(PERCENT))


_TO_SECOND = re.compile(r"[至到~-]\d+(?:\.\d+)?")


def _number(text: str, position: int) -> Token | None:
    match = NUMBER.match(text, position)
    if match is None or (position and text[position - 1].isascii() and text[position - 1].isalpha()):
        return None
    digits = match.group().replace(",", "").replace("，", "")
    unit, end = unit_at(text, match.end())
    if unit is BARE and (second := _TO_SECOND.match(text, match.end())):
        unit = unit_at(text, second.end())[0]  # 3至6个月
    value = Decimal(digits) * unit.scale if len(digits) <= 30 else None
    return Token(NUMBER_LETTER, text[position:end], position, end, value, unit)


def _word(text: str, position: int, known: Wording) -> Token | None:
    phrase = known.phrases.match(text, position)
    word = known.word_at(text, position)
    longest = phrase.end() - position + (phrase.lastgroup != HARMLESS) if phrase else 0
    if phrase and phrase.lastgroup and (word is None or longest > len(word[0])):
        return Token(phrase.lastgroup, phrase.group(), position, phrase.end())
    if word is None:
        return None
    written, letter, sign = word
    end = position + len(written)
    if len(written) == 1 and letter in _SMALL_CHANGES and not _NUMBER_SOON.match(text, end):
        letter = HARMLESS  # 高 in 高楼, 多 in 多方
    return Token(letter, written, position, end, sign=sign)


def _mark(text: str, position: int) -> Token:
    char = text[position]
    if char in _STOPS:
        return Token(STOP, char, position, position + 1)
    if char in _CUTS:
        return Token(CUT, char, position, position + 1)
    if char in _DOUBT:
        return Token(DENIAL, char, position, position + 1)
    letter = UNKNOWN if char.isalpha() else HARMLESS
    return Token(letter, char, position, position + 1)
