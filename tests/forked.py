"""The program in a process of its own, forked from one that has already imported it: Python is not started anew.

A command has its own memory, streams and end, as a user's has; only the seconds in which modules are read are saved.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import selfeval

SERVER = """
import json, os, resource, sys
import selfeval.audit.pack, selfeval.audit.verify_pack, selfeval.building.run, selfeval.importing.run
import selfeval.report.html.pages, selfeval.report.text.findings
from selfeval.cli.app import main

def become(told):
    os.chdir(told["cwd"])
    os.environ.update(told["environment"])
    for number, path in enumerate((os.devnull, told["out"], told["err"])):
        os.dup2(os.open(path, os.O_RDWR), number)
    if told["memory"]:
        resource.setrlimit(resource.RLIMIT_DATA, (told["memory"], told["memory"]))
    sys.argv[1:] = told["arguments"]
    main()

for line in iter(sys.stdin.readline, ""):
    child = os.fork()
    if not child:
        become(json.loads(line))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@cache
def server() -> subprocess.Popen[bytes]:
    """The process that forks; it ends with this one, whose pipe it reads."""
    environment = {**os.environ, "PYTHONPATH": str(Path(selfeval.__file__).parents[1]), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", SERVER]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment)


def forked(
    *arguments: str | Path, cwd: Path, patience: int = 60, memory: int = 0, environment: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """One command: its exit code and what it said; one that takes longer than `patience` seconds is killed."""
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        told = {
            "arguments": [*map(str, arguments)],
            "cwd": str(cwd),
            "environment": {**os.environ, **environment},
            "out": out.name,
            "err": err.name,
            "memory": memory,
        }
        code = ended(json.dumps(told), patience)
        said = (Path(stream.name).read_text(encoding="utf-8") for stream in (out, err))
        return subprocess.CompletedProcess(told["arguments"], code, *said)


def ended(told: str, patience: int) -> int:
    """The exit code of a command, once it has ended."""
    asked, answers = server().stdin, server().stdout
    asked.write(told.encode() + b"\n")
    child = int(answers.readline())
    in_time = bool(select.select([answers], [], [], patience)[0])
    if not in_time:
        os.kill(child, signal.SIGKILL)
    code = int(answers.readline())
    if not in_time:
        raise subprocess.TimeoutExpired(told, patience)
    return code
