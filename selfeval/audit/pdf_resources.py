"""What the instructions of a PDF's pages refer to by name: fonts, kinds of colours, states, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from selfeval.audit.pdf_fonts import Font
from selfeval.audit.pdf_state import Look
from selfeval.base.phrases import phrase


class Resources:
    """What some instructions may refer to. Mutable: each thing is looked up once.

    `looks`: what comes after a look holds for these resources only.
    """

    def __init__(self, dictionary: Any, fonts: Callable[[Any], Font]) -> None:  # noqa: ANN401 - pypdf's objects
        self.dictionary, self.fonts = dictionary, fonts
        self.known: dict[tuple[str, str], Any] = {}
        self.looks: dict[Look, Look] = {}

    def look_from(self, look: Look) -> Look:
        """The one look for these resources that is like another."""
        if (known := self.looks.get(look)) is None:
            known = self.looks[look] = replace(look)
        return known

    def of(self, kind: str, name: str) -> Any:  # noqa: ANN401
        """A font, how many numbers a colour has, or what pypdf gives."""
        if (kind, name) not in self.known:
            self.known[kind, name] = self.look_up(kind, name)
        return self.known[kind, name]

    def look_up(self, kind: str, name: str) -> Any:  # noqa: ANN401
        """The same, for the first time."""
        listed = self.dictionary.get(kind)
        found = listed.get_object().get(name) if listed is not None else None
        if found is None:
            raise ValueError(phrase("页面用到没有的 {kind} {name}", kind=kind[1:], name=name))
        if kind == "/ColorSpace":
            return int(found.get_object()[1].get_object()["/N"])
        return self.fonts(found.get_object()) if kind == "/Font" else found.get_object()


class AllResources:
    """The resources of a file: those of pages that refer to the same things are one. Mutable: it remembers them."""

    def __init__(self, fonts: Callable[[Any], Font]) -> None:
        self.fonts = fonts
        self.known: dict[int, Resources] = {}
        self.alike: dict[str, Resources] = {}

    def __call__(self, dictionary: Any) -> Resources:  # noqa: ANN401
        """Those of a dictionary."""
        key = id(dictionary)
        if key not in self.known or self.known[key].dictionary is not dictionary:
            self.known[key] = self.alike.setdefault(repr(dictionary), Resources(dictionary, self.fonts))
        return self.known[key]
