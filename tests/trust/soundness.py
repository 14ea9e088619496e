"""What must be true of an organization whatever has failed in it: events, outbox, keys, numbers, books."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from guantong.engine.events.event import Event, IdempotentReply
from guantong.engine.objects.registry import all_objects
from guantong.engine.org.entity import Entity
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from guantong.modules.ledger.checks import check_entity
from tests.world import World


def faults(world: World) -> list[str]:
    """Everything that is wrong; the outbox is worked off first."""
    world.settle()
    with scope(world.tenant):
        return [*_events(), *_records(), *_keys(), *_numbers(), *_books(world)]


def _events() -> list[str]:
    numbers: dict[tuple[str, Any], list[int]] = defaultdict(list)
    for name, record, number in Event.objects.values_list("object", "record", "event_no"):
        numbers[name, record].append(number)
    return [f"{name} {record}: events {sorted(found)}" for (name, record), found in numbers.items()
            if sorted(found) != list(range(1, len(found) + 1))]  # fmt: skip


def _records() -> list[str]:
    """Each record knows how many events it has had: none is lost, none came from nowhere."""
    counted: dict[tuple[str, Any], int] = defaultdict(int)
    for name, record in Event.objects.values_list("object", "record"):
        counted[name, record] += 1
    found = []
    for spec in all_objects().values():
        for id, number in spec.model.objects.values_list("id", "event_no"):
            if counted[spec.name, id] != number:
                found.append(f"{spec.name} {id}: {number} events said, {counted[spec.name, id]} there")
    return found


def _keys() -> list[str]:
    return [f"key {key} is kept without a reply" for key in
            IdempotentReply.objects.filter(status=0).values_list("key", flat=True)]  # fmt: skip


def _numbers() -> list[str]:
    """Gap-free series: what is drawn on a verb counts from one without a hole."""
    found = []
    for spec in all_objects().values():
        if spec.series is None or spec.series.on == "created":
            continue
        drawn = sorted(spec.model.objects.exclude(number="").values_list("number", flat=True))
        counts = sorted(int(number.rsplit("-", 1)[1]) for number in drawn if "-" in number)
        if counts != list(range(1, len(counts) + 1)):
            found.append(f"{spec.plural}: {counts}")
    return found


def _books(world: World) -> list[str]:
    organization = Organization.objects.get(id=world.tenant)
    return [str(text) for entity in Entity.objects.order_by("id")
            for text in check_entity(entity, organization, lambda line: None)]  # fmt: skip
