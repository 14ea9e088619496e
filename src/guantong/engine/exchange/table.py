"""A file as a table: where its heading stands, which columns hold something, and the rows below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.exchange.cells import plain
from guantong.engine.exchange.limits import ROWS
from guantong.engine.exchange.source import Reading, Source, open_source

LOOKED_AT = 30
SAMPLES = 3
Row = tuple[int, list[Any]]


@dataclass(frozen=True)
class Column:
    """One column with its heading and a few values."""

    index: int
    header: str
    samples: tuple[str, ...] = ()


@dataclass
class Table:
    """The rows below the heading. `header_row` is counted as people do, 0 where there is none."""

    source: Source
    header_row: int
    columns: list[Column]
    empty_columns: int
    rows_read: int = 0
    empty_rows: int = 0
    head: list[Row] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Every row with something in it; counts the others."""
        self.rows_read = self.empty_rows = 0
        for number, cells in self.source.rows():
            if number <= self.header_row:
                continue
            if any(not _is_empty(cell) for cell in cells):
                self.rows_read += 1
                if self.rows_read > ROWS:
                    raise Invalid("too_many_rows", field="file", limit=ROWS)
                yield number, cells
            else:
                self.empty_rows += 1

    def count(self) -> int:
        """How many rows there are to read. Raises Invalid beyond the limits."""
        return sum(1 for _ in self.rows())


def open_table(
    content: bytes, reading: Reading, *, header_row: int | None = None, known: Callable[[str], bool]
) -> Table:
    """Read a file's shape. `known` says whether a heading is a word that the object knows. Raises Invalid."""
    source = open_source(content, reading)
    head = list(islice(source.rows(), LOOKED_AT + (header_row or 0)))
    if header_row is None:
        header_row = find_header(head, known)
    named = next((cells for number, cells in head if number == header_row), [])
    below = [(number, cells) for number, cells in head if number > header_row]
    if header_row and not any(not _is_empty(cell) for cell in named):
        raise Invalid("no_heading", field="header_row")
    width = max([len(named), *(len(cells) for _, cells in below)], default=0)
    columns = [_column(index, named, below) for index in range(width)]
    shown = [column for column in columns if column.header or column.samples]
    if not shown:
        raise Invalid("file_empty", field="file")
    return Table(source, header_row, shown, width - len(shown), head=below)


def find_header(head: list[Row], known: Callable[[str], bool]) -> int:
    """The row with the headings: words the object knows, or else the first full row of distinct words."""
    best, found = 0.0, 0
    for place, (number, cells) in enumerate(head):
        texts = [plain(cell).strip() for cell in cells if not _is_empty(cell)]
        if not texts:
            continue
        below = [sum(not _is_empty(cell) for cell in row) for _, row in head[place + 1 :] if row]
        width = sorted(below)[len(below) // 2] if below else len(texts)
        words = sum(isinstance(cell, str) and _is_word(cell) for cell in cells if not _is_empty(cell))
        score = 4.0 * sum(map(known, texts)) / len(texts)
        score += min(len(texts) / max(width, 1), 1.0) + words / len(texts) + len(set(texts)) / len(texts)
        score -= 0.05 * place
        if score > best and (len(texts) > 1 or width <= 1):
            best, found = score, number
    return found or next((number for number, cells in head if any(not _is_empty(c) for c in cells)), 0)


def _column(index: int, named: list[Any], below: list[Row]) -> Column:
    header = " ".join(plain(named[index]).split()) if index < len(named) else ""
    values = [
        plain(cells[index]).strip()
        for _, cells in below
        if index < len(cells) and not _is_empty(cells[index])
    ]
    return Column(index, header[:200], tuple(value[:100] for value in values[:SAMPLES]))


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip("\ufeff\u200b \t\r\n\u3000\xa0"))


def _is_word(text: str) -> bool:
    """Not a figure, a day or a phone: what headings are made of."""
    return any(char.isalpha() for char in text) and not isinstance(text, date) and len(text) < 60
