"""create · change · delete · verb: the four ways to write (law 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, NotAllowed, NotFound
from guantong.engine.access.grants import may_ever
from guantong.engine.door import gate
from guantong.engine.door.guard import lock_for, version_in
from guantong.engine.door.links import resolve
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.values import apply_lines, facts_from
from guantong.engine.door.work import do
from guantong.engine.objects.arguments import RowsKind, parse_values
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.spec import ObjectSpec, VerbSpec
from guantong.engine.states.unit import Unit, check_open


def create(request: Request, spec: ObjectSpec, *, preview: bool = False) -> Reply:
    """Make a record from the request's body. Raises Invalid, NotAllowed, Conflict, Refused."""

    def body(unit: Unit) -> tuple[Any, str]:
        return make(unit, spec, request.body), "create"

    reply = do(request, spec, body, preview=preview)
    return (
        reply if preview else Reply(**{**vars(reply), "status": 201 if reply.status == 200 else reply.status})
    )


def make(unit: Unit, spec: ObjectSpec, values: Any) -> Any:
    """One new record in an open unit, from a body: the same for one, a batch and an import."""
    if not may_ever(spec, "create", unit.call.actor):
        raise NotAllowed("not_allowed", verb=f"{spec.name}.create")
    facts, lines = facts_from(unit, spec, values, whole=True)
    _resolve(unit, spec, facts, lines)
    default_owner(unit, spec, facts)
    rows = [spec.line_model(**line) for line in lines or ()] if spec.line_model else None
    return unit.add(spec.model, facts, lines=rows)


def change(request: Request, spec: ObjectSpec, id: UUID, *, preview: bool = False) -> Reply:
    """Change the written fields of a record; `version` must be the one that was read."""

    def body(unit: Unit) -> tuple[Any, str]:
        return alter(unit, spec, id, request.body, preview=preview), "write" if not preview else ""

    return do(request, spec, body, preview=preview)


def alter(unit: Unit, spec: ObjectSpec, id: UUID, values: Any, *, preview: bool = False) -> Any:
    """Change one record in an open unit."""
    if not isinstance(values, dict):
        raise Invalid("not_an_object")
    values = dict(values)
    version = version_in(values, needed=not preview)
    record = lock_for(unit, spec, id, "write", version)
    facts, lines = facts_from(unit, spec, values, whole=False)
    _resolve(unit, spec, facts, lines)

    def put(record: Any) -> None:
        for name, value in facts.items():
            setattr(record, name, value)
        if lines is not None:
            apply_lines(spec, record, lines)

    unit.run(record, _changed(spec, put), {})
    record.version += 1
    return record


def _changed(spec: ObjectSpec, put: Any) -> VerbSpec:
    known = built_in(spec.model, "changed")
    return VerbSpec(name="changed", body=put, sources=(), within=known.within, after=known.after)


def delete(request: Request, spec: ObjectSpec, id: UUID, version: int | None = None) -> Reply:
    """Delete a record that nothing refers to; its facts stay in the event, and undo brings it back."""

    def body(unit: Unit) -> tuple[Any, str]:
        record = lock_for(unit, spec, id, "delete", version)
        if record.number and spec.series is not None and spec.series.on != "created":
            raise NotAllowed("numbered", object=spec.plural)
        unit.remove(record)
        return record, ""

    return do(request, spec, body)


def verb(request: Request, spec: ObjectSpec, id: UUID, name: str) -> Reply:
    """Run a verb of a record with the typed arguments in the body."""
    found = spec.verbs.get(name)
    if found is None or found.internal:
        raise NotFound("unknown_verb", verb=f"{spec.plural}.{name}")

    def body(unit: Unit) -> tuple[Any, str]:
        return act(unit, spec, id, found, {} if request.body is None else request.body), ""

    return do(request, spec, body)


def act(unit: Unit, spec: ObjectSpec, id: UUID, found: VerbSpec, values: Any) -> Any:
    """Run one verb in an open unit: lock with the right in it, arguments, state, needs, gate, body."""
    if not isinstance(values, Mapping):
        raise Invalid("not_an_object")
    values = dict(values)
    version = version_in(values)
    record = lock_for(unit, spec, id, found.name, version)
    check_open(spec, record, found)
    arguments = parse_values(found.arguments, values)
    named: list[Any] = [(arguments, found.arguments, "")]
    for argument in found.arguments:
        if isinstance(argument.kind, RowsKind):
            for index, row in enumerate(arguments.get(argument.name) or ()):
                named.append((vars(row), argument.kind.fields, f"{argument.name}.{index}."))
    resolve(unit, named)
    gate.ask(unit, spec, record, found, arguments)
    unit.run(record, found, arguments)
    record.version += 1
    return record


def _resolve(unit: Unit, spec: ObjectSpec, facts: dict[str, Any], lines: list[dict[str, Any]] | None) -> None:
    named: list[Any] = [(facts, spec.fields.values(), "")]
    for index, line in enumerate(lines or ()):
        named.append((line, spec.line_fields.values(), f"{spec.lines_name}.{index}."))
    resolve(unit, named)


def default_owner(unit: Unit, spec: ObjectSpec, facts: dict[str, Any]) -> None:
    """Make the caller the owner where none is named."""
    owner = next((f for f in spec.fields.values() if f.kind.name == "owner"), None)
    if owner is not None and facts.get(owner.name) is None:
        facts.pop(owner.name, None)
        facts[owner.attribute] = unit.call.actor.id
