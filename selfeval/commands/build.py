"""`selfeval build`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.commands.opening import Folders, Strict, evaluate_all, finish, report_findings
from selfeval.commands.terminal import Stop, out, progress

if TYPE_CHECKING:
    from selfeval.pipeline import Evaluated


def build(
    evaluations: Folders = None,
    out_dir: Annotated[Path, typer.Option("--out", metavar="文件夹", help="输出到哪里。")] = Path("out"),
    formats: Annotated[
        str, typer.Option("--format", metavar="格式", help="生成的格式，用逗号分隔：html、pdf、xlsx、docx。")
    ] = "html,pdf",
    project: Annotated[
        list[str] | None,
        typer.Option("--project", metavar="项目编号", help="只生成该项目的报告，可重复；汇总不受影响。"),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=0, metavar="个数", help="并行的进程数，0 为全部处理器。")] = 0,
    draft: Annotated[bool, typer.Option("--draft", help="每页标明“征求意见稿”。")] = False,
    public: Annotated[bool, typer.Option("--public", help="公开版：PDF 不带附件，电话号码遮去。")] = False,
    strict: Strict = False,
) -> None:
    """计分并生成报告。"""
    from selfeval.build import Request, page_count
    from selfeval.build import build as build_one

    opened = evaluate_all(evaluations)
    workers = jobs or os.cpu_count() or 1
    request = Request(out_dir, formats_of(formats), frozenset(project or ()), workers, public, draft)
    refuse_unknown_projects(opened, request.projects)
    results = [one.result for one in opened if one.result]
    with progress(sum(page_count(result, request) for result in results)) as step:
        built = [build_one(result, request, step) for result in results]
    diagnostics = [d for one in opened for d in one.diagnostics] + [d for one in built for d in one.diagnostics]
    report_findings(opened, diagnostics)
    for one in built:
        out(str(one.folder / "index.html"))
    finish(opened, diagnostics, strict=strict)


def formats_of(text: str) -> tuple[str, ...]:
    """`--format html,pdf` as a list; anything else is refused."""
    from selfeval.build import FORMATS

    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in FORMATS]
    if wrong or not names:
        raise Stop(f"不支持的格式“{'、'.join(wrong) or text}”；可用的有：{'、'.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in names)


def refuse_unknown_projects(opened: Sequence[Evaluated], wanted: Iterable[str]) -> None:
    """`--project` names a project of at least one of the evaluations."""
    known = {card.project.id for one in opened if one.result for card in one.result.scorecards}
    missing = sorted(set(wanted) - known)
    if missing and known:
        raise Stop(f"没有项目“{'、'.join(missing)}”；有：{'、'.join(sorted(known))}")
