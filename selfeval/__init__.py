"""selfeval: year-end performance self-evaluation (绩效自评) of budget projects, from plain files.

For programs: `selfeval.evaluate(folder)` gives a `Result`, `selfeval.scorecard(result)` the data of scorecard.json.
The names are loaded when they are asked for, so that the command line starts without them.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0.dev0"
__all__ = ["CannotOpenError", "Result", "__version__", "evaluate", "scorecard"]


def __getattr__(name: str) -> object:
    """A public name, from its module."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("selfeval.evaluation.api"), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
