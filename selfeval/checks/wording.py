"""文字: doubled punctuation, brackets and quotes that do not match, the form's own words left in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.memo import remembered
from selfeval.base.text import shorten
from selfeval.checks.subject import Subject

FIELDS = ("年度总体目标", "总体目标完成情况")
PAIRS = {"(": ")", "（": "）", "《": "》", "“": "”", "「": "」", "【": "】"}
CLOSING = {right: left for left, right in PAIRS.items()}
_PUNCTUATION = re.compile(r"[，。；、：]{2,}|[，。；、：][,.;:](?!\d)|[,;:][，。；、：]")
_FORM_WORDS = re.compile(r"^(?:指标|目标)\s*\d+\s*[:：]")
_LIST_MARK = re.compile(r"(?:^|(?<=[\s，。；,;:：]))(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[)）]")


def untidy(subject: Subject) -> Iterator[Diagnostic]:
    """C019: punctuation that nobody meant, in the rows of the table and in the goal."""
    for indicator in subject.project.indicators:
        if said := slip(indicator.level3) or slip(indicator.target.text):
            yield subject.about_row(indicator, "C019", said, target=True)
    for name in FIELDS:
        if said := slip(subject.project.fields.get(name, "")):
            yield subject.about("C019", f"{name}：{said}")


@remembered
def slip(text: str) -> str:
    """What looks unfinished in a text, empty where nothing does."""
    if match := _PUNCTUATION.search(text):
        return f"“{around(text, match.start())}”中的“{match.group()}”像是没有改完的文字"
    at = unmatched(text)
    return f"“{around(text, at)}”中的 {text[at]} 没有配对" if at >= 0 else ""


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
        said = f"“{shorten(rows[0].level3)}”等 {len(rows)} 个指标带有表样的编号，可以删去"
        yield subject.about_row(rows[0], "C019", said, target=True)


CHECKS = (untidy, form_words)
