"""Allocation 核销: which part of a receipt pays which part of an invoice. Made by `Receipt.allocate` only."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.engine.access import nobody, own, role, team
from guantong.engine.fields import Amount, Choice, Currency, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.objects import Document
from guantong.engine.states import transition
from guantong.engine.states.unit import lock
from guantong.modules.collection.posting import allocation_postings
from guantong.modules.collection.settled import sums_of
from guantong.modules.customers.customer import Customer
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import post


class AllocationKind(models.TextChoices):
    PAYMENT = "payment"
    SETTLEMENT = "settlement"


class Allocation(Document):
    """A part of a receipt that pays a part of an invoice; `currency` is the invoice's."""

    receipt = Link(
        "collection.Receipt", chain=True, editable=False
    )  # a receipt makes allocations: a name would circle
    invoice = Link(Invoice, chain=True, editable=False)
    customer = Link(Customer, editable=False)
    owner = Owner(null=True, editable=False)
    on = models.DateField(editable=False)
    kind = Choice(AllocationKind, editable=False)
    amount = Amount(editable=False)
    paid_currency = Currency(editable=False)
    paid = Amount(currency="paid_currency", editable=False)
    base_currency = Currency(editable=False)
    amount_base = Amount(currency="base_currency", editable=False)
    paid_base = Amount(currency="base_currency", editable=False)
    reversed_on = models.DateField(null=True, editable=False)
    why = models.CharField(max_length=300, blank=True, editable=False)
    state = State("active", "reversed")

    @transition("active", to="reversed", money=True)
    def reverse(self, why: str, on: date | None = None) -> None:
        """Take it back: the money is open again, and so is the invoice, due on its original days."""
        self.why, self.reversed_on = why, max(day_or_today(on), self.on)
        receipt = lock(type(self).receipt.field.related_model, self.receipt_id)
        invoice = lock(Invoice, self.invoice_id)
        self.receipt, self.invoice = receipt, invoice
        sums = sums_of(receipt.id, [invoice.id])
        sums.add("receipt", receipt.id, -self.paid, -self.paid_base)
        sums.add("paid", invoice.id, -self.amount, -self.amount_base)
        receipt.set_allocated(*sums.of("receipt", receipt.id))
        sums.tell(invoice, self.reversed_on)
        post(
            self,
            on=self.reversed_on,
            entity=self.entity_id,
            lines=allocation_postings([self], sign=-1),
            kind="settlement" if self.kind == "settlement" else "normal",
            purpose="reverse",
        )

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "invoice", "state"], name="allocation_invoice"),
            models.Index(fields=["tenant", "receipt", "state"], name="allocation_receipt"),
        ]

    class Access:
        read = own | team | role("finance", "operations")
        create = write = delete = nobody
        reverse = role("finance")

    class Screen:
        title = "number"
        list = "number on receipt invoice customer kind amount currency paid paid_currency state"
        form = {
            "allocation": "number on receipt invoice customer kind state",
            "money": "amount currency paid paid_currency amount_base paid_base base_currency",
        }

    series = Series("AL")
