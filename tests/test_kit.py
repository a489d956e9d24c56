"""The installation kits for machines without a network: complete, always the same, at work where nothing else is."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
import zipfile

import kit
import licences
import pytest
from packaging.requirements import Requirement

MACHINE = "arm64" if platform.machine() == "aarch64" else "x64"
HERE = f"linux-{MACHINE}-py{sys.version_info[0]}.{sys.version_info[1]}"
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform != "linux", reason="安装包在 Linux 上做"),
    pytest.mark.skipif(HERE not in kit.known(), reason=f"没有为 {HERE} 做的安装包"),
]

OFFLINE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": ""}


def run(*words, **more):
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """The kit of this machine."""
    return kit.make(HERE, tmp_path_factory.mktemp("kits"))


@pytest.fixture(scope="module")
def unpacked(packed, tmp_path_factory):
    home = tmp_path_factory.mktemp("unpacked")
    zipfile.ZipFile(packed).extractall(home)
    (folder,) = home.iterdir()
    return folder


def test_a_second_kit_is_the_same_bytes(packed, tmp_path):
    assert kit.make(HERE, tmp_path).read_bytes() == packed.read_bytes()


def test_it_installs_builds_and_verifies_without_a_network(unpacked, tmp_path):
    alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", **OFFLINE}
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / f"python{HERE.rpartition('py')[2]}").symlink_to(sys.executable)
    alone["PATH"] = f"{tmp_path / 'bin'}:{alone['PATH']}"
    told = run("sh", unpacked / "install.sh", tmp_path / "program", env=alone)
    assert "装好了" in told
    assert {file.suffix for file in (tmp_path / ".local/share/fonts/selfeval").iterdir()} == {".ttc", ".ttf"}
    program = tmp_path / "program/bin/selfeval"
    sample = unpacked / "sample/ningxia-2020"
    for engine in ("typst", "weasyprint"):
        out = tmp_path / engine
        words = ("--project", "P01", "--pdf-engine", engine, "--out", out)
        run(program, "build", sample, *words, env=alone, cwd=tmp_path)
        report = out / "ningxia-2020/projects/P01/report.pdf"
        assert "一致" in run(program, "verify", report, env=alone, cwd=tmp_path)


def test_a_changed_file_is_not_installed(unpacked, tmp_path):
    changed = tmp_path / "kit"
    changed.mkdir()
    for file in ("install.py", "SHA256SUMS"):
        (changed / file).write_bytes((unpacked / file).read_bytes())
    done = subprocess.run([sys.executable, changed / "install.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "不完整或被改动" in done.stderr


def test_sums_and_materials_name_every_file(unpacked):
    listed = dict(reversed(line.split("  ", 1)) for line in (unpacked / "SHA256SUMS").read_text("utf-8").splitlines())
    files = {file.relative_to(unpacked).as_posix() for file in unpacked.rglob("*") if file.is_file()}
    assert files == {*listed, "SHA256SUMS"}
    assert all(hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())
    bill = json.loads((unpacked / "selfeval.cdx.json").read_text("utf-8"))
    wheels = [name for name in files if name.startswith("wheels/")]
    fonts = [name for name in files if name.startswith("fonts/")]
    assert len(bill["components"]) == len(wheels) - 1 + len(fonts)
    assert "@" not in (unpacked / "安装说明.txt").read_text("utf-8-sig")


@pytest.mark.parametrize("version", kit.VERSIONS)
@pytest.mark.parametrize("system", ["windows-x64", "linux-arm64"])
def test_every_need_of_another_system_is_in_its_kit(system, version, tmp_path):
    wheel = kit.own_wheel(tmp_path / "wheels")
    kit.fetch(wheel, kit.SYSTEMS[system], version)
    machine = {**kit.SYSTEMS[system].markers, "python_version": version, "python_full_version": f"{version}.0"}
    found = {name: one for one in kit.inside(wheel.parent.iterdir()) for name in licences.names([one.name])}
    assert ("colorama" in found) == (system == "windows-x64")
    for one in found.values():
        needs = [Requirement(line) for line in one.requires or ()]
        for need in needs:
            if not need.marker or need.marker.evaluate({**machine, "extra": ""}):
                (name,) = licences.names([need.name])
                assert need.specifier.contains(found[name].version, prereleases=True), (one.name, str(need))
    pinned = {line.partition("==")[0] for line in (kit.ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    assert set(found) - {"selfeval"} <= set(licences.names(pinned)), "without a pinned version"


def test_an_unknown_kit_is_refused(capsys):
    assert kit.main(["windows-x64-py2.7"]) == 2
    assert "windows-x64-py3.12" in capsys.readouterr().err
