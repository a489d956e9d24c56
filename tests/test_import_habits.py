"""Forms as other provinces and units lay them out (`importing/habits.txt`): each is read as a person reads it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from importing.field_forms import seen, tables_in
from importing.habits import habits
from importing.layouts import WRITERS

from selfeval.importing.run import import_forms
from selfeval.importing.vocabulary import squeeze

HABITS = habits()
STAGES = ("年初预算数", "全年预算数", "全年执行数")


def rows_in(tables) -> list[tuple[str, ...]]:
    """Every indicator with its levels, target, actual, points and score."""
    pairs = zip(tables["targets"], tables["actuals"], strict=True)
    read = [seen(target, actual) for target, actual in pairs]
    names = ("target_text", "actual_text", "weight", "score")
    return [plain((f"{r['level1']}·{r['level2']}·{r['level3']}", *(r[name] for name in names))) for r in read]


def plain(texts) -> tuple[str, ...]:
    return tuple(map(squeeze, texts))


def in_yuan(row: dict[str, str], scale: Decimal) -> tuple[str, ...]:
    amounts = (f"{(Decimal(row[c]) * scale).normalize():f}" if row[c] else "" for c in STAGES)
    return (row["资金来源"], *amounts)


@pytest.mark.parametrize("kind", ["xlsx", "docx", "md"])
@pytest.mark.parametrize("name", HABITS)
def test_a_form_of_another_make_is_read_as_it_stands(tmp_path, name, kind) -> None:
    habit = HABITS[name]
    (tmp_path / f"表.{kind}").write_bytes(WRITERS[kind](habit.grids))
    import_forms([tmp_path / f"表.{kind}"], tmp_path / "e")
    tables = tables_in(tmp_path / "e")
    optional = set(map(plain, habit.lines("optional", 5)))
    assert [row for row in rows_in(tables) if row not in optional] == [*map(plain, habit.lines("rows", 5))]
    assert [p["项目名称"] for p in tables["projects"]] == habit.told.get("projects", ["甲项目"])
    if "yuan" in habit.told:
        settings = (tmp_path / "e" / "selfeval.toml").read_text(encoding="utf-8")
        scale = Decimal(10_000 if 'money_unit = "万元"' in settings else 1)
        assert [in_yuan(row, scale) for row in tables["budget"]] == habit.lines("yuan", 4)
    for column, text in habit.lines("fields", 2):
        assert [project[column] for project in tables["projects"]] == [text], column
