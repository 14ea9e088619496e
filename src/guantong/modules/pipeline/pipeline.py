"""Pipeline 销售流程: a road of stages that the tenant lays itself, and the point at which a deal counts as won."""

from __future__ import annotations

from django.db import models

from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import current_unit


class WonAt(models.TextChoices):
    """When a deal is won (business.md 2, row 21): never by the customer's yes alone unless the tenant says so."""

    ACCEPT = "accept"
    AWARD = "award"
    SIGN = "sign"


class Pipeline(BusinessObject):
    """A way of selling with stages of its own."""

    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False, editable=False)
    won_at = Choice(WonAt, default="sign")
    state = State("active", "retired")

    @verb("active")
    def make_default(self) -> None:
        """Start new deals on this pipeline unless another is named."""
        others = Pipeline.objects.filter(is_default=True).exclude(id=self.id).values_list("id", flat=True)
        for other in current_unit().lock(Pipeline, list(others)):
            other.step_aside()
        self.is_default = True

    @verb(internal=True)
    def step_aside(self) -> None:
        """Leave being the default to another pipeline."""
        self.is_default = False

    @transition("active", to="retired", undo="reinstate")
    def retire(self) -> None:
        """Start no new deals on it; running ones go on."""
        self.is_default = False

    @transition("retired", to="active", undo="retire")
    def reinstate(self) -> None:
        """Use the pipeline again."""

    class Access:
        read = everyone
        write = role("sales_manager", "administrator")

    class Screen:
        title = "name"
        list = "name is_default won_at state"
        form = {"pipeline": "name won_at"}
