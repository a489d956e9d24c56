"""安装包: all that a machine without a network needs, as one zip per platform and Python version.

python tools/kit.py [windows-x64-py3.12 …]     without a name: those of USUAL, into build/kits

pip resolves and fetches the wheels for the other system, its environment markers included. One commit gives the same
bytes on any day: pinned versions, sorted names, one date, nothing compressed anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

import sbom
from licences import names

import selfeval

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "kits"
TEXTS = Path(__file__).with_name("kit")
EXTRA = "sign"
"""What is installed beside the program: signatures can be read and made."""

LINUX = [f"manylinux_2_{minor}_" for minor in range(28, 4, -1)] + ["manylinux2014_", "manylinux2010_", "manylinux1_"]
"""From glibc 2.28 on: Debian 10, Kylin V10, UOS 20."""


@dataclass(frozen=True)
class System:
    """A kind of machine: its name for people, the tags of its wheels, and what pip's markers are told of it."""

    title: str
    tags: tuple[str, ...]
    markers: dict[str, str]


def linux(title: str, machine: str) -> System:
    """A Linux with glibc on one kind of processor."""
    told = {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux", "platform_machine": machine}
    return System(title, tuple(tag + machine for tag in LINUX), told)


WINDOWS = {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_machine": "AMD64"}
SYSTEMS = {
    "windows-x64": System("Windows 10 或更新（64 位）", ("win_amd64",), WINDOWS),
    "linux-x64": linux("Linux（x86-64，glibc 2.28 或更新）", "x86_64"),
    "linux-arm64": linux("Linux（ARM64，如鲲鹏、飞腾；glibc 2.28 或更新）", "aarch64"),
}
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
USUAL = [f"{system}-py{version}" for system in ("windows-x64", "linux-x64") for version in VERSIONS]

OPENTYPE, TRUETYPE = Path("/usr/share/fonts/opentype"), Path("/usr/share/fonts/truetype")
FONTS = {
    "fonts-noto-cjk": [OPENTYPE / f"noto/Noto{name}.ttc"
                       for name in ("SerifCJK-Regular", "SerifCJK-Bold", "SansCJK-Regular")],
    "fonts-lxgw-wenkai": [TRUETYPE / "lxgw-wenkai/LXGWWenKai-Regular.ttf"],
    "fonts-liberation": [TRUETYPE / f"liberation/LiberationSerif-{face}.ttf"
                         for face in ("Regular", "Bold", "Italic", "BoldItalic")],
}  # fmt: skip
"""The free faces by the Debian package that `make report` installs; all under the OFL or as free."""

ELSEWHERE = """\
import json, sys
from pip._vendor.packaging import markers
own, told = markers.default_environment, json.loads(sys.argv.pop(1))
markers.default_environment = lambda *a: {**own(*a), **told}
from pip._internal.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""pip as on another machine: `--platform` alone chooses wheels and leaves the markers to this one."""


def main(asked: list[str]) -> int:
    """Makes the kits named; 2 for one that does not exist."""
    unknown = [name for name in asked if name not in known()]
    if unknown:
        print(f"没有这种安装包：{'、'.join(unknown)}。有：{'、'.join(known())}", file=sys.stderr)
        return 2
    for name in asked or USUAL:
        made = make(name, OUT)
        print(f"{made.relative_to(ROOT)}（{made.stat().st_size / 1e6:.0f} MB）", flush=True)
    return 0


def known() -> list[str]:
    """The names of all kits."""
    return [f"{system}-py{version}" for system in SYSTEMS for version in VERSIONS]


def make(name: str, out: Path) -> Path:
    """One kit; gives its path."""
    system, _, version = name.rpartition("-py")
    folder = f"selfeval-{selfeval.__version__}-{name}"
    with tempfile.TemporaryDirectory(prefix="selfeval-kit-") as place:
        kit = Path(place) / folder
        gather(kit, SYSTEMS[system], version)
        out.mkdir(parents=True, exist_ok=True)
        written = out / f"{folder}.part"
        pack(kit, written)
        return written.replace(out / f"{folder}.zip")


def gather(kit: Path, system: System, version: str) -> None:
    """All that belongs to a kit, in a folder."""
    fetch(own_wheel(kit / "wheels"), system, version)
    for package, files in FONTS.items():
        licence = Path("/usr/share/doc") / package / "copyright"
        for source, name in [(licence, f"LICENSE-{package}.txt"), *((file, file.name) for file in files)]:
            copied(source, kit / "fonts" / name)
    shutil.copytree(ROOT / "inputs" / "ningxia-2020", kit / "sample" / "ningxia-2020")
    copied(ROOT / "LICENSE", kit / "LICENSE.txt")
    told = {"@VERSION@": version, "@SYSTEM@": system.title, "@SELFEVAL@": selfeval.__version__}
    for text in TEXTS.iterdir():
        write(kit / text.name, filled(text.read_text(encoding="utf-8"), told))
    write(kit / "selfeval.cdx.json", json.dumps(bill(kit), ensure_ascii=False, indent=2))
    write(kit / "SHA256SUMS", "".join(f"{digest}  {name}\n" for name, digest in sums(kit)))


def own_wheel(folder: Path) -> Path:
    """The program's own wheel, always the same for the same source."""
    folder.mkdir(parents=True)
    words = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    quietly([sys.executable, *words])
    return next(folder.iterdir())


def fetch(wheel: Path, system: System, version: str) -> None:
    """All that the wheel needs on that machine, beside it."""
    wanted = ["download", "--dest", str(wheel.parent), f"{wheel}[{EXTRA}]"]
    quietly([*pip(system, version), *wanted, *chosen(system, version)])


def pip(system: System, version: str) -> list[str]:
    """pip that takes itself to be on that machine."""
    told = {**system.markers, "python_version": version, "python_full_version": f"{version}.0"}
    return [sys.executable, "-c", ELSEWHERE, json.dumps(told), "--disable-pip-version-check"]


def chosen(system: System, version: str) -> list[str]:
    """Which wheels pip takes: for that machine and Python, in the versions tested."""
    tags = [word for tag in system.tags for word in ("--platform", tag)]
    of_python = ["--python-version", version, "--implementation", "cp", "--only-binary", ":all:"]
    return [*tags, *of_python, "--constraint", str(ROOT / "constraints.txt")]


def quietly(words: list[str]) -> None:
    """Runs a program; what it says is shown only if it fails."""
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise SystemExit(3)


def copied(source: Path, target: Path) -> None:
    """A file of this machine in the kit."""
    if not source.is_file():
        print(f"本机缺少 {source}：先执行 make report（Debian、Ubuntu）", file=sys.stderr)
        raise SystemExit(3)
    target.parent.mkdir(exist_ok=True)
    shutil.copyfile(source, target)


def filled(text: str, told: dict[str, str]) -> str:
    """A text of the kit with what differs between kits."""
    for mark, value in told.items():
        text = text.replace(mark, value)
    return text


def write(file: Path, text: str) -> None:
    """A text; as Windows writes it where it is for Windows: Notepad of old knows no other."""
    for_windows = file.suffix in {".bat", ".txt"}
    coding = "utf-8-sig" if file.suffix == ".txt" else "utf-8"
    file.write_text(text, encoding=coding, newline="\r\n" if for_windows else "\n")


def bill(kit: Path) -> dict[str, object]:
    """The bill of materials: the wheels and the fonts of the kit."""
    found = {name: one for one in inside((kit / "wheels").iterdir()) for name in names([one.name])}
    found.pop("selfeval")
    told = sbom.bill(dict(sorted(found.items())))
    told["components"] += [
        {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for name, digest in sums(kit)
        if name.startswith("fonts/")
    ]
    return told


def inside(wheels: Iterable[Path]) -> Iterator[Distribution]:
    """What the wheels say of themselves."""
    for wheel in wheels:
        yield from distributions(path=[str(wheel)])


def sums(kit: Path) -> Iterator[tuple[str, str]]:
    """Every file with its SHA-256, by name."""
    for file in contents(kit):
        yield file.relative_to(kit).as_posix(), hashlib.sha256(file.read_bytes()).hexdigest()


def contents(kit: Path) -> list[Path]:
    """The files of a kit in one order."""
    return sorted(file for file in kit.rglob("*") if file.is_file())


def pack(kit: Path, target: Path) -> None:
    """The folder as a zip; every file of one date. What is worth it is compressed already."""
    with zipfile.ZipFile(target, "w") as packed:
        for file in contents(kit):
            entry = zipfile.ZipInfo(file.relative_to(kit.parent).as_posix(), (2000, 1, 1, 0, 0, 0))
            entry.external_attr = (0o755 if file.suffix == ".sh" else 0o644) << 16
            entry.create_system = 3
            packed.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    os.environ["PYTHONUTF8"] = "1"
    sys.exit(main(sys.argv[1:]))
