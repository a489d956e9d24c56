"""docs/published.md: every score that a published form prints beside a row, against the rule's, and why they differ."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from importing.field_forms import FORMS
from test_cases import CASES, made

from selfeval.evaluation.pipeline import evaluate
from selfeval.importing.run import import_forms

PAGE = Path(__file__).parents[2] / "docs" / "published.md"
OF_FORMS = ("hubei_yangtze_fishing_ban_2020", "lijiang_satellite_enforcement_2020", "xiaoxian_hexi_planting_2023")
NONE = "没有得分"


def listed(columns):
    """The rows of the page's table with so many columns, without its head."""
    lines = re.findall(r"^\| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    rows = [tuple(cell.strip() for cell in line.split(" | ")) for line in lines]
    return [row for row in rows if len(row) == columns and row[0] != "来源" and not row[0].startswith("---")]


def imported(name, into):
    """A published form, imported."""
    file = next(path for path in sorted((FORMS / name).iterdir()) if path.stem in {"retyped", "piped"})
    import_forms([file], into)
    return into


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    home = tmp_path_factory.mktemp("published")
    folders = {name: made(name, home / name) for name in CASES}
    folders |= {name: imported(name, home / name / "e") for name in OF_FORMS}
    return {name: evaluate(folder).result for name, folder in folders.items()}


def printed_rows(result):
    return [score for card in result.cards for score in card.scores if score.indicator.printed_points is not None]


def test_the_rows_that_agree_are_counted(results):
    rows = {name: printed_rows(result) for name, result in results.items()}
    counted = [
        (
            name,
            results[name].rules.id,
            str(len(scores)),
            str(sum(s.points == s.indicator.printed_points for s in scores)),
        )
        for name, scores in rows.items()
        if scores
    ]
    assert Counter(listed(4)) == Counter(counted)


def test_every_row_that_differs_is_explained_and_no_other(results):
    differing = [
        (name, s.indicator.level3, str(s.indicator.printed_points), NONE if s.points is None else f"{s.points:.2f}")
        for name, result in results.items()
        for s in printed_rows(result)
        if s.points != s.indicator.printed_points
    ]
    assert Counter(row[:4] for row in listed(5)) == Counter(differing)
    assert all(len(row[4]) > 1 for row in listed(5))


def test_the_rows_of_hubei_are_full_with_what_the_form_gives_them(tmp_path):
    folder = imported("hubei_yangtze_fishing_ban_2020", tmp_path / "e")
    file = folder / "targets.csv"
    printed = {s.indicator.level3: s.indicator.printed_points for s in printed_rows(evaluate(folder).result)}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(row | {"分值": str(printed[row["三级指标"]])} for row in rows)
    (card,) = evaluate(folder).result.scorecards
    assert [score.points for score in card.scores] == [Decimal(f"{value}.00") for value in printed.values()]
    assert card.total == card.project.printed.total == 100
