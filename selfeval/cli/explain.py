"""`selfeval explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.completion import profiles
from selfeval.cli.evaluations import current, meant, opened_result, refuse_unknown_project
from selfeval.cli.terminal import Stop, out


def explain(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="[评价文件夹|代码]", help="评价文件夹（在其中运行可以不写），或一个检查代码（如 V001）。"
        ),
    ] = "",
    project: Annotated[str, typer.Option("--project", metavar="项目编号", help="只看这个项目。")] = "",
    indicator: Annotated[
        str, typer.Option("--indicator", metavar="文字", help="只看编号或名称含有这些字的指标。")
    ] = "",
    profile: Annotated[
        str,
        typer.Option(
            "--profile", metavar="规则", help="同样的事实换一套规则会得多少分，逐行对照。", autocompletion=profiles
        ),
    ] = "",
) -> None:
    """逐步说明每一分是怎么来的，或解释一个检查代码。"""
    from selfeval.base.diagnostics import codes
    from selfeval.report.text.explain import Wanted, code_lines, compared, explained

    if subject.upper() in codes():
        for line in code_lines(subject.upper()):
            out(line)
        return
    wanted = Wanted(project, indicator)
    folder = meant(Path(subject)) if subject else current()
    if folder is None:
        raise Stop(phrase("请写明评价文件夹，或一个检查代码（如 V001）"))
    result = opened_result(folder, "")
    refuse_unknown_profile(folder, profile)
    refuse_unknown_project(result, project)
    lines = compared(result, opened_result(folder, profile), wanted) if profile else explained(result, wanted)
    if not lines:
        raise Stop(phrase("没有编号或名称含“{text}”的指标", text=indicator))
    for line in lines if lines[-1] else lines[:-1]:
        out(line)


def refuse_unknown_profile(folder: Path, profile: str) -> None:
    """`--profile` names a shipped rule profile or one of the evaluation's own."""
    from selfeval.rules import shipped_profiles
    from selfeval.rules.load import own_profiles

    known = sorted({p.id for p in (*own_profiles(folder), *shipped_profiles())})
    if profile and profile not in known:
        raise Stop(phrase("没有“{rules}”这套规则；可用的有：{known}", rules=profile, known=tuple(known)))
