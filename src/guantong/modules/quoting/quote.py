"""Quote 报价: the folder of the offers that we make for one need; each offer is a version of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Choice, Currency, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.org.user import User
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import current_unit
from guantong.modules.customers.customer import Customer
from guantong.modules.customers.parties import PARTIES, PartyDocument
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.pipeline.reasons import LostWhy


class Quote(PartyDocument):
    """An offer to a customer, through all its versions."""

    opportunity = Link(Opportunity, chain=True, null=True, blank=True)
    customer = Link(Customer, blank=True)
    name = models.CharField(max_length=200, blank=True)
    currency = Currency(blank=True)
    owner = Owner()
    versions = models.IntegerField(default=0, editable=False)
    accepted_on = models.DateField(null=True, blank=True, editable=False)
    lost_why = Choice(LostWhy, blank=True, editable=False)
    lost_note = models.TextField(blank=True, editable=False)
    state = State("open", "accepted", "declined", "expired")

    @verb("open", internal=True)
    def start_version(self, version_no: int) -> None:
        """Count a new version; the lock on the folder keeps the numbers apart."""
        self.versions = version_no

    @transition("open", to="accepted", internal=True)
    def accept(self, on: date) -> None:
        """Close the folder on the accepted version: there is exactly one."""
        self.accepted_on = on

    @transition("open", to="declined", undo="reopen")
    def decline(self, why: LostWhy, note: str = "") -> None:
        """Record that the customer wants none of the versions."""
        self.lost_why, self.lost_note = why, note

    @transition("open", to="expired", undo="reopen")
    def expire(self) -> None:
        """Close a folder that nobody answered."""

    @transition("declined", "expired", to="open")
    def reopen(self) -> None:
        """Take the offer up again."""
        self.lost_why, self.lost_note = "", ""

    @verb("open", undo="assign")
    def assign(self, to: User) -> None:
        """Hand the quote with its versions to another colleague."""
        self.owner = to

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "id"], name="quote_customer"),
            models.Index(fields=["tenant", "opportunity"], name="quote_opportunity"),
        ]

    class Access:
        read = own | team | role("finance", "operations", "service", "administrator")
        create = role("sales", "sales_manager")
        write = (own | team) & when(state="open")
        assign = team | role("administrator")

    class Screen:
        title = "name"
        list = "number name customer opportunity versions owner state"
        form = {
            "quote": "name opportunity customer contact currency customer_ref owner",
            "parties": "entity end_user ship_to ship_address invoice_title payer payment_term",
            "outcome": "accepted_on lost_why lost_note",
        }

    series = Series("QT")

    def derive(self) -> None:
        """A quote for a deal has the deal's customer, end user, currency and name where none are given."""
        deal = None
        if Quote._meta.get_field("opportunity").is_cached(self):
            deal = self.opportunity
        if deal is not None:
            self.customer_id = self.customer_id or deal.customer_id
            self.end_user_id = self.end_user_id or deal.end_user_id
            self.currency = self.currency or deal.currency
            self.name = self.name or deal.name
        if not self.currency:
            entity = current_unit().call.actor.entity(self.entity_id)
            self.currency = entity["base_currency"] if entity else "CNY"
        if self.payment_term_id is None and Quote._meta.get_field("customer").is_cached(self):
            self.payment_term_id = self.customer.payment_term_id
        super().derive()

    def verify(self) -> None:
        """Raise Invalid for a quote to nobody."""
        if self.customer_id is None:
            raise Invalid("required", field="customer")

    def take_in(self, version: Any) -> None:
        """Give a new version its number, and the folder's parties where it names none. Raises Invalid, Refused."""
        self.start_version(self.versions + 1)
        version.version_no, version.number = self.versions, f"{self.number}-V{self.versions}"
        if version.customer_id not in (None, self.customer_id):
            raise Invalid("other_customer", field="customer")
        for name in PARTIES:
            if getattr(version, f"{name}_id") is None:
                setattr(version, f"{name}_id", getattr(self, f"{name}_id"))
        for name in ("entity_id", "owner_id", "opportunity_id"):
            setattr(version, name, getattr(self, name))
        version.currency = version.currency or self.currency
        version.customer_ref = version.customer_ref or self.customer_ref
