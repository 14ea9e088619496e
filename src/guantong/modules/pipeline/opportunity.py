"""Opportunity 商机: a deal we may win. Its stage is the tenant's, its state is the house's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Choice, Currency, Link, Owner, Percent, State
from guantong.engine.numbering import Series
from guantong.engine.objects import BusinessObject
from guantong.engine.org.user import User
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import current_unit
from guantong.modules.customers.customer import Customer
from guantong.modules.pipeline.pipeline import Pipeline
from guantong.modules.pipeline.reasons import LostWhy
from guantong.modules.pipeline.stage import Stage, first_stage


class Opportunity(BusinessObject):
    """A deal we may win: with whom, for how much, by when."""

    lead = Link("pipeline.Lead", chain=True, null=True, blank=True, editable=False)
    customer = Link(Customer)
    name = models.CharField(max_length=200)
    pipeline = Link(Pipeline, blank=True)
    stage = Link(Stage, blank=True)
    currency = Currency(default="CNY")
    amount = Amount(null=True, blank=True)
    probability = Percent(default=Decimal(0), editable=False)
    close_on = models.DateField(null=True, blank=True)
    end_user = Link(Customer, null=True, blank=True)
    project_name = models.CharField(max_length=200, blank=True)
    project_site = models.CharField(max_length=200, blank=True)
    lead_source = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    owner = Owner()
    state = State("open", "won", "lost")
    lost_why = Choice(LostWhy, blank=True, editable=False)
    lost_note = models.TextField(blank=True, editable=False)
    competitor = models.CharField(max_length=200, blank=True)

    @verb("open", needs=["customer"])
    def advance(self, to: Stage) -> None:
        """Move the deal to another stage of its pipeline, if the stage's gate is met."""
        if to.pipeline_id != self.pipeline_id:
            raise Invalid("other_pipeline", field="to", stage=to.name)
        if to.state != "active":
            raise Refused("stage_retired", field="to", stage=to.name)
        self._pass_gate(to)
        self.stage = to

    @transition("open", to="won", needs=["customer", "amount"], undo="reopen")
    def win(self, on: date | None = None) -> None:
        """Record that the deal is ours, and since when."""
        self.close_on = on or current_unit().happened_on

    @transition("open", to="lost", undo="reopen")
    def lose(self, why: LostWhy, note: str = "", competitor: str = "") -> None:
        """Record that we lost, why and to whom."""
        self.lost_why, self.lost_note = why, note
        self.competitor = competitor or self.competitor

    @transition("won", "lost", to="open")
    def reopen(self) -> None:
        """Take the deal back to work."""
        self.lost_why, self.lost_note = "", ""
        self.stage = Stage.objects.get(id=self.stage_id)

    @verb("open", undo="assign")
    def assign(self, to: User) -> None:
        """Hand the deal to another colleague."""
        self.owner = to

    @verb("open", internal=True)
    def set_amount(self, currency: str, amount: Decimal) -> None:
        """Take over what was agreed downstream, in its currency."""
        self.currency, self.amount = currency, amount

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "id"], name="opportunity_customer"),
            models.Index(fields=["tenant", "owner", "state", "close_on"], name="opportunity_owner"),
            models.Index(fields=["tenant", "stage", "state"], name="opportunity_stage"),
        ]

    class Access:
        read = own | team | role("finance", "service", "operations", "administrator")
        create = role("sales", "sales_manager")
        write = (own | team) & when(state="open")
        assign = team | role("administrator")
        reopen = role("sales_manager")

    class Screen:
        title = "name"
        list = "number name customer amount stage probability close_on owner state"
        form = {
            "deal": "name customer end_user pipeline stage close_on owner lead_source project_name project_site note",
            "money": "amount currency probability",
            "outcome": "lost_why lost_note competitor",
        }
        board = "stage"
        search = "project_name project_site"

    plural = "opportunities"
    series = Series("OPP", per_entity=False)

    def derive(self) -> None:
        """Begin on the first stage of the (default) pipeline; the odds follow stage and state."""
        known = Opportunity._meta.get_field("stage").is_cached(self)
        if self.stage_id is None:
            self.stage = self._first_stage()
            known = True
        if known and self.pipeline_id is None:
            self.pipeline_id = self.stage.pipeline_id
        if self.state != "open":
            self.probability = Decimal(100 if self.state == "won" else 0)
        elif known:
            self.probability = self.stage.probability

    def verify(self) -> None:
        """Raise Invalid for a negative amount or a foreign stage, Refused for a stage changed past `advance`."""
        if (self.amount or 0) < 0:
            raise Invalid("negative", field="amount")
        unit = current_unit()
        before = unit.before.get((Opportunity, self.id))
        if self.event_no == 0:
            if self.stage.pipeline_id != self.pipeline_id:
                raise Invalid("other_pipeline", field="stage", stage=self.stage.name)
            self._pass_gate(self.stage)
        elif before and unit.events[-1].verb == "changed":
            for name in ("pipeline", "stage"):
                if before[f"{name}_id"] != getattr(self, f"{name}_id"):
                    raise Refused("only_by_verb", field=name, verb="opportunity.advance")

    def _first_stage(self) -> Stage:
        found = first_stage(self.pipeline if self.pipeline_id else None)
        if found is None:
            raise Refused("no_stage", field="stage")
        return found

    def _pass_gate(self, stage: Stage) -> None:
        if missing := stage.missing_on(self):
            raise Invalid("gate", field=missing[0], missing=missing, stage=stage.name)
