"""What the templates see: frozen objects whose every value is a string ready to print.

No page can round, add or judge by itself; HTML, PDF and Office files print the same words.
"""

from __future__ import annotations

from dataclasses import dataclass

from selfeval.base.text_width import half_a_page, shortened
from selfeval.reading.form_layout import Layout
from selfeval.report.pages.chart_views import Chart, DrawnPictures, Scatter
from selfeval.report.pages.form_paper import PAPERS, FormPaper
from selfeval.report.pages.review_views import ReviewView
from selfeval.report.pages.words import WORDS

AGAIN = 16
"""How many Chinese characters of a name stand before （续）: what goes on is two lines high at the least."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`p`) or a heading of the second level (`h3`), plain text."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that travels inside the PDF."""

    name: str
    content: bytes
    description: str = ""
    relationship: str = "Source"


@dataclass(frozen=True, slots=True)
class Link:
    """Something elsewhere on the page."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A diagnostic as printed, with the row it is about."""

    anchor: str
    code: str
    severity: str
    label: str
    message: str
    hint: str
    place: str
    row: Link | None

    @property
    def tall(self) -> bool:
        """Whether it may go on on the next page."""
        return half_a_page((self.message, 27), (self.hint, 27), (self.row.text if self.row else "", 11))


@dataclass(frozen=True, slots=True)
class FormRow:
    """One indicator. `rule_points` only where another score replaced it; `unscored` says why there is none.

    `nature`, `value` and `measure` are the target in three cells (性质, 值, 单位). `small` and `tiny` name the cells
    whose text is long enough for smaller type; `height` is about what the row takes in the printed form, in pt (all
    three: of a form that is planned for paper).
    """

    anchor: str
    number: str
    level1: str
    level2: str
    level3: str
    target: str
    nature: str
    value: str
    measure: str
    actual: str
    weight: str
    points: str
    rule_points: str
    unscored: str
    reason: str
    state: str
    completion: str
    bar: str
    formula: str
    source: str
    checked: bool
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    findings: tuple[FindingView, ...]
    small: tuple[str, ...] = ()
    tiny: tuple[str, ...] = ()
    height: int = 0
    reviewed: str = ""
    """复核得分, where the reviewer gave one; `deviation` and `opinion` go with it."""
    deviation: str = ""
    opinion: str = ""

    @property
    def tall(self) -> bool:
        """Whether it may go on on the next page of the list of reasons."""
        names, values = (self.level3, self.level2), (self.target, self.actual)
        return half_a_page(*((text, 8) for text in names), *((text, 6) for text in values), (self.reason, 15))


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one 二级指标 of one sheet.

    `level1_rows`: how many rows its 一级 label spans, 0 where that label stands beside the rows above.
    `level1_again`, `again`: the label was printed on the sheet before and goes on here.
    """

    level1: str
    level1_weight: str
    level1_again: bool
    level1_rows: int
    level2: str
    again: bool
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The rows of one printed page. `again`: not the first one; `tall`: a row longer than a page, which may break."""

    number: str
    again: bool
    groups: tuple[RowGroup, ...]
    size: int
    tall: bool


@dataclass(frozen=True, slots=True)
class FundRow:
    """A line of the money table, in 万元."""

    label: str
    initial: str
    adjusted: str
    executed: str
    weight: str
    rate: str
    points: str
    reason: str = ""
    tails: tuple[int, ...] = (0, 0, 0)

    @property
    def is_zero(self) -> bool:
        """Whether all its amounts are 0."""
        return self.initial == self.adjusted == self.executed == "0"


@dataclass(frozen=True, slots=True)
class LevelView:
    """A first-level indicator at a glance; `reviewed` and `deviation` are empty without a review."""

    name: str
    weight: str
    points: str
    rate: str
    bar: str
    reviewed: str = ""
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the narrative: Markdown as written (`drawn`: its pictures on paper), or blocks from the figures."""

    anchor: str
    title: str
    markdown: str
    blocks: tuple[Block, ...]
    drawn: DrawnPictures | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is printed across a page that belongs to no single evaluation."""

    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands on every page and in every head: whose, when, and whether it counts.

    `words` are printed across every page: 演示数据, 征求意见稿, 未定稿. `draft` means 未定稿: there is an error.
    `faces`: families the unit asks for, by role (正文, 标题, …). `base`: the budget that rates are set against
    (initial, adjusted).
    """

    unit: str
    department: str
    year: str
    date: str
    demo: bool
    draft: bool
    rules: str
    layout: str
    evaluation: str
    words: tuple[str, ...] = ()
    faces: tuple[tuple[str, str], ...] = ()
    base: str = "adjusted"


@dataclass(frozen=True, slots=True)
class Calculation:
    """How a figure came about: of a row, or of 预算执行率."""

    number: str
    title: str
    under: str
    points: str
    weight: str
    formula: str
    source: str
    checked: bool
    steps: tuple[str, ...]
    anchor: str

    @property
    def again(self) -> tuple[str, ...]:
        """Number and name, in two lines at most, where it goes on on a further page; none where a name is very long."""
        if not self.title or half_a_page((self.title, 10), (self.under, 11)):
            return ()
        number = WORDS.dash if self.number == "0" else self.number
        return number, shortened(self.title, AGAIN) + WORDS.continued


@dataclass(frozen=True, slots=True)
class Proof:
    """An item of 佐证材料. A file of the evaluation has a size and the first digits of its SHA-256.

    `missing`: the file is not there.
    """

    text: str
    size: str = ""
    sha256: str = ""
    missing: bool = False


@dataclass(frozen=True, slots=True)
class ProofLine:
    """The 佐证材料 of one indicator."""

    number: str
    level2: str
    level3: str
    actual: str
    items: tuple[Proof, ...]

    @property
    def tall(self) -> bool:
        """Whether it may go on on the next page."""
        items = "\n".join(item.text + item.sha256 for item in self.items)
        return half_a_page((self.level3, 10), (self.level2, 10), (self.actual, 9), (items, 21))


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that was accepted (检查豁免), and the reason given."""

    code: str
    message: str
    reason: str
    place: str
    row: Link | None

    @property
    def tall(self) -> bool:
        """Whether it may go on on the next page."""
        return half_a_page((self.message, 23), (self.reason, 15))


