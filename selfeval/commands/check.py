"""`selfeval check`."""

from __future__ import annotations

from typing import Annotated

import typer

from selfeval.commands.opening import Folders, Strict, evaluate_all, finish
from selfeval.commands.terminal import Stop, data, findings_in_language, out


def check(
    evaluations: Folders = None,
    output_format: Annotated[
        str, typer.Option("--output-format", metavar="格式", help="text、json、github 或 sarif。")
    ] = "text",
    select: Annotated[
        str, typer.Option("--select", metavar="代码", help="只看这些代码（可只写开头），用逗号分隔。")
    ] = "",
    ignore: Annotated[str, typer.Option("--ignore", metavar="代码", help="不看这些代码，用逗号分隔。")] = "",
    strict: Strict = False,
) -> None:
    """只检查，不生成报告。"""
    from selfeval import listing

    if output_format not in {"text", "json", "github", "sarif"}:
        raise Stop(f"不支持的输出格式“{output_format}”；可用的有：text、json、github、sarif")
    chosen, left_out = code_list(select), code_list(ignore)
    opened = evaluate_all(evaluations)
    diagnostics = [
        d
        for one in opened
        for d in one.diagnostics
        if (not chosen or d.code.startswith(chosen)) and not (left_out and d.code.startswith(left_out))
    ]
    parents = {one.folder.name: one.folder.parent for one in opened}
    shown = findings_in_language(diagnostics)
    if output_format == "text":
        out(listing.as_text(shown, parents))
    elif output_format == "json":
        data(listing.as_json(shown))
    elif output_format == "sarif":
        data(listing.as_sarif(shown, parents))
    elif diagnostics:
        data(listing.as_github(shown, parents))
    finish(opened, diagnostics, strict=strict)


def code_list(text: str) -> tuple[str, ...]:
    """`V,S005` as codes or beginnings of codes; one that fits no code is refused."""
    from selfeval.diagnostics import codes

    names = tuple(name.strip().upper() for name in text.split(",") if name.strip())
    wrong = [name for name in names if not any(code.startswith(name) for code in codes())]
    if wrong:
        raise Stop(f"没有检查代码“{'、'.join(wrong)}”")
    return names
