"""A hash of every row of every table, as the owner sees them: what a refused call must leave as it was."""

from __future__ import annotations

from typing import Any

from django.db import connections
from psycopg import sql

TABLES = (
    "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
    "ORDER BY 1"
)

_statements: dict[str, sql.Composed] = {}


def fingerprint() -> dict[str, tuple[int, int]]:
    """Table → (rows, hash). Of all tenants, outbox, idempotency and jobs included."""
    wrapper = connections["owner"]
    wrapper.ensure_connection()
    raw = wrapper.connection
    name = raw.info.dbname
    with raw.cursor() as cursor:
        if name not in _statements:
            cursor.execute(TABLES)
            _statements[name] = sql.SQL(" UNION ALL ").join(_hash(row[0]) for row in cursor.fetchall())
        cursor.execute(_statements[name])
        found = {table: (rows, int(total)) for table, rows, total in cursor.fetchall()}
    assert found["org_user"][0], "the owner sees no rows: a fingerprint would prove nothing"
    return found


def _hash(table: str) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {table} t"
    ).format(name=sql.Literal(table), table=sql.Identifier(table))


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that are not what they were."""
    return sorted(table for table in before.keys() | after.keys() if before.get(table) != after.get(table))
