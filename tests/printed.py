"""What a file that was built shows to who reads it, whatever its format."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from zipfile import ZipFile

from pypdf import PdfReader

from selfeval.importing.readers.docx import read_docx


def printed(path: Path) -> str:
    """All text of a PDF, an HTML page, a workbook or a Word file, without its spaces."""
    if path.suffix == ".pdf":
        text = "".join(page.extract_text() for page in PdfReader(path).pages)
    elif path.suffix == ".html":
        text = without_tags(path.read_text(encoding="utf-8"))
    elif path.suffix == ".docx":
        text = "".join(line.text for line in read_docx(path.read_bytes(), path.name).lines)
    else:
        with ZipFile(path) as packed:
            text = "".join(without_tags(packed.read(n).decode()) for n in packed.namelist() if n.endswith(".xml"))
    return re.sub(r"\s", "", text)


def without_tags(text: str) -> str:
    """The text of HTML or XML."""
    return unescape(re.sub("<[^>]+>", "", text))
