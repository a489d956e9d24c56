"""Projects of one name put together as a form says: counts added, rates and tiers weighted by funds, then scored."""

from __future__ import annotations

import json

import pytest
from evaluations import make_evaluation, scored
from jsonschema import Draft202012Validator
from openpyxl import load_workbook
from pack_forger import Spoils, members, summed, unmended, zipped

from selfeval.cli.app import run
from selfeval.cli.schema import SCHEMAS
from selfeval.evaluation.exports import json_bytes
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pages.document import summary_document

pytestmark = pytest.mark.usefixtures("typst_draws")

TOML = '[evaluation]\nyear = 2021\nunit = "某市农业农村局"\nrules = "{rules}"\n'
PROJECTS = """
项目编号 | 项目名称 | 实施单位
P01 | 长江禁捕补偿 | 甲县
P02 | 长江禁捕补偿 | 乙县
"""
BUDGET = """
项目编号 | 资金来源 | 年初预算数 | 全年预算数 | 全年执行数
P01 | 财政拨款 | 1000000 | 1000000 | 900000
P01 | 其他资金 | 9000000 | 9000000 | 9000000
P02 | 财政拨款 | 3000000 | 3000000 | 3000000
"""
ROWS = (
    # 一级, 二级, 三级, 分值, P01's target, actual and tier, P02's
    ("产出指标", "数量指标", "补贴渔船数", 20, ("≥100艘", "90艘", ""), ("≥300艘", "310艘", "")),
    ("产出指标", "质量指标", "补贴发放率", 20, ("≥100%", "90%", ""), ("≥100%", "100%", "")),
    ("效益指标", "社会效益", "渔民生计", 20, ("明显改善", "有改善", "部分达成"), ("明显改善", "改善", "达成")),
    ("产出指标", "时效指标", "完成时间", 10, ("12月底前", "2021年12月20日", ""), ("12月底前", "2021年12月25日", "")),
    ("满意度指标", "服务对象", "渔民满意度", 10, ("≥90%", "95%", ""), ("≥90%", "80%", "")),
)


def evaluation(tmp_path, rules="hubei", change=lambda _row: None):
    """Two projects of one name; `change` has a look at the second's rows of targets.csv."""
    targets, actuals = [], []
    for at, id_ in enumerate(("P01", "P02")):
        for level1, level2, level3, weight, *both in ROWS:
            target, actual, tier = both[at]
            key = {"项目编号": id_, "二级指标": level2, "三级指标": level3}
            row = key | {"一级指标": level1, "指标值": target, "分值": str(weight)}
            if id_ == "P02":
                change(row)
            targets.append(row)
            actuals.append(key | {"实际完成值": actual, "完成档次": tier, "偏差原因分析及改进措施": "汛期影响，已补办"})
    return make_evaluation(tmp_path, targets, actuals, BUDGET, PROJECTS, TOML.format(rules=rules))


def told(folder):
    """What the summary says of merged projects, line by line."""
    parts = summary_document(evaluate(folder).result).parts
    return [block.text for part in parts if "合并计分" in part.title for block in part.blocks]


def test_counts_are_added_rates_and_tiers_weighted_by_funds_and_scored_after_that(tmp_path):
    assert told(evaluation(tmp_path))[1:] == [
        "长江禁捕补偿（P01、P02）",
        "全年预算400万元，全年执行390万元，预算执行率97.50%，得19.50分。",
        "“补贴渔船数”（2个项目，20分）：指标值≥400艘，完成值400艘，得20.00分。",
        "“补贴发放率”（2个项目，20分）：指标值≥100%，完成值97.5%，得19.50分。",
        "“渔民生计”（2个项目，20分）：各项目的得分按资金加权平均，得18.50分。",
        "“完成时间”（2个项目，10分）：没有合并，表上没有说这类目标怎样合并。",
        "“渔民满意度”（2个项目，10分）：指标值≥90%，完成值83.75%，得9.31分。",
        "合并得分86.81分（可计分值90分，其余没有合并）。",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"分值": "15"}, "各项目的分值不同"),
        ({"指标值": "≥300人"}, "各项目的计量单位不同"),
        ({"指标值": "≤300艘"}, "各项目的方向不同"),
        ({"指标值": "300—400艘"}, "各项目的目标的类别不同"),
    ],
)
def test_rows_that_are_not_of_one_kind_are_not_merged(tmp_path, change, said):
    def changed(row):
        if row["三级指标"] == "补贴渔船数":
            row |= change

    (line,) = [line for line in told(evaluation(tmp_path, change=changed)) if line.startswith("“补贴渔船数”")]
    assert line == f"“补贴渔船数”（2个项目，20分）：没有合并，{said}。"


def test_a_row_that_not_every_project_has_adds_no_points(tmp_path):
    """Else points of rows that only one has would come to more than a project can have."""

    def renamed(row):
        if row["三级指标"] == "补贴渔船数":
            row["二级指标"] = "产出数量"

    lines = told(evaluation(tmp_path, change=renamed))
    assert [line for line in lines if line.startswith("“补贴渔船数”")] == [
        "“补贴渔船数”（1个项目，20分）：没有合并，不是每个项目都有这一行。"
    ] * 2
    assert lines[-1] == "合并得分66.81分（可计分值70分，其余没有合并）。"


def test_the_same_row_twice_in_one_project_stands_for_no_other(tmp_path):
    def same(row):
        if row["三级指标"] == "补贴发放率":
            row |= {"二级指标": "数量指标", "三级指标": "补贴渔船数", "指标编号": "9"}

    lines = told(evaluation(tmp_path, change=same))
    assert "“补贴渔船数”（3个项目，20分）：没有合并，有的项目有几行同名的指标。" in lines


