"""The Word file's styles, pages, page numbers and lists, after GB/T 9704: what a head of unit finds in 样式.

Word's own names are kept (Heading 1 = 标题 1), so that its contents list and outline work. Everything here is
plain WordprocessingML; the library's template would bring its own styles and fonts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from selfeval.report.office import clean
from selfeval.report.pages.form_paper import FormPaper

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section


SONG, KAI, HEI, FANG, TITLE = "宋体", "楷体", "黑体", "仿宋", "方正小标宋简体"
OTHER_NAMES = {SONG: "SimSun", KAI: "KaiTi", HEI: "SimHei", FANG: "FangSong", TITLE: "FZXiaoBiaoSong-B05S"}
"""The faces by the names of Chinese Windows, and the names they go by elsewhere."""

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MM = 56.6929
"""Twentieths of a point in a millimetre."""

LINE = 579
"""28.95 pt in twentieths: 22 lines a page."""

CLOSER_LINE = 550
"""The same where lines a little closer spare the text a page: 23 a page, as in the PDF."""

TRACKING = -5
"""A quarter of a point less between characters of 16 pt: 28 of them fill the line of 156 mm."""


BULLETS, HEADINGS = 1, 2
"""The one list of bullets, the one of headings; every numbered list is one of its own, so that it starts anew."""

HEADING_LEVELS = (
    ("chineseCountingThousand", "{}、"),
    ("chineseCountingThousand", "（{}）"),
    ("decimal", "{}."),
)
"""How Word counts the headings of each level, and what it writes around the number (GB/T 9704)."""


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style. `size` in pt; `line` in pt, 0 for as high as the text; `first` in characters."""

    id: str
    name: str
    face: str = FANG
    size: float = 16
    line: float = LINE / 20
    across: str = "both"
    first: int = 0
    outline: int | None = None
    keep: bool = False
    before: float = 0
    after: float = 0
    left: int = 0
    color: str = ""
    based: str = "Normal"
    level: int | None = None
    """Which level of the list of headings numbers it."""

    def xml(self) -> str:
        """The style in WordprocessingML; the order of the elements is the schema's."""
        keep = "<w:keepNext/><w:keepLines/>" if self.keep else ""
        rule = f'w:line="{round_half(self.line)}" w:lineRule="exact"' if self.line else 'w:line="240" w:lineRule="auto"'
        listed = "" if self.level is None else numbered_by(HEADINGS, self.level)
        level = "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>'
        based = "" if self.id == "Normal" else f'<w:basedOn w:val="{self.based}"/>'
        default = ' w:default="1"' if self.id == "Normal" else ""
        color = f'<w:color w:val="{self.color}"/>' if self.color else ""
        tracking = TRACKING if self.size == 16 else 0
        return (
            f'<w:style w:type="paragraph"{default} w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/>{based}<w:qFormat/>'
            f'<w:pPr>{keep}{listed}<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/><w:snapToGrid w:val="0"/>'
            f'<w:spacing w:before="{round_half(self.before)}" w:after="{round_half(self.after)}" {rule}/>'
            f'<w:ind w:left="{self.left}" w:firstLineChars="{self.first * 100}" '
            f'w:firstLine="{self.first * round_half(self.size)}"/>'
            f'<w:jc w:val="{self.across}"/>{level}</w:pPr>'
            f"<w:rPr>{fonts(self.face)}{color}"
            f'<w:spacing w:val="{tracking}"/><w:sz w:val="{int(self.size * 2)}"/>'
            f'<w:szCs w:val="{int(self.size * 2)}"/></w:rPr></w:style>'
        )


