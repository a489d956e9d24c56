"""What all tests of what vouches share."""

from __future__ import annotations

import hashlib

import pytest

from selfeval.audit import pack_remade, verify


@pytest.fixture(scope="session", autouse=True)
def looked_at_once():
    """The pages of the same file, held to the same text, are looked at once: many tests touch what lies beside it."""
    look, kept = verify.paper_of, {}

    def paper_of(data, *wanted, **how):
        key = hashlib.sha256(data).digest(), repr((wanted, sorted(how.items())))
        if key not in kept:
            kept[key] = look(data, *wanted, **how)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        for module in (verify, pack_remade):
            patch.setattr(module, "paper_of", paper_of)
        yield
