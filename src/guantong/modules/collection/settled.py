"""What allocations and write-offs make of a receipt and of invoices, summed from the rows in one statement (law 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from guantong.engine.states.unit import current_unit

STATEMENT = """SELECT 'receipt', receipt_id, sum(paid), sum(paid_base) FROM collection_allocation
    WHERE tenant = %(tenant)s AND receipt_id = %(receipt)s AND state = 'active' GROUP BY receipt_id
UNION ALL SELECT 'paid', invoice_id, sum(amount), sum(amount_base) FROM collection_allocation
    WHERE tenant = %(tenant)s AND invoice_id = ANY(%(invoices)s::uuid[]) AND state = 'active' GROUP BY invoice_id
UNION ALL SELECT 'written_off', invoice_id, sum(amount), sum(base_amount) FROM collection_writeoff
    WHERE tenant = %(tenant)s AND invoice_id = ANY(%(invoices)s::uuid[]) AND state = 'posted' GROUP BY invoice_id"""

Pair = tuple[Decimal, Decimal]
NOTHING: Pair = (Decimal(0), Decimal(0))


@dataclass
class Sums:
    """(amount, base amount) per kind and record; `add` counts what the verb at work makes or takes back."""

    found: dict[tuple[str, UUID], Pair]

    def of(self, kind: str, id: UUID) -> Pair:
        return self.found.get((kind, id), NOTHING)

    def add(self, kind: str, id: UUID, amount: Decimal, base: Decimal) -> None:
        before = self.of(kind, id)
        self.found[kind, id] = (before[0] + amount, before[1] + base)

    def tell(self, invoice: object, on: object) -> None:
        """Give a locked invoice its absolute figures."""
        paid, paid_base = self.of("paid", invoice.id)  # type: ignore[attr-defined]
        written_off, written_base = self.of("written_off", invoice.id)  # type: ignore[attr-defined]
        invoice.set_settled(paid, written_off, base=paid_base + written_base, on=on)  # type: ignore[attr-defined]


def sums_of(receipt: UUID | None, invoices: Iterable[UUID]) -> Sums:
    """Read them; they hold until commit only under the locks of receipt and invoices. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT, {"tenant": current_unit().tenant, "receipt": receipt, "invoices": list(invoices)}
        )
        return Sums({(kind, id): (amount, base) for kind, id, amount, base in cursor.fetchall()})