STYLES = (
    Style("Normal", "Normal"),
    Style("BodyText", "Body Text", first=2),
    Style("Title", "Title", TITLE, 22, 36, "center", keep=True),
    Style("Subtitle", "Subtitle", KAI, across="center", keep=True, after=14.5),
    Style("Heading1", "heading 1", HEI, first=2, outline=0, keep=True, level=0),
    Style("Heading2", "heading 2", KAI, first=2, outline=1, keep=True, level=1),
    Style("Heading3", "heading 3", first=2, outline=2, keep=True, level=2),
    Style("ListNumber", "List Number", first=2),
    Style("ListBullet", "List Bullet", first=2),
    Style("Quote", "Quote", KAI, first=2),
    Style("Code", "代码", size=12, line=18, across="left"),
    Style("Picture", "图片", line=0, across="center"),
    Style("Seal", "落款", across="center", left=3175, keep=True),
    Style("CoverYear", "封面年度", KAI, 18, 30, "center"),
    Style("CoverTitle", "封面标题", TITLE, 32, 48, "center", before=40, after=113),
    Style("CoverLabel", "封面栏目", HEI, across="left", line=26, before=8.5, after=3),
    Style("CoverText", "封面内容", across="left", line=26, before=8.5, after=3),
    Style("CoverDate", "封面日期", KAI, line=28, across="center", before=85),
    Style("Attachment", "附件序号", HEI, 16, 22, "left", keep=True),
    Style("AttachmentTitle", "附件标题", TITLE, 18, 26, "center", outline=0, keep=True, after=6),
    Style("AttachmentYear", "附件年度", KAI, 12, 18, "center", keep=True, after=6),
    Style("TableText", "表格文字", size=10.5, line=14, across="left"),
    Style("TableMiddle", "表格居中", size=10.5, line=14, across="center", based="TableText"),
    Style("TableHead", "表格标题", HEI, 10.5, 14, "center", based="TableText"),
    Style("TableSmall", "表格小字", size=9, line=12, across="left", based="TableText"),
    Style("Legend", "图注", size=9, line=13, across="center", after=6),
    Style("Note", "注", size=9, line=13, across="left"),
    Style("Thin", "间隔", size=1, line=1),
    Style("Gap", "表格间隔", size=1, line=6),
    Style("Header", "header", HEI, 10.5, 0, "center", color="B00020"),
    Style("Footer", "footer", SONG, 14, 0, "left"),
)

TABLE, FORM = "Table", "Form"
"""How the names of the styles begin that the cells of lists and those of the form have."""

Faces = tuple[tuple[str, str], ...]
"""`[report] fonts`: families by role, the first of which Word takes."""

ROLES = {
    "标题": frozenset({"Title", "AttachmentTitle", "CoverTitle"}),
    "一级标题": frozenset({"Heading1"}),
    "二级标题": frozenset({"Heading2"}),
    "正文": frozenset(
        {"Normal", "BodyText", "Heading3", "ListNumber", "ListBullet", "Code", "Picture", "Seal", "CoverText"}
    ),
    "表格": frozenset({"TableText", "TableMiddle", "TableSmall", "FormText", "FormMiddle", "FormSmall", "FormTiny"}),
}
"""The styles that each role of `[report] fonts` sets, as css/print.css does."""

CHARACTERS = (
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/></w:style>'
    '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Emphasis"><w:name w:val="Emphasis"/>'
    f'<w:rPr><w:rFonts w:eastAsia="{KAI}"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
    '<w:rPr><w:color w:val="1F3F77"/><w:u w:val="single"/></w:rPr></w:style>'
)
TABLES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
    "<w:tblPr><w:tblBorders>{}</w:tblBorders><w:tblCellMar>"
    '<w:top w:w="50" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="50" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
).format(
    "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
)


def round_half(points: float) -> int:
    """pt in twentieths of a point."""
    return int(points * 20 + 0.5)


def fonts(face: str) -> str:
    """Chinese in this face; digits and letters in Times New Roman."""
    return f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{face}" w:cs="Times New Roman"/>'


def form_styles(paper: FormPaper) -> tuple[Style, ...]:
    """The styles of the form, in the type planned for it; the smaller ones for longer texts."""
    usual, small, tiny = paper.types[0], paper.types[min(1, len(paper.types) - 1)], paper.types[-1]
    return (
        Style("FormText", "自评表文字", size=usual.size, line=usual.line, across="left"),
        Style("FormMiddle", "自评表居中", size=usual.size, line=usual.line, across="center", based="FormText"),
        Style("FormHead", "自评表标题", HEI, usual.size, usual.line, "center", based="FormText"),
        Style("FormSmall", "自评表小字", size=small.size, line=small.line, across="left", based="FormText"),
        Style("FormTiny", "自评表最小字", size=tiny.size, line=tiny.line, across="left", based="FormText"),
    )


