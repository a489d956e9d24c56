"""The one path from a folder to a `Result`; build, check, explain and the tests all take it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import localcontext
from pathlib import Path

from selfeval.base.diagnostics import Diagnostic, about_known, finding, in_order
from selfeval.base.exact import EXACT
from selfeval.base.files import is_file
from selfeval.base.marks import turning, without_hidden
from selfeval.base.memo import undisturbed
from selfeval.base.model import Evaluation, Place, Project, Scorecard
from selfeval.base.toml_reader import Problem, unseen_in
from selfeval.checks import check, check_whole, starter
from selfeval.checks.all_projects import Whole
from selfeval.checks.subject import Subject, without_details
from selfeval.evaluation.file_names import FOLDERS, hidden_names
from selfeval.evaluation.last_year import LastYear, read_last_year
from selfeval.evaluation.mentions import filled
from selfeval.evaluation.result import Result
from selfeval.evaluation.waivers import Rows, Waived, apply, row_waivers
from selfeval.reading.columns import ENTERED, TABLES
from selfeval.reading.config import FILE, Config, of_problem, read_config, setting_place
from selfeval.reading.form_layout import Layout
from selfeval.reading.layouts import layout_data, layout_exists, layout_name, layouts_in, own_layout, template_folders
from selfeval.reading.narrative import read_narratives
from selfeval.reading.projects import Tables, read_projects, reported_ids
from selfeval.reading.tables import Table, read_table
from selfeval.rules.load import Refusal, load_rules, own_profiles
from selfeval.rules.profile import Rules
from selfeval.scoring.review import with_review
from selfeval.scoring.score import score_project

Found = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One folder taken through the whole line. Without a result it could not be opened at all."""

    folder: Path
    result: Result | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is an evaluation that can be worked with."""
        return self.result is not None


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings about one folder, without what they were found in."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    is_open: bool


def is_evaluation(folder: Path) -> bool:
    """Whether a folder holds an evaluation."""
    return is_file(folder / FILE)


def evaluation_around(file: Path) -> Path | None:
    """The evaluation that a file belongs to: one of its tables or settings, or what lies in one of its folders."""
    for folder in (*file.parents, *file.absolute().parents):
        inside = file.absolute().relative_to(folder.absolute()).parts
        if is_evaluation(folder) and (len(inside) == 1 or inside[0] in FOLDERS):
            return folder
    return None


def evaluations_in(parent: Path) -> list[Path]:
    """The evaluations directly under a folder, by name."""
    if not parent.is_dir():
        return []
    return sorted((p for p in parent.iterdir() if p.is_dir() and is_evaluation(p)), key=lambda p: p.name)


def evaluate(folder: Path, profile: str = "", entered: Path | None = None) -> Evaluated:
    """Reads, pairs, scores and checks one evaluation; `profile` asks what another rule would give.

    `entered`: another folder of the same name, from which what is filled in is read instead (what if this were saved?).
    """
    folder = folder.absolute()
    with localcontext(EXACT), undisturbed():
        setting, diagnostics = setting_of(folder, profile)
        if setting is None:
            return Evaluated(folder, None, in_order(diagnostics))
        result = evaluate_with(setting, diagnostics, entered)
        return Evaluated(folder, result, result.causes)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all projects of an evaluation: its folder, its settings, its rules, its layout.

    `unit_rules`: those of 部门整体; None: the same.
    """

    folder: Path
    config: Config
    rules: Rules
    layout: Layout
    unit_rules: Rules | None = None

    @classmethod
    def of(cls, folder: Path, config: Config, rules: Rules, unit_rules: Rules | None = None) -> Setting:
        """With the layout that the settings ask for."""
        return cls(folder, config, rules, layout_data(folder, layout_name(config.report)), unit_rules)

    def rules_of(self, project: Project) -> Rules:
        """The rules a project is scored by."""
        return self.unit_rules or self.rules if project.is_unit else self.rules


