"""`pack`: what is handed in, as one zip: reports, summary, scores, evidence, a contents page, a manifest of SHA-256.

It packs what `build` wrote and a person has looked at, and makes sure that it is what the inputs give today.
The same outputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

from selfeval import __version__
from selfeval.audit import printed_figures as printed
from selfeval.audit.attachments import MANIFEST, SCORECARD, Enclosing, Json, fingerprint, sha256
from selfeval.audit.pdf_reader import Contents, UnreadableError, read_pdf
from selfeval.audit.submissions import SCORES
from selfeval.base import display
from selfeval.base.evidence import exists, inside
from selfeval.base.files import replace_file
from selfeval.evaluation.exports import diagnostics_json, json_bytes, points_text, scorecard_json, scores_csv
from selfeval.evaluation.result import Result, named_files
from selfeval.report.office import member
from selfeval.report.pages.document import CONSULTATION

SCHEMA = "selfeval.pack/1"
CONTENTS = "目录.html"
SUMMARY_PDF, SUMMARY_XLSX = "summary.pdf", "summary.xlsx"
MAKE_FINAL = "请改正错误（见 selfeval check）并重新生成定稿；确要报送未定稿的，加 --draft"
MAX_EVIDENCE = 2**30
"""Bytes of all evidence; more belongs on a disk of its own."""
_UNSAFE = str.maketrans(dict.fromkeys('<>:"|?*\\', "_") | {chr(code): "_" for code in (*range(32), 127)})


class NotPackedError(ValueError):
    """Nothing was written. `reasons` say why, `remedy` what to do, in Chinese."""

    def __init__(self, reasons: Iterable[str], remedy: str) -> None:
        self.reasons = tuple(reasons)
        self.remedy = remedy
        super().__init__("；".join(self.reasons))


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the zip: its name there, its bytes, what it is."""

    name: str
    content: bytes
    about: str

    @property
    def sum(self) -> Json:
        """Its row in the manifest."""
        return {"file": self.name, "sha256": sha256(self.content), "bytes": len(self.content), "about": self.about}


@dataclass(frozen=True, slots=True)
class Packed:
    """What was written: the zip, how many files are in it, the fingerprint of its manifest."""

    path: Path
    files: int
    fingerprint: str


def report_of(id_: str) -> str:
    """Where a project's report lies, in the output folder as in the zip."""
    return f"projects/{id_}/report.pdf"


def is_built(result: Result, out: Path) -> bool:
    """Whether `build` has written anything of the evaluation."""
    return (out / result.evaluation.id / SCORECARD).is_file()


def pack(result: Result, out: Path, *, draft: bool = False) -> Packed:
    """Writes `<out>/<evaluation>.zip`; raises `NotPackedError` where something is not fit to be handed in."""
    folder = out / result.evaluation.id
    built = Built.read(result, folder)
    refuse(stale(result, built), "请重新运行 selfeval build，看过报告后再打包")
    refuse([] if draft else marked(built), MAKE_FINAL)
    members = members_of(result, folder, built)
    told = told_json(result, built)
    members = (Member(CONTENTS, contents_page(told, members), "目录"), *members)
    manifest = json_bytes(told | {"files": [one.sum for one in members]})
    path = out / f"{result.evaluation.id}.zip"
    replace_file(path, zip_bytes((Member(MANIFEST, manifest, ""), *members)))
    return Packed(path, len(members) + 1, fingerprint(manifest))


def refuse(reasons: Iterable[str], remedy: str) -> None:
    """Ends the packing where there is any reason to."""
    if listed := tuple(reasons):
        raise NotPackedError(listed, remedy)


def refuse_unfinished(result: Result) -> None:
    """Ends the packing of an evaluation with an error, before anything is built."""
    refuse(unfinished(result), MAKE_FINAL)


@dataclass(frozen=True, slots=True)
class Built:
    """What was built, read once: each report by project and the summary; None where it cannot be read."""

    folder: Path
    reports: dict[str, Contents | None]
    summary: Contents | None

    @classmethod
    def read(cls, result: Result, folder: Path) -> Built:
        """The PDFs of an output folder; of reports only the first page is read."""
        reports = {card.project.id: _pdf(folder / report_of(card.project.id), 1) for card in result.scorecards}
        return cls(folder, reports, _pdf(folder / SUMMARY_PDF))

    def manifest(self, id_: str) -> bytes:
        """The manifest that a report carries; empty where there is none."""
        contents = self.reports[id_]
        return next((a.content for a in contents.attached if a.name == MANIFEST), b"") if contents else b""


def _pdf(path: Path, first: int | None = None) -> Contents | None:
    try:
        return read_pdf(path, first)
    except UnreadableError:
        return None


# ── Whether it may be handed in ──


def stale(result: Result, built: Built) -> Iterator[str]:
    """What was built from other inputs than those there are now, or is not there."""
    wanted = {
        SCORECARD: json_bytes(scorecard_json(result)),
        SCORES: scores_csv(result),
        "diagnostics.json": json_bytes(diagnostics_json(result.diagnostics)),
    }
    yield from (
        f"{name} 与现在的评价不一致" for name, content in wanted.items() if _bytes(built.folder / name) != content
    )
    enclosing = Enclosing.of(result)
    current = []
    for card in result.scorecards:
        now = next(one.content for one in enclosing.enclosures(card) if one.name == MANIFEST)
        current.append(fingerprint(now))
        yield from _stale_report(card.project.id, built, now)
    if built.summary is None:
        yield f"没有 {SUMMARY_PDF}"
    elif list(printed.fingerprints_on(built.summary.pages)) != list(dict.fromkeys(current)):
        yield f"{SUMMARY_PDF} 与现在的评价不一致"


