"""Both engines print the same: `verify` agrees on every sample in every layout, whatever its projects are like."""

from __future__ import annotations

import csv
import re
from itertools import cycle, islice, product
from pathlib import Path
from shutil import copytree

import pdfplumber
import pytest
from attempts import slow
from engines import needs
from evaluations import make_evaluation
from honest import RARE
from pypdf import PdfReader

from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import ENGINES, TYPST, WEASYPRINT
from selfeval.report.pages.document import project_document

SAMPLES = Path(__file__).resolve().parents[2] / "inputs"
LAYOUTS = ("national", "sichuan", "transfer", "hubei")
ALL = [*product(sorted(folder.name for folder in SAMPLES.iterdir()), LAYOUTS, (False, True))]
REASON = "偏差原因分析及改进措施"


def plain(project, rows):
    """As it is in the sample."""


def unscored(project, rows):
    """A row without an actual."""
    rows[0]["实际完成值"] = ""


def tall(project, rows):
    """A row taller than a page."""
    rows[0][REASON] = "受汛期影响停工45天，设备采购由公开招标改为竞争性磋商；" * 150


def rare(project, rows):
    """What few fonts have, or none; a word longer than any cell."""
    project["项目名称"] += "𠮷\ue000"
    rows[0][REASON] = "、".join(RARE).replace("\u2028", "") + "，" + "Aa1-" * 40
    rows[-1]["佐证材料"] = "葛\U000e0100城《验收》" + "W" * 90


def hostile(project, rows):
    """What looks like code of either engine."""
    project["项目概况"] = '#read("/etc/passwd") $x$ <b>粗</b> &amp; {{ 7*7 }} {% x %} @ref \\ // 注 *粗* `码`'
    rows[0][REASON] = '<script>alert(1)</script> #panic("x") = 标题 <style>*{display:none}</style>'


KINDS = (plain, unscored, tall, rare, hostile)


def read(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [*csv.DictReader(lines)]


def write(file, rows):
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)


def sample(home, name, layout):
    """A sample in a layout, each of its first projects of another kind, the first row of each reviewed."""
    folder = Path(copytree(SAMPLES / name, home / name))
    toml = folder / "selfeval.toml"
    text, count = re.subn(
        r"(?m)^\[report\]\n(layout = .*\n)?", f'[report]\nlayout = "{layout}"\n', toml.read_text("utf-8")
    )
    assert count == 1
    toml.write_text(text, "utf-8")
    projects, actuals, reviews = read(folder / "projects.csv"), read(folder / "actuals.csv"), []
    named = [project for project in projects if project["项目编号"] != "unit"]
    for change, project in zip(KINDS, cycle(named), strict=False):
        rows = [row for row in actuals if row["项目编号"] == project["项目编号"]]
        change(project, rows)
        keys = {key: rows[-1][key] for key in ("项目编号", "二级指标", "三级指标")}
        reviews.append({**keys, "复核得分": "1", "复核意见": f"{change.__name__}：与台账不符"})
    write(folder / "projects.csv", projects)
    write(folder / "actuals.csv", actuals)
    write(folder / "review.csv", reviews)
    return folder, {project["项目编号"] for project in islice(named, len(KINDS))}


def text_of(file):
    """All words of a file without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(file).pages))


def facts(document):
    """What the tables of a report say in short, without blanks."""
    told = [document.total, document.grade, document.rate, document.form_title, *document.name_lines]
    told += [getattr(row, key) for row in document.rows for key in ("level3", "target", "actual", "weight", "points")]
    told += [getattr(fund, key) for fund in document.funds for key in ("label", "initial", "adjusted", "executed")]
    return {re.sub(r"\s", "", text) for text in told if 0 < len(text) <= 20}


@pytest.mark.parametrize(
    ("name", "layout", "draft"),
    slow(*ALL),
)
def test_both_engines_print_what_verify_finds_to_agree(tmp_path, name, layout, draft):
    needs(WEASYPRINT)
    needs(TYPST)
    folder, ids = sample(tmp_path, name, layout)
    result = evaluate(folder).result
    said = {}
    for engine in ENGINES:
        request = Request(tmp_path / engine, ("pdf",), pdf_engine=engine, draft=draft, projects=frozenset(ids))
        made = build(result, request).folder
        for id_ in sorted(ids):
            file = made / f"projects/{id_}/report.pdf"
            verdict = verify(file)
            assert (id_, verdict.word, [d for check in verdict.checks for d in check.differences]) == (id_, AGREES, [])
            said[engine, id_] = text_of(file)
    for card in result.scorecards:
        if (id_ := card.project.id) in ids:
            told = facts(project_document(result, card, draft=draft))
            lacking = [{fact for fact in told if fact not in said[engine, id_]} for engine in ENGINES]
            assert lacking[0] == lacking[1]
            assert len(lacking[0]) < len(told) / 2


@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_a_form_without_indicators_is_printed_as_it_is(tmp_path, engine):
    needs(engine)
    folder = make_evaluation(tmp_path, targets=[], actuals=[])
    build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), pdf_engine=engine))
    verdict = verify(tmp_path / "out" / folder.name / "projects/P01/report.pdf")
    assert (verdict.word, [d for check in verdict.checks for d in check.differences]) == (AGREES, [])


@pytest.mark.slow
@pytest.mark.parametrize("engine", [TYPST, *slow(WEASYPRINT)])
def test_a_unit_in_brackets_stands_on_one_line(tmp_path, engine):
    """Also where its column is narrow: beside the amounts of a form in small type, above them in one in large type."""
    needs(engine)
    asked = Request(tmp_path, ("pdf",), projects=frozenset({"P03", "P08"}), pdf_engine=engine)
    made = build(evaluate(SAMPLES / "mianyang-2021").result, asked).folder / "projects"
    for project in ("P03", "P08"):
        with pdfplumber.open(made / project / "report.pdf") as opened:
            (form,) = [page for page in opened.pages if "年度资金总额" in page.extract_text()]
            words = [word["text"] for word in form.extract_words(x_tolerance=1)]
        for unit in ("(万元)", "(B/A)"):
            assert any(word.endswith(unit) for word in words), (project, unit, words[:60])
