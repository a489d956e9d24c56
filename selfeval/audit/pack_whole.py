"""The whole evaluation put together again from the reports of a pack, so that everything in the pack can be made anew.

The rows of all reports, the unit's own rows and texts, and the names of the evidence become a folder that is gone
afterwards; what it gives is the result that summary, tables and manifest are compared with.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from selfeval.audit.attachments import NARRATIVE, RULES, unguarded_csv
from selfeval.audit.pack_parts import OF_UNIT
from selfeval.audit.recompute import Recomputed, attached_rules, is_folder_name, place_layout, unlike_shipped
from selfeval.base.evidence import inside
from selfeval.base.files import is_project_id
from selfeval.base.phrases import phrase
from selfeval.evaluation.pipeline import Setting, evaluate_with
from selfeval.evaluation.result import Result
from selfeval.reading.columns import TABLES
from selfeval.reading.config import FILE, Config, read_config
from selfeval.reading.csv_files import csv_bytes
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.narrative import UNIT
from selfeval.rules.profile import Rules

Files = Mapping[str, bytes]
UNIT_RULES = "unit-rules.toml"
SHARED = (FILE, RULES, LAYOUT_FILE)
"""What all reports of an evaluation carry alike."""


def put_together(reports: Mapping[str, Files], unit: Files, evidence: Iterable[str], id_: str) -> Recomputed:
    """The evaluation `id_` from the attachments of its reports, by project in their order; `evidence`: paths."""
    if problem := next(_unlike(reports), ""):
        return Recomputed(None, problem)
    if not is_folder_name(id_):
        return Recomputed(None, phrase("评价的编号“{id}”不能作文件夹名", id=id_[:40]))
    with TemporaryDirectory(prefix="selfeval-") as place:
        folder = Path(place) / id_
        folder.mkdir()
        _unpack(folder, reports, unit, evidence)
        again = _scored(folder, next(iter(reports.values())))
    if again.result and (problem := next(_missing(again.result, [*reports], unit), "")):
        return Recomputed(None, problem)
    return again


def _scored(folder: Path, shared: Files) -> Recomputed:
    """The folder as an evaluation, by the attached rules and layout."""
    config, _ = read_config(folder)
    if config is None:
        return Recomputed(None, phrase("报告所附的 {file} 不能读取", file=FILE))
    rules, problem = attached_rules(folder / RULES, config)
    unit_rules, refused = _unit_rules(folder / UNIT_RULES, config)
    if rules is None or refused:
        return Recomputed(None, problem or refused)
    place_layout(shared, folder, config)
    return Recomputed(evaluate_with(Setting.of(folder, config, rules, unit_rules), ()), "")


def _unit_rules(path: Path, config: Config) -> tuple[Rules | None, str]:
    """The rules that the unit itself was scored by, None where they are those of its projects; why they cannot be."""
    if not path.is_file():
        return None, ""
    rules, problem = attached_rules(path, config)
    other = next(unlike_shipped(rules, config.year), "") if rules else ""
    return rules, problem or (f"{OF_UNIT}{RULES}：{other}" if other else "")


def _missing(result: Result, reports: list[str], unit: Files) -> Iterator[str]:
    """What the rows give more or less than there are reports."""
    ids = [card.project.id for card in result.scorecards]
    if ids != reports:
        yield phrase("各报告合起来应有项目 {reports}，读到的是 {ids}", reports=tuple(reports), ids=tuple(ids))[:300]
    if (result.unit is not None) != (f"{OF_UNIT}projects.csv" in unit):
        yield phrase("{of_unit}projects.csv 里应只有部门整体一行", of_unit=OF_UNIT)


def _unlike(reports: Mapping[str, Files]) -> Iterator[str]:
    """What reports of one evaluation share and these do not."""
    for name in SHARED:
        if len({files.get(name, b"") for files in reports.values()}) > 1:
            yield phrase("各报告所附的 {name} 不相同，不是同一次评价的", name=name)


def _unpack(folder: Path, reports: Mapping[str, Files], unit: Files, evidence: Iterable[str]) -> None:
    """The files of the evaluation, under names of ours."""
    first = next(iter(reports.values()))
    for name in (FILE, RULES):
        (folder / name).write_bytes(first.get(name, b""))
    own = {name.removeprefix(OF_UNIT): content for name, content in unit.items()}
    if RULES in own:
        (folder / UNIT_RULES).write_bytes(own[RULES])
    for spec in TABLES:
        name = f"{spec.name}.csv"
        given = [files[name] for files in (*reports.values(), own) if name in files]
        if given:
            (folder / name).write_bytes(joined(given))
    texts = {id_: files.get(NARRATIVE, b"") for id_, files in reports.items()} | {UNIT: own.get(NARRATIVE, b"")}
    (folder / "narrative").mkdir()
    for id_, text in texts.items():
        if text and is_project_id(id_):
            (folder / "narrative" / f"{id_}.md").write_bytes(text)
    for path in evidence:
        _place(inside(folder, path))


def joined(tables: Iterable[bytes]) -> bytes:
    """The rows of several files under their one header; raises `ValueError` where they have others."""
    read = [[*csv.reader(io.StringIO(unguarded_csv(table).decode("utf-8-sig"), newline=""))] for table in tables]
    if len({tuple(rows[0]) for rows in read if rows}) > 1:
        raise ValueError(phrase("各报告所附的表列次不同"))
    return csv_bytes([*read[0][:1], *(row for rows in read for row in rows[1:])])


def _place(path: Path | None) -> None:
    """Something under the name of a file of evidence: that it is there counts, not what it holds."""
    if path is None:
        return
    with suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b".")
