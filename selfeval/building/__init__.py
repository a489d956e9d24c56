"""Which files are due, who makes them, where they go.

A source of results and a `Request` enter; whole files in `out/` leave. `due` looks once at all projects and decides
which of their files are due, by what `dependencies` and `fingerprints` say a file stands for; `tasks` is the one place
where a page is made: here, in `workers` or on a `cluster`; `output_folder` writes and sweeps; `book` binds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfeval.base.door import door

if TYPE_CHECKING:
    from selfeval.building.request import Request as Request
    from selfeval.building.run import build as build

__all__ = ["Request", "build"]
__getattr__ = door(__name__, {"build": "run", "Request": "request"})
