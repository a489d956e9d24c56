"""The right halves of the pictures of docs/design.md, from what is printed today: `python tools/design_pictures.py`.

The left halves show the pages of 22 November 2026 and stay as they are. Needs Chromium and Poppler.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from pictures import IMAGES, ROOT, selfeval
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

DESIGN = IMAGES / "design"
SAMPLE = ROOT / "inputs" / "mianyang-2021"
GAP = 24
"""What parts the halves, in pixels."""

LEFT = {"form": 725, "index": 710, "phone": 358, "summary": 725}
"""How wide the left halves are; of upright pages 513."""

UPRIGHT, DPI = 513, 62
PROJECT = "projects/P04/report.pdf"
PAPER = {
    "cover": (PROJECT, "填报单位"),
    "targets": (PROJECT, "数量指标：“"),
    "measures": (PROJECT, "改进措施及结果应用\n"),
    "form": (PROJECT, "预期目标"),
    "charts": (PROJECT, "各部分得分"),
    "deviations": (PROJECT, "附件3"),
    "summary": ("summary.pdf", "年初预算数"),
    "unit": ("summary.pdf", "执行率与得分"),
}
"""The file of each picture on paper, and words that stand on its page first."""

SCREEN = {
    "index": ("index.html", "#charts", (1000, 1098)),
    "phone": ("projects/P10/report.html", "#calculations", (390, 980)),
}
"""The file of each picture of a screen, what is in view, how large the window is."""


SETTLING = 500
"""How long a window is given to show what it was scrolled to, in ms."""


def paper(out: Path, name: str, made: Path) -> None:
    """A page as it is printed."""
    file, words = PAPER[name]
    texts = subprocess.run(["pdftotext", out / file, "-"], capture_output=True, text=True, check=True).stdout.split(
        "\f"
    )
    number = str(next(at for at, text in enumerate(texts, 1) if words in text))
    command = ["pdftoppm", "-r", str(DPI), "-f", number, "-l", number, "-png", "-singlefile", str(out / file)]
    subprocess.run([*command, made.with_suffix("")], check=True)


def screen(file: Path, part: str, size: tuple[int, int], browser: Browser, made: Path) -> None:
    """A part of a page as a browser shows it."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(file.as_uri())
    page.locator(part).evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    page.wait_for_timeout(SETTLING)
    page.screenshot(path=made)
    page.close()


def beside(name: str, made: Path) -> None:
    """The half that stays and the one that was made, in one picture of the height that it has."""
    path = DESIGN / f"{name}.webp"
    with Image.open(path) as old, Image.open(made) as new:
        width, high = LEFT.get(name, UPRIGHT), old.height
        kept = old.convert("RGB").crop((0, 0, width, high))
        wide = (LEFT["index"], high) if name == "index" else None
        fitted = new.convert("RGB").resize(
            wide or (round(new.width * high / new.height), high), Image.Resampling.LANCZOS
        )
    both = Image.new("RGB", (width + GAP + fitted.width, high), "#8a929a")
    both.paste(kept, (0, 0))
    both.paste(fitted, (width + GAP, 0))
    both.save(path, quality=82, method=6)


def main() -> None:
    """Makes them in a folder that is thrown away."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        selfeval("build", str(SAMPLE), "--out", folder, into=ROOT)
        out = Path(folder) / SAMPLE.name
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for name in (*PAPER, *SCREEN):
            made = Path(folder) / f"{name}.png"
            if name in PAPER:
                paper(out, name, made)
            else:
                file, part, size = SCREEN[name]
                screen(out / file, part, size, browser, made)
            beside(name, made)
        browser.close()


if __name__ == "__main__":
    main()
