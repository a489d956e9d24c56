"""`verify`: whether a report says what its data give. Attachments, manifest, rules, scores and pages are compared.

What this cannot show (that the data are true, that nobody made the whole file anew) docs/trust.md says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from selfeval import __version__
from selfeval.audit import printed_figures as printed
from selfeval.audit import signatures as signing
from selfeval.audit.attachments import (
    MANIFEST,
    NAMES,
    REQUIRED,
    RULES,
    SCHEMA,
    SCORECARD,
    Json,
    fingerprint,
    is_layout_data,
    layout_file,
    sha256,
)
from selfeval.audit.expected import expected_document, unlike_manifest
from selfeval.audit.json_reader import items_in, only_project, read_json, text_in
from selfeval.audit.manifest import strange_in, unlike_data
from selfeval.audit.paper import Paper, names_typst, paper_of
from selfeval.audit.pdf_reader import Contents, file_bytes, read_pdf_bytes
from selfeval.audit.pdf_structure import CREATOR
from selfeval.audit.recompute import Recomputed, count_rows, differences, recompute, unlike_shipped
from selfeval.audit.time_limit import UnreadableError, limited
from selfeval.audit.verdict import LAYOUT, SIGNATURE, Check, FileSum, Verdict
from selfeval.base import display
from selfeval.base.phrases import joined, phrase
from selfeval.evaluation.json_values import SCHEMA as SCORECARD_SCHEMA
from selfeval.evaluation.result import Result
from selfeval.reading.config import FILE
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.layouts import layout_name
from selfeval.report.pages.document import BOOK_TITLE, SUMMARY_TITLE, project_document
from selfeval.report.pages.printed_text import printed_text
from selfeval.report.pages.views import ProjectDocument

PUBLIC = "公开版"


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A report taken apart: its files by name, manifest and scorecard read, scored again."""

    contents: Contents
    files: Mapping[str, bytes]
    manifest: Json
    scorecard: Json
    again: Recomputed
    data: bytes = b""
    signatures: tuple[signing.Signature, ...] = ()
    document: ProjectDocument | None = None
    paper: Paper | None = None
    """What the pages should say, and what they do; None where that cannot be compared."""

    @property
    def project(self) -> Json:
        """The one project of the scorecard; empty where it is not as it should be."""
        return only_project(self.scorecard)

    @property
    def version(self) -> str:
        """The version that made the report."""
        return text_in(self.manifest, "generator", "version") or text_in(self.scorecard, "generator", "version")


def verify(path: Path) -> Verdict:
    """The verdict on one file. Never raises for anything in the file."""
    try:
        with limited():
            return judged(file_bytes(path), str(path))[0]
    except UnreadableError as error:
        return Verdict(str(path), problem=str(error))


def judged(data: bytes, file: str) -> tuple[Verdict, ReportCase | None]:
    """The verdict on a PDF, and the report taken apart, where it is one; raises `UnreadableError`."""
    contents = read_pdf_bytes(data, 0)
    if not NAMES & {one.name for one in contents.attached}:
        contents = read_pdf_bytes(data)
    sums = tuple(sums_of(data, file, contents))
    if why := without_data(contents):
        signed_by = tuple(signature_notes(data, contents))
        of_public = (PUBLIC,) if PUBLIC in why else ()
        return Verdict(
            file, notes=signed_by, problem=phrase("没有附带数据：{why}", why=why), marks=of_public, sums=sums
        ), None
    case = with_paper(replace(case_of(contents), data=data, signatures=signatures_of(data, contents)))
    checks = [check(case) for check in CHECKS]
    if case.signatures:
        checks.append(signed(case))
    marks = case.document.marks.words if case.document else ()
    told = Verdict(file, about(case), tuple(checks), tuple(notes(case)), "", marks, unchecked(case), sums)
    return told, case


def sums_of(data: bytes, file: str, contents: Contents) -> Iterator[FileSum]:
    """The sum of a file and of each attachment."""
    yield FileSum(file, len(data), sha256(data))
    yield from (FileSum(one.name, len(one.content), sha256(one.content)) for one in contents.attached)


