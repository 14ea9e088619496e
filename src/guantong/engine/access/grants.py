"""What an object's Access class says, as SQL for one actor. Default deny."""

from __future__ import annotations

from functools import cache
from typing import Any

from guantong.engine.access.actor import Actor
from guantong.engine.access.rules import FALSE, TRUE, Rule, nobody, role

AUDIT_ROLE = "auditor"


@cache
def rule_of(model: Any, action: str) -> Rule:
    """The rule for `read`, `create`, `write`, `delete` or a verb.

    A verb without a line of its own uses the *who* of write; its states are its own (house.md 4).
    """
    access = model.Access
    own_line = getattr(access, action, None)
    if own_line is not None:
        return own_line
    write = getattr(access, "write", nobody)
    if action == "read":
        return nobody
    if action == "write":
        return write
    if action == "delete":
        return write
    if action == "adopt":
        return role("administrator")
    return write.who()


def allowed(spec: Any, action: str, actor: Actor, alias: str) -> str:
    """The SQL condition under which `actor` may do `action` to the row `alias`."""
    if actor.system:
        return TRUE
    if action == "read" and AUDIT_ROLE in actor.roles:
        return _entities(spec, actor, alias)
    rule = rule_of(spec.model, action).sql(actor, alias, spec.owner_column)
    if rule == FALSE:
        return FALSE
    limits = [sql for sql in (rule, _entities(spec, actor, alias)) if sql != TRUE]
    return f"({' AND '.join(limits)})" if limits else TRUE


def may_ever(spec: Any, action: str, actor: Actor) -> bool:
    """Whether the actor's roles could ever allow the action: decides between an absent and a closed verb."""
    return allowed(spec, action, actor, "r") != FALSE


def hidden_fields(spec: Any, actor: Actor) -> frozenset[str]:
    """Fields that the actor may not read: not shown, filtered, sorted, grouped, searched or exported."""
    rules = getattr(spec.model.Access, "fields", {})
    if actor.system or AUDIT_ROLE in actor.roles:
        return frozenset()
    return frozenset(name for name, rule in rules.items() if rule.sql(actor, "r", "") == FALSE)


def _entities(spec: Any, actor: Actor, alias: str) -> str:
    if not actor.entity_ids or not spec.is_document:
        return TRUE
    ids = ",".join(f"'{entity}'" for entity in actor.entity_ids)
    return f'{alias}."entity_id" = ANY(ARRAY[{ids}]::uuid[])'
