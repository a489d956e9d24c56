"""`verify`: agrees with every report as it was built, and names what was changed in one that was tampered with."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import zlib
from pathlib import Path

import pytest
from attempts import slow
from evaluations import ACTUALS, BUDGET, PROJECTS, TARGETS, TOML, make_evaluation, rows_of

from selfeval.audit import pdf_reader as pdf_contents
from selfeval.audit import pdf_syntax, recompute, time_limit, verdict_text
from selfeval.audit import printed_figures as printed
from selfeval.audit import verdict as verdict_words
from selfeval.audit import verify as verifying
from selfeval.audit.attachments import canonical, fingerprint, joint_fingerprint, sha256
from selfeval.audit.paper import paper_of
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.exports import json_bytes, scorecard_json
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pikepdf = pytest.importorskip("pikepdf")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

SECOND = {"项目编号": "P02"}
NARRATIVE = """# 报告

## 一、项目概况

本项目**维修**道路20公里，惠及 `3` 个乡镇。

| 路段 | 里程 |
|---|---|
| 甲段 | 12公里 |

## 五、自评结论

自评得98.50分。
"""
OWN_FORM = """<table>
{% for row in form.rows %}
<tr><td>{{ row.level3 }}</td><td>得</td><td>{{ row.points }}</td></tr>
{% endfor %}
<tr><td>总分</td><td>{{ form.total }}</td><td>执行率</td><td>{{ form.funds[0].points }}</td></tr></table>
"""
OWN_RULES = """
id = "本县"
title = "本县办法"
extends = "mof-2020"
[documents]
own = "本县办法（2021年）"
[[versions]]
effective = 2021-01-01
[versions.execution]
points = 20
source = { document = "own", article = "第三条", checked = true }
[versions.levels]
sets = [{ requires = [], points = { "产出指标" = 40, "效益指标" = 30, "满意度指标" = 10 } }]
source = { document = "own", article = "第四条", checked = true }
"""


def actuals():
    """Not all is reached, so that a false full mark is possible; a reason with numbers, an override."""
    first, second, third = rows_of(ACTUALS)
    return [
        first | {"实际完成值": "17公里", "偏差原因分析及改进措施": "2021年汛期停工45天，\n缺口3公里于2022年补齐。"},
        second | {"实际完成值": "12%", "自评得分": "28.5", "偏差原因分析及改进措施": "测算口径偏宽，扣1.5分。"},
        third | {"佐证材料": "问卷.xlsx；回收率95.3%"},
    ]


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Two projects built once; the paths of their reports."""
    home = tmp_path_factory.mktemp("trust")
    folder = make_evaluation(
        home,
        projects=[*rows_of(PROJECTS), SECOND | rows_of(PROJECTS)[0] | {"项目编号": "P02", "项目名称": "桥梁维修"}],
        budget=[*rows_of(BUDGET), SECOND | {"年初预算数": "90", "全年预算数": "80", "全年执行数": "77"}],
        targets=[*rows_of(TARGETS), *(SECOND | row for row in rows_of(TARGETS))],
        actuals=[*actuals(), *(SECOND | row for row in rows_of(ACTUALS))],
    )
    (folder / "narrative").mkdir()
    (folder / "narrative" / "P01.md").write_text(NARRATIVE, encoding="utf-8")
    (folder / "evidence").mkdir()
    (folder / "evidence" / "问卷.xlsx").write_bytes(b"not looked at")
    return reports(folder, home / "out", pdf_engine=WEASYPRINT)


def reports(folder, out, **request):
    """Builds the PDFs of an evaluation; {project: path}."""
    result = evaluate(folder).result
    assert result is not None
    done = build(result, Request(out, ("pdf",), **{"pdf_engine": TYPST} | request))
    return {card.project.id: done.folder / f"projects/{card.project.id}/report.pdf" for card in result.scorecards}


@pytest.fixture
def report(built):
    return built["P01"]


def differences(path):
    """{check: differences} of those that disagree."""
    verdict = verifying.verify(path)
    assert not verdict.problem, verdict.problem
    return {check.id: check.differences for check in verdict.checks if check.differences}


