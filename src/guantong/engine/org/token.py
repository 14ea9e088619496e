"""ApiToken: a secret by which a program acts as a user. Stored hashed, shown once, expiring (trust.md rule 26)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import models

from guantong.base.clock import now
from guantong.engine.fields import Link
from guantong.engine.org.user import User
from guantong.engine.tenancy.records import TenantRow

LONGEST = timedelta(days=365)


class ApiToken(TenantRow):
    """One issued secret, `gt_<tenant>_<secret>`: the tenant stands in clear, so that its scope precedes the look-up."""

    user = Link(User)
    name = models.CharField(max_length=100)
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "secret_hash"], name="token_hash")]


def hashed(secret: str) -> str:
    """The stored form of a random secret of 256 bits; no salt is needed for those."""
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_token(tenant: UUID, user: UUID, name: str, life: timedelta = LONGEST) -> str:
    """Make a token and return it, this once. Needs an open scope."""
    secret = secrets.token_urlsafe(32)
    ApiToken.objects.create(
        tenant=tenant,
        user_id=user,
        name=name,
        secret_hash=hashed(secret),
        expires_at=now() + min(life, LONGEST),
    )
    return f"gt_{tenant.hex}_{secret}"


def read_token(text: str) -> tuple[UUID, str] | None:
    """Tenant and hash of a token as sent; None when it does not look like one."""
    parts = text.split("_", 2)
    if len(parts) != 3 or parts[0] != "gt" or len(parts[1]) != 32 or not 20 <= len(parts[2]) <= 100:
        return None
    try:
        return UUID(hex=parts[1]), hashed(parts[2])
    except ValueError:
        return None
