"""Matching money with open items (核销): settle one, pay the oldest first, find the best-fitting set.

Pure: which record an item belongs to, and what is posted, is the business of `collection`. All amounts
of one call are in one currency. Numbers: docs/algorithms/allocation.md.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from guantong.base.errors import Invalid
from guantong.base.money import Money

SEARCH_LIMIT = 16
"""The number of items over which every subset is tried (65,535 of them)."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is still open of an invoice (above zero) or of a credit (below zero), and its due date."""

    key: Hashable
    amount: Money
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One open amount after a payment: what was applied, written off, is still open, is left as credit."""

    applied: Money
    written_off: Money
    still_open: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """A payment spread over items, in the order it was applied, and what is left of it."""

    parts: tuple[tuple[Hashable, Money], ...]
    left: Money


@dataclass(frozen=True, slots=True)
class Match:
    """The best set found: `remaining` = its sum − payment.

    `is_best` is False where not every set was tried and the sum is not exact.
    """

    keys: tuple[Hashable, ...]
    remaining: Money
    is_best: bool


def settle(opened: Money, payment: Money, *, write_off_limit: Money | None = None) -> Settlement:
    """Apply a payment to one open amount of the same sign; a refund settles a credit alike.

    A rest no larger than `write_off_limit` is written off (尾差). What exceeds the open amount is left as
    credit. Raises `Invalid`: `currency_mismatch`, `payment_sign` when the signs differ.
    """
    nothing = Money.zero(opened.currency)
    if (opened > nothing and payment < nothing) or (opened < nothing and payment > nothing):
        raise Invalid("payment_sign", field="payment", payment=str(payment), opened=str(opened))
    applied = payment if abs(payment) <= abs(opened) else opened
    rest = opened - applied
    if write_off_limit is not None and abs(rest) <= write_off_limit:
        return Settlement(applied, rest, nothing, payment - applied)
    return Settlement(applied, nothing, rest, payment - applied)


def oldest_first(items: Sequence[OpenItem]) -> list[OpenItem]:
    """Sort by due date; items without one come last; equal dates keep their order."""
    return sorted(items, key=lambda item: item.due or date.max)


def allocate_oldest(payment: Money, items: Sequence[OpenItem]) -> Allocation:
    """Apply a payment to the items of its own sign, the oldest due first (先进先出).

    The parts and what is left sum to the payment. Raises `Invalid("currency_mismatch")`.
    """
    nothing = Money.zero(payment.currency)
    left, parts = payment, []
    for item in oldest_first(items):
        if not left:
            break
        if item.amount and (item.amount > nothing) == (payment > nothing):
            settled = settle(item.amount, left)
            parts.append((item.key, settled.applied))
            left = settled.credit
    return Allocation(tuple(parts), left)


def best_match(payment: Money, items: Sequence[OpenItem], *, limit: int = SEARCH_LIMIT) -> Match:
    """Find the set of one or more items whose sum is nearest to the payment.

    Equally near sets: the one with the earliest items. Every set of the oldest `limit` items is tried; of
    more items also each one alone and the oldest 1, 2, 3, … together. Raises `Invalid`: `nothing_open`,
    `currency_mismatch`, `search_limit_range` unless 1 to 20.
    """
    if not items:
        raise Invalid("nothing_open", field="items")
    if not 1 <= limit <= 20:
        raise Invalid("search_limit_range", field="limit", limit=limit)
    ordered = oldest_first(items)
    target, values = _in_equal_units(payment, ordered)
    size = min(limit, len(values))
    gap, places = _nearest(_subset_sums(values[:size]), target, size)
    if len(values) > size:
        for candidate in _long_candidates(len(values)):
            rest = abs(sum(values[place] for place in candidate) - target)
            if (rest, candidate) < (gap, places):
                gap, places = rest, candidate
    remaining = -payment
    for place in places:
        remaining = remaining + ordered[place].amount
    keys = tuple(ordered[place].key for place in places)
    return Match(keys, remaining, not remaining or len(values) <= size)


def _in_equal_units(payment: Money, items: Sequence[OpenItem]) -> tuple[int, list[int]]:
    """Turn amounts into whole numbers of one unit: subsets of integers are added without a slip, and fast."""
    exact = [Fraction(payment.amount)]
    for item in items:
        if item.amount.currency != payment.currency:
            raise Invalid("currency_mismatch", field="items", currency=item.amount.currency)
        exact.append(Fraction(item.amount.amount))
    scale = max(amount.denominator for amount in exact)
    while any(scale % amount.denominator for amount in exact):
        scale *= 10
    target, *values = (int(amount * scale) for amount in exact)
    return target, values


def _subset_sums(values: Sequence[int]) -> list[int]:
    """Sum every subset. Reading the index in binary, the highest bit stands for the first value."""
    sums = [0]
    for value in reversed(values):
        sums += [value + total for total in sums]
    return sums


def _nearest(sums: Sequence[int], target: int, size: int) -> tuple[int, tuple[int, ...]]:
    gap = min(abs(total - target) for total in sums[1:])
    equal = (mask for mask in range(1, len(sums)) if abs(sums[mask] - target) == gap)
    return gap, min(tuple(place for place in range(size) if mask >> (size - 1 - place) & 1) for mask in equal)


def _long_candidates(count: int) -> Iterator[tuple[int, ...]]:
    for place in range(count):
        yield (place,)
        yield tuple(range(place + 1))
