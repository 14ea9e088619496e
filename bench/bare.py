"""The same rows, in the same transactions, by plain INSERT and UPDATE statements: what PostgreSQL itself needs."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.recorder import Recording, Write


class Bare:
    """Replays a recording over one connection, with new ids each time."""

    def __init__(self, connection: psycopg.Connection[Any], recording: Recording, tenant: UUID) -> None:
        self.connection, self.recording, self.tenant = connection, recording, tenant
        self.made = recording.made()
        self.json_columns = self._json_columns()
        self.turn = 0

    def _json_columns(self) -> set[tuple[str, str]]:
        rows = self.connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'jsonb'"
        ).fetchall()
        return {(str(table), str(column)) for table, column in rows}

    def walk(self) -> None:
        """Write one chain: per transaction one statement with all its inserts, and one per updated row."""
        self.turn += 1
        ids = {old: uuid4() for old in self.made}
        for writes in self.recording.transactions:
            with self.connection.transaction():
                self._insert([write for write in writes if not write.updates], ids)
                for write in writes:
                    if write.table == "numbering_counter":
                        self._draw(write)
                    elif write.updates:
                        self._update(write, ids)

    def _insert(self, writes: list[Write], ids: dict[UUID, UUID]) -> None:
        parts, values = [], []
        for place, write in enumerate(writes):
            columns = sql.SQL(", ").join(sql.Identifier(column) for column in write.columns)
            row = sql.SQL("({})").format(sql.SQL(", ").join([sql.SQL("%s")] * len(write.columns)))
            parts.append(
                sql.SQL("{} AS (INSERT INTO {} ({}) VALUES {})").format(
                    sql.Identifier(f"w{place}"),
                    sql.Identifier(write.table),
                    columns,
                    sql.SQL(", ").join([row] * len(write.rows)),
                )
            )
            values += [
                self._value(write.table, c, found.get(c), ids) for found in write.rows for c in write.columns
            ]
        if parts:
            self.connection.execute(sql.SQL("WITH {} SELECT 1").format(sql.SQL(", ").join(parts)), values)

    def _update(self, write: Write, ids: dict[UUID, UUID]) -> None:
        sets = sql.SQL(", ").join(
            sql.SQL("{} = %s").format(sql.Identifier(column)) for column in write.columns
        )
        text = sql.SQL("UPDATE {} SET {} WHERE tenant = %s AND id = %s").format(
            sql.Identifier(write.table), sets
        )
        for row in write.rows:
            values = [self._value(write.table, column, row.get(column), ids) for column in write.columns]
            self.connection.execute(text, [*values, self.tenant, ids.get(row["id"], row["id"])])

    def _draw(self, write: Write) -> None:
        for row in write.rows:
            self.connection.execute(
                "UPDATE numbering_counter SET value = value + 1 WHERE tenant = %s AND key = %s RETURNING value",
                [self.tenant, row["key"]],
            )

    def _value(self, table: str, column: str, value: Any, ids: dict[UUID, UUID]) -> Any:
        if (table, column) in self.json_columns:
            return Jsonb(value, dumps=_dumps)
        if isinstance(value, UUID):
            return ids.get(value, value)
        if column in ("number", "bank_reference", "external_ref") and value:
            return f"{value}b{self.turn}"
        return value


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
