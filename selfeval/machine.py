"""What this machine has and lacks: the content of `selfeval doctor`. Works without WeasyPrint."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.troubles import reason_of

if TYPE_CHECKING:
    from selfeval.render.fonts import Face

PYTHON = (3, 11)
WEASYPRINT = (70, 71)
"""The series our code is tested with: from, below."""

PIP = f"pip install 'weasyprint>={WEASYPRINT[0]},<{WEASYPRINT[1]}'"
MSYS2 = "https://www.msys2.org"

REMEDIES: dict[str, dict[str, str]] = {
    "apt-get": {
        "install": "apt install",
        "pango": "libpango-1.0-0 libpangoft2-1.0-0",
        "subset": "libharfbuzz-subset0",
        "fonts": "fonts-noto-cjk fonts-lxgw-wenkai fonts-liberation",
    },
    "dnf": {
        "install": "dnf install",
        "pango": "pango",
        "subset": "harfbuzz",
        "fonts": "google-noto-serif-cjk-ttc-fonts google-noto-sans-cjk-ttc-fonts",
    },
    "yum": {
        "install": "yum install",
        "pango": "pango",
        "subset": "harfbuzz",
        "fonts": "google-noto-cjk-fonts",
    },
    "zypper": {
        "install": "zypper install",
        "pango": "libpango-1_0-0",
        "subset": "libharfbuzz-subset0",
        "fonts": "noto-serif-sc-fonts noto-sans-sc-fonts liberation-fonts",
    },
    "pacman": {
        "install": "pacman -S",
        "pango": "pango",
        "subset": "harfbuzz",
        "fonts": "noto-fonts-cjk ttf-lxgw-wenkai ttf-liberation",
    },
    "apk": {
        "install": "apk add",
        "pango": "pango",
        "subset": "harfbuzz-subset",
        "fonts": "font-noto-cjk",
    },
}
"""Package manager → how it installs, and what its packages are called."""


class MachineLacks(Exception):  # noqa: N818 – reads as what it says
    """Something outside the evaluation is missing: exit 3. `remedy` is a command."""

    def __init__(self, message: str, remedy: str, instead: str = "") -> None:
        """`instead`: another way that is open meanwhile."""
        told = f"{message}。请运行：{remedy}" if remedy else f"{message}。"
        super().__init__(f"{told}\n{instead}" if instead else told)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`. `remedy` matters while it is not ok; `fatal`: till then no PDF."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    fatal: bool = False


def remedy_command(*parts: str) -> str:
    """The command that installs `pango`, `subset`, `fonts` on this system; by default all three."""
    wanted = parts or ("pango", "subset", "fonts")
    if sys.platform == "win32":
        return _on_windows(wanted)
    if sys.platform == "darwin":
        return _on_macos(wanted)
    manager = next((m for m in REMEDIES if shutil.which(m)), "apt-get")
    names = " ".join(REMEDIES[manager][part] for part in wanted)
    return f"{_sudo()}{REMEDIES[manager]['install']} {names}"


def _sudo() -> str:
    """Empty for root, as in a container (which often has no sudo)."""
    return "" if os.name == "posix" and os.geteuid() == 0 else "sudo "


def _on_windows(parts: tuple[str, ...]) -> str:
    """Pango (with HarfBuzz) comes from MSYS2; the Chinese fonts are Windows' own."""
    if parts == ("fonts",):
        return "在“设置 → 应用 → 可选功能”中添加“中文（简体）补充字体”"
    return (
        f"安装 MSYS2（{MSYS2}），在其 UCRT64 窗口中运行 pacman -S mingw-w64-ucrt-x86_64-pango；"
        r"装在别处时再运行 setx WEASYPRINT_DLL_DIRECTORIES D:\msys64\ucrt64\bin"
    )


def _on_macos(parts: tuple[str, ...]) -> str:
    """Homebrew's Pango brings HarfBuzz; macOS brings Songti, Kaiti and Heiti."""
    libraries = "brew install pango" if {"pango", "subset"} & set(parts) else ""
    faces = "brew install --cask font-noto-serif-cjk-sc font-lxgw-wenkai"
    return " && ".join(filter(None, (libraries, faces if "fonts" in parts else "")))


def examine() -> tuple[Finding, ...]:
    """All findings, in the order in which one would mend them. Never raises."""
    return (_python(), *_weasyprint(), _browser(), _fontconfig(), *_faces(), _console(), _output())


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    remedy = f"请安装 Python {PYTHON[0]}.{PYTHON[1]} 或更新版本"
    return Finding("Python", sys.version_info >= PYTHON, version, remedy, fatal=True)


