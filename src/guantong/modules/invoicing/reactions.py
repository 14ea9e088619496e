"""What billing does when something upstream or of its own has happened."""

from __future__ import annotations

from guantong.engine.states import on
from guantong.engine.states.unit import create, lock
from guantong.modules.invoicing.credit_note import CreditNote
from guantong.modules.invoicing.drawing import progress_of
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.known import billed_of
from guantong.modules.ordering.order import Order


@on(Order.confirm)
def draft_invoice(order: Order) -> None:
    """Draft an invoice for the whole order; finance cuts it down, issues or drops it."""
    if order.gross > 0:
        create(Invoice, source=order, purpose="invoice", order=order, owner_id=order.owner_id)


@on(CreditNote.issue)
def free_order(note: CreditNote) -> None:
    """Where the order may be billed again, tell it what it is billed now."""
    if note.rebill and note.order_id:
        order = lock(Order, note.order_id)
        order.set_invoiced(progress_of(order.lines, billed_of(note.order_id)))
