"""Northwind: 830 orders with 2,155 lines, billed and paid to the last cent, in an entity that keeps its books in USD.

Which rounding: the old system has rounded each line's net already, halves to even. What was agreed is taken over, not
worked out anew (law 6): the discount comes in as an amount, list value − net, and sums equal `reference.json` to the
cent. By percent we would round the discount itself half up: 53 lines on exactly half a cent would differ by a cent.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.realdata.given import SHARED, every, made, needs
from tests.stories.road import wrong_in_books
from tests.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = SHARED / "northwind-orders"
CENT = Decimal("0.01")
EVERY = int(os.environ.get("GUANTONG_NORTHWIND_EVERY", "8"))
"""All orders are entered and compared; every eighth goes on to confirmed, billed and paid (1 = all of them)."""

pytestmark = needs("northwind-orders")


def read() -> tuple[list[Any], list[Any], list[Any], dict[int, list[Any]]]:
    """Customers, products, orders and the lines of each order."""
    base = sqlite3.connect(f"file:{FOLDER / 'northwind.sqlite'}?mode=ro&immutable=1", uri=True)
    lines = defaultdict(list)
    for row in base.execute('SELECT OrderID, ProductID, UnitPrice, Quantity, Discount FROM "Order Details"'):
        lines[row[0]].append((row[1], Decimal(str(row[2])), row[3], Decimal(str(row[4]))))
    customers = base.execute("SELECT CustomerID, CompanyName FROM Customers").fetchall()
    products = base.execute("SELECT ProductID, ProductName, UnitPrice FROM Products").fetchall()
    orders = base.execute(
        "SELECT OrderID, CustomerID, OrderDate FROM Orders ORDER BY OrderDate, OrderID"
    ).fetchall()
    return customers, products, orders, lines


def cents(amount: Decimal, mode: str = ROUND_HALF_UP) -> Decimal:
    return amount.quantize(CENT, mode)


def net_of(price: Decimal, quantity: int, share: Decimal) -> Decimal:
    """A line's net as the old system has it."""
    return cents(price * quantity * (1 - share), ROUND_HALF_EVEN)


@pytest.fixture
def usd() -> Iterator[World]:
    """A company that keeps its books in USD, after the last of the orders."""
    world = World("Northwind Traders", at=datetime(2018, 6, 1, 9, tzinfo=UTC))
    entity = world.as_("赵敏").get(f"entities/{world.entity.id}")
    change = {"base_currency": "USD", "price_basis": "exclusive", "version": entity["version"]}
    world.as_("赵敏").patch(f"entities/{entity['id']}", change)
    yield world
    world.close()


def test_the_reference_is_understood() -> None:
    rows = [row for lines in read()[3].values() for row in lines]
    reference = json.loads((FOLDER / "reference.json").read_text("utf-8"), parse_float=Decimal)
    exact = [price * quantity * (1 - share) for _, price, quantity, share in rows]
    halves = sum(amount * 1000 % 10 == 5 for amount in exact)
    ours = sum(net_of(*row[1:]) for row in rows)
    assert sum(price * quantity for _, price, quantity, _ in rows) == reference["gross"]
    assert cents(sum(exact, Decimal(0))) == reference["net_after_line_discount"]
    assert sum(cents(one, ROUND_HALF_EVEN) for one in exact) == reference["net_sum_of_lines_rounded_to_cent"]
    assert ours == reference["net_sum_of_lines_rounded_to_cent"] == Decimal("1265793.02")
    by_percent = sum(price * quantity - cents(price * quantity * share) for _, price, quantity, share in rows)
    assert sum(cents(one) for one in exact) - by_percent == halves * CENT == Decimal("0.53")


