"""The injected clock, identifiers, months."""

from __future__ import annotations

import os
import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.base.calendar import Period, add_months, advance, end_of_month, frozen, now, today, uuid7, zone
from guantong.base.errors import Invalid, Refused

MOMENT = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)


def test_a_frozen_clock_stands_and_is_moved_by_hand() -> None:
    with frozen(MOMENT) as clock:
        assert now() == now() == MOMENT
        assert advance(days=1, hours=2) == now() == MOMENT + timedelta(days=1, hours=2)
        with frozen(MOMENT + timedelta(days=365)):
            assert now().year == 2027
        assert clock.advance(timedelta(seconds=1)) == now()
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_only_a_frozen_clock_can_be_moved() -> None:
    with pytest.raises(Refused, match="clock_not_frozen"):
        advance(days=1)
    with pytest.raises(Invalid, match="moment_without_zone"), frozen(datetime(2026, 1, 1)):
        pass


def test_the_day_is_the_customers_day() -> None:
    with frozen(MOMENT):
        assert today("Asia/Shanghai") == date(2026, 4, 1)
        assert today("UTC") == today(ZoneInfo("America/Bogota")) == date(2026, 3, 31)
    with frozen(datetime(2026, 1, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))):
        assert now() == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Asia/Peking", "", "../etc/passwd", "/etc/passwd"])
def test_unknown_zones_are_refused(name: str) -> None:
    with pytest.raises(Invalid, match="time_zone_unknown"):
        zone(name)


def test_a_new_thread_reads_the_machines_clock() -> None:
    seen: list[datetime] = []
    with frozen(datetime(2001, 1, 1, tzinfo=UTC)):
        thread = threading.Thread(target=lambda: seen.append(now()))
        thread.start()
        thread.join()
    assert seen[0].year > 2001


def test_identifiers_grow_and_carry_the_frozen_moment() -> None:
    with frozen(MOMENT):
        made = [uuid7() for _ in range(5000)]
        advance(hours=-1)
        made.append(uuid7())
        advance(hours=2)
        made.append(uuid7())
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(item.version, item.variant) for item in made} == {(7, "specified in RFC 4122")}
    assert (
        made[0].int >> 80
        == 1774974600000
        == (MOMENT - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    )
    assert made[-1].int >> 80 == 1774974600000 + 3_600_000
    live = [uuid7() for _ in range(5000)]
    assert live == sorted(live)


def test_two_clocks_at_one_moment_make_different_identifiers() -> None:
    with frozen(MOMENT):
        first = uuid7()
    with frozen(MOMENT):
        assert uuid7() != first


def test_threads_never_share_an_identifier() -> None:
    made: list[object] = []
    threads = [threading.Thread(target=lambda: made.extend(uuid7() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_a_forked_process_makes_its_own_identifiers() -> None:
    with frozen(MOMENT):
        uuid7()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, uuid7().bytes)
            os._exit(0)
        os.waitpid(child, 0)
        ours, theirs = uuid7().bytes, os.read(reader, 16)
    random_parts = [int.from_bytes(item, "big") & ((1 << 62) - 1) for item in (ours, theirs)]
    assert abs(random_parts[0] - random_parts[1]) >> 40, (
        "the child must not count on from the parent's number"
    )


def test_periods() -> None:
    march = Period.parse("2024-02")
    assert (march.start, march.end, march.days, str(march)) == (
        date(2024, 2, 1),
        date(2024, 2, 29),
        29,
        "2024-02",
    )
    assert [str(march.shift(step)) for step in (-2, 11)] == ["2023-12", "2025-01"]
    assert Period.of(date(2024, 2, 29)) == march < march.shift(1)
    assert date(2024, 2, 29) in march
    assert date(2025, 2, 1) not in march
    for text in ("2024-13", "2024-1", " 2024-01", "２０２４-01", "2024-01\n", "0000-01"):
        with pytest.raises(Invalid, match="period_malformed"):
            Period.parse(text)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_where_they_can(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, end_of_month(moved).day)
