"""Formula injection (trust.md I5): forty prefixes through both formats, and back to what they were."""

from __future__ import annotations

import csv
import io
import json

import pytest
from python_calamine import CalamineWorkbook

from guantong.engine.exchange.neutral import neutral, restored
from guantong.engine.exchange.writer import csv_pieces, xlsx_file
from tests.engine.exchange.company import Company, shared

STARTERS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
FRONTS = ["", " ", "\u3000", "\xa0", "\ufeff", "\x01", "\u200b", "  \t"]
PREFIXES = [front + starter for front in FRONTS for starter in STARTERS][:88]
BAD = tuple("=+-@\t\r\n＝＋－＠")


def test_there_are_forty_prefixes() -> None:
    assert len(set(PREFIXES)) >= 40


@pytest.mark.parametrize("prefix", PREFIXES, ids=ascii)
def test_neutral_and_back(prefix: str) -> None:
    for text in (prefix, prefix + "1+1", prefix + "cmd|' /C calc'!A0", "'" + prefix + "x", "''" + prefix):
        assert restored(neutral(text)) == text
        assert neutral(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["", "张三", "a=b", "1-2", "13800138000", "it's", "'quoted'", "a\tb", "（甲）"]
)
def test_harmless_text_stays(text: str) -> None:
    assert neutral(text) == text == restored(text)


def test_both_writers_neutralise_every_cell() -> None:
    rows = [[prefix + "1+1", "-5.00"] for prefix in PREFIXES]
    text = b"".join(csv_pieces(["=head", "n"], rows, frozenset({1}))).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found[0][0] == "'=head" and len(found) == len(rows) + 1
    book = CalamineWorkbook.from_filelike(xlsx_file(["=head", "n"], rows, frozenset({1})))
    sheet = list(book.get_sheet_by_index(0).iter_rows())
    for (raw, _), line, cells in zip(rows, found[1:], sheet[1:], strict=True):
        for value in (line[0], cells[0]):
            assert value.startswith("'") and restored(value) == raw
        assert line[1] == "-5.00" and cells[1] == -5.0
    text = b"".join(csv_pieces(["n"], [["-5.00"], ["-5+1"]], frozenset())).decode("utf-8-sig")
    assert "'-5.00" in text and "'-5+1" in text, "outside a numeric column a minus is no number"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_naughty_strings_survive_the_way_out_and_in(form: str) -> None:
    company = Company()
    naughty = json.loads(shared("naughty-strings/blns.json").read_text(encoding="utf-8"))
    naughty += [prefix + "SUM(A1)" for prefix in PREFIXES] + ["'=1", "''=1", "_x000D_", "a\r\nb", '"q",";"']
    kept = {}
    if form == "xlsx":
        naughty = [text for text in naughty if "\ufffe" not in text]  # XML has no such character
    for place, text in enumerate(dict.fromkeys(text for text in naughty if text.strip())):
        reply = company.clients["boss"].post(
            "/api/records/customers",
            json.dumps({"name": f"N{place}", "note": text, "short_name": text[:60]}),
            content_type="application/json",
        )
        if reply.status_code == 201:
            kept[f"N{place}"] = (json.loads(reply.content)["note"], json.loads(reply.content)["short_name"])
    assert len(kept) > 400
    raw = company.get(f"exports/customers?format={form}&fields=name,note,short_name&sort=name")
    if form == "csv":
        cells = [c for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")) for c in row]
    else:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        cells = [c for row in sheet.iter_rows() for c in row if isinstance(c, str)]
    assert not [cell for cell in cells if cell.lstrip(" \u3000\xa0\ufeff\u200b").startswith(BAD)]
    other = Company()
    job = other.load("customers", raw, mapping={"0": "name", "1": "note", "2": "short_name"}, header_row=1)
    assert job["result"]["created"] == len(kept), job["result"]
    back = {item["name"]: (item["note"], item["short_name"]) for item in other.all("customers")}
    assert {name: (back[name], texts) for name, texts in kept.items() if back[name] != texts} == {}
