"""The door of a room: the names that other rooms ask for, loaded when they are asked for and not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def door(room: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """The `__getattr__` of a room. `names`: what is given at the door, and the module of the room that has it."""

    def given(name: str) -> object:
        if name not in names:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        return getattr(import_module(f"{room}.{names[name]}"), name)

    return given
