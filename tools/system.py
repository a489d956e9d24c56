"""Looks whether this machine has what selfeval needs from its operating system.

`python3 tools/system.py report` before a report is built, `… full` before all tests. As root on
Debian it installs what is missing; elsewhere it prints the command that does. Exit 3: something
vital is still missing. Standard library only, in words that an old Python understands too.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MACOS = sys.platform == "darwin"


def has_module(name: str) -> bool:
    """Whether this Python has a module; Debian's leaves ensurepip out."""
    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def has_library(name: str) -> bool:
    """Whether a shared library is there and loads."""
    try:
        return bool(ctypes.CDLL(ctypes.util.find_library(name) or f"lib{name}.so.0"))
    except OSError:
        return False


def has_font(*families: str, pattern: str = ":") -> bool:
    """Whether one of these families is there; without names, any font of a fontconfig pattern."""
    if MACOS:  # brings its own 宋体, 楷体 and Times New Roman
        return True
    if not shutil.which("fc-list"):
        return False
    done = subprocess.run(["fc-list", pattern, "family"], stdout=subprocess.PIPE, check=False)
    known = set(done.stdout.decode("utf-8", "replace").replace(",", "\n").splitlines())
    return bool(known.intersection(families) if families else known)


def has_program(*names: str) -> bool:
    """Whether one of these programs is on the PATH."""
    return any(shutil.which(name) for name in names)


def has_office(library: str) -> bool:
    """Whether LibreOffice is there with one of its parts: Debian packs Calc and Writer apart."""
    office = shutil.which("soffice")
    return office is not None and (MACOS or (Path(office).resolve().parent / library).exists())


@dataclass(frozen=True)
class Need:
    """One thing: its name for people, the package that brings it, how to see that it is there."""

    what: str
    debian: str
    brew: str
    present: Callable[[], bool]
    vital: bool = True


SONG = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "STSong", "Songti SC", "FandolSong")
KAI = ("LXGW WenKai", "KaiTi", "KaiTi_GB2312", "STKaiti", "Kaiti SC", "FandolKai", "AR PL UKai CN")
TIMES = ("Times New Roman", "Liberation Serif")
BROWSERS = ("chromium", "google-chrome", "chrome")

# fmt: off
REPORT = (
    Need("Python 的 venv", "python3-venv", "python", lambda: has_module("ensurepip")),
    Need("Pango（排版 PDF）", "libpango-1.0-0", "pango", lambda: has_library("pango-1.0")),
    Need("PangoFT2（排版 PDF）", "libpangoft2-1.0-0", "pango", lambda: has_library("pangoft2-1.0")),
    Need("HarfBuzz 字体子集（缺少时 PDF 慢二十倍）", "libharfbuzz-subset0", "harfbuzz",
         lambda: has_library("harfbuzz-subset"), vital=False),
    Need("中文字体", "fonts-noto-cjk", "", lambda: has_font(pattern=":lang=zh-cn")),
    Need("宋体", "fonts-noto-cjk", "", lambda: has_font(*SONG), vital=False),
    Need("楷体", "fonts-lxgw-wenkai", "", lambda: has_font(*KAI), vital=False),
    Need("Times New Roman", "fonts-liberation", "", lambda: has_font(*TIMES), vital=False),
)
FULL = (
    *REPORT,
    Need("Chromium", "chromium", "chromium", lambda: has_program(*BROWSERS)),
    Need("LibreOffice Calc", "libreoffice-calc-nogui", "libreoffice",
         lambda: has_office("libsclo.so")),
    Need("LibreOffice Writer", "libreoffice-writer-nogui", "libreoffice",
         lambda: has_office("libswlo.so")),
    Need("Java（veraPDF）", "default-jre-headless", "openjdk", lambda: has_program("java"), vital=False),
    Need("JAXB（veraPDF）", "libjaxb-java", "", lambda: MACOS or Path("/usr/share/java/jaxb-runtime.jar").exists(),
         vital=False),
    Need("Poppler", "poppler-utils", "poppler", lambda: has_program("pdftoppm")),
)
# fmt: on


def main(purpose: str) -> int:
    """0: everything vital is there; 3: it is not, and how to mend that was printed."""
    if sys.version_info < (3, 11):
        found = sys.version.split()[0]
        complain(f"需要 Python 3.11 或更新版本，{sys.executable} 是 {found}。")
        complain("如已另装新版本，用 make PYTHON=python3.12 … 指定它。")
        return 3
    needs = FULL if purpose == "full" else REPORT
    lacking = missing(needs)
    if lacking and has_program("apt-get") and os.geteuid() == 0:
        install(debian_packages(lacking))
        lacking = missing(needs)
    if lacking:
        explain(lacking)
    return 3 if any(need.vital for need in lacking) else 0


def missing(needs: tuple[Need, ...]) -> list[Need]:
    """The needs that this machine does not meet."""
    return [need for need in needs if not need.present()]


def debian_packages(needs: list[Need]) -> list[str]:
    """Their packages, each once, in the order of the table."""
    return list(dict.fromkeys(need.debian for need in needs))


def install(packages: list[str]) -> None:
    """Installs Debian packages without a question."""
    print(f"正在安装系统软件包（仅第一次）：{' '.join(packages)}…", flush=True)
    apt_get("update")
    apt_get("install", "-y", "--no-install-recommends", *packages)


def apt_get(*arguments: str) -> None:
    """What apt-get says is shown only if it fails."""
    with tempfile.TemporaryFile() as log:
        done = subprocess.run(
            ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            log.seek(0)
            complain(log.read().decode("utf-8", "replace"))
            complain(f"apt-get {arguments[0]} 失败，以上是它的输出。")
            raise SystemExit(3)


def explain(lacking: list[Need]) -> None:
    """Names what is missing and the command that brings it."""
    complain(f"本机缺少：{'、'.join(need.what for need in lacking)}。")
    if not any(need.vital for need in lacking):
        complain("不装也能继续，只是字体或速度不如预期。")
    if MACOS:
        complain(f"请执行：brew install {' '.join(sorted({need.brew for need in lacking}))}")
        complain('已装仍提示的，改用 Homebrew 的 Python：make PYTHON="$(brew --prefix)/bin/python3" …')
    elif has_program("apt-get"):
        complain(f"请执行：sudo apt-get install {' '.join(debian_packages(lacking))}")
    else:
        complain("请用本系统的软件包管理器安装，各系统的包名见 README.md。")


def complain(line: str) -> None:
    """One line for a person."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
