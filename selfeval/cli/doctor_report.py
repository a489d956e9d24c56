"""What this machine has and lacks: the content of `selfeval doctor`. Works without WeasyPrint."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from selfeval.base.files import reason_of
from selfeval.base.phrases import phrase
from selfeval.report.engines import TYPST, has_typst, has_weasyprint, usual_engine
from selfeval.report.pdf.fontconfig import VARIABLE, configuration
from selfeval.report.pdf.fonts import needs_of, needs_of_fontconfig
from selfeval.report.pdf.requirements import PIP, PYTHON, WEASYPRINT, MachineLacks, Need, remedy_command


def examine() -> tuple[Need, ...]:
    """All findings, in the order in which one would mend them. Never raises."""
    return (_python(), _engine(), *_weasyprint(), _typst(), _fontconfig(), *_faces(), _console(), _output())


def _python() -> Need:
    version = ".".join(map(str, sys.version_info[:3]))
    remedy = phrase("请安装 Python {python}.{other_python} 或更新版本", python=PYTHON[0], other_python=PYTHON[1])
    return Need("Python", sys.version_info >= PYTHON, version, remedy, fatal=True)


def _weasyprint() -> tuple[Need, ...]:
    """Whether a PDF can be made at all, by a version we know, at full speed."""
    from selfeval.report.pdf.engine import load

    name = phrase("排版（WeasyPrint、Pango）")
    try:
        version = str(load().__version__)
    except MachineLacks as lack:
        return (Need(name, ok=False, detail=lack.message, remedy=lack.remedy, fatal=not has_typst()),)
    return Need(name, ok=True, detail=phrase("可用"), fatal=not has_typst()), _version(version), _subsetting()


def _version(version: str) -> Need:
    """Older ones have holes, newer ones have not been tried with our code."""
    first = version.split(".", maxsplit=1)[0]
    major = int(first) if first.isdigit() else 0
    low, high = WEASYPRINT
    return Need(phrase("WeasyPrint 版本"), low <= major < high, version, PIP, fatal=major < low)


def _subsetting() -> Need:
    """HarfBuzz can cut fonts down; without it Python does, twenty times slower."""
    from selfeval.report.pdf.engine import has_fast_subsetting

    fast = has_fast_subsetting()
    detail = phrase("可用") if fast else phrase("缺少 libharfbuzz-subset 4.1 或更新版本，生成 PDF 要慢二十倍以上")
    return Need(phrase("HarfBuzz 字体子集"), fast, detail, remedy_command("subset"))


def _engine() -> Need:
    """Which of the two would be used, and whether either can."""
    usual = usual_engine()
    able = has_weasyprint() or has_typst()
    why = phrase("本机有 Pango") if has_weasyprint() else phrase("本机没有 Pango")
    detail = (
        phrase("{usual}（{why}）；可用 --pdf-engine 指定另一种", usual=usual, why=why)
        if able
        else phrase("WeasyPrint 和 Typst 都不能用")
    )
    return Need(phrase("生成 PDF 用"), able, detail, PIP, fatal=True)


def _typst() -> Need:
    """The engine that needs no library beside it."""
    from selfeval.report.typst.loading import PIP as TYPST_PIP
    from selfeval.report.typst.loading import load

    try:
        return Need(phrase("排版（Typst）"), ok=True, detail=phrase("可用，{version}", version=load().__version__))
    except MachineLacks as lack:
        return Need(phrase("排版（Typst）"), ok=False, detail=lack.message, remedy=TYPST_PIP)


def _faces() -> tuple[Need, ...]:
    """The fonts that the engine in use finds."""
    if usual_engine() == TYPST:
        from selfeval.report.typst.faces import used_faces

        return needs_of(used_faces())
    return needs_of_fontconfig()


def _fontconfig() -> Need:
    """Whose rules for replacing fonts are in force."""
    chosen, ours = os.environ.get(VARIABLE), configuration()
    if chosen and (ours is None or chosen != str(ours)):
        detail = phrase("{variable} 指定了 {chosen}，不用本程序自带的替代规则", variable=VARIABLE, chosen=chosen)
        return Need(phrase("字体配置"), ok=True, detail=detail)
    if ours is None:
        detail = phrase("缺少 fonts.conf，字体替代由系统决定")
        return Need(phrase("字体配置"), ok=False, detail=detail, remedy=phrase("重新安装 selfeval"))
    return Need(phrase("字体配置"), ok=True, detail=str(ours))


def _console() -> Need:
    """Whether the terminal can show Chinese. UTF-8 is best, GBK will do."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    ok = _can_encode(encoding)
    fix = phrase("运行 chcp 65001，或设置环境变量 PYTHONUTF8=1")
    return Need(phrase("终端编码"), ok, encoding if ok else phrase("{encoding}，不能显示中文", encoding=encoding), fix)


def _output() -> Need:
    """Whether `build`, started here, could write what it makes: out/, or the folder that would get it."""
    folder = next(place for place in (Path("out"), Path()) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        detail = phrase(
            "{absolute} 不能写入（{reason_of}）", absolute=str(folder.absolute()), reason_of=reason_of(error)
        )
        remedy = phrase("取消该文件夹的只读属性或清理磁盘，或用 selfeval build --out 换一个文件夹")
        return Need(phrase("输出文件夹"), ok=False, detail=detail, remedy=remedy)
    return Need(phrase("输出文件夹"), ok=True, detail=phrase("可以写入，{absolute}", absolute=str(folder.absolute())))


def _can_encode(encoding: str) -> bool:
    encode: Callable[..., bytes] = "绩效自评：≥95%".encode
    try:
        return bool(encode(encoding))
    except (UnicodeEncodeError, LookupError):
        return False
