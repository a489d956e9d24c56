"""`selfeval check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.completion import one_of
from selfeval.cli.evaluations import Folders, Jobs, Strict, chosen_folders, finish, processes
from selfeval.cli.terminal import LANGUAGE, QUIET, Stop, data, out

if TYPE_CHECKING:
    from selfeval.base.diagnostics import Diagnostic
    from selfeval.evaluation.pipeline import Examined


FORMATS = ("text", "json", "github", "sarif")


def check(
    evaluations: Folders = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--output-format", metavar="格式", help="text、json、github 或 sarif。", autocompletion=one_of(*FORMATS)
        ),
    ] = "text",
    select: Annotated[
        str, typer.Option("--select", metavar="代码", help="只看这些代码（可只写开头），用逗号分隔。")
    ] = "",
    ignore: Annotated[str, typer.Option("--ignore", metavar="代码", help="不看这些代码，用逗号分隔。")] = "",
    scores: Annotated[
        Path | None,
        typer.Option(
            "--scores",
            metavar="文件夹",
            help="另把逐项得分、项目汇总和按主管部门的汇总（CSV）写到 文件夹/评价/ 下。",
        ),
    ] = None,
    jobs: Jobs = 0,
    strict: Strict = False,
) -> None:
    """只检查，不生成报告。"""
    if output_format not in FORMATS:
        raise Stop(phrase("不支持的输出格式“{name}”；可用的有：{known}", name=output_format, known=FORMATS))
    chosen, left_out = code_list(select), code_list(ignore)
    opened = examine_all(evaluations, processes(jobs), scores)
    diagnostics = [
        d
        for one in opened
        for d in one.diagnostics
        if (not chosen or d.code.startswith(chosen)) and not (left_out and d.code.startswith(left_out))
    ]
    show(diagnostics, output_format, {one.folder.name: one.folder.parent for one in opened})
    finish(opened, diagnostics, strict=strict)


def show(diagnostics: list[Diagnostic], output_format: str, parents: dict[str, Path]) -> None:
    """The findings in one of the formats; `parents`: where each evaluation lies."""
    from selfeval.base.diagnostics import Severity
    from selfeval.report.text import findings as listing

    language = LANGUAGE.get()
    if output_format == "text" and QUIET.get():
        for d in diagnostics:
            if d.severity is not Severity.INFO:
                out(listing.text_block(d, parents, language))
    elif output_format == "text":
        out(listing.as_text(diagnostics, parents, language))
    elif output_format == "json":
        data(listing.as_json(diagnostics, language))
    elif output_format == "sarif":
        data(listing.as_sarif(diagnostics, parents, language))
    elif diagnostics:
        data(listing.as_github(diagnostics, parents, language))


def examine_all(folders: list[Path] | None, jobs: int, scores: Path | None) -> list[Examined]:
    """The findings about every evaluation asked for; large ones are taken in portions."""
    from selfeval.evaluation.pipeline import Examined
    from selfeval.evaluation.stream import examine

    return [
        examine(folder, jobs, scores / folder.absolute().name if scores else None)
        if is_one
        else Examined(folder.absolute(), (), is_open=False)
        for folder, is_one in chosen_folders(folders)
    ]


def code_list(text: str) -> tuple[str, ...]:
    """`V,S005` as codes or beginnings of codes; one that fits no code is refused."""
    from selfeval.base.diagnostics import codes

    names = tuple(name.strip().upper() for name in text.split(",") if name.strip())
    wrong = [name for name in names if not any(code.startswith(name) for code in codes())]
    if wrong:
        raise Stop(phrase("没有检查代码“{names}”", names=tuple(wrong)))
    return names
