"""The narrative: which heading means what, what is kept, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sample_result import rules, sample_result, with_unit

from selfeval.evaluation.mentions import fill, filled, unit_subject
from selfeval.reading.form_layout import layout_from
from selfeval.reading.layouts import national
from selfeval.reading.markdown import to_html
from selfeval.reading.narrative import PROJECT_OUTLINE, UNIT_OUTLINE, Heading, read_narrative, read_narratives


def sections(markdown: str) -> list[tuple[str, str]]:
    """(title, text) of every section of a project narrative."""
    return [(s.title, s.markdown) for s in read_narrative(markdown, "x", PROJECT_OUTLINE)[0]]


def codes(markdown: str) -> list[tuple[str, int | None]]:
    """(code, line) of every finding about a project narrative."""
    return [(d.code, d.line) for d in read_narrative(markdown, "x", PROJECT_OUTLINE)[1]]


@pytest.mark.parametrize(
    "heading",
    [
        "一、项目概况",
        "项目概况",
        "（一）项目概况",
        "1. 项目概况",
        "1．项目概况",
        "第一部分 项目概况",
        "第一部分、项目概况",
        "一 项目概况",
        "(1)项目概况",
        "**一、项目概况**",
        "项目概况：",
        "五、项目概况",
    ],
)
def test_a_heading_counts_with_or_without_its_number(heading: str) -> None:
    assert sections(f"## {heading}\n\n文字。") == [("项目概况", "文字。")]
    assert codes(f"## {heading}\n") == []


def test_brackets_of_either_width_are_the_same() -> None:
    assert read_narrative("## 部门（单位）概况\n", "x", UNIT_OUTLINE)[0][0].title == "部门(单位)概况"


def test_sections_come_in_the_order_of_the_outline() -> None:
    assert [t for t, _ in sections("## 自评结论\n乙\n## 项目概况\n甲\n")] == ["项目概况", "自评结论"]


def test_an_unknown_heading_stays_where_it_stands_with_a_warning() -> None:
    text = "## 项目概况\n甲\n\n## 其他说明\n丙\n\n## 附件\n丁\n"
    assert [t for t, _ in sections(text)] == ["项目概况", "其他说明", "附件"]
    assert codes(text) == [("N001", 4)]


def test_a_deeper_heading_belongs_to_its_section() -> None:
    text = "# 项目概况\n甲\n\n## 来由\n乙\n"
    assert sections(text) == [("项目概况", "甲\n\n### 来由\n\n乙")]
    assert codes(text) == [("N001", 4)]


def test_a_part_of_a_section_is_no_news() -> None:
    text = "## 项目概况\n甲\n### （一）立项及预算批复\n乙\n"
    assert sections(text) == [("项目概况", "甲\n\n### （一）立项及预算批复\n\n乙")]
    assert codes(text) == []


def test_a_part_alone_opens_its_section() -> None:
    assert sections("## 绩效目标及指标\n乙\n") == [("项目概况", "### 绩效目标及指标\n\n乙")]


def test_the_title_of_the_document_is_left_out() -> None:
    assert sections("# 某项目自评报告\n\n## 项目概况\n甲") == [("项目概况", "甲")]
    assert codes("# 某项目自评报告\n\n## 项目概况\n甲") == []


def test_text_before_the_first_heading_is_kept() -> None:
    assert sections("引言。\n\n## 项目概况\n甲") == [("", "引言。"), ("项目概况", "甲")]


def test_a_section_written_twice_is_joined() -> None:
    text = "## 项目概况\n甲\n## 附件\n乙\n## 一、项目概况\n丙\n"
    assert sections(text)[0] == ("项目概况", "甲\n\n丙")
    assert codes(text) == [("N002", 5)]


def test_a_heading_in_a_code_block_is_text() -> None:
    assert codes("## 项目概况\n\n```\n# 不是标题\n```\n") == []


@pytest.mark.parametrize("text", ["", "\n\n", "只有文字", "#", "##", "a\n===\n", "- # 甲\n"])
def test_anything_can_be_read(text: str) -> None:
    read_narrative(text, "x", PROJECT_OUTLINE)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**绩效目标：**完成", "<strong>绩效目标：</strong>完成"),
        ("这是**“引文”**的", "这是<strong>“引文”</strong>的"),
        ("**甲**", "<strong>甲</strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a_b_c", "a_b_c"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("[甲](javascript:alert(1))", "<a>甲</a>"),
        ("[甲](其他.html)", "<a>甲</a>"),
        ("[甲](https://a.cn/?b=1&c)", '<a href="https://a.cn/?b=1&amp;c" rel="noreferrer">甲</a>'),
        ("![图](../../etc/passwd)", "〔图片：图〕"),
    ],
)
def test_markdown_becomes_safe_html(markdown: str, html: str) -> None:
    assert to_html(markdown) == f"<p><span>{html}</span></p>\n"


def evaluation(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """An evaluation folder with these narrative files."""
    folder = tmp_path / "甲-2021"
    (folder / "narrative").mkdir(parents=True)
    for name, data in files.items():
        (folder / "narrative" / name).write_bytes(data)
    return folder


def test_files_are_read_in_the_encodings_of_windows(tmp_path: Path) -> None:
    text = "## 项目概况\n\n甲"
    folder = evaluation(
        tmp_path,
        {"P1.md": text.encode(), "P2.md": text.encode("gb18030"), "unit.md": b"\xef\xbb\xbf" + "甲".encode()},
    )
    texts, findings = read_narratives(folder, ["P1", "P2"])
    assert texts == {"P1": text, "P2": text, "unit": "甲"}
    assert findings == ()


def test_a_file_of_no_project_is_reported(tmp_path: Path) -> None:
    texts, findings = read_narratives(evaluation(tmp_path, {"p1.md": b"x"}), ["P1"])
    assert texts == {}
    assert [(d.code, d.file) for d in findings] == [("N003", "甲-2021/narrative/p1.md")]
    assert "P1.md" in findings[0].message


def test_a_file_outside_or_too_large_is_refused(tmp_path: Path) -> None:
    folder = evaluation(tmp_path, {"P2.md": b"x" * 1_000_001, "P3.md": b"\x00\x01", "P4.md": b"\xff\xff\xff"})
    (tmp_path / "secret.md").write_text("secret")
    (folder / "narrative" / "P1.md").symlink_to(tmp_path / "secret.md")
    (folder / "narrative" / "P5.md").mkdir()
    texts, findings = read_narratives(folder, ["P1", "P2", "P3", "P4", "P5"])
    assert texts == {}
    assert [d.code for d in findings] == ["N004"] * 5


def test_only_pictures_of_the_evaluation_are_shown(tmp_path: Path) -> None:
    text = "![甲](a.png) ![乙](../../b.png) ![丙](http://a/b.png) ![丁](text.png)".encode()
    folder = evaluation(tmp_path, {"P1.md": text, "a.png": b"\x89PNG\r\n\x1a\n...", "text.png": b"text"})
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    _, findings = read_narratives(folder, ["P1"])
    assert [d.code for d in findings] == ["N005"] * 3


def test_no_folder_no_narrative(tmp_path: Path) -> None:
    assert read_narratives(tmp_path, ["P1"]) == ({}, ())


def told(text: str, at: int = 1) -> tuple[str, list[tuple[str, int | None, int | None]]]:
    """A narrative of a project of the sample with its values in, and (code, line, column) of what was found."""
    card = sample_result().scorecards[at]
    texts, findings = filled("甲-2021", {card.project.id: text}, sample_result().scorecards, rules())
    return texts[card.project.id], [(d.code, d.line, d.column) for d in findings]


@pytest.mark.parametrize(
    ("mention", "value"),
    [
        ("{{ 总分 }}", "90.88"),
        ("{{等级}}", "暂不评定"),
        ("{{ 执行率 }}", "99.30%"),
        ("{{ 年初预算 }}", "255.2"),
        ("{{ 全年预算 }}", "245.2"),
        ("{{ 全年执行 }}", "243.491"),
        ('{{ 一级得分("满意度指标") }}', "10.00"),
        ("{{ 一级得分（“满意度指标”） }}", "10.00"),
        ('{{ 指标("设备故障率").实际 }}', "12%"),
        ('{{ 指标("设备故障率").目标 }}', "≤10%"),
        ('{{ 指标("质量指标/设备故障率").得分 }}', "4.17"),
        ("{{ 指标('设备故障率').分值 }}", "5"),
        ('{{ 指标("设备故障率").完成率 }}', "83.40%"),
        ('{{ 指标("重大故障响应时间").得分 }}', "未评分"),
    ],
)
def test_a_value_is_put_in_by_its_name(mention: str, value: str) -> None:
    assert told(f"得{mention}。") == (f"得{value}。", [])


@pytest.mark.parametrize(
    "mention",
    [
        "{{ 总分数 }}",
        "{{ 总分 + 1 }}",
        '{{ 指标("没有的指标").实际 }}',
        '{{ 指标("设备故障率") }}',
        '{{ 指标("设备故障率").__class__ }}',
        '{{ 一级得分("没有") }}',
        "{{ ().__class__ }}",
        "{{}}",
    ],
)
def test_an_unknown_name_is_an_error_with_its_place(mention: str) -> None:
    text, findings = told(f"第一行\n得{mention}。")
    assert findings == [("N008", 2, 2)]
    assert to_html(text) == to_html(f"第一行\n得{mention}。".replace("_", "\\_"))


def test_a_value_is_never_markup_nor_looked_at_again() -> None:
    card = sample_result().scorecards[1]
    row = card.scores[0]
    nasty = "**粗** {{ 总分 }} <b> [x](javascript:1) 1|2"
    evil = replace(row, indicator=replace(row.indicator, actual=replace(row.indicator.actual, text=nasty)))
    subject = replace(unit_subject(None, [card.budget], rules()), card=replace(card, scores=(evil,)))
    text, wrong = fill(f'{{{{ 指标("{row.indicator.level3}").实际 }}}}', subject, "x.md", "P02")
    assert wrong == []
    assert to_html(text) == "<p><span>**粗** {{ 总分 }} &lt;b&gt; [x](javascript:1) 1|2</span></p>\n"


def test_the_unit_has_its_own_money_or_that_of_its_projects() -> None:
    result = sample_result()
    text = {"unit": "{{ 全年预算 }} {{ 总分 }}"}
    summed, wrong = filled("甲", text, result.scorecards, rules())
    assert summed["unit"].startswith("335.2 ")
    assert [d.code for d in wrong] == ["N008"]
    own = with_unit(result)
    assert own.unit is not None
    assert filled("甲", text, (*own.scorecards, own.unit), rules())[0]["unit"].startswith("800 ")


def test_in_a_paragraph_of_too_many_brackets_none_is_a_link():
    """Sixty thousand of them would keep markdown-it busy for minutes; other paragraphs keep their links."""
    html = to_html("![" * 30_000 + "](a)\n\n[甲](https://a.example)")
    assert html.startswith("<p><span>![![")
    assert html.count("<a") == 1


LEIYANG = ("基本情况", "资金使用及管理", "组织实施", "绩效情况", "存在的问题及原因分析", "建议", "其他")
"""The seven parts of one published outline."""


@pytest.mark.parametrize("number", ["", "一、", "（一）"])
def test_a_published_outline_is_taken_for_ours_and_loses_nothing(number):
    text = "\n\n".join(f"# {number}{title}\n\n{title}的内容" for title in LEIYANG)
    sections, findings = read_narrative(text, "P01.md", PROJECT_OUTLINE)
    assert findings == ()
    assert [section.title for section in sections if not section.known] == [number + "组织实施", number + "其他"]
    whole = "\n".join(section.markdown for section in sections)
    assert all(f"{title}的内容" in whole for title in LEIYANG)


def test_no_heading_of_an_outline_means_two_sections():
    for outline in (PROJECT_OUTLINE, UNIT_OUTLINE):
        names = [name for heading in outline for name in (heading.title, *heading.parts, *heading.aliases)]
        assert len(names) == len(set(names))


def test_a_layout_may_have_an_outline_for_the_unit_of_its_own():
    unit = [{"number": "一、", "title": "部门情况", "aliases": ["基本情况"]}]
    made = layout_from({"unit_outline": unit}, national())
    assert (made.outline, made.unit_outline) == (PROJECT_OUTLINE, (Heading("一、", "部门情况", (), ("基本情况",)),))
