"""Completion in bash, zsh, fish and PowerShell: commands, options and values, with our own words beside them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from selfeval.base.phrases import phrase
from selfeval.cli.terminal import Stop, data

VARIABLE = "_SELFEVAL_COMPLETE"
"""Set by the shell where it asks what fits; the shell's own name for it stands in the script."""

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def prepare() -> None:
    """Makes Typer's ways of answering a shell known, where one asks."""
    if VARIABLE in os.environ:
        from typer._completion_classes import completion_init

        completion_init()


def show_script(shell: str) -> None:
    """`--show-completion`: what the shell has to read at its start."""
    from typer._completion_shared import get_completion_script

    if shell not in SHELLS:
        raise Stop(phrase("不支持的命令行“{name}”；可用的有：{known}", name=shell, known=tuple(SHELLS)))
    data(get_completion_script(prog_name="selfeval", complete_var=VARIABLE, shell=shell))


def one_of(*names: str) -> Callable[[str], list[str]]:
    """The values of an option that begin as the user began; several separated by commas are completed one by one."""

    def fitting(incomplete: str) -> list[str]:
        before, comma, last = incomplete.rpartition(",")
        return [f"{before}{comma}{name}" for name in names if name.startswith(last)]

    return fitting


def profiles(incomplete: str) -> list[tuple[str, str]]:
    """The ids of the rule profiles that begin so, with their titles."""
    from selfeval.rules import own_profiles, shipped_profiles

    every = (*shipped_profiles(), *own_profiles(Path.cwd()))
    return [(one.id, one.title) for one in every if one.id.startswith(incomplete)]
