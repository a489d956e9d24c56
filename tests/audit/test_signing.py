"""`--sign` and what `verify` says of a signature: added behind the file, shown at the seal, never written over."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from attempts import slow
from certificates import PASSWORD, certificate, new_key, p12
from evaluations import make_evaluation

from selfeval.audit import signatures as signing
from selfeval.audit import verdict as verdict_words
from selfeval.audit import verdict_text
from selfeval.audit import verify as verifying
from selfeval.building.output_folder import OutputFolder
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate
from selfeval.report.pdf import engine as pdf
from selfeval.report.pdf.requirements import MachineLacks

pikepdf = pytest.importorskip("pikepdf")
pytest.importorskip("pyhanko")
try:
    pdf.load()
except MachineLacks as lack:
    pytest.skip(str(lack), allow_module_level=True)

pytestmark = pytest.mark.usefixtures("typst_draws")
REPORT = "projects/P01/report.pdf"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A certificate that its owner issued."""
    key, file = new_key(), tmp_path_factory.mktemp("keys") / "own.p12"
    file.write_bytes(p12(key, certificate("张三", key)))
    return file


@pytest.fixture(scope="module")
def signer(own):
    return signing.open_key(own, PASSWORD)


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return make_evaluation(tmp_path_factory.mktemp("inputs"))


def built(folder, out, **more):
    """(folder of the output, codes found) of a build of PDFs."""
    one = build(evaluate(folder).result, Request(out, ("pdf",), **more))
    return one.folder, [d.code for d in one.diagnostics if d.code != "F004"]


@pytest.fixture(scope="module")
def unsigned(evaluation, tmp_path_factory):
    return (built(evaluation, tmp_path_factory.mktemp("plain"))[0] / REPORT).read_bytes()


@pytest.fixture(scope="module")
def signed(unsigned, signer):
    return signer.sign(unsigned)


def verdict(tmp_path, content):
    file = tmp_path / "report.pdf"
    file.write_bytes(content)
    return verifying.verify(file)


def checked(tmp_path, content):
    """(verdict, what the check of the signature says)."""
    told = verdict(tmp_path, content)
    return told.word, next(verdict_text._found(check) for check in told.checks if check.id == "signature")


# ── Signing ──


def test_a_signature_stands_behind_the_unsigned_bytes(unsigned, signed):
    assert signed.startswith(unsigned)
    assert signing.is_signed(signed)
    assert not signing.is_signed(unsigned)


def test_the_signature_shows_between_the_text_and_the_name_of_the_unit(unsigned, signed):
    page, (left, bottom, right, top) = signing.seal_in(unsigned)
    with pikepdf.open(BytesIO(signed)) as file:
        field = file.Root.AcroForm.Fields[0]
        assert [int(n) for n in field.Rect] == [left, bottom, right, top]
        assert file.pages[page].obj.Annots[-1].objgen == field.objgen
    lines = list(signing.lines_of(__import__("pypdf").PdfReader(BytesIO(unsigned)).pages[page]))
    seal = next(at for at, line in enumerate(lines) if line[0].endswith("甲县财政局（盖章）"))
    assert lines[seal][2] + 12 < bottom, "above the name of the unit"
    assert lines[seal - 1][2] - 4 > top, "below the last line of the text"


def test_a_name_of_two_lines_is_not_covered():
    lines = [("某某", 300.0, 528.0, 16.0), ("中心（盖章）", 320.0, 500.0, 16.0)]
    assert signing.box_above(lines[1], lines[1:], 595)[1] == 518
    assert signing.box_above(lines[1], lines, 595)[1] > 528 + 12


def test_a_page_without_a_seal_is_signed_out_of_sight(signer):
    content = pdf.engine().render("<html lang=zh><title>甲</title><p>没有落款")[0]
    assert signing.seal_in(content) is None
    with pikepdf.open(BytesIO(signer.sign(content))) as file:
        assert list(file.Root.AcroForm.Fields[0].Rect) == [0, 0, 0, 0]


def test_a_signature_leaves_title_dates_and_producer_as_they_are(unsigned, signed):
    with pikepdf.open(BytesIO(unsigned)) as before, pikepdf.open(BytesIO(signed)) as file:
        assert file.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert file.docinfo == before.docinfo
        assert file.Root.AcroForm.Fields[0].V.SubFilter == "/ETSI.CAdES.detached"


