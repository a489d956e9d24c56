"""The reference and the map of the rooms, from the program itself: `python tools/reference.py` writes both.

Names, aliases, options, formulas and values come from the code; what each means in words.toml beside the pages.
"""

from __future__ import annotations

import ast
import dataclasses
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from typer.main import get_command

from selfeval.cli.app import app
from selfeval.cli.new_evaluation import starter
from selfeval.reading.columns import TABLES, TableSpec
from selfeval.report.pages import chart_views, views
from selfeval.report.text.rules import FORMULA_WORDS, OVERSHOOT_WORDS, rule_lines
from selfeval.rules.formulas import FORMULAS, PARAMETERS
from selfeval.rules.load import load_rules, shipped_profiles
from selfeval.rules.profile import USES

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
ARCHITECTURE = FOLDER.parents[1] / "ARCHITECTURE.md"
YEAR_SHOWN = 2025
"""The year in the settings that are shown."""

YEAR = 2100
"""A year in which the newest version of every profile holds."""

HEADS = (
    ("ProjectDocument", "report.html、layouts/<版式>/form.html"),
    ("SummaryDocument", "summary.html"),
    ("BookDocument", "book.html"),
    ("IndexDocument", "index.html"),
)
TYPES = {"str": "文字", "bool": "是／否", "int": "整数"}
TABLES_INTRO = """\
# 表格和设置

一个评价是一个文件夹：`selfeval.toml` 加下面几张表。表头写中文名称或英文别名都可以，次序不限；不分大小写、全角半角，
空格、`_`、`-` 和“（必填）”字样不计。不认识的列会提示，不影响其他列。

每张表是同名的 `.csv`（UTF-8、GB18030、UTF-16，逗号、制表符或分号），或同名的 `.xlsx`（第一张工作表）；两个都有是错误。
四张表也可以都在一个 `填报表.xlsx` 里（`import --xlsx` 写出），旁边就不能再有同一张表。
"""
COMMANDS_INTRO = """\
# 命令和选项

`selfeval 命令 --help` 显示与这里相同的内容；`--lang en`（或环境变量 `SELFEVAL_LANG=en`）显示英文。

| 退出码 | 含义 |
|---|---|
| 0 | 正常 |
| 1 | 有错误级的发现（`--strict` 时警告也算）；`verify` 核对不一致 |
| 2 | 用法、设置有误，或没有一个评价能打开 |
| 3 | 本机缺少软件（Pango、中文字体） |
| 130 | 被 Ctrl-C 中断 |

`check` 的发现写到标准输出；其他命令的结果和路径写到标准输出，进度和发现写到标准错误。
终端里错误、警告、提示有颜色；设了环境变量 `NO_COLOR` 就没有。

不写评价文件夹时：在评价文件夹里（或它下面）运行，就是这个评价，输出到 `../out`；否则是 `inputs/` 下的全部评价。写评价
里的一个文件（如 `inputs/甲/targets.csv`），就是它所在的评价。`-q`、`--lang`、`--debug` 写在命令前后都可以；`help 命令`
同 `selfeval 命令 --help`。

按 Tab 键补全命令和选项（带说明），各运行一次，重开终端生效：

```text
selfeval --show-completion bash >> ~/.bashrc
selfeval --show-completion zsh >> ~/.zshrc            # 其中要先有 autoload -Uz compinit; compinit
selfeval --show-completion fish > ~/.config/fish/completions/selfeval.fish
selfeval --show-completion powershell >> $PROFILE     # Windows
```
"""
PROFILES_INTRO = """\
# 规则集

随程序提供的规则集和它们的全部数值。怎样写自己的，见[规则集](../rules.md)和[本单位自己的规则](../howto/own-rule.md)。
"""
VALUES_INTRO = """\
# 模板拿到的值

模板是什么、放在哪里，见[版式与模板](../templates.md)。每个值都已是可以直接印出的文字；
“列表：FormRow”是下面 FormRow 一节的若干个。
另有 `for_print`（是否纸面）和 `layout`（版式名）。
"""


