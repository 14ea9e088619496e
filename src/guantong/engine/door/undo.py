"""Undo an event: the inverse goes through the same rights and checks, and is an event of its own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guantong.base.errors import NotFound, Refused
from guantong.engine.door.guard import lock_for
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.work import do
from guantong.engine.door.write import act, alter, make
from guantong.engine.events.event import Event
from guantong.engine.objects.registry import by_name
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.rows import changes
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope


def undo(request: Request, event_id: UUID) -> Reply:
    """Take back a creation, a change, a deletion or a verb that names its inverse. Raises NotFound, Refused."""
    with scope(request.credentials.tenant):
        event = Event.objects.filter(id=event_id).first()
    spec = by_name().get(event.object) if event else None
    if event is None or spec is None:
        raise NotFound("not_found")

    def body(unit: Unit) -> tuple[Any, str]:
        return reverse(unit, spec, event), "create" if event.verb == "deleted" else ""

    return do(request, spec, body)


def reverse(unit: Unit, spec: ObjectSpec, event: Event) -> Any:
    """The inverse of one event in an open unit."""
    if event.verb == "created":
        record = lock_for(unit, spec, event.record, "delete")
        if record.event_no != event.event_no:
            raise Refused("changed_since", object=spec.plural)
        unit.remove(record)
        return record
    if event.verb == "changed":
        return _change_back(unit, spec, event)
    if event.verb == "deleted":
        return _bring_back(unit, spec, event)
    verb = spec.verbs.get(event.verb)
    if verb is None or verb.undo is None:
        raise Refused("cannot_undo", verb=f"{spec.name}.{event.verb}")
    inverse = spec.verbs[verb.undo]
    if inverse is verb:
        return act(unit, spec, event.record, verb, _as_before(unit, spec, event))
    known = {argument.name for argument in inverse.arguments}
    arguments = {name: _plain(value) for name, value in event.arguments.items() if name in known}
    if "event" in known:
        arguments["event"] = str(event.id)
    return act(unit, spec, event.record, inverse, arguments)


def _as_before(unit: Unit, spec: ObjectSpec, event: Event) -> dict[str, Any]:
    """The arguments with which a verb that is its own inverse (assign) brings back what stood before it."""
    record = lock_for(unit, spec, event.record, event.verb)
    found = {}
    for name, value in event.arguments.items():
        for changed, (was, now) in event.changes.items():
            if now is None or _plain(now) != _plain(value):
                continue
            field = spec.fields[changed]
            if field.kind.to_json(getattr(record, field.attribute)) != now:
                raise Refused("changed_since", object=spec.plural, field=changed)
            found[name] = _plain(was)
    return found


def _change_back(unit: Unit, spec: ObjectSpec, event: Event) -> Any:
    record = lock_for(unit, spec, event.record, "write")
    old = {}
    for name, (was, now) in event.changes.items():
        field = spec.fields.get(name)
        if name == spec.lines_name:
            raise Refused("cannot_undo", verb=f"{spec.name}.changed")
        if field is None or not field.writable:
            continue
        if field.kind.to_json(getattr(record, field.attribute)) != now:
            raise Refused("changed_since", object=spec.plural, field=name)
        old[name] = was
    return alter(unit, spec, event.record, {**old, "version": record.version})


def _bring_back(unit: Unit, spec: ObjectSpec, event: Event) -> Any:
    if spec.model.objects.filter(id=event.record).exists():
        raise Refused("changed_since", object=spec.plural)
    facts = {name: was for name, (was, _) in event.changes.items()}
    body = {
        name: value for name, value in facts.items() if name in spec.fields and spec.fields[name].writable
    }
    if spec.lines_name and spec.lines_name in facts:
        body[spec.lines_name] = [
            {
                name: value
                for name, value in line.items()
                if value is not None and spec.line_fields[name].writable
            }
            for line in facts[spec.lines_name]
        ]
    record = make(unit, spec, body)
    _same_identity(unit, record, event)
    _same_facts(unit, spec, record, facts)
    return record


def _same_facts(unit: Unit, spec: ObjectSpec, record: Any, facts: dict[str, Any]) -> None:
    """What only the system writes (number, state, counters, totals) is as it was, and so says the event."""
    for name, field in spec.fields.items():
        if not field.writable and name in facts and facts[name] is not None:
            setattr(record, field.attribute, field.kind.parse(facts[name], field))
    unit.events[-1].changes = changes(spec, {}, record, lines=bool(spec.lines_name))


def _same_identity(unit: Unit, record: Any, event: Event) -> None:
    """The record returns under its old id, its numbering of events goes on."""
    made = unit.events[-1]
    del unit.records[type(record), record.id], unit.before[type(record), record.id]
    unit.touched = [(e, o, event.record if r == record.id else r, role) for e, o, r, role in unit.touched]
    record.id = made.record = event.record
    record.event_no = made.event_no = event.event_no + 1
    unit.records[type(record), record.id], unit.before[type(record), record.id] = record, None
    for line in record.__dict__.get("_lines") or ():
        line.header_id = record.id


def _plain(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and set(value) == {"object", "id"} else value
