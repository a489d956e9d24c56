"""`selfeval rules`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.cli.completion import profiles
from selfeval.cli.terminal import Stop, out


def rules(
    profile: Annotated[
        str, typer.Argument(metavar="[规则]", help="规则编号；不写则列出全部。", autocompletion=profiles)
    ] = "",
    year: Annotated[int, typer.Option("--year", metavar="年度", help="按哪个年度的版本显示。")] = 2100,
) -> None:
    """列出规则集，或显示一套规则及其出处；在评价文件夹里，也看得到单位自己的。"""
    from selfeval.report.text.rules import rule_lines
    from selfeval.rules import load_rules, own_profiles, shipped_profiles

    own = own_profiles(Path.cwd())
    if not profile:
        for one in (*shipped_profiles(), *own):
            out(f"{one.id:<14} {one.title}")
        return
    loaded, refusals = load_rules(profile, year, own)
    if loaded is None:
        raise Stop(refusals[0].problem.message)
    versions = next(p.days for p in (*shipped_profiles(), *own) if p.id == loaded.id)
    for line in rule_lines(loaded, versions):
        out(line)
