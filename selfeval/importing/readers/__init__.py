"""A file of a foreign format → a grid of cells with their places.

Bytes enter; a `SourceFile` leaves. `files` tells the format and asks its reader: `xlsx`, `xls_ods`, `docx`, `pdf`
(`pdf_unruled` where no lines are drawn), `text`, `html`. Nothing is understood here, and nothing is run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.importing.readers.files import read_source as read_source

__all__ = ["read_source"]
__getattr__ = door(__name__, {"read_source": "files"})
