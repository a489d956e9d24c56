"""What a process has read that has built something once; imported by the one that forks the tests' workers."""

from __future__ import annotations

import gc
import io
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from evaluations import make_evaluation

from selfeval.base.memo import settle
from selfeval.cli.app import run

with tempfile.TemporaryDirectory() as home, redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
    assert run(["build", str(make_evaluation(Path(home))), "--format", "html", "--out", home + "/out"]) == 0
gc.collect()
settle()
