"""ExchangeRate: what a unit of a currency was worth on a day. Rows are added, never changed: books may rest on them."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, nobody, role
from guantong.engine.fields import Currency, Rate
from guantong.engine.objects import BusinessObject


class ExchangeRate(BusinessObject):
    """Units of the base currency for one unit of a currency, from a day on; the row recorded last corrects."""

    currency = Currency()
    base_currency = Currency(default="CNY")
    rate = Rate()
    on = models.DateField()
    published_by = models.CharField(max_length=60, blank=True)

    append_only = True

    class Meta:
        indexes = [models.Index(fields=["tenant", "currency", "base_currency", "on"], name="ledger_rate_on")]

    class Access:
        read = everyone
        create = role("finance")
        write = nobody

    class Screen:
        title = "currency"
        list = "currency base_currency rate on published_by"
        form = {"exchange_rate": "currency base_currency rate on published_by"}

    plural = "exchange_rates"

    def verify(self) -> None:
        """Raise Invalid for a rate that is not above zero, or between equal currencies."""
        if self.rate <= 0:
            raise Invalid("rate_not_above_zero", field="rate")
        if self.currency == self.base_currency:
            raise Invalid("rate_of_same_currency", field="currency")


def rate_on(currency: str, base_currency: str, on: date) -> ExchangeRate:
    """The latest rate on or before a day. Raises Invalid: no_exchange_rate. One statement."""
    known = ExchangeRate.objects.filter(currency=currency, base_currency=base_currency, on__lte=on)
    found = known.order_by("-on", "-created_at", "-id").first()
    if found is None:
        raise no_rate(currency, base_currency, on)
    return found


def no_rate(currency: str, base_currency: str, on: date) -> Invalid:
    """A missing rate is an error, never zero or one."""
    return Invalid("no_exchange_rate", field="rate", source=currency, to=base_currency, on=on.isoformat())
