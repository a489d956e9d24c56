"""Lying packs, made by a grammar of edits: none is told to agree; honest ones of many kinds all are."""

from __future__ import annotations

import json
import os
from io import BytesIO
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from code_fixtures import FIXTURES, made
from evaluations import make_evaluation
from openpyxl import load_workbook
from pack_forger import CONTENTS, EDITS, MANIFEST, RAW, WORKBOOK, Files, Spoils, members, of_edit, wholly, zipped

from selfeval.audit.pack import pack as pack_one
from selfeval.audit.pack_parts import contents_page
from selfeval.audit.verdict import AGREES
from selfeval.audit.verify_pack import verify_pack, verify_pack_bytes
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT

pytestmark = [pytest.mark.usefixtures("typst_draws"), pytest.mark.slow]

SEED = os.environ.get("SELFEVAL_SEED", "")
"""A word for others than last time."""

TWO = """
项目编号 | 项目名称 | 项目类型 | 开始日期   | 结束日期
P01      | 道路维修 |          | 2021-01-01 | 2021-12-31
P02      | 桥梁加固 |          | 2021-01-01 | 2021-12-31
DW       | 甲县财政局 | 部门整体 | 2021-01-01 | 2021-12-31
"""
BUDGET = """
项目编号 | 年初预算数 | 全年预算数 | 全年执行数
P01 | 100 | 100 | 100
P02 | 300 | 280 | 250
DW  | 400 | 380 | 350
"""
TARGETS = """
项目编号 | 一级指标 | 二级指标 | 三级指标 | 指标值 | 分值
P01 | 产出指标   | 数量指标       | 维修里程   | ≥20公里 | 50
P01 | 效益指标   | 社会效益指标   | 通行提速率 | ≥10%   | 30
P01 | 满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%   | 10
P02 | 产出指标   | 数量指标       | 加固座数   | ≥4座   | 50
P02 | 效益指标   | 社会效益指标   | 限重提高率 | ≥15%   | 30
P02 | 满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%   | 10
DW  | 产出指标   | 数量指标       | 完成项目数 | ≥2个   | 50
DW  | 效益指标   | 社会效益指标   | 投诉下降率 | ≥10%   | 30
DW  | 满意度指标 | 服务对象满意度 | 群众满意度 | ≥90%   | 10
"""
ACTUALS = """
项目编号 | 二级指标 | 三级指标 | 实际完成值 | 偏差原因分析及改进措施 | 佐证材料
P01 | 数量指标       | 维修里程   | 20公里 |          | 验收单.txt
P01 | 社会效益指标   | 通行提速率 | 9%     | 雨季较长 | 观测.csv；现场照片
P01 | 服务对象满意度 | 群众满意度 | 90%    |          | 问卷.txt
P02 | 数量指标       | 加固座数   | 4座    |          | 验收单.txt
P02 | 社会效益指标   | 限重提高率 | 15%    |          | 检测.txt
P02 | 服务对象满意度 | 群众满意度 | 95%    |          | 问卷.txt
DW  | 数量指标       | 完成项目数 | 2个    |          |
DW  | 社会效益指标   | 投诉下降率 | 12%    |          |
DW  | 服务对象满意度 | 群众满意度 | 91%    |          |
"""
UNIT_TEXT = "## 一、部门(单位)概况\n\n甲县财政局负责全县财政收支。\n"


def evaluation(home: Path, name: str = "甲县-2021", **given) -> Path:
    """Two projects and the unit, with evidence and a text of the unit's."""
    tables = {"projects": TWO, "budget": BUDGET, "targets": TARGETS, "actuals": ACTUALS} | given
    folder = make_evaluation(home, **tables)
    if folder.name != name:
        folder = folder.rename(home / name)
    for file in ("验收单.txt", "观测.csv", "问卷.txt", "检测.txt"):
        (folder / "evidence").mkdir(exist_ok=True)
        (folder / "evidence" / file).write_text(file, encoding="utf-8")
    (folder / "narrative").mkdir(exist_ok=True)
    (folder / "narrative" / "unit.md").write_text(UNIT_TEXT, encoding="utf-8")
    return folder


def packed(folder: Path, *options: str) -> bytes:
    """The pack of an evaluation."""
    out = folder.parent / "out"
    assert run(["pack", str(folder), "--out", str(out), *options]) == 0
    return (out / f"{folder.name}.zip").read_bytes()


def words(pack: bytes) -> list[str]:
    """The verdicts on a pack and its reports."""
    return [verdict.word for verdict in verify_pack_bytes(pack, "x.zip")]


def remade(files: Files) -> bytes:
    """The contents page that fits a manifest, as the program itself would make it."""
    manifest = json.loads(files[MANIFEST])
    return contents_page(manifest, [row for row in manifest["files"] if row["file"] != CONTENTS])


