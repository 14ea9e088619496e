"""Comma, semicolon, tab: text files as rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from guantong.base.errors import Invalid
from guantong.engine.exchange.encoding import decode
from guantong.engine.exchange.limits import CELL, COLUMNS, ROWS

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_ROWS = 60
csv.field_size_limit(CELL)


class CsvSource:
    """The rows of a text file."""

    sheet = ""

    def __init__(self, content: bytes, encoding: str = "", delimiter: str = "") -> None:
        self.text, self.encoding = decode(content, encoding)
        if "\0" in self.text[:4000]:
            raise Invalid("not_a_table", field="file")
        if delimiter and delimiter not in DELIMITERS:
            raise Invalid("unknown_delimiter", field="delimiter")
        self.sheets: list[str] = []
        self.delimiter = delimiter or guess_delimiter(self.text)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with its number; raises Invalid beyond the limits."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        number = 0
        try:
            for cells in reader:
                number += 1
                if number > ROWS + 100:
                    raise Invalid("too_many_rows", field="file", limit=ROWS)
                if len(cells) > COLUMNS and any(cell.strip() for cell in cells[COLUMNS:]):
                    raise Invalid("too_many_columns", field="file", limit=COLUMNS)
                yield number, cells[:COLUMNS]
        except csv.Error as error:
            raise Invalid("malformed_csv", field="file", row=number + 1) from error


def guess_delimiter(text: str) -> str:
    """The delimiter that cuts most rows into the same number of cells, more than one."""
    sample = text[:60_000]
    best, found = 0.0, ","
    for delimiter in DELIMITERS:
        widths = _widths(sample, delimiter)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1] * min(item[0], 8), item[0]))
        score = count / sum(widths.values()) * min(width, 8) if width > 1 else 0.0
        if score > best:
            best, found = score, delimiter
    return found


def _widths(sample: str, delimiter: str) -> Counter[int]:
    widths: Counter[int] = Counter()
    try:
        for place, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
            if place >= SAMPLE_ROWS:
                break
            if any(cells):
                widths[len(cells)] += 1
    except csv.Error:
        return Counter()
    return widths
