"""AccountRole: on which account a business fact stands. Postings name roles, never accounts (house.md 7)."""

from __future__ import annotations

from django.db import models

from guantong.engine.access import role as has_role
from guantong.engine.fields import Choice, Link
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import Entity
from guantong.modules.ledger.account import LedgerAccount


class Role(models.TextChoices):
    """The words that postings use. A Role is a str: `"receivable"` and `Role.RECEIVABLE` are the same."""

    BANK = "bank"
    CASH = "cash"
    NOTES_RECEIVABLE = "notes_receivable"
    RECEIVABLE = "receivable"
    OTHER_RECEIVABLE = "other_receivable"
    ALLOWANCE = "allowance"
    CONTRACT_ASSET = "contract_asset"
    CONTRACT_ASSET_ALLOWANCE = "contract_asset_allowance"
    RETURN_ASSET = "return_asset"
    DISCOUNTED_RECOURSE = "discounted_recourse"
    SUPPLIER_CLEARING = "supplier_clearing"
    ADVANCE = "advance"
    CONTRACT_LIABILITY = "contract_liability"
    OUTPUT_VAT = "output_vat"
    SIMPLE_VAT = "simple_vat"
    DEFERRED_VAT = "deferred_vat"
    UNCLAIMED = "unclaimed"
    REFUND_PAYABLE = "refund_payable"
    ENDORSED_RECOURSE = "endorsed_recourse"
    EXPECTED_RETURN = "expected_return"
    CLEARING = "clearing"
    OPENING = "opening"
    REVENUE = "revenue"
    OTHER_REVENUE = "other_revenue"
    SALES_DISCOUNT = "sales_discount"
    LATE_INTEREST = "late_interest"
    EXCHANGE_GAIN_LOSS = "exchange_gain_loss"
    BANK_CHARGES = "bank_charges"
    FINANCE_COST = "finance_cost"
    CREDIT_LOSS = "credit_loss"
    ASSET_LOSS = "asset_loss"
    WRITE_OFF = "write_off"
    SMALL_DIFFERENCE = "small_difference"


class AccountRole(BusinessObject):
    """The account of a role, for the whole tenant or for one legal entity only (which goes first)."""

    role = Choice(Role)
    account = Link(LedgerAccount)
    only_for = Link(Entity, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "role", "only_for"], name="ledger_account_role", nulls_distinct=False
            )
        ]

    class Access:
        read = has_role("finance", "administrator")
        write = has_role("finance")

    class Screen:
        title = "role"
        list = "role account only_for"
        form = {"account_role": "role account only_for"}

    plural = "account_roles"
