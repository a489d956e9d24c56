"""The pictures of docs/tutorial.md, from what the program really shows: `python tools/pictures.py`.

Needs Chromium and Poppler, as `make test-full` does.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PROGRAM = [sys.executable, "-X", "utf8", "-m", "selfeval"]
SURROUNDINGS = {**os.environ, "PYTHONPATH": str(ROOT)}
EVALUATION = "我的评价-2025"
COLOURS = 64
"""Colours of a picture: text and lines need no more, and the files stay small."""

TERMINAL = """<meta charset="utf-8"><body style="margin:0;background:#1d2430"><pre style="margin:0;padding:18px 22px;
color:#dfe6ee;font:15px/1.5 'Noto Sans Mono CJK SC',monospace;white-space:pre-wrap">{text}</pre>"""


def selfeval(*words: str, into: Path) -> str:
    """What a command prints."""
    line, env = [*PROGRAM, *words], SURROUNDINGS
    done = subprocess.run(line, cwd=into, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.stdout


@contextmanager
def preview(folder: Path) -> Iterator[str]:
    """The preview of the example while it runs: its address."""
    line, env, pipe = [*PROGRAM, "preview", EVALUATION], SURROUNDINGS, subprocess.PIPE
    with subprocess.Popen(line, cwd=folder, env=env, stdout=pipe, text=True, encoding="utf-8") as process:
        try:
            said = process.stdout.readline() if process.stdout else ""
            yield re.findall(r"http://\S+?/", said)[0]
        finally:
            process.terminate()


def small(picture: Path) -> None:
    """Few colours, well packed."""
    with Image.open(picture) as image:
        reduced = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(picture, optimize=True)


def shot(browser: Browser, address: str, name: str, size: tuple[int, int]) -> None:
    """A page as a browser shows it."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(address, wait_until="load")
    page.screenshot(path=IMAGES / name, clip={"x": 0, "y": 0, "width": size[0], "height": size[1]})
    page.close()


def form_page(folder: Path) -> None:
    """The page of the PDF that has the 自评表."""
    pdf = folder / "out" / EVALUATION / "projects" / "P01" / "report.pdf"
    texts = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    number = str(next(i for i, text in enumerate(texts, 1) if "预期目标" in text))
    made = IMAGES / "tutorial-form"
    subprocess.run(["pdftoppm", "-r", "90", "-f", number, "-l", number, "-png", "-singlefile", pdf, made], check=True)


def spoil(folder: Path) -> None:
    """Two mistakes as people make them: an outcome left blank, a reason not given."""
    table = folder / EVALUATION / "actuals.csv"
    text = table.read_text(encoding="utf-8-sig").replace(",96.3%,", ",,", 1)
    table.write_text(re.sub(r"第三季度[^,]*", "", text), encoding="utf-8-sig")


def take(folder: Path, browser: Browser) -> None:
    """All pictures."""
    selfeval("init", EVALUATION, into=folder)
    selfeval("build", EVALUATION, into=folder)
    form_page(folder)
    report = folder / "out" / EVALUATION / "projects" / "P01" / "report.html"
    shot(browser, report.as_uri(), "tutorial-report.png", (1100, 760))
    with preview(folder) as address:
        shot(browser, f"{address}fill/{EVALUATION}/P01", "tutorial-fill.png", (1100, 760))
    spoil(folder)
    said = selfeval("check", EVALUATION, into=folder)
    terminal = folder / "terminal.html"
    told = html.escape(f"$ selfeval check {EVALUATION}\n{said}")
    terminal.write_text(TERMINAL.format(text=told), encoding="utf-8")
    shot(browser, terminal.as_uri(), "tutorial-check.png", (1000, 60 + 23 * told.count("\n")))


def main() -> None:
    """Takes them in a folder that is thrown away."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take(Path(folder), browser)
        browser.close()
    for picture in IMAGES.glob("tutorial-*.png"):
        small(picture)


if __name__ == "__main__":
    main()
