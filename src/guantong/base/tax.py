"""Tax of one line: net + tax = gross, from the side that was entered (价税分离). Documents: `tax_document`.

Several taxes on one amount, fixed taxes and tax on tax live in `tax_stack`. Formulas and number tables:
docs/algorithms/tax.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, must_be_exact, round_to, round_to_unit, smallest_unit

BASES = ("inclusive", "exclusive")
"""The side a price is entered on: `inclusive` (含税) or `exclusive` (不含税)."""

METHODS = ("general", "simple", "zero", "exempt", "reverse_charge", "outside")
"""Tax methods: general (一般计税), simple (简易计税), zero rate, exempt (免税), reverse charge, outside."""

_UNTAXED = ("zero", "exempt", "reverse_charge", "outside")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax rate as frozen on a line at its tax point: percent and method. Below zero: tax withheld."""

    percent: Decimal
    method: str = "general"

    def __post_init__(self) -> None:
        if must_be_exact(self.percent, field="percent") <= -100:
            raise Invalid("tax_rate_too_low", field="percent", percent=str(self.percent))
        if self.method not in METHODS:
            raise Invalid("tax_method_unknown", field="method", method=str(self.method))
        if self.method in _UNTAXED and self.percent != 0:
            raise Invalid("tax_rate_not_zero", field="percent", method=self.method)


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """An amount split into net (不含税金额), tax (税额) and gross (价税合计)."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        for figure in (self.net, self.tax, self.gross):
            must_be_exact(figure)
        if EXACT.add(self.net, self.tax) != self.gross:
            raise Invalid("tax_unbalanced", net=str(self.net), tax=str(self.tax), gross=str(self.gross))

    def __add__(self, other: TaxedAmount) -> TaxedAmount:
        if other.currency != self.currency:
            raise Invalid("currency_mismatch", field="currency", left=self.currency, right=other.currency)
        add = EXACT.add
        return TaxedAmount(
            add(self.net, other.net), add(self.tax, other.tax), add(self.gross, other.gross), self.currency
        )

    def __neg__(self) -> TaxedAmount:
        minus = EXACT.minus
        return TaxedAmount(minus(self.net), minus(self.tax), minus(self.gross), self.currency)

    @classmethod
    def zero(cls, currency: str) -> TaxedAmount:
        """Give nothing, in this currency."""
        nothing = round_to(Decimal(0), exponent(currency))
        return cls(nothing, nothing, nothing, currency)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """What a line is worth, on its entered side: listed − discount = entered; and that amount taxed."""

    listed: Decimal
    discount: Decimal
    entered: Decimal
    basis: str
    rate: TaxRate
    taxed: TaxedAmount


def line_amounts(
    quantity: Decimal,
    *,
    price: Decimal,
    basis: str,
    rate: TaxRate,
    currency: str,
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    mode: str = "half_up",
    unit: Decimal | None = None,
) -> LineAmounts:
    """Work out one line from the entered side.

    listed = round(quantity × price); discount = round(listed × percent/100) + amount; entered = listed −
    discount. The discount is an amount of its own (EN 16931 BT-136), on the entered side. Then as
    `split_tax`. `unit` replaces the smallest unit of the currency, as where coins are 0.05. Raises
    `Invalid`: `price_basis_unknown`, `discount_percent_range`, `discount_not_rounded`,
    `discount_exceeds_line`, `amount_not_decimal`, and those of rounding.
    """
    step = unit or smallest_unit(exponent(currency))
    exact = EXACT.multiply(must_be_exact(quantity, field="quantity"), must_be_exact(price, field="price"))
    listed = round_to_unit(exact, step, mode)
    discount = line_discount(listed, percent=discount_percent, amount=discount_amount, unit=step, mode=mode)
    entered = EXACT.subtract(listed, discount)
    taxed = split_tax(entered, basis=basis, rate=rate, currency=currency, mode=mode, unit=step)
    return LineAmounts(listed, discount, entered, basis, rate, taxed)


def line_discount(
    listed: Decimal, *, percent: Decimal | None, amount: Decimal | None, unit: Decimal, mode: str = "half_up"
) -> Decimal:
    """Work out a discount (折扣): the percentage rounded as money, plus the amount.

    Raises as `line_amounts`.
    """
    discount = round_to_unit(Decimal(0), unit)
    if percent is not None:
        if not 0 <= must_be_exact(percent, field="discount_percent") <= 100:
            raise Invalid("discount_percent_range", field="discount_percent", percent=str(percent))
        discount = round_to_unit(EXACT.multiply(listed, percent).scaleb(-2, EXACT), unit, mode)
    if amount is not None:
        if round_to_unit(must_be_exact(amount, field="discount_amount"), unit) != amount:
            raise Invalid("discount_not_rounded", field="discount_amount", amount=str(amount))
        discount = EXACT.add(discount, amount)
    low, high = sorted((Decimal(0), listed))
    if not low <= discount <= high:
        raise Invalid("discount_exceeds_line", field="discount_amount", discount=str(discount))
    return discount


def split_tax(
    entered: Decimal,
    *,
    basis: str,
    rate: TaxRate,
    currency: str,
    mode: str = "half_up",
    unit: Decimal | None = None,
) -> TaxedAmount:
    """Split an entered amount: 含税 tax = round(gross × r/(100 + r)); 不含税 tax = round(net × r/100).

    The entered side stays as it is, the other side is the difference or the sum, so nothing is rounded
    twice. Raises `Invalid`: `price_basis_unknown`, `amount_not_decimal`.
    """
    step = unit or smallest_unit(exponent(currency))
    weighted = EXACT.multiply(must_be_exact(entered, field="entered"), rate.percent)
    if basis == "inclusive":
        tax = round_to_unit(EXACT.divide(weighted, EXACT.add(_HUNDRED, rate.percent)), step, mode)
    elif basis == "exclusive":
        tax = round_to_unit(weighted.scaleb(-2, EXACT), step, mode)
    else:
        raise Invalid("price_basis_unknown", field="basis", basis=str(basis))
    return with_tax(entered, tax, basis=basis, currency=currency)


def with_tax(entered: Decimal, tax: Decimal, *, basis: str, currency: str) -> TaxedAmount:
    """Join an entered amount and its tax: the other side follows by addition or subtraction."""
    if basis == "inclusive":
        return TaxedAmount(EXACT.subtract(entered, tax), tax, entered, currency)
    return TaxedAmount(entered, tax, EXACT.add(entered, tax), currency)


def derived_price(amount: Decimal, *, quantity: Decimal, places: int = 10) -> Decimal:
    """Derive a unit price from a line amount, for show and for the fapiao only: it must never feed a total.

    Raises `Invalid`: `derived_price_too_coarse` (below ten places), `quantity_zero`.
    """
    if places < 10:
        raise Invalid("derived_price_too_coarse", field="places", places=places)
    if must_be_exact(quantity, field="quantity") == 0:
        raise Invalid("quantity_zero", field="quantity")
    return round_to(EXACT.divide(must_be_exact(amount, field="amount"), quantity), places)
