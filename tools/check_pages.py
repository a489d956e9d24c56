"""The public pages of the codes, from the same table as `explain`: `python tools/check_pages.py docs/checks`.

README.md with all of them by group and the measured precision (from precision.toml there); with `--pages`, as
`make docs` asks, one page a code as well, for the site alone.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from selfeval.base.diagnostics import SEVERITY_WORDS, Code, Severity, codes
from selfeval.report.text.rules import cited
from selfeval.rules.load import usual_source

GROUPS = {
    "T": "表格与文件",
    "V": "数值的读取",
    "P": "目标与完成值的配对",
    "W": "分值",
    "S": "得分",
    "B": "预算",
    "C": "一致性",
    "E": "佐证",
    "A": "复核",
    "N": "正文",
    "R": "规则",
    "F": "排版与字体",
}
PRECISION, TABLE = "precision.toml", "README.md"
MEANINGS = {
    Severity.ERROR: "不能成立，项目标为未定稿",
    Severity.WARNING: "审核会问",
    Severity.INFO: "如何读取或补全，请核对",
}
INTRO = """\
# 检查代码

`selfeval check` 的每一条发现都有一个代码，代码的含义不变。`selfeval explain 代码` 显示与这里相同的内容。

警告可以豁免，但要写明理由：整个评价的写在 `selfeval.toml` 的 `[check.ignore]`（如 `C003 = "原表如此"`），
一行的写在 `targets.csv` 的“检查豁免”列（如 `V024：原表如此`）。豁免的发现连同理由列入报告附件；错误不能豁免。
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """How often a code was right, wrong or doubtful on the samples that were read over by hand."""

    right: int
    wrong: int
    doubtful: int
    note: str = ""

    @property
    def found(self) -> int:
        """How many findings were judged."""
        return self.right + self.wrong + self.doubtful


@dataclass(frozen=True, slots=True)
class Precision:
    """The samples and the judgement of every code that was found in them."""

    about: str
    samples: tuple[str, ...]
    codes: Mapping[str, Judged]


def read_precision(file: Path) -> Precision:
    """The measured precision as written down by the person who read the findings."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    judged = {
        id_: Judged(row.get("right", 0), row.get("wrong", 0), row.get("doubtful", 0), row.get("note", ""))
        for id_, row in table["codes"].items()
    }
    return Precision(table["about"].strip(), tuple(table["samples"]), judged)


def page(code: Code) -> str:
    """One code: what, why, a bad example, a good one, the remedy."""
    basis = ""
    if code.basis:
        basis = f"{cited(usual_source(code.basis)).strip()}\n\n"
    return (
        f"# {code.id} {code.title}\n\n"
        f"级别：{SEVERITY_WORDS[code.severity]}（{MEANINGS[code.severity]}）\n\n"
        f"## 为什么\n\n{code.chinese.why}\n\n{basis}"
        f"## 有问题\n\n```text\n{code.chinese.bad}\n```\n\n"
        f"## 没问题\n\n```text\n{code.chinese.good}\n```\n\n"
        f"## 怎么办\n\n{code.hint}\n"
    )


def readme(precision: Precision) -> str:
    """All codes by group, then how precise they were measured to be."""
    return "\n".join([INTRO, *group_tables(), *precision_lines(precision)]) + "\n"


def group_tables() -> Iterator[str]:
    """A table for every group."""
    for letter, name in GROUPS.items():
        yield f"## {letter} {name}\n\n| 代码 | 级别 | 含义 |\n|---|---|---|"
        for code in codes().values():
            if code.id.startswith(letter):
                yield f"| [{code.id}]({code.id}.md) | {SEVERITY_WORDS[code.severity]} | {code.title} |"
        yield ""


def precision_lines(precision: Precision) -> Iterator[str]:
    """What was measured, on what, with the counts of every code that was found."""
    yield f"## 准确程度\n\n{precision.about}\n"
    yield from (f"- {sample}" for sample in precision.samples)
    yield "\n| 代码 | 级别 | 条数 | 对 | 错 | 存疑 | 说明 |\n|---|---|---:|---:|---:|---:|---|"
    for id_, judged in sorted(precision.codes.items(), key=lambda item: position(item[0])):
        yield judged_line(id_, SEVERITY_WORDS[codes()[id_].severity], judged)
    yield judged_line("合计", "", in_all(precision.codes.values()))


def position(id_: str) -> int:
    """Where a code stands in the table."""
    return list(codes()).index(id_)


def judged_line(name: str, severity: str, judged: Judged) -> str:
    """A row of the precision table."""
    counts = f"{judged.found} | {judged.right} | {judged.wrong} | {judged.doubtful}"
    return f"| {name} | {severity} | {counts} | {judged.note} |"


def in_all(judged: Iterable[Judged]) -> Judged:
    """The sums."""
    rows = list(judged)
    return Judged(sum(j.right for j in rows), sum(j.wrong for j in rows), sum(j.doubtful for j in rows))


def pages(folder: Path) -> dict[str, str]:
    """Every file of the folder by its name."""
    made = {f"{code.id}.md": page(code) for code in codes().values()}
    return made | {TABLE: readme(read_precision(folder / PRECISION))}


def write(folder: Path, *, all_pages: bool) -> None:
    """Writes the table, or all pages, and takes away the pages of codes that are no more."""
    made = pages(folder) if all_pages else {TABLE: readme(read_precision(folder / PRECISION))}
    for file in folder.glob("*.md"):
        if file.name not in made:
            file.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), all_pages="--pages" in sys.argv)
