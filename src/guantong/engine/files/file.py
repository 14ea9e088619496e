"""File: one attachment of one record. Adding and removing one are events of the record (`attached`, `detached`)."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from guantong.base.errors import NotFound, Refused
from guantong.engine.access.show import readable
from guantong.engine.door.guard import lock_for
from guantong.engine.files import keeping
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.records import TenantRow

MOST_FILES = 500


class File(TenantRow):
    """What is known of an attachment; its content stands in the storage under `place`, a made-up name."""

    object = models.CharField(max_length=60)
    record = models.UUIDField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=200)
    added_by = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "object", "record", "id"], name="file_record")]


def attach(unit: Unit, spec: ObjectSpec, id: UUID, kept: keeping.Kept) -> str:
    """Note a kept content as a file of a record; returns it as JSON. Raises NotFound, NotAllowed, Refused.

    Who may write a record may add a file to it in every state (scans of what was signed come late), unless the
    object says otherwise (`Access.attach`).
    """
    record = lock_for(unit, spec, id, "attach")
    _within_quota(unit, spec, id, kept.size)
    file = File(
        id=kept.id, object=spec.name, record=id, name=kept.name, kind=kept.kind, size=kept.size,
        sha256=kept.sha256, place=kept.place, added_by=unit.call.actor.id, added_at=unit.now,
    )  # fmt: skip
    _note(unit, spec, record, "attached", file)
    unit.append(file)
    return json.dumps(described(file, unit.call.actor.name), ensure_ascii=False)


def detach(unit: Unit, spec: ObjectSpec, file: File) -> str:
    """Remove a file, content included. Needs the right to write the record as it stands: evidence stays.

    Raises NotFound, NotAllowed, Refused (wrong_state).
    """
    record = lock_for(unit, spec, file.record, "detach" if hasattr(spec.model.Access, "detach") else "write")
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM files_file WHERE tenant = %s AND id = %s RETURNING id", [unit.tenant, file.id]
        )
        if cursor.fetchone() is None:
            raise NotFound("not_found")
    _note(unit, spec, record, "detached", file)
    transaction.on_commit(lambda: keeping.drop(file.place))
    return "{}"


def files_of(spec: ObjectSpec, actor: Any, id: UUID) -> str:
    """The files of a record, newest first, as `{"items": […]}`. One statement. Raises NotFound."""
    users, tenant = by_name()["user"].table, actor.tenant
    at = """to_char(f.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    sql = f"""SELECT json_build_object('items', (SELECT coalesce(json_agg(json_build_object('id', f.id, 'name', f.name,
            'kind', f.kind, 'size', f.size, 'sha256', f.sha256, 'added_at', {at}, 'added_by',
            (SELECT json_build_object('id', u.id, 'label', u.name) FROM {users} u
                WHERE u.tenant = '{tenant}' AND u.id = f.added_by)) ORDER BY f.id DESC), '[]')
        FROM files_file f WHERE f.tenant = '{tenant}' AND f.object = '{spec.name}' AND f.record = %(id)s))::text
        FROM {spec.table} r WHERE {readable(spec, actor, "r")} AND r.id = %(id)s"""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"id": id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("not_found", object=spec.plural)
    return row[0]


def described(file: File, who: str) -> dict[str, Any]:
    """A file as the API shows it."""
    return {
        "id": str(file.id),
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "added_at": file.added_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "added_by": {"id": str(file.added_by), "label": who} if file.added_by else None,
    }


def _within_quota(unit: Unit, spec: ObjectSpec, id: UUID, size: int) -> None:
    quota = getattr(settings, "GUANTONG_FILES_QUOTA", 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(size), 0), count(*) FILTER (WHERE object = %s AND record = %s) FROM files_file "
            "WHERE tenant = %s" + ("" if quota else " AND object = %s AND record = %s"),
            [spec.name, id, unit.tenant, *((spec.name, id) if not quota else ())],
        )
        total, here = cursor.fetchone()
    if here >= MOST_FILES:
        raise Refused("too_many_files", limit=MOST_FILES)
    if quota and total + size > quota:
        raise Refused("files_quota", limit=quota // 2**20)


def _note(unit: Unit, spec: ObjectSpec, record: Any, word: str, file: File) -> None:
    told = {"file": file.id, "name": file.name, "size": file.size, "sha256": file.sha256}
    unit.record_event(spec, record, built_in(spec.model, word), getattr(record, "state", ""), {}, told)
