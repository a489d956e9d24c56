"""TOML tables read key by key: what is missing, wrong or unknown becomes a problem with its key."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key. `unknown` keys are harmless in settings but refused in a rule profile."""

    key: str
    message: str
    unknown: bool = False


@dataclass(slots=True)
class Section:
    """One table of a TOML file. Mutable on purpose: it ticks off the keys it was asked for."""

    table: dict[str, Any]
    path: str
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def key(self, name: str) -> str:
        """The full name of a key, as a person would look for it."""
        return f"{self.path}.{name}" if self.path else name

    def complain(self, name: str, message: str) -> None:
        """Notes a problem with one key."""
        self.problems.append(Problem(self.key(name), message))

    def get(self, name: str, default: Any, ok: Callable[[Any], bool], wanted: str) -> Any:  # noqa: ANN401
        """The value of a key if it is what is wanted, else the default and a problem."""
        self.asked.add(name)
        if name not in self.table:
            if default is REQUIRED:
                self.complain(name, f"缺少“{self.key(name)}”，应为{wanted}")
                return None
            return default
        value = self.table[name]
        if ok(value):
            return value
        self.complain(name, f"“{self.key(name)}”应为{wanted}，读到的是 {shorten(value)}")
        return None if default is REQUIRED else default

    def text(self, name: str, default: Any = "", choices: Collection[str] = ()) -> Any:  # noqa: ANN401
        """A text, one of `choices` where given."""
        wanted = f"其中之一：{'、'.join(choices)}" if choices else "文字"
        return self.get(name, default, lambda v: isinstance(v, str) and (not choices or v in choices), wanted)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        return bool(self.get(name, default, lambda v: isinstance(v, bool), " true 或 false"))

    def number(self, name: str, default: Any = None, low: int | None = None, high: int | None = None) -> Any:  # noqa: ANN401
        """An exact number (Fraction) within low…high."""
        limits = "" if low is None else (f"（{low} 以上）" if high is None else f"（{low}–{high}）")

        def fits(value: Any) -> bool:  # noqa: ANN401
            return is_number(value) and (low is None or value >= low) and (high is None or value <= high)

        value = self.get(name, default, fits, f"数字{limits}")
        return Fraction(value) if is_number(value) else value

    def integer(self, name: str, default: Any, low: int, high: int) -> Any:  # noqa: ANN401
        """A whole number within low…high."""
        return self.get(
            name,
            default,
            lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high,
            f"整数（{low}–{high}）",
        )

    def day(self, name: str, default: Any) -> Any:  # noqa: ANN401
        """A TOML date."""
        return self.get(name, default, lambda v: type(v) is date, "日期，如 2020-02-25")

    def section(self, name: str) -> Section:
        """A table inside this one; empty where absent."""
        value = self.get(name, {}, lambda v: isinstance(v, dict), "一组设置")
        return Section(value or {}, self.key(name), self.problems)

    def sections(self, name: str) -> list[Section]:
        """An array of tables."""
        value = self.get(name, [], lambda v: isinstance(v, list) and all(isinstance(i, dict) for i in v), "若干组设置")
        return [Section(item, f"{self.key(name)}[{i}]", self.problems) for i, item in enumerate(value, 1)]

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        value = self.get(name, [], lambda v: isinstance(v, list) and all(isinstance(i, str) for i in v), "文字的列表")
        return list(value)

    def close(self) -> None:
        """Everything not asked for is unknown."""
        for name in self.table:
            if name not in self.asked:
                near = get_close_matches(name, self.asked, 1)
                meant = f"，是否想写“{near[0]}”" if near else ""
                self.problems.append(Problem(self.key(name), f"不认识的设置“{self.key(name)}”{meant}", unknown=True))


REQUIRED: Any = object()


def is_number(value: object) -> bool:
    """An integer or decimal of TOML that is a finite number of sane size."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 10**15
    return isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 15


def shorten(value: object) -> str:
    """A value as shown inside a message."""
    text = str(value)
    return text if len(text) <= 40 else text[:40] + "…"


def parse_toml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The tables of a TOML file with exact decimals; a file that cannot be read gives one problem."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}, [Problem("", "文件过大")]
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [Problem("", "不是 UTF-8 编码，请另存为 UTF-8")]
    except OSError:
        return {}, [Problem("", "文件不存在或打不开")]
    try:
        return tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal), []
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return {}, [Problem("", f"TOML 语法有误：{error}")]
