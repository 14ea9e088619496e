"""The typed arguments of a verb, read from its method's signature."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db import models

from guantong.base.errors import Invalid, Problem, Several
from guantong.engine.fields.amount import DecimalKind
from guantong.engine.fields.choice import ChoiceKind
from guantong.engine.fields.kind import Kind, wrong
from guantong.engine.fields.link import LinkKind
from guantong.engine.fields.simple import (
    BooleanKind,
    DateKind,
    IdentityKind,
    IntegerKind,
    JsonKind,
    MomentKind,
)
from guantong.engine.fields.spec import MISSING, FieldSpec
from guantong.engine.fields.text import TextKind
from guantong.engine.objects.spec import VerbSpec

PLAIN: dict[Any, type[Kind]] = {
    str: TextKind,
    bool: BooleanKind,
    int: IntegerKind,
    Decimal: DecimalKind,
    date: DateKind,
    datetime: MomentKind,
    UUID: IdentityKind,
    dict: JsonKind,
}


class RowsKind(Kind):
    """A list of small typed rows (the splits of an allocation), declared as a dataclass."""

    name = "rows"
    ops = ()
    sortable = False

    def __init__(self, row: type) -> None:
        self.row = row
        self.fields = tuple(
            field_spec(f.name, hint, MISSING if f.default is dataclasses.MISSING else f.default)
            for f, hint in zip(dataclasses.fields(row), _hints(row).values(), strict=True)
        )

    def parse(self, value: Any, spec: FieldSpec) -> list[Any]:
        if not isinstance(value, list) or len(value) > 1000:
            raise wrong("not_lines", spec)
        return [self._row(row, f"{spec.name}.{index}") for index, row in enumerate(value)]

    def _row(self, value: Any, at: str) -> Any:
        if not isinstance(value, dict):
            raise Invalid("not_lines", field=at)
        return self.row(**parse_values(self.fields, value, at=at))

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {
            "type": "array",
            "maxItems": 1000,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {f.name: f.kind.schema(f) for f in self.fields},
                "required": [f.name for f in self.fields if f.required],
            },
        }


def parse_values(fields: tuple[FieldSpec, ...], values: dict[str, Any], *, at: str = "") -> dict[str, Any]:
    """Read `values` by `fields`; raises Several with every problem found. Unknown keys are problems."""
    problems: list[Problem] = []
    found = {}
    for key in values.keys() - {f.name for f in fields}:
        problems.append(Invalid("unknown_field", field=f"{at}.{key}" if at else key))
    for spec in fields:
        if spec.name not in values:
            if spec.required:
                problems.append(Invalid("required", field=f"{at}.{spec.name}" if at else spec.name))
            continue
        try:
            found[spec.name] = spec.parse(values[spec.name])
        except Problem as problem:
            problem.field = f"{at}.{problem.field}" if at and problem.field else problem.field
            problems.append(problem)
    if problems:
        raise problems[0] if len(problems) == 1 else Several(problems)
    return found


def arguments_of(verb: VerbSpec) -> VerbSpec:
    """`verb` with the specification of its arguments."""
    hints = _hints(verb.body)
    parameters = list(inspect.signature(verb.body).parameters.values())[1:]
    arguments = tuple(
        field_spec(p.name, hints[p.name], MISSING if p.default is p.empty else p.default) for p in parameters
    )
    object.__setattr__(verb, "arguments", arguments)
    return verb


def field_spec(name: str, hint: Any, default: Any) -> FieldSpec:
    """The FieldSpec of one annotated argument."""
    options = typing.get_args(hint) if typing.get_origin(hint) in (types.UnionType, typing.Union) else ()
    optional = type(None) in options
    if optional:
        hint = next(option for option in options if option is not type(None))
    spec = {"required": default is MISSING and not optional, "nullable": optional, "default": default}
    if typing.get_origin(hint) is list:
        return FieldSpec(name=name, attribute=name, kind=_rows(typing.get_args(hint)[0]), **spec)
    if isinstance(hint, type) and issubclass(hint, models.Model):
        return FieldSpec(name=name, attribute=name, kind=LinkKind(), target=hint, **spec)
    if isinstance(hint, type) and issubclass(hint, models.TextChoices):
        return FieldSpec(name=name, attribute=name, kind=ChoiceKind(), choices=tuple(hint.values), **spec)
    if hint not in PLAIN:
        raise TypeError(f"argument {name}: no kind for {hint}")
    decimal: dict[str, Any] = {"places": 10, "digits": 24} if hint is Decimal else {}
    return FieldSpec(name=name, attribute=name, kind=PLAIN[hint](), **decimal, **spec)


@cache
def _rows(row: type) -> RowsKind:
    return RowsKind(row)


def _hints(source: Any) -> dict[str, Any]:
    return typing.get_type_hints(source)
