"""How many: exact, estimated, or not at all; and the refusal of what would read a large table without an index."""

from __future__ import annotations

from typing import Any

from django.db import connection

from guantong.base.errors import Invalid
from guantong.engine.objects.spec import ObjectSpec

LARGE = 100_000


def estimated_rows(spec: ObjectSpec) -> int:
    """PostgreSQL's own estimate for the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [spec.table])
        return max(int(cursor.fetchone()[0]), 0)


def refuse_unindexed(spec: ObjectSpec, fields: list[str]) -> None:
    """Raise Invalid when a field without an index would sort or filter a large table."""
    if fields and estimated_rows(spec) > LARGE:
        raise Invalid("needs_index", field=fields[0], limit=LARGE)


def count_rows(spec: ObjectSpec, how: str, joins: str, where: str, values: list[Any]) -> str:
    """`,"count":n` for exact and estimate, nothing for none. Above the bound an exact count is an estimate."""
    if how == "none":
        return ""
    if how not in ("exact", "estimate"):
        raise Invalid("bad_count", field="count")
    bound = 10**9 if how == "exact" else LARGE
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {spec.table} r {joins} WHERE {where} LIMIT {bound}) x",
            values,
        )
        counted = cursor.fetchone()[0]
    return f',"count":{counted}'
