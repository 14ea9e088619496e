"""Write some entries in one transaction; find the bad ones, whatever noticed them, and leave nothing half done.

A refusal is noticed by the row itself, by the access rule on the written row, or by the database only when
all rows are written: then the chunk is cut in halves until the culprit stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db import DataError, Error, IntegrityError, OperationalError, connection
from psycopg import errors as pg

from guantong.base.errors import NotAllowed, Problem
from guantong.engine.access.asking import Credentials, identify
from guantong.engine.access.grants import allowed
from guantong.engine.access.rules import TRUE
from guantong.engine.door.work import refusal_of
from guantong.engine.exchange.mark import Mark
from guantong.engine.exchange.upload import ImportChunk
from guantong.engine.exchange.verdict import Verdict, refused
from guantong.engine.jobs.task import advance
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

TRIES = 3
AGAIN = {"created": "create", "changed": "write"}
BUSY = (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable)


class Work(Protocol):
    """One job of this room: who asks, on which object, and what is done to an entry."""

    tenant: UUID
    job: UUID
    user: UUID
    spec: ObjectSpec

    def prepare(self, unit: Unit, entries: Sequence[Any]) -> None: ...
    def act(self, unit: Unit, entry: Any) -> Verdict: ...


class Overtaken(Exception):
    """Another process has written this chunk: the job is in its hands."""


class Redo(Exception):
    """Some entries are bad in a way that spoilt the whole attempt."""

    def __init__(self, bad: dict[int, Problem]) -> None:
        super().__init__("redo")
        self.bad = bad


class _Trial(Exception):
    """Rolls a dry run back."""


@dataclass
class ChunkWriter:
    """Writes chunks of one job; `on_done` hears the verdicts of each written piece."""

    work: Work
    on_done: Callable[[list[Verdict]], None]
    trial: bool = False  # roll back what was written
    keep: bool = True  # keep the verdicts of a trial
    rows_done: int = 0

    def write(self, entries: Sequence[Any]) -> None:
        """Write entries and keep their verdicts; each entry gets exactly one."""
        known: dict[int, Problem] = {}
        tries = 0
        while True:
            try:
                self.on_done(self._attempt(entries, known))
                return
            except Redo as redo:
                known |= redo.bad
            except (IntegrityError, DataError, OperationalError) as error:
                tries += 1
                if isinstance(error.__cause__, BUSY) and tries < TRIES:
                    continue
                problem = as_problem(error, self.work.spec)
                if len(entries) == 1:
                    known[entries[0].place] = problem
                    continue
                middle = len(entries) // 2
                self.write(entries[:middle])
                self.write(entries[middle:])
                return

    def _attempt(self, entries: Sequence[Any], known: dict[int, Problem]) -> list[Verdict]:
        work, verdicts = self.work, []
        try:
            with scope(work.tenant):
                verdicts = self._run(entries, known)
                if self.trial:
                    raise _Trial
                self._progress(verdicts)
        except _Trial:
            with scope(work.tenant):
                if self.keep:
                    chunk_of(work, verdicts).save(force_insert=True)
                self._progress(verdicts)
        self.rows_done += sum(len(verdict.rows) for verdict in verdicts)
        return verdicts

    def _run(self, entries: Sequence[Any], known: dict[int, Problem]) -> list[Verdict]:
        work, verdicts = self.work, []
        actor, _ = identify(Credentials(tenant=work.tenant, user=work.user))
        unit = Unit(Call(actor=actor, channel="import", request=work.job.hex))
        work.prepare(unit, entries)
        with unit.open():
            for entry in entries:
                problem = known.get(entry.place)
                verdicts.append(self._known(entry, problem) if problem else self._one(unit, entry))
            if not self.trial:
                unit.append(chunk_of(work, verdicts))
            close(unit)
        if bad := _not_allowed(unit, work.spec, verdicts):
            raise Redo(bad)
        return verdicts

    def _one(self, unit: Unit, entry: Any) -> Verdict:
        mark = Mark(unit)
        try:
            return self.work.act(unit, entry)
        except Problem as problem:
            if not mark.go_back():
                raise Redo({entry.place: problem}) from problem
            return refused(entry.place, entry.rows, problem)

    def _known(self, entry: Any, problem: Problem) -> Verdict:
        return refused(entry.place, entry.rows, problem)

    def _progress(self, verdicts: list[Verdict]) -> None:
        advance(self.work.job, self.rows_done + sum(len(verdict.rows) for verdict in verdicts))


def chunk_of(work: Work, verdicts: list[Verdict]) -> ImportChunk:
    """The row that says what became of these entries."""
    return ImportChunk(
        tenant=work.tenant,
        job=work.job,
        first=verdicts[0].place,
        last=verdicts[-1].place,
        verdicts=[verdict.as_json() for verdict in verdicts],
    )


def _not_allowed(unit: Unit, spec: ObjectSpec, verdicts: list[Verdict]) -> dict[int, Problem]:
    """Entries whose written row the actor may not write: the access rule is asked again, as the door does."""
    bad: dict[int, Problem] = {}
    for word, action in AGAIN.items():
        rule = allowed(spec, action, unit.call.actor, "r")
        ids = {verdict.record: verdict.place for verdict in verdicts if verdict.word == word}
        if rule == TRUE or not ids:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT r.id FROM {spec.table} r WHERE r.tenant = %s AND r.id = ANY(%s) AND ({rule}) IS NOT TRUE",
                [unit.tenant, list(ids)],
            )
            bad |= {
                ids[id]: NotAllowed("not_allowed", verb=f"{spec.name}.{action}")
                for (id,) in cursor.fetchall()
            }
    return bad


def as_problem(error: Error, spec: ObjectSpec) -> Problem:
    """What the database refused, in the words of the door. Raises what is no refusal of a row, and Overtaken."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name == "import_chunk_once":
        raise Overtaken from error
    problem = refusal_of(error, spec)
    if not isinstance(problem, Problem):
        raise error
    return problem
