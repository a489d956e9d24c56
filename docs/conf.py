"""The documentation as a site: `make docs`. The source is the repository itself, so that its links hold there too.

Everything a page needs is in the site; nothing is fetched from elsewhere.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer
from sphinx.search import SearchLanguage

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "selfeval 绩效自评"
language = "zh_CN"
extensions = ["myst_parser"]
include_patterns = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "docs/**/*.md"]
exclude_patterns = [".*", "build", "dist", "inputs", "out", "selfeval", "tests"]
root_doc = "docs/index"
myst_heading_anchors = 3

html_theme = "furo"
html_title = "selfeval 使用手册"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
templates_path = ["site"]
html_additional_pages = {"index": "to-index.html"}

LISTS = ("docs/index", "docs/checks/README")
"""Pages whose links to other pages are the contents of the site."""

LINK = re.compile(r"\]\(([\w./-]+)\.md\)")


def add_contents(_: Sphinx, page: str, source: list[str]) -> None:
    """Sphinx wants a list of pages; a code host shows links: the one is made from the other."""
    if page not in LISTS:
        return
    for section in re.split(r"^(?=## )", source[0], flags=re.MULTILINE):
        pages = [posixpath.normpath(posixpath.join(posixpath.dirname(page), link)) for link in LINK.findall(section)]
        new = [name for name in dict.fromkeys(pages) if f"\n/{name}\n" not in source[0]]
        if new and section.startswith("## "):
            caption = section.partition("\n")[0].removeprefix("## ")
            listed = "".join(f"/{name}\n" for name in new)
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{listed}```\n"


class Pairs(SearchLanguage):
    """Chinese found by pairs of neighbouring characters: no dictionary, and nothing is missed."""

    lang = "zh_CN"
    language_name = "Chinese"
    js_splitter_code = """
var splitQuery = (query) => (query.match(/[\\u3400-\\u9fff]+|[A-Za-z0-9_]+/g) || []).flatMap((word) =>
  /[\\u3400-\\u9fff]/.test(word) && word.length > 2
    ? Array.from({ length: word.length - 1 }, (_, i) => word.slice(i, i + 2)) : [word]);
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 - Sphinx names it
        """The words of a text: Latin ones whole, Chinese in pairs."""
        return [part for word in re.findall(r"[\u3400-\u9fff]+|[A-Za-z0-9_]+", input) for part in pairs(word)]


def pairs(word: str) -> list[str]:
    """绩效自评 → 绩效, 效自, 自评; anything else as it is."""
    return [word[i : i + 2] for i in range(len(word) - 1)] if word > "\u3400" and len(word) > 2 else [word.lower()]


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_contents)
    app.add_search_language(Pairs)
    app.add_lexer("csv", TextLexer)
