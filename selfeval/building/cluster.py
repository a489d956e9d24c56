"""Reports made by an existing Dask cluster. Tasks carry their inputs, outcomes come back as bytes.

The workers need this program, its fonts and nothing of the evaluation. A worker that is lost loses nothing: Dask gives
its tasks to another. The only module that knows Dask, and only once a cluster is asked for.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from selfeval.audit.attachments import own_templates
from selfeval.base.files import read_file, sum_of
from selfeval.base.phrases import phrase
from selfeval.building.fingerprints import fonts, program
from selfeval.building.tasks import Task, TaskOutcome, attempt, failed
from selfeval.reading.narrative import picture_file, picture_names

if TYPE_CHECKING:
    from distributed import Client, Future


REMEDY = "pip install 'selfeval[dask]'"
PATIENCE = 10
"""Seconds to wait for the scheduler to answer."""

AHEAD = 2
"""Tasks on their way for each thread of the cluster: one being done, one waiting beside it."""


class ClusterError(Exception):
    """The cluster cannot be used. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A task with the files of the evaluation that its page shows or is made by: templates and pictures."""

    task: Task
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, task: Task) -> Parcel:
        """Reads the files."""
        folder = task.result.folder
        cards = task.result.cards
        texts = [*task.result.narratives.values(), *(text for c in cards for text in c.project.fields.values())]
        shown = (picture_file(name, folder) for text in texts for name in picture_names(text))
        names = sorted({*own_templates(folder), *filter(None, shown)})
        return cls(task, tuple((name, read_file(folder / name, folder=folder)) for name in names))


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a worker made, with its name and what it was made by."""

    outcome: TaskOutcome
    worker: str
    surroundings: Mapping[str, str]


def delivered(parcel: Parcel) -> Delivery:
    """On the worker: the task done, and who did it with what."""
    return Delivery(opened(parcel), platform.node(), surroundings())


def opened(parcel: Parcel) -> TaskOutcome:
    """On the worker: the task done in a folder of its own."""
    folder = unpacked(parcel.task.result.folder.name, parcel.files)
    return attempt(replace(parcel.task, result=replace(parcel.task.result, folder=folder)))


@cache
def workshop() -> tempfile.TemporaryDirectory[str]:
    """Where parcels are unpacked; goes with the process."""
    return tempfile.TemporaryDirectory(prefix="selfeval-")


