"""Which fonts Typst finds on this machine for 仿宋, 楷体, 黑体, 宋体 and 小标宋: it asks no fontconfig.

A role's own font comes first where it is installed (Windows has FangSong, KaiTi, SimHei, SimSun), then what stands in
for it, in the order of report_templates/fonts.conf.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from selfeval.base.phrases import phrase
from selfeval.report.pdf.fonts import ROLES, Face, Role
from selfeval.report.pdf.requirements import MachineLacks, remedy_command
from selfeval.report.typst.loading import load

SONG = ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "FandolSong", "SimSun")
STAND_INS = {
    "小标宋": SONG,
    "仿宋": ("FandolFang R", "FandolFang", *SONG),
    "楷体": ("LXGW WenKai", "FandolKai", "AR PL UKai CN", *SONG),
    "黑体": ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Zen Hei"),
    "宋体": SONG,
    "Times New Roman": ("Liberation Serif", "Tinos", "Times", "Nimbus Roman"),
}
PLACES = ("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol", "fonts")
"""Folders beside those of the system: TeX Live's free fonts, and a unit's own where selfeval is run."""

LATIN = "[!-~À-ÖØ-öø-ſ]"
"""What a Latin face is asked for; quotation marks and dots are Chinese here."""

CHOICES = {"正文": "text", "表格": "table", "标题": "title", "一级标题": "heading2", "二级标题": "heading3"}
"""What `[report] fonts` may choose, by the names of the templates."""

Stack = list[str | dict[str, str]]


@cache
def installed() -> Any:  # noqa: ANN401 - typst's object
    """All fonts of this machine, looked for once."""
    places = [place for place in PLACES if Path(place).is_dir()]
    return load().Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=places)


@cache
def families() -> Mapping[str, Sequence[str]]:
    """The families that are here for each role, the best first."""
    here = {name.casefold() for name in installed().families()}
    named = {role.name: (*role.names, *STAND_INS[role.name]) for role in ROLES}
    return {role: [name for name in names if name.casefold() in here] for role, names in named.items()}


def require_chinese_font() -> None:
    """Raises `MachineLacks` where Chinese would come out as empty boxes."""
    if not any(face.usable for face in used_faces() if face.role.chinese):
        raise MachineLacks(phrase("没有任何中文字体，PDF 中的汉字会是空框"), remedy_command("fonts"))


def used_faces() -> tuple[Face, ...]:
    """What stands behind each role."""
    return tuple(map(_face, ROLES))


def _face(role: Role) -> Face:
    family = next(iter(families()[role.name]), "")
    exact = family.casefold() in {name.casefold() for name in role.names}
    return Face(role, family, "", "", exact, bool(family))


def stacks(chosen: Sequence[tuple[str, str]] = ()) -> dict[str, Stack]:
    """The families of each kind of text, with those of the unit's own choice (`Marks.faces`) before the others."""
    known = families()
    latin: Stack = [{"name": name, "covers": LATIN} for name in known["Times New Roman"]]
    made: dict[str, Stack] = {
        "text": [*latin, *known["仿宋"]],
        "table": [*latin, *known["仿宋"]],
        "title": [*known["小标宋"]],
        "heading2": [*known["黑体"]],
        "heading3": [*known["楷体"]],
        "kai": [*known["楷体"]],
        "hei": [*known["黑体"]],
        "song": [*known["宋体"]],
    }
    for role, names in chosen:
        own = [*_own(names)]
        made[CHOICES[role]] = [*own, *made[CHOICES[role]]]
        if role == "正文" and "表格" not in dict(chosen):
            made["table"] = [*own, *made["table"]]
    return made


def _own(names: str) -> Iterator[str]:
    """What the unit names, as far as it is here."""
    yield from filter(None, map(family_behind, names.split(", ")))


def family_behind(name: str) -> str:
    """The family of this name, or the best one of the role that goes by it; "" where there is neither."""
    if name.casefold() in {family.casefold() for family in installed().families()}:
        return name
    role = next((role.name for role in ROLES if name in role.names), "")
    return next(iter(families().get(role, ())), "")


def behind(name: str) -> Any:  # noqa: ANN401 - typst's object
    """The font of a family in its usual weight; None where there is none."""
    family = family_behind(name).casefold()
    fonts = [font for font in installed().fonts() if font.family.casefold() == family and font.style == "normal"]
    return min(fonts, key=lambda font: (abs(font.weight - 400), font.path or "", font.index), default=None)
