"""Reports: named readings that a module provides, with who may read them and typed parameters (days, words)."""

from __future__ import annotations

import inspect
import json
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guantong.base.errors import Invalid, NotAllowed, NotFound
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import AUDIT_ROLE
from guantong.engine.access.rules import TRUE, Rule
from guantong.engine.fields.spec import MISSING, FieldSpec
from guantong.engine.objects.arguments import field_spec, parse_values

READABLE = (date, datetime, str)


@dataclass(frozen=True)
class Report:
    """A function from an entity and parameters to plain values ready for JSON."""

    name: str
    body: Callable[..., dict[str, Any]]
    rule: Rule
    parameters: tuple[FieldSpec, ...]

    def may_read(self, actor: Actor) -> bool:
        """Whether the actor's roles allow it; auditors read everything."""
        return actor.system or AUDIT_ROLE in actor.roles or self.rule.sql(actor, "r", "") == TRUE


_reports: dict[str, Report] = {}


def provide(name: str, body: Callable[..., dict[str, Any]], rule: Rule) -> None:
    """Register a report; its parameters are the annotated days and words of its signature."""
    hints = typing.get_type_hints(body)
    found = []
    for parameter in list(inspect.signature(body).parameters.values())[1:]:
        kinds = set(typing.get_args(hints.get(parameter.name))) or {hints.get(parameter.name)}
        if kinds - {type(None)} <= set(READABLE) and parameter.kind is parameter.KEYWORD_ONLY:
            default = MISSING if parameter.default is parameter.empty else parameter.default
            found.append(field_spec(parameter.name, hints[parameter.name], default))
    _reports[name] = Report(name, body, rule, tuple(found))


def all_reports(actor: Actor) -> list[dict[str, Any]]:
    """The reports that the actor may read, with their parameters."""
    return [
        {
            "name": report.name,
            "parameters": [{"name": p.name, "required": p.required} for p in report.parameters],
        }
        for report in _reports.values()
        if report.may_read(actor)
    ]


def read_report(name: str, actor: Actor, asked: Mapping[str, str]) -> str:
    """A report as JSON text. Raises NotFound, NotAllowed, Invalid. Needs an open scope."""
    report = _reports.get(name)
    if report is None:
        raise NotFound("unknown_report", report=name[:60])
    if not report.may_read(actor):
        raise NotAllowed("not_allowed", verb=f"report.{name}")
    values = dict(asked)
    entity = _entity(actor, values.pop("entity", ""))
    return json.dumps(report.body(entity, **parse_values(report.parameters, values)), ensure_ascii=False)


def _entity(actor: Actor, text: str) -> UUID:
    try:
        found = actor.entity(UUID(text) if text else None)
    except ValueError:
        found = None
    if found is None or (actor.entity_ids and UUID(found["id"]) not in actor.entity_ids):
        raise Invalid("unknown_link", field="entity")
    return UUID(found["id"])
