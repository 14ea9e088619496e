"""Revenue and VAT by month, from the entries alone. Amounts are as the trade says them: revenue and tax above zero."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from guantong.base.money import to_text
from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balances import entity_id, read_rows

REVENUE = (Role.REVENUE, Role.OTHER_REVENUE, Role.SALES_DISCOUNT)
VAT = (Role.OUTPUT_VAT, Role.SIMPLE_VAT, Role.DEFERRED_VAT)
BY_MONTH = """SELECT to_char(l."on", 'YYYY-MM') AS month, l.role, e.base_currency AS currency,
    -sum(l.base_amount) AS amount
    FROM ledger_journalline l JOIN org_entity e ON e.tenant = %(tenant)s AND e.id = l.entity
    WHERE l.tenant = %(tenant)s AND l.entity = %(entity)s AND l.role = ANY(%(roles)s) AND l."on" <= %(until)s
    GROUP BY 1, 2, 3 ORDER BY 1, 2"""


def revenue(entity: Any, *, until: date, since: date | None = None) -> dict[str, Any]:
    """Recognised revenue by month, net of tax, in base currency."""
    months, currency = _months(entity, REVENUE, until)
    rows = []
    for month, sums in months.items():
        if since is None or month >= since.isoformat()[:7]:
            parts = {role.value: to_text(sums[role], currency) for role in REVENUE}
            rows.append({"month": month, **parts, "total": to_text(sum(sums.values(), Decimal(0)), currency)})
    return {"entity": str(entity_id(entity)), "currency": currency, "rows": rows}


def vat(entity: Any, *, until: date, since: date | None = None) -> dict[str, Any]:
    """Output VAT and tax to be transferred by month: what moved, and what stood at the month's end."""
    months, currency = _months(entity, VAT, until)
    standing: dict[str, Decimal] = defaultdict(Decimal)
    rows = []
    for month, sums in months.items():
        row: dict[str, Any] = {"month": month}
        for role in VAT:
            standing[role] += sums[role]
            row[role.value] = to_text(sums[role], currency)
            row[f"{role.value}_balance"] = to_text(standing[role], currency)
        if since is None or month >= since.isoformat()[:7]:
            rows.append(row)
    return {"entity": str(entity_id(entity)), "currency": currency, "rows": rows}


def _months(entity: Any, roles: tuple[Role, ...], until: date) -> tuple[dict[str, dict[str, Decimal]], str]:
    values = {
        "tenant": current_tenant(),
        "entity": entity_id(entity),
        "roles": [role.value for role in roles],
        "until": until,
    }
    found: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows = read_rows(BY_MONTH, values)
    for row in rows:
        found[row["month"]][row["role"]] += row["amount"]
    return found, rows[0]["currency"] if rows else ""
