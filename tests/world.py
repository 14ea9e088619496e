"""The one builder of tests: each test has its own organization, a named cast, and eyes on what happened.

No test wraps a transaction: nothing would commit and nothing drain. Each makes its own tenant;
the database is thrown away at the end. The clock stands still at `MONDAY` until a test moves it.
"""

from __future__ import annotations

import contextvars
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import connections

from guantong.base import clock
from guantong.engine.access.actor import ROLES, Actor
from guantong.engine.door.drain import run_due
from guantong.engine.events.event import Event, Outbox
from guantong.engine.org.entity import Entity
from guantong.engine.org.team import Team
from guantong.engine.org.token import issue_token
from guantong.engine.org.user import User
from guantong.engine.states.call import Call
from guantong.engine.states.closing import close
from guantong.engine.states.unit import Unit
from guantong.engine.tenancy.organization import Organization
from guantong.engine.tenancy.scope import scope
from tests.caller import Caller
from tests.fingerprint import differences, fingerprint
from tests.statements import Statements, statements

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EAST, WEST = "华东销售部", "华西销售部"
CAST: dict[str, tuple[str, tuple[str, ...]]] = {
    "王磊": (EAST, ("sales",)),
    "李娜": (EAST, ("sales_manager",)),
    "周涛": (WEST, ("sales",)),
    "孙丽": (WEST, ("sales_manager",)),
    "陈静": ("", ("finance",)),
    "张伟": ("", ("operations",)),
    "刘洋": ("", ("service",)),
    "赵敏": ("", ("administrator",)),
    "孙审": ("", ("auditor",)),
    "路人": ("", ()),
}
LEADS = {EAST: "李娜", WEST: "孙丽"}


