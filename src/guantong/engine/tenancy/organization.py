"""Organization: the tenant. A shared table: the allowlist of trust.md A1 names it."""

from __future__ import annotations

from django.db import models

from guantong.base.ids import uuid7


class Organization(models.Model):
    """A company, or group of companies, that uses the product; the owner of every tenant row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="zh")
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