# ── Changing a PDF ──


def files_of(path):
    """The attachments by name."""
    with pikepdf.open(path) as document:
        return {name: spec.get_file().read_bytes() for name, spec in document.attachments.items()}


def changed(path, target, **changes):
    """A copy with attachments replaced (None: removed); keys are names with `_` for `.`."""
    with pikepdf.open(path) as document:
        for key, content in changes.items():
            name = key.replace("_", ".")
            del document.attachments[name]
            if content is not None:
                spec = pikepdf.AttachedFileSpec(document, content, filename=name, mime_type="text/plain")
                document.attachments[name] = spec
        document.save(target)
    return target


def edited(path, name, old, new):
    """One attachment with a text replaced."""
    text = files_of(path)[name].decode("utf-8")
    assert old in text, (name, old)
    return text.replace(old, new).encode("utf-8")


def fitted(path, **changes):
    """The manifest made to fit changed attachments."""
    manifest = json.loads(files_of(path)["manifest.json"])
    for item in manifest["attachments"]:
        content = changes.get(item["file"].replace(".", "_"))
        if content is not None:
            item |= {"sha256": sha256(content), "bytes": len(content)}
    return canonical(manifest)


# ── As built ──


def test_reports_as_built_agree_with_themselves(built):
    for path in built.values():
        assert differences(path) == {}


def test_the_verdict_says_what_was_verified(report, capsys):
    assert run(["verify", str(report)]) == 0
    said = capsys.readouterr().out
    assert "report.pdf：一致　P01 道路维修" in said
    assert "3 个指标" in said
    assert "mof-2020" in said


