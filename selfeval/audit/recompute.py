"""Scoring again what travels inside a report: in a folder that is gone afterwards, with the attached rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from selfeval.audit.attachments import NARRATIVE, RULES, Json, layout_file, unguarded_csv
from selfeval.audit.time_limit import UnreadableError
from selfeval.base.files import is_project_id
from selfeval.base.phrases import phrase
from selfeval.evaluation.exports import scorecard_json
from selfeval.evaluation.last_year import FILE as LAST_YEAR
from selfeval.evaluation.pipeline import Setting, evaluate_with
from selfeval.evaluation.result import Result
from selfeval.reading.columns import TABLES
from selfeval.reading.config import FILE, Config, read_config
from selfeval.reading.layouts import FILE as LAYOUT_FILE
from selfeval.reading.layouts import layout_name
from selfeval.rules.dump import settings_of
from selfeval.rules.load import load_rules, read_profile, shipped_profiles
from selfeval.rules.profile import Rules

MOST_LINES = 50_000
"""Of an attached table; cells may have several."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The result of scoring again, or why there is none."""

    result: Result | None
    problem: str = ""


def count_rows(files: Mapping[str, bytes]) -> None:
    """Raises `UnreadableError` where tables are longer than can be scored in the time."""
    for name, content in files.items():
        if name.endswith(".csv") and (lines := content.count(b"\n")) > MOST_LINES:
            raise UnreadableError(
                phrase(
                    "附件 {name} 有 {lines} 行，超过 {most} 行，没有打开",
                    name=name,
                    lines=lines,
                    most=MOST_LINES,
                )
            )


def recompute(files: Mapping[str, bytes], project: str) -> Recomputed:
    """One project from its raw rows. `files` are the attachments by name; only known names are ever written."""
    with TemporaryDirectory(prefix="selfeval-") as place:
        folder = Path(place) / "report"
        folder.mkdir()
        _unpack(files, folder, project)
        config, _ = read_config(folder)
        if config is None:
            return Recomputed(None, phrase("附件 {file} 不能读取", file=FILE))
        rules, problem = attached_rules(folder / RULES, config)
        if rules is None:
            return Recomputed(None, problem)
        place_layout(files, folder, config)
        result = evaluate_with(Setting.of(folder, config, rules), ())
    ids = [card.project.id for card in result.scorecards]
    if ids != [project]:
        return Recomputed(
            None,
            phrase(
                "附件 projects.csv 里应只有项目 {project}，读到的是：{ids}",
                project=project,
                ids="、".join(ids) or phrase("没有项目"),
            ),
        )
    return Recomputed(result)


def _unpack(files: Mapping[str, bytes], folder: Path, project: str) -> None:
    """The attachments as the files of an evaluation, under names of ours."""
    for name in (FILE, RULES):
        (folder / name).write_bytes(files.get(name, b""))
    if LAST_YEAR in files:
        (folder / LAST_YEAR).write_bytes(files[LAST_YEAR])
    for name, optional in ((f"{spec.name}.csv", spec.optional) for spec in TABLES):
        if name in files or not optional:
            (folder / name).write_bytes(unguarded_csv(files.get(name, b"")))
    if NARRATIVE in files and is_project_id(project):
        (folder / "narrative").mkdir()
        (folder / "narrative" / f"{project}.md").write_bytes(files[NARRATIVE])


def place_layout(files: Mapping[str, bytes], folder: Path, config: Config) -> None:
    """The attached layout where the settings look for it, under a name that leads nowhere else."""
    name = layout_name(config.report)
    if LAYOUT_FILE in files and is_folder_name(name):
        path = folder / layout_file(name)
        path.parent.mkdir(parents=True)
        path.write_bytes(files[LAYOUT_FILE])


def is_folder_name(name: str) -> bool:
    """Whether a name is that of one folder."""
    return bool(name) and name not in {".", ".."} and not {"/", "\\", "\0"} & {*name} and len(name.encode()) < 250


def attached_rules(path: Path, config: Config) -> tuple[Rules | None, str]:
    """The attached profile by itself: it may stand for nothing but what it says."""
    profile = read_profile(path, RULES)
    if profile.extends:
        return None, phrase("附件 {rules} 沿用了别的规则（extends），应当自成一体", rules=RULES)
    # Under a name that no shipped profile has, so that none of them is taken in its place.
    rules, refusals = load_rules(RULES, config.year, [replace(profile, id=RULES)])
    if rules is None:
        return None, phrase("附件 {rules} 不能使用：{message}", rules=RULES, message=refusals[0].problem.message)
    return replace(rules, id=profile.id), ""


