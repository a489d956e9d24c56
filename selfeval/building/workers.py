"""Worker processes that make whole reports, one after another, and keep fonts, styles and templates loaded.

A report that brings its process down, or takes too long, is a finding about that report; the rest goes on in a new
process. The parent holds one task and one outcome for each process, however many reports there are.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic

from selfeval.base.phrases import phrase
from selfeval.building.tasks import PackedTask, Task, TaskOutcome, attempt, failed
from selfeval.report.pdf.requirements import MachineLacks

RECYCLED_AT = 800_000_000
"""Bytes from which on a process makes room for a new one; a report needs about 200 MB."""

LEAST_LIMIT = 2_000_000_000
"""Bytes that a process may always have."""

TIMEOUT = 900.0
"""Seconds one report may take where nothing else is said: far beyond any, so that nothing waits for ever."""

GRACE = 3.0
"""Seconds a process has to end what it has started itself."""

STARTING = 60.0
"""Seconds a process may take to begin, beside those of its first report."""


@dataclass(slots=True)
class Worker:
    """One process and what it is doing. Mutable: that changes."""

    process: BaseProcess
    connection: Connection
    task: Task | PackedTask | None = None
    deadline: float = 0.0

    @classmethod
    def start(cls, jobs: int) -> Worker:
        """A new process, one of so many."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, jobs, RECYCLED_AT), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def give(self, task: Task | PackedTask, timeout: float) -> None:
        """Hands a task over. Raises `OSError` where the process is gone."""
        self.connection.send(task)
        self.task = task
        self.deadline = monotonic() + timeout

    def end(self) -> None:
        """Ends the process at once."""
        with suppress(OSError):
            self.connection.close()
        self.process.terminate()
        self.process.join(GRACE)
        self.process.kill()
        self.process.join()


class Crew:
    """As many processes as there are jobs, started when they are needed. Mutable: processes come and go."""

    def __init__(self, jobs: int, timeout: float | None) -> None:
        self.jobs = jobs
        self.timeout = timeout or TIMEOUT
        self.workers: list[Worker] = []

    def outcomes(self, tasks: Iterator[Task | PackedTask]) -> Generator[TaskOutcome]:
        """What comes of the tasks, as they are done; a task is taken only when it can be handed over next."""
        try:
            waiting = next(tasks, None)
            while waiting is not None or self.busy():
                while waiting is not None and self.take(waiting):
                    waiting = next(tasks, None)
                done = self.collect()
                while waiting is not None and self.take(waiting):  # before the caller spends time on what is done
                    waiting = next(tasks, None)
                yield from done
        finally:
            self.close()

    def busy(self) -> list[Worker]:
        """The processes with a task."""
        return [worker for worker in self.workers if worker.task is not None]

    def take(self, task: Task | PackedTask) -> bool:
        """Whether a process is free for the task; it then has it."""
        worker = next((w for w in self.workers if w.task is None), None)
        if worker is None and len(self.workers) >= self.jobs:
            return False
        grace = 0.0 if worker else STARTING
        if worker is None:
            worker = Worker.start(self.jobs)
            self.workers.append(worker)
        try:
            worker.give(task, self.timeout + grace)
        except OSError:  # it went while it had nothing to do: not the task's fault
            self.dismiss(worker)
            return self.take(task)
        return True

    def collect(self) -> list[TaskOutcome]:
        """Waits until at least one process is done or overdue."""
        busy = self.busy()
        ready = wait([w.connection for w in busy], max(0.0, min(w.deadline for w in busy) - monotonic()))
        done = [self.received(worker) for worker in busy if worker.connection in ready]
        late = [w for w in self.busy() if w.deadline <= monotonic()]
        return [outcome for outcome in done if outcome] + [self.overdue(worker) for worker in late]

    def received(self, worker: Worker) -> TaskOutcome | None:
        """What a process sent; None where it only says that it begins."""
        task = worker.task
        assert task is not None  # noqa: S101 - only busy processes are waited for
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(1)
            code = worker.process.exitcode
            self.dismiss(worker)
            return failed(
                task,
                phrase(
                    "生成它的进程意外退出（{what} {abs}）",
                    what=phrase("信号") if (code or 0) < 0 else "代码",
                    abs=abs(code or 0),
                ),
            )
        if message is None:
            worker.deadline = monotonic() + self.timeout
            return None
        outcome, tired = message
        worker.task = None
        if tired:
            self.dismiss(worker)
        if isinstance(outcome, TaskOutcome):
            return outcome
        raise MachineLacks(*outcome)

    def overdue(self, worker: Worker) -> TaskOutcome:
        """A report that takes too long: its process is ended."""
        task = worker.task
        assert task is not None  # noqa: S101 - only busy processes are looked at
        self.dismiss(worker)
        return failed(task, phrase("超过 {timeout} 秒没有完成（可用 --timeout 放宽）", timeout=f"{self.timeout:g}"))

    def dismiss(self, worker: Worker) -> None:
        """Ends a process; the next task starts another."""
        self.workers.remove(worker)
        worker.end()

    def close(self) -> None:
        """Ends all processes, whatever they are doing."""
        for worker in self.workers:
            worker.process.terminate()
        for worker in list(self.workers):
            self.dismiss(worker)


# ── In the process ──


def serve(connection: Connection, jobs: int, grown: int) -> None:
    """Does the tasks it is sent until there are no more; says with each whether it has grown to so many bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; it ends us
    threading.Thread(target=follow_parent, daemon=True).start()
    limit_memory(jobs)
    draw_on_one_core()
    with suppress(EOFError, OSError):
        while True:
            task = connection.recv()
            connection.send(None)
            connection.send((answer(task), memory() > grown))


def answer(task: Task) -> TaskOutcome | tuple[str, str]:
    """What came of a task; or what this machine lacks, and the remedy, where it can do none of them."""
    try:
        return attempt(task)
    except MachineLacks as lack:
        return lack.message, lack.remedy


def follow_parent() -> None:
    """Ends this process as soon as its parent is gone, whatever it is doing."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)


def draw_on_one_core() -> None:
    """Typst would take all cores, which the other processes have; its idle threads take time as well."""
    os.environ.setdefault("RAYON_NUM_THREADS", "1")


def limit_memory(jobs: int) -> None:
    """A report may take its share of the machine's memory; beyond it only that report fails."""
    if sys.platform != "linux":
        return
    import resource

    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = max(LEAST_LIMIT, physical * 8 // 10 // jobs)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def memory() -> int:
    """Bytes this process holds now; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    from pathlib import Path

    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
