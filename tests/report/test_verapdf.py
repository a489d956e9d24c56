"""PDF/A-3a and PDF/UA-1 by veraPDF, the reference validator: no check fails, on any kind of PDF, by either engine."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import verapdf
from engines import needs
from evaluations import TOML, make_evaluation
from honest import evaluation

from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.engines import TYPST, WEASYPRINT

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(bool(verapdf.lacking()), reason=verapdf.lacking() or "-"),
]
ROOT = Path(__file__).resolve().parents[2]
LAYOUTS = ("national", "sichuan", "transfer", "hubei")
REVIEW = "二级指标 | 三级指标 | 复核得分 | 复核意见\n数量指标 | 维修里程 | 40 | 少修两公里"
NARRATIVE = """\
#### 没有章的小标题
文字。
# 一、项目概况
##### 跳级的标题
- ###### 列表里的标题
> # 引用里的标题

![](图.png) ![有说明](图.png) [链接](https://example.org) **粗** *斜* ~~删~~ 𠀀 \ue000

| 甲 | 乙 |
|---|---|
| 1 |   |

    代码
"""


def picture():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + colour * 2 for colour in (b"\xff\0\0", b"\0\xff\0"))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def made(folder, out, engine, **options):
    """The PDFs of an evaluation, with a book; without it where its pages are a second time those of the reports."""
    needs(engine)
    built = build(evaluate(folder).result, Request(out, ("pdf",), pdf_engine=engine, **options)).folder
    return [*built.rglob("*.pdf")]


def verdicts(files):
    """What veraPDF fails of each file under each standard."""
    words = [sys.executable, Path(verapdf.__file__), *files]
    done = subprocess.run([*map(str, words)], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 2 * len(files), done.stderr
    assert all(line["checks"] > 1000 for line in lines)
    return {(line["file"], line["standard"]): line["failed"] for line in lines if line["failed"]}


@pytest.mark.parametrize("engine", [WEASYPRINT, TYPST])
def test_the_samples_pass(tmp_path, engine):
    """Both samples: reports, summaries with the form of the unit, books."""
    files = [
        file
        for name in ("mianyang-2021", "ningxia-2020")
        for file in made(ROOT / "inputs" / name, tmp_path, engine, book=True)
    ]
    assert len(files) == 13 + 2 + 2
    assert verdicts(files) == {}


@pytest.mark.parametrize("engine", [WEASYPRINT, TYPST])
def test_every_layout_edition_and_narrative_passes(tmp_path, engine):
    """Each layout with a review and a narrative that skips levels, draft and public; honest reports of odd inputs."""
    files = []
    for layout in LAYOUTS:
        home = tmp_path / layout
        home.mkdir()
        folder = make_evaluation(home, toml=f'{TOML}\n[report]\nlayout = "{layout}"\n', review=REVIEW)
        (folder / "narrative").mkdir()
        for name in ("P01", "unit"):
            (folder / f"narrative/{name}.md").write_text(NARRATIVE, encoding="utf-8")
        for place in (folder, folder / "narrative"):
            (place / "图.png").write_bytes(picture())
        files += made(folder, home / "out", engine, draft=True, book=True)
        files += made(folder, home / "public", engine, public=True)
    for seed in (2, 6, 8):
        home = tmp_path / str(seed)
        home.mkdir()
        folder, options = evaluation(home, seed)
        files += made(folder, home / "out", engine, **options)
    assert verdicts(files) == {}


def test_a_broken_file_does_not_pass(tmp_path):
    """So that an empty list of failures means something."""
    from weasyprint import HTML

    plain = tmp_path / "plain.pdf"
    HTML(string=f"<html><body>{'<p>文字' * 500}").write_pdf(plain)
    failed = verdicts([plain])
    assert {standard for _, standard in failed} == {"3a", "ua1"}


@pytest.mark.parametrize("engine", [WEASYPRINT, TYPST])
def test_a_signed_report_passes_but_for_the_tag_of_its_signature(tmp_path, engine):
    pytest.importorskip("pyhanko")
    from certificates import signer_of

    files = made(make_evaluation(tmp_path), tmp_path / "out", engine)
    (report,) = [file for file in files if file.name == "report.pdf"]
    signed = tmp_path / "signed.pdf"
    signed.write_bytes(signer_of(tmp_path, "张三").sign(report.read_bytes()))
    ((_, standard), (failed,)) = next(iter(verdicts([signed]).items()))
    assert (standard, failed[:6]) == ("ua1", "7.18.4")
