"""`selfeval compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.completion import one_of
from selfeval.cli.evaluations import current, meant
from selfeval.cli.terminal import LANGUAGE, Stop, data

FORMATS = ("text", "json", "html")
WHAT = "评价文件夹、build 的输出文件夹、scorecard.json、report.pdf 或 pack 的 zip。"


def compare(
    old: Annotated[Path, typer.Argument(metavar="旧", help=f"先前的一份：{WHAT}")],
    new: Annotated[
        Path | None,
        typer.Argument(metavar="[新]", help="后来的一份，同上，形式可以不同；不写则为所在的评价。"),
    ] = None,
    output_format: Annotated[
        str,
        typer.Option(
            "--output-format",
            metavar="格式",
            help="text、json 或 html（一个网页，输出到标准输出）。",
            autocompletion=one_of(*FORMATS),
        ),
    ] = "text",
) -> None:
    """比较两次提交或两个年度：目标、完成值、得分变了什么，为什么。"""
    from selfeval.audit import open_submission
    from selfeval.audit.compare.diff import compare as compared
    from selfeval.audit.submissions import NotASubmissionError

    if output_format not in FORMATS:
        raise Stop(phrase("不支持的输出格式“{name}”；可用的有：{known}", name=output_format, known=FORMATS))
    newer = new or current()
    if newer is None:
        raise Stop(phrase("请写明后来的一份"))
    try:
        comparison = compared(open_submission(meant(old)), open_submission(meant(newer)))
    except NotASubmissionError as error:
        raise Stop(str(error)) from error
    if output_format == "html":
        from selfeval.audit.compare.text import told
        from selfeval.report.html.pages import shipped_page

        data(shipped_page("compare.html", told(comparison), LANGUAGE.get()).rstrip("\n"))
    elif output_format == "json":
        import json

        from selfeval.audit.compare.as_json import comparison_json

        data(json.dumps(comparison_json(comparison, LANGUAGE.get()), ensure_ascii=False, indent=2))
    else:
        from selfeval.audit.compare.text import as_text

        data(as_text(comparison, LANGUAGE.get()))
