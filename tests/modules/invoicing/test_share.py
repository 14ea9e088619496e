"""Shares of a line: cumulative, so that no part is off by more than rounding and all together are the whole."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Refused
from guantong.modules.invoicing.share import NAMES, NOTHING, Figures, part_of

CENT = Decimal("0.01")
cents = st.integers(1, 10**9).map(lambda n: Decimal(n) / 100)
shares = st.lists(st.integers(1, 1000), min_size=1, max_size=12)


def _whole(quantity: Decimal, gross: Decimal, tax: Decimal) -> Figures:
    return Figures(quantity=quantity, net=gross - tax, tax=tax, gross=gross, discount=CENT)


def test_thirds_of_a_hundred_and_a_fen() -> None:
    whole, taken, found = _whole(Decimal(3), Decimal("100.01"), Decimal("11.51")), NOTHING, []
    for _ in range(3):
        part = part_of(whole, taken, quantity=Decimal(1), places=2)
        taken, found = taken + part, [*found, (str(part.gross), str(part.tax))]
    assert found == [("33.34", "3.84"), ("33.33", "3.83"), ("33.34", "3.84")]
    assert taken == whole


def test_thin_parts_do_not_pile_up_on_the_last() -> None:
    whole, taken = _whole(Decimal(1000), Decimal("5.00"), Decimal("0.58")), NOTHING
    for _ in range(999):
        taken += part_of(whole, taken, quantity=Decimal(1), places=2)
    assert part_of(whole, taken, places=2).gross <= CENT


@given(shares, cents, st.integers(0, 100), st.sampled_from([1, -1]))
def test_parts_by_quantity_are_the_whole(parts: list[int], gross: Decimal, tax: int, sign: int) -> None:
    whole = _whole(Decimal(sum(parts) * sign), gross * sign, round(gross * tax / 200, 2) * sign)
    taken = NOTHING
    for quantity in parts:
        taken += part_of(whole, taken, quantity=Decimal(quantity * sign), places=2)
        for name in ("gross", "tax"):
            exact = getattr(whole, name) * taken.quantity / whole.quantity
            assert abs(getattr(taken, name) - exact) <= CENT / 2
        assert taken.net + taken.tax == taken.gross
    assert taken == whole


@given(shares, st.integers(0, 100))
def test_parts_by_amount_are_the_whole(parts: list[int], tax: int) -> None:
    gross = Decimal(sum(parts)) / 100
    whole, taken = _whole(Decimal(7), gross, round(gross * tax / 200, 2)), NOTHING
    for amount in parts:
        part = part_of(whole, taken, gross=Decimal(amount) / 100, places=2)
        assert part.gross == Decimal(amount) / 100
        taken += part
    assert taken == whole


@pytest.mark.parametrize(
    "wanted", [{"quantity": Decimal("3.000001")}, {"gross": Decimal("100.02")}, {"gross": Decimal(0)},
               {"gross": Decimal("-0.01")}, {"quantity": Decimal(-1)}],
)  # fmt: skip
def test_what_is_not_there_is_refused(wanted: dict[str, Decimal]) -> None:
    whole = _whole(Decimal(3), Decimal("100.01"), Decimal("11.51"))
    with pytest.raises(Refused):
        part_of(whole, NOTHING, **wanted, places=2)


def test_nothing_named_is_all_that_is_left() -> None:
    whole = _whole(Decimal(3), Decimal("100.01"), Decimal("11.51"))
    first = part_of(whole, NOTHING, gross=Decimal("0.02"), places=2)
    assert part_of(whole, first, places=2) + first == whole
    assert set(NAMES) == {"quantity", "net", "tax", "gross", "discount"}
