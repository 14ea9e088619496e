"""Discount for early payment (现金折扣): what it takes off net and tax, what is paid, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, exact_sum, must_be_exact, round_to
from guantong.base.tax import TaxedAmount, TaxRate, split_tax


@dataclass(frozen=True, slots=True)
class EarlyPayment:
    """What may be paid until a day, and the discount that closes the rest."""

    cash: Decimal
    discount: TaxedAmount
    until: date


def early_payment(
    amounts: Sequence[tuple[TaxRate, TaxedAmount]],
    *,
    percent: Decimal,
    days: int,
    invoiced_on: date,
    exponent: int,
    undiscounted: Decimal = Decimal(0),
) -> EarlyPayment:
    """Work out the discounted payment of an invoice, given the sum of each tax rate.

    The discount is `percent` of each net, rounded, with the tax of its rate on it; `undiscounted` is added
    to the cash whole (fixed taxes, deposits). The last day is `invoiced_on` + `days`. Raises `Invalid`:
    `discount_percent_range`, `nothing_to_discount`, `currency_mismatch`.
    """
    if not 0 <= must_be_exact(percent, field="percent") <= 100:
        raise Invalid("discount_percent_range", field="percent", percent=str(percent))
    if not amounts:
        raise Invalid("nothing_to_discount", field="amounts")
    discount = TaxedAmount.zero(amounts[0][1].currency)
    for rate, taxed in amounts:
        net = round_to(EXACT.multiply(taxed.net, percent).scaleb(-2, EXACT), exponent)
        discount = discount + split_tax(net, basis="exclusive", rate=rate, currency=taxed.currency)
    gross = exact_sum(taxed.gross for _, taxed in amounts)
    cash = EXACT.subtract(EXACT.add(gross, undiscounted), discount.gross)
    return EarlyPayment(cash, discount, invoiced_on + timedelta(days=days))