def with_paper(case: ReportCase) -> ReportCase:
    """The case with what its pages should say and do; of another version's report, or of another's, their text only."""
    result = case.again.result
    if result is None:
        return case if case.contents.pages else replace(case, contents=read_pdf_bytes(case.data))
    document = expected_document(result, result.scorecards[0], case.manifest, case.files.get(MANIFEST, b""))
    case = replace(case, document=document)
    if not is_comparable(case):
        return replace(case, contents=read_pdf_bytes(case.data))
    by_typst = names_typst(case.manifest)
    due, opened = printed_text(document), case.contents.opened
    case = replace(case, paper=paper_of(case.data, due, {*case.files}, opened, by_typst=by_typst))
    return replace(case, contents=replace(case.contents, opened=None))


def is_comparable(case: ReportCase) -> bool:
    """Whether the program knows how the pages are laid out: by this version, in a shipped layout."""
    return case.version == __version__ and not own_templates(case)


def unchecked(case: ReportCase) -> tuple[str, ...]:
    """What could not be looked at."""
    layout = case.document is not None and case.paper is None
    signature = case.contents.signatures > 0 and not case.signatures
    return (*([LAYOUT] if layout else []), *([SIGNATURE] if signature else []))


def without_data(contents: Contents) -> str:
    """Why there is nothing to compare; "" where there is, or where a report has lost what it should carry."""
    prints = printed.fingerprints_on(contents.pages)
    if NAMES & {one.name for one in contents.attached}:
        return ""
    if not prints and contents.creator == CREATOR:
        return phrase(
            "是{public}（--public）：不带数据，也不印指纹；能核对的是不带 --public 生成的那一份", public=PUBLIC
        )
    if prints and printed.begins_with(contents.pages, SUMMARY_TITLE, BOOK_TITLE):
        return phrase(
            "是汇总表或合订本；能核对的是同一文件夹 projects/ 下各项目的 report.pdf，页面上的数据指纹与它们的相同"
        )
    if len(prints) == 1:
        return ""
    return phrase("不是本程序生成的自评报告，或附件和指纹都已去掉")


def signatures_of(data: bytes, contents: Contents) -> tuple[signing.Signature, ...]:
    """The signatures of a file, where there are any and they can be looked at here."""
    if not contents.signatures or not signing.available():
        return ()
    found = signing.signatures_in(data)
    return (*found, *(signing.NO_SIGNATURE for _ in range(contents.signatures - len(found))))


def signature_notes(data: bytes, contents: Contents) -> Iterator[str]:
    """The signatures of a file that has no data to compare."""
    yield from (phrase("电子签名：{one}", one=str(one)) for one in signatures_of(data, contents))


def case_of(contents: Contents) -> ReportCase:
    """Takes the attachments apart and scores again. Of two files with one name the first counts."""
    files = {one.name: one.content for one in reversed(contents.attached) if one.name in NAMES}
    scorecard = read_json(files.get(SCORECARD, b""))
    project = text_in(only_project(scorecard), "id") or text_in(read_json(files.get(MANIFEST, b"")), "project", "id")
    missing = [name for name in REQUIRED if name not in files]
    again = (
        Recomputed(None, phrase("缺少附件 {missing}", missing=tuple(missing))) if missing else scored(files, project)
    )
    return ReportCase(contents, files, read_json(files.get(MANIFEST, b"")), scorecard, again)


def scored(files: Mapping[str, bytes], project: str) -> Recomputed:
    """Scores again; attachments that cannot be unpacked or read are a reason, not a failure.

    Raises `UnreadableError` where there are more rows than anybody could have scored in the time.
    """
    count_rows(files)
    try:
        return recompute(files, project)
    except (OSError, ValueError, RecursionError, ArithmeticError) as error:
        return Recomputed(None, phrase("附件内容异常，不能重新计分（{name}）", name=type(error).__name__))


