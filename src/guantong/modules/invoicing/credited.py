"""What credit notes have taken of an invoice's lines, read with the lines in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from guantong.base.rounding import exact_sum
from guantong.engine.states import rows
from guantong.engine.states.unit import current_unit
from guantong.modules.invoicing.invoice import InvoiceLine
from guantong.modules.invoicing.share import NAMES, Figures

SUMS = ", ".join(f"coalesce(sum(c.{name}), 0) AS {name}" for name in NAMES)


@dataclass(frozen=True, kw_only=True)
class Credited:
    """The lines of an invoice, what was credited of each, the group of each product, and what left the receivable."""

    lines: list[InvoiceLine]
    taken: dict[UUID, Figures]
    groups: dict[UUID, str]
    applied: Decimal
    base_applied: Decimal

    @property
    def tax(self) -> Decimal:
        """The tax that was credited before."""
        return exact_sum(part.tax for part in self.taken.values())


def credited_of(invoice: UUID) -> Credited:
    """Read it; it holds until commit only under the lock of the invoice. One statement."""
    unit = current_unit()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT (SELECT coalesce(sum(n.applied), 0) FROM invoicing_creditnote n WHERE n.tenant = %(tenant)s
                    AND n.invoice_id = %(invoice)s AND n.state = 'issued'),
                (SELECT coalesce(sum(n.base_applied), 0) FROM invoicing_creditnote n WHERE n.tenant = %(tenant)s
                    AND n.invoice_id = %(invoice)s AND n.state = 'issued'),
                (SELECT p."group" FROM catalog_product p WHERE p.tenant = %(tenant)s AND p.id = l.product_id),
                s.{", s.".join(NAMES)}, {rows.column_list(InvoiceLine, "l")}
            FROM invoicing_invoiceline l CROSS JOIN LATERAL (
                SELECT {SUMS} FROM invoicing_creditnoteline c JOIN invoicing_creditnote n
                    ON n.tenant = %(tenant)s AND n.id = c.header_id AND n.state = 'issued'
                WHERE c.tenant = %(tenant)s AND c.invoice_line = l.id) s
            WHERE l.tenant = %(tenant)s AND l.header_id = %(invoice)s ORDER BY l.position""",
            {"tenant": unit.tenant, "invoice": invoice},
        )
        found = cursor.fetchall()
    width = 3 + len(NAMES)
    lines = [rows.from_row(InvoiceLine, row[width:]) for row in found]
    return Credited(
        lines=lines,
        taken={
            line.id: Figures(**dict(zip(NAMES, row[3:width], strict=True)))
            for line, row in zip(lines, found, strict=True)
        },
        groups={line.product_id: row[2] for line, row in zip(lines, found, strict=True) if line.product_id},
        applied=found[0][0] if found else Decimal(0),
        base_applied=found[0][1] if found else Decimal(0),
    )
