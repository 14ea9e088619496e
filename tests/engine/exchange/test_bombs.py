"""Bombs and lies in archives (trust.md I6): refused within seconds, with little memory."""

from __future__ import annotations

import io
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from guantong.base.errors import Invalid
from guantong.engine.exchange.source import Reading, open_source
from tests.engine.exchange.company import xlsx

SHEET = "xl/worksheets/sheet1.xml"


def _with(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook whose parts were tampered with."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(xlsx(["name"], ["x"]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _sheet(rows: bytes) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return _with(lambda parts: parts.update({SHEET: head + rows + b"</sheetData></worksheet>"}))


def _cell(place: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>x</t></is></c>'.encode()


def _lying() -> bytes:
    """The directory says 100 bytes, the stream holds 300 MB."""
    packed = zlib.compressobj(9, wbits=-15)
    body = b"".join(packed.compress(b" " * 1_000_000) for _ in range(300)) + packed.flush()
    buffer = bytearray(_with(lambda parts: parts.update({"xl/big.xml": b"MARK" * 25})))
    return _swap(bytes(buffer), b"xl/big.xml", body)


def _swap(content: bytes, name: bytes, body: bytes) -> bytes:
    """Put another stream behind a part's header, keeping the sizes that the directory tells."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        parts = [(info, archive.read(info)) for info in infos]
    out, directory = bytearray(), bytearray()
    for info, raw in parts:
        data = body if info.filename.encode() == name else zlib.compress(raw, 9, wbits=-15)
        start = len(out)
        fields = (20, 0, 8, 0, 33, info.CRC, len(data), info.file_size, len(info.filename), 0)
        out += struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + info.filename.encode() + data
        directory += (
            struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields, 0, 0, 0, 0, start) + info.filename.encode()
        )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), len(out), 0)
    return bytes(out + directory + end)


def _overlapping() -> bytes:
    content = bytearray(xlsx(["name"], ["x"]))
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zeros": (
        lambda: _with(lambda parts: parts.update({"xl/x.xml": b"0" * 150_000_000})),
        "file_unpacks_too_large",
    ),
    "shared strings": (
        lambda: _with(
            lambda parts: parts.update({"xl/sharedStrings.xml": b"<si><t>ab</t></si>" * 8_000_000})
        ),
        "file_unpacks_too_large",
    ),
    "lying sizes": (_lying, "file_unpacks_too_large"),
    "overlap": (_overlapping, "not_a_table"),
    "many parts": (
        lambda: _with(lambda parts: parts.update({f"xl/p{i}.xml": b"" for i in range(3000)})),
        "file_has_too_many_parts",
    ),
    "far corner": (
        lambda: _sheet(b"<row>" + _cell("A1") + _cell("XFD1048576") + b"</row>"),
        "too_many_columns",
    ),
    "far row": (
        lambda: _sheet(b'<row r="1">' + _cell("A1") + b"</row><row>" + _cell("A1048576") + b"</row>"),
        "too_many_rows",
    ),
    "wide block": (lambda: _sheet(b"<row>" + _cell("A1") + _cell("GR199999") + b"</row>"), "too_many_cells"),
    "columns without names": (
        lambda: _sheet(b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>"),
        "too_many_columns",
    ),
    "rows without numbers": (
        lambda: _sheet(b"".join(b"<row><c><v>%d</v></c></row>" % (i * 7919) for i in range(210_000))),
        "too_many_rows",
    ),
    "single quotes": (lambda: _sheet(b"<row><c r='XFD9' t='n'><v>1</v></c></row>"), "too_many_columns"),
    "billion laughs": (
        lambda: _with(lambda parts: parts.update({SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'})),
        "file_has_entities",
    ),
    "no workbook": (lambda: _with(lambda parts: parts.pop("xl/workbook.xml")), "not_a_table"),
    "cut off": (lambda: xlsx(["name"], ["x"])[:-30], "not_a_table"),
    "hidden behind": (lambda: xlsx(["name"], ["x"]) + xlsx(["other"])[:100], "not_a_table"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "not_a_table"),
    "gzip": (lambda: b"\x1f\x8b\x08" + b"\0" * 100, "not_a_table"),
    "too large": (lambda: b"a,b\n" * 6_000_000, "file_too_large"),
    "binary": (lambda: bytes(range(256)) * 100, "not_a_table"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(name: str) -> None:
    make, code = BOMBS[name]
    content = make()
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(Invalid) as refusal:
        for _ in open_source(content, Reading()).rows():
            pass
    assert refusal.value.code == code
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_honest_large_and_decorated_workbooks_are_read() -> None:
    rows = [[f"公司{i}", i, "上海"] for i in range(20_000)]
    assert sum(1 for _ in open_source(xlsx(["a", "b", "c"], *rows), Reading()).rows()) == 20_001
    empty = b"".join(
        f'<row r="{i}"><c r="A{i}" s="1"/><c r="XFD{i}" s="1"/></row>'.encode() for i in range(2, 400_000, 97)
    )
    source = open_source(_sheet(b'<row r="1">' + _cell("A1") + b"</row>" + empty), Reading())
    assert next(source.rows()) == (1, ["x"])
