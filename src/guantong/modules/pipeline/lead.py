"""Lead 线索: somebody who may need us. Converting makes customer, contact and deal at once, and can be taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Choice, Link, Owner, State
from guantong.engine.objects import BusinessObject
from guantong.engine.objects.registry import spec_of
from guantong.engine.org.user import User
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import create, current_unit, lock
from guantong.modules.customers.contact import Contact
from guantong.modules.customers.customer import Customer
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.pipeline.pipeline import Pipeline
from guantong.modules.pipeline.reasons import LeadLostWhy

MADE = "convert"


class Rating(models.TextChoices):
    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


class Lead(BusinessObject):
    """A sign of interest, with whom it came from and what they need."""

    name = models.CharField(max_length=310, blank=True, editable=False)
    company = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=100, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    region = models.CharField(max_length=60, blank=True)
    lead_source = models.CharField(max_length=100, blank=True)
    need = models.TextField(blank=True)
    rating = Choice(Rating, blank=True)
    owner = Owner()
    state = State("new", "working", "qualified", "converted", "lost")
    customer = Link(Customer, null=True, blank=True, editable=False)
    contact = Link(Contact, null=True, blank=True, editable=False)
    opportunity = Link(Opportunity, null=True, blank=True, editable=False)
    lost_why = Choice(LeadLostWhy, blank=True, editable=False)
    lost_note = models.TextField(blank=True, editable=False)

    @transition("new", to="working")
    def work(self) -> None:
        """Take the lead up."""

    @transition("new", "working", to="qualified", needs=["company", "contact_name"])
    def qualify(self) -> None:
        """Find that they want and can buy."""

    @transition("qualified", to="converted", undo="unconvert")
    def convert(
        self,
        customer: Customer | None = None,
        name: str = "",
        amount: Decimal | None = None,
        currency: str = "CNY",
        close_on: date | None = None,
        pipeline: Pipeline | None = None,
    ) -> None:
        """Make the customer (or use the given one), the contact and the deal, all or nothing."""
        self.customer = customer or self._make_customer()
        self.contact = create(
            Contact, source=self, purpose=MADE, customer=self.customer, name=self.contact_name, title=self.title,
            mobile=self.mobile, email=self.email, owner_id=self.owner_id,
        )  # fmt: skip
        self.opportunity = create(
            Opportunity, source=self, purpose=MADE, lead=self, customer=self.customer,
            name=name or self.need.split("\n")[0][:200] or self.company, amount=amount, currency=currency,
            close_on=close_on, pipeline=pipeline, lead_source=self.lead_source, owner_id=self.owner_id,
        )  # fmt: skip

    @transition("converted", to="qualified")
    def unconvert(self) -> None:
        """Take the conversion back while nothing else has happened to what it made. Raises Refused."""
        made: list[Any] = [lock(Opportunity, self.opportunity_id), lock(Contact, self.contact_id)]
        if self.customer_is_ours():
            made.append(lock(Customer, self.customer_id))
        for record in made:
            if record.event_no > 1:
                raise Refused("changed_since", object=spec_of(record).plural)
            current_unit().remove(record)
        self.customer = self.contact = self.opportunity = None

    @transition("new", "working", "qualified", to="lost", undo="reopen")
    def lose(self, why: LeadLostWhy, note: str = "") -> None:
        """Give the lead up, and say why."""
        self.lost_why, self.lost_note = why, note

    @transition("lost", to="working")
    def reopen(self) -> None:
        """Take the lead up again."""
        self.lost_why, self.lost_note = "", ""

    @verb("new", "working", "qualified", undo="assign")
    def assign(self, to: User) -> None:
        """Hand the lead to another colleague."""
        self.owner = to

    class Meta:
        indexes = [models.Index(fields=["tenant", "owner", "state", "id"], name="lead_owner")]

    class Access:
        read = own | team | role("administrator")
        create = role("sales", "sales_manager", "service", "administrator")
        write = (own | team | role("administrator")) & when(state=("new", "working", "qualified"))
        assign = team | role("administrator")

    class Screen:
        title = "name"
        list = "name mobile lead_source rating region owner state"
        form = {
            "lead": "company contact_name title mobile email region credit_code lead_source rating owner need",
            "outcome": "customer contact opportunity lost_why lost_note",
        }
        board = "state"
        search = "mobile email need"

    def derive(self) -> None:
        """The name in lists: company and person."""
        self.name = " · ".join(part for part in (self.company, self.contact_name) if part)

    def verify(self) -> None:
        """Raise Invalid for a lead without a name."""
        if not self.name:
            raise Invalid("lead_without_name", field="company")

    def _make_customer(self) -> Customer:
        return create(
            Customer, source=self, purpose=MADE, name=self.company, credit_code=self.credit_code,
            region=self.region, owner_id=self.owner_id,
        )  # fmt: skip

    def customer_is_ours(self) -> bool:
        """Whether the conversion made the customer. One statement."""
        return Customer.objects.filter(id=self.customer_id, source_id=self.id, purpose=MADE).exists()
