"""The table of codes: what a finding of each is called, what it says and what to do about it, in both languages.

All of it stands in `codes.toml`; a code's number never changes its meaning. A code with several sentences has one for
each of its variants: `V013.unknown` is the key of one sentence, `V013` the code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Severity(StrEnum):
    """error: cannot stand · warning: a reviewer will ask · info: how something was read or filled in."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


USUAL = "usual"
"""The remedy of a code whose variants have others."""

EXAMPLES = ("bad", "good")
"""What may be no words at all (`≥95%`), and is then the same in both languages."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A code in one language: its title, its sentences and remedies by variant, under "" where there is but one.

    `why` a reviewer minds, a `bad` and a `good` example.
    """

    title: str
    messages: Mapping[str, str]
    hints: Mapping[str, str]
    why: str = ""
    bad: str = ""
    good: str = ""

    def hint(self, variant: str = "") -> str:
        """The remedy of a variant, or the code's."""
        return self.hints.get(variant) or self.hints.get(USUAL) or self.hints[""]


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table of codes: its severity and its words.

    `column`: the one it is about, in whose cell it is shown where its row has that column.
    """

    id: str
    severity: Severity
    chinese: Wording
    english: Wording
    basis: str = ""
    """The value of a rule profile that it goes by, by name; where that comes from the profile says."""
    column: str = ""
    follows: tuple[str, ...] = ()
    """The tables without which it comes up everywhere, and says nothing."""

    @property
    def title(self) -> str:
        """What is wrong, in a few Chinese words."""
        return self.chinese.title

    @property
    def hint(self) -> str:
        """The usual remedy, in Chinese."""
        return self.chinese.hint()

    def wording(self, language: str) -> Wording:
        """Its words in a language."""
        return self.english if language == "en" else self.chinese


@cache
def codes() -> dict[str, Code]:
    """All codes in order, by id."""
    text = files("selfeval.base").joinpath("codes.toml").read_text(encoding="utf-8")
    return {id_: code_of(id_, row) for id_, row in tomllib.loads(text).items()}


def code_of(id_: str, row: Mapping[str, Any]) -> Code:
    """A code as the table gives it."""
    words = wording_of(row), wording_of({name: row.get(name, "") for name in EXAMPLES} | row["en"])
    column, follows = row.get("column", ""), tuple(row.get("follows", ()))
    return Code(id_, Severity(row["severity"]), *words, row.get("basis", ""), column, follows)


def wording_of(row: Mapping[str, Any]) -> Wording:
    """The words of a code in one language."""
    texts = {name: row.get(name, "") for name in ("why", *EXAMPLES)}
    return Wording(row["title"], by_variant(row.get("message", {})), by_variant(row["hint"]), **texts)


def by_variant(words: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text for each variant, or one for all."""
    return {"": words} if isinstance(words, str) else words


def english_of_findings() -> dict[str, str]:
    """The English of every sentence of a finding, by its Chinese."""
    wordings = [(code.chinese, code.english) for code in codes().values()]
    english = {getattr(c, part): getattr(e, part) for c, e in wordings for part in ("title", "why", *EXAMPLES)}
    english |= {words: e.hints[variant] for c, e in wordings for variant, words in c.hints.items()}
    return english | {words: e.messages[variant] for c, e in wordings for variant, words in c.messages.items()}
