"""Quantities, percents and rates: exact decimals that are not money."""

from __future__ import annotations

from typing import Any

from django.db import models

from guantong.engine.fields.amount import DecimalKind
from guantong.engine.fields.spec import kind_of


class Quantity(models.DecimalField):
    """How much of a unit; six decimals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 6)
        super().__init__(**kwargs)


class Percent(models.DecimalField):
    """A share in percent: 13 is thirteen percent."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 9)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(**kwargs)


class Rate(models.DecimalField):
    """An exchange rate: base currency per unit of the foreign one."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 20)
        kwargs.setdefault("decimal_places", 10)
        super().__init__(**kwargs)


class QuantityKind(DecimalKind):
    name = "quantity"


class PercentKind(DecimalKind):
    name = "percent"


class RateKind(DecimalKind):
    name = "rate"


kind_of(Quantity, QuantityKind)
kind_of(Percent, PercentKind)
kind_of(Rate, RateKind)
