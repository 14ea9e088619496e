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
        """Write one chain."""
        self.turn += 1
        ids = {old: uuid4() for old in self.made}
        for writes in self.recording.transactions:
            with self.connection.transaction():
                for write in writes:
                    self._write(write, ids)

    def _write(self, write: Write, ids: dict[UUID, UUID]) -> None:
        if write.table == "numbering_counter":
            for row in write.rows:
                self.connection.execute(
                    "UPDATE numbering_counter SET value = value + 1 WHERE tenant = %s AND key = %s RETURNING value",
                    [self.tenant, row["key"]],
                )
            return
        columns = [sql.Identifier(column) for column in write.columns]
        values = [
            [self._value(write.table, column, row.get(column), ids) for column in write.columns]
            for row in write.rows
        ]
        if write.updates:
            sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(column) for column in columns)
            text = sql.SQL("UPDATE {} SET {} WHERE tenant = %s AND id = %s").format(
                sql.Identifier(write.table), sets
            )
            values = [
                [*row, self.tenant, ids.get(old["id"], old["id"])]
                for row, old in zip(values, write.rows, strict=True)
            ]
        else:
            row = sql.SQL("({})").format(sql.SQL(", ").join([sql.SQL("%s")] * len(columns)))
            text = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
                sql.Identifier(write.table),
                sql.SQL(", ").join(columns),
                sql.SQL(", ").join([row] * len(values)),
            )
            values = [[value for row in values for value in row]]
        for parameters in values:
            self.connection.execute(text, parameters)

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
