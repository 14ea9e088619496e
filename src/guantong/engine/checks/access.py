"""Default deny, said out loud: who reads, who may call each verb, and no name in Access that is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from guantong.base.ids import uuid7
from guantong.engine.access.actor import ROLES, Actor
from guantong.engine.access.grants import may_ever
from guantong.engine.access.rules import AllOf, AnyOf, Rule, When
from guantong.engine.objects.spec import ObjectSpec

ACTIONS = ("read", "create", "write", "delete", "adopt", "fields")
NOBODY_ID = uuid7()


def problems(spec: ObjectSpec) -> Iterator[str]:
    """Say which rules are missing, name nothing, or let nobody in."""
    rules = {name: rule for name, rule in vars(spec.model.Access).items() if not name.startswith("_")}
    if "read" not in rules:
        yield "Access.read is missing: nobody could read it"
    for name in rules:
        if name not in ACTIONS and name not in spec.verbs:
            yield f"Access.{name} is neither an action nor a verb"
    for name, rule in rules.get("fields", {}).items():
        if name not in spec.fields and name not in spec.line_fields:
            yield f"Access.fields names {name}, which is no field"
        yield from _conditions(spec, f"fields.{name}", rule)
    for name, rule in rules.items():
        if name != "fields":
            yield from _conditions(spec, name, rule)
    for verb in spec.verbs.values():
        if not verb.internal and not roles_for(spec, verb.name):
            yield f"{verb.name} is open to no role: give it a line in Access, or make it internal"


def roles_for(spec: ObjectSpec, action: str) -> list[str]:
    """The roles that could ever do `action`; a colleague without one counts as ""."""
    return [name for name in ("", *ROLES) if may_ever(spec, action, someone(name))]


def someone(role: str) -> Actor:
    """A colleague with one role who leads a team."""
    roles = frozenset([role] if role else [])
    return Actor(tenant=NOBODY_ID, id=NOBODY_ID, roles=roles, circle=(NOBODY_ID,))


def _conditions(spec: ObjectSpec, action: str, rule: Rule) -> Iterator[str]:
    if isinstance(rule, AnyOf | AllOf):
        for part in rule.parts:
            yield from _conditions(spec, action, part)
    if isinstance(rule, When):
        for column, words in rule.conditions:
            field = spec.fields.get(column)
            if field is None:
                yield f"Access.{action} asks for {column}, which is no field"
            elif unknown := [word for word in words if word not in field.choices]:
                yield f"Access.{action} asks for {column}={unknown[0]}, which it never is"
