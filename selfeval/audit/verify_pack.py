"""`verify` for the zip of `pack`: every report against its own data, and everything else against the reports.

The evaluation is put together again from the reports and scored as a whole. Manifest, contents page, scorecard, table
of scores and workbook are then made anew and compared byte by byte, the summary's pages word by word; a file that does
not follow from the reports has no place in the pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from selfeval import __version__
from selfeval.audit.attachments import MANIFEST, SCORECARD, Json, fingerprint
from selfeval.audit.json_reader import items_in, read_json, text_in
from selfeval.audit.pack_parts import SCHEMA, SUMMARY_PDF
from selfeval.audit.pack_reader import Pack, UnreadablePackError, open_pack, pack_in
from selfeval.audit.pack_remade import Reports, whole_checks
from selfeval.audit.report_case import ReportCase, own_templates
from selfeval.audit.time_limit import UnreadableError, limited
from selfeval.audit.verdict import LAYOUT, Check, FileSum, Verdict
from selfeval.audit.verify import judged
from selfeval.base.phrases import phrase

PACK_SECONDS = 1800.0
"""For all reports of a pack together."""


def verify_pack(path: Path) -> list[Verdict]:
    """The verdict on the zip, then on each report in it. Never raises for anything in the file."""
    return told_of(lambda: open_pack(path), str(path))


def verify_pack_bytes(content: bytes, name: str) -> list[Verdict]:
    """The same of a zip in memory."""
    return told_of(lambda: pack_in(BytesIO(content)), name)


def told_of(opened: Callable[[], Pack], name: str) -> list[Verdict]:
    """The same of whatever can be opened."""
    try:
        with closing(opened()) as pack, limited(PACK_SECONDS):
            return verdicts(pack, name)
    except (UnreadableError, UnreadablePackError) as error:
        return [Verdict(name, problem=str(error))]


def verdicts(pack: Pack, file: str) -> list[Verdict]:
    """The same of a zip that is open."""
    content = pack.read(MANIFEST)
    manifest = read_json(content)
    if problem := not_ours(manifest):
        return [Verdict(file, problem=problem)]
    reports = {name: report(pack, name, file) for name in wanted_reports(manifest) if name in pack.sizes}
    checks = [files_check(pack, manifest), reports_check(pack, manifest, reports), evidence_check(manifest, reports)]
    checks += whole_checks(pack, manifest, reports)
    notes = [phrase("包内有未定稿或征求意见稿")] if manifest.get("draft") else []
    own = any(case and own_templates(case) for _, case in reports.values())
    notes += (
        [phrase("单位自己的模板：{summary_pdf} 的文字没有核对，只核对了上面印的数据指纹", summary_pdf=SUMMARY_PDF)]
        if own
        else []
    )
    sums = (FileSum(file, *pack.whole()),)
    left = (LAYOUT,) if own else ()
    subject = about(manifest, fingerprint(content))
    whole = Verdict(file, subject, tuple(checks), tuple(notes), unchecked=left, sums=sums)
    return [whole, *(verdict for verdict, _ in reports.values())]


def not_ours(manifest: Json) -> str:
    """Why a zip cannot be verified here; "" where it can."""
    if manifest.get("schema") != SCHEMA:
        return phrase(
            "不是 selfeval pack 打的包：没有 {manifest}，或格式不是 {schema}", manifest=MANIFEST, schema=SCHEMA
        )
    if not wanted_reports(manifest):
        return phrase("包里没有一个项目的报告，没有可以核对的内容")
    if (version := text_in(manifest, "generator", "version")) != __version__:
        return phrase(
            "由 selfeval {version} 打包，本程序是 {other_version}：请用原版本核对",
            version=version[:20] or "（版本不明）",
            other_version=__version__,
        )
    return ""


def about(manifest: Json, printed_: str) -> dict[str, str]:
    """What the manifest says of the pack, under the names of a report's verdict."""
    evaluation = manifest.get("evaluation")
    year = evaluation.get("year") if isinstance(evaluation, dict) else None
    return {
        "project": "",
        "name": text_in(manifest, "evaluation", "unit"),
        "unit": text_in(manifest, "evaluation", "unit"),
        "evaluation": text_in(manifest, "evaluation", "id"),
        "year": str(year) if isinstance(year, int) else "",
        "total": "",
        "grade": "",
        "version": text_in(manifest, "generator", "version"),
        "rules": text_in(manifest, "rules", "id"),
        "fingerprint": printed_,
    }


def wanted_reports(manifest: Json) -> list[str]:
    """The reports that the manifest names, once each."""
    return list(dict.fromkeys(text_in(project, "report") for project in items_in(manifest, "projects")))


