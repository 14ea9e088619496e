"""Old rows that nobody needs: idempotent replies after 48 hours, ended queue rows and jobs after their time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, connections

from guantong.base.clock import now
from guantong.engine.jobs.job import ENDED
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope

REPLIES_KEPT = timedelta(hours=48)
JOBS_KEPT = timedelta(days=90)
QUEUE_KEPT = timedelta(days=7)
BATCH = 1000

REPLIES = """DELETE FROM events_idempotentreply WHERE tenant = %s AND id IN (SELECT id FROM events_idempotentreply
    WHERE tenant = %s AND created_at < %s ORDER BY created_at LIMIT %s)"""
JOBS = """DELETE FROM jobs_job WHERE tenant = %s AND id IN (SELECT id FROM jobs_job
    WHERE tenant = %s AND created_at < %s AND state = ANY(%s) LIMIT %s)"""
QUEUE = """DELETE FROM procrastinate_jobs WHERE id IN (SELECT j.id FROM procrastinate_jobs j
    WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted') AND (SELECT max(e.at)
        FROM procrastinate_events e WHERE e.job_id = j.id) < %s ORDER BY j.id LIMIT %s)"""


def tidy(stopped: Callable[[], bool] = lambda: False) -> int:
    """Delete in batches, each in a transaction of its own; returns how many rows went."""
    gone = 0
    for tenant in list(Organization.objects.values_list("id", flat=True)):
        for statement, values in (
            (REPLIES, [tenant, tenant, now() - REPLIES_KEPT, BATCH]),
            (JOBS, [tenant, tenant, now() - JOBS_KEPT, list(ENDED), BATCH]),
        ):
            size = BATCH
            while size == BATCH and not stopped():
                with scope(tenant), connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    size = cursor.rowcount
                gone += size
    size = BATCH
    while size == BATCH and not stopped():
        with connections["worker"].cursor() as cursor:
            cursor.execute(QUEUE, [now() - QUEUE_KEPT, BATCH])
            size = cursor.rowcount
        gone += size
    return gone
