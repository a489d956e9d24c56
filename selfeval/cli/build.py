"""`selfeval build`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.files import is_file
from selfeval.base.memo import settle
from selfeval.base.phrases import joined, phrase
from selfeval.cli.completion import one_of
from selfeval.cli.evaluations import (
    Folders,
    Jobs,
    Out,
    Strict,
    chosen_folders,
    finish,
    no_project,
    out_folder,
    processes,
    report_findings,
)
from selfeval.cli.terminal import Stop, in_language, out, progress

if TYPE_CHECKING:
    from selfeval.audit.signatures import Signer
    from selfeval.building import Request
    from selfeval.evaluation.parts import Opened


PASSWORD = "SELFEVAL_SIGN_PASSWORD"  # noqa: S105 - the name of it


def build(
    evaluations: Folders = None,
    out_dir: Out = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="格式",
            help="生成的格式，用逗号分隔：html、pdf、xlsx、docx。",
            autocompletion=one_of("html", "pdf", "xlsx", "docx"),
        ),
    ] = "html,pdf",
    project: Annotated[
        list[str] | None,
        typer.Option("--project", metavar="项目编号", help="只生成该项目的报告，可重复；汇总不受影响。"),
    ] = None,
    jobs: Jobs = 0,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0, metavar="秒", help="一份报告最多用多少秒，超过的报错，其余照常。")
    ] = 0,
    cluster: Annotated[
        str, typer.Option("--cluster", metavar="地址", help="交给已有的 Dask 集群生成，如 tcp://10.0.0.1:8786。")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="全部重新生成，不管有没有变化。")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="每页标明“征求意见稿”。")] = False,
    public: Annotated[bool, typer.Option("--public", help="公开版：PDF 不带附件，电话号码遮去。")] = False,
    book: Annotated[
        bool, typer.Option("--book", help="另把汇总表和全部报告合成一本 book.pdf，统一编目录和页码。")
    ] = False,
    sign: Annotated[
        Path | None,
        typer.Option(
            "--sign",
            metavar="P12",
            help="用这个证书文件（PKCS#12）给每份 PDF 签名；口令在终端输入，或写在环境变量 SELFEVAL_SIGN_PASSWORD 里。",
        ),
    ] = None,
    pdf_engine: Annotated[
        str | None,
        typer.Option(
            "--pdf-engine",
            metavar="程序",
            help="用什么排版 PDF：weasyprint 或 typst；不写时，装有 Pango 的机器用 weasyprint，否则用 typst。",
        ),
    ] = None,
    strict: Strict = False,
) -> None:
    """计分并生成报告；没有变化的不重做。"""
    from selfeval.building import Request
    from selfeval.building import build as build_one
    from selfeval.building.cluster import ClusterError
    from selfeval.evaluation.parts import Opened

    engine = engine_named(pdf_engine)
    request = Request(
        out=out_folder(out_dir),
        formats=formats_of(formats),
        projects=frozenset(project or ()),
        jobs=processes(jobs),
        public=public,
        draft=draft,
        pdf_engine=engine,
        timeout=timeout or None,
        cluster=cluster,
        force=force,
        book=book,
    )
    if sign:
        request = replace(request, signer=signer_of(sign, request))
    sums: dict[Path, str] = {}
    opened = [
        open_one(folder, request, sums) if is_one else Opened(folder.absolute(), None, ())
        for folder, is_one in chosen_folders(evaluations)
    ]
    refuse_unknown_projects(opened, request.projects)
    settle()  # what was loaded stands to the end: it is not looked through after every few pages
    try:
        with progress() as watch:
            built = {
                one.folder: build_one(one.source, request, watch, sums[one.folder]) for one in opened if one.source
            }
    except ClusterError as error:
        raise Stop(str(error)) from error
    diagnostics = [d for one in opened for d in (built[one.folder].of_inputs if one.source else one.diagnostics)]
    diagnostics += [d for one in built.values() for d in one.diagnostics]
    report_findings(opened, diagnostics)
    pages = [request.folder(one.folder.name) / "index.html" for one in opened if one.is_open]
    for page in filter(Path.exists, pages):
        out(str(page))
    finish(opened, diagnostics, strict=strict)


def engine_named(name: str | None) -> str:
    """The PDF engine asked for, or the usual one of this machine; another name ends the program."""
    from selfeval.report.engines import ENGINES, usual_engine

    if name is not None and name not in ENGINES:
        raise Stop(phrase("不支持的 PDF 引擎“{name}”；可用的有：{known}", name=name, known=tuple(ENGINES)))
    return name or usual_engine()


def open_one(folder: Path, request: Request, sums: dict[Path, str]) -> Opened:
    """An evaluation to build, or one whose outputs all stand; the sum of its inputs is noted for the build."""
    from selfeval.building.run import inputs_of, unchanged
    from selfeval.evaluation import open_source
    from selfeval.evaluation.parts import Opened

    folder = folder.absolute()
    sums[folder] = inputs_of(folder, request)
    findings = unchanged(folder, request, sums[folder])
    return open_source(folder) if findings is None else Opened(folder, None, findings, stands=True)


def signer_of(path: Path, request: Request) -> Signer:
    """`--sign`: the certificate, opened with the password; the password never stands on the command line."""
    from selfeval.audit.signatures import REMEDY, SigningError, available, open_key

    if not (request.book or "pdf" in request.formats) or request.draft:
        raise Stop(phrase("--sign 只用于正式的 PDF：--format 里要有 pdf，并且不能同时用 --draft"))
    if not available():
        raise Stop(phrase("签名需要另装一个组件：{remedy}", remedy=REMEDY))
    try:
        return open_key(path, password_for(path))
    except SigningError as error:
        raise Stop(str(error)) from error


def password_for(path: Path) -> str:
    """From the environment, else asked for on the terminal without showing it."""
    from getpass import getpass

    if (known := os.environ.get(PASSWORD)) is not None:
        return known
    if not is_file(path):
        raise Stop(phrase("没有证书文件 {path}", path=str(path)))
    if not sys.stdin.isatty():
        raise Stop(phrase("不知道证书的口令：请在终端里运行，或写在环境变量 {variable} 里", variable=PASSWORD))
    return getpass(in_language(phrase("证书 {name} 的口令（输入时不显示）：", name=path.name)))


def formats_of(text: str) -> tuple[str, ...]:
    """`--format html,pdf` as a list; anything else is refused."""
    from selfeval.building.request import FORMATS

    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    wrong = [name for name in names if name not in FORMATS]
    if wrong or not names:
        raise Stop(phrase("不支持的格式“{names}”；可用的有：{known}", names=tuple(wrong) or text, known=tuple(FORMATS)))
    return tuple(name for name in FORMATS if name in names)


def refuse_unknown_projects(opened: Sequence[Opened], wanted: Iterable[str]) -> None:
    """`--project` names a project of at least one of the evaluations."""
    known = {id_ for one in opened if one.source for id_ in one.source.ids}
    missing = sorted(set(wanted) - known)
    if missing and known:
        raise Stop(joined((no_project(id_, known) for id_ in missing), "；"))
