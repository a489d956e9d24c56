"""What is settled is never looked through for garbage again, and nobody counts it."""

from __future__ import annotations

import gc

import pytest

from selfeval.base.memo import settle, undisturbed


def test_what_is_settled_stays_so_and_is_not_counted():
    settle()
    before = gc.get_freeze_count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "get_freeze_count", lambda: pytest.fail("Python counts an object at a time"))
        with undisturbed():
            assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before > 0
