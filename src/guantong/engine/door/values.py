"""Bodies as facts: which keys may be written, and what they mean."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, Problem, Several
from guantong.engine.access.grants import hidden_fields
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.spec import ObjectSpec
from guantong.engine.states.unit import Unit

LINE_ID = "id"


def facts_from(
    unit: Unit, spec: ObjectSpec, body: Any, *, whole: bool
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """Parsed facts and lines of a body. `whole` asks for every required field. Raises Invalid or Several."""
    if not isinstance(body, dict):
        raise Invalid("not_an_object")
    hidden = hidden_fields(spec, unit.call.actor)
    problems: list[Problem] = []
    facts = _read(spec.fields, body, hidden, problems, whole=whole, skip=spec.lines_name)
    lines = _lines(spec, body, hidden, problems, new=whole)
    if problems:
        raise problems[0] if len(problems) == 1 else Several(problems)
    return facts, lines


def _read(
    fields: Any, body: dict[str, Any], hidden: frozenset[str], problems: list[Problem],
    *, whole: bool, skip: str = "", at: str = "",
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name == skip and skip:
            continue
        spec: FieldSpec | None = fields.get(name) if name not in hidden else None
        if spec is None or not spec.writable:
            problems.append(
                Invalid("unknown_field" if spec is None else "read_only", field=at + str(name)[:100])
            )
            continue
        try:
            found[name] = spec.parse(value)
        except Problem as problem:
            problem.field = at + (problem.field or name)
            problems.append(problem)
    if whole:
        missing = (s for s in fields.values() if s.required and s.writable and s.name not in body)
        problems += [Invalid("required", field=at + s.name) for s in missing if s.name not in hidden]
    return found


def _lines(
    spec: ObjectSpec, body: dict[str, Any], hidden: frozenset[str], problems: list[Problem], *, new: bool
) -> list[dict[str, Any]] | None:
    if not spec.lines_name or spec.lines_name not in body:
        return None
    try:
        rows = spec.fields[spec.lines_name].kind.parse(body[spec.lines_name], spec.fields[spec.lines_name])
    except Problem as problem:
        problems.append(problem)
        return None
    found = []
    for index, row in enumerate(rows):
        at = f"{spec.lines_name}.{index}."
        row = dict(row)
        id = row.pop(LINE_ID, None)
        facts = _read(spec.line_fields, row, hidden, problems, whole=id is None, at=at)
        if id is not None and new:
            problems.append(Invalid("unknown_line", field=at + LINE_ID))
        elif id is not None:
            try:
                facts[LINE_ID] = UUID(id)
            except (ValueError, TypeError, AttributeError):
                problems.append(Invalid("not_id", field=at + LINE_ID))
        found.append(facts)
    return found


def apply_lines(spec: ObjectSpec, record: Any, rows: list[dict[str, Any]]) -> None:
    """Make `rows` the lines of a record: known ids are changed, new ones added, missing ones removed."""
    before = {line.id: line for line in getattr(record, spec.lines_name)}
    lines = []
    for index, row in enumerate(rows):
        facts = dict(row)
        id = facts.pop(LINE_ID, None)
        if id is not None and id not in before:
            raise Invalid("unknown_line", field=f"{spec.lines_name}.{index}.id")
        line = before.pop(id) if id is not None else spec.line_model()
        for name, value in facts.items():
            setattr(line, name, value)
        lines.append(line)
    setattr(record, spec.lines_name, lines)
