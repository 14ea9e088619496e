"""`guantong migrate`: roles, migrations, grants, in this order, as the owner, one run at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from guantong.site.faults import DATABASE, Stop
from guantong.site.grants import grant
from guantong.site.roles import prepare
from guantong.site.server import connected, refuse_unsafe

LOCK = 0x6774_6D69  # "gtmi": any number, but the same everywhere
PATIENCE = 120.0


@dataclass
class Report:
    """What one run did and what is left for a superuser."""

    migrations: list[str] = field(default_factory=list)
    grants: int = 0
    script: list[str] = field(default_factory=list)


def run(*, check_durability: bool = True) -> Report:
    """Bring the database to what this code needs; a second run changes nothing. Raises Stop."""
    settings = connections["owner"].settings_dict
    with connected(settings) as connection, _only_one(connection):
        if check_durability:
            refuse_unsafe(connection)
        report = Report(script=prepare(connection, settings))
        report.migrations = _migrate()
        with connection.transaction():
            report.grants = grant(connection)
    return report


def pending() -> list[str]:
    """Return the names of the migrations that the database lacks."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _migrate() -> list[str]:
    names = pending()
    if names:
        try:
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        except Exception as fault:
            left = pending()
            name = left[0] if left else names[-1]
            words = str(fault).strip().splitlines()[0] if str(fault).strip() else type(fault).__name__
            raise Stop(f"The migration {name} failed and was rolled back: {words}", DATABASE) from fault
    connections["owner"].close()
    return names


@contextmanager
def _only_one(connection: psycopg.Connection[Any]) -> Iterator[None]:
    until = time.monotonic() + PATIENCE
    while connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone() != (True,):
        if time.monotonic() > until:
            raise Stop(
                "Another migration has been running for two minutes: wait for it, then try again.", DATABASE
            )
        time.sleep(0.2)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
