"""JournalEntry 凭证 and its lines. Private to the ledger: others call `post.post()` and read through `balances`.

Entries are only ever added; the database refuses change, removal and lines that do not balance (migration 0002).
"""

from __future__ import annotations

from django.db import models

from guantong.engine.access import nobody, role
from guantong.engine.fields import Amount, Choice, Currency, Lines, Link, Rate
from guantong.engine.numbering import Series
from guantong.engine.objects import BusinessObject, Line
from guantong.engine.org.entity import Entity
from guantong.modules.ledger.account import LedgerAccount
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balancing import must_balance
from guantong.modules.ledger.period import month_of


class EntryKind(models.TextChoices):
    NORMAL = "normal"
    EXCHANGE = "exchange"
    SETTLEMENT = "settlement"
    REVERSAL = "reversal"
    OPENING = "opening"
    REVALUATION = "revaluation"


class JournalLine(Line):
    """One side of an entry: debits are above zero, credits below; what it concerns never changes."""

    entity = models.UUIDField()
    on = models.DateField()
    account = Link(LedgerAccount)
    role = Choice(Role)
    currency = Currency()
    amount = Amount(currency="currency")
    base_amount = Amount(currency="^base_currency")
    rate = Rate(null=True)
    rate_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    customer = models.UUIDField(null=True)
    deal = models.UUIDField(null=True)
    order = models.UUIDField(null=True)
    product_group = models.UUIDField(null=True)
    team = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    project = models.UUIDField(null=True)
    dimensions = models.JSONField(default=dict)

    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "role", "customer", "on"], name="ledger_line_role"),
            models.Index(fields=["tenant", "account", "on"], name="ledger_line_account_on"),
        ]


class JournalEntry(BusinessObject):
    """A balanced fact of the books, with the document behind it and the policy it followed."""

    entity = Link(Entity)
    on = models.DateField()
    month = models.CharField(max_length=7, editable=False)
    kind = Choice(EntryKind, default="normal")
    memo = models.CharField(max_length=200, blank=True)
    base_currency = Currency()
    policy = models.CharField(max_length=60)
    policy_edition = models.IntegerField()
    reverses = Link("self", null=True, blank=True)
    line_count = models.IntegerField(default=0, editable=False)
    lines = Lines(JournalLine)

    append_only = True
    series = Series("JV", digits=6, day="on")
    plural = "journal_entries"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "reverses"], name="ledger_entry_reverses")]
        indexes = [models.Index(fields=["tenant", "entity", "on"], name="ledger_entry_on")]

    class Access:
        read = role("finance", "administrator")
        write = nobody

    class Screen:
        title = "number"
        list = "number on memo kind entity source_object"
        form = {
            "journal_entry": "number on month kind memo",
            "source": "source_object reverses policy policy_edition",
        }
        search = "memo"

    def derive(self) -> None:
        """Give the lines what they share with their entry."""
        self.month = month_of(self.on)
        self.line_count = len(self.lines)
        for line in self.lines:
            line.entity, line.on = self.entity_id, self.on

    def verify(self) -> None:
        """Raise Refused unless the lines balance, in base currency and in each foreign one."""
        must_balance(self.lines, self.base_currency)
