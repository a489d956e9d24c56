"""`make fonts`: the free 仿宋 (FandolFang) for this user, out of Debian's TeX package and without TeX.

Nothing is installed for others, no administrator is needed. The font is under the GPL with the exception for fonts;
it is fetched here and never shipped. Exit 3 where the package cannot be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from system import complain, has_font

PACKAGE = "texlive-lang-chinese"
FONT = "FandolFang-Regular.otf"
FAMILIES = ("FangSong", "仿宋", "FangSong_GB2312", "仿宋_GB2312", "STFangsong", "FandolFang R", "FandolFang")


def main(words: list[str]) -> int:
    """Fetches the font where no 仿宋 is here yet; `look`: only says that there is none."""
    here = has_font(*FAMILIES)
    if here or words == ["look"]:
        print("正文用仿宋" if here else "没有仿宋，正文用宋体代替：make fonts 可以取来自由的仿宋（FandolFang）")
        return 0
    if not all(map(shutil.which, ("apt-get", "dpkg-deb"))):
        complain(
            "make fonts 只在 Debian、Ubuntu 上能取 FandolFang；其他系统请装仿宋，或把字体放进运行目录的 fonts 文件夹。"
        )
        return 3
    with tempfile.TemporaryDirectory(prefix="selfeval-fonts-") as place:
        package = downloaded(Path(place))
        if package is None:
            return 3
        folder = font_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FONT).write_bytes(taken_out(package))
    if cache := shutil.which("fc-cache"):
        subprocess.run([cache, str(folder)], check=False)
    print(f"正文今后用仿宋（FandolFang）：{folder / FONT}")
    return 0


def downloaded(place: Path) -> Path | None:
    """The package in a folder; None where it cannot be had."""
    print(f"正在下载 {PACKAGE}（47 MB，只取其中一个字体）…", flush=True)
    done = subprocess.run(
        ["apt-get", "-q", "download", PACKAGE], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode:
        complain(f"{done.stderr}下载失败：先执行 apt-get update，或检查网络。")
    return next(place.glob("*.deb"), None)


def taken_out(package: Path) -> bytes:
    """The font's bytes."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(package)], stdout=subprocess.PIPE) as unpacking:
        content = next(fonts_in(unpacking))
        unpacking.kill()
    return content


def fonts_in(unpacking: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """The content of the files that are the font."""
    with tarfile.open(fileobj=unpacking.stdout, mode="r|") as packed:
        for member in packed:
            if member.name.endswith(f"/{FONT}") and (file := packed.extractfile(member)):
                yield file.read()


def font_folder() -> Path:
    """Where a user's fonts stand."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "fonts" / "selfeval"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