def test_json_names_every_comparison(report, capsys):
    assert run(["verify", str(report), "--output-format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (one,) = told["files"]
    assert told["schema"] == "selfeval.verify/1"
    assert (one["verdict"], one["project"], one["problem"]) == ("agrees", "P01", None)
    assert [check["id"] for check in one["checks"]] == [
        "attachments",
        "structure",
        "fingerprint",
        "rules",
        "scores",
        "pages",
    ]
    assert all(check["agrees"] for check in one["checks"])


def test_the_fingerprint_on_the_page_is_that_of_the_manifest(report):
    told = verifying.verify(report).about["fingerprint"]
    assert told == fingerprint(files_of(report)["manifest.json"])
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", told)


def test_rules_of_the_units_own_travel_with_the_report(tmp_path):
    folder = make_evaluation(
        tmp_path, toml=TOML + 'rules = "本县"\nmoney_unit = "万元"\n', targets=TARGETS.replace("50\n", "40\n")
    )
    (folder / "rules").mkdir()
    (folder / "rules" / "本县.toml").write_text(OWN_RULES, encoding="utf-8")
    path = reports(folder, tmp_path / "out")["P01"]
    verdict = verifying.verify(path)
    assert verdict.word == verdict_words.AGREES, verdict_text.as_text([verdict])
    assert "单位自己的规则" in verdict_text.as_text([verdict])
    inputs = [item["file"] for item in json.loads(files_of(path)["manifest.json"])["inputs"]]
    assert "rules/本县.toml" in inputs


def test_rows_that_could_not_be_scored_agree_too(tmp_path):
    rows = rows_of(ACTUALS)
    folder = make_evaluation(tmp_path, actuals=[rows[0] | {"实际完成值": ""}, *rows[1:]])
    assert differences(reports(folder, tmp_path / "out")["P01"]) == {}


def test_cells_that_a_spreadsheet_might_run_are_scored_as_they_were_entered(tmp_path):
    rows = rows_of(TARGETS)
    names = ['=HYPERLINK("http://x","y")', "'=SUM(A1)", "@维修（里程）"]
    targets = [row | {"三级指标": name} for row, name in zip(rows, names, strict=True)]
    actual = [row | {"三级指标": name} for row, name in zip(rows_of(ACTUALS), names, strict=True)]
    path = reports(make_evaluation(tmp_path, targets=targets, actuals=actual), tmp_path / "out")["P01"]
    assert differences(path) == {}
    lines = csv.reader(io.StringIO(files_of(path)["targets.csv"].decode("utf-8-sig"), newline=""))
    cells = [cell for line in lines for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=H", "@"))]


def test_verify_needs_no_pango(report, monkeypatch):
    monkeypatch.setattr(pdf, "load", lambda: pytest.fail("verify must not load WeasyPrint"))
    assert differences(report) == {}


# ── Tampered with ──


def test_a_score_changed_in_the_attached_result(report, tmp_path):
    result = edited(report, "scorecard.json", '"points": "42.50"', '"points": "50.00"')
    found = differences(changed(report, tmp_path / "x.pdf", scorecard_json=result))
    assert "附件 scorecard.json 与清单不符" in found["attachments"][0]
    assert found["scores"][0] == "指标“数量指标/维修里程”得分：附件是 50.00，按原始数据重算应为 42.50"


def test_a_row_changed(report, tmp_path):
    rows = edited(report, "actuals.csv", "17公里", "20公里")
    found = differences(changed(report, tmp_path / "x.pdf", actuals_csv=rows))
    assert "附件 actuals.csv 与清单不符" in found["attachments"][0]
    assert "“数量指标/维修里程”" in found["scores"][0]
    assert "“数量指标/维修里程”" in found["pages"][0]


@pytest.mark.slow
def test_the_text_of_pages_that_disagree_is_read_once(report, tmp_path, monkeypatch):
    """It is what takes the longest, and the pages of a forged report may be many."""
    rows, read = edited(report, "actuals.csv", "17公里", "18公里"), []
    monkeypatch.setattr(
        pdf_contents, "_texts", lambda *asked, texts=pdf_contents._texts: read.append(1) or texts(*asked)
    )
    verdict = verifying.verify(changed(report, tmp_path / "x.pdf", actuals_csv=rows))
    assert verdict.word == verdict_words.DISAGREES
    assert len(read) == 2, "no page at first, then all of them"


def test_the_profile_changed(report, tmp_path):
    profile = edited(report, "rules.toml", "lower = 0.6, default = 0.7", "lower = 0.6, default = 0.79")
    found = differences(changed(report, tmp_path / "x.pdf", rules_toml=profile))
    assert "附件 rules.toml 与清单不符" in found["attachments"][0]
    assert found["rules"][0].startswith("tiers.partial")


@pytest.mark.slow
def test_a_profile_that_scores_otherwise_is_named_where_it_scores(report, tmp_path):
    profile = edited(report, "rules.toml", 'formula = "ratio"', 'formula = "all_or_nothing"')
    found = differences(changed(report, tmp_path / "x.pdf", rules_toml=profile))
    assert "维修里程" in found["scores"][0]


def test_the_manifest_changed_to_fit(report, tmp_path):
    rows = edited(report, "actuals.csv", "17公里", "20公里")
    fit = fitted(report, actuals_csv=rows)
    found = differences(changed(report, tmp_path / "x.pdf", actuals_csv=rows, manifest_json=fit))
    assert "attachments" not in found
    assert found["fingerprint"] == (
        f"页面上印的是 {verifying.verify(report).about['fingerprint']}，附件清单的指纹是 {fingerprint(fit)}",
    )
    assert found["scores"]
    assert found["pages"]


def test_every_attachment_changed_to_fit_still_disagrees_with_the_page(report, tmp_path):
    rows = edited(report, "actuals.csv", "17公里", "20公里")
    first = changed(report, tmp_path / "1.pdf", actuals_csv=rows)
    again = verifying.case_of(pdf_contents.read_pdf(first)).again.result
    result = json_bytes(scorecard_json(again)).replace(b'"report"', '"甲县-2021"'.encode())
    fit = fitted(report, actuals_csv=rows, scorecard_json=result)
    found = differences(changed(report, tmp_path / "x.pdf", actuals_csv=rows, scorecard_json=result, manifest_json=fit))
    assert set(found) == {"structure", "fingerprint", "pages"}


@pytest.mark.slow
def test_attachments_swapped_between_two_reports(built, tmp_path):
    other = {name.replace(".", "_"): content for name, content in files_of(built["P02"]).items()}
    found = differences(changed(built["P01"], tmp_path / "x.pdf", **other))
    assert set(found) == {"structure", "fingerprint", "pages"}
    one = {"scorecard_json": other["scorecard_json"]}
    found = differences(changed(built["P01"], tmp_path / "y.pdf", **one))
    assert any("项目编号：清单是“P01”，scorecard.json 是“P02”" in said for said in found["attachments"])


@pytest.mark.parametrize("name", ["manifest.json", *slow("scorecard.json", "rules.toml", "budget.csv", "narrative.md")])
def test_an_attachment_removed(report, tmp_path, name):
    found = differences(changed(report, tmp_path / "x.pdf", **{name.replace(".", "_"): None}))
    assert f"缺少附件 {name}" in found["attachments"]


@pytest.mark.slow
def test_all_attachments_removed(report, tmp_path):
    every = dict.fromkeys(name.replace(".", "_") for name in files_of(report))
    found = differences(changed(report, tmp_path / "x.pdf", **every))
    assert found["attachments"] == ("附件全部缺失",)


def test_a_strange_attachment_added(report, tmp_path):
    with pikepdf.open(report) as document:
        document.attachments["../x"] = pikepdf.AttachedFileSpec(document, b"x", filename="../x")
        document.save(tmp_path / "x.pdf")
    assert differences(tmp_path / "x.pdf")["attachments"] == ("附件“../x”不是本程序附带的",)


# ── The page rewritten ──


def characters(document):
    """Glyph → character of every font, by its resource name."""
    fonts = document.pages[0].Resources.Font
    maps = {}
    for name, font in fonts.items():
        text = font.ToUnicode.read_bytes().decode("latin-1")
        pairs = re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", text.split("beginbfchar", 1)[-1])
        maps[name] = {a.lower(): bytes.fromhex(b).decode("utf-16-be", "replace") for a, b in pairs}
    return maps


def words(page, maps):
    """(index, text) of each operator that shows text."""
    font = ""
    for at, (operands, operator) in enumerate(pikepdf.parse_content_stream(page)):
        if str(operator) == "Tf":
            font = str(operands[0])
        if str(operator) in {"TJ", "Tj"}:
            parts = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String)).hex()
            yield at, "".join(maps[font].get(codes[i : i + 4], "?") for i in range(0, len(codes), 4))


def is_form(page, maps):
    """The 自评表 is the part that has the heads of the levels."""
    return not {"三级指标", "三级"}.isdisjoint(text for _, text in words(page, maps))


def rewritten(path, target, old, new, *, beside=False):
    """A copy that shows `new` (a text shown elsewhere in it) where `old` stood in the 自评表, or also beside it."""
    with pikepdf.open(path) as document:
        maps = characters(document)
        shown = [(page, at, text) for page in document.pages for at, text in words(page, maps)]
        sources = [(page, at) for page, at, text in shown if text == new]
        source = next((one for one in sources if is_form(one[0], maps)), sources[0])  # in a font that the page has
        goal = next((page, at) for page, at, text in shown if text == old and is_form(page, maps))
        lines = list(pikepdf.parse_content_stream(goal[0]))
        showing = pikepdf.parse_content_stream(source[0])[source[1]]
        if beside:
            lines.insert(goal[1] + 1, showing)
        else:
            lines[goal[1]] = showing
        goal[0].Contents = document.make_stream(pikepdf.unparse_content_stream(lines))
        document.save(target, fix_metadata_version=False)  # else the metadata are written anew as well
    return target


def test_a_score_changed_on_the_page(report, tmp_path):
    found = differences(rewritten(report, tmp_path / "x.pdf", "42.50", "10.00"))
    assert set(found) == {"pages"}
    said = "指标“数量指标/维修里程”的得分：页面上印的是 10.00，按数据应为 42.50"
    assert found["pages"][0] == f"{said}（附件 scorecard.json 是 42.50）"


@pytest.mark.slow
def test_the_total_changed_on_the_page(report, tmp_path):
    told = verifying.verify(report).about
    total, grade = told["total"], told["grade"]
    found = differences(rewritten(report, tmp_path / "x.pdf", total, "42.50"))
    assert found["pages"][0] == f"总分：页面上印的是 42.50 分、“{grade}”，按数据应为 {total} 分、“{grade}”"


@pytest.mark.slow
def test_a_number_laid_over_the_table(report, tmp_path):
    found = differences(rewritten(report, tmp_path / "x.pdf", "42.50", "10.00", beside=True))
    assert "多出了“10.00" in found["pages"][0]


def test_a_note_laid_over_the_page(report, tmp_path):
    with pikepdf.open(report) as document:
        note = {"/Type": "/Annot", "/Subtype": "/FreeText", "/Rect": [0, 0, 90, 90], "/Contents": "50.00"}
        document.pages[3].Annots = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(_names(note)))])
        document.save(tmp_path / "x.pdf")
    assert differences(tmp_path / "x.pdf")["structure"][0] == "第 4 页上加有批注或盖印（FreeText），可能遮住原文"


