"""Which kind a field is of: the most derived class decides, never the order of imports."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import models

from guantong.engine.fields import (
    Amount,
    Choice,
    Currency,
    Owner,
    Percent,
    Price,
    Quantity,
    Rate,
    State,
    Words,
)
from guantong.engine.fields.spec import from_django, kind_for
from guantong.engine.org.entity import PriceBasis
from guantong.engine.tenancy.fields import TenantField


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (models.CharField(), "text"),
        (models.TextField(), "long_text"),
        (models.EmailField(), "email"),
        (models.CharField(choices=PriceBasis.choices), "choice"),
        (Choice(PriceBasis), "choice"),
        (Currency(), "currency"),
        (State("open"), "state"),
        (Amount(), "amount"),
        (Price(), "price"),
        (Quantity(), "quantity"),
        (Percent(), "percent"),
        (Rate(), "rate"),
        (Owner(), "owner"),
        (Words(), "words"),
        (models.DateField(), "date"),
        (models.DateTimeField(), "moment"),
        (models.BooleanField(), "boolean"),
        (models.IntegerField(), "integer"),
        (models.JSONField(), "json"),
        (TenantField(), "id"),
    ],
)
def test_kind_of_each_field(field: Any, kind: str) -> None:
    found = kind_for(field)
    assert found is not None and found.name == kind


def test_a_field_without_a_kind_is_no_fact() -> None:
    field = models.BinaryField()
    field.set_attributes_from_name("raw")
    assert from_django(field) is None
