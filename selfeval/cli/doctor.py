"""`selfeval doctor`."""

from __future__ import annotations

import typer

from selfeval.cli.terminal import MACHINE, out


def doctor() -> None:
    """检查本机缺少什么，并给出补救的命令。"""
    from selfeval.cli.doctor_report import examine

    findings = examine()
    for one in findings:
        out(f"{'正常' if one.ok else '缺少'}  {one.name}：{one.detail}")
        if not one.ok and one.remedy:
            out(f"      → {one.remedy}")
    if any(one.fatal and not one.ok for one in findings):
        raise typer.Exit(MACHINE)
