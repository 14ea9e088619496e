"""What the closing statement answers with: one record as its actor sees it, a batch in brief, or a ready text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import allowed
from guantong.engine.access.show import RecordView
from guantong.engine.objects.registry import spec_of
from guantong.engine.objects.spec import ObjectSpec

BRIEF = "json_build_object('id', r.id, 'number', r.number, 'version', r.version)"


@dataclass
class Batch:
    """Records of one object that a batch wrote, each with the action whose rule must hold for it afterwards."""

    spec: ObjectSpec
    made: list[tuple[Any, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """SQL for the reply and for "may the actor do this to the rows as they are now", each with its values."""

    body: str
    values: tuple[Any, ...] = ()
    ok: str = "TRUE"
    ok_values: tuple[Any, ...] = ()


def answer_for(reply: Any, again: str, actor: Actor, sources: Mapping[Any, str], *, gone: bool) -> Answer:
    """The answer for `reply`; `sources` are the tables as they will be, `gone` says that the record is deleted."""
    if isinstance(reply, str):  # the body has made the reply itself (a comment, a file)
        return Answer("SELECT %s::text AS body", (reply,))
    if isinstance(reply, Batch):
        return _batch(reply, actor, sources)
    if reply is None or gone:
        return Answer("SELECT '{}' AS body")
    spec = spec_of(reply)
    source = f"{sources.get(type(reply), spec.table)} r"
    here = f"r.tenant = '{actor.tenant}' AND r.id = %s"
    body = RecordView(spec, actor, sources=sources).json(source, here)
    if not again:
        return Answer(body, (reply.id,))
    ok = f"(SELECT {allowed(spec, again, actor, 'r')} FROM {source} WHERE {here})"
    return Answer(body, (reply.id,), ok, (reply.id,))


def _batch(batch: Batch, actor: Actor, sources: Mapping[Any, str]) -> Answer:
    spec = batch.spec
    source = f"{sources.get(spec.model, spec.table)} r"
    here = f"r.tenant = '{actor.tenant}' AND r.id = ANY(%s)"
    ids = [record.id for record, _ in batch.made]
    listed = f"SELECT json_agg({BRIEF} ORDER BY array_position(%s::uuid[], r.id)) FROM {source} WHERE {here}"
    body = f"SELECT json_build_object('items', coalesce(({listed}), '[]'))::text AS body"
    by_action: dict[str, list[UUID]] = defaultdict(list)
    for record, action in batch.made:
        by_action[action].append(record.id)
    asked = [
        f"(SELECT coalesce(bool_and({allowed(spec, action, actor, 'r')}), TRUE) FROM {source} WHERE {here})"
        for action in by_action
    ]
    return Answer(body, (ids, ids), " AND ".join(asked) or "TRUE", tuple(by_action.values()))
