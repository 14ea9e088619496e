"""Invoice and credit note as postings under the policy `at_invoice` (business.md 1). Pure.

Dr receivable · Cr revenue net · Cr deferred VAT 待转销项税额: the fapiao moves the tax on. A credit note mirrors
the amounts that it copied; what exceeds the open amount of its invoice becomes an advance of the customer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from guantong.base.currencies import exponent
from guantong.base.rounding import EXACT, round_to
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.post import Posting

Groups = Mapping[UUID, str]


def invoice_postings(invoice: Any, groups: Groups) -> list[Posting]:
    """The entry of an issued invoice."""
    common = _common(invoice) | {"rate": invoice.rate}
    receivable = Posting(role=Role.RECEIVABLE, amount=invoice.gross, due_on=invoice.due_on, **common)
    return [receivable, *_revenue_and_tax(invoice, groups, common, sign=-1)]


def credit_postings(note: Any, invoice: Any, groups: Groups, *, tax_before: Decimal) -> list[Posting]:
    """The entry of an issued credit note; in a foreign currency every base amount is given, none is worked out anew.

    The receivable loses its own base amount, tax the share of all credits so far less that of the earlier ones
    (`tax_before`), revenue what is left: after the last credit no base amount of the invoice stays anywhere.
    """
    common = _common(note) | {"rate": invoice.rate, "rate_on": invoice.rate_on}
    taken = [
        Posting(
            role=Role.RECEIVABLE,
            amount=-note.applied,
            base=-note.base_applied,
            due_on=invoice.due_on,
            **common,
        ),
        Posting(role=Role.ADVANCE, amount=-note.excess, base=-note.base_excess, **common),
    ]
    *revenue, tax = _revenue_and_tax(note, groups, common, sign=1)
    if note.currency != invoice.base_currency:
        tax = replace(tax, base=in_base(tax_before + note.tax, invoice) - in_base(tax_before, invoice))
        left = note.base_applied + note.base_excess - tax.base
        for place, posting in enumerate(revenue):
            base = in_base(posting.amount, invoice) if place + 1 < len(revenue) else left
            revenue[place], left = replace(posting, base=base), left - base
    return [*revenue, tax, *taken]


def in_base(amount: Decimal, invoice: Any) -> Decimal:
    """An amount at the rate of the invoice, in base currency."""
    if invoice.currency == invoice.base_currency:
        return amount
    return round_to(EXACT.multiply(amount, invoice.rate), exponent(invoice.base_currency))


def base_part(
    whole: Decimal, base_whole: Decimal, base_open: Decimal, *, open_after: Decimal, places: int
) -> Decimal:
    """What leaves an open amount in base currency when `open_after` of `whole` stays; the last part takes all.

    What stays is the share of the whole, rounded once: the error never grows with the number of parts.
    """
    stays = round_to(EXACT.divide(EXACT.multiply(base_whole, open_after), whole), places)
    return max(base_open - stays, Decimal(0))


def _revenue_and_tax(document: Any, groups: Groups, common: dict[str, Any], *, sign: int) -> list[Posting]:
    nets: dict[str, Decimal] = defaultdict(Decimal)
    for line in document.lines:
        nets[groups.get(line.product_id, "") if line.product_id else ""] += line.net
    found = [
        Posting(
            role=Role.REVENUE,
            amount=sign * net,
            dimensions={"product_group": group} if group else {},
            **common,
        )
        for group, net in sorted(nets.items())
    ]
    return [*found, Posting(role=Role.DEFERRED_VAT, amount=sign * document.tax, **common)]


def _common(document: Any) -> dict[str, Any]:
    return {
        "currency": document.currency,
        "customer": document.customer_id,
        "order": document.order_id,
        "deal": document.deal,
        "owner": document.owner_id,
    }