def pages() -> dict[str, str]:
    """Every page by its file's name."""
    words = tomllib.loads((FOLDER / "words.toml").read_text(encoding="utf-8"))
    made = {
        "tables.md": [TABLES_INTRO, *setting_lines(), *(line for spec in TABLES for line in table_lines(spec, words))],
        "commands.md": [COMMANDS_INTRO, *command_lines()],
        "profiles.md": [PROFILES_INTRO, *profile_lines()],
        "values.md": [VALUES_INTRO, *value_lines(words)],
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def setting_lines() -> Iterator[str]:
    """selfeval.toml, as `init` writes it."""
    text = dict(starter(YEAR_SHOWN))["selfeval.toml"].decode().strip()
    yield f"## selfeval.toml\n\n```toml\n{text}\n```\n"


def table_lines(spec: TableSpec, words: dict[str, Any]) -> Iterator[str]:
    """The columns of one table."""
    optional = "（可以没有）" if spec.optional else ""
    yield f"## {spec.name}{optional}\n\n{words['tables'][spec.name]}\n"
    yield "| 列 | 要求 | 英文别名 | 说明 |\n|---|---|---|---|"
    for column in spec.every:
        need = "列和每一格都要有" if column.filled else "列要有" if column.required else ""
        aliases = " ".join(f"`{alias}`" for alias in column.aliases)
        yield f"| {column.name} | {need} | {aliases} | {words['columns'][spec.name][column.name]} |"
    yield ""


def command_lines() -> Iterator[str]:
    """Every command with its arguments and options, as the help says them."""
    program: Any = get_command(app)
    yield "## selfeval\n\n写在命令之前的选项：\n"
    yield from option_lines(program.params)
    for name, command in program.commands.items():
        arguments = [p.metavar for p in command.params if p.param_type_name == "argument"]
        options = ["[选项]"] if any(p.param_type_name == "option" for p in command.params) else []
        yield f"## {name}\n\n{command.help}\n\n```text\n{' '.join(['selfeval', name, *options, *arguments])}\n```\n"
        yield from option_lines(command.params)


def option_lines(params: list[Any]) -> Iterator[str]:
    """A table of arguments and options."""
    shown = [p for p in params if not p.hidden and p.help]
    if not shown:
        return
    yield "| 参数、选项 | 说明 |\n|---|---|"
    for param in shown:
        name = param.metavar if param.param_type_name == "argument" else option_name(param)
        again = "可重复。" if param.multiple and "重复" not in param.help else ""
        yield f"| `{escaped(name)}` | {escaped(param.help)}{again}{default_of(param)} |"
    yield ""


def option_name(param: Any) -> str:  # noqa: ANN401 - Typer keeps its classes private
    """`--out 文件夹`."""
    return " ".join([*param.opts, *([param.metavar] if param.metavar else [])])


def default_of(param: Any) -> str:  # noqa: ANN401 - as above
    """The default, where it says something."""
    told = param.param_type_name == "option" and param.default not in (None, False, "", ())
    return f"默认 `{param.default}`。" if told else ""


def escaped(text: str) -> str:
    """A text for a cell of a Markdown table."""
    return text.replace("|", "\\|")


def profile_lines() -> Iterator[str]:
    """The formulas, every shipped profile as `selfeval rules` shows it, and the file that has all the keys."""
    yield "## 公式\n\n| 公式 | 计法 | 参数 |\n|---|---|---|"
    for formula in sorted(FORMULAS):
        yield f"| `{formula}` | {FORMULA_WORDS[formula]} | {codes(sorted(PARAMETERS.get(formula, ())))} |"
    yield f"\n`overshoot`：{'；'.join(f'`{key}` {text}' for key, text in OVERSHOOT_WORDS.items())}。\n"
    yield f"按目标的读法自动选用的方法：{codes(USES)}，另有可选的 `satisfaction`。\n"
    for profile in shipped_profiles():
        rules, _ = load_rules(profile.id, YEAR)
        if rules:
            since = "、".join(str(version["effective"]) for version in profile.versions)
            base = f"；沿用 `{profile.extends}`" if profile.extends else ""
            yield f"## {profile.id}\n\n版本：{since} 起{base}。\n\n```text"
            yield from rule_lines(rules)
            yield "```\n"
    whole = files("selfeval.rules").joinpath("profiles", "mof-2020.toml").read_text(encoding="utf-8")
    yield f"## 全部的键\n\n默认规则集的文件写全了每一个键：\n\n```toml\n{whole.strip()}\n```"


def codes(names: Any) -> str:  # noqa: ANN401 - any iterable of texts
    """Names as code."""
    return " ".join(f"`{name}`" for name in names)


def value_lines(words: dict[str, Any]) -> Iterator[str]:
    """Every value a template gets: first the documents, then what they hold, in the order they are met."""
    for name, template in HEADS:
        yield f"## {name}\n\n{words['classes'][name]}（`{template}`）。\n"
        yield from field_lines(view(name), words["values"])
    for name in held([name for name, _ in HEADS]):
        yield f"## {name}\n\n{words['classes'][name]}。\n"
        yield from field_lines(view(name), words["values"])


def held(names: list[str]) -> list[str]:
    """The classes that stand inside others, in the order they are met."""
    met = list(names)
    for name in met:
        for field in dataclasses.fields(view(name)):
            met += [inner for inner in classes_in(str(field.type)) if inner not in met]
    return met[len(names) :]


def classes_in(annotation: str) -> list[str]:
    """The names in an annotation that are classes of the views."""
    return [name for name in re.findall(r"\w+", annotation) if is_view(view(name))]


def view(name: str) -> Any:  # noqa: ANN401 - a class of the views, None where there is none
    """One of the views by its name."""
    return getattr(views, name, None) or getattr(chart_views, name, None)


def is_view(kind: object) -> bool:
    """Whether it is one of the views' own classes."""
    return dataclasses.is_dataclass(kind) and getattr(kind, "__module__", "") in {views.__name__, chart_views.__name__}


def field_lines(kind: Any, words: dict[str, str]) -> Iterator[str]:  # noqa: ANN401 - a dataclass
    """The fields of one class."""
    yield "| 名称 | 是什么 | 说明 |\n|---|---|---|"
    for field in dataclasses.fields(kind):
        yield f"| `{field.name}` | {type_words(str(field.type))} | {words[field.name]} |"
    yield ""


def type_words(annotation: str) -> str:
    """`tuple[Row, ...]` → 列表：Row."""
    if annotation.startswith("tuple[") and annotation.endswith(", ...]"):
        inner = annotation.removeprefix("tuple[").removesuffix(", ...]")
        return f"列表：{type_words(inner)}"
    if annotation.startswith("tuple["):
        return "、".join(type_words(part.strip()) for part in annotation[6:-1].split(","))
    if annotation.endswith(" | None"):
        return f"{type_words(annotation.removesuffix(' | None'))}，可能没有"
    return TYPES.get(annotation, annotation)


ROOMS = (
    *("base", "rules", "reading", "scoring", "checks", "evaluation"),
    *("report", "audit", "preview", "importing", "building", "cli"),
)
"""From the words to the commands: what stands first knows nothing of what follows."""

MAP = ARCHITECTURE.parent / "selfeval"
CODE = re.compile(r'(?<!== )"([A-Z]\d{3})[".]')


def architecture() -> str:
    """ARCHITECTURE.md with the map of the rooms, each in the words of its own `__init__.py`."""
    before, opening, rest = ARCHITECTURE.read_text(encoding="utf-8").partition("<!-- rooms")
    mark, closing, after = rest.partition("<!-- /rooms -->")
    mark = mark.partition("-->")[0] + "-->\n"
    return before + opening + mark + "\n".join(map(room_lines, ROOMS)) + "\n" + closing + after


def room_lines(room: str) -> str:
    """One room with the rooms inside it."""
    parts = sorted(file.parent for file in (MAP / room).rglob("__init__.py"))
    lines = [f"{'  ' * (len(part.relative_to(MAP).parts) - 1)}- {room_words(part)}" for part in parts]
    return "\n".join([*lines, *([f"  - Who finds what: {finders()}."] if room == "checks" else [])])


def finders() -> str:
    """The modules of the checks, each with the codes that it finds."""
    modules = {file.stem: file.read_text(encoding="utf-8") for file in sorted((MAP / "checks").glob("*.py"))}
    found = {name: sorted(set(CODE.findall(text))) for name, text in modules.items() if name != "readings"}
    return "; ".join(f"`{name}` {', '.join(codes)}" for name, codes in found.items() if codes)


def room_words(folder: Path) -> str:
    """What a room says of itself, on one line."""
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return f"**`{folder.relative_to(MAP).as_posix()}/`** {' '.join(said.split())}"


def write() -> None:
    """Writes all pages, and the map of the rooms."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    ARCHITECTURE.write_text(architecture(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
