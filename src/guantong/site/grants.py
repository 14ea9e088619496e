"""What the two roles may do with each table; only differences are written: a second run changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from guantong.site.databases import APP_ROLE, WORKER_ROLE

READ = frozenset({"SELECT"})
GROW = READ | {"INSERT"}
WRITE = GROW | {"UPDATE", "DELETE"}
OWNERS_ONLY = frozenset({"django_migrations", "django_content_type", "auth_permission"})
QUEUE = "procrastinate_"
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def append_only_tables() -> frozenset[str]:
    """Return the tables whose rows may only be added: models that say `append_only = True`."""
    return frozenset(model._meta.db_table for model in _models() if getattr(model, "append_only", False))


def worker_columns() -> dict[str, tuple[str, ...]]:
    """Return the columns by which the worker learns where work waits: models that say `worker_columns`."""
    named = ((model._meta.db_table, getattr(model, "worker_columns", ())) for model in _models())
    return {table: tuple(columns) for table, columns in named if columns}


def _models() -> Iterator[type[models.Model]]:
    yield from apps.get_models(include_auto_created=True)


def grant(connection: psycopg.Connection[Any]) -> int:
    """Bring the rights of both roles to what they should be; returns how many statements that took."""
    growing, waiting = append_only_tables(), worker_columns()
    count = _usage(connection)
    for kind, table in _relations(connection):
        count += _set(connection, kind, table, APP_ROLE, _app_rights(table, growing))
        count += _set(connection, kind, table, WORKER_ROLE, WRITE if table.startswith(QUEUE) else frozenset())
        for column in waiting.get(table, ()):
            count += _column(connection, table, column)
    return count


def _app_rights(table: str, growing: frozenset[str]) -> frozenset[str]:
    if table in OWNERS_ONLY:
        return READ
    return GROW if table in growing else WRITE


def _usage(connection: psycopg.Connection[Any]) -> int:
    count = 0
    for role in (APP_ROLE, WORKER_ROLE):
        row = connection.execute("SELECT has_schema_privilege(%s, 'public', 'USAGE')", [role]).fetchone()
        if row != (True,):
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(role)))
            count += 1
    return count


def _relations(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, relname::text FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e') ORDER BY 2"
    ).fetchall()


def _set(
    connection: psycopg.Connection[Any], kind: str, table: str, role: str, wanted: frozenset[str]
) -> int:
    if kind == "SEQUENCE":
        wanted = frozenset({"USAGE", "SELECT"}) if "INSERT" in wanted else frozenset()
    found = connection.execute(
        "SELECT privilege_type FROM pg_class, aclexplode(relacl) WHERE relname = %s "
        "AND relnamespace = 'public'::regnamespace AND grantee = %s::regrole",
        [table, role],
    ).fetchall()
    present = {row[0] for row in found}
    names = {"role": sql.Identifier(role), "table": sql.Identifier("public", table), "kind": sql.SQL(kind)}
    for word, link, rights in (("REVOKE", "FROM", present - wanted), ("GRANT", "TO", wanted - present)):
        if rights:
            text = f"{word} {', '.join(sorted(rights))} ON {{kind}} {{table}} {link} {{role}}"
            connection.execute(sql.SQL(text).format(**names))
    return len(present ^ wanted)


def _column(connection: psycopg.Connection[Any], table: str, column: str) -> int:
    place = f"public.{sql.Identifier(table).as_string(connection)}"
    query = "SELECT has_column_privilege(%s, %s, %s, 'SELECT')"
    if connection.execute(query, [WORKER_ROLE, place, column]).fetchone() == (True,):
        return 0
    connection.execute(
        sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
            sql.Identifier(column), sql.Identifier("public", table), sql.Identifier(WORKER_ROLE)
        )
    )
    return 1
