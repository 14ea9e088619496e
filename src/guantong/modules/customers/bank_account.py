"""BankAccount 银行账户: an account of ours (an entity's) or of a customer; receipts are matched by it."""

from __future__ import annotations

from uuid import UUID

from django.db import models

from guantong.base.errors import Invalid
from guantong.base.identity import bank_account
from guantong.engine.access import role
from guantong.engine.fields import Currency, Link, State
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import Entity
from guantong.engine.states import transition
from guantong.engine.states.unit import current_unit
from guantong.modules.customers.customer import Customer


class BankAccount(BusinessObject):
    """An account at a bank, of one of our entities or of a customer."""

    entity = Link(Entity, null=True, blank=True)
    customer = Link(Customer, null=True, blank=True)
    holder = models.CharField(max_length=200)
    account_number = models.CharField(max_length=60)
    bank = models.CharField(max_length=200)
    currency = Currency(default="CNY")
    state = State("active", "closed")

    @transition("active", to="closed")
    def shut(self) -> None:
        """Use the account no longer."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account_number", "currency"], name="bank_account_once")
        ]

    class Access:
        read = role("finance", "sales", "sales_manager", "administrator")
        write = role("finance", "administrator")

    class Screen:
        title = "account_number"
        list = "holder account_number bank currency entity customer state"
        form = {"bank_account": "holder account_number bank currency entity customer"}
        search = "holder"

    def derive(self) -> None:
        """An account that is no customer's is ours: of the first entity where none is named."""
        if self.customer_id is None and self.entity_id is None:
            entity = current_unit().call.actor.entity()
            self.entity_id = UUID(entity["id"]) if entity else None

    def verify(self) -> None:
        """Raise Invalid unless the account belongs to exactly one side."""
        if (self.entity_id is None) == (self.customer_id is None):
            raise Invalid("one_side", field="customer")
        self.account_number = bank_account(self.account_number, field="account_number")
