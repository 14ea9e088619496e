"""Time-ordered identifiers (UUID version 7, RFC 9562) from the injected clock and the system's randomness."""

from __future__ import annotations

import os
import secrets
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from guantong.base import clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS = 74
_STEP_BITS = 32
_last: WeakKeyDictionary[clock.Clock, tuple[int, int]] = WeakKeyDictionary()
_lock = threading.Lock()


def uuid7() -> UUID:
    """Make the next identifier: 48 bits of milliseconds, version, 74 random bits.

    Within one process and one clock each is greater than the one before: in the same millisecond, or when
    the machine's clock steps back, the random part of the last one is raised by a random step (RFC 9562,
    6.2, method 2).
    """
    source = clock.current()
    stamp = (source.read() - _EPOCH) // timedelta(milliseconds=1)
    with _lock:
        last_stamp, last_random = _last.get(source, (-1, 0))
        if stamp > last_stamp:
            random = secrets.randbits(_RANDOM_BITS)
        else:
            stamp, random = last_stamp, last_random + 1 + secrets.randbits(_STEP_BITS)
            if random >> _RANDOM_BITS:
                stamp, random = stamp + 1, secrets.randbits(_RANDOM_BITS)
        _last[source] = (stamp, random)
    return _pack(stamp, random)


def _pack(stamp: int, random: int) -> UUID:
    high, low = random >> 62, random & ((1 << 62) - 1)
    return UUID(int=stamp << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def _forget() -> None:
    """Start afresh in a forked process, so that parent and child do not count on from the same number."""
    global _lock
    _lock = threading.Lock()
    _last.clear()


os.register_at_fork(after_in_child=_forget)
