"""What stands on the books: balances by role and by what they concern. Reports lie beside: `trial_balance`, `ageing`,
`turnover`, `statement`.

All read inside a tenant's scope. Inside a unit of work the entries that it has not written yet are counted too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from guantong.base.errors import Refused
from guantong.base.rounding import exact_sum
from guantong.engine.states.unit import current_unit
from guantong.engine.tenancy.scope import current_tenant
from guantong.modules.ledger.journal import JournalEntry

CONCERNS = ("entity", "customer", "deal", "order", "product_group", "team", "owner", "project", "currency")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Balance:
    """A balance in base currency and in each currency that is not zero; debits above zero."""

    base: Decimal = NOTHING
    amounts: Mapping[str, Decimal] = field(default_factory=dict)

    def amount(self, currency: str) -> Decimal:
        """The balance in one currency."""
        return self.amounts.get(currency, NOTHING)


def balances(roles: Iterable[str], *, until: date | None = None, **concerns: Any) -> dict[str, Balance]:
    """The balance of each role, of the given customer, order, entity, currency …; one statement.

    Raises Refused `several_base_currencies` unless the entities concerned keep their books in one.
    """
    wanted = tuple(dict.fromkeys(roles))
    rows = _read(wanted, ("role", "currency"), until, concerns)
    if len({row["base_currency"] for row in rows}) > 1:
        raise Refused("several_base_currencies")
    found = {}
    for role in wanted:
        own = [row for row in rows if row["role"] == role]
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for row in own:
            amounts[row["currency"]] += row["amount"]
        base = exact_sum(row["base_amount"] for row in own)
        found[role] = Balance(base, {currency: amount for currency, amount in amounts.items() if amount})
    return found


def balance_of(role: str, *, until: date | None = None, **concerns: Any) -> Balance:
    """The balance of one role: `balance_of(Role.RECEIVABLE, customer=customer)`. Raises as `balances`."""
    return balances([role], until=until, **concerns)[role]


def open_amounts(
    role: str, *, by: tuple[str, ...] = ("customer",), until: date | None = None, **concerns: Any
) -> list[dict[str, Any]]:
    """What is not zero on a role, grouped by some of what lines concern and by currency: amount and base amount."""
    if unknown := set(by) - set(CONCERNS):
        raise TypeError(f"lines have no {unknown}")
    sums: dict[tuple[Any, ...], list[Decimal]] = defaultdict(lambda: [NOTHING, NOTHING])
    keys = tuple(dict.fromkeys((*by, "currency")))
    for row in _read((role,), keys, until, concerns):
        sums[tuple(row[key] for key in keys)][0] += row["amount"]
        sums[tuple(row[key] for key in keys)][1] += row["base_amount"]
    return [
        {**dict(zip(keys, group, strict=True)), "amount": amount, "base_amount": base}
        for group, (amount, base) in sums.items()
        if amount or base
    ]


def conditions(concerns: Mapping[str, Any], alias: str = "l") -> tuple[str, list[Any]]:
    """SQL for what lines must concern; a record stands for its id, None for no condition."""
    if unknown := set(concerns) - set(CONCERNS):
        raise TypeError(f"lines have no {unknown}")
    given = {name: ids_of(value) for name, value in concerns.items() if value is not None}
    return "".join(f' AND {alias}."{name}" = ANY(%s)' for name in given), list(given.values())


def ids_of(value: Any) -> list[Any]:
    """What a condition allows: a record or value, or several of them."""
    several = value if isinstance(value, list | tuple | set | frozenset) else [value]
    return [getattr(one, "id", one) for one in several]


def read_rows(sql: str, values: Any) -> list[dict[str, Any]]:
    """The rows of one statement, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _read(
    roles: tuple[str, ...], keys: tuple[str, ...], until: date | None, concerns: Mapping[str, Any]
) -> list[dict[str, Any]]:
    tenant = current_tenant()
    more, values = conditions(concerns)
    columns = ", ".join(f'l."{key}"' for key in keys)
    sql = (
        f"SELECT {columns}, e.base_currency, sum(l.amount) AS amount, sum(l.base_amount) AS base_amount "
        "FROM ledger_journalline l JOIN org_entity e ON e.tenant = %s AND e.id = l.entity "
        f'WHERE l.tenant = %s AND l.role = ANY(%s) AND l."on" <= %s{more} GROUP BY {columns}, e.base_currency '
        f"ORDER BY {columns}"
    )
    stored = read_rows(sql, [tenant, tenant, list(roles), until or date.max, *values])
    return stored + [
        row for row in _pending(keys) if row["role"] in roles and _concerns(row, until, concerns)
    ]


def _pending(keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Lines of entries that the unit of work at hand has not written yet."""
    try:
        unit = current_unit()
    except RuntimeError:
        return []
    made = [record for (model, _), record in unit.records.items() if model is JournalEntry]
    entries = [entry for entry in made if unit.before[JournalEntry, entry.id] is None]
    shown = {*keys, *CONCERNS, "role", "on", "amount", "base_amount"}
    return [
        {**{name: getattr(line, name) for name in shown}, "base_currency": entry.base_currency}
        for entry in entries
        for line in entry.lines
    ]


def _concerns(row: Mapping[str, Any], until: date | None, concerns: Mapping[str, Any]) -> bool:
    wanted = {name: ids_of(value) for name, value in concerns.items() if value is not None}
    return all(row[name] in ids for name, ids in wanted.items()) and (until is None or row["on"] <= until)


def entity_id(entity: Any) -> UUID:
    """The id of an entity, or of the id itself."""
    return getattr(entity, "id", entity)