@dataclass(frozen=True, slots=True)
class ProjectDocument:
    """The report of one project (or the form of the unit itself).

    `groups` are the rows for the screen. For print, `planner` settles `paper`, the widths in `layout`, `pages` (the
    same rows in sheets) and `goal_face`; `fresh_page`: not even the first row fits below the head of the form. `funds`
    are the lines of money of the form.
    `remarks`: 评价结论, 存在问题, 改进措施, where the form asks for them. `form_title` is the title of the 自评表,
    `layout` what it looks like.
    """

    marks: Marks
    title: str
    id: str
    name: str
    department: str
    operator: str
    total: str
    counted: str
    complete: bool
    grade: str
    rate: str
    tally: tuple[tuple[str, str], ...]
    levels: tuple[LevelView, ...]
    parts: tuple[Part, ...]
    funds: tuple[FundRow, ...]
    goal: str
    achieved: str
    groups: tuple[RowGroup, ...]
    name_lines: tuple[str, ...]
    total_weight: str
    calculations: tuple[Calculation, ...]
    sources: tuple[str, ...]
    evidence_note: str
    deviations: tuple[FormRow, ...]
    fund_reasons: tuple[tuple[str, str], ...]
    deviation_mm: tuple[str, ...]
    """How wide targets, actuals and reasons stand side by side in that annex on paper."""
    rows: tuple[FormRow, ...]
    evidence: tuple[ProofLine, ...]
    findings: tuple[FindingView, ...]
    finding_counts: tuple[tuple[str, str, str], ...]
    attachments: tuple[str, ...]
    signatures: tuple[tuple[str, str], ...]
    is_unit: bool
    form_title: str
    layout: Layout
    about: str
    leader: str
    indicator_weight: str
    remarks: tuple[Part, ...]
    charts: tuple[Chart, ...]
    accepted: tuple[Accepted, ...]
    fingerprint: str = ""
    """数据指纹 of what travels inside the PDF; empty where nothing does."""
    review: ReviewView | None = None
    signers: tuple[tuple[str, str], ...] = ()
    """Who signs below the form, where the layout names them."""
    notes: tuple[Part, ...] = ()
    """What the layout takes out of the narrative into cells of its form, by heading."""
    cover: tuple[tuple[str, str], ...] = ()
    """What the cover says: label, text."""
    paper: FormPaper = PAPERS[0]
    pages: tuple[PrintedSheet, ...] = ()
    fresh_page: bool = False
    goal_face: str = ""
    closer: bool = False
    """Whether the lines of the text stand a little closer on paper, which spares it a page."""

    @property
    def heading(self) -> str:
        """What the file is called, in a window and in a list."""
        return f"{self.name} · {self.title} · {self.marks.year}"


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in index and summary. `level`: its gravest kind of finding (error, warning, info, none)."""

    number: str
    id: str
    name: str
    href: str
    initial: str
    adjusted: str
    executed: str
    rate: str
    rate_bar: str
    execution_points: str
    levels: tuple[str, ...]
    total: str
    counted: str
    complete: bool
    grade: str
    draft: bool
    finding_counts: tuple[tuple[str, str, str], ...]
    level: str
    reviewed: str = ""
    deviation: str = ""
    reviewed_grade: str = ""
    tails: tuple[int, ...] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class BookDocument:
    """Cover and contents of the 合订本; `entries`: heading and page number of each part."""

    marks: Marks
    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SummaryDocument:
    """绩效自评结果汇总表 and 部门整体支出绩效自评报告; `unit` is the unit's own form where it has targets."""

    marks: Marks
    title: str
    layout: Layout
    level_names: tuple[str, ...]
    lines: tuple[ProjectLine, ...]
    sums: ProjectLine
    parts: tuple[Part, ...]
    unit: ProjectDocument | None
    signatures: tuple[tuple[str, str], ...]
    charts: tuple[Chart, ...]
    accepted: tuple[Accepted, ...]
    reviewed: bool = False
    """Whether any project was reviewed."""
    scatter: Scatter | None = None
    fingerprint: str = ""
    """数据指纹 of all reports together; empty where they have none."""
    money_mm: str = ""
    """How wide each column of money is on paper."""
    closer: bool = False


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """The evaluation at a glance."""

    marks: Marks
    title: str
    lines: tuple[ProjectLine, ...]
    sums: ProjectLine
    grades: tuple[tuple[str, str], ...]
    findings_total: str
    finding_counts: tuple[tuple[str, str, str], ...]
    findings: tuple[FindingView, ...]
    charts: tuple[Chart, ...]
    accepted: tuple[Accepted, ...]
    reviewed: bool = False
    scatter: Scatter | None = None
