"""The narrative: Markdown files read, cut at the headings of the outline, and checked.

A heading counts with or without its number and in any order; one that is not in the outline stays where
it stands and is reported. What a file may not do (open other files, lead elsewhere) is refused here.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from selfeval.base.diagnostics import Diagnostic, finding, of_reading
from selfeval.base.files import RefusedFileError, inside, read_file
from selfeval.base.marks import hidden, turning, without_hidden
from selfeval.base.model import Place
from selfeval.base.phrases import Phrase, word
from selfeval.base.remarks import Reading, hidden_in, reading
from selfeval.reading.markdown import SAFE_LINK, parser

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline: its number as printed, its words, and the headings below it.

    `aliases`: what other published outlines call the same section.
    """

    number: str
    title: str
    parts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def printed(self) -> str:
        """As it stands in the report: 一、项目概况."""
        return self.number + self.title


def headings_of(items: Iterable[Mapping[str, Any]]) -> tuple[Heading, ...]:
    """The headings of an outline as the file lists them."""
    return tuple(
        Heading(item["number"], item["title"], tuple(item.get("parts", ())), tuple(item.get("aliases", ())))
        for item in items
    )


_OUTLINES = tomllib.loads(files("selfeval.reading").joinpath("outlines.toml").read_text(encoding="utf-8"))
PROJECT_OUTLINE, UNIT_OUTLINE = (headings_of(_OUTLINES[name]) for name in ("outline", "unit_outline"))
"""项目支出绩效自评报告 and 部门整体支出绩效自评报告, where a layout has no outline of its own."""

ASIDES = frozenset(_OUTLINES["asides"])
"""Headings of published outlines that have no place in ours: they stay where they are, and nothing is said of it."""

UNIT = "unit"
"""The narrative of the unit itself: narrative/unit.md."""

MAX_BYTES = 1_000_000
MAX_PICTURE_BYTES = 2_000_000
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""The kinds of picture a narrative may show, known by their first bytes, whatever the file is called."""

_NUMBER = re.compile(
    r"(第?[(]?[一二三四五六七八九十百]+[)]?(部分|章|节)?[、.:\s]\s*|第[一二三四五六七八九十\d]+(部分|章|节)\s*"
    r"|[(]([一二三四五六七八九十]+|\d+)[)]\s*|\d+(\.\d+)*[、.\s)]\s*)"
)
_WRITTEN = frozenset({".md", ".markdown", ".mdown", ".txt", ".docx", ".doc", ".wps", ".odt", ".rtf"})
_CALLED = frozenset({"narrative", "narratives", "正文", "自评报告正文"})
"""What a text may be saved as and what its folder may be called, though nobody reads it there."""
_HEADLIKE = re.compile(r"\s*+([#＃]+\s*+|(?=[（(]?[一二三四五六七八九十]{1,2}[、.．)）]))\S.{1,40}$")
_REFERENCE = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#\d{1,7}|[A-Za-z]{2,31});")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|[\\/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NarrativeSection:
    """One section as written. `title` is the outline's words where `known`, else the writer's own.

    `called`: what the writer calls a known section, one of the outline's names for it.
    """

    title: str
    markdown: str
    known: bool
    line: int = 1
    called: str = ""


# ── Cutting at the headings ──


def read_narrative(
    markdown: str, file: str, outline: Sequence[Heading], project: str | None = None
) -> tuple[tuple[NarrativeSection, ...], tuple[Diagnostic, ...]]:
    """The sections in the order of the outline; unknown headings stay behind what they were written behind."""
    cuts = _cuts(markdown, outline)
    found_ = [*_heading_findings(cuts, file, project), *_no_headings(markdown, outline, file, project)]
    found_ += _content_findings(markdown, file, project)
    return _in_outline_order(_merged(cuts), outline), tuple(found_)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A heading and the lines up to the next: which section it opens ("" = none), or a heading inside one."""

    words: str
    level: int
    line: int
    body: str
    opens: str
    part: str = ""
    called: str = ""


