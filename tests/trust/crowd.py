"""Many callers at once: threads that start together, each with connections of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from tests.caller import Caller
from tests.world import World


def at_once(world: World, work: Callable[[int], Any], many: int) -> list[Any]:
    """`work(n)` for n in 0..many-1, all at the same moment."""
    gate = Barrier(many)

    def one(number: int) -> Any:
        def run() -> Any:
            gate.wait(60)
            return work(number)

        return world.everywhere(run)

    with ThreadPoolExecutor(many) as pool:
        return [future.result() for future in [pool.submit(one(number)) for number in range(many)]]


def shared_out(world: World, work: Callable[[Any], Any], items: Iterable[Any], clients: int) -> list[Any]:
    """`work(item)` for every item, by so many clients."""
    queue = list(items)

    def client(number: int) -> list[Any]:
        return [work(item) for item in queue[number::clients]]

    return [result for part in at_once(world, client, clients) for result in part]


def fresh(world: World, name: str) -> Caller:
    """A caller of this thread alone, who leaves reactions to the end."""
    return Caller(world.tokens[name])


def kill_backends(many: int) -> None:
    """Terminate so many backends of the application that are at work."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guantong_app' "
            "AND datname = current_database() AND state <> 'idle' LIMIT %s",
            [many],
        )
