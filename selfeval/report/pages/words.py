"""The words that stand on every report, whatever its figures: heads of tables, labels, standing sentences.

One place for the templates (as `words`) and for `verify`, which makes the text of a page again. What depends on the
figures is in the documents; what a layout calls its own cells is in the layout.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageWords:
    """Texts with `{}` are completed by what they are about; a line break in a head is one on the page."""

    year: str = "{}年度"
    in_year: str = "（{}年度）"
    page: str = "— {} —"
    seal: str = "{}（盖章）"
    annex: str = "附件{}"
    continued: str = "（续）"
    dash: str = "—"
    image: str = "〔图片：{}〕"
    image_left_out: str = "未采用"
    # ── Cover: label, and which text of the report stands beside it ──
    cover: tuple[tuple[str, str], ...] = (
        ("项目名称", "name"), ("项目编号", "id"), ("主管部门", "department"), ("实施单位", "operator"),
        ("填报单位", "seal"),
    )  # fmt: skip
    # ── Form ──
    points: str = "{}分"
    unscored: str = "未评分原因："
    by_rule: str = "规则 {}"
    by_review: str = "复核 {}"
    grade: str = "等级：{}"
    partly: str = "（可评分 {} 分，其余未评分）"
    reviewed: str = "　复核 {} 分（{}{}）"
    reviewed_partly: str = "，可评分 {} 分"
    signer: str = "{}：{}"
    signed_on: str = "填报日期：{}"
    # ── Annexes ──
    calculations: tuple[str, ...] = ("序号", "指标", "计算过程", "得分\n/分值")
    formula: str = "公式：{}　依据：{}"
    of_weight: str = "/{}"
    documents: str = "依据的文件：{}。"
    legend: str = "{}虚线：{}。"
    deviations: tuple[str, ...] = (
        "序号", "指标", "年度指标值", "实际完成值", "得分\n/分值", "偏差原因分析\n及改进措施",
    )  # fmt: skip
    budget: str = "预算"
    not_filled: str = "未填写"
    no_deviation: str = "各项指标均得满分，没有需要说明的偏差。"
    evidence: tuple[str, ...] = ("序号", "指标", "实际完成值", "佐证材料")
    size: str = "（{}）"
    digest: str = "SHA-256 前16位：{}"
    missing: str = "（文件未找到）"
    between: str = "；"
    not_given: str = "未提供"
    accepted: tuple[str, ...] = ("代码", "检查发现", "接受的理由")
    draft: str = "附：未定稿说明"
    draft_title: str = "检查发现"
    findings: tuple[str, ...] = ("级别", "发现与处理", "位置")
    no_finding: str = "没有检查发现。"
    fingerprint: str = "数据指纹：{}"
    this_file: str = "本文件"
    this_report: str = "本项目的 report.pdf"
    fingerprint_note: str = (
        "{}附带计分所用的数据、规则和结果；指纹为附件 manifest.json 的 SHA-256 前 16 位，可用 selfeval verify 核对。"
    )
    review: tuple[str, ...] = (
        "序号", "指标", "年度指标值", "实际完成值", "复核完成值", "分值", "自评得分", "复核得分", "偏差", "复核意见",
    )  # fmt: skip
    both_grades: str = "等级：自评{}，复核{}"
    both_partly: str = "（可评分 {} 分）"
    review_note: str = (
        "自评得分、规则得分照单位填报和规则计算，不因复核改动；没有复核得分的行，合计时按自评得分计。"
        "偏差＝复核得分－自评得分。“规则”为同一规则按该完成值计的得分。"
    )
    reviewers: str = "复核人：{}。"


WORDS = PageWords()


@dataclass(frozen=True, slots=True)
class SummaryWords:
    """Those of summary.pdf; `heading`: of its table, where the document has none of its own."""

    heading: str = ""
    report: str = "部门整体支出绩效自评报告"
    form: str = "附件"
    head: tuple[str, ...] = (
        "序号", "项目编号", "项目名称", "项目资金(万元)", "执行率", "得分", "总分", "等级",
    )  # fmt: skip
    reviewed: tuple[str, ...] = ("复核",)
    second: tuple[str, ...] = ("年初预算数", "全年预算数", "全年执行数", "预算执行率")
    reviewed_second: tuple[str, ...] = ("得分", "偏差")
    draft: str = "［未定稿］"
    partly: str = "可评分 {}"
    fingerprint: str = "各报告的数据指纹 {}"
    pictures: tuple[str, ...] = ("附图", "各项目一览")
    accepted: tuple[str, ...] = ("附表", "检查豁免清单")
    between: str = " · "
    rate: str = "执行率"
    against_initial: str = "（按年初预算数）"

    def heads(self, base: str) -> tuple[str, ...]:
        """The head, its rate with the budget that it is set against where that is not the one of the whole year."""
        said = self.against_initial if base == "initial" else ""
        return tuple(text + said if text == self.rate else text for text in self.head)

    def of_all(self, fingerprint: str) -> str:
        """What is printed of the fingerprint of all reports; nothing where they have none."""
        return self.fingerprint.format(fingerprint) if fingerprint else ""

    def title(self, unit: str, own: str, year: str) -> str:
        """What the file is called; `own`: the heading of the document."""
        return self.between.join((unit, self.heading or own, year))


SUMMARY_WORDS = SummaryWords()
TRANSFER_WORDS = SummaryWords(
    heading="转移支付项目资金执行情况汇总表",
    report="转移支付绩效自评报告",
    form="附件1",
    head=(
        "序号", "项目编号", "项目名称", "年初预算数(万元)", "全年预算数(万元)", "全年执行数(万元)", "执行率",
    ),
)  # fmt: skip
DEMO, CONSULTATION, UNFINISHED, PUBLIC = "演示数据", "征求意见稿", "未定稿", "公开版"


def marks_in(*, demo: bool, draft: bool, unfinished: bool) -> tuple[str, ...]:
    """The words printed at the head of every page and across it, in their order."""
    holds = {DEMO: demo, CONSULTATION: draft, UNFINISHED: unfinished}
    return tuple(word for word, applies in holds.items() if applies)