def test_orders_are_billed_and_paid(usd: World) -> None:
    customers, products, orders, lines = read()
    ids = enter(usd, customers, products, orders, lines)
    found = {record["customer_ref"]: record for record in every(usd, "张伟", "orders")}
    assert len(found) == len(orders) == 830
    for number, *_ in orders:
        expected = sum(net_of(*row[1:]) for row in lines[number])
        assert Decimal(found[str(number)]["net"]) == Decimal(found[str(number)]["gross"]) == expected, number
    totals = usd.as_("陈静").get("/aggregate/orders", measure="sum(net),sum(tax),count")
    assert sum(Decimal(record["net"]) for record in found.values()) == Decimal("1265793.02"), totals
    assert sum(Decimal(record["tax"]) for record in found.values()) == 0

    carried_on = orders[::EVERY]
    owed = carry_on(usd, [(ids[number], on) for number, _, on in carried_on])
    expected = sum(net_of(*row[1:]) for number, *_ in carried_on for row in lines[number])
    assert sum(owed.values()) == expected
    pay(usd, owed)
    invoices = every(usd, "陈静", "invoices")
    assert len(invoices) == len(carried_on)
    assert {(invoice["state"], invoice["open"]) for invoice in invoices} == {("settled", "0.00")}
    assert sum(Decimal(invoice["gross"]) for invoice in invoices) == expected
    assert wrong_in_books(usd) == []


def enter(world: World, customers: Any, products: Any, orders: Any, lines: Any) -> dict[int, str]:
    """Everything into the system; the ids of the orders by their numbers."""
    unit = world.as_("张伟").post("units", {"name": "each", "code": "ea"})["id"]
    rate = {"valid_from": "2016-01-01", "percent": "0", "method": "zero"}
    zero = world.as_("陈静").post("tax_classes", {"code": "ZERO", "name": "zero", "rates": [rate]})["id"]
    rows = [{"name": name, "external_ref": code, "currency": "USD"} for code, name in customers]
    buyers = dict(zip((code for code, _ in customers), made(world, "王磊", "customers", rows), strict=True))
    rows = [
        {"code": str(code), "name": name, "unit": unit, "tax_class": zero, "currency": "USD",
         "list_price": str(price), "price_basis": "exclusive"}
        for code, name, price in products
    ]  # fmt: skip
    goods = dict(zip((code for code, *_ in products), made(world, "张伟", "products", rows), strict=True))
    rows = [
        {
            "customer": buyers[customer], "currency": "USD", "customer_ref": str(number), "requested_on": on,
            "lines": [
                {"product": goods[product], "price": str(price), "quantity": str(quantity),
                 "discount_amount": str(price * quantity - net_of(price, quantity, share))}
                for product, price, quantity, share in lines[number]
            ],
        }
        for number, customer, on in orders
    ]  # fmt: skip
    return dict(zip((number for number, *_ in orders), made(world, "王磊", "orders", rows), strict=True))


def carry_on(world: World, orders: list[tuple[str, str]]) -> dict[str, Decimal]:
    """Confirm and bill each order on its own day; what each customer owes then."""
    owed: dict[str, Decimal] = defaultdict(Decimal)
    for id, on in orders:
        world.as_("王磊").post(f"orders/{id}/confirm", {"on": on})
    drafts = {invoice["order"]["id"]: invoice["id"] for invoice in every(world, "陈静", "invoices")}
    assert drafts.keys() == {id for id, _ in orders}, "an invoice is drafted for each order"
    for id, on in orders:
        invoice = world.as_("陈静").post(f"invoices/{drafts[id]}/issue", {"on": on})
        owed[invoice["customer"]["id"]] += Decimal(invoice["gross"])
    return owed


def pay(world: World, owed: dict[str, Decimal]) -> None:
    """Each customer pays everything in one transfer, which settles the oldest first."""
    chen = world.as_("陈静")
    body = {
        "entity": str(world.entity.id),
        "holder": "Northwind",
        "account_number": "400011112222",
        "bank": "First",
    }
    account = chen.post("bank_accounts", {**body, "currency": "USD"})["id"]
    facts = {"currency": "USD", "bank_account": account, "received_on": "2018-05-31"}
    rows = [{**facts, "customer": customer, "amount": str(amount)} for customer, amount in owed.items()]
    for id in made(world, "陈静", "receipts", rows):
        for verb in ("record", "confirm", "allocate_oldest"):
            receipt = chen.post(f"receipts/{id}/{verb}")
        assert receipt["open"] == "0.00"
