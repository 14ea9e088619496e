"""A place in a unit of work to go back to: one bad row must not cost the rows before it."""

from __future__ import annotations

from typing import Any

from guantong.engine.states.unit import Unit

LISTS = ("deleted", "appended", "events", "touched", "outbox", "numbers")


class Mark:
    """Remembers how far a unit had come."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.records = len(unit.records)
        self.lengths = {name: len(getattr(unit, name)) for name in LISTS}

    def go_back(self) -> bool:
        """Take out what came since; False when it reached into earlier records, which cannot be taken out."""
        unit = self.unit
        keys: list[Any] = list(unit.records)
        earlier = {id for _, id in keys[: self.records]}
        if any(event.record in earlier for event in unit.events[self.lengths["events"] :]):
            return False
        for key in keys[self.records :]:
            del unit.records[key], unit.before[key]
        for name, length in self.lengths.items():
            del getattr(unit, name)[length:]
        return True
