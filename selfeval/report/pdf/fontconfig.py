"""The configuration of fonts that is set before the first page."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "FONTCONFIG_FILE"


def configuration() -> Path | None:
    """Our fonts.conf: inside the installed package, or beside it in a working copy."""
    package = Path(__file__).resolve().parents[2]
    places = (package / "report_templates", package.parent / "report_templates")
    return next((p / "fonts.conf" for p in places if (p / "fonts.conf").is_file()), None)


def use_configuration() -> None:
    """Points fontconfig at our file, unless the user chose one. Must precede WeasyPrint."""
    ours = configuration()
    if ours is not None:
        os.environ.setdefault(VARIABLE, str(ours))
