"""What other programs call: an evaluation scored and checked as the commands do, without a word to the terminal."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.phrases import phrase
from selfeval.evaluation.exports import scorecard_json
from selfeval.evaluation.pipeline import evaluate as evaluate_folder
from selfeval.evaluation.pipeline import is_evaluation
from selfeval.evaluation.result import Result

__all__ = ["CannotOpenError", "Result", "evaluate", "scorecard"]


class CannotOpenError(ValueError):
    """A folder that is no evaluation, or whose settings or rules cannot be used; `diagnostics` say why."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


def evaluate(path: str | PathLike[str], *, rules: str = "") -> Result:
    """Reads, scores and checks the evaluation in a folder; nothing is written.

    `rules`: the id of another profile than the one in selfeval.toml. Mistakes in the tables are `diagnostics` of the
    result; only what cannot be opened at all raises `CannotOpenError`.
    """
    folder = Path(path)
    if not is_evaluation(folder):
        raise CannotOpenError(phrase("“{folder}”不是评价文件夹：其中没有 selfeval.toml", folder=str(folder)))
    evaluated = evaluate_folder(folder, rules)
    if evaluated.result is None:
        problems = "；".join(d.message for d in evaluated.diagnostics if d.is_error)
        raise CannotOpenError(
            phrase("“{folder}”打不开：{said}", folder=str(folder), said=problems), evaluated.diagnostics
        )
    return evaluated.result


def scorecard(result: Result) -> dict[str, Any]:
    """The data of scorecard.json, format `selfeval.scorecard/1`: every number a decimal string."""
    return {**scorecard_json(result)}
