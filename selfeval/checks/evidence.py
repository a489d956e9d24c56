"""佐证材料: an item with a file extension is a file under `evidence/` and must be there."""

from __future__ import annotations

from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.evidence import inside, names_file
from selfeval.base.files import is_file
from selfeval.checks.subject import Subject


def missing_files(subject: Subject) -> Iterator[Diagnostic]:
    """E001 / E002: a named file is outside the evaluation, or not there."""
    for indicator in subject.project.indicators:
        for item in filter(names_file, indicator.evidence):
            file = inside(subject.folder, item)
            if file is None:
                yield subject.on_actual(indicator, "E001", file=item[:60])
            elif not is_file(file):
                yield subject.on_actual(indicator, "E002", file=item[:60])


CHECKS = (missing_files,)
