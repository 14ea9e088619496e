"""Activity 跟进: a call, visit or message, and what is to come next. When it happened may be entered later."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import own, role, team
from guantong.engine.fields import Choice, Link, Owner, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition
from guantong.modules.customers.contact import Contact
from guantong.modules.customers.customer import Customer
from guantong.modules.pipeline.lead import Lead
from guantong.modules.pipeline.opportunity import Opportunity

ABOUT = ("customer", "contact", "lead", "opportunity")


class ActivityKind(models.TextChoices):
    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    EMAIL = "email"
    WECHAT = "wechat"
    OTHER = "other"


class Activity(BusinessObject):
    """Something done with a customer, and the follow-up agreed; `happened_at` says when."""

    subject = models.CharField(max_length=80, blank=True, editable=False)
    kind = Choice(ActivityKind, default="call")
    text = models.TextField()
    customer = Link(Customer, null=True, blank=True)
    contact = Link(Contact, null=True, blank=True)
    lead = Link(Lead, null=True, blank=True)
    opportunity = Link(Opportunity, null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_what = models.CharField(max_length=200, blank=True)
    result = models.TextField(blank=True, editable=False)
    owner = Owner()
    state = State("open", "done")

    @transition("open", to="done", undo="reopen")
    def complete(self, result: str = "") -> None:
        """Record that the follow-up was done."""
        self.result = result

    @transition("done", to="open", needs=["next_on"])
    def reopen(self) -> None:
        """Put the follow-up back on the list."""

    @transition("open", "done", to="open")
    def follow_up(self, on: date, what: str = "") -> None:
        """Agree on what comes next and when, or move it to another day."""
        self.next_on, self.next_what = on, what or self.next_what

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "owner", "state", "next_on"], name="activity_next"),
            models.Index(fields=["tenant", "customer", "happened_at"], name="activity_customer"),
            models.Index(fields=["tenant", "lead"], name="activity_lead"),
            models.Index(fields=["tenant", "opportunity"], name="activity_opportunity"),
        ]

    class Access:
        read = own | team | role("service")
        create = role("sales", "sales_manager", "service", "operations", "finance")
        write = own

    class Screen:
        title = "subject"
        list = "happened_at kind subject customer opportunity lead next_on next_what owner state"
        form = {
            "activity": "kind text customer contact lead opportunity owner",
            "next": "next_on next_what result",
        }
        search = "text next_what"

    plural = "activities"

    def derive(self) -> None:
        """What has no follow-up is done; the customer is that of the deal or the person."""
        self.subject = self.text.strip().split("\n")[0][:80]
        if self.next_on is None and self.event_no == 0:
            self.state = "done"
        for name in ("opportunity", "contact"):
            if self.customer_id is None and Activity._meta.get_field(name).is_cached(self):
                self.customer_id = getattr(self, name).customer_id if getattr(self, f"{name}_id") else None

    def verify(self) -> None:
        """Raise Invalid for an activity about nobody."""
        if not any(getattr(self, f"{name}_id") for name in ABOUT):
            raise Invalid("about_nobody", field="customer")
