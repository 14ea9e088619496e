"""Link: a reference to a record upstream (law 3). Owner: the user who is responsible."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.lookups import Exact
from django.db.models.sql.where import AND, WhereNode

from guantong.engine.fields.kind import PLAIN, Kind, View, wrong
from guantong.engine.fields.spec import FieldSpec, kind_of
from guantong.engine.tenancy.fields import tenant_field
from guantong.engine.tenancy.scope import current_tenant


class Link(models.ForeignKey):
    """A foreign key (tenant, id) to another object. `chain` marks the road from lead to cash."""

    def __init__(self, to: Any, *, chain: bool = False, **kwargs: Any) -> None:
        self.chain = chain
        kwargs["on_delete"] = models.PROTECT
        kwargs["related_name"] = "+"
        super().__init__(to, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("on_delete", None)
        kwargs.pop("related_name", None)
        return name, path, args, kwargs

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode | None:
        """Name the tenant on both sides of a join: row-level security alone does not route (stack.md)."""
        conditions: list[Any] = [
            Exact(field.get_col(name), current_tenant())
            for name, model in ((alias, self.remote_field.model), (related_alias, self.model))
            if name and (field := tenant_field(model))
        ]
        return WhereNode(conditions, connector=AND) if conditions else None


class Owner(Link):
    """The user who is responsible for the record; access rules `own` and `team` read it."""

    def __init__(self, to: Any = "org.User", **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)  # the door fills in the caller
        super().__init__(to, **kwargs)


class LinkKind(Kind):
    name = "link"
    ops = PLAIN
    sortable = False
    cast = "uuid"

    def parse(self, value: Any, spec: FieldSpec) -> UUID:
        if isinstance(value, dict):
            value = value.get("id")
        try:
            return UUID(value)
        except (TypeError, ValueError, AttributeError):
            raise wrong("not_id", spec) from None

    def sql(self, column: str, spec: FieldSpec, view: View) -> str:
        return view.link(column, spec)

    def to_json(self, value: UUID | None) -> str | None:
        return None if value is None else str(value)

    def schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def sample(self, spec: FieldSpec, seed: int) -> str:
        return str(UUID(int=seed + 1))


class OwnerKind(LinkKind):
    name = "owner"


kind_of(Link, LinkKind)
kind_of(Owner, OwnerKind)
