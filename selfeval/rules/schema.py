"""The JSON Schema of a rule profile, from its own readers. A version may leave out what it takes over."""

from __future__ import annotations

from typing import Any

from selfeval.base.json_schema import DIALECT, Schema
from selfeval.base.toml_schema import recorder
from selfeval.rules.citing import CITING, EFFECTIVE, read_source
from selfeval.rules.formulas import FORMULAS, PARAMETERS
from selfeval.rules.load import LATEST, read_head, read_method, read_rules, shipped_profiles


def rules_schema() -> Schema:
    """rules/*.toml of an evaluation."""
    top, version = recorder(), recorder()
    read_head(top)
    read_rules(shipped_profiles()[0], LATEST, version, {}, [])
    of_version = without_needs(version.schema())
    of_version["properties"]["methods"] = {"type": "object", "additionalProperties": {"anyOf": methods()}}
    whole = top.schema() | {"required": ["versions"]}
    whole["properties"]["documents"] = {"type": "object", "additionalProperties": {"type": "string"}}
    cited = citable(of_version) | {"required": [EFFECTIVE]}
    whole["properties"]["versions"] = {"type": "array", "minItems": 1, "items": cited}
    return {"$schema": DIALECT, "title": "selfeval rules", **whole, "$defs": {"source": source_schema()}}


def methods() -> list[Schema]:
    """A method by each formula, with the parameters that it takes."""
    schemas = []
    for formula in sorted(FORMULAS):
        section = recorder({"formula": formula} | dict.fromkeys(PARAMETERS.get(formula, ()), True))
        read_method(section, "")
        schema = without_needs(section.schema())
        schema["properties"]["formula"] = {"const": formula}
        schemas.append(schema)
    return schemas


def source_schema() -> Schema:
    """A citation; a convention has no document."""
    section = recorder()
    read_source(section, {})
    return section.schema() | {"required": ["article"]}


def without_needs(schema: Schema) -> Schema:
    """The same, nothing required but in the items of a list, which are replaced whole."""
    bare: dict[str, Any] = {name: value for name, value in schema.items() if name != "required"}
    if "properties" in bare:
        bare["properties"] = {name: without_needs(one) for name, one in bare["properties"].items()}
    return bare


def citable(schema: Schema) -> Schema:
    """The same, with the citations that every table of a version may have."""
    if schema.get("type") != "object":
        return {key: [citable(one) for one in value] if key == "anyOf" else value for key, value in schema.items()}
    source, sources = CITING
    inner = schema.get("properties", {}).items()
    cites: Schema = {
        source: {"$ref": "#/$defs/source"},
        sources: {"type": "object", "additionalProperties": {"$ref": "#/$defs/source"}},
    }
    cited = schema | {"properties": {name: citable(one) for name, one in inner} | cites}
    if isinstance(more := cited.get("additionalProperties"), dict):
        cited["additionalProperties"] = citable(more)
    return cited
