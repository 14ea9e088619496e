"""The statement of an account 明细账: the entries behind a figure, with a running balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from guantong.base.errors import Invalid
from guantong.base.money import EXACT, to_text
from guantong.base.rounding import exact_sum
from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.balances import conditions, entity_id, read_rows

MOST_LINES = 1000
FROM = """FROM ledger_journalline l JOIN ledger_journalentry h ON h.tenant = %s AND h.id = l.header_id
    JOIN ledger_ledgeraccount a ON a.tenant = %s AND a.id = l.account_id WHERE l.tenant = %s AND l.entity = %s"""


def account_statement(
    entity: Any,
    *,
    until: date,
    since: date | None = None,
    account: str | None = None,
    role: str | None = None,
    **concerns: Any,
) -> dict[str, Any]:
    """Lines of an account (by code) or of a role, of the given customer, order …; amounts as text, at most 1000 lines.

    Raises Invalid `required` when neither account nor role is named.
    """
    if account is None and role is None:
        raise Invalid("required", field="account")
    tenant, more, values = current_tenant(), *conditions(concerns)
    for column, wanted in (("a.code", account), ("l.role", role)):
        if wanted is not None:
            more, values = f"{more} AND {column} = %s", [*values, wanted]
    scope = [tenant, tenant, tenant, entity_id(entity), *values]
    first = since or date.min
    before = read_rows(f'SELECT sum(l.base_amount) AS base {FROM}{more} AND l."on" < %s', [*scope, first])
    lines = read_rows(
        "SELECT h.id, h.number, h.kind, h.memo, h.source_object, h.source_id, h.base_currency, l.on, l.role, "
        f"l.customer, l.currency, l.amount, l.base_amount, a.code {FROM}{more} AND l.on BETWEEN %s AND %s "
        f"ORDER BY l.on, h.number, l.position LIMIT {MOST_LINES + 1}".replace("l.on", 'l."on"'),
        [*scope, first, until],
    )
    return _shown(before[0]["base"] or Decimal(0), lines[:MOST_LINES], len(lines) > MOST_LINES)


def _shown(opening: Decimal, lines: list[dict[str, Any]], is_cut: bool) -> dict[str, Any]:
    currency = lines[0]["base_currency"] if lines else ""
    shown, balance = [], opening
    for line in lines:
        balance = EXACT.add(balance, line["base_amount"])
        shown.append(
            {
                "entry": str(line["id"]),
                "number": line["number"],
                "on": line["on"].isoformat(),
                "kind": line["kind"],
                "memo": line["memo"],
                "source": _source(line),
                "account": line["code"],
                "role": line["role"],
                "customer": str(line["customer"]) if line["customer"] else None,
                "currency": line["currency"],
                "amount": to_text(line["amount"], line["currency"]),
                "debit": to_text(max(line["base_amount"], Decimal(0)), currency),
                "credit": to_text(max(-line["base_amount"], Decimal(0)), currency),
                "balance": to_text(balance, currency),
            }
        )
    closing = exact_sum([opening, *(line["base_amount"] for line in lines)])
    ends = {"opening": opening, "closing": closing}
    texts = {name: to_text(end, currency) if currency else str(end) for name, end in ends.items()}
    return {"currency": currency, **texts, "lines": shown, "is_cut": is_cut}


def _source(line: dict[str, Any]) -> dict[str, str] | None:
    if line["source_id"] is None:
        return None
    return {"object": line["source_object"], "id": str(line["source_id"])}
