"""What a pack consists of, as functions of a result: the same for who packs and for who verifies.

Reports, summary and evidence are taken as they are; every other file follows from the result, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from unicodedata import normalize

from selfeval import __version__
from selfeval.audit.attachments import NARRATIVE, RULES, SCORECARD, Json, rows_csv
from selfeval.audit.pack_reader import is_plain_name, same_name
from selfeval.base.phrases import phrase
from selfeval.evaluation.exports import json_bytes, points_text
from selfeval.evaluation.result import Result, rows_of, tables_of
from selfeval.reading.columns import TABLES
from selfeval.reading.narrative import UNIT
from selfeval.rules.dump import profile_toml

SCHEMA = "selfeval.pack/1"
CONTENTS = "目录.html"
SUMMARY_PDF, SUMMARY_XLSX, SCORES = "summary.pdf", "summary.xlsx", "scores.csv"
OF_UNIT = "unit/"
"""Where the rows and the text of the unit as a whole lie: no report carries them."""

_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*\\', "_") | {chr(code): "_" for code in (*range(32), 127)})

Named = Mapping[str, Sequence[str]]
"""Files of 佐证材料 by their path in the evaluation, each with the projects it stands for."""


def report_of(id_: str) -> str:
    """Where a project's report lies, in the output folder as in the zip."""
    return f"projects/{id_}/report.pdf"


def parts_of(result: Result, named: Named, of_unit: Iterable[str]) -> dict[str, str]:
    """All files but the manifest and the contents page, in the order of the contents page, with what each is."""
    reports = {
        report_of(c.project.id): phrase("{id} {name} 自评报告", id=c.project.id, name=c.project.name)
        for c in result.scorecards
    }
    return {
        SUMMARY_PDF: phrase("绩效自评结果汇总表和部门整体支出绩效自评报告"),
        SUMMARY_XLSX: phrase("绩效自评结果汇总表（电子表格）"),
        **reports,
        SCORECARD: phrase("全部计分结果（供程序读取）"),
        SCORES: phrase("逐项得分明细（CSV）"),
        **dict.fromkeys(of_unit, "部门整体的原始行和正文（核对时重新计算用）"),
        **{
            name: phrase("佐证材料（{fromkeys}）", fromkeys=tuple(dict.fromkeys(named[path])))
            for path, name in names_of(named).items()
        },
    }


def unit_files(result: Result) -> dict[str, bytes]:
    """The unit's own rows as they were entered and its narrative, where there are any."""
    text = result.narratives.get(UNIT, "").encode("utf-8", "replace")
    return dict(_unit_rows(result)) | ({f"{OF_UNIT}{NARRATIVE}": text} if text else {})


def _unit_rows(result: Result) -> Iterator[tuple[str, bytes]]:
    if result.unit is None:
        return
    entered = rows_of(result)
    for table, spec in zip(tables_of(result), TABLES, strict=True):
        rows = entered[table.name].get(result.unit.project.id, ())
        if rows or not spec.optional:
            yield f"{OF_UNIT}{spec.name}.csv", rows_csv(table, spec, rows)
    if result.unit_rules is not None and result.unit_rules != result.rules:
        yield f"{OF_UNIT}{RULES}", profile_toml(result.unit_rules).encode("utf-8", "replace")


# ── Names ──


def names_of(paths: Iterable[str]) -> dict[str, str]:
    """Under which name each file of 佐证材料 is packed, by its path in the evaluation."""
    taken: set[str] = set()
    return {path: free_name(safe_name(path), taken) for path in sorted(paths)}


def safe_name(name: str) -> str:
    """A path that every system can unpack, to the same file."""
    return "/".join(map(_safe_part, normalize("NFC", name).split("/")))


def _safe_part(part: str) -> str:
    """No sign that Windows forbids, none that is not seen, no blank or dot at an end, no device."""
    plain = part.translate(_UNSAFE).strip(" ").rstrip(". ") or "_"
    safe = "".join(char if is_plain_name(f"a{char}a") else "_" for char in plain)
    return safe if is_plain_name(safe) else f"_{safe}"


def free_name(name: str, taken: set[str]) -> str:
    """A name that no other member has on any system, nor is a folder of one; remembered in `taken`."""
    path, at, free = PurePosixPath(name), 2, name
    while same_name(free) in taken or any(other.startswith(f"{same_name(free)}/") for other in taken):
        free = str(path.with_name(f"{path.stem}-{at}{path.suffix}"))
        at += 1
    taken.add(same_name(free))
    return free


# ── What follows from the result ──


def told_json(result: Result, prints: Mapping[str, str], *, draft: bool) -> Json:
    """The manifest without its files: who made it, of what, by which rules; each project with its fingerprint."""
    evaluation, rules = result.evaluation, result.rules
    return {
        "schema": SCHEMA,
        "generator": {"name": "selfeval", "version": __version__},
        "evaluation": {"id": evaluation.id, "year": evaluation.year, "unit": evaluation.unit},
        "rules": {"id": rules.id, "version": rules.effective.isoformat()},
        "demo": evaluation.demo,
        "draft": draft,
        "projects": [
            {
                "id": card.project.id,
                "name": card.project.name,
                "total": points_text(card.total),
                "grade": card.grade,
                "report": report_of(card.project.id),
                "fingerprint": prints[card.project.id],
            }
            for card in result.scorecards
        ],
    }


def manifest_bytes(head: Json, sums: Iterable[Json]) -> bytes:
    """manifest.json with the rows of its files."""
    return json_bytes(head | {"files": list(sums)})


def sum_row(name: str, sha256: str, size: int, about: str) -> Json:
    """A file's row in the manifest."""
    return {"file": name, "sha256": sha256, "bytes": size, "about": about}


def contents_page(head: Json, sums: Iterable[Json]) -> bytes:
    """目录.html: what is in the zip, with links."""
    from selfeval.audit.pack_contents import contents_html

    return contents_html(head, sums).encode("utf-8", "replace")


def workbook(result: Result, *, draft: bool) -> bytes:
    """summary.xlsx; `draft`: 征求意见稿."""
    from selfeval.report.xlsx.workbook import summary_workbook

    return summary_workbook(result, draft=draft)


def unfinished(result: Result) -> Iterator[str]:
    """未定稿: what has an error."""
    drafts = [card.project.id for card in result.cards if result.is_draft(card.project.id)]
    if drafts:
        yield phrase("未定稿（有错误）的项目：{drafts}", drafts=tuple(drafts))
    elif any(d.is_error for d in result.diagnostics):
        yield phrase("评价未定稿：有不属于单个项目的错误")
