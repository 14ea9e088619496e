"""Give numbers to the records of a unit, last of all locks (house.md 4)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from guantong.engine.numbering.draw import draw
from guantong.engine.objects.registry import spec_of
from guantong.engine.states.unit import Unit


def give_numbers(unit: Unit) -> None:
    """One statement for all series; records of one series take their numbers in the order of creation."""
    waiting = [record for record in unit.numbers if not record.number]
    if not waiting:
        return
    keys = [_series(record).key(record, unit.happened_on) for record in waiting]
    last = draw(unit.tenant, Counter(keys))
    left = Counter(keys)
    posting = {(event.record, event.verb): event for event in unit.events}
    for record, key in zip(waiting, keys, strict=True):
        left[key] -= 1
        entity = _code(unit, record)
        record.number = _series(record).render(last[key] - left[key], record, unit.happened_on, entity)
        if event := posting.get((record.id, _series(record).on)):
            event.changes["number"] = ["", record.number]


def _series(record: Any) -> Any:
    return spec_of(record).series


def _code(unit: Unit, record: Any) -> str:
    """The code of the entity; hidden while there is only one."""
    entities = unit.call.actor.entities
    if not getattr(record, "entity_id", None) or len(entities) < 2 or not _series(record).per_entity:
        return ""
    entity = unit.call.actor.entity(record.entity_id)
    return entity["code"] if entity else ""
