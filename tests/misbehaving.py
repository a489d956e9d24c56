"""Reports that do harm to the process that makes them: what they hold does it when the page is made."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping


def crash():
    """As a library with a bug does."""
    os._exit(7)


def be_killed():
    """As the system does with a process that takes all memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def hang():
    time.sleep(600)


def take_all_memory():
    bytearray(1 << 50)


def recurse():
    recurse()


class Deed(Mapping):
    """The marks or fingerprints of a page; looking at them does the deed."""

    def __init__(self, deed):
        self.deed = deed

    def __iter__(self):
        self.deed()
        return iter(())

    def __getitem__(self, key):
        self.deed()
        raise KeyError(key)

    def __len__(self):
        return 0
