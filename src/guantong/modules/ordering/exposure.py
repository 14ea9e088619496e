"""Exposure 信用敞口: what a customer, or its credit group, owes us and has ordered; asked under lock before we commit.

The parts are disjoint and gross of VAT, in the base currency of the order's entity. Receivable and advances
stand in the books; ordered is what our own order lines have left to bill. Never a downstream object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from guantong.base.currencies import exponent
from guantong.base.errors import Refused
from guantong.base.rounding import exact_sum, round_to
from guantong.engine.states import rows
from guantong.engine.states.unit import current_unit
from guantong.modules.customers.customer import Customer
from guantong.modules.ledger.account_role import Role
from guantong.modules.ledger.balances import balances
from guantong.modules.ledger.rate import no_rate

if TYPE_CHECKING:
    from guantong.modules.ordering.order import Order

OWED = (Role.RECEIVABLE, Role.CONTRACT_ASSET)
PAID_AHEAD = (Role.ADVANCE, Role.CONTRACT_LIABILITY)

LOCK = """SELECT {columns} FROM customers_customer r WHERE r.tenant = %(tenant)s AND r.id = ANY(ARRAY(
    SELECT %(customer)s::uuid UNION SELECT m.id FROM customers_customer c JOIN customers_customer m
    ON m.tenant = %(tenant)s AND m.credit_group = c.credit_group
    WHERE c.tenant = %(tenant)s AND c.id = %(customer)s AND c.credit_group <> ''))
    ORDER BY r.id FOR NO KEY UPDATE OF r"""

ORDERED = """WITH ordered AS (SELECT o.currency, sum(o.gross - o.invoiced_gross) AS amount FROM ordering_order o
    WHERE o.tenant = %(tenant)s AND o.customer_id = ANY(%(customers)s) AND o.state IN ('confirmed', 'held')
    AND o.id <> %(order)s GROUP BY o.currency),
    wanted AS (SELECT currency FROM ordered UNION SELECT unnest(%(currencies)s::text[]))
    SELECT w.currency, coalesce((SELECT amount FROM ordered o WHERE o.currency = w.currency), 0), (SELECT x.rate
        FROM ledger_exchangerate x WHERE x.tenant = %(tenant)s AND x.currency = w.currency
        AND x.base_currency = %(base)s AND x."on" <= %(on)s ORDER BY x."on" DESC, x.created_at DESC, x.id DESC LIMIT 1)
    FROM wanted w"""


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """The parts, which add up to `total`; no limit when `limit` is None."""

    currency: str
    receivable: Decimal
    advances: Decimal
    ordered: Decimal
    this_order: Decimal
    limit: Decimal | None

    @property
    def total(self) -> Decimal:
        """What we risk in all."""
        return exact_sum((self.receivable, self.advances, self.ordered, self.this_order))

    def shown(self) -> dict[str, str]:
        """The parts as text, to be kept and shown."""
        names = ("receivable", "advances", "ordered", "this_order", "total", "limit")
        figures = {name: getattr(self, name) for name in names}
        return {"currency": self.currency} | {
            name: str(round_to(figure, exponent(self.currency)))
            for name, figure in figures.items()
            if figure is not None
        }


def customers_in_credit(customer: UUID) -> list[Customer]:
    """Lock the customer and all of its credit group, in the order of their ids. One statement."""
    unit = current_unit()
    with connection.cursor() as cursor:
        cursor.execute(
            LOCK.format(columns=rows.column_list(Customer, "r")),
            {"tenant": unit.tenant, "customer": customer},
        )
        found = [rows.from_row(Customer, row) for row in cursor.fetchall()]
    customers = [unit.records.get((Customer, record.id)) or unit.watch(record) for record in found]
    for record in customers:
        if record.id == customer and record.state != "active":
            raise Refused("customer_closed", field="customer", customer=record.name, state=record.state)
    return customers


def limit_of(customers: Sequence[Customer]) -> tuple[Decimal, str] | None:
    """The limit of a credit group is the largest of its members' limits, with its currency; None for no limit."""
    limits = [(c.credit_limit, c.currency) for c in customers if c.credit_limit is not None]
    if len({currency for _, currency in limits}) > 1:
        raise Refused("limits_in_several_currencies", group=customers[0].credit_group)
    return max(limits) if limits else None


def exposure_of(customers: Sequence[Customer], order: Order) -> Exposure:
    """What these customers owe and have ordered, and what `order` adds. Two statements.

    Orders are read before the books: what is billed in between counts twice, never not at all.
    Raises Invalid: no_exchange_rate.
    """
    unit, ids = current_unit(), [customer.id for customer in customers]
    entity = unit.call.actor.entity(order.entity_id)
    base, limit = entity["base_currency"] if entity else order.currency, limit_of(customers)
    currencies = {order.currency, *([limit[1]] if limit else [])}
    values = {
        "tenant": unit.tenant, "customers": ids, "order": order.id, "currencies": sorted(currencies),
        "base": base, "on": unit.happened_on,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ORDERED, values)
        ordered = {currency: (amount, rate) for currency, amount, rate in cursor.fetchall()}

    def in_base(amount: Decimal, currency: str) -> Decimal:
        rate = Decimal(1) if currency == base else ordered[currency][1]
        if rate is None:
            raise no_rate(currency, base, unit.happened_on)
        return round_to(amount * rate, exponent(base))

    books = balances((*OWED, *PAID_AHEAD), customer=ids)
    return Exposure(
        currency=base,
        receivable=exact_sum(books[role].base for role in OWED),
        advances=exact_sum(books[role].base for role in PAID_AHEAD),
        ordered=exact_sum(in_base(amount, currency) for currency, (amount, _) in ordered.items()),
        this_order=in_base(order.gross - order.invoiced_gross, order.currency),
        limit=in_base(*limit) if limit else None,
    )


def must_be_within(found: Exposure) -> None:
    """Raise Refused `credit_exceeded`, with every part, when the total is above the limit."""
    if found.limit is not None and found.total > found.limit:
        params: dict[str, Any] = found.shown()
        raise Refused("credit_exceeded", **{"field": "customer", **params})
