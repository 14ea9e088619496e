"""Small shared steps of this room's statements: one text out, labels of many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import allowed
from guantong.engine.access.show import label_sql
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec

Named = tuple[str, UUID]  # an object's name and a record of it


def one_text(sql: str, values: Mapping[str, Any], spec: ObjectSpec) -> str:
    """The one text that a statement gives; no row means that the record is unknown or not readable."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    if row is None or row[0] is None:
        raise NotFound("not_found", object=spec.plural)
    return row[0]


def labels_of(actor: Actor, records: Iterable[Named]) -> dict[Named, tuple[str | None, bool]]:
    """Title and readability of records of several objects, in one statement; what is gone is absent."""
    wanted: dict[str, set[UUID]] = {}
    for name, id in records:
        if name in by_name():
            wanted.setdefault(name, set()).add(id)
    if not wanted:
        return {}
    selects, values = [], []
    for name, ids in wanted.items():
        spec = by_name()[name]
        selects.append(
            f"SELECT '{name}', t.id, {label_sql(spec, actor, 't')}, {allowed(spec, 'read', actor, 't')} "
            f"FROM {spec.table} t WHERE t.tenant = '{actor.tenant}' AND t.id = ANY(%s)"
        )
        values.append(sorted(ids))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        return {(name, id): (label, bool(may)) for name, id, label, may in cursor.fetchall()}
