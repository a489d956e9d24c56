"""What was handed in, in whatever form it lies before us: evaluation, output folder, scorecard, PDF or pack.

All come to the same `Submission`, so that whoever compares or reviews need not know where it came from.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from selfeval.audit.attachments import NAMES, REQUIRED, SCORECARD, Json
from selfeval.audit.pack_reader import Pack, UnreadablePackError, is_zip, open_pack
from selfeval.audit.pdf_reader import Contents, read_pdf
from selfeval.audit.recompute import differences, recompute
from selfeval.audit.time_limit import UnreadableError
from selfeval.base.files import is_file, read_file
from selfeval.base.model import Indicator, Scorecard
from selfeval.base.phrases import phrase
from selfeval.base.text import visible
from selfeval.evaluation.json_values import MAX_BYTES, NotAScorecardError
from selfeval.evaluation.pipeline import evaluate, is_evaluation
from selfeval.evaluation.result import Result
from selfeval.evaluation.scorecard_json import ReadScorecard, read_scorecard
from selfeval.reading.config import FILE

SCORES, REASON = "scores.csv", phrase("偏差原因分析及改进措施")
KINDS = {
    "evaluation": "评价文件夹",
    "output": "生成结果",
    "scorecard": "计分结果",
    "pdf": phrase("自评报告 PDF"),
    "pack": "报送包",
}
"""The forms, and what they are called."""

Reasons = Mapping[tuple[str, str], str]
"""偏差原因分析及改进措施 by project and indicator."""


class NotASubmissionError(ValueError):
    """Nothing that can be opened. The text says why and what would do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One submission. `cards` are its projects, 部门整体 last.

    `whole`: it holds all projects of its evaluation (a PDF holds one). `has_reasons`: the written reasons are known
    (a bare scorecard.json has none). `notes`: what a reader should know of this source.
    """

    path: str
    kind: str
    id: str
    year: int
    unit: str
    rules: str
    cards: tuple[Scorecard, ...]
    whole: bool = True
    has_reasons: bool = True
    demo: bool = False
    notes: tuple[str, ...] = ()
    department: str = ""


def open_submission(path: Path) -> Submission:
    """A submission from a path of any of these forms; raises `NotASubmissionError`."""
    try:
        if path.is_dir():
            return of_folder(path)
        if path.suffix.lower() == ".pdf":
            return of_pdf(path)
        if is_zip(path):
            return of_pack(path)
        if is_file(path):
            return of_scorecard(path)
    except OSError as error:
        raise NotASubmissionError(
            phrase("“{path}”打不开：{strerror}", path=str(path), strerror=str(error.strerror or error))
        ) from error
    raise NotASubmissionError(phrase("没有“{path}”", path=str(path)))


def of_folder(path: Path) -> Submission:
    """An evaluation, or what `build` wrote of one."""
    if is_evaluation(path):
        return of_evaluation(path)
    if is_file(path / SCORECARD):
        return of_output(path)
    raise NotASubmissionError(
        phrase(
            "“{path}”里既没有 {file}（评价），也没有 {scorecard}（生成结果）",
            path=str(path),
            file=FILE,
            scorecard=SCORECARD,
        )
    )


def of_evaluation(path: Path) -> Submission:
    """An evaluation, scored now."""
    one = evaluate(path)
    if one.result is None:
        raise NotASubmissionError(
            phrase("评价“{path}”打不开：{message}", path=str(path), message=one.diagnostics[0].message)
        )
    return of_result(one.result, str(path))


def of_result(result: Result, path: str) -> Submission:
    """A result as a submission."""
    evaluation = result.evaluation
    cards = result.cards
    return Submission(
        path, "evaluation", evaluation.id, evaluation.year, evaluation.unit, result.rules.id, cards,
        demo=evaluation.demo, department=evaluation.department,
    )  # fmt: skip


def of_output(path: Path) -> Submission:
    """The output folder of an evaluation: its scorecard, and the reasons from its table of scores."""
    submission = replace(of_scorecard(path / SCORECARD), path=str(path), kind="output")
    scores = path / SCORES
    return with_scores(submission, read_file(scores) if is_file(scores) else b"")


def with_scores(submission: Submission, scores: bytes) -> Submission:
    """A scorecard's submission with the reasons of its scores.csv, where there is one that can be read."""
    if not scores:
        return submission
    try:
        reasons = reasons_of(scores)
    except (UnicodeDecodeError, KeyError, csv.Error):
        return submission
    cards = tuple(with_reasons(card, reasons) for card in submission.cards)
    return replace(submission, cards=cards, has_reasons=True)


def of_pack(path: Path) -> Submission:
    """The zip that was handed in: its scorecard and its table of scores."""
    try:
        with closing(open_pack(path)) as pack:
            return in_pack(pack, str(path))
    except UnreadablePackError as error:
        raise NotASubmissionError(f"“{path}”：{error}") from error


