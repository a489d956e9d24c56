"""What travels inside a report.pdf: the project's rows, the rules, the result, and a manifest of their SHA-256.

With it a reader who has nothing but the PDF can score again. The first digits of the manifest's own SHA-256,
printed on the page, tie the page to the files.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from selfeval import __version__
from selfeval.audit.pdf_pictures import sum_in
from selfeval.base import display
from selfeval.base.diagnostics import Diagnostic
from selfeval.base.evidence import inside
from selfeval.base.files import is_file, open_file, read_file, within
from selfeval.base.model import Scorecard
from selfeval.base.phrases import phrase
from selfeval.base.safe_cells import guarded, unguarded
from selfeval.evaluation.exports import json_around, json_bytes, scorecard_head, scorecard_json
from selfeval.evaluation.last_year import FILE as LAST_YEAR
from selfeval.evaluation.result import Result, Rows, named_files, rows_of, tables_of
from selfeval.reading.columns import TABLES, TableSpec
from selfeval.reading.config import FILE
from selfeval.reading.csv_files import csv_bytes
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.layouts import layout_name, own_layout
from selfeval.reading.narrative import picture, picture_file, picture_names
from selfeval.reading.tables import Table, TableRow
from selfeval.report.engines import TYPST
from selfeval.report.pages.views import Enclosure
from selfeval.report.pages.words import marks_in
from selfeval.rules.dump import profile_toml
from selfeval.rules.load import lineage, own_profiles, shipped_profiles

SCHEMA = "selfeval.manifest/1"
MANIFEST, SCORECARD, RULES, NARRATIVE = "manifest.json", "scorecard.json", "rules.toml", "narrative.md"
REQUIRED = (SCORECARD, FILE, RULES, *(f"{spec.name}.csv" for spec in TABLES if not spec.optional))
"""What every report carries beside its manifest."""
NAMES = frozenset({MANIFEST, NARRATIVE, LAYOUT_FILE, LAST_YEAR, *REQUIRED, *(f"{spec.name}.csv" for spec in TABLES)})
"""The only names an attachment of ours has."""

RESULT, SOURCE = "Data", "Source"
"""AFRelationship: what was computed, and what it was computed from."""

WORDS = {
    MANIFEST: phrase("清单：附件、输入文件和佐证文件的 SHA-256"),
    SCORECARD: "计分结果",
    FILE: "评价设置",
    RULES: "计分规则",
    LAYOUT_FILE: phrase("单位自己的版式"),
    NARRATIVE: phrase("自评报告正文"),
    LAST_YEAR: phrase("上年的计分结果（本项目）"),
    "projects.csv": phrase("项目表（本项目）"),
    "budget.csv": phrase("预算表（本项目）"),
    "targets.csv": phrase("目标表（本项目）"),
    "actuals.csv": phrase("完成值表（本项目）"),
    "review.csv": phrase("复核表（本项目）"),
}

Json = dict[str, Any]
Pictured = Callable[[bytes, str], bytes]
"""A picture and its media type → a PDF in which it is drawn."""


def enclosure(name: str, content: bytes) -> Enclosure:
    """The file of this name."""
    return Enclosure(name, content, WORDS[name], RESULT if name in {MANIFEST, SCORECARD} else SOURCE)


# ── Sums ──


def sha256(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical(data: Json) -> bytes:
    """JSON with sorted keys and no idle blanks (RFC 8785 for texts and integers): one content, one sum."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def fingerprint(manifest: bytes) -> str:
    """The first 16 hexadecimal digits of the manifest's SHA-256 in fours, as the page prints them."""
    return display.short_sum(sha256(manifest))


def joint_fingerprint(prints: Iterable[str]) -> str:
    """The one fingerprint that the summary prints: of those of its reports, a line each; "" where they have none."""
    listed = [*prints]
    return fingerprint("\n".join(listed).encode()) if any(listed) else ""


# ── Rows as CSV ──


def rows_csv(table: Table, spec: TableSpec, rows: Iterable[TableRow]) -> bytes:
    """Rows under the canonical header, as Excel and WPS read it; every cell the text that was scored."""
    columns = table.columns or tuple(c.name for c in spec.columns if c.required)
    return cells_csv([columns, *(tuple(row.text(name) for name in columns) for row in rows)])


def cells_csv(lines: Iterable[Iterable[str]]) -> bytes:
    """Cells as a file. What a spreadsheet might run gets an apostrophe, which `unguarded_csv` takes off again."""
    return csv_bytes(map(guarded, line) for line in lines)


def unguarded_csv(content: bytes) -> bytes:
    """A file of `cells_csv` with its cells as they were entered."""
    if b"'" not in content:
        return content
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return csv_bytes(map(unguarded, line) for line in lines)


# ── One evaluation ──


