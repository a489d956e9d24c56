"""What `doctor` reports, and what is said where Pango is missing."""

import builtins
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from selfeval.cli import doctor_report as machine
from selfeval.report import engines
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf import fonts, requirements
from selfeval.report.pdf.requirements import MachineLacks, Need, remedy_command

CHINESE = re.compile("[一-鿿]")


def findings() -> dict[str, Need]:
    return {finding.name: finding for finding in machine.examine()}


@pytest.fixture
def without(monkeypatch):
    """Makes `import weasyprint` fail, as on a machine that lacks Pango or WeasyPrint."""
    real = builtins.__import__

    def fail_with(error: Exception) -> None:
        def fake(name, *args, **kwargs):
            if name.split(".")[0] == "weasyprint":
                sys.stdout.write("WeasyPrint could not import some external libraries.")
                raise error
            return real(name, *args, **kwargs)

        for name in [n for n in sys.modules if n.split(".")[0] == "weasyprint"]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(builtins, "__import__", fake)

    return fail_with


PANGO = OSError("cannot load library 'libpango-1.0-0'")


def test_without_pango_one_chinese_line_and_a_command(without, capfd):
    without(PANGO)
    with pytest.raises(MachineLacks, match="缺少排版库 Pango") as caught:
        pdf.PdfEngine()
    assert caught.value.remedy == remedy_command("pango")
    assert "请运行" in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_without_weasyprint_the_command_is_pip(without):
    without(ImportError("No module named 'weasyprint'"))
    with pytest.raises(MachineLacks, match="没有安装 WeasyPrint") as caught:
        pdf.load()
    assert caught.value.remedy.startswith("pip install")


def test_doctor_works_without_pango(without, monkeypatch):
    monkeypatch.setattr(fonts.shutil, "which", lambda _: None)
    monkeypatch.setattr(machine, "has_typst", lambda: False)
    without(PANGO)
    lacks = [f for f in machine.examine() if not f.ok]
    assert any(f.fatal and "Pango" in f.detail and f.remedy for f in lacks)
    assert "中文字体" in {f.name for f in lacks}


def test_a_replaced_face_is_fine_and_named(monkeypatch):
    role = fonts.ROLES[1]
    face = fonts.Face(role, "Noto Serif CJK SC", "Regular", "", exact=False, usable=True)
    monkeypatch.setattr(fonts, "used_faces", lambda: (face,))
    finding = findings()["仿宋（正文）"]
    assert finding.ok
    assert finding.detail == "未安装，由 Noto Serif CJK SC Regular 代替"


def test_no_chinese_font_is_fatal(monkeypatch):
    role = fonts.ROLES[1]
    face = fonts.Face(role, "DejaVu Sans", "Book", "", exact=False, usable=False)
    monkeypatch.setattr(fonts, "used_faces", lambda: (face,))
    finding = findings()["中文字体"]
    assert (finding.ok, finding.fatal) == (False, True)
    assert finding.remedy == remedy_command("fonts")


def test_slow_subsetting_is_not_fatal(monkeypatch):
    pytest.importorskip("weasyprint")
    monkeypatch.setattr(pdf, "has_fast_subsetting", lambda: False)
    finding = findings()["HarfBuzz 字体子集"]
    assert (finding.ok, finding.fatal) == (False, False)


def test_everything_is_said_in_chinese():
    assert all(CHINESE.search(f.name + f.detail) or f.name == "Python" for f in machine.examine())


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030"])
def test_a_terminal_that_shows_chinese_is_fine(encoding):
    assert machine._can_encode(encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "unknown"])
def test_a_terminal_that_cannot_is_not(encoding):
    assert not machine._can_encode(encoding)


@pytest.mark.parametrize(
    ("tool", "command"),
    [
        ("apt-get", "sudo apt install libpango-1.0-0 libpangoft2-1.0-0"),
        ("dnf", "sudo dnf install pango"),
        ("pacman", "sudo pacman -S pango"),
    ],
)
def test_the_command_is_the_systems(monkeypatch, tool, command):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(requirements.shutil, "which", lambda name: name if name == tool else None)
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 1000, raising=False)
    assert remedy_command("pango") == command


def test_the_commands_of_macos_and_windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert remedy_command("pango") == "brew install pango"
    assert remedy_command().startswith("brew install pango && brew install --cask")
    monkeypatch.setattr(sys, "platform", "win32")
    assert "mingw-w64-ucrt-x86_64-pango" in remedy_command()
    assert "WEASYPRINT_DLL_DIRECTORIES" in remedy_command("pango")


def test_a_command_that_does_not_look_at_the_machine_loads_nothing_that_does():
    code = "import sys, selfeval.cli.app; sys.exit('selfeval.report.engines' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_modules_loads_no_renderer():
    code = "import sys, selfeval.cli.doctor_report, selfeval.report.pdf.engine; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("version", "ok", "fatal"), [("69.1", False, True), ("70.0", True, False), ("71.0", False, False)]
)
def test_an_untried_series_of_weasyprint_is_told_and_an_old_one_is_fatal(monkeypatch, version, ok, fatal):
    monkeypatch.setattr(pdf, "load", lambda: SimpleNamespace(__version__=version))
    finding = findings()["WeasyPrint 版本"]
    assert (finding.ok, finding.fatal, finding.detail) == (ok, fatal, version)
    assert finding.remedy == "pip install 'weasyprint>=70,<71'"


def test_an_output_folder_that_cannot_be_written_is_told_with_the_reason(monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(machine.tempfile, "TemporaryFile", refuse)
    finding = findings()["输出文件夹"]
    assert (finding.ok, finding.fatal) == (False, False)
    assert "不能写入" in finding.detail
    assert "--out" in finding.remedy


def test_a_terminal_without_chinese_is_told_with_the_command(monkeypatch):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="cp437"))
    finding = machine._console()
    assert not finding.ok
    assert "cp437" in finding.detail
    assert "chcp 65001" in finding.remedy


@pytest.mark.parametrize(
    ("pango", "typst", "word", "fatal"),
    [
        (True, True, "weasyprint（本机有 Pango）", False),
        (False, True, "typst（本机没有 Pango）", False),
        (False, False, "都不能用", True),
    ],
)
def test_doctor_names_the_engine_that_would_be_used(monkeypatch, pango, typst, word, fatal):
    for module in (machine, engines):
        monkeypatch.setattr(module, "has_weasyprint", lambda: pango)
        monkeypatch.setattr(module, "has_typst", lambda: typst)
    monkeypatch.setattr(fonts, "used_faces", tuple)
    finding = findings()["生成 PDF 用"]
    assert word in finding.detail
    assert (not finding.ok and finding.fatal) == fatal


def test_without_pango_doctor_tells_the_faces_that_typst_finds(monkeypatch):
    monkeypatch.setattr(machine, "usual_engine", lambda: engines.TYPST)
    monkeypatch.setattr(fonts, "used_faces", lambda: pytest.fail("fontconfig is not asked"))
    assert findings()["中文字体"].ok
    assert "仿宋（正文）" in findings()
