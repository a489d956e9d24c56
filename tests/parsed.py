"""The program as Python understands it, taken apart once for all tests that look through it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from selfeval.base.memo import undisturbed


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module, from its whole on down."""
    with undisturbed():
        return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
