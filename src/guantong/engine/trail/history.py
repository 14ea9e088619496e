"""The record as it was: the events up to a moment, walked forward over their changes (by `recorded_at`)."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from guantong.base.currencies import exponent, known
from guantong.base.errors import Invalid, NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields
from guantong.engine.access.show import readable
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.comment import moment
from guantong.engine.trail.reading import labels_of, one_text
from guantong.engine.trail.words import LINKS, Words, links_in

LOST_PLUS = re.compile(r"(T.*) (\d\d:?\d\d)$")  # "+08:00" in an address that nobody quoted


def read_moment(text: str) -> datetime | date:
    """A moment, or a day (which means its end, where the organization is). Raises Invalid."""
    text = LOST_PLUS.sub(r"\1+\2", text)
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("not_moment", field="as_of") from None
    if found.tzinfo is None:
        raise Invalid("not_moment", field="as_of")
    return found


def as_of(
    spec: ObjectSpec, actor: Actor, id: UUID, at: datetime | date, language: str = "zh"
) -> dict[str, Any]:
    """The record as it was known at `at`: two statements. Raises NotFound when it did not exist then."""
    found = json.loads(one_text(_sql(spec, actor, at), {"id": id, "at": at}, spec))
    if not found["first"] or found["last_verb"] == "deleted":
        raise NotFound("not_found", object=spec.plural)
    hidden = hidden_fields(spec, actor)
    facts = {name: value for name, value in found["facts"].items() if name not in hidden}
    named = links_in(spec, {name: [None, value] for name, value in facts.items()})
    words = Words(spec, language, labels_of(actor, named), hidden)
    record: dict[str, Any] = {
        "id": str(id),
        "created_at": found["first_at"],
        "created_by": found["first_by"],
        "changed_at": found["last_at"],
        "changed_by": found["last_by"],
        "event_no": found["last"],
        "as_of": found["as_of"],
    }
    for name, field in spec.fields.items():
        if name not in hidden and name not in record and name != "version":
            record[name] = _value(field, facts.get(name), facts, words)
    record |= {name: value for name, value in facts.items() if name.startswith("x_")}
    return record


def _sql(spec: ObjectSpec, actor: Actor, at: datetime | date) -> str:
    """The latest new value of every field among the events recorded by then; NULL when not readable now."""
    tenant = actor.tenant
    until = "%(at)s::timestamptz"
    if not isinstance(at, datetime):
        zone = f"(SELECT timezone FROM tenancy_organization WHERE id = '{tenant}')"
        until = f"((%(at)s::date + 1)::timestamp AT TIME ZONE {zone} - interval '1 microsecond')"
    return f"""WITH past AS MATERIALIZED (SELECT e.event_no, e.verb, e.recorded_at, e.actor, e.changes
            FROM events_event e WHERE e.tenant = '{tenant}' AND e.object = '{spec.name}' AND e.record = %(id)s
            AND e.recorded_at <= {until}),
        facts AS (SELECT DISTINCT ON (c.key) c.key, c.value->1 AS value FROM past, jsonb_each(past.changes) c
            ORDER BY c.key, past.event_no DESC),
        born AS (SELECT * FROM past WHERE verb IN ('created', 'adopted') ORDER BY event_no DESC LIMIT 1),
        last AS (SELECT * FROM past ORDER BY event_no DESC LIMIT 1)
        SELECT json_build_object('facts', (SELECT coalesce(json_object_agg(key, value), '{{}}') FROM facts),
            'first', (SELECT event_no FROM born), 'first_by', (SELECT actor FROM born),
            'first_at', (SELECT {moment("recorded_at")} FROM born),
            'last', (SELECT event_no FROM last), 'last_by', (SELECT actor FROM last),
            'last_verb', (SELECT verb FROM last), 'last_at', (SELECT {moment("recorded_at")} FROM last),
            'as_of', {moment(until)})::text
        FROM {spec.table} r WHERE {readable(spec, actor, "r")} AND r.id = %(id)s"""


def _value(field: FieldSpec, value: Any, facts: dict[str, Any], words: Words) -> Any:
    """A kept value as records show it."""
    if field.kind.name == "lines":
        return [_line(row, facts, words) for row in value or ()]
    if value is None:
        return None if field.nullable else field.empty()
    if field.kind.name in LINKS:
        return words.link(field, value)
    return money(field, value, facts)


def _line(row: dict[str, Any], facts: dict[str, Any], words: Words) -> dict[str, Any]:
    fields = words.spec.line_fields
    shown = {name: value for name, value in row.items() if name in fields and name not in words.hidden}
    scope = {**row, **{f"^{name}": value for name, value in facts.items()}}
    return {name: _line_value(fields[name], value, scope, words) for name, value in shown.items()}


def _line_value(field: FieldSpec, value: Any, scope: dict[str, Any], words: Words) -> Any:
    if value is not None and field.kind.name in LINKS:
        return words.link(field, value)
    return money(field, value, scope)


def money(field: FieldSpec, value: Any, scope: dict[str, Any]) -> Any:
    """Amounts with the decimals of the currency they were in then."""
    currency = scope.get(field.currency) if field.kind.name == "amount" else None
    if value is None or not isinstance(currency, str) or not known(currency):
        return value
    return str(round(Decimal(value), exponent(currency)))
