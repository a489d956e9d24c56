"""What a page shows, as frozen strings ready to print, whatever prints it.

A result enters; documents (`views`) leave, made by `document` from `form`, `sheets`, `charts`, `generated_text`,
`review`, `public`. How wide the columns of a form are on paper `form_widths` settles by what stands in them, on which
paper `planner`. `printed_text` gives the text of a document in the order in which it is printed. No engine is known
here, so that what vouches for a report can make the same words again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.report.pages.document import (
        project_document as project_document,
    )
    from selfeval.report.pages.document import (
        summary_document as summary_document,
    )

__all__ = ["project_document", "summary_document"]
__getattr__ = door(__name__, {"project_document": "document", "summary_document": "document"})
