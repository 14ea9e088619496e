"""Which entries are records that exist already: by the key that the user chose, among what he may read."""

from __future__ import annotations

from typing import Any

from django.db import connection

from guantong.base.errors import Problem
from guantong.engine.access.actor import Actor
from guantong.engine.access.show import readable
from guantong.engine.exchange.lookup import Lookup
from guantong.engine.exchange.plan import Entry, Named
from guantong.engine.exchange.targets import Target
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states import rows


def existing(
    spec: ObjectSpec, actor: Actor, keys: list[Target], entries: list[Entry], lookup: Lookup
) -> dict[int, list[Any]]:
    """Entry's place → the records with its key, by one statement. Needs an open scope."""
    wanted = {entry.place: values for entry in entries if (values := key_of(keys, entry, lookup))}
    if not wanted:
        return {}
    matches = " AND ".join(
        f'r."{target.field.attribute}" = k.v{place}::{target.field.kind.cast}'
        for place, target in enumerate(keys)
    )
    names = ", ".join(["place", *(f"v{place}" for place in range(len(keys)))])
    arrays = ", ".join(["%s::int[]", *["%s::text[]"] * len(keys)])
    sent = [list(wanted), *(list(column) for column in zip(*wanted.values(), strict=True))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT k.place, {rows.column_list(spec.model, 'r')} FROM unnest({arrays}) AS k({names}) "
            f"JOIN {spec.table} r ON {matches} WHERE {readable(spec, actor, 'r')}",
            sent,
        )
        found = cursor.fetchall()
    records: dict[int, list[Any]] = {}
    for place, *row in found:
        records.setdefault(place, []).append(rows.from_row(spec.model, row))
    return records


def key_of(keys: list[Target], entry: Entry, lookup: Lookup) -> tuple[str, ...]:
    """The values of an entry's key as text; empty when a part is missing or names nothing."""
    values = []
    for target in keys:
        name = target.field.name
        value = entry.body.get(f"={name}" if target.key_only else name)
        if isinstance(value, Named):
            try:
                value = lookup.id_of(target.field.target, value, name)
            except Problem:
                return ()
        if value in (None, ""):
            return ()
        values.append(str(value))
    return tuple(values)


def differs(spec: ObjectSpec, record: Any, body: dict[str, Any]) -> bool:
    """Whether a body would change anything in the record."""
    for name, value in body.items():
        field = spec.fields[name]
        now = field.kind.to_json(getattr(record, field.attribute))
        if (now if now not in (None, "", []) else None) != (value if value not in (None, "", []) else None):
            return True
    return False
