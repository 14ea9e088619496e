"""The one closing statement: every row that a transaction writes, and the reply, in a single CTE (stack.md)."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from guantong.base.errors import Conflict, NotAllowed
from guantong.base.ids import uuid7
from guantong.engine.events.event import EventObject, Outbox
from guantong.engine.objects.registry import by_model, by_name, spec_of
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states import rows
from guantong.engine.states.numbers import give_numbers
from guantong.engine.states.reply import answer_for
from guantong.engine.states.search import grams_of
from guantong.engine.states.unit import Unit

NEW = ("created", "adopted")


class Closing:
    """Collects the parts of the statement."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.parts: list[str] = []
        self.values: list[Any] = []
        self.written: dict[Any, list[str]] = defaultdict(list)

    def insert(self, model: Any, records: list[dict[str, Any]]) -> None:
        names = ", ".join(f'"{column}"' for column in rows.columns(model))
        self._part(
            model,
            f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {names} '
            f"FROM jsonb_to_recordset(%s) AS x({recordset(model, rows.columns(model))})",
            records,
        )

    def update(self, model: Any, changed: tuple[str, ...], records: list[dict[str, Any]]) -> None:
        sets = ", ".join(f'"{column}" = x."{column}"' for column in changed)
        self._part(
            model,
            f'UPDATE "{model._meta.db_table}" t SET {sets} '
            f"FROM jsonb_to_recordset(%s) AS x({recordset(model, ('id', *changed))}) "
            f"WHERE t.tenant = '{self.unit.tenant}' AND t.id = x.id",
            records,
            alias="t.",
        )

    def delete(self, model: Any, ids: list[UUID]) -> None:
        table = model._meta.db_table
        self.parts.append(
            f'd{len(self.parts)} AS (DELETE FROM "{table}" WHERE tenant = %s AND id = ANY(%s) RETURNING id)'
        )
        self.values += [self.unit.tenant, ids]

    def _part(self, model: Any, sql: str, records: list[dict[str, Any]], alias: str = "") -> None:
        name = f"w{len(self.parts)}"
        shown = by_model().get(model) or getattr(model, "header", None)
        returning = f"{alias}*" if shown else f"{alias}id"
        self.parts.append(f"{name} AS ({sql} RETURNING {returning})")
        self.values.append(Jsonb(records, dumps=_dumps))
        self.written[model].append(name)

    def sources(self) -> dict[Any, str]:
        """Tables as they will be after this statement, for its own reply."""
        return {model: self._source(model, names) for model, names in self.written.items()}

    def _source(self, model: Any, names: list[str]) -> str:
        columns = rows.column_list(model, "s")
        fresh = " UNION ALL ".join(f"SELECT {columns} FROM {name} s" for name in names)
        seen = " AND ".join(f"NOT EXISTS (SELECT 1 FROM {name} f WHERE f.id = s.id)" for name in names)
        rest = f"SELECT {columns} FROM \"{model._meta.db_table}\" s WHERE s.tenant = '{self.unit.tenant}' AND {seen}"
        gone = self.unit_gone(model)
        return f"({fresh} UNION ALL {rest}{gone})"

    def unit_gone(self, model: Any) -> str:
        ids = [
            id
            for header in self.unit.records.values()
            for id in removed_lines(header)
            if _line_of(header) is model
        ]
        return f" AND s.id <> ALL(ARRAY[{','.join(repr(str(id)) for id in ids)}]::uuid[])" if ids else ""


@cache
def recordset(model: Any, columns: tuple[str, ...]) -> str:
    """The column definitions of a staged JSON array."""
    fields = {field.column: field for field in model._meta.local_concrete_fields}
    return ", ".join(f'"{column}" {fields[column].db_type(connection)}' for column in columns)


def close(unit: Unit, reply: Any = None, *, again: str = "") -> str:
    """Write everything; returns the JSON of `reply` as its actor sees it. Numbers are drawn just before.

    `again` is the action whose access rule must also hold for the written row: NotAllowed otherwise.
    """
    stamp(unit)
    give_numbers(unit)
    closing = Closing(unit)
    write_records(closing)
    write_events(closing)
    answer = answer_for(reply, again, unit.call.actor, closing.sources(), gone=reply in unit.deleted)
    if not closing.parts:
        return ""
    kept = ""
    closing.values += answer.values
    if unit.call.kept is not None:
        kept = (
            ", kept AS (UPDATE events_idempotentreply SET status = 200, "
            "reply = coalesce((SELECT body FROM reply), '') WHERE tenant = %s AND id = %s)"
        )
        closing.values += [unit.tenant, unit.call.kept]
    closing.values += answer.ok_values
    parts = f"{', '.join(closing.parts)}, reply AS ({answer.body}){kept}"
    sql = f"WITH {parts} SELECT (SELECT body FROM reply), {answer.ok}"
    with connection.cursor() as cursor:
        cursor.execute(sql, closing.values)
        text, allowed_again = cursor.fetchone()
    if not allowed_again:
        raise NotAllowed("not_allowed", detail=again)
    return text or ""


