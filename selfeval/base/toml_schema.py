"""What the readers of a TOML file ask for → JSON Schema: the reader itself is run, on a section that takes notes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from selfeval.base.json_schema import Schema, text_of
from selfeval.base.phrases import Phrase
from selfeval.base.toml_reader import REQUIRED, SHARE, TomlSection


def recorder(table: Mapping[str, Any] | None = None) -> Recorder:
    """A section to be read by a reader; `table`: what a reader decides by, where it does."""
    return Recorder(dict(table or {}), "", [])


@dataclass(slots=True)
class Recorder(TomlSection):
    """A section that answers as if everything had been left out, and notes what was asked. Mutable, as it is asked."""

    noted: dict[str, Schema] = field(default_factory=dict)
    inner: dict[str, Recorder] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    required: list[str] = field(default_factory=list)
    closed: bool = False

    def schema(self) -> Schema:
        """What was asked for; nothing else is allowed where the reader closed the section."""
        properties = {name: one.schema() for name, one in self.inner.items()}
        properties |= {name: {"type": "array", "items": properties[name]} for name in self.lists}
        needed = [name for name, one in self.inner.items() if name not in self.lists and one.required]
        schema: Schema = {"type": "object", "properties": self.noted | properties}
        schema |= {"required": [*self.required, *needed]} if self.required or needed else {}
        return schema | ({"additionalProperties": False} if self.closed else {})

    def _note(self, name: str, default: Any, schema: Schema, otherwise: Any) -> Any:  # noqa: ANN401
        self.noted[name] = schema
        if default is REQUIRED and name not in self.required:
            self.required.append(name)
        return self.table.get(name, otherwise if default is REQUIRED else default)

    def get(self, name: str, default: Any, ok: Callable[[Any], bool], wanted: str | Phrase) -> Any:  # noqa: ANN401, ARG002
        """Anything: its reader looks at it by itself."""
        return self._note(name, default, {"type": "object"} if isinstance(default, dict) else {}, None)

    def text(self, name: str, default: Any = "", choices: Collection[str] = ()) -> Any:  # noqa: ANN401
        """A text."""
        return self._note(name, default, text_of(choices) if choices else {"type": "string"}, next(iter(choices), ""))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        return bool(self._note(name, default, {"type": "boolean"}, default))

    def number(self, name: str, default: Any = None, low: int | None = None, high: int | None = None) -> Any:  # noqa: ANN401
        """A number."""
        limits = {"minimum": low} if low is not None else {}
        limits |= {"maximum": high} if high is not None else {}
        return self._note(name, default, {"type": "number", **limits}, Fraction(low or 0))

    def share(self, name: str) -> Any:  # noqa: ANN401
        """A share, as a number or a fraction in words."""
        self.number(name, REQUIRED, 0, 1)
        self.noted[name] = {"anyOf": [self.noted[name], {"type": "string", "pattern": f"^{SHARE.pattern}$"}]}
        return Fraction(0)

    def integer(self, name: str, default: Any, low: int, high: int) -> Any:  # noqa: ANN401
        """A whole number."""
        return self._note(name, default, {"type": "integer", "minimum": low, "maximum": high}, low)

    def day(self, name: str, default: Any) -> Any:  # noqa: ANN401
        """A day: a text, as JSON has none."""
        return self._note(name, default, {"type": "string"}, None)

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return list(self._note(name, [], {"type": "array", "items": {"type": "string"}}, []))

    def section(self, name: str) -> Recorder:
        """A table in this one."""
        value = self.table.get(name)
        return self.inner.setdefault(name, recorder(value if isinstance(value, dict) else {}))

    def sections(self, name: str) -> list[TomlSection]:
        """One table, for all that may be there."""
        self.lists.add(name)
        return [self.section(name)]

    def close(self) -> None:
        """The reader knows no more keys."""
        self.closed = True
