"""InvoiceTitle 开票抬头: the name, tax number and bank details that a customer wants on its invoices."""

from __future__ import annotations

from django.db import models

from guantong.base.identity import credit_code
from guantong.engine.access import role
from guantong.engine.fields import Link, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition
from guantong.modules.customers.customer import Customer


class InvoiceTitle(BusinessObject):
    """How one customer is written on an invoice; a customer may have several."""

    customer = Link(Customer)
    title = models.CharField(max_length=200)
    tax_number = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    bank = models.CharField(max_length=200, blank=True)
    bank_account = models.CharField(max_length=60, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    is_default = models.BooleanField(default=False)
    state = State("active", "retired")

    @transition("active", to="retired")
    def retire(self) -> None:
        """Offer the title no longer."""

    class Access:
        read = role("sales", "sales_manager", "finance", "operations", "administrator")
        write = role("sales", "sales_manager", "finance", "administrator")

    class Screen:
        title = "title"
        list = "customer title tax_number is_default state"
        form = {"invoice_title": "customer title tax_number address phone bank bank_account email is_default"}
        search = "tax_number"

    def verify(self) -> None:
        """Raise Invalid for an 18-character tax number whose check character is wrong."""
        if len(self.tax_number) == 18:
            self.tax_number = credit_code(self.tax_number, field="tax_number")
