"""One source → its submission and how far it can be trusted.

Anyone may have made the file: whatever it holds comes to a line in the list of sources, never to a failure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from selfeval.audit.attachments import SCORECARD, unguarded_csv
from selfeval.audit.pack_parts import report_of
from selfeval.audit.pack_reader import UnreadablePackError, open_pack, pack_in
from selfeval.audit.pdf_reader import file_bytes, read_pdf_bytes
from selfeval.audit.submissions import (
    SCORES,
    NotASubmissionError,
    Submission,
    in_pack,
    in_pdf,
    in_scorecard,
    of_evaluation,
    with_scores,
)
from selfeval.audit.survey.sources import Source
from selfeval.audit.time_limit import UnreadableError
from selfeval.audit.verdict import AGREES, DISAGREES, UNREADABLE, VERDICTS, Verdict
from selfeval.audit.verify import judged
from selfeval.audit.verify_pack import verdicts
from selfeval.base.files import is_file, read_file, reason_of
from selfeval.base.phrases import phrase
from selfeval.evaluation.json_values import MAX_BYTES
from selfeval.report.pages.words import CONSULTATION, DEMO, UNFINISHED

ROWS, NUMBER = "projects.csv", "项目编号"

INDEX = "index.html"
MARKS = (DEMO, CONSULTATION, UNFINISHED)
_MARK = re.compile(r'<aside class="mark"[^>]*>([^<]*)</aside>')

UNVERIFIED, BROKEN = "未核对", "读不了"
"""Folders and scorecards carry nothing to verify; what is broken has nothing to count."""
TRUSTED = (AGREES, UNVERIFIED)
"""What counts unless more is asked for."""

TRUST_KEYS = VERDICTS | {UNVERIFIED: "unverified", BROKEN: "broken"}
"""How far a source can be trusted, as JSON says it."""

MOST_POINTS = 10**6
"""Points and weights beyond this are no scores."""

Fields = Mapping[str, Mapping[str, str]]
"""The columns of projects.csv by project."""

Content = Mapping[str, bytes]
"""A source's files by name, where they travelled here from another machine."""


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source with what was read. `trust`: the verdict of `verify`, 未核对 or 读不了; `note`: why, or what to know.

    `fields`: what the projects say of themselves beside a scorecard, as far as the source has it.
    """

    source: Source
    trust: str
    note: str = ""
    submission: Submission | None = None
    fields: Fields = field(default_factory=dict)


def content_of(source: Source) -> Content:
    """The bytes of a source that may travel: its own file, of an output the scorecard and its table of scores."""
    if source.kind == "evaluation":
        return {}
    if source.kind != "output":
        limit = MAX_BYTES if source.kind == "scorecard" else None
        content = file_bytes(source.path) if limit is None else read_file(source.path, limit)
        return {source.path.name: content}
    others = {name: source.path / name for name in (SCORES, INDEX)}
    return {
        SCORECARD: read_file(source.path / SCORECARD, MAX_BYTES, source.path),
        **{name: read_file(path, folder=source.path) if is_file(path) else b"" for name, path in others.items()},
    }


def parcel_of(source: Source) -> Content:
    """The same with the reports of an output, for a machine that does not see our files."""
    content = content_of(source)
    if source.kind != "output":
        return content
    reports = sorted(source.path.glob("projects/*/report.pdf"))
    named = {path.relative_to(source.path).as_posix(): read_report(path, source.path) for path in reports}
    return {**content, **named}


def read_source(source: Source, content: Content | None = None) -> ReadSource:
    """A source read, or why it could not be. `content`: its files, where they are not to be looked for here."""
    try:
        read = READERS[source.kind](source, content)
    except (NotASubmissionError, UnreadableError, UnreadablePackError) as error:
        return ReadSource(source, BROKEN, str(error))
    except OSError as error:
        return ReadSource(source, BROKEN, reason_of(error))
    wrong = strange_numbers(read.submission) if read.submission else ""
    return ReadSource(source, BROKEN, wrong) if wrong else read


def strange_numbers(submission: Submission) -> str:
    """Why a submission's points cannot be points; "" where they can."""
    for card in submission.cards:
        points = (card.total, card.counted, card.budget.points, card.budget.weight)
        rows = (number for score in card.scores for number in (score.weight, score.points, score.rule_points))
        if any(number is not None and abs(number) > MOST_POINTS for number in (*points, *rows)):
            return phrase(
                "项目 {id} 的分值或得分超过 {most_points}，不是计分结果", id=card.project.id, most_points=MOST_POINTS
            )
    return ""