def unpacked(name: str, files: tuple[tuple[str, bytes], ...]) -> Path:
    """A folder of the evaluation's name with these files; the same files are unpacked once."""
    digest = sum_of(name, *(part for file in files for part in file))
    folder = Path(workshop().name, digest, name)
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=workshop().name) as beside:
            for file, content in files:
                path = Path(beside, name, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            Path(beside, name).mkdir(exist_ok=True)
            folder.parent.mkdir(exist_ok=True)
            Path(beside, name).replace(folder)
    return folder


def surroundings() -> dict[str, str]:
    """What must be the same everywhere, or the bytes would differ."""
    return {phrase("程序或依赖的版本"): program(), phrase("字体"): fonts()}


# ── On this side ──


@contextmanager
def pool_on(address: str) -> Iterator[Executor]:
    """The cluster as a pool that takes any work, once every worker has this program; what it needs goes with it."""
    with connected(address) as client:
        require_alike(client)
        yield client.get_executor()


def require_cluster(address: str) -> None:
    """Raises `ClusterError` where there is no cluster, or one that would make other bytes."""
    with connected(address) as client:
        require_alike(client)


@contextmanager
def connected(address: str) -> Iterator[Client]:
    """The cluster; without Dask, or without an answer, one line says so."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(phrase("--cluster 需要另装一个组件，请运行：{remedy}", remedy=REMEDY)) from error
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            phrase("连不上集群“{address}”：请核对地址和端口，并确认 dask scheduler 已经启动", address=address)
        ) from error
    with client:
        yield client


def require_alike(client: Client) -> None:
    """Every worker has this program and these fonts; there is at least one."""
    answers = client.run(surroundings, on_error="return")
    if not answers:
        raise ClusterError(phrase("集群上没有工作进程：请先在各台机器上运行 dask worker"))
    for worker, there in answers.items():
        if not isinstance(there, dict):
            raise ClusterError(
                phrase(
                    "工作进程 {worker} 不能运行本程序（{there}）：请在那台机器上安装同一版本的 selfeval",
                    worker=worker,
                    there=there,
                )
            )
        if what := other_than_here(there):
            raise ClusterError(
                phrase(
                    "工作进程 {worker} 的{what}与本机不同，生成的文件会不一样；请装成一致的再运行",
                    worker=worker,
                    what=what,
                )
            )


def other_than_here(there: Mapping[str, str]) -> str:
    """What a worker has otherwise than this machine; "" where nothing."""
    return next((what for what, value in surroundings().items() if there.get(what) != value), "")


class Remote:
    """Tasks under way on a cluster. Mutable: they come and go."""

    def __init__(self, client: Client, timeout: float | None) -> None:
        self.client = client
        self.timeout = timeout
        self.under_way: dict[Future[Delivery], tuple[Task, float]] = {}

    def outcomes(self, tasks: Iterator[Task]) -> Generator[TaskOutcome]:
        """Keeps every thread busy and no more tasks than that in memory."""
        try:
            self.send(tasks)
            while self.under_way:
                done = self.collect()
                self.send(tasks)
                yield from done
        finally:
            self.client.cancel(list(self.under_way), force=True)

    def room(self) -> int:
        """How many more tasks may be sent now. With a time limit each must begin at once."""
        threads: int = sum(self.client.nthreads().values())
        return max(1, threads * (1 if self.timeout else AHEAD)) - len(self.under_way)

    def send(self, tasks: Iterator[Task]) -> None:
        """As many tasks as there is room for."""
        for task in islice(tasks, max(0, self.room())):
            future = self.client.submit(delivered, Parcel.of(task), pure=False, key=None)
            self.under_way[future] = task, monotonic()

    def collect(self) -> list[TaskOutcome]:
        """Waits until something is done, or overdue."""
        from distributed import TimeoutError as Late
        from distributed import wait

        try:
            wait(list(self.under_way), timeout=1, return_when="FIRST_COMPLETED")
        except Late:
            return self.overdue()
        done = [future for future in self.under_way if future.done()]
        return [self.received(future) for future in done] + self.overdue()

    def received(self, future: Future[Delivery]) -> TaskOutcome:
        """What came of one task; a report that brought down every worker that tried it is a finding."""
        from distributed import KilledWorker

        task, _ = self.under_way.pop(future)
        try:
            delivery: Delivery = future.result()
        except KilledWorker:
            return failed(task, phrase("生成它的进程每次都意外退出"))
        if what := other_than_here(delivery.surroundings):
            problem = phrase(
                "{about}由 {worker} 生成，它的{what}与本机不同：这一份没有采用，生成已停止",
                about=task.about,
                worker=delivery.worker,
                what=what,
            )
            raise ClusterError(phrase("{said}；请装成一致的，或让它退出集群，再运行", said=problem))
        return delivery.outcome

    def overdue(self) -> list[TaskOutcome]:
        """Reports that take too long; the worker that is stuck with one is started again."""
        if self.timeout is None:
            return []
        late = [f for f, (_, since) in self.under_way.items() if monotonic() - since > self.timeout]
        return [self.given_up(future) for future in late]

    def given_up(self, future: Future[Delivery]) -> TaskOutcome:
        """One report that takes too long."""
        task, _ = self.under_way.pop(future)
        stuck: list[Any] = [w for w, keys in self.client.processing().items() if future.key in keys]
        self.client.cancel([future], force=True)
        if stuck:
            self.client.restart_workers(stuck, raise_for_error=False)
        return failed(task, phrase("超过 {timeout} 秒没有完成（可用 --timeout 放宽）", timeout=f"{self.timeout:g}"))
