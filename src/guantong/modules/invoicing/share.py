"""Shares of a line by quantity or by amount: cumulative, so that the last part takes the rest to the fen. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from guantong.base.errors import Refused
from guantong.base.rounding import EXACT, round_to

QUANTITY_PLACES = 6


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Quantity and amounts of a line, or of a part of it."""

    quantity: Decimal = Decimal(0)
    net: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in NAMES})

    def __sub__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) - getattr(other, name) for name in NAMES})

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in NAMES)


NAMES = tuple(field.name for field in fields(Figures))
NOTHING = Figures()


def figures_of(line: Any) -> Figures:
    """The figures of a priced line."""
    return Figures(**{name: getattr(line, name) for name in NAMES})


def part_of(
    whole: Figures,
    taken: Figures,
    *,
    quantity: Decimal | None = None,
    gross: Decimal | None = None,
    places: int,
) -> Figures:
    """The next part of `whole` after `taken`: so much gross, else so much quantity, else all that is left.

    Every figure is the share of all parts so far, rounded once, less what was taken before. Raises Refused:
    more_than_left, with what is left.
    """
    left = whole - taken
    if gross is not None:
        if not _fits(gross, left.gross):
            raise Refused("more_than_left", left=str(left.gross))
        if gross == left.gross:
            return left
        done = taken.gross + gross
        after = replace(_share(whole, done, whole.gross, places), gross=done)
    else:
        if not quantity or quantity == left.quantity:
            return left
        if not _fits(quantity, left.quantity):
            raise Refused("more_than_left", left=str(left.quantity.normalize() + 0))
        done = taken.quantity + quantity
        after = replace(_share(whole, done, whole.quantity, places), quantity=done)
    return replace(after, net=after.gross - after.tax) - taken


def _fits(wanted: Decimal, left: Decimal) -> bool:
    """Of the same sign as what is left, and not more."""
    return 0 < wanted <= left or left <= wanted < 0


def _share(whole: Figures, done: Decimal, of: Decimal, places: int) -> Figures:
    def share(figure: Decimal, to: int) -> Decimal:
        return round_to(EXACT.divide(EXACT.multiply(figure, done), of), to)

    return Figures(
        quantity=share(whole.quantity, QUANTITY_PLACES),
        net=share(whole.net, places),
        tax=share(whole.tax, places),
        gross=share(whole.gross, places),
        discount=share(whole.discount, places),
    )
