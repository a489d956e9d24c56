"""The licences of what is installed with the program: all known, none that binds those who pass it on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import licences

TABLE = (Path(__file__).parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def installed():
    return {name: licences.told(one) for name, one in licences.closure().items()}


def test_every_licence_is_known_and_fit(installed):
    assert {"weasyprint", "starlette", "pydyf", "pillow"} <= set(installed)
    assert {name: text for name, text in installed.items() if licences.unfit(text)} == {}


def test_every_package_stands_in_the_documentation_with_its_licence(installed):
    named = {name: licences.licence(text) for name, text in installed.items()}
    assert [f"{name}（{kind}）" for name, kind in named.items() if f"| {name} | {kind}" not in TABLE] == []


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("MIT", False), ("BSD-3-Clause AND 0BSD", False), ("Apache-2.0 OR GPL-2.0-only", False),
        ("GNU Lesser General Public License v2 (LGPLv2+)", False), ("GNU Affero General Public License v3", True),
        ("AGPL-3.0-or-later", True), ("GPL-3.0-only", True), ("MIT AND AGPL-3.0-only", True), ("", True),
        ("Other/Proprietary License", True),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told(text, unfit):
    assert licences.unfit(text) is unfit
