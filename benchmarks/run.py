"""`make bench`: how long things take here, in one table with medians and ratios.

    python benchmarks/run.py [--quick] [--only NAME,NAME] [--markdown]

Everything is measured through the command line, as a user meets it, on evaluations made by `generate.py`; ratios are
taken between things measured side by side in this run. What is not installed is said and left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import rivals  # noqa: E402
from generate import generate  # noqa: E402

SELFEVAL = (sys.executable, "-m", "selfeval")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what, how much of which unit, and a ratio to what it is compared with."""

    group: str
    what: str
    value: str
    ratio: str = ""


@dataclass(slots=True)
class Bench:
    """A run under way: its folder, how often each thing is done, the lines so far. Mutable."""

    home: Path
    quick: bool
    lines: list[Line] = field(default_factory=list)

    def say(self, group: str, what: str, value: str, ratio: str = "") -> None:
        """A line of the table, shown at once."""
        self.lines.append(Line(group, what, value, ratio))
        print(f"{group:<6} {what:<44} {value:>14}  {ratio}", flush=True)

    def evaluation(self, projects: int, *, narratives: bool = False) -> Path:
        """An evaluation of so many projects, made once a run."""
        folder = self.home / "inputs" / f"p{projects}{'n' if narratives else ''}"
        if not folder.exists():
            generate(folder, projects, 10, narratives=narratives)
        return folder

    def build(self, folder: Path, *options: str) -> Done:
        """`selfeval build` into a folder of its own."""
        return command(*SELFEVAL, "build", str(folder), "--out", str(self.home / "out"), *options)

    def fresh(self, folder: Path) -> None:
        """Forgets what was built before."""
        shutil.rmtree(self.home / "out" / folder.name, ignore_errors=True)

    def output(self, folder: Path) -> Path:
        """Where a build of this evaluation writes."""
        return self.home / "out" / folder.name


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ran: seconds of the clock, MB of the largest process, seconds of processors."""

    seconds: float
    megabytes: int
    processor: float = 0.0


PROBE = """import resource, subprocess, sys, time
t = time.perf_counter()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - t, used.ru_maxrss, used.ru_utime + used.ru_stime, code)"""


ITSELF = """import resource, sys
from selfeval.cli.app import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.__stderr__)"""


SUCCESS = frozenset({0, 1})
"""Exit codes of a command that did its work: 1 says that there are findings."""


def command(*arguments: str, environment: Mapping[str, str] = {}, allowed: frozenset[int] = SUCCESS) -> Done:
    """Runs a program to its end; it must exit with one of those codes."""
    probe = [sys.executable, "-c", PROBE, *arguments]
    with_them = os.environ | environment
    printed = subprocess.run(  # noqa: S603
        probe, capture_output=True, text=True, check=True, cwd=HERE.parent, env=with_them
    ).stdout
    seconds, kilobytes, processor, code = printed.split()
    if int(code) not in allowed:
        sys.exit(f"失败（退出码 {code}）：{' '.join(arguments)}")
    return Done(float(seconds), int(kilobytes) // 1024, float(processor))


def parent_memory(*arguments: str) -> int:
    """MB of the process of a command itself, without those that it starts; 0 and 1 (findings) are success."""
    run = [sys.executable, "-c", f"if __name__ == '__main__':\n    exec({ITSELF!r})", *arguments]
    done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=HERE.parent)  # noqa: S603
    if done.returncode not in {0, 1}:
        sys.exit(f"失败（退出码 {done.returncode}）：{' '.join(arguments)}")
    return int(done.stderr.split()[-1]) // 1024


def median(times: int, action: Callable[[], Done]) -> Done:
    """The middle one of several runs."""
    runs = sorted((action() for _ in range(times)), key=lambda done: done.seconds)
    return runs[len(runs) // 2]


def ms(seconds: float) -> str:
    """Milliseconds, or seconds from ten on."""
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:.0f} ms"


def share(one: float, other: float, than: str) -> str:
    """A ratio in words."""
    return f"{one / other:.3f} × {than}" if other else ""


# ── What is measured ──────────────────────────────────────────────────────────────────────────


def start_up(bench: Bench) -> None:
    """How long until a command does anything."""
    bare = median(5, lambda: command(sys.executable, "-c", "pass"))
    for words in (("--version",), ("--help",), ("explain", "S005")):
        done = median(5, lambda words=words: command(*SELFEVAL, *words))  # type: ignore[misc]
        bench.say(
            "启动", f"selfeval {' '.join(words)}", ms(done.seconds), share(done.seconds, bare.seconds, "空 Python")
        )


def one_report(bench: Bench) -> None:
    """One project from nothing to HTML and PDF, and what the files weigh."""
    folder = bench.evaluation(1, narratives=True)

    def cold() -> Done:
        bench.fresh(folder)
        return bench.build(folder, "--jobs", "1")

    done = median(3, cold)
    bench.say("一份", "一个项目，从零生成 HTML 和 PDF", ms(done.seconds), f"内存 {done.megabytes} MB")
    for file in sorted(bench.output(folder).glob("projects/*/report.*")):
        bench.say("一份", file.name, f"{file.stat().st_size / 1024:.0f} KB")


def many(bench: Bench) -> None:
    """10, 100 and 1,000 projects with one table each: builds, rebuilds, memory."""
    sizes = (10, 100) if bench.quick else (10, 100, 1000)
    memory = {size: built_again(bench, size) for size in sizes}
    for size, megabytes in memory.items():
        bench.say(
            "批量", f"{size} 个项目，最大进程的内存", f"{megabytes} MB", share(megabytes, memory[100], "100 个项目")
        )
    itself = {}
    for size in sizes:
        folder = bench.evaluation(size)
        bench.fresh(folder)
        out = str(bench.home / "out")
        itself[size] = parent_memory("build", str(folder), "--out", out, "--format", "html", "--jobs", "2")
    for size, megabytes in itself.items():
        ratio = share(megabytes, itself[100], "100 个项目")
        bench.say("批量", f"{size} 个项目，只生成 HTML，主进程的内存", f"{megabytes} MB", ratio)


def built_again(bench: Bench, size: int) -> int:
    """Builds so many projects, then again after no change, after one, and for the summary alone; MB of the first."""
    folder = bench.evaluation(size)
    bench.fresh(folder)
    full = bench.build(folder)

    def say(what: str, seconds: float) -> None:
        bench.say("批量", f"{size} 个项目，{what}", ms(seconds), share(seconds, full.seconds, "全部生成"))

    bench.say("批量", f"{size} 个项目，HTML 和 PDF，全部生成", ms(full.seconds), f"每份 {ms(full.seconds / size)}")
    say("没有改动，再生成", median(3, lambda: bench.build(folder)).seconds)
    edit(folder)
    one = bench.build(folder).seconds
    without, index = (without_file(bench, folder, name) for name in ("summary.pdf", "index.html"))
    say("改一个完成值，再生成", one)
    say("汇总表的 PDF", without - index)
    say("改一个完成值，汇总表的 PDF 除外", one - (without - index))
    return full.megabytes


def without_file(bench: Bench, folder: Path, name: str) -> float:
    """Seconds until one file that is gone is there again."""
    (bench.output(folder) / name).unlink()
    return bench.build(folder).seconds


def edit(folder: Path) -> None:
    """Changes the last actual of an evaluation."""
    table = folder / "actuals.csv"
    head, _, last = table.read_text(encoding="utf-8-sig").rstrip("\r\n").rpartition("\n")
    cells = last.split(",")
    cells[3] = "7%" if cells[3] != "7%" else "8%"
    table.write_text(f"{head}\n{','.join(cells)}\n", encoding="utf-8-sig")


def pages(bench: Bench) -> None:
    """HTML alone."""
    size = 100 if bench.quick else 1000
    folder, few = bench.evaluation(size), bench.evaluation(10)

    def html(of: Path) -> Done:
        bench.fresh(of)
        return bench.build(of, "--format", "html", "--jobs", "1")

    each = (html(folder).seconds - html(few).seconds) / (size - 10)
    bench.say("批量", "只生成 HTML，每个项目", f"{each * 1000:.1f} ms", "目标 ≤ 8 ms")


def pdfs(bench: Bench) -> None:
    """PDFs alone: what a second process gains, and how much of the time is not the renderer's."""
    folder = bench.evaluation(40 if bench.quick else 300)
    environment, bare = rivals.pool(folder, bench.home)
    seconds = {}
    for jobs in (1, 2):
        bench.fresh(folder)
        seconds[jobs] = bench.build(folder, "--format", "pdf", "--jobs", str(jobs)).seconds
    pool = command(*bare, environment=environment).seconds
    what = f"{folder.name[1:]} 份 PDF"
    bench.say("批量", f"{what}，--jobs 2 比 --jobs 1", ms(seconds[2]), f"快 {seconds[1] / seconds[2]:.2f} 倍")
    bench.say("批量", f"{what}，两个进程直接用 WeasyPrint", ms(pool), f"本程序快 {pool / seconds[2]:.2f} 倍")


