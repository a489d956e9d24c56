"""Saving into actuals.csv: the cells that were filled in, and not one byte besides."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfeval.reading.columns import ACTUALS
from selfeval.reading.csv_edit import UnwritableError, empty_table, rewritten

TEXT = (
    "项目编号,三级指标,实际完成值,偏差原因分析及改进措施\r\n"
    'P01,"维修里程",20公里,\r\n'
    'P01,提速率,"1,000","第一行\n第二行"\r\n'
    "P02 , 满意度 ,90%, 已核对 \r\n"
)
LINES = TEXT.splitlines(keepends=True)


def changed(data: bytes, line: int, **texts: str) -> bytes:
    return rewritten(data, ACTUALS, {line: texts})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_stays(encoding: str) -> None:
    made = changed(TEXT.encode(encoding), 2, 实际完成值="18公里")
    assert made == TEXT.replace("20公里", "18公里").encode(encoding)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separator_and_line_ends_stay(separator: str, ending: str) -> None:
    text = "项目编号,三级指标,实际完成值\nP01,里程,1\nP01,次数,2\n".replace(",", separator).replace("\n", ending)
    made = rewritten(text.encode(), ACTUALS, {2: {"实际完成值": "7"}}, [{"项目编号": "P01", "三级指标": "人数"}])
    added = "P01,人数,\n".replace(",", separator).replace("\n", ending)
    assert made.decode() == text.replace("里程" + separator + "1", "里程" + separator + "7") + added


def test_untouched_cells_of_a_changed_row_keep_their_quotes_and_blanks() -> None:
    made = changed(TEXT.encode(), 5, 实际完成值="91%").decode()
    assert made == TEXT.replace(",90%,", ",91%,")
    made = changed(TEXT.encode(), 2, 偏差原因分析及改进措施="下雨").decode()
    assert made == TEXT.replace('"维修里程",20公里,', '"维修里程",20公里,下雨')


def test_a_cell_in_quotes_stays_in_quotes_and_one_that_needs_them_gets_them() -> None:
    assert '提速率,"2",' in changed(TEXT.encode(), 3, 实际完成值="2").decode()
    assert (
        '20公里,"说""好""，\n即 1,2"\r\n'
        in changed(TEXT.encode(), 2, 偏差原因分析及改进措施='说"好"，\n即 1,2').decode()
    )


def test_a_record_over_several_lines_is_changed_as_one() -> None:
    made = changed(TEXT.encode(), 3, 偏差原因分析及改进措施="一行").decode()
    assert made == TEXT.replace('"第一行\n第二行"', '"一行"')


def test_a_file_without_a_last_line_end_gets_one_before_a_new_row() -> None:
    data = TEXT.rstrip().encode()
    made = rewritten(data, ACTUALS, {}, [{"项目编号": "P03", "三级指标": "人数", "实际完成值": "3人"}])
    assert made == data + "\r\nP03,人数,3人,\r\n".encode()


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnwritableError, match="没有“完成档次”这一列"):
        changed(TEXT.encode(), 2, 完成档次="达成")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (TEXT.replace('"维修里程"', '"维修里程').encode(), "引号"),
        (TEXT.encode("gb18030")[:-3] + b"\xff\xff", "无法识别"),
        (b"PK\x03\x04", "Excel"),
        (b"\r\n", "没有表头"),
    ],
)
def test_what_cannot_be_read_is_not_written(data: bytes, reason: str) -> None:
    with pytest.raises(UnwritableError, match=reason):
        changed(data, 2, 实际完成值="1")


def test_text_that_would_be_read_as_rows_is_refused() -> None:
    with pytest.raises(UnwritableError, match="读错"):
        changed(TEXT.encode(), 2, 偏差原因分析及改进措施="见下\nP01,提速率,5,无\nP01,甲,6,无")


def test_a_new_table_holds_every_column_to_fill_in() -> None:
    data = rewritten(empty_table(ACTUALS), ACTUALS, {}, [{"项目编号": "P01", "三级指标": "里程", "完成档次": "达成"}])
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert {name for name, text in row.items() if text} == {"项目编号", "三级指标", "完成档次"}
    assert {"实际完成值", "自评得分", "偏差原因分析及改进措施", "佐证材料"} <= set(row)


CELLS = st.text(st.sampled_from('甲乙1 2%",;；\n=-'), max_size=8)


@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6),
    CELLS,
    st.data(),
    st.sampled_from(["utf-8-sig", "gb18030"]),
)
def test_only_the_cell_that_was_changed_differs(
    rows: list[tuple[str, str]], text: str, data: st.DataObject, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["项目编号", "三级指标", "实际完成值", "佐证材料"])
    places = []
    for at, (actual, evidence) in enumerate(rows):
        places.append(out.getvalue().count("\n") + 1)
        writer.writerow([f"P{at}", "里程", actual, evidence])
    chosen = data.draw(st.integers(0, len(rows) - 1))
    try:
        made = rewritten(out.getvalue().encode(encoding), ACTUALS, {places[chosen]: {"实际完成值": text.strip()}})
    except UnwritableError:
        return  # refused, never written wrongly
    before, after = (list(csv.reader(io.StringIO(t, newline=""))) for t in (out.getvalue(), made.decode(encoding)))
    before[chosen + 1][2] = text.strip()
    assert after == before
