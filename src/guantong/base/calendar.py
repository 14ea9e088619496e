"""Months and days: periods, month arithmetic. The clock and identifiers are handed on from here too.

Working days live in `workdays`, due dates in `terms`, shares of a period in `proration`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from guantong.base.clock import Clock, FrozenClock, advance, frozen, in_utc, now, today, zone
from guantong.base.errors import Invalid
from guantong.base.ids import uuid7

__all__ = [
    "Clock",
    "FrozenClock",
    "Period",
    "add_months",
    "advance",
    "days_in_month",
    "end_of_month",
    "frozen",
    "in_utc",
    "next_weekday",
    "now",
    "today",
    "uuid7",
    "with_day",
    "zone",
]

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def days_in_month(day: date) -> int:
    """Count the days of the month this day is in."""
    return monthrange(day.year, day.month)[1]


def end_of_month(day: date) -> date:
    """Give the last day of the month (月末)."""
    return day.replace(day=days_in_month(day))


def with_day(day: date, number: int) -> date:
    """Move to the numbered day of the same month; a short month gives its last day.

    Raises `Invalid("day_of_month_range")` unless 1 to 31.
    """
    if not 1 <= number <= 31:
        raise Invalid("day_of_month_range", field="day", day=number)
    return day.replace(day=min(number, days_in_month(day)))


def add_months(day: date, months: int) -> date:
    """Move by months, keeping the day of the month; a short month gives its last day.

    Raises `Invalid("date_out_of_range")` outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise Invalid("date_out_of_range", months=months)
    return with_day(date(year, month + 1, 1), day.day)


def next_weekday(day: date, weekday: int) -> date:
    """Give this day or the next that is such a weekday; Monday is 0. Raises `Invalid("weekday_range")`."""
    if not 0 <= weekday <= 6:
        raise Invalid("weekday_range", field="weekday", weekday=weekday)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, as books are closed by (会计期间)."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise Invalid("period_malformed", field="period", year=self.year, month=self.month)

    @classmethod
    def of(cls, day: date) -> Period:
        """Give the period a day falls in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-01`. Raises `Invalid("period_malformed", field="period")`."""
        if not isinstance(text, str) or not _MONTH.fullmatch(text):
            raise Invalid("period_malformed", field="period", text=str(text)[:20])
        return cls(int(text[:4]), int(text[5:]))

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day."""
        return end_of_month(self.start)

    @property
    def days(self) -> int:
        """The number of days."""
        return days_in_month(self.start)

    def shift(self, months: int) -> Period:
        """Give the period so many months later."""
        return Period.of(add_months(self.start, months))

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