def about(case: ReportCase) -> dict[str, str]:
    """What the file says of itself."""
    evaluation = case.manifest.get("evaluation")
    year = evaluation.get("year") if isinstance(evaluation, dict) else None
    return {
        "project": text_in(case.manifest, "project", "id") or text_in(case.project, "id"),
        "name": text_in(case.manifest, "project", "name") or text_in(case.project, "name"),
        "unit": text_in(case.manifest, "evaluation", "unit"),
        "evaluation": text_in(case.manifest, "evaluation", "id"),
        "year": str(year) if isinstance(year, int) else "",
        "total": text_in(case.project, "total"),
        "grade": text_in(case.project, "grade"),
        "version": case.version,
        "rules": text_in(case.manifest, "rules", "id"),
        "fingerprint": fingerprint(case.files[MANIFEST]) if MANIFEST in case.files else "",
    }


def notes(case: ReportCase) -> Iterator[str]:
    """What should be known but is no disagreement."""
    if case.version and case.version != __version__:
        yield phrase(
            "报告由 selfeval {version} 生成，本程序是 {this}：两版读法或措辞若有变化，会在下面逐项指出；"
            "可用原版本再核对一次",
            version=case.version,
            this=__version__,
        )
    if case.contents.signatures and not case.signatures:
        yield phrase(
            "文件有 {signatures} 个电子签名，没有核验：需要先运行 {remedy}；也可以在 PDF 阅读器中查看签名人和是否有效",
            signatures=case.contents.signatures,
            remedy=signing.REMEDY,
        )
    if LAYOUT_FILE in case.files:
        yield phrase(
            ("版式是单位自己的（附件 {layout_file}）：表头、标题、注的文字按它核对，写得是否妥当请另行看"),
            layout_file=LAYOUT_FILE,
        )
    if own_templates(case):
        yield phrase("报告用的是单位自己的版式：页面只核对各指标得分和总分")
    if case.paper and case.paper.boxes:
        yield phrase("页面上有 {boxes} 个字所用字体没有，印成“□”", boxes=case.paper.boxes)


# ── The comparisons ──


def attachments(case: ReportCase) -> Check:
    """Attachments and manifest."""
    found = phrase("{count} 个附件，SHA-256 与清单相符", count=len(case.files))
    return Check("attachments", phrase("附件与清单"), found, tuple(_attachment_differences(case)))


def _attachment_differences(case: ReportCase) -> Iterator[str]:
    names = [one.name for one in case.contents.attached]
    yield from (phrase("附件“{name}”不是本程序附带的", name=name[:60]) for name in names if name not in NAMES)
    yield from (
        phrase("附件 {name} 有 {count} 个", name=name, count=names.count(name))
        for name in sorted(case.files)
        if names.count(name) > 1
    )
    if not case.files:
        yield phrase("附件全部缺失")
        return
    if MANIFEST not in case.files:
        yield phrase("缺少附件 {manifest}", manifest=MANIFEST)
    elif case.manifest.get("schema") != SCHEMA:
        yield phrase("{manifest} 的格式不是 {schema}", manifest=MANIFEST, schema=SCHEMA)
    listed = {text_in(item, "file"): text_in(item, "sha256") for item in items_in(case.manifest, "attachments")}
    for name in sorted({*listed, *REQUIRED} - {*case.files}):
        yield phrase("缺少附件 {name}", name=name[:60])
    for name in sorted({*case.files} - {MANIFEST}):
        if name not in listed:
            yield phrase("附件 {name} 不在清单里", name=name)
        elif sha256(case.files[name]) != listed[name]:
            yield phrase(
                "附件 {name} 与清单不符：清单是 {listed}…，附件是 {sha}…",
                name=name,
                listed=listed[name][:16],
                sha=sha256(case.files[name])[:16],
            )
    yield from _manifest_differences(case)


