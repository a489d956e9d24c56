"""What `import` says as a whole Chinese sentence, in English: the older of two ways, for lines that are no phrases yet.

Findings know their English (codes.toml), phrases have theirs in english.po; what `import` says is read back here.

`english.toml` pairs a Chinese sentence, `{}` standing for what was put into it, with an English one that says where
each of these goes (`{0}`, `{1}` …). What was put in may be a sentence of ours and is then translated as well, but not
between “ and ”: those are the words of a user's file. A text of several sentences is taken apart at its commas. Where
several readings are possible, the one that leaves no Chinese counts. A sentence without a pair stays Chinese.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from selfeval.base.diagnostics import codes
from selfeval.base.phrases import PLACE, english, places

GAP, QUOTED = "{}", "“{}”"
CHINESE = re.compile("[\u4e00-\u9fff]")
OF_A_FILE = re.compile("“[^”]*”")
OF_A_FILE_OR_SIGN = re.compile("“[^”]*”|[，；、：]")
PIECES = re.compile("(?:“[^”]*”|（[^（）]*）|[^“（，；、：])+|.", re.DOTALL)
MOST_PIECES, LONGEST = 30, 2000
"""A text of more parts, or of more characters, is a user's and is not looked through."""

SIGNS = {"；": "; ", "，": ", ", "、": ", ", "：": ": "}
"""What parts sentences, the strongest first."""

NAMING = "："
ENOUGH = 4
"""Characters that a sentence must have of its own to be taken for ours where not all of it gets English."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with gaps: its own words, its pattern, which of its gaps are quotations, and the English for it."""

    own: str
    pattern: re.Pattern[str]
    quoted: tuple[bool, ...]
    english: str

    def said(self, words: str) -> str | None:
        """The words in English if they are this sentence."""
        match = self.pattern.fullmatch(words)
        if match is None:
            return None
        return self.english.format(*(filling(*pair) for pair in zip(match.groups(), self.quoted, strict=True)))


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every pair, by part."""
    return tomllib.loads(files("selfeval.cli").joinpath("english.toml").read_text(encoding="utf-8"))


@cache
def sentences() -> dict[str, str]:
    """Every pair; those of codes.toml and english.po with gaps for their named places."""
    pairs = {c: said for pairs in catalogue().values() for c, said in pairs.items()}
    pairs |= {said: code.english.hint(v) for code in codes().values() for v, said in code.chinese.hints.items()}
    pairs |= {code.title: code.english.title for code in codes().values()}
    return pairs | {
        PLACE.sub(GAP, c): numbered(c, said) for c, said in english().items() if CHINESE.search(PLACE.sub("", c))
    }


def numbered(chinese: str, said: str) -> str:
    """English with named places as one with numbered gaps."""
    order = list(places(chinese))
    return PLACE.sub(lambda place: f"{{{order.index(place[1])}}}", said)


@cache
def gapped() -> tuple[Sentence, ...]:
    """The sentences with gaps, those with most words of their own first."""
    made = [
        Sentence(chinese.replace(GAP, ""), pattern_of(chinese), quotations(chinese), said)
        for chinese, said in sentences().items()
        if GAP in chinese
    ]
    return tuple(sorted(made, key=lambda sentence: -len(sentence.own)))


def pattern_of(sentence: str) -> re.Pattern[str]:
    """A sentence with gaps as a pattern; a gap takes as little as it can."""
    return re.compile("(.*?)".join(map(re.escape, sentence.split(GAP))), re.DOTALL)


def quotations(sentence: str) -> tuple[bool, ...]:
    """For every gap, whether it stands between “ and ”."""
    return tuple(gap == QUOTED for gap in re.findall("“{}”|{}", sentence))


def filling(words: str, quoted: bool) -> str:
    """What was put into a gap: as it is if it is quoted, else in English where it is ours."""
    return words if quoted else sentence_in_english(words.strip())


def is_english(text: str) -> bool:
    """Whether no Chinese is left but what is quoted from a file."""
    return CHINESE.search(OF_A_FILE.sub("", text)) is None


@lru_cache(maxsize=10_000)
def sentence_in_english(text: str) -> str:
    """One sentence, or several of them; the space around it stays."""
    words = text.strip()
    if is_english(words):
        return OF_A_FILE_OR_SIGN.sub(lambda part: SIGNS.get(part[0], part[0]), text)
    if len(words) > LONGEST:
        return text
    return text.replace(words, sentences().get(words) or found_in(words) or words)


def found_in(words: str) -> str | None:
    """The words by a sentence with gaps, or by several sentences; None where they are not ours."""
    ours = None
    for one in gapped():
        said = one.said(words)
        if said is not None and is_english(said):
            return said
        if ours is None and said is not None and len(one.own) >= ENOUGH:
            ours = said
    pieces = PIECES.findall(words)
    signs = [at for at in range(1, len(pieces) - 1) if pieces[at] in SIGNS] if len(pieces) <= MOST_PIECES else []
    return parted(pieces, signs) or ours or named(pieces, signs)


def parted(pieces: list[str], signs: list[int]) -> str | None:
    """Two texts with a sign between them, if both are ours; the first is the longest that is."""
    for at in sorted(signs, key=lambda at: (list(SIGNS).index(pieces[at]), -at)):
        said = sentence_in_english("".join(pieces[:at])) + rest_in_english(pieces[at:])
        if is_english(said):
            return said
    return None


def rest_in_english(pieces: list[str]) -> str:
    """A sign and what follows it; the catalogue may have them as one."""
    whole = sentence_in_english("".join(pieces))
    return whole if is_english(whole) else SIGNS[pieces[0]] + sentence_in_english("".join(pieces[1:]))


def named(pieces: list[str], signs: list[int]) -> str | None:
    """A name, which may be a user's, with a text of ours after the first colon."""
    colon = next((at for at in signs if pieces[at] == NAMING), None)
    if colon is None:
        return None
    rest = "".join(pieces[colon + 1 :])
    said = sentence_in_english(rest)
    return None if said == rest else sentence_in_english("".join(pieces[:colon])) + SIGNS[NAMING] + said


def in_english(text: str) -> str:
    """What the program says, line by line."""
    return "\n".join(line if is_shown(line) else sentence_in_english(line) for line in text.split("\n"))


def is_shown(line: str) -> bool:
    """Whether a line is shown as it stands: a line of a file, which begins with `|`, or one without Chinese."""
    return line.lstrip().startswith("| ") or is_english(line)