def report(pack: Pack, name: str, file: str) -> tuple[Verdict, ReportCase | None]:
    """One report of the zip."""
    shown = f"{file} › {name}"
    try:
        with limited():
            return judged(pack.read(name), shown)
    except UnreadableError as error:
        return Verdict(shown, problem=str(error)), None


# ── Manifest, reports, evidence ──


def files_check(pack: Pack, manifest: Json) -> Check:
    """Every file and its sum."""
    listed = {text_in(one, "file"): text_in(one, "sha256") for one in items_in(manifest, "files")}
    return Check(
        "files",
        phrase("文件与清单"),
        phrase("{count} 个文件，SHA-256 与清单相符", count=len(listed)),
        tuple(_file_differences(pack, listed)),
    )


def _file_differences(pack: Pack, listed: dict[str, str]) -> Iterator[str]:
    yield from (phrase("缺少文件 {name}", name=name[:60]) for name in listed if name not in pack.sizes)
    for name in pack.sizes:
        if name == MANIFEST:
            continue
        if name not in listed:
            yield phrase("文件 {name} 不在清单里", name=name[:60])
        elif (there := pack.sha256(name)) != listed[name]:
            yield phrase(
                "文件 {name} 与清单不符：清单是 {listed}…，文件是 {found}…",
                name=name[:60],
                listed=listed[name][:16],
                found=there[:16],
            )


def reports_check(pack: Pack, manifest: Json, reports: Reports) -> Check:
    """The reports, the manifest and the scorecard of the whole: the same projects, the same scores."""
    said = phrase("{count} 份，与清单和 {scorecard} 一致", count=len(reports), scorecard=SCORECARD)
    return Check("reports", phrase("自评报告"), said, tuple(_report_differences(pack, manifest, reports)))


def _report_differences(pack: Pack, manifest: Json, reports: Reports) -> Iterator[str]:
    scored = {text_in(one, "id"): one for one in items_in(read_json(pack.read(SCORECARD)), "projects")}
    projects = {text_in(one, "id"): one for one in items_in(manifest, "projects")}
    yield from (
        phrase("{scorecard} 里的项目 {id} 不在清单里", scorecard=SCORECARD, id=id_[:40])
        for id_ in scored
        if id_ not in projects
    )
    for id_, project in projects.items():
        name = text_in(project, "report")
        verdict, case = reports.get(name, (None, None))
        if verdict is None:
            yield phrase("项目 {id} 没有报告", id=id_[:40])
            continue
        yield from (
            phrase("{name}：{problem}", name=name[:60], problem=problem)
            for problem in _one_report(project, scored.get(id_), case, verdict)
        )


def _one_report(project: Json, scored: Json | None, case: ReportCase | None, verdict: Verdict) -> Iterator[str]:
    """What one report says otherwise than manifest and scorecard."""
    if verdict.problem:
        yield phrase("不能核对（{problem}）", problem=verdict.problem)
        return
    if any(check.differences for check in verdict.checks):
        yield phrase("与其附带的数据不一致（见下）")
    for key, label in (("id", "项目"), ("name", "项目名称"), ("total", "总分"), ("grade", "等级")):
        theirs = text_in(project, key)
        ours = verdict.about["project" if key == "id" else key]
        if ours != theirs:
            yield phrase("{label}：清单是“{theirs}”，报告是“{ours}”", label=label, theirs=theirs[:40], ours=ours[:40])
    if verdict.about["fingerprint"] != text_in(project, "fingerprint"):
        yield phrase(
            "数据指纹：清单是 {text_in}，报告是 {fingerprint}",
            text_in=text_in(project, "fingerprint")[:20],
            fingerprint=verdict.about["fingerprint"],
        )
    if case is not None and case.project != scored:
        yield phrase("所附的计分结果与包内 {scorecard} 不同", scorecard=SCORECARD)


def evidence_check(manifest: Json, reports: Reports) -> Check:
    """Every file of evidence that a report names by its sum is in the zip."""
    packed = {text_in(one, "sha256") for one in items_in(manifest, "files")}
    named = {
        text_in(one, "sha256"): text_in(one, "file")
        for _, case in reports.values()
        if case
        for one in items_in(case.manifest, "evidence")
        if text_in(one, "sha256")
    }
    missing = tuple(
        phrase("报告所列的佐证文件 {name} 不在包内", name=name[:60])
        for sum_, name in named.items()
        if sum_ not in packed
    )
    return Check("evidence", phrase("佐证材料"), phrase("报告所列的 {count} 个文件都在包内", count=len(named)), missing)
