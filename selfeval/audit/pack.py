"""`pack`: what is handed in, as one zip: reports, summary, scores, evidence, a contents page, a manifest of SHA-256.

It packs what `build` wrote and a person has looked at, and makes sure that it is what the inputs give today: the pack
is verified, as whoever receives it will, before it is written. The same outputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from selfeval.audit import pack_parts as parts
from selfeval.audit import printed_figures as printed
from selfeval.audit.attachments import MANIFEST, SCORECARD, Enclosing, drawn_in, fingerprint, joint_fingerprint, sha256
from selfeval.audit.pack_parts import CONTENTS, SCORES, SUMMARY_PDF, SUMMARY_XLSX, report_of
from selfeval.audit.pdf_reader import Contents, read_pdf_bytes
from selfeval.audit.time_limit import UnreadableError
from selfeval.base import display
from selfeval.base.evidence import inside
from selfeval.base.files import is_file, read_file, replace_file
from selfeval.base.phrases import phrase
from selfeval.evaluation.csv_exports import scores_csv
from selfeval.evaluation.exports import diagnostics_json, json_bytes, scorecard_json
from selfeval.evaluation.result import Result, named_files
from selfeval.report.office import member
from selfeval.report.pages.words import CONSULTATION

STARTER = "N017"
REWRITE = phrase("请改写或删去示例的文字；确是演示的，在 selfeval.toml 写 demo = true")
MAKE_FINAL = phrase("请改正错误（见 selfeval check）并重新生成定稿；确要报送未定稿的，加 --draft")
BUILD_AGAIN = phrase("请重新运行 selfeval build，看过报告后再打包")
MAX_EVIDENCE = 2**30
"""Bytes of all evidence; more belongs on a disk of its own."""
SHOWN = 5
"""How many differences that verifying finds are told."""


class NotPackedError(ValueError):
    """Nothing was written. `reasons` say why, `remedy` what to do, in Chinese."""

    def __init__(self, reasons: Iterable[str], remedy: str) -> None:
        self.reasons = tuple(reasons)
        self.remedy = remedy
        super().__init__("；".join(self.reasons))


@dataclass(frozen=True, slots=True)
class PackResult:
    """What was written: the zip, how many files are in it, the fingerprint of its manifest."""

    path: Path
    files: int
    fingerprint: str


def is_built(result: Result, out: Path) -> bool:
    """Whether `build` has written anything of the evaluation."""
    return is_file(out / result.evaluation.id / SCORECARD)


def pack(result: Result, out: Path, *, draft: bool = False) -> PackResult:
    """Writes `<out>/<evaluation>.zip`; raises `NotPackedError` where something is not fit to be handed in."""
    refuse(starter_words(result), REWRITE)
    built = BuiltReport.read(result, out / result.evaluation.id)
    refuse(stale(result, built), BUILD_AGAIN)
    refuse([] if draft else marked(built), MAKE_FINAL)
    members = members_of(result, built)
    path = out / f"{result.evaluation.id}.zip"
    content = zip_bytes(members)
    refuse(disagreements(content, path), BUILD_AGAIN)
    replace_file(path, content)
    return PackResult(path, len(members), fingerprint(members[MANIFEST]))


def disagreements(content: bytes, path: Path) -> list[str]:
    """What whoever verifies the pack would object to."""
    from selfeval.audit.verify_pack import verify_pack_bytes

    verdicts = verify_pack_bytes(content, path.name)
    said = [f"{verdict.file}：{verdict.problem}" for verdict in verdicts if verdict.problem]
    return [*said, *(d for verdict in verdicts for check in verdict.checks for d in check.differences)][:SHOWN]


def starter_words(result: Result) -> list[str]:
    """What is left of the example that `init` writes; not even a draft may be handed in with it."""
    return [d.message for d in result.diagnostics if d.code == STARTER]


def refuse(reasons: Iterable[str], remedy: str) -> None:
    """Ends the packing where there is any reason to."""
    if listed := tuple(reasons):
        raise NotPackedError(listed, remedy)


def refuse_unfinished(result: Result) -> None:
    """Ends the packing of an evaluation with an error, before anything is built."""
    refuse(parts.unfinished(result), MAKE_FINAL)


@dataclass(frozen=True, slots=True)
class BuiltReport:
    """What was built, each file read once: by its name, and taken apart where it is a PDF that can be read."""

    files: dict[str, bytes]
    pdfs: dict[str, Contents]

    @classmethod
    def read(cls, result: Result, folder: Path) -> BuiltReport:
        """What the output folder holds of what is handed in; of reports only the first page is taken apart."""
        reports = [report_of(card.project.id) for card in result.scorecards]
        names = [*reports, SUMMARY_PDF, SCORECARD, SCORES, "diagnostics.json"]
        files = {name: content for name in names if (content := _bytes(folder / name, folder)) is not None}
        pdfs = {name: _pdf(files[name], None if name == SUMMARY_PDF else 1) for name in files if name.endswith(".pdf")}
        return cls(files, {name: contents for name, contents in pdfs.items() if contents})

    def manifest(self, id_: str) -> bytes:
        """The manifest that a report carries; empty where there is none."""
        contents = self.pdfs.get(report_of(id_))
        return next((a.content for a in contents.attached if a.name == MANIFEST), b"") if contents else b""

    @property
    def consultation(self) -> bool:
        """Whether a page bears 征求意见稿."""
        return is_consultation(contents.pages for contents in self.pdfs.values())


def is_consultation(documents: Iterable[tuple[str, ...]]) -> bool:
    """Whether the first page of one of these bears 征求意见稿."""
    return any(CONSULTATION in printed.squeezed(pages[0]) for pages in documents if pages)


def _pdf(content: bytes, first: int | None) -> Contents | None:
    try:
        return read_pdf_bytes(content, first)
    except UnreadableError:
        return None


def _bytes(path: Path, folder: Path) -> bytes | None:
    try:
        return read_file(path, folder=folder)
    except OSError:
        return None


# ── Whether it may be handed in ──


def stale(result: Result, built: BuiltReport) -> Iterator[str]:
    """What was built from other inputs than those there are now, or is not there."""
    wanted = {
        SCORECARD: json_bytes(scorecard_json(result)),
        SCORES: scores_csv(result),
        "diagnostics.json": json_bytes(diagnostics_json(result.causes)),
    }
    yield from (
        phrase("{name} 与现在的评价不一致", name=name)
        for name, content in wanted.items()
        if built.files.get(name) != content
    )
    enclosing = Enclosing.of(result, draft=built.consultation)
    current = []
    for card in result.scorecards:
        drawn = replace(enclosing, drawn=drawn_in(built.manifest(card.project.id)))
        now = next(one.content for one in drawn.enclosures(card) if one.name == MANIFEST)
        current.append(fingerprint(now))
        yield from _stale_report(card.project.id, built, now)
    if SUMMARY_PDF not in built.pdfs:
        yield phrase("没有 {summary_pdf}", summary_pdf=SUMMARY_PDF)
    elif list(printed.fingerprints_on(built.pdfs[SUMMARY_PDF].pages)) != [joint_fingerprint(current)]:
        yield phrase("{summary_pdf} 与现在的评价不一致", summary_pdf=SUMMARY_PDF)


def _stale_report(id_: str, built: BuiltReport, now: bytes) -> Iterator[str]:
    name = report_of(id_)
    if name not in built.pdfs:
        yield phrase("没有 {name}", name=name)
    elif not built.manifest(id_):
        yield phrase("{name} 是公开版，没有附带数据", name=name)
    elif built.manifest(id_) != now:
        yield phrase("{name} 与现在的评价不一致", name=name)


def marked(built: BuiltReport) -> Iterator[str]:
    """征求意见稿: what `build --draft` made."""
    if built.consultation:
        yield phrase("报告标有“{consultation}”", consultation=CONSULTATION)


# ── What goes in ──


def members_of(result: Result, built: BuiltReport) -> dict[str, bytes]:
    """All files by name, in their order."""
    named, of_unit = evidence_of(result), parts.unit_files(result)
    about = parts.parts_of(result, named, of_unit)
    content = {
        **{name: built.files[name] for name in about if name in built.files},
        **of_unit,
        SUMMARY_XLSX: parts.workbook(result, draft=built.consultation),
        **{name: _evidence(result.folder, path) for path, name in parts.names_of(named).items()},
    }
    prints = {card.project.id: fingerprint(built.manifest(card.project.id)) for card in result.scorecards}
    told = parts.told_json(result, prints, draft=any(parts.unfinished(result)) or built.consultation)
    sums = [parts.sum_row(name, sha256(content[name]), len(content[name]), what) for name, what in about.items()]
    page = parts.contents_page(told, sums)
    own = parts.sum_row(CONTENTS, sha256(page), len(page), "目录")
    manifest = parts.manifest_bytes(told, [own, *sums])
    return {MANIFEST: manifest, CONTENTS: page, **{name: content[name] for name in about}}


def evidence_of(result: Result) -> dict[str, list[str]]:
    """Every file named as 佐证材料 that is there, by its path in the evaluation, with the projects it stands for."""
    named: dict[str, list[str]] = {}
    size = 0
    for card in result.cards:
        for item in named_files(card):
            file = inside(result.folder, item)
            if file is not None and is_file(file):
                path = file.relative_to(result.folder).as_posix()
                size += 0 if path in named else file.stat().st_size
                named.setdefault(path, []).append(card.project.id)
    if size > MAX_EVIDENCE:
        refuse(
            [phrase("佐证材料超过 {size}", size=display.size(MAX_EVIDENCE))],
            phrase("请另行报送大文件，佐证材料一栏改写为文字说明"),
        )
    return named


def _evidence(folder: Path, path: str) -> bytes:
    """One file of 佐证材料."""
    try:
        return read_file(folder / path, MAX_EVIDENCE, folder / "evidence")
    except OSError as error:
        raise NotPackedError(
            [phrase("佐证文件 {path} 打不开：{error}", path=path, error=str(error))], phrase("请检查这个文件，再打包")
        ) from error


def zip_bytes(members: dict[str, bytes]) -> bytes:
    """The zip: fixed dates, rights and order; names in UTF-8."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(member(name), content)
    return out.getvalue()
