"""Jobs: asked for within a transaction, run once by key, watched by their owner; the worker from end to end."""

from __future__ import annotations

from datetime import datetime
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection

from guantong.base.clock import now
from guantong.base.errors import Refused
from guantong.base.ids import uuid7
from guantong.engine.jobs import schedule as schedules
from guantong.engine.jobs import task as tasks
from guantong.engine.jobs.job import Job
from guantong.engine.jobs.queue import ready_app
from guantong.engine.jobs.submit import submit
from guantong.engine.jobs.task import advance, run_job
from guantong.engine.jobs.worker import run
from guantong.engine.org.accounts import create_organization
from guantong.engine.tenancy.scope import scope


def _tenant() -> UUID:
    return create_organization(f"Jobs {uuid7()}").id


def _queued(tenant: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args->>'tenant' = %s", [str(tenant)])
        return cursor.fetchone()[0]


def _job(tenant: UUID, id: UUID) -> Job:
    with scope(tenant):
        return Job.objects.get(id=id)


def test_a_job_is_as_atomic_as_the_rest() -> None:
    tenant = _tenant()
    with pytest.raises(ZeroDivisionError), scope(tenant):
        submit("nothing", owner=None, arguments={})
        raise ZeroDivisionError
    assert _queued(tenant) == 0
    with scope(tenant):
        first, fresh = submit("nothing", owner=None, arguments={}, key="k")
        second, again = submit("nothing", owner=None, arguments={}, key="k")
    assert (fresh, again) == (True, False) and first.id == second.id and _queued(tenant) == 1


def test_how_jobs_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant, seen = _tenant(), []

    def fine(tenant: UUID, job: UUID) -> None:
        seen.append(job)
        with scope(tenant):
            advance(job, 3, 3, colour="red")

    def refuses(tenant: UUID, job: UUID) -> None:
        raise Refused("wrong_state", state="x")

    def breaks(tenant: UUID, job: UUID) -> None:
        raise RuntimeError("secret words")

    for kind, body in (("fine", fine), ("refuses", refuses), ("breaks", breaks)):
        monkeypatch.setitem(tasks._tasks, kind, body)
    with scope(tenant):
        ids = {
            kind: submit(kind, owner=None, arguments={})[0].id
            for kind in ("fine", "refuses", "breaks", "gone")
        }
    run_job(tenant, ids["fine"])
    run_job(tenant, ids["fine"])
    assert seen == [ids["fine"]], "an ended job is not run again"
    done = _job(tenant, ids["fine"])
    assert (done.state, done.done, done.total, done.result) == ("done", 3, 3, {"colour": "red"})
    run_job(tenant, ids["refuses"])
    assert _job(tenant, ids["refuses"]).error == {
        "code": "wrong_state",
        "field": None,
        "params": {"state": "x"},
    }
    with pytest.raises(RuntimeError):
        run_job(tenant, ids["breaks"], last=False)
    assert _job(tenant, ids["breaks"]).state == "running"
    with pytest.raises(RuntimeError):
        run_job(tenant, ids["breaks"])
    broken = _job(tenant, ids["breaks"])
    assert broken.state == "failed" and "secret" not in str(broken.error)
    with pytest.raises(LookupError):
        run_job(tenant, ids["gone"])
    run_job(tenant, uuid7())


def test_the_worker_runs_jobs_and_stops_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant, ran, stop = _tenant(), Event(), Event()
    monkeypatch.setitem(tasks._tasks, "signal", lambda tenant, job: ran.set())
    worker = Thread(target=run, args=(stop,))
    worker.start()
    try:
        with scope(tenant):
            job = submit("signal", owner=None, arguments={})[0].id
        assert ran.wait(20)
    finally:
        stop.set()
        worker.join(20)
        tasks.closing_down.clear()
    assert not worker.is_alive()
    assert _job(tenant, job).state == "done"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        assert cursor.fetchone()[0] == 0, "the worker signed off"


def test_schedules_run_for_every_organization(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, seen = _tenant(), _tenant(), {}

    def body(tenant: UUID, moment: datetime) -> None:
        seen[tenant] = moment
        if tenant == first:
            raise RuntimeError

    monkeypatch.setitem(schedules._schedules, "test", schedules.Schedule("test", "17 3 * * *", body))
    stamp = int(now().timestamp())
    assert schedules.run_schedule("test", stamp) == 1
    assert {first, second} <= set(seen) and seen[second].timestamp() == stamp
    app = ready_app()
    names = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert {"guantong.schedule.test", "guantong.schedule.uploads"} <= names
