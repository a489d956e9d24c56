"""`selfeval import`: sources → one evaluation. The one way in; never raises on bad input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from selfeval.base.files import reason_of, replace_file, same, sweep
from selfeval.base.model import FULL_POINTS
from selfeval.base.phrases import CHINESE, Param, Phrase, phrase
from selfeval.importing.grid import SourceFile
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.own_tables import own_tables
from selfeval.importing.readers.files import listed, read_source
from selfeval.importing.tables.assemble import Assembled, assemble
from selfeval.importing.tables.doubts import doubt
from selfeval.importing.tables.entry_guide import About
from selfeval.importing.tables.merge import REPORT_JSON, SPECS, Existing, Update, key_of, known_of, merge, read_existing
from selfeval.importing.tables.report import ImportReport, by_message, report_json, report_md
from selfeval.importing.tables.write import write_narratives, write_settings, write_tables
from selfeval.importing.understanding.understand import understand
from selfeval.reading.columns import REVIEW, WORKBOOK
from selfeval.reading.config import FILE, read_config
from selfeval.reading.csv_edit import Row
from selfeval.rules.load import load_rules, own_profiles

REPORT_MD = "import-report.md"
MOST_REASONS = 5
"""How much that was left unread is told where nothing was found."""


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did. `problems`: sentences about sources or tables that could not be used."""

    projects: int = 0
    indicators: int = 0
    actuals: int = 0
    funds: int = 0
    doubtful: int = 0
    to_check: int = 0
    not_understood: int = 0
    kept: int = 0
    written: tuple[str, ...] = ()
    problems: tuple[Phrase, ...] = ()
    report: Path | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.projects or self.actuals)

    def lines(self) -> list[Phrase]:
        """What to tell the person, besides the problems."""
        if self.nothing:
            return []
        rest = phrase("，没有读懂 {count} 处", count=self.not_understood) if self.not_understood else ""
        kept = phrase("，与现有表格不同而保留 {count} 处", count=self.kept) if self.kept else ""
        rows = {"projects": self.projects, "indicators": self.indicators, "funds": self.funds}
        looks: dict[str, Param] = {"count": self.to_check, "rest": rest, "kept": kept, "report": str(self.report)}
        written = tuple(name for name in self.written if not name.startswith("narrative/"))
        return [
            phrase("项目 {projects} 个，指标 {indicators} 条，预算 {funds} 行", **rows),
            *([phrase("可疑 {count} 处，请先看报告开头的“可疑”", count=self.doubtful)] if self.doubtful else []),
            phrase("需要核对 {count} 处{rest}{kept}，见 {report}", **looks),
            phrase("写入：{written}", written=written) if written else phrase("与现有内容相同，没有改动表格"),
        ]


def import_forms(sources: list[Path], into: Path, *, xlsx: bool = False, language: str = CHINESE) -> ImportOutcome:
    """Reads all sources and writes, or completes, the evaluation in `into`; `language`: that of its report."""
    if into.exists() and not into.is_dir():
        return ImportOutcome(problems=(phrase("{into} 是一个文件，--into 应为评价文件夹", into=str(into)),))
    read = [read_source(path) for path in listed(sources)]
    problems = [phrase("{name}：{why}", name=source.name, why=source.problem) for source in read if source.problem]
    problems += [] if read else [phrase("没有给出可以导入的文件")]
    ledger = Ledger()
    own, forms = own_tables([s for s in read if not s.problem], ledger)
    drafts, heard = understand(forms, ledger)
    if not drafts and not own:
        return ImportOutcome(problems=(*problems, *_nothing_found(read, ledger)))
    existing = read_existing(into)
    known = known_of(existing, _money_unit(into))
    whole = assemble(drafts, own.heard(heard), replace(known, taken=known.taken | own.ids), ledger)
    own.join(whole)
    doubt(whole, ledger)
    specs = [*SPECS, *([REVIEW] if whole.tables["review"] else [])]
    merged = [merge(spec, whole.tables[spec.name], existing, ledger) for spec in specs]
    broken = existing.broken.items()
    problems += [phrase("{name}：现有的表有错误，没有改动（{why}）", name=name, why=why) for name, why in broken]
    try:
        written = _write(_Job(into, whole, merged, read, existing, xlsx, language), ledger)
    except OSError as error:
        why = phrase("写不进 {file}：{why}", file=str(error.filename or into), why=reason_of(error))
        return ImportOutcome(problems=(*problems, why))
    return _outcome(into, whole, ledger, written, problems)


