"""The timeline: the events of one record, newest first, in words; fields that the reader may not see are left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import hidden_fields
from guantong.engine.access.show import readable
from guantong.engine.objects.labels import label
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.trail.comment import moment
from guantong.engine.trail.reading import Named, labels_of, one_text
from guantong.engine.trail.words import Words, links_in

REASONS = ("why", "reason")  # the arguments of a verb that are shown as its reason


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What to read: how many events, and before which number."""

    limit: int = 50
    before: int | None = None
    language: str = "zh"


def timeline(spec: ObjectSpec, actor: Actor, id: UUID, page: Timeline) -> dict[str, Any]:
    """`{"items": […], "next": …}`: two statements, one for the events and one for labels. Raises NotFound."""
    rows = json.loads(
        one_text(_sql(spec, actor), {"id": id, "limit": page.limit + 1, "before": page.before}, spec)
    )
    shown = rows[: page.limit]
    hidden = hidden_fields(spec, actor)
    for row in shown:
        row["changes"] = {name: pair for name, pair in row["changes"].items() if name not in hidden}
    labels = labels_of(actor, [name for row in shown for name in _named(spec, row)])
    words = Words(spec, page.language, labels, hidden)
    items = [_item(row, spec, words, page.language) for row in shown]
    return {"items": items, "next": str(shown[-1]["event_no"]) if len(rows) > page.limit else None}


def _sql(spec: ObjectSpec, actor: Actor) -> str:
    """Newest first along the key (tenant, object, record, event_no); NULL when the record is not readable."""
    tenant = actor.tenant
    return f"""SELECT CASE WHEN EXISTS
        (SELECT 1 FROM {spec.table} r WHERE {readable(spec, actor, "r")} AND r.id = %(id)s) THEN
        (SELECT coalesce(json_agg(x ORDER BY x.event_no DESC), '[]') FROM (
            SELECT e.id, e.event_no, e.verb, e.from_state, e.to_state, e.actor, e.actor_kind,
                {moment("e.happened_at")} AS happened_at, {moment("e.recorded_at")} AS recorded_at,
                e.changes, e.arguments, e.depth, e.cause, u.name AS actor_name,
                c.object AS cause_object, c.record AS cause_record, c.verb AS cause_verb, t.text AS comment
            FROM events_event e
            LEFT JOIN {by_name()["user"].table} u ON u.tenant = '{tenant}' AND u.id = e.actor
            LEFT JOIN events_event c ON c.tenant = '{tenant}' AND c.id = e.cause
            LEFT JOIN trail_comment t ON t.tenant = '{tenant}' AND t.event = e.id AND e.verb = 'commented'
            WHERE e.tenant = '{tenant}' AND e.object = '{spec.name}' AND e.record = %(id)s
                AND (%(before)s::int IS NULL OR e.event_no < %(before)s::int)
            ORDER BY e.event_no DESC LIMIT %(limit)s) x) END::text"""


def _named(spec: ObjectSpec, row: dict[str, Any]) -> list[Named]:
    found = links_in(spec, row["changes"])
    if row["cause_record"]:
        found.append((row["cause_object"], UUID(row["cause_record"])))
    return found


def _item(row: dict[str, Any], spec: ObjectSpec, words: Words, language: str) -> dict[str, Any]:
    item = {
        "id": row["id"],
        "event_no": row["event_no"],
        "verb": row["verb"],
        "label": verb_label(spec.name, row["verb"], language),
        "actor": {"id": row["actor"], "label": row["actor_name"], "kind": row["actor_kind"]},
        "from": row["from_state"] or None,
        "to": row["to_state"] or None,
        "from_label": words.state(row["from_state"]),
        "to_label": words.state(row["to_state"]),
        "changes": words.changes(row["changes"]),
        "happened_at": row["happened_at"],
        "recorded_at": row["recorded_at"],
        "cause": _cause(row, words, language),
    }
    if row["comment"] is not None:
        item["comment"] = row["comment"]
    reason = next((row["arguments"][name] for name in REASONS if row["arguments"].get(name)), None)
    if isinstance(reason, str):
        item["reason"] = reason
    if row["verb"] in ("attached", "detached"):
        item["file"] = {key: row["arguments"].get(key) for key in ("file", "name", "size")}
    return item


def _cause(row: dict[str, Any], words: Words, language: str) -> dict[str, Any] | None:
    """What made it happen; of a record that the reader may not see, nothing but that there is one."""
    if row["cause"] is None:
        return None
    if row["cause_record"] is None:
        return {"locked": True}
    found, may = words.labels.get((row["cause_object"], UUID(row["cause_record"])), (None, False))
    if not may:
        return {"locked": True}
    return {
        "id": row["cause"],
        "object": row["cause_object"],
        "record": {"id": row["cause_record"], "label": found},
        "verb": row["cause_verb"],
        "label": verb_label(row["cause_object"], row["cause_verb"], language),
    }


def verb_label(object_name: str, verb: str, language: str) -> str:
    """The words for a verb of an object; the built-in verbs share theirs."""
    return label(f"{object_name}.{verb}", language, common=f"verb.{verb}")
