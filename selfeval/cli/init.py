"""`selfeval init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from selfeval.base.phrases import phrase, word
from selfeval.cli.evaluations import meant
from selfeval.cli.terminal import Stop, out

NEXT = word("照 {guide} 填写；先运行 selfeval build {folder} 看看示例")
NEXT_REVIEW = word("请复核人填写 {sheet} 右边四栏；填好后由单位放进评价文件夹，再运行 selfeval build")


def init(
    folder: Annotated[Path, typer.Argument(metavar="文件夹", help="新评价的文件夹；--review 时为放复核表的文件夹。")],
    review: Annotated[
        list[Path] | None,
        typer.Option(
            "--review",
            metavar="评价|PDF",
            help="不建评价，为复核人生成复核表 review.csv；可写评价文件夹、scorecard.json 或 report.pdf，可重复。",
        ),
    ] = None,
) -> None:
    """新建一个可以填写的评价（内有示例），或为复核人生成复核表。"""
    from selfeval.audit import open_submission
    from selfeval.audit.review_sheet import SHEET, start_review
    from selfeval.audit.submissions import NotASubmissionError
    from selfeval.base.files import RefusedError
    from selfeval.cli.new_evaluation import start

    try:
        started = start_review(folder, [open_submission(meant(path)) for path in review]) if review else start(folder)
    except (RefusedError, NotASubmissionError) as error:
        raise Stop(str(error)) from error
    for path in started:
        out(str(path))
    if review:
        out(phrase(NEXT_REVIEW, sheet=str(folder / SHEET)))
    else:
        out(phrase(NEXT, guide=str(folder / "填写说明.md"), folder=str(folder)))
