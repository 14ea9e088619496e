"""What makes an entry balance: base amounts, the rest that rounding leaves, the clearing pair. Pure, no queries.

Rules and numbers: docs/algorithms/posting.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from guantong.base.errors import Invalid, Refused
from guantong.base.money import EXACT, exponent, round_to, smallest_unit
from guantong.base.rounding import exact_sum

NOTHING = Decimal(0)
RATE_PLACES = 10
CLEARING = "clearing"  # its lines carry what is left of several rates: that may stand on the other side


def base_of(amount: Decimal, rate: Decimal, base_currency: str, rounding: str) -> Decimal:
    """`amount` at `rate`, rounded to the places of the base currency. Raises Invalid."""
    if rate <= 0:
        raise Invalid("rate_not_above_zero", field="rate")
    if rate != round_to(rate, RATE_PLACES):
        raise Invalid("money_too_many_places", field="rate", places=RATE_PLACES)
    return round_to(EXACT.multiply(amount, rate), exponent(base_currency), rounding)


def foreign_sums(lines: Iterable[Any], base_currency: str) -> dict[str, Decimal]:
    """The sum of the lines of each foreign currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.currency != base_currency:
            sums[line.currency] = EXACT.add(sums[line.currency], line.amount)
    return dict(sums)


def clearing_pairs(lines: Sequence[Any], base_currency: str) -> list[tuple[str, Decimal, Decimal]]:
    """What the clearing account must take so that every currency balances by itself: (currency, amount, base).

    The two sides of a pair cancel in base currency: the account keeps a position in each currency only.
    """
    found = []
    for currency, amount in sorted(foreign_sums(lines, base_currency).items()):
        if amount:
            base = exact_sum(line.base_amount for line in lines if line.currency == currency)
            found += [(currency, -amount, -base), (base_currency, base, base)]
    return found


def rounding_rest(lines: Sequence[Any], computed: Sequence[Any], base_currency: str) -> Decimal:
    """What the base amounts fall short of zero by, if rounding the computed ones explains it; else zero.

    Each rounded line is off by less than one smallest unit; more than that is a mistake, which `must_balance` names.
    """
    rest = exact_sum(line.base_amount for line in lines)
    limit = smallest_unit(exponent(base_currency)) * len(computed)
    return rest if abs(rest) < limit else NOTHING


def absorb(rest: Decimal, computed: Sequence[Any], monetary: set[Any]) -> None:
    """Put the rest on the largest computed line, before all on one that is no receivable, payable or cash.

    A line that it would turn to the other side (amounts of less than a cent's worth) is passed over.
    """

    def rank(line: Any) -> tuple[bool, bool, Decimal]:
        turns = line.amount * (line.base_amount - rest) < 0
        return turns, line.account_id in monetary, -abs(line.base_amount)

    min(computed, key=rank).base_amount -= rest


def must_balance(lines: Sequence[Any], base_currency: str) -> None:
    """Raise Refused `entry_unbalanced` (naming currency and difference), Invalid `entry_empty`, `base_differs`."""
    if len(lines) < 2:
        raise Invalid("entry_empty", field="lines")
    for line in lines:
        if line.currency == base_currency and line.amount != line.base_amount:
            raise Invalid("base_differs", field="base", role=line.role)
        if line.amount * line.base_amount < 0 and line.role != CLEARING:
            raise Invalid("base_on_other_side", field="base", role=line.role)
    sums = foreign_sums(lines, base_currency) | {base_currency: exact_sum(line.base_amount for line in lines)}
    for currency, difference in sums.items():
        if difference:
            raise Refused("entry_unbalanced", currency=currency, difference=str(difference))
