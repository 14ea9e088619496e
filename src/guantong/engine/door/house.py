"""The house at work: set-up and schedules that no person asked for, through the same unit of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from guantong.engine.access.actor import Actor
from guantong.engine.access.asking import entities_of
from guantong.engine.door.drain import run_due
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.scope import scope

R = TypeVar("R")


def as_house(tenant: UUID, body: Callable[[Unit], R]) -> R:
    """Run `body` in one transaction as the house itself, then what it made due. Never reached from the API."""
    with scope(tenant):
        actor = Actor(tenant=tenant, kind="robot", name="guantong", system=True, entities=entities_of(tenant))
        unit = Unit(Call(actor=actor, channel="house"))
        with unit.open():
            result = body(unit)
            close(unit)
    run_due(tenant, list(unit.outbox))
    return result
