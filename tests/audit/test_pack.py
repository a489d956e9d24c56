"""pack: one zip that is handed in, the same every time, and verify tells whether anything in it was touched."""

from __future__ import annotations

import io
import json
import shutil
import stat
import zipfile

import pytest
from attempts import some
from evaluations import make_evaluation
from honest import photograph

from selfeval.audit.attachments import sha256
from selfeval.audit.pack_parts import free_name, safe_name
from selfeval.audit.pack_reader import UnreadablePackError, open_pack
from selfeval.audit.verdict import AGREES, DISAGREES, UNREADABLE
from selfeval.audit.verify_pack import verify_pack
from selfeval.building.request import Request
from selfeval.building.run import build
from selfeval.cli.app import run
from selfeval.evaluation.pipeline import evaluate

pytestmark = pytest.mark.usefixtures("typst_draws")

WITH_EVIDENCE = """
二级指标       | 三级指标   | 实际完成值 | 佐证材料
数量指标       | 维修里程   | 20公里     | 验收单.txt；现场照片
社会效益指标   | 通行提速率 | 10%        | 子目录/观测.csv
服务对象满意度 | 群众满意度 | 90%        | 验收单.txt
"""


def evaluation(tmp_path, **given):
    """An evaluation with two files of evidence."""
    folder = make_evaluation(tmp_path, **({"actuals": WITH_EVIDENCE} | given))
    (folder / "evidence" / "子目录").mkdir(parents=True)
    (folder / "evidence" / "验收单.txt").write_text("验收合格", encoding="utf-8")
    (folder / "evidence" / "子目录" / "观测.csv").write_text("1,2", encoding="utf-8")
    (folder / "evidence" / "没有提到的.txt").write_text("x", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An evaluation built and packed."""
    folder = evaluation(tmp_path_factory.mktemp("pack"))
    build(evaluate(folder).result, Request(folder.parent / "out", ("html", "pdf")))
    assert run(["pack", str(folder), "--out", str(folder.parent / "out")]) == 0
    return folder.parent


@pytest.fixture
def packed(home, tmp_path):
    """A copy of the zip to be touched."""
    return shutil.copy(home / "out" / "甲县-2021.zip", tmp_path / "报送.zip")


def members(path):
    """The files of a zip by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path, files):
    """A zip with other files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def words(path):
    return [verdict.word for verdict in verify_pack(path)]


def told(path):
    """All differences, in one text."""
    return "\n".join(d for v in verify_pack(path) for c in v.checks for d in c.differences)


# ── What is in it ──


def test_all_that_is_handed_in_is_there_and_nothing_else(packed):
    assert list(members(packed)) == [
        "manifest.json", "目录.html", "summary.pdf", "summary.xlsx", "projects/P01/report.pdf",
        "scorecard.json", "scores.csv", "evidence/子目录/观测.csv", "evidence/验收单.txt",
    ]  # fmt: skip


def test_every_file_is_in_the_manifest_with_its_sum(packed):
    files = members(packed)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["schema"] == "selfeval.pack/1"
    assert {one["file"]: one["sha256"] for one in manifest["files"]} == {n: sha256(c) for n, c in files.items()}
    assert manifest["projects"][0]["total"] == "100.00"
    assert not manifest["draft"]


def test_the_reports_are_those_that_were_built(home, packed):
    built = (home / "out" / "甲县-2021" / "projects" / "P01" / "report.pdf").read_bytes()
    assert members(packed)["projects/P01/report.pdf"] == built


def test_the_contents_page_links_every_file_and_fetches_nothing(packed):
    page = members(packed)["目录.html"].decode()
    assert 'href="projects/P01/report.pdf"' in page
    assert "evidence/%E9%AA%8C%E6%94%B6%E5%8D%95.txt" in page
    assert "http" not in page


def test_the_zip_is_the_same_every_time_and_holds_no_date_of_today(home, packed, tmp_path):
    assert run(["pack", str(home / "甲县-2021"), "--out", str(home / "out")]) == 0
    assert (home / "out" / "甲县-2021.zip").read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert stat.S_IMODE(info.external_attr >> 16) == 0o644
            assert info.filename.isascii() or info.flag_bits & 0x800


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("evidence/验收单.pdf", "evidence/验收单.pdf"),
        ("evidence/a:b?.txt", "evidence/a_b_.txt"),
        ("evidence/尾点./x", "evidence/尾点/x"),
        ("evidence/a\\b.txt", "evidence/a_b.txt"),
    ],
)
def test_names_that_windows_cannot_unpack_are_changed(name, safe):
    assert safe_name(name) == safe


def test_two_names_that_differ_in_case_only_are_kept_apart():
    taken: set[str] = set()
    assert [free_name(n, taken) for n in ("e/A.txt", "e/a.txt", "e/a.txt")] == ["e/A.txt", "e/a-2.txt", "e/a-3.txt"]


# ── What is refused ──


@pytest.mark.slow
def test_what_was_never_built_is_built_first(tmp_path, capsys):
    folder = evaluation(tmp_path)
    assert run(["pack", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert "先生成" in capsys.readouterr().err
    assert words(tmp_path / "out" / "甲县-2021.zip") == [AGREES, AGREES]


@pytest.mark.parametrize("changed", ["actuals.csv", "evidence/验收单.txt", "narrative/P01.md"])
def test_outputs_of_other_inputs_are_refused(home, tmp_path, capsys, changed):
    folder = shutil.copytree(home / "甲县-2021", tmp_path / "甲县-2021")
    shutil.copytree(home / "out" / "甲县-2021", tmp_path / "out" / "甲县-2021")
    (folder / changed).parent.mkdir(exist_ok=True)
    with (folder / changed).open("a", encoding="utf-8") as file:
        file.write("## 一、项目概况\n\n改了。\n" if changed.endswith(".md") else "\n")
    if changed == "actuals.csv":
        text = (folder / changed).read_text(encoding="utf-8").replace("20公里", "21公里")
        (folder / changed).write_text(text, encoding="utf-8")
    assert run(["pack", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert "与现在的评价不一致" in capsys.readouterr().err
    assert not (tmp_path / "out" / "甲县-2021.zip").exists()


@pytest.mark.slow
def test_a_report_with_a_picture_is_packed_until_the_picture_is_another(tmp_path, capsys):
    folder = evaluation(tmp_path)
    (folder / "narrative").mkdir()
    (folder / "narrative" / "a.png").write_bytes(photograph("a.png"))
    (folder / "narrative" / "P01.md").write_text("## 一、项目概况\n\n![现场](a.png)\n", "utf-8")
    build(evaluate(folder).result, Request(tmp_path / "out", ("html", "pdf")))
    assert run(["pack", str(folder), "--out", str(tmp_path / "out")]) == 0
    assert words(tmp_path / "out" / "甲县-2021.zip") == [AGREES, AGREES]
    (folder / "narrative" / "a.png").write_bytes(photograph("b.png"))
    assert run(["pack", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert "与现在的评价不一致" in capsys.readouterr().err


def test_an_evaluation_with_an_error_is_packed_only_when_told(tmp_path, capsys):
    folder = evaluation(tmp_path, actuals=WITH_EVIDENCE.replace("20公里", ""))
    out = ["--out", str(tmp_path / "out")]
    assert run(["pack", str(folder), *out]) == 1
    assert "未定稿（有错误）的项目：P01" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(["pack", str(folder), *out, "--draft"]) == 0
    assert json.loads(members(tmp_path / "out" / "甲县-2021.zip")["manifest.json"])["draft"]
    assert "未定稿" in members(tmp_path / "out" / "甲县-2021.zip")["目录.html"].decode()


@pytest.mark.slow
@pytest.mark.parametrize(("option", "why"), [("draft", "征求意见稿"), ("public", "公开版")])
def test_drafts_for_comment_and_public_editions_are_not_handed_in(tmp_path, capsys, option, why):
    folder = evaluation(tmp_path)
    build(evaluate(folder).result, Request(tmp_path / "out", ("pdf",), **{option: True}))
    assert run(["pack", str(folder), "--out", str(tmp_path / "out")]) == 1
    assert why in capsys.readouterr().err


def test_no_evaluation_is_a_usage_error(tmp_path):
    assert run(["pack", str(tmp_path)]) == 2


# ── verify ──


def test_verify_accepts_the_zip(packed, capsys):
    assert run(["verify", str(packed)]) == 0
    assert "报送包" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", some(["scores.csv", "目录.html", "summary.pdf", "evidence/验收单.txt", "projects/P01/report.pdf"], 4)
)
def test_a_file_that_was_touched_is_told(packed, name):
    files = members(packed)
    rewrite(packed, files | {name: files[name] + b" "})
    assert words(packed)[0] == DISAGREES
    assert f"文件 {name} 与清单不符" in told(packed)


def test_a_file_that_is_gone_and_one_that_came_are_told(packed):
    files = members(packed)
    del files["evidence/验收单.txt"]
    rewrite(packed, files | {"另外.txt": b"x"})
    assert "缺少文件 evidence/验收单.txt" in told(packed)
    assert "文件 另外.txt 不在清单里" in told(packed)


def forged(packed, name, content):
    """A zip in which a file was replaced and the manifest mended to fit."""
    files = members(packed) | {name: content}
    manifest = json.loads(files["manifest.json"])
    for one in manifest["files"]:
        if one["file"] == name:
            one |= {"sha256": sha256(content), "bytes": len(content)}
    rewrite(packed, files | {"manifest.json": json.dumps(manifest).encode()})


def test_a_scorecard_that_says_other_than_the_report_is_told_though_the_manifest_fits(packed):
    content = members(packed)["scorecard.json"].replace(b'"points": "50.00"', b'"points": "49.00"')
    forged(packed, "scorecard.json", content)
    assert "所附的计分结果与包内 scorecard.json 不同" in told(packed)


@pytest.mark.slow
def test_the_report_of_another_state_is_told_though_the_manifest_fits(packed, tmp_path):
    other = evaluation(tmp_path, actuals=WITH_EVIDENCE.replace("20公里", "15公里"))
    build(evaluate(other).result, Request(tmp_path / "out", ("pdf",)))
    forged(packed, "projects/P01/report.pdf", (tmp_path / "out" / "甲县-2021/projects/P01/report.pdf").read_bytes())
    assert "总分：清单是“100.00”，报告是“87.50”" in told(packed)
    assert "数据指纹" in told(packed)


def test_evidence_replaced_is_told_by_the_report_that_names_it(packed):
    forged(packed, "evidence/验收单.txt", "验收不合格".encode())
    assert "报告所列的佐证文件 evidence/验收单.txt 不在包内" in told(packed)


def bomb():
    """A small zip that unpacks to 64 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(64 * 2**20))
    return out.getvalue()


