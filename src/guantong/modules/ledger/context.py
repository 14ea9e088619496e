"""What a posting must know about the books, read in one statement that also holds the period open.

`FOR SHARE` on the period's row: postings do not wait for each other, closing waits for them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import Refused
from guantong.engine.objects.built_in import built_in
from guantong.engine.objects.registry import spec_of
from guantong.engine.states import rows
from guantong.engine.states.closing import recordset
from guantong.engine.states.unit import current_unit
from guantong.modules.ledger.period import Period, month_of
from guantong.modules.ledger.rate import no_rate

READ = """WITH period AS (SELECT state FROM ledger_period
        WHERE tenant = %(tenant)s AND entity_id = %(entity)s AND month = %(month)s FOR SHARE),
    entity AS (SELECT base_currency FROM org_entity WHERE tenant = %(tenant)s AND id = %(entity)s)
SELECT (SELECT base_currency FROM entity), (SELECT state FROM period),
    EXISTS (SELECT FROM ledger_period WHERE tenant = %(tenant)s AND entity_id = %(entity)s
        AND month > %(month)s AND state = 'closed'),
    (SELECT row_to_json(p)::text FROM (SELECT name, edition, rounding, balancing FROM ledger_postingpolicy
        WHERE tenant = %(tenant)s AND entity_id = %(entity)s AND valid_from <= %(on)s
        ORDER BY valid_from DESC LIMIT 1) p),
    (SELECT json_agg(x)::text FROM (SELECT DISTINCT ON (r.role) r.role, a.id, a.code, a.state, a.is_monetary
        FROM ledger_accountrole r JOIN ledger_ledgeraccount a ON a.tenant = %(tenant)s AND a.id = r.account_id
        WHERE r.tenant = %(tenant)s AND r.role = ANY(%(roles)s)
            AND (r.only_for_id = %(entity)s OR r.only_for_id IS NULL)
        ORDER BY r.role, r.only_for_id NULLS LAST) x),
    (SELECT json_agg(x)::text FROM (SELECT w.currency, w.day, k.rate::text AS rate, k."on"
        FROM unnest(%(currencies)s::text[], %(days)s::date[]) w(currency, day) JOIN LATERAL (
            SELECT rate, "on" FROM ledger_exchangerate WHERE tenant = %(tenant)s AND currency = w.currency
                AND base_currency = (SELECT base_currency FROM entity) AND "on" <= w.day
            ORDER BY "on" DESC, created_at DESC, id DESC LIMIT 1) k ON TRUE) x)"""


@dataclass(frozen=True)
class Books:
    """The books of one entity as a posting of one day finds them."""

    base_currency: str
    policy: str
    edition: int
    rounding: str
    balancing: str
    accounts: dict[str, dict[str, Any]]
    rates: dict[tuple[str, date], tuple[Decimal, date]]

    def account(self, role: str) -> UUID:
        """The account of a role. Raises Refused: role_unmapped, account_closed."""
        found = self.accounts.get(role)
        if found is None:
            raise Refused("role_unmapped", role=role)
        if found["state"] != "open":
            raise Refused("account_closed", account=found["code"], role=role)
        return UUID(found["id"])

    def rate(self, currency: str, day: date) -> tuple[Decimal, date]:
        """The latest rate on or before a day, and its own day. Raises Invalid: no_exchange_rate."""
        found = self.rates.get((currency, day))
        if found is None:
            raise no_rate(currency, self.base_currency, day)
        return found

    @property
    def monetary(self) -> set[UUID]:
        return {UUID(found["id"]) for found in self.accounts.values() if found["is_monetary"]}


def open_books(entity: UUID, on: date, roles: Iterable[str], wanted: Iterable[tuple[str, date]]) -> Books:
    """Read what is needed and keep the month open until commit. One statement, two more in a month's first entry.

    Raises Refused: no_such_entity, period_closed, no_posting_policy.
    """
    pairs = sorted(set(wanted))
    values = {
        "tenant": current_unit().tenant,
        "entity": entity,
        "month": month_of(on),
        "on": on,
        "roles": sorted(set(roles)),
        "currencies": [currency for currency, _ in pairs],
        "days": [day for _, day in pairs],
    }
    base_currency, state, closed_later, policy, accounts, rates = _read(values)
    if base_currency is None:
        raise Refused("no_such_entity", entity=str(entity))
    if state is None and not closed_later:
        state = "open" if _begin(entity, month_of(on)) else _read(values)[1]
    if state != "open":
        raise Refused("period_closed", month=month_of(on))
    if policy is None:
        raise Refused("no_posting_policy", on=on.isoformat())
    chosen = json.loads(policy)
    return Books(
        base_currency,
        chosen["name"],
        chosen["edition"],
        chosen["rounding"],
        chosen["balancing"],
        {row["role"]: row for row in json.loads(accounts or "[]")},
        {
            (row["currency"], date.fromisoformat(row["day"])): (
                Decimal(row["rate"]),
                date.fromisoformat(row["on"]),
            )
            for row in json.loads(rates or "[]")
        },
    )


def _read(values: dict[str, Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(READ, values)
        return cursor.fetchone()


def _begin(entity: UUID, month: str) -> bool:
    """Insert the month's row at once, not with the closing statement: whoever comes second uses the first one's."""
    unit = current_unit()
    period = Period(tenant=unit.tenant, entity_id=entity, month=month, created_by=unit.call.actor.id)
    period.derive()
    columns = ", ".join(f'"{column}"' for column in rows.columns(Period))
    row = json.dumps([rows.values(period)], default=str)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ledger_period ({columns}) SELECT {columns} "
            f"FROM jsonb_to_recordset(%s::jsonb) AS x({recordset(Period, rows.columns(Period))}) "
            "ON CONFLICT (tenant, entity_id, month) DO NOTHING RETURNING id",
            [row],
        )
        if cursor.fetchone() is None:
            return False
    spec = spec_of(Period)
    unit.watch(period)
    unit.record_event(spec, period, built_in(Period, "created"), "", rows.changes(spec, {}, period), {})
    return True
