"""What the Office files share: text they may hold, the marks on every page, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from selfeval.report.pages.views import Marks

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and what no reader should meet."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member of a zip: the earliest there is, since a file may not depend on the clock."""

CONTENT_TYPES = "[Content_Types].xml"
"""The member that readers expect first."""

CORE = "docProps/core.xml"
APP = "docProps/app.xml"


def clean(text: str) -> str:
    """Text without control characters; every line break is one newline."""
    return ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mark_of(marks: Marks) -> str:
    """演示数据, 未定稿 and the like as they stand at the head of every page; "" where none holds."""
    return "　".join(marks.words)


def properties(title: str, year: str, author: str) -> dict[str, bytes]:
    """Title and author of a file, without the times and the program name that the libraries would write."""
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(clean(title))}</dc:title><dc:subject>{escape(clean(year))}年度绩效自评</dc:subject>"
        f"<dc:creator>{escape(clean(author))}</dc:creator><dc:language>zh-CN</dc:language></cp:coreProperties>"
    )
    app = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>selfeval</Application></Properties>"
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return {CORE: (head + core).encode(), APP: (head + app).encode()}


def packed(data: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """The same zip with some members replaced, in a fixed order and without dates."""
    with ZipFile(BytesIO(data)) as given:
        members = {name: given.read(name) for name in given.namelist()} | dict(replaced)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in sorted(members, key=lambda name: (name != CONTENT_TYPES, name)):
            made.writestr(member(name), members[name])
    return out.getvalue()


def member(name: str) -> ZipInfo:
    """The head of a member that is the same on every system; a name that is not ASCII is marked as UTF-8."""
    info = ZipInfo(name, EPOCH)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o100644 << 16
    return info