@dataclass(frozen=True, slots=True)
class Enclosing:
    """Makes the attachments of each report of one evaluation. `sums` keeps what was once read and summed."""

    result: Result
    rows: Rows
    settings: bytes
    rules: bytes
    profiles: tuple[str, ...]
    layout: bytes | None = None
    sums: dict[Path, tuple[str, int]] = field(default_factory=dict)
    pictures: dict[str, str | None] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False
    drawn: Json = field(default_factory=dict)
    pictured: Pictured | None = None

    @classmethod
    def of(
        cls, result: Result, *, draft: bool = False, drawn: Json | None = None, pictured: Pictured | None = None
    ) -> Enclosing:
        """Reads the settings, sorts the rows by project.

        `draft`: 征求意见稿 stands on every page; `drawn`: the engine and the fonts the pages are drawn with;
        `pictured`: how that engine puts a picture into a PDF.
        """
        return cls(
            result=result,
            draft=draft,
            drawn=drawn or {},
            pictured=pictured,
            rows=rows_of(result),
            settings=read_file(result.folder / FILE, folder=result.folder),
            rules=profile_toml(result.rules).encode("utf-8", "replace"),
            profiles=own_profile_files(result),
            layout=own_layout_content(result),
        )

    def of_part(self, part: Result, rows: Rows, items: Mapping[str, str]) -> Enclosing:
        """For some projects of the evaluation; `items`: each as it stands in scorecard.json."""
        return replace(self, result=part, rows=rows, items=items)

    def enclosures(self, card: Scorecard) -> tuple[Enclosure, ...]:
        """The attachments of one report, by name, the manifest among them."""
        files = dict(self._files(card))
        files[MANIFEST] = canonical(self._manifest(card, files))
        return tuple(enclosure(name, files[name]) for name in sorted(files))

    @property
    def shared(self) -> tuple[Enclosure, ...]:
        """Those that are the same for every report."""
        return tuple(enclosure(name, content) for name, content in self._common())

    def _files(self, card: Scorecard) -> Iterator[tuple[str, bytes]]:
        """All but the manifest."""
        id_ = card.project.id
        yield SCORECARD, self._scorecard(card)
        yield from self._common()
        for table, spec in zip(tables_of(self.result), TABLES, strict=True):
            rows = self.rows[table.name].get(id_, ())
            if rows or not spec.optional:
                yield f"{spec.name}.csv", rows_csv(table, spec, rows)
        if self.result.last_year and (before := self.result.last_year.about(card.project)):
            yield LAST_YEAR, before
        # Empty where nobody wrote one: all prose of the report is then made from the figures.
        yield NARRATIVE, self.result.narratives.get(id_, "").encode("utf-8", "replace")

    def _common(self) -> Iterator[tuple[str, bytes]]:
        """What does not differ from project to project."""
        yield FILE, self.settings
        yield RULES, self.rules
        if self.layout is not None:
            yield LAYOUT_FILE, self.layout

    def _scorecard(self, card: Scorecard) -> bytes:
        """The scorecard.json of one project; what stands in that of all projects is not written twice."""
        item = self.items.get(card.project.id)
        if item is None:
            return json_bytes(scorecard_json(self.result.about(card)))
        before, after = json_around(scorecard_head(self.result, None), "projects")
        return f"{before}\n    {item}\n  {after}".encode("utf-8", "replace")

    def _manifest(self, card: Scorecard, files: Mapping[str, bytes]) -> Json:
        """Who made it, of what, by which rules; every sum."""
        told, rules = self.result.evaluation, self.result.rules
        shown = picture_names(self.result.narratives.get(card.project.id, ""))
        return {
            "schema": SCHEMA,
            "generator": {"name": "selfeval", "version": __version__},
            "evaluation": {"id": told.id, "year": told.year, "unit": told.unit},
            "project": {"id": card.project.id, "name": card.project.name},
            "rules": {"id": rules.id, "version": rules.effective.isoformat()},
            **self.drawn,
            **self._pictures(shown),
            "attachments": [{"file": n, "sha256": sha256(files[n]), "bytes": len(files[n])} for n in sorted(files)],
            "inputs": [self._sum(self.result.folder / name, name) for name in self._inputs(card, shown)],
            "evidence": [self._evidence(item) for item in named_files(card)],
            **self._printed_beside(card.project.id),
        }

    def _pictures(self, names: Sequence[str]) -> Json:
        """The pictures of the narrative: the sum of each as it is drawn, null of one that is not."""
        if not names or self.pictured is None:
            return {}
        return {"pictures": [{"file": name, "sha256": self._drawn_sum(name)} for name in names]}

    def _drawn_sum(self, name: str) -> str | None:
        """The sum of a picture, drawn once however many projects show it."""
        if name not in self.pictures:
            content, media, _ = picture(name, self.result.folder)
            self.pictures[name] = sum_in(self.pictured(content, media)) if content and self.pictured else None
        return self.pictures[name]

    def _printed_beside(self, id_: str) -> Json:
        """What the pages print that the project's own rows do not give: the marks, the findings of a draft, waivers."""
        unfinished = self.result.is_draft(id_)
        findings = self.result.of_project(id_) if unfinished else ()
        waived = (waived for waived in self.result.waived if waived.diagnostic.project == id_)
        return {
            "marks": list(marks_in(demo=self.result.evaluation.demo, draft=self.draft, unfinished=unfinished)),
            "findings": [finding_json(found) for found in findings],
            "accepted": [finding_json(one.diagnostic) | {"reason": one.reason} for one in waived],
        }

    def _inputs(self, card: Scorecard, shown: Iterable[str]) -> list[str]:
        """The files of the evaluation that the report was made from, by their path in its folder.

        Not the tables: of them the project's own rows travel, and a report does not change with those of others.
        """
        id_ = card.project.id
        inputs = {FILE, *self.profiles, *own_templates(self.result.folder)}
        if id_ in self.result.narratives:
            pictures = (picture_file(name, self.result.folder) for name in shown)
            inputs |= {f"narrative/{id_}.md", *filter(None, pictures)}
        return sorted(inputs)

    def _evidence(self, item: str) -> Json:
        """One file named as 佐证材料; without a sum where it is not there."""
        file = inside(self.result.folder, item)
        if file is None or not is_file(file):
            return {"file": item, "sha256": None, "bytes": None}
        return self._sum(file, file.relative_to(self.result.folder).as_posix())

    def _sum(self, path: Path, name: str) -> Json:
        """A file's sum and size, read once however many projects name it; null where it cannot be read."""
        if path not in self.sums:
            try:
                with open_file(path) as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                    self.sums[path] = digest, stream.tell()
            except OSError:
                return {"file": name, "sha256": None, "bytes": None}
        digest, size = self.sums[path]
        return {"file": name, "sha256": digest, "bytes": size}


