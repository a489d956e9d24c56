"""Everything in a pack beside its reports, made anew from what they carry and held against what is there.

Manifest, contents page, scorecard, table of scores and workbook byte by byte, the summary's pages word by word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import zip_longest

from selfeval.audit import pack_parts as parts
from selfeval.audit import printed_figures as printed
from selfeval.audit.attachments import MANIFEST, SCORECARD, Json, fingerprint, joint_fingerprint, names_typst
from selfeval.audit.expected import with_manifest
from selfeval.audit.json_reader import items_in, text_in
from selfeval.audit.pack_parts import CONTENTS, OF_UNIT, SCORES, SUMMARY_PDF, SUMMARY_XLSX, safe_name
from selfeval.audit.pack_reader import Pack, UnreadablePackError, pack_in
from selfeval.audit.pack_whole import put_together
from selfeval.audit.paper import paper_of
from selfeval.audit.pdf_reader import Contents, read_pdf_bytes
from selfeval.audit.recompute import Recomputed
from selfeval.audit.report_case import ReportCase, own_templates
from selfeval.audit.time_limit import UnreadableError, go_on
from selfeval.audit.verdict import Check, Verdict
from selfeval.base.diagnostics import Severity, in_order, recounted
from selfeval.base.evidence import inside
from selfeval.base.model import Scorecard
from selfeval.base.phrases import phrase
from selfeval.evaluation.csv_exports import scores_csv
from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.result import Result, named_files
from selfeval.report.pages.document import summary_document
from selfeval.report.pages.printed_summary import printed_summary
from selfeval.report.pages.words import CONSULTATION, DEMO, UNFINISHED

Reports = Mapping[str, tuple[Verdict, ReportCase | None]]
"""Each report by its name in the zip: its own verdict, and itself taken apart (where it could be)."""

DRAFT = UNFINISHED


ALL_MARKS = (DEMO, CONSULTATION, UNFINISHED)
"""What may stand at the head of a page, in this order."""


SHOWN = 60
"""Characters of a difference that are told."""


@dataclass(frozen=True, slots=True)
class WholePack:
    """A pack with its evaluation put together again.

    `named`: the files of evidence there are to be, by their path in the evaluation; `summary`: the PDF taken apart,
    None where it is none.
    """

    pack: Pack
    cases: Mapping[str, ReportCase]
    result: Result
    named: parts.Named
    summary: Contents | None

    @property
    def consultation(self) -> bool:
        """Whether a page bears 征求意见稿."""
        return self.bears(CONSULTATION)

    @property
    def draft(self) -> bool:
        """Whether anything in the pack is not final; pages may say so for what only the inputs told."""
        return any(parts.unfinished(self.result)) or self.consultation or self.bears(DRAFT)

    def bears(self, mark: str) -> bool:
        """Whether the first page of a report or of the summary bears a mark."""
        told = [*(case.document for case in self.cases.values() if case.document)]
        read = [*(case.contents for case in self.cases.values()), *([self.summary] if self.summary else [])]
        firsts = (contents.pages[0] for contents in read if contents.pages)
        return any(mark in document.marks.words for document in told) or any(
            mark in printed.squeezed(page) for page in firsts
        )

    @property
    def about(self) -> dict[str, str]:
        """Every file but manifest and contents page that is to be there, with what it is."""
        of_unit = parts.unit_files(self.result)
        return parts.parts_of(self.result, self.named, of_unit)


def whole_checks(pack: Pack, manifest: Json, reports: Reports) -> Iterator[Check]:
    """Everything beside the reports against what the reports give together."""
    cases = {text_in(one, "id"): reports.get(text_in(one, "report"), (None, None))[1] for one in listed(manifest)}
    known = {id_: case for id_, case in cases.items() if case is not None}
    if len(known) < len(listed(manifest)):
        yield Check("whole", phrase("重新汇总"), "", (phrase("有的报告不能核对，不能重新汇总"),))
        return
    again, named = summed_up(pack, known)
    if again.result is None:
        yield Check("whole", phrase("重新汇总"), "", (phrase("不能重新汇总：{problem}", problem=again.problem),))
        return
    summary = summary_of(pack)
    result = as_reported(again.result, known, unfinished=bool(summary) and bears_draft(manifest, summary))
    whole = WholePack(pack, known, result, named, summary)
    found = phrase(
        ("{count} 个项目合起来重新计算，{scorecard}、{scores}、{summary_xlsx}、{contents} 与之逐字节相同"),
        count=len(known),
        scorecard=SCORECARD,
        scores=SCORES,
        summary_xlsx=SUMMARY_XLSX,
        contents=CONTENTS,
    )
    yield Check("whole", phrase("重新汇总"), found, tuple(whole_differences(whole)))


def as_reported(result: Result, cases: Mapping[str, ReportCase], *, unfinished: bool) -> Result:
    """The result with the findings and waivers that the reports print, some of which only the inputs gave.

    `unfinished`: the evaluation as a whole had an error, which its rows alone need not show.
    """
    cards = {card.project.id: card for card in result.scorecards}
    told = [with_manifest(result, cards[id_], case.manifest) for id_, case in cases.items()]
    printed_ = {id_: one.diagnostics for id_, one in zip(cases, told, strict=True) if one.diagnostics}
    others = [d for d in result.diagnostics if d.project not in printed_ and not (d.project in cases and d.is_error)]
    if unfinished and not any(d.is_error and d.project is None for d in others):
        others.append(recounted("", Severity.ERROR, "", ""))
    return replace(
        result,
        diagnostics=in_order((*others, *(d for listed_ in printed_.values() for d in listed_))),
        waived=(
            *(w for w in result.waived if w.diagnostic.project not in cases),
            *(w for one in told for w in one.waived),
        ),
    )


def bears_draft(manifest: Json, summary: Contents | None) -> bool:
    """Whether a pack that says it is no final one has a summary that says so too."""
    first = summary.pages[0] if summary and summary.pages else ""
    return manifest.get("draft") is True and DRAFT in printed.squeezed(first)[: len("".join(ALL_MARKS))]


def listed(manifest: Json) -> list[Json]:
    """The projects that the manifest names."""
    return items_in(manifest, "projects")


def summary_of(pack: Pack) -> Contents | None:
    """summary.pdf taken apart."""
    try:
        return read_pdf_bytes(pack.read(SUMMARY_PDF))
    except UnreadableError:
        return None


def summed_up(pack: Pack, cases: Mapping[str, ReportCase]) -> tuple[Recomputed, dict[str, list[str]]]:
    """The evaluation scored again, and the files of evidence that it names and that were there."""
    unit = {name: pack.read(name) for name in pack.sizes if name.startswith(OF_UNIT)}
    ids = {text_in(case.manifest, "evaluation", "id") for case in cases.values()}
    if len(ids) > 1:
        return Recomputed(None, phrase("各报告不是同一次评价的")), {}
    named = evidence_of(cases)
    files = {id_: case.files for id_, case in cases.items()}

    def again() -> Recomputed:
        try:
            return put_together(files, unit, (path for path in named if safe_name(path) in pack.sizes), min(ids))
        except (OSError, ValueError, KeyError, RecursionError, ArithmeticError) as error:
            return Recomputed(None, phrase("内容异常（{name}）", name=type(error).__name__))

    whole = again()
    unit_card = whole.result.unit if whole.result else None
    if whole.result and unit_card and (own := unit_evidence(whole.result, unit_card, pack)):
        for path in own:
            named.setdefault(path, []).append(unit_card.project.id)
        whole = again()  # now with what the unit's own rows name
    return whole, named


def evidence_of(cases: Mapping[str, ReportCase]) -> dict[str, list[str]]:
    """The files of evidence that the reports name and that were there, with their projects."""
    named: dict[str, list[str]] = {}
    for id_, case in cases.items():
        for item in items_in(case.manifest, "evidence"):
            if text_in(item, "sha256"):
                named.setdefault(text_in(item, "file"), []).append(id_)
    return named


def unit_evidence(result: Result, card: Scorecard, pack: Pack) -> list[str]:
    """The files of evidence that the unit's own rows name and that are in the pack; no report has their sums."""
    files = (inside(result.folder, item) for item in named_files(card))
    paths = [file.relative_to(result.folder).as_posix() for file in files if file]
    return [path for path in paths if safe_name(path) in pack.sizes]


