"""Entity 公司主体: a legal entity of the tenant. Books balance per entity."""

from __future__ import annotations

from django.db import models

from guantong.base.identity import credit_code
from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, Currency, State
from guantong.engine.objects import BusinessObject
from guantong.engine.states import transition


class PriceBasis(models.TextChoices):
    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class Rounding(models.TextChoices):
    LINE = "line"
    DOCUMENT = "document"


class Entity(BusinessObject):
    """A company of the group that signs contracts, issues invoices and keeps books."""

    name = models.CharField(max_length=200)
    code = models.CharField(max_length=10)
    credit_code = models.CharField(max_length=18, blank=True)
    base_currency = Currency(default="CNY")
    price_basis = Choice(PriceBasis, default="inclusive")
    rounding = Choice(Rounding, default="line")
    position = models.IntegerField(default=1)
    state = State("active", "closed")

    @transition("active", to="closed")
    def shut(self) -> None:
        """Stop using the entity for new documents."""

    @transition("closed", to="active")
    def reopen(self) -> None:
        """Use the entity again."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="entity_code")]

    class Access:
        read = everyone
        write = role("administrator", "finance")

    class Screen:
        title = "name"
        list = "name code credit_code base_currency state"
        form = {"entity": "name code credit_code base_currency price_basis rounding position"}

    plural = "entities"

    def verify(self) -> None:
        """Raise Invalid for a credit code whose check character is wrong."""
        if self.credit_code:
            self.credit_code = credit_code(self.credit_code, field="credit_code")
