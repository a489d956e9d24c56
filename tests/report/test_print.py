"""Pages as they are cut: rows that are too high, lists that would end alone."""

from __future__ import annotations

import pytest
from attempts import slow
from evaluations import make_evaluation

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pypdf = pytest.importorskip("pypdf")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

LEVELS = (
    ("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"),
    ("效益指标", "社会效益指标"), ("效益指标", "可持续影响指标"), ("满意度指标", "服务对象满意度"),
)  # fmt: skip


def texts(folder, out, name):
    """The text of each page of one PDF."""
    file = build(evaluate(folder).result, Request(out, ("pdf",), projects=frozenset({"P01"}))).folder / name
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(file).pages]


@pytest.mark.parametrize("layout", slow("national", "sichuan", "hubei"))
def test_cells_of_400_characters_are_printed_whole(tmp_path, layout):
    names = ["甲" * 400 if at == 2 else f"指标{at}" for at in range(6)]
    targets = [{"一级指标": first, "二级指标": second, "三级指标": name, "指标值": "≥90%"}
               for (first, second), name in zip(LEVELS, names, strict=True)]  # fmt: skip
    actuals = [{"二级指标": second, "三级指标": name, "实际完成值": "85%" if at == 4 else "92%",
                "偏差原因分析及改进措施": "乙" * 400 if at == 4 else ""}
               for at, ((_, second), name) in enumerate(zip(LEVELS, names, strict=True))]  # fmt: skip
    toml = f'[evaluation]\nyear = 2021\nunit = "甲县"\n[report]\nlayout = "{layout}"\n'
    goal = [{"项目名称": "维修", "年度总体目标": "完成道路维修。" * 40, "总体目标完成情况": "已完成。" * 40}]
    folder = make_evaluation(tmp_path, targets=targets, actuals=actuals, projects=goal, toml=toml)
    pages = texts(folder, tmp_path / "out", "projects/P01/report.pdf")
    form = next(at for at, text in enumerate(pages) if "附件1" in text and "自评表" in text and "主管部门" in text)
    annex = "".join(pages[form:])
    assert annex.count("甲") >= 3 * 400 + 300, "in form, calculations, evidence; most of it by its bar"
    assert annex.count("乙") >= 2 * 400, "in the form and among the deviations"


@pytest.mark.slow
def test_the_total_of_the_summary_takes_lines_along_to_its_page(tmp_path):
    ids = [f"P{at:02d}" for at in range(1, 11)]
    projects = [{"项目编号": id_, "项目名称": f"道路维修工程之{id_}" + "（延长线）" * 3} for id_ in ids]
    tables = {name: [row | {"项目编号": id_} for id_ in ids for row in rows] for name, rows in _tables().items()}
    pages = texts(make_evaluation(tmp_path, projects=projects, **tables), tmp_path / "out", "summary.pdf")
    last = next(text for text in pages if "合计（10个项目）" in text)
    assert "道路维修工程之P01" not in last, "the table takes two pages"
    assert sum(f"道路维修工程之{id_}" in last for id_ in ids) >= 2


def _tables():
    from evaluations import ACTUALS, BUDGET, TARGETS, rows_of

    return {"budget": rows_of(BUDGET), "targets": rows_of(TARGETS), "actuals": rows_of(ACTUALS)}