def _stale_report(id_: str, built: Built, now: bytes) -> Iterator[str]:
    if built.reports[id_] is None:
        yield f"没有 {report_of(id_)}"
    elif not built.manifest(id_):
        yield f"{report_of(id_)} 是公开版，没有附带数据"
    elif built.manifest(id_) != now:
        yield f"{report_of(id_)} 与现在的评价不一致"


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def unfinished(result: Result) -> Iterator[str]:
    """未定稿: what has an error."""
    drafts = [card.project.id for card in result.cards if result.is_draft(card.project.id)]
    if drafts:
        yield f"未定稿（有错误）的项目：{'、'.join(drafts)}"
    elif any(d.is_error for d in result.diagnostics):
        yield "评价未定稿：有不属于单个项目的错误"


def marked(built: Built) -> Iterator[str]:
    """征求意见稿: what `build --draft` made."""
    if consultation(built):
        yield f"报告标有“{CONSULTATION}”"


def consultation(built: Built) -> bool:
    """Whether a page bears 征求意见稿."""
    firsts = (contents.pages[0] for contents in (*built.reports.values(), built.summary) if contents and contents.pages)
    return any(CONSULTATION in printed.squeezed(page) for page in firsts)


# ── What goes in ──


def members_of(result: Result, folder: Path, built: Built) -> tuple[Member, ...]:
    """All files but the manifest and the contents page, in the order of the contents page."""
    from selfeval.report.xlsx.workbook import summary_workbook

    workbook = summary_workbook(result, draft=consultation(built))
    return (
        Member(SUMMARY_PDF, (folder / SUMMARY_PDF).read_bytes(), "绩效自评结果汇总表和部门整体支出绩效自评报告"),
        Member(SUMMARY_XLSX, workbook, "绩效自评结果汇总表（电子表格）"),
        *(
            Member(name, (folder / name).read_bytes(), f"{card.project.id} {card.project.name} 自评报告")
            for card in result.scorecards
            for name in [report_of(card.project.id)]
        ),
        Member(SCORECARD, (folder / SCORECARD).read_bytes(), "全部计分结果（供程序读取）"),
        Member(SCORES, (folder / SCORES).read_bytes(), "逐项得分明细（CSV）"),
        *evidence_members(result),
    )


def evidence_members(result: Result) -> Iterator[Member]:
    """Every file named as 佐证材料 that is there, once, with the projects it stands for."""
    named: dict[Path, list[str]] = {}
    for card in result.cards:
        for item in named_files(card):
            file = inside(result.folder, item)
            if file is not None and exists(file):
                named.setdefault(file, []).append(card.project.id)
    if sum(file.stat().st_size for file in named) > MAX_EVIDENCE:
        refuse([f"佐证材料超过 {display.size(MAX_EVIDENCE)}"], "请另行报送大文件，佐证材料一栏改写为文字说明")
    taken: set[str] = set()
    for file in sorted(named, key=lambda file: file.relative_to(result.folder).as_posix()):
        name = free_name(safe_name(file.relative_to(result.folder).as_posix()), taken)
        yield Member(name, file.read_bytes(), f"佐证材料（{'、'.join(dict.fromkeys(named[file]))}）")


def safe_name(name: str) -> str:
    """A path that every system can unpack: no sign that Windows forbids, no blank or dot at an end of a part."""
    parts = [part.translate(_UNSAFE).strip(" ").rstrip(". ") or "_" for part in name.split("/")]
    return "/".join(parts)


def free_name(name: str, taken: set[str]) -> str:
    """A name no other member has, ignoring case; remembered in `taken`."""
    path, at, free = PurePosixPath(name), 2, name
    while free.casefold() in taken:
        free = str(path.with_name(f"{path.stem}-{at}{path.suffix}"))
        at += 1
    taken.add(free.casefold())
    return free


def told_json(result: Result, built: Built) -> Json:
    """The manifest without its files: who made it, of what, by which rules; each project with its fingerprint."""
    told, rules = result.evaluation, result.rules
    return {
        "schema": SCHEMA,
        "generator": {"name": "selfeval", "version": __version__},
        "evaluation": {"id": told.id, "year": told.year, "unit": told.unit},
        "rules": {"id": rules.id, "version": rules.effective.isoformat()},
        "demo": told.demo,
        "draft": any(unfinished(result)) or consultation(built),
        "projects": [
            {
                "id": card.project.id,
                "name": card.project.name,
                "total": points_text(card.total),
                "grade": card.grade,
                "report": report_of(card.project.id),
                "fingerprint": fingerprint(built.manifest(card.project.id)),
            }
            for card in result.scorecards
        ],
    }


def contents_page(told: Json, members: tuple[Member, ...]) -> bytes:
    """目录.html: what is in the zip, with links."""
    from selfeval.audit.pack_contents import contents_html

    return contents_html(told, [one.sum for one in members]).encode("utf-8", "replace")


def zip_bytes(members: Iterable[Member]) -> bytes:
    """The zip: fixed dates, rights and order; names in UTF-8."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for one in members:
            made.writestr(member(one.name), one.content)
    return out.getvalue()
