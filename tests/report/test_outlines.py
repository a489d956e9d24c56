"""A report under the headings of a published outline: the unit's own words for a section, or an outline of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from attempts import slow
from evaluations import TOML, make_evaluation
from printed import printed

from selfeval.audit.verdict import AGREES
from selfeval.audit.verify import verify
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report import engines
from selfeval.report.pages.document import project_document, summary_document

pytestmark = pytest.mark.usefixtures("typst_draws")

LEIYANG = ("基本情况", "资金使用及管理", "组织实施", "绩效情况", "存在的问题及原因分析", "建议", "其他")
"""The headings of a county's published reports (2022)."""
OWN = "".join(
    f'[[outline]]\nnumber = "{number}、"\ntitle = "{title}"\n'
    for number, title in zip("一二三四五六七", LEIYANG, strict=True)
)


def written(folder: Path, headings=LEIYANG) -> Path:
    """The evaluation with a narrative under these headings."""
    (folder / "narrative").mkdir()
    text = "\n\n".join(f"## {at}. {title}\n\n{title}的正文。" for at, title in enumerate(headings, 1))
    (folder / "narrative" / "P01.md").write_text(text, encoding="utf-8")
    return folder


def with_outline(tmp_path: Path) -> Path:
    """An evaluation in a layout that has nothing of its own but its outline."""
    folder = make_evaluation(tmp_path, toml=TOML + '[report]\nlayout = "leiyang"\n')
    home = folder / "templates" / "layouts" / "leiyang"
    home.mkdir(parents=True)
    (home / "layout.toml").write_text(OWN, encoding="utf-8")
    return folder


def titles(folder: Path) -> list[str]:
    result = evaluate(folder).result
    return [part.title for part in project_document(result, result.scorecards[0]).parts]


def test_a_section_is_printed_under_the_name_the_unit_gives_it(tmp_path):
    evaluated = evaluate(written(make_evaluation(tmp_path)))
    assert "N001" not in [d.code for d in evaluated.diagnostics]
    parts = project_document(evaluated.result, evaluated.result.scorecards[0]).parts
    assert [part.title for part in parts] == [
        "一、基本情况", "二、自评工作开展情况", "三、资金使用及管理", "3. 组织实施", "四、绩效情况", "五、自评结论",
        "六、存在的问题及原因分析", "七、建议", "7. 其他", "八、附件",
    ]  # fmt: skip
    assert [part.markdown for part in parts if part.title == "七、建议"] == ["建议的正文。"]


def test_a_section_of_another_outline_takes_its_number_in_the_row(tmp_path):
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    text = "## 三、资金使用及管理\n\n甲。\n\n## 三、组织实施\n\n乙。\n\n## 说明\n\n丙。"
    (folder / "narrative" / "P01.md").write_text(text, encoding="utf-8")
    assert titles(folder)[2:7] == ["三、资金使用及管理", "四、组织实施", "说明", "五、绩效目标完成情况", "六、自评结论"]


def test_an_own_outline_is_printed_as_it_is_and_filled_from_the_figures(tmp_path):
    folder = with_outline(tmp_path)
    assert titles(folder) == [f"{number}、{title}" for number, title in zip("一二三四五六七", LEIYANG, strict=True)]
    result = evaluate(folder).result
    usual = evaluate(make_evaluation(tmp_path / "usual")).result
    parts, others = (
        {part.title: part for part in project_document(one, one.scorecards[0]).parts} for one in (result, usual)
    )
    assert parts["一、基本情况"].blocks == others["一、项目概况"].blocks
    assert parts["四、绩效情况"].blocks == others["四、绩效目标完成情况"].blocks
    assert (parts["三、组织实施"].blocks, parts["三、组织实施"].markdown) == ((), "")


def test_the_unit_as_a_whole_has_its_own_names_too(tmp_path):
    folder = make_evaluation(tmp_path)
    (folder / "narrative").mkdir()
    (folder / "narrative" / "unit.md").write_text("## 部门概况\n\n有三个科室。\n", encoding="utf-8")
    parts = summary_document(evaluate(folder).result).parts
    assert [part.title for part in parts][:2] == ["一、部门概况", "二、部门资金收支情况"]


@pytest.mark.slow
@pytest.mark.parametrize("own", [True, *slow(False)])
def test_the_headings_stand_in_that_order_in_every_format(tmp_path, own):
    folder = written(with_outline(tmp_path) if own else make_evaluation(tmp_path))
    result = evaluate(folder).result
    kinds = ("html", "pdf", "xlsx", "docx")
    made = build(result, Request(tmp_path / "out", kinds)).folder / "projects" / "P01"
    typst = build(result, Request(tmp_path / "typst", ("pdf",), pdf_engine=engines.TYPST)).folder / "projects" / "P01"
    for file in (made / "report.html", made / "report.pdf", typst / "report.pdf", made / "report.docx"):
        text = printed(file)
        places = [text.find(f"{title}的正文") for title in LEIYANG]
        assert -1 not in places, file.name
        assert places == sorted(places), file.name
        assert "六、存在的问题及原因分析" in text if not own else "五、存在的问题及原因分析" in text
    assert [verify(file).word for file in (made / "report.pdf", typst / "report.pdf")] == [AGREES, AGREES]
