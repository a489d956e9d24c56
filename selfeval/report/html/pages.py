"""Documents into HTML by Jinja2 (in a `sandbox`). One self-contained file per page, nothing fetched.

The same templates make the page for the screen and, with `for_print`, the one the PDF is made of.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfeval.base.diagnostics import Diagnostic, finding
from selfeval.base.files import inside, read_file
from selfeval.base.marks import without_hidden
from selfeval.base.model import Place
from selfeval.base.phrases import CHINESE, Param, Phrase, each_text, said
from selfeval.evaluation.result import Result
from selfeval.reading.layouts import LAYOUT, layouts_in, shipped_templates, template_folders
from selfeval.reading.markdown import SECTION, to_html
from selfeval.reading.narrative import picture
from selfeval.report.pages.views import BookDocument, IndexDocument, ProjectDocument, SummaryDocument
from selfeval.report.pages.words import WORDS

if TYPE_CHECKING:
    from selfeval.report.html.sandbox import Sandbox


class TemplateFaultError(Exception):
    """A template that cannot be used; carries the finding to show. Only a person's own template gets here."""

    def __init__(self, finding: Diagnostic) -> None:
        """Wraps the finding."""
        super().__init__(finding.message)
        self.finding = finding


class Pages:
    """Renders the pages of one evaluation; the environment is made once, which is most of the cost."""

    def __init__(self, result: Result, extra: Iterable[Path] = ()) -> None:
        """`extra`: further template folders that come before the evaluation's own and the shipped ones."""
        self.folder = result.folder
        self.folders = template_folders(result.folder, extra)
        self.environment = environment(self.folders, result.folder)

    def report(self, document: ProjectDocument, *, for_print: bool = False, start: int = 0) -> str:
        """The report of one project. `start`: the number of its first page, as a part of a book."""
        return self._page("report.html", document, for_print=for_print, start=start)

    def summary(self, document: SummaryDocument, *, for_print: bool = False, start: int = 0) -> str:
        """汇总表 and 部门整体 report."""
        return self._page("summary.html", document, for_print=for_print, start=start)

    def book(self, document: BookDocument) -> str:
        """Cover and contents of a book (paper only)."""
        return self._page("book.html", document, for_print=True)

    def index(self, document: IndexDocument) -> str:
        """The evaluation at a glance (screen only)."""
        return self._page("index.html", document, for_print=False)

    def layout(self, name: str) -> str:
        """The folder of a layout under layouts/; an unknown one is replaced by the national form."""
        return name if name in layouts_in(self.folders) else LAYOUT

    def _page(self, name: str, document: Any, *, for_print: bool, start: int = 0) -> str:  # noqa: ANN401
        """One page; a mistake in a template becomes a finding that names its file and line."""
        from jinja2 import TemplateError

        layout = self.layout(document.marks.layout)
        try:
            self.environment.steps = 0
            template = self.environment.select_template([f"layouts/{layout}/{name}", name])
            page = template.render(doc=document, for_print=for_print, layout=layout, start=start)
            return without_hidden(page) + "\n"  # whatever a template of the unit's own holds
        except (
            TemplateError,
            TypeError,
            AttributeError,
            ArithmeticError,
            LookupError,
            ValueError,
            RecursionError,
            MemoryError,
        ) as error:
            raise TemplateFaultError(self._finding(error, name)) from error

    def _finding(self, error: Exception, name: str) -> Diagnostic:
        """N007 at the place of the mistake."""
        file, line = place_of(error, self.folder, name)
        return finding("N007", Place(file, line), error=f"{type(error).__name__}: {error}"[:290])


def shipped_page(name: str, document: Any, language: str = CHINESE) -> str:  # noqa: ANN401
    """A page that belongs to no single evaluation (a comparison, the contents of a pack): no template but ours.

    What the document and the template say through the catalogue is said in the language: in a template,
    `_("……另有 {count} 处", count=3)`.
    """
    home = shipped_templates()
    template = environment([home], home).get_template(name)
    told = {"doc": each_text(document, lambda text: said(text, language)), "for_print": False, "language": language}
    return without_hidden(template.render(told, _=partial(said_in, language))) + "\n"


def said_in(language: str, words: str, **params: Param) -> str:
    """A sentence of a template in a language."""
    return Phrase(words, tuple(params.items())).said(language)


MAX_TEMPLATE = 5 * 2**20
"""Bytes of a template."""


def source_of(folders: Iterable[Path], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """(text, file, up to date) of a template in the first folder that has it; a link may not lead out of it."""
    for folder in folders:
        path = folder / name
        if ".." not in Path(name).parts and inside(path, folder):
            return read_file(path, MAX_TEMPLATE).decode("utf-8-sig"), str(path), lambda: True
    return None


def environment(folders: list[Path], pictures: Path) -> Sandbox:
    """A sandbox in which a template can read what it is given and nothing else."""
    from jinja2 import FunctionLoader, StrictUndefined

    from selfeval.report.html.sandbox import COMPILED, Sandbox

    made = Sandbox(
        loader=FunctionLoader(partial(source_of, folders)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=COMPILED,
    )
    made.filters["markdown"] = partial(markdown, pictures)
    made.globals["words"] = WORDS
    return made


def markdown(folder: Path, text: str, above: int = SECTION) -> str:
    """A template's `|markdown|safe`: HTML that to_html made safe, pictures of the evaluation inside it.

    `above`: the level of the heading it stands under, 0 in a cell.
    """
    return to_html(text, partial(data_address, folder), above)


def data_address(folder: Path, name: str) -> str:
    """A picture of the evaluation as a data: address; "" where it may not be shown."""
    data, media, problem = picture(name, folder)
    return "" if problem else f"data:{media};base64,{base64.b64encode(data).decode()}"


def place_of(error: Exception, folder: Path, name: str) -> tuple[str, int]:
    """(file relative to the evaluation's parent, line) of a mistake in a template."""
    file, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.endswith((".html", ".css")):
            file, line = code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    if file and Path(file).is_relative_to(folder):
        return f"{folder.name}/{Path(file).relative_to(folder).as_posix()}", line or 1
    return name, line or 1