FINDING = ("code", "severity", "message", "hint", "file", "line", "column", "indicator", "title", "sheet")
"""What of a finding is printed, or decides how."""


def finding_json(found: Diagnostic) -> Json:
    """A finding in the manifest; of which project, the manifest says itself."""
    return {name: getattr(found, name) for name in FINDING}


DRAWN = ("engine", "fonts", "pictures")
"""What a manifest says of how the pages were drawn: only who draws them knows it."""


def drawn_in(manifest: bytes) -> Json:
    """How the pages of a report were drawn, as its manifest says; nothing where it is none of ours."""
    try:
        told = json.loads(manifest)
    except (ValueError, RecursionError):
        return {}
    return {key: told[key] for key in DRAWN if key in told} if isinstance(told, dict) else {}


def names_typst(manifest: Json) -> bool:
    """Whether a manifest names Typst as the engine of the pages."""
    engine = manifest.get("engine")
    return isinstance(engine, dict) and engine.get("name") == TYPST


def own_profile_files(result: Result) -> tuple[str, ...]:
    """The unit's own profiles that the rules were put together from, by their path in the evaluation."""
    own = {p.id: p for p in own_profiles(result.folder)}
    known = own | {p.id: p for p in shipped_profiles()}
    used = dict.fromkeys(rules.id for rules in (result.rules, result.unit_rules) if rules)
    chain = {p.id: p for id_ in used for p in lineage(id_, known)[0] if own.get(p.id) is p}
    return tuple(p.file.partition("/")[2] for p in chain.values())


def own_layout_content(result: Result) -> bytes | None:
    """The layout of the unit's own that the pages are made by; None where it is a shipped one."""
    path = own_layout(result.folder, layout_name(result.evaluation.report))
    if path is None or result.layout.problem:
        return None
    return read_file(path, folder=result.folder)


def layout_file(name: str) -> str:
    """Where the data of a layout of the unit's own lie, by their path in the evaluation."""
    return f"templates/layouts/{name}/{LAYOUT_FILE}"


def is_layout_data(file: str) -> bool:
    """Whether a file among the templates is the data of a layout, and no template."""
    parts = file.split("/")
    return parts[:2] == ["templates", "layouts"] and len(parts) == 4 and parts[3] == LAYOUT_FILE


def own_templates(folder: Path) -> tuple[str, ...]:
    """The unit's own templates: its page need not look like ours."""
    files = (p for p in (folder / "templates").rglob("*") if is_file(p) and within(p, folder))
    return tuple(sorted(p.relative_to(folder).as_posix() for p in files))


def printed_fingerprint(enclosures: Iterable[Enclosure]) -> str:
    """The fingerprint of a report's attachments."""
    return next((fingerprint(e.content) for e in enclosures if e.name == MANIFEST), "")
