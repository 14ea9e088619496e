"""PaymentTerm 付款条件: when what part of a price is due, counted from named dates (docs/algorithms/terms.md)."""

from __future__ import annotations

from django.db import models

from guantong.base import terms
from guantong.engine.access import everyone, role
from guantong.engine.fields import Amount, Choice, Currency, Lines, Percent, State
from guantong.engine.objects import BusinessObject, Line
from guantong.engine.states import transition


class Anchor(models.TextChoices):
    SIGNED = "signed"
    ORDER_CONFIRMED = "order_confirmed"
    SHIPPED = "shipped"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    FINAL_ACCEPTED = "final_accepted"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_RECEIVED = "invoice_received"
    RECONCILED = "reconciled"
    MONTH_END = "month_end"


class Share(models.TextChoices):
    PERCENT_OF_TOTAL = "percent_of_total"
    PERCENT_OF_REMAINING = "percent_of_remaining"
    FIXED = "fixed"
    REMAINDER = "remainder"


class TermPart(Line):
    """One instalment of a payment term."""

    share = Choice(Share, default="remainder")
    percent = Percent(null=True, blank=True)
    amount = Amount(currency="^currency", null=True, blank=True)
    anchor = Choice(Anchor, default="invoice_issued")
    months = models.IntegerField(default=0)
    set_day = models.IntegerField(null=True, blank=True)
    days = models.IntegerField(default=0)

    def instalment(self) -> terms.Instalment:
        """The pure value that computes due dates."""
        offset = terms.Offset(months=self.months, set_day=self.set_day, days=self.days)
        return terms.Instalment(
            self.share, offset, percent=self.percent, amount=self.amount, anchor=self.anchor
        )


class PaymentTerm(BusinessObject):
    """What part of a price is due when."""

    name = models.CharField(max_length=100)
    currency = Currency(default="CNY")
    state = State("active", "retired")
    parts = Lines(TermPart)

    @transition("active", to="retired")
    def retire(self) -> None:
        """Offer the term no longer; documents that have it keep it."""

    @transition("retired", to="active")
    def reinstate(self) -> None:
        """Offer the term again."""

    class Access:
        read = everyone
        write = role("finance", "administrator", "sales_manager")

    class Screen:
        title = "name"
        list = "name state"
        form = {"payment_term": "name currency parts"}

    def verify(self) -> None:
        """Raise Invalid when the parts do not cover the whole price."""
        if self.__dict__.get("_lines") is not None:
            self.schedule_of()

    def schedule_of(self) -> terms.PaymentTerm:
        """The pure payment term; raises Invalid."""
        return terms.PaymentTerm(tuple(part.instalment() for part in self.parts))