def setting_of(folder: Path, profile: str = "") -> tuple[Setting | None, tuple[Diagnostic, ...]]:
    """Settings and rules, or None where one of them cannot be had; `profile` asks for another rule."""
    if turning(folder.name):
        return None, tuple(hidden_names(folder))
    config, diagnostics = read_config(folder)
    if config is None:
        return None, diagnostics
    own = own_profiles(folder)
    rules, refusals = load_rules(profile or config.rules, config.year, own)
    unit_rules, refused = load_rules(profile or config.unit_rules, config.year, own)
    if rules is None or unit_rules is None:
        return None, (*diagnostics, *(refusal_of(r, folder) for r in dict.fromkeys((*refusals, *refused))))
    idle = [of_profile(p.file, p.problems[0], folder) for p in own if p.problems]
    year, used = setting_place(folder, "evaluation.year"), {rules.id: rules, unit_rules.id: unit_rules}
    early = [too_early(config, one, year) for one in used.values() if one.too_early]
    unseen = [of_profile(p.file, problem, folder) for p in own for problem in p.unseen]
    of_files = (*idle, *unseen, *hidden_names(folder))
    _, last_year = read_last_year(folder, config.year)
    of_files = (*of_files, *unseen_in_layout(folder, config))
    setting = Setting.of(folder, config, rules, unit_rules)
    remarks = (*of_files, *early, *unknown_layout(setting), *starter_words(folder, config), *last_year)
    return setting, (*diagnostics, *remarks)


def starter_words(folder: Path, config: Config) -> Iterable[Diagnostic]:
    """N017: the example's own words in selfeval.toml of an evaluation that says it is none."""
    texts = {"evaluation.unit": config.unit, "evaluation.department": config.department}
    texts |= {f"report.{name}": config.report.get(name, "") for name in ("preparer", "unit_head", "finance_head")}
    texts |= {f"check.ignore.{code}": reason for code, reason in config.ignore.items()}
    named = {key: (text, setting_place(folder, key)) for key, text in texts.items() if text}
    return () if config.demo else (*starter.in_settings(named), *starter.in_evidence(folder))


def of_profile(file: str, problem: Problem, folder: Path) -> Diagnostic:
    """What is wrong with a profile of the unit's own that is not used, or is odd in one that is."""
    return of_problem(problem, "R003", file, place_in(file, problem, folder))


def refusal_of(refusal: Refusal, folder: Path) -> Diagnostic:
    """A profile that cannot be used, as a finding."""
    file = refusal.file if "/" in refusal.file else f"{folder.name}/{refusal.file}"
    return finding("R001", place_in(file, refusal.problem, folder), file=refusal.file, problem=refusal.problem.message)


def place_in(file: str, problem: Problem, folder: Path) -> Place:
    """Where a problem stands in a file that is named from the evaluation's parent."""
    return problem.place(folder.parent / file, file)


@dataclass(frozen=True, slots=True)
class Judged:
    """Projects scored and checked, each by itself: their narratives with values in, findings, 检查豁免 of the rows."""

    scorecards: tuple[Scorecard, ...]
    narratives: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    waivers: Rows


def judge(setting: Setting, tables: Tables, narratives: Mapping[str, str]) -> Judged:
    """The line itself for the projects of these tables: all of an evaluation, or some of a large one."""
    folder, rules = setting.folder, setting.rules
    projects, paired = read_projects(tables, setting.config, rules, setting.unit_rules or rules)
    scorecards = tuple(scored(project, setting.rules_of(project)) for project in projects)
    texts, unfilled = filled(folder.name, narratives, scorecards, rules)
    checked = [d for card in scorecards for d in check(subject_of(card, setting, texts))]
    rows, wrong = row_waivers(projects)
    return Judged(scorecards, texts, (*paired, *checked, *wrong, *unfilled), rows)


def scored(project: Project, rules: Rules) -> Scorecard:
    """A project with its points and its review."""
    return with_review(score_project(project, rules), rules)


def evaluate_with(setting: Setting, before: Iterable[Diagnostic], entered: Path | None = None) -> Result:
    """All projects at once, all kept: what reports are made from."""
    folder, config = setting.folder, setting.config
    tables, read = read_tables(folder, entered)
    narratives, problems = narratives_of(setting, reported_ids(tables.projects))
    judged = judge(setting, tables, narratives)
    cards = judged.scorecards
    known = about_known(read, {card.project.id for card in cards})
    findings = (*before, *known, *problems, *check_whole(Whole.of(folder, cards, asked_in(setting, judged.narratives))))
    return replace(part_of(setting, judged, tables, findings), evaluation=evaluation_of(folder, config, cards))


def head_of(setting: Setting) -> Result:
    """What holds for all projects of an evaluation, without any."""
    folder, config = setting.folder, setting.config
    about = evaluation_of(folder, config, ())
    bare = Result(folder, about, setting.rules, (), None, {}, (), layout=setting.layout)
    last_year = read_last_year(folder, config.year)[0]
    if last_year and has_changed(last_year, setting):
        last_year = replace(last_year, changed=True)
    return replace(bare, public=config.public, unit_rules=setting.unit_rules, last_year=last_year)


