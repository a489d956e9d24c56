"""The command line: its commands, its options before them, and the last wall before the user."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from decimal import localcontext
from typing import Annotated, NoReturn

import typer

from selfeval import __version__
from selfeval.base.phrases import LANGUAGES, phrase
from selfeval.cli import (
    build,
    check,
    compare,
    completion,
    doctor,
    explain,
    import_forms,
    init,
    pack,
    preview,
    rules,
    schema,
    survey,
    verify,
)
from selfeval.cli.terminal import FINDINGS, INTERRUPTED, LANGUAGE, MACHINE, OK, QUIET, USAGE, Stop, out, say
from selfeval.cli.typer_zh import Command, Group

app = typer.Typer(
    name="selfeval",
    cls=Group,
    help="年终绩效自评：读取目标、预算和完成值，按规则逐项计分，生成可核对的自评表和自评报告。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "build": build.build,
    "check": check.check,
    "import": import_forms.import_,
    "init": init.init,
    "preview": preview.preview,
    "explain": explain.explain,
    "rules": rules.rules,
    "verify": verify.verify,
    "compare": compare.compare,
    "pack": pack.pack,
    "survey": survey.survey,
    "schema": schema.schema,
    "doctor": doctor.doctor,
}
"""In the order of the help."""

for name, command in COMMANDS.items():
    app.command(name, cls=Command)(command)


def choose_language(name: str) -> str:
    """`--lang`: in force at once, as the help is said in it too."""
    if name:
        if name not in LANGUAGES:
            raise Stop(phrase("没有语言“{name}”；可用的有：{known}", name=name, known=LANGUAGES))
        LANGUAGE.set(name)
    return name


def be_quiet(wanted: bool) -> bool:
    """`-q`."""
    QUIET.set(wanted)
    return wanted


def show_completion(shell: str) -> None:
    """`--show-completion`."""
    if shell:
        completion.show_script(shell)
        raise typer.Exit


def show_version(*, wanted: bool) -> None:
    """`--version`."""
    if wanted:
        out(f"selfeval {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", "-V", help="显示版本。", callback=lambda v: show_version(wanted=v), is_eager=True),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="出错时显示程序内部的调用过程。")] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", help="只输出结果和错误，没有进度、说明和提示；也可写在命令之后。", callback=be_quiet
        ),
    ] = False,
    lang: Annotated[
        str,
        typer.Option(
            "--lang",
            metavar="zh|en",
            help="帮助和提示的语言（也可设环境变量 SELFEVAL_LANG）；报告总是中文。",
            callback=choose_language,
            is_eager=True,
            autocompletion=completion.one_of(*LANGUAGES),
        ),
    ] = "",
    completing: Annotated[
        str,
        typer.Option(
            "--show-completion",
            metavar="bash|zsh|fish|powershell",
            help="输出按 Tab 键补全的脚本，如：selfeval --show-completion bash >> ~/.bashrc",
            callback=show_completion,
            is_eager=True,
            autocompletion=completion.one_of(*completion.SHELLS),
        ),
    ] = "",
) -> None:
    """Options before the command."""


def main() -> NoReturn:
    """Runs the program; whatever happens, the user reads one Chinese line and never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding=None if has_chinese(stream.encoding) else "utf-8", errors="replace")
    if not has_chinese(sys.getfilesystemencoding()):
        say(
            phrase(
                "selfeval：系统的字符编码写不了中文文件名；请先运行 export LC_ALL=C.UTF-8（或设 PYTHONUTF8=1），再试"
            )
        )
        sys.exit(MACHINE)
    completion.prepare()
    sys.exit(run(sys.argv[1:]))


def has_chinese(encoding: str) -> bool:
    """Whether Chinese can be written in an encoding."""
    try:
        return bool("评价".encode(encoding))
    except UnicodeEncodeError:
        return False


def run(arguments: Sequence[str]) -> int:
    """Runs one command line, in a context of its own, and returns its exit code."""
    return copy_context().run(run_here, arguments)


def run_here(arguments: Sequence[str]) -> int:
    """The same, in this context."""
    if os.environ.get("SELFEVAL_LANG") in LANGUAGES:
        LANGUAGE.set(os.environ["SELFEVAL_LANG"])
    from selfeval.base.exact import EXACT
    from selfeval.report.pdf.requirements import MachineLacks

    try:
        with localcontext(EXACT):
            code = app(in_order(arguments), prog_name="selfeval", standalone_mode=False)
    except Stop as stop:
        say(phrase("selfeval：{said}", said=stop.said))
        return stop.code
    except MachineLacks as lack:
        say(phrase("selfeval：{said}", said=str(lack)))
        return MACHINE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last wall before the user
        return failed(error, arguments)
    if code == INTERRUPTED:
        say(phrase("已中断；写好的文件都是完整的。"))
    return code if isinstance(code, int) else OK


COMMON = ("-q", "--quiet", "--debug")
"""What may stand after the command as well; `--lang`, too, with its value."""


def in_order(arguments: Sequence[str]) -> list[str]:
    """A command line as Typer takes it: what is common to all commands first, `help COMMAND` as `COMMAND --help`."""
    front: list[str] = []
    rest: list[str] = []
    given = iter(arguments)
    for one in given:
        if one == "--":
            return [*front, *rest, one, *given]
        is_common = one in COMMON or one == "--lang" or one.startswith("--lang=")
        (front if is_common else rest).append(one)
        if one == "--lang":
            front += [value for value in (next(given, None),) if value is not None]
    return [*front, *rest[1:], "--help"] if rest[:1] == ["help"] else front + rest


def failed(error: Exception, arguments: Sequence[str]) -> int:
    """A usage error in Chinese, or an unexpected failure in one line; `--debug` shows where it came from."""
    from selfeval.cli.typer_zh import in_chinese

    if "--debug" in arguments:
        import traceback

        traceback.print_exception(error)
    usage = in_chinese(error)
    if usage is not None:
        say(phrase("selfeval：{said}", said=usage) if usage else "")
        return USAGE
    if isinstance(error, OSError):
        from selfeval.base.files import reason_of

        sentence = phrase("读写文件失败：{file} {reason}", file=error.filename or "", reason=reason_of(error))
        say(phrase("selfeval：{said}", said=sentence))
    else:
        sentence = phrase("程序内部出错（{error}）；请加 --debug 重试并反馈", error=f"{type(error).__name__}: {error}")
        say(phrase("selfeval：{said}", said=sentence))
    return FINDINGS


if __name__ == "__main__":
    main()
