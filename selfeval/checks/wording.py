"""文字: doubled punctuation, brackets and quotes that do not match, the form's own words left in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.memo import remembered
from selfeval.base.phrases import word
from selfeval.base.remarks import Reading, reading
from selfeval.base.text import shorten
from selfeval.checks.subject import Subject

FIELDS = (word("年度总体目标"), word("总体目标完成情况"))
PAIRS = {"(": ")", "（": "）", "《": "》", "“": "”", "「": "」", "【": "】"}
CLOSING = {right: left for left, right in PAIRS.items()}
_PUNCTUATION = re.compile(r"[，。；、：]{2,}|[，。；、：][,.;:](?!\d)|[,;:][，。；、：]")
_FORM_WORDS = re.compile(r"^(?:指标|目标)\s*\d+\s*[:：]")
_LIST_MARK = re.compile(r"(?:^|(?<=[\s，。；,;:：]))(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[)）]")


def untidy(subject: Subject) -> Iterator[Diagnostic]:
    """C019: punctuation that nobody meant, in the rows of the table and in the goal."""
    for indicator in subject.project.indicators:
        if remark := slip(indicator.level3) or slip(indicator.target.text):
            yield subject.on_target(indicator, remark)
    for name in FIELDS:
        if remark := slip(subject.project.fields.get(name, "")):
            yield subject.on_project("C019.field", column=name, slip=remark.said)


@remembered
def slip(text: str) -> Reading | None:
    """What looks unfinished in a text."""
    if match := _PUNCTUATION.search(text):
        return reading("C019.marks", text=around(text, match.start()), marks=match.group())
    at = unmatched(text)
    return reading("C019.unpaired", text=around(text, at), mark=text[at]) if at >= 0 else None


def around(text: str, at: int) -> str:
    """A few words on either side of a place in a text."""
    start = max(0, at - 10)
    return f"{'…' if start else ''}{text[start : at + 8]}{'…' if len(text) > at + 8 else ''}"


def unmatched(text: str) -> int:
    """Where the first bracket or quote without its partner stands (full and half width do not pair), -1 for none."""
    text = _LIST_MARK.sub(lambda m: " " * len(m[0]), text)
    opened: list[int] = []
    for at, char in enumerate(text):
        if char in PAIRS:
            opened.append(at)
        elif char in CLOSING:
            if not opened or text[opened[-1]] != CLOSING[char]:
                return at
            opened.pop()
    return opened[0] if opened else -1


def form_words(subject: Subject) -> Iterator[Diagnostic]:
    """C019: `指标1:` of the empty form before the names; said once."""
    rows = [i for i in subject.project.indicators if _FORM_WORDS.match(i.level3) or _FORM_WORDS.match(i.target.text)]
    if rows:
        yield subject.on_target(rows[0], "C019.form", name=shorten(rows[0].level3), count=len(rows))


CHECKS = (untidy, form_words)
