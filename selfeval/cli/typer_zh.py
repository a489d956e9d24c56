"""Help pages in the language asked for. Typer has no setting for the words around ours, so the page is reworded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperGroup

from selfeval.base.phrases import Phrase, phrase, translated
from selfeval.cli.terminal import LANGUAGE

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer._click.shell_completion import CompletionItem


TIDY = (
    (r" <(?:list\[)?\w+\]?>", ""),
    (r"^(Usage: .*…[\]}]*)\.\.\.", r"\1"),
    (r"^(Usage: .*)\[(\[.*?\]…?)\]", r"\1\2"),
    (r"\{(\S+?)\}", r"\1"),
    (r"(\[default:[^\]]*);\s+x>=\d+\]", r"\1]"),
)
"""What says nothing new in any language: types, marks that our names of arguments have already, the least number."""

WORDS = (
    (r"^Usage: ", "用法："),
    (r"^(用法：.*)\[OPTIONS\]", r"\1[选项]"),
    (r"^(用法：.*)COMMAND \[ARGS\]\.\.\.", r"\1命令 [参数]…"),
    (r"^Arguments:", "参数："),
    (r"^Options:", "选项："),
    (r"^Commands:", "命令："),
    (r"Show this message and exit\.", "显示本页帮助。"),
    (r"\[default:\s+(.*?)\]", r"[默认：\1]"),
    (r"\s*\[required\]", "（必填）"),
)
ROW = re.compile(r"  (?:(\S.*?)  +| {6,})(\S.*)")
"""A line of a list: a name and what it is, or more of what it is."""


def reworded(page: str) -> str:
    """A help page with Typer's own words in our language."""
    for pattern, words in (*TIDY, *(WORDS if LANGUAGE.get() == "zh" else ())):
        page = re.sub(pattern, words, page, flags=re.MULTILINE)
    return aligned(page)


def in_language(text: str) -> str:
    """A text of ours on a help page, in the language asked for."""
    return translated(text, LANGUAGE.get())


def translate(command: TyperCommand | TyperGroup) -> None:
    """Our own words about a command, in the language asked for. Typer makes a command anew for every run."""
    command.help = in_language(command.help or "")
    for param in command.params:
        setattr(param, "help", in_language(getattr(param, "help", None) or "") or None)  # noqa: B010 - not all have one
        param.metavar = name_of_value(param.metavar or "") or None


def name_of_value(metavar: str) -> str:
    """What stands for a value on a help page: in capitals where it is English."""
    name = in_language(metavar)
    return name if name == metavar else name.upper()


def aligned(page: str) -> str:
    """The page with its second columns under each other: Typer counts a Chinese character as one column, not two."""
    lines: list[str] = []
    for in_table, group in groupby(page.splitlines(), lambda line: bool(ROW.fullmatch(line))):
        rows = list(group)
        lines += in_columns(rows) if in_table else rows
    return "\n".join(lines)


def in_columns(rows: list[str]) -> list[str]:
    """Rows of two columns, the second one starting at the same place."""
    from selfeval.base.text_width import display_width as width

    cells = [match.groups("") for row in rows if (match := ROW.fullmatch(row))]
    widest = max(width(name) for name, _ in cells)
    return [f"  {name}{' ' * (widest - width(name) + 2)}{text}" for name, text in cells]


def with_our_words(items: list[CompletionItem]) -> list[CompletionItem]:
    """What fits, Typer's own words about it in our language."""
    for item in items:
        item.help = reworded(item.help or "") or None
    return items


class Command(TyperCommand):
    """A command whose help page is in one language throughout."""

    def get_help(self, ctx: Context) -> str:
        """The help page."""
        translate(self)
        return reworded(super().get_help(ctx))

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """What fits, with what it is."""
        translate(self)
        return with_our_words(super().shell_complete(ctx, incomplete))


class Group(TyperGroup):
    """The program's own help page, the same."""

    def get_help(self, ctx: Context) -> str:
        """The help page."""
        self._translate()
        return reworded(super().get_help(ctx))

    def shell_complete(self, ctx: Context, incomplete: str) -> list[CompletionItem]:
        """What fits, with what it is."""
        self._translate()
        return with_our_words(super().shell_complete(ctx, incomplete))

    def _translate(self) -> None:
        translate(self)
        for command in self.commands.values():
            command.help = in_language(command.help or "")


NO_COMMAND = re.compile(r"No such command '([^']*)'(?:\. Did you mean '([^']*)')?")


WANTED: tuple[tuple[re.Pattern[str], Callable[..., Phrase]], ...] = (
    (re.compile(r"greater than or equal to (\S+)"), lambda least: phrase("应不小于 {least}", least=least)),
    (re.compile(r"less than or equal to (\S+)"), lambda most: phrase("应不大于 {most}", most=most)),
    (re.compile(r"valid integer"), lambda: phrase("应为整数")),
    (re.compile(r"valid number"), lambda: phrase("应为数字")),
)
"""What a value should have been, by Typer's words for it."""


def in_chinese(error: Exception) -> str | Phrase | None:
    """A usage error as one line (empty where help was shown); None for any other error."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "NoArgsIsHelpError" in kinds:
        print(error)  # noqa: T201 - the help itself
        return ""
    if "UsageError" not in kinds:
        return None
    path = getattr(getattr(error, "ctx", None), "command_path", "selfeval")
    return phrase("{said}。用法见 {command} --help", said=sentence(error, kinds), command=path)


def sentence(error: Exception, kinds: set[str]) -> Phrase:
    """What is wrong, by the error's class."""
    message = str(getattr(error, "message", error))
    if "NoSuchOption" in kinds:
        return no_option(getattr(error, "option_name", ""), getattr(error, "possibilities", None) or ())
    if "MissingParameter" in kinds:
        return phrase("缺少参数 {name}", name=hint_of(error))
    if "BadParameter" in kinds:
        return phrase("参数 {name} 的值不对（{wanted}）", name=hint_of(error), wanted=wanted(message))
    if "BadOptionUsage" in kinds:
        return phrase("选项“{name}”需要一个值", name=getattr(error, "option_name", ""))
    match = NO_COMMAND.search(message)
    return no_command(match[1], match[2]) if match else phrase("用法有误（{message}）", message=message)


def no_option(name: str, near: Iterable[str]) -> Phrase:
    """An option that is none, and what may have been meant."""
    if near:
        return phrase("没有选项“{name}”，是否想写 {near}", name=name, near=tuple(near))
    return phrase("没有选项“{name}”", name=name)


def no_command(name: str, near: str | None) -> Phrase:
    """A command that is none, and what may have been meant."""
    if near:
        return phrase("没有命令“{name}”，是否想写 {near}", name=name, near=near)
    return phrase("没有命令“{name}”", name=name)


def wanted(message: str) -> str | Phrase:
    """What a value should have been; Typer's own words where there are none of ours."""
    matches = ((pattern.search(message), say) for pattern, say in WANTED)
    return next((say(*match.groups()) for match, say in matches if match), message)


def hint_of(error: Exception) -> str:
    """The parameter a mistake is about, by its name on the help page."""
    param = getattr(error, "param", None)
    is_option = getattr(param, "param_type_name", "") == "option"
    names = [*getattr(param, "opts", ())] if is_option else [name_of_value(getattr(param, "metavar", None) or "")]
    names = [name for name in names if name]
    return "“" + (names[0] if names else str(getattr(error, "param_hint", ""))) + "”"
