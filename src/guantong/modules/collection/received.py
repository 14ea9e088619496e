"""The money side of a receipt: how much of it is spent, in its own and in base currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models

from guantong.base.currencies import exponent
from guantong.base.errors import Refused
from guantong.engine.fields import Amount, Currency, Link, Rate
from guantong.engine.objects import Document
from guantong.engine.states import transition, verb
from guantong.modules.collection.posting import refund_postings
from guantong.modules.customers.bank_account import BankAccount
from guantong.modules.invoicing.posting import base_part
from guantong.modules.invoicing.series import day_or_today
from guantong.modules.ledger.post import Posting, post

NOTHING = Decimal(0)


class Received(Document):
    """Money that came in, of which a part is allocated, a part paid back and the rest open."""

    received_on = models.DateField()
    amount = Amount()
    allocated = Amount(default=NOTHING, editable=False)
    refunded = Amount(default=NOTHING, editable=False)
    open = Amount(default=NOTHING, editable=False)
    rate = Rate(null=True, blank=True)
    rate_on = models.DateField(null=True, editable=False)
    base_currency = Currency(default="CNY", editable=False)
    base_amount = Amount(currency="base_currency", default=NOTHING, editable=False)
    base_allocated = Amount(currency="base_currency", default=NOTHING, editable=False)
    base_refunded = Amount(currency="base_currency", default=NOTHING, editable=False)
    bank_account = Link(BankAccount, null=True, blank=True)
    why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        abstract = True

    @verb("confirmed", internal=True)
    def set_allocated(self, allocated: Decimal, base: Decimal) -> None:
        """Take what its active allocations spend, absolute."""
        self.allocated, self.base_allocated = allocated, base

    @verb("confirmed", money=True)
    def refund(
        self, amount: Decimal, why: str, on: date | None = None, account: BankAccount | None = None
    ) -> None:
        """Pay back what is not allocated, from the account it came in on. Raises Refused: more_than_received."""
        if not 0 < amount <= self.open:
            raise Refused("more_than_received", field="amount", left=str(self.open))
        base = self.base_of(amount)
        self.refunded, self.base_refunded, self.why = self.refunded + amount, self.base_refunded + base, why
        lines = refund_postings(self, amount, base, account.id if account else self.bank_account_id)
        self.enter(lines, on=max(day_or_today(on), self.received_on))
        if self.refunded == self.amount:
            self.close()

    @transition("confirmed", to="refunded", internal=True)
    def close(self) -> None:
        """All of it was paid back."""

    @property
    def base_open(self) -> Decimal:
        """What the books still carry of it in base currency."""
        return self.base_amount - self.base_allocated - self.base_refunded

    def base_of(self, paid: Decimal) -> Decimal:
        """What `paid` of the open money is in base currency; the last part takes all that is left."""
        return base_part(
            self.amount, self.base_amount, self.base_open,
            open_after=self.open - paid, places=exponent(self.base_currency),
        )  # fmt: skip

    def add_up_open(self) -> None:
        """What is open. Raises Refused: more_than_received."""
        is_here = self.state not in ("draft", "cancelled")
        self.open = self.amount - self.allocated - self.refunded if is_here else NOTHING
        if self.open < 0:
            raise Refused("more_than_received", left=str(self.open))

    def enter(self, lines: list[Posting], *, on: date | None = None) -> None:
        """Post on a day whose month is open: the one that is named, else today. Raises Refused: period_closed."""
        today = day_or_today()
        try:
            post(self, on=on or today, entity=self.entity_id, lines=lines)
        except Refused as problem:
            if problem.code != "period_closed" or on in (None, today):
                raise
            post(self, on=today, entity=self.entity_id, lines=lines)

    def take_rate(self, entry: object) -> None:
        """Copy what the books made of the amount: rate, its day, base amount."""
        line = entry.lines[0]  # type: ignore[attr-defined]
        self.rate, self.rate_on, self.base_amount = line.rate, line.rate_on, line.base_amount
        self.base_currency = entry.base_currency  # type: ignore[attr-defined]
