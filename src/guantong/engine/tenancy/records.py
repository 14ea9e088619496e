"""The abstract tenant row: composite key, and a manager that names the tenant in every query."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.base import ModelBase

from guantong.base.ids import uuid7
from guantong.engine.tenancy.fields import TenantField
from guantong.engine.tenancy.scope import current_tenant


class TenantManager(models.Manager):
    """Adds `tenant = <literal>`: row-level security is the backstop, not the routing (house.md 7)."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(tenant=current_tenant())


class TenantBase(ModelBase):
    """Injects the managers even where a class writes its own Meta."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        meta = attrs.get("Meta")
        if meta is None:
            meta = attrs["Meta"] = type("Meta", (), {})
        meta.base_manager_name = "objects"
        meta.default_manager_name = "objects"
        return super().__new__(mcs, name, bases, attrs, **kwargs)


class TenantRow(models.Model, metaclass=TenantBase):
    """A row that one tenant owns."""

    tenant = TenantField()
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    objects = TenantManager()

    class Meta:
        abstract = True
