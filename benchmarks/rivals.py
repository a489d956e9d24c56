"""One report by other means, as far as they are installed: bare WeasyPrint, our engine, Typst, Chromium, LibreOffice.

All of them set the same words; Typst is given plain text and the table in its own language, for it reads no HTML.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

Outcome = list[float] | str
"""Seconds of each run, or why there was none."""

NAIVE = """import logging, sys, time
logging.getLogger("weasyprint").setLevel(100)
import weasyprint
page = open(sys.argv[1], encoding="utf-8").read()
for line in sys.stdin:
    t = time.perf_counter(); weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/a-3a")
    print(time.perf_counter() - t, flush=True)"""
OURS = """import sys, time
from selfeval.report.pdf.engine import engine
page = open(sys.argv[1], encoding="utf-8").read()
for line in sys.stdin:
    t = time.perf_counter(); engine().render(page)
    print(time.perf_counter() - t, flush=True)"""
DRAWN = """import sys, time
from dataclasses import replace
from decimal import localcontext
from pathlib import Path
from selfeval.audit.attachments import Enclosing
from selfeval.base.exact import EXACT
from selfeval.building.tasks import Task, pdf
from selfeval.building.workers import draw_on_one_core
from selfeval.evaluation.pipeline import evaluate
from selfeval.evaluation.result import rows_of
folder, page, engine = sys.argv[1:]
draw_on_one_core()
with localcontext(EXACT):
    result = evaluate(Path(folder)).result
    prints = {card.project.id: "0123 4567 89ab cdef" for card in result.scorecards}
    task = Task("report", "report", ("pdf",), result, {"draft": False, "public": False}, prints, engine)
    enclosing = Enclosing.of(result).of_part(result, rows_of(result), {})
    task, other = (
        replace(task, result=result.about(card), project=card.project.id, enclosures=enclosing.enclosures(card))
        for card in result.scorecards[:2]
    )
    task = task if page == "report" else replace(task, page=page, name=page, result=result, project=None, enclosures=())
    for line in sys.stdin:
        t = time.process_time(); pdf(task)
        taken = time.process_time() - t
        pdf(other)  # so that nothing is kept of the one that is measured
        print(taken, flush=True)
"""
PRINT_PAGES = """import sys
from decimal import localcontext
from pathlib import Path
from selfeval.base.exact import EXACT
from selfeval.report.pages.document import project_document
from selfeval.report.pages.planner import planned
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.html.pages import Pages
from selfeval.report.pdf.fontconfig import configuration
with localcontext(EXACT):
    result = evaluate(Path(sys.argv[1])).result
    pages = Pages(result)
    for card in result.scorecards:
        page = pages.report(planned(project_document(result, card, draft=False, public=False)), for_print=True)
        Path(sys.argv[2], f"{card.project.id}.html").write_text(page, encoding="utf-8")
print(configuration())"""
POOL = """import logging, sys
from multiprocessing import Pool
from pathlib import Path
def one(page):
    import weasyprint
    logging.getLogger("weasyprint").setLevel(100)
    weasyprint.HTML(string=page.read_text(encoding="utf-8")).write_pdf(page.with_suffix(".pdf"), pdf_variant="pdf/a-3a")
if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(one, sorted(Path(sys.argv[1]).glob("*.html")), chunksize=1)
"""


def measure(folder: Path, home: Path, count: int) -> Iterator[tuple[str, Outcome]]:
    """Each way with its times; the first is what the others are compared with."""
    fonts = print_pages(folder, home / "one")
    page = next((home / "one").glob("*.html"))
    naive, ours = side_by_side([(NAIVE, str(page)), (OURS, str(page))], count, fonts)
    yield "直接用 WeasyPrint，同样的 HTML", naive
    yield "selfeval 的引擎，同样的 HTML", ours
    yield "Chromium 打印，同样的 HTML（含启动）", chromium(page, home, count)
    yield "LibreOffice，由 DOCX（含启动）", libreoffice(folder, home, min(count, 3))


def print_pages(folder: Path, home: Path) -> str:
    """The pages that the PDFs of an evaluation are made of, one file a project; returns the fonts to use."""
    home.mkdir()
    program = [sys.executable, "-c", PRINT_PAGES, str(folder), str(home)]
    return subprocess.run(program, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def pool(folder: Path, home: Path) -> tuple[dict[str, str], list[str]]:
    """What makes all PDFs of an evaluation by bare calls of WeasyPrint in a pool of two: its environment, its command.

    The pages are ready before it starts.
    """
    fonts = print_pages(folder, home / "pages")
    program = home / "pool.py"
    program.write_text(POOL, encoding="utf-8")
    return {"FONTCONFIG_FILE": fonts}, [sys.executable, str(program), str(home / "pages")]


def drawn(folder: Path, page: str, count: int) -> dict[str, list[float]]:
    """Seconds of the processor that each engine takes for the `report` of the first project, or for the `summary`.

    As in a worker process.
    """
    engines = ("weasyprint", "typst")
    return dict(
        zip(engines, side_by_side([(DRAWN, str(folder), page, engine) for engine in engines], count), strict=True)
    )


def side_by_side(programs: Sequence[tuple[str, ...]], count: int, fonts: str = "") -> list[list[float]]:
    """Warm processes asked in turn, so that a noisy moment hits all of them; the first round is not counted."""
    environment = os.environ | ({"FONTCONFIG_FILE": fonts} if fonts else {})
    running = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", *program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )
        for program in programs
    ]  # fmt: skip
    times: list[list[float]] = [[] for _ in running]
    for _ in range(count + 1):
        for process, mine in zip(running, times, strict=True):
            print(file=process.stdin, flush=True)
            mine.append(float(process.stdout.readline() if process.stdout else 0))
    for process in running:
        process.communicate()
    return [mine[1:] for mine in times]


def timed(count: int, action: Callable[[], object]) -> list[float]:
    """Seconds of each of several runs."""
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return times


def run(*arguments: str) -> None:
    """A program to its end."""
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)  # noqa: S603


def chromium(page: Path, home: Path, count: int) -> Outcome:
    """Headless Chromium, once for every page as a script would call it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        return "没有安装（apt install chromium）"
    profile = f"--user-data-dir={home / 'chromium'}"
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    more = [
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        profile,
        f"--print-to-pdf={home / 'chromium.pdf'}",
        page.as_uri(),
    ]
    return timed(min(count, 5), lambda: run(program, *quiet, *more))


def libreoffice(folder: Path, home: Path, count: int) -> Outcome:
    """Our own DOCX turned into PDF."""
    program = shutil.which("soffice")
    if program is None:
        return "没有安装（apt install libreoffice-writer）"
    run(sys.executable, "-m", "selfeval", "build", str(folder), "--out", str(home / "docx"), "--format", "docx")
    file = next((home / "docx").rglob("*.docx"), None)
    if file is None:
        return "没有生成 DOCX"
    profile = f"-env:UserInstallation={(home / 'office').as_uri()}"
    arguments = (program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(home), str(file))
    run(*arguments)
    return timed(count, lambda: run(*arguments))
