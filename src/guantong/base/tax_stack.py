"""Several taxes on one amount: percent, fixed, per unit, share of the gross, included or on top, tax on tax.

The common case, one rate per line, lives in `tax`. Numbers: docs/algorithms/tax.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, must_be_exact, round_fraction, round_to_unit

KINDS = ("percent", "fixed", "per_unit", "division")
"""percent of its base · fixed amount · fixed amount per unit · division: percent of base plus this tax."""


@dataclass(frozen=True, slots=True)
class StackedTax:
    """One tax of several: `amount` is percent or money by its kind; `is_included` in the entered price;
    `adds_to_base` of the taxes after it; valid from `starts` to `ends`, both days included.
    """

    name: str
    kind: str
    amount: Decimal
    is_included: bool = False
    adds_to_base: bool = False
    starts: date | None = None
    ends: date | None = None

    def __post_init__(self) -> None:
        must_be_exact(self.amount, field="amount")
        if self.kind not in KINDS:
            raise Invalid("tax_kind_unknown", field="kind", kind=str(self.kind))
        if (self.kind == "division" and self.amount >= 100) or (
            self.kind == "percent" and self.amount <= -100
        ):
            raise Invalid("tax_rate_range", field="amount", amount=str(self.amount))

    def is_valid(self, on: date | None) -> bool:
        """Tell whether the tax applies on a day; with no day given it does if it has no dates.

        Raises `Invalid("tax_date_missing")` when the tax has dates and no day is given.
        """
        if on is None:
            if self.starts or self.ends:
                raise Invalid("tax_date_missing", field="on", tax=self.name)
            return True
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class StackedAmount:
    """One tax as charged: what it was taken on, and how much."""

    name: str
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Stacked:
    """An amount with all its taxes: net + sum of taxes = gross."""

    net: Decimal
    taxes: tuple[StackedAmount, ...]
    gross: Decimal


def stack_taxes(
    entered: Decimal,
    *,
    taxes: Sequence[StackedTax],
    unit: Decimal,
    quantity: Decimal = Decimal(1),
    on: date | None = None,
    mode: str = "half_up",
) -> Stacked:
    """Charge taxes in order on an entered amount (already quantity × price; `quantity` serves `per_unit`).

    The net is what is left of the rounded entered amount after the included taxes; taxes on top are taken
    on that printed net plus the printed earlier taxes that add to the base. Raises `Invalid`:
    `tax_date_missing`, those of rounding.
    """
    valid = [tax for tax in taxes if tax.is_valid(on)]
    price = round_to_unit(entered, unit, mode)
    must_be_exact(quantity, field="quantity")
    included = _included(price, valid, quantity, unit=unit, mode=mode)
    net = price
    for figure in included.values():
        net = EXACT.subtract(net, figure)
    base, gross, charged = net, net, []
    for place, tax in enumerate(valid):
        if place in included:
            figure = included[place]
        else:
            share, fixed = _terms(tax, quantity)
            figure = round_fraction(Fraction(base) * share + fixed, unit, mode)
        charged.append(StackedAmount(tax.name, base, figure))
        gross = EXACT.add(gross, figure)
        base = EXACT.add(base, figure) if tax.adds_to_base else base
    return Stacked(net, tuple(charged), gross)


def net_of(
    gross: Decimal,
    *,
    taxes: Sequence[StackedTax],
    unit: Decimal,
    quantity: Decimal = Decimal(1),
    mode: str = "half_up",
) -> Decimal:
    """Find the net whose taxes, all of them, lead to this gross (rounded to the unit)."""
    price = round_to_unit(gross, unit, mode)
    for figure in _included(price, taxes, quantity, unit=unit, mode=mode, all_of_them=True).values():
        price = EXACT.subtract(price, figure)
    return price


def _terms(tax: StackedTax, quantity: Decimal) -> tuple[Fraction, Fraction]:
    """Write the tax as share × base + fixed."""
    amount = Fraction(tax.amount)
    if tax.kind == "percent":
        return amount / 100, Fraction(0)
    if tax.kind == "division":
        return amount / (100 - amount), Fraction(0)
    return Fraction(0), amount * Fraction(quantity) if tax.kind == "per_unit" else amount


def _included(
    price: Decimal,
    taxes: Sequence[StackedTax],
    quantity: Decimal,
    *,
    unit: Decimal,
    mode: str,
    all_of_them: bool = False,
) -> dict[int, Decimal]:
    """Solve for the taxes inside a price: each is a × net + b, so price = net × (1 + Σa) + Σb."""
    base = (Fraction(1), Fraction(0))
    lines: dict[int, tuple[Fraction, Fraction]] = {}
    for place, tax in enumerate(taxes):
        share, fixed = _terms(tax, quantity)
        line = (share * base[0], share * base[1] + fixed)
        if tax.adds_to_base:
            base = (base[0] + line[0], base[1] + line[1])
        if tax.is_included or all_of_them:
            lines[place] = line
    slope = 1 + sum((line[0] for line in lines.values()), start=Fraction(0))
    constant = sum((line[1] for line in lines.values()), start=Fraction(0))
    if slope <= 0:
        raise Invalid("tax_rate_range", field="amount")
    net = (Fraction(price) - constant) / slope
    return {place: round_fraction(a * net + b, unit, mode) for place, (a, b) in lines.items()}
