"""Receivable ageing 账龄: what customers owe by how long it has been due, from the entries alone.

The oldest debt is paid first (先进先出), per customer and currency. A line's age counts from its due date, else
from its entry's day; a reversal takes back the age of what it reverses. By instalment: `collection`, not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guantong.base.clock import now
from guantong.base.money import allocate, exponent, to_text
from guantong.base.rounding import exact_sum
from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balances import entity_id, read_rows

BUCKETS = (30, 60, 90, 180, 365)
NOT_DUE, CREDIT = "not_due", "credit"
OPEN = """SELECT l.customer, l.currency, coalesce(l.due_on, r."on", l."on") AS due, e.base_currency,
    sum(l.amount) AS amount, sum(l.base_amount) AS base_amount
    FROM ledger_journalline l
    JOIN ledger_journalentry h ON h.tenant = %(tenant)s AND h.id = l.header_id
    LEFT JOIN ledger_journalentry r ON r.tenant = %(tenant)s AND r.id = h.reverses_id
    JOIN org_entity e ON e.tenant = %(tenant)s AND e.id = l.entity
    WHERE l.tenant = %(tenant)s AND l.entity = %(entity)s AND l.role = %(role)s AND l."on" <= %(until)s
        AND h.created_at <= %(recorded)s
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3"""


def ageing(
    entity: Any,
    *,
    until: date,
    role: str = Role.RECEIVABLE,
    buckets: Sequence[int] = BUCKETS,
    as_of_recorded: datetime | None = None,
) -> dict[str, Any]:
    """Each customer's debt by age; every row sums to the balance of the role, in its currency and in base currency."""
    values = {
        "tenant": current_tenant(),
        "entity": entity_id(entity),
        "role": role,
        "until": until,
        "recorded": as_of_recorded or now(),
    }
    groups: dict[tuple[Any, str], list[dict[str, Any]]] = defaultdict(list)
    for row in read_rows(OPEN, values):
        groups[row["customer"], row["currency"]].append(row)
    rows = [_row(key, found, until, buckets) for key, found in groups.items()]
    names = bucket_names(buckets)
    return {
        "entity": str(entity_id(entity)),
        "until": until.isoformat(),
        "buckets": names,
        "rows": [row for row in rows if row is not None],
    }


def bucket_names(buckets: Sequence[int]) -> list[str]:
    """The columns in order: what is not due, 0-30 … days, older, and what we owe."""
    starts = [0, *(days + 1 for days in buckets)]
    spans = [f"{start}-{end}" for start, end in zip(starts, buckets, strict=False)]
    return [NOT_DUE, *spans, f"over_{buckets[-1]}", CREDIT]


def _row(
    key: tuple[Any, str], found: list[dict[str, Any]], until: date, buckets: Sequence[int]
) -> dict[str, Any] | None:
    customer, currency = key
    base_currency = found[0]["base_currency"]
    total, base = exact_sum(row["amount"] for row in found), exact_sum(row["base_amount"] for row in found)
    if not total and not base:
        return None
    open_items = first_in_first_out([(row["due"], row["amount"]) for row in found])
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    for due, amount in open_items:
        amounts[_bucket((until - due).days, buckets) if amount > 0 else CREDIT] += amount
    names = list(amounts) or [CREDIT]
    weights = [abs(amounts[name]) for name in names]
    shares = allocate(base, weights if any(weights) else [1], exponent(base_currency))
    return {
        "customer": str(customer) if customer else None,
        "currency": currency,
        "amounts": {name: to_text(amounts[name], currency) for name in names},
        "total": to_text(total, currency),
        "base_currency": base_currency,
        "base_amounts": {
            name: to_text(share, base_currency) for name, share in zip(names, shares, strict=True)
        },
        "base_total": to_text(base, base_currency),
    }


def first_in_first_out(items: list[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
    """What is left when credits pay the oldest debits; a credit that is left stands alone, with the last day."""
    debits: list[list[Any]] = [[due, amount] for due, amount in sorted(items) if amount > 0]
    left = -exact_sum(amount for _, amount in items if amount < 0)
    for debit in debits:
        paid = min(debit[1], left)
        debit[1] -= paid
        left -= paid
    rest = [(due, amount) for due, amount in debits if amount]
    return [*rest, (max(due for due, _ in items), -left)] if left else rest


def _bucket(days: int, buckets: Sequence[int]) -> str:
    names = bucket_names(buckets)
    if days < 0:
        return names[0]
    place = sum(days > limit for limit in buckets)
    return names[1 + place]