def engines(bench: Bench) -> None:
    """The two engines that draw PDFs, both with tags, attachments and PDF/A-3a.

    A report and the summary alone, then whole builds with two processes. Ratios are of the processors' time: what else
    the machine does meanwhile counts for nothing.
    """

    def say(what: str, done: dict[str, Done]) -> None:
        mine, other = done["typst"], done["weasyprint"]
        ratio = share(mine.processor, other.processor, "WeasyPrint")
        memory = f"，{mine.megabytes} MB 比 {other.megabytes} MB" if mine.megabytes else ""
        bench.say("引擎", f"Typst：{what}", ms(mine.processor), f"{ratio}{memory}")

    size = 200 if bench.quick else 1000
    whole = bench.evaluation(size)
    for what, folder, page, times in (
        ("一份报告（有正文）", bench.evaluation(2, narratives=True), "report", 15),
        ("一份报告（没有正文）", bench.evaluation(2), "report", 15),
        (f"{size} 行的汇总表", whole, "summary", 3),
    ):
        taken = rivals.drawn(folder, page, times)
        say(f"{what}，常驻进程", {engine: Done(0, 0, statistics.median(each)) for engine, each in taken.items()})
    for several in (bench.evaluation(10 if bench.quick else 40, narratives=True), whole):
        done = {}
        for engine in ("weasyprint", "typst"):
            bench.fresh(several)
            done[engine] = bench.build(several, "--format", "pdf", "--pdf-engine", engine, "--jobs", "2")
        clock = share(done["typst"].seconds, done["weasyprint"].seconds, "WeasyPrint")
        what = f"{len(list(bench.output(several).glob('projects/*')))} 份报告和汇总表，两个进程"
        say(f"{what}（钟上 {ms(done['typst'].seconds)}，{clock}）", done)


