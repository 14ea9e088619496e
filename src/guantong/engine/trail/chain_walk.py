"""Candidates of a chain: one recursive statement over the event log, up from the start, down, and up again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.reading import Named

MOST_CANDIDATES = 400

# Each step goes from a record's own events to what they touched on the road (up), or back (down).
UP = """SELECT o.object, o.record FROM {step} w
        JOIN events_event e ON e.tenant = '{tenant}' AND e.object = w.object AND e.record = w.record
        JOIN events_eventobject o ON o.tenant = '{tenant}' AND o.event = e.id
        WHERE o.role = 'source' OR (e.object, o.role) IN ({roads})"""
DOWN = """SELECT e.object, e.record FROM down w
        JOIN events_eventobject o ON o.tenant = '{tenant}' AND o.object = w.object AND o.record = w.record
        JOIN events_event e ON e.tenant = '{tenant}' AND e.id = o.event
        WHERE (w.object <> ALL(%(hubs)s) OR w.record = %(id)s)
            AND (o.role = 'source' OR (e.object, o.role) IN ({roads}))"""
STATEMENT = """WITH RECURSIVE
    up(object, record) AS (SELECT %(object)s::varchar, %(id)s::uuid UNION {up}),
    high AS (SELECT * FROM up LIMIT %(most)s),
    down(object, record) AS (SELECT * FROM high UNION {down}),
    low AS (SELECT * FROM down LIMIT %(most)s),
    again(object, record) AS (SELECT * FROM low UNION {again})
    SELECT object, record FROM (SELECT * FROM again LIMIT 2 * %(most)s) x"""


def is_hub(spec: ObjectSpec) -> bool:
    """Whether an object is where roads meet (a customer, a campaign) rather than a station on one."""
    declared = getattr(spec.model, "hub", None)
    if declared is not None:
        return bool(declared)
    return not spec.is_document and not any(field.chain for field in spec.fields.values())


def roads() -> list[tuple[str, str]]:
    """(object, link) of every chain link of the build."""
    return [(spec.name, f.name) for spec in by_name().values() for f in spec.fields.values() if f.chain]


def walk(tenant: UUID, start: Named) -> list[Named]:
    """What the start may be connected with; links that were changed since are sorted out by the rows."""
    pairs = ", ".join(f"('{name}', '{role}')" for name, role in roads()) or "('', '')"
    parts = {"tenant": tenant, "roads": pairs}
    sql = STATEMENT.format(
        up=UP.format(step="up", **parts), down=DOWN.format(**parts), again=UP.format(step="again", **parts)
    )
    values: dict[str, Any] = {
        "object": start[0],
        "id": start[1],
        "most": MOST_CANDIDATES,
        "hubs": [spec.name for spec in by_name().values() if is_hub(spec)],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(name, id) for name, id in cursor.fetchall() if name in by_name()]
