"""On what each file of a build depends, as one sum a file: equal sums, equal bytes.

Found from the result alone, without making a page. A report depends on the project's own rows and texts, on what was
found about it, and on what it shares with the others; not on the rows of other projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from selfeval.audit.attachments import own_profile_files, own_templates
from selfeval.base.files import is_file, sum_of, sum_of_file, under, within
from selfeval.base.model import Scorecard
from selfeval.building.fingerprints import fonts, program
from selfeval.evaluation.result import Result, Rows, tables_of
from selfeval.reading.columns import REVIEW
from selfeval.reading.config import FILE
from selfeval.reading.narrative import UNIT, picture, picture_names
from selfeval.rules.dump import profile_toml


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The sums of one evaluation. `templates`: of the unit's own; `common`: of all that every page shares.

    `result`: the projects that are asked about, `rows` theirs.
    """

    result: Result
    templates: str
    common: str
    rows: Rows = field(default_factory=dict)

    @classmethod
    def of(cls, result: Result, options: str) -> Dependencies:
        """`options`: what was asked for that changes a page."""
        evaluation, folder = result.evaluation, result.folder
        templates = sums_of(folder, own_templates(folder)) if (folder / "templates").is_dir() else ""
        about = evaluation.year, evaluation.unit, evaluation.department, evaluation.money_unit, evaluation.demo
        common = sum_of(
            program(),
            options,
            evaluation.id,
            repr((*about, sorted(evaluation.report.items()))),
            sum_of_file(folder / FILE),
            profile_toml(result.rules),
            profile_toml(result.unit_rules or result.rules),
            sums_of(folder, own_profile_files(result)),
            templates,
        )
        return cls(result, templates, common)

    def of_part(self, part: Result, rows: Rows) -> Dependencies:
        """Those of some projects of the evaluation."""
        return replace(self, result=part, rows=rows)

    def report(self, card: Scorecard) -> str:
        """What the pages of one project (or the unit's own form) depend on."""
        id_, result = card.project.id, self.result
        about = result.about(card)
        text = result.narratives.get(id_, "")
        rows = {name: rows.get(id_, ()) for name, rows in self.rows.items()}
        # A table that nobody needs to have is nothing to a project that stands not in it.
        tables = [(t.name, t.columns) for t in tables_of(result) if rows[t.name] or t.name != REVIEW.name]
        cells = ["\x1f".join(row.record.values) for listed in rows.values() for row in listed]
        return sum_of(
            self.common,
            repr(tables),
            *cells,
            text,
            sum_of_file(result.folder / "narrative" / f"{id_}.md") if text else "",
            *pictures(result.folder, "\n\n".join((text, *cells))),
            repr((about.diagnostics, about.waived, about.proofs)),
            repr((card.total, card.counted, card.grade, card.review, card.budget.points, card.budget.steps)),
            *(repr((s.indicator.id, s.weight, s.points, s.rule_points, s.steps, s.review)) for s in card.scores),
        )

    def whole(self, result: Result, own: str, reports: Iterable[str]) -> str:
        """What index and summary depend on: everything, through the sums of the reports and of the unit's `own` form.

        What was found about a project is in the sum of its report.
        """
        text, ids = result.narratives.get(UNIT, ""), {brief.id for brief in result.briefs}
        shown = pictures(result.folder, text)
        findings = [d for d in result.diagnostics if d.project not in ids]
        waived = [w for w in result.waived if w.diagnostic.project not in ids]
        return sum_of(self.common, own, text, *shown, repr((findings, waived)), *reports)


def of_file(kind: str, key: str) -> str:
    """The sum for one format: only what is printed depends on the fonts."""
    return sum_of(kind, key, fonts() if kind == "pdf" else "")


def sums_of(folder: Path, names: Iterable[str]) -> str:
    """Files of the evaluation by name and content."""
    return sum_of(*(part for name in names for part in (name, sum_of_file(folder / name))))


def pictures(folder: Path, text: str) -> Iterator[str]:
    """The pictures a text shows, each as the sum of its content."""
    for name in picture_names(text):
        content, media, problem = picture(name, folder)
        yield sum_of(name, content, media, problem)


# ── Everything that lies in the folder ──


def of_inputs(folder: Path, out: Path, options: str) -> str:
    """The sum of all that a build could read: equal sums, and not even the tables need to be read.

    A link counts by what it says and by the state of the file it leads to, which is not opened: it may not be ours.
    """
    paths = (p for p in under(folder) if not within(p, out))
    listed = (part for p in paths for part in (p.relative_to(folder).as_posix(), content_of(p)))
    return sum_of(program(), fonts(), options, folder.name, *listed)


def content_of(path: Path) -> str:
    """What a file holds; of a link or a device only what it is."""
    if path.is_symlink():
        try:
            status = path.stat()
            state = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
        except OSError:
            state = "-"
        return f"→ {path.readlink()} {state}"
    return sum_of_file(path) if is_file(path) else "?"
