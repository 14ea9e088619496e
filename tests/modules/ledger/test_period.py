"""Months: begun by the first entry, closed and opened by finance, in order, with a reason; racing postings."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from guantong.base.errors import Refused
from guantong.engine.events.event import Event
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.period import Period
from guantong.modules.ledger.post import post
from tests.modules.ledger.bookkeeper import line

LINES = [line("receivable", "1"), line("revenue", "-1")]


def months(books):
    with scope(books.tenant):
        return dict(Period.objects.values_list("month", "state"))


def test_first_entry_begins_the_month(books):
    books.sale("2026-02-28", "1", "0")
    books.sale("2026-03-05", "1", "0")
    books.sale("2026-03-05", "1", "0")
    assert months(books) == {"2026-02": "open", "2026-03": "open"}
    with scope(books.tenant):
        period = Period.objects.get(month="2026-02")
        assert (period.starts_on, period.ends_on) == (date(2026, 2, 1), date(2026, 2, 28))
        assert [event.verb for event in Event.objects.filter(record=period.id)] == ["created"]


def test_closed_month_is_refused(books):
    entry = books.sale("2026-03-05", "1", "0")
    books.close_month("2026-03")
    with pytest.raises(Refused) as refused:
        books.sale("2026-03-06", "1", "0")
    assert (refused.value.code, refused.value.params) == ("period_closed", {"month": "2026-03"})
    with pytest.raises(Refused, match="period_closed"):
        books.reverse(entry, "2026-03-31")
    with pytest.raises(Refused, match="period_closed"):
        books.sale("2026-02-01", "1", "0")
    assert len(books.entries()) == 1
    books.reverse(entry, "2026-04-01")


def test_reopened_month_takes_entries_again(books):
    books.sale("2026-03-05", "1", "0")
    books.close_month("2026-03")
    with books.period("2026-03") as period:
        period.reopen(reason="late delivery note")
    books.sale("2026-03-06", "1", "0")
    assert period.reason == "late delivery note"


def test_months_close_in_order_and_open_in_reverse(books):
    books.sale("2026-02-05", "1", "0")
    books.sale("2026-03-05", "1", "0")
    with pytest.raises(Refused, match="earlier_period_open"):
        books.close_month("2026-03")
    books.close_month("2026-02")
    books.close_month("2026-03")
    with pytest.raises(Refused, match="later_period_closed"), books.period("2026-02") as period:
        period.reopen(reason="no")
    assert months(books) == {"2026-02": "closed", "2026-03": "closed"}


def test_month_begun_and_posted_in_one_unit(books):
    with books.unit():
        for _ in range(3):
            post(books.entity, on=date(2026, 3, 5), entity=books.entity, lines=LINES)
    assert len(books.entries()) == 3
    assert months(books) == {"2026-03": "open"}


def in_threads(count, work):
    """Run `work(place)` at once in threads of their own, under this test's clock."""
    contexts = [contextvars.copy_context() for _ in range(count)]

    def run(place):
        try:
            return contexts[place].run(work, place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def until_somebody_waits_for_us():
    with connections["default"].cursor() as cursor:
        for _ in range(100_000):
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone():
                return
    raise AssertionError("nobody waits")


def test_racing_first_entries_of_a_month(books):
    start = Barrier(6)

    def work(_place):
        start.wait(10)
        return books.sale("2026-03-05", "1", "0").number

    assert sorted(in_threads(6, work)) == [f"JV-2026-{number:06d}" for number in range(1, 7)]
    assert months(books) == {"2026-03": "open"}


def test_postings_of_a_month_do_not_wait_for_each_other(books):
    """Both read the context while the other holds it; only the counter makes the second wait, for the first's end."""
    books.sale("2026-03-05", "1", "0")
    both_inside = Barrier(2)

    def work(_place):
        with books.unit():
            post(books.entity, on=date(2026, 3, 5), entity=books.entity, lines=LINES)
            both_inside.wait(10)

    in_threads(2, work)
    assert len(books.entries()) == 3


def test_closing_waits_for_a_posting_at_work(books):
    books.sale("2026-03-05", "1", "0")
    posted, order = Barrier(2), []

    def work(place):
        if place == 0:
            with books.unit():
                post(books.entity, on=date(2026, 3, 5), entity=books.entity, lines=LINES)
                posted.wait(10)
                until_somebody_waits_for_us()
                order.append("posted")
        else:
            posted.wait(10)
            books.close_month("2026-03")
            order.append("closed")

    in_threads(2, work)
    assert order == ["posted", "closed"]
    with pytest.raises(Refused, match="period_closed"):
        books.sale("2026-03-06", "1", "0")
