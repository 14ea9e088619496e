"""Workbooks as rows: numbers stay numbers and days stay days until a field says what they are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from guantong.base.errors import Invalid
from guantong.engine.exchange.xlsx_guard import check_xlsx


class XlsxSource:
    """The rows of one sheet."""

    encoding = ""
    delimiter = ""

    def __init__(self, content: bytes, sheet: str = "") -> None:
        check_xlsx(content)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            self.sheets = book.sheet_names
            if not self.sheets or (sheet and sheet not in self.sheets):
                raise Invalid("unknown_sheet", field="sheet", sheets=", ".join(self.sheets))
            self.sheet, self._sheet = self._choose(book, sheet)
        except (CalamineError, ValueError, OSError) as error:
            raise Invalid("not_a_table", field="file") from error

    def _choose(self, book: CalamineWorkbook, sheet: str) -> tuple[str, Any]:
        """The named sheet, else the first with something in it."""
        names = [sheet] if sheet else self.sheets
        found = (names[0], book.get_sheet_by_name(names[0]))
        for name in names:
            one = book.get_sheet_by_name(name)
            if one.height:
                return name, one
        return found

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """Every row with its number in the sheet."""
        start = self._sheet.start
        if start is None:
            return
        right = start[1]  # rows are counted from the top, columns from the first used one
        for place, cells in enumerate(self._sheet.iter_rows()):
            yield place + 1, [""] * right + list(cells)
