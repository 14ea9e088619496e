"""Amounts in Chinese capital characters (大写金额), as contracts ask for. Words to numbers: not here."""

from __future__ import annotations

from decimal import Decimal

import cn2an

from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, must_be_exact, round_to

LARGEST = Decimal("9999999999999999.99")
"""The largest amount that can be written out: 16 digits before the point."""


def in_capitals(amount: Decimal) -> str:
    """Write yuan, jiao and fen in capitals: 107.10 → 壹佰零柒元壹角.

    The library reads groups of four digits; joining them is done here, because it leaves out the 零 of
    100001000 (壹亿零壹仟元整). 整 follows whole yuan only. Rule: 支付结算办法, annex one. Raises `Invalid`:
    `capitals_too_fine` (below one fen), `capitals_too_large`, `amount_not_decimal`.
    """
    positive = must_be_exact(amount, field="amount").copy_abs()
    if round_to(positive, 2) != positive:
        raise Invalid("capitals_too_fine", field="amount", amount=str(amount))
    if positive > LARGEST:
        raise Invalid("capitals_too_large", field="amount", amount=str(amount))
    yuan, hundredths = divmod(int(EXACT.multiply(positive, Decimal(100))), 100)
    jiao, fen = divmod(hundredths, 10)
    words = f"{_whole(yuan)}元" if yuan or not hundredths else ""
    if not hundredths:
        words += "整"
    if jiao:
        words += f"{_group(jiao)}角"
    elif yuan and fen:
        words += "零"
    if fen:
        words += f"{_group(fen)}分"
    return f"负{words}" if amount < 0 else words


def _group(number: int) -> str:
    """Write a number below 10,000."""
    return str(cn2an.an2cn(str(number), "up"))


def _whole(number: int) -> str:
    if number < 10_000:
        return _group(number)
    size, name = (100_000_000, "亿") if number >= 100_000_000 else (10_000, "万")
    high, low = divmod(number, size)
    gap = "零" if 0 < low < size // 10 else ""
    return f"{_whole(high)}{name}{gap}{_whole(low) if low else ''}"
