"""Prices and taxes for lines that name a product only: one statement for all lines of a document."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import Invalid
from guantong.engine.states.unit import current_unit
from guantong.modules.catalog.priced import PricedLine

STATEMENT = """SELECT p.id, p.name, u.name, p.tax_code, p.list_price, p.price_basis, p.currency, p.cost, p.state,
        rate.percent, rate.method, tier.price, tier.price_basis
    FROM unnest(%(products)s::uuid[], %(quantities)s::numeric[]) WITH ORDINALITY AS w(product, quantity, place)
    JOIN catalog_product p ON p.tenant = %(tenant)s AND p.id = w.product
    JOIN catalog_unit u ON u.tenant = %(tenant)s AND u.id = p.unit_id
    LEFT JOIN LATERAL (SELECT r.percent, r.method FROM catalog_datedrate r WHERE r.tenant = %(tenant)s
        AND r.header_id = p.tax_class_id AND r.valid_from <= %(on)s ORDER BY r.valid_from DESC LIMIT 1) rate ON TRUE
    LEFT JOIN LATERAL (SELECT t.price, b.price_basis FROM catalog_pricetier t
        JOIN catalog_pricebook b ON b.tenant = %(tenant)s AND b.id = t.header_id
        WHERE t.tenant = %(tenant)s AND t.product_id = p.id AND t.from_quantity <= abs(w.quantity)
        AND b.state = 'active' AND b.currency = %(currency)s AND b.valid_from <= %(on)s
        AND (b.valid_to IS NULL OR b.valid_to >= %(on)s) AND (b.customer_id IS NULL OR b.customer_id = %(customer)s)
        ORDER BY b.customer_id NULLS LAST, b.valid_from DESC, t.from_quantity DESC LIMIT 1) tier ON TRUE
    ORDER BY w.place"""


def fill_from_catalog(lines: list[PricedLine], *, customer: UUID | None, currency: str, on: date) -> None:
    """Give lines what they lack: description, unit, price and its basis, tax rate and code.

    A customer's own price book comes before the general ones, the newest before older ones, the largest
    tier that the quantity reaches; then the product's list price in the same currency. What was entered
    stays. Raises Invalid: no_price, no_tax_rate, product_retired, with the line named.
    """
    lacking = [(i, line) for i, line in enumerate(lines) if line.product_id and _lacks(line)]
    if not lacking:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {
                "tenant": current_unit().tenant,
                "products": [line.product_id for _, line in lacking],
                "quantities": [line.quantity for _, line in lacking],
                "customer": customer,
                "currency": currency,
                "on": on,
            },
        )
        rows = cursor.fetchall()
    for (index, line), row in zip(lacking, rows, strict=True):
        _fill(line, row, currency, f"lines.{index}")


def _lacks(line: PricedLine) -> bool:
    return (
        line.price is None
        or line.tax_percent is None
        or not line.unit
        or not line.price_basis
        or getattr(line, "unit_cost", 0) is None
    )


def _fill(line: PricedLine, row: tuple[Any, ...], currency: str, at: str) -> None:
    (_, name, unit, tax_code, list_price, list_basis, list_currency, cost, state,
     percent, method, tier_price, tier_basis) = row  # fmt: skip
    if state != "active":
        raise Invalid("product_retired", field=f"{at}.product")
    line.description = line.description or name
    line.unit = line.unit or unit
    line.tax_code = line.tax_code or tax_code
    if getattr(line, "unit_cost", 0) is None and list_currency == currency:
        line.unit_cost = cost
    if line.tax_percent is None:
        if percent is None:
            raise Invalid("no_tax_rate", field=f"{at}.product")
        line.tax_percent, line.tax_method = percent, method
    if line.price is None:
        if tier_price is not None:
            line.price, line.price_basis = tier_price, tier_basis
        elif list_price is not None and list_currency == currency:
            line.price, line.price_basis = list_price, list_basis
        else:
            raise Invalid("no_price", field=f"{at}.price")
    line.price_basis = line.price_basis or list_basis
