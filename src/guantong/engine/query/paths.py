"""Fields by path (`customer.name`): joins that name the tenant, and hide what the actor may not read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from guantong.base.errors import Invalid
from guantong.engine.access.actor import Actor
from guantong.engine.access.grants import allowed, hidden_fields
from guantong.engine.fields.spec import FieldSpec
from guantong.engine.objects.registry import by_model
from guantong.engine.objects.spec import ObjectSpec

DEEPEST = 3


@dataclass
class Paths:
    """The tables that one query reads, each joined once."""

    spec: ObjectSpec
    actor: Actor
    joins: dict[str, tuple[str, ObjectSpec]] = field(default_factory=dict)
    sql: list[str] = field(default_factory=list)

    def column(self, path: Any) -> tuple[str, FieldSpec]:
        """The SQL column of a path and its FieldSpec; raises Invalid for unknown or hidden fields."""
        if not isinstance(path, str) or not path or len(path) > 200:
            raise Invalid("unknown_field", field=str(path)[:60])
        *links, name = path.split(".")
        if len(links) > DEEPEST:
            raise Invalid("path_too_deep", field=path, limit=DEEPEST)
        alias, spec, walked = "r", self.spec, ""
        for link in links:
            walked = f"{walked}.{link}" if walked else link
            alias, spec = self._join(alias, spec, link, walked, path)
        found = self._field(spec, name, path)
        return f'{alias}."{found.attribute}"', found

    def _field(self, spec: ObjectSpec, name: str, path: str) -> FieldSpec:
        if name not in spec.fields or name in hidden_fields(spec, self.actor):
            raise Invalid("unknown_field", field=path, object=spec.plural)
        return spec.fields[name]

    def _join(
        self, alias: str, spec: ObjectSpec, link: str, walked: str, path: str
    ) -> tuple[str, ObjectSpec]:
        if walked in self.joins:
            return self.joins[walked]
        source = self._field(spec, link, path)
        target = by_model().get(source.target)
        if target is None or source.kind.name not in ("link", "owner"):
            raise Invalid("not_a_link", field=path)
        name = f"j{len(self.joins) + 1}"
        self.sql.append(
            f"LEFT JOIN {target.table} {name} ON {name}.tenant = '{self.actor.tenant}' "
            f'AND {name}.id = {alias}."{source.attribute}" AND {allowed(target, "read", self.actor, name)}'
        )
        self.joins[walked] = (name, target)
        return self.joins[walked]
