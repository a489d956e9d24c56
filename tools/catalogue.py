"""selfeval/base/english.po after what the code says: new sentences in, unsaid ones out; says which still lack English.

The English is written by hand into the file, beside its Chinese; `make reference` runs this.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from selfeval.base.display import LEVELS
from selfeval.base.phrases import pairs

PACKAGE = Path(__file__).parents[1] / "selfeval"
CATALOGUE = PACKAGE / "base" / "english.po"
SAYING = {"phrase", "explained", "word"}
"""What is called with a sentence or a word that gets English."""

OF_FORMS = (
    *LEVELS,
    *("数量指标", "质量指标", "经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标", "服务对象满意度指标"),
    *("年初预算数", "全年预算数", "全年执行数", "二级指标", "三级指标", "分值", "调整后分值", "自评得分", "原表得分"),
    *("原表总分", "原表执行率得分", "复核得分", "开始日期", "结束日期"),
    *("达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差", "基本达成", "部分实现"),
)
"""Words that a user's table or a rule profile has from the form, and that a sentence may show."""


def sentences() -> Iterator[str]:
    """Every sentence and word that the code says through the catalogue."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and getattr(node.func, "id", "") in SAYING:
                yield from texts_in(node.args[0])


def texts_in(node: ast.AST) -> Iterator[str]:
    """The texts of an argument: one, or those of a choice written in it."""
    if isinstance(node, ast.IfExp):
        yield from (*texts_in(node.body), *texts_in(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def catalogue(old: str) -> str:
    """The file anew: its head, then every sentence in order with the English it has."""
    known, head = pairs(old), old[: old.index("\n\n") + 1]
    said = sorted({*sentences(), *OF_FORMS})
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
