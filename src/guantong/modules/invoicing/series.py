"""Days of documents, and numbers that count within the year of that day, not of the recording (凭证年度)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.numbering import Series
from guantong.engine.states.unit import current_unit


@dataclass(frozen=True)
class SeriesByDay(Series):
    """A series whose year is that of the field `day`."""

    day: str = "issued_on"

    def key(self, record: Any, day: date) -> str:
        return super().key(record, getattr(record, self.day) or day)

    def render(self, value: int, record: Any, day: date, entity_code: str = "") -> str:
        return super().render(value, record, getattr(record, self.day) or day, entity_code)


def day_or_today(on: date | None = None) -> date:
    """The day that was named, else that of the work. Raises Invalid: in_future."""
    unit = current_unit()
    today = unit.call.actor.today or unit.now.date()
    if on is not None and on > today:
        raise Invalid("in_future", field="on")
    return on or unit.happened_on
