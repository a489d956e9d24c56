"""S018: bands and steps of the rules that are of another order of magnitude than the row; all else is left alone."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from selfeval.base.model import PERCENT, Kind, Target
from selfeval.rules.profile import Method
from selfeval.scoring.scale import off_scale


def told(formula, params, value, unit):
    target = Target("", Kind.NUMBER, value=Decimal(value), unit=unit)
    method = Method("甲", "甲", formula, params)
    return [reading.said for reading in off_scale(method, target, Decimal(10))]


def bands(*edges):
    return {"bands": tuple((Fraction(edge), Fraction(1)) for edge in edges)}


def steps(deduct, per):
    return {"deduct": Fraction(deduct), "per": Fraction(per)}


@pytest.mark.parametrize(
    ("formula", "params", "value", "unit"),
    [
        ("bands", bands("0.9", "0.8", "0.6"), "90", "分"),
        ("bands", bands("90", "80", "60"), "0.9", PERCENT),
        ("bands_up_to", bands("0", "5", "10"), "0.1", PERCENT),
        ("per_point", {}, "100", "个"),
        ("per_point", steps(1, 1), "0.95", PERCENT),
    ],
)
def test_what_mixes_percentages_and_whole_numbers_is_told(formula, params, value, unit):
    assert len(told(formula, params, value, unit)) == 1


@pytest.mark.parametrize(
    ("formula", "params", "value", "unit"),
    [
        ("bands", bands("0.9", "0.8", "0.6"), "0.95", PERCENT),
        ("bands", bands("90", "80", "60"), "90", "分"),
        ("bands_up_to", bands("0", "0.1", "0.2"), "0", PERCENT),
        ("bands_up_to", bands("0", "2"), "1", "起"),
        ("bands", bands("0.5", "0.3"), "2", "公里"),
        ("per_point", {}, "0.95", PERCENT),
        ("per_point", steps(5, 1), "1", "起"),
        ("per_point", steps(1, 10), "100", "个"),
        ("per_point", steps(2, "0.005"), "0.002", PERCENT),
        ("ratio", {}, "100", "个"),
    ],
)
def test_what_is_of_one_scale_is_left_alone(formula, params, value, unit):
    assert told(formula, params, value, unit) == []
