"""Contact 联系人: a person at a customer, also after leaving it."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.identity import phone
from guantong.engine.access import own, role, team
from guantong.engine.fields import Choice, Link, Owner, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition, verb
from guantong.modules.customers.customer import Customer


class Influence(models.TextChoices):
    DECIDES = "decides"
    INFLUENCES = "influences"
    USES = "uses"
    BUYS = "buys"
    PAYS = "pays"


class Contact(BusinessObject):
    """A person whom we talk to."""

    customer = Link(Customer, null=True, blank=True)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=100, blank=True)
    department = models.CharField(max_length=100, blank=True)
    influence = Choice(Influence, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    wechat = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    left_on = models.DateField(null=True, blank=True, editable=False)
    history = models.JSONField(default=list, editable=False)
    owner = Owner()
    state = State("active", "left")

    @transition("active", to="left")
    def leave(self, on: date) -> None:
        """Record that the person left the customer; the history stays."""
        self.left_on = on
        self.history = [*self.history, {"customer": str(self.customer_id), "until": on.isoformat()}]

    @transition("left", "active", to="active")
    def move_to(self, customer: Customer, on: date) -> None:
        """Record that the person works for another customer now."""
        if self.state == "active" and self.customer_id:
            self.history = [*self.history, {"customer": str(self.customer_id), "until": on.isoformat()}]
        self.customer, self.left_on = customer, None

    @verb()
    def correct_phone(self, mobile: str) -> None:
        """Set the mobile number in international form. Raises Invalid."""
        self.mobile = phone(mobile, field="mobile")

    class Meta:
        indexes = [models.Index(fields=["tenant", "name", "id"], name="contact_name")]

    class Access:
        read = own | team | role("finance", "operations", "service", "administrator")
        create = role("sales", "sales_manager", "service", "operations", "administrator")
        write = own | team | role("administrator")

    class Screen:
        title = "name"
        list = "name customer title mobile email owner state"
        form = {"contact": "name customer title department influence mobile phone email wechat owner note"}
        search = "mobile email phone"
