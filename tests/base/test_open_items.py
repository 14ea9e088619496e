"""Matching payments with open items, by the tables of docs/algorithms/allocation.md."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.base.errors import Invalid
from guantong.base.money import Money
from guantong.base.open_items import OpenItem, allocate_oldest, best_match, settle
from tests.base.tables import all_rows


def money(text: str, currency: str = "CNY") -> Money:
    """Make money of a text."""
    return Money(Decimal(text), currency)


def items(text: str) -> list[OpenItem]:
    """Read `A 100.00 2026-01-31, B 50.00 none`."""
    rows = [row.split() for row in text.split(", ")]
    return [
        OpenItem(key, money(sum_), None if due == "none" else date.fromisoformat(due))
        for key, sum_, due in rows
    ]


@all_rows("allocation", "oldest")
def test_oldest_first(row: dict[str, str]) -> None:
    done = allocate_oldest(money(row["payment"]), items(row["items"]))
    assert ", ".join(f"{key} {part.amount}" for key, part in done.parts) == row["parts"]
    assert str(done.left.amount) == row["left"]


@all_rows("allocation", "best")
def test_best_match(row: dict[str, str]) -> None:
    done = best_match(money(row["payment"]), items(row["items"]))
    assert (" ".join(map(str, done.keys)), str(done.remaining.amount)) == (row["matched"], row["remaining"])
    assert done.is_best


@all_rows("allocation", "settle")
def test_settle(row: dict[str, str]) -> None:
    limit = money(row["limit"]) if row["limit"] else None
    if row["applied"] == "refused":
        with pytest.raises(Invalid, match="payment_sign"):
            settle(money(row["open"]), money(row["payment"]), write_off_limit=limit)
        return
    done = settle(money(row["open"]), money(row["payment"]), write_off_limit=limit)
    figures = [done.applied, done.written_off, done.still_open, done.credit]
    names = ("applied", "written off", "still open", "credit")
    assert [figure.amount for figure in figures] == [Decimal(row[name]) for name in names]


amounts = st.integers(-500, 500).filter(bool).map(lambda count: Money(Decimal(count).scaleb(-1), "CNY"))
lists = st.lists(amounts, min_size=1, max_size=9)


def _dated(sums: list[Money]) -> list[OpenItem]:
    return [
        OpenItem(place, amount, date(2026, 1, 1) + timedelta(days=place)) for place, amount in enumerate(sums)
    ]


@given(amounts, lists)
def test_nothing_of_a_payment_is_lost(payment: Money, sums: list[Money]) -> None:
    done = allocate_oldest(payment, _dated(sums))
    assert sum((part for _, part in done.parts), start=done.left) == payment
    assert all(abs(part) <= abs(sums[key]) and part.amount * sums[key].amount > 0 for key, part in done.parts)
    assert all(part == sums[key] for key, part in done.parts[:-1])
    same_sign = [amount for amount in sums if amount.amount * payment.amount > 0]
    assert not done.left or len(done.parts) == len(same_sign)


@given(amounts, lists)
@settings(max_examples=60)
def test_no_set_is_nearer_than_the_best(payment: Money, sums: list[Money]) -> None:
    done = best_match(payment, _dated(sums))
    sets = [places for size in range(1, len(sums) + 1) for places in combinations(range(len(sums)), size)]
    gaps = {places: abs(sum(sums[place].amount for place in places) - payment.amount) for places in sets}
    nearest = min(gaps.values())
    assert abs(done.remaining.amount) == nearest
    assert done.keys == min(places for places, gap in gaps.items() if gap == nearest)


def test_long_lists_are_searched_within_bounds() -> None:
    many = _dated([money(f"{100 + place}.37") for place in range(400)])
    started = time.monotonic()
    alone = best_match(money("477.37"), many)
    together = best_match(Money(sum((item.amount.amount for item in many[:300]), Decimal(0)), "CNY"), many)
    far = best_match(money("477.36"), many)
    assert time.monotonic() - started < 5
    assert not alone.remaining
    assert together.keys == tuple(range(300))
    assert (far.keys != (), far.is_best) == (True, False)


def test_matching_refuses() -> None:
    with pytest.raises(Invalid, match="nothing_open"):
        best_match(money("1"), [])
    with pytest.raises(Invalid, match="search_limit_range"):
        best_match(money("1"), items("A 1.00 none"), limit=21)
    for match in (best_match, allocate_oldest):
        with pytest.raises(Invalid, match="currency_mismatch"):
            match(money("1", "USD"), items("A 1.00 none"))
