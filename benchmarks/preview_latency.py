"""How long from saving actuals.csv to the new number: told to a listener, fetched, and shown by a real browser.

    python benchmarks/preview_latency.py [--saves 40] [--evaluation inputs/mianyang-2021] [--memory 500]

A copy of the evaluation is previewed by a process of its own; every save writes another actual and waits for the total
that it must give. `--memory`: so many more saves, with a page fetched after each, and the server's memory on the way.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from preview_server import Preview, previewed, states  # noqa: E402

from selfeval.base import display  # noqa: E402
from selfeval.base.model import Kind  # noqa: E402
from selfeval.evaluation.pipeline import evaluate  # noqa: E402
from selfeval.reading.columns import ACTUALS  # noqa: E402
from selfeval.reading.csv_edit import rewritten  # noqa: E402


class Sample:
    """A copy of an evaluation whose first countable indicator gets a new actual with every save."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "actuals.csv"
        self.original, self.number = self.file.read_bytes(), 0
        score = next(
            s
            for card in evaluate(folder).result.scorecards
            for s in card.scores
            if s.indicator.target.kind is Kind.NUMBER and s.indicator.target.value and s.indicator.actual_place
        )
        self.project, self.line = score.indicator.project, score.indicator.actual_place.line
        self.target = score.indicator.target.value / score.indicator.target.scale
        self.page = f"view/{folder.name}/projects/{self.project}/report.html"

    def next(self) -> tuple[bytes, str]:
        """The file with another actual, and the project's total as printed that must come of it."""
        self.number += 1
        text = f"{self.target * (40 + self.number % 50) / 100:f}"
        content = rewritten(self.original, ACTUALS, {self.line: {"实际完成值": text}})
        with TemporaryDirectory() as place:
            twin = Path(shutil.copytree(self.folder, Path(place) / self.folder.name))
            (twin / "actuals.csv").write_bytes(content)
            cards = evaluate(twin).result.scorecards
        return content, display.points(next(c.total for c in cards if c.project.id == self.project))


def measured(name: str, saves: int, sample: Sample, wait: Callable[[str], object]) -> None:
    """Saves so many times; prints median, 90th percentile and worst in ms."""
    times = []
    for _ in range(saves):
        content, total = sample.next()
        time.sleep(0.15)
        started = time.perf_counter()
        sample.file.write_bytes(content)
        wait(total)
        times.append((time.perf_counter() - started) * 1000)
    ordered = sorted(times)
    ninth = ordered[int(len(ordered) * 0.9) - 1]
    print(f"{name}: median {statistics.median(times):.0f} ms, 90% {ninth:.0f} ms, worst {ordered[-1]:.0f} ms ({saves})")


def with_listener(preview: Preview, sample: Sample, saves: int) -> None:
    """As the browser does, without one: news, then the page."""
    with httpx.Client(base_url=preview.url, trust_env=False, timeout=60) as client, client.stream("GET", "events") as s:
        heard = states(s)
        next(heard)

        def wait(total: str) -> None:
            while True:
                next(heard)
                if f'<p class="number">{total}</p>' in client.get(sample.page).text:
                    return

        measured("save → number in the page fetched", saves, sample, wait)


@contextmanager
def browser_page() -> Iterator[object | None]:
    """A page of Chromium, None where there is none."""
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


def with_browser(preview: Preview, sample: Sample, saves: int) -> None:
    """Until the number stands in the document of a real browser."""
    with browser_page() as page:
        if page is None:
            print("save → number in Chromium: no Chromium or no Playwright here")
            return
        page.goto(preview.url + sample.page)
        page.wait_for_timeout(500)
        shown = "total => document.querySelector('.figure.total .number').textContent === total"
        wait = lambda total: page.wait_for_function(shown, arg=total, polling="raf")  # noqa: E731
        measured("save → number in Chromium", saves, sample, wait)


def memory(preview: Preview, sample: Sample, saves: int) -> None:
    """The server's resident memory (Linux) every tenth of so many saves, each with pages fetched."""
    pages = [sample.page, f"view/{sample.folder.name}/index.html", f"fill/{sample.folder.name}/{sample.project}", ""]
    status = Path(f"/proc/{preview.process.pid}/status")
    seen = []
    with httpx.Client(base_url=preview.url, trust_env=False, timeout=60) as client, client.stream("GET", "events") as s:
        heard = states(s)
        next(heard)
        for at in range(saves + 1):
            if at % max(1, saves // 10) == 0:
                line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
                seen.append(int(line.split()[1]) // 1024)
            sample.file.write_bytes(sample.next()[0])
            next(heard)
            for page in pages:
                client.get(page)
    print(f"memory over {saves} saves, MB: {' '.join(map(str, seen))}")


def main() -> None:
    """Runs all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--saves", type=int, default=40)
    parser.add_argument("--evaluation", type=Path, default=ROOT / "inputs" / "mianyang-2021")
    parser.add_argument("--memory", type=int, default=0)
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(shutil.copytree(given.evaluation, Path(place) / given.evaluation.name))
        sample = Sample(folder)
        with previewed(folder, "--port", "0") as preview:
            with_listener(preview, sample, given.saves)
            with_browser(preview, sample, given.saves)
            if given.memory:
                memory(preview, sample, given.memory)


if __name__ == "__main__":
    main()
