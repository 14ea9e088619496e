"""The database part of a backup: pg_dump, pg_restore, and the swap of the restored database into place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import sql

from guantong.base.clock import now
from guantong.site.databases import owner_settings
from guantong.site.faults import DATABASE, RIGHT, Stop
from guantong.site.programs import run_program
from guantong.site.roles import make_roles
from guantong.site.server import connected

KNOWS_TIMEOUT = 170000
TIMEOUT = b"SET transaction_timeout"  # what our pg_restore says first and servers before 17 do not know
COUNT_TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def holds_something() -> bool:
    """Say whether any organization is in the database; tables alone do not count."""
    with connected() as connection:
        for table in ("tenancy_organization", "auth_user"):
            if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
                continue
            if connection.execute(
                sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))
            ).fetchone():
                return True
    return False


def save(target: Path) -> None:
    """Write a consistent dump of the database; raises Stop."""
    settings = owner_settings()
    _program("pg_dump", settings, "--format=custom", f"--file={target}", str(settings["NAME"]))


def load(source: Path) -> str | None:
    """Restore beside the present database and swap; returns the name the former one is kept under.

    Until the swap the present database is untouched; a failed restore leaves nothing behind.
    """
    settings = owner_settings()
    present = str(settings["NAME"])
    stamp = now().strftime("%Y%m%d_%H%M%S")
    fresh, kept = f"{present}_new_{stamp}", f"{present}_before_{stamp}"
    with connected(settings) as connection:
        make_roles(connection, settings)
    with connected(settings, dbname="postgres") as connection:
        if not _may_create(connection):
            raise Stop("Restoring needs the right to create databases: give the owner CREATEDB.", RIGHT)
        _do(connection, "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", fresh)
        try:
            _fill(fresh, source, settings, old=connection.info.server_version < KNOWS_TIMEOUT)
        except Stop:
            _do(connection, "DROP DATABASE {}", fresh)
            raise
        _swap(connection, present, fresh, kept)
    with connected(settings, dbname=kept) as connection:
        empty = connection.execute(COUNT_TABLES).fetchone() == (0,)
    return None if empty else kept


def _fill(fresh: str, source: Path, settings: dict[str, Any], *, old: bool) -> None:
    """Restore into the database `fresh`, all or nothing."""
    if not old:
        options = ["--exit-on-error", "--no-owner", "--single-transaction", f"--dbname={fresh}"]
        _program("pg_restore", settings, *options, str(source))
        return
    script, clean = source.with_suffix(".sql"), source.with_suffix(".clean.sql")
    _program("pg_restore", settings, "--no-owner", f"--file={script}", str(source))
    with script.open("rb") as given, clean.open("wb") as kept:
        looking = True
        for line in given:
            if looking and line.startswith(TIMEOUT):
                looking = False
            else:
                kept.write(line)
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    _program("psql", settings, *options, f"--dbname={fresh}", f"--file={clean}")


def _swap(connection: Any, present: str, fresh: str, kept: str) -> None:
    others = "datname = %s AND pid <> pg_backend_pid()"
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    connection.execute(end, [present])
    with connection.transaction():
        for old, new in ((present, kept), (fresh, present)):
            statement = "ALTER DATABASE {} RENAME TO {}"
            connection.execute(sql.SQL(statement).format(sql.Identifier(old), sql.Identifier(new)))


def _may_create(connection: Any) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    return bool(connection.execute(query).fetchone()[0])


def _do(connection: Any, statement: str, name: str) -> None:
    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _program(name: str, settings: dict[str, Any], *arguments: str) -> None:
    words = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    secrets = {key: str(settings[word]) for key, word in words.items() if settings.get(word)}
    if mode := settings["OPTIONS"].get("sslmode"):
        secrets["PGSSLMODE"] = str(mode)
    done = run_program(name, *arguments, secrets=secrets)
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if "error" in line.lower()] or [
            done.stdout.strip()
        ]
        raise Stop(f"{name} failed: {lines[0].strip()}", DATABASE)
