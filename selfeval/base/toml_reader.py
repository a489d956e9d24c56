"""TOML tables read key by key: what is missing, wrong or unknown becomes a problem with its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any

from selfeval.base.files import RefusedFileError, read_file
from selfeval.base.marks import hidden, turning, without_hidden
from selfeval.base.model import Place
from selfeval.base.phrases import Phrase, phrase, word
from selfeval.base.remarks import hidden_in
from selfeval.base.text import shorten

MAX_BYTES = 1_000_000
HEAD = re.compile(r"\s*\[\[?([^\[\]]+)\]")
PAIR = re.compile(r"\s*([^\s=#\[][^=#]*?)\s*=")
AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)")
SHARE = re.compile(r"(\d{1,6})\s*/\s*(\d{1,6})", re.ASCII)
INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one key. `unknown` keys are harmless in settings but refused in a rule profile.

    `line` and `column` are known (not 0) where the file itself could not be parsed. `code`: a finding of its own.
    """

    key: str
    message: Phrase
    unknown: bool = False
    line: int = 0
    column: int = 1
    code: str = ""

    def place(self, path: Path, file: str) -> Place:
        """Where the key stands in `path`, which messages call `file`."""
        return Place(file, self.line or (line_of(source(path), self.key) if self.key else 1), self.column)


@dataclass(slots=True)
class TomlSection:
    """One table of a TOML file. Mutable on purpose: it ticks off the keys it was asked for."""

    table: dict[str, Any]
    path: str
    problems: list[Problem]
    asked: set[str] = field(default_factory=set)

    def key(self, name: str) -> str:
        """The full name of a key, as a person would look for it."""
        return f"{self.path}.{name}" if self.path else name

    def complain(self, name: str, message: Phrase) -> None:
        """Notes a problem with one key."""
        self.problems.append(Problem(self.key(name), message))

    def get(self, name: str, default: Any, ok: Callable[[Any], bool], wanted: str | Phrase) -> Any:  # noqa: ANN401
        """The value of a key if it is what is wanted, else the default and a problem."""
        self.asked.add(name)
        if name not in self.table:
            if default is REQUIRED:
                self.complain(name, phrase("缺少“{key}”，应为{wanted:_}", key=self.key(name), wanted=wanted))
                return None
            return default
        value = self.table[name]
        if ok(value):
            return value
        given = {"key": self.key(name), "wanted": wanted, "read": shorten(str(value), 40)}
        self.complain(name, phrase("“{key}”应为{wanted:_}，读到的是 {read}", **given))
        return None if default is REQUIRED else default

    def text(self, name: str, default: Any = "", choices: Collection[str] = ()) -> Any:  # noqa: ANN401
        """A text, one of `choices` where given."""
        wanted = phrase("其中之一：{choices}", choices=tuple(choices)) if choices else word("文字")
        return self.get(name, default, lambda v: isinstance(v, str) and (not choices or v in choices), wanted)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        return bool(self.get(name, default, lambda v: isinstance(v, bool), word(" true 或 false")))

    def number(self, name: str, default: Any = None, low: int | None = None, high: int | None = None) -> Any:  # noqa: ANN401
        """An exact number (Fraction) within low…high."""
        wanted: str | Phrase = word("数字")
        if low is not None and high is None:
            wanted = phrase("数字（{low} 以上）", low=low)
        elif low is not None and high is not None:
            wanted = phrase("数字（{low}–{high}）", low=low, high=high)

        def fits(value: Any) -> bool:  # noqa: ANN401
            return is_number(value) and (low is None or value >= low) and (high is None or value <= high)

        value = self.get(name, default, fits, wanted)
        return Fraction(value) if is_number(value) else value

    def share(self, name: str) -> Any:  # noqa: ANN401
        """A share within 0…1, as a number or, where no decimal is exact, as a text like "2/3"."""
        text = self.table.get(name)
        if isinstance(text, str) and (match := SHARE.fullmatch(text)) and 0 < int(match[2]) >= int(match[1]):
            self.asked.add(name)
            return Fraction(int(match[1]), int(match[2]))
        return self.number(name, REQUIRED, 0, 1)

    def integer(self, name: str, default: Any, low: int, high: int) -> Any:  # noqa: ANN401
        """A whole number within low…high."""
        return self.get(
            name,
            default,
            lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high,
            phrase("整数（{low}–{high}）", low=low, high=high),
        )

    def day(self, name: str, default: Any) -> Any:  # noqa: ANN401
        """A TOML date."""
        return self.get(name, default, lambda v: type(v) is date, word("日期，如 2020-02-25"))

    def section(self, name: str) -> TomlSection:
        """A table inside this one; empty where absent."""
        value = self.get(name, {}, lambda v: isinstance(v, dict), word("一组设置"))
        return TomlSection(value or {}, self.key(name), self.problems)

    def sections(self, name: str) -> list[TomlSection]:
        """An array of tables."""
        value = self.get(name, [], all_of(dict), word("若干组设置"))
        return [TomlSection(item, f"{self.key(name)}[{i}]", self.problems) for i, item in enumerate(value, 1)]

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        value = self.get(name, [], all_of(str), word("文字的列表"))
        return list(value)

    def close(self) -> None:
        """Everything not asked for is unknown."""
        for name in self.table:
            if name not in self.asked:
                near = get_close_matches(name, self.asked, 1)
                problem = phrase("不认识的设置“{key}”", key=self.key(name))
                if near:
                    problem = phrase("不认识的设置“{key}”，是否想写“{near}”", key=self.key(name), near=near[0])
                self.problems.append(Problem(self.key(name), problem, unknown=True))


