"""The evaluations a command is asked about: opened, or said why not; and the exit code they come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.cli.terminal import FINDINGS, USAGE, Stop, findings_in_language, say

if TYPE_CHECKING:
    from selfeval.base.diagnostics import Diagnostic
    from selfeval.evaluation import Result
    from selfeval.evaluation.parts import Opened
    from selfeval.evaluation.pipeline import Evaluated, Examined


INPUTS = Path("inputs")
Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[评价文件夹]…", help="评价文件夹；不写则为 inputs/ 下的全部评价。")
]
Strict = Annotated[bool, typer.Option("--strict", help="有警告也按未通过处理（退出码 1）。")]


def evaluate_all(folders: Sequence[Path] | None) -> list[Evaluated]:
    """Every evaluation asked for, taken through the whole line."""
    from selfeval.evaluation.pipeline import Evaluated, evaluate

    return [
        evaluate(folder) if is_one else Evaluated(folder.absolute(), None, ())
        for folder, is_one in chosen_folders(folders)
    ]


def chosen_folders(folders: Sequence[Path] | None) -> list[tuple[Path, bool]]:
    """The folders asked for and whether each is an evaluation; what is none is said, and none at all refused."""
    from selfeval.evaluation.pipeline import evaluations_in, is_evaluation

    chosen = list(folders or evaluations_in(INPUTS))
    if not chosen:
        raise Stop("inputs/ 下没有评价；请写明评价文件夹（其中应有 selfeval.toml）")
    missing = [folder for folder in chosen if not is_evaluation(folder)]
    for folder in missing:
        what = "没有 selfeval.toml，不是评价文件夹" if folder.is_dir() else "不存在或不是文件夹"
        say(f"{folder}：{what}")
    if len(missing) == len(chosen):
        raise Stop("没有可以打开的评价")
    names = [folder.absolute().name for folder in chosen]
    if len({name.casefold() for name in names}) < len(names):
        raise Stop("有评价文件夹同名，输出会互相覆盖；请分次运行")
    return [(folder, folder not in missing) for folder in chosen]


def report_findings(opened: Sequence[Evaluated | Opened], diagnostics: Sequence[Diagnostic]) -> None:
    """What a build found, to stderr: how often each code, the worst three in full, and where the rest is."""
    from selfeval.report.text.findings import by_code, tally, text_block, worst

    parents = {one.folder.name: one.folder.parent for one in opened}
    gravest = findings_in_language(worst(diagnostics))
    for d in gravest:
        say(text_block(d, parents))
    for line in by_code(diagnostics):
        say(line)
    say(tally(diagnostics) + ("；逐条见 selfeval check" if gravest else ""))


def finish(opened: Sequence[Evaluated | Examined | Opened], diagnostics: Sequence[Diagnostic], *, strict: bool) -> None:
    """The exit code: 2 where nothing could be opened, 1 with findings that count."""
    from selfeval.base.diagnostics import Severity

    if not any(one.is_open for one in opened):
        raise typer.Exit(USAGE)
    graves = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    unopened = not all(one.is_open for one in opened)
    if unopened or any(d.severity in graves for d in diagnostics):
        raise typer.Exit(FINDINGS)


def opened_result(folder: Path, profile: str) -> Result:
    """One evaluation that must open; what forbids it is shown."""
    from selfeval.evaluation.pipeline import evaluate, is_evaluation
    from selfeval.report.text.findings import text_block

    if not is_evaluation(folder):
        raise Stop(f"“{folder}”既不是评价文件夹，也不是检查代码")
    one = evaluate(folder, profile)
    if one.result is None:
        for d in one.diagnostics:
            say(text_block(d, {one.folder.name: one.folder.parent}))
        raise Stop("评价打不开")
    return one.result


def refuse_unknown_project(result: Result, id_: str) -> None:
    """`--project` names a project of the evaluation."""
    known = [card.project.id for card in result.cards]
    if id_ and id_ not in known:
        raise Stop(f"没有项目“{id_}”；有：{'、'.join(known)}")
