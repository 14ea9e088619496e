"""The job `import_undo`: takes back what an import wrote and nobody has touched since, the last row first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from guantong.base.errors import NotFound, Problem
from guantong.engine.door.undo import reverse
from guantong.engine.events.event import Event
from guantong.engine.exchange.chunk import ChunkWriter, Overtaken
from guantong.engine.exchange.counts import counts_of, verdicts_of
from guantong.engine.exchange.upload import ImportChunk
from guantong.engine.exchange.verdict import Verdict, refused
from guantong.engine.jobs.job import Job
from guantong.engine.jobs.task import task
from guantong.engine.objects.registry import object_called
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

AT_ONCE = 200


@dataclass(frozen=True)
class Written:
    """One record that the import wrote. `place` counts backwards through the file."""

    place: int
    rows: list[int]
    record: UUID
    event: UUID


class UndoWork:
    """The taking back of one import."""

    def __init__(self, tenant: UUID, job: UUID, user: UUID, spec: ObjectSpec) -> None:
        self.tenant, self.job, self.user, self.spec = tenant, job, user, spec
        self.events: dict[UUID, Event] = {}

    def prepare(self, unit: Unit, entries: Sequence[Written]) -> None:
        """Read the events to take back."""
        self.events = {
            event.id: event for event in Event.objects.filter(id__in=[entry.event for entry in entries])
        }

    def act(self, unit: Unit, entry: Written) -> Verdict:
        """Reverse one event. Raises a Problem where that cannot be."""
        event = self.events.get(entry.event)
        if event is None:
            raise NotFound("not_found")
        reverse(unit, self.spec, event)
        return Verdict(entry.place, entry.rows, "taken_back", entry.record, entry.event)


class UndoWriter(ChunkWriter):
    """As for an import; what could not be taken back is kept, with the reason."""

    def _one(self, unit: Unit, entry: Written) -> Verdict:
        return _as_kept(super()._one(unit, entry))

    def _known(self, entry: Written, problem: Problem) -> Verdict:
        return refused(entry.place, entry.rows, problem, "kept")


def _as_kept(verdict: Verdict) -> Verdict:
    if verdict.word == "refused":
        verdict.word = "kept"
    return verdict


@task("import_undo")
def run_undo(tenant: UUID, job: UUID) -> None:
    """Take back an import to its end."""
    with scope(tenant):
        asked = Job.objects.get(id=job)
        origin = UUID(asked.arguments["import"])
        spec = object_called(asked.arguments["object"])
        written = list(_written(origin))
        done = ImportChunk.objects.filter(job=job).order_by("-last").values_list("last", flat=True).first()
        Job.objects.filter(id=job).update(total=sum(len(entry.rows) for entry in written))
    writer = UndoWriter(UndoWork(tenant, job, asked.owner, spec), lambda verdicts: None)
    left = [entry for entry in written if done is None or entry.place > done]
    writer.rows_done = sum(len(entry.rows) for entry in written) - sum(len(entry.rows) for entry in left)
    try:
        for start in range(0, len(left), AT_ONCE):
            writer.write(left[start : start + AT_ONCE])
    except Overtaken:
        return
    with scope(tenant):
        Job.objects.filter(id=job).update(
            result={**counts_of(job), "object": spec.plural, "import": str(origin)}
        )


def _written(origin: UUID) -> Iterator[Written]:
    verdicts = [verdict for verdict in verdicts_of(origin) if verdict.record and verdict.event]
    for place, verdict in enumerate(reversed(verdicts)):
        yield Written(place, verdict.rows, verdict.record, verdict.event)  # type: ignore[arg-type]
