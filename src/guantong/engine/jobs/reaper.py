"""The reaper: queued jobs that a vanished worker left in `doing` are tried again (trust.md 1.2, rule 18).

Procrastinate's own look-up misses jobs whose worker came back under the same id (issue 1518), and its
reaping job can hang behind the very lock it should free (issue 1408). So this is no job but a statement on a
connection of its own; its advisory lock belongs to that session and ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from django.db import connections, transaction

from guantong.engine.jobs.submit import TASK
from guantong.engine.jobs.task import give_up

log = structlog.get_logger()
LOCK = 0x6774_7265  # "gtre": any number, but the same everywhere
SILENT = 60.0  # seconds without a heartbeat; procrastinate beats every 10
MOST_DEATHS = 5

STALLED = """SELECT j.id, j.task_name, j.args->>'tenant', j.args->>'job', j.attempts FROM procrastinate_jobs j
    LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (
        w.id IS NULL OR w.last_heartbeat < now() - %(silent)s * interval '1 second'
        OR (j.worker_id = %(own)s AND NOT (j.id = ANY(%(running)s)) AND coalesce(
            (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started'),
            '-infinity') < now() - %(silent)s * interval '1 second'))
    ORDER BY j.id LIMIT 500 FOR UPDATE OF j SKIP LOCKED"""


def reap(own: int | None = None, running: Iterable[int] = (), silent: float = SILENT) -> int:
    """Queue stalled jobs again; returns how many. `own` is this process's worker, `running` what it really runs.

    A job that took five workers down is given up. Where another process reaps already, nothing is done.
    """
    connection = connections["worker"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            return 0
        try:
            with transaction.atomic(using="worker"):
                lost, count = _queue_again(cursor, own, list(running), silent)
        finally:
            _let_go(connection)
    for tenant, job in lost:
        give_up(tenant, job)
    return count


def _queue_again(
    cursor: Any, own: int | None, running: list[int], silent: float
) -> tuple[list[tuple[UUID, UUID]], int]:
    cursor.execute(STALLED, {"silent": silent, "own": own, "running": running})
    found, lost = cursor.fetchall(), []
    for id, name, tenant, job, attempts in found:
        if attempts + 1 >= MOST_DEATHS:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [id])
            if name == TASK:
                lost.append((UUID(tenant), UUID(job)))
        else:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [id])
        log.warning("job without a worker", queued=id, task=name, attempts=attempts)
    return lost, len(found)


def _let_go(connection: Any) -> None:
    """Give the lock back; a connection in trouble is closed, which gives it back too."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    except Exception:
        connection.close()
