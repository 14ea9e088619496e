"""Linked records: one statement reads all that a request names, and refuses what the caller may not read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import Invalid
from guantong.engine.access.grants import allowed
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import by_model
from guantong.engine.states.unit import Unit

Named = tuple[dict[str, Any], Iterable[FieldSpec], str]


def resolve(unit: Unit, named: list[Named]) -> None:
    """Replace the ids of links in each mapping by records (read, not locked). Raises Invalid: unknown_link."""
    wanted: dict[Any, set[UUID]] = defaultdict(set)
    places = []
    for values, fields, at in named:
        for spec in fields:
            if spec.target in by_model() and spec.kind.name in ("link", "owner") and values.get(spec.name):
                if (spec.target, values[spec.name]) not in unit.linked:
                    wanted[spec.target].add(values[spec.name])
                places.append((values, spec, f"{at}{spec.name}"))
    preload(unit, wanted)
    for values, spec, at in places:
        record = unit.linked.get((spec.target, values[spec.name]))
        if record is None:
            raise Invalid("unknown_link", field=at)
        values[spec.name] = record


def preload(unit: Unit, wanted: dict[Any, set[UUID]]) -> None:
    """Read linked records for a unit by one statement, those of many rows at once; what may not be read stays out."""
    if not wanted:
        return
    selects, values, models = [], [], list(wanted)
    for place, model in enumerate(models):
        spec = by_model()[model]
        rule = allowed(spec, "read", unit.call.actor, "t")
        selects.append(
            f"SELECT {place}, row_to_json(t)::text FROM {spec.table} t "
            f"WHERE t.tenant = '{unit.tenant}' AND t.id = ANY(%s) AND {rule}"
        )
        values.append(sorted(wanted[model]))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        rows = cursor.fetchall()
    records = (from_json(models[place], json.loads(text, parse_float=Decimal)) for place, text in rows)
    unit.linked |= {(type(record), record.id): record for record in records}


def from_json(model: Any, row: dict[str, Any]) -> Any:
    """A record from `row_to_json` of its whole row."""
    fields = model._meta.local_concrete_fields
    values = [None if row[f.column] is None else f.to_python(row[f.column]) for f in fields]
    return model.from_db("default", [f.attname for f in fields], values)