def has_changed(last_year: LastYear, setting: Setting) -> bool:
    """Whether the rules of last year's scorecard are not scored by as they were then, though they may have one name."""
    then, _ = load_rules(last_year.rules, last_year.year, own_profiles(setting.folder))
    return then is not None and not then.scores_as(setting.rules)


def part_of(setting: Setting, judged: Judged, tables: Tables, known: Iterable[Diagnostic]) -> Result:
    """The projects that were judged, with all that was found about them; `told`: what was found beside them."""
    kept, waived = settled(setting, judged, known)
    return replace(
        head_of(setting),
        scorecards=tuple(card for card in judged.scorecards if not card.project.is_unit),
        unit=unit_in(judged.scorecards),
        narratives=judged.narratives,
        diagnostics=kept,
        waived=waived,
        tables=tables,
    )


def settled(setting: Setting, judged: Judged, known: Iterable[Diagnostic]) -> tuple[Found, tuple[Waived, ...]]:
    """All that was found, in order: what stays, and what somebody has accepted with a reason."""
    return apply(in_order((*known, *judged.diagnostics)), setting.config.ignore, judged.waivers)


def unit_in(cards: Iterable[Scorecard]) -> Scorecard | None:
    """部门整体, where it is among these."""
    return next((card for card in cards if card.project.is_unit), None)


def narratives_of(setting: Setting, ids: Iterable[str]) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The narratives of these projects and of the unit, held against the outline of the evaluation's layout."""
    outlines = setting.layout.outline, setting.layout.unit_outline
    texts, problems = read_narratives(setting.folder, ids, *outlines)
    left = () if setting.config.demo else tuple(starter.in_narratives(setting.folder, texts))
    return texts, (*problems, *left)


def asked_in(setting: Setting, narratives: Mapping[str, str]) -> Mapping[str, str] | None:
    """The narratives, where the layout's report is one that should tell what N018 asks for."""
    return None if setting.layout.texts else narratives


def subject_of(card: Scorecard, setting: Setting, narratives: Mapping[str, str]) -> Subject:
    """What the checks look at."""
    config, narrative = setting.config, narratives.get(card.project.id, "")
    whole = without_details(card), setting.rules_of(card.project), setting.folder, config.money_unit, config.year
    return Subject(*whole, narrative, config.demo, setting.layout.remarks)


def unknown_layout(setting: Setting) -> tuple[Diagnostic, ...]:
    """T027: `[report] layout` names a layout that is neither shipped nor the unit's own, or its data are wrong."""
    folder, name = setting.folder, setting.config.report.get("layout", "")
    place = setting_place(folder, "report.layout")
    if problem := setting.layout.problem:
        return (finding("T027.data", place, layout=name[:40], problem=problem),)
    if not name or layout_exists(folder, name):
        return ()
    known = tuple(layouts_in(template_folders(folder)))
    return (finding("T027.unknown", place, layout=name[:40], known=known),)


def unseen_in_layout(folder: Path, config: Config) -> Iterable[Diagnostic]:
    """T030 and T031 in the layout.toml of the unit's own layout."""
    path = own_layout(folder, layout_name(config.report))
    for problem in unseen_in(path) if path else ():
        file = f"{folder.name}/{path.relative_to(folder).as_posix()}" if path else ""
        yield of_profile(file, problem, folder)


def too_early(config: Config, rules: Rules, place: Place) -> Diagnostic:
    """R002: the year lies before the rules."""
    return finding("R002", place, year=config.year, rules=rules.id, effective=rules.effective)


def read_tables(folder: Path, entered: Path | None = None) -> tuple[Tables, tuple[Diagnostic, ...]]:
    """All tables; those that are filled in from another folder where one is given."""
    tables: list[Table] = []
    diagnostics: list[Diagnostic] = []
    for spec in TABLES:
        table, found_here = read_table(entered if entered and spec in ENTERED else folder, spec)
        tables.append(table)
        diagnostics += found_here
    return Tables(*tables), tuple(diagnostics)


def evaluation_of(folder: Path, config: Config, scorecards: Iterable[Scorecard]) -> Evaluation:
    """What the outputs say of the evaluation as a whole."""
    return Evaluation(
        id=without_hidden(folder.name),
        year=config.year,
        unit=config.unit,
        department=config.department or config.unit,
        money_unit=config.money_unit,
        demo=config.demo,
        report=config.report,
        projects=tuple(card.project for card in scorecards if not card.project.is_unit),
    )
