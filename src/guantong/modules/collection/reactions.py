"""What collection does at once when money or a credit note comes in: books and claims are right without it or never."""

from __future__ import annotations

from guantong.engine.states import on
from guantong.engine.states.unit import create
from guantong.modules.collection.receipt import Receipt
from guantong.modules.invoicing.credit_note import CreditNote


@on(Receipt.record, within=True)
def claim_at_once(receipt: Receipt) -> None:
    """Money whose customer was named is claimed with the recording."""
    if receipt.customer_id:
        receipt.claim(receipt.customer)


@on(CreditNote.issue, within=True)
def keep_excess(note: CreditNote) -> None:
    """What a credit note takes back of money already paid is an advance, to allocate or to refund like any other."""
    if note.excess:
        create(
            Receipt,
            source=note,
            purpose="excess",
            instrument="credit",
            state="confirmed",
            entity_id=note.entity_id,
            customer_id=note.customer_id,
            owner_id=note.owner_id,
            received_on=note.issued_on,
            currency=note.currency,
            amount=note.excess,
            rate=note.invoice.rate,
            rate_on=note.invoice.rate_on,
            base_currency=note.base_currency,
            base_amount=note.base_excess,
        )
