"""A file as rows of cells: what the readers of CSV and XLSX have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from guantong.base.errors import Invalid
from guantong.engine.exchange.csv_source import CsvSource
from guantong.engine.exchange.limits import SIZE
from guantong.engine.exchange.xlsx_source import XlsxSource

Cells = list[Any]


class Source(Protocol):
    """Rows that can be read more than once, each with its number as people see it."""

    encoding: str
    sheet: str
    sheets: list[str]

    def rows(self) -> Iterator[tuple[int, Cells]]: ...


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How to read a file, where the user knows better than the guess."""

    encoding: str = ""
    sheet: str = ""
    delimiter: str = ""


def open_source(content: bytes, reading: Reading) -> Source:
    """The rows of an uploaded file. Raises Invalid for what is too large, no table, or a bomb."""
    if len(content) > SIZE:
        raise Invalid("file_too_large", field="file", limit=SIZE // 1024 // 1024)
    if not content.strip():
        raise Invalid("file_empty", field="file")
    if content.startswith(b"PK\x03\x04"):
        return XlsxSource(content, reading.sheet)
    if content.startswith(
        (b"\xd0\xcf\x11\xe0", b"%PDF", b"PK", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
    ):
        raise Invalid("not_a_table", field="file")
    return CsvSource(content, reading.encoding, reading.delimiter)
