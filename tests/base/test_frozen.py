"""Data made quickly is the data that dataclasses makes."""

import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace

import pytest

from selfeval.base.frozen import made_quickly


@made_quickly
@dataclass(frozen=True, slots=True)
class Thing:
    """With all that a field may have."""

    name: str
    count: int = 3
    parts: list[str] = field(default_factory=list)
    hidden: str = field(default="", repr=False, compare=False)


def test_it_is_made_of_the_same_arguments():
    assert asdict(Thing("a")) == {"name": "a", "count": 3, "parts": [], "hidden": ""}
    assert Thing("a", 4, parts=["x"]) == Thing(name="a", parts=["x"], count=4, hidden="not compared")
    assert list(inspect.signature(Thing).parameters) == ["name", "count", "parts", "hidden"]
    with pytest.raises(TypeError):
        Thing()


def test_what_is_made_by_default_is_not_shared():
    first, second = Thing("a"), Thing("a")
    first.parts.append("x")
    assert second.parts == []


def test_it_stays_as_it_was_made():
    thing = Thing("a")
    with pytest.raises(FrozenInstanceError):
        thing.count = 4
    assert replace(thing, count=4).count == 4
    assert pickle.loads(pickle.dumps(thing)) == thing
