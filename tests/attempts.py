"""Which attempts of a kind are made at all times: some; the others when everything is run, `make test-full`."""

from __future__ import annotations

import pytest


def slow(*cases: object) -> list:
    """Further values of a parameter (of several, as tuples), each one more example of what a quick one stands for."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow) for case in cases]