def stamp(unit: Unit) -> None:
    """Who, when and the search words of what really changed; a change that no verb made is a fault of ours (law 2)."""
    told = {event.record for event in unit.events}
    for key, record in unit.records.items():
        if unit.before[key] is None or rows.values(record) != unit.before[key] or _lines_changed(record):
            if record.id not in told:
                raise RuntimeError(f"{type(record).__name__} {record.id} was changed without a verb")
            record.changed_at, record.changed_by = unit.now, unit.call.actor.id
            record.grams = grams_of(spec_of(record), record)


def write_records(closing: Closing) -> None:
    """Inserts, updates (grouped by what changed) and deletes, lines with their documents."""
    unit, inserts, updates = closing.unit, defaultdict(list), defaultdict(list)
    gone = {record.id for record in unit.deleted}
    for (model, id), record in unit.records.items():
        if id in gone:
            continue
        _note(inserts, updates, model, record, unit.before[model, id])
        if record.__dict__.get("_lines") is not None:
            for line in record.__dict__["_lines"]:
                line.tenant = unit.tenant
                _note(inserts, updates, type(line), line, record.__dict__["_lines_before"].get(line.id))
    for row in unit.appended:
        inserts[type(row)].append(rows.values(row))
    for model, records in inserts.items():
        closing.insert(model, records)
    for (model, changed), records in updates.items():
        closing.update(model, changed, records)
    removed = defaultdict(list)
    for record in unit.records.values():
        if lost := removed_lines(record):
            removed[_line_of(record)] += lost
    for record in unit.deleted:
        removed[type(record)].append(record.id)
        if record.__dict__.get("_lines"):
            removed[_line_of(record)] += [line.id for line in record.__dict__["_lines"]]
    for model, ids in removed.items():
        closing.delete(model, ids)


def write_events(closing: Closing) -> None:
    """Events, the objects that they touched, and the reactions that are due."""
    unit = closing.unit
    if not unit.events:
        return
    closing.insert(type(unit.events[0]), [rows.values(event) for event in unit.events])
    touched = dict.fromkeys(unit.touched + _linked(unit))
    keys = ("event", "object", "record", "role")
    closing.insert(
        EventObject,
        [{"tenant": unit.tenant, "id": uuid7(), **dict(zip(keys, row, strict=True))} for row in touched],
    )
    if unit.outbox:
        closing.insert(
            Outbox,
            [
                rows.values(Outbox(tenant=unit.tenant, event=event, reaction=name, due=unit.now))
                for event, name in unit.outbox
            ],
        )


def _linked(unit: Unit) -> list[tuple[UUID, str, UUID, str]]:
    """The records that an event's record is linked to, under the names of the links."""
    found = []
    for event in unit.events:
        spec = by_name()[event.object]
        record = unit.records[spec.model, event.record]
        for field in spec.fields.values():
            target = by_model().get(field.target) if field.kind.name == "link" else None
            linked = getattr(record, field.attribute) if target else None
            if target and linked and (field.chain or event.verb in NEW):
                found.append((event.id, target.name, linked, field.name))
        if record.source_id and event.verb in NEW:
            found.append((event.id, record.source_object, record.source_id, "source"))
        for line in record.__dict__.get("_lines") or ():
            if line.source_id:
                found.append((event.id, line.source_object, line.source_id, "source"))
    return found


def _note(inserts: Any, updates: Any, model: Any, record: Any, before: dict[str, Any] | None) -> None:
    after = rows.values(record)
    if before is None:
        inserts[model].append(after)
        return
    changed = tuple(name for name in after if after[name] != before[name])
    if changed:
        columns = {f.attname: f.column for f in record._meta.local_concrete_fields}
        updates[model, tuple(columns[name] for name in changed)].append(
            {"id": after["id"], **{columns[name]: after[name] for name in changed}}
        )


def _lines_changed(record: Any) -> bool:
    lines = record.__dict__.get("_lines")
    if lines is None:
        return False
    return {line.id: rows.values(line) for line in lines} != record.__dict__["_lines_before"]


def removed_lines(record: Any) -> list[UUID]:
    """Ids of the lines that a document no longer has."""
    lines = record.__dict__.get("_lines")
    if lines is None:
        return []
    return [id for id in record.__dict__["_lines_before"] if id not in {line.id for line in lines}]


def _line_of(record: Any) -> Any:
    return spec_of(record).line_model


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def unique_conflict(error: Any, spec: ObjectSpec) -> Conflict:
    """A broken unique constraint as a Conflict that names the field."""
    name = getattr(getattr(error, "diag", None), "constraint_name", "") or ""
    for constraint in spec.model._meta.constraints:
        if constraint.name == name and getattr(constraint, "fields", None):
            fields = [field for field in constraint.fields if field != "tenant"]
            return Conflict("not_unique", field=fields[0] if fields else None)
    return Conflict("not_unique", detail=name)
