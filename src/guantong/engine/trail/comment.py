"""Comment: what somebody says about a record. Saying it is an event of the record (`commented`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from guantong.base.errors import Invalid, NotAllowed
from guantong.engine.access.grants import AUDIT_ROLE
from guantong.engine.access.show import readable
from guantong.engine.door.guard import lock_for
from guantong.engine.fields.simple import MomentKind
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.fields.text import LongTextKind
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.records import TenantRow
from guantong.engine.trail.reading import one_text

MOST_MENTIONS = 20
TEXT = FieldSpec(name="text", attribute="text", kind=LongTextKind(), required=True, max_length=10_000)


class Comment(TenantRow):
    """One remark about one record, with the colleagues that it names; never edited."""

    object = models.CharField(max_length=60)
    record = models.UUIDField()
    event = models.UUIDField()
    text = models.TextField()
    author = models.UUIDField(null=True)
    mentions = ArrayField(models.UUIDField(), default=list)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "object", "record", "id"], name="comment_record"),
            models.Index(fields=["tenant", "event"], name="comment_event"),
        ]


def say(unit: Unit, spec: ObjectSpec, id: UUID, body: Any) -> str:
    """Add a comment in an open unit; returns it as JSON. Whoever may read a record may speak of it.

    Raises NotFound, NotAllowed (auditors leave no marks), Invalid.
    """
    actor = unit.call.actor
    record = lock_for(unit, spec, id, "comment" if hasattr(spec.model.Access, "comment") else "read")
    if AUDIT_ROLE in actor.roles:
        raise NotAllowed("auditors_only_read", verb=f"{spec.name}.comment")
    text, mentions = _read(body)
    people = _people(unit, mentions)
    comment = Comment(
        object=spec.name, record=id, text=text, author=actor.id, mentions=mentions, created_at=unit.now
    )
    said = built_in(spec.model, "commented")
    event = unit.record_event(spec, record, said, getattr(record, "state", ""), {}, {"comment": comment.id})
    comment.event = event.id
    unit.append(comment)
    unit.touched += [(event.id, "user", user, "mentioned") for user in mentions]
    return json.dumps(
        {
            "id": str(comment.id),
            "text": text,
            "author": {"id": str(actor.id), "label": actor.name} if actor.id else None,
            "mentions": [{"id": str(user), "label": people[user]} for user in mentions],
            "created_at": MomentKind().to_json(unit.now),
            "event": str(event.id),
        },
        ensure_ascii=False,
    )


def _read(body: Any) -> tuple[str, list[UUID]]:
    if not isinstance(body, dict):
        raise Invalid("not_an_object")
    if unknown := sorted(body.keys() - {"text", "mentions"}):
        raise Invalid("unknown_field", field=unknown[0][:60])
    text = TEXT.parse(body.get("text")).strip()
    if not text:
        raise Invalid("required", field="text")
    names = body.get("mentions") or []
    if not isinstance(names, list) or len(names) > MOST_MENTIONS:
        raise Invalid("not_a_list", field="mentions", limit=MOST_MENTIONS)
    try:
        return text, list(dict.fromkeys(UUID(name) for name in names))
    except (TypeError, ValueError, AttributeError):
        raise Invalid("not_id", field="mentions") from None


def _people(unit: Unit, users: Sequence[UUID]) -> dict[UUID, str]:
    """The names of colleagues; raises Invalid for whoever is none."""
    if not users:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, name FROM {by_name()['user'].table} WHERE tenant = %s AND id = ANY(%s) AND state = 'active'",
            [unit.tenant, list(users)],
        )
        found = dict(cursor.fetchall())
    if len(found) < len(users):
        raise Invalid("unknown_link", field="mentions")
    return found


def comments_of(spec: ObjectSpec, actor: Any, id: UUID, limit: int, before: UUID | None) -> str:
    """Comments, newest first, as `{"items": […], "next": …}`. One statement. Raises NotFound."""
    users, tenant = by_name()["user"].table, actor.tenant
    sql = f"""SELECT json_build_object('items', coalesce(json_agg(json_build_object(
            'id', c.id, 'text', c.text, 'event', c.event, 'created_at', {moment("c.created_at")},
            'author', (SELECT json_build_object('id', u.id, 'label', u.name) FROM {users} u
                WHERE u.tenant = '{tenant}' AND u.id = c.author),
            'mentions', (SELECT coalesce(json_agg(json_build_object('id', u.id, 'label', u.name)), '[]')
                FROM {users} u WHERE u.tenant = '{tenant}' AND u.id = ANY(c.mentions))
        ) ORDER BY c.id DESC) FILTER (WHERE c.place <= %(limit)s), '[]'),
        'next', CASE WHEN count(*) > %(limit)s THEN (array_agg(c.id ORDER BY c.id DESC))[%(limit)s] END)::text
        FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS place FROM trail_comment
            WHERE tenant = '{tenant}' AND object = %(object)s AND record = %(id)s
            AND (%(before)s::uuid IS NULL OR id < %(before)s::uuid) ORDER BY id DESC LIMIT %(limit)s + 1) c
        WHERE EXISTS (SELECT 1 FROM {spec.table} r WHERE {readable(spec, actor, "r")} AND r.id = %(id)s)
        HAVING EXISTS (SELECT 1 FROM {spec.table} r WHERE {readable(spec, actor, "r")} AND r.id = %(id)s)"""
    return one_text(sql, {"object": spec.name, "id": id, "limit": limit, "before": before}, spec)


def moment(column: str) -> str:
    """A moment as SQL that becomes JSON, as in records."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
