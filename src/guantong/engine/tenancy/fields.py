"""The one field that makes a table a tenant table; the schema editor reads it."""

from __future__ import annotations

from typing import Any

from django.db import models


class TenantField(models.UUIDField):
    """The organization that owns the row; first part of every key (house.md 7)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def tenant_field(model: type[models.Model]) -> TenantField | None:
    """The tenant field of `model`, or None for a shared table."""
    for field in model._meta.local_fields:
        if isinstance(field, TenantField):
            return field
    return None
