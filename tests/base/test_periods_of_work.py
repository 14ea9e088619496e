"""Proration and working days, by the tables of docs/algorithms/terms.md."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.errors import Invalid, Refused
from guantong.base.proration import billing_cycles, prorate, true_up, weekly_bill_days
from guantong.base.workdays import (
    WEEKENDS,
    WorkCalendar,
    add_workdays,
    count_workdays,
    is_workday,
    known_years,
)
from tests.base.tables import all_rows


@all_rows("terms", "cycles")
def test_cycles(row: dict[str, str]) -> None:
    start, until = date.fromisoformat(row["start"]), date.fromisoformat(row["until"])
    end = date.fromisoformat(row["end"]) if row["end"] else None
    if row["shares"] == "refused":
        with pytest.raises(Invalid, match="period_reversed"):
            billing_cycles(start, until=until, bill_day=int(row["bill day"]), end=end)
        return
    cycles = billing_cycles(start, until=until, bill_day=int(row["bill day"]), end=end)
    assert " ".join(f"{cycle.days}/{cycle.of_days}" for cycle in cycles) == row["shares"]


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.integers(0, 900),
    st.integers(1, 31),
    st.sampled_from([1, 3, 12]),
)
def test_cycles_follow_without_gap(start: date, days: int, bill_day: int, months: int) -> None:
    end = start + timedelta(days=days)
    cycles = billing_cycles(start, until=date(2099, 1, 1), bill_day=bill_day, end=end, months=months)
    assert sum(cycle.days for cycle in cycles) == days
    assert all(left.end == right.start for left, right in pairwise(cycles))
    assert all(0 < cycle.share <= 1 for cycle in cycles)
    assert all(cycle.share == 1 for cycle in cycles[1:-1])


@all_rows("terms", "prorated")
def test_prorated(row: dict[str, str]) -> None:
    arguments = {"days": int(row["days"]), "of_days": int(row["of days"]), "exponent": int(row["places"])}
    if row["result"] == "refused":
        with pytest.raises(Invalid, match="days_range"):
            prorate(Decimal(row["amount"]), **arguments)
    else:
        assert str(prorate(Decimal(row["amount"]), **arguments)) == row["result"]


def test_minimum_charge_and_weeks() -> None:
    assert true_up(Decimal("30.00"), minimum=Decimal("50.00")) == Decimal("20.00")
    assert true_up(Decimal("80.00"), minimum=Decimal("50.00")) == 0
    monday = date(2026, 11, 23)
    assert weekly_bill_days(monday, until=monday + timedelta(days=14)) == [
        date(2026, 11, 30),
        date(2026, 12, 7),
    ]


@all_rows("terms", "workdays")
def test_workdays(row: dict[str, str]) -> None:
    day = date.fromisoformat(row["day"])
    if row["works"] == "refused":
        with pytest.raises(Refused, match="holidays_unknown"):
            is_workday(day)
    else:
        assert is_workday(day) == (row["works"] == "yes")


def test_unpublished_years_are_refused_or_said_so() -> None:
    day = date(known_years()[1] + 1, 6, 6)
    office = WorkCalendar(days_on=frozenset({day}))
    with pytest.raises(Refused) as caught:
        add_workdays(day, 3)
    assert caught.value.params["year"] == day.year
    assert is_workday(day, unknown="weekends") == (day.weekday() < 5)
    assert not WorkCalendar().is_known(day)
    assert office.is_known(day)
    assert is_workday(day, calendar=office)
    assert WEEKENDS.is_known(day)
    with pytest.raises(Invalid, match="unknown_rule"):
        is_workday(day, unknown="guess")


def test_adding_workdays_over_the_spring_festival() -> None:
    assert add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 14)  # a make-up Saturday
    assert add_workdays(date(2026, 2, 14), 1) == date(2026, 2, 24)
    assert add_workdays(date(2026, 2, 24), -1) == date(2026, 2, 14)
    assert add_workdays(date(2026, 2, 17), 0) == date(2026, 2, 24)
    assert add_workdays(date(2026, 2, 17), 1) == date(2026, 2, 24)
    assert count_workdays(date(2026, 2, 13), date(2026, 2, 24)) == 3
    assert count_workdays(date(2026, 2, 24), date(2026, 2, 13)) == 0
    closed = WorkCalendar(days_off=frozenset({date(2026, 2, 24)}))
    assert add_workdays(date(2026, 2, 14), 1, calendar=closed) == date(2026, 2, 25)


@given(st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.integers(1, 60))
def test_workdays_are_counted_as_they_are_added(day: date, count: int) -> None:
    later = add_workdays(day, count)
    assert is_workday(later)
    assert count_workdays(day + timedelta(days=1), later) == count


def test_calendars_refuse() -> None:
    with pytest.raises(Invalid, match="work_calendar_unknown"):
        WorkCalendar(country="XX")
    with pytest.raises(Invalid, match="weekday_range"):
        WorkCalendar(weekend=frozenset(range(7)))
