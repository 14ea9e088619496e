"""What must hold between the books and the invoices of an entity (`guantong books check`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.balances import open_amounts, read_rows
from guantong.modules.ledger.checks import register_check

OPEN = """SELECT customer_id AS customer, currency, sum(open) AS amount,
        sum(base_gross - base_credited - base_settled) AS base_amount FROM invoicing_invoice
    WHERE tenant = %s AND entity_id = %s AND state IN ('issued', 'settled', 'credited') GROUP BY 1, 2"""

CREDITED = """SELECT i.number, i.credited, i.base_credited, coalesce(n.amount, 0) AS amount,
        coalesce(n.base_amount, 0) AS base_amount
    FROM invoicing_invoice i LEFT JOIN (SELECT invoice_id, sum(applied) AS amount, sum(base_applied) AS base_amount
        FROM invoicing_creditnote WHERE tenant = %s AND state = 'issued' GROUP BY 1) n ON n.invoice_id = i.id
    WHERE i.tenant = %s AND i.entity_id = %s
        AND (i.credited, i.base_credited) <> (coalesce(n.amount, 0), coalesce(n.base_amount, 0))"""


def differences(books: Iterable[dict[str, Any]], rows: Iterable[dict[str, Any]], *keys: str) -> Iterator[str]:
    """Say where the books and a sub-ledger differ, in amount or in base amount, by `keys` and currency."""
    sides = [
        {tuple(row[key] for key in (*keys, "currency")): (row["amount"], row["base_amount"]) for row in side}
        for side in (books, rows)
    ]
    for group in sorted({*sides[0], *sides[1]}, key=str):
        found, expected = (side.get(group, (0, 0)) for side in sides)
        if found != expected:
            yield f"{'/'.join(map(str, group))}: the books say {_text(found)}, the documents {_text(expected)}"


@register_check("receivables equal open invoices, by customer and currency")
def _receivable(entity: Any) -> Iterator[str]:
    books = open_amounts("receivable", by=("customer",), entity=entity)
    yield from differences(books, read_rows(OPEN, [current_tenant(), entity.id]), "customer")


@register_check("invoices are credited by what their credit notes took off")
def _credited(entity: Any) -> Iterator[str]:
    tenant = current_tenant()
    for row in read_rows(CREDITED, [tenant, tenant, entity.id]):
        yield f"{row['number']} says {row['credited']}, its credit notes {row['amount']}"


def _text(pair: tuple[Any, Any]) -> str:
    return f"{pair[0]:f} ({pair[1]:f} in base currency)"
