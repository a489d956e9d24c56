"""Forms laid out as people lay them out, and saved with real libraries: XLSX, DOCX, PDF, ODS, text.

A `Grid` is a table with merged cells; the writers below put the same grids into each format.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"


@dataclass
class Grid:
    """One table: cells by (row, column) as (text, rows, columns); `title` stands above it as text."""

    width: int
    title: tuple[str, ...] = ()
    cells: dict[tuple[int, int], tuple[str, int, int]] = field(default_factory=dict)
    height: int = 0

    def put(self, row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> None:
        self.cells[row, column] = (text, rows, columns)
        self.height = max(self.height, row + rows)

    def add(self, *texts: str, spans: Sequence[int] = ()) -> None:
        """A row at the end; `spans` are the widths of its cells."""
        row, column = self.height, 0
        for text, span in zip(texts, spans or [1] * len(texts), strict=True):
            self.put(row, column, text, 1, span)
            column += span

    def covered(self) -> set[tuple[int, int]]:
        """Places hidden under a merged cell."""
        return {
            (r, c)
            for (row, column), (_, rows, columns) in self.cells.items()
            for r in range(row, row + rows)
            for c in range(column, column + columns)
            if (r, c) != (row, column)
        }

    def texts(self) -> list[str]:
        return [text for text, _, _ in self.cells.values() if text]


# ── the forms ──


def seed_grids(name: str) -> list[Grid]:
    """The tables of a published text as they stand there, slipped cells and all, without merged cells."""
    grids: list[Grid] = []
    title: list[str] = []
    for line in (SEEDS / f"{name}.txt").read_text(encoding="utf-8").split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            grids += [Grid(0)] if grids and grids[-1].height else []
            title += [line.strip("# ")] if line.strip() else []
            continue
        if not grids or title:
            grids = [g for g in grids if g.height] + [Grid(0, tuple(title))]
            title = []
        grids[-1].width = max(grids[-1].width, len(cells))
        for column, text in enumerate(cells):
            grids[-1].put(grids[-1].height - (column > 0), column, text)
    return [grid for grid in grids if grid.height]


def targets_of(rows: Iterable[dict[str, str]], project: str) -> list[dict[str, str]]:
    return [row for row in rows if row["项目编号"] == project]


def mianyang_grids(projects, budget, targets) -> Iterator[Grid]:
    """项目基本信息表 and 项目支出绩效目标申报表 as they looked before they were published as text."""
    for p in projects:
        amount = next(b["年初预算数"] for b in budget if b["项目编号"] == p["项目编号"])
        top = Grid(6, ("项目基本信息表", "(2021年)", f"填报单位(盖章)：{p['主管部门']}", "单位：元"))
        top.add("项目名称", p["项目名称"], spans=(1, 5))
        top.add("项目属性：", p["项目属性"], "项目类型：", p["项目类型"], "", "")
        top.add("功能科目编码：", p["功能科目编码"], "科目名称：", p["科目名称"], spans=(1, 1, 1, 3))
        top.add("项目预算金额：", f"{float(amount):,.2f}", spans=(1, 5))
        top.add("项目实施单位：", p["实施单位"], spans=(1, 5))
        period = f"{p['开始日期']}至{p['结束日期']}"
        top.add("项目起止时间：", period, "项目负责人：", p["项目负责人"], "联系电话：", p["联系电话"])
        top.add("项目概况", p["项目概况"], spans=(1, 5))
        top.add("单位负责人：", "", "填报人：", "", "填报日期：", "")
        yield top
        yield indicator_grid(p, targets_of(targets, p["项目编号"]))


def indicator_grid(project, targets) -> Grid:
    grid = Grid(4, ("项目支出绩效目标申报表",))
    grid.add("项目名称", project["申报表项目名称"] or project["项目名称"], spans=(1, 3))
    grid.put(1, 0, "总体目标", rows=2)
    grid.put(1, 1, "年度目标", columns=3)
    grid.put(2, 1, project["年度总体目标"], columns=3)
    grid.add("一级指标", "二级指标", "三级指标", "指标值（包含数字及文字描述）")
    indicator_rows(grid, targets, 0)
    return grid


def indicator_rows(grid: Grid, targets, column: int, columns: Sequence[str] = ("三级指标", "指标值")) -> None:
    """Indicators below a heading, 一级 and 二级 merged downwards."""
    for _, first in groupby(targets, key=lambda t: t["一级指标"]):
        level1 = list(first)
        grid.put(grid.height, column, level1[0]["一级指标"], rows=len(level1))
        row = grid.height - len(level1)
        for _, second in groupby(level1, key=lambda t: t["二级指标"]):
            level2 = list(second)
            grid.put(row, column + 1, level2[0]["二级指标"], rows=len(level2))
            for target in level2:
                for offset, name in enumerate(columns):
                    grid.put(row, column + 2 + offset, target.get(name, ""))
                row += 1


def ningxia_grids(projects, budget, targets) -> Iterator[Grid]:
    """部门整体支出预算绩效目标表 and 部门项目支出预算绩效目标表, with their 类别 column merged downwards."""
    unit, *others = projects
    whole = Grid(5, ("2020 年自治区本级部门整体支出预算绩效目标表",))
    whole.add("部门名称及代码", unit["项目名称"], spans=(1, 4))
    whole.add("部门职责绩效目标", unit["年度总体目标"], spans=(1, 4))
    whole.put(2, 0, "一级指标", rows=2)
    whole.put(2, 1, "二级指标", rows=2)
    whole.put(2, 2, "三级指标", columns=3)
    for column, text in enumerate(("财政政策性绩效目标", "部门预算绩效目标", "部门指标值"), 2):
        whole.put(3, column, text)
    yield whole
    for p in others:
        yield ningxia_grid(p, [b for b in budget if b["项目编号"] == p["项目编号"]], targets_of(targets, p["项目编号"]))


def ningxia_grid(p, funds, targets) -> Grid:
    grid = Grid(5)
    grid.add("2020 年自治区本级部门项目支出预算绩效目标表", spans=(5,))
    grid.add("项目名称", p["项目名称"], spans=(1, 4))
    grid.add("主管部门", p["主管部门"], "实施单位", p["实施单位"], spans=(1, 1, 1, 2))
    grid.add("项目属性", p["项目属性"], "项目期", "2019 年-2022 年", spans=(1, 1, 1, 2))
    grid.put(4, 0, "项目资金 (万元)", rows=3)
    amounts = [f["年初预算数"] for f in funds]
    for row, (label, amount) in enumerate(
        zip(("年度资金总额", "其中：财政拨款", "其他资金"), (amounts[0], *amounts), strict=True), 4
    ):
        grid.put(row, 1, label)
        grid.put(row, 2, amount, columns=3)
    grid.add("绩效目标", p["年度总体目标"], spans=(1, 4))
    grid.add("类别", "一级指标", "二级指标", "三级指标", "指标值")
    grid.put(grid.height, 0, "绩效指标", rows=len(targets))
    grid.height -= len(targets)
    indicator_rows(grid, targets, 1)
    return grid


CASE_COLUMNS = {
    "一级指标": "level1", "二级指标": "level2", "三级指标": "level3", "指标值": "target_text", "实际": "actual_text",
    "分值": "weight", "得分": "score", "原因": "deviation_reason",
}  # fmt: skip


def self_evaluation(case, *, merged: bool = True) -> Grid:
    """A published 自评表 as 项目支出绩效自评表 (national layout)."""
    budget = case["budget"]
    grid = Grid(8)
    grid.add(f"项目支出绩效自评表\n（{case['year']}年度）", spans=(8,))
    grid.add("项目名称", case["project"], spans=(1, 7))
    grid.add("主管部门", case["unit"], "实施单位", case["unit"], spans=(1, 3, 1, 3))
    grid.put(3, 0, f"项目资金（{budget['unit']}）", rows=3)
    for column, text in enumerate(("", "", "年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)"), 1):
        grid.put(3, column, text)
    amounts = ["" if budget[k] is None else str(budget[k]) for k in ("initial", "adjusted", "executed")]
    weight = "" if budget["weight"] is None else str(budget["weight"])
    for row, label in enumerate(("年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"), 4):
        texts = amounts if row < 6 else ["", "", ""]
        grid.put(row, 1, label, columns=2)
        for column, text in enumerate(
            (*texts, weight if row == 4 else "—", budget["rate_text"] if row == 4 else "—"), 3
        ):
            grid.put(row, column, text)
    grid.cells[3, 0] = (f"项目资金（{budget['unit']}）", 5, 1)
    goal = case.get("goal", {"expected": "", "actual": ""})
    grid.put(8, 0, "年度总体目标", rows=2)
    grid.put(8, 1, "预期目标", columns=3)
    grid.put(8, 4, "实际完成情况", columns=4)
    grid.put(9, 1, goal["expected"], columns=3)
    grid.put(9, 4, goal["actual"], columns=4)
    grid.add("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    rows = [{name: "" if r[key] is None else str(r[key]) for name, key in CASE_COLUMNS.items()} for r in case["rows"]]
    if merged:
        indicator_rows(grid, rows, 0, ("三级指标", "指标值", "实际", "分值", "得分", "原因"))
    else:
        for row in rows:
            grid.add(*row.values())
    grid.add("总分", "", "100", str(case["total_score"] or ""), "", spans=(4, 1, 1, 1, 1))
    grid.add("注：1.其他资金请在“其他资金”栏注明来源。", spans=(8,))
    return grid


# ── the formats ──


def xlsx(grids: Iterable[Grid], *, sheets: bool = False) -> bytes:
    """All grids one below the other, or each on a sheet of its own; numbers as text, as forms have them."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    at = 1
    for number, grid in enumerate(grids):
        if sheets and number:
            sheet, at = book.create_sheet(f"表{number + 1}"), 1
        for text in grid.title:
            sheet.cell(at, 1, text)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=grid.width)
            at += 1
        for (row, column), (text, rows, columns) in grid.cells.items():
            cell = sheet.cell(at + row, column + 1)
            cell.value = text or None
            if text:
                cell.data_type = "s"
            if rows > 1 or columns > 1:
                sheet.merge_cells(start_row=at + row, end_row=at + row + rows - 1, start_column=column + 1,
                                  end_column=column + columns)  # fmt: skip
        at += grid.height + 2
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def docx(grids: Iterable[Grid]) -> bytes:
    import docx as word

    document = word.Document()
    for grid in grids:
        for text in grid.title:
            document.add_paragraph(text)
        cells = document.add_table(grid.height, grid.width)._cells  # `table.cell` counts them all for every one
        for (row, column), (text, rows, columns) in grid.cells.items():
            cell = cells[row * grid.width + column]
            if rows > 1 or columns > 1:
                cell = cell.merge(cells[(row + rows - 1) * grid.width + column + columns - 1])
            cell.text = text
        document.add_paragraph("")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_html(grids: Iterable[Grid], size: float = 9) -> str:
    parts = [
        "<style>@page{size:A4;margin:15mm} body{font-family:'Noto Serif CJK SC','FangSong',serif;font-size:",
        f"{size}pt}} table{{border-collapse:collapse;width:100%;margin:3mm 0}}",
        "td{border:.6pt solid;padding:2pt}</style>",
    ]
    for grid in grids:
        parts += [f"<p>{html.escape(text)}</p>" for text in grid.title]
        parts.append("<table>")
        covered = grid.covered()
        for row in range(grid.height):
            parts.append("<tr>")
            for column in range(grid.width):
                if (row, column) in covered:
                    continue
                text, rows, columns = grid.cells.get((row, column), ("", 1, 1))
                words = "<br>".join(html.escape(line) for line in text.split("\n"))
                parts.append(f"<td rowspan={rows} colspan={columns}>{words}</td>")
            parts.append("</tr>")
        parts.append("</table>")
    return "".join(parts)


