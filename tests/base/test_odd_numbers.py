"""Odd numbers (trust.md M8): everything Python's own Decimal would swallow is refused, with the field."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Invalid
from guantong.base.money import decimal_from, money_from

ODD = {
    "money_not_text": [0.1, 1, True, None, Decimal("1"), [], b"1"],
    "money_malformed": [
        "", " ", "NaN", "sNaN", "nan", "Infinity", "-inf", "1e9999", "1E2", "1e-2", "１２３", "１.５",
        "1．5", "٣",
        "1_000", "1,000", " 1", "1 ", "1\n", "\t1", "\u00a01", "\u200b1", "+1", "--1", "-", ".",
        ".5", "5.", "-.5",
        "1.2.3", "007", "-01", "0x10", "1/3", "¥1", "1元", "²", "1\x00", "−1",
    ],
    "money_too_many_places": ["1.00001", "0.00000", "1." + "0" * 5000],
    "money_too_long": ["1" + "0" * 16, "-" + "9" * 17 + ".1", "9" * 5000],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value"), [(code, value) for code, values in ODD.items() for value in values]
)
def test_odd_numbers_are_refused(code: str, value: object) -> None:
    with pytest.raises(Invalid) as caught:
        decimal_from(value, field="unit_price")
    assert (caught.value.code, caught.value.field, caught.value.status) == (code, "unit_price", 422)


@given(st.text(max_size=30))
def test_whatever_is_read_is_what_was_written(text: str) -> None:
    try:
        number = decimal_from(text, field="price")
    except Invalid:
        return
    assert text.removeprefix("-").replace(".", "", 1).isdigit()
    assert text.isascii()
    assert f"{number:f}" == (text if number else text.removeprefix("-"))


@pytest.mark.parametrize(("text", "currency"), [("1.5", "JPY"), ("1.001", "CNY"), ("0.00001", "CLF")])
def test_amounts_keep_to_their_currency(text: str, currency: str) -> None:
    with pytest.raises(Invalid, match="money_too_many_places"):
        money_from(text, currency, field="amount")
