"""Tax of a whole document: document discount, rounding strategy, totals, breakdown per rate.

One function for quote, contract, order and invoice. Every equality is exact: lines sum to totals, the
breakdown sums to totals, net + tax = gross everywhere (in the spirit of EN 16931 BR-CO-10 to BR-CO-17).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid
from guantong.base.rounding import (
    EXACT,
    allocate_by_unit,
    apportion,
    exact_sum,
    round_fraction,
    smallest_unit,
)
from guantong.base.tax import LineAmounts, TaxedAmount, TaxRate, line_discount, split_tax, with_tax

STRATEGIES = ("line", "document")
"""Where tax is rounded: on each line, or once per rate. The name is stored on the document."""


@dataclass(frozen=True, slots=True)
class RateTotal:
    """The sum of all lines of one tax rate."""

    rate: TaxRate
    taxed: TaxedAmount


@dataclass(frozen=True, slots=True)
class DocumentTotals:
    """A document worked out: amounts of each line after the document discount, totals, breakdown.

    `discount` is the document discount, `discount_shares` its part on each line, on the entered side.
    """

    lines: tuple[TaxedAmount, ...]
    total: TaxedAmount
    breakdown: tuple[RateTotal, ...]
    discount: Decimal
    discount_shares: tuple[Decimal, ...]
    rounding: str


def document_totals(
    lines: Sequence[LineAmounts],
    *,
    currency: str,
    rounding: str = "line",
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    mode: str = "half_up",
    unit: Decimal | None = None,
) -> DocumentTotals:
    """Add up a document whose lines were made by `line_amounts`.

    The document discount (percent of the entered sum, rounded as money, plus an amount) is spread over the
    lines by their entered amounts and lowers each on its own entered side. Strategy `line` rounds tax on
    each line; `document` rounds once per rate on the exact sum and spreads the result back by largest
    remainder. The breakdown keeps the order in which rates first appear. Raises `Invalid`:
    `rounding_strategy_unknown`, `currency_mismatch`, `discount_exceeds_line`, those of `line_discount`.
    """
    if rounding not in STRATEGIES:
        raise Invalid("rounding_strategy_unknown", field="rounding", rounding=str(rounding))
    if any(line.taxed.currency != currency for line in lines):
        raise Invalid("currency_mismatch", field="currency", currency=currency)
    step = unit or smallest_unit(exponent(currency))
    shares = _spread_discount(lines, percent=discount_percent, amount=discount_amount, unit=step, mode=mode)
    entered = [EXACT.subtract(line.entered, share) for line, share in zip(lines, shares, strict=True)]
    if rounding == "line":
        taxed = [
            split_tax(figure, basis=line.basis, rate=line.rate, currency=currency, mode=mode, unit=step)
            for line, figure in zip(lines, entered, strict=True)
        ]
    else:
        taxes = _taxes_by_document(lines, entered, unit=step, mode=mode)
        taxed = [
            with_tax(figure, tax, basis=line.basis, currency=currency)
            for line, figure, tax in zip(lines, entered, taxes, strict=True)
        ]
    breakdown = _breakdown(lines, taxed, currency=currency)
    discount = exact_sum(shares)
    total = sum_of([row.taxed for row in breakdown], currency=currency)
    return DocumentTotals(tuple(taxed), total, breakdown, discount, tuple(shares), rounding)


def sum_of(amounts: Sequence[TaxedAmount], *, currency: str) -> TaxedAmount:
    """Add taxed amounts of one currency; nothing gives zero. Raises `Invalid("currency_mismatch")`."""
    total = TaxedAmount.zero(currency)
    for amount in amounts:
        total = total + amount
    return total


def _spread_discount(
    lines: Sequence[LineAmounts], *, percent: Decimal | None, amount: Decimal | None, unit: Decimal, mode: str
) -> list[Decimal]:
    """Spread over the lines whose sign is the sign of the sum: a returned line takes no discount."""
    if percent is None and amount is None:
        return [Decimal(0)] * len(lines)
    whole = exact_sum([line.entered for line in lines])
    discount = line_discount(whole, percent=percent, amount=amount, unit=unit, mode=mode)
    if not lines:
        return []
    weights = [line.entered.copy_abs() if (line.entered < 0) == (whole < 0) else Decimal(0) for line in lines]
    return allocate_by_unit(discount, weights, unit)


def _taxes_by_document(
    lines: Sequence[LineAmounts], entered: Sequence[Decimal], *, unit: Decimal, mode: str
) -> list[Decimal]:
    """Round tax once per rate on the exact sum, then give each line its part."""
    places: dict[TaxRate, list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault(line.rate, []).append(place)
    taxes = [Decimal(0)] * len(lines)
    for rate, members in places.items():
        exact = [_exact_tax(entered[place], lines[place].basis, rate) for place in members]
        rounded = round_fraction(sum(exact, start=Fraction(0)), unit, mode)
        for place, tax in zip(members, apportion(exact, rounded, unit), strict=True):
            taxes[place] = tax
    return taxes


def _exact_tax(entered: Decimal, basis: str, rate: TaxRate) -> Fraction:
    percent = Fraction(rate.percent)
    return Fraction(entered) * percent / (100 + percent if basis == "inclusive" else 100)


def _breakdown(
    lines: Sequence[LineAmounts], taxed: Sequence[TaxedAmount], *, currency: str
) -> tuple[RateTotal, ...]:
    sums: dict[TaxRate, list[TaxedAmount]] = {}
    for line, amount in zip(lines, taxed, strict=True):
        sums.setdefault(line.rate, []).append(amount)
    return tuple(RateTotal(rate, sum_of(amounts, currency=currency)) for rate, amounts in sums.items())
