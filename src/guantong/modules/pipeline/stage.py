"""Stage 阶段: a step of a pipeline, with its odds, what must be filled before it, and what to do in it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, Link, Percent, State, Words
from guantong.engine.objects import BusinessObject
from guantong.engine.objects.registry import by_name
from guantong.engine.states import transition
from guantong.modules.pipeline.pipeline import Pipeline

CUSTOM = "x_"


class Forecast(models.TextChoices):
    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"
    OMITTED = "omitted"


class Stage(BusinessObject):
    """A step on the road of a deal, in the tenant's words."""

    pipeline = Link(Pipeline)
    name = models.CharField(max_length=60)
    position = models.IntegerField(default=1)
    probability = Percent(default=Decimal(0))
    forecast_category = Choice(Forecast, default="pipeline")
    gate = Words()
    checklist = Words(max_length=200)
    state = State("active", "retired")

    @transition("active", to="retired", undo="reinstate")
    def retire(self) -> None:
        """Move no more deals here; those that stand here stay."""

    @transition("retired", to="active", undo="retire")
    def reinstate(self) -> None:
        """Use the stage again."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pipeline", "name"], name="stage_name"),
        ]
        indexes = [models.Index(fields=["tenant", "pipeline", "position", "id"], name="stage_position")]

    class Access:
        read = everyone
        write = role("sales_manager", "administrator")

    class Screen:
        title = "name"
        list = "pipeline position name probability forecast_category state"
        form = {"stage": "pipeline position name probability forecast_category gate checklist"}

    def verify(self) -> None:
        """Raise Invalid for odds outside 0 to 100, or a gate that names no field of a deal."""
        if not 0 <= self.probability <= 100:
            raise Invalid("percent_range", field="probability")
        known = by_name()["opportunity"].fields
        if unknown := [name for name in self.gate if name not in known and not name.startswith(CUSTOM)]:
            raise Invalid("unknown_gate_field", field="gate", unknown=", ".join(unknown))

    def missing_on(self, deal: Any) -> list[str]:
        """The gate's fields that the deal has not filled."""
        known = by_name()["opportunity"].fields
        return [
            name
            for name in self.gate
            if not (getattr(deal, known[name].attribute) if name in known else deal.extra.get(name))
        ]


def first_stage(pipeline: Pipeline | None = None) -> Stage | None:
    """Where a new deal begins: the first stage of the given pipeline, or of the default one. One statement."""
    stages = Stage.objects.filter(state="active", pipeline__state="active")
    if pipeline is not None:
        stages = stages.filter(pipeline_id=pipeline.id)
    return stages.order_by(
        "-pipeline__is_default", "pipeline__created_at", "pipeline_id", "position", "id"
    ).first()
