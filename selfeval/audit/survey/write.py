"""A survey's files in a folder."""

from __future__ import annotations

from pathlib import Path

from selfeval.audit.survey.files import csv_files, json_file
from selfeval.audit.survey.page import page
from selfeval.audit.survey.run import Survey
from selfeval.audit.survey.workbook import workbook
from selfeval.base.files import replace_file


def written(survey: Survey, out: Path) -> Path:
    """All files of a survey, each whole; the page that people open."""
    contents = {"survey.json": [json_file(survey)], **csv_files(survey)}
    contents["survey.html"] = [page(survey).encode("utf-8", "replace")]
    contents["survey.xlsx"] = [workbook(survey)]
    for name, content in contents.items():
        replace_file(out / name, content)
    return out / "survey.html"