def _cuts(markdown: str, outline: Sequence[Heading]) -> list[_Cut]:
    """The text cut at its top-level headings; a first cut without words holds what stands before them."""
    lines = markdown.replace("\r\n", "\n").split("\n")
    heads = _headings(markdown)
    ends = [start for start, *_ in heads[1:]] + [len(lines)]
    before = "\n".join(lines[: heads[0][0]] if heads else lines).strip()
    cuts = [_Cut("", 1, 1, before, "")] if before else []
    for (start, stop, level, words), end in zip(heads, ends, strict=bool(heads)):
        opens, part, called = _match(words, outline)
        is_title = level == 1 and not opens and not cuts and start == heads[0][0]
        body = "\n".join(lines[stop:end]).strip("\n")
        if not is_title or body.strip():  # the document's own title is left out: the report prints its own
            cuts.append(_Cut("" if is_title else words, level, start + 1, body, opens, part, called))
    return cuts


def _headings(markdown: str) -> list[tuple[int, int, int, str]]:
    """(first line, line after, level, words) of every heading that is not inside a list or quotation."""
    tokens = parser().parse(markdown)
    return [
        (token.map[0], token.map[1], int(token.tag[1]), tokens[at + 1].content.strip())
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def bare(words: str) -> str:
    """A heading without its number, blanks, width of brackets and closing colon, for comparison."""
    text = unicodedata.normalize("NFKC", words).strip().strip("*_")
    return re.sub(r"\s+", "", _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text).rstrip(":。")


def _match(words: str, outline: Sequence[Heading]) -> tuple[str, str, str]:
    """(section title, part, the outline's name for it) that a heading means; "" where the outline does not know it."""
    wanted = bare(words)
    for heading in outline:
        for name in (heading.title, *heading.aliases):
            if wanted == bare(name):
                return heading.title, "", name
    for heading in outline:
        for part in heading.parts:
            if wanted == bare(part):
                return heading.title, part, heading.title
    return "", "", ""


def usual_title(heading: Heading, outline: Sequence[Heading]) -> str:
    """What `outline` calls the section that a heading of another outline opens; "" where it has none."""
    found_ = (_match(name, outline) for name in (heading.title, *heading.aliases))
    return next((title for title, part, _ in found_ if title and not part), "")


def _merged(cuts: Iterable[_Cut]) -> list[NarrativeSection]:
    """Cuts as sections: what is deeper than the open section, or one of its parts, belongs to it."""
    sections: list[NarrativeSection] = []
    level = 1
    for cut in cuts:
        last = sections[-1] if sections else None
        inside = last is not None and ((cut.part and cut.opens == last.title) or (not cut.opens and cut.level > level))
        text = cut.body if not cut.part else f"### {cut.words}\n\n{cut.body}"
        if inside and last is not None:
            head = "###" if cut.part else "#" * max(3, min(6, cut.level - level + 2))
            sections[-1] = _joined(last, f"{head} {cut.words}\n\n{cut.body}")
            continue
        sections.append(NarrativeSection(cut.opens or cut.words, text, bool(cut.opens), cut.line, cut.called))
        level = cut.level
    return sections


def _joined(section: NarrativeSection, more: str) -> NarrativeSection:
    """`section` with more text below it."""
    return replace(section, markdown=f"{section.markdown}\n\n{more}".strip("\n"))


def _in_outline_order(sections: Sequence[NarrativeSection], outline: Sequence[Heading]) -> tuple[NarrativeSection, ...]:
    """Known sections in the order of the outline, each once, with the unknown ones that followed it."""
    heads: dict[str, NarrativeSection] = {}
    followers: dict[str, list[NarrativeSection]] = {"": []}
    current = ""
    for section in sections:
        if not section.known:
            followers[current].append(section)
            continue
        current = section.title
        followers.setdefault(current, [])
        heads[current] = _joined(heads[current], section.markdown) if current in heads else section
    ordered = [*followers[""]]
    for heading in outline:
        if heading.title in heads:
            ordered += [heads[heading.title], *followers[heading.title]]
    return tuple(ordered)


# ── What is reported ──


def _no_headings(markdown: str, outline: Sequence[Heading], file: str, project: str | None) -> Iterator[Diagnostic]:
    """N001 for a line that says a heading of the outline and is none: `##四、自评结论`, `四、自评结论`."""
    heads = {number for start, stop, *_ in _headings(markdown) for number in range(start, stop)}
    for number, line in enumerate(markdown.replace("\r\n", "\n").split("\n")):
        marks = _HEADLIKE.match(line)
        if marks and number not in heads and _match(line[marks.end(1) :], outline)[0]:
            yield finding("N001.plain", Place(file, number + 1), project=project, heading=line.strip())


def _heading_findings(cuts: Iterable[_Cut], file: str, project: str | None) -> Iterator[Diagnostic]:
    """N001 for a heading that the outline does not have, N002 for a section written twice."""
    seen: set[str] = set()
    for cut in cuts:
        place = Place(file, cut.line)
        if cut.words and not cut.opens and bare(cut.words) not in ASIDES:
            yield finding("N001.unknown", place, project=project, heading=cut.words)
        if cut.opens and not cut.part:
            if cut.opens in seen:
                yield finding("N002", place, project=project, heading=cut.opens)
            seen.add(cut.opens)


def _content_findings(markdown: str, file: str, project: str | None) -> Iterator[Diagnostic]:
    """N006 for a link that leads to no web address."""
    for line, token in _inlines(markdown, "link_open"):
        target = str(token.attrGet("href") or "")
        if not SAFE_LINK.match(target):
            yield finding("N006", Place(file, line), project=project, link=target)


def _inlines(markdown: str, kind: str) -> Iterator[tuple[int, Token]]:
    """The inline tokens of one type, each with the line on which its block begins."""
    for block in parser().parse(markdown):
        for token in block.children or ():
            if token.type == kind:
                yield (block.map[0] + 1 if block.map else 1), token


def under_heading(markdown: str, words: str) -> str:
    """What is written directly under a heading of any level, by its words; "" where there is none."""
    lines = markdown.replace("\r\n", "\n").split("\n")
    heads = [*_headings(markdown), (len(lines), len(lines), 0, "")]
    found_ = ((stop, heads[at + 1][0]) for at, (_, stop, _, told) in enumerate(heads[:-1]) if bare(told) == bare(words))
    return next(("\n".join(lines[start:end]).strip() for start, end in found_), "")


def headings_in(markdown: str) -> frozenset[str]:
    """The words of all headings of a text, bare."""
    return frozenset(bare(words) for *_, words in _headings(markdown))


# ── The files ──


def hidden_lines(text: str, file: str, project: str | None) -> Iterator[Diagnostic]:
    """T030 and T031: the lines with characters nobody sees."""
    for number, line in enumerate(text.splitlines(), 1) if hidden(text) else ():
        if match := turning(line) or hidden(line):
            place = Place(file, number, match.start() + 1)
            yield of_reading(hidden_in(line, "正文"), place, project=project)


def spelled_out(text: str) -> str:
    """A text in which the characters nobody sees stand for themselves, where Markdown would make them of `&#x202e;`."""
    return _REFERENCE.sub(lambda match: made if hidden(made := unescape(match[0])) else match[0], text)


def read_narratives(
    folder: Path,
    project_ids: Iterable[str],
    outline: Sequence[Heading] = PROJECT_OUTLINE,
    unit_outline: Sequence[Heading] = UNIT_OUTLINE,
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """The Markdown of narrative/*.md by project id (and `unit`), with everything there is to say about it."""
    known = {*project_ids, UNIT}
    texts: dict[str, str] = {}
    findings: list[Diagnostic] = []
    for path in _files(folder):
        file = f"{folder.resolve().name}/narrative/{path.name}"
        id_, place = path.stem, Place(file)
        if id_ not in known:
            findings.append(of_reading(_nobody(id_, known), place))
            continue
        project = None if id_ == UNIT else id_
        text, problem = _text(path, folder)
        if problem:
            findings.append(finding("N004", place, project=project, problem=problem))
            continue
        text = spelled_out(text)
        findings += hidden_lines(text, file, project)
        texts[id_] = text = without_hidden(text)
        findings += read_narrative(text, file, unit_outline if id_ == UNIT else outline, project)[1]
        findings += _picture_findings(text, file, folder, project)
    return texts, (*findings, *_unread(folder, known))


def _unread(folder: Path, known: Container[str]) -> Iterator[Diagnostic]:
    """N003 of texts that somebody wrote where nobody reads them: as P01.txt, in a folder below, beside the tables."""
    home = folder / "narrative"
    try:
        inside_ = [p for p in home.rglob("*") if (p.parent != home or p.suffix.lower() != ".md")]
        beside = list(folder.iterdir())
    except OSError:
        return
    there = [p for p in inside_ if p.suffix.lower() in _WRITTEN]
    there += [p for p in beside if p.suffix.lower() in _WRITTEN and (p.stem in known or p.stem in _CALLED)]
    there += [p for home in beside if home.name.casefold() in _CALLED and home.name != "narrative" and home.is_dir()
              for p in home.glob("*.md")]  # fmt: skip
    for path in sorted(p for p in there if not p.name.startswith(("~$", "."))):
        name = path.relative_to(folder).as_posix()
        yield of_reading(reading("N003.unread", name=name), Place(f"{folder.resolve().name}/{name}"))


def _files(folder: Path) -> list[Path]:
    """The Markdown files of the narrative folder, in order."""
    try:
        return sorted(p for p in (folder / "narrative").iterdir() if p.suffix.lower() == ".md")
    except OSError:
        return []


def _nobody(id_: str, known: Iterable[str]) -> Reading:
    """Whose narrative this might have been."""
    meant = next((k for k in sorted(known) if k.casefold() == id_.casefold()), "")
    return reading("N003.case", id=id_, meant=meant) if meant else reading("N003.nobody", id=id_)


def _text(path: Path, folder: Path) -> tuple[str, str | Phrase]:
    """(text, "") or ("", what is wrong)."""
    if not inside(path, folder):
        return "", word("不是评价文件夹内的文件（链接到了别处，或是文件夹），没有读取")
    try:
        return _decoded(read_file(path, MAX_BYTES, folder))
    except RefusedFileError as refusal:
        return "", refusal.args[0]
    except OSError:
        return "", word("文件打不开")


def _decoded(data: bytes) -> tuple[str, str]:
    """Strict UTF-8 (with or without BOM) first, then GB18030: the other way round garbles without an error."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, ""
    return "", word("编码无法识别，请另存为 UTF-8")


# ── Pictures ──


def _picture_findings(text: str, file: str, folder: Path, project: str | None) -> Iterator[Diagnostic]:
    """N005 for a picture that cannot be shown."""
    for line, token in _inlines(text, "image"):
        name = str(token.attrGet("src") or "")
        _, _, problem = picture(name, folder)
        if problem:
            yield finding("N005", Place(file, line), project=project, picture=name[:80], why=problem)


def picture(name: str, folder: Path) -> tuple[bytes, str, str]:
    """(bytes, media type, "") of a picture beside the narrative or in the evaluation, or why there is none."""
    if not _local(name):
        return b"", "", word("不是评价文件夹内的相对路径")
    path = picture_file(name, folder)
    return _picture_bytes(folder / path) if path else (b"", "", word("不在评价文件夹内，或不存在"))


def _local(name: str) -> str:
    """A picture's name as a path; "" where it is none."""
    local = unquote(name)
    return "" if _SCHEME.match(local) or "\0" in local else local


def picture_file(name: str, folder: Path) -> str:
    """Where a picture lies in the evaluation; "" where there is none that may be shown."""
    local = _local(name)
    places = (f"narrative/{local}", local) if local else ()
    return next((place for place in places if inside(folder / place, folder)), "")


def picture_names(markdown: str) -> tuple[str, ...]:
    """The pictures a text shows, as it writes them."""
    if "![" not in markdown:
        return ()
    return tuple(dict.fromkeys(str(token.attrGet("src") or "") for _, token in _inlines(markdown, "image")))


def _picture_bytes(path: Path) -> tuple[bytes, str, str]:
    """The file, if it is small enough and a picture by its first bytes."""
    try:
        data = read_file(path, MAX_PICTURE_BYTES)
    except RefusedFileError:
        return b"", "", word("超过 2 MB")
    except OSError:
        return b"", "", word("打不开")
    media = next((m for magic, m in PICTURES.items() if data.startswith(magic)), "")
    return (data, media, "") if media else (b"", "", word("不是 PNG、JPEG 或 GIF"))
