"""Draw up the lines of a credit note: the part of each invoice line by copied amounts, the last takes the rest."""

from __future__ import annotations

from typing import Any

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid, Refused
from guantong.engine.objects.registry import spec_of
from guantong.modules.customers.parties import PARTIES
from guantong.modules.invoicing.credited import Credited, credited_of
from guantong.modules.invoicing.drawing import add_up, copy_line
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.share import figures_of, part_of


def take_parties(note: Any, invoice: Invoice) -> None:
    """Parties, entity, currency, order and owner are the invoice's."""
    for name in (*PARTIES, "entity", "order", "owner"):
        setattr(note, f"{name}_id", getattr(invoice, f"{name}_id"))
    note.deal = invoice.deal
    note.currency, note.rounding = invoice.currency, invoice.rounding
    note.customer_ref = note.customer_ref or invoice.customer_ref


def draw(note: Any, invoice: Invoice) -> Credited:
    """Lines and totals; without lines, all that is left of the invoice.

    Raises Refused: invoice_not_issued, nothing_to_credit, more_than_left; Invalid: unknown_line.
    """
    if invoice.state in ("draft", "cancelled"):
        raise Refused("invoice_not_issued", field="invoice", state=invoice.state)
    known = credited_of(invoice.id)
    by_id, taken = {line.id: line for line in known.lines}, dict(known.taken)
    if not note.lines:
        left = [line for line in known.lines if not (figures_of(line) - taken[line.id]).is_empty]
        if not left:
            raise Refused("nothing_to_credit")
        note.lines = [spec_of(note).line_model(invoice_line=line.id) for line in left]
    for index, line in enumerate(note.lines):
        source = by_id.get(line.invoice_line)
        if source is None:
            raise Invalid("unknown_line", field=f"lines.{index}.invoice_line")
        before = taken[source.id]
        try:
            part = part_of(
                figures_of(source),
                before,
                quantity=line.quantity,
                gross=line.amount,
                places=exponent(note.currency),
            )
        except Refused as problem:
            problem.field = f"lines.{index}.{'quantity' if line.amount is None else 'amount'}"
            raise
        taken[source.id] = before + part
        copy_line(line, source, part)
        line.order_line, line.source_object, line.source_id = source.order_line, "invoice", invoice.id
    add_up(note)
    return known
