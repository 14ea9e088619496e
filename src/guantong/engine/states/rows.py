"""Rows and records: reading locked rows, comparing them, and writing values as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from guantong.base.errors import Problem, Several
from guantong.engine.objects.registry import spec_of
from guantong.engine.objects.spec import ObjectSpec

HOUSEKEEPING = ("version", "event_no", "changed_at", "changed_by", "created_at", "created_by", "id")


@cache
def columns(model: Any) -> tuple[str, ...]:
    return tuple(field.column for field in model._meta.local_concrete_fields)


@cache
def column_list(model: Any, alias: str) -> str:
    return ", ".join(f'{alias}."{column}"' for column in columns(model))


@cache
def _json_places(model: Any) -> tuple[int, ...]:
    return tuple(
        place
        for place, field in enumerate(model._meta.local_concrete_fields)
        if isinstance(field, models.JSONField)
    )


def from_row(model: Any, row: Iterable[Any]) -> Any:
    """A record from a row with all columns in order."""
    values = list(row)
    for place in _json_places(model):
        if isinstance(values[place], str):
            values[place] = json.loads(values[place])
    return model.from_db("default", [f.attname for f in model._meta.local_concrete_fields], values)


def hold(model: Any, alias: str) -> str:
    """The lock clause; rows that are only ever added need none, and the application may not lock them."""
    return "" if model.append_only else f"FOR NO KEY UPDATE OF {alias}"


def locked(model: Any, tenant: UUID, ids: list[UUID]) -> list[Any]:
    """Lock rows of one table in the order of their ids; does not stop foreign keys to them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {column_list(model, "r")} FROM "{table}" r WHERE r.tenant = %s AND r.id = ANY(%s) '
            f"ORDER BY r.id {hold(model, 'r')}",
            [tenant, ids],
        )
        return [from_row(model, row) for row in cursor.fetchall()]


def lines_of(spec: ObjectSpec, tenant: UUID, header: UUID) -> list[Any]:
    """The rows of a document in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column_list(spec.line_model, 'r')} FROM {spec.line_table} r "
            "WHERE r.tenant = %s AND r.header_id = %s ORDER BY r.position",
            [tenant, header],
        )
        return [from_row(spec.line_model, row) for row in cursor.fetchall()]


def values(record: Any) -> dict[str, Any]:
    """Every column of a record, by attribute."""
    return {field.attname: record.__dict__.get(field.attname) for field in record._meta.local_concrete_fields}


def facts(spec: ObjectSpec, record: Any) -> dict[str, Any]:
    """The business facts of a record as JSON values, without lines."""
    return {
        name: field.kind.to_json(getattr(record, field.attribute))
        for name, field in spec.fields.items()
        if name not in HOUSEKEEPING and name != spec.lines_name
    }


def changes(
    spec: ObjectSpec, before: Mapping[str, Any], record: Any, *, lines: bool = False
) -> dict[str, Any]:
    """What differs, as {field: [old, new]}; a new record shows what is not empty."""
    found = {}
    for name, new in facts(spec, record).items():
        old = before.get(name)
        if old != new and not (name not in before and new in (None, "", [], {})):
            found[name] = [old, new]
    if custom := _custom(before, record):
        found.update(custom)
    if spec.line_model is not None and (lines or record.__dict__.get("_lines") is not None):
        found.update(_line_changes(spec, record, whole=lines))
    return found


def _custom(before: Mapping[str, Any], record: Any) -> dict[str, Any]:
    old = before.get("extra") or {}
    return {key: [old.get(key), value] for key, value in record.extra.items() if old.get(key) != value}


def _line_changes(spec: ObjectSpec, record: Any, *, whole: bool) -> dict[str, Any]:
    rows = getattr(record, spec.lines_name)
    old = {} if whole else {id: line_facts(spec, row) for id, row in record.__dict__["_lines_before"].items()}
    new = {row.id: line_facts(spec, values(row)) for row in rows}
    if old == new:
        return {}
    return {spec.lines_name: [list(old.values()), list(new.values())]}


def line_facts(spec: ObjectSpec, row: Mapping[str, Any]) -> dict[str, Any]:
    """A line as JSON values."""
    return {name: field.kind.to_json(row.get(field.attribute)) for name, field in spec.line_fields.items()}


def validate(spec: ObjectSpec, record: Any) -> None:
    """Check values that depend on their neighbours; raises Several with all that is wrong."""
    problems: list[Problem] = []
    checked = [(record, spec.fields.values(), "")]
    if record.__dict__.get("_lines"):
        checked += [
            (line, spec.line_fields.values(), f"{spec.lines_name}.{index}")
            for index, line in enumerate(record.__dict__["_lines"])
        ]
    for row, fields, at in checked:
        for field in fields:
            try:
                field.kind.validate(row.__dict__.get(field.attribute), row, field)
            except Problem as problem:
                problem.field = f"{at}.{field.name}" if at else field.name
                problems.append(problem)
    if problems:
        raise problems[0] if len(problems) == 1 else Several(problems)


def plain(value: Any) -> Any:
    """Arguments of a verb as JSON: records by id, money and days as text."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, models.Model):
        return {"object": spec_of(value).name, "id": str(value.pk)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