def chosen(paper: FormPaper, faces: Faces, *, closer: bool) -> tuple[Style, ...]:
    """The styles in the faces that the unit asks for; `closer`: those of the text with lines a little closer."""
    own = {style: families.split(",")[0].strip() for role, families in faces for style in ROLES.get(role, ())}
    line = (CLOSER_LINE if closer else LINE) / 20
    text = (replace(style, line=line) if style.line == LINE / 20 else style for style in STYLES)
    styles = (*text, *form_styles(paper))
    return tuple(replace(style, face=own.get(style.id, style.face)) for style in styles)


def styles_xml(paper: FormPaper, faces: Faces = (), *, closer: bool = False) -> str:
    """All styles."""
    styles = chosen(paper, faces, closer=closer)
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(styles[0].face)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/>'
        "</w:docDefaults>"
    )
    return element("styles", defaults + "".join(style.xml() for style in styles) + CHARACTERS + TABLES)


def settings_xml() -> str:
    """Bound duplex: margins mirror on even pages, whose page number stands on the left."""
    compat = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    return element(
        "settings",
        '<w:zoom w:percent="100"/><w:mirrorMargins/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:useFELayout/>{compat}</w:compat>"
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>'
        '<w:decimalSymbol w:val="."/><w:listSeparator w:val=","/>',
    )


def font_table() -> str:
    """The faces with their other names, so that a system in another language finds them too."""
    return element(
        "fonts",
        "".join(
            f'<w:font w:name="{face}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
            for face, other in OTHER_NAMES.items()
        ),
    )


def element(tag: str, content: str) -> str:
    """A root element of WordprocessingML."""
    return f'<w:{tag} xmlns:w="{NAMESPACE}">{content}</w:{tag}>'


# ── Lists ──

DEPTH = 4


def numbering_xml(starts: tuple[int, ...]) -> str:
    """The lists: bullets, headings, then one numbered list for each start."""
    lists = "".join(_list(at, 1, start) for at, start in enumerate(starts, HEADINGS + 1))
    shapes = _shape(0, "bullet", ("•",) * DEPTH) + _shape(1, "decimal", tuple(f"%{at}." for at in range(1, DEPTH + 1)))
    fixed = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{shape}"/></w:num>'
        for at, shape in ((BULLETS, 0), (HEADINGS, 2))
    )
    return element("numbering", f"{shapes}{_headings(2)}{fixed}{lists}")


def numbered_by(list_: int, level: int) -> str:
    """What puts a paragraph or a style into a list."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_}"/></w:numPr>'


def _headings(number: int) -> str:
    """How headings are numbered, each level by its style."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="Heading{at + 1}"/>'
        f'<w:suff w:val="nothing"/><w:lvlText w:val="{around.format(f"%{at + 1}")}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLineChars="200" w:firstLine="640"/></w:pPr></w:lvl>'
        for at, (kind, around) in enumerate(HEADING_LEVELS)
    )
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'


def _shape(number: int, kind: str, texts: tuple[str, ...]) -> str:
    """How a kind of list is numbered: in the first line, as official documents write it."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{at * 640}" w:firstLineChars="200" w:firstLine="640"/></w:pPr></w:lvl>'
        for at, text in enumerate(texts)
    )
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'


def _list(number: int, shape: int, start: int) -> str:
    """One list that begins with its own number."""
    begins = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    rest = "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="1"/></w:lvlOverride>' for at in range(1, DEPTH)
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{shape}"/>{begins}{rest}</w:num>'


# ── Pages ──


@dataclass(frozen=True, slots=True)
class PageShape:
    """A kind of page: margins in mm from the top clockwise, upright or across."""

    top: float
    right: float
    bottom: float
    left: float
    wide: bool = False


TEXT_PAGE = PageShape(37, 26, 35, 28)
COVER_PAGE = PageShape(45, 28, 35, 28)
WIDE_PAGE = PageShape(26, 22, 22, 22, wide=True)
ANNEX_PAGE = PageShape(28, 20, 26, 22)


LINE_MORE = 5
"""In mm."""


def planned_page(paper: FormPaper) -> PageShape:
    """The page that the form was planned for; one across has no number at its foot, and room for a line more there.

    A word processor sets the rows a little higher than the engines that it was planned with.
    """
    return PageShape(paper.above, paper.margin, paper.above - LINE_MORE * paper.wide, paper.margin, wide=paper.wide)


def set_page(section: Section, page: PageShape) -> None:
    """A4 with these margins."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section.page_width, section.page_height = (Mm(297), Mm(210)) if page.wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if page.wide else WD_ORIENT.PORTRAIT
    section.top_margin, section.right_margin = Mm(page.top), Mm(page.right)
    section.bottom_margin, section.left_margin = Mm(page.bottom), Mm(page.left)
    section.header_distance, section.footer_distance = Mm(page.top - 12), Mm(page.bottom - 14)
    section.gutter = Mm(0)
    set_feet(section, page)


