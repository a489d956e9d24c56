"""`selfeval import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.evaluations import current, meant
from selfeval.cli.terminal import FINDINGS, LANGUAGE, USAGE, Stop, out, say


def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="来源…", help="批复的目标表（txt、md、xlsx、xls、ods、docx、pdf）或其所在文件夹。"),
    ],
    into: Annotated[
        Path | None, typer.Option("--into", metavar="评价文件夹", help="写到哪个评价；在评价文件夹里运行可以不写。")
    ] = None,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="四张表写成一个填报表.xlsx，供人填写。")] = False,
) -> None:
    """从批复的目标表生成可以填写的评价；人填过的内容不会改动。"""
    from selfeval.importing import import_forms

    folder = meant(into) if into else current()
    if folder is None:
        raise Stop(phrase("请用 --into 写明写到哪个评价"))
    outcome = import_forms(sources, folder, xlsx=xlsx, language=LANGUAGE.get())
    for problem in outcome.problems:
        say(problem)
    for line in outcome.lines():
        out(line)
    if outcome.nothing:
        raise typer.Exit(USAGE)
    if outcome.problems or outcome.doubtful:
        raise typer.Exit(FINDINGS)
