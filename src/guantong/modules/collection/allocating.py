"""Allocate a receipt to invoices, under the locks of all of them: never over what is open on either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guantong.base.currencies import exponent
from guantong.base.errors import Invalid, Refused
from guantong.base.money import Money
from guantong.base.open_items import OpenItem, allocate_oldest
from guantong.engine.states.unit import create, current_unit
from guantong.modules.collection.allocation import Allocation
from guantong.modules.collection.posting import allocation_postings
from guantong.modules.collection.settled import sums_of
from guantong.modules.invoicing.invoice import Invoice
from guantong.modules.invoicing.posting import base_part
from guantong.modules.ledger.post import post

MOST_OPEN = 500


@dataclass
class Split:
    """So much of an invoice, in its currency; `paid` is what it takes of the receipt, needed when they differ."""

    invoice: Invoice
    amount: Decimal
    paid: Decimal | None = None


def allocate(receipt: Any, splits: Sequence[Split], *, on: date) -> list[Allocation]:
    """Make the allocations and one entry for all. Raises Refused and Invalid with the split named."""
    if not splits:
        raise Invalid("required", field="splits")
    ids = {split.invoice.id for split in splits}
    invoices = {invoice.id: invoice for invoice in current_unit().lock(Invoice, ids)}
    sums = sums_of(receipt.id, ids)
    made = []
    for index, split in enumerate(splits):
        invoice, at = invoices[split.invoice.id], f"splits.{index}"
        allocation = _one(receipt, invoice, split, on=on, at=at)
        sums.add("receipt", receipt.id, allocation.paid, allocation.paid_base)
        sums.add("paid", invoice.id, allocation.amount, allocation.amount_base)
        receipt.set_allocated(*sums.of("receipt", receipt.id))
        sums.tell(invoice, on)
        made.append(allocation)
    crosses = any(allocation.kind == "settlement" for allocation in made)
    post(
        receipt,
        on=on,
        entity=receipt.entity_id,
        lines=allocation_postings(made),
        kind="settlement" if crosses else "normal",
    )
    return made


def oldest(receipt: Any) -> list[Split]:
    """What the open money pays, the oldest due first (先进先出). One statement, and one for the locks."""
    owed = Invoice.objects.filter(
        customer=receipt.customer_id, entity=receipt.entity_id, currency=receipt.currency, state="issued"
    )
    ids = list(owed.order_by("due_on", "issued_on", "id").values_list("id", flat=True)[:MOST_OPEN])
    locked = {invoice.id: invoice for invoice in current_unit().lock(Invoice, ids)} if ids else {}
    items = [
        OpenItem(id, Money(locked[id].open, receipt.currency), locked[id].due_on)
        for id in ids
        if locked[id].state == "issued"
    ]
    parts = allocate_oldest(Money(receipt.open, receipt.currency), items).parts
    if not parts:
        raise Refused("nothing_open")
    return [Split(locked[id], part.amount) for id, part in parts]


def _one(receipt: Any, invoice: Invoice, split: Split, *, on: date, at: str) -> Allocation:
    paid = _paid(receipt, invoice, split, at)
    if invoice.state != "issued":
        raise Refused("invoice_not_open", field=f"{at}.invoice", state=invoice.state)
    if on < max(receipt.received_on, invoice.issued_on):
        raise Invalid("too_early", field="on")
    if invoice.entity_id != receipt.entity_id:
        raise Refused("invoice_of_other_entity", field=f"{at}.invoice")
    if receipt.customer_id not in (invoice.customer_id, invoice.payer_id):
        raise Refused("invoice_of_other_customer", field=f"{at}.invoice")
    if split.amount > invoice.open:
        raise Refused("more_than_open", field=f"{at}.amount", open=str(invoice.open))
    if paid > receipt.open:
        raise Refused("more_than_received", field=f"{at}.amount", left=str(receipt.open))
    return create(
        Allocation,
        receipt=receipt,
        invoice=invoice,
        customer_id=receipt.customer_id,
        owner_id=receipt.owner_id,
        entity_id=receipt.entity_id,
        on=on,
        kind="settlement" if receipt.currency != invoice.currency else "payment",
        currency=invoice.currency,
        amount=split.amount,
        paid_currency=receipt.currency,
        paid=paid,
        base_currency=invoice.base_currency,
        amount_base=base_part(
            invoice.gross, invoice.base_gross, invoice.base_open,
            open_after=invoice.open - split.amount, places=exponent(invoice.base_currency),
        ),
        paid_base=receipt.base_of(paid),
    )  # fmt: skip


def _paid(receipt: Any, invoice: Invoice, split: Split, at: str) -> Decimal:
    if split.amount <= 0:
        raise Invalid("amount_not_positive", field=f"{at}.amount")
    if receipt.currency == invoice.currency:
        if split.paid not in (None, split.amount):
            raise Invalid("paid_differs", field=f"{at}.paid")
        return split.amount
    if split.paid is None:
        raise Invalid("required", field=f"{at}.paid")
    if split.paid <= 0:
        raise Invalid("amount_not_positive", field=f"{at}.paid")
    return split.paid