def set_feet(section: Section, page: PageShape) -> None:
    """`— 1 —` outside: right on odd pages, left on even ones; on a sheet across where it stands on one upright."""
    from docx.oxml import parse_xml

    for foot, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        foot.is_linked_to_previous = False
        parts = [number_beside(page, side), element("p", EMPTY_FOOT)] if page.wide else [number_below(side)]
        foot._element[:] = [parse_xml(part) for part in parts]  # noqa: SLF001 - the library has no fields


def set_heads(section: Section, mark: str) -> None:
    """The mark on top of every page."""
    for head in (section.header, section.even_page_header):
        head.is_linked_to_previous = False
        head.paragraphs[0].style = "Header"
        head.paragraphs[0].text = mark


EMPTY_FOOT = '<w:pPr><w:pStyle w:val="Footer"/></w:pPr>'

NUMBER = (
    '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    '<w:r><w:t xml:space="preserve"> —</w:t></w:r>'
)

BESIDE, HIGH, LONG, IN = 9.8, 5.6, 40.0, 4.9
"""Of a number at the left edge, in mm: how far from the edge, the line, how long it may be, one character of 14 pt."""


def number_below(side: str) -> str:
    """— 1 —, one character from the edge."""
    look = f'<w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" w:{side}="280"/><w:jc w:val="{side}"/>'
    return element("p", f"<w:pPr>{look}</w:pPr>{NUMBER}")


def number_beside(page: PageShape, side: str) -> str:
    """The same turned to the right, in a table that stands by itself: a footer has no room at the side."""
    top = page.top + IN if side == "left" else 210 - page.bottom - IN - LONG
    place = f'w:horzAnchor="page" w:vertAnchor="page" w:tblpX="{twips(BESIDE)}" w:tblpY="{twips(top)}"'
    wide = twips(HIGH)
    no_room = "".join(f'<w:{edge} w:w="0" w:type="dxa"/>' for edge in ("left", "right"))
    look = f'<w:pStyle w:val="Footer"/><w:spacing w:line="{wide}" w:lineRule="exact"/><w:jc w:val="{side}"/>'
    return element(
        "tbl",
        f'<w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" {place}/><w:tblW w:w="{wide}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{no_room}</w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{wide}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{twips(LONG)}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/><w:textDirection w:val="tbRl"/></w:tcPr>'
        f"<w:p><w:pPr>{look}</w:pPr>{NUMBER}</w:p></w:tc></w:tr>",
    )


def twips(mm: float) -> int:
    """mm in twentieths of a point."""
    return int(mm * MM + 0.5)


# ── The empty document ──

FOREIGN = ("stylesWithEffects", "thumbnail", "customXml")
"""Parts of the library's template that would only carry its own look and history."""


def new_document(mark: str, paper: FormPaper, faces: Faces = (), *, closer: bool = False) -> Document:
    """An empty document with our styles on our page."""
    from docx import Document
    from docx.oxml import parse_xml

    made = Document()
    for part in (made.part, made.part.package):
        for rid in [rid for rid, rel in part.rels.items() if rel.reltype.rsplit("/", 1)[-1] in FOREIGN]:
            part.rels.pop(rid)
    styles = styles_xml(paper, faces, closer=closer)
    for held, xml in ((made.styles.element, styles), (made.settings.element, settings_xml())):
        held[:] = list(parse_xml(xml))
    set_page(made.sections[0], TEXT_PAGE)
    set_heads(made.sections[0], clean(mark))
    return made
