"""An evaluation of a hundred thousand projects: read, paired, scored and checked without ever being held as a whole.

The tables are cut by project; processes take the projects in portions through the same `judge` that every evaluation
goes through, and send back what is kept of them: findings, the rows of scores.csv, a line of the summary. The order is
that of projects.csv, and every byte is the one that a build of a small evaluation would write.
"""

from __future__ import annotations

import csv
import gc
from collections.abc import Callable, Container, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import localcontext
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from selfeval.base.diagnostics import Diagnostic, about_known, causes, in_order
from selfeval.base.exact import EXACT
from selfeval.base.files import PART, is_file, refuse_other, replace_file
from selfeval.base.grouping import grouped
from selfeval.base.memo import settle, undisturbed
from selfeval.base.model import BudgetScore, Scorecard
from selfeval.base.waiting import answers
from selfeval.checks import check_whole
from selfeval.checks.all_projects import Whole
from selfeval.evaluation import pipeline
from selfeval.evaluation.csv_exports import (
    Extra,
    extras_in,
    own_levels,
    score_lines,
    scores_head,
    summary_head,
    summary_line,
    without_columns,
)
from selfeval.evaluation.departments import department_csv
from selfeval.evaluation.exports import codes_by_indicator
from selfeval.evaluation.mentions import fill, names_values, unit_subject
from selfeval.evaluation.pipeline import (
    Examined,
    Setting,
    asked_in,
    judge,
    narratives_of,
    setting_of,
    settled,
    unit_in,
)
from selfeval.evaluation.shelf import raw, read
from selfeval.evaluation.waivers import apply
from selfeval.reading.adjustments import AFTER
from selfeval.reading.columns import PROJECTS, REVIEW, TABLES, TARGETS
from selfeval.reading.large_csv import Cut, LargeFile, read_large, table_of
from selfeval.reading.narrative import UNIT
from selfeval.reading.projects import WHOLE_UNIT, Tables, by_project, is_whole_unit, project_rows
from selfeval.reading.tables import ABSENT, Table, TableRow, read_table

P = ParamSpec("P")
T = TypeVar("T")

LARGE = 8_000_000
"""Bytes of tables from which an evaluation is taken in portions: some 3,000 projects; below, a process costs more."""

PORTION = 40
"""Projects that a process takes at a time: enough to make the way there and back cheap, few enough for its cache."""

AHEAD = 12
"""Portions that wait for each process, so that none is idle and the memory is bounded."""

