"""Rights of files and folders, for tests of them that root runs as well, who may read and write everywhere."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

VERSION_3 = 0x20080522
"""Of Linux's capabilities: two words each of those in effect, allowed and handed on."""
DAC_OVERRIDE, DAC_READ_SEARCH = 1 << 1, 1 << 2


@contextmanager
def rights_bind() -> Iterator[None]:
    """Meanwhile a folder that is read-only is so for this thread too."""
    if not hasattr(os, "geteuid"):
        pytest.skip("folders are read-only in another way here")
    if os.geteuid() != 0:
        yield
        return
    if sys.platform != "linux":
        pytest.skip("root may write everywhere")
    header, held = (ctypes.c_uint32 * 2)(VERSION_3, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, held) == 0
    kept = held[0]
    held[0] &= ~(DAC_OVERRIDE | DAC_READ_SEARCH)
    assert libc.capset(header, held) == 0
    try:
        yield
    finally:
        held[0] = kept
        assert libc.capset(header, held) == 0
