"""Both sides in turn, in one run, over the same server."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import psycopg
from django.db import connections

from bench.bare import Bare
from bench.recorder import recording
from bench.road import Road


def compare(rounds: int, chains: int) -> None:
    """Print what was measured."""
    road = Road()
    for _ in range(3):
        road.walk()
    with recording() as recorded:
        road.walk()
    settings = connections["owner"].settings_dict
    with psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"],
        password=settings["PASSWORD"] or None, autocommit=True,
    ) as connection:  # fmt: skip
        bare = Bare(connection, recorded, road.tenant)
        for _ in range(3):
            bare.walk()
        pairs = [(_speed(road.walk, chains), _speed(bare.walk, chains)) for _ in range(rounds)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(bare_speed / own for own, bare_speed in pairs)
    print(f"one chain: {recorded.rows()} rows written in {len(recorded.transactions)} transactions")
    print(f"Guantong         {ours:8.1f} chains/s (median of {rounds} rounds of {chains})")
    print(
        f"bare PostgreSQL  {theirs:8.1f} chains/s (the same rows, plain INSERT and UPDATE, same server, durable)"
    )
    print(f"ratio            {ratio:8.1f} times slower than bare writes")


def _speed(walk: Callable[[], None], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        walk()
    return times / (time.perf_counter() - started)
