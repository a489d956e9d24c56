"""The bill of materials of a release: what the program and its extras install, as CycloneDX JSON.

python tools/sbom.py > build/selfeval.cdx.json

From the metadata of what is installed here, as the licences are; the same environment gives the same bytes. `kit` makes
that of an installation kit from its wheels.
"""

from __future__ import annotations

import json
from importlib.metadata import Distribution
from typing import Any

from licences import closure, licence, names, told

import selfeval


def bill(parts: dict[str, Distribution]) -> dict[str, Any]:
    """The whole document about these packages, by name."""
    root = reference("selfeval", selfeval.__version__)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": root, "name": "selfeval",
                                   "version": selfeval.__version__, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": [component(name, one) for name, one in parts.items()],
        "dependencies": [
            {"ref": root, "dependsOn": [reference(name, one.version) for name, one in parts.items()]},
            *({"ref": reference(name, one.version), "dependsOn": needed(one, parts)} for name, one in parts.items()),
        ],
    }  # fmt: skip


def component(name: str, one: Distribution) -> dict[str, Any]:
    """One package, by the address that scanners know it under."""
    where = reference(name, one.version)
    named = [{"license": {"name": licence(told(one)) or told(one)}}]
    return {
        "type": "library",
        "bom-ref": where,
        "name": name,
        "version": one.version,
        "purl": where,
        "licenses": named,
    }


def needed(one: Distribution, parts: dict[str, Distribution]) -> list[str]:
    """What a package needs, as far as it is installed."""
    return sorted({reference(name, parts[name].version) for name in names(one.requires or ()) if name in parts})


def reference(name: str, version: str) -> str:
    """A package of the Python index."""
    return f"pkg:pypi/{name}@{version}"


if __name__ == "__main__":
    print(json.dumps(bill(closure()), ensure_ascii=False, indent=2))
