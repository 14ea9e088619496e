"""Product 产品: a thing or a service that we sell, with what tax and invoices need to know of it."""

from __future__ import annotations

from django.db import models

from guantong.base.errors import Invalid
from guantong.engine.access import everyone, role
from guantong.engine.fields import Choice, Currency, Link, Price, State
from guantong.engine.objects import BusinessObject
from guantong.engine.org.entity import PriceBasis
from guantong.engine.states import transition
from guantong.modules.catalog.tax_class import TaxClass
from guantong.modules.catalog.unit import Unit


class Kind(models.TextChoices):
    GOODS = "goods"
    SERVICE = "service"


class Product(BusinessObject):
    """A thing or a service that we sell."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    spec = models.CharField(max_length=200, blank=True)
    kind = Choice(Kind, default="goods")
    group = models.CharField(max_length=60, blank=True)
    unit = Link(Unit)
    tax_class = Link(TaxClass)
    tax_code = models.CharField(max_length=19, blank=True)
    invoice_name = models.CharField(max_length=200, blank=True)
    invoice_spec = models.CharField(max_length=200, blank=True)
    currency = Currency(default="CNY")
    list_price = Price(null=True, blank=True)
    price_basis = Choice(PriceBasis, default="inclusive")
    cost = Price(null=True, blank=True)
    note = models.TextField(blank=True)
    state = State("active", "retired")

    @transition("active", to="retired")
    def retire(self) -> None:
        """Sell it no longer; documents that have it keep it."""

    @transition("retired", to="active")
    def reinstate(self) -> None:
        """Sell it again."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="product_code")]
        indexes = [models.Index(fields=["tenant", "name", "id"], name="product_name")]

    class Access:
        read = everyone
        write = role("operations", "administrator", "sales_manager")
        fields = {"cost": role("finance", "sales_manager", "operations", "administrator")}

    class Screen:
        title = "name"
        list = "code name spec group unit list_price price_basis state"
        form = {
            "product": "code name spec kind group unit note",
            "money": "currency list_price price_basis cost",
            "tax": "tax_class tax_code invoice_name invoice_spec",
        }
        search = "code spec"

    def verify(self) -> None:
        """Raise Invalid for a tax code that is not 19 digits (税收分类编码), or negative prices."""
        if self.tax_code and not (
            len(self.tax_code) == 19 and self.tax_code.isascii() and self.tax_code.isdigit()
        ):
            raise Invalid("tax_code_digits", field="tax_code")
        for name in ("list_price", "cost"):
            if (getattr(self, name) or 0) < 0:
                raise Invalid("negative", field=name)