def tables(bench: Bench) -> None:
    """Large tables: everything scored and checked, beside pandas only reading and writing the same files."""
    folder = bench.evaluation(10_000 if bench.quick else 100_000)
    files = [folder / f"{name}.csv" for name in ("projects", "budget", "targets", "actuals")]
    rows = sum(1 for _ in files[2].open(encoding="utf-8-sig")) - 1
    copy = (
        "import pandas as pd, sys\nfor f in sys.argv[2:]:\n    d = pd.read_csv(f, dtype=str, keep_default_na=False)\n"
    )
    copy += "    d.to_csv(sys.argv[1], index=False, encoding='utf-8-sig')"
    wait = command(sys.executable, "-c", "import pandas").seconds
    pandas = median(3, lambda: command(sys.executable, "-c", copy, str(bench.home / "copy.csv"), *map(str, files)))
    base = pandas.seconds - wait
    bench.say("大表", f"pandas 读、写这四张表（指标 {rows} 行）", ms(base))
    scores = str(bench.home / "scores")
    for jobs in (1, 2) if bench.quick else (2,):
        done = command(*SELFEVAL, "check", str(folder), "--output-format", "github", "--select", "T",
                       "--scores", scores, "--jobs", str(jobs))  # fmt: skip
        what = f"读、配对、计分、检查，写 scores.csv，--jobs {jobs}"
        bench.say("大表", what, ms(done.seconds), f"{share(done.seconds, base, 'pandas')}，主进程 {done.megabytes} MB")


def large_project(bench: Bench) -> None:
    """One project of 2,000 and of 4,000 rows, all of them checked against each other."""
    seconds = {}
    for rows in (2_000, 4_000):
        folder = bench.home / "inputs" / f"rows{rows}"
        generate(folder, 1, rows)
        seconds[rows] = median(3, lambda folder=folder: command(*SELFEVAL, "check", str(folder))).seconds  # type: ignore[misc]
        bench.say(
            "一表", f"检查一个项目，{rows} 行指标", ms(seconds[rows]), share(seconds[rows], seconds[2_000], "2000 行")
        )