def whole_differences(whole: WholePack) -> Iterator[str]:
    """Every file that is not what the reports give."""
    about = whole.about
    yield from _set_differences(whole, about)
    yield from _unit_differences(whole)
    yield from _evidence_differences(whole)
    card = expected_scorecard(whole)
    yield from unlike(SCORECARD, whole.pack.read(SCORECARD), json_bytes(card))
    yield from unlike(SCORES, whole.pack.read(SCORES), scores_csv(whole.result, codes_in(card)))
    yield from _workbook_differences(whole)
    prints = {id_: fingerprint(case.files.get(MANIFEST, b"")) for id_, case in whole.cases.items()}
    told = parts.told_json(whole.result, prints, draft=whole.draft)
    sums = [sum_in(whole.pack, name, what) for name, what in about.items() if name in whole.pack.sizes]
    yield from unlike(CONTENTS, whole.pack.read(CONTENTS), parts.contents_page(told, sums))
    own = [sum_in(whole.pack, CONTENTS, "目录")] if CONTENTS in whole.pack.sizes else []
    yield from unlike(MANIFEST, whole.pack.read(MANIFEST), parts.manifest_bytes(told, [*own, *sums]))
    yield from _summary_differences(whole, prints)


def _set_differences(whole: WholePack, about: Mapping[str, str]) -> Iterator[str]:
    """Files that are there and should not be, and the other way round."""
    due = {MANIFEST, CONTENTS, *about}
    yield from (
        phrase("文件 {name} 不是由这些报告得出的", name=name[:SHOWN]) for name in whole.pack.sizes if name not in due
    )
    yield from (phrase("缺少文件 {name}", name=name[:SHOWN]) for name in due if name not in whole.pack.sizes)