def about_of(into: Path, whole: Assembled) -> About:
    """Whose workbook it is: as the settings say, else as the forms do."""
    config = read_config(into)[0]
    if config is None:
        return About(whole.unit, whole.year, whole.money_unit, "")
    both = (load_rules(name, config.year, own_profiles(into))[0] for name in (config.rules, config.unit_rules))
    points = (f"{float(FULL_POINTS - rules.execution.points):g}" if rules else "" for rules in both)
    return About(config.unit, config.year, config.money_unit, *points)


def _nothing_found(read: Sequence[SourceFile], ledger: Ledger) -> list[Phrase]:
    """Why nothing was written: what could be read holds no form, and what was left unread."""
    missing = phrase("没有找到绩效目标表（应有“项目名称”和“一级指标、二级指标、三级指标、指标值”），什么都没有写")
    remarks = [r for r in ledger.remarks if r.sort is Sort.UNKNOWN]
    sentences = []
    for source in read:
        unread = list(dict.fromkeys(r.message for r in remarks if r.place.startswith(source.name)))[:MOST_REASONS]
        if not source.problem:
            sentences.append(phrase("{name}：{why:；}", name=source.name, why=(*source.remarks, *unread, missing)))
    return sentences


def _money_unit(into: Path) -> str:
    """The money unit of an evaluation that is there; the amounts of the forms are turned into it."""
    config = read_config(into)[0] if (into / FILE).exists() else None
    return config.money_unit if config else ""


@dataclass(frozen=True, slots=True)
class _Job:
    """All that is to be written, and where."""

    into: Path
    made: Assembled
    merged: Sequence[Update]
    read: Sequence[SourceFile]
    existing: Existing
    xlsx: bool
    language: str


def _write(job: _Job, ledger: Ledger) -> list[str]:
    """All files, each whole; the report last, so that it tells what was done."""
    into, whole = job.into, job.made
    sweep(into, "*/")
    _compare_settings(into, whole, ledger)
    if job.xlsx and job.existing.tables and not (into / WORKBOOK).exists():
        there = tuple(sorted({Path(f).name for table in job.existing.tables.values() for f in table.files}))
        message = phrase(
            "已有 {there}，没有另写 {book}；要换成填报表，请先移走这些表再导入", there=there, book=WORKBOOK
        )
        ledger.remark(Sort.KEPT, message)
    written = write_settings(into, whole, [s.name for s in job.read if not s.problem])
    written += write_tables(into, job.merged, about_of(into, whole), xlsx=job.xlsx)
    written += write_narratives(into, whole)
    report = ImportReport(job.read, whole, ledger, _remembered(whole, job.existing), job.language)
    for name, content in ((REPORT_MD, report_md(report)), (REPORT_JSON, report_json(report))):
        if not same(into / name, content):
            replace_file(into / name, content)
    return written


def _remembered(whole: Assembled, existing: Existing) -> dict[str, list[Row]]:
    """What this import and those before it wrote: an import of other forms forgets nothing."""
    remembered: dict[str, list[Row]] = {}
    for spec in SPECS:
        rows = {key_of(spec, row): row for row in existing.baseline.get(spec.name, [])}
        rows |= {key_of(spec, row): row for row in whole.tables[spec.name]}
        remembered[spec.name] = list(rows.values())
    return remembered


def _compare_settings(into: Path, whole: Assembled, ledger: Ledger) -> None:
    """selfeval.toml is a person's: where the forms say otherwise, it is only said."""
    config = read_config(into)[0] if (into / FILE).exists() else None
    if config is None:
        return
    if whole.year and whole.year != config.year:
        years = {"year": config.year, "here": whole.year}
        ledger.remark(Sort.KEPT, phrase("selfeval.toml 的年度是 {year}，表里是 {here}，保留前者", **years))
    if whole.unit and whole.unit != config.unit:
        units = {"unit": config.unit, "here": whole.unit}
        ledger.remark(Sort.KEPT, phrase("selfeval.toml 的单位是“{unit}”，表里是“{here}”，保留前者", **units))


def _outcome(
    into: Path, whole: Assembled, ledger: Ledger, written: Iterable[str], problems: Iterable[Phrase]
) -> ImportOutcome:
    def lines(*sorts: Sort) -> int:
        return len(by_message(r for r in ledger.remarks if r.sort in sorts))

    return ImportOutcome(
        projects=len(whole.tables["projects"]),
        indicators=len(whole.tables["targets"]),
        actuals=len(whole.tables["actuals"]),
        funds=len(whole.tables["budget"]),
        doubtful=lines(Sort.DOUBTFUL),
        to_check=lines(Sort.GUESSED, Sort.JOINED),
        not_understood=lines(Sort.UNKNOWN) + ledger.counts()["unknown"],
        kept=lines(Sort.KEPT),
        written=tuple(written),
        problems=tuple(problems),
        report=into / REPORT_MD,
    )