UNSEEN = "T031"
"""The code of a problem that keeps nobody from reading on."""

REQUIRED: Any = object()


def all_of(kind: type) -> Callable[[Any], bool]:
    """Whether a value is a list of such things."""
    return lambda value: isinstance(value, list) and all(isinstance(item, kind) for item in value)


def is_number(value: object) -> bool:
    """An integer or decimal of TOML that is a finite number of sane size."""
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) < 10**15
    return isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 15


def source(path: Path) -> str:
    """The text of a TOML file, as far as it can be read."""
    try:
        return read_file(path, MAX_BYTES).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def line_of(text: str, key: str) -> int:
    """The line on which a key, or the nearest table around it, stands in a TOML text; 1 where there is neither.

    An index (`versions[2].effective`) picks among equal names. A rule profile's keys are known without the
    version they stand in, so the end of the name decides.
    """
    index = INDEX.search(key)
    name = INDEX.sub("", key)
    while name:
        lines = [number for number, full in names_in(text) if f".{full}".endswith(f".{name}")]
        if lines:
            return lines[min(int(index[1]), len(lines)) - 1 if index else 0]
        name = name.rpartition(".")[0]
    return 1


def names_in(text: str) -> list[tuple[int, str]]:
    """Every table and key of a TOML text under its full name, with its line."""
    table, names = "", []
    for number, line in enumerate(text.splitlines(), 1):
        if head := HEAD.match(line):
            table = plain(head[1])
            names.append((number, table))
        elif pair := PAIR.match(line):
            names.append((number, f"{table}.{plain(pair[1])}".lstrip(".")))
    return names


def plain(name: str) -> str:
    """A dotted name without quotes and blanks."""
    return re.sub(r"[\s\"']", "", name)


def parse_toml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The tables of a TOML file with exact decimals; a file that cannot be read gives one problem.

    Characters nobody sees are left out; each line with one is a problem with a code.
    """
    try:
        text = revealed(read_file(path, MAX_BYTES).decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [Problem("", phrase("不是 UTF-8 编码，请另存为 UTF-8"))]
    except RefusedFileError as refusal:
        return {}, [Problem("", refusal.args[0])]
    except OSError:
        return {}, [Problem("", phrase("文件不存在或打不开"))]
    try:
        return tomllib.loads(without_hidden(text).replace("\r\n", "\n"), parse_float=Decimal), [*hidden_lines(text)]
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return {}, [syntax_problem(str(error), text)]


_ESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9A-Fa-f]{4})|U000([0-9A-Fa-f]{5}))")


def revealed(text: str) -> str:
    """A TOML text in which an escape stands as the character it means, where nobody would see that one."""

    def meant(match: re.Match[str]) -> str:
        char = chr(int(match[2] or match[3], 16))
        return f"{match[1]}{char}" if hidden(char) else match.group()

    return _ESCAPED.sub(meant, text) if "\\" in text else text


def unseen_in(path: Path) -> list[Problem]:
    """The lines of a file with characters nobody sees."""
    return [problem for problem in parse_toml(path)[1] if problem.code]


def hidden_lines(text: str) -> Iterator[Problem]:
    """The lines of a TOML file with characters nobody sees."""
    for number, line in enumerate(text.splitlines(), 1) if hidden(text) else ():
        if match := turning(line) or hidden(line):
            remark = hidden_in(line, line.strip()[:40])
            yield Problem("", remark.said, line=number, column=match.start() + 1, code=remark.code)


WIDE = "“”‘’＂＇＝：；，【】［］＃"
"""Signs that a Chinese keyboard writes where TOML wants those of ASCII."""
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#.*")
SLIPS = (
    ("Expected '='", word("名称后面缺等号（=）")),
    ("Invalid value", word("值要写在英文双引号里（数字、true、false 除外）")),
    ("Illegal character", word("引号没有成对")),
    ("Unterminated string", word("引号没有成对")),
    ("Unescaped", word("引号里的反斜杠（\\）改为斜杠（/）")),
    ("Invalid hex", word("引号里的反斜杠（\\）改为斜杠（/）")),
    ("Expected newline", word("值后面还有别的字；说明写在 # 后面")),
    ("Invalid statement", word("不是“名称 = 值”；说明写在 # 后面")),
    ("Invalid initial character", word("不是“名称 = 值”；说明写在 # 后面")),
    ("Cannot overwrite", word("同一项写了两次")),
    ("twice", word("同一项写了两次")),
)
"""What the parser says, in words for people: by how it begins, or what it holds."""


def syntax_problem(error: str, text: str) -> Problem:
    """What is wrong with a TOML text, by what its parser says."""
    at = AT.search(error)
    line, column = (int(at[1]), int(at[2])) if at else (0, 1)
    written = text.splitlines()[line - 1 : line] if line else []
    wide = "".join(dict.fromkeys(sign for part in written for sign in _QUOTED.sub("", part) if sign in WIDE))
    slip = next((words for begins, words in SLIPS if begins in error), AT.sub("", error))
    problem = phrase("有全角的“{signs}”，改为英文的", signs=wide) if wide else slip
    return Problem("", phrase("TOML 语法有误：{error:_}", error=problem), line=line, column=column)
