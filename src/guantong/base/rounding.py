"""Exact decimal arithmetic, rounding by name, and splitting without losing a cent.

All functions work on `Decimal` in a context of 120 digits: the interpreter's default of 28 would drop
digits of quantity × price in silence. Numbers and tables: docs/algorithms/rounding.md, allocation.md.
"""

from __future__ import annotations

import decimal
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from guantong.base.errors import Invalid

EXACT = decimal.Context(
    prec=120,
    Emax=999_999,
    Emin=-999_999,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""The context of all money arithmetic: sums and products of stored figures are exact in it."""

MODES: dict[str, str] = {
    "half_up": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "down": decimal.ROUND_DOWN,
    "up": decimal.ROUND_UP,
}
"""Rounding modes by stored name. All are symmetric about zero, so that a credit note mirrors its invoice."""

_ONE = Decimal(1)


class CashRounded(NamedTuple):
    """What is paid in coins, and how far that is from the exact total (payable − total)."""

    payable: Decimal
    difference: Decimal


def is_exact(amount: object) -> bool:
    """Tell whether this is a finite `Decimal`; floats, integers and NaN are not."""
    return isinstance(amount, Decimal) and amount.is_finite()


def must_be_exact(amount: object, *, field: str | None = None) -> Decimal:
    """Return the amount, or raise `Invalid("amount_not_decimal")` unless it is a finite `Decimal`."""
    if isinstance(amount, Decimal) and amount.is_finite():
        return amount
    raise Invalid("amount_not_decimal", field=field, kind=type(amount).__name__)


def smallest_unit(exponent: int) -> Decimal:
    """Give the smallest amount with so many decimal places: 2 → 0.01, 0 → 1."""
    return Decimal((0, (1,), -exponent))


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """Add without losing a digit; nothing gives zero."""
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def round_to_unit(amount: Decimal, unit: Decimal, mode: str = "half_up") -> Decimal:
    """Round to a multiple of any unit above zero, such as 0.01, 0.05 or 0.02.

    Raises `Invalid`: `rounding_mode_unknown`, `rounding_unit_not_positive`, `amount_not_decimal`.
    """
    must_be_exact(amount)
    if mode not in MODES:
        raise Invalid("rounding_mode_unknown", field="mode", mode=mode)
    if must_be_exact(unit) <= 0:
        raise Invalid("rounding_unit_not_positive", field="unit", unit=str(unit))
    digits = unit.as_tuple()
    if digits.digits == (1,) and isinstance(digits.exponent, int) and digits.exponent <= 0:
        rounded = amount.quantize(unit, MODES[mode], EXACT)
    else:
        count = EXACT.divide(amount, unit).quantize(_ONE, MODES[mode], EXACT)
        rounded = EXACT.multiply(count, unit)
    return rounded if rounded else rounded.copy_abs()


def round_to(amount: Decimal, exponent: int, mode: str = "half_up") -> Decimal:
    """Round to so many decimal places by a named mode. Raises as `round_to_unit`."""
    return round_to_unit(amount, smallest_unit(exponent), mode)


def round_fraction(amount: Fraction, unit: Decimal, mode: str = "half_up") -> Decimal:
    """Round an exact fraction to a multiple of the unit. Raises as `round_to_unit`."""
    quotient = EXACT.divide(Decimal(amount.numerator), Decimal(amount.denominator))
    return round_to_unit(quotient, unit, mode)


def round_for_cash(total: Decimal, unit: Decimal, mode: str = "half_up") -> CashRounded:
    """Round a payable total to the smallest coin; the difference is booked, never lost."""
    payable = round_to_unit(total, unit, mode)
    return CashRounded(payable, EXACT.subtract(payable, total))


def apportion(shares: Sequence[Fraction], total: Decimal, unit: Decimal) -> list[Decimal]:
    """Round exact shares to units so that they sum to `total` (largest remainder, 最大余额法).

    `total` must be the sum of the shares, rounded to the unit in any mode. Each share is cut towards
    zero; the units left over go to the largest remainders, ties to the earlier position. Swapping all
    signs swaps all signs of the result. Raises `Invalid("split_impossible")`.
    """
    step = Fraction(unit)
    exact = [share / step for share in shares]
    counts = [int(share) for share in exact]  # int() of a Fraction cuts towards zero
    wanted = Fraction(total) / step
    left = wanted - sum(counts)
    if left.denominator != 1 or abs(left) > len(counts):
        raise Invalid("split_impossible", field="total", total=str(total), unit=str(unit))
    sign = 1 if left >= 0 else -1
    order = sorted(range(len(counts)), key=lambda place: (-sign * (exact[place] - counts[place]), place))
    for place in order[: abs(int(left))]:
        counts[place] += sign
    return [EXACT.multiply(Decimal(count), unit) for count in counts]


def allocate_by_unit(total: Decimal, weights: Sequence[Decimal | int], unit: Decimal) -> list[Decimal]:
    """Split a total by weights in multiples of a unit; the parts sum to the total.

    Raises `Invalid`: `weights_missing`, `weight_negative`, `weights_zero` (and a total that is not zero),
    `total_not_in_units`.
    """
    must_be_exact(total, field="total")
    if not weights:
        raise Invalid("weights_missing", field="weights")
    exact = [_weight(weight) for weight in weights]
    whole = sum(exact)
    if (Fraction(total) / Fraction(unit)).denominator != 1:
        raise Invalid("total_not_in_units", field="total", total=str(total), unit=str(unit))
    if whole == 0 and total != 0:
        raise Invalid("weights_zero", field="weights")
    amount = Fraction(total)
    shares = [amount * weight / whole if whole else Fraction(0) for weight in exact]
    return apportion(shares, total, unit)


def allocate(total: Decimal, weights: Sequence[Decimal | int], exponent: int) -> list[Decimal]:
    """Split a total by weights into amounts of so many decimal places. Raises as `allocate_by_unit`."""
    return allocate_by_unit(total, weights, smallest_unit(exponent))


def _weight(weight: Decimal | int) -> Fraction:
    if isinstance(weight, bool) or not (isinstance(weight, int) or is_exact(weight)):
        raise Invalid("amount_not_decimal", field="weights", kind=type(weight).__name__)
    if weight < 0:
        raise Invalid("weight_negative", field="weights", weight=str(weight))
    return Fraction(weight)
