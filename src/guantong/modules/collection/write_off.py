"""WriteOff 核销损失: what will not be paid any more, as a small difference (尾差) or a bad debt (坏账)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Choice, Currency, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.objects import Document
from guantong.engine.states import transition
from guantong.engine.states.unit import lock
from guantong.modules.collection.posting import write_off_postings
from guantong.modules.collection.settled import sums_of
from guantong.modules.customers.customer import Customer
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.posting import base_part
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import post
from guantong.modules.ledger.posting_policy import policy_in_force


class LossReason(models.TextChoices):
    SMALL_DIFFERENCE = "small_difference"
    BAD_DEBT = "bad_debt"


class WriteOff(Document):
    """A part of an invoice that we give up."""

    invoice = Link(Invoice, chain=True)
    customer = Link(Customer, null=True, editable=False)
    owner = Owner(null=True, editable=False)
    amount = Amount()
    reason = Choice(LossReason)
    why = models.CharField(max_length=300, blank=True)
    posted_on = models.DateField(null=True, editable=False)
    reversed_on = models.DateField(null=True, editable=False)
    base_currency = Currency(default="CNY", editable=False)
    base_amount = Amount(currency="base_currency", default=Decimal(0), editable=False)
    state = State("draft", "posted", "reversed", "cancelled")

    @transition("draft", to="posted", money=True)
    def book(self, on: date | None = None) -> None:
        """Take it off the invoice. Raises Refused: more_than_open, over_the_limit (small differences, by policy)."""
        self.posted_on = day_or_today(on)
        invoice = lock(Invoice, self.invoice_id)
        if invoice.state != "issued" or self.amount > invoice.open:
            raise Refused("more_than_open", field="amount", open=str(invoice.open))
        if self.posted_on < invoice.issued_on:
            raise Invalid("too_early", field="on")
        self.base_currency = invoice.base_currency
        self.base_amount = base_part(
            invoice.gross, invoice.base_gross, invoice.base_open,
            open_after=invoice.open - self.amount, places=exponent(invoice.base_currency),
        )  # fmt: skip
        if self.reason == "small_difference":
            self._must_be_small()
        self._enter(invoice, sign=1, on=self.posted_on)

    @transition("posted", to="reversed", money=True)
    def reverse(self, why: str, on: date | None = None) -> None:
        """The customer pays after all: the invoice is open again, due on its original days."""
        self.why, self.reversed_on = why, max(day_or_today(on), self.posted_on)
        self._enter(lock(Invoice, self.invoice_id), sign=-1, on=self.reversed_on)

    @transition("draft", to="cancelled")
    def cancel(self) -> None:
        """Drop the draft."""

    class Meta:
        indexes = [models.Index(fields=["tenant", "invoice", "state"], name="write_off_invoice")]

    class Access:
        read = own | team | role("finance", "operations")
        write = role("finance") & when(state="draft")

    class Screen:
        title = "number"
        list = "number invoice customer amount currency reason posted_on state"
        form = {
            "write_off": "invoice amount currency reason why",
            "money": "base_amount base_currency posted_on",
        }

    series = Series("WO", on="book", day="posted_on")

    def derive(self) -> None:
        """Customer, entity, currency and owner of a draft are the invoice's."""
        if self.state == "draft" and self.posted_on is None:
            for name in ("customer", "owner", "entity"):
                setattr(self, f"{name}_id", getattr(self.invoice, f"{name}_id"))
            self.currency = self.invoice.currency

    def verify(self) -> None:
        """Raise Invalid for an amount that is not above zero."""
        if self.amount <= 0:
            raise Invalid("amount_not_positive", field="amount")

    def _must_be_small(self) -> None:
        policy = policy_in_force(self.entity_id, self.posted_on)
        if self.base_amount > policy.small_difference_limit:
            raise Refused("over_the_limit", field="amount", limit=str(policy.small_difference_limit))

    def _enter(self, invoice: Invoice, *, sign: int, on: date) -> None:
        sums = sums_of(None, [invoice.id])
        sums.add("written_off", invoice.id, sign * self.amount, sign * self.base_amount)
        sums.tell(invoice, on)
        post(self, on=on, entity=self.entity_id, lines=write_off_postings(self, invoice, sign=sign))
