"""Whether the parts of one form agree with each other."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.checks.subject import Subject
from selfeval.diagnostics import Diagnostic
from selfeval.pairing import comparable


def form_names(subject: Subject) -> Iterator[Diagnostic]:
    """C001: 基本信息表 and 申报表 give the project two names; the first one holds."""
    other = subject.project.fields.get("申报表项目名称", "")
    if other and comparable(other) != comparable(subject.project.name):
        yield subject.about("C001", f"基本信息表的项目名称是“{subject.project.name}”，申报表是“{other}”")


CHECKS = (form_names,)
