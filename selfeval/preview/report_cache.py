"""The reports as they would be built, for the browser: made when asked for, kept until something changes."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from decimal import localcontext
from pathlib import Path
from typing import TYPE_CHECKING

from selfeval.base.diagnostics import Diagnostic
from selfeval.base.exact import EXACT
from selfeval.evaluation.result import Result
from selfeval.preview.pdf_jobs import SUMMARY
from selfeval.preview.state import View, is_data
from selfeval.report.pages.document import index_document, project_document, summary_document

if TYPE_CHECKING:
    from selfeval.report.html.pages import Pages


INDEX = "~index"
"""The page that is no project's: no id has this sign."""
SCRIPT = "js/index.js"

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Report:
    """A page, without its stylesheet, which is fetched under `style` (its hash); `script`: the hash of its script.

    `fault`: the page is an older one, since a template cannot be used now.
    """

    html: str
    style: str
    script: str
    fault: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class Reports:
    """The pages of one evaluation. Mutable: the last good one of each is kept, and the environment stays warm."""

    version: int = 0
    made: dict[str, tuple[int, Report]] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    _pages: Pages | None = None

    def page(self, view: View, result: Result, name: str) -> Report | None:
        """INDEX, SUMMARY or a project's id; None where the evaluation has no such page."""
        known = self.made.get(name)
        if known and known[0] == view.version:
            return known[1]
        report = self._fresh(view, result, name)
        if report and report.fault and known:
            report = Report(known[1].html, known[1].style, known[1].script, report.fault)
        if report:
            self.made[name] = (view.version, report)
            self._keep({INDEX, SUMMARY, *(card.project.id for card in result.scorecards)})
        return report

    def _keep(self, names: set[str]) -> None:
        """Forgets pages of projects that are gone, and stylesheets that no page uses."""
        self.made = {name: one for name, one in self.made.items() if name in names}
        used = {one.style for _, one in self.made.values()}
        self.styles = {key: text for key, text in self.styles.items() if key in used}

    def _fresh(self, view: View, result: Result, name: str) -> Report | None:
        """The page made now; without words where a template of the unit's own fails."""
        from selfeval.report.html.pages import TemplateFaultError

        try:
            with localcontext(EXACT):
                html = html_of(self._environment(view), result, name)
        except TemplateFaultError as fault:
            return Report("", "", "", (fault.finding,))
        return None if html is None else self._apart(html, view.folder)

    def _environment(self, view: View) -> Pages:
        """The templates, compiled once; read again after a change of anything but data."""
        from selfeval.report.html.pages import Pages

        data = all(map(is_data, view.files))
        if self._pages is None or (view.version != self.version and not (view.files and data)):
            self._pages = Pages(view.result) if view.result else None
        self.version = view.version
        assert self._pages is not None  # noqa: S101 - a page is asked of a view with a result
        return self._pages

    def _apart(self, html: str, folder: Path) -> Report:
        """The page and its stylesheet apart, so that styles need not be allowed inside pages."""
        from selfeval.reading.layouts import template_folders
        from selfeval.report.html.pages import source_of

        match = _STYLE.search(html)
        text = match[1] if match else ""
        style = hashlib.sha256(text.encode()).hexdigest()[:32]
        self.styles[style] = text
        shipped = source_of(template_folders(folder), SCRIPT)
        own = [script for script in _INLINE.findall(html) if shipped and script.strip() == shipped[0].strip()]
        return Report(_STYLE.sub("", html, count=1), style, hash_of(own[0]) if own else "")


def hash_of(script: str) -> str:
    """How a content security policy names an inline script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def html_of(pages: Pages, result: Result, name: str) -> str | None:
    """One page, by the same documents and templates as in a build."""
    if name == INDEX:
        return pages.index(index_document(result))
    if name == SUMMARY:
        return pages.summary(summary_document(result))
    card = next((card for card in result.scorecards if card.project.id == name), None)
    return None if card is None else pages.report(project_document(result, card))
