"""selfeval.toml → `Config`: what an evaluation says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, codes, finding
from selfeval.base.files import within
from selfeval.base.model import Place
from selfeval.base.phrases import phrase, word
from selfeval.base.toml_reader import REQUIRED, Problem, TomlSection, parse_toml
from selfeval.reading.layouts import FONT_ROLES
from selfeval.rules.profile import default_rules

FILE = "selfeval.toml"
MONEY_UNITS = ("元", "万元")
REPORT_TEXTS = ("layout", "date", "preparer", "unit_head", "finance_head")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one evaluation. `report` holds the texts of `[report]`, a date as ISO.

    `rules` and `unit_rules`: the profiles of the projects and of 部门整体.
    """

    year: int
    unit: str
    department: str
    rules: str
    unit_rules: str
    money_unit: str
    demo: bool
    report: dict[str, str]
    public: bool
    ignore: dict[str, str]


def read_config(folder: Path) -> tuple[Config | None, tuple[Diagnostic, ...]]:
    """The settings, or None where year or unit cannot be had; unknown settings are only warned of."""
    table, problems = (
        parse_toml(folder / FILE) if owned(folder) else ({}, [Problem("", phrase("这是指向别处的链接，没有打开"))])
    )
    top = TomlSection(table, "", problems)
    config = None if any(not p.code for p in problems) else config_of(top)
    name = f"{folder.name}/{FILE}"
    unusable = config is None or any(not (p.unknown or p.code) for p in problems)
    diagnostics = tuple(
        of_problem(p, "T021" if p.unknown else "T020", FILE, p.place(folder / FILE, name)) for p in problems
    )
    return (None if unusable else config), diagnostics


OWN_CODES = {"T030": "T030.setting", "T031": "T031.setting"}


def of_problem(problem: Problem, code: str, file: str, place: Place) -> Diagnostic:
    """What is wrong with a key of a file, as a finding of this code or of the problem's own."""
    return finding(OWN_CODES.get(problem.code, code), place, file=file, problem=problem.message)


def setting_place(folder: Path, key: str) -> Place:
    """Where a setting stands in the evaluation's selfeval.toml."""
    return Problem(key, phrase("")).place(folder / FILE, f"{folder.name}/{FILE}")


def owned(folder: Path) -> bool:
    """Whether the settings lie in the evaluation; a link may not lead out of it."""
    return within(folder / FILE, folder)


def config_of(top: TomlSection) -> Config:
    """The sections `[evaluation]`, `[report]` and `[check]`; what is wrong goes to the section's problems."""
    evaluation, report, check = (top.section(name) for name in ("evaluation", "report", "check"))
    year = evaluation.integer("year", REQUIRED, 1990, 2100) or 0
    rules = evaluation.text("rules", default_rules(year))
    config = Config(
        year=year,
        unit=evaluation.text("unit", REQUIRED) or "",
        department=evaluation.text("department"),
        rules=rules,
        unit_rules=evaluation.text("unit_rules", rules),
        money_unit=evaluation.text("money_unit", MONEY_UNITS[0], MONEY_UNITS),
        demo=evaluation.flag("demo"),
        report=report_texts(report),
        public=report.flag("public"),
        ignore=ignored(check),
    )
    if isinstance(evaluation.table.get("unit"), str) and not config.unit.strip():
        evaluation.complain("unit", phrase("“evaluation.unit”是空的，应为填报单位名称"))
    for section in (evaluation, report, check, top):
        section.close()
    return config


def ignored(section: TomlSection) -> dict[str, str]:
    """`[check.ignore]`: a code and the reason why its findings are accepted; both are needed."""
    wanted = word('“[check.ignore]”下的“代码 = "理由"”')
    listed = section.get("ignore", {}, lambda v: isinstance(v, dict), wanted)
    chosen = {}
    for code, reason in listed.items():
        if code not in codes():
            section.complain(f"ignore.{code}", phrase("没有检查代码“{code}”", code=code))
        elif not isinstance(reason, str) or not reason.strip():
            section.complain(f"ignore.{code}", phrase('豁免“{code}”应写明理由：{code} = "……"', code=code))
        else:
            chosen[code] = reason.strip()
    return chosen


def report_texts(section: TomlSection) -> dict[str, str]:
    """`[report]`: texts as they are; a TOML date in ISO form."""
    texts = {name: text_or_day(section, name) for name in REPORT_TEXTS}
    fonts = section.section("fonts")
    texts |= {f"fonts.{role}": fonts.text(role) for role in FONT_ROLES}
    fonts.close()
    return {name: text for name, text in texts.items() if text}


def text_or_day(section: TomlSection, name: str) -> str:
    """A text; `date` may be a TOML date too."""
    if name == "date" and not isinstance(section.table.get(name), str):
        day = section.day(name, None)
        return day.isoformat() if day else ""
    return str(section.text(name))
