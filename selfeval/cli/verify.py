"""`selfeval verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.completion import one_of
from selfeval.cli.terminal import FINDINGS, LANGUAGE, USAGE, Stop, data, out

FORMATS = ("text", "json", "html")


def verify(
    pdfs: Annotated[
        list[Path], typer.Argument(metavar="PDF|ZIP…", help="自评报告 report.pdf，或 pack 打的 zip；可写多个。")
    ],
    output_format: Annotated[
        str,
        typer.Option(
            "--output-format",
            metavar="格式",
            help="text、json 或 html（核对单：一个网页，可以打印，输出到标准输出）。",
            autocompletion=one_of(*FORMATS),
        ),
    ] = "text",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="另把报告重新生成一遍，逐字节比较（程序、排版程序、字体须与生成时相同）。")
    ] = False,
) -> None:
    """取出报告中附带的数据重新计分，与附件和页面逐项核对。"""
    from selfeval.audit import verdict_text
    from selfeval.audit import verify as verifying
    from selfeval.audit.pack_reader import is_zip
    from selfeval.audit.verdict import DISAGREES, UNREADABLE
    from selfeval.audit.verify_pack import verify_pack
    from selfeval.base.memo import settle

    if output_format not in FORMATS:
        raise Stop(phrase("不支持的输出格式“{name}”；可用的有：{known}", name=output_format, known=FORMATS))
    one_by_one = verifying.verify
    if rebuild:
        from selfeval.building.rebuild import verify_rebuilding as one_by_one
    verdicts = [one for path in pdfs for one in (verify_pack(path) if is_zip(path) else [one_by_one(path)])]
    settle()  # or what is left of a long report is looked through once more on the way out
    if output_format == "json":
        data(verdict_text.as_json(verdicts, LANGUAGE.get()))
    elif output_format == "html":
        from selfeval.audit.verdict_page import check_sheet

        data(check_sheet(verdicts, LANGUAGE.get()).rstrip("\n"))
    else:
        out(verdict_text.as_text(verdicts, LANGUAGE.get()))
    kinds = {verdict.kind for verdict in verdicts}
    if DISAGREES in kinds:
        raise typer.Exit(FINDINGS)
    if UNREADABLE in kinds:
        raise typer.Exit(USAGE)
