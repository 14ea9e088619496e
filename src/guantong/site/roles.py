"""The two login roles of the application, their limits, and the extensions and marks that queries rely on."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from guantong.site.databases import APP_ROLE, WORKER_ROLE, psycopg_parameters
from guantong.site.faults import RIGHT, Stop
from guantong.site.folder import derived

LIMITS = {
    APP_ROLE: {
        "statement_timeout": "10s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "30s",
    },
    WORKER_ROLE: {
        "statement_timeout": "60s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "30s",
    },
}
ATTRIBUTES = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
EXTENSIONS = {"btree_gin": True, "pg_trgm": False}  # name: needed
# Row-level security uses an index only through leakproof functions (stack.md has the measurements).
LEAKPROOF = (
    "arraycontains(anyarray, anyarray)",
    *(f"numeric_{name}(numeric, numeric)" for name in ("eq", "lt", "le", "gt", "ge", "cmp")),
)


def prepare(connection: psycopg.Connection[Any], settings: dict[str, Any]) -> list[str]:
    """Make roles, extensions and marks; returns the statements that a superuser still has to run."""
    make_roles(connection, settings)
    _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for name, needed in EXTENSIONS.items():
        _extension(connection, name, needed)
    return _mark(connection)


def make_roles(connection: psycopg.Connection[Any], settings: dict[str, Any]) -> None:
    """Make both roles what they should be: attributes, limits, passwords."""
    for role in LIMITS:
        _role(connection, role, settings)


def _role(connection: psycopg.Connection[Any], role: str, settings: dict[str, Any]) -> None:
    name = sql.Identifier(role)
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication "
        "OR NOT rolcanlogin, "
        "(SELECT setconfig FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0) "
        "FROM pg_roles r WHERE rolname = %s",
        [role],
    ).fetchone()
    if row is None:
        _run(connection, sql.SQL("CREATE ROLE {} " + ATTRIBUTES).format(name))
    elif row[0]:
        _run(connection, sql.SQL("ALTER ROLE {} " + ATTRIBUTES).format(name))
    present = set(row[1] or ()) if row else set()
    for limit, value in LIMITS[role].items():
        if f"{limit}={value}" not in present:
            _run(connection, sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(limit), value))
    if not signs_in(role, settings):
        verifier = connection.pgconn.encrypt_password(derived(role).encode(), role.encode(), b"scram-sha-256")
        _run(connection, sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, verifier.decode()))


def signs_in(role: str, settings: dict[str, Any]) -> bool:
    """Say whether the password is right already: else every start would write to a shared catalogue."""
    alias = {**settings, "USER": role, "PASSWORD": derived(role)}
    try:
        psycopg.connect(**psycopg_parameters(alias)).close()
    except psycopg.Error:
        return False
    return True


def _extension(connection: psycopg.Connection[Any], name: str, needed: bool) -> None:
    query = "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = %s"
    row = connection.execute(query, [name]).fetchone()
    if row and not row[0]:
        _run(connection, sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    if row is None and needed:
        raise Stop(
            f"The PostgreSQL server lacks the extension {name}: install postgresql-contrib there.", RIGHT
        )


def unmarked(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the statements that would set the missing marks."""
    return [
        f"ALTER FUNCTION pg_catalog.{function} LEAKPROOF;"
        for function in LEAKPROOF
        if connection.execute(
            "SELECT NOT proleakproof FROM pg_proc WHERE oid = to_regprocedure(%s)", [f"pg_catalog.{function}"]
        ).fetchone()
        == (True,)
    ]


def _mark(connection: psycopg.Connection[Any]) -> list[str]:
    missing = unmarked(connection)
    if not missing or connection.info.parameter_status("is_superuser") != "on":
        return missing
    for statement in missing:
        connection.execute(statement)
    return []


def _run(connection: psycopg.Connection[Any], statement: str | sql.Composed) -> None:
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as fault:
        text = statement if isinstance(statement, str) else statement.as_string(connection)
        raise Stop(
            f"The database user {connection.info.user} may not do this: {text.split(' PASSWORD ')[0]}. "
            "Use an owner with CREATEROLE and CREATE on the database, or let a superuser run it once.",
            RIGHT,
        ) from fault
