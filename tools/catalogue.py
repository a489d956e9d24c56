"""selfeval/base/english.po after what the code says: new sentences in, unsaid ones out; says which still lack English.

The English is written by hand into the file, beside its Chinese; `make reference` runs this.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from selfeval.audit.submissions import KINDS
from selfeval.audit.verdict import LAYOUT, SIGNATURE, VERDICTS
from selfeval.base.diagnostics import SEVERITY_WORDS
from selfeval.base.display import EVIDENCE, LEVELS, TIER_WORDS
from selfeval.base.model import Evidence
from selfeval.base.phrases import Phrase, pairs
from selfeval.cli.app import app
from selfeval.report.pages.words import CONSULTATION, DEMO, PUBLIC, UNFINISHED
from selfeval.rules.load import load_rules, shipped_profiles
from selfeval.scoring.points import DIGIT_WORDS, ROUNDING_WORDS

PACKAGE = Path(__file__).parents[1] / "selfeval"
CATALOGUE = PACKAGE / "base" / "english.po"
TEMPLATES = PACKAGE.parent / "report_templates"
SAID_IN_TEMPLATE = re.compile(r'\b_\("([^"]+)"')
SAYING = {"phrase", "explained", "word"}
"""What is called with a sentence or a word that gets English."""

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""What has none of these is the same in English."""

OF_FORMS = (
    *LEVELS,
    *("数量指标", "质量指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标"),
    *("年初预算数", "全年预算数", "全年执行数", "二级指标", "三级指标", "分值", "调整后分值", "自评得分", "原表得分"),
    *("一级指标", "指标性质", "项目名称", "主管部门", "实施单位", "执行率", "得分", "元", "万元", "亿元"),
    *("原表总分", "原表执行率得分", "复核得分", "开始日期", "结束日期"),
    *("达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差", "基本达成", "部分实现"),
)
"""Words that a user's table or a rule profile has from the form, and that a sentence may show."""

YEARS = range(2013, 2031)
"""Years that meet every version of a profile."""

OF_TABLES = (
    *(*SEVERITY_WORDS.values(), *TIER_WORDS.values(), *EVIDENCE.values(), *DIGIT_WORDS, *ROUNDING_WORDS.values()),
    *(*VERDICTS, LAYOUT, SIGNATURE, *KINDS.values(), DEMO, CONSULTATION, UNFINISHED, PUBLIC),
)
"""Words of the program's own tables."""


def sentences() -> Iterator[str]:
    """Every sentence and word that the code says through the catalogue."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in SAYING:
                yield from texts_in(node.args[0])


def sentences_of_templates() -> Iterator[str]:
    """Every sentence that a page of ours says through the catalogue."""
    for path in sorted((*TEMPLATES.rglob("*.html"), *TEMPLATES.glob("preview/*.js"))):
        yield from SAID_IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))


def words_of_profiles() -> Iterator[str]:
    """What the shipped rule profiles say in words of their own: names, labels, and what they lay down themselves."""
    for profile in shipped_profiles():
        for year in YEARS:
            rules, _ = load_rules(profile.id, year)
            if rules is not None:
                ours = (source.article for source in rules.cited.values() if source.evidence is Evidence.CONVENTION)
                yield from (article for article in ours if not isinstance(article, Phrase))
                yield from (method.title for method in rules.methods.values())
                yield from (band.label for band in rules.tiers.values())
                yield from (grade.name for grade in rules.grades)
                yield from (level for one in rules.levels.sets for level in one.points)


def help_texts() -> Iterator[str]:
    """Every text of ours on the help pages."""
    group = typer.main.get_command(app)
    for command in (group, *getattr(group, "commands", {}).values()):
        yield from (
            command.help,
            *(getattr(param, kind, "") for param in command.params for kind in ("help", "metavar")),
        )


def texts_in(node: ast.AST) -> Iterator[str]:
    """The texts of an argument: one, or those of a choice written in it."""
    if isinstance(node, ast.IfExp):
        yield from (*texts_in(node.body), *texts_in(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def catalogue(old: str) -> str:
    """The file anew: its head, then every sentence in order with the English it has."""
    known, head = pairs(old), old[: old.index("\n\n") + 1]
    ours = {*sentences(), *sentences_of_templates(), *OF_FORMS, *OF_TABLES, *words_of_profiles(), *help_texts()}
    said = sorted(filter(CHINESE.search, filter(None, ours)))
    return "\n".join([head, *(f"msgid {quoted(text)}\nmsgstr {quoted(known.get(text, ''))}\n" for text in said)])


def quoted(text: str) -> str:
    """A text as a string of a catalogue."""
    return json.dumps(text, ensure_ascii=False)


def main() -> int:
    """Writes the file; 1 where a sentence has no English."""
    made = catalogue(CATALOGUE.read_text(encoding="utf-8"))
    CATALOGUE.write_text(made, encoding="utf-8", newline="\n")
    lacking = [text for text, english in pairs(made).items() if text and not english]
    sys.stderr.writelines(f"没有英文（写在 {CATALOGUE.name}）：{text}\n" for text in lacking)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
