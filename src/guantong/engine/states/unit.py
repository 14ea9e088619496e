"""The unit of work: everything that one transaction does to records, kept until the one closing statement.

Bodies of verbs talk to it only through records: `order.confirm()`, `create(Invoice, …)`, `lock(Order, id)`.
It locks, checks states and needs, remembers what changed and which events that makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from guantong.base.clock import now
from guantong.base.errors import Invalid, NotFound, Refused
from guantong.base.ids import uuid7
from guantong.engine.events.event import Event
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.registry import spec_of
from guantong.engine.objects.spec import ObjectSpec, VerbSpec
from guantong.engine.states import rows
from guantong.engine.states.call import Call

R = TypeVar("R")
DEEPEST = 8

_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)


def current_unit() -> Unit:
    """The unit of work that is open; verbs run only in one (law 4)."""
    unit = _unit.get()
    if unit is None:
        raise RuntimeError("a verb runs only through the door")
    return unit


@dataclass
class Unit:
    """One transaction's worth of work."""

    call: Call
    records: dict[tuple[Any, UUID], Any] = field(default_factory=dict)
    before: dict[tuple[Any, UUID], dict[str, Any] | None] = field(default_factory=dict)
    baselines: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    deleted: list[Any] = field(default_factory=list)
    appended: list[Any] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    touched: list[tuple[UUID, str, UUID, str]] = field(default_factory=list)
    outbox: list[tuple[UUID, str]] = field(default_factory=list)
    numbers: list[Any] = field(default_factory=list)
    causes: list[UUID] = field(default_factory=list)
    linked: dict[tuple[Any, UUID], Any] = field(default_factory=dict)  # read for links, not locked

    def __post_init__(self) -> None:
        self.now = now()
        self.happened_at = self.call.happened_at or self.now
        self.tenant = self.call.actor.tenant

    @property
    def happened_on(self) -> date:
        """The business day of the work: the one that was named, else today where the organization is."""
        return (self.call.happened_at is None and self.call.actor.today) or self.happened_at.date()

    @contextmanager
    def open(self) -> Iterator[Unit]:
        """Make this the unit that verbs run in."""
        token = _unit.set(self)
        try:
            yield self
        finally:
            _unit.reset(token)

    # -- records ----------------------------------------------------------------------------------

    def lock(self, model: type[R], ids: Iterable[UUID]) -> list[R]:
        """Lock records in the order of their ids (house.md 4, lock order); raises NotFound."""
        wanted = sorted(set(ids))
        missing = [id for id in wanted if (model, id) not in self.records]
        for record in rows.locked(model, self.tenant, missing) if missing else ():
            self.watch(record)
        if lost := [id for id in wanted if (model, id) not in self.records]:
            raise NotFound("not_found", object=spec_of(model).plural, id=str(lost[0]))
        return [self.records[model, id] for id in wanted]

    def watch(self, record: Any) -> Any:
        """Remember a locked record as it is now: what differs at the end is written."""
        key = (type(record), record.id)
        self.records[key] = record
        self.before[key] = rows.values(record)
        record.__dict__["_load_lines"] = self._load_lines
        return record

    def _load_lines(self, record: Any) -> list[Any]:
        spec = spec_of(record)
        found = (
            rows.lines_of(spec, self.tenant, record.id) if self.before.get((type(record), record.id)) else []
        )
        for row in found:
            row.__dict__["_state"].fields_cache["header"] = record
        record.__dict__["_lines_before"] = {row.id: rows.values(row) for row in found}
        return found

    def create(
        self,
        model: type[R],
        *,
        source: Any = None,
        purpose: str | None = None,
        lines: Sequence[Any] | None = None,
        **facts: Any,
    ) -> R:
        """Make a record. With `source` and `purpose` it is unique: a reaction may run twice."""
        return self.add(model, facts, source=source, purpose=purpose, lines=lines)

    def add(
        self,
        model: type[R],
        facts: Mapping[str, Any],
        *,
        source: Any = None,
        purpose: str | None = None,
        lines: Sequence[Any] | None = None,
        event: str = "created",
        arguments: Mapping[str, Any] | None = None,
    ) -> R:
        """`create` for the door: a field may bear any name, also that of an option (the source of a rate)."""
        spec = spec_of(model)
        kept: Any = model
        record: Any = kept(
            tenant=self.tenant,
            created_at=self.now,
            changed_at=self.now,
            happened_at=self.happened_at,
            created_by=self.call.actor.id,
            changed_by=self.call.actor.id,
            **facts,
        )
        if source is not None:
            record.source_object, record.source_id, record.purpose = spec_of(source).name, source.id, purpose
        if spec.is_document and record.entity_id is None:
            entity = self.call.actor.entity()
            record.entity_id = UUID(entity["id"]) if entity else None
        key = (model, record.id)
        self.records[key], self.before[key] = record, None
        record.__dict__["_lines_before"] = {}
        record.__dict__["_load_lines"] = self._load_lines
        if spec.line_model is not None:
            setattr(record, spec.lines_name, list(lines or ()))
        self._finish(spec, record)
        verb = built_in(kept, event)
        self.record_event(spec, record, verb, "", rows.changes(spec, {}, record), arguments or {})
        if spec.series is not None and spec.series.on == "created" and not record.number:
            self.numbers.append(record)
        return record

    def append(self, row: Any) -> None:
        """Insert a row of an append-only table with the closing statement."""
        row.tenant = self.tenant
        self.appended.append(row)

    def remove(self, record: Any) -> None:
        """Delete a locked record; its facts stay in the event."""
        spec = spec_of(record)
        facts = {name: [old, None] for name, (_, old) in rows.changes(spec, {}, record, lines=True).items()}
        self.record_event(spec, record, built_in(spec.model, "deleted"), _state(record), facts, {})
        self.deleted.append(record)

    # -- verbs ------------------------------------------------------------------------------------

    def nested(self, record: Any, verb: VerbSpec, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """A verb called from a body or a reaction: trusted code, state and needs are still checked."""
        if (type(record), record.id) not in self.records:
            raise RuntimeError(f"{type(record).__name__}.{verb.name}: lock the record first")
        names = [argument.name for argument in verb.arguments]
        self.run(record, verb, dict(zip(names, args, strict=False)) | dict(kwargs))

    def run(self, record: Any, verb: VerbSpec, arguments: Mapping[str, Any]) -> None:
        """Check state and needs, do the body, and note the event."""
        spec = spec_of(record)
        check_open(spec, record, verb)
        baseline = rows.facts(spec, record)
        self.baselines.append((record, baseline))
        event = self.record_event(spec, record, verb, _state(record), {}, arguments)
        self.causes.append(event.id)
        try:
            verb.body(record, **arguments)
        finally:
            self.causes.pop()
            self.baselines.pop()
        if verb.to is not None:
            record.state = verb.to
        event.to_state = _state(record)
        self._finish(spec, record)
        event.changes = rows.changes(spec, baseline, record)
        for outer, facts in self.baselines:
            if outer is record:
                facts.update(
                    {name: rows.facts(spec, record)[name] for name in event.changes if name in facts}
                )
        if spec.series is not None and spec.series.on == verb.name and not record.number:
            self.numbers.append(record)
        self._react_within(record, verb, event)

    def _finish(self, spec: ObjectSpec, record: Any) -> None:
        record.derive()
        rows.validate(spec, record)
        record.verify()

    def _react_within(self, record: Any, verb: VerbSpec, event: Event) -> None:
        self.causes.append(event.id)
        try:
            for reaction in verb.within:
                reaction.body(record)
        finally:
            self.causes.pop()

    def record_event(
        self,
        spec: ObjectSpec,
        record: Any,
        verb: VerbSpec,
        from_state: str,
        changes: dict[str, Any],
        arguments: Mapping[str, Any],
    ) -> Event:
        """Append the event of a verb, the objects it touched and the reactions that are due."""
        depth = self.call.depth + len(self.causes)
        if depth > DEEPEST:
            raise Refused("too_deep", verb=f"{spec.name}.{verb.name}")
        record.event_no += 1
        actor = self.call.actor
        event = Event(
            tenant=self.tenant,
            id=uuid7(),
            object=spec.name,
            record=record.id,
            event_no=record.event_no,
            verb=verb.name,
            from_state=from_state,
            to_state=_state(record),
            entity=getattr(record, "entity_id", None),
            actor=actor.id,
            actor_kind=actor.kind,
            team=actor.team,
            happened_at=self.happened_at,
            recorded_at=self.now,
            cause=self.causes[-1] if self.causes else self.call.cause,
            depth=depth,
            arguments=rows.plain(arguments),
            changes=changes,
            request=self.call.request[:64],
        )
        self.events.append(event)
        self.touched.append((event.id, spec.name, record.id, "self"))
        self.outbox += [
            (event.id, reaction.name) for reaction in verb.after if reaction.name not in self.call.off
        ]
        if verb.name in ("created", "changed", "deleted", "adopted"):
            self._react_within(record, verb, event)
        return event

    def touch(self, record: Any, role: str) -> None:
        """Say that the verb at work also concerns `record`, in that role."""
        self.touched.append((self.causes[-1], spec_of(record).name, record.id, role))


def check_open(spec: ObjectSpec, record: Any, verb: VerbSpec) -> None:
    """Raise Refused in a wrong state (409) and Invalid for what is still missing (422)."""
    if verb.sources and _state(record) not in verb.sources:
        raise Refused("wrong_state", verb=f"{spec.name}.{verb.name}", state=_state(record), open=verb.sources)
    for name in verb.needs:
        missing = not getattr(record, spec.field(name).attribute)
        if missing:
            raise Invalid("needed", field=name, verb=f"{spec.name}.{verb.name}")


def _state(record: Any) -> str:
    return getattr(record, "state", "") or ""


def create(model: type[R], **facts: Any) -> R:
    """Make a record from the body of a verb or reaction; see `Unit.create`."""
    return current_unit().create(model, **facts)


def lock(model: type[R], id: UUID) -> R:
    """Lock one record from the body of a verb or reaction."""
    return current_unit().lock(model, [id])[0]