def _manifest_differences(case: ReportCase) -> Iterator[str]:
    """What the manifest says twice, or says of the scorecard, or should not say."""
    yield from strange_in(case.manifest, case.files.get(MANIFEST, b""), {k: len(v) for k, v in case.files.items()})
    if case.manifest and case.again.result:
        yield from unlike_data(case.manifest, case.again.result)
    inputs = {text_in(item, "file"): text_in(item, "sha256") for item in items_in(case.manifest, "inputs")}
    if FILE in case.files and FILE in inputs and inputs[FILE] != sha256(case.files[FILE]):
        yield phrase("附件 {file} 与清单所记的输入文件不符", file=FILE)
    yield from _layout_differences(case, inputs)
    if case.scorecard.get("schema") != SCORECARD_SCHEMA or not case.project:
        yield phrase(
            "{scorecard} 不是一个项目的计分结果（{scorecard_schema}）",
            scorecard=SCORECARD,
            scorecard_schema=SCORECARD_SCHEMA,
        )
        return
    pairs = (("项目编号", ("project", "id"), case.project, ("id",)),)
    more = (("评价", ("evaluation", "id")), ("规则", ("rules", "id")), (phrase("程序版本"), ("generator", "version")))
    for label, keys, data, inner in (*pairs, *((label, keys, case.scorecard, keys) for label, keys in more)):
        ours, theirs = text_in(case.manifest, *keys), text_in(data, *inner)
        if case.manifest and ours != theirs:
            yield phrase(
                "{label}：清单是“{ours}”，{scorecard} 是“{theirs}”",
                label=label,
                ours=ours[:40],
                scorecard=SCORECARD,
                theirs=theirs[:40],
            )


def _layout_differences(case: ReportCase, inputs: Mapping[str, str]) -> Iterator[str]:
    """The attached layout and the one that the manifest names."""
    name = layout_file(layout_name(case.again.result.evaluation.report)) if case.again.result else ""
    named, attached = inputs.get(name), case.files.get(LAYOUT_FILE)
    if attached is None and name in inputs and not own_templates(case):
        yield phrase("清单所记的 {name} 没有附上", name=name[:80])
    elif attached is not None and named != sha256(attached):
        yield phrase("附件 {layout_file} 与清单所记的版式不符", layout_file=LAYOUT_FILE)


def prints(case: ReportCase) -> Check:
    """The manifest and the fingerprint on the page."""
    wanted = fingerprint(case.files[MANIFEST]) if MANIFEST in case.files else ""
    if case.paper:
        differing = () if not case.paper.pages else tuple(unprinted(case, wanted))
        return Check("fingerprint", phrase("数据指纹"), phrase("{wanted}，与页面相符", wanted=wanted), differing)
    seen = "；".join(printed.fingerprints_on(case.contents.pages))
    wrong = (
        phrase("页面上印的是 {seen}，附件清单的指纹是 {wanted}", seen=seen, wanted=wanted or phrase("（没有清单）"))
        if seen
        else phrase("页面上没有印数据指纹")
    )
    return Check(
        "fingerprint",
        phrase("数据指纹"),
        phrase("{wanted}，与页面相符", wanted=wanted),
        () if seen and seen == wanted else (wrong,),
    )


def unprinted(case: ReportCase, wanted: str) -> Iterator[str]:
    """A fingerprint on the pages that is not the manifest's; looked for only where the pages do not say what is due."""
    seen = "；".join(printed.fingerprints_on(read_pdf_bytes(case.data).pages))
    if seen != wanted:
        yield (
            phrase("页面上印的是 {seen}，附件清单的指纹是 {wanted}", seen=seen, wanted=wanted or phrase("（没有清单）"))
            if seen
            else phrase("页面上没有印数据指纹")
        )


def structure(case: ReportCase) -> Check:
    """What the file is made of, and what it says beside its pages."""
    found = phrase("只有本程序写的内容") if case.paper else phrase("没有脚本和批注")
    differing = (*case.contents.overlays, *(case.paper.structure if case.paper else ()))
    return Check("structure", phrase("文件结构"), found, differing)


