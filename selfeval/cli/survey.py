"""`selfeval survey`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from selfeval.base.phrases import phrase, word
from selfeval.cli.evaluations import Jobs, current, out_folder, processes, wanted
from selfeval.cli.terminal import Stop, out, remark, say

if TYPE_CHECKING:
    from selfeval.audit.survey.run import Survey


def survey(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[路径]…",
            help="评价文件夹、build 的输出文件夹、scorecard.json、report.pdf、pack 的 zip，或装着这些的文件夹；"
            "不写则为所在的评价，或 inputs/ 下的全部评价。",
        ),
    ] = None,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="文件夹", help="结果写到哪里；不写则为 survey，在评价文件夹里运行则为 ../out/survey。"
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="核对不一致、无法核对的也计入统计。")] = False,
    jobs: Jobs = 0,
    cluster: Annotated[
        str,
        typer.Option("--cluster", metavar="地址", help="让已有的 Dask 集群读取、核对、统计，如 tcp://10.0.0.5:8786。"),
    ] = "",
) -> None:
    """把许多评价、报送包、报告放在一起看：有哪些值得先打开，为什么。"""
    from selfeval.audit.survey.run import NothingToSurveyError
    from selfeval.audit.survey.sources import TooManyError
    from selfeval.audit.survey.write import written

    chosen = paths or wanted(None)
    place = out_dir or (out_folder(None) / "survey" if current() else Path("survey"))
    refuse_place(place, chosen)
    try:
        surveyed = looked_through(chosen, place, processes(jobs), cluster, everything=everything)
    except (NothingToSurveyError, TooManyError) as error:
        raise Stop(str(error)) from error
    tell_sources(surveyed)
    out(str(written(surveyed, place)))


def refuse_place(out_dir: Path, paths: list[Path]) -> None:
    """Ends the command where its tables would fall among those of an evaluation, or into what is looked at."""
    from selfeval.audit.survey.sources import folder_kind
    from selfeval.base.files import real

    if folder_kind(out_dir):
        raise Stop(phrase("“{out_dir}”是评价或生成结果的文件夹，请用 --out 另写一个文件夹", out_dir=str(out_dir)))
    if real(out_dir) in {real(path) for path in paths}:
        raise Stop(phrase("“{out_dir}”就是要看的文件夹，请用 --out 另写一个文件夹", out_dir=str(out_dir)))


def looked_through(paths: list[Path], out_dir: Path, jobs: int, cluster: str, *, everything: bool) -> Survey:
    """Everything under the paths, read here by some processes and looked through here, or both on a cluster."""
    from selfeval.audit.survey import read_under, survey
    from selfeval.evaluation.stream import processes as pool_of

    if not cluster:
        with pool_of(jobs) as pool:
            parts = read_under(paths, out_dir, pool)
        return survey(parts, everything=everything)
    from selfeval.building.cluster import ClusterError, pool_on

    try:
        with pool_on(cluster) as pool:
            return survey(read_under(paths, out_dir, pool, remote=True), everything=everything, pool=pool)
    except ClusterError as error:
        raise Stop(str(error)) from error


def tell_sources(surveyed: Survey) -> None:
    """What was read, and every source that does not count, with why."""
    from selfeval.audit.survey.files import counts
    from selfeval.audit.survey.reading import TRUSTED

    for part in surveyed.parts:
        if part.read.trust not in TRUSTED:
            read = part.read
            say(phrase("{file}：{trust:_}：{note}", file=read.source.label, trust=read.trust, note=read.note))
    words = word("{sources} 份来源，{projects} 个项目（计入 {used} 个），{indicators} 个指标，{findings} 处值得看")
    remark(phrase(words, **counts(surveyed)))
