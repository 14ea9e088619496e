"""Keys and columns: uniqueness within the tenant, links as Link, no float, the append-only told to the grants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from guantong.engine.fields.link import Link
from guantong.engine.tenancy.fields import tenant_field


def tenant_models() -> list[Any]:
    """Every model whose rows belong to a tenant."""
    return [model for model in apps.get_models(include_auto_created=True) if tenant_field(model)]


def problems(model: Any) -> Iterator[str]:
    """Say which keys and columns of a tenant table break the house rules."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields[:1] != ("tenant",):
            yield f"the unique constraint {constraint.name} does not start with the tenant"
    if model._meta.unique_together:
        yield "unique_together: write a UniqueConstraint that starts with the tenant"
    if model._meta.local_many_to_many:
        yield "many-to-many: name the through model"
    for index in model._meta.indexes:
        if index.fields and index.fields[0] != "tenant" and not getattr(model, "worker_columns", ()):
            yield f"the index {index.name} does not start with the tenant"
    for field in model._meta.local_concrete_fields:
        yield from _column(field)


def _column(field: Any) -> Iterator[str]:
    if isinstance(field, models.FloatField):
        yield f"{field.name} is a float"
    if field.unique and not field.primary_key:
        yield f"{field.name} is unique over all tenants"
    if field.is_relation and not isinstance(field, Link):
        yield f"{field.name} is a relation but no Link"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        yield f"{field.name} takes its time from the machine, not from the clock"
