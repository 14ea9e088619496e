"""Days of documents: the one that was named, else the actor's today."""

from __future__ import annotations

from datetime import date

from guantong.base.errors import Invalid
from guantong.engine.states.unit import current_unit


def day_or_today(on: date | None = None) -> date:
    """The day that was named, else that of the work. Raises Invalid: in_future."""
    unit = current_unit()
    today = unit.call.actor.today or unit.now.date()
    if on is not None and on > today:
        raise Invalid("in_future", field="on")
    return on or unit.happened_on
