"""`@task("import")`: what a job runs; and how one job is run, whoever calls (the worker, a test)."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from uuid import UUID

import structlog
from django.db import connection

from guantong.base.clock import now
from guantong.base.errors import Problem
from guantong.engine.jobs.job import ENDED, Job
from guantong.engine.tenancy.scope import scope

log = structlog.get_logger()
Body = Callable[[UUID, UUID], None]
_tasks: dict[str, Body] = {}
closing_down = Event()  # the worker is told to stop: work is interrupted between two pieces and goes on later


class Interrupted(Exception):
    """The worker closes down; the job goes on where it stands, in the next one."""


class StopAsked(Exception):
    """The owner asked the job to stop; what is done stays done."""


def task(kind: str) -> Callable[[Body], Body]:
    """Register what jobs of a kind run. It is called with (tenant, job id) outside of every transaction.

    It opens its own scopes, may run twice, and must go on where an earlier run ended (trust.md rule 17).
    """

    def register(body: Body) -> Body:
        if kind in _tasks:
            raise RuntimeError(f"two tasks are called {kind}")
        _tasks[kind] = body
        return body

    return register


def run_job(tenant: UUID, job: UUID, *, last: bool = True) -> None:
    """Run one job to its end. A refusal ends it as failed; other errors are raised, and end it when `last`.

    Raises Interrupted when the worker closes down.
    """
    kind = _begin(tenant, job)
    if not kind:
        return
    try:
        if kind not in _tasks:
            raise LookupError(f"no task is called {kind}")
        _tasks[kind](tenant, job)
    except Interrupted:
        raise
    except StopAsked:
        _end(tenant, job, "stopped")
    except Problem as problem:
        _end(tenant, job, "failed", error=as_error(problem))
    except Exception as error:
        log.warning("job failed", job=str(job), kind=kind, error=repr(error), last=last)
        if last:
            _end(tenant, job, "failed", error={"code": "job_broke", "detail": type(error).__name__})
        raise
    else:
        _end(tenant, job, "done")


def as_error(problem: Problem) -> dict[str, object]:
    """A refusal as the job keeps it."""
    params = {
        key: value if isinstance(value, int | str) else str(value) for key, value in problem.params.items()
    }
    return {"code": problem.code, "field": problem.field, "params": params}


def give_up(tenant: UUID, job: UUID) -> None:
    """End a job that took its worker down too often."""
    _end(tenant, job, "failed", error={"code": "job_broke", "detail": "worker lost"})


def advance(job: UUID, done: int, total: int | None = None, **result: object) -> None:
    """Write the progress; part of the caller's transaction. Raises StopAsked, Interrupted: the work is rolled back.

    Needs an open scope.
    """
    if closing_down.is_set():
        raise Interrupted
    fields: dict[str, object] = {"done": done}
    if total is not None:
        fields["total"] = total
    if result:
        fields["result"] = result
    Job.objects.filter(id=job).update(**fields)
    if Job.objects.filter(id=job, stop_asked=True).exists():
        raise StopAsked


def _begin(tenant: UUID, job: UUID) -> str:
    """The kind of the job, now running; "" when it has ended or is unknown."""
    with scope(tenant):
        found = Job.objects.filter(id=job).exclude(state__in=ENDED).first()
        if found is None:
            return ""
        Job.objects.filter(id=job).update(
            state="running", started_at=found.started_at or now(), attempts=found.attempts + 1
        )
        return found.kind


def _end(tenant: UUID, job: UUID, state: str, **fields: object) -> None:
    if connection.in_atomic_block:
        raise RuntimeError("a job ends outside of every transaction")
    with scope(tenant):
        Job.objects.filter(id=job).update(state=state, ended_at=now(), **fields)