def test_a_signature_that_is_none_does_not_count(report, tmp_path):
    with pikepdf.open(report) as document:
        field = {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Sig", "/Rect": [0, 0, 90, 90], "/V": "x"}
        field = document.make_indirect(pikepdf.Dictionary(_names(field)))
        document.pages[0].Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        document.save(tmp_path / "x.pdf")
    assert "签名的结构异常，无法核验" in differences(tmp_path / "x.pdf")["signature"][0]
    assert differences(tmp_path / "x.pdf")["structure"]


@pytest.mark.parametrize("layout", slow("national", "sichuan", "hubei"))
def test_every_shipped_layout_is_compared(tmp_path, layout):
    toml = f'{TOML}[report]\nlayout = "{layout}"\n'
    path = reports(make_evaluation(tmp_path, toml=toml, actuals=actuals()), tmp_path / "out", pdf_engine=WEASYPRINT)[
        "P01"
    ]
    assert differences(path) == {}
    found = differences(rewritten(path, tmp_path / "x.pdf", "42.50", "10.00"))
    assert "指标“数量指标/维修里程”的得分" in found["pages"][0]


@pytest.mark.slow
def test_a_layout_of_the_units_own_is_compared_by_its_points(tmp_path):
    folder = make_evaluation(tmp_path, actuals=actuals())
    own = folder / "templates" / "layouts" / "national" / "form.html"
    own.parent.mkdir(parents=True)
    own.write_text(OWN_FORM, encoding="utf-8")
    path = reports(folder, tmp_path / "out")["P01"]
    verdict = verifying.verify(path)
    assert verdict.word == "无法核对版面", verdict_text.as_text([verdict])
    assert "单位自己的版式" in verdict.notes[-1]
    assert run(["verify", str(path)]) == 2


def _names(entries):
    return {k: pikepdf.Name(v) if isinstance(v, str) and v.startswith("/") else v for k, v in entries.items()}


# ── Another version ──


def test_an_older_version_is_named_with_what_differs(report, tmp_path, monkeypatch):
    monkeypatch.setattr(verifying, "__version__", "9.9")
    verdict = verifying.verify(report)
    assert verdict.word == "无法核对版面"
    assert "本程序是 9.9" in verdict.notes[0]
    assert run(["verify", str(report)]) == 2


# ── Not ours, or meant to harm ──


def refused(path, capsys):
    """The one line said about a file that cannot be verified; exit 2."""
    assert run(["verify", str(path)]) == 2
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    (line,) = out.splitlines()
    return line


def blank(target, attachments=(), **options):
    """An empty page with attachments."""
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, content in attachments:
            document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
        document.save(target, **options)
    return target


def test_not_a_pdf(tmp_path, capsys):
    (tmp_path / "x.pdf").write_text("绩效", encoding="utf-8")
    assert refused(tmp_path / "x.pdf", capsys).endswith("不是 PDF 文件")
    assert refused(tmp_path / "none.pdf", capsys).endswith("没有这个文件")
    assert refused(tmp_path, capsys).endswith("不是文件")


def test_a_pdf_of_someone_else(tmp_path, capsys):
    assert "不是本程序生成" in refused(blank(tmp_path / "x.pdf"), capsys)
    assert "不是本程序生成" in refused(blank(tmp_path / "y.pdf", [("../x", b"x"), ("C:\\x", b"y")]), capsys)


def test_the_summary_carries_nothing(built, capsys):
    summary = built["P01"].parents[2] / "summary.pdf"
    assert "汇总表" in refused(summary, capsys)
    prints = [verifying.verify(path).about["fingerprint"] for path in built.values()]
    pages = pdf_contents.read_pdf(summary).pages
    assert list(printed.fingerprints_on(pages)) == [joint_fingerprint(prints)]
    assert not any(one in page for one in prints for page in pages), "one for all, not one on every row"


@pytest.mark.slow
def test_the_public_edition_carries_nothing(tmp_path, capsys):
    path = reports(make_evaluation(tmp_path), tmp_path / "out", public=True, pdf_engine=WEASYPRINT)["P01"]
    assert files_of(path) == {}
    assert "公开版" in refused(path, capsys)


@pytest.mark.slow
def test_summary_and_book_of_one_project_say_what_can_be_verified_in_their_place(tmp_path, capsys):
    """They print fingerprints, as a report does, but carry no data of their own."""
    out, folder = tmp_path / "out", make_evaluation(tmp_path)
    assert run(["build", str(folder), "--out", str(out), "--format", "pdf", "--book"]) == 0
    capsys.readouterr()
    for name, count in (("summary.pdf", 1), ("book.pdf", 2)):
        path = out / folder.name / name
        assert len(printed.fingerprints_on(pdf_contents.read_pdf(path).pages)) == count
        assert "projects/" in refused(path, capsys)


@pytest.mark.parametrize("layout", ["transfer", *slow("national", "sichuan", "hubei")])
def test_the_summary_of_every_layout_is_known_as_one(tmp_path, capsys, layout):
    out, folder = tmp_path / "out", make_evaluation(tmp_path, toml=f'{TOML}[report]\nlayout = "{layout}"\n')
    assert run(["build", str(folder), "--out", str(out), "--format", "pdf", "--pdf-engine", "typst"]) == 0
    capsys.readouterr()
    assert "汇总表" in refused(out / folder.name / "summary.pdf", capsys)


def test_a_report_without_its_attachments_disagrees_is_called_no_pack_and_its_rules_do_not_agree(tmp_path, capsys):
    report = reports(make_evaluation(tmp_path), tmp_path / "out")["P01"]
    with pikepdf.open(report, allow_overwriting_input=True) as document:
        document.attachments.clear()
        document.save(report)
    assert run(["verify", str(report)]) == 1
    told = capsys.readouterr().out
    assert "附件全部缺失" in told
    assert "报送包" not in told
    assert "相符　计分规则" not in told


@pytest.mark.parametrize("part", [0.5, *slow(0.2, 0.9, 0.99)])
def test_a_truncated_file(report, tmp_path, capsys, part):
    data = report.read_bytes()
    (tmp_path / "x.pdf").write_bytes(data[: int(len(data) * part)])
    assert "无法核对" in refused(tmp_path / "x.pdf", capsys)


def test_an_encrypted_file(report, tmp_path, capsys):
    with pikepdf.open(report) as document:
        document.save(tmp_path / "x.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    assert "加密" in refused(tmp_path / "x.pdf", capsys)


def test_ten_thousand_attachments(tmp_path, capsys):
    with pikepdf.new() as document:
        document.add_blank_page()
        one = document.make_indirect(pikepdf.AttachedFileSpec(document, b"x", filename="scorecard.json").obj)
        names = pikepdf.Array([item for at in range(10_000) for item in (pikepdf.String(f"{at:05}"), one)])
        document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))
        document.save(tmp_path / "x.pdf")
    assert "附件多于" in refused(tmp_path / "x.pdf", capsys)


