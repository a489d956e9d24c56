"""What WordprocessingML asks of a file (ECMA-376 Part 1, Transitional): Word refuses what other readers forgive."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from posixpath import dirname, normpath
from zipfile import ZipFile

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

SIDES = "top left start bottom right end insideH insideV tl2br tr2bl"
ORDER = {
    name: order.split()
    for name, order in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
        "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText "
        "vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
        "sdt": "sdtPr sdtEndPr sdtContent",
        "sdtPr": "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex equation "
        "comboBox date docPartObj docPartList dropDownList picture richText text citation group bibliography",
        "numPr": "ilvl numId",
        "tbl": "tblPr tblGrid tr sdt",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
        "tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
        "tblBorders": SIDES, "tblCellMar": SIDES, "tcBorders": SIDES,
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign "
        "hideMark",
        "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType "
        "pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
        "styles": "docDefaults latentStyles style", "docDefaults": "rPrDefault pPrDefault",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat "
        "locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
        "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
        "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
        "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
        "num": "abstractNumId lvlOverride", "lvlOverride": "startOverride lvl",
        "font": "altName panose1 charset family notTrueType pitch sig embedRegular embedBold",
        "settings": "writeProtection view zoom removePersonalInformation removeDateAndTime mirrorMargins "
        "defaultTabStop evenAndOddHeaders characterSpacingControl footnotePr endnotePr compat docVars rsids mathPr "
        "themeFontLang clrSchemeMapping decimalSymbol listSeparator",
        "compat": "useFELayout compatSetting",
        "docPart": "docPartPr docPartBody",
        "docPartPr": "name style category types behaviors description guid", "category": "name gallery",
        "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
    }.items()
}  # fmt: skip
"""The children of an element in the order of its schema, of those that anything here could use."""

REPEATED = frozenset(
    {"tr", "sdt", "style", "abstractNum", "num", "lvl", "lvlOverride", "headerReference", "footerReference"}
    | {"compatSetting"}
)
"""The children that may stand more than once."""

ALIKE = frozenset({"sdt", "footerReference"})
"""Rows bare or in a control, heads and feet: these stand in any order with the one before."""

ANY_ORDER = {
    "body": "p tbl sdt sectPr", "sdtContent": "p tbl tc tr r sdt", "p": "pPr r hyperlink fldSimple sdt",
    "tr": "trPr tc sdt", "tc": "tcPr p tbl sdt", "trPr": "cantSplit trHeight tblHeader", "r": "rPr t br drawing",
    "hdr": "p", "ftr": "tbl p", "fonts": "font", "hyperlink": "r", "fldSimple": "r", "docPartBody": "p",
    "types": "type", "behaviors": "behavior", "glossaryDocument": "docParts", "docParts": "docPart",
    "document": "body", "tblGrid": "gridCol",
    "webSettings": "doNotSaveAsSingleFile allowPNG", "rPrDefault": "rPr", "placeholder": "docPart", "drawing": "inline",
}  # fmt: skip
"""What may stand in an element whose children are in no fixed order; properties come first, the section last."""


def faults_of(data: bytes) -> list[str]:
    """What Word would refuse or mend in a file."""
    with ZipFile(BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    trees = {name: etree.fromstring(text) for name, text in members.items() if name.endswith((".xml", ".rels"))}
    word = {name: tree for name, tree in trees.items() if tree.tag.startswith(W)}
    found = [f"{name}: {fault}" for name, tree in word.items() for each in tree.iter() for fault in _children(each)]
    return [*found, *_ids(word), *_named(word), *_parts(members, trees), *_contents(word["word/document.xml"])]


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _children(element: etree._Element) -> list[str]:
    """Children that are unknown, out of order, or there twice."""
    if not isinstance(element.tag, str) or not (element.tag.startswith(W) or _name(element) == "inline"):
        return []
    here = _name(element)
    children = [_name(child) for child in element]
    if here == "docPart" and not children:
        return []
    if here not in ORDER:
        known = ANY_ORDER.get(here, "").split()
        first = [at for at, child in enumerate(children) if child.endswith("Pr") and child != "sectPr" and at]
        return [f"{here} > {child}" for child in children if child not in known] + [f"{here}: late"] * len(first)
    order = ORDER[here]
    unknown = [child for child in children if child not in order]
    if unknown:
        return [f"{here} > {unknown}"]
    places = [order.index(child) for child in children]
    if here in {"tbl", "sectPr"}:
        places = [max(0, place - 1) if child in ALIKE else place for place, child in zip(places, children, strict=True)]
    twice = [child for child, count in Counter(children).items() if count > 1 and child not in REPEATED]
    return [f"{here}: {children}"] * (places != sorted(places)) + [f"{here}: twice {child}" for child in twice]


def _ids(word: dict[str, etree._Element]) -> list[str]:
    """Numbers that belong to two things of one kind."""
    found = []
    for name, tree in word.items():
        kinds = {
            "sdt": tree.xpath("//w:sdtPr/w:id/@w:val", namespaces={"w": W[1:-1]}),
            "docPr": [each.get("id") for each in tree.iter("{*}docPr")],
            "abstractNum": [each.get(f"{W}abstractNumId") for each in tree.iter(f"{W}abstractNum")],
            "num": [each.get(f"{W}numId") for each in tree.iter(f"{W}num")],
            "style": [each.get(f"{W}styleId") for each in tree.iter(f"{W}style")],
            "called": [each.find(f"{W}name").get(f"{W}val") for each in tree.iter(f"{W}style")],
        }
        found += [
            f"{name}: {kind} {id_} twice" for kind, ids in kinds.items() for id_, n in Counter(ids).items() if n > 1
        ]
        found += [f"{name}: {kind} without number" for kind, ids in kinds.items() if None in ids or "" in ids]
    return found


def _named(word: dict[str, etree._Element]) -> list[str]:
    """Styles and lists that are used and not there."""
    styles = {each.get(f"{W}styleId") for each in word["word/styles.xml"].iter(f"{W}style")}
    lists = {each.get(f"{W}numId") for each in word["word/numbering.xml"].iter(f"{W}num")} | {"0"}
    shapes = {each.get(f"{W}abstractNumId") for each in word["word/numbering.xml"].iter(f"{W}abstractNum")}
    used = ((("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link"), styles), (("numId",), lists),
            (("abstractNumId",), shapes))  # fmt: skip
    return [
        f"{name}: no {tag} {each.get(f'{W}val')}"
        for name, tree in word.items()
        for tags, there in used
        for tag in tags
        for each in tree.iter(f"{W}{tag}")
        if each.get(f"{W}val") not in there
    ]


def _parts(members: dict[str, bytes], trees: dict[str, etree._Element]) -> list[str]:
    """Parts without a type or that nothing leads to, relations that lead nowhere, references without a relation."""
    types = trees["[Content_Types].xml"]
    typed = {each.get("PartName", "").lstrip("/") for each in types.iter(f"{TYPES}Override")}
    endings = {each.get("Extension") for each in types.iter(f"{TYPES}Default")}
    found = [f"no type: {n}" for n in members if n not in typed and n.rsplit(".", 1)[-1] not in endings]
    found += [f"type of nothing: {name}" for name in typed if name not in members]
    reached = {"[Content_Types].xml"}
    for name, tree in trees.items():
        if name.endswith(".rels"):
            source = normpath(f"{dirname(name)}/../{name.rsplit('/', 1)[-1].removesuffix('.rels')}")
            inside = [each for each in tree.iter(f"{PACKAGE}Relationship") if each.get("TargetMode") != "External"]
            targets = {
                normpath(f"{dirname(source)}/{each.get('Target')}").lstrip("./")
                if not each.get("Target").startswith("/")
                else each.get("Target")[1:]
                for each in inside
            }
            found += [f"{name} → {target}" for target in targets if target not in members]
            reached |= {name, *targets}
            if source in trees:
                there = {each.get("Id") for each in tree.iter(f"{PACKAGE}Relationship")}
                asked = {v for each in trees[source].iter() for k, v in each.attrib.items() if k.startswith(R)}
                found += [f"{source}: no relation {rid}" for rid in asked - there]
    return found + [f"nothing leads to {name}" for name in members if name not in reached]


def _contents(document: etree._Element) -> list[str]:
    """Cells without a paragraph at their end, rows that are not as wide as their table, tables that touch."""
    ends = [cell[-1].tag for cell in document.iter(f"{W}tc")]
    found = ["a cell ends without a paragraph" for end in ends if end != f"{W}p"]
    for table in document.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        for row in table.iter(f"{W}tr"):
            spans = (cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc"))
            wide = sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
            found += [f"a row of {wide} in a table of {columns}"] if wide != columns else []
        after = table.getnext()
        found += ["two tables touch"] if after is None or after.tag == f"{W}tbl" else []
    return found
