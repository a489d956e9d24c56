"""The words around our own in a help page. Typer has no setting for them, so the finished page is reworded."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context

WORDS = (
    (r"^Usage: ", "用法："),
    (r"^(用法：.*)\[OPTIONS\]", r"\1[选项]"),
    (r"^(用法：.*)COMMAND \[ARGS\]\.\.\.", r"\1命令 [参数]…"),
    (r"^(用法：.*…[\]}]*)\.\.\.", r"\1"),
    (r"^(用法：.*)\[(\[.*?\]…?)\]", r"\1\2"),
    (r"^(用法：.*)\{(.*?)\}", r"\1\2"),
    (r"^Arguments:", "参数："),
    (r"^Options:", "选项："),
    (r"^Commands:", "命令："),
    (r"Show this message and exit\.", "显示本页帮助。"),
    (r"\[default: (.*?)(?:; x>=\d+)?\]", r"[默认：\1]"),
    (r"\s*\[required\]", "（必填）"),
    (r" <(?:list\[)?\w+\]?>", ""),
)
ROW = re.compile(r"  (\S.*?)  +(\S.*)")


def in_chinese(page: str) -> str:
    """A help page with Typer's own words in Chinese, and without the types of our arguments, which say nothing new."""
    for pattern, words in WORDS:
        page = re.sub(pattern, words, page, flags=re.MULTILINE)
    return aligned(page)


def aligned(page: str) -> str:
    """The page with its second columns under each other: Typer counts a Chinese character as one column, not two."""
    lines: list[str] = []
    for in_table, group in groupby(page.splitlines(), lambda line: bool(ROW.fullmatch(line))):
        rows = list(group)
        lines += in_columns(rows) if in_table else rows
    return "\n".join(lines)


def in_columns(rows: list[str]) -> list[str]:
    """Rows of two columns, the second one starting at the same place."""
    cells = [match.groups() for row in rows if (match := ROW.fullmatch(row))]
    widest = max(width(name) for name, _ in cells)
    return [f"  {name}{' ' * (widest - width(name) + 2)}{text}" for name, text in cells]


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


class Command(TyperCommand):
    """A command whose help page is Chinese throughout."""

    def get_help(self, ctx: Context) -> str:
        """The help page."""
        return in_chinese(super().get_help(ctx))


class Group(TyperGroup):
    """The program's own help page, the same."""

    def get_help(self, ctx: Context) -> str:
        """The help page."""
        return in_chinese(super().get_help(ctx))
