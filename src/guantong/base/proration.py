"""Shares of a period by days: billing cycles, pro-rata amounts, minimum charges, weekly billing days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from guantong.base.calendar import add_months, next_weekday, with_day
from guantong.base.errors import Invalid
from guantong.base.rounding import EXACT, must_be_exact, round_fraction, smallest_unit


@dataclass(frozen=True, slots=True)
class Cycle:
    """A stretch of days to bill, part of a cycle of `of_days` days. `end` is the day after the last."""

    start: date
    end: date
    of_days: int

    @property
    def days(self) -> int:
        """The days billed."""
        return (self.end - self.start).days

    @property
    def share(self) -> Fraction:
        """The part of a whole cycle."""
        return Fraction(self.days, self.of_days)


def billing_cycles(
    start: date, *, until: date, bill_day: int, end: date | None = None, months: int = 1
) -> list[Cycle]:
    """List the cycles to bill in advance up to and including the day `until`.

    Cycles begin on `bill_day` of the month (a short month gives its last day); the days before the first
    of them and after the last are shares of the cycle they lie in. `end` is the first day no longer
    served; nothing is billed from there on. Raises `Invalid`: `period_reversed`, `day_of_month_range`,
    `months_not_positive`.
    """
    if end is not None and end < start:
        raise Invalid("period_reversed", field="end", start=str(start), end=str(end))
    if months < 1:
        raise Invalid("months_not_positive", field="months", months=months)
    anchor = with_day(start, bill_day)
    begin = -months if anchor > start else 0
    cycles: list[Cycle] = []
    while True:
        first = with_day(add_months(anchor, begin), bill_day)
        after = with_day(add_months(anchor, begin + months), bill_day)
        begins, ends = max(first, start), after if end is None else min(after, end)
        if begins > until or begins >= ends:
            return cycles
        cycles.append(Cycle(begins, ends, (after - first).days))
        begin += months


def prorate(amount: Decimal, *, days: int, of_days: int, exponent: int, mode: str = "half_up") -> Decimal:
    """Give amount × days / of_days, rounded.

    Raises `Invalid("days_range")` unless 0 ≤ days ≤ of_days and of_days is above zero.
    """
    if of_days <= 0 or not 0 <= days <= of_days:
        raise Invalid("days_range", field="days", days=days, of_days=of_days)
    exact = Fraction(must_be_exact(amount, field="amount")) * days / of_days
    return round_fraction(exact, smallest_unit(exponent), mode)


def true_up(used: Decimal, *, minimum: Decimal) -> Decimal:
    """Give what is missing to a minimum charge (保底); nothing when enough was used."""
    missing = EXACT.subtract(must_be_exact(minimum, field="minimum"), must_be_exact(used, field="used"))
    return max(missing, Decimal(0))


def weekly_bill_days(start: date, *, until: date, weekday: int = 0) -> list[date]:
    """List the billing days of a plan by calendar week: each such weekday after `start`, up to `until`.

    The list depends on its arguments only, so a run that is repeated names the same days again.
    """
    day = next_weekday(start + timedelta(days=1), weekday)
    days = []
    while day <= until:
        days.append(day)
        day += timedelta(days=7)
    return days
