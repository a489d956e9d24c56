"""What a build is asked for, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from selfeval.audit.signatures import Signer
from selfeval.base.diagnostics import Diagnostic
from selfeval.report.engines import WEASYPRINT

FORMATS = ("html", "pdf", "xlsx", "docx")
USUAL = ("html", "pdf")
"""The formats of a build that does not say."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to build. `projects` limits rendering only; empty means all.

    `public`: the edition for a website (no attachments, phones masked); `draft`: 征求意见稿 on every page;
    `signer`: whose signature every PDF gets; `book`: all in one PDF as well.
    `jobs`, `timeout` (seconds for one report), `cluster` (an address) and `force` change how it is done, never what
    comes out.
    """

    out: Path
    formats: tuple[str, ...] = USUAL
    projects: frozenset[str] = frozenset()
    jobs: int = 1
    public: bool = False
    draft: bool = False
    pdf_engine: str = WEASYPRINT
    timeout: float | None = None
    cluster: str = ""
    force: bool = False
    signer: Signer | None = None
    book: bool = False

    @property
    def options(self) -> str:
        """What of it changes the content of a file."""
        return repr((self.public, self.draft, self.pdf_engine))

    @property
    def scope(self) -> str:
        """What of it decides which files there are, and what they hold."""
        return repr((self.options, self.formats, self.book))

    @property
    def prints(self) -> bool:
        """Whether any PDF is asked for."""
        return self.book or "pdf" in self.formats

    def wants(self, id_: str) -> bool:
        """Whether a project's report is to be rendered."""
        return not self.projects or id_ in self.projects

    def folder(self, evaluation: str) -> Path:
        """Where the outputs of an evaluation go."""
        return self.out / evaluation


@dataclass(frozen=True, slots=True)
class Built:
    """What a build came to: its folder, what rendering found, and what was found in the inputs."""

    folder: Path
    diagnostics: tuple[Diagnostic, ...]
    of_inputs: tuple[Diagnostic, ...]


class Watch(Protocol):
    """Told of what is to be made and of every page made, for a progress bar."""

    def expect(self, pages: int) -> None:
        """So many pages more are due."""

    def done(self, name: str) -> None:
        """One of them is finished."""


class Unwatched:
    """Tells nobody."""

    def expect(self, pages: int) -> None:
        """Nothing."""

    def done(self, name: str) -> None:
        """Nothing."""
