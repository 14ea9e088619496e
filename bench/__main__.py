"""Chains of the short road per second, beside the same writes on bare PostgreSQL, alternating in one run."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import psycopg
from django.db import connections

from bench.bare import Bare
from bench.recorder import recording
from tests.database import TestDatabase


def main() -> None:
    """Print the medians, the ratio and the statements of one chain."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="counted rounds of each side")
    parser.add_argument("--chains", type=int, default=10, help="chains in a round")
    options = parser.parse_args()
    database = TestDatabase(durable=True)
    database.open()
    try:
        _compare(options.rounds, options.chains)
    finally:
        database.close()


def _compare(rounds: int, chains: int) -> None:
    from bench.road import Road  # Django must have started
    from tests.statements import statements

    road = Road()
    for _ in range(3):
        road.walk()
    with statements() as sent:
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
    print(
        f"one chain: {len(sent)} statements, {recorded.rows()} rows written in {len(recorded.transactions)} transactions"
    )
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


if __name__ == "__main__":
    main()
