"""The database of this installation, embedded or own: opened for a while, refused if it may lose money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import sql

from guantong.site.databases import database_url, owner_settings, psycopg_parameters
from guantong.site.embedded import Embedded
from guantong.site.faults import DATABASE, Stop
from guantong.site.folder import ensure_folder

OLDEST = 150000
SAFE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
}


@contextmanager
def opened() -> Iterator[None]:
    """Keep the database running while the block runs: start the embedded one, or check that ours answers."""
    folder = ensure_folder()
    if database_url():
        with connected() as connection:
            refuse_unsafe(connection)
        yield
        return
    server = Embedded(folder)
    try:
        server.use()
        settings = owner_settings()
        ensure_database(settings["NAME"], settings)
        with connected() as connection:
            refuse_unsafe(connection)
        yield
    finally:
        server.release()


def connected(settings: dict[str, Any] | None = None, **others: Any) -> psycopg.Connection[Any]:
    """Connect as the owner, outside of any transaction; raises Stop with the server's own words."""
    settings = settings or owner_settings()
    try:
        return psycopg.connect(**psycopg_parameters(settings, **others), autocommit=True)
    except psycopg.Error as fault:
        where = f"{settings['NAME']} at {settings['HOST'] or 'the local socket'}"
        words = str(fault).strip().splitlines()[-1].strip()
        raise Stop(f"The database {where} cannot be reached: {words}", DATABASE) from fault


def refuse_unsafe(connection: psycopg.Connection[Any]) -> None:
    """Raise Stop when the server is too old, or may forget what it has confirmed."""
    if connection.info.server_version < OLDEST:
        found = connection.info.parameter_status("server_version")
        raise Stop(f"This database is PostgreSQL {found}; Guantong needs 15 to 18.", DATABASE)
    for name, good in SAFE.items():
        row = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()
        value = row[0] if row else "unknown"
        if value not in good:
            raise Stop(
                f"The database has {name} = {value}: confirmed bookings could be lost, so Guantong does not "
                f"start; set it to on.",
                DATABASE,
            )


def ensure_database(name: str, settings: dict[str, Any]) -> None:
    """Create the database where it is missing."""
    with connected(settings, dbname="postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with suppress(
                psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation
            ):  # another was first
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
