"""Call: one request to the door, whoever makes it and by whichever channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from guantong.engine.access.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who asks, with which idempotency key, when it happened, and what caused it."""

    actor: Actor
    channel: str = "api"
    request: str = ""
    happened_at: datetime | None = None
    cause: UUID | None = None
    depth: int = 0
    kept: UUID | None = None  # the idempotency row that takes the reply
    off: frozenset[str] = field(default_factory=frozenset)

    def caused_by(self, event: UUID, depth: int) -> Call:
        """The same actor, acting because of an event."""
        return replace(self, cause=event, depth=depth, kept=None)
