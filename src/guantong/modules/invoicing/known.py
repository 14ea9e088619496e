"""What billing must know beyond the records at hand, read in one statement: billed so far, terms, product groups."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.engine.fields.currency import exponent_sql
from guantong.engine.states.unit import current_unit
from guantong.modules.customers.payment_term import TermPart
from guantong.modules.invoicing.share import NAMES, Figures

SHARE = "coalesce(round(l.{} * l.opening_gross / nullif(l.gross, 0), " + exponent_sql("o.currency") + "), 0)"
SUMS = ", ".join(f"sum({name})::text AS {name}" for name in NAMES)

# What an adopted order was billed before the cut-over, tax and discount by its share of the line's gross.
OPENING = f"""SELECT l.id AS order_line, l.opening_quantity AS quantity, l.opening_gross - share.tax AS net, share.tax,
        l.opening_gross AS gross, share.discount FROM ordering_orderline l
    JOIN ordering_order o ON o.tenant = %(tenant)s AND o.id = l.header_id
    CROSS JOIN LATERAL (SELECT {SHARE.format("tax")} AS tax, {SHARE.format("discount")} AS discount) share
    WHERE l.tenant = %(tenant)s AND l.header_id = %(order)s AND o.adopted"""

BILLED = f"""SELECT order_line AS line, {SUMS} FROM (
    SELECT l.order_line, l.{", l.".join(NAMES)} FROM invoicing_invoiceline l
        JOIN invoicing_invoice i ON i.tenant = %(tenant)s AND i.id = l.header_id
        WHERE l.tenant = %(tenant)s AND i.order_id = %(order)s AND i.state IN ('issued', 'settled', 'credited')
    UNION ALL
    SELECT c.order_line, -c.{", -c.".join(NAMES)} FROM invoicing_creditnoteline c
        JOIN invoicing_creditnote n ON n.tenant = %(tenant)s AND n.id = c.header_id
        WHERE c.tenant = %(tenant)s AND n.order_id = %(order)s AND n.state = 'issued' AND n.rebill
    UNION ALL {OPENING}) x
    WHERE order_line IS NOT NULL GROUP BY order_line"""

STATEMENT = f"""SELECT (SELECT json_agg(b)::text FROM ({BILLED}) b),
    (SELECT json_agg(p ORDER BY p.position)::text FROM (SELECT position, share, percent::text, amount::text, anchor,
        months, set_day, days FROM customers_termpart WHERE tenant = %(tenant)s AND header_id = %(term)s) p),
    (SELECT json_object_agg(id, "group")::text FROM catalog_product
        WHERE tenant = %(tenant)s AND id = ANY(%(products)s::uuid[]))"""


@dataclass(frozen=True, kw_only=True)
class Known:
    """Billed figures by order line, the parts of the payment term, the group of each product."""

    billed: dict[UUID, Figures]
    parts: list[TermPart]
    groups: dict[UUID, str]


def known_for(order: UUID | None, term: UUID | None, products: Iterable[UUID | None]) -> Known:
    """Read it; what an order was billed is true until commit only under the lock of the order. One statement."""
    values = {
        "tenant": current_unit().tenant,
        "order": order,
        "term": term,
        "products": [p for p in products if p],
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        billed, parts, groups = cursor.fetchone()
    return Known(
        billed=_by_line(json.loads(billed or "[]")),
        parts=[_part(row) for row in json.loads(parts or "[]")],
        groups={UUID(id): group for id, group in json.loads(groups or "{}").items()},
    )


def billed_of(order: UUID) -> dict[UUID, Figures]:
    """What was billed of an order and not given back, by its lines. One statement."""
    return known_for(order, None, ()).billed


def _by_line(rows: list[dict[str, Any]]) -> dict[UUID, Figures]:
    return {UUID(row["line"]): Figures(**{name: Decimal(row[name]) for name in NAMES}) for row in rows}


def _part(row: dict[str, Any]) -> TermPart:
    for name in ("percent", "amount"):
        row[name] = None if row[name] is None else Decimal(row[name])
    return TermPart(**row)
