"""Invoice 应收单: our billing document and the receivable it makes. The fapiao is another object (business.md 2.5)."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Lines, Link, Owner, Quantity, State
from guantong.engine.numbering import Series
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import lock
from guantong.modules.catalog.priced import PricedLine
from guantong.modules.customers.customer import Customer
from guantong.modules.customers.payment_term import Anchor
from guantong.modules.invoicing import drawing
from guantong.modules.invoicing.known import known_for
from guantong.modules.invoicing.posting import invoice_postings
from guantong.modules.invoicing.receivable import Receivable
from guantong.modules.invoicing.schedule import last_due, reached, schedule_for
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import post
from guantong.modules.ordering.order import Order


class InvoiceLine(PricedLine):
    """A part of an order line, by quantity or by gross amount, or a free line."""

    quantity = Quantity(null=True, blank=True)
    order_line = models.UUIDField(null=True, blank=True)
    amount = Amount(currency="^currency", null=True, blank=True)


class Invoice(Receivable):
    """What a customer owes us, with when each part is due."""

    order = Link(Order, chain=True, null=True, blank=True)
    customer = Link(Customer, blank=True)
    owner = Owner()
    note = models.TextField(blank=True)
    state = State("draft", "issued", "settled", "credited", "cancelled")
    lines = Lines(InvoiceLine)

    @transition("draft", to="issued", money=True)
    def issue(self, on: date | None = None) -> None:
        """Freeze, number and post the receivable. Raises Refused: more_than_left, order_not_open, nothing_to_bill."""
        self.issued_on = day_or_today(on)
        order = lock(Order, self.order_id) if self.order_id else None
        known = known_for(self.order_id, self.payment_term_id, [line.product_id for line in self.lines])
        drawing.draw(self, known.billed)
        if self.gross <= 0:
            raise Refused("nothing_to_bill")
        if order:
            drawing.bill(self, order, known.billed)
        self.schedule = schedule_for(
            known.parts, self.gross, self.currency, {"invoice_issued": self.issued_on}
        )
        self.due_on = last_due(self.schedule)
        lines = invoice_postings(self, known.groups)
        entry = post(self, on=self.issued_on, entity=self.entity_id, lines=lines)
        receivable = next(line for line in entry.lines if line.role == "receivable")
        self.rate, self.rate_on, self.base_gross = receivable.rate, receivable.rate_on, receivable.base_amount
        self.base_currency, self.policy, self.policy_edition = (
            entry.base_currency,
            entry.policy,
            entry.policy_edition,
        )

    @verb("issued", "settled")
    def reach(self, anchor: Anchor, on: date) -> None:
        """Record that what a due day hangs on has happened (票到, 验收): its parts get their day."""
        self.schedule = reached(self.schedule, anchor, on)
        self.due_on = last_due(self.schedule)

    @transition("draft", to="cancelled")
    def cancel(self) -> None:
        """Drop the draft; it has no number and no entry."""

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "state", "due_on"], name="invoice_customer_due"),
            models.Index(fields=["tenant", "order", "state"], name="invoice_order_state"),
        ]

    class Access:
        read = own | team | role("finance", "operations")
        write = role("finance") & when(state="draft")
        reach = role("finance", "operations")

    class Screen:
        title = "number"
        list = "number customer order issued_on due_on gross open state"
        form = {
            "invoice": "customer order invoice_title payer payment_term owner note",
            "money": "currency rate discount_percent discount_amount net tax gross lines",
            "settlement": "issued_on due_on schedule credited settled written_off open settled_on",
        }

    series = Series("INV", on="issue", day="issued_on")

    def derive(self) -> None:
        """Draw up a draft; of an issued invoice only what is open follows."""
        if self.state == "draft":
            if self.order_id:
                drawing.take_parties(self, self.order)
            super().derive()
            drawing.draw(self)
        elif self.state != "cancelled":
            self.add_up_open()

    def verify(self) -> None:
        """Raise Invalid when nobody is billed, or a rate is not above zero."""
        if self.customer_id is None:
            raise Invalid("required", field="customer")
        if self.rate is not None and self.rate <= 0:
            raise Invalid("rate_not_positive", field="rate", rate=str(self.rate))
