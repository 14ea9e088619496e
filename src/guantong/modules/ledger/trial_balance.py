"""The trial balance 试算平衡表: each account with what it began with, its debits and credits, and what it ends with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guantong.base.clock import now
from guantong.base.money import to_text
from guantong.base.rounding import exact_sum
from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.balances import entity_id, read_rows

SUMS = """SELECT a.code, a.name, a.name_en, a.kind, e.base_currency AS currency,
    coalesce(sum(l.base_amount) FILTER (WHERE l."on" < %(since)s), 0) AS opening,
    coalesce(sum(l.base_amount) FILTER (WHERE l."on" >= %(since)s AND l.base_amount > 0), 0) AS debit,
    coalesce(-sum(l.base_amount) FILTER (WHERE l."on" >= %(since)s AND l.base_amount < 0), 0) AS credit
    FROM ledger_journalline l
    JOIN ledger_journalentry h ON h.tenant = %(tenant)s AND h.id = l.header_id
    JOIN ledger_ledgeraccount a ON a.tenant = %(tenant)s AND a.id = l.account_id
    JOIN org_entity e ON e.tenant = %(tenant)s AND e.id = l.entity
    WHERE l.tenant = %(tenant)s AND l.entity = %(entity)s AND l."on" <= %(until)s AND h.created_at <= %(recorded)s
    GROUP BY a.code, a.name, a.name_en, a.kind, e.base_currency ORDER BY a.code"""
COLUMNS = ("opening", "debit", "credit", "closing")


def trial_balance(
    entity: Any, *, until: date, since: date | None = None, as_of_recorded: datetime | None = None
) -> dict[str, Any]:
    """Accounts of an entity in base currency up to a day, as the books were known at a moment; amounts as text."""
    values = {
        "tenant": current_tenant(),
        "entity": entity_id(entity),
        "since": since or date.min,
        "until": until,
        "recorded": as_of_recorded or now(),
    }
    rows = read_rows(SUMS, values)
    for row in rows:
        row["closing"] = exact_sum((row["opening"], row["debit"], -row["credit"]))
    currency = rows[0]["currency"] if rows else ""
    totals = {name: exact_sum(row[name] for row in rows) for name in COLUMNS}
    return {
        "entity": str(entity_id(entity)),
        "currency": currency,
        "since": since.isoformat() if since else None,
        "until": until.isoformat(),
        "rows": [_shown(row, currency) for row in rows],
        "totals": {name: to_text(total, currency) for name, total in totals.items()} if rows else {},
        "is_balanced": not totals["closing"],
    }


def _shown(row: dict[str, Any], currency: str) -> dict[str, Any]:
    amounts: dict[str, Decimal] = {name: row[name] for name in COLUMNS}
    facts = {name: row[name] for name in ("code", "name", "name_en", "kind")}
    return facts | {name: to_text(amount, currency) for name, amount in amounts.items()}
