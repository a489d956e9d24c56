"""Electronic signatures: a built PDF signed with a certificate of its owner, and signatures found in one looked at.

The only module that knows pyHanko, which is an extra (`pip install 'selfeval[sign]'`). A signature is added behind the
bytes of the unsigned file, so that these remain what they were; nothing is fetched and no time service is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from selfeval.base.files import read_file, reason_of
from selfeval.base.phrases import phrase
from selfeval.base.text_width import MM

if TYPE_CHECKING:
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko.sign.validation.status import PdfSignatureStatus


REMEDY = "pip install 'selfeval[sign]'"
FIELD, READ_AS = "Signature1", "签章"
"""The name of our field, and what a screen reader calls it."""

SEAL = "（盖章）"
"""Where a page ends a line with this, the layout leaves two lines free above it."""

STAMP = 80 * MM, 18 * MM
"""Width and height of what is drawn of a signature, in pt."""

LIFT, LINE = 18.0, 28.98
"""From the base line of 单位（盖章） up to the stamp; one line of the page; in pt."""

MAX_P12 = 1_000_000
"""Bytes of a key file."""


class SigningError(ValueError):
    """A certificate that cannot be used, or a file that cannot be signed. The text says why, in Chinese."""


def available() -> bool:
    """Whether pyHanko is installed."""
    return find_spec("pyhanko") is not None


# ── Signing ──


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate with its key. Made by `open_key`."""

    key: SimpleSigner
    name: str
    stamp: bytes

    def sign(self, content: bytes) -> bytes:
        """The same PDF with a signature behind it (PAdES baseline B), shown where the page asks for the seal."""
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
        from pyhanko.sign.general import SigningError as Refused
        from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
        from pyhanko.stamp import StaticStampStyle

        page, box = seal_in(content) or (0, None)
        place = SigFieldSpec(FIELD, on_page=page, box=box, readable_field_name=READ_AS)
        about = PdfSignatureMetadata(field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        style = StaticStampStyle(background=drawing(self.stamp), border_width=0)
        signer = PdfSigner(about, signer=self.key, stamp_style=style, new_field_spec=place)
        try:
            signed: BytesIO = signer.sign_pdf(appended_to(content))
        except (PdfError, Refused) as error:
            raise SigningError(phrase("签名没有完成（{error}）", error=str(error))) from error
        return signed.getvalue()


def open_key(path: Path, password: str) -> Signer:
    """The certificate and key of a PKCS#12 file. Raises `SigningError`, and `MachineLacks` where no PDF can be made."""
    from pyhanko.sign.signers import SimpleSigner

    content = key_file(path)
    with quiet():
        try:
            key = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode() or None)
        except (ValueError, AttributeError, NotImplementedError) as error:  # AttributeError: no key in it
            raise SigningError(
                phrase("证书文件 {name} 打不开：口令不对，或不是完整的 PKCS#12 文件", name=path.name)
            ) from error
    today = datetime.now().astimezone()
    name = owner(key.signing_cert.subject.native)
    begins, ends = key.signing_cert.not_valid_before, key.signing_cert.not_valid_after
    if not begins <= today <= ends:
        raise SigningError(
            phrase(
                "“{name}”的证书不在有效期内（{begins} 至 {ends}）",
                name=name,
                begins=f"{begins:%Y-%m-%d}",
                ends=f"{ends:%Y-%m-%d}",
            )
        )
    return Signer(key, name, stamp_of(name, today))


def key_file(path: Path) -> bytes:
    """The bytes of a PKCS#12 file."""
    try:
        return read_file(path, MAX_P12)
    except OSError as error:
        raise SigningError(
            phrase("证书文件 {path} 打不开：{reason_of}", path=str(path), reason_of=reason_of(error))
        ) from error


def owner(subject: Any) -> str:  # noqa: ANN401 - a name of X.509, parts of which may be lists
    """Whom a certificate names: the person or seal, and the unit where it is another."""
    names = [subject.get(part) for part in ("organization_name", "common_name")]
    parts = [part if isinstance(part, str) else "、".join(map(str, part)) for part in names if part]
    return " ".join(dict.fromkeys(parts)) or phrase("（证书没有写明姓名）")


def stamp_of(name: str, day: datetime) -> bytes:
    """What is drawn of a signature, as a PDF of one small page with its own fonts."""
    from selfeval.report.engines import stamp

    return stamp((phrase("电子签名：{name}", name=name), f"签名日期：{day.year}年{day.month}月{day.day}日"), STAMP)


def drawing(stamp: bytes) -> PdfContent:
    """The page of a stamp, to be drawn inside another file."""
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader

    class Drawing(PdfContent):
        """Brings its fonts along."""

        def render(self) -> bytes:
            """The instruction that draws it."""
            page = PdfFileReader(BytesIO(stamp))
            self.resources.xobject["/Stamp"] = self._ensure_writer.import_page_as_xobject(page)
            self.box = BoxConstraints(*STAMP)
            return b"/Stamp Do"

    return Drawing()


