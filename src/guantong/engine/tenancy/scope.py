"""One tenant, one transaction: nothing in a tenant table is read or written outside `scope()`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections, transaction

_tenant: ContextVar[UUID | None] = ContextVar("tenant", default=None)


class NoTenant(RuntimeError):
    """A tenant table was touched with no tenant in scope: fail closed, fail loud (law 5)."""


def current_tenant() -> UUID:
    """The tenant in scope; raises NoTenant when there is none."""
    tenant = _tenant.get()
    if tenant is None:
        raise NoTenant("no tenant in scope")
    return tenant


@contextmanager
def scope(tenant: UUID, *, using: str = "default") -> Iterator[None]:
    """Open a transaction that sees the rows of `tenant` only.

    `SET LOCAL` and not `set_config()`: the statement also reaches the shards of a distributed
    database (stack.md). Scopes do not nest: a second transaction would hide in the first.
    """
    if not isinstance(tenant, UUID):
        raise NoTenant("a tenant is named by its UUID")
    if _tenant.get() is not None:
        raise RuntimeError("a tenant scope is open already")
    try:
        with transaction.atomic(using=using, durable=True):
            token = _tenant.set(tenant)
            try:
                with connections[using].cursor() as cursor:
                    cursor.execute(f"SET LOCAL \"guantong.tenant\" = '{tenant}'")
                yield
            finally:
                _tenant.reset(token)
    except (InterfaceError, OperationalError):
        forget_broken(using)
        raise


def forget_broken(using: str = "default") -> None:
    """Let go of a connection that broke at COMMIT, so that the next request opens a new one.

    Django keeps it in its atomic block for ever then; scopes are never nested, so no outer block can need it.
    """
    broken = connections[using]
    if broken.in_atomic_block:
        broken.in_atomic_block = broken.needs_rollback = broken.closed_in_transaction = False
        broken.savepoint_ids, broken.atomic_blocks, broken.run_on_commit = [], [], []
        broken.close()
        broken.connection = None
