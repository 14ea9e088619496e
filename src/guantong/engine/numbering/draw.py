"""Draw numbers: one statement for all series of a transaction, in the order of their keys (house.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from guantong.base.ids import uuid7


def draw(tenant: UUID, wanted: Mapping[str, int]) -> dict[str, int]:
    """Advance each counter by the wanted count; returns the last value drawn, by key.

    The rows stay locked to the end of the transaction: nobody else can take, and nothing can lose, a number.
    """
    rows = ",".join("(%s::uuid, %s::uuid, %s, %s::bigint)" for _ in wanted)
    values = [part for key in sorted(wanted) for part in (tenant, uuid7(), key, wanted[key])]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO numbering_counter (tenant, id, key, value) VALUES {rows}
            ON CONFLICT (tenant, key) DO UPDATE SET value = numbering_counter.value + excluded.value
            RETURNING key, value""",
            values,
        )
        return dict(cursor.fetchall())
