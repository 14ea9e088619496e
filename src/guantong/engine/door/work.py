"""One piece of work at the door: tenant, who and key, body, closing statement, retries, reactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, connection
from psycopg import errors as pg

from guantong.base.errors import Conflict, Invalid, Refused
from guantong.engine.access.asking import Keyed, identify
from guantong.engine.door.drain import drain
from guantong.engine.door.request import Reply, Request
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close, unique_conflict
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

TRIES = 3
Body = Callable[[Unit], tuple[Any, str]]


class DryRun(Exception):
    """Rolls back what a preview computed."""

    def __init__(self, text: str) -> None:
        super().__init__("dry run")
        self.text = text


def do(request: Request, spec: ObjectSpec, body: Body, *, preview: bool = False) -> Reply:
    """Run `body` in a transaction of its own and answer with the record it returns.

    `body` returns (record, action): the action's rule must hold for the written row too. Deadlocks and
    serialization failures are tried three times; reactions are drained after commit, before the reply.
    """
    for attempt in range(1, TRIES + 1):
        try:
            reply = _once(request, spec, body, preview)
            break
        except DryRun as dry:
            return Reply(text=dry.text, tenant=request.credentials.tenant)
        except (IntegrityError, DataError) as error:
            raise refusal_of(error, spec) from error
        except OperationalError as error:
            if not isinstance(
                error.__cause__, pg.DeadlockDetected | pg.SerializationFailure | pg.LockNotAvailable
            ):
                raise
            if attempt == TRIES:
                raise Conflict("busy") from error
    return drain(request, reply) if reply.waiting else reply


def _once(request: Request, spec: ObjectSpec, body: Body, preview: bool) -> Reply:
    key = None if preview else request.keyed()
    with scope(request.credentials.tenant):
        actor, fresh = identify(request.credentials, key)
        if key and not fresh:
            return _kept(request, key, actor.id)
        call = Call(
            actor=actor,
            channel=request.channel,
            request=request.request,
            happened_at=request.happened_at,
            kept=key.row if key else None,
        )
        unit = Unit(call)
        with unit.open():
            record, action = body(unit)
            text = close(unit, record, again=action)
        if preview:
            raise DryRun(text)
    return Reply(text=text, tenant=unit.tenant, actor=actor, waiting=unit.outbox)


def _kept(request: Request, key: Keyed, actor: Any) -> Reply:
    """The stored reply of a key; another route or body is refused (422)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, status, reply FROM events_idempotentreply WHERE tenant = %s AND actor = %s AND key = %s",
            [request.credentials.tenant, actor, key.key],
        )
        row = cursor.fetchone()
    if row is None:
        raise Conflict("busy")
    if row[0] != key.digest:
        raise Invalid("key_reused", field="Idempotency-Key")
    return Reply(text=row[2], status=row[1] or 200, tenant=request.credentials.tenant, replayed=True)


def refusal_of(error: Exception, spec: ObjectSpec) -> Exception:
    """A refusal of the database in the words of the house."""
    cause = error.__cause__
    if isinstance(cause, pg.UniqueViolation):
        return unique_conflict(cause, spec)
    if isinstance(cause, pg.ForeignKeyViolation):
        still = "still referenced" in str(cause)
        return Refused("in_use", object=spec.plural) if still else Invalid("unknown_link")
    if isinstance(cause, pg.NotNullViolation):
        return Invalid("required", field=(cause.diag.column_name or "").removesuffix("_id"))
    if isinstance(cause, pg.CheckViolation | pg.RaiseException | pg.InsufficientPrivilege):
        return Refused("against_the_rules", detail=str(cause).split("\n")[0])
    if isinstance(cause, pg.DataError):
        return Invalid("bad_value", detail=str(cause).split("\n")[0])
    return error