class World:
    """One organization with its people. `as_("王磊")` is 王磊 at the API."""

    def __init__(self, name: str = "华辰集团", *, at: datetime = MONDAY, beside: World | None = None) -> None:
        self.name = name
        self.frozen = None if beside else clock.frozen(at)
        self.clock = self.frozen.__enter__() if self.frozen else beside.clock  # type: ignore[union-attr]
        self.callers: dict[str, Caller] = {}
        self.users: dict[str, Any] = {}
        self.teams: dict[str, Any] = {}
        self.tokens: dict[str, str] = {}
        self.seen: set[UUID] = set()
        self._found()

    def _found(self) -> None:
        organization = Organization.objects.create(name=self.name, created_at=clock.now())
        self.tenant = organization.id
        with self.house() as unit:
            self.entity = unit.create(Entity, name="华辰装备有限公司", code="HC")
            for team in (EAST, WEST):
                self.teams[team] = unit.create(Team, name=team)
            for name, (team, roles) in CAST.items():
                self.users[name] = unit.create(User, name=name, roles=list(roles), team=self.teams.get(team))
            for team, lead in LEADS.items():
                self.teams[team].lead = self.users[lead]
        with scope(self.tenant):
            for name, user in self.users.items():
                self.tokens[name] = issue_token(self.tenant, user.id, "tests")
        self.seen = {event.id for event in self.events()}

    def close(self) -> None:
        """Let the clock run again."""
        if self.frozen:
            self.frozen.__exit__(None, None, None)

    # -- people -------------------------------------------------------------------------------------

    def as_(self, name: str) -> Caller:
        """A member of the cast at the API."""
        if name not in self.callers:
            self.callers[name] = Caller(self.tokens[name], self.settle)
        return self.callers[name]

    def hire(self, name: str, *roles: str, team: str = "") -> Caller:
        """One more colleague, at the API."""
        with self.house() as unit:
            self.users[name] = unit.create(User, name=name, roles=list(roles), team=self.teams.get(team))
        with scope(self.tenant):
            self.tokens[name] = issue_token(self.tenant, self.users[name].id, "tests")
        self.seen |= {event.id for event in self.events()}
        return self.as_(name)

    def all_powerful(self) -> Caller:
        """A colleague with every role that one person may hold."""
        if "万能" not in self.users:
            self.hire("万能", *(role for role in ROLES if role != "auditor"))
        return self.as_("万能")

    def id_of(self, name: str) -> str:
        """The user id of a member of the cast."""
        return str(self.users[name].id)

    @cached_property
    def other(self) -> World:
        """Another organization with the same cast, for whom nothing here exists."""
        return World("他山集团", beside=self)

    @contextmanager
    def house(self) -> Iterator[Unit]:
        """A unit of work of the house itself, for facts that no person may enter."""
        with scope(self.tenant):
            unit = Unit(
                Call(actor=Actor(tenant=self.tenant, system=True, kind="robot", entities=self._entities()))
            )
            with unit.open():
                yield unit
                close(unit)

    def _entities(self) -> tuple[dict[str, Any], ...]:
        facts = ("code", "name", "base_currency", "price_basis", "rounding")
        found = Entity.objects.order_by("position", "id")
        return tuple({"id": str(e.id), **{name: getattr(e, name) for name in facts}} for e in found)

    # -- time ---------------------------------------------------------------------------------------

    def later(self, **step: int) -> datetime:
        """Move the clock on: `later(days=3)`."""
        return self.clock.advance(timedelta(**step))

    # -- what happened ------------------------------------------------------------------------------

    def events(self, *, after: UUID | None = None) -> list[Event]:
        """The events of the organization, oldest first; `after` leaves out those up to that one."""
        with scope(self.tenant):
            found = Event.objects.order_by("id")
            return list(found.filter(id__gt=after) if after else found)

    def events_of(self, record: dict[str, Any] | str) -> list[Event]:
        """The events of one record, in its own order."""
        wanted = UUID(record["id"] if isinstance(record, dict) else record)
        with scope(self.tenant):
            return list(Event.objects.filter(record=wanted).order_by("event_no"))

    def expect_events(self, *expected: str | list[str]) -> list[Event]:
        """Exactly these events (`order.confirm`) came since the last time, in any order; returns them."""
        names = [name for part in expected for name in ([part] if isinstance(part, str) else part)]
        self.settle()
        fresh = [event for event in self.events() if event.id not in self.seen]
        self.seen |= {event.id for event in fresh}
        found, wanted = Counter(f"{e.object}.{e.verb}" for e in fresh), Counter(names)
        surplus, missing = sorted((found - wanted).elements()), sorted((wanted - found).elements())
        assert not (surplus or missing), f"not expected: {surplus}; missing: {missing}"
        return fresh

    @contextmanager
    def step(self, *expected: str) -> Iterator[None]:
        """A step of a story that makes exactly these events."""
        yield
        self.expect_events(*expected)

    def settle(self) -> None:
        """Do the reactions that are due, until none is; a failing one fails the test."""
        while due := self._due():
            left = run_due(self.tenant, due)
            assert not left, f"reactions failed: {self.outbox()}"

    def _due(self) -> list[tuple[UUID, str]]:
        with scope(self.tenant):
            return list(Outbox.objects.order_by("id").values_list("event", "reaction"))

    def outbox(self) -> list[tuple[str, str]]:
        """What still has to react, and why it did not."""
        with scope(self.tenant):
            return list(Outbox.objects.order_by("id").values_list("reaction", "error"))

    # -- eyes ---------------------------------------------------------------------------------------

    @staticmethod
    @contextmanager
    def statements() -> Iterator[Statements]:
        """Count what a block sends to the database: `with world.statements() as sent: …; len(sent)`."""
        with statements() as found:
            yield found

    @staticmethod
    def fingerprint() -> dict[str, tuple[int, int]]:
        """Rows and hash of every table."""
        return fingerprint()

    @staticmethod
    @contextmanager
    def unchanged(what: str = "") -> Iterator[None]:
        """Nothing in any table differs after the block."""
        before = fingerprint()
        yield
        changed = differences(before, fingerprint())
        assert not changed, f"{what} changed {changed}"

    def everywhere(self, work: Callable[[], Any]) -> Callable[[], Any]:
        """`work` for another thread: under this clock, its connections closed at the end."""
        context = contextvars.copy_context()

        def run() -> Any:
            try:
                return context.run(work)
            finally:
                connections.close_all()

        return run
