"""A preview in a process of its own, as `selfeval preview` starts it, for tests and the benchmark."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

import selfeval


@dataclass(frozen=True)
class Preview:
    """A running preview: its process, its address."""

    process: subprocess.Popen[str]
    url: str

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path.lstrip("/"), timeout=30, trust_env=False)

    def stop(self) -> tuple[int, str]:
        """Ctrl-C; the exit code, and what was said on stderr."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said


def states(stream: httpx.Response) -> Iterator[dict]:
    """The states that a stream of news tells of; a long silence is a failure."""
    idle = 0
    for line in stream.iter_lines():
        idle += line.startswith(":")
        assert idle < 4, "no news"
        if line.startswith("data: "):
            idle = 0
            yield json.loads(line.removeprefix("data: "))


def command(*arguments: str | Path, cwd: Path | None = None) -> subprocess.Popen[str]:
    home = str(Path(selfeval.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-m", "selfeval", "preview", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": home, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@contextmanager
def previewed(*arguments: str | Path, cwd: Path | None = None) -> Iterator[Preview]:
    """A preview that is listening; ended afterwards, whatever happens."""
    process = command(*arguments, cwd=cwd)
    try:
        line = process.stdout.readline()
        found = re.search(r"http://\S+/", line)
        assert found, line + process.stderr.read()
        yield Preview(process, found[0])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
