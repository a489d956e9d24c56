"""The command line: the only module that prints and exits. Heavy imports stand inside the commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from selfeval import __version__

if TYPE_CHECKING:
    from selfeval.build import Step
    from selfeval.diagnostics import Diagnostic
    from selfeval.pipeline import Evaluated
    from selfeval.result import Result

OK, FINDINGS, USAGE, MACHINE, INTERRUPTED = 0, 1, 2, 3, 130
INPUTS = Path("inputs")

app = typer.Typer(
    name="selfeval",
    help="年终绩效自评：读取目标、预算和完成值，按规则逐项计分，生成可核对的自评表和自评报告。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Stop(Exception):  # noqa: N818 - not an error: the way a command ends early
    """Ends a command with one line for the user and an exit code."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


def say(text: str) -> None:
    """A line of progress or a remark, to stderr."""
    print(text, file=sys.stderr)  # noqa: T201


def out(text: str) -> None:
    """A result, to stdout."""
    print(text)  # noqa: T201


def show_version(*, wanted: bool) -> None:
    """`--version`."""
    if wanted:
        out(f"selfeval {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="显示版本。", callback=lambda v: show_version(wanted=v), is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示程序内部的调用过程。")] = False,
) -> None:
    """Options before the command."""


Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[评价文件夹]…", help="评价文件夹；不写则为 inputs/ 下的全部评价。")
]
Strict = Annotated[bool, typer.Option("--strict", help="有警告也按未通过处理（退出码 1）。")]


@app.command()
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


@app.command()
def check(
    evaluations: Folders = None,
    output_format: Annotated[
        str, typer.Option("--output-format", metavar="格式", help="text、json、github 或 sarif。")
    ] = "text",
    select: Annotated[
        str, typer.Option("--select", metavar="代码", help="只看这些代码（可只写开头），用逗号分隔。")
    ] = "",
    ignore: Annotated[str, typer.Option("--ignore", metavar="代码", help="不看这些代码，用逗号分隔。")] = "",
    strict: Strict = False,
) -> None:
    """只检查，不生成报告。"""
    from selfeval import listing

    if output_format not in {"text", "json", "github", "sarif"}:
        raise Stop(f"不支持的输出格式“{output_format}”；可用的有：text、json、github、sarif")
    chosen, left_out = code_list(select), code_list(ignore)
    opened = evaluate_all(evaluations)
    diagnostics = [
        d
        for one in opened
        for d in one.diagnostics
        if (not chosen or d.code.startswith(chosen)) and not (left_out and d.code.startswith(left_out))
    ]
    parents = {one.folder.name: one.folder.parent for one in opened}
    if output_format == "text":
        out(listing.as_text(diagnostics, parents))
    elif output_format == "json":
        out(listing.as_json(diagnostics))
    elif output_format == "sarif":
        out(listing.as_sarif(diagnostics, parents))
    elif diagnostics:
        out(listing.as_github(diagnostics, parents))
    finish(opened, diagnostics, strict=strict)


def code_list(text: str) -> tuple[str, ...]:
    """`V,S005` as codes or beginnings of codes; one that fits no code is refused."""
    from selfeval.diagnostics import codes

    names = tuple(name.strip().upper() for name in text.split(",") if name.strip())
    wrong = [name for name in names if not any(code.startswith(name) for code in codes())]
    if wrong:
        raise Stop(f"没有检查代码“{'、'.join(wrong)}”")
    return names


@app.command("import")
def import_(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="来源…", help="批复的目标表（txt、md、xlsx、xls、ods、docx、pdf）或其所在文件夹。"),
    ],
    into: Annotated[Path, typer.Option("--into", metavar="评价文件夹", help="写到哪个评价。")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="完成情况写成 actuals.xlsx 填报表。")] = False,
) -> None:
    """从批复的目标表生成可以填写的评价；人填过的内容不会改动。"""
    from selfeval.importing.run import import_forms

    outcome = import_forms(sources, into, xlsx=xlsx)
    for problem in outcome.problems:
        say(problem)
    for line in outcome.lines():
        out(line)
    if outcome.nothing:
        raise typer.Exit(USAGE)
    if outcome.problems:
        raise typer.Exit(FINDINGS)


@app.command()
def explain(
    subject: Annotated[str, typer.Argument(metavar="评价文件夹|代码", help="评价文件夹，或一个检查代码（如 V001）。")],
    project: Annotated[str, typer.Option("--project", metavar="项目编号", help="只看这个项目。")] = "",
    indicator: Annotated[
        str, typer.Option("--indicator", metavar="文字", help="只看编号或名称含有这些字的指标。")
    ] = "",
    profile: Annotated[
        str, typer.Option("--profile", metavar="规则", help="同样的事实换一套规则会得多少分，逐行对照。")
    ] = "",
) -> None:
    """逐步说明每一分是怎么来的，或解释一个检查代码。"""
    from selfeval.diagnostics import codes
    from selfeval.explain import Wanted, code_lines, compared, explained

    if subject.upper() in codes():
        out("\n".join(code_lines(subject.upper())))
        return
    wanted = Wanted(project, indicator)
    result = opened_result(Path(subject), "")
    refuse_unknown_project(result, project)
    lines = compared(result, opened_result(Path(subject), profile), wanted) if profile else explained(result, wanted)
    if not lines:
        raise Stop(f"没有编号或名称含“{indicator}”的指标")
    out("\n".join(lines).rstrip())


