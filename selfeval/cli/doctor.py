"""`selfeval doctor`."""

from __future__ import annotations

import typer

from selfeval.base.phrases import joined, phrase
from selfeval.cli.terminal import MACHINE, out
from selfeval.report.pdf.requirements import Need


def doctor() -> None:
    """检查本机缺少什么，并给出补救的命令。"""
    from selfeval.cli.doctor_report import examine

    findings = examine()
    for one in findings:
        out(_line(one))
        if advice := one.hint if one.ok else one.remedy:
            out(joined(("      → ", advice)))
    if any(one.fatal and not one.ok for one in findings):
        raise typer.Exit(MACHINE)


def _line(one: Need) -> str:
    """What is said of one thing."""
    if not one.ok:
        return phrase("缺少  {name}：{detail}", name=one.name, detail=one.detail)
    if one.hint:
        return phrase("提示  {name}：{detail}", name=one.name, detail=one.detail)
    return phrase("正常  {name}：{detail}", name=one.name, detail=one.detail)
