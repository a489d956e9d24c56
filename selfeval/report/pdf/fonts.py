"""Which font really stands behind 仿宋, 楷体, 黑体, 宋体 and 小标宋 on this machine.

fontconfig replaces a missing family without a word. `report_templates/fonts.conf` says what
replaces what; this module makes WeasyPrint use it, and finds out what came of it for `doctor`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from selfeval.base.phrases import joined, phrase, word
from selfeval.report.pdf.fontconfig import use_configuration
from selfeval.report.pdf.requirements import MachineLacks, Need, remedy_command


def needs_of_fontconfig() -> tuple[Need, ...]:
    """Whether there is any Chinese font, then what stands behind each face, as WeasyPrint finds them."""
    from selfeval.report.pdf.fonts import used_faces

    try:
        faces = used_faces()
    except (MachineLacks, OSError, ValueError) as error:
        # Without fc-match only a PDF can tell, and none can be made; that has been said above.
        why = error.message if isinstance(error, MachineLacks) else str(error)
        detail = phrase("未能检查（{why}）", why=why)
        return (Need(phrase("中文字体"), ok=False, detail=detail, remedy=remedy_command("fonts")),)
    return needs_of(faces)


def needs_of(faces: tuple[Face, ...]) -> tuple[Need, ...]:
    """Whether any of these is Chinese, then each of them."""
    return (_any_chinese(faces), *map(_face_need, faces))


def require_chinese_font() -> None:
    """Raises `MachineLacks` where Chinese would come out as empty boxes."""
    fatal = next((f for f in needs_of_fontconfig() if f.fatal and not f.ok), None)
    if fatal:
        raise MachineLacks(fatal.detail, fatal.remedy)


def _any_chinese(faces: tuple[Face, ...]) -> Need:
    names = sorted({face.family for face in faces if face.role.chinese and face.usable})
    detail = joined(names, "、") or phrase("没有任何中文字体，PDF 中的汉字会是空框")
    return Need(phrase("中文字体"), bool(names), detail, remedy_command("fonts"), fatal=True)


def _face_need(face: Face) -> Need:
    """A replacement is fine, and is named; nobody can be asked to buy a font."""
    name = phrase("{name:_}（{use:_}）", name=face.role.name, use=face.role.use)
    hint = phrase("make fonts 取来自由的仿宋（Debian、Ubuntu），或装上 FangSong") if face.lacks_fang_song else ""
    return Need(name, face.usable, face.text, remedy_command("fonts"), hint=hint)


FREE_FANG_SONG = "FandolFang"

FORMAT = "%{family}\t%{style[0]}\t%{file}\t%{lang}"


@dataclass(frozen=True, slots=True)
class Role:
    """A face the layouts ask for: its name, where it is used, the families that are it."""

    name: str
    use: str
    names: tuple[str, ...]
    chinese: bool = True

    @property
    def family(self) -> str:
        """The name our stylesheets write."""
        return self.names[0]


ROLES = (
    Role(
        word("小标宋"), word("标题"), ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋_GBK")
    ),
    Role(
        word("仿宋"),
        word("正文"),
        ("FangSong", "仿宋", "仿宋_GB2312", "FangSong_GB2312", "STFangsong", "华文仿宋"),
    ),
    Role(
        word("楷体"),
        word("二级标题"),
        ("KaiTi", "楷体", "楷体_GB2312", "KaiTi_GB2312", "STKaiti", "Kaiti SC", "华文楷体"),
    ),
    Role(word("黑体"), word("一级标题"), ("SimHei", "黑体", "STHeiti", "Heiti SC", "华文黑体")),
    Role(word("宋体"), word("页码、表格"), ("SimSun", "宋体", "STSong", "Songti SC", "华文宋体")),
    Role("Times New Roman", word("数字、字母"), ("Times New Roman",), chinese=False),
)


@dataclass(frozen=True, slots=True)
class Face:
    """The font behind a role. `exact`: the face itself; `usable`: it shows what the role is for."""

    role: Role
    family: str
    style: str
    file: str
    exact: bool
    usable: bool

    @property
    def name(self) -> str:
        """Family and style."""
        return f"{self.family} {self.style}".strip()

    @property
    def lacks_fang_song(self) -> bool:
        """Whether the body is set in a face of another kind than 仿宋."""
        return self.role.name == "仿宋" and not self.exact and not self.family.startswith(FREE_FANG_SONG)

    @property
    def text(self) -> str:
        """One line for a person."""
        name = self.name
        if not self.usable:
            return phrase("没有能用的字体（只找到 {name}）", name=name) if name else phrase("没有能用的字体")
        return name if self.exact else phrase("未安装，由 {name} 代替", name=name)


def used_faces() -> tuple[Face, ...]:
    """What stands behind each role: asked of fc-match, or without it of a PDF made for the purpose.

    The second way needs WeasyPrint and raises `MachineLacks` without it.
    """
    return tuple(map(face_behind, ROLES))


def face_behind(role: Role) -> Face:
    """What stands behind one role."""
    use_configuration()
    return _from_fontconfig(role) if shutil.which("fc-match") else _from_pdf(role)


def _from_fontconfig(role: Role) -> Face:
    """The first choice of fc-match. In its patterns `-`, `:` and `,` have a meaning: escaped."""
    pattern = re.sub(r"([-:,\\])", r"\\\1", role.family)
    done = subprocess.run(  # noqa: S603 – a fixed program, fixed arguments
        [shutil.which("fc-match") or "fc-match", "-f", FORMAT, pattern],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,  # the first call may have to build fontconfig's cache
        check=False,
    )
    families, style, file, languages = (*done.stdout.split("\t"), "", "", "", "")[:4]
    names = families.split(",")
    usable = bool(names[0]) and (not role.chinese or "zh-cn" in languages.split("|"))
    return _face(role, names, style, file, usable=usable)


def _from_pdf(role: Role) -> Face:
    """The font in a PDF of a few characters."""
    from selfeval.report.pdf.engine import engine

    sample = "绩效自评" if role.chinese else "2021"
    family, complete = engine().face_of(role.family, sample)
    return _face(role, [family], "", "", usable=complete)


def _face(role: Role, names: list[str], style: str, file: str, *, usable: bool) -> Face:
    """The names a font goes by, compared with the names the role goes by."""
    wanted = {name.casefold() for name in role.names}
    exact = any(name.casefold() in wanted for name in names)
    return Face(role, names[0], style, file, exact, usable)
