"""Is this .xlsx what it claims? Parts are inflated by ourselves in small pieces and counted, nothing is kept.

The reader behind trusts sizes in the archive and lays the used area out as one block, so both are checked
here: number, size, ratio and overlap of the parts, entities, and the farthest row and column with a value.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from guantong.base.errors import Invalid
from guantong.engine.exchange.limits import CELLS, COLUMNS, LARGE, PARTS, RATIO, ROWS, UNPACKED

PIECE = 1 << 20
OVERLAP = 400
END = b"PK\x05\x06"
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
FILLED = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})([0-9]{1,12})["'][^<>]*(?<!/)>(?!</)""")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")


def check_xlsx(content: bytes) -> None:
    """Raise Invalid for a bomb, a lie or an archive that is no workbook."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = sorted(archive.infolist(), key=lambda part: part.header_offset)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, UnicodeError) as error:
        raise Invalid("not_a_table", field="file") from error
    _check_shape(content, parts)
    left = UNPACKED
    for part in parts:
        sheet = Sheet() if SHEET.fullmatch(part.filename) else None
        size = 0
        for piece in _inflated(content, part):
            size += len(piece)
            if size > left or (size > LARGE and size > RATIO * max(part.compress_size, 1)):
                raise Invalid("file_unpacks_too_large", field="file", limit=UNPACKED // 1024 // 1024)
            if FORBIDDEN.search(piece):
                raise Invalid("file_has_entities", field="file")
            if sheet:
                sheet.see(piece)
        if size != part.file_size:
            raise Invalid("not_a_table", field="file")
        left -= size


def _check_shape(content: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """One plain archive: no comment, nothing hidden behind, no overlap, no part twice, a workbook inside."""
    names = {part.filename.lower() for part in parts}
    if len(parts) > PARTS:
        raise Invalid("file_has_too_many_parts", field="file", limit=PARTS)
    plain = content[-22:-18] == END and content[-2:] == b"\0\0" and b"PK\x06\x07" not in content[-64:]
    if not plain or len(names) != len(parts) or "xl/workbook.xml" not in names:
        raise Invalid("not_a_table", field="file")
    end = 0
    for part in parts:
        if part.flag_bits & 1:
            raise Invalid("file_is_locked", field="file")
        if part.header_offset < end or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Invalid("not_a_table", field="file")
        end = part.header_offset + 30 + part.compress_size
    if end > len(content):
        raise Invalid("not_a_table", field="file")


def _inflated(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces, by what the bytes say and not by the sizes in the directory."""
    head = content[part.header_offset : part.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Invalid("not_a_table", field="file")
    start = (
        part.header_offset
        + 30
        + int.from_bytes(head[26:28], "little")
        + int.from_bytes(head[28:30], "little")
    )
    packed = memoryview(content)[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        for place in range(0, len(packed), PIECE):
            yield bytes(packed[place : place + PIECE])
        return
    inflate = zlib.decompressobj(-15)
    try:
        for place in range(0, len(packed), PIECE):
            rest: bytes = bytes(packed[place : place + PIECE])
            while rest:
                piece = inflate.decompress(rest, PIECE)
                rest = inflate.unconsumed_tail
                if piece:
                    yield piece
                if inflate.eof:
                    return
        if tail := inflate.flush():
            yield tail
    except zlib.error as error:
        raise Invalid("not_a_table", field="file") from error


class Sheet:
    """The used area of one worksheet, seen piece by piece."""

    def __init__(self) -> None:
        self.carry = b""
        self.letters: set[bytes] = set()
        self.row = self.rows = self.cells = self.in_row = self.widest = 0

    def see(self, piece: bytes) -> None:
        """Look at the next piece; raises Invalid as soon as the area is too large."""
        text = self.carry + piece
        for letters, number in FILLED.findall(text):
            self.letters.add(letters)
            self.row = max(self.row, int(number))
        # A reference may be left out: then place follows from order, and what counts is how many there are.
        for place, part in enumerate(ROW.split(text)):
            count = len(CELL.findall(part))
            self.in_row = count if place else self.in_row + count
            self.widest = max(self.widest, self.in_row)
            self.rows += place > 0
        self.carry = text[-OVERLAP:]
        self.in_row -= len(CELL.findall(self.carry))
        self._check()

    def _check(self) -> None:
        width = max((_column(letters) for letters in self.letters), default=0)
        if not self.letters:
            width, self.row = self.widest, max(self.row, min(self.rows, ROWS))
        if width > COLUMNS:
            raise Invalid("too_many_columns", field="file", limit=COLUMNS)
        if self.row > ROWS + 100 or (not self.letters and self.rows > ROWS + 100):
            raise Invalid("too_many_rows", field="file", limit=ROWS)
        if width * self.row > CELLS:
            raise Invalid("too_many_cells", field="file", limit=CELLS)


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters.upper():
        place = place * 26 + letter - 64
    return place
