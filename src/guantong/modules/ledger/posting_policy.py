"""PostingPolicy: how one legal entity posts, as a named edition with a first day. Rows are added, never changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import models

from guantong.base.errors import Invalid, Refused
from guantong.engine.access import nobody, role
from guantong.engine.fields import Amount, Choice, Currency, Link
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import Entity

READY = ("at_invoice",)


class Method(models.TextChoices):
    AT_INVOICE = "at_invoice"
    AT_TRANSFER = "at_transfer"


class Rounding(models.TextChoices):
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


class Balancing(models.TextChoices):
    """Where the rest goes that rounding to base currency leaves (docs/algorithms/posting.md)."""

    ABSORB = "absorb"
    DIFFERENCE_LINE = "difference_line"
    REFUSE = "refuse"


class RetentionAs(models.TextChoices):
    CONTRACT_ASSET = "contract_asset"
    RECEIVABLE = "receivable"


class PostingPolicy(BusinessObject):
    """What an entity has chosen about its books, from a day on; every entry names the edition it followed."""

    entity = Link(Entity)
    name = models.CharField(max_length=60)
    edition = models.IntegerField(default=1)
    method = Choice(Method, default="at_invoice")
    valid_from = models.DateField()
    rounding = Choice(Rounding, default="half_up")
    balancing = Choice(Balancing, default="absorb")
    currency = Currency(default="CNY")
    small_difference_limit = Amount(currency="currency", default=Decimal(1))
    retention_as = Choice(RetentionAs, default="contract_asset")
    is_advance_tax_split = models.BooleanField(default=True)

    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "entity", "name", "edition"], name="ledger_policy_edition"
            ),
            models.UniqueConstraint(fields=["tenant", "entity", "valid_from"], name="ledger_policy_day"),
        ]

    class Access:
        read = role("finance", "administrator")
        create = role("finance")
        write = nobody

    class Screen:
        title = "name"
        list = "entity name edition method valid_from"
        form = {
            "posting_policy": "entity name edition method valid_from",
            "money": "rounding balancing currency small_difference_limit",
            "recognition": "retention_as is_advance_tax_split",
        }

    plural = "posting_policies"

    def verify(self) -> None:
        """Raise Invalid for a method that the modules cannot follow yet, or a limit below zero."""
        if self.method not in READY:
            raise Invalid("method_not_ready", field="method", method=self.method)
        if self.small_difference_limit < 0:
            raise Invalid("limit_below_zero", field="small_difference_limit")


def policy_in_force(entity: UUID, on: date) -> PostingPolicy:
    """The policy that `entity` follows on a day. Raises Refused: no_posting_policy. One statement."""
    found = PostingPolicy.objects.filter(entity_id=entity, valid_from__lte=on).order_by("-valid_from").first()
    if found is None:
        raise Refused("no_posting_policy", on=on.isoformat())
    return found
