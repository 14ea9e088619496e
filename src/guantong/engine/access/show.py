"""How a record leaves PostgreSQL as JSON for one actor: fields he may read, links with labels, lines.

The same projection serves lists, single records and the reply of the closing statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any
from uuid import UUID

from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import allowed, hidden_fields
from guantong.engine.access.rules import FALSE, TRUE
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec


class RecordView:
    """One row of `spec` under the alias `alias`, as `actor` may see it.

    `sources` replaces tables by expressions: the closing statement's own rows are not in its snapshot.
    """

    def __init__(
        self,
        spec: ObjectSpec,
        actor: Actor,
        *,
        alias: str = "r",
        sources: Mapping[Any, str] | None = None,
        only: Iterable[str] | None = None,
    ) -> None:
        self.spec, self.actor, self.alias, self.header = spec, actor, alias, alias
        self.sources = sources or {}
        self.names = count(1)
        hidden = hidden_fields(spec, actor)
        chosen = spec.fields if only is None else ["id", *(name for name in only if name != "id")]
        self.fields = [spec.field(name) for name in chosen if name not in hidden]

    def select(self) -> str:
        """The select list: `id, name, (…) AS customer, …`."""
        return ", ".join(f'{field.sql(self)} AS "{field.name}"' for field in self.fields)

    def json(self, source: str, where: str) -> str:
        """A select of one JSON text per row."""
        return (
            f"SELECT row_to_json(x)::text AS body FROM (SELECT {self.select()} FROM {source} WHERE {where}) x"
        )

    def link(self, column: str, field: FieldSpec) -> str:
        target = by_model().get(field.target)
        if target is None:
            return column
        alias = f"l{next(self.names)}"
        label = label_sql(target, self.actor, alias)
        table = self.sources.get(field.target, target.table)
        return (
            f"(SELECT json_build_object('id', {alias}.id, 'label', {label}) FROM {table} {alias} "
            f"WHERE {alias}.tenant = '{self.actor.tenant}' AND {alias}.id = {column})"
        )

    def lines(self, field: FieldSpec) -> str:
        alias = f"n{next(self.names)}"
        view = LineView(self, alias)
        hidden = hidden_fields(self.spec, self.actor)
        columns = ", ".join(
            f'{line.sql(view)} AS "{line.name}"'
            for line in self.spec.line_fields.values()
            if line.name not in hidden
        )
        table = self.sources.get(self.spec.line_model, self.spec.line_table)
        return (
            f"(SELECT coalesce(json_agg(row_to_json(y) ORDER BY y.position), '[]') FROM (SELECT {columns} "
            f"FROM {table} {alias} WHERE {alias}.tenant = '{self.actor.tenant}' "
            f"AND {alias}.header_id = {self.alias}.id) y)"
        )


class LineView:
    """A row of a document's lines; its amounts are in the document's currency."""

    def __init__(self, document: RecordView, alias: str) -> None:
        self.document, self.alias, self.header = document, alias, document.alias

    def link(self, column: str, field: FieldSpec) -> str:
        return self.document.link(column, field)

    def lines(self, field: FieldSpec) -> str:
        raise TypeError("lines have no lines")


def label_sql(target: ObjectSpec, actor: Actor, alias: str) -> str:
    """The title of a linked record, or NULL where the actor may not read it."""
    rule = allowed(target, "read", actor, alias)
    title = f"coalesce(nullif({alias}.\"{target.fields[target.title].attribute}\"::text, ''), {alias}.number)"
    if rule == TRUE:
        return title
    return "NULL" if rule == FALSE else f"CASE WHEN {rule} THEN {title} END"


def readable(spec: ObjectSpec, actor: Actor, alias: str, tenant: UUID | None = None) -> str:
    """The WHERE part that every reading of `spec` has: the tenant as a literal, and the read rule."""
    return f"{alias}.tenant = '{tenant or actor.tenant}' AND {allowed(spec, 'read', actor, alias)}"
