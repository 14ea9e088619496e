"""Rounding by name and splitting by largest remainder."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Invalid
from guantong.base.rounding import MODES, allocate, apportion, round_fraction, round_to, round_to_unit
from tests.base.tables import all_rows

units = st.sampled_from(
    [Decimal(text) for text in ("1", "0.01", "0.05", "0.02", "0.001", "0.0001", "0.25", "5")]
)
amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=8, allow_nan=False)


@all_rows("rounding", "modes")
def test_modes(row: dict[str, str]) -> None:
    for mode in MODES:
        assert str(round_to_unit(Decimal(row["amount"]), Decimal(row["unit"]), mode)) == row[mode], mode


@given(amounts, units, st.sampled_from(sorted(MODES)))
def test_rounding_lands_on_the_nearest_unit(amount: Decimal, unit: Decimal, mode: str) -> None:
    rounded = round_to_unit(amount, unit, mode)
    gap = abs(Fraction(rounded) - Fraction(amount))
    assert (Fraction(rounded) / Fraction(unit)).denominator == 1
    assert gap <= Fraction(unit) / 2 if mode.startswith("half") else gap < Fraction(unit)
    assert round_to_unit(amount.copy_negate(), unit, mode) == rounded.copy_negate()
    if mode == "half_up":
        steps = abs(Fraction(amount)) / Fraction(unit) + Fraction(1, 2)
        assert abs(Fraction(rounded)) == (steps.numerator // steps.denominator) * Fraction(unit)


def test_rounding_ignores_the_callers_context() -> None:
    with localcontext() as context:
        context.prec = 5
        assert round_to(Decimal("123456789012345678.905"), 2) == Decimal("123456789012345678.91")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((Decimal(1), 2, "nearest"), "rounding_mode_unknown"),
        ((1, 2), "amount_not_decimal"),
        ((1.5, 2), "amount_not_decimal"),
        ((Decimal("NaN"), 2), "amount_not_decimal"),
    ],
)
def test_rounding_refuses(arguments: tuple[object, ...], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        round_to(*arguments)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="rounding_unit_not_positive"):
        round_to_unit(Decimal(1), Decimal(0))


@all_rows("allocation", "split")
def test_split(row: dict[str, str]) -> None:
    weights = [Decimal(weight) for weight in row["weights"].split()]
    if row["parts"] == "refused":
        with pytest.raises(Invalid):
            allocate(Decimal(row["total"]), weights, int(row["places"]))
    else:
        parts = allocate(Decimal(row["total"]), weights, int(row["places"]))
        assert " ".join(map(str, parts)) == row["parts"]


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.decimals(min_value=0, max_value=10**6, places=3, allow_nan=False), min_size=1, max_size=60),
    st.sampled_from([0, 2, 3, 4]),
)
def test_splits_are_exact_fair_and_mirrored(count: int, weights: list[Decimal], places: int) -> None:
    total = Decimal(count).scaleb(-places)
    whole = sum(map(Fraction, weights))
    if not whole:
        return
    parts = allocate(total, weights, places)
    unit = Fraction(1, 10**places)
    assert sum(map(Fraction, parts)) == Fraction(total)
    shares = [Fraction(total) * Fraction(weight) / whole for weight in weights]
    assert all(abs(Fraction(part) - share) < unit for part, share in zip(parts, shares, strict=True))
    assert allocate(total.copy_negate(), weights, places) == [part.copy_negate() for part in parts]
    pairs = sorted(zip(weights, [abs(part) for part in parts], strict=True))
    assert all(low[1] <= high[1] for low, high in pairwise(pairs) if low[0] < high[0])
    for (first, left), (second, right) in zip(
        zip(weights, parts, strict=True), list(zip(weights, parts, strict=True))[1:], strict=False
    ):
        assert first != second or abs(left) >= abs(right), "equal weights are served from the front"


@given(st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=999), min_size=1, max_size=50))
def test_shares_of_both_signs_sum_to_their_rounded_total(shares: list[Fraction]) -> None:
    unit = Decimal("0.01")
    total = round_fraction(sum(shares, start=Fraction(0)), unit)
    parts = apportion(shares, total, unit)
    assert sum(map(Fraction, parts)) == Fraction(total)
    assert all(
        abs(Fraction(part) - share) < Fraction(unit) for part, share in zip(parts, shares, strict=True)
    )


def test_a_total_far_from_its_shares_is_refused() -> None:
    with pytest.raises(Invalid, match="split_impossible"):
        apportion([Fraction(1), Fraction(1)], Decimal(9), Decimal(1))


@pytest.mark.parametrize("weights", [[], [True], [1.5], [Decimal("NaN")]])
def test_weights_are_numbers(weights: list[object]) -> None:
    with pytest.raises(Invalid):
        allocate(Decimal(1), weights, 2)  # type: ignore[arg-type]
