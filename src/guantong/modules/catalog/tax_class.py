"""TaxClass 税类: which rate a product is taxed at, by date; the rate is frozen on the line at the tax point."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base import tax
from guantong.base.errors import Invalid, Refused
from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, Lines, Percent
from guantong.engine.objects import BusinessObject, Line


class Method(models.TextChoices):
    GENERAL = "general"
    SIMPLE = "simple"
    ZERO = "zero"
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"
    OUTSIDE = "outside"


class DatedRate(Line):
    """The rate of a tax class from a day on, with the law that says so."""

    valid_from = models.DateField()
    percent = Percent()
    method = Choice(Method, default="general")
    legal_reference = models.CharField(max_length=200, blank=True)


class TaxClass(BusinessObject):
    """A group of products that the law taxes alike."""

    name = models.CharField(max_length=100)
    code = models.CharField(max_length=20)
    rates = Lines(DatedRate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="tax_class_code")]

    class Access:
        read = everyone
        write = role("finance", "administrator")

    class Screen:
        title = "name"
        list = "code name"
        form = {"tax_class": "code name rates"}

    plural = "tax_classes"

    def verify(self) -> None:
        """Raise Invalid for two rates from one day, or a rate that its method forbids."""
        rates = self.__dict__.get("_lines") or ()
        if len({rate.valid_from for rate in rates}) != len(rates):
            raise Invalid("same_day_twice", field="rates")
        for rate in rates:
            tax.TaxRate(rate.percent, rate.method)


def rate_on(rates: list[DatedRate], day: date) -> DatedRate:
    """The rate in force on a day. Raises Refused: no_tax_rate."""
    valid = [rate for rate in rates if rate.valid_from <= day]
    if not valid:
        raise Refused("no_tax_rate", day=day.isoformat())
    return max(valid, key=lambda rate: rate.valid_from)
