"""`selfeval doctor`."""

from __future__ import annotations

import typer

from selfeval.base.phrases import joined, phrase
from selfeval.cli.terminal import MACHINE, out


def doctor() -> None:
    """检查本机缺少什么，并给出补救的命令。"""
    from selfeval.cli.doctor_report import examine

    findings = examine()
    for one in findings:
        out(phrase("正常  {name}：{detail}" if one.ok else "缺少  {name}：{detail}", name=one.name, detail=one.detail))
        if not one.ok and one.remedy:
            out(joined(("      → ", one.remedy)))
    if any(one.fatal and not one.ok for one in findings):
        raise typer.Exit(MACHINE)
