"""What must hold between the books and receipts, allocations and write-offs of an entity (`guantong books check`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.invoicing.checks import differences
from guantong.modules.ledger.balances import open_amounts, read_rows
from guantong.modules.ledger.checks import register_check

ADVANCES = """SELECT customer_id AS customer, currency, -sum(open) AS amount,
        -sum(base_amount - base_allocated - base_refunded) AS base_amount FROM collection_receipt
    WHERE tenant = %s AND entity_id = %s AND state IN ('confirmed', 'refunded') GROUP BY 1, 2"""

UNCLAIMED = """SELECT currency, -sum(amount) AS amount, -sum(base_amount) AS base_amount FROM collection_receipt
    WHERE tenant = %s AND entity_id = %s AND state IN ('recorded', 'claimed') GROUP BY 1"""

PAID = """WITH paid AS (SELECT invoice_id AS id, sum(amount) AS amount, sum(amount_base) AS base
        FROM collection_allocation WHERE tenant = %(tenant)s AND state = 'active' GROUP BY 1),
    given_up AS (SELECT invoice_id AS id, sum(amount) AS amount, sum(base_amount) AS base FROM collection_writeoff
        WHERE tenant = %(tenant)s AND state = 'posted' GROUP BY 1),
    spent AS (SELECT receipt_id AS id, sum(paid) AS amount, sum(paid_base) AS base FROM collection_allocation
        WHERE tenant = %(tenant)s AND state = 'active' GROUP BY 1)
    SELECT i.number FROM invoicing_invoice i LEFT JOIN paid p ON p.id = i.id LEFT JOIN given_up g ON g.id = i.id
        WHERE i.tenant = %(tenant)s AND i.entity_id = %(entity)s AND (i.settled, i.written_off, i.base_settled) <>
            (coalesce(p.amount, 0), coalesce(g.amount, 0), coalesce(p.base, 0) + coalesce(g.base, 0))
    UNION ALL SELECT r.number FROM collection_receipt r LEFT JOIN spent s ON s.id = r.id
        WHERE r.tenant = %(tenant)s AND r.entity_id = %(entity)s
        AND (r.allocated, r.base_allocated) <> (coalesce(s.amount, 0), coalesce(s.base, 0))"""


@register_check("advances equal confirmed receipts that are not spent, by customer and currency")
def _advance(entity: Any) -> Iterator[str]:
    books = open_amounts("advance", by=("customer",), entity=entity)
    yield from differences(books, read_rows(ADVANCES, [current_tenant(), entity.id]), "customer")


@register_check("unclaimed money equals recorded and claimed receipts, by currency")
def _unclaimed(entity: Any) -> Iterator[str]:
    books = open_amounts("unclaimed", by=(), entity=entity)
    yield from differences(books, read_rows(UNCLAIMED, [current_tenant(), entity.id]))


@register_check("invoices and receipts say what their allocations and write-offs say")
def _rows(entity: Any) -> Iterator[str]:
    for row in read_rows(PAID, {"tenant": current_tenant(), "entity": entity.id}):
        yield f"{row['number']} is not the sum of its rows"