def unlike_shipped(rules: Rules, year: int) -> Iterator[str]:
    """Where a profile that bears the name of a shipped one has other values than it."""
    if rules.id not in {profile.id for profile in shipped_profiles()}:
        return
    ours, _ = load_rules(rules.id, year)
    here, there = settings_of(rules), settings_of(ours) if ours else {}
    for key in dict.fromkeys([*there, *here]):
        if here.get(key) != there.get(key):
            yield phrase(
                "{key}：附件是 {get}，本程序的“{id}”是 {other_get}",
                key=key,
                get=here.get(key, phrase("（无）")),
                id=rules.id,
                other_get=there.get(key, phrase("（无）")),
            )


# ── Two scorecards ──

LEAVES = {
    "total": "总分", "grade": "等级", "counted": "可评分值", "weight": "分值", "points": "得分",
    "rule_points": "规则得分", "override": "采用的自评得分", "completion": "完成率", "formula": "计算公式",
    "steps": "计算步骤", "rate": "执行率", "initial": "年初预算数", "adjusted": "全年预算数",
    "executed": "全年执行数", "target": "指标值", "actual": "实际完成值", "value": "数值", "upper": "上限",
    "unit": "单位", "date": "日期", "tier": "完成档次", "text": "原文", "kind": "类别", "operator": "比较符",
    "direction": "方向", "level1": "一级指标", "level2": "二级指标", "level3": "三级指标", "source": "依据",
    "document": "文件", "article": "条款", "budget": "预算执行率", "name": "名称", "id": "编号", "rules": "规则",
    "evaluation": "评价", "year": "年度", "title": "名称", "sources": "出处", "projects": "项目",
    "review": "复核", "deviation": "偏差", "opinion": "复核意见", "reviewer": "复核人",
    "indicators": "指标", "schema": "格式", "checked": "核对", "generator": "生成程序", "diagnostics": "检查代码",
}  # fmt: skip
LEFT_OUT = frozenset({"generator", "diagnostics"})
"""What a project's rows alone do not give: who made it; findings, which look at evidence and other projects too."""
ORDER = ("indicators", "budget", "level1", "total")
"""What is named first: the rows, since sums follow from them."""

Path_ = tuple[tuple[str, str], ...]
"""Steps to a value: (key, how it is called)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what scoring again gives. `path`: where, in words; `rank`: how early to name it."""

    path: str
    attached: str
    recomputed: str
    rank: int

    def __str__(self) -> str:
        """As a sentence."""
        return phrase(
            "{path}：附件是 {attached}，按原始数据重算应为 {recomputed}",
            path=self.path,
            attached=self.attached,
            recomputed=self.recomputed,
        )


def differences(attached: Json, result: Result) -> list[Difference]:
    """All values in which an attached scorecard differs from scoring again, rows before sums."""
    ours: Json = {**scorecard_json(result)}
    ours["evaluation"]["id"] = (attached.get("evaluation") or {}).get("id") if isinstance(attached, dict) else None
    return sorted(_walk(attached, ours, ()), key=lambda difference: difference.rank)


def _walk(here: Any, ours: Any, path: Path_) -> Iterator[Difference]:  # noqa: ANN401 - any JSON
    """Value by value; lists by position."""
    if here == ours:
        return
    if isinstance(here, dict) and isinstance(ours, dict):
        for key in dict.fromkeys([*ours, *here]):
            if key not in LEFT_OUT:
                yield from _walk(here.get(key), ours.get(key), (*path, (key, LEAVES.get(key, key))))
    elif isinstance(here, list) and isinstance(ours, list) and len(here) == len(ours):
        for at, (one, other) in enumerate(zip(here, ours, strict=True), 1):
            yield from _walk(one, other, (*path, (path[-1][0] if path else "", _called(other, at))))
    else:
        yield Difference(_in_words(path), _shown(here), _shown(ours), _rank(path))


def _called(item: Any, at: int) -> str:  # noqa: ANN401
    """An item of a list: an indicator by its names, a level by its name, else by number."""
    if isinstance(item, dict) and "level3" in item:
        return f"“{item['level2']}/{item['level3']}”"
    return f"“{item['name']}”" if isinstance(item, dict) and "name" in item else phrase("第 {at} 项", at=at)


def _in_words(path: Path_) -> str:
    """Where a value stands; the one project of a report need not be named."""
    of_project = bool(path) and path[0][0] == "projects"
    return "".join(words for _, words in (path[2:] if of_project else path))


def _rank(path: Path_) -> int:
    """Rows, money, levels, total, everything else."""
    keys = [key for key, _ in path]
    return next((at for at, key in enumerate(ORDER) if key in keys), len(ORDER))


def _shown(value: Any) -> str:  # noqa: ANN401
    """A JSON value inside a sentence."""
    if value is None:
        return "空"
    if isinstance(value, list | dict):
        return phrase("{count} 项", count=len(value))
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
