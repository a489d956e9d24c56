"""What `verify` says of a file: a verdict, made of comparisons and their differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from selfeval.base.phrases import phrase

SHOWN = 3
"""How many differences of a check the text form names."""
AGREES, DISAGREES, UNREADABLE = "一致", "不一致", "无法核对"
VERDICTS = {AGREES: "agrees", DISAGREES: "disagrees", UNREADABLE: "unreadable"}
LAYOUT, PICTURES, SIGNATURE = "版面", "图片", "签名"
"""What may be left that could not be looked at: the verdict is then 无法核对版面, 无法核对图片, 无法核对签名."""


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what was compared, what it came to, and every difference, the first first."""

    id: str
    title: str
    found: str
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file, or an attachment, with its size and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What there is to say of one PDF. `problem`: why it cannot be verified at all."""

    file: str
    about: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    marks: tuple[str, ...] = ()
    """演示数据, 征求意见稿, 未定稿: what stands on every page."""
    unchecked: tuple[str, ...] = ()
    """What could not be looked at, though nothing that could disagrees."""
    sums: tuple[FileSum, ...] = ()
    """The file itself, then what is attached to it."""

    @property
    def kind(self) -> str:
        """一致, 不一致 or 无法核对."""
        if self.problem:
            return UNREADABLE
        if any(check.differences for check in self.checks):
            return DISAGREES
        return UNREADABLE if self.unchecked else AGREES

    @property
    def word(self) -> str:
        """The verdict as it is told: with what could not be looked at."""
        if self.kind != UNREADABLE or not self.unchecked:
            return self.kind
        first, *more = self.unchecked
        left = phrase("{first:_}和{second:_}", first=first, second=more[0]) if more else phrase("{what:_}", what=first)
        return phrase("无法核对{left}", left=left)