def _unit_differences(whole: WholePack) -> Iterator[str]:
    """The unit's rows and text, as they would be packed."""
    for name, content in parts.unit_files(whole.result).items():
        yield from unlike(name, whole.pack.read(name), content)


def _evidence_differences(whole: WholePack) -> Iterator[str]:
    """Every file of evidence under its name, with the sum that each report gives for it."""
    names = parts.names_of(whole.named)
    for case in whole.cases.values():
        for item in items_in(case.manifest, "evidence"):
            path, sum_ = text_in(item, "file"), text_in(item, "sha256")
            if sum_ and names[path] in whole.pack.sizes and whole.pack.sha256(names[path]) != sum_:
                yield phrase("佐证文件 {names} 不是报告所列的那一份", names=names[path][:SHOWN])


def sum_in(pack: Pack, name: str, what: str) -> Json:
    """A file's row in the manifest, from the file itself."""
    return parts.sum_row(name, pack.sha256(name), pack.sizes.get(name, 0), what)


def expected_scorecard(whole: WholePack) -> Json:
    """The scorecard of the whole: each project as its report has it (which was scored again), the rest anew."""
    return scorecard_json(whole.result) | {"projects": [case.project for case in whole.cases.values()]}


def codes_in(card: Json) -> dict[tuple[str, str], list[str]]:
    """The codes found for each indicator, as a scorecard has them."""
    projects = [*items_in(card, "projects"), *([card["unit"]] if card["unit"] else [])]
    return {(p["id"], i["id"]): i["diagnostics"] for p in projects for i in p["indicators"]}


