"""Forms as provinces, departments and lazy hands lay them out, in the formats they come in."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from importing import layouts
from importing.layouts import Grid

from selfeval.importing.run import import_forms

KINDS = ("docx", "md", "ods", "pdf", "tsv", "xlsx")


class Imported:
    """What an import of one file made, and what it said."""

    def __init__(self, folder: Path, data: bytes, name: str) -> None:
        (folder / name).write_bytes(data)
        self.into = folder / "甲单位-2023"
        self.outcome = import_forms([folder / name], self.into)
        self.told = json.loads((self.into / "import-report.json").read_text(encoding="utf-8"))

    def rows(self, table: str, *columns: str) -> list[tuple[str, ...]]:
        with (self.into / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]

    def targets(self) -> list[tuple[str, ...]]:
        return self.rows("targets", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位")

    def budget(self) -> list[tuple[str, ...]]:
        return self.rows("budget", "项目编号", "资金来源", "年初预算数", "全年预算数", "全年执行数")

    def said(self, sort: str) -> str:
        return "\n".join(r["message"] for r in self.told["remarks"] if r["sort"] == sort)

    def not_understood(self) -> list[str]:
        return [entry["text"] for entry in self.told["fates"] if entry["fate"] == "unknown"]


@pytest.fixture(params=KINDS)
def read(request, tmp_path):
    """Imports grids in every format."""

    def reading(*grids: Grid) -> Imported:
        return Imported(tmp_path, layouts.WRITERS[request.param](grids), f"表.{request.param}")

    return reading


def fill(grid: Grid, row: int, texts: tuple[str, ...], start: int = 0) -> None:
    for column, text in enumerate(texts, start):
        grid.put(row, column, text)


def test_serial_numbers_ticked_boxes_and_funds_side_by_side(read) -> None:
    grid = Grid(7, ("2023年省级项目支出绩效目标申报表", "填报单位：省渔业总站　　　　金额单位：万元"))
    grid.add("项目名称", "渔业技术推广", spans=(2, 5))
    grid.add("项目类别", "□新增项目 √延续项目", spans=(2, 5))
    grid.add("项目起止年限", "2023年1月1日-2023年12月31日", "项目总金额", "600", spans=(2, 2, 1, 2))
    grid.add("项目年度预算", "其中：财政拨款", "580", "自有资金", "20", spans=(2, 1, 1, 1, 2))
    grid.add("序号", "一级指标", "二级指标", "三级指标", "目标值", "评价标准", "备注")
    grid.add("1", "产出指标", "数量指标", "推广品种", "3个", "达到目标值得满分", "")
    grid.add("2", "", "质量指标", "合格率", "≥95%", "", "")
    grid.add("3", "效益指标", "经济效益指标", "增收率", "5%", "", "")
    grid.add("填表人：李四", "填表日期：2022年10月1日", spans=(3, 4))
    made = read(grid)
    assert made.targets() == [
        ("产出指标", "数量指标", "推广品种", "", "3个", ""),
        ("产出指标", "质量指标", "合格率", "", "≥95%", ""),
        ("效益指标", "经济效益指标", "增收率", "", "5%", ""),
    ]
    assert made.rows("projects", "项目类型", "开始日期", "结束日期") == [("延续项目", "2023-01-01", "2023-12-31")]
    assert made.budget() == [("P01", "财政拨款", "580", "", ""), ("P01", "自有资金", "20", "", "")]
    assert made.rows("targets", "评分标准") == [("达到目标值得满分",), ("",), ("",)]
    assert made.not_understood() == []


def test_an_export_tells_the_budget_in_its_rows_and_the_unit_in_its_heading(read) -> None:
    grid = Grid(12)
    grid.add("单位编码", "单位名称", "项目编码", "项目名称", "一级指标", "二级指标", "三级指标", "绩效指标性质",
             "绩效指标值", "绩效度量单位", "指标方向性", "预算金额（万元）")  # fmt: skip
    unit, first, second = ("101001", "市水利局"), ("51010023T01", "河道管护"), ("51010023T02", "防汛物资")
    grid.add(*unit, *first, "产出指标", "数量指标", "管护河道长度", "≥", "120", "公里", "正向指标", "300")
    grid.add(*unit, *first, "满意度指标", "服务对象满意度指标", "居民满意度", "≥", "90", "%", "正向指标", "300")
    grid.add(*unit, *second, "成本指标", "经济成本指标", "采购成本", "≤", "50", "万元", "反向指标", "50")
    made = read(grid)
    assert made.budget() == [("51010023T01", "财政拨款", "300", "", ""), ("51010023T02", "财政拨款", "50", "", "")]
    assert 'money_unit = "万元"' in (made.into / "selfeval.toml").read_text(encoding="utf-8")
    assert [t[3:] for t in made.targets()] == [("≥", "120", "公里"), ("≥", "90", "%"), ("≤", "50", "万元")]


def test_a_heading_whose_upper_row_has_the_columns_of_the_right(read) -> None:
    grid = Grid(10)
    grid.add("2022年度项目支出绩效自评表", spans=(10,))
    grid.add("项目名称", "营养改善计划", spans=(2, 8))
    grid.put(2, 0, "绩效指标", columns=3)
    grid.put(2, 3, "年度指标值", columns=3)
    for column, text in enumerate(("实际完成值", "分值", "得分", "偏差原因分析及改进措施"), 6):
        grid.put(2, column, text, rows=2)
    fill(grid, 3, ("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"))
    grid.add("产出指标", "数量指标", "受资助人数", "＞＝", "735", "人次", "735", "10", "10", "")
    grid.add("满意度指标", "服务对象满意度指标", "学生满意度", "≥", "95", "%", "96%", "10", "9", "个别不满意")
    grid.add("总分", "20", "19", "优", spans=(3, 4, 1, 2))
    made = read(grid)
    columns = ("三级指标", "实际完成值", "自评得分", "原表得分", "偏差原因分析及改进措施")
    assert made.rows("actuals", *columns) == [
        ("受资助人数", "735", "", "10", ""),
        ("学生满意度", "96%", "", "9", "个别不满意"),
    ]
    assert made.not_understood() == []


def test_a_transfer_to_a_district_names_its_project_in_its_own_way(read) -> None:
    grid = Grid(6, ("中央对地方专项转移支付区域（项目）绩效目标自评表", "（2023年度）"))
    grid.add("转移支付（项目）名称", "残疾人事业发展补助资金", spans=(2, 4))
    grid.add("中央主管部门", "中国残联", spans=(2, 4))
    grid.add("地方主管部门", "省残联", "资金使用单位", "区残联", spans=(2, 2, 1, 1))
    grid.put(3, 0, "资金投入情况（万元）", rows=3, columns=2)
    fill(grid, 3, ("", "全年预算数（A）", "全年执行数（B）", "预算执行率（B/A×100%)"), 2)
    fill(grid, 4, ("年度资金总额：", "29.6", "29.6", "100%"), 2)
    fill(grid, 5, ("其中：中央财政资金", "29.6", "29.6", "100%"), 2)
    grid.put(6, 0, "绩效指标", rows=3)
    fill(grid, 6, ("一级指标", "二级指标", "三级指标", "指标值", "全年实际完成值"), 1)
    fill(grid, 7, ("产出指标", "数量指标", "康复服务比例", "≥85%", "100%"), 1)
    fill(grid, 8, ("", "时效指标", "完成时间", "2023年12月底", "在规定时间内完成"), 1)
    made = read(grid)
    assert made.rows("projects", "项目名称", "主管部门", "实施单位") == [("残疾人事业发展补助资金", "省残联", "区残联")]
    assert made.budget() == [("P01", "中央财政资金", "", "29.6", "29.6")]
    assert made.rows("actuals", "实际完成值") == [("100%",), ("在规定时间内完成",)]
    assert made.not_understood() == []


def test_a_list_of_projects_above_the_forms_is_no_budget(read) -> None:
    listing = Grid(6, ("项目支出绩效自评结果汇总表",))
    listing.add("序号", "项目名称", "年初预算数", "全年预算数", "全年执行数", "自评得分")
    listing.add("1", "河道保洁", "50", "50", "49", "97.5")
    form = Grid(4, ("项目支出绩效目标申报表（2023年度）",))
    form.add("项目名称", "河道保洁", "资金总额", "50")
    form.add("一级指标", "二级指标", "三级指标", "指标值")
    form.add("产出指标", "数量指标", "工作次数", "12次")
    made = read(listing, form)
    assert made.rows("projects", "项目名称") == [("河道保洁",)]
    assert made.budget() == [("P01", "财政拨款", "50", "", "")]
    assert "另一张表：1 | 河道保洁 | 50 | 50 | 49 | 97.5" in made.said("dropped")


def test_signs_in_a_column_called_direction(read) -> None:
    grid = Grid(6, ("项目绩效目标表（2023年度）",))
    grid.add("项目名称", "环境监测设备运维", spans=(1, 5))
    grid.add("一级指标", "二级指标", "三级指标", "指标方向", "指标值", "单位")
    grid.add("产出指标", "数量指标", "运维设备", "≥", "25", "台（套）")
    grid.add("效益指标", "生态效益指标", "空气质量", "定性", "持续改善", "")
    made = read(grid)
    assert [t[3:] for t in made.targets()] == [("≥", "25", "台（套）"), ("定性", "持续改善", "")]
    assert made.rows("targets", "指标方向") == [("",), ("",)]
    assert made.not_understood() == []


def test_sums_and_the_execution_rate_among_the_indicators_are_no_indicators(read) -> None:
    grid = Grid(7, ("2023年项目支出绩效自评表",))
    grid.add("项目名称", "校园安保", spans=(2, 5))
    grid.add("一级指标", "二级指标", "三级指标", "目标值", "完成值", "分值", "自评得分")
    grid.add("预算执行率（10分）", "预算执行率", "预算执行率", "100%", "98%", "10", "9.8")
    grid.add("产出指标（50分）", "数量指标", "安保人数", "≥20人", "20人", "50", "50")
    grid.add("小计", "", "", "", "", "50", "50")
    grid.add("效益指标（30分）", "社会效益", "安全事故", "0", "0", "30", "30")
    grid.add("合计", "", "", "", "", "100", "89.8")
    made = read(grid)
    assert [t[2] for t in made.targets()] == ["安保人数", "安全事故"]
    assert "预算执行率由程序按预算计算" in made.said("dropped")
    assert made.not_understood() == []


def test_tables_behind_the_form_are_shown_and_give_no_indicators(read) -> None:
    form = Grid(6, ("项目支出绩效自评表（2023年度）",))
    form.add("项目名称", "水库除险", spans=(1, 5))
    form.add("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "得分")
    form.add("产出指标\n50分", "数量指标", "加固水库", "3座", "3座", "50")
    form.add("总分", "", "", "", "", "50")
    working = Grid(4, ("附件2　评分计算过程",))
    working.add("序号", "指标", "计算过程", "得分/分值")
    working.add("1", "加固水库", "3座 ≥ 3座，达到目标", "50/50")
    made = read(form, working)
    assert made.targets() == [("产出指标", "数量指标", "加固水库", "", "3座", "")]
    assert made.rows("actuals", "原表得分", "自评得分") == [("50", "")]
    assert "计算过程" in made.said("dropped")
    assert made.not_understood() == []


def test_two_pages_under_a_repeated_title(read) -> None:
    grids = []
    for title, rows in (
        ("", (("产出指标", "数量指标", "服务老人", "≥1000人"),)),
        ("（续）", (("", "质量指标", "达标率", "≥95%"), ("满意度指标", "服务对象满意度", "老人满意度", "≥90%"))),
    ):
        grid = Grid(4, (f"项目支出绩效目标申报表（2023年度）{title}",))
        if not title:
            grid.add("项目名称", "社区养老", spans=(1, 3))
        grid.add("一级指标", "二级指标", "三级指标", "指标值")
        for row in rows:
            grid.add(*row)
        grids.append(grid)
    made = read(*grids)
    assert [t[:3] for t in made.targets()] == [
        ("产出指标", "数量指标", "服务老人"),
        ("产出指标", "质量指标", "达标率"),
        ("满意度指标", "服务对象满意度", "老人满意度"),
    ]


def test_a_blank_third_level_takes_the_name_of_the_second_and_blank_rows_make_none(read) -> None:
    grid = Grid(5, ("2021年项目绩效目标表",))
    grid.add("项目名称", "图书更新", "", "预算数（万元）", "30")
    grid.add("类别", "一级指标", "二级指标", "三级指标", "指标值")
    grid.add("绩效指标", "产出指标", "数量指标", "", "新增图书5000册")
    grid.add("", "效益指标", "社会效益", "", "读者增加")
    grid.add("", "", "", "", "")
    made = read(grid)
    assert [t[1:3] for t in made.targets()] == [("数量指标", "数量指标"), ("社会效益", "社会效益")]
    assert "三级指标沿用同名" in made.said("guessed")


def test_tags_and_entities_of_a_web_page(read) -> None:
    grid = Grid(4, ("2022年项目支出绩效目标表",))
    grid.add("<p>项目名称</p>", "<p>执法办案</p>", "", "")
    grid.add("<p>一级指标</p>", "<p>二级指标</p>", "<p>三级指标</p>", "<p>指标值</p>")
    grid.add("<p>产出指标</p>", "<p>数量指标</p>", "<p>办案<br/>数量</p>", "<p>&ge;300件</p>")
    grid.add("<p>质量指标</p>", "<p>结案率</p>", "<p>&gt;95%</p>", "")
    made = read(grid)
    assert made.targets() == [
        ("产出指标", "数量指标", "办案数量", "", "≥300件", ""),
        ("产出指标", "质量指标", "结案率", "", ">95%", ""),
    ]


# ── forms that one format alone can hold ──


def test_a_table_inside_a_cell_of_a_word_file(tmp_path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("项目支出绩效目标申报表（2024年度）")
    outer = document.add_table(3, 4)
    for row, texts in enumerate(
        (("项目名称", "智慧停车"), ("资金（万元）", "年度资金总额：120\n其中：财政拨款：100\n其他资金：20"))
    ):
        for column, text in enumerate(texts):
            outer.cell(row, column).text = text
    outer.cell(2, 0).text = "绩效指标"
    inner = outer.cell(2, 1).merge(outer.cell(2, 3)).add_table(3, 4)
    rows = (("一级指标", "二级指标", "三级指标", "指标值"), ("产出指标", "数量指标", "新建泊位", "≥2000个"),
            ("", "时效指标", "完工时间", "2024年10月底"))  # fmt: skip
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            inner.cell(row, column).text = text
    out = io.BytesIO()
    document.save(out)
    made = Imported(tmp_path, out.getvalue(), "表.docx")
    assert [t[1:5] for t in made.targets()] == [
        ("数量指标", "新建泊位", "", "≥2000个"),
        ("时效指标", "完工时间", "", "2024年10月底"),
    ]
    assert [b[1:3] for b in made.budget()] == [("财政拨款", "100"), ("其他资金", "20")]
    assert made.not_understood() == []


def test_one_project_on_two_sheets_with_numbers_as_numbers(tmp_path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ("项目名称", "数字档案", "项目编码", "330100-24-0001"),
        ("年度预算金额", "1,500,000.00"),
        ("单位：元",),
    ):
        sheet.append(row)
    other = book.create_sheet("绩效指标")
    for row in (
        ("项目名称", "数字档案"),
        ("一级指标", "二级指标", "三级指标", "指标值", "单位", "权重"),
        ("产出指标", "数量指标", "数字化页数", 1_000_000, "页", 30),
        ("产出指标", "质量指标", "合格率", 0.995, "", 20),
    ):
        other.append(row)
    other["D4"].number_format = "0.0%"
    other.cell(4, 230, "远处的一格")
    out = io.BytesIO()
    book.save(out)
    made = Imported(tmp_path, out.getvalue(), "表.xlsx")
    assert made.rows("targets", "项目编号", "指标值", "分值") == [
        ("330100-24-0001", "1000000", "30"),
        ("330100-24-0001", "99.5%", "20"),
    ]
    assert made.budget() == [("330100-24-0001", "财政拨款", "1500000.00", "", "")]
    assert "没有读取：远处的一格" in made.said("unknown")


def test_a_table_set_with_blanks(tmp_path) -> None:
    text = """2023年度项目支出绩效目标表
单位：市气象局                                     金额单位：万元
项目名称    人工影响天气
预算金额    66.00

一级指标    二级指标        三级指标        指标值
产出指标    数量指标        增雨作业次数    ≥30次
            成本指标        作业成本        ≤66万元
效益指标    社会效益指标    防灾减灾能力    提升
满意度      服务对象满意度  农户满意度      ≥90%
"""
    made = Imported(tmp_path, text.encode(), "表.txt")
    assert [t[:5] for t in made.targets()] == [
        ("产出指标", "数量指标", "增雨作业次数", "", "≥30次"),
        ("产出指标", "成本指标", "作业成本", "", "≤66万元"),
        ("效益指标", "社会效益指标", "防灾减灾能力", "", "提升"),
        ("满意度", "服务对象满意度", "农户满意度", "", "≥90%"),
    ]
    assert made.budget() == [("P01", "财政拨款", "66.00", "", "")]