def _evaluation(source: Source, _: Content | None) -> ReadSource:
    submission = of_evaluation(source.path)
    fields = {card.project.id: card.project.fields for card in submission.cards}
    return ReadSource(source, UNVERIFIED, DEMO if submission.demo else "", submission, fields)


def _scorecard(source: Source, content: Content | None) -> ReadSource:
    (data,) = (content_of(source) if content is None else content).values()
    return ReadSource(source, UNVERIFIED, "", in_scorecard(data, source.label))


def _output(source: Source, content: Content | None) -> ReadSource:
    files = content_of(source) if content is None else content
    submission = with_scores(in_scorecard(files[SCORECARD], source.label), files[SCORES])
    reports = {card.project.id: files.get(report_of(card.project.id)) for card in submission.cards}
    if content is None:
        reports = {id_: read_report(source.path / report_of(id_), source.path) for id_ in reports}
    fields = {id_: fields_in(id_, data) for id_, data in reports.items() if data}
    return ReadSource(source, UNVERIFIED, marks_on(files[INDEX]), submission, fields)


def marks_on(page: bytes) -> str:
    """What the first page of an output has printed across: 演示数据, 征求意见稿, 未定稿; "" where there is nothing."""
    printed = _MARK.search(page.decode("utf-8", "replace"))
    return "、".join(word for word in MARKS if printed and word in printed[1])


def _pdf(source: Source, content: Content | None) -> ReadSource:
    (data,) = (content_of(source) if content is None else content).values()
    verdict, _ = judged(data, source.label)
    trust, note = trust_in([verdict])
    submission = in_pdf(read_pdf_bytes(data, 0), source.label)
    id_ = submission.cards[0].project.id
    return ReadSource(source, trust, note, submission, {id_: fields_in(id_, data)})


def _pack(source: Source, content: Content | None) -> ReadSource:
    """Verified and read while it is open: what was verified is what is read."""
    pack = pack_in(BytesIO(next(iter(content.values())))) if content else open_pack(source.path)
    with closing(pack):
        trust, note = trust_in(verdicts(pack, source.label))
        submission = in_pack(pack, source.label)
        ids = [card.project.id for card in submission.cards]
        fields = {id_: fields_in(id_, pack.read(report_of(id_))) for id_ in ids}
        return ReadSource(source, trust, note, submission, fields)


def read_report(path: Path, folder: Path) -> bytes:
    """A report of an output folder; nothing where there is none that can be read."""
    try:
        return read_file(path, folder=folder)
    except OSError:
        return b""


def fields_in(project: str, report: bytes) -> Mapping[str, str]:
    """What the row of projects.csv that travels in a report says; nothing where there is none."""
    try:
        contents = read_pdf_bytes(report, 0)
        content = next(one.content for one in contents.attached if one.name == ROWS)
        rows = csv.DictReader(io.StringIO(unguarded_csv(content).decode("utf-8-sig"), newline=""))
        return next(row for row in rows if row.get(NUMBER) == project)
    except (UnreadableError, StopIteration, UnicodeDecodeError, csv.Error):
        return {}


READERS: dict[str, Callable[[Source, Content | None], ReadSource]] = {
    "evaluation": _evaluation,
    "output": _output,
    "scorecard": _scorecard,
    "pdf": _pdf,
    "pack": _pack,
}


def trust_in(verdicts_: list[Verdict]) -> tuple[str, str]:
    """The worst of several verdicts, and the first reason for it."""
    kinds = {verdict.kind for verdict in verdicts_}
    worst = next(kind for kind in (DISAGREES, UNREADABLE, AGREES) if kind in kinds)
    reasons = [reason for verdict in verdicts_ if verdict.kind == worst for reason in reasons_of(verdict)]
    return worst, reasons[0] if reasons else ""


def reasons_of(verdict: Verdict) -> tuple[str, ...]:
    """Why a verdict is none of agreement; what it notes where it is."""
    differing = [one for check in verdict.checks for one in check.differences]
    unchecked = [f"{one}没有核对" for one in verdict.unchecked]
    return tuple(filter(None, (verdict.problem, *differing, *unchecked, "、".join(verdict.marks))))