def opened_result(folder: Path, profile: str) -> Result:
    """One evaluation that must open; what forbids it is shown."""
    from selfeval.listing import text_block
    from selfeval.pipeline import evaluate, is_evaluation

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
    known = [card.project.id for card in (*result.scorecards, *([result.unit] if result.unit else []))]
    if id_ and id_ not in known:
        raise Stop(f"没有项目“{id_}”；有：{'、'.join(known)}")


@app.command()
def rules(
    profile: Annotated[str, typer.Argument(metavar="[规则]", help="规则编号；不写则列出全部。")] = "",
    year: Annotated[int, typer.Option("--year", metavar="年度", help="按哪个年度的版本显示。")] = 2100,
) -> None:
    """列出规则集，或显示一套规则及其出处。"""
    from selfeval.profiling import load_rules, shipped_profiles
    from selfeval.rule_sheet import rule_lines

    if not profile:
        for one in shipped_profiles():
            out(f"{one.id:<10} {one.table.get('title', '')}")
        return
    loaded, refusals = load_rules(profile, year)
    if loaded is None:
        raise Stop(refusals[0].problem.message)
    for line in rule_lines(loaded):
        out(line)


@app.command()
def verify(
    pdfs: Annotated[list[Path], typer.Argument(metavar="PDF…", help="自评报告 report.pdf，可写多个。")],
    output_format: Annotated[str, typer.Option("--output-format", metavar="格式", help="text 或 json。")] = "text",
) -> None:
    """取出报告中附带的数据重新计分，与附件和页面逐项核对。"""
    from selfeval import verifying

    if output_format not in {"text", "json"}:
        raise Stop(f"不支持的输出格式“{output_format}”；可用的有：text、json")
    verdicts = [verifying.verify(pdf) for pdf in pdfs]
    out(verifying.as_json(verdicts) if output_format == "json" else verifying.as_text(verdicts))
    if all(verdict.problem for verdict in verdicts):
        raise typer.Exit(USAGE)
    if any(verdict.word != verifying.AGREES for verdict in verdicts):
        raise typer.Exit(FINDINGS)


@app.command()
def doctor() -> None:
    """检查本机缺少什么，并给出补救的命令。"""
    from selfeval.machine import examine

    findings = examine()
    for one in findings:
        out(f"{'正常' if one.ok else '缺少'}  {one.name}：{one.detail}")
        if not one.ok and one.remedy:
            out(f"      → {one.remedy}")
    if any(one.fatal and not one.ok for one in findings):
        raise typer.Exit(MACHINE)


# ── common to the commands ────────────────────────────────────────────────────────────────────


def evaluate_all(folders: Sequence[Path] | None) -> list[Evaluated]:
    """Every evaluation asked for, taken through the whole line; only where none is one, nothing is done."""
    from selfeval.pipeline import Evaluated, evaluate, evaluations_in, is_evaluation

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
    return [Evaluated(folder.absolute(), None, ()) if folder in missing else evaluate(folder) for folder in chosen]


def report_findings(opened: Sequence[Evaluated], diagnostics: Sequence[Diagnostic]) -> None:
    """What a build found, to stderr: how often each code, the worst three in full, and where the rest is."""
    from selfeval.listing import by_code, tally, text_block, worst

    parents = {one.folder.name: one.folder.parent for one in opened}
    gravest = worst(diagnostics)
    for d in gravest:
        say(text_block(d, parents))
    for line in by_code(diagnostics):
        say(line)
    say(tally(diagnostics) + ("；逐条见 selfeval check" if gravest else ""))


def finish(opened: Sequence[Evaluated], diagnostics: Sequence[Diagnostic], *, strict: bool) -> None:
    """The exit code: 2 where nothing could be opened, 1 with findings that count."""
    from selfeval.diagnostics import Severity

    if not any(one.result for one in opened):
        raise typer.Exit(USAGE)
    graves = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    unopened = any(one.result is None for one in opened)
    if unopened or any(d.severity in graves for d in diagnostics):
        raise typer.Exit(FINDINGS)


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """A progress bar on a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    page = TextColumn("{task.fields[page]}")
    columns = (TextColumn("生成报告"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), page)
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, page="")
        yield lambda name: bar.update(task, advance=1, page=name)


# ── entry ─────────────────────────────────────────────────────────────────────────────────────


def main() -> NoReturn:
    """Runs the program; whatever happens, the user reads one Chinese line and never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command line and returns its exit code."""
    from selfeval.exact import EXACT
    from selfeval.machine import MachineLacks

    try:
        with localcontext(EXACT):
            code = app(list(arguments), prog_name="selfeval", standalone_mode=False)
    except Stop as stop:
        say(f"selfeval：{stop}")
        return stop.code
    except MachineLacks as lack:
        say(f"selfeval：{lack}")
        return MACHINE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last wall before the user
        return failed(error, arguments)
    if code == INTERRUPTED:
        say("已中断；写好的文件都是完整的。")
    return code if isinstance(code, int) else OK


def failed(error: Exception, arguments: Sequence[str]) -> int:
    """A usage error in Chinese, or an unexpected failure in one line; `--debug` shows where it came from."""
    from selfeval.usage import in_chinese

    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    usage = in_chinese(error)
    if usage is not None:
        say(f"selfeval：{usage}" if usage else "")
        return USAGE
    if isinstance(error, OSError):
        say(f"selfeval：读写文件失败：{error.filename or ''} {error.strerror or error}")
    else:
        say(f"selfeval：程序内部出错（{type(error).__name__}: {error}）；请加 --debug 重试并反馈")
    return FINDINGS


if __name__ == "__main__":
    main()
