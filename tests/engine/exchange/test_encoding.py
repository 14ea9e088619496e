"""Whatever program wrote the file: encodings, delimiters, headings, empty rows and columns."""

from __future__ import annotations

import pytest

from guantong.base.errors import Invalid
from guantong.engine.exchange.csv_source import CsvSource, guess_delimiter
from guantong.engine.exchange.encoding import decode
from guantong.engine.exchange.source import Reading
from guantong.engine.exchange.table import open_table
from tests.engine.exchange.company import shared, xlsx

CHINESE = "客户名称,手机,备注\n宁波海曙机电有限公司,１３８,喆囧龘\n"
WESTERN = "name;town\nMüller & Söhne;Zürich\nSociété Générale;Orléans\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16-le"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (WESTERN, "latin-1", "cp1252"),
        (WESTERN + "€ 100 – “gut”;x\n", "cp1252", "cp1252"),
        ("公司,名稱\n繁體中文測試資料,臺北市信義區\n", "big5", "big5"),
        ("имя;город\nПривет мир;Москва\n", "cp1251", "cp1251"),
        ("only,ascii\n", "ascii", "utf-8"),
    ],
)
def test_encodings(text: str, written: str, found: str) -> None:
    assert decode(text.encode(written)) == (text, found)


def test_a_mark_that_lies_is_no_reason_to_fail() -> None:
    text, name = decode(b"\xef\xbb\xbf" + "name\nM\xfcller\n".encode("latin-1"))
    assert text == "name\nMüller\n" and name == "cp1252"
    source = CsvSource(shared("online-retail-sample/Online Retail.csv").read_bytes())
    assert len(list(source.rows())) > 5000


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    rows = [["name", "amount, net", "x"], ["a;b", '"1,5"', "c"], ["d", "2,5", "e\tf"]]
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in rows]
    assert guess_delimiter("\n".join(delimiter.join(row) for row in quoted)) == delimiter


def _table(content: bytes, *known: str):  # type: ignore[no-untyped-def]
    return open_table(content, Reading(), known=lambda text: text in known)


def test_headings_below_titles_and_blank_rows() -> None:
    table = _table("客户通讯录,,\n导出日期 2024-05-01,,\n,,\n姓名,电话,\n张三,1,\n,,\n李四,2,\n".encode())
    assert table.header_row == 4 and [column.header for column in table.columns] == ["姓名", "电话"]
    assert [number for number, _ in table.rows()] == [5, 7]
    assert (table.rows_read, table.empty_rows, table.empty_columns) == (2, 1, 1)


def test_known_words_win_over_a_wide_title_row() -> None:
    table = _table(
        xlsx(["某某公司", "客户清单", "内部资料"], ["名称", "电话", "备注"], ["甲", "1", "x"]), "名称", "电话"
    )
    assert table.header_row == 2


def test_broken_quotes_and_too_much_are_refused() -> None:
    for content, code in (
        (b'a,b\n"' + b"x" * 200_000 + b"\n", "malformed_csv"),
        (b"a\n" + b"x\n" * 200_200, "too_many_rows"),
        (",".join(f"c{i}" for i in range(300)).encode(), "too_many_columns"),
    ):
        with pytest.raises(Invalid) as refusal:
            _table(content).count()
        assert refusal.value.code == code
