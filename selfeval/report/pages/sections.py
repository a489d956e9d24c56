"""The sections of the reports: as somebody has written them, else made from the figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from selfeval.base import display
from selfeval.base.model import Scorecard
from selfeval.base.text import CHINESE_NUMBERS
from selfeval.evaluation.mentions import literal, told
from selfeval.evaluation.result import Result
from selfeval.reading.form_layout import Layout
from selfeval.reading.narrative import (
    PROJECT_OUTLINE,
    UNIT,
    UNIT_OUTLINE,
    Heading,
    NarrativeSection,
    bare,
    read_narrative,
    under_heading,
    usual_title,
)
from selfeval.report.pages import generated_text as prose
from selfeval.report.pages import unit_text
from selfeval.report.pages.merged_text import merged_parts
from selfeval.report.pages.views import Block, Part
from selfeval.rules.profile import Execution
from selfeval.scoring.totals import Figures, figures

Made = Mapping[str, str | tuple[Block, ...]]
"""What stands under a heading where nobody has written: Markdown, or blocks made from the figures."""


RATE, AGAINST_INITIAL = re.compile(r"(?:预算)?执行率(?=\s*\{\{\s*执行率)"), "按年初预算计算的"
"""The rate in a text of a layout, and what stands before it where it is set against the initial budget."""

FORM = "附件1"
"""What the reports call their form."""


def project_parts(result: Result, card: Scorecard, layout: Layout) -> tuple[Part, ...]:
    """The narrative of a project, every heading of the outline present."""
    if card.project.is_unit:
        return ()
    texts = _told(layout.texts, figures(card.budget), card, result.rules_of(card).execution)
    due = list(usual_sections(layout.outline, PROJECT_OUTLINE, texts))
    sections = prose.project_sections(result, card) if due else {}
    parts = _parts(
        result.narratives.get(card.project.id, ""),
        layout.outline,
        texts | {title: sections[usual] for title, usual in due},
    )
    usual = {bare(heading.title): usual_title(heading, PROJECT_OUTLINE) for heading in layout.outline}
    return tuple(_with_rooms(result, card, part, usual.get(bare(part.title), "")) for part in parts)


def _with_rooms(result: Result, card: Scorecard, part: Part, title: str) -> Part:
    """A section that somebody has written, with what projects.csv tells beside it."""
    more = prose.rooms_beside(result, card, title, part.markdown) if part.markdown and not part.blocks else ()
    return replace(part, markdown="\n\n".join((part.markdown, *map(literal, more))))


def unit_parts(result: Result, layout: Layout) -> tuple[Part, ...]:
    """The narrative of the unit as a whole."""
    (money, rule), rows = unit_text.unit_figures(result), result.unit.scores if result.unit else ()
    kept = {title: text if rows else _without_form(text) for title, text in layout.texts.items()}
    texts = _told(kept, money, result.unit, rule)
    due = list(usual_sections(layout.unit_outline, UNIT_OUTLINE, texts))
    sections = unit_text.unit_sections(result) if due else {}
    made = texts | {title: sections[usual] for title, usual in due}
    parts = _parts(result.narratives.get(UNIT, ""), layout.unit_outline, made)
    return _anchored([*parts, *unit_text.criteria_parts(result), *merged_parts(result)])


def _told(texts: Mapping[str, str], money: Figures, card: Scorecard | None, rule: Execution) -> dict[str, str]:
    """A layout's own texts with the values in; a rate of the initial budget says so."""
    named = AGAINST_INITIAL if rule.denominator == "initial" else ""
    return {title: told(RATE.sub(named + r"\g<0>", text), money, card) for title, text in texts.items()}


def _without_form(text: str) -> str:
    """A layout's own text without the sentences that send the reader to the form for indicators it does not have."""
    sentences = re.findall("[^。]*。?", text)
    return "".join(one for one in sentences if FORM not in one) or f"{display.NOT_FILLED}。"


def usual_sections(
    outline: Sequence[Heading], usual: Sequence[Heading], texts: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """(title, what the usual outline calls it) of the headings that a layout has no text of its own for."""
    for heading in outline:
        title = usual_title(heading, usual)
        if title and heading.title not in texts:
            yield heading.title, title


def notes(markdown: str, layout: Layout) -> tuple[Part, ...]:
    """The parts of the narrative that the form shows in cells."""
    return tuple(Part("", name, under_heading(markdown, name) or display.NOT_FILLED, ()) for name in layout.notes)


def _parts(markdown: str, outline: Sequence[Heading], made: Made) -> tuple[Part, ...]:
    """Written sections where there are any, sections made from the figures where not."""
    written = read_narrative(markdown, "", outline)[0]
    known = {section.title for section in written if section.known and section.markdown.strip()}
    called = {section.title: section.called for section in written if section.known}
    parts: list[Part] = [Part("", s.title, s.markdown, ()) for s in _before(written)]
    for heading in outline:
        if heading.title not in known:
            filled = made.get(heading.title, "")
            standing = (filled, ()) if isinstance(filled, str) else ("", filled)
            parts.append(Part("", heading.printed, *standing))
        parts += [
            Part("", heading.number + called[s.title] if s.known else s.title, s.markdown, ())
            for s in _with_followers(written, heading.title)
            if not s.known or s.markdown.strip()
        ]
    titles = _numbered_on([part.title for part in parts])
    return _anchored([replace(part, title=title) for part, title in zip(parts, titles, strict=True)])


def _anchored(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts with their places on the page."""
    return tuple(replace(part, anchor=f"part-{at}") for at, part in enumerate(parts, 1))


_NUMBER = re.compile("[一二三四五六七八九十]+、")


def _numbered_on(titles: Sequence[str]) -> list[str]:
    """The titles, those numbered 一、 numbered on: a section between them has its number from another outline."""
    numbers = iter(CHINESE_NUMBERS)
    if sum(bool(_NUMBER.match(title)) for title in titles) > len(CHINESE_NUMBERS):
        return list(titles)
    return [_NUMBER.sub(f"{next(numbers)}、", title, count=1) if _NUMBER.match(title) else title for title in titles]


def _before(written: Sequence[NarrativeSection]) -> list[NarrativeSection]:
    """What stands before the first heading of the outline."""
    first = next((at for at, section in enumerate(written) if section.known), len(written))
    return list(written[:first])


def _with_followers(written: Sequence[NarrativeSection], title: str) -> list[NarrativeSection]:
    """A known section and the unknown ones right behind it."""
    start = next((at for at, s in enumerate(written) if s.known and s.title == title), len(written))
    stop = next((at for at in range(start + 1, len(written)) if written[at].known), len(written))
    return list(written[start:stop])


# ── Below the form ──


def remarks(result: Result, card: Scorecard, layout: Layout) -> tuple[Part, ...]:
    """评价结论, 存在问题, 改进措施 of the forms that ask for them: as written in the report, else from the figures."""
    if not layout.remarks.sections:
        return ()
    written = {s.title: s for s in read_narrative(result.narratives.get(card.project.id, ""), "", PROJECT_OUTLINE)[0]}
    made = prose.project_sections(result, card)
    return tuple(
        Part("", label, written[title].markdown if title in written else "", ())
        if title in written and written[title].markdown.strip()
        else Part("", label, "", made[title])
        for label, title in layout.remarks.sections
    )
