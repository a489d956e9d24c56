"""What a report should tell beside the figures: each thing has a column of projects.csv, or a heading of the narrative.

Where neither tells it, the program asks for it (N018) and prints nothing in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from selfeval.reading.narrative import headings_in


@dataclass(frozen=True, slots=True)
class Room:
    """One thing to tell: the section it belongs to, the sentence it is told in, other words for its heading."""

    section: str
    sentence: str
    headings: tuple[str, ...] = ()


ROOMS: Mapping[str, Room] = {
    "立项文号": Room("项目概况", "decision", ("立项依据", "批复文号", "立项及批复文号")),
    "自评过程": Room("自评工作开展情况", "process", ("自评工作过程", "评价过程", "自评组织过程")),
    "资金到位": Room("资金使用及管理情况", "arrival", ("资金到位情况", "项目资金到位情况")),
    "组织实施": Room("资金使用及管理情况", "organisation", ("组织实施情况", "项目组织实施情况")),
    "上年整改": Room("改进措施及结果应用", "followed", ("上年整改情况", "上年问题整改情况", "上年度整改情况")),
    "经验做法": Room("改进措施及结果应用", "practice", ("主要经验及做法", "主要经验和做法", "经验及做法")),
    "结果公开": Room("改进措施及结果应用", "publication", ("结果公开情况", "自评结果公开情况", "公开情况")),
}
"""By the column of projects.csv, in the order of the report."""


def untold(fields: Mapping[str, str], narrative: str) -> Iterable[str]:
    """The things that neither the table nor the narrative tells.

    A section that somebody has written may tell a thing under no heading of its own: only 自评过程 is then held to be
    told, since that is what its section is about.
    """
    heads = headings_in(narrative) if narrative else frozenset()
    for name, room in ROOMS.items():
        own = {name, *room.headings}
        if name == "自评过程":
            own |= {"自评工作开展情况", "绩效自评工作开展情况", "绩效评价工作情况", "自评工作情况"}
        if not fields.get(name, "").strip() and not own & heads:
            yield name
