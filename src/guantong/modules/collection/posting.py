"""Receipts, allocations, write-offs and refunds as postings (business.md 1). Pure.

record   Dr bank (notes receivable, cash) · Cr unclaimed      confirm  Dr unclaimed · Cr advance
allocate Dr advance · Cr receivable, difference of base amounts to exchange gain or loss; in two currencies both
         sides stand open against clearing (entry kind `settlement`, the ledger adds the pair)
write off Dr small difference or write-off · Cr receivable    refund   Dr advance · Cr bank
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.post import Posting

MONEY = {"bill": Role.NOTES_RECEIVABLE, "cash": Role.CASH}


def record_postings(receipt: Any) -> list[Posting]:
    """Money has come in, from somebody."""
    rate = {"rate": receipt.rate, "currency": receipt.currency, "rate_on": receipt.received_on}
    return [
        Posting(role=_money(receipt), amount=receipt.amount, dimensions=_account(receipt), **rate),
        Posting(role=Role.UNCLAIMED, amount=-receipt.amount, **rate),
    ]


def cancel_postings(receipt: Any) -> list[Posting]:
    """The mirror of `record`, with its base amounts."""
    side = _side(receipt)
    return [
        Posting(role=Role.UNCLAIMED, amount=receipt.amount, base=receipt.base_amount, **side),
        Posting(
            role=_money(receipt), amount=-receipt.amount, base=-receipt.base_amount,
            dimensions=_account(receipt), **side,
        ),
    ]  # fmt: skip


def confirm_postings(receipt: Any, *, back: bool = False) -> list[Posting]:
    """The money is the customer's: an advance until it is allocated. `back` takes it back."""
    amount, base = (-receipt.amount, -receipt.base_amount) if back else (receipt.amount, receipt.base_amount)
    side = _side(receipt)
    return [
        Posting(role=Role.UNCLAIMED, amount=amount, base=base, **side),
        Posting(role=Role.ADVANCE, amount=-amount, base=-base, **_whose(receipt), **side),
    ]


def refund_postings(receipt: Any, amount: Decimal, base: Decimal, account: Any) -> list[Posting]:
    """Money goes back to the customer, at the rate that it came in with."""
    side = _side(receipt)
    return [
        Posting(role=Role.ADVANCE, amount=amount, base=base, **_whose(receipt), **side),
        Posting(
            role=_money(receipt), amount=-amount, base=-base,
            dimensions={"bank_account": str(account)} if account else {}, **side,
        ),
    ]  # fmt: skip


def allocation_postings(made: Iterable[Any], *, sign: int = 1) -> list[Posting]:
    """Allocations, or with sign -1 the mirror of them: each side takes the base amount that it loses."""
    found = []
    for allocation in made:
        receipt, invoice = allocation.receipt, allocation.invoice
        common = {"source_line": allocation.id, "order": invoice.order_id, "deal": invoice.deal}
        paid_side = {**_side(receipt), **_whose(receipt), **common}
        owed_side = {**_side(invoice), **_whose(invoice), **common, "due_on": invoice.due_on}
        found += [
            Posting(
                role=Role.ADVANCE,
                amount=sign * allocation.paid,
                base=sign * allocation.paid_base,
                **paid_side,
            ),
            Posting(
                role=Role.RECEIVABLE,
                amount=-sign * allocation.amount,
                base=-sign * allocation.amount_base,
                **owed_side,
            ),
            Posting(
                role=Role.EXCHANGE_GAIN_LOSS,
                amount=sign * (allocation.amount_base - allocation.paid_base),
                currency=allocation.base_currency,
                **_whose(invoice),
                **common,
            ),
        ]
    return found


def write_off_postings(write_off: Any, invoice: Any, *, sign: int = 1) -> list[Posting]:
    """What is not paid any more leaves the receivable, in full base amount."""
    role = Role.SMALL_DIFFERENCE if write_off.reason == "small_difference" else Role.WRITE_OFF
    side = {**_side(invoice), **_whose(invoice), "order": invoice.order_id, "deal": invoice.deal}
    amount, base = sign * write_off.amount, sign * write_off.base_amount
    return [
        Posting(role=role, amount=amount, base=base, **side),
        Posting(role=Role.RECEIVABLE, amount=-amount, base=-base, due_on=invoice.due_on, **side),
    ]


def _money(receipt: Any) -> str:
    return MONEY.get(receipt.instrument, Role.BANK)


def _account(receipt: Any) -> dict[str, str]:
    return {"bank_account": str(receipt.bank_account_id)} if receipt.bank_account_id else {}


def _side(document: Any) -> dict[str, Any]:
    return {"currency": document.currency, "rate": document.rate, "rate_on": document.rate_on}


def _whose(document: Any) -> dict[str, Any]:
    return {"customer": document.customer_id, "owner": document.owner_id}
