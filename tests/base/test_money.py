"""Money, currencies, printing, conversion, capitals."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.capitals import in_capitals
from guantong.base.currencies import CURRENCIES, exponent, known
from guantong.base.errors import Invalid
from guantong.base.money import Money, convert, decimal_from, money_from, round_for_cash, to_text
from tests.base.scenarios import SHARED
from tests.base.tables import all_rows

DAY = date(2026, 1, 5)
amounts = st.decimals(
    min_value=Decimal("-9999999999999999"), max_value=Decimal("9999999999999999"), places=4, allow_nan=False
)


def test_currencies_have_their_iso_places() -> None:
    places = {
        "CNY": 2,
        "EUR": 2,
        "JPY": 0,
        "KRW": 0,
        "CLP": 0,
        "VND": 0,
        "KWD": 3,
        "BHD": 3,
        "CLF": 4,
        "UYW": 4,
    }
    assert {code: exponent(code) for code in places} == places
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert 150 < len(CURRENCIES) < 180
    assert not any(known(code) for code in ("cny", "DEM", "XXX", "", None, 5))
    with pytest.raises(Invalid) as caught:
        exponent("DEM")
    assert (caught.value.code, caught.value.field) == ("currency_unknown", "currency")


@given(amounts, amounts)
def test_sums_are_exact_whatever_the_context(left: Decimal, right: Decimal) -> None:
    with localcontext() as context:
        context.prec = 3
        total = Money(left, "CNY") + Money(right, "CNY") - Money(right, "CNY")
        mirrored = -Money(left, "CNY")
    assert total == Money(left, "CNY")
    assert mirrored.amount == left.copy_negate()


@pytest.mark.parametrize(
    "operate", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b]
)
def test_currencies_never_mix(operate) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Invalid, match="currency_mismatch"):
        operate(Money(Decimal(1), "CNY"), Money(Decimal(1), "USD"))
    with pytest.raises(Invalid, match="amount_not_money"):
        operate(Money(Decimal(1), "CNY"), Decimal(1))


@pytest.mark.parametrize("amount", [1, 1.5, "1", None, Decimal("NaN"), Decimal("Infinity"), True])
def test_only_finite_decimals_are_money(amount: object) -> None:
    with pytest.raises(Invalid, match="amount_not_decimal"):
        Money(amount, "CNY")  # type: ignore[arg-type]


@all_rows("rounding", "printing")
def test_printing(row: dict[str, str]) -> None:
    if row["text"] == "refused":
        with pytest.raises(Invalid, match="money_not_rounded"):
            to_text(Decimal(row["amount"]), row["currency"])
    else:
        assert to_text(Decimal(row["amount"]), row["currency"]) == row["text"]


@given(amounts.map(lambda amount: amount.quantize(Decimal("0.01"))))
def test_printed_money_reads_back(amount: Decimal) -> None:
    assert money_from(to_text(amount, "CNY"), "CNY", field="amount").amount == amount


@all_rows("rounding", "conversion")
def test_conversion(row: dict[str, str]) -> None:
    source = Money(Decimal(row["amount"]), row["from"])
    rate = Decimal(row["rate"])
    done = convert(source, row["to"], rate=rate, on=DAY, inverted=row["inverted"] == "yes")
    assert str(done.money) == f"{row['result']} {row['to']}"
    assert (done.source, done.rate, done.on) == (source, rate, DAY)


@pytest.mark.parametrize(("rate", "code"), [(None, "rate_missing"), (Decimal(0), "rate_not_positive")])
def test_conversion_needs_a_rate(rate: Decimal | None, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        convert(Money(Decimal(1), "EUR"), "USD", rate=rate, on=DAY)
    with pytest.raises(Invalid, match="rate_date_missing"):
        convert(Money(Decimal(1), "EUR"), "USD", rate=Decimal(1), on=None)  # type: ignore[arg-type]


@all_rows("rounding", "cash")
def test_cash(row: dict[str, str]) -> None:
    done = round_for_cash(Decimal(row["total"]), Decimal(row["coin"]))
    assert [str(done.payable), str(done.difference)] == [row["payable"], row["difference"]]


@all_rows("rounding", "capitals")
def test_capitals(row: dict[str, str]) -> None:
    if row["words"] == "refused":
        with pytest.raises(Invalid):
            in_capitals(Decimal(row["amount"]))
    else:
        assert in_capitals(Decimal(row["amount"])) == row["words"]


def _vectors() -> list[dict[str, str]]:
    path = SHARED / "cn-rmb-capitals" / "vectors.json"
    return json.loads(path.read_text("utf-8"))["cases"] if path.exists() else []


@pytest.mark.skipif(not _vectors(), reason=f"no {SHARED}/cn-rmb-capitals: set GUANTONG_SHARED_DATA")
def test_capitals_agree_with_the_vectors() -> None:
    wrong = [case for case in _vectors() if in_capitals(Decimal(case["amount"])) != case["capitals"]]
    assert not wrong


_VALUES = {"零": 0, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
_SIZES = {"拾": 10, "佰": 100, "仟": 1000}


def _read_whole(words: str) -> int:
    """Read capitals back, independent of the library."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if name in words:
            at = words.rindex(name)
            return _read_whole(words[:at]) * size + _read_whole(words[at + 1 :])
    total, digit = 0, 0
    for sign in words:
        if sign in _SIZES:
            total, digit = total + digit * _SIZES[sign], 0
        else:
            digit = _VALUES[sign]
    return total + digit


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_capitals_read_back(yuan: int) -> None:
    words = in_capitals(Decimal(yuan))
    assert words.endswith("元整")
    assert _read_whole(words[:-2]) == yuan
    assert "零零" not in words


def test_the_shared_folder_is_named_by_the_environment() -> None:
    assert not os.environ.get("GUANTONG_SHARED_DATA") or str(SHARED) == os.environ["GUANTONG_SHARED_DATA"]


def test_reading_gives_plain_numbers() -> None:
    assert decimal_from("-12.5000", field="price") == Decimal("-12.5")
    assert str(decimal_from("-0.00", field="price")) == "0.00"
    assert decimal_from("9" * 16 + ".9999", field="price") == Decimal("9" * 16 + ".9999")
    assert decimal_from("0.123456", field="quantity", places=6) == Decimal("0.123456")
    assert money_from("100", "JPY", field="amount") == Money(Decimal(100), "JPY")
