"""`selfeval preview`."""

from __future__ import annotations

import sys
import threading
import webbrowser
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.phrases import joined, phrase
from selfeval.cli.evaluations import INPUTS, Folders, chosen_folders, current
from selfeval.cli.terminal import LANGUAGE, Stop, out, remark, say

if TYPE_CHECKING:
    import socket

    from selfeval.preview.state import View


LOOPBACK = "127.0.0.1"


def preview(
    evaluations: Folders = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, metavar="端口", help="不写则从 8000 起找空闲的；0 为任一空闲的。"),
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="同时打开浏览器。")] = False,
    read_only: Annotated[bool, typer.Option("--read-only", help="只能看，网页不能修改文件。")] = False,
    host: Annotated[str, typer.Option("--host", metavar="地址", help="监听的地址；默认只有本机能打开。")] = LOOPBACK,
) -> None:
    """边填边看：在浏览器里预览，保存后自动更新。"""
    from selfeval.evaluation.pipeline import evaluations_in
    from selfeval.preview import Session
    from selfeval.preview.security import is_loopback
    from selfeval.preview.serve import address_of, serve

    chosen = chosen_folders(evaluations)
    named = [folder.absolute() for folder, is_one in chosen if is_one] if evaluations or current() else []
    listener = bound(host, port)
    url = address_of(listener, host)
    out(phrase("预览：{url}　（按 Ctrl-C 结束）", url=url))
    sys.stdout.flush()
    if not is_loopback(host):
        what = phrase("都能打开") if read_only else phrase("都能打开，也能修改完成值")
        say(phrase("注意：监听的是 {host}，同一网络里的人{what}；只给本机用请去掉 --host。", host=host, what=what))
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    # Without names all that is under inputs/, where new ones may come.
    find = partial(evaluations_in, INPUTS) if not named else lambda: named
    session = Session(find, lambda view: remark(line_of(view)), say, read_only, LANGUAGE.get())
    serve(session, listener, host, lambda: named or [INPUTS.absolute()])


def bound(host: str, port: int | None) -> socket.socket:
    """A listening socket; what forbids it is said in one line."""
    from selfeval.base.files import reason_of
    from selfeval.preview.serve import listening

    try:
        return listening(host, port)
    except (OSError, UnicodeError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else error
        what = phrase("{host} 的端口 {port}", host=host, port=port) if port else phrase("地址 {host}", host=host)
        raise Stop(
            phrase("{what} 不能使用（{reason}）；请换一个，或不写 --port 由程序自己找", what=what, reason=str(reason))
        ) from None


def line_of(view: View) -> str:
    """What a change did, in one line for the terminal."""
    from selfeval.base import display
    from selfeval.base.diagnostics import counts
    from selfeval.base.text import visible

    head = visible(f"{view.saved} {view.id}")
    if view.broken:
        d = view.broken[0]
        more = phrase("（共 {count} 处）", count=len(view.broken)) if len(view.broken) > 1 else ""
        place = display.place_text(d, d.file or "", LANGUAGE.get()) if d.line else d.file or ""
        return phrase(
            "{head} 有误{more}：{place} {message} → {hint}",
            head=head,
            more=more,
            place=place,
            message=d.phrase,
            hint=d.remedy(LANGUAGE.get()),
        )
    tally = counts(view.latest.diagnostics)
    moved = joined(
        (
            phrase("{project} {label:_} {old} → {new}", project=m.project, label=m.label, old=m.old, new=m.new)
            for m in view.moves
            if m.anchor == "total"
        ),
        "；",
    )
    what = visible("、".join(view.files))
    line = phrase("错误 {error}，警告 {warning}", error=tally["error"], warning=tally["warning"])
    line = phrase("{said}；{moved}", said=line, moved=moved) if moved else line
    return (
        phrase("{head} 已更新（{what}）：{said}", head=head, what=what, said=line)
        if what
        else phrase("{head} 已更新：{said}", head=head, said=line)
    )
