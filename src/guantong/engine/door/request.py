"""What comes to the door and what goes back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from guantong.base.ids import uuid7
from guantong.engine.access.actor import Actor
from guantong.engine.access.asking import Credentials, Keyed


@dataclass(frozen=True, kw_only=True)
class Request:
    """Who comes, with which idempotency key, for which route with which body."""

    credentials: Credentials
    route: str = ""
    body: Any = None
    key: str = ""
    channel: str = "api"
    request: str = ""
    happened_at: datetime | None = None

    def keyed(self) -> Keyed | None:
        """The idempotency key with the digest of route and body; None without a key."""
        if not self.key:
            return None
        text = json.dumps([self.route, self.body], sort_keys=True, ensure_ascii=True, default=str)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Keyed(key=self.key, route=self.route[:200], digest=digest, row=uuid7())


@dataclass(frozen=True, kw_only=True)
class Reply:
    """JSON text as it goes out. `waiting` are reactions that are due, by event."""

    text: str
    status: int = 200
    tenant: UUID | None = None
    actor: Actor | None = None
    replayed: bool = False
    pending: int = 0
    waiting: list[tuple[UUID, str]] = field(default_factory=list)