def pdf(grids: Iterable[Grid]) -> bytes:
    from weasyprint import HTML

    return HTML(string=as_html(grids)).write_pdf()


def tsv(grids: Iterable[Grid]) -> bytes:
    """As a spreadsheet copies it: tabs, and quotes around cells with line breaks."""
    lines: list[str] = []
    for grid in grids:
        lines += [*grid.title]
        for row in range(grid.height):
            cells = [grid.cells.get((row, column), ("", 1, 1))[0] for column in range(grid.width)]
            lines.append("\t".join('"' + c.replace('"', '""') + '"' if "\n" in c else c for c in cells))
        lines.append("")
    return "\n".join(lines).encode()


def markdown(grids: Iterable[Grid]) -> bytes:
    lines: list[str] = []
    for grid in grids:
        lines += [f"## {text}\n" for text in grid.title]
        for row in range(grid.height):
            cells = [grid.cells.get((row, column), ("", 1, 1))[0] for column in range(grid.width)]
            lines.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", "<br>") for c in cells) + " |")
            if row == 0:
                lines.append("|" + " --- |" * grid.width)
        lines.append("")
    return "\n".join(lines).encode()


def ods(grids: Iterable[Grid]) -> bytes:
    names = ("office:1.0", "table:1.0", "text:1.0")
    spaces = " ".join(f'xmlns:{n.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{n}"' for n in names)
    rows: list[str] = []
    for grid in grids:
        rows += [f"<table:table-row>{_ods_cell(text, 1, grid.width)}</table:table-row>" for text in grid.title]
        covered = grid.covered()
        for row in range(grid.height):
            cells = [
                "<table:covered-table-cell/>"
                if (row, column) in covered
                else _ods_cell(*grid.cells.get((row, column), ("", 1, 1)))
                for column in range(grid.width)
            ]
            rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        rows.append('<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>')
    table = f'<table:table table:name="Sheet1">{"".join(rows)}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>{body}</office:document-content>',
        )
    return out.getvalue()


def _ods_cell(text: str, rows: int, columns: int) -> str:
    words = "".join(
        f"<text:p>{html.escape(line).replace('  ', ' <text:s/>')}</text:p>" for line in text.split("\n") if line
    )
    span = f'table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    return f'<table:table-cell office:value-type="string" {span}>{words}</table:table-cell>'


WRITERS = {
    "xlsx": xlsx, "docx": docx, "pdf": pdf, "tsv": tsv, "md": markdown, "ods": ods,
    "xls": lambda grids: as_html(grids).encode(),  # as portals save it
}  # fmt: skip
