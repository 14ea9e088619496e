"""Writes down every row that a chain writes, transaction by transaction, to replay it on bare PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guantong.engine.door import drain, work
from guantong.engine.states import closing, numbers


@dataclass
class Write:
    """Rows of one table written by one statement: an insert, or an update of some columns."""

    table: str
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    updates: bool = False


@dataclass
class Recording:
    """The transactions of one chain."""

    transactions: list[list[Write]] = field(default_factory=list)
    draws: list[tuple[str, int]] = field(default_factory=list)

    def made(self) -> set[UUID]:
        """The ids of all rows that the chain inserted."""
        return {
            row["id"]
            for part in self.transactions
            for write in part
            if not write.updates
            for row in write.rows
        }

    def rows(self) -> int:
        """How many rows the chain wrote."""
        return sum(len(write.rows) for part in self.transactions for write in part)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record while the block runs; the closing statement stays as it is."""
    found = Recording()
    insert, update, close, draw = closing.Closing.insert, closing.Closing.update, closing.close, numbers.draw

    def on_close(unit: Any, *args: Any, **kwargs: Any) -> str:
        found.transactions.append([])
        return close(unit, *args, **kwargs)

    def on_insert(self: Any, model: Any, records: list[dict[str, Any]]) -> None:
        columns = {f.attname: f.column for f in model._meta.local_concrete_fields}
        rows = [{columns.get(name, name): value for name, value in row.items()} for row in records]
        found.transactions[-1].append(Write(model._meta.db_table, tuple(rows[0]), rows))
        insert(self, model, records)

    def on_update(self: Any, model: Any, changed: tuple[str, ...], records: list[dict[str, Any]]) -> None:
        found.transactions[-1].append(Write(model._meta.db_table, changed, records, updates=True))
        update(self, model, changed, records)

    def on_draw(tenant: UUID, wanted: Any) -> Any:
        found.draws += list(wanted.items())
        found.transactions[-1].append(
            Write("numbering_counter", ("value",), [{"key": key} for key in wanted], True)
        )
        return draw(tenant, wanted)

    places = [(closing.Closing, "insert", on_insert), (closing.Closing, "update", on_update)]
    users = [module for module in _modules() if getattr(module, "close", None) is close]
    try:
        for owner, name, replacement in places:
            setattr(owner, name, replacement)
        for module in users:
            module.close = on_close  # type: ignore[attr-defined]
        numbers.draw = on_draw
        yield found
    finally:
        closing.Closing.insert, closing.Closing.update, numbers.draw = insert, update, draw  # type: ignore[method-assign]
        for module in users:
            module.close = close  # type: ignore[attr-defined]


def _modules() -> list[Any]:
    return [drain, work]