@pytest.fixture(scope="module")
def pack(tmp_path_factory) -> bytes:
    return packed(evaluation(tmp_path_factory.mktemp("true")))


@pytest.fixture(scope="module")
def spoils(tmp_path_factory) -> Spoils:
    """The same evaluation in a better light, and one of another unit and year."""
    better = ACTUALS.replace("9%     |", "10%     |").replace("| 15%    |", "| 14%    |").replace("| 2个", "| 1个")
    state = evaluation(tmp_path_factory.mktemp("state"), actuals=better)
    other = evaluation(tmp_path_factory.mktemp("other"), toml='[evaluation]\nyear = 2022\nunit = "乙县财政局"\n')
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("selfeval.audit.pack.disagreements", lambda *_: [])  # only taken apart, so not verified first
        return Spoils(members(packed(state)), members(packed(other)), remade)


ANY = [pytest.param(what, id=what.__name__) for what in (*EDITS, *RAW)]
"""All kinds of edits."""


def test_the_pack_itself_agrees(pack):
    assert words(pack) == [AGREES] * 3


@pytest.mark.parametrize("what", ANY)
def test_no_lying_pack_agrees(pack, spoils, what):
    for seed in range(2):
        made = of_edit(pack, what, Random(f"{what.__name__} {SEED}{seed}"), spoils)
        if made is not None and not same_content(pack, made[1]):
            assert words(made[1])[0] != AGREES, (made[0], seed)


def test_a_workbook_saved_anew_by_another_program_is_told_as_that(pack):
    """Excel and WPS save a workbook that is only opened; an auditor should know that no figure is another."""
    files = members(pack)
    book, saved = load_workbook(BytesIO(files[WORKBOOK])), BytesIO()
    book.save(saved)
    (told,) = differences(pack, files | {WORKBOOK: saved.getvalue()})
    assert "由别的程序重新存过，各单元格的内容相同" in told
    book.worksheets[0]["B3"], changed = "甲", BytesIO()
    book.save(changed)
    (told,) = differences(pack, files | {WORKBOOK: changed.getvalue()})
    assert "B3 是“甲”" in told


def test_the_evidence_of_the_unit_is_held_by_the_manifest_and_that_by_its_fingerprint(tmp_path):
    """No report names its sum: who mends the manifest too is told apart by the fingerprint that was written down."""
    named = ACTUALS.replace("2个    |          |", "2个    |          | 完成清单.txt")
    folder = evaluation(tmp_path, actuals=named)
    (folder / "evidence" / "完成清单.txt").write_text("两个", encoding="utf-8")
    pack = packed(folder)
    (name,) = (name for name in members(pack) if name.endswith("完成清单.txt"))
    other = members(pack) | {name: "三个".encode()}
    assert words(pack)[0] == AGREES != words(zipped(other))[0]
    mended = zipped(wholly(other, Spoils({}, {}, remade)))
    prints = [verify_pack_bytes(content, "x.zip")[0].about["fingerprint"] for content in (pack, mended)]
    assert prints[0] != prints[1]


def differences(pack: bytes, files: Files) -> list[str]:
    """What is told of a pack with files changed, its sums and its contents page mended."""
    mended = wholly(files, Spoils({}, {}, remade))
    return [said for check in verify_pack_bytes(zipped(mended), "x.zip")[0].checks for said in check.differences]


def same_content(pack: bytes, other: bytes) -> bool:
    """Whether two zips hold the same: a date or a right changed is no lie."""
    try:
        return members(pack) == members(other) and len(pack) == len(other)
    except Exception:  # noqa: BLE001 - broken on purpose
        return False


TOLD = "T022"
"""A cell told as a spreadsheet does: what pages say of it, as of a table that was refused, only the manifest tells."""


ENGINES = cycle((WEASYPRINT, TYPST, TYPST, TYPST))
"""Which draws which draft: findings are the same words in either, and most are drawn by the quicker one."""


@pytest.mark.parametrize(("code", "engine"), [*zip(sorted(FIXTURES), ENGINES, strict=False)])
def test_a_draft_with_any_finding_is_packed_and_agrees(tmp_path, code, engine):
    result = evaluate(made(tmp_path, FIXTURES[code].get("bad", {}))).result
    if result is None or not result.scorecards or any(d.code == "N017" for d in result.diagnostics):
        return  # nothing that could be handed in
    build(result, Request(tmp_path / "out", ("pdf", "xlsx"), pdf_engine=engine))
    assert {verdict.word for verdict in verify_pack(pack_one(result, tmp_path / "out", draft=True).path)} == {AGREES}
