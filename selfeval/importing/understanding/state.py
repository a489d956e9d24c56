"""What the understander remembers from line to line, and the few acts that all its parts share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selfeval.base.phrases import phrase
from selfeval.base.text import short
from selfeval.importing.draft import DraftIndicator, DraftProject, Heard
from selfeval.importing.grid import GridCell, Line
from selfeval.importing.ledger import Ledger, Sort
from selfeval.importing.understanding.column_content import Slot
from selfeval.importing.understanding.titles import name_in_title
from selfeval.importing.vocabulary import MONEY_UNIT, WHOLE_UNIT, YEAR, same_name, squeeze

CODED_NAME = re.compile(r"((?=[A-Z\d]*\d{4})[A-Z\d]{8,64})\s*[-—_]\s*(.*\S)", re.DOTALL)
_WHOLE_NAME = re.compile(r"^(?:部门|单位)\(?(?:单位)?\)?整体")


@dataclass(slots=True)
class Spot:
    """Where a text that a page break may cut was put, so that its rest can be joined. Mutable with it."""

    project: DraftProject
    field: str
    column: int
    cell: GridCell


@dataclass(slots=True)
class State:
    """The open form. Mutable: this is the reader's place in the document."""

    ledger: Ledger
    heard: Heard
    drafts: list[DraftProject] = field(default_factory=list)
    by_name: dict[tuple[bool, str], DraftProject] = field(default_factory=dict)
    source: str = ""
    sheet: str = ""
    title: str = ""
    named: bool = False
    form: int = 0
    money_unit: str = ""
    filling_unit: str = ""
    project: DraftProject | None = None
    pending: list[tuple[str, str, list[GridCell]]] = field(default_factory=list)
    section: str = ""
    slots: tuple[Slot, ...] = ()
    unused: tuple[Slot, ...] = ()
    amount_slots: tuple[Slot, ...] = ()
    task_slots: tuple[Slot, ...] = ()
    below: list[Slot] = field(default_factory=list)
    level1: str = ""
    level2: str = ""
    last: DraftIndicator | None = None
    spot: Spot | None = None
    previous: Line | None = None
    lines: tuple[Line, ...] = ()
    at: int = 0
    """The lines of the source that is read, and the number of the one at hand."""
    heading_until: int = 0
    """The first row of the table behind its heading, whose cells may be several rows tall."""
    merged: bool = False
    """Whether cells of the open table of indicators reach down over rows, so that none of its rows can have slipped."""
    title_name: str = ""
    """The project that a title names, for a form that has no field for it."""
    told: list[tuple[str, str, GridCell]] = field(default_factory=list)
    """Budgets told in the text around the tables: column, amount, cell."""
    told_fields: list[tuple[int, str, str, GridCell]] = field(default_factory=list)
    """Goals told there: which project they are about, field, text, cell."""
    lost: str = ""
    """What the rows of the open table have lost, as `Line.lost`; empty where they stand in their columns."""
    year: int | None = None
    """The year of the open form."""
    header_just_read: bool = False
    long_term: bool = False
    totalled: bool = False
    """The total of the indicators was read: what follows in another table belongs to them only if it says so."""
    ended: bool = False
    """The total of points was read: nothing behind it is an indicator."""
    closed: bool = False
    """Indicators and the foot below them were read: a table behind it without a heading or label is no form."""
    goal: str = ""
    """年度绩效目标 under which the rows of the open table stand."""
    midterm: Slot | None = None
    stages: tuple[Slot, ...] = ()
    """Stages of the money in labels side by side (预算数 | … | 执行数 | …), with the columns below them."""

    def slot(self, role: str) -> Slot | None:
        """The column of the open table that holds something."""
        return next((slot for slot in self.slots if slot.role == role), None)

    def following(self, count: int) -> Sequence[Line]:
        """The lines behind the one at hand."""
        return self.lines[self.at + 1 : self.at + 1 + count]

    # ── forms and projects ──

    def open_form(self, title: str) -> None:
        """A form's title: what follows may be about another project, or go on with this one."""
        self.title = squeeze(title)
        self.title_name = name_in_title(title) or self.title_name
        self.form += 1
        self.named = False
        self.closed = self.closed and not title
        self.section = ""
        self.below = []
        self.spot = None
        self.midterm, self.stages = None, ()
        self.totalled = self.ended = False

    def leave_table(self) -> None:
        """What follows goes on with no part of the form that is open."""
        self.section, self.slots, self.unused, self.below = "", (), (), []
        self.last = self.spot = None

    def close(self) -> None:
        """The foot of a form was read: what follows is none, unless it says so."""
        rows = self.project.indicators if self.project else []
        self.closed = self.closed or (bool(rows) and rows[-1].form == self.form)

    @property
    def is_basic(self) -> bool:
        """Whether the open form is 项目基本信息表, whose name for the project counts."""
        return "基本信息" in self.title

    @property
    def about_unit(self) -> bool:
        """Whether the open form is about the unit as a whole."""
        return bool(WHOLE_UNIT.search(self.title))

    def name_project(self, name: str, cell: GridCell, *, whole: bool = False) -> None:
        """A form says which project it is about: the open one, one seen before, or a new one."""
        code, name = split_code(name, cell, self.ledger)
        about_unit = whole or self.about_unit or bool(_WHOLE_NAME.match(squeeze(name)))
        known = self._known(name, about_unit=about_unit)
        if known is None and self._is_other_name():
            assert self.project is not None  # noqa: S101 - _is_other_name looked
            self.project.form_name = name
            self.by_name.setdefault((self.project.is_unit, _folded(name)), self.project)
            names = {"first": self.project.name, "here": name}
            message = phrase(
                "基本信息表的项目名称是“{first}”，这里是“{here}”；以前者为准，后者记入“申报表项目名称”", **names
            )
            self.ledger.remark(Sort.GUESSED, message, cell.place, self.project.name)
            self.ledger.output(cell, "projects.csv 申报表项目名称")
        else:
            self._switch(known or self._new(name, cell, about_unit=about_unit), name, cell)
        self.named, self.closed, self.goal = True, False, ""
        self.flush()
        if code:
            self.set_field("项目编号", code, [cell])

    def _known(self, name: str, *, about_unit: bool) -> DraftProject | None:
        """The open project where the name is its own, else one of that name seen before."""
        here = self.project
        if here and here.is_unit == about_unit and (same_name(here.name, name) or same_name(here.form_name, name)):
            return here
        return self.by_name.get((about_unit, _folded(name)))

    def _is_other_name(self) -> bool:
        """Whether a 申报表 directly after a 基本信息表 can only mean the same project under another name."""
        basic = self.project is not None and not self.project.is_unit and self.project.fields.get("basic")
        return bool(basic and self.project and not self.project.indicators and not self.is_basic and self.title)

    def _new(self, name: str, cell: GridCell, *, about_unit: bool) -> DraftProject:
        project = DraftProject(name, cell.place, about_unit, self.sheet)
        self.drafts.append(project)
        self.by_name.setdefault((about_unit, _folded(name)), project)
        return project

    def _switch(self, project: DraftProject, name: str, cell: GridCell) -> None:
        """Makes a project the open one."""
        self.ledger.output(cell, "projects.csv 项目名称")
        if project is not self.project:
            if project is not self.drafts[-1] or project.indicators:
                message = phrase("“{name}”在前面已经出现，内容并入同一项目", name=name)
                self.ledger.remark(Sort.JOINED, message, cell.place, project.name)
            self.level1 = self.level2 = ""
            self.last = None
        elif name != project.name and squeeze(name) != project.name:
            names = {"name": name, "first": project.name}
            message = phrase("项目名称写作“{name}”，与“{first}”只是空格或全半角不同，按后者", **names)
            self.ledger.remark(Sort.GUESSED, message, cell.place, project.name)
        self.project = project
        if self.filling_unit:
            project.fields.setdefault("填报单位", self.filling_unit)
        if self.is_basic:
            project.fields["basic"] = "1"

    def here(self) -> DraftProject:
        """The open project; one without a name is made where a table begins without saying."""
        if self.project is None and self.about_unit:
            self.name_project(self._unit_name(), self.lines[self.at].cells[0])
        if self.project is None:
            sheet = "" if re.match(r"(?i)sheet\d*$|工作表\d*$", self.sheet) else self.sheet
            name = self.title_name or sheet or self.source
            place = self.lines[self.at].cells[0].place
            self.project = DraftProject(name, place, sheet=self.sheet)
            self.drafts.append(self.project)
            self.by_name.setdefault((False, _folded(name)), self.project)
            titled = phrase("表中没有项目名称，按标题定为“{name}”，请核对", name=name)
            message = titled if self.title_name else phrase("表中没有项目名称，暂以“{name}”为名，请核对", name=name)
            self.ledger.remark(Sort.GUESSED, message, place, name)
        self.named = True
        self.flush()
        return self.project

    def _unit_name(self) -> str:
        """The unit that a form about a whole unit is about, where it says so in another field."""
        known = [text for field_, text, _ in self.pending if field_ in {"主管部门", "填报单位", "实施单位"}]
        return next(iter(known), self.filling_unit or "部门整体")

    def flush(self) -> None:
        """Fields read before the project's name now have their project."""
        pending, self.pending = self.pending, []
        for name, text, cells in pending:
            self.set_field(name, text, cells)

    # ── fields ──

    def set_field(self, name: str, text: str, cells: list[GridCell]) -> None:
        """One field of the open project; before its name is known it waits."""
        if self.project is None or not self.named:
            self.pending.append((name, text, cells))
            return
        project = self.project
        present = project.fields.get(name, "")
        if not present:
            project.fields[name] = text
            if cells:
                self.spot = Spot(project, name, cells[0].column, cells[-1])
        elif squeeze(present) != squeeze(text):
            texts = {"name": name, "first": short(present), "text": short(text)}
            message = phrase("“{name}”出现了两种写法，采用先出现的“{first}”，未采用“{text}”", **texts)
            self.ledger.drop(cells, phrase("与前面的“{name}”不同", name=name), message, project.name)
            return
        self.ledger.output(cells, f"projects.csv {'开始日期、结束日期' if name == '起止' else name}")

    # ── context ──

    def listen(self, text: str) -> bool:
        """Takes year and money unit from a heading or remark; whether there was any."""
        words = squeeze(text)
        money = MONEY_UNIT.search(words)
        if money:
            self.set_money(money[1])
        year = YEAR.search(words) if len(words) <= 60 else None
        if year:
            self.year = int(year[1])
            self.heard.years.append(self.year)
        return bool(money or year)

    def set_money(self, unit: str) -> None:
        """The form states the unit of its amounts."""
        self.money_unit = unit
        self.heard.money_units.append(unit)


def _folded(name: str) -> str:
    """A name as `same_name` compares it."""
    return squeeze(name).casefold()


def split_code(name: str, cell: GridCell, ledger: Ledger) -> tuple[str, str]:
    """`51000021R000000019951-工资性支出` as code and name."""
    match = CODED_NAME.fullmatch(name)
    if not match:
        return "", name
    texts = {"text": short(name), "code": match[1], "name": match[2]}
    ledger.remark(
        Sort.SPLIT, phrase("项目名称“{text}”拆成项目编号“{code}”和名称“{name}”", **texts), cell.place, match[2]
    )
    return match[1], match[2]
