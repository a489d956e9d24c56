"""Installs selfeval from the folder this file stands in, without a network.

install.bat and install.sh start it: install.py [FOLDER], by default the folder selfeval beside this file.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSION = "@VERSION@"
WINDOWS = os.name == "nt"


def main() -> None:
    """Looks whether all is there, then installs program and fonts."""
    found = ".".join(map(str, sys.version_info[:2]))
    if found != VERSION:
        sys.exit(f"这个安装包要用 Python {VERSION}，现在的是 {found}（{sys.executable}）。")
    if changed := [name for name, digest in listed() if not is_whole(HERE / name, digest)]:
        sys.exit(f"安装包不完整或被改动：{'、'.join(changed)}。请重新解压或重新拷贝。")
    target = Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "selfeval").resolve()
    print(f"正在安装到 {target} …", flush=True)
    install(target)
    fonts = install_fonts()
    program = target / ("Scripts/selfeval.exe" if WINDOWS else "bin/selfeval")
    print(f'字体放在 {fonts}\n装好了。试一试：\n  "{program}" build "{HERE / "sample" / "ningxia-2020"}"')


def listed() -> list[list[str]]:
    """Each file of the kit with its sum."""
    lines = (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return [line.split("  ", 1)[::-1] for line in lines]


def is_whole(file: Path, digest: str) -> bool:
    """Whether a file is there as it was packed."""
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest


def install(target: Path) -> None:
    """An environment of its own with the program in it; nothing but the kit is looked at."""
    venv.create(target, with_pip=True)
    python = target / ("Scripts/python.exe" if WINDOWS else "bin/python")
    words = ["install", "--quiet", "--no-index", "--find-links", str(HERE / "wheels"), "selfeval[sign]"]
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    quiet = {**own, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([python, "-m", "pip", *words], env=quiet, check=True)


def install_fonts() -> Path:
    """The free faces in the user's own font folder, where they are not there yet."""
    folder = font_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "fonts").glob("*.tt[cf]"):
        if not (folder / file.name).exists():
            shutil.copyfile(file, folder / file.name)
    if cache := shutil.which("fc-cache"):
        subprocess.run([cache, folder], check=False)
    return folder


def font_folder() -> Path:
    """Where a user's fonts stand."""
    if WINDOWS:
        return Path(os.environ["LOCALAPPDATA"]) / "Microsoft" / "Windows" / "Fonts"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fonts" / "selfeval"


if __name__ == "__main__":
    main()