def lying():
    """A zip whose list says a file is smaller than it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(4096))
    return out.getvalue().replace((4096).to_bytes(4, "little"), (16).to_bytes(4, "little"))


def single(name, *, link=False):
    """A zip with one file of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16 if link else 0
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def doubled():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "1")
        archive.writestr("A.txt", "2")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04 nothing", bomb(), lying(), single("../x"), single("/etc/x"), single("a\\b"), single("C:x"),
        single("x", link=True), doubled(), single("manifest.json"),
    ],
    ids=["empty", "broken", "bomb", "lying", "up", "root", "backslash", "drive", "link", "twice", "foreign"],
)  # fmt: skip
def test_a_zip_made_to_do_harm_is_unreadable_and_nothing_is_written(tmp_path, content, capsys):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert words(path) == [UNREADABLE]
    assert run(["verify", str(path)]) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_a_pack_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UnreadablePackError, match="没有这个文件"):
        open_pack(tmp_path / "没有.zip")


def test_compare_reads_the_pack_that_was_handed_in(home, packed, tmp_path, capsys):
    later = evaluation(tmp_path, actuals=WITH_EVIDENCE.replace("20公里", "18公里"))
    assert run(["compare", str(packed), str(later)]) == 0
    assert "完成值 20公里 → 18公里" in capsys.readouterr().out
