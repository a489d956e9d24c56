"""The comparisons of `verify`: attachments and manifest, structure, fingerprint, rules, scores, pages, signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from selfeval.audit import printed_figures as printed
from selfeval.audit.attachments import (
    MANIFEST,
    NAMES,
    REQUIRED,
    RULES,
    SCHEMA,
    SCORECARD,
    fingerprint,
    layout_file,
    sha256,
)
from selfeval.audit.expected import unlike_manifest
from selfeval.audit.json_reader import items_in, text_in
from selfeval.audit.manifest import strange_in, unlike_data
from selfeval.audit.paper import Paper
from selfeval.audit.recompute import differences, unlike_shipped
from selfeval.audit.report_case import ReportCase, own_templates
from selfeval.audit.verdict import Check
from selfeval.base import display
from selfeval.base.phrases import joined, phrase
from selfeval.evaluation.json_values import SCHEMA as SCORECARD_SCHEMA
from selfeval.evaluation.result import Result
from selfeval.reading.config import FILE
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.layouts import layout_name
from selfeval.report.pages.document import project_document


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
    found = phrase("{wanted}，与页面相符", wanted=wanted)
    return Check("fingerprint", phrase("数据指纹"), found, tuple(unprinted(case, wanted)))


def unprinted(case: ReportCase, wanted: str) -> Iterator[str]:
    """A fingerprint on the pages that is not the manifest's; pages that say all that is due print the right one."""
    if case.paper and not case.paper.pages:
        return
    stamped = "；".join(printed.fingerprints_on(case.contents.pages))
    if not stamped:
        yield phrase("页面上没有印数据指纹")
    elif stamped != wanted:
        manifest = wanted or phrase("（没有清单）")
        yield phrase("页面上印的是 {seen}，附件清单的指纹是 {wanted}", seen=stamped, wanted=manifest)


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
    texts = case.contents.pages
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


def echo(difference: str, case: ReportCase) -> str:
    """Whether the attached scorecard sides with the data or not, for a 得分 that the page prints otherwise."""
    for item in items_in(case.project, "indicators"):
        name = f"“{text_in(item, 'level2')}/{text_in(item, 'level3')}”"
        if difference.startswith(phrase("指标{name}的得分", name=name)):
            points = text_in(item, "points") or phrase("（空）")
            return phrase("（附件 {scorecard} 是 {points}）", scorecard=SCORECARD, points=points)
    return ""


CHECKS: tuple[Callable[[ReportCase], Check], ...] = (attachments, structure, prints, rules, scores, pages)
