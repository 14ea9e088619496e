"""Month-end revaluation 期末调汇: monetary items in foreign currency, at the rate of the last day, base amounts only.

Contract liabilities and advances are not monetary: they keep the rate of each receipt (business.md section 1).
A second run finds the first one's lines in the balances and posts the rest only.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import connection

from guantong.base.rounding import exact_sum
from guantong.engine.states.unit import create, current_unit
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balancing import base_of
from guantong.modules.ledger.context import Books, open_books
from guantong.modules.ledger.journal import EntryKind, JournalEntry, JournalLine
from guantong.modules.ledger.period import Period

KEPT = ("account_id", "role", "currency", "customer", "deal", "order", "project")
POSITIONS = """SELECT {keys}, sum(l.amount), sum(l.base_amount)
    FROM ledger_journalline l JOIN ledger_ledgeraccount a ON a.tenant = %(tenant)s AND a.id = l.account_id
    WHERE l.tenant = %(tenant)s AND l.entity = %(entity)s AND l."on" <= %(until)s AND a.is_revalued
        AND l.currency <> (SELECT base_currency FROM org_entity WHERE tenant = %(tenant)s AND id = %(entity)s)
    GROUP BY {keys} HAVING sum(l.amount) <> 0 OR sum(l.base_amount) <> 0 ORDER BY {keys}"""


def revalue_period(period: Period) -> JournalEntry | None:
    """Post what the period's foreign positions differ from their worth at its end; None when nothing does.

    Needs the period's lock (no entry can come between). Raises Invalid: no_exchange_rate.
    """
    positions = _positions(period)
    days = {(row["currency"], period.ends_on) for row, amount, _ in positions if amount}
    books = open_books(period.entity_id, period.ends_on, [Role.EXCHANGE_GAIN_LOSS], days)
    lines = [line for found in positions if (line := _difference(books, period, *found))]
    if not lines:
        return None
    if total := exact_sum(line.base_amount for line in lines):
        gain = {"role": Role.EXCHANGE_GAIN_LOSS, "account_id": books.account(Role.EXCHANGE_GAIN_LOSS)}
        lines.append(JournalLine(**gain, currency=books.base_currency, amount=-total, base_amount=-total))
    return create(
        JournalEntry,
        source=period,
        entity_id=period.entity_id,
        on=period.ends_on,
        kind=EntryKind.REVALUATION,
        memo=period.month,
        base_currency=books.base_currency,
        policy=books.policy,
        policy_edition=books.edition,
        lines=lines,
    )


def _positions(period: Period) -> list[tuple[dict[str, Any], Decimal, Decimal]]:
    keys = ", ".join(f'l."{name}"' for name in KEPT)
    values = {"tenant": current_unit().tenant, "entity": period.entity_id, "until": period.ends_on}
    with connection.cursor() as cursor:
        cursor.execute(POSITIONS.format(keys=keys), values)
        found = cursor.fetchall()
    return [(dict(zip(KEPT, row[:-2], strict=True)), row[-2], row[-1]) for row in found]


def _difference(
    books: Books, period: Period, kept: dict[str, Any], amount: Decimal, base: Decimal
) -> JournalLine | None:
    if amount:
        rate, day = books.rate(kept["currency"], period.ends_on)
        worth = base_of(amount, rate, books.base_currency, books.rounding)
    else:
        rate, day, worth = None, None, Decimal(0)
    if worth == base:
        return None
    return JournalLine(**kept, amount=Decimal(0), base_amount=worth - base, rate=rate, rate_on=day)
