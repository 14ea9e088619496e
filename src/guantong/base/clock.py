"""The injected clock: the only place in the house that asks the machine for the time. Calendars: `calendar`.

The clock hangs on a context variable. A new thread starts with the machine's clock; to carry a frozen one
over, run the thread's work in `contextvars.copy_context()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from guantong.base.errors import Invalid, Refused


class Clock:
    """A source of time: the machine's."""

    def read(self) -> datetime:
        """Give this moment in UTC."""
        return datetime.now(UTC)

    def advance(self, step: timedelta) -> datetime:
        """Refuse: only a frozen clock can be moved. Raises `Refused("clock_not_frozen")`."""
        raise Refused("clock_not_frozen", step=str(step))


class FrozenClock(Clock):
    """A clock that stands still until somebody moves it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = in_utc(moment)

    def read(self) -> datetime:
        """Give the moment at which the clock stands."""
        return self.moment

    def advance(self, step: timedelta) -> datetime:
        """Move the clock and give the new moment."""
        self.moment += step
        return self.moment


MACHINE = Clock()
_current: ContextVar[Clock] = ContextVar("guantong_clock", default=MACHINE)


def current() -> Clock:
    """Give the clock in force."""
    return _current.get()


def now() -> datetime:
    """Give this moment, aware, in UTC."""
    return _current.get().read()


def today(tz: str | ZoneInfo) -> date:
    """Give the date in a time zone: the day of a customer or an entity is theirs, not the server's.

    Raises `Invalid("time_zone_unknown")`.
    """
    return now().astimezone(zone(tz)).date()


def zone(tz: str | ZoneInfo) -> ZoneInfo:
    """Find a time zone by its IANA name. Raises `Invalid("time_zone_unknown", field="time_zone")`."""
    if isinstance(tz, ZoneInfo):
        return tz
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("time_zone_unknown", field="time_zone", name=str(tz)[:60]) from error


def in_utc(moment: datetime) -> datetime:
    """Turn an aware moment into UTC. Raises `Invalid("moment_without_zone")`."""
    if moment.utcoffset() is None:
        raise Invalid("moment_without_zone", moment=moment.isoformat())
    return moment.astimezone(UTC)


@contextmanager
def frozen(moment: datetime) -> Iterator[FrozenClock]:
    """Stop the clock at an aware moment inside a `with` block."""
    clock = FrozenClock(moment)
    token = _current.set(clock)
    try:
        yield clock
    finally:
        _current.reset(token)


def advance(step: timedelta | None = None, *, days: int = 0, hours: int = 0, seconds: int = 0) -> datetime:
    """Move the frozen clock on and give the new moment. Raises `Refused("clock_not_frozen")`."""
    return _current.get().advance((step or timedelta()) + timedelta(days=days, hours=hours, seconds=seconds))
