"""Customer 客户: a company or person that we sell to, or may sell to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.errors import Invalid
from guantong.base.identity import credit_code
from guantong.engine.access import own, role, team
from guantong.engine.fields import Amount, Choice, Currency, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.objects import BusinessObject
from guantong.engine.org.user import User
from guantong.engine.states import transition, verb
from guantong.modules.customers.payment_term import PaymentTerm


class Level(models.TextChoices):
    A = "a"
    B = "b"
    C = "c"


class Customer(BusinessObject):
    """A company or person that we sell to, or may sell to."""

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    former_names = models.JSONField(default=list, blank=True, editable=False)
    parent = Link("self", null=True, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    level = Choice(Level, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)
    currency = Currency(default="CNY")
    payment_term = Link(PaymentTerm, null=True, blank=True)
    credit_group = models.CharField(max_length=60, blank=True)
    credit_limit = Amount(currency="currency", null=True, blank=True)
    overdue_days_allowed = models.IntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    owner = Owner()
    state = State("active", "blocked", "inactive")

    @verb(undo="assign")
    def assign(self, to: User) -> None:
        """Hand the customer to another colleague."""
        self.owner = to

    @verb("active", "blocked")
    def rename(self, name: str, on: date) -> None:
        """Take over a new registered name (工商变更); the old one stays findable with its last day."""
        self.former_names = [*self.former_names, {"name": self.name, "until": on.isoformat()}]
        self.name = name

    @verb("active", "blocked")
    def set_credit(
        self, limit: Decimal | None = None, group: str = "", overdue_days: int | None = None
    ) -> None:
        """Set the credit limit (currency of the customer; none: no limit), group and days overdue that are allowed."""
        self.credit_limit, self.credit_group, self.overdue_days_allowed = limit, group, overdue_days

    @transition("active", to="blocked")
    def block(self, why: str) -> None:
        """Stop new orders and deliveries."""

    @transition("blocked", "inactive", to="active")
    def unblock(self) -> None:
        """Trade with the customer again."""

    @transition("active", to="inactive")
    def retire(self) -> None:
        """Keep the record, stop working on it."""

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "name", "id"], name="customer_name"),
            models.Index(fields=["tenant", "credit_code"], name="customer_credit_code"),
            models.Index(fields=["tenant", "credit_group"], name="customer_credit_group"),
        ]

    class Access:
        read = own | team | role("finance", "operations", "service", "administrator")
        create = role("sales", "sales_manager", "administrator", "operations")
        write = own | team | role("administrator")
        delete = team | role("administrator")
        set_credit = block = unblock = role("finance", "sales_manager")

    class Screen:
        title = "name"
        list = "number name level industry region owner state"
        form = {
            "customer": "name short_name credit_code parent industry region level phone website owner note",
            "terms": "currency payment_term credit_group credit_limit overdue_days_allowed",
        }
        search = "short_name credit_code phone"

    series = Series("CU", yearly=False, per_entity=False)

    def verify(self) -> None:
        """Raise Invalid for a wrong credit code, a customer above itself, a negative limit."""
        if self.credit_code:
            self.credit_code = credit_code(self.credit_code, field="credit_code")
        if self.parent_id == self.id:
            raise Invalid("circular", field="parent")
        if self.credit_limit is not None and self.credit_limit < 0:
            raise Invalid("negative", field="credit_limit")