def verifying(bench: Bench) -> None:
    """`verify` of one report of 1,000 and of 4,000 rows: seconds of processors; all text is made again."""
    processor = {}
    for rows in (1_000,) if bench.quick else (1_000, 4_000):
        folder = bench.home / "inputs" / f"rows{rows}"
        generate(folder, 1, rows)
        bench.build(folder, "--format", "pdf", "--pdf-engine", "typst")
        (report,) = bench.output(folder).glob("projects/*/report.pdf")
        done = command(*SELFEVAL, "verify", str(report), allowed=frozenset({0}))
        processor[rows] = done.processor
        bench.say(
            "核对",
            f"核对一份报告，{rows} 行指标，处理器时间",
            ms(processor[rows]),
            f"{share(processor[rows], processor[1_000], '1000 行')}，{done.megabytes} MB",
        )


def imports(bench: Bench) -> None:
    """A form of 5,000 and of 19,000 rows read; then what no form has, refused or read as far as it goes."""
    head = "项目名称\t甲项目\n一级指标\t二级指标\t三级指标\t指标值"
    row = "产出指标\t数量指标\t指标{0}\t≥{0}个"
    table = f"项目绩效目标表\n项目名称\t项目{{0}}\n{head.split(chr(10))[1]}\n{row}\n"
    wide = "\t".join(map(str, range(16_000)))
    texts = {
        "5000 行": "\n".join((head, *map(row.format, range(5_000)))),
        "1.9 万行": "\n".join((head, *map(row.format, range(19_000)))),
        "5 万行": "\n".join((head, *map(row.format, range(50_000)))),
        "5 万张表": "\n".join(map(table.format, range(50_000))),
        "1.6 万列": "\n".join((f"{head}\t{wide}", *(f"{row.format(n)}\t{wide}" for n in range(20)))),
    }
    seconds: dict[str, float] = {}
    for what, text in texts.items():
        source = bench.home / f"{what}.txt"
        source.write_text(text, encoding="utf-8")
        told = [*SELFEVAL, "import", str(source), "--into", str(bench.home / what)]
        seconds[what] = command(*told, allowed=frozenset({0, 1, 2})).seconds
        bench.say("导入", what, ms(seconds[what]), share(seconds[what], seconds["5000 行"], "5000 行"))


def peers(bench: Bench) -> None:
    """The same nine pages by other means."""
    folder = bench.evaluation(1, narratives=True)
    count = 5 if bench.quick else 15
    base = 0.0
    for name, outcome in rivals.measure(folder, bench.home, count):
        if isinstance(outcome, str):
            bench.say("比较", name, "跳过", outcome)
            continue
        middle = statistics.median(outcome)
        base = base or middle
        bench.say("比较", name, ms(middle), share(middle, base, "直接用 WeasyPrint"))


GROUPS: dict[str, Callable[[Bench], None]] = {
    "start": start_up,
    "one": one_report,
    "rows": large_project,
    "verify": verifying,
    "import": imports,
    "peers": peers,
    "pages": pages,
    "pdfs": pdfs,
    "engines": engines,
    "many": many,
    "tables": tables,
}
"""In the order in which they run."""


# ── The table ─────────────────────────────────────────────────────────────────────────────────


def machine() -> Iterator[str]:
    """What the figures hold for."""
    model = next(
        (line.split(":")[1].strip() for line in cpu_info() if line.startswith("model name")), platform.machine()
    )
    yield f"{os.cpu_count()} 核，{model}；{platform.system()} {platform.release()}；Python {platform.python_version()}"
    yield f"{time.strftime('%Y-%m-%d')}；开始时负载 {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""


def cpu_info() -> list[str]:
    """Linux's own words about the processor."""
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def markdown(lines: list[Line]) -> str:
    """The table for docs/benchmark.md."""
    rows = [f"| {line.group} | {line.what} | {line.ratio} | {line.value} |" for line in lines]
    return "\n".join(["| | 做什么 | 比率 | 用时或大小 |", "|---|---|---|---|", *rows])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="测速：同一次运行里的中位数和比率。")
    parser.add_argument("--quick", action="store_true", help="小一些的数据，一两分钟")
    parser.add_argument("--only", default=",".join(GROUPS), help=f"只做其中几组：{'、'.join(GROUPS)}")
    parser.add_argument("--markdown", action="store_true", help="最后再按 Markdown 打印一遍")
    given = parser.parse_args()
    for said in machine():
        print(said)
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as home:
        bench = Bench(Path(home), given.quick)
        for name in given.only.split(","):
            GROUPS[name](bench)
    if given.markdown:
        print(markdown(bench.lines))


if __name__ == "__main__":
    main()
