"""What the worker does besides jobs: leftover reactions, stalled jobs, old rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections

from guantong.base.clock import now
from guantong.base.ids import uuid7
from guantong.engine.door.house import as_house
from guantong.engine.events.event import Event, IdempotentReply, Outbox
from guantong.engine.jobs.job import Job
from guantong.engine.jobs.leftover import sweep, tenants_waiting
from guantong.engine.jobs.reaper import LOCK, MOST_DEATHS, reap
from guantong.engine.jobs.submit import submit
from guantong.engine.jobs.tidy import BATCH, tidy
from guantong.engine.org.accounts import create_organization
from guantong.engine.org.team import Team
from guantong.engine.states import reaction
from guantong.engine.tenancy.scope import scope
from guantong.site.databases import psycopg_parameters


def _tenant() -> UUID:
    return create_organization(f"Chores {uuid7()}").id


# -- reactions -----------------------------------------------------------------------------------------------


def _left(tenant: UUID, name: str, age: timedelta) -> UUID:
    """A team whose reaction nobody has run."""
    team = as_house(tenant, lambda unit: unit.create(Team, name="T"))
    with scope(tenant):
        event = Event.objects.get(record=team.id, verb="created")
        Outbox(tenant=tenant, event=event.id, reaction=name, due=now() - age).save(force_insert=True)
    return team.id


def test_leftover_reactions_run_in_their_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[tuple[UUID, UUID]] = []
    note = reaction.Reaction(
        "test.note", lambda team: ran.append((team.tenant, team.id)), Team.created, False
    )
    monkeypatch.setitem(reaction._by_name, note.name, note)
    one, two = _tenant(), _tenant()
    old = [
        (one, _left(one, note.name, timedelta(minutes=1))),
        (two, _left(two, note.name, timedelta(hours=1))),
    ]
    _left(one, note.name, timedelta(0))
    _left(two, "test.gone", timedelta(minutes=1))
    assert {one, two} <= set(tenants_waiting())
    sweep()
    assert sorted(ran) == sorted(old), "those past their time, once"
    with scope(two):
        (gone,) = Outbox.objects.all()
        assert gone.reaction == "test.gone" and gone.attempts == 1 and "test.gone" in gone.error
    with scope(one):
        assert Outbox.objects.count() == 1, "what is fresh belongs to the request"
    sweep()
    assert len(ran) == 2


def test_the_worker_role_sees_where_and_not_what() -> None:
    for statement in (
        "SELECT event FROM events_outbox",
        "SELECT tenant FROM org_user",
        "DELETE FROM events_outbox",
    ):
        with pytest.raises(ProgrammingError), connections["worker"].cursor() as cursor:
            cursor.execute(statement)


# -- the reaper ----------------------------------------------------------------------------------------------


@pytest.fixture
def stalled() -> Iterator[Any]:
    """Puts a queued job in the hands of a worker that beat its last so many seconds ago."""
    tenant = _tenant()
    with connections["worker"].cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        cursor.execute("DELETE FROM procrastinate_workers")

    def put(
        *, silent: float | None, started: float = 3600, attempts: int = 0
    ) -> tuple[int, int | None, UUID]:
        with scope(tenant):
            job = submit("nothing", owner=None, arguments={})[0].id
        with connections["worker"].cursor() as cursor:
            worker = None
            if silent is not None:
                cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
                worker = cursor.fetchone()[0]
                cursor.execute(
                    "UPDATE procrastinate_workers SET last_heartbeat = now() - %s * interval '1 second' WHERE id = %s",
                    [silent, worker],
                )
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s "
                "WHERE args->>'job' = %s RETURNING id",
                [worker, attempts, str(job)],
            )
            queued = cursor.fetchone()[0]
            cursor.execute(
                "UPDATE procrastinate_events SET at = now() - %s * interval '1 second' WHERE job_id = %s",
                [started, queued],
            )
        return queued, worker, job

    yield put


def _status(queued: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [queued])
        return cursor.fetchone()[0]


def test_jobs_of_vanished_workers_are_queued_again(stalled: Any) -> None:
    pruned, silent, living = stalled(silent=None)[0], stalled(silent=300)[0], stalled(silent=5)[0]
    assert reap() == 2
    assert (_status(pruned), _status(silent), _status(living)) == ("todo", "todo", "doing")


def test_a_worker_that_came_back_under_the_same_id_hides_nothing(stalled: Any) -> None:
    queued, worker, _ = stalled(silent=1)
    assert reap(worker, [queued]) == 0, "it runs here"
    assert reap(worker, []) == 1 and _status(queued) == "todo"
    fresh, worker, _ = stalled(silent=1, started=3)
    assert reap(worker, []) == 0 and _status(fresh) == "doing", "just fetched, not yet noted as running"


def test_the_lock_neither_blocks_nor_outlives_its_holder(stalled: Any) -> None:
    queued = stalled(silent=None)[0]
    other = psycopg.connect(**psycopg_parameters(connections["worker"].settings_dict), autocommit=True)
    other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    assert reap() == 0 and _status(queued) == "doing"
    other.close()
    for _ in range(1000):  # the server notices the closed connection in its own time
        if reap():
            break
    assert _status(queued) == "todo"
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [LOCK])
        assert cursor.fetchone()[0] == 0


def test_a_job_that_takes_workers_down_is_given_up(stalled: Any) -> None:
    queued, _, job = stalled(silent=None, attempts=MOST_DEATHS - 1)
    assert reap() == 1 and _status(queued) == "failed"
    tenant = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'tenant' FROM procrastinate_jobs WHERE id = %s", [queued])
        tenant = UUID(cursor.fetchone()[0])
    with scope(tenant):
        assert Job.objects.get(id=job).state == "failed"


# -- tidying -------------------------------------------------------------------------------------------------


def test_old_replies_go_in_batches_and_young_ones_stay() -> None:
    tenant = _tenant()

    def reply(age: timedelta) -> IdempotentReply:
        return IdempotentReply(
            tenant=tenant, actor=uuid7(), route="r", key=uuid7().hex, digest="", created_at=now() - age
        )

    with scope(tenant):
        old = [reply(timedelta(hours=49)) for _ in range(BATCH + 50)]
        IdempotentReply.objects.bulk_create([*old, reply(timedelta(hours=47)), reply(timedelta(0))])
        Job(tenant=tenant, kind="x", key="old", state="done", created_at=now() - timedelta(days=91)).save(
            force_insert=True
        )
        Job(tenant=tenant, kind="x", key="live", state="running", created_at=now() - timedelta(days=91)).save(
            force_insert=True
        )
    assert tidy() >= BATCH + 51
    with scope(tenant):
        assert IdempotentReply.objects.count() == 2
        assert [job.key for job in Job.objects.all()] == ["live"]
