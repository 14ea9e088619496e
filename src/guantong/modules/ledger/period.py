"""Period 会计期间: a month of one legal entity's books. Open until finance closes it; `post` asks it first."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.calendar import end_of_month
from guantong.base.errors import Invalid, Refused
from guantong.engine.access import nobody, role
from guantong.engine.fields import Link, State
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import Entity
from guantong.engine.states import transition, verb


class Period(BusinessObject):
    """A month of an entity's books."""

    entity = Link(Entity)
    month = models.CharField(max_length=7)
    starts_on = models.DateField(null=True, editable=False)
    ends_on = models.DateField(null=True, editable=False)
    reason = models.CharField(max_length=200, blank=True, editable=False)
    state = State("open", "closed")

    @transition("open", to="closed", undo="reopen")
    def close(self, reason: str = "") -> None:
        """Take no more entries into this month. Raises Refused while an earlier month is open."""
        earlier = self._others().filter(month__lt=self.month, state="open").order_by("month").first()
        if earlier:
            raise Refused("earlier_period_open", month=earlier.month)
        self.reason = reason

    @transition("closed", to="open", undo="close")
    def reopen(self, reason: str) -> None:
        """Take entries into this month again. Raises Refused while a later month is closed."""
        later = self._others().filter(month__gt=self.month, state="closed").order_by("-month").first()
        if later:
            raise Refused("later_period_closed", month=later.month)
        self.reason = reason

    @verb("open", money=True)
    def revalue(self) -> None:
        """Bring monetary items in foreign currency to the rate of the month's end (see `revalue.py`)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "entity", "month"], name="ledger_period_month")
        ]

    class Access:
        read = role("finance", "administrator")
        create = close = reopen = revalue = role("finance")
        write = nobody

    class Screen:
        title = "month"
        list = "month entity state reason"
        form = {"period": "entity month"}

    plural = "periods"

    def _others(self) -> models.QuerySet[Period]:
        return Period.objects.filter(entity_id=self.entity_id).exclude(id=self.id)

    def derive(self) -> None:
        """Work out the first and the last day. Raises Invalid unless the month reads 2026-03."""
        try:
            self.starts_on = date.fromisoformat(f"{self.month}-01")
            if month_of(self.starts_on) != self.month:
                raise ValueError(self.month)
        except ValueError:
            raise Invalid("not_a_month", field="month", month=self.month) from None
        self.ends_on = end_of_month(self.starts_on)


def month_of(day: date) -> str:
    """The month that a day falls in, as periods name it."""
    return f"{day.year:04d}-{day.month:02d}"
