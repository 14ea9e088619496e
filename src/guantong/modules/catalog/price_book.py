"""PriceBook 价格表: prices by product and quantity tier, valid for a time, 含税 or 不含税."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, Currency, Lines, Link, Price, Quantity, State
from guantong.engine.objects import BusinessObject, Line
from guantong.engine.org.entity import PriceBasis
from guantong.engine.states import transition
from guantong.modules.catalog.product import Product
from guantong.modules.customers.customer import Customer


class PriceTier(Line):
    """The price of a product from a quantity on."""

    product = Link(Product)
    from_quantity = Quantity(default=Decimal(1))
    price = Price(currency="^currency")


class PriceBook(BusinessObject):
    """A list of prices for all customers, or for one."""

    name = models.CharField(max_length=100)
    customer = Link(Customer, null=True, blank=True)
    currency = Currency(default="CNY")
    price_basis = Choice(PriceBasis, default="inclusive")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    tiers = Lines(PriceTier)
    state = State("draft", "active", "retired")

    @transition("draft", "retired", to="active")
    def activate(self) -> None:
        """Use these prices from their first day on."""

    @transition("active", to="retired")
    def retire(self) -> None:
        """Use these prices no longer."""

    class Access:
        read = everyone
        write = role("sales_manager", "finance", "administrator")

    class Screen:
        title = "name"
        list = "name customer currency price_basis valid_from valid_to state"
        form = {"price_book": "name customer currency price_basis valid_from valid_to tiers"}

    def verify(self) -> None:
        """Raise Invalid for an end before the start, a negative price, two prices for one tier."""
        if self.valid_to and self.valid_to < self.valid_from:
            raise Invalid("ends_before_start", field="valid_to")
        tiers = self.__dict__.get("_lines") or ()
        if len({(tier.product_id, tier.from_quantity) for tier in tiers}) != len(tiers):
            raise Invalid("tier_twice", field="tiers")
        if any(tier.price < 0 for tier in tiers):
            raise Invalid("negative", field="tiers")
