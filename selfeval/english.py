"""What the program says, in English: a catalogue beside the Chinese sentences, which stay where they are said.

`english.toml` pairs a Chinese sentence, `{}` standing for what was put into it, with an English one that says where
each of these goes (`{0}`, `{1}` …). What was put in may be a sentence of ours and is then translated as well, but not
between “ and ”: those are the words of a user's file. A sentence without a pair stays Chinese.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

from selfeval.diagnostics import Diagnostic

GAP, QUOTED = "{}", "“{}”"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Chinese sentence with gaps, as a pattern; which of its gaps are quotations; and the English for it."""

    pattern: re.Pattern[str]
    quoted: tuple[bool, ...]
    english: str

    def said(self, words: str) -> str | None:
        """The words in English if they are this sentence."""
        match = self.pattern.fullmatch(words)
        if match is None:
            return None
        return self.english.format(*(filling(*pair) for pair in zip(match.groups(), self.quoted, strict=True)))


@cache
def sentences() -> dict[str, str]:
    """Every pair of the catalogue."""
    tables = tomllib.loads(files("selfeval").joinpath("english.toml").read_text(encoding="utf-8"))
    return {chinese: said for table in tables.values() for chinese, said in table.items()}


@cache
def gapped() -> tuple[Sentence, ...]:
    """The sentences with gaps, those with most words of their own first."""
    ordered = sorted((p for p in sentences() if GAP in p), key=lambda p: -len(p.replace(GAP, "")))
    return tuple(Sentence(pattern_of(p), quotations(p), sentences()[p]) for p in ordered)


def pattern_of(sentence: str) -> re.Pattern[str]:
    """A sentence with gaps as a pattern; a gap takes as little as it can."""
    return re.compile("(.*?)".join(map(re.escape, sentence.split(GAP))))


def quotations(sentence: str) -> tuple[bool, ...]:
    """For every gap, whether it stands between “ and ”."""
    return tuple(gap == QUOTED for gap in re.findall("“{}”|{}", sentence))


def filling(words: str, quoted: bool) -> str:  # noqa: FBT001 - one of a pair
    """What was put into a gap: as it is if it is quoted, else in English where it is ours."""
    return words if quoted else line_in_english(words)


@lru_cache(maxsize=10_000)
def line_in_english(text: str) -> str:
    """One line; its indentation stays."""
    words = text.strip()
    if not words or words.isascii():
        return text
    said = sentences().get(words) or next((s for one in gapped() if (s := one.said(words)) is not None), None)
    return text if said is None else text.replace(words, said)


def in_english(text: str) -> str:
    """What the program says, line by line."""
    return "\n".join(map(line_in_english, text.split("\n")))


def findings_in_english(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Findings with message and remedy in English."""
    return [replace(d, message=in_english(d.message), hint=in_english(d.hint)) for d in diagnostics]
