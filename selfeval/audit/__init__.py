"""What is handed in and vouched for.

A built PDF, a pack, an output or a folder enters (`submissions`); a verdict, a comparison or a zip leaves.
`attachments` says what travels in a PDF; `verify` takes it out, scores it again (`recompute`), makes the document
that the pages should show (`expected`, its text by report/pages/`printed_text`) and holds the pages to it
(`whole_text`, `printed_figures`, `paper`; the `pdf_…` modules take a PDF apart); `pack` and `verify_pack` do so for
what a unit hands in, `pack_parts` makes its files and its manifest. `signatures` signs, and judges signatures;
`pdf_signed` sees to it that one adds nothing else to a page. What vouches never asks what drew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.audit.submissions import open_submission as open_submission

__all__ = ["open_submission"]
__getattr__ = door(__name__, {"open_submission": "submissions"})
