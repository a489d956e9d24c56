"""What is looked at all at once in a long report passes nothing over that is found one by one in a short one."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import inf, nan
from random import Random

import pytest

from selfeval.audit.pdf_glance import Glance
from selfeval.audit.pdf_pages import BUCKET, LINE_BUCKET, LINE_STRIPES, STRIPES, DrawnPage, out_of_order
from selfeval.audit.pdf_rows import LOOSE
from selfeval.audit.pdf_seen import SHEET, body_of, overlapping, unseen
from selfeval.audit.pdf_shapes import Box, Shape, Text, tears_number

SEEDS = range(400)
ACROSS, DOWN = (BUCKET, STRIPES), (LINE_BUCKET, LINE_STRIPES)


def some(chance: Random, usual: float, *others: float) -> float:
    """Nearly always the usual number."""
    return chance.choice(others) if chance.random() < 0.01 else usual


def table(chance: Random) -> tuple[list[Text], list[Shape]]:
    """Texts in rows and columns with lines between them, of which a few are not as they should be."""
    texts: list[Text] = []
    shapes: list[Shape] = []
    for row in range(chance.randint(1, 9)):
        for column in range(chance.randint(1, 6)):
            left, base = 60 + 75.0 * column, 700 - 45.0 * row
            for line in range(chance.randint(1, 3)):
                start = left + some(chance, 0, 30, -80, -400, nan)
                size = some(chance, 9, 3, 40, -9, inf)
                height = base - 12 * line + some(chance, 0, 5, 12, 200, -300)
                width = some(chance, chance.uniform(5, 70), 90, 0, -4)
                clip: Box | None = chance.choice((None, None, (left - 2, base - 40, left + 72, base + 20)))
                looks = some(chance, 1, 0.4, 0.01), some(chance, 1, 0.9), chance.random() > 0.005
                texts.append(Text("字" * 3, (start, start + width), height, size, len(texts) + 200, *looks, clip))
            box = left - 2, base - 35, left + 73, base + 15
            dark = some(chance, 0.05, 1, 0.1, nan)
            kind = chance.choice(("fill", "fill", "picture")) if chance.random() < 0.02 else "fill"
            shapes.append(Shape(box, int(some(chance, len(shapes), 900)), dark, some(chance, 1, 0), kind))
            shift = some(chance, 0, 10, 30)
            shapes.append(Shape((left - 3 + shift, base - 35, left - 2 + shift, base + 15), len(shapes), 1, 1, "line"))
    return texts, shapes


def is_break(one: Text, other: Text) -> bool:
    """Whether a text stands far above the next, as cells are looked at one by one."""
    return one.base - other.base > LOOSE * max(one.size, other.size)


@pytest.mark.parametrize("block", range(4))
def test_all_at_once_finds_what_is_found_one_by_one(block: int) -> None:
    faults = clean = 0
    for seed in SEEDS[block::4]:
        chance = Random(seed)
        texts, shapes = table(chance)
        glance = Glance(texts)
        faults += (told := [*unseen(texts, shapes, SHEET, {})]) != []
        doubtful = [*glance.unseen(shapes, body_of(SHEET))]
        assert [*unseen(texts, shapes, SHEET, {}, doubtful)] == told
        assert glance.overlap() or not [*overlapping(texts)]
        breaks = glance.breaks_before(LOOSE)
        assert breaks is None or breaks == [*accumulate(map(is_break, texts, texts[1:]), initial=0)]
        order = [*range(len(texts))]
        if chance.random() < 0.3:
            chance.shuffle(order)
        numbers = [text._replace(words="1") for text in texts]
        torn = {pair for pair in pairwise(order) if tears_number(*(numbers[at] for at in pair))}
        assert torn <= {*glance.unlike_neighbours(order)}
        beside = frozenset(chance.sample(order, k=chance.randint(0, len(order) // 4)))
        page = DrawnPage(0, *SHEET, "", (), tuple(texts), tuple(shapes), (), ())
        disorder = glance.disorder(order, beside, ACROSS, DOWN)
        assert disorder or not [*out_of_order(page, order, beside)]
        clean += not (disorder or glance.overlap() or doubtful)
    assert faults
    assert clean, "where nothing is at fault, nothing is looked at again"


def test_so_many_are_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, shapes = table(Random(7))
    monkeypatch.setattr("selfeval.audit.pdf_glance.MOST", 3)
    glance = Glance(texts)
    assert [*glance.unseen(shapes, body_of(SHEET))] == [*range(len(texts))]
    assert glance.overlap()
    assert glance.disorder([0], frozenset(), ACROSS, DOWN)
