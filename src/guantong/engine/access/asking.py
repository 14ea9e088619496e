"""Who is asking: the socket that `engine.org` fills, so that the door needs not know users and tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guantong.engine.access.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What came with a request: a tenant, and the hash of a token or a signed-in account."""

    tenant: UUID
    token_hash: str = ""
    account: UUID | None = None
    user: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """An idempotency key with what it belongs to; `row` is the id to insert."""

    key: str
    route: str
    digest: str
    row: UUID


WhoStatement = Callable[[Credentials, Keyed | None], tuple[Actor, bool]]
EntityList = tuple[dict[str, Any], ...]
_source: list[WhoStatement] = []
_entities: list[Callable[[UUID], EntityList]] = []


def provide_entities(source: Callable[[UUID], EntityList]) -> Callable[[UUID], EntityList]:
    """Register how the house itself learns the legal entities of a tenant."""
    _entities[:] = [source]
    return source


def entities_of(tenant: UUID) -> EntityList:
    """The active legal entities of a tenant, the default one first. Needs an open scope."""
    return _entities[0](tenant)


def provide(source: WhoStatement) -> WhoStatement:
    """Register the one statement that reads account, user, roles, circle, entities, and takes the key."""
    _source[:] = [source]
    return source


def identify(credentials: Credentials, key: Keyed | None = None) -> tuple[Actor, bool]:
    """The actor, and whether the idempotency key is new. Raises SignInNeeded. Needs an open scope."""
    return _source[0](credentials, key)
