"""The evaluations a command is asked about: opened, or said why not; and the exit code they come to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.phrases import Phrase, phrase
from selfeval.cli.terminal import FINDINGS, LANGUAGE, QUIET, USAGE, Stop, say

if TYPE_CHECKING:
    from selfeval.base.diagnostics import Diagnostic
    from selfeval.evaluation import Result
    from selfeval.evaluation.parts import Opened
    from selfeval.evaluation.pipeline import Evaluated, Examined


INPUTS = Path("inputs")
Folders = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[评价文件夹]…", help="评价文件夹；不写则为所在的评价，或 inputs/ 下的全部评价。"),
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="文件夹", help="输出到哪里；不写则为 out，在评价文件夹里运行则为 ../out。"),
]
Jobs = Annotated[int, typer.Option("--jobs", min=0, metavar="个数", help="并行的进程数，0 为全部处理器。")]
Strict = Annotated[bool, typer.Option("--strict", help="有警告也按未通过处理（退出码 1）。")]


def evaluate_all(folders: Sequence[Path] | None) -> list[Evaluated]:
    """Every evaluation asked for, taken through the whole line."""
    from selfeval.evaluation.pipeline import Evaluated, evaluate

    return [
        evaluate(folder) if is_one else Evaluated(folder.absolute(), None, ())
        for folder, is_one in chosen_folders(folders)
    ]


def processes(jobs: int) -> int:
    """How many `--jobs` asks for."""
    return jobs or os.cpu_count() or 1


def current() -> Path | None:
    """The evaluation that the command is run in; none where `inputs/` beside us holds others."""
    from selfeval.evaluation.pipeline import evaluations_in, is_evaluation

    place = Path.cwd()
    if not is_evaluation(place) and evaluations_in(INPUTS):
        return None
    return next((folder for folder in (place, *place.parents) if is_evaluation(folder)), None)


def out_folder(out: Path | None) -> Path:
    """Where the output goes: `out`, and never into the evaluation that the command is run in."""
    home = current()
    return out or (Path("out") if home is None else Path(os.path.relpath(home.parent / "out")))


def meant(path: Path) -> Path:
    """The evaluation that an argument means: a file of one stands for it; whatever else is left as it is."""
    from selfeval.evaluation.pipeline import evaluation_around

    folder = evaluation_around(path) if path.is_file() else None
    plain = Path(os.path.abspath(path)) if ".." in path.parts else path  # noqa: PTH100 - links are not followed
    return plain if folder is None else folder


def wanted(folders: Sequence[Path] | None) -> list[Path]:
    """The folders asked for, each once; without any the one we are in, or all under `inputs/`. None is refused."""
    from selfeval.evaluation.pipeline import evaluations_in

    home = current()
    chosen = list(map(meant, folders or ())) or ([home] if home else evaluations_in(INPUTS))
    if not chosen:
        raise Stop(phrase("inputs/ 下没有评价；请写明评价文件夹（其中应有 selfeval.toml）"))
    return list({folder.absolute(): folder for folder in reversed(chosen)}.values())[::-1]


def chosen_folders(folders: Sequence[Path] | None) -> list[tuple[Path, bool]]:
    """The folders asked for and whether each is an evaluation; what is none is said, and none at all refused."""
    from selfeval.evaluation.pipeline import is_evaluation

    chosen = wanted(folders)
    missing = [folder for folder in chosen if not is_evaluation(folder)]
    for folder in missing:
        say(phrase("{folder}：{what}", folder=str(folder), what=_why_none(folder)))
    if len(missing) == len(chosen):
        raise Stop(phrase("没有可以打开的评价"))
    names = [folder.absolute().name for folder in chosen]
    if len({name.casefold() for name in names}) < len(names):
        raise Stop(phrase("有评价文件夹同名，输出会互相覆盖；请分次运行"))
    return [(folder, folder not in missing) for folder in chosen]


def _why_none(path: Path) -> Phrase:
    """Why a path is no evaluation; a form is offered to `import`."""
    if path.is_dir():
        if mistaken := next((p.name for p in sorted(path.glob("selfeval*.txt"))), ""):
            return phrase(
                "有 {name}，没有 selfeval.toml：请改名为 selfeval.toml（先让系统显示文件扩展名）", name=mistaken
            )
        return phrase("没有 selfeval.toml，不是评价文件夹")
    if path.suffix.lower() in FORMS and path.is_file():
        return phrase("是一个文件，不在评价文件夹里；批复的目标表、填好的自评表请用 selfeval import 导入")
    return phrase("不存在或不是文件夹")


FORMS = frozenset({".xlsx", ".xls", ".ods", ".docx", ".doc", ".pdf", ".csv", ".txt", ".md"})
"""What a form may be called."""


def report_findings(opened: Sequence[Evaluated | Opened], diagnostics: Sequence[Diagnostic]) -> None:
    """What a build found, to stderr: how often each code, the worst three in full, and where the rest is.

    Under `-q` the errors only.
    """
    from selfeval.report.text.findings import by_code, tally, text_block, worst

    if QUIET.get():
        diagnostics = [d for d in diagnostics if d.is_error]
    parents = {one.folder.name: one.folder.parent for one in opened}
    gravest = worst(diagnostics)
    for d in gravest:
        say(text_block(d, parents, LANGUAGE.get()))
    for line in by_code(diagnostics, LANGUAGE.get()):
        say(line)
    if not QUIET.get():
        total = tally(diagnostics)
        say(phrase("{found}；逐条见 selfeval check", found=total) if gravest else total)


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
        raise Stop(phrase("“{folder}”既不是评价文件夹，也不是检查代码", folder=str(folder)))
    evaluated = evaluate(folder, profile)
    if evaluated.result is None:
        for d in evaluated.diagnostics:
            say(text_block(d, {evaluated.folder.name: evaluated.folder.parent}, LANGUAGE.get()))
        raise Stop(phrase("评价打不开"))
    return evaluated.result


def refuse_unknown_project(result: Result, id_: str) -> None:
    """`--project` names a project of the evaluation."""
    known = [card.project.id for card in result.cards]
    if id_ and id_ not in known:
        raise Stop(no_project(id_, known))


NEAR = 3
"""How many projects are named where one is not there."""


def no_project(id_: str, known: Iterable[str]) -> str:
    """That there is no such project, and those whose ids are most like it."""
    ranked = sorted(known, key=lambda one: (-SequenceMatcher(None, one.casefold(), id_.casefold()).ratio(), one))
    return phrase(
        "没有项目“{id}”；共 {count} 个，最接近的：{ranked}", id=id_, count=len(ranked), ranked=tuple(ranked[:NEAR])
    )
