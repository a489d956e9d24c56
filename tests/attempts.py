"""Which attempts of a kind are made at all times: some; the others when everything is run, `make test-full`."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


def slow(*cases: object) -> list:
    """Further values of a parameter (of several, as tuples), each one more example of what a quick one stands for."""
    return [pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow) for case in cases]


def some(cases: Iterable[object], every: int) -> list:
    """These cases, of which every so many is tried at all times, the first to begin with."""
    return [case if at % every == 0 else slow(case)[0] for at, case in enumerate(cases)]
