"""Damaged inputs of every kind, through the whole program: what tests and the campaign in benchmarks/ share.

An attempt takes a sound input, damages it by a seeded die, runs a command as the user would, and holds what came of it
against the contract: an exit code of the contract, no word of a failure inside the program, JSON that is JSON,
nothing written beside the place that was asked for, an end within the patience of a user.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
import signal
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, make_evaluation, table_bytes

from selfeval.cli.app import run

HERE = Path(__file__).parent
ROOT = HERE.parent
SECONDS = 60
"""Longer than any honest file here takes by far: what takes longer hangs."""

TOML = """[evaluation]
year = 2021
unit = "甲县财政局"
department = "甲县"
rules = "own"
money_unit = "万元"
[report]
layout = "sichuan"
date = 2022-01-20
preparer = "张三"
[report.fonts]
"正文" = "仿宋"
[check.ignore]
C021 = "核对过"
"""
NARRATIVE = """## 一、项目概况

**绩效目标：**完成 20 公里。[链接](https://example.com) ![图](evidence/a.png) <b>x</b>

1. 甲
   - 乙 `丙`

| 指标 | 完成 |
|---|---|
| 维修里程 | {{ 总分 }} {{ 指标("维修里程").实际 }} |

## 五、自评结论

> 得 100.00 分。
"""
TEMPLATE = """{% extends "base.html" %}
{% from "partials/macros.html" import attachment %}
{% block title %}{{ doc.name }}{% endblock %}
{% block paper %}{% for part in doc.parts %}<h2>{{ part.title }}</h2>{% endfor %}{% endblock %}
{% block screen %}<p>{{ doc.marks.unit | upper }}</p>
{% include "partials/footer.html" %}{% endblock %}
"""
WORDS = (
    "", " ", "\t", "\0", "\ufeff", "\u202e", "\u200b", "\u2028", "\r\n", "\r", "\n", '"', '""', '"\n', "'", ",",
    ";", "，", "|", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "<script>", "</style>", "]]>", "{{ 7*7 }}",
    "{% for x in range(9) %}", "../../x", "CON", "file:///etc/passwd", "javascript:alert(1)", "≥", "≤", "%",
    "９５％", "1e999", "-0", "NaN", "inf", "0x10", "9" * 400, "0." + "0" * 400 + "1", "1/0", "2021-02-30",
    "0000-00-00", "9999年99月", "定性", "合计", "部门整体", "/", "……", "№", "𠮷", "\U0010ffff", "́", "é", "ﬁ",
    "①②", "(" * 200, "（" * 200, "[" * 500, "#" * 70, "*" * 300, "_" * 300, "`" * 300, "!" * 200, "a" * 5000,
    "年初预算数", "项目编号", "三级指标", "万元", "元", "true", "null", "{}", "[]", "[[evaluation]]",
    'extends = "own"', "2021-01-01", "1.",
)  # fmt: skip


REPEATED = (
    " ", "\t", "\n", "0", "9", "1,", "1.", "a", "A", "甲", "一", "百", "年", "月", "%", "(", ")", "（", "）",
    "[", "]", "{", "{{", "}}", "*", "_", "`", "#", "-", "/", "、", "，", "。", "；", "≥", "=", "+", '"', "'",
    "<", "<meta", "<style>", "|", ":", "：", "1年", "1-", "1/", "1月1日", "a.", "甲1", "1甲", "1 ", " 1",
    "甲 ", "10%", "元", "万", "**", "](", "![", "\\", "@", "ab ", "2021", "1元", "1万元、", "完成1", "{{ 总分 }}",
    "> ", "- ", "1. ", "\n\n", "&", "以上", "不", "约", "至", "第1年", "①",
)  # fmt: skip
"""What a text of any length may consist of, made to take a pattern or a parser long."""


VALUES = (
    "1", "-1", "0", "1.5", "1e400", "9223372036854775808", "nan", "inf", "true", '""', '"甲"', "[]", "[1]",
    '["甲", 1]', "{}", "{ a = 1 }", "[{ a = 1 }]", "2021-01-01", "2021-01-01T00:00:00Z", "00:00:00", '"own"',
    '"../own"', '"mof-2021"', '"万元"', '"sichuan"', '"inverse_ratio"', '"deviation"', '"per_point"',
    '"half_up"', "100", "0.000000000000001", "999999999999999",
)  # fmt: skip
"""What may stand behind `=` in TOML."""


class Hang(Exception):  # noqa: N818 - what happened
    """An attempt that did not end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str


# ── Damage ──


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Bytes with some of them changed, as text or as bytes."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return damaged_bytes(data, rng)
    if rng.random() < 0.2:
        return damaged_bytes(data, rng)
    return in_some_encoding(damaged_text(text, rng), rng)


def damaged_bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes overwritten, cut out, doubled, cut off, or put in."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
        at = rng.randrange(len(made) + 1)
        size = rng.choice((1, 1, 2, 8, 64, 512))
        how = rng.randrange(5)
        if how == 0 and at < len(made):
            made[at] = rng.randrange(256)
        elif how == 1:
            del made[at : at + size]
        elif how == 2:
            made[at:at] = made[at : at + size]
        elif how == 3:
            made[at:at] = rng.randbytes(size)
        elif rng.random() < 0.1:
            del made[at:]
    return bytes(made)


def damaged_text(text: str, rng: random.Random) -> str:
    """A text with pieces put in, taken out, moved, or exchanged between its lines and cells."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8, 30))):
        at = rng.randrange(len(text) + 1)
        size = rng.choice((0, 1, 1, 3, 10, 100))
        how = rng.randrange(6)
        if "\n[" in text and rng.random() < 0.8:
            text = with_another_value(text, rng)
        elif how == 0:
            text = text[:at] + rng.choice(WORDS) + text[at + size :]
        elif how == 1:
            text = text[:at] + text[at + size :]
        elif how == 2:
            text = text[:at] + chr(rng.choice((rng.randrange(0x250), rng.randrange(0x3000, 0xD800)))) + text[at:]
        elif how == 3:
            text = text[:at] + text[at : at + size] * rng.choice((2, 3, 50)) + text[at + size :]
        elif how == 4:
            lines = text.splitlines(keepends=True) or [""]
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
            text = "".join(lines)
        else:
            cells = text.split(",")
            cells[rng.randrange(len(cells))] = rng.choice(WORDS)
            text = ",".join(cells)
        text = text[:200_000]
    return text


def with_another_value(text: str, rng: random.Random) -> str:
    """TOML in which one key has another value, or a line is gone or doubled: mostly still TOML."""
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    key, sign, _ = lines[at].partition(" = ")
    lines[at] = f"{key} = {rng.choice(VALUES)}\n" if sign else rng.choice(("", lines[at] * 2, lines[at]))
    return "".join(lines)


def in_some_encoding(text: str, rng: random.Random) -> bytes:
    """UTF-8 as a rule; now and then another that Excel writes, or none that it does."""
    encoding = rng.choice((*["utf-8"] * 12, "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5", "latin-1"))
    return text.encode(encoding, "replace")


def damaged_zip(data: bytes, rng: random.Random) -> bytes:
    """An Office file whose parts are damaged one by one, so that the damage comes behind the zip."""
    if rng.random() < 0.25:
        return damaged_bytes(data, rng)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        victims = set(rng.sample(names, min(len(names), rng.choice((1, 1, 2)))))
        for name in names:
            content = old.read(name)
            if name in victims and rng.random() < 0.9:
                content = damaged(content, rng)
            if name not in victims or rng.random() < 0.95:
                new.writestr(name, content)
    return out.getvalue()


# ── Sound inputs ──


@cache
def profile() -> bytes:
    """A shipped profile under the unit's own name."""
    text = (ROOT / "selfeval" / "rules" / "profiles" / "mof-2020.toml").read_text(encoding="utf-8")
    return text.replace('"mof-2020"', '"own"', 1).encode()


@cache
def forms() -> dict[str, bytes]:
    """One approved form in every format `import` reads."""
    from importing import layouts

    made = {path.name: path.read_bytes() for path in (HERE / "importing" / "seeds").iterdir() if path.suffix == ".txt"}
    made["ningxia.xls"] = (HERE / "importing" / "ningxia-2020.xls").read_bytes()
    grids = layouts.seed_grids("ningxia-2020")[:1]
    return made | {f"form.{kind}": write(grids) for kind, write in layouts.WRITERS.items()}


@cache
def report_pdf() -> bytes:
    """A small report as built."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_evaluation(home)
        done = command(["build", str(home / "甲县-2021"), "--out", str(home / "out"), "--format", "pdf"])
        assert done.code == 0, done.err
        return (home / "out" / "甲县-2021" / "projects" / "P01" / "report.pdf").read_bytes()


TABLES = {"projects.csv": PROJECTS, "budget.csv": BUDGET, "targets.csv": TARGETS, "actuals.csv": ACTUALS}


def whole_evaluation(home: Path) -> dict[Path, bytes]:
    """Every file of an evaluation that has all there may be."""
    folder = home / "甲县-2021"
    files = {folder / name: table_bytes(text) for name, text in TABLES.items()}
    files[folder / "selfeval.toml"] = TOML.encode()
    files[folder / "rules" / "own.toml"] = profile()
    files[folder / "narrative" / "P01.md"] = NARRATIVE.encode()
    files[folder / "narrative" / "unit.md"] = NARRATIVE.replace("{{", "{").encode()
    files[folder / "templates" / "report.html"] = TEMPLATE.encode()
    return files


# ── Attempts ──


def attempt_evaluation(victim: str, home: Path, rng: random.Random) -> Outcome:
    """An evaluation of which some files are damaged, checked or built."""
    files = whole_evaluation(home)
    own_template = victim == "template"
    for path, content in files.items():
        if path.suffix == ".html" and not own_template:
            continue
        hit = victim in path.as_posix() and (victim != ".csv" or rng.random() < 0.6)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(damaged(content, rng) if hit else content)
    folder, out = str(home / "甲县-2021"), str(home / "out")
    if victim in {"narrative", "template"} or rng.random() < 0.15:
        formats = rng.choice(("html", "html", "html", "xlsx", "docx"))
        return command(["build", folder, "--out", out, "--format", "html" if own_template else formats])
    if rng.random() < 0.15:
        return command(["explain", folder])
    done = command(["check", folder, "--output-format", rng.choice(("json", "json", "text", "github", "sarif"))])
    if done.out.startswith("{"):
        json.loads(done.out)
    return done


def attempt_length(home: Path, rng: random.Random) -> Outcome:
    """An evaluation with one text so long that whatever takes more than its share of time shows."""
    piece, size = rng.choice(REPEATED), rng.choice((3_000, 30_000, 90_000))
    long = rng.choice(("", "1", "甲", "≥")) + piece * (size // len(piece)) + rng.choice(("", "!", "x", "元", " }}"))
    files = whole_evaluation(home)
    victim = rng.choice([path for path in files if path.suffix in {".csv", ".md", ".toml"}])
    for path, content in files.items():
        if path.suffix != ".html":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content if path != victim else lengthened(path.suffix, content.decode("utf-8-sig"), long, rng)
            )
    folder, out = str(home / "甲县-2021"), str(home / "out")
    if victim.suffix == ".md" or rng.random() < 0.3:
        return command(["build", folder, "--out", out, "--format", "html"])
    return command(["check", folder, "--output-format", rng.choice(("json", "text"))])


def lengthened(kind: str, text: str, long: str, rng: random.Random) -> bytes:
    """A file with the long text in place of a cell or a value, or between two letters."""
    if kind == ".csv":
        rows = [line.split(",") for line in text.splitlines()]
        row = rng.choice(rows[1:])
        row[rng.randrange(len(row))] = '"' + long.replace('"', '""') + '"'
        return "\r\n".join(map(",".join, rows)).encode()
    if kind == ".toml":
        lines = text.splitlines()
        at = rng.choice([n for n, line in enumerate(lines) if " = " in line])
        lines[at] = f"{lines[at].partition(' = ')[0]} = {json.dumps(long, ensure_ascii=False)}"
        return "\n".join(lines).encode()
    at = rng.randrange(len(text))
    return (text[:at] + long + text[at:]).encode()


def attempt_import(home: Path, rng: random.Random) -> Outcome:
    """A damaged form imported, now and then twice, the tables damaged between."""
    name, content = rng.choice(sorted(forms().items()))
    damage = damaged_zip if name.endswith((".xlsx", ".docx", ".ods")) else damaged
    source = home / name
    source.write_bytes(damage(content, rng))
    arguments = ["import", str(source), "--into", str(home / "甲县-2021"), *(["--xlsx"] if rng.random() < 0.2 else [])]
    done = command(arguments)
    if rng.random() < 0.3:
        for path in (home / "甲县-2021").glob("*.csv"):
            if rng.random() < 0.4:
                path.write_bytes(damaged(path.read_bytes(), rng))
        done = command(arguments)
    return done


def attempt_workbook(home: Path, rng: random.Random) -> Outcome:
    """A table as a damaged workbook."""
    folder = make_evaluation(home, targets=None)
    (folder / "targets.xlsx").write_bytes(damaged_zip(targets_workbook(), rng))
    return command(["check", str(folder), "--output-format", "json"])


@cache
def targets_workbook() -> bytes:
    """The targets as a workbook."""
    import csv

    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(table_bytes(TARGETS).decode("utf-8-sig"))):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def attempt_verify(home: Path, rng: random.Random) -> Outcome:
    """A damaged report verified."""
    file = home / "report.pdf"
    file.write_bytes(damaged_bytes(report_pdf(), rng))
    done = command(["verify", str(file), "--output-format", "json"])
    json.loads(done.out)
    return done


KINDS: dict[str, Callable[[Path, random.Random], Outcome]] = {
    "tables": lambda home, rng: attempt_evaluation(".csv", home, rng),
    "settings": lambda home, rng: attempt_evaluation("selfeval.toml", home, rng),
    "profiles": lambda home, rng: attempt_evaluation("rules/own.toml", home, rng),
    "narratives": lambda home, rng: attempt_evaluation("narrative", home, rng),
    "templates": lambda home, rng: attempt_evaluation("template", home, rng),
    "lengths": attempt_length,
    "workbooks": attempt_workbook,
    "imports": attempt_import,
    "reports": attempt_verify,
}


def command(arguments: list[str]) -> Outcome:
    """One command line, run here; what it says is kept."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return Outcome(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def within(seconds: int) -> Iterator[None]:
    """Ends what hangs, where the system has alarms; elsewhere the person watching does."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def one(kind: str, seed: int) -> tuple[int, str]:
    """One attempt: its exit code, and what it did against the contract ("" for nothing)."""
    rng = random.Random(f"{kind} {seed}")
    home = Path(tempfile.mkdtemp(prefix="selfeval-faults-"))
    try:
        with within(SECONDS):
            done = KINDS[kind](home, rng)
        beside = {p.name for p in home.iterdir()} - {"甲县-2021", "out", "report.pdf", *forms()}
        parts = [p.name for p in home.rglob("*.part")]
    except Hang:
        return -1, "did not end"
    except ValueError as error:
        return -1, f"JSON: {error}"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if done.code not in {0, 1, 2}:
        return done.code, f"exit {done.code}: {done.err[-300:]}"
    if "程序内部出错" in done.err or "Traceback" in done.err + done.out or "读写文件失败" in done.err:
        return done.code, next(line for line in done.err.splitlines() if "失败" in line or "出错" in line)
    return done.code, f"left behind: {beside or parts}" if beside or parts else ""
