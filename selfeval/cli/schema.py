"""`selfeval schema`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from selfeval.base.phrases import phrase
from selfeval.cli.completion import one_of
from selfeval.cli.terminal import Stop, data, out


def scorecard() -> dict[str, Any]:
    """scorecard.json."""
    from selfeval.base.json_schema import document
    from selfeval.evaluation.json_types import ScorecardJson
    from selfeval.evaluation.json_values import SCHEMA

    return document(ScorecardJson, SCHEMA)


def diagnostics() -> dict[str, Any]:
    """diagnostics.json, with the codes there are."""
    from selfeval.base.diagnostics import SCHEMA, codes
    from selfeval.base.json_schema import document, text_of
    from selfeval.evaluation.json_types import DiagnosticsJson

    schema = document(DiagnosticsJson, SCHEMA)
    schema["$defs"]["DiagnosticJson"]["properties"]["code"] = text_of(codes())
    return schema


def comparison() -> dict[str, Any]:
    """What `compare` prints as JSON."""
    from selfeval.audit.compare.as_json import SCHEMA
    from selfeval.audit.compare.json_types import ComparisonJson
    from selfeval.base.json_schema import document

    return document(ComparisonJson, SCHEMA)


def survey() -> dict[str, Any]:
    """survey.json."""
    from selfeval.audit.survey.json_types import SurveyJson
    from selfeval.base.json_schema import document

    return document(SurveyJson, "selfeval.survey/1")


def settings() -> dict[str, Any]:
    """selfeval.toml."""
    from selfeval.cli.new_evaluation import settings_schema

    return settings_schema()


def rules() -> dict[str, Any]:
    """A rule profile."""
    from selfeval.rules.schema import rules_schema

    return rules_schema()


SCHEMAS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "scorecard": ("scorecard.json", scorecard),
    "diagnostics": ("diagnostics.json，check --output-format json", diagnostics),
    "comparison": ("compare --output-format json", comparison),
    "survey": ("survey 的 survey.json", survey),
    "settings": ("selfeval.toml", settings),
    "rules": ("rules/*.toml", rules),
}
"""What each is the schema of, and what makes it."""


def schema(
    name: Annotated[
        str, typer.Argument(metavar="[名称]", help="不写则列出全部。", autocompletion=one_of(*SCHEMAS))
    ] = "",
) -> None:
    """输出 JSON Schema，供其他程序和编辑器核对数据文件和设置。"""
    import json

    if not name:
        for known, (what, _) in SCHEMAS.items():
            out(f"{known:<14} {what}")
        return
    if name not in SCHEMAS:
        raise Stop(phrase("没有“{name}”的 JSON Schema；可用的有：{known}", name=name, known=tuple(SCHEMAS)))
    data(json.dumps(SCHEMAS[name][1](), ensure_ascii=False, indent=2))
