"""PricedDocument and PricedLine: what quote, order and invoice share. One tax function for all of them (house.md 7)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from guantong.base import tax
from guantong.base.errors import Invalid
from guantong.base.tax import LineAmounts
from guantong.base.tax_document import DocumentTotals, document_totals
from guantong.engine.fields import Amount, Choice, Link, Percent, Price, Quantity
from guantong.engine.objects import Line
from guantong.engine.org.entity import PriceBasis, Rounding
from guantong.modules.catalog.product import Product
from guantong.modules.catalog.tax_class import Method
from guantong.modules.customers.parties import PartyDocument

COPIED = (
    "product_id", "description", "kind", "quantity", "unit", "price", "price_basis", "discount_percent",
    "discount_amount", "tax_percent", "tax_method", "tax_code", "discount", "net", "tax", "gross",
)  # fmt: skip


class LineKind(models.TextChoices):
    SALE = "sale"
    GIFT = "gift"
    SAMPLE = "sample"
    LOAN = "loan"
    REPLACEMENT = "replacement"


class PricedLine(Line):
    """What, how much, at which price; the entered side (含税 or 不含税) is the truth."""

    product = Link(Product, null=True, blank=True)
    description = models.CharField(max_length=300, blank=True)
    kind = Choice(LineKind, default="sale")
    quantity = Quantity(default=Decimal(1))
    unit = models.CharField(max_length=40, blank=True)
    price = Price(currency="^currency", null=True, blank=True)
    price_basis = Choice(PriceBasis, blank=True)
    discount_percent = Percent(null=True, blank=True)
    discount_amount = Amount(currency="^currency", null=True, blank=True)
    tax_percent = Percent(null=True, blank=True)
    tax_method = Choice(Method, default="general")
    tax_code = models.CharField(max_length=19, blank=True)
    discount = Amount(currency="^currency", default=0, editable=False)
    net = Amount(currency="^currency", default=0, editable=False)
    tax = Amount(currency="^currency", default=0, editable=False)
    gross = Amount(currency="^currency", default=0, editable=False)

    class Meta:
        abstract = True

    def amounts(self, currency: str) -> LineAmounts:
        """The line worked out; what is free of charge keeps its list value as discount. Raises Invalid."""
        free = self.kind != "sale"
        return tax.line_amounts(
            self.quantity,
            price=self.price,
            basis=self.price_basis,
            rate=tax.TaxRate(self.tax_percent, self.tax_method),
            currency=currency,
            discount_percent=Decimal(100) if free else self.discount_percent,
            discount_amount=None if free else self.discount_amount,
        )


class PricedDocument(PartyDocument):
    """A document whose lines have prices, taxes and totals."""

    rounding = Choice(Rounding, blank=True)
    discount_percent = Percent(null=True, blank=True)
    discount_amount = Amount(null=True, blank=True)
    net = Amount(default=0, editable=False)
    tax = Amount(default=0, editable=False)
    gross = Amount(default=0, editable=False)

    class Meta:
        abstract = True

    def work_out(self, lines: list[PricedLine]) -> DocumentTotals:
        """Put amounts on the lines and totals on the document. Raises Invalid with the line named."""
        found = []
        for index, line in enumerate(lines):
            if line.quantity == 0:
                raise Invalid("quantity_zero", field=f"lines.{index}.quantity")
            if line.price is None or line.tax_percent is None or not line.price_basis:
                raise Invalid("no_price", field=f"lines.{index}.price")
            try:
                found.append(line.amounts(self.currency))
            except Invalid as problem:
                problem.field = f"lines.{index}.{problem.field or 'price'}"
                raise
        totals = document_totals(
            found,
            currency=self.currency,
            rounding=self.rounding or "line",
            discount_percent=self.discount_percent,
            discount_amount=self.discount_amount,
        )
        for line, amounts, share, taxed in zip(
            lines, found, totals.discount_shares, totals.lines, strict=True
        ):
            line.discount = amounts.discount + share
            line.net, line.tax, line.gross = taxed.net, taxed.tax, taxed.gross
        self.net, self.tax, self.gross = totals.total.net, totals.total.tax, totals.total.gross
        return totals


def copied(line: PricedLine) -> dict[str, object]:
    """The facts of a line by value, with where they came from: amounts are copied, never recomputed (law 6)."""
    facts = {name: getattr(line, name) for name in COPIED}
    return {**facts, "source_line": line.id, "source_quantity": line.quantity, "source_amount": line.gross}
