"""Damaged inputs of every kind end as the contract says: no failure inside, no hang, nothing half-written."""

from __future__ import annotations

import logging

import faults
import pytest


@pytest.fixture(autouse=True)
def quiet(caplog):
    """What libraries say of broken files is no matter here."""
    for name in ("fontTools", "weasyprint", "pdfminer", "pypdf"):
        caplog.set_level(logging.CRITICAL, logger=name)


@pytest.mark.parametrize("kind", faults.KINDS)
def test_a_damaged_input_is_a_finding_and_nothing_worse(kind):
    results = {seed: faults.one(kind, seed) for seed in range(25)}
    assert {seed: said for seed, (_, said) in results.items() if said} == {}
    assert any(code for code, _ in results.values()), "the damage does none"
