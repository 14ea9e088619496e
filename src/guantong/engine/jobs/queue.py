"""The procrastinate side: which functions it calls, when it calls them again, and its own connections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Job as QueuedJob
from procrastinate.psycopg_connector import PsycopgConnector

from guantong.engine.jobs.schedule import all_schedules, run_schedule
from guantong.engine.jobs.submit import QUEUE, TASK
from guantong.engine.jobs.task import Interrupted, run_job

MOST_TRIES = 4
SCHEDULES = "schedules"


class Again(BaseRetryStrategy):
    """At once after a worker closed down; else after 5, 25, 125 seconds, and then no more."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, Interrupted):
            return RetryDecision()
        if job.attempts + 1 >= MOST_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": 5 ** (job.attempts + 1)})


def ready_app() -> App:
    """A queue with our functions in it, on connections of the worker's role.

    Not the app of Django's side: what that one defers must stay in the transaction of `default`.
    """
    app = DjangoApp(connector=PsycopgConnector(kwargs=connector_params("worker")))
    app.task(_run, name=TASK, queue=QUEUE, pass_context=True, retry=Again())
    for schedule in all_schedules():
        name = f"guantong.schedule.{schedule.name}"
        run = app.task(_scheduled(schedule.name), name=name, queue=SCHEDULES, queueing_lock=name)
        app.periodic(cron=schedule.cron)(run)
    return app


def _run(context: JobContext, tenant: str, job: str) -> None:
    run_job(UUID(tenant), UUID(job), last=context.job.attempts + 1 >= MOST_TRIES)


def _scheduled(name: str) -> Any:
    def run(timestamp: int) -> None:
        run_schedule(name, timestamp)

    return run
