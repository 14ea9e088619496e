"""The receivable side of an invoice: what is open of it, in its own and in base currency, and how it closes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.errors import Refused
from guantong.engine.fields import Amount, Currency, Rate
from guantong.engine.states import transition, verb
from guantong.modules.catalog.priced import PricedDocument

NOTHING = Decimal(0)


class Receivable(PricedDocument):
    """A priced document that a customer owes us; all figures of progress are absolute, recomputed from rows."""

    deal = models.UUIDField(null=True, editable=False)
    issued_on = models.DateField(null=True, editable=False)
    due_on = models.DateField(null=True, editable=False)
    schedule = models.JSONField(default=list, editable=False)
    settled_on = models.DateField(null=True, editable=False)
    credited = Amount(default=NOTHING, editable=False)
    settled = Amount(default=NOTHING, editable=False)
    written_off = Amount(default=NOTHING, editable=False)
    open = Amount(default=NOTHING, editable=False)
    rate = Rate(null=True, blank=True)
    rate_on = models.DateField(null=True, editable=False)
    base_currency = Currency(default="CNY", editable=False)
    base_gross = Amount(currency="base_currency", default=NOTHING, editable=False)
    base_credited = Amount(currency="base_currency", default=NOTHING, editable=False)
    base_settled = Amount(currency="base_currency", default=NOTHING, editable=False)
    policy = models.CharField(max_length=60, blank=True, editable=False)
    policy_edition = models.IntegerField(null=True, editable=False)

    class Meta:
        abstract = True

    @verb("issued", "settled", "credited", internal=True)
    def set_settled(self, settled: Decimal, written_off: Decimal, base: Decimal, on: date) -> None:
        """Take what was paid and written off, absolute; `base` is both together in base currency."""
        self.settled, self.written_off, self.base_settled = settled, written_off, base
        self._follow(on)

    @verb("issued", "settled", "credited", internal=True)
    def set_credited(self, credited: Decimal, base: Decimal, on: date) -> None:
        """Take what credit notes took off the receivable, absolute."""
        self.credited, self.base_credited = credited, base
        self._follow(on)

    @transition("issued", to="settled", internal=True)
    def settle(self, on: date) -> None:
        """Nothing is open any more."""
        self.settled_on = on

    @transition("issued", to="credited", internal=True)
    def void(self) -> None:
        """Credit notes took off all of it, nothing was paid."""

    @transition("settled", "credited", to="issued", internal=True)
    def reopen(self) -> None:
        """Something is open again, due on its original days."""
        self.settled_on = None

    @property
    def base_open(self) -> Decimal:
        """What the books still carry of it in base currency."""
        return self.base_gross - self.base_credited - self.base_settled

    def add_up_open(self) -> None:
        """What is open. Raises Refused: more_than_open."""
        self.open = self.gross - self.credited - self.settled - self.written_off
        if self.open < 0:
            raise Refused("more_than_open", open=str(self.open))

    def _follow(self, on: date) -> None:
        self.add_up_open()
        if self.state != "issued" and self.open:
            self.reopen()
        elif self.state == "issued" and not self.open:
            if self.credited == self.gross:
                self.void()
            else:
                self.settle(on=on)
