"""The preview: a local web server that evaluates again on every save, and a page to fill in what was achieved.

Folders enter; a `Session` keeps what they show, `app` answers the browser (guarded by `security`), `fill_in` saves
single cells, `watch` sees changes, `serve` runs it. It draws no PDF: `pdf_jobs` leaves that to a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.preview.session import Session as Session

__all__ = ["Session"]
__getattr__ = door(__name__, {"Session": "session"})