def test_projects_without_a_name_are_not_put_together(tmp_path):
    folder = evaluation(tmp_path)
    table = (folder / "projects.csv").read_text("utf-8-sig").replace("长江禁捕补偿", "")
    (folder / "projects.csv").write_text(table, "utf-8-sig")
    assert told(folder) == []


def test_the_scorecard_has_what_was_put_together(tmp_path):
    told = scored(evaluation(tmp_path))
    (one,) = told["merged"]
    Draft202012Validator(SCHEMAS["scorecard"][1]()).validate(told)
    assert (one["name"], one["projects"], one["total"], one["counted"]) == (
        *("长江禁捕补偿", ["P01", "P02"], "86.81", "90.00"),
    )
    money = {"initial": "4000000", "adjusted": "4000000", "executed": "3900000"}
    assert one["budget"] == {**money, "rate": "0.97500000", "weight": "20.00", "points": "19.50"}
    rows = {row["level3"]: row for row in one["indicators"]}
    boats, livelihood, date, content = (rows[name] for name in ("补贴渔船数", "渔民生计", "完成时间", "渔民满意度"))
    assert (boats["target"]["text"], boats["target"]["value"], boats["actual"]["value"]) == ("≥400艘", "400", "400")
    assert (content["target"]["value"], content["actual"]["value"], content["points"]) == ("0.9", "0.8375", "9.31")
    assert (livelihood["target"], livelihood["points"], livelihood["why"]) == (None, "18.50", None)
    assert (date["points"], date["why"]) == (None, "表上没有说这类目标怎样合并")
    assert "merged" not in scored(evaluation(tmp_path / "b", "mof-2020"))


def built(tmp_path, *options):
    """The files of a build."""
    folder = evaluation(tmp_path)
    out = ["--out", str(tmp_path / "out"), "--format", "xlsx"]
    assert run(["-q", "build", str(folder), *out, *options]) in {0, 1}
    return tmp_path / "out" / folder.name


def test_the_summary_as_a_spreadsheet_has_a_sheet_of_it(tmp_path):
    sheet = load_workbook(built(tmp_path) / "summary.xlsx")["合并计分"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()][3:]
    assert [row[4:] for row in rows[:2]] == [
        ["预算执行率", 2, "全年预算400万元", "全年执行390万元", 20, 19.5, "执行率97.50%"],
        ["补贴渔船数", 2, "≥400艘", "400艘", 20, 20, None],
    ]
    assert [row[4:] for row in rows[3:5]] == [
        ["渔民生计", 2, "—", "—", 20, 18.5, "各项目的得分按资金加权平均"],
        ["完成时间", 2, "—", "—", 10, "未评分", "没有合并：表上没有说这类目标怎样合并"],
    ]
    assert [cell for cell in rows[-1] if cell is not None] == [
        *("长江禁捕补偿：合并得分", 90, "=ROUND(SUM(J4:J9),2)", "可计分值90分，其余没有合并"),
    ]


@pytest.mark.slow
def test_a_build_in_portions_writes_the_same(tmp_path, monkeypatch):
    whole = built(tmp_path / "a")
    monkeypatch.setattr("selfeval.evaluation.stream.LARGE", 1)
    monkeypatch.setattr("selfeval.evaluation.parts.PORTION", 1)
    parts = built(tmp_path / "b")
    for name in ("scorecard.json", "summary.xlsx"):
        assert (whole / name).read_bytes() == (parts / name).read_bytes()


def test_the_edition_for_the_public_masks_numbers_there_too(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "PROJECTS", PROJECTS.replace("长江禁捕补偿", "禁捕（电话13812345678）"))
    folder = built(tmp_path, "--public")
    data = (folder / "scorecard.json").read_text("utf-8")
    assert '"name": "禁捕（电话138******78）",\n      "projects"' in data
    assert "13812345678" not in data
    cells = load_workbook(folder / "summary.xlsx")["合并计分"].iter_rows(values_only=True)
    assert not any("13812345678" in str(cell) for row in cells for cell in row)


def test_only_rules_that_say_so_merge_and_no_projects_points_change(tmp_path):
    assert told(evaluation(tmp_path / "b", "mof-2020")) == []
    first, *_ = evaluate(evaluation(tmp_path / "c")).result.scorecards
    assert (f"{first.total}", f"{first.budget.points}") == ("88.00", "18.00")


@pytest.fixture(scope="module")
def packed(tmp_path_factory, typst_draws):
    """Both projects and what they come to together, as they are handed in."""
    home = tmp_path_factory.mktemp("merged")
    assert run(["-q", "pack", str(evaluation(home)), "--out", str(home / "out")]) in {0, 1}
    (pack,) = (home / "out").glob("*.zip")
    return pack


@pytest.mark.slow
def test_a_pack_with_merged_projects_is_verified(packed):
    assert run(["-q", "verify", str(packed)]) == 0


@pytest.mark.slow
@pytest.mark.parametrize("mend", [summed, unmended])
def test_a_pack_whose_merged_points_were_raised_is_refused(packed, tmp_path, capsys, mend):
    files, pack = members(packed.read_bytes()), tmp_path / packed.name
    data = json.loads(files["scorecard.json"])
    data["merged"][0]["total"] = "99.00"
    changed = files | {"scorecard.json": json_bytes(data)}
    pack.write_bytes(zipped(mend(changed, Spoils({}, {}))))
    assert run(["-q", "verify", str(pack)]) == 1
    assert "99.00" in "".join(capsys.readouterr())
