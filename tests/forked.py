"""The program in a process of its own, forked from one that has already begun it: Python is not started anew.

A command has its own memory, streams and end, as a user's has; only what every command reads first is saved: modules,
messages, rules, templates. For that, the process that forks has built a sample once.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import selfeval

HOME = Path(selfeval.__file__).parents[1]
"""Where the program is found, whether or not it is installed."""

SERVER = """
import atexit, json, os, sys, threading
import selfeval.audit.pack, selfeval.audit.verify_pack, selfeval.importing.run
import warm
from selfeval.cli.app import main

def become(told):
    os.chdir(told["cwd"])
    os.environ.update(told["environment"])
    for number, path in enumerate((os.devnull, told["out"], told["err"])):
        os.dup2(os.open(path, os.O_RDWR), number)
    sys.argv[:] = ["selfeval", *told["arguments"]]
    exec(told["first"], {})
    try:
        main()
    except SystemExit as ended:
        if not isinstance(ended.code, int):
            raise
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)  # all that is shared with the process that forks would be taken apart, one by one

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
    places = f"{HOME}{os.pathsep}{Path(__file__).parent}"
    environment = {**os.environ, "PYTHONPATH": places, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", SERVER]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=environment)


def forked(
    *arguments: str | Path, cwd: Path | str = ".", patience: int = 60, first: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """One command: its exit code and what it said; one that takes longer than `patience` seconds is killed.

    `first`: Python to be run in its process before it.
    """
    if not hasattr(os, "fork"):
        return anew(*arguments, cwd=cwd, patience=patience, first=first, environment=environment)
    told = {"arguments": [*map(str, arguments)], "cwd": str(Path(cwd).absolute()), "first": first}
    told["environment"] = {**os.environ, **environment}
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        code = ended(json.dumps(told | {"out": out.name, "err": err.name}), patience)
        said = (Path(stream.name).read_text("utf-8", "backslashreplace") for stream in (out, err))
        return subprocess.CompletedProcess(told["arguments"], code, *said)


def anew(*arguments, cwd, patience, first, environment) -> subprocess.CompletedProcess[str]:
    """The same where nothing forks."""
    environment = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONUTF8": "1", **environment}
    command = [sys.executable, "-c", f"{first}\nfrom selfeval.cli.app import main\nmain()", *map(str, arguments)]
    how = {"capture_output": True, "encoding": "utf-8", "errors": "backslashreplace", "timeout": patience}
    return subprocess.run(command, cwd=cwd, env=environment, check=False, **how)


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