def appended_to(content: bytes) -> Any:  # noqa: ANN401
    """A writer that adds to a file and leaves title, dates and producer as they are: PDF/A wants them told alike."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Appended(IncrementalPdfFileWriter):
        """Adds a signature, no remarks of its own."""

        def _update_meta(self) -> None:
            """Nothing."""

    ended = content if content.endswith(b"\n") else content + b"\n"  # what is added begins on a line of its own
    return Appended(BytesIO(ended))


Box = tuple[int, int, int, int]
"""Left, bottom, right, top in pt."""


def seal_in(content: bytes) -> tuple[int, Box] | None:
    """Page (from 0) and place for the signature, above the last line that ends with （盖章）; None without one."""
    from pypdf import PdfReader

    pages = list(PdfReader(BytesIO(content)).pages)
    for number in reversed(range(len(pages))):
        lines = list(lines_of(pages[number]))
        seals = [line for line in lines if line[0].endswith(SEAL)]
        if seals:
            return number, box_above(seals[-1], lines, float(pages[number].mediabox.width))
    return None


Line = tuple[str, float, float, float]
"""A text as drawn: left end and base line, size of type, in pt."""


def lines_of(page: Any) -> Iterator[Line]:  # noqa: ANN401 - pypdf's objects
    """What a page draws, piece by piece."""
    pieces: list[Line] = []

    def visit(text: str, outer: list[float], inner: list[float], _font: Any, size: float) -> None:  # noqa: ANN401
        scale, left, up = outer[0], outer[4], outer[5]
        if text.strip():
            pieces.append((text.strip(), left + scale * inner[4], up + outer[3] * inner[5], scale * size))

    page.extract_text(visitor_text=visit)
    yield from pieces


def box_above(seal: Line, lines: list[Line], page: float) -> Box:
    """The stamp over the middle of a line, higher where the name of the unit takes more lines."""
    text, left, base, size = seal
    wide, high = STAMP
    middle = left + len(text) * size / 2
    bottom = base + LIFT
    while any(abs(other - (bottom - LIFT + LINE)) < size / 4 for _, _, other, _ in lines):
        bottom += LINE
    start = max(0.0, min(middle - wide / 2, page - wide))
    return int(start), int(bottom), int(start + wide), int(bottom + high)


# ── Files that are signed ──


def is_signed(content: bytes) -> bool:
    """Whether a PDF bears a signature. Unsigned ones of ours have this word nowhere outside compressed parts."""
    return b"/ByteRange" in content


def signed_file(path: Path) -> bytes | None:
    """The bytes of a signed PDF; None where there is no file or no signature."""
    try:
        content = read_file(path) if path.suffix == ".pdf" else b""
    except OSError:
        return None
    return content if is_signed(content) else None


def to_stand(path: Path, content: bytes, signer: Signer | None) -> tuple[bytes, bool]:
    """What is to stand at a place: a PDF, signed where asked for. A signed file that is there already stays.

    The second says whether it stays although it was signed with other content.
    """
    there = signed_file(path)
    if there is not None:
        return there, not there.startswith(content)
    return signer.sign(content) if signer else content, False


# ── Looking at signatures ──


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as it was found. `wrong`: why it does not hold, "" where it does; `trust`: who answers for it."""

    name: str
    when: str
    wrong: str
    trust: str

    def __str__(self) -> str:
        """As a sentence."""
        what = self.wrong or phrase("签名后文件没有改动")
        if self.when:
            what = phrase("{when}，{what}", when=self.when, what=what)
        return phrase("{name}，{what}；{trust}", name=self.name, what=what, trust=self.trust)


NO_SIGNATURE = Signature(phrase("不明"), "", phrase("签名的结构异常，无法核验"), phrase("签名人不明"))
"""A field that is filled in with something else."""


def signatures_in(content: bytes) -> tuple[Signature, ...]:
    """Every signature of a PDF. Never raises: what cannot be looked at is a signature that does not hold."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    with quiet():
        try:
            embedded = PdfFileReader(BytesIO(content)).embedded_regular_signatures
            return tuple(map(examined, embedded))
        except Exception as error:  # noqa: BLE001 - a broken file can make the reader fail in any way
            return (
                Signature(
                    phrase("不明"),
                    "",
                    phrase("签名的结构异常，无法核验（{name}）", name=type(error).__name__),
                    phrase("签名人不明"),
                ),
            )


def examined(one: Any) -> Signature:  # noqa: ANN401 - pyHanko's EmbeddedPdfSignature
    """One signature: intact, over the whole file, by whom."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(trust_roots=trusted_roots(), allow_fetching=False)
    uses = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
    status = validate_pdf_signature(one, signer_validation_context=context, key_usage_settings=uses)
    when = status.signer_reported_dt
    return Signature(
        owner(status.signing_cert.subject.native),
        phrase("{when}（签名人电脑的时间）", when=f"{when:%Y-%m-%d %H:%M}") if when else "",
        failing(status),
        trust_in(status),
    )


def failing(status: PdfSignatureStatus) -> str:
    """Why a signature does not hold."""
    from pyhanko.sign.diff_analysis import ModificationLevel

    if not status.intact:
        return phrase("签名之后签过的内容被改动")
    if not status.valid:
        return phrase("签名与证书不符")
    if status.modification_level is None or status.modification_level > ModificationLevel.FORM_FILLING:
        return phrase("签名没有盖住整个文件：签名之后加进了别的内容")
    return ""


def trust_in(status: PdfSignatureStatus) -> str:
    """Who answers for the signer."""
    certificate = status.signing_cert
    if status.trusted:
        return phrase("证书由本机信任的机构签发（{owner}）", owner=owner(certificate.issuer.native))
    if certificate.self_issued:
        return phrase("证书是自己签发的，签名人的身份请另行核实")
    return phrase(
        "签发证书的机构（{owner}）不在本机信任之列，或证书已失效，请另行核实", owner=owner(certificate.issuer.native)
    )


def trusted_roots() -> list[Any]:
    """The certificates that this machine trusts."""
    import ssl

    from asn1crypto.x509 import Certificate

    return [Certificate.load(one) for one in ssl.create_default_context().get_ca_certs(binary_form=True)]


@contextmanager
def quiet() -> Iterator[None]:
    """pyHanko's remarks kept from the terminal."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    levels = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in zip(loggers, levels, strict=True):
            one.setLevel(level)
