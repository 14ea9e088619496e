"""Unit 计量单位: what quantities are counted in."""

from __future__ import annotations

from django.db import models

from guantong.engine.access import everyone, role
from guantong.engine.objects import BusinessObject


class Unit(BusinessObject):
    """What a quantity is counted in: piece, set, kilogram, hour."""

    name = models.CharField(max_length=40)
    code = models.CharField(max_length=10)
    decimals = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="unit_code")]

    class Access:
        read = everyone
        write = role("operations", "administrator")

    class Screen:
        title = "name"
        list = "name code decimals"
        form = {"unit": "name code decimals"}
