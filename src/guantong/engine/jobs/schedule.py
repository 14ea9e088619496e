"""`@schedule("tidy", cron="17 3 * * *")`: work that recurs, once for each organization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from guantong.engine.jobs.task import closing_down
from guantong.engine.tenancy.organization import Organization

log = structlog.get_logger()
Body = Callable[[UUID, datetime], None]


@dataclass(frozen=True)
class Schedule:
    """A function that runs at set times; it may run twice for the same moment."""

    name: str
    cron: str
    body: Body


_schedules: dict[str, Schedule] = {}


def schedule(name: str, *, cron: str) -> Callable[[Body], Body]:
    """Register work called with (tenant, planned moment) outside of every transaction; times are UTC."""

    def register(body: Body) -> Body:
        if name in _schedules:
            raise RuntimeError(f"two schedules are called {name}")
        _schedules[name] = Schedule(name, cron, body)
        return body

    return register


def all_schedules() -> list[Schedule]:
    """Every schedule."""
    return list(_schedules.values())


def run_schedule(name: str, timestamp: int) -> int:
    """Run one schedule for every organization; one that fails does not stop the others. Returns how many failed."""
    found, failed = _schedules[name], 0
    moment = datetime.fromtimestamp(timestamp, UTC)
    for tenant in list(Organization.objects.values_list("id", flat=True).order_by("id")):
        if closing_down.is_set():
            break
        try:
            found.body(tenant, moment)
        except Exception as error:
            failed += 1
            log.warning("schedule failed", schedule=name, tenant=str(tenant), error=repr(error))
    return failed