def _weasyprint() -> tuple[Finding, ...]:
    """Whether a PDF can be made at all, by a version we know, at full speed."""
    from selfeval.render.pdf import load

    name = "排版（WeasyPrint、Pango）"
    try:
        version = str(load().__version__)
    except MachineLacks as lack:
        return (Finding(name, ok=False, detail=lack.message, remedy=lack.remedy, fatal=True),)
    return Finding(name, ok=True, detail="可用", fatal=True), _version(version), _subsetting()


def _version(version: str) -> Finding:
    """Older ones have holes, newer ones have not been tried with our code."""
    first = version.split(".", maxsplit=1)[0]
    major = int(first) if first.isdigit() else 0
    low, high = WEASYPRINT
    return Finding("WeasyPrint 版本", low <= major < high, version, PIP, fatal=major < low)


def _subsetting() -> Finding:
    """HarfBuzz can cut fonts down; without it Python does, twenty times slower."""
    from selfeval.render.pdf import has_fast_subsetting

    fast = has_fast_subsetting()
    detail = "可用" if fast else "缺少 libharfbuzz-subset 4.1 或更新版本，生成 PDF 要慢二十倍以上"
    return Finding("HarfBuzz 字体子集", fast, detail, remedy_command("subset"))


def _browser() -> Finding:
    """The other way to a PDF, for where Pango cannot be had."""
    from selfeval.render.browser import REMEDY, find_browser

    browser = find_browser()
    detail = f"可用，{browser.path}" if browser else "没有找到；装不上 Pango 时不能改用 --pdf-engine browser"
    return Finding("浏览器（备用的 PDF 引擎）", browser is not None, detail, REMEDY)


def _fontconfig() -> Finding:
    """Whose rules for replacing fonts are in force."""
    from selfeval.render import fonts

    chosen, ours = os.environ.get(fonts.VARIABLE), fonts.configuration()
    if chosen and (ours is None or chosen != str(ours)):
        detail = f"{fonts.VARIABLE} 指定了 {chosen}，不用本程序自带的替代规则"
        return Finding("字体配置", ok=True, detail=detail)
    if ours is None:
        detail = "缺少 fonts.conf，字体替代由系统决定"
        return Finding("字体配置", ok=False, detail=detail, remedy="重新安装 selfeval")
    return Finding("字体配置", ok=True, detail=str(ours))


def _faces() -> tuple[Finding, ...]:
    """Whether there is any Chinese font, then what stands behind each face."""
    from selfeval.render.fonts import used_faces

    try:
        faces = used_faces()
    except (MachineLacks, OSError, ValueError) as error:
        # Without fc-match only a PDF can tell, and none can be made; that has been said above.
        detail = f"未能检查（{error.message if isinstance(error, MachineLacks) else error}）"
        return (Finding("中文字体", ok=False, detail=detail, remedy=remedy_command("fonts")),)
    return (_any_chinese(faces), *map(_face_need, faces))


def require_chinese_font() -> None:
    """Raises `MachineLacks` where Chinese would come out as empty boxes."""
    fatal = next((f for f in _faces() if f.fatal and not f.ok), None)
    if fatal:
        raise MachineLacks(fatal.detail, fatal.remedy)


def _any_chinese(faces: tuple[Face, ...]) -> Finding:
    names = sorted({face.family for face in faces if face.role.chinese and face.usable})
    detail = "、".join(names) or "没有任何中文字体，PDF 中的汉字会是空框"
    return Finding("中文字体", bool(names), detail, remedy_command("fonts"), fatal=True)


def _face_need(face: Face) -> Finding:
    """A replacement is fine, and is named; nobody can be asked to buy a font."""
    name = f"{face.role.name}（{face.role.use}）"
    return Finding(name, face.usable, face.text, remedy_command("fonts"))


def _console() -> Finding:
    """Whether the terminal can show Chinese. UTF-8 is best, GBK will do."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    ok = _can_encode(encoding)
    fix = "运行 chcp 65001，或设置环境变量 PYTHONUTF8=1"
    return Finding("终端编码", ok, encoding if ok else f"{encoding}，不能显示中文", fix)


def _output() -> Finding:
    """Whether `build`, started here, could write what it makes: out/, or the folder that would get it."""
    folder = next(place for place in (Path("out"), Path()) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        detail = f"{folder.absolute()} 不能写入（{reason_of(error)}）"
        remedy = "取消该文件夹的只读属性或清理磁盘，或用 selfeval build --out 换一个文件夹"
        return Finding("输出文件夹", ok=False, detail=detail, remedy=remedy)
    return Finding("输出文件夹", ok=True, detail=f"可以写入，{folder.absolute()}")


def _can_encode(encoding: str) -> bool:
    encode: Callable[..., bytes] = "绩效自评：≥95%".encode
    try:
        return bool(encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return False