SPECS = tuple(spec for spec in TABLES if spec is not PROJECTS)
"""The tables that are cut."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some projects: their rows of projects.csv, their records of the other tables, their narratives."""

    projects: tuple[TableRow, ...]
    cuts: tuple[tuple[Cut, ...], ...]
    narratives: dict[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is kept of a portion: its findings as plain tuples (they travel faster), its lines of text."""

    kept: tuple[tuple[Any, ...], ...]
    scores: str
    summary: str
    whole: Whole
    budgets: tuple[BudgetScore, ...]
    unit: Scorecard | None
    extras: tuple[Extra, ...]


@dataclass(frozen=True, slots=True)
class StreamShared:
    """What holds for all portions: the settings, the further columns of scores.csv.

    `sums`: whether the unit's own narrative names values, which may be the sums of all projects.
    """

    setting: Setting
    extras: tuple[Extra, ...]
    sums: bool


@dataclass(slots=True)
class Large:
    """The parts of a large evaluation in the parent. Mutable: findings gather while portions come back.

    `rows`: those of projects.csv that count; `again`: those that name a project once more.
    """

    setting: Setting
    rows: dict[str, TableRow]
    again: dict[str, list[TableRow]]
    files: tuple[list[LargeFile], ...]
    narratives: dict[str, str]
    found: list[Diagnostic]
    whole: Whole
    budgets: list[BudgetScore] = field(default_factory=list)
    unit: Scorecard | None = None

    def extras(self) -> tuple[Extra, ...]:
        """The further columns of scores.csv that some row may have: whether one has is known at the end."""
        files = dict(zip(SPECS, self.files, strict=True))
        columns = [file.head.layout.positions for file in files[TARGETS]]
        adjusted = any(at[name] != ABSENT for at in columns for name in (AFTER.target, AFTER.weight))
        form = any(at[name] != ABSENT for at in columns for name in Extra.FORM.value)
        there = {Extra.FORM: form, Extra.ADJUSTED: adjusted, Extra.REVIEWED: bool(files[REVIEW])}
        return tuple(extra for extra in Extra if there[extra])

    @property
    def shared(self) -> StreamShared:
        """What every process is told once."""
        return StreamShared(self.setting, self.extras(), names_values(self.narratives.get(UNIT, "")))

    def portions(self, size: int = 0) -> Iterator[Portion]:
        """The projects in portions, in their order; the unit itself (and any row that claims to be) comes last."""
        units = [id_ for id_, row in self.rows.items() if is_whole_unit(row)]
        apart = set(units)
        others = iter([id_ for id_ in self.rows if id_ not in apart])
        while ids := list(islice(others, size or PORTION)):
            yield self.portion(ids)
        if units:
            yield self.portion(units)

    def portion(self, ids: Sequence[str]) -> Portion:
        """These projects with all that belongs to them."""
        cuts = tuple(tuple(file.cut(ids) for file in files) for files in self.files)
        texts = {id_: self.narratives[id_] for id_ in ids if id_ in self.narratives}
        return Portion(tuple(row for id_ in ids for row in (self.rows.pop(id_), *self.again.get(id_, ()))), cuts, texts)


def examine(folder: Path, jobs: int, scores: Path | None = None) -> Examined:
    """Findings only: a large evaluation in portions, any other as a whole.

    `scores`: a folder for scores.csv and summary.csv.
    """
    if scores or is_large(folder):
        with localcontext(EXACT), undisturbed(), processes(jobs) as pool:
            if large := opened(folder.absolute()):
                return Examined(large.setting.folder, run(large, pool, jobs, scores), is_open=True)
    evaluated = pipeline.evaluate(folder)
    return Examined(evaluated.folder, evaluated.diagnostics, is_open=evaluated.is_open)


def is_large(folder: Path) -> bool:
    """Whether the tables of an evaluation are too large to be held as cells."""
    try:
        return sum(file.stat().st_size for file in folder.glob("**/*.csv") if is_file(file)) >= LARGE
    except OSError:
        return False


def opened(folder: Path) -> Large | None:
    """A large evaluation with its tables cut; None where it is to be taken as a whole (a workbook, no settings)."""
    setting, of_settings = setting_of(folder)
    files = [read_large(folder, spec) for spec in SPECS] if setting else []
    if setting is None or None in files:
        return None
    table, problems = read_table(folder, PROJECTS)
    findings = [*of_settings, *problems, *(d for read in files if read for d in read[1])]
    rows = project_rows(table, findings)
    narratives, unread = narratives_of(setting, [id_ for id_, row in rows.items() if not is_whole_unit(row)])
    findings += unread
    cut = tuple(read[0] for read in files if read)
    for spec, parts in zip(SPECS, cut, strict=True):
        strange, wrong = table_of(spec, [file.strangers(rows) for file in parts])
        by_project(strange, rows, findings)
        findings += wrong
    again = grouped((row for row in table.rows if rows.get(row.project, row) is not row), lambda row: row.project)
    return Large(setting, rows, again, cut, narratives, list(about_known(findings, rows)), Whole(folder))


def run(large: Large, pool: Executor, jobs: int, scores: Path | None) -> tuple[Diagnostic, ...]:
    """All portions through the line, in order; what is to be written is written as it comes."""
    ours: list[Diagnostic] = []
    extras = set(large.extras())
    with ExitStack() as stack:
        write = writer(stack, scores, large)
        for taken in results(large, pool, jobs):
            ours += [Diagnostic(*fields) for fields in taken.kept]
            large.whole = large.whole.joined(taken.whole)
            large.budgets += taken.budgets
            large.unit = large.unit or taken.unit
            extras.difference_update(taken.extras)
            write(taken)
    if scores and extras:
        drop_columns(scores / SCORES, {name for extra in extras for name in extra.value})
    rules = large.setting.rules
    grading = tuple(grade.name for grade in rules.grades), WHOLE_UNIT, rules.execution.denominator
    departments = pool.submit(department_csv, scores / SUMMARY, *grading) if scores else None
    kept, _ = apply((*large.found, *check_whole(large.whole), *unit_text(large)[1]), large.setting.config.ignore, {})
    findings = causes(in_order((*kept, *ours)))
    if scores and departments:
        replace_file(scores / DEPARTMENTS, departments.result())
    return findings


def unit_text(large: Large) -> tuple[str, list[Diagnostic]]:
    """The unit's own narrative with its values in, and the values named there that nobody has."""
    text = large.narratives.get(UNIT, "")
    subject = unit_subject(large.unit, large.budgets, large.setting.rules)
    return fill(text, subject, f"{large.setting.folder.name}/narrative/{UNIT}.md", None)


def writer(stack: ExitStack, folder: Path | None, large: Large) -> Callable[[Taken], None]:
    """What puts the lines of a portion into scores.csv and summary.csv; nothing where nobody asked for them."""
    if folder is None:
        return lambda _: None
    folder.mkdir(parents=True, exist_ok=True)
    extras, own = large.extras(), own_levels(large.setting.rules)

    def opened_file(name: str, head: str) -> IO[str]:
        refuse_other(folder / name)
        file = stack.enter_context((folder / name).open("w", encoding="utf-8-sig", errors="replace", newline=""))
        file.write(head)
        return file

    scores, summary = opened_file(SCORES, scores_head(extras)), opened_file(SUMMARY, summary_head(own))

    def write(taken: Taken) -> None:
        scores.write(taken.scores)
        summary.write(taken.summary)

    return write


def drop_columns(path: Path, names: Container[str]) -> None:
    """Writes a file of ours again without columns that no row has anything in."""
    part = path.with_name(f"{PART}{path.name}.part")
    with (
        path.open(encoding="utf-8-sig", newline="") as old,
        part.open("w", encoding="utf-8-sig", newline="") as new,
    ):
        csv.writer(new, lineterminator="\r\n").writerows(without_columns(old, names))
    part.replace(path)


class Here(Executor):
    """Does at once, in this process, what it is asked to do."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """What came of it; what goes wrong goes wrong here."""
        done: Future[T] = Future()
        done.set_result(do(*args, **kwargs))
        return done


@contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """So many processes, which load the program while the tables are being cut; a single job is done here."""
    if jobs < 2:
        yield Here()
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), ready)
    try:
        for _ in range(jobs):
            pool.submit(int)  # a process starts when it is first given something to do
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def results(large: Large, pool: Executor, jobs: int) -> Iterator[Taken]:
    """What the portions come to, in order, while some more of them wait for each process."""
    shared = raw(large.shared)
    work = (pool.submit(take_and_clear, shared, portion) for portion in large.portions())
    return answers(work, 0 if isinstance(pool, Here) else jobs * AHEAD)


SCORES, SUMMARY, DEPARTMENTS = "scores.csv", "summary.csv", "departments.csv"
shared_of: Callable[[bytes], StreamShared] = lru_cache(maxsize=1)(read)
"""What holds for all portions, from the bytes that travel with each: read once a process."""


def ready() -> None:
    """Readies a process of ours."""
    settle()
    gc.disable()


def take_and_clear(shared: bytes, portion: Portion) -> Taken:
    """One portion; what garbage it left in cycles is looked for once, when nearly all is gone without that."""
    taken = take(shared_of(shared), portion)
    gc.collect(0)
    return taken


def packed(d: Diagnostic) -> tuple[Any, ...]:
    """A finding's fields in their order."""
    return d.code, d.severity, d.params, d.file, d.line, d.column, d.project, d.indicator, d.title, d.sheet


def take(shared: StreamShared, portion: Portion) -> Taken:
    """One portion through the line."""
    setting, extras, own = shared.setting, shared.extras, own_levels(shared.setting.rules)
    with localcontext(EXACT):
        cut = [table_of(spec, cuts) for spec, cuts in zip(SPECS, portion.cuts, strict=True)]
        projects = Table(PROJECTS.name, (), portion.projects)
        judged = judge(setting, Tables(projects, *(table for table, _ in cut)), portion.narratives)
        kept, _ = settled(setting, judged, (d for _, problems in cut for d in problems))
        codes = codes_by_indicator(kept)
        others = [card.budget for card in judged.scorecards if not card.project.is_unit] if shared.sums else []
        return Taken(
            tuple(map(packed, kept)),
            "".join(score_lines(card, codes, extras) for card in judged.scorecards),
            "".join(summary_line(card, own) for card in judged.scorecards),
            Whole.of(setting.folder, judged.scorecards, asked_in(setting, judged.narratives)),
            tuple(replace(budget, steps=(), readings=()) for budget in others),
            unit_in(judged.scorecards),
            extras_in(judged.scorecards),
        )
