"""`selfeval pack`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.phrases import joined, phrase
from selfeval.cli.evaluations import Folders, evaluate_all, out_folder, processes
from selfeval.cli.terminal import FINDINGS, USAGE, out, progress, remark, say

if TYPE_CHECKING:
    from selfeval.evaluation import Result


def pack(
    evaluations: Folders = None,
    out_dir: Annotated[
        Path | None,
        typer.Option("--out", metavar="文件夹", help="build 的输出在哪里；zip 也写在这里（<文件夹>/<评价>.zip）。"),
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="未定稿、征求意见稿也打包。")] = False,
) -> None:
    """把要报送的材料打成一个 zip：报告、汇总表、佐证材料、目录和 SHA-256 清单。"""
    from selfeval.audit.pack import NotPackedError, refuse_unfinished
    from selfeval.audit.pack import pack as pack_one

    opened, home = evaluate_all(evaluations), out_folder(out_dir)
    results = [one.result for one in opened if one.result]
    failed = len(results) < len(opened)
    for result in results:
        try:
            if not draft:
                refuse_unfinished(result)
            build_first(result, home)
            packed = pack_one(result, home, draft=draft)
        except NotPackedError as refusal:
            failed = True
            say(phrase("{evaluation}：没有打包", evaluation=result.evaluation.id))
            for reason in refusal.reasons:
                say(joined(("  ", reason)))
            say(joined(("  → ", refusal.remedy)))
        else:
            out(str(packed.path))
            remark(
                phrase(
                    "  {files} 个文件，清单指纹 {fingerprint}；可用 selfeval verify {path} 核对",
                    files=packed.files,
                    fingerprint=packed.fingerprint,
                    path=str(packed.path),
                )
            )
    if not results:
        raise typer.Exit(USAGE)
    if failed:
        raise typer.Exit(FINDINGS)


def build_first(result: Result, out_dir: Path) -> None:
    """Builds what was never built; what was built from other inputs is for the user to build and look at again."""
    from selfeval.audit.pack import is_built
    from selfeval.building import Request, build

    if is_built(result, out_dir):
        return
    remark(phrase("{id}：还没有生成报告，先生成", id=result.evaluation.id))
    request = Request(out_dir, ("html", "pdf", "xlsx"), jobs=processes(0))
    with progress() as watch:
        build(result, request, watch)