def test_a_list_of_attachments_that_contains_itself(tmp_path, capsys):
    with pikepdf.new() as document:
        document.add_blank_page()
        node = document.make_indirect(pikepdf.Dictionary())
        node.Kids = pikepdf.Array([node, node])
        document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=node)
        document.save(tmp_path / "x.pdf")
    assert "附件多于" in refused(tmp_path / "x.pdf", capsys)


@pytest.mark.parametrize("size", [40, *slow(300)])
def test_an_attachment_that_unpacks_to_more_than_it_may(tmp_path, capsys, size):
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(1 << 20)) for _ in range(size)) + packer.flush()
    with pikepdf.new() as document:
        document.add_blank_page()
        stream = pikepdf.Stream(document, data, {"/Filter": pikepdf.Name.FlateDecode})
        spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="scorecard.json", UF="scorecard.json")
        spec.EF = pikepdf.Dictionary(F=document.make_indirect(stream))
        document.Root.Names = pikepdf.Dictionary(
            EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("scorecard.json"), spec]))
        )
        document.save(tmp_path / "x.pdf", stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert (tmp_path / "x.pdf").stat().st_size < 1_000_000
    assert "过大" in refused(tmp_path / "x.pdf", capsys)


@pytest.mark.parametrize("content", [b"", b"[" * 100_000, b"\xff\xfe", b'{"projects": [{"id": 5}], "evaluation": 7}'])
def test_attachments_that_are_not_what_they_are_called(tmp_path, capsys, content):
    names = ["manifest.json", "scorecard.json", "selfeval.toml", "rules.toml"]
    names += ["projects.csv", "budget.csv", "targets.csv", "actuals.csv"]
    path = blank(tmp_path / "x.pdf", [(name, content) for name in names])
    assert run(["verify", str(path)]) == 1
    assert "不能重新计分" in capsys.readouterr().out


def test_text_from_a_strange_file_does_not_steer_the_terminal(tmp_path, capsys):
    scorecard = json.dumps({"projects": [{"id": "\x1b[2J", "name": "x\u202e"}]}).encode()
    run(["verify", str(blank(tmp_path / "x.pdf", [("scorecard.json", scorecard)]))])
    assert not {"\x1b", "\u202e"} & set(capsys.readouterr().out)


def test_several_files_at_once(report, tmp_path, capsys):
    (tmp_path / "x.pdf").write_bytes(b"")
    assert run(["verify", str(report), str(tmp_path / "x.pdf")]) == 2
    said = capsys.readouterr().out
    assert "：一致" in said
    assert "：无法核对。不是 PDF 文件" in said
    assert run(["verify", str(report), "--output-format", "xml"]) == 2


def test_nothing_of_the_file_is_written_anywhere_but_in_a_folder_that_goes(report, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    before = set(Path.cwd().iterdir())
    verifying.verify(report)
    assert list(tmp_path.iterdir()) == []
    assert set(Path.cwd().iterdir()) == before


# ── A review ──

REVIEW = [
    {"二级指标": "数量指标", "三级指标": "维修里程", "复核完成值": "15公里", "复核得分": "37", "复核意见": "核减2公里"}
]


@pytest.mark.parametrize("layout", ["transfer", *slow("national", "sichuan")])
def test_a_review_travels_and_is_scored_again(tmp_path, layout):
    toml = f'{TOML}[report]\nlayout = "{layout}"\n'
    folder = make_evaluation(tmp_path, actuals=actuals(), review=REVIEW, toml=toml)
    path = reports(folder, tmp_path / "out")["P01"]
    assert differences(path) == {}
    assert "核减2公里" in files_of(path)["review.csv"].decode("utf-8-sig")
    forged = edited(path, "review.csv", ",37,", ",50,")
    assert "scores" in differences(changed(path, tmp_path / "forged.pdf", review_csv=forged))
    assert "scores" in differences(changed(path, tmp_path / "without.pdf", review_csv=None))


# ── 核对单 ──


def sheet(capsys, *paths, language="zh"):
    """The page for some files, and the exit code."""
    code = run(["--lang", language, "verify", "--output-format", "html", *map(str, paths)])
    return capsys.readouterr().out, code


def test_the_check_sheet_says_what_was_compared_and_of_which_file(report, capsys):
    page, code = sheet(capsys, report)
    assert code == 0
    assert f"核对单 · {verdict_words.AGREES}" in page
    for said in (sha256(report.read_bytes()), sha256(files_of(report)["targets.csv"]), "甲县财政局", "核对人"):
        assert said in page
    for check in verifying.verify(report).checks:
        assert check.title in page
        assert check.found in page


@pytest.mark.slow
def test_the_check_sheet_of_a_changed_report_says_where(report, tmp_path, capsys):
    page, code = sheet(capsys, rewritten(report, tmp_path / "x.pdf", "42.50", "10.00"), report)
    assert code == 1
    assert "页面上印的是 10.00，按数据应为 42.50" in page
    assert "不一致 1 份" in page


def test_the_check_sheet_says_what_could_not_be_verified(tmp_path, capsys):
    (tmp_path / "x.pdf").write_bytes(b"none")
    page, code = sheet(capsys, tmp_path / "x.pdf")
    assert code == 2
    assert "不是 PDF 文件" in page


@pytest.mark.slow
def test_the_check_sheet_is_english_but_for_words_of_the_files(report, tmp_path, capsys):
    (tmp_path / "broken.pdf").write_bytes(b"none")
    files = report, rewritten(report, tmp_path / "x.pdf", "42.50", "10.00"), tmp_path / "broken.pdf"
    page, code = sheet(capsys, *files, language="en")
    assert code == 1
    assert '<html lang="en">' in page
    for said in ("Check sheet · disagrees", "disagrees: 1", "What was checked", "not a PDF", "date of the check"):
        assert said in page
    theirs = str(verifying.verify(report).about) + "".join(
        content.decode("utf-8", "replace") for content in files_of(report).values()
    )
    runs = re.findall("[\u4e00-\u9fff]+", re.sub("<style>.*?</style>|“[^”]*”", "", page, flags=re.DOTALL))
    assert [run for run in runs if run not in theirs] == []


def test_the_check_sheet_runs_and_fetches_nothing(report, tmp_path, capsys):
    name = "<img src=x onerror=alert(1)>.pdf"
    (tmp_path / name).write_bytes(report.read_bytes() + b"x")
    page, _ = sheet(capsys, tmp_path / name)
    assert "&lt;img src=x onerror" in page
    assert not re.search(r"<(script|img|link|iframe)|https?://|url\(", page)


# ── Limits ──


def test_what_is_not_done_in_time_is_said_to_be_so(report, monkeypatch):
    hours = itertools.count(0, 3600)
    monkeypatch.setattr(time_limit, "process_time", lambda: next(hours))
    monkeypatch.setattr(verifying, "paper_of", paper_of)  # however often the file was looked at before
    verdict = verifying.verify(report)
    assert verdict.kind == verdict_words.UNREADABLE
    assert "90 秒" in verdict.problem


def test_more_rows_or_objects_than_can_be_looked_at_are_said_to_be_so(report, monkeypatch):
    monkeypatch.setattr(recompute, "MOST_LINES", 2)
    assert "行，超过 2 行" in verifying.verify(report).problem
    monkeypatch.setattr(verifying, "read_pdf_bytes", pdf_contents.read_pdf_bytes)  # however often it was before
    monkeypatch.setattr(pdf_syntax, "MOST_OBJECTS", 20)
    assert "个对象，超过 20 个" in verifying.verify(report).problem
    monkeypatch.undo()
    monkeypatch.setattr(verifying, "read_pdf_bytes", pdf_contents.read_pdf_bytes)
    monkeypatch.setattr(time_limit, "MOST_DRAWN", 30)
    assert "文字和图形超过 30 处" in verifying.verify(report).problem


@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_the_public_edition_is_named(tmp_path, capsys, engine):
    path = reports(make_evaluation(tmp_path), tmp_path / "out", public=True, pdf_engine=engine)["P01"]
    assert run(["verify", str(path)]) == 2
    assert "无法核对【公开版】" in capsys.readouterr().out
