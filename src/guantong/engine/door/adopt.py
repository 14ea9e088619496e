"""Going live in the middle: `adopt` puts a document mid-chain with what was done before (business.md 2, row 7).

It has a right of its own, asks for a reason and the cut-over day, makes the event `adopted`, and marks the
record: adopted cases never count in durations. It posts nothing: opening balances come from the old books.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from guantong.base.errors import Invalid, NotAllowed, NotFound
from guantong.engine.access.grants import may_ever
from guantong.engine.door.links import resolve
from guantong.engine.door.request import Reply, Request
from guantong.engine.door.values import facts_from
from guantong.engine.door.work import do
from guantong.engine.door.write import default_owner
from guantong.engine.fields.spec import MISSING, FieldSpec
from guantong.engine.objects.arguments import field_spec, parse_values
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit

WHY = (field_spec("reason", str, MISSING), field_spec("cut_over_on", date, MISSING))
HOUSEKEEPING = (
    "id",
    "version",
    "created_at",
    "created_by",
    "changed_at",
    "changed_by",
    "happened_at",
    "adopted",
)
SOURCES = (
    "source_object",
    "source_id",
    "purpose",
    "position",
    "source_line",
    "source_quantity",
    "source_amount",
)
NEVER = frozenset(HOUSEKEEPING + SOURCES)


def adopt(request: Request, spec: ObjectSpec) -> Reply:
    """Take over a running document: `{"reason", "cut_over_on", "state", …facts, done-to-date figures included}`.

    Only objects that name `adopt_states` can be adopted, and only into those. Raises Invalid, NotAllowed.
    """
    if not spec.model.adopt_states:
        raise NotFound("unknown_verb", verb=f"{spec.plural}.adopt")

    def body(unit: Unit) -> tuple[Any, str]:
        return take_over(unit, spec, request.body), ""

    reply = do(request, spec, body)
    return replace(reply, status=201 if reply.status == 200 else reply.status)


def take_over(unit: Unit, spec: ObjectSpec, values: Any) -> Any:
    """Adopt one document in an open unit."""
    if not may_ever(spec, "adopt", unit.call.actor):
        raise NotAllowed("not_allowed", verb=f"{spec.name}.adopt")
    if not isinstance(values, dict):
        raise Invalid("not_an_object")
    why = parse_values(WHY, {key: values[key] for key in ("reason", "cut_over_on") if key in values})
    rest = {key: value for key, value in values.items() if key not in why}
    if rest.get("state") not in spec.model.adopt_states:
        raise Invalid("not_a_choice", field="state", choices=", ".join(spec.model.adopt_states))
    open_spec = replace(spec, fields=opened(spec.fields), line_fields=opened(spec.line_fields))
    facts, lines = facts_from(unit, open_spec, rest, whole=True)
    resolve(unit, [(facts, spec.fields.values(), "")])
    resolve(
        unit,
        [(line, spec.line_fields.values(), f"{spec.lines_name}.{i}.") for i, line in enumerate(lines or ())],
    )
    rows = [spec.line_model(**line) for line in lines or ()] if spec.line_model else None
    default_owner(unit, spec, facts)
    return unit.add(spec.model, {**facts, "adopted": True}, lines=rows, event="adopted", arguments=why)


def opened(fields: Any) -> dict[str, FieldSpec]:
    """The fields with done-to-date figures, state and number writable too."""
    return {
        name: field if field.writable or name in NEVER else replace(field, writable=True, required=False)
        for name, field in fields.items()
    }
