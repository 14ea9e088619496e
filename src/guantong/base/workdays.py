"""Working days (工作日): weekends, Chinese public holidays and make-up days (调休), a company's own days.

The State Council publishes one year at a time; the data of the library ends with the last year published.
Outside it nothing is guessed in silence: refuse, or count weekends only when the caller says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from guantong.base.errors import Invalid, Refused

COUNTRIES = ("CN", "")
"""CN: Chinese holidays and make-up days. Empty: weekends only."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of an office: a country's, corrected by days of its own (Monday is 0)."""

    country: str = "CN"
    weekend: frozenset[int] = frozenset({5, 6})
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.country not in COUNTRIES:
            raise Invalid("work_calendar_unknown", field="country", country=str(self.country))
        if not self.weekend < frozenset(range(7)):
            raise Invalid("weekday_range", field="weekend")

    def is_known(self, day: date) -> bool:
        """Tell whether the holidays of the day's year are published, or the day is the company's own."""
        if day in self.days_on or day in self.days_off or not self.country:
            return True
        first, last = known_years()
        return first <= day.year <= last


CHINA = WorkCalendar()
WEEKENDS = WorkCalendar(country="")


def known_years() -> tuple[int, int]:
    """Give the first and last year with published Chinese holidays."""
    days = chinese_calendar.constants.holidays
    return min(days).year, max(days).year


def is_workday(day: date, *, calendar: WorkCalendar = CHINA, unknown: str = "refuse") -> bool:
    """Tell whether people work on a day.

    `unknown="weekends"` counts weekends only where holidays are not published; ask `is_known` and tell the
    user. Raises `Refused("holidays_unknown", year=…)`, `Invalid("unknown_rule")`.
    """
    if unknown not in ("refuse", "weekends"):
        raise Invalid("unknown_rule", field="unknown", rule=str(unknown))
    if day in calendar.days_on:
        return True
    if day in calendar.days_off:
        return False
    if not calendar.is_known(day):
        if unknown == "refuse":
            first, last = known_years()
            raise Refused("holidays_unknown", year=day.year, first=first, last=last)
    elif calendar.country:
        if day in chinese_calendar.constants.workdays:
            return True
        if day in chinese_calendar.constants.holidays:
            return False
    return day.weekday() not in calendar.weekend


def add_workdays(day: date, count: int, *, calendar: WorkCalendar = CHINA, unknown: str = "refuse") -> date:
    """Move by so many working days; zero gives the day itself, or the next working day if it is none.

    The starting day never counts. Raises as `is_workday`.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left or not is_workday(day, calendar=calendar, unknown=unknown):
        day += step
        if left and is_workday(day, calendar=calendar, unknown=unknown):
            left -= 1
    return day


def count_workdays(
    first: date, last: date, *, calendar: WorkCalendar = CHINA, unknown: str = "refuse"
) -> int:
    """Count working days from `first` to `last`, both included; none if `last` is earlier.

    Raises as `is_workday`.
    """
    days = (first + timedelta(days=place) for place in range((last - first).days + 1))
    return sum(is_workday(day, calendar=calendar, unknown=unknown) for day in days)
