"""What a machine must have to make PDFs, and the command that mends what it lacks."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from selfeval.base.phrases import phrase

PLAIN = "SELFEVAL_PLAIN_WEASYPRINT"
"""`1` leaves WeasyPrint as it was installed: nothing of `patches` is put in its place."""


def plain_weasyprint() -> bool:
    """Whether pages are to be made by WeasyPrint as it is."""
    return os.environ.get(PLAIN, "") == "1"


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


def other_engine() -> str:
    """What to do meanwhile where WeasyPrint cannot work: nothing where Typst is not there either."""
    return phrase("也可以改用 Typst：selfeval build --pdf-engine typst") if find_spec("typst") else ""


class MachineLacks(Exception):  # noqa: N818 – reads as what it says
    """Something outside the evaluation is missing: exit 3. `remedy` is a command."""

    def __init__(self, message: str, remedy: str, instead: str = "") -> None:
        """`instead`: another way that is open meanwhile."""
        told = (
            phrase("{message}。请运行：{remedy}", message=message, remedy=remedy)
            if remedy
            else phrase("{message}。", message=message)
        )
        super().__init__(phrase("{told}。{instead}", told=told, instead=instead) if instead else told)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Need:
    """One line of `doctor`. `remedy` matters while it is not ok; `fatal`: till then no PDF.

    `hint`: what could be better.
    """

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    fatal: bool = False
    hint: str = ""


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
        return phrase("在“设置 → 应用 → 可选功能”中添加“中文（简体）补充字体”")
    return phrase(
        "安装 MSYS2（{msys}），在其 UCRT64 窗口中运行 pacman -S mingw-w64-ucrt-x86_64-pango；"
        "装在别处时再运行 setx WEASYPRINT_DLL_DIRECTORIES D:\\msys64\\ucrt64\\bin",
        msys=MSYS2,
    )


def _on_macos(parts: tuple[str, ...]) -> str:
    """Homebrew's Pango brings HarfBuzz; macOS brings Songti, Kaiti and Heiti."""
    libraries = "brew install pango" if {"pango", "subset"} & set(parts) else ""
    faces = "brew install --cask font-noto-serif-cjk-sc font-lxgw-wenkai"
    return " && ".join(filter(None, (libraries, faces if "fonts" in parts else "")))
