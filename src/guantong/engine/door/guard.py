"""Lock a record and ask for the right to it in one statement (house.md 4): 404, 403 and 409 in that order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from guantong.engine.access.grants import allowed, rule_of
from guantong.engine.access.rules import TRUE
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states import rows
from guantong.engine.states.unit import Unit


def lock_for(unit: Unit, spec: ObjectSpec, id: UUID, action: str, version: int | None = None) -> Any:
    """The locked record, if the actor may do `action` to it."""
    actor = unit.call.actor
    who = rule_of(spec.model, action).who().sql(actor, "r", spec.owner_column) if not actor.system else TRUE
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {allowed(spec, 'read', actor, 'r')}, {allowed(spec, action, actor, 'r')}, {who}, "
            f"{rows.column_list(spec.model, 'r')} FROM {spec.table} r "
            f"WHERE r.tenant = %s AND r.id = %s {rows.hold(spec.model, 'r')}",
            [unit.tenant, id],
        )
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise NotFound("not_found", object=spec.plural)
    record = rows.from_row(spec.model, row[3:])
    if not row[1]:
        if row[2] and action in ("write", "delete"):
            raise Refused("wrong_state", verb=f"{spec.name}.{action}", state=getattr(record, "state", ""))
        raise NotAllowed("not_allowed", verb=f"{spec.name}.{action}")
    if version is not None and version != record.version:
        raise Conflict("stale", field="version", current=record.version)
    return unit.watch(record)


def version_in(body: dict[str, Any], *, needed: bool = False) -> int | None:
    """Take `version` out of a body; raises Invalid when it is no whole number, or needed and not there."""
    version = body.pop("version", None)
    if version is None:
        if needed:
            raise Invalid("required", field="version")
        return None
    if isinstance(version, bool) or not isinstance(version, int):
        raise Invalid("not_integer", field="version")
    return version
