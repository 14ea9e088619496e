"""LedgerAccount 科目: an account of the chart. Which business fact stands on which is said by `account_role`."""

from __future__ import annotations

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import role
from guantong.engine.fields import Choice, Link, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition


class AccountKind(models.TextChoices):
    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"
    COST = "cost"


class LedgerAccount(BusinessObject):
    """An account of the chart, on which journal lines stand."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    kind = Choice(AccountKind)
    parent = Link("self", null=True, blank=True)
    is_monetary = models.BooleanField(default=False)
    is_revalued = models.BooleanField(default=False)
    state = State("open", "closed")

    @transition("open", to="closed", undo="reopen")
    def close(self) -> None:
        """Take no more postings on this account."""

    @transition("closed", to="open", undo="close")
    def reopen(self) -> None:
        """Take postings on this account again."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="ledger_account_code")]

    class Access:
        read = role("finance", "administrator")
        write = role("finance")

    class Screen:
        title = "name"
        list = "code name name_en kind is_monetary is_revalued state"
        form = {"account": "code name name_en kind parent", "currency": "is_monetary is_revalued"}
        search = "code name_en"

    plural = "ledger_accounts"

    def verify(self) -> None:
        """Raise Invalid for an account under itself, or a revalued one that is not monetary."""
        if self.parent_id == self.id:
            raise Invalid("circular", field="parent")
        if self.is_revalued and not self.is_monetary:
            raise Invalid("only_monetary_is_revalued", field="is_revalued", account=self.code)
