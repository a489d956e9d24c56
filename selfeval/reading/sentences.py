"""The sentences of a report as data: what is said where nobody has written, with a variant for none, one and many.

`{…}` is a name filled with a value; a layout may put other words in place of any sentence, and name no other values.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from selfeval.base.marks import hidden
from selfeval.base.phrases import phrase

VARIANTS = ("none", "one", "many")
"""By how many things a sentence speaks of; one without variants is the same for any number."""

MOST = 500
"""No sentence of a layout is longer."""

_NAME = re.compile(r"\{(\w+)\}")
Variants = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences by their key."""

    texts: Mapping[str, Variants]

    def say(self, key: str, count: int | None = None, **values: str) -> str:
        """A sentence with its values in; `count` chooses the variant and is the value `数`."""
        values |= {} if count is None else {"数": str(count)}
        return _NAME.sub(lambda name: values.get(name[1], name[0]), variant(self.texts[key], count))

    def changed(self, table: Mapping[str, Any]) -> Sentences:
        """With the sentences of a layout in place of these. Raises where one is not known or names another value."""
        return Sentences({**self.texts, **{key: _own(key, value) for key, value in table.items()}})


def variant(texts: Variants, count: int | None) -> str:
    """The words for so many."""
    kind = "many" if count is None else VARIANTS[min(max(count, 0), 2)]
    return texts.get(kind, texts["many"])


def _own(key: str, value: Any) -> Variants:  # noqa: ANN401 - any value of TOML
    """A sentence of a layout, held against the shipped one."""
    shipped = shipped_sentences().texts.get(key)
    if shipped is None:
        raise ValueError(phrase("没有“{key}”这一句", key=key))
    texts = _variants(value)
    known = {name for text in shipped.values() for name in _NAME.findall(text)}
    for text in texts.values():
        if strange := {*_NAME.findall(text)} - known:
            raise ValueError(
                phrase(
                    "句子 {key} 没有“{strange}”这个值；可用的有：{known}",
                    key=key,
                    strange=min(strange),
                    known=tuple(sorted(known)),
                )
            )
        if len(text) > MOST or not text.isprintable() or hidden(text):
            raise ValueError(phrase("句子 {key} 太长，或有看不见的字符", key=key))
    return texts


def _variants(value: Any) -> Variants:  # noqa: ANN401 - any value of TOML
    """One text for any number, or a table of them with `many` in it."""
    texts = {"many": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or "many" not in texts or not {*texts} <= {*VARIANTS}:
        raise TypeError(phrase("一句应是文字，或有 many 的 none、one、many"))
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError(phrase("一句应是文字，或有 many 的 none、one、many"))
    return dict(texts)


@cache
def _file() -> Mapping[str, Any]:
    return tomllib.loads(files("selfeval.reading").joinpath("sentences.toml").read_text(encoding="utf-8"))


@cache
def shipped_sentences() -> Sentences:
    """The sentences that come with the program."""
    return Sentences({key: _variants(value) for key, value in _file().items() if key != "measures"})


@cache
def measure_words(which: str) -> tuple[str, ...]:
    """The words that tell a measure from a cause, by their list in the file."""
    return tuple(_file()["measures"][which])
