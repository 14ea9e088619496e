"""The one way out (trust.md rule 25): rows as CSV or XLSX, every cell neutralised, numbers left as numbers."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from guantong.base.errors import Refused
from guantong.engine.exchange.neutral import is_number, neutral

FORMATS = ("csv", "xlsx")
BOM = "\ufeff"
LONGEST_XLSX = 32_767
DIGITS = 15  # a spreadsheet keeps no more; longer figures stay text
PIECE = 64 * 1024
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def cell(value: Any, *, numeric: bool) -> str:
    """A value as the text of a cell. Only in a numeric column may a plain number begin with a minus."""
    text = "" if value is None else value if isinstance(value, str) else str(value)
    return text if numeric and is_number(text) else neutral(text)


def csv_pieces(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], numeric: frozenset[int]
) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with a mark, so that Excel reads Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([cell(heading, numeric=False) for heading in headings])
    for row in rows:
        writer.writerow([cell(value, numeric=place in numeric) for place, value in enumerate(row)])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_file(headings: Sequence[str], rows: Iterable[Sequence[Any]], numeric: frozenset[int]) -> IO[bytes]:
    """An .xlsx file, written row by row to a temporary place; memory stays flat. Raises Refused: cell_too_long."""
    place = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(place, options)
    try:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, cell(heading, numeric=False), bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _put(sheet, number, column, value, column in numeric, day)
        book.close()
    except BaseException:
        place.close()
        raise
    place.seek(0)
    return place


def _put(sheet: Any, number: int, column: int, value: Any, numeric: bool, day: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(number, column, value)
        return
    if isinstance(value, date):
        sheet.write_datetime(number, column, value, day)
        return
    text = cell(value, numeric=numeric)
    if numeric and is_number(text) and len(text.lstrip("-").replace(".", "")) <= DIGITS:
        sheet.write_number(number, column, Decimal(text))
        return
    if len(text) > LONGEST_XLSX:
        raise Refused("cell_too_long", limit=LONGEST_XLSX)
    sheet.write_string(number, column, text)
