"""Credit: the parts of the exposure, limits of customers and groups, and two orders that race for the rest."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from guantong.modules.customers.customer import Customer
from guantong.modules.ledger.post import Posting, post
from guantong.modules.ledger.rate import ExchangeRate
from guantong.modules.ordering.exposure import customers_in_credit
from guantong.modules.ordering.order import Order, Progress
from tests.modules.selling import Market, at_once


def book(market: Market, customer: Any, debit: str, credit: str, amount: str) -> None:
    """An entry about the customer, as an invoice or a receipt makes it."""
    who, figure = UUID(customer["id"]), Decimal(amount)
    with market.world.house():
        lines = [
            Posting(role=debit, currency="CNY", amount=figure, customer=who),
            Posting(role=credit, currency="CNY", amount=-figure, customer=who),
        ]
        post(market.world.entity, on=date(2026, 3, 2), entity=market.world.entity, lines=lines)


def confirm(market: Market, order: Any, status: int = 200) -> Any:
    return market.operations.post(f"orders/{order['id']}/confirm", status=status)


def test_the_parts_add_up_and_are_shown(market: Market) -> None:
    customer = market.customer()
    market.confirmed(customer)
    book(market, customer, "receivable", "revenue", "100000.00")
    book(market, customer, "bank", "advance", "30000.00")
    market.limit(customer, "1000000.00")
    order = market.order(customer)
    assert market.sales.post(f"orders/{order['id']}/check_credit")["exposure"] == {
        "currency": "CNY", "receivable": "100000.00", "advances": "-30000.00", "ordered": "339000.00",
        "this_order": "339000.00", "total": "748000.00", "limit": "1000000.00",
    }  # fmt: skip
    event = confirm(market, order) and market.world.events_of(order)[-1]
    assert event.verb == "confirm" and order["state"] == "draft"


@pytest.mark.parametrize(("limit", "status"), [("678000.00", 200), ("677999.99", 409)])
def test_the_limit_is_a_limit(market: Market, limit: str, status: int) -> None:
    customer = market.customer()
    market.confirmed(customer)
    market.limit(customer, limit)
    order = market.order(customer)
    found = confirm(market, order, status)
    if status == 409:
        assert (found["code"], found["field"]) == ("credit_exceeded", "customer")
        assert all(part in found["title"] for part in ("677999.99", "339000.00", "678000.00"))
        assert market.sales.get(f"orders/{order['id']}")["state"] == "draft"
    else:
        assert found["exposure"]["total"] == "678000.00"


def test_what_is_billed_counts_once(market: Market) -> None:
    customer = market.customer()
    order = market.confirmed(customer)
    with market.world.house() as unit:
        (locked,) = unit.lock(Order, [UUID(order["id"])])
        (line,) = locked.lines
        locked.set_invoiced([Progress(line=line.id, quantity=line.quantity, gross=line.gross)])
    book(market, customer, "receivable", "revenue", "339000.00")
    next_one = market.order(customer)
    parts = market.sales.post(f"orders/{next_one['id']}/check_credit")["exposure"]
    assert (parts["receivable"], parts["ordered"], parts["total"]) == ("339000.00", "0.00", "678000.00")


def test_a_group_shares_its_limit(market: Market) -> None:
    mother, daughter, stranger = (market.customer(name) for name in ("母", "女", "客"))
    market.limit(mother, "600000.00", group="华东")
    market.finance.post(f"customers/{daughter['id']}/set_credit", {"group": "华东"})
    market.limit(stranger, "339000.00")
    confirm(market, market.order(mother))
    confirm(market, market.order(stranger))
    assert confirm(market, market.order(daughter), 409)["code"] == "credit_exceeded"


def test_release_asks_again(market: Market) -> None:
    customer = market.customer()
    order = market.confirmed(customer)
    market.finance.post(f"orders/{order['id']}/hold", {"why": "复核"})
    market.limit(customer, "1.00")
    assert market.operations.post(f"orders/{order['id']}/release", status=409)["code"] == "credit_exceeded"


def test_foreign_orders_count_at_the_rate_of_the_day(market: Market) -> None:
    customer = market.customer()
    line = [{"description": "备件", "price": "1000.00", "tax_percent": "0"}]
    market.limit(customer, "7099.99")
    order = market.order(customer, line, currency="USD")
    assert confirm(market, order, 422)["code"] == "no_exchange_rate"
    with market.world.house() as unit:
        unit.create(
            ExchangeRate, currency="USD", base_currency="CNY", rate=Decimal("7.1"), on=date(2026, 3, 1)
        )
    assert confirm(market, order, 409)["code"] == "credit_exceeded"
    market.limit(customer, "7100.00")
    assert confirm(market, order)["exposure"]["this_order"] == "7100.00"


def test_no_limit_asks_nothing(market: Market) -> None:
    assert market.confirmed(market.customer())["exposure"] == {}


@pytest.mark.parametrize("grouped", [False, True])
def test_two_orders_race_for_the_last_of_the_limit(market: Market, grouped: bool) -> None:
    customers = [market.customer(name) for name in ("甲", "乙")] if grouped else [market.customer()]
    for customer in customers:
        market.limit(customer, "500000.00", group="集团" if grouped else "")
    orders = [market.order(customers[place % len(customers)]) for place in range(16)]

    def work(order: Any) -> Any:
        path = f"orders/{order['id']}/confirm"
        return lambda: market.world.as_("张伟").call("POST", path, {}).status_code

    assert Counter(at_once(market.world, *map(work, orders))) == {200: 1, 409: 15}
    confirmed = market.sales.list("orders", filter={"field": "state", "op": "eq", "value": "confirmed"})
    assert len(confirmed) == 1


def test_the_lock_is_on_the_whole_group_in_one_order(market: Market) -> None:
    names = ("甲", "乙", "丙")
    for customer in map(market.customer, names):
        market.limit(customer, "1.00", group="集团")
    with market.world.house() as unit:
        ids = [customer.id for customer in Customer.objects.order_by("id")]
        locked = customers_in_credit(ids[1])
        assert [customer.id for customer in locked] == ids == sorted(ids) and unit.records