def rules(case: ReportCase) -> Check:
    """The attached rules and the program's own of that name."""
    result = case.again.result
    if result is None:
        return Check("rules", phrase("计分规则"), "", (phrase("没有重新计分的结果，规则不能核对"),))
    differing = tuple(unlike_shipped(result.rules, result.evaluation.year))
    listed = (text_in(case.manifest, "rules", "id"), text_in(case.manifest, "rules", "version"))
    ours = (result.rules.id, result.rules.effective.isoformat())
    if case.manifest and listed != ours:
        differing = (
            phrase(
                "清单是“{listed}”，附件 {rules} 是“{ours}”",
                listed=" ".join(listed)[:60],
                rules=RULES,
                ours=" ".join(ours),
            ),
            *differing,
        )
    own = "" if is_shipped(result) else phrase("（单位自己的规则，请另行核对其依据）")
    return Check(
        "rules",
        phrase("计分规则"),
        phrase("{id}，{effective} 起施行的版本{own}", id=result.rules.id, effective=result.rules.effective, own=own),
        differing,
    )


def is_shipped(result: Result) -> bool:
    """Whether the rules bear the name of a shipped profile."""
    from selfeval.rules.load import shipped_profiles

    return result.rules.id in {profile.id for profile in shipped_profiles()}


def scores(case: ReportCase) -> Check:
    """The attached scorecard and scoring again."""
    if case.again.result is None:
        return Check("scores", phrase("重新计分"), "", (phrase("不能重新计分：{problem}", problem=case.again.problem),))
    card = case.again.result.scorecards[0]
    found = phrase(
        "{count} 个指标、总分 {points}，与附件一致", count=len(card.scores), points=display.points(card.total)
    )
    listed = tuple(map(str, differences(case.scorecard, case.again.result)))
    return Check("scores", phrase("重新计分"), found, listed)


def pages(case: ReportCase) -> Check:
    """The printed pages and scoring again."""
    result = case.again.result
    if result is None:
        return Check("pages", phrase("页面"), "", (phrase("没有重新计分的结果，页面不能核对"),))
    if case.paper:
        return whole_pages(case, result, case.paper)
    annex = phrase("和附件2 的得分") if case.document and case.document.layout.scored else ""
    rows = len(result.scorecards[0].scores)
    found = phrase("自评表 {rows} 行、总分{annex}与数据一致", rows=rows, annex=annex)
    return Check("pages", phrase("页面"), found, tuple(figures(case, result)))


def figures(case: ReportCase, result: Result) -> Iterator[str]:
    """The figures of the form that are not those of the data, in the words of the form."""
    document = project_document(result, result.scorecards[0])
    texts = case.contents.pages or read_pdf_bytes(case.data).pages
    form = None if own_templates(case) else document.layout
    listed = printed.form_differences(texts, document, form) if form else printed.own_layout(texts, document)
    yield from (joined((text, echo(text, case))) for text in listed)


def whole_pages(case: ReportCase, result: Result, paper: Paper) -> Check:
    """All that the pages say, in its order, and whether it can be read there; false figures are named first."""
    found = phrase("{count} 页的全部文字与数据一致，没有增删、遮盖或移动", count=paper.count)
    named = figures(case, result) if paper.pages else ()
    beside = unlike_manifest(result, result.scorecards[0], case.document, case.manifest) if case.document else ()
    return Check("pages", phrase("页面"), found, (*named, *paper.pages, *beside))


def signed(case: ReportCase) -> Check:
    """The signatures: that they hold, whose they are, who answers for that."""
    broken = tuple(str(one) for one in case.signatures if one.wrong)
    return Check("signature", phrase("电子签名"), joined(map(str, case.signatures), "；"), broken)


def echo(said: str, case: ReportCase) -> str:
    """Whether the attached scorecard sides with the data or not, for a 得分 that the page prints otherwise."""
    for item in items_in(case.project, "indicators"):
        name = f"“{text_in(item, 'level2')}/{text_in(item, 'level3')}”"
        if said.startswith(phrase("指标{name}的得分", name=name)):
            points = text_in(item, "points") or phrase("（空）")
            return phrase("（附件 {scorecard} 是 {points}）", scorecard=SCORECARD, points=points)
    return ""


def own_templates(case: ReportCase) -> bool:
    """Whether the page was made from templates of the unit's own."""
    named = (text_in(item, "file") for item in items_in(case.manifest, "inputs"))
    return any(name.startswith("templates/") and not is_layout_data(name) for name in named)


CHECKS: tuple[Callable[[ReportCase], Check], ...] = (attachments, structure, prints, rules, scores, pages)
