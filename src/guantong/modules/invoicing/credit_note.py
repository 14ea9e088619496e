"""CreditNote 贷项通知单: takes back an issued invoice, wholly or in part, by amounts copied from its lines (law 6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.currencies import exponent
from guantong.base.errors import Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Choice, Currency, Lines, Link, Owner, Quantity, State
from guantong.engine.numbering import Series
from guantong.engine.states import transition
from guantong.engine.states.unit import lock
from guantong.modules.catalog.priced import PricedDocument, PricedLine
from guantong.modules.customers.customer import Customer
from guantong.modules.invoicing import crediting
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.posting import base_part, credit_postings, in_base
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import post
from guantong.modules.ordering.order import Order


class CreditReason(models.TextChoices):
    RETURN = "return"
    PRICE = "price"
    MISTAKE = "mistake"
    OTHER = "other"


class CreditNoteLine(PricedLine):
    """A part of an invoice line, by quantity or by gross amount."""

    quantity = Quantity(null=True, blank=True)
    invoice_line = models.UUIDField()
    order_line = models.UUIDField(null=True, editable=False)
    amount = Amount(currency="^currency", null=True, blank=True)


class CreditNote(PricedDocument):
    """What we take back of an invoice; amounts stand above zero here."""

    invoice = Link(Invoice, chain=True)
    customer = Link(Customer, blank=True)
    order = Link(Order, null=True, editable=False)
    owner = Owner()
    reason = Choice(CreditReason)
    why = models.CharField(max_length=300, blank=True)
    rebill = models.BooleanField(default=False, editable=False)
    deal = models.UUIDField(null=True, editable=False)
    issued_on = models.DateField(null=True, editable=False)
    applied = Amount(default=Decimal(0), editable=False)
    excess = Amount(default=Decimal(0), editable=False)
    base_currency = Currency(default="CNY", editable=False)
    base_applied = Amount(currency="base_currency", default=Decimal(0), editable=False)
    base_excess = Amount(currency="base_currency", default=Decimal(0), editable=False)
    state = State("draft", "issued", "cancelled")
    lines = Lines(CreditNoteLine)

    @transition("draft", to="issued", money=True)
    def issue(self, rebill: bool, on: date | None = None) -> None:
        """Post the mirror of the copied amounts. What was paid already becomes an advance of the customer.

        `rebill`: may the order be billed again? Raises Refused: more_than_left, invoice_not_issued.
        """
        self.issued_on, self.rebill = day_or_today(on), rebill
        invoice = lock(Invoice, self.invoice_id)
        known = crediting.draw(self, invoice)
        if self.gross <= 0:
            raise Refused("nothing_to_credit")
        self.applied = min(self.gross, invoice.open)
        self.excess = self.gross - self.applied
        self.base_applied = base_part(
            invoice.gross, invoice.base_gross, invoice.base_open,
            open_after=invoice.open - self.applied, places=exponent(invoice.base_currency),
        )  # fmt: skip
        invoice.set_credited(
            known.applied + self.applied, base=known.base_applied + self.base_applied, on=self.issued_on
        )
        self.base_currency, self.base_excess = invoice.base_currency, in_base(self.excess, invoice)
        lines = credit_postings(self, invoice, known.groups, tax_before=known.tax)
        post(self, on=self.issued_on, entity=self.entity_id, lines=lines)

    @transition("draft", to="cancelled")
    def cancel(self) -> None:
        """Drop the draft; it has no number and no entry."""

    class Access:
        read = own | team | role("finance", "operations")
        write = role("finance") & when(state="draft")

    class Screen:
        title = "number"
        list = "number invoice customer reason issued_on gross state"
        form = {
            "credit_note": "invoice customer reason why owner lines",
            "money": "net tax gross applied excess rebill issued_on",
        }

    series = Series("CN", on="issue", day="issued_on")

    def derive(self) -> None:
        """Draw up a draft from its invoice: parties, currency and the part of each line."""
        if self.state == "draft":
            crediting.take_parties(self, self.invoice)
            super().derive()
            crediting.draw(self, self.invoice)
