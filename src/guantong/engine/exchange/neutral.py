"""Cells that a spreadsheet would run as a formula (trust.md I5): made harmless on the way out, restored on the way in.

An apostrophe goes in front, as spreadsheet users know it. A value that has such an apostrophe by nature gets
one more, so that restoring gives back exactly what was exported.
"""

from __future__ import annotations

import re
import unicodedata

STARTERS = frozenset("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫−|％%")
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
MARK = "'"


def neutral(text: str) -> str:
    """The text as it may stand in a cell."""
    return MARK + text if is_dangerous(text) else text


def restored(text: str) -> str:
    """The text that `neutral` was given; other text is left as it is."""
    return text[1:] if text.startswith(MARK) and is_dangerous(text[1:]) else text


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might calculate the cell: what it skips in front (blanks, controls, marks) is skipped."""
    if not text:
        return False
    if text[0] in "\t\r\n":
        return True
    for char in text.lstrip(MARK):
        if char in STARTERS:
            return True
        if not _is_skipped(char):
            return False
    return False


def is_number(text: str) -> bool:
    """A plain number, also below zero: safe in a column of numbers."""
    return NUMBER.fullmatch(text) is not None


def _is_skipped(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp")
