"""Reactions that no request has run: the worker learns where some wait, opens that tenant and runs them there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection, connections

from guantong.base.clock import now
from guantong.engine.door.drain import Due, run_due
from guantong.engine.tenancy.scope import scope

GRACE = timedelta(seconds=2)  # the request that made them due drains them itself, for 200 ms
TURN = 2.0  # seconds for one tenant, then it is the next one's turn
MOST = 200


def tenants_waiting() -> list[UUID]:
    """The tenants with reactions past their time. The worker's role may read no more than this (house.md 5)."""
    with connections["worker"].cursor() as cursor:
        cursor.execute(
            "SELECT tenant FROM events_outbox WHERE due <= %s GROUP BY tenant ORDER BY min(due) LIMIT 1000",
            [now() - GRACE],
        )
        return [tenant for (tenant,) in cursor.fetchall()]


def sweep(stopped: Callable[[], bool] = lambda: False) -> int:
    """One round over all tenants with leftover reactions; returns how many were tried."""
    tried = 0
    for tenant in tenants_waiting():
        if stopped():
            break
        due = waiting_in(tenant)
        until = time.monotonic() + TURN
        while due and time.monotonic() < until and not stopped():
            one, tried = [due.pop(0)], tried + 1
            run_due(tenant, one, until)
    return tried


def waiting_in(tenant: UUID) -> Due:
    """Leftover reactions of a tenant, the oldest first; those that somebody is at work on are left out."""
    with scope(tenant), connection.cursor() as cursor:
        cursor.execute(
            "SELECT event, reaction FROM events_outbox WHERE tenant = %s AND due <= %s "
            "ORDER BY due, event, reaction LIMIT %s FOR UPDATE SKIP LOCKED",
            [tenant, now() - GRACE, MOST],
        )
        return cursor.fetchall()
