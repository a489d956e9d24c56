"""Mistakes on the command line, told in Chinese. Typer says them in English and keeps their classes private."""

from __future__ import annotations

import re

NO_COMMAND = re.compile(r"No such command '([^']*)'(?:\. Did you mean '([^']*)')?")


WANTED = (
    (re.compile(r"greater than or equal to (\S+)"), "应不小于 {}"),
    (re.compile(r"less than or equal to (\S+)"), "应不大于 {}"),
    (re.compile(r"valid integer"), "应为整数"),
    (re.compile(r"valid number"), "应为数字"),
)
"""What a value should have been, by Typer's words for it."""


def in_chinese(error: Exception) -> str | None:
    """A usage error as one line (empty where help was shown); None for any other error."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "NoArgsIsHelpError" in kinds:
        print(error)  # noqa: T201 - the help itself
        return ""
    if "UsageError" not in kinds:
        return None
    return f"{sentence(error, kinds)}。用法见 selfeval --help"


def sentence(error: Exception, kinds: set[str]) -> str:
    """What is wrong, by the error's class."""
    message = str(getattr(error, "message", error))
    if "NoSuchOption" in kinds:
        near = "、".join(getattr(error, "possibilities", None) or ())
        return f"没有选项“{getattr(error, 'option_name', '')}”" + (f"，是否想写 {near}" if near else "")
    if "MissingParameter" in kinds:
        return f"缺少参数 {hint_of(error)}"
    if "BadParameter" in kinds:
        return f"参数 {hint_of(error)} 的值不对（{wanted(message)}）"
    if "BadOptionUsage" in kinds:
        return f"选项“{getattr(error, 'option_name', '')}”需要一个值"
    if match := NO_COMMAND.search(message):
        return f"没有命令“{match[1]}”" + (f"，是否想写 {match[2]}" if match[2] else "")
    return f"用法有误（{message}）"


def wanted(message: str) -> str:
    """What a value should have been; Typer's own words where there are none of ours."""
    found = ((pattern.search(message), words) for pattern, words in WANTED)
    return next((words.format(*match.groups()) for match, words in found if match), message)


def hint_of(error: Exception) -> str:
    """The parameter a mistake is about, by its name on the help page."""
    param = getattr(error, "param", None)
    is_option = getattr(param, "param_type_name", "") == "option"
    names = [*getattr(param, "opts", ())] if is_option else [getattr(param, "metavar", None) or ""]
    names = [name for name in names if name]
    return "“" + (names[0] if names else str(getattr(error, "param_hint", ""))) + "”"
