"""Reactions after commit: drained outside every transaction, before the reply, at most 200 ms in all."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from guantong.base.clock import now
from guantong.base.errors import SignInNeeded
from guantong.engine.access.actor import Actor
from guantong.engine.access.asking import Credentials, entities_of, identify
from guantong.engine.door.request import Reply, Request
from guantong.engine.objects.registry import by_name
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close
from guantong.engine.states.reaction import Reaction, reaction_called
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

log = structlog.get_logger()
BUDGET = 0.2  # seconds
MOST_ATTEMPTS = 8
WAIT: Any = timedelta(seconds=15)  # longer with each attempt
Due = list[tuple[UUID, str]]

CLAIM = """WITH claimed AS (
        DELETE FROM events_outbox WHERE tenant = %s AND event = %s AND reaction = %s RETURNING event)
    SELECT e.object, e.record, e.actor, e.depth, e.happened_at FROM claimed
    JOIN events_event e ON e.tenant = %s AND e.id = claimed.event"""


def drain(request: Request, reply: Reply) -> Reply:
    """Run what the reply's work made due, and what that makes due; the rest is left to the worker."""
    stop = time.monotonic() + BUDGET
    left = run_due(request.credentials.tenant, list(reply.waiting), stop, reply.actor)
    return replace(reply, pending=left, waiting=[])


def run_due(tenant: UUID, due: Due, stop: float | None = None, actor: Actor | None = None) -> int:
    """Run reactions one by one, each in a transaction of its own; returns how many are left."""
    while due and (stop is None or time.monotonic() < stop):
        event, name = due.pop(0)
        try:
            due += run_one(tenant, event, name, actor)
        except IntegrityError as error:
            if not done_before(error):
                return _left(tenant, event, name, error) + len(due)
            acknowledge(tenant, event, name)
        except Exception as error:  # the reply must not fail: the row is back, the worker tries again
            return _left(tenant, event, name, error) + len(due)
    return len(due)


def _left(tenant: UUID, event: UUID, name: str, error: Exception) -> int:
    """Postpone a reaction; without a database the row stays as it is, and the reply still goes out."""
    log.warning("reaction failed", reaction=name, after=str(event), error=repr(error))
    try:
        postpone(tenant, event, name, error)
    except (OperationalError, InterfaceError) as lost:
        log.warning("reaction not postponed", reaction=name, after=str(event), error=repr(lost))
    return 1


def run_one(tenant: UUID, event: UUID, name: str, actor: Actor | None = None) -> Due:
    """Claim and run one reaction; returns what it made due. A row that is gone was done by someone else."""
    reaction = reaction_called(name)
    with scope(tenant):
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [tenant, event, name, tenant])
            row = cursor.fetchone()
        if row is None or reaction is None:
            if row is not None:
                raise LookupError(f"no reaction is called {name}")
            return []
        return _react(reaction, tenant, event, row, actor)


def _react(reaction: Reaction, tenant: UUID, event: UUID, row: tuple, actor: Actor | None) -> Due:
    object_name, record, actor_id, depth, happened_at = row
    call = Call(
        actor=actor or _actor(tenant, actor_id),
        channel="reaction",
        happened_at=happened_at,
        cause=event,
        depth=depth + 1,
    )
    unit = Unit(call)
    with unit.open():
        (found,) = unit.lock(by_name()[object_name].model, [record])
        reaction.body(found)
        close(unit)
    return list(unit.outbox)


def _actor(tenant: UUID, user: UUID | None) -> Actor:
    """The one who caused it; somebody who has left still caused it, as the house."""
    if user is not None:
        try:
            return identify(Credentials(tenant=tenant, user=user))[0]
        except SignInNeeded:
            pass
    return Actor(tenant=tenant, id=user, kind="robot", system=True, entities=entities_of(tenant))


def done_before(error: IntegrityError) -> bool:
    """Whether the reaction's (source, purpose) stands already: an earlier run has made its record (law 7)."""
    return (getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "").endswith("_source")


def acknowledge(tenant: UUID, event: UUID, name: str) -> None:
    """Take a reaction off the outbox that was done before."""
    with scope(tenant), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM events_outbox WHERE tenant = %s AND event = %s AND reaction = %s",
            [tenant, event, name],
        )


def postpone(tenant: UUID, event: UUID, name: str, error: Exception) -> None:
    """Count the attempt and wait longer each time; after the last one the row stays with its error (dead letter)."""
    with scope(tenant), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_outbox SET attempts = attempts + 1, error = %s, "
            "due = CASE WHEN attempts + 1 >= %s THEN NULL ELSE %s::timestamptz + (attempts + 1) * %s::interval END "
            "WHERE tenant = %s AND event = %s AND reaction = %s",
            [repr(error)[:2000], MOST_ATTEMPTS, now(), WAIT, tenant, event, name],
        )
