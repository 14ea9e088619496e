"""Actor: who is asking, with everything that access needs, read once per request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

ROLES = ("sales", "sales_manager", "operations", "finance", "service", "administrator", "auditor")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person, robot, agent or customer link at work in one tenant.

    `circle` holds the users of the teams that the actor leads, and of the teams below them.
    `system` is the house itself (reactions, demo, migrations of data): it is never reached from the API.
    """

    tenant: UUID
    id: UUID | None = None
    kind: str = "person"
    name: str = ""
    team: UUID | None = None
    roles: frozenset[str] = frozenset()
    circle: tuple[UUID, ...] = ()
    entity_ids: tuple[UUID, ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    language: str = "zh"
    today: date | None = None
    system: bool = False
    scopes: frozenset[str] = field(default_factory=frozenset)

    def entity(self, entity_id: UUID | None = None) -> dict[str, Any] | None:
        """The legal entity with that id, or the default one: the first that the actor may see."""
        for entity in self.entities:
            id = UUID(entity["id"])
            if id == entity_id or (entity_id is None and (not self.entity_ids or id in self.entity_ids)):
                return entity
        return None
