"""Executed against achieved on paper: both engines draw what the data say, and what they do not say is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attempts import slow
from engines import needs
from evaluations import make_evaluation

from selfeval.audit.paper import paper_of
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT
from selfeval.report.html.pages import Pages
from selfeval.report.pages.chart_views import Dot, DotLabel
from selfeval.report.pages.document import summary_document
from selfeval.report.pages.planner import planned_summary
from selfeval.report.pages.printed_summary import printed_summary

SPENT = {"P01": (100, 100), "P02": (100, 99), "P03": (100, 60), "P04": (100, 100), "P05": (100, 85), "P06": (100, 99)}
"""Budget and spending of each project; some lie on each other."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    ids = tuple(SPENT)
    rows = {
        "projects": ["项目编号 | 项目名称", *(f"{id_} | 农村道路{id_}" for id_ in ids)],
        "budget": [
            "项目编号 | 年初预算数 | 全年预算数 | 全年执行数",
            *(f"{id_} | {due} | {due} | {spent}" for id_, (due, spent) in SPENT.items()),
        ],
        "targets": [
            "项目编号 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值",
            *(f"{id_} | 产出指标 | 数量指标 | 维修里程 | ≥20公里 | 90" for id_ in ids),
        ],
        "actuals": [
            "项目编号 | 二级指标 | 三级指标 | 实际完成值",
            *(f"{id_} | 数量指标 | 维修里程 | {20 - at % 3}公里" for at, id_ in enumerate(ids)),
        ],
    }
    tables = {name: "\n".join(lines) for name, lines in rows.items()}
    result = evaluate(make_evaluation(tmp_path_factory.mktemp("dots"), **tables)).result
    return planned_summary(summary_document(result)), Pages(result)


@pytest.fixture(scope="module")
def summary(made):
    return made[0]


@pytest.fixture(scope="module", params=[TYPST, *slow(WEASYPRINT)])
def paper(request, made):
    """What `verify` finds where the file of this summary should show another document."""
    needs(request.param)
    summary, pages = made
    if request.param == TYPST:
        from selfeval.report.typst.engine import engine as typst
        from selfeval.report.typst.pages import data_of

        content, _ = typst().render(lambda _: data_of(summary), lambda _: b"")
    else:
        from selfeval.report.pdf.engine import engine

        content, _ = engine().render(pages.summary(summary, for_print=True))

    def found(document):
        return paper_of(content, printed_summary(document), frozenset(), by_typst=request.param == TYPST).pages

    return found


def others(scatter):
    """The same picture, each time with something else in it."""
    first, *rest = scatter.dots
    label, *labels = scatter.labels
    yield replace(scatter, dots=(replace(first, x=str(float(first.x) - 20)), *rest))
    yield replace(scatter, dots=(replace(first, y=str(float(first.y) + 20)), *rest))
    yield replace(scatter, dots=(replace(first, state="short" if first.state == "met" else "met"), *rest))
    yield replace(scatter, dots=tuple(rest))
    yield replace(scatter, dots=(*scatter.dots, Dot("P09", "100", "100", "", "", "met")))
    yield replace(scatter, labels=(replace(label, x=str(float(label.x) + 30)), *labels))
    yield replace(scatter, labels=(*scatter.labels, DotLabel("60", "200", "9")))
    yield replace(scatter, across=(*scatter.across[:1], replace(scatter.across[1], at="60"), *scatter.across[2:]))
    yield replace(scatter, up=scatter.up[::-1])


def test_the_picture_is_drawn_as_the_data_say(summary, paper):
    assert len(summary.scatter.dots) == len(SPENT)
    assert {dot.state for dot in summary.scatter.dots} == {"met", "short"}
    assert paper(summary) == ()


@pytest.mark.slow
def test_a_dot_a_number_or_an_axis_elsewhere_is_told(summary, paper):
    for scatter in others(summary.scatter):
        assert paper(replace(summary, scatter=scatter)), scatter


def test_numbers_stand_on_nothing_else(summary):
    boxes = [(float(a.x), float(a.y) - 6, float(a.x) + 4.5 * len(a.text), float(a.y)) for a in summary.scatter.labels]
    dots = [(float(d.x) - 2.5, float(d.y) - 2.5, float(d.x) + 2.5, float(d.y) + 2.5) for d in summary.scatter.dots]
    assert len(boxes) >= 4
    for at, (left, top, right, foot) in enumerate(boxes):
        for other in (*boxes[:at], *boxes[at + 1 :], *dots):
            assert right <= other[0] or other[2] <= left or foot <= other[1] or other[3] <= top
