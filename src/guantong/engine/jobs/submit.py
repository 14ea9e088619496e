"""Ask for a job: its row and its place in the queue are written in the caller's transaction, or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from guantong.base.clock import now
from guantong.base.ids import uuid7
from guantong.engine.jobs.job import Job
from guantong.engine.tenancy.scope import current_tenant

TASK = "guantong.job"
QUEUE = "jobs"


def submit(
    kind: str, *, owner: UUID | None, arguments: dict[str, Any], key: str = "", id: UUID | None = None
) -> tuple[Job, bool]:
    """Start a job, or find the one with that key; says whether it is new. Needs an open scope.

    Deferring goes through the connection of this transaction, so it is as atomic as the rest (stack.md).
    """
    id = id or uuid7()
    job = Job(
        tenant=current_tenant(),
        id=id,
        kind=kind,
        key=key or str(id),
        owner=owner,
        arguments=arguments,
        created_at=now(),
    )
    made = Job.objects.bulk_create([job], ignore_conflicts=True) and Job.objects.filter(id=id).exists()
    if not made:
        return Job.objects.get(key=job.key), False
    app.configure_task(TASK, queue=QUEUE).defer(tenant=str(current_tenant()), job=str(id))
    return job, True