def in_pack(pack: Pack, path: str) -> Submission:
    """The same of a zip that is open."""
    try:
        scorecard, scores = read_scorecard(pack.read(SCORECARD)), pack.read(SCORES)
    except (UnreadablePackError, NotAScorecardError) as error:
        raise NotASubmissionError(f"“{path}”：{error}") from error
    return with_scores(_submission(scorecard, path, "pack"), scores)


def of_scorecard(path: Path) -> Submission:
    """A scorecard.json by itself."""
    return in_scorecard(read_file(path, MAX_BYTES), str(path))


def in_scorecard(content: bytes, path: str) -> Submission:
    """The same of its content."""
    try:
        return _submission(read_scorecard(content), path, "scorecard")
    except NotAScorecardError as error:
        raise NotASubmissionError(f"“{path}”：{error}") from error


def _submission(read: ReadScorecard, path: str, kind: str) -> Submission:
    cards = (*read.cards, *([read.unit] if read.unit else []))
    return Submission(path, kind, read.id, read.year, read.unit_name, read.rules, cards, has_reasons=False)


def of_pdf(path: Path) -> Submission:
    """One project from its report: the scorecard it carries, the reasons from the rows it carries."""
    try:
        return in_pdf(read_pdf(path), str(path))
    except UnreadableError as error:
        raise NotASubmissionError(f"“{path}”：{error}") from error


def in_pdf(contents: Contents, path: str) -> Submission:
    """The same of a PDF taken apart."""
    files = {one.name: one.content for one in reversed(contents.attached) if one.name in NAMES}
    missing = [name for name in REQUIRED if name not in files]
    if missing:
        public = phrase("没有附带数据：是公开版、汇总表，或不是本程序生成的自评报告；请使用送审的 report.pdf")
        raise NotASubmissionError(f"“{path}”{public if not files else '缺少附件 ' + '、'.join(missing)}")
    try:
        submission = _submission(read_scorecard(files[SCORECARD]), path, "pdf")
    except NotAScorecardError as error:
        raise NotASubmissionError(
            phrase("“{path}”的附件 {scorecard}：{error}", path=path, scorecard=SCORECARD, error=str(error))
        ) from error
    return with_rows(replace(submission, whole=False), files)


def with_rows(submission: Submission, files: Mapping[str, bytes]) -> Submission:
    """A PDF's submission with what its raw rows add: reasons, 演示数据, and whether they give the same scores."""
    if [card.project.is_unit for card in submission.cards] != [False]:
        raise NotASubmissionError(
            phrase("“{path}”的附件 {scorecard} 里应只有一个项目", path=submission.path, scorecard=SCORECARD)
        )
    try:
        again = recompute(files, submission.cards[0].project.id)
    except (OSError, ValueError, RecursionError, ArithmeticError):
        return replace(submission, notes=(phrase("附带的数据不能重新计分，请先用 verify 核对"),))
    if again.result is None:
        return replace(submission, notes=(phrase("{visible}，请先用 verify 核对", visible=visible(again.problem)),))
    card = again.result.scorecards[0]
    cards = tuple(with_entered(one, card) for one in submission.cards)
    agrees = not differences(_json(files[SCORECARD]), again.result)
    notes = () if agrees else (phrase("附件中的得分与其数据重算的不一致，请先用 verify 核对"),)
    demo = again.result.evaluation.demo
    return replace(submission, cards=cards, has_reasons=True, demo=demo, notes=notes)


def with_entered(card: Scorecard, other: Scorecard) -> Scorecard:
    """A card with what only the raw rows of the same project tell: funds by source, reasons, adjusted targets."""
    entered = {indicator.id: indicator for indicator in other.project.indicators}
    pairs = [(score.indicator, entered.get(score.indicator.id, score.indicator)) for score in card.scores]
    indicators = [replace(ours, reason=theirs.reason, adjustment=theirs.adjustment) for ours, theirs in pairs]
    return replace(with_indicators(card, indicators), project=replace(card.project, funds=other.project.funds))


def with_indicators(card: Scorecard, indicators: Sequence[Indicator]) -> Scorecard:
    """A card whose rows have these indicators, in their order."""
    scores = (replace(score, indicator=one) for score, one in zip(card.scores, indicators, strict=True))
    return replace(card, scores=tuple(scores))


def with_reasons(card: Scorecard, reasons: Reasons) -> Scorecard:
    """A card whose indicators have their written reasons."""
    listed = [score.indicator for score in card.scores]
    return with_indicators(card, [replace(i, reason=reasons.get((card.project.id, i.id), "")) for i in listed])


def reasons_of(content: bytes) -> Reasons:
    """The reasons in a scores.csv. The apostrophe before what a spreadsheet might run is taken off again."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    read = [{str(key): str(value or "").removeprefix("'") for key, value in row.items()} for row in rows]
    return {(row["项目编号"], row["指标编号"] or f"{row['二级指标']}/{row['三级指标']}"): row[REASON] for row in read}


def _json(content: bytes) -> Json:
    """A JSON object that was read before."""
    data: Json = json.loads(content.decode("utf-8-sig"))
    return data
