"""Forms that nobody has published yet: whatever a unit changes, nothing moves from its column."""

from __future__ import annotations

import json

import pytest
from attempts import some
from importing.drawn import drawn
from importing.drawn_forms import FORMS, H, T
from importing.field_forms import seen, tables_in
from importing.layouts import WRITERS

from selfeval.importing.run import import_forms


@pytest.fixture
def read(tmp_path):
    """A reader of grids in a format: the outcome, the tables, the folder."""

    def importing(grids, kind: str):
        path = tmp_path / f"表.{kind}"
        path.write_bytes(WRITERS[kind](grids))
        outcome = import_forms([path], tmp_path / "e")
        return outcome, tables_in(tmp_path / "e"), tmp_path / "e"

    return importing


def remarks(into, sort: str) -> list[str]:
    report = json.loads((into / "import-report.json").read_text(encoding="utf-8"))
    return [r["message"] for r in report["remarks"] if r["sort"] == sort]


RULED = ("hubei_goals", "sichuan", "merged_wide_value", "side_label_money", "page_repeat_heading")
"""Forms that are also read from a PDF."""

MADE = [(name, kind) for name in FORMS for kind in ("xlsx", "docx", "md", "tsv")]
"""Every form in every other format; some of them at all times, each form in one of them at the least."""


@pytest.mark.parametrize(
    ("name", "kind"),
    [*some(MADE, 5), *some(((name, "pdf") for name in RULED), 5)],
)
def test_nothing_moves(read, name, kind) -> None:
    form = FORMS[name]
    _, tables, _ = read(form.grids, kind)
    rows = [seen(target, actual) for target, actual in zip(tables["targets"], tables["actuals"], strict=True)]
    columns = ("level3", "target_text", "actual_text", "weight", "score")
    assert [tuple(row[c] for c in columns) for row in rows] == list(form.rows)
    if form.projects:
        assert [p["项目名称"] for p in tables["projects"]] == list(form.projects)
    if form.budget is not None:
        columns = ("资金来源", "年初预算数", "全年预算数", "全年执行数")
        assert [tuple(b[c] for c in columns) for b in tables["budget"]] == list(form.budget)


def test_a_value_in_a_wrong_column_is_listed_and_never_moved(read) -> None:
    grid = drawn(f"""
        项目名称|甲项目>7
        {H}
        产出指标|数量指标|培训人次|100|95|满分|10|
    """, T)  # fmt: skip
    _, tables, into = read([grid], "xlsx")
    assert tables["targets"][0]["分值"] == ""
    assert any("“满分”站在“分值”栏" in message for message in remarks(into, "unknown"))


def test_the_years_before_and_half_years_are_no_targets(read) -> None:
    for name in ("history_columns", "half_year_columns"):
        _, tables, into = read(FORMS[name].grids, "xlsx")
        assert "80个" not in {t["指标值"] for t in tables["targets"]}
    assert any("半年" in message for message in remarks(into, "dropped"))


def test_an_amount_that_cannot_be_read_is_doubtful(read) -> None:
    outcome, tables, into = read(FORMS["amount_unreadable"].grids, "xlsx")
    assert tables["budget"] == []
    assert outcome.doubtful
    assert any("没有读成金额" in message for message in remarks(into, "doubtful"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("产出指标|数量指标|甲|100|95|95|10|", "分值是 95"),
        ("产出指标|数量指标|甲|年度指标值|95|90|10|", "是栏目名"),
        ("产出指标|数量指标|联系13800000000|100|95|90|10|", "电话号码"),
        ("产出指标|数量指标|甲|100|95|10|12|", "大于分值"),
        ("产出指标|数量指标|甲|100|95|55|12|", "不是 100、90 或 80"),
    ],
)
def test_what_no_sound_form_has_comes_first(read, row, words) -> None:
    outcome, _, into = read([drawn(f"项目名称|甲项目>7\n{H}\n{row}", T)], "xlsx")
    assert outcome.doubtful
    assert any(words in message for message in remarks(into, "doubtful"))


@pytest.mark.parametrize(("amounts", "words"), [("100|100|150", "多出两成"), ("100|100|2", "不到 5%")])
def test_money_that_cannot_be_comes_first(read, amounts, words) -> None:
    grid = drawn(f"""
        项目名称|甲项目>7
        项目资金（万元）^2|>1|年初预算数|全年预算数|全年执行数|分值|执行率|得分
        年度资金总额|{amounts}|10|>1|>1
        {H}
        产出指标|数量指标|甲|100|95|90|10|
    """, T)  # fmt: skip
    _, _, into = read([grid], "xlsx")
    assert any(words in message for message in remarks(into, "doubtful"))


def test_details_that_do_not_add_up_come_first(read) -> None:
    grid = drawn(f"""
        项目名称|甲项目>7
        {H}
        产出指标|数量指标|种植|30亩|30亩|90|10|
        ||其中：桃树|10亩|10亩|||
        ||其中：苹果|15亩|15亩|||
    """, T)  # fmt: skip
    _, _, into = read([grid], "xlsx")
    assert any("其中各项合计 25" in message for message in remarks(into, "doubtful"))


def test_what_a_form_says_of_its_rules_and_layout_is_proposed(read) -> None:
    for name, settings in (
        ("hubei_goals", ['rules = "hubei"']),
        ("sichuan", ['rules = "sichuan"', 'layout = "sichuan"']),
        ("transfer", ['layout = "transfer"']),
    ):
        _, _, into = read(FORMS[name].grids, "docx")
        text = (into / "selfeval.toml").read_text(encoding="utf-8")
        assert all(setting in text for setting in settings), name
        assert "原表写着" in text
        (into / "selfeval.toml").unlink()


def test_points_of_the_levels_become_a_profile(read) -> None:
    _, _, into = read(FORMS["weights_with_fen"].grids, "xlsx")
    assert 'rules = "own"' in (into / "selfeval.toml").read_text(encoding="utf-8")
    assert '"产出指标" = 50, "效益指标" = 40' in (into / "rules" / "own.toml").read_text(encoding="utf-8")


def test_a_detail_with_cells_that_could_not_be_read_is_not_taken_for_unscored(tmp_path) -> None:
    rows = ("产出指标|数量指标|种植|30|30|50|47|", "质量指标|合格率|≥95%|96%|10|10||", "其中优秀率||30%|10|10|||")
    path = tmp_path / "表.txt"
    text = "\n".join([T, "项目名称|甲项目", H, *rows]).replace("|", "\t")
    path.write_text(text, encoding="utf-8")
    import_forms([path], tmp_path / "e")
    targets = tables_in(tmp_path / "e")["targets"]
    assert [(t["三级指标"], t["指标值"], t["分值"], t["评分方法"]) for t in targets] == [
        ("种植", "30", "50", ""), ("合格率", "", "", ""), ("其中优秀率", "", "", ""),
    ]  # fmt: skip
