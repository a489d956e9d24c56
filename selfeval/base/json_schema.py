"""The types of what is written as JSON → JSON Schema (2020-12), so that the one cannot say what the other does not.

A type is a TypedDict, a list, a Literal, a union, a plain type, or `Annotated` with a pattern or with the values a
text may have (an enumeration).
"""

from __future__ import annotations

from collections.abc import Iterable
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", bool: "boolean", type(None): "null", Any: ""}


def document(kind: Any, title: str) -> Schema:  # noqa: ANN401 - any type
    """A schema of its own: the type, and those it is made of under `$defs`."""
    defs: dict[str, Schema] = {}
    whole = _schema(kind, defs)
    return {"$schema": DIALECT, "title": title, **whole, "$defs": dict(sorted(defs.items()))}


def text_of(values: Iterable[str]) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def _schema(kind: Any, defs: dict[str, Schema]) -> Schema:  # noqa: ANN401, PLR0911 - one answer a kind of type
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]} if kind is not Any else {}
    if is_typeddict(kind):
        return _named(kind, defs)
    origin, inner = get_origin(kind), get_args(kind)
    if is_typeddict(origin):
        return _object(origin, defs, dict(zip(origin.__parameters__, inner, strict=True)))
    if origin is NotRequired:
        return _schema(inner[0], defs)
    if origin is Annotated:
        return _annotated(inner[0], inner[1], defs)
    if origin is list:
        return {"type": "array", "items": _schema(inner[0], defs)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1], defs)}
    if origin is Literal:
        return {"const": inner[0]} if len(inner) == 1 else text_of(inner)
    if origin in {Union, UnionType}:
        return _union([_schema(one, defs) for one in inner])
    raise TypeError(f"no schema for {kind}")


def _annotated(kind: Any, limit: str | Iterable[str], defs: dict[str, Schema]) -> Schema:  # noqa: ANN401
    return _schema(kind, defs) | ({"pattern": limit} if isinstance(limit, str) else text_of(map(str, limit)))


def _union(parts: list[Schema]) -> Schema:
    """Several kinds; null beside one plain kind is written shortly."""
    plain = [part for part in parts if part.keys() <= {"type", "pattern"}]
    if len(plain) == len(parts) == 2 and plain[1] == {"type": "null"}:
        return plain[0] | {"type": [plain[0]["type"], "null"]}
    return {"anyOf": parts}


def _named(kind: Any, defs: dict[str, Schema]) -> Schema:  # noqa: ANN401
    name = kind.__name__
    if name not in defs:
        defs[name] = {}
        defs[name] = _object(kind, defs, {})
    return {"$ref": f"#/$defs/{name}"}


def _object(kind: Any, defs: dict[str, Schema], given: dict[Any, Any]) -> Schema:  # noqa: ANN401
    hints = get_type_hints(kind, include_extras=True)
    schema: Schema = {"type": "object"}
    if kind.__doc__:
        schema["description"] = " ".join(kind.__doc__.split())
    return schema | {
        "additionalProperties": False,
        "required": [name for name, one in hints.items() if get_origin(one) is not NotRequired],
        "properties": {name: _schema(_filled(one, given), defs) for name, one in hints.items()},
    }


def _filled(kind: Any, given: dict[Any, Any]) -> Any:  # noqa: ANN401
    """A type with its variables replaced by what they stand for."""
    variables = getattr(kind, "__parameters__", ())
    if kind in given:
        return given[kind]
    return kind[tuple(given[one] for one in variables)] if variables else kind
