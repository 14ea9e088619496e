"""User: a person at work in one tenant. Signing in is the account's business."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, role
from guantong.engine.access.actor import ROLES
from guantong.engine.fields import Link, State, Words
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import Entity
from guantong.engine.org.team import Team
from guantong.engine.states import transition
from guantong.engine.tenancy.account import Account


class User(BusinessObject):
    """A colleague: name, team and roles. The owner of records."""

    account = Link(Account, null=True, blank=True, editable=False)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    team = Link(Team, null=True, blank=True)
    roles = Words()
    entity_ids = Words()
    state = State("active", "disabled")

    @transition("active", to="disabled", undo="enable")
    def disable(self) -> None:
        """Shut the person out, from the next request on; records keep their owner."""

    @transition("disabled", to="active", undo="disable")
    def enable(self) -> None:
        """Let the person in again."""

    class Meta:
        indexes = [models.Index(fields=["tenant", "account"], name="user_account")]

    class Access:
        read = everyone
        write = role("administrator")

    class Screen:
        title = "name"
        list = "name email team roles state"
        form = {"user": "name email team roles entity_ids"}
        search = "email"

    def verify(self) -> None:
        """Raise Invalid for a role that does not exist; auditors hold no other role (三权分立)."""
        if unknown := [name for name in self.roles if name not in ROLES]:
            raise Invalid("unknown_role", field="roles", role=", ".join(unknown))
        if "auditor" in self.roles and "administrator" in self.roles:
            raise Invalid("roles_exclude_each_other", field="roles")
        if self.entity_ids:
            self._know_entities()

    def _know_entities(self) -> None:
        wanted = {identity_of(text) for text in self.entity_ids}
        known = set(Entity.objects.filter(id__in=wanted - {None}).values_list("id", flat=True))
        if wanted - known:
            raise Invalid("unknown_link", field="entity_ids")
        self.entity_ids = sorted(map(str, known))


def identity_of(text: str) -> UUID | None:
    """The id that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
