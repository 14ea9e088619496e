"""Team: a node in the tree of the organization."""

from __future__ import annotations

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, role
from guantong.engine.fields import Link
from guantong.engine.objects import BusinessObject


class Team(BusinessObject):
    """A group of users under one lead, who sees what they and the teams below own."""

    name = models.CharField(max_length=100)
    parent = Link("self", null=True, blank=True)
    lead = Link("org.User", null=True, blank=True)

    class Access:
        read = everyone
        write = role("administrator")

    class Screen:
        title = "name"
        list = "name parent lead"
        form = {"team": "name parent lead"}

    def verify(self) -> None:
        """Raise Invalid when the team would stand under itself."""
        above, seen = self.parent_id, {self.id}
        while above is not None:
            if above in seen:
                raise Invalid("circular", field="parent")
            seen.add(above)
            above = Team.objects.filter(id=above).values_list("parent_id", flat=True).first()
