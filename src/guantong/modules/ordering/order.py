"""Order 订单: what a customer has ordered from us, at which price, and how far it is carried out and billed."""

from __future__ import annotations

from datetime import date

from django.db import models

from guantong.base.errors import Refused
from guantong.base.rounding import exact_sum
from guantong.engine.access import own, role, team, when
from guantong.engine.fields import Amount, Lines, Link, Owner, State
from guantong.engine.numbering import Series
from guantong.engine.states import transition, verb
from guantong.engine.states.unit import current_unit
from guantong.modules.catalog.drafting import price_draft
from guantong.modules.catalog.priced import PricedDocument
from guantong.modules.ordering import order_line
from guantong.modules.ordering.exposure import customers_in_credit, exposure_of, limit_of, must_be_within
from guantong.modules.ordering.order_line import OrderLine, Progress, check_progress, put_progress
from guantong.modules.pipeline.opportunity import Opportunity
from guantong.modules.quoting.quote_version import QuoteVersion

__all__ = ["Order", "OrderLine", "Progress"]


class Order(PricedDocument):
    """What a customer has ordered from us."""

    quote_version = Link(QuoteVersion, chain=True, null=True, editable=False)
    opportunity = Link(Opportunity, chain=True, null=True, blank=True)
    owner = Owner()
    requested_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, editable=False)
    note = models.TextField(blank=True)
    lines = Lines(OrderLine)
    invoiced_gross = Amount(default=0, editable=False)
    exposure = models.JSONField(default=dict, editable=False)
    why = models.CharField(max_length=200, blank=True, editable=False)
    state = State("draft", "confirmed", "held", "completed", "cancelled")

    @transition("draft", to="confirmed", needs=["customer", "lines"])
    def confirm(self, on: date | None = None) -> None:
        """Bind us and the customer, within the credit limit. Raises Refused: credit_exceeded, customer_closed."""
        self.confirmed_on = on or current_unit().happened_on
        self._ask_credit()

    @verb("draft", "confirmed", "held")
    def check_credit(self) -> None:
        """Work out and keep what the customer owes and has ordered, with this order; refuses nothing."""
        customers = customers_in_credit(self.customer_id)
        self.exposure = exposure_of(customers, self).shown()

    @transition("confirmed", to="held", undo="release")
    def hold(self, why: str) -> None:
        """Stop the order for a reason."""
        self.why = why

    @transition("held", to="confirmed", undo="hold")
    def release(self) -> None:
        """Let the order go on, if the credit limit still allows. Raises as `confirm`."""
        self.why = ""
        self._ask_credit()

    @transition("draft", "confirmed", "held", to="cancelled")
    def cancel(self, why: str) -> None:
        """End an order of which nothing is delivered or billed. Raises Refused: already_billed, already_delivered."""
        if any(line.invoiced_quantity or line.invoiced_gross for line in self.lines):
            raise Refused("already_billed")
        if any(line.delivered_quantity for line in self.lines):
            raise Refused("already_delivered")
        self.why = why

    @verb("confirmed", "held", "completed", internal=True)
    def set_delivered(self, progress: list[Progress]) -> None:
        """Take over from deliveries how much of each line has left."""
        put_progress(self.lines, progress, {"delivered_quantity": "quantity"})

    @verb("confirmed", "held", "completed", internal=True)
    def set_invoiced(self, progress: list[Progress]) -> None:
        """Take over from invoices how much of each line is billed; complete the order when all is."""
        put_progress(self.lines, progress, {"invoiced_quantity": "quantity", "invoiced_gross": "gross"})
        done = all(line.is_invoiced for line in self.lines)
        if done and self.state != "completed":
            self.complete()
        elif not done and self.state == "completed":
            self.resume()

    @transition("confirmed", "held", to="completed", internal=True)
    def complete(self) -> None:
        """Close the order: everything is billed."""

    @transition("completed", to="confirmed", internal=True)
    def resume(self) -> None:
        """Open the order again because something is to be billed anew."""

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "customer", "state"], name="order_customer_state"),
            models.Index(fields=["tenant", "opportunity"], name="order_opportunity"),
            models.Index(fields=["tenant", "quote_version"], name="order_quote_version"),
        ]

    class Access:
        read = own | team | role("operations", "finance", "service", "administrator")
        create = role("sales", "sales_manager", "operations")
        write = (own | team | role("operations")) & when(state="draft")
        hold = release = role("operations", "finance", "sales_manager")
        check_credit = own | team | role("operations", "finance")
        adopt = role("administrator")

    class Screen:
        title = "number"
        list = "number customer gross currency requested_on confirmed_on owner state"
        form = {
            "order": "customer opportunity customer_ref requested_on contact payment_term owner note",
            "lines": "lines",
            "money": "currency rounding discount_percent discount_amount net tax gross invoiced_gross",
            "parties": "entity end_user ship_to ship_address invoice_title payer",
            "credit": "exposure why",
        }
        search = "customer_ref"

    series = Series("SO")
    adopt_states = ("confirmed", "held")

    def derive(self) -> None:
        """Amounts follow the lines while it is a draft; what is billed is the sum of the lines."""
        super().derive()
        if self.state == "draft" or self.event_no == 0:
            price_draft(self)
        if self.adopted and self.event_no == 0:
            order_line.keep_opening(self.lines)
        if self.__dict__.get("_lines") is not None:
            self.invoiced_gross = exact_sum(line.invoiced_gross for line in self.lines)

    def verify(self) -> None:
        """Raise Refused when more would be delivered or billed than was ordered."""
        check_progress(self.__dict__.get("_lines") or ())

    def _ask_credit(self) -> None:
        customers = customers_in_credit(self.customer_id)
        if limit_of(customers) is not None:
            found = exposure_of(customers, self)
            self.exposure = found.shown()
            must_be_within(found)
