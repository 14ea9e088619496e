"""Counter: the row that a series counts on. Locked last in its transaction, in the order of the keys."""

from __future__ import annotations

from django.db import models

from guantong.engine.tenancy.records import TenantRow


class Counter(TenantRow):
    """The last number given in one series. Never a database sequence: those leave holes on rollback."""

    key = models.CharField(max_length=120)
    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="counter_key")]