def unlike(name: str, here: bytes, due: bytes) -> Iterator[str]:
    """The first line in which a file is not what it should be."""
    if here == due:
        return
    theirs, ours = here.decode("utf-8", "replace").splitlines(), due.decode("utf-8", "replace").splitlines()
    at = next((at for at, pair in enumerate(zip(theirs, ours, strict=False)) if len({*pair}) > 1), None)
    if at is None:
        yield phrase("{name} 与按报告重做的不同（长短或换行）", name=name[:SHOWN])
    else:
        yield (
            phrase(
                "{name} 第 {at} 行是“{strip}”，按报告重做应为“{other_strip}”",
                name=name[:SHOWN],
                at=at + 1,
                strip=theirs[at].strip()[:SHOWN],
                other_strip=ours[at].strip()[:SHOWN],
            )
        )


def _workbook_differences(whole: WholePack) -> Iterator[str]:
    """The workbook: its bytes, or (packed by another zlib) those of all its parts."""
    here, due = whole.pack.read(SUMMARY_XLSX), parts.workbook(whole.result, draft=whole.consultation)
    if here == due:
        return
    try:
        with closing(pack_in(BytesIO(here))) as theirs, closing(pack_in(BytesIO(due))) as ours:
            names = [*theirs.sizes] == [*ours.sizes]
            differing = [name for name in ours.sizes if theirs.read(name) != ours.read(name)]
    except UnreadablePackError as error:
        yield phrase("{summary_xlsx} 不是本程序生成的：{error}", summary_xlsx=SUMMARY_XLSX, error=str(error))
        return
    if differing or not names:
        yield phrase(
            "{summary_xlsx} 与按报告重做的不同：{differing}",
            summary_xlsx=SUMMARY_XLSX,
            differing=_cells_compared(here, due) or (differing[0] if differing else phrase("多出或缺少部件")),
        )


def _cells_compared(here: bytes, due: bytes) -> str:
    """The first cell that differs, or that none does; "" where a workbook cannot be read."""
    try:
        pairs = zip_longest(_cells(here), _cells(due), fillvalue=("", "", ""))
        theirs, ours = next(((one, other) for one, other in pairs if one != other), (None, None))
    except UnreadableError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises anything on broken XML
        return ""
    if theirs is None or ours is None:
        return phrase("由别的程序重新存过，各单元格的内容相同")
    sheet, cell, _ = ours if ours[0] else theirs
    return phrase(
        "“{sheet}”{cell} 是“{theirs}”，应为“{ours}”",
        sheet=sheet[:SHOWN],
        cell=cell,
        theirs=theirs[2][:SHOWN] if theirs[:2] == (sheet, cell) else "",
        ours=ours[2][:SHOWN],
    )


def _cells(data: bytes) -> Iterator[tuple[str, str, str]]:
    """(sheet, cell, what was entered) of a workbook."""
    from selfeval.reading.xlsx_files import opened, refusal

    if refusal(data):
        raise ValueError(SUMMARY_XLSX)
    with opened(data, formulas=True) as book:
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                go_on()
                yield from ((sheet.title, cell.coordinate, str(cell.value)) for cell in row if cell.value is not None)


def _summary_differences(whole: WholePack, prints: Mapping[str, str]) -> Iterator[str]:
    """The summary's pages, its whole text, and what its file is made of."""
    if whole.summary is None:
        yield phrase("{summary_pdf} 打不开，或不是 PDF", summary_pdf=SUMMARY_PDF)
        return
    joint = joint_fingerprint(prints.values())
    if list(printed.fingerprints_on(whole.summary.pages)) != [joint]:
        yield phrase("{summary_pdf} 上印的数据指纹与各报告的不同", summary_pdf=SUMMARY_PDF)
        return
    if any(own_templates(case) for case in whole.cases.values()):
        return
    document = summary_document(whole.result, draft=whole.consultation)
    try:
        due = printed_summary(replace(document, fingerprint=joint))
        by_typst = any(names_typst(case.manifest) for case in whole.cases.values())
        paper = paper_of(whole.pack.read(SUMMARY_PDF), due, frozenset(), by_typst=by_typst)
    except UnreadableError as error:
        yield phrase("{summary_pdf} 不能核对：{error}", summary_pdf=SUMMARY_PDF, error=str(error))
        return
    yield from (f"{SUMMARY_PDF}：{said}" for said in (*paper.structure, *paper.pages))