# ── What can go wrong with the certificate ──


@pytest.mark.parametrize(
    ("content", "password", "says"),
    [
        (None, PASSWORD, "打不开：路径不存在"),
        (b"", PASSWORD, "口令不对，或不是完整的"),
        (b"\x30\x80nonsense", PASSWORD, "口令不对，或不是完整的"),
        ("own", "错的", "口令不对，或不是完整的"),
        ("own", "", "口令不对，或不是完整的"),
    ],
)
def test_a_certificate_that_does_not_open_ends_the_build_before_it_begins(
    own, evaluation, tmp_path, monkeypatch, capsys, content, password, says
):
    file = tmp_path / "one.p12"
    if content is not None:
        file.write_bytes(own.read_bytes() if content == "own" else content)
    monkeypatch.setenv("SELFEVAL_SIGN_PASSWORD", password)
    assert run(["build", str(evaluation), "--out", str(tmp_path / "out"), "--sign", str(file)]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_certificate_out_of_its_time_is_refused(tmp_path):
    key, file = new_key(), tmp_path / "old.p12"
    file.write_bytes(p12(key, certificate("李四", key, days=(-30, -1))))
    with pytest.raises(signing.SigningError, match=r"李四.*不在有效期内"):
        signing.open_key(file, PASSWORD)


def test_without_a_terminal_the_password_comes_from_the_environment_only(
    own, evaluation, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("SELFEVAL_SIGN_PASSWORD", raising=False)
    monkeypatch.setattr("sys.stdin", StringIO())
    assert run(["build", str(evaluation), "--out", str(tmp_path / "out"), "--sign", str(own)]) == 2
    assert "SELFEVAL_SIGN_PASSWORD" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--draft"], ["--format", "html"]])
def test_only_final_pdfs_are_signed(own, evaluation, tmp_path, capsys, option):
    assert run(["build", str(evaluation), "--out", str(tmp_path / "out"), "--sign", str(own), *option]) == 2
    assert "--sign 只用于正式的 PDF" in capsys.readouterr().err


def test_without_pyhanko_the_command_that_installs_it_is_named(own, evaluation, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(signing, "available", lambda: False)
    assert run(["build", str(evaluation), "--out", str(tmp_path / "out"), "--sign", str(own)]) == 2
    assert "pip install 'selfeval[sign]'" in capsys.readouterr().err


# ── A signed file stays ──


def test_every_pdf_is_signed_and_a_later_build_of_the_same_changes_nothing(own, evaluation, tmp_path, monkeypatch):
    monkeypatch.setenv("SELFEVAL_SIGN_PASSWORD", PASSWORD)
    words = ["build", str(evaluation), "--out", str(tmp_path)]
    assert run([*words, "--sign", str(own)]) == 0
    made = {file: file.read_bytes() for file in tmp_path.rglob("*.pdf")}
    assert len(made) == 2
    assert all(map(signing.is_signed, made.values()))
    assert run(words) == 0
    assert run([*words, "--sign", str(own)]) == 0
    assert made == {file: file.read_bytes() for file in tmp_path.rglob("*.pdf")}


@pytest.mark.slow
def test_a_signed_report_whose_data_changed_stays_and_is_named(signer, evaluation, tmp_path):
    out, codes = built(evaluation, tmp_path / "out", signer=signer)
    assert codes == []
    before = (out / REPORT).read_bytes()
    changed = make_evaluation(tmp_path, name=evaluation.name, projects="项目编号 | 项目名称\nP01 | 桥梁维修")
    assert set(built(changed, tmp_path / "out")[1]) == {"F005"}
    assert (out / REPORT).read_bytes() == before
    (out / REPORT).unlink()
    built(changed, tmp_path / "out")
    assert not signing.is_signed((out / REPORT).read_bytes())


def test_a_signed_report_of_a_project_that_is_gone_stays(signed, tmp_path):
    output = OutputFolder(tmp_path)
    for name, content in ((REPORT, signed), ("projects/P02/report.pdf", b"%PDF-"), ("summary.pdf", b"%PDF-")):
        output.write(name, content)
    output.clear({"summary.pdf"})
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.pdf")} == {REPORT, "summary.pdf"}


def test_a_report_with_an_error_is_not_signed(signer, tmp_path):
    folder = make_evaluation(tmp_path, actuals="二级指标 | 三级指标 | 实际完成值\n数量指标 | 维修里程 | 20公里")
    out, codes = built(folder, tmp_path / "out", signer=signer)
    assert codes == ["F006", "F006"]
    assert not signing.is_signed((out / REPORT).read_bytes())


# ── What verify says ──


def test_verify_names_the_signer_and_that_nobody_else_answers_for_him(tmp_path, signed):
    word, says = checked(tmp_path, signed)
    assert word == verdict_words.AGREES
    assert says.startswith("甲县财政局 张三")
    assert "签名后文件没有改动" in says
    assert "自己签发的" in says


@pytest.mark.slow
def test_a_certificate_of_an_authority_this_machine_trusts(tmp_path, unsigned, monkeypatch):
    from cryptography.hazmat.primitives.serialization import Encoding

    root, key, file = new_key(), new_key(), tmp_path / "issued.p12"
    authority = certificate("某某电子认证中心", root, can_issue=True)
    file.write_bytes(p12(key, certificate("王五", key, issuer="某某电子认证中心", by=root), [authority]))
    content = signing.open_key(file, PASSWORD).sign(unsigned)
    assert "不在本机信任之列" in checked(tmp_path, content)[1]
    (tmp_path / "roots.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots.pem"))
    assert "由本机信任的机构签发（甲县财政局 某某电子认证中心）" in checked(tmp_path, content)[1]


@pytest.mark.parametrize("at", [0.5, *slow(0.1, 0.9)])
def test_one_byte_changed_after_signing_is_seen(unsigned, signed, at):
    place = int(len(unsigned) * at)
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert [one.wrong for one in signing.signatures_in(changed)] != [""]


def test_a_page_rewritten_behind_the_signature_is_seen(tmp_path, signed):
    from pypdf import PdfWriter

    writer = PdfWriter(BytesIO(signed), incremental=True)
    content = writer.pages[0].get_contents()
    content.set_data(content.get_data() + b"\nq Q")
    writer.pages[0].replace_contents(content)
    changed = BytesIO()
    writer.write(changed)
    assert changed.getvalue().startswith(signed)
    word, says = checked(tmp_path, changed.getvalue())
    assert word == verdict_words.DISAGREES
    assert "签名之后加进了别的内容" in says


@pytest.mark.slow
def test_a_second_signature_does_not_hurt_the_first(signed, tmp_path):
    from pyhanko.sign.fields import SigFieldSpec
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    key, file = new_key(), tmp_path / "second.p12"
    file.write_bytes(p12(key, certificate("赵六", key)))
    second = signing.open_key(file, PASSWORD)
    signer = PdfSigner(PdfSignatureMetadata(field_name="Second"), second.key, new_field_spec=SigFieldSpec("Second"))
    both = signing.signatures_in(signer.sign_pdf(signing.appended_to(signed)).getvalue())
    assert [one.wrong for one in both] == ["", ""]
    assert [one.name for one in both] == ["甲县财政局 张三", "甲县财政局 赵六"]


def test_without_pyhanko_verify_says_that_the_signature_was_not_looked_at(tmp_path, signed, monkeypatch):
    monkeypatch.setattr(signing, "available", lambda: False)
    told = verdict(tmp_path, signed)
    assert told.word == "无法核对签名"
    assert any("没有核验" in note and signing.REMEDY in note for note in told.notes)


def test_a_signed_summary_tells_its_signer_although_it_has_no_data(signer, tmp_path):
    page = "<html lang=zh><title>汇总表</title><p>甲县财政局（盖章）"
    told = verdict(tmp_path, signer.sign(pdf.engine().render(page)[0]))
    assert told.word == verdict_words.UNREADABLE
    assert any("甲县财政局 张三" in note for note in told.notes)


def test_a_field_that_is_not_signed_is_something_laid_over_the_page(tmp_path, unsigned):
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    writer = copy_into_new_writer(PdfFileReader(BytesIO(unsigned)))
    append_signature_field(writer, SigFieldSpec("Empty", box=(50, 50, 500, 500)))
    changed = BytesIO()
    writer.write(changed)
    told = verdict(tmp_path, changed.getvalue())
    assert any("可能遮住原文" in text for check in told.checks for text in check.differences)
